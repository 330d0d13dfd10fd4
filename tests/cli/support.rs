//! The program, and scratch loop devices that are detached whatever happens.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program under test, with a state directory of its own.
pub fn radera(state: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_radera"));
    command.env("RUST_BACKTRACE", "0").arg("--state").arg(state);
    command
}

/// Exit code, standard output and standard error.
pub fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// Objects that were printed, a line each.
pub fn objects(stdout: &str) -> Vec<serde_json::Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

/// A loop device over an image in a directory of its own.
pub struct Loop {
    pub node: PathBuf,
    pub image: PathBuf,
    pub directory: tempfile::TempDir,
}

impl Loop {
    /// `bytes` of a marker, attached.
    pub fn new(bytes: u64) -> Self {
        let directory = tempfile::tempdir_in("/var/tmp").unwrap();
        let image = directory.path().join("disk.img");
        let marker = b"marker-of-the-test-that-must-go\n";
        fs::write(&image, marker.repeat(usize::try_from(bytes).unwrap() / marker.len())).unwrap();
        File::open(&image).unwrap().sync_all().unwrap();
        let output = Command::new("losetup").args(["-f", "--show"]).arg(&image).output().unwrap();
        assert!(output.status.success(), "losetup: {}", String::from_utf8_lossy(&output.stderr));
        let node = PathBuf::from(String::from_utf8(output.stdout).unwrap().trim());
        Loop { node, image, directory }
    }

    pub fn state(&self) -> PathBuf {
        self.directory.path().join("state")
    }

    pub fn out(&self) -> PathBuf {
        let out = self.directory.path().join("out");
        fs::create_dir_all(&out).unwrap();
        out
    }

    /// Takes the device away; the kernel may hold on to it for a moment after a killed process.
    pub fn detach(&self) {
        for _ in 0..100 {
            let _ = Command::new("losetup").arg("-d").arg(&self.node).output();
            let left = Command::new("losetup").arg("-j").arg(&self.image).output().unwrap();
            if left.stdout.is_empty() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("{} is still attached", self.node.display());
    }

    /// Lines of the image that still hold the marker.
    pub fn markers(&self) -> usize {
        let bytes = fs::read(&self.image).unwrap();
        bytes.split(|b| *b == b'\n').filter(|line| *line == b"marker-of-the-test-that-must-go").count()
    }

    /// The confirmation that `plan` prints.
    pub fn confirmation(&self) -> String {
        let mut plan = radera(&self.state());
        let (code, stdout, stderr) = run(plan.args(["--json", "plan", "--method", "clear"]).arg(&self.node));
        assert_eq!(code, 0, "{stdout}{stderr}");
        objects(&stdout)[0]["confirm"].as_str().unwrap().to_string()
    }

    /// `wipe` of this device with zeros, and what else is given.
    pub fn wipe<S: AsRef<OsStr>>(&self, more: &[S]) -> Command {
        let mut command = radera(&self.state());
        command.arg("wipe").arg(&self.node).args(["--method", "clear", "--pattern", "zeros", "--out"]);
        command.arg(self.out()).args(more);
        command
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        // Once it is detached, the same node can be another test's.
        let ours = Command::new("losetup").arg("-j").arg(&self.image).output();
        if ours.is_ok_and(|output| !output.stdout.is_empty()) {
            let _ = Command::new("losetup").arg("-d").arg(&self.node).status();
        }
    }
}
