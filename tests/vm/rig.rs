//! The machine that tests/vm/build made, and what is put into it: radera and the guest's programs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::archive::Archive;
use super::machine::Machine;
use crate::support::skip;

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");
/// A kernel that boots under KVM does so in two or three seconds. Every case waits meanwhile.
const KVM_PATIENCE: Duration = Duration::from_secs(8);

/// What runs the guest's instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accelerator {
    Kvm,
    /// QEMU's own emulation: works everywhere, some ten times slower.
    Tcg,
}

impl Accelerator {
    const ALL: [(Accelerator, &'static str); 2] = [(Accelerator::Kvm, "kvm"), (Accelerator::Tcg, "tcg")];

    fn named(name: &str) -> Option<Accelerator> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(accelerator, _)| *accelerator)
    }

    fn name(self) -> &'static str {
        if self == Accelerator::Kvm { "kvm" } else { "tcg" }
    }

    /// QEMU's options for it.
    pub fn options(self) -> [&'static str; 4] {
        match self {
            Accelerator::Kvm => ["-accel", "kvm", "-cpu", "host"],
            Accelerator::Tcg => ["-accel", "tcg,thread=multi", "-cpu", "max"],
        }
    }
}

/// A built rig.
pub struct Rig {
    directory: PathBuf,
    pub accelerator: Accelerator,
    /// The second archive of the initramfs.
    overlay: Vec<u8>,
}

impl Rig {
    /// The rig, made ready once a process. `None`, with the test skipped, where it is not built.
    #[track_caller]
    pub fn get() -> Option<&'static Rig> {
        static RIG: OnceLock<Result<Rig, String>> = OnceLock::new();
        match RIG.get_or_init(Rig::make_ready) {
            Ok(rig) => Some(rig),
            Err(why) => {
                skip::skip(why);
                None
            }
        }
    }

    fn make_ready() -> Result<Rig, String> {
        let build = Path::new(PROJECT).join("tests/vm/build");
        let told = Command::new(&build).arg("--where").output();
        let told = told.map_err(|e| format!("{} can't be run: {e}; it needs python3", build.display()))?;
        let directory = PathBuf::from(String::from_utf8_lossy(&told.stdout).trim());
        if !told.status.success() {
            let said = String::from_utf8_lossy(&told.stderr).into_owned();
            return Err(format!("the virtual machine is not built: run tests/vm/build{said}"));
        }
        let overlay = overlay(&guest_programs()?);
        let mut rig = Rig { directory, accelerator: Accelerator::Tcg, overlay };
        rig.accelerator = rig.choose();
        Ok(rig)
    }

    /// KVM where it boots this kernel on this machine, which is tried once and remembered; `RADERA_VM_ACCELERATOR` overrules.
    fn choose(&mut self) -> Accelerator {
        if let Ok(name) = std::env::var("RADERA_VM_ACCELERATOR") {
            return Accelerator::named(&name).unwrap_or_else(|| panic!("RADERA_VM_ACCELERATOR={name}: kvm or tcg"));
        }
        let usable = std::fs::OpenOptions::new().read(true).write(true).open("/dev/kvm").is_ok();
        if !usable {
            return Accelerator::Tcg;
        }
        let note = self.directory.join("accelerator");
        let here = here();
        let noted = std::fs::read_to_string(&note).unwrap_or_default();
        if let Some((name, machine)) = noted.split_once('\n')
            && machine == here
            && let Some(accelerator) = Accelerator::named(name)
        {
            return accelerator;
        }
        self.accelerator = Accelerator::Kvm;
        let start = Instant::now();
        let boots = Machine::new(self).boots_within(KVM_PATIENCE);
        let found = if boots { Accelerator::Kvm } else { Accelerator::Tcg };
        super::say::say(&format!(
            "KVM {} on this machine ({:.1} s): using {}",
            if boots { "boots the kernel" } else { "does not boot the kernel" },
            start.elapsed().as_secs_f64(),
            found.name()
        ));
        // Where it can't be remembered it is tried again.
        let _ = std::fs::write(&note, format!("{}\n{here}", found.name()));
        found
    }

    /// The package whose name begins with `name`, and its version.
    pub fn package(&self, name: &str) -> (String, String) {
        let packages = std::fs::read_to_string(self.directory.join("packages")).unwrap();
        let line = packages.lines().find(|line| line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("{name} is not among the packages"));
        let (name, version) = line.split_once(' ').unwrap_or((line, ""));
        (name.into(), version.into())
    }

    pub fn kernel(&self) -> PathBuf {
        self.directory.join("kernel")
    }

    /// Writes the whole initramfs, with what filesystems need or without.
    pub fn write_initramfs(&self, to: &Path, filesystems: bool) -> std::io::Result<()> {
        use std::io::Write;
        // Archives may follow each other at a multiple of four bytes.
        std::fs::copy(self.directory.join("initramfs"), to)?;
        let mut file = std::fs::OpenOptions::new().append(true).open(to)?;
        file.write_all(&self.overlay)?;
        if filesystems {
            file.write_all(&std::fs::read(self.directory.join("filesystems"))?)?;
        }
        Ok(())
    }

    /// A program of QEMU's, run with the libraries it came with.
    pub fn qemu(&self, program: &str) -> Command {
        let qemu = self.directory.join("qemu");
        // Whatever ends this test's thread, ends QEMU.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(qemu.join("lib/ld-linux-x86-64.so.2"));
        command.arg("--library-path").arg(qemu.join("lib")).arg(qemu.join("bin").join(program));
        command.env("QEMU_MODULE_DIR", qemu.join("modules"));
        command
    }

    pub fn firmware(&self) -> PathBuf {
        self.directory.join("qemu/firmware")
    }
}

/// This machine, as far as KVM depends on it.
fn here() -> String {
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find(|line| line.starts_with("model name")).unwrap_or_default();
    format!("{}\n{model}\n", kernel.trim())
}

/// Builds the guest's programs; the directory they are in.
fn guest_programs() -> Result<PathBuf, String> {
    let target =
        Path::new(env!("CARGO_BIN_EXE_radera")).ancestors().nth(2).expect("target/PROFILE/radera").join("vm/guest");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--locked", "--quiet", "--manifest-path"])
        .arg(Path::new(PROJECT).join("tests/vm/guest/Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .output()
        .map_err(|e| format!("cargo can't be run: {e}"))?;
    assert!(built.status.success(), "the guest's programs don't build:\n{}", String::from_utf8_lossy(&built.stderr));
    Ok(target.join("debug"))
}

fn overlay(programs: &Path) -> Vec<u8> {
    let mut archive = Archive::default();
    archive.file(Path::new("init"), include_bytes!("init"));
    archive.program("radera", Path::new(env!("CARGO_BIN_EXE_radera")));
    for name in ["agent", "drive"] {
        archive.program(name, &programs.join(name));
    }
    archive.finish()
}
