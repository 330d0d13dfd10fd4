//! One pass over `/proc`: the mounts of every namespace, and who holds a device node open or mapped.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::mountinfo::{Mount, parse_mountinfo};
use super::probe::Probe;
use super::sysfs;
use crate::sys::node::FileKind;
use crate::sys::open::{Cause, cause};

/// A process, as messages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub pid: u32,
    pub name: String,
}

/// The mounts of one namespace.
#[derive(Debug)]
pub(super) struct Namespace {
    /// A process in it; `None` for our own.
    pub seen_from: Option<Process>,
    pub mounts: Vec<Mount>,
}

/// Block or character device, and its number.
type DeviceNode = (FileKind, (u32, u32));

/// A process that holds a device node.
#[derive(Debug, Clone)]
pub(super) struct Opener {
    pub process: Process,
    /// The node.
    pub node: DeviceNode,
    /// Mapped into memory rather than open.
    pub mapped: bool,
    /// Open, and known to be so for reading alone.
    pub reads_only: bool,
}

/// What the pass found.
#[derive(Debug, Default)]
pub(super) struct Processes {
    pub namespaces: Vec<Namespace>,
    pub openers: Vec<Opener>,
    /// What could not be read, in words: counts as a use of every device.
    pub unreadable: Vec<String>,
    /// What could not be read and can't be taken for a use, or this machine would have no free device: told as a warning.
    pub blind_spots: Vec<String>,
}

impl Processes {
    /// Reads `/proc`, leaving out this process's own descriptors.
    pub fn read(proc: &Path, probe: Probe) -> Processes {
        let mut scan = Scan {
            probe,
            found: Processes::default(),
            namespaces: HashSet::new(),
            mapped: HashMap::new(),
            denied: Vec::new(),
        };
        let us = std::fs::read_link(proc.join("self")).ok().and_then(|link| pid(&link)).unwrap_or(std::process::id());
        scan.mounts(&proc.join("self"), None);
        let entries = match sysfs::entries(proc) {
            Ok(entries) if !entries.is_empty() => entries,
            Ok(_) => return scan.give_up(format!("{} is empty: no process can be seen", proc.display())),
            Err(e) => return scan.give_up(format!("{} can't be read: {e}", proc.display())),
        };
        for dir in entries {
            if let Some(pid) = pid(&dir) {
                scan.process(&dir, pid, pid == us);
            }
        }
        scan.finish()
    }
}

struct Scan {
    probe: Probe,
    found: Processes,
    /// Links of the mount namespaces read so far.
    namespaces: HashSet<OsString>,
    /// Device nodes behind mapped files, by device and inode as `maps` shows them.
    mapped: HashMap<(String, String), Option<DeviceNode>>,
    denied: Vec<Process>,
}

impl Scan {
    fn give_up(mut self, what: String) -> Processes {
        self.found.unreadable.push(what);
        self.found
    }

    fn finish(mut self) -> Processes {
        if let Some(first) = self.denied.first() {
            let (count, name, pid) = (self.denied.len(), &first.name, first.pid);
            self.found.unreadable.push(format!(
                "the open files and mounts of {count} process(es) can't be read, the first of them '{name}' (pid {pid})"
            ));
        }
        let own = self.found.namespaces.iter().find(|n| n.seen_from.is_none());
        if !crate::sys::node::is_superuser() && own.is_some_and(|n| hides_processes(&n.mounts)) {
            self.found.unreadable.push("/proc hides other users' processes (hidepid)".into());
        }
        self.found
    }

    fn process(&mut self, dir: &Path, pid: u32, ourselves: bool) {
        let process = Process { pid, name: sysfs::text(&dir.join("comm")).unwrap_or_else(|| "?".into()) };
        let mut denied = self.mounts(dir, Some(&process));
        // A thread may have a namespace of its own.
        for task in sysfs::entries(&dir.join("task")).unwrap_or_default() {
            if task.file_name() != dir.file_name() {
                denied |= self.mounts(&task, Some(&process));
            }
        }
        if !ourselves && (self.descriptors(dir, &process) | self.maps(dir, &process)) {
            // Some machines hide their first process even from root. It can't be ended, and it is there on every run.
            if pid == 1 && crate::sys::node::is_superuser() {
                self.found.blind_spots.push(format!(
                    "the open files of the first process '{}' (pid 1) are hidden even from root; if it holds a device open, that can't be seen",
                    process.name
                ));
            } else {
                denied = true;
            }
        }
        if denied {
            self.denied.push(process);
        }
    }

    /// Reads the mounts of the namespace of the task `dir`, unless that was done; whether reading was denied.
    fn mounts(&mut self, dir: &Path, process: Option<&Process>) -> bool {
        let namespace = match std::fs::read_link(dir.join("ns/mnt")) {
            Ok(link) if self.namespaces.contains(link.as_os_str()) => return false,
            Ok(link) => Some(link.into_os_string()),
            // Which namespace it is may be hidden where its mounts are not.
            Err(e) if cause(&e) == Cause::Denied => None,
            // A process without namespaces is at its end. Ours is read whatever the link says.
            Err(_) if process.is_some() => return false,
            Err(_) => None,
        };
        let path = dir.join("mountinfo");
        let parsed = match std::fs::read(&path) {
            Ok(text) => parse_mountinfo(&text),
            // EINVAL: the process has let go of its namespace meanwhile.
            Err(e) if process.is_some() && matches!(cause(&e), Cause::Missing | Cause::Invalid) => return false,
            Err(e) if process.is_some() && cause(&e) == Cause::Denied => return true,
            Err(e) => Err(e.to_string()),
        };
        // Only now: where this process was at its end, another one of the namespace shows its mounts.
        self.namespaces.extend(namespace);
        match parsed {
            Ok(mounts) if self.found.namespaces.iter().any(|known| known.mounts == mounts) => {}
            Ok(mounts) => self.found.namespaces.push(Namespace { seen_from: process.cloned(), mounts }),
            Err(e) => self.found.unreadable.push(format!("the mounts in {} can't be read: {e}", path.display())),
        }
        false
    }

    /// Whether reading was denied.
    fn descriptors(&mut self, dir: &Path, process: &Process) -> bool {
        let entries = match std::fs::read_dir(dir.join("fd")) {
            Ok(entries) => entries,
            Err(e) => return is_denial(&e),
        };
        for entry in entries {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(e) if is_denial(&e) => return true,
                Err(_) => continue,
            };
            match std::fs::read_link(&path) {
                // Sockets, pipes and the like are `kind:[inode]`; a node has a path.
                Ok(target) if !target.as_os_str().as_bytes().starts_with(b"/") => continue,
                Ok(_) => {}
                Err(e) if is_denial(&e) => return true,
                Err(_) => continue,
            }
            match (self.probe.stat)(&path) {
                Ok(stat) if matches!(stat.kind, FileKind::Block | FileKind::Character) => {
                    let node = (stat.kind, stat.number);
                    let reads_only = opened_to_read(dir, entry_name(&path));
                    self.found.openers.push(Opener { process: process.clone(), node, mapped: false, reads_only });
                }
                Ok(_) => {}
                Err(e) if is_denial(&e) => return true,
                Err(_) => {}
            }
        }
        false
    }

    /// Whether reading was denied.
    fn maps(&mut self, dir: &Path, process: &Process) -> bool {
        let text = match std::fs::read(dir.join("maps")) {
            Ok(text) => text,
            Err(e) => return is_denial(&e),
        };
        let mut seen = HashSet::new();
        for line in text.split(|b| *b == b'\n') {
            let Some((key, range, path)) = mapped_file(line) else { continue };
            let probe = self.probe;
            let node = *self.mapped.entry(key).or_insert_with(|| mapped_node(probe, dir, &range, path));
            if let Some(node) = node
                && seen.insert(node)
            {
                self.found.openers.push(Opener { process: process.clone(), node, mapped: true, reads_only: false });
            }
        }
        false
    }
}

/// Whether that descriptor of the process was opened O_RDONLY, by `flags` in its `fdinfo` (proc(5)); what can't be read was not.
fn opened_to_read(process: &Path, descriptor: &std::ffi::OsStr) -> bool {
    let text = std::fs::read_to_string(process.join("fdinfo").join(descriptor)).unwrap_or_default();
    let flags = text.lines().find_map(|line| line.strip_prefix("flags:"));
    // The access mode is the last two bits: O_RDONLY is 0.
    flags.and_then(|flags| u64::from_str_radix(flags.trim(), 8).ok()).is_some_and(|flags| flags & 0o3 == 0)
}

fn entry_name(path: &Path) -> &std::ffi::OsStr {
    path.file_name().unwrap_or_default()
}

/// Device and inode, address range and path of a line of `maps` that maps a file.
fn mapped_file(line: &[u8]) -> Option<((String, String), String, &Path)> {
    let at = line.iter().position(|b| *b == b'/')?;
    let (head, path) = line.split_at_checked(at)?;
    let mut fields = std::str::from_utf8(head).ok()?.split_ascii_whitespace();
    let (range, _permissions, _offset) = (fields.next()?, fields.next()?, fields.next()?);
    let (device, inode) = (fields.next()?, fields.next()?);
    Some(((device.into(), inode.into()), range.into(), Path::new(std::ffi::OsStr::from_bytes(path))))
}

/// The device node that a mapping leads to: through `map_files`, which is exact and needs privileges, else by its path.
fn mapped_node(probe: Probe, dir: &Path, range: &str, path: &Path) -> Option<DeviceNode> {
    let by_path = || (probe.stat)(&dir.join("root").join(path.strip_prefix("/").unwrap_or(path)));
    let stat = (probe.stat)(&dir.join("map_files").join(range)).or_else(|_| by_path()).ok()?;
    matches!(stat.kind, FileKind::Block | FileKind::Character).then_some((stat.kind, stat.number))
}

/// Whether the options of the last mount on `/proc` hide other users' processes (proc(5)). hidepid=1 shows them and denies their files,
/// which is told anyway; gid= may exempt us, but can't be relied on.
fn hides_processes(mounts: &[Mount]) -> bool {
    let hiding = ["hidepid=2", "hidepid=invisible", "hidepid=4", "hidepid=ptraceable", "subset=pid"];
    let proc = mounts.iter().rfind(|m| m.filesystem == "proc" && m.mount_point == Path::new("/proc"));
    proc.is_some_and(|m| m.options.split(',').any(|option| hiding.contains(&option)))
}

fn pid(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.parse().ok()
}

/// Anything but a process or descriptor that went meanwhile.
fn is_denial(error: &io::Error) -> bool {
    cause(error) != Cause::Missing
}

/// Where a path under the kernel's `/dev` lies, when `/dev` is elsewhere (tests).
pub(super) fn relocate(path: &Path, dev: &Path) -> PathBuf {
    path.strip_prefix("/dev").map_or_else(|_| path.to_path_buf(), |rest| dev.join(rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_proc_that_hides_processes_is_told() {
        let mounts =
            |options: &str| parse_mountinfo(format!("1 0 0:4 / /proc rw - proc proc {options}\n").as_bytes()).unwrap();
        assert!(hides_processes(&mounts("rw,hidepid=invisible")));
        assert!(hides_processes(&mounts("rw,gid=5,hidepid=2")));
        assert!(!hides_processes(&mounts("rw")));
    }
}
