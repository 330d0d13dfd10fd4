//! The test bed: a tmpfs of the bench's own, an image in it, a loop device over the image. Undone on drop, whatever fails.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::run::run;

const MIB: u64 = 1 << 20;

/// Everything that a run makes.
pub struct Bed {
    // Dropped in this order.
    pub device: Loop,
    _memory: Mount,
    directory: TempDir,
}

impl Bed {
    /// A loop device of `bytes` bytes, a multiple of 1 MiB. Every page of the image is there before the first measurement.
    pub fn make(bytes: u64) -> Result<Self, String> {
        let directory = tempfile::Builder::new()
            .prefix("radera-bench-")
            .tempdir()
            .map_err(|e| format!("no temporary directory: {e}"))?;
        let memory = Mount::tmpfs(directory.path().join("memory"), bytes + 16 * MIB)?;
        let image = memory.at.join("image");
        fill(&image, bytes).map_err(|e| format!("{}: {e}", image.display()))?;
        Ok(Bed { device: Loop::attach(&image, bytes)?, _memory: memory, directory })
    }

    /// A directory on the disk that temporary files are on, not in the tmpfs: what must be synced costs what it costs.
    pub fn directory(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.directory.path().join(name);
        std::fs::create_dir_all(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(path)
    }
}

fn fill(image: &Path, bytes: u64) -> std::io::Result<()> {
    let mut file = File::create_new(image)?;
    let block = vec![0x5a; 1 << 20];
    for _ in 0..bytes / MIB {
        file.write_all(&block)?;
    }
    Ok(())
}

struct Mount {
    at: PathBuf,
}

impl Mount {
    fn tmpfs(at: PathBuf, bytes: u64) -> Result<Self, String> {
        std::fs::create_dir(&at).map_err(|e| format!("{}: {e}", at.display()))?;
        let options = format!("size={bytes},mode=0700");
        run("mount", &["-t", "tmpfs", "-o", &options, "radera-bench", text(&at)?])?;
        Ok(Mount { at })
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let Ok(at) = text(&self.at) else { return };
        if run("umount", &[at]).is_err()
            && let Err(what) = run("umount", &["--lazy", at])
        {
            eprintln!("left behind: {what}");
        }
    }
}

/// A loop device that this bench attached.
pub struct Loop {
    node: String,
    image: PathBuf,
    bytes: u64,
    sequence: String,
}

impl Loop {
    fn attach(image: &Path, bytes: u64) -> Result<Self, String> {
        let image = image.canonicalize().map_err(|e| format!("{}: {e}", image.display()))?;
        let node = run("losetup", &["-f", "--show", text(&image)?])?.stdout.trim().to_string();
        let mut device = Loop { node, image, bytes, sequence: String::new() };
        device.sequence = device.attribute("diskseq")?;
        device.node()?;
        Ok(device)
    }

    /// Its node, once the kernel has said that it is still the one over our image: what follows destroys its content.
    pub fn node(&self) -> Result<&str, String> {
        let backing = self.attribute("loop/backing_file")?;
        if Path::new(&backing) != self.image || self.attribute("diskseq")? != self.sequence {
            return Err(format!("{} is not our loop device any more: it stands over {backing}", self.node));
        }
        Ok(&self.node)
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn attribute(&self, name: &str) -> Result<String, String> {
        let device = self.node.strip_prefix("/dev/").filter(|n| n.starts_with("loop")).unwrap_or("?");
        let path = format!("/sys/block/{device}/{name}");
        std::fs::read_to_string(&path).map(|text| text.trim().to_string()).map_err(|e| format!("{path}: {e}"))
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        // Before `attach` knows the sequence number the image alone tells.
        let ours = self.attribute("loop/backing_file").is_ok_and(|backing| Path::new(&backing) == self.image);
        if !ours {
            return;
        }
        if let Err(what) = run("losetup", &["-d", &self.node]) {
            eprintln!("left behind: {what}");
        }
        // A ring of a program that has just ended is closed in the background; the kernel detaches when that is done, and only
        // then can the tmpfs be unmounted.
        let end = Instant::now() + Duration::from_secs(5);
        while self.attribute("diskseq").is_ok_and(|now| now == self.sequence)
            && self.attribute("loop/backing_file").is_ok()
            && Instant::now() < end
        {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// A path as text, as it goes into command lines.
pub fn text(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("{} is not UTF-8: set TMPDIR", path.display()))
}
