//! Processes and kernel users that hold a device, each let go on drop.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{attempt, run};

/// `O_EXCL` of <fcntl.h>.
const O_EXCL: i32 = 0o200;

/// A process that does nothing but hold something.
pub struct Holder {
    child: Child,
}

impl Holder {
    /// Holds `device` open for reading.
    pub fn open(device: &Path) -> Self {
        Self::sleeping_over(OpenOptions::new().read(true).open(device).unwrap())
    }

    /// Holds `device` open with O_EXCL.
    pub fn exclusive(device: &Path) -> Self {
        Self::sleeping_over(OpenOptions::new().read(true).custom_flags(O_EXCL).open(device).unwrap())
    }

    fn sleeping_over(file: std::fs::File) -> Self {
        Holder { child: Command::new("sleep").arg("600").stdin(Stdio::from(file)).spawn().unwrap() }
    }

    /// Has `device` mounted read-only at `at`, in a mount namespace of its own.
    pub fn mounted_elsewhere(device: &Path, at: &Path) -> Self {
        std::fs::create_dir_all(at).unwrap();
        let script = "mount -t ext4 -o ro,noload \"$1\" \"$2\" && echo mounted && exec sleep 600";
        let mut child = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", script, "sh"])
            .args([device, at])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "mounted", "{} could not be mounted in a namespace", device.display());
        Holder { child }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A device in use as swap.
pub struct Swap(PathBuf);

impl Swap {
    pub fn on(device: &Path) -> Self {
        run("mkswap", &["--force", device.to_str().unwrap()]);
        run("swapon", &["--priority", "0", device.to_str().unwrap()]);
        Swap(device.to_owned())
    }
}

impl Drop for Swap {
    fn drop(&mut self) {
        let _ = attempt("swapoff", &[self.0.to_str().unwrap()]);
    }
}
