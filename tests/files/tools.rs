//! The tools that people use today, as Debian has them, with their own defaults.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::run;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tool {
    Shred,
    Srm,
    Wipe,
    Scrub,
}

impl Tool {
    pub const ALL: [Tool; 4] = [Tool::Shred, Tool::Srm, Tool::Wipe, Tool::Scrub];

    /// The command without the file. Fewer passes than by default where that takes long: how often the wrong blocks are written makes no
    /// difference to what is left.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Tool::Shred => &["shred", "-u"],
            Tool::Srm => &["srm", "-l"],
            Tool::Wipe => &["wipe", "-f", "-q"],
            Tool::Scrub => &["scrub", "-r"],
        }
    }

    pub fn name(self) -> &'static str {
        self.words()[0]
    }

    fn package(self) -> &'static str {
        match self {
            Tool::Shred => "coreutils",
            Tool::Srm => "secure-delete",
            Tool::Wipe => "wipe",
            Tool::Scrub => "scrub",
        }
    }

    /// `shred -u (coreutils 9.1-1)`
    pub fn version(self) -> String {
        let version = run("dpkg-query", &["--show", "--showformat=${Version}", self.package()]);
        format!("`{}` ({} {version})", self.words().join(" "), self.package())
    }

    /// Two minutes, since a busy machine takes long to sync; then exit code 124, by timeout(1).
    pub fn run(self, more: &[&str], path: &Path) -> Output {
        self.run_for("120", more, path)
    }

    /// Ten seconds, then it counts as hanging: exit code [`HANGS`].
    pub fn run_shortly(self, path: &Path) -> Output {
        self.run_for("10", &[], path)
    }

    fn run_for(self, seconds: &str, more: &[&str], path: &Path) -> Output {
        let mut command = Command::new("timeout");
        let output = command.arg(seconds).args(self.words()).args(more).arg(path).stdin(Stdio::null()).output();
        output.unwrap_or_else(|e| panic!("{}: {e}", self.name()))
    }
}

/// Exit code of [`Tool::run_shortly`] when the tool hangs.
pub const HANGS: i32 = 124;
