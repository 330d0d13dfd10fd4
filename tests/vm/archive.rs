//! What is put on top of the rig's initramfs: a second archive that the kernel unpacks over the first.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A newc archive (Linux, Documentation/driver-api/early-userspace/buffer-format.rst).
#[derive(Default)]
pub struct Archive {
    bytes: Vec<u8>,
    entries: u32,
    directories: BTreeSet<PathBuf>,
}

impl Archive {
    /// Puts `content` at `path`, for everybody to run.
    pub fn file(&mut self, path: &Path, content: &[u8]) {
        for above in path.ancestors().skip(1).collect::<Vec<_>>().into_iter().rev() {
            if !above.as_os_str().is_empty() && self.directories.insert(above.to_path_buf()) {
                self.entry(above, 0o040_755, &[]);
            }
        }
        self.entry(path, 0o100_755, content);
    }

    fn entry(&mut self, path: &Path, mode: u32, content: &[u8]) {
        self.entries += 1;
        let name = [path.to_str().expect("a path in UTF-8").as_bytes(), b"\0"].concat();
        let size = u32::try_from(content.len()).expect("a file below 4 GiB");
        // Inode numbers far from those of the archive below.
        let fields = [0x4000_0000 + self.entries, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name.len() as u32, 0];
        self.bytes.extend(b"070701");
        fields.iter().for_each(|field| self.bytes.extend(format!("{field:08x}").as_bytes()));
        for part in [&name, content] {
            self.bytes.extend(part);
            self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        }
    }

    /// Puts a program of this machine at `/usr/bin/NAME`, without its debug information, and the libraries that it loads.
    pub fn program(&mut self, name: &str, program: &Path) {
        self.file(&Path::new("usr/bin").join(name), &stripped(program));
        for library in libraries(program) {
            // `/lib` is a link in the guest.
            let path = library.strip_prefix("/usr").or_else(|_| library.strip_prefix("/")).expect("an absolute path");
            let path = Path::new("usr").join(path);
            if self.directories.insert(path.clone()) {
                self.file(&path, &std::fs::read(&library).unwrap_or_else(|e| panic!("{}: {e}", library.display())));
            }
        }
    }

    /// The whole archive.
    pub fn finish(mut self) -> Vec<u8> {
        self.entry(Path::new("TRAILER!!!"), 0, &[]);
        self.bytes
    }
}

/// The program without debug information where `strip` is installed: it is loaded at each boot.
fn stripped(program: &Path) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let copy = directory.path().join("program");
    let stripped =
        Command::new("strip").arg("-o").arg(&copy).arg(program).status().is_ok_and(|status| status.success());
    let from = if stripped { &copy } else { program };
    std::fs::read(from).unwrap_or_else(|e| panic!("{}: {e}", from.display()))
}

fn libraries(program: &Path) -> Vec<PathBuf> {
    let output = Command::new("ldd").arg(program).output().unwrap_or_else(|e| panic!("ldd can't be run: {e}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| line.split_whitespace().find(|word| word.starts_with('/')))
        .map(PathBuf::from)
        .collect()
}
