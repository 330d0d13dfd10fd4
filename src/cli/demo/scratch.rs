//! The scratch disk: its directory, image, loop device and mount. Each is undone when dropped, whatever failed.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::planted::Planted;
use crate::problem::Problem;

/// Size of the scratch disk in bytes.
pub const SIZE: u64 = 64 << 20;

/// The directory that everything is made in.
pub struct Workshop {
    path: PathBuf,
    keep: bool,
}

impl Workshop {
    /// `keep`: this one, which must be new or empty; else a new one that is removed in the end.
    pub fn make(keep: Option<&Path>, run: &str) -> Result<Self, Problem> {
        let path = match keep {
            Some(path) => path.to_path_buf(),
            None => std::env::var_os("TMPDIR")
                .map_or_else(|| "/var/tmp".into(), PathBuf::from)
                .join(format!("radera-demo-{run}")),
        };
        let failed = |error: &dyn std::fmt::Display| {
            Problem::error(
                format!("the demo's directory {} can't be made: {error}", path.display()),
                "Name a new or empty directory with --keep DIR, or set TMPDIR.",
            )
        };
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists && keep.is_some() => {
                let mut entries = fs::read_dir(&path).map_err(|e| failed(&e))?;
                if entries.next().is_some() {
                    return Err(failed(&"it is not empty"));
                }
            }
            Err(error) => return Err(failed(&error)),
        }
        // The kernel shows backing files by their full path.
        let path = fs::canonicalize(&path).map_err(|e| failed(&e))?;
        Ok(Workshop { path, keep: keep.is_some() })
    }

    /// A path within.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it, unless it is to be kept.
    pub fn remove(self) -> Result<(), Problem> {
        if self.keep {
            return Ok(());
        }
        fs::remove_dir_all(&self.path).map_err(|error| {
            Problem::error(format!("{} can't be removed: {error}", self.path.display()), "Remove it by hand.")
        })
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        if !self.keep {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// What the image holds before it is wiped.
pub enum Content {
    /// An ext4 filesystem with the planted files.
    Ext4,
    /// The planted text alone, without a filesystem, and why.
    Bare(String),
}

/// Makes the image: ext4 with the planted files, or the planted text alone where mke2fs is missing or fails.
pub fn make_image(image: &Path, tree: &Path, planted: &Planted) -> Result<Content, Problem> {
    let failed = |error: std::io::Error| {
        Problem::error(
            format!("the scratch image {} can't be made: {error}", image.display()),
            "Make room for 200 MiB, or name another place with --keep DIR.",
        )
    };
    let mut file = File::create_new(image).map_err(failed)?;
    file.set_len(SIZE).map_err(failed)?;
    planted.write_files(tree).map_err(failed)?;
    let made = tool(
        "mke2fs",
        [
            "-q".as_ref(),
            "-F".as_ref(),
            "-t".as_ref(),
            "ext4".as_ref(),
            "-d".as_ref(),
            tree.as_os_str(),
            image.as_os_str(),
        ],
    );
    let content = match made {
        Ok(_) => Content::Ext4,
        Err(why) => {
            file.set_len(0).and_then(|()| file.set_len(SIZE)).map_err(failed)?;
            planted.write_table(&mut file).map_err(failed)?;
            Content::Bare(why)
        }
    };
    // All of it is to lie on the disk: what is wiped is real, and no hole in a file.
    file.sync_all().map_err(failed)?;
    fs::remove_dir_all(tree).map_err(failed)?;
    Ok(content)
}

/// A file of the image's filesystem, read through the filesystem without mounting it.
pub fn read_unmounted(image: &Path, name: &str) -> Result<Vec<u8>, String> {
    tool("debugfs", ["-R".as_ref(), OsStr::new(&format!("cat /{name}")), image.as_os_str()])
}

/// A loop device over the image.
pub struct Loop {
    path: PathBuf,
    attached: bool,
}

impl Loop {
    /// Attaches `image` to a free loop device.
    pub fn attach(image: &Path) -> Result<Self, String> {
        let out = tool("losetup", ["-f".as_ref(), "--show".as_ref(), image.as_os_str()])?;
        let path = PathBuf::from(String::from_utf8_lossy(&out).trim());
        if path.starts_with("/dev") { Ok(Loop { path, attached: true }) } else { Err("losetup names no device".into()) }
    }

    /// Its node.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file of its filesystem, read through a mount at `at` that is gone afterwards.
    pub fn read_mounted(&self, at: &Path, name: &str) -> Result<Vec<u8>, String> {
        fs::create_dir_all(at).map_err(|e| e.to_string())?;
        tool(
            "mount",
            ["-t".as_ref(), "ext4".as_ref(), "-o".as_ref(), "ro".as_ref(), self.path.as_os_str(), at.as_os_str()],
        )?;
        let read = fs::read(at.join(name)).map_err(|e| e.to_string());
        unmount(at)?;
        let _ = fs::remove_dir(at);
        read
    }

    /// Detaches it.
    pub fn detach(mut self) -> Result<(), Problem> {
        let result = self.release();
        result.map_err(|why| {
            let path = self.path.display();
            Problem::error(format!("{path} can't be detached: {why}"), format!("Detach it by hand: losetup -d {path}."))
        })
    }

    fn release(&mut self) -> Result<(), String> {
        if !self.attached {
            return Ok(());
        }
        let result = tool("losetup", ["-d".as_ref(), self.path.as_os_str()]).map(|_| ());
        self.attached = result.is_err();
        result
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        let _ = self.release();
    }
}

/// Tries for a while: a scanner of the desktop may look at the mount for a moment.
fn unmount(at: &Path) -> Result<(), String> {
    let mut last = String::new();
    for _ in 0..20 {
        match tool("umount", [at.as_os_str()]) {
            Ok(_) => return Ok(()),
            Err(why) => last = why,
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err(last)
}

/// Runs a program of the system; its output, or what it said.
fn tool<'a>(name: &str, arguments: impl IntoIterator<Item = &'a OsStr>) -> Result<Vec<u8>, String> {
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new(name)
        .args(arguments)
        .env("PATH", format!("{path}:/usr/sbin:/sbin"))
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        // Ctrl-C is for the demo, which cleans up; not for the program that it waits for.
        .process_group(0)
        .output()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => format!("{name} is not installed"),
            _ => format!("{name}: {error}"),
        })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name}: {}", said.lines().next().unwrap_or("failed without a word").trim()))
}
