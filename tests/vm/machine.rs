//! A virtual machine: which drives it has, and one run of it from power-on to power-off.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use super::disk::Disk;
use super::link::{Frame, Link};
use super::rig::Rig;
use crate::support::disk::Scratch;
use crate::support::radera::Ended;

/// Longest that one run may take, power-on to power-off. A case takes less than a minute on a machine with nothing else to do.
const LONGEST: Duration = Duration::from_secs(600);
/// MiB: a drive of the model keeps its blocks in memory.
const MEMORY: &str = "1024";
/// One: emulated processors wait for each other more than they share the work, and machines run side by side.
const CPUS: usize = 1;

/// A machine that can be switched on.
pub struct Machine<'a> {
    rig: &'a Rig,
    disks: Vec<&'a Disk>,
    filesystems: bool,
}

impl<'a> Machine<'a> {
    pub fn new(rig: &'a Rig) -> Self {
        Machine { rig, disks: Vec::new(), filesystems: false }
    }

    /// With a drive more.
    pub fn disk(mut self, disk: &'a Disk) -> Self {
        self.disks.push(disk);
        self
    }

    /// With modules and programs for filesystems, and for what lies below them.
    pub fn filesystems(mut self) -> Self {
        self.filesystems = true;
        self
    }

    /// Switches it on, loads the modules of its drives and waits until all of them are there.
    pub fn boot(self) -> Guest {
        let disks = self.disks.clone();
        let mut guest = self.power_on();
        let up = guest.wait_until_up(LONGEST);
        assert!(up, "the guest does not come up\n{}", guest.diagnosis());
        super::say::say(&format!("{} boots in {:.1} s", guest.name, guest.start.elapsed().as_secs_f64()));
        let mut modules: Vec<&str> = disks.iter().flat_map(|disk| disk.bus.modules()).copied().collect();
        modules.sort_unstable();
        modules.dedup();
        if !modules.is_empty() {
            guest.must(&format!("modprobe -a {}", modules.join(" ")));
        }
        disks.iter().for_each(|disk| drop(guest.node(&disk.serial)));
        guest
    }

    /// Whether the guest's first program runs within `limit`; switches it off again.
    pub fn boots_within(self, limit: Duration) -> bool {
        self.power_on().wait_until_up(limit)
    }

    fn power_on(self) -> Guest {
        let place = Place::take();
        let scratch = Scratch::plain();
        let initramfs = scratch.join("initramfs");
        self.rig
            .write_initramfs(&initramfs, self.filesystems)
            .unwrap_or_else(|e| panic!("{}: {e}", initramfs.display()));
        let (console, errors) = (scratch.join("console"), scratch.join("qemu"));
        let mut qemu = self.rig.qemu("qemu-system-x86_64");
        qemu.args(self.rig.accelerator.options()).arg("-L").arg(self.rig.firmware());
        qemu.args(["-machine", "q35", "-m", MEMORY, "-smp", &CPUS.to_string()]);
        qemu.args(["-nodefaults", "-display", "none", "-no-reboot", "-kernel"]).arg(self.rig.kernel());
        // A panic ends the machine; nothing here needs the defences against other guests.
        qemu.args(["-append", "console=ttyS0 quiet panic=-1 mitigations=off", "-initrd"]).arg(&initramfs);
        qemu.arg("-serial").arg(format!("file:{}", console.display()));
        qemu.args(["-chardev", "stdio,id=host,signal=off", "-device", "virtio-serial-pci"]);
        qemu.args(["-device", "virtserialport,chardev=host", "-device", "qemu-xhci,id=usb"]);
        for (number, disk) in self.disks.iter().enumerate() {
            qemu.args(disk.options(number));
        }
        qemu.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(std::fs::File::create(&errors).unwrap());
        let start = Instant::now();
        let mut child = qemu.spawn().expect("setpriv (package util-linux)");
        let (link, unasked) = Link::over(child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let name = std::thread::current().name().unwrap_or("a case").to_string();
        Guest { name, child, link, unasked, console, errors, start, _place: place, _scratch: scratch }
    }
}

/// One run of a machine; switched off, as by a power cut, on drop.
pub struct Guest {
    name: String,
    child: Child,
    link: Link,
    unasked: Receiver<Frame>,
    console: PathBuf,
    errors: PathBuf,
    start: Instant,
    _place: Place,
    _scratch: Scratch,
}

impl Guest {
    fn wait_until_up(&mut self, limit: Duration) -> bool {
        matches!(self.unasked.recv_timeout(limit), Ok(Frame::Up))
    }

    /// Starts a shell script and leaves it running.
    pub fn start(&mut self, script: &str) -> Running<'_> {
        let frames = self.link.order("run", &script.len().to_string(), &[script.as_bytes()]);
        self.running(script, frames)
    }

    fn running(&self, what: &str, frames: Option<Receiver<Frame>>) -> Running<'_> {
        let frames = frames.unwrap_or_else(|| panic!("the guest is gone before {what}\n{}", self.diagnosis()));
        Running { guest: self, what: what.into(), frames, out: Vec::new(), read: 0, err: Vec::new(), code: None }
    }

    /// Runs a shell script to its end.
    pub fn run(&mut self, script: &str) -> Ended {
        self.start(script).wait()
    }

    /// Runs a shell script that must succeed; its standard output.
    pub fn must(&mut self, script: &str) -> String {
        let ended = self.run(script);
        assert_eq!(ended.code(), 0, "{script}: {ended:?}\n{}", self.diagnosis());
        ended.stdout
    }

    /// The content of a file in the guest.
    pub fn get(&mut self, path: &str) -> Vec<u8> {
        let frames = self.link.order("get", &path.len().to_string(), &[path.as_bytes()]);
        let mut order = self.running(path, frames);
        order.drain();
        assert_eq!(order.code, Some(0), "{path}: {}", String::from_utf8_lossy(&order.err));
        order.out
    }

    /// Puts a file into the guest, for everybody to run.
    pub fn put(&mut self, path: &str, content: &[u8]) {
        let words = format!("{} 755 {}", path.len(), content.len());
        let frames = self.link.order("put", &words, &[path.as_bytes(), content]);
        let mut order = self.running(path, frames);
        order.drain();
        assert_eq!(order.code, Some(0), "{path}: {}", String::from_utf8_lossy(&order.err));
    }

    /// The node of the drive with this serial number: names change from boot to boot.
    pub fn node(&mut self, serial: &str) -> String {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let told = self.must(DRIVES);
            let ours = |line: &&str| line.split_whitespace().skip(1).any(|word| word == serial);
            let found: Vec<&str> =
                told.lines().filter(ours).filter_map(|line| line.split_whitespace().next()).collect();
            match found.as_slice() {
                [name] => return format!("/dev/{name}"),
                [] if Instant::now() < end => std::thread::sleep(Duration::from_millis(100)),
                _ => panic!("{} drives with serial {serial}:\n{told}\n{}", found.len(), self.diagnosis()),
            }
        }
    }

    /// Makes a device-mapper device of this table; its node.
    pub fn mapped(&mut self, name: &str, table: &str) -> String {
        let number = self.must(&format!(
            "dmsetup create {name} --noudevsync --noudevrules <<'END'\n{table}\nEND\ndmsetup info -c --noheadings -o minor {name}"
        ));
        format!("/dev/dm-{}", number.trim())
    }

    /// The power goes: QEMU is killed where it stands.
    pub fn power_cut(mut self) {
        self.kill();
    }

    /// Switches it off in order.
    pub fn power_off(mut self) {
        let took = self.start.elapsed();
        // The agent ends with the machine, so no answer comes.
        drop(self.link.order("run", "18", &[b"sync; poweroff -f\n"]));
        let end = Instant::now() + Duration::from_secs(60);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < end, "the guest does not switch off\n{}", self.diagnosis());
            std::thread::sleep(Duration::from_millis(10));
        }
        super::say::say(&format!("{} took {:.1} s", self.name, took.as_secs_f64()));
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn left(&self) -> Duration {
        LONGEST.saturating_sub(self.start.elapsed())
    }

    /// What the kernel and QEMU said last.
    pub fn diagnosis(&self) -> String {
        let tail = |path: &Path| {
            let text = String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(40)..].join("\n")
        };
        format!("--- the guest's console:\n{}\n--- QEMU:\n{}", tail(&self.console), tail(&self.errors))
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Each block device and every serial number that sysfs tells of it.
const DRIVES: &str = r#"
for block in /sys/block/*; do
    name=${block##*/}
    [ -e "$block/device" ] || continue
    printf '%s %s %s ' "$name" "$(cat "$block/serial" 2>/dev/null)" "$(cat "$block/device/serial" 2>/dev/null)"
    tail -c +5 "$block/device/vpd_pg80" 2>/dev/null | tr -d '\000'
    above=$(readlink -f "$block/device")
    while [ -n "$above" ]; do
        [ -e "$above/idVendor" ] && { printf ' '; cat "$above/serial" 2>/dev/null; break; }
        above=${above%/*}
    done
    echo
done
"#;

/// A script that runs.
pub struct Running<'g> {
    guest: &'g Guest,
    what: String,
    frames: Receiver<Frame>,
    out: Vec<u8>,
    /// Up to here its lines were looked at.
    read: usize,
    err: Vec<u8>,
    code: Option<i32>,
}

impl Running<'_> {
    /// Takes the next frame; false at the end.
    fn step(&mut self) -> bool {
        if self.code.is_some() {
            return false;
        }
        match self.frames.recv_timeout(self.guest.left()) {
            Ok(Frame::Out(data)) => self.out.extend(data),
            Ok(Frame::Err(data)) => self.err.extend(data),
            Ok(Frame::End(code)) => self.code = Some(code),
            Ok(Frame::Up) => {}
            Err(why) => {
                let why =
                    if why == RecvTimeoutError::Timeout { "takes too long" } else { "was cut off: the guest is gone" };
                panic!("{} {why}\n{}\n{}", self.what, self.said(), self.guest.diagnosis());
            }
        }
        true
    }

    fn drain(&mut self) {
        while self.step() {}
    }

    fn said(&self) -> String {
        format!("{}\n{}", String::from_utf8_lossy(&self.out), String::from_utf8_lossy(&self.err))
    }

    /// Waits until `wanted` finds something in the next whole lines of standard output.
    pub fn wait_for<T>(&mut self, what: &str, mut wanted: impl FnMut(&str) -> Option<T>) -> T {
        loop {
            while let Some(end) = self.out[self.read..].iter().position(|byte| *byte == b'\n') {
                let line = String::from_utf8_lossy(&self.out[self.read..self.read + end]).into_owned();
                self.read += end + 1;
                if let Some(found) = wanted(&line) {
                    return found;
                }
            }
            assert!(self.step(), "{} ended with {:?}, without {what}:\n{}", self.what, self.code, self.said());
        }
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Ended {
        use std::os::unix::process::ExitStatusExt;
        self.drain();
        let code = self.code.unwrap_or_default();
        // The agent tells a signal as a shell does.
        let status = std::process::ExitStatus::from_raw(if code > 128 { code - 128 } else { code << 8 });
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let (stdout, stderr) = (text(std::mem::take(&mut self.out)), text(std::mem::take(&mut self.err)));
        assert!(!stderr.contains("panicked"), "{}: a panic:\n{stderr}", self.what);
        Ended { status, stdout, stderr }
    }
}

/// Machines a processor: half of a case is waiting for a drive that takes its time.
const MACHINES_A_CPU: usize = 2;

/// A place for one machine: with more of them at a time, each would take too long.
struct Place;

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

impl Place {
    fn take() -> Place {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let places = (cores * MACHINES_A_CPU / CPUS).max(1);
        let taken = TAKEN.lock().unwrap();
        *FREED.wait_while(taken, |taken| *taken >= places).unwrap() += 1;
        Place
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap() -= 1;
        FREED.notify_one();
    }
}
