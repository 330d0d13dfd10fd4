//! Who holds files open or mapped: one pass over `/proc`, the swap files and the files below loop devices.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::device::parse_swaps;
use crate::sys::node::{self, NodeStat};
use crate::sys::open::{Cause, cause};

/// A file: device number as in `st_dev`, and inode.
type FileId = (u64, u64);

/// Who holds a file, as messages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder(pub String);

/// The regular files of this machine that are held, as one pass found them.
#[derive(Debug, Default)]
pub struct Holders {
    held: HashMap<FileId, Vec<Holder>>,
    /// Inodes of mapped files whose device can't be told (they may be of any filesystem).
    unsure: HashMap<u64, Vec<Holder>>,
    /// What could not be read, in words: then nobody can be ruled out.
    unreadable: Vec<String>,
}

impl Holders {
    /// Reads `proc` (`/proc`) and `sys` (`/sys`), leaving out this process. Nobody else's processes can be read without privileges;
    /// then every file counts as held. That the first process hides even from root, as on some machines, does not count, as for devices.
    pub fn scan(proc: &Path, sys: &Path) -> Holders {
        let mut scan = Scan { found: Holders::default(), mapped: HashMap::new(), denied: Vec::new() };
        let us = std::fs::read_link(proc.join("self")).ok().and_then(|link| pid(&link)).unwrap_or(std::process::id());
        match std::fs::read_dir(proc) {
            Ok(entries) => {
                let processes: Vec<_> = entries.flatten().filter_map(|e| Some((pid(&e.path())?, e.path()))).collect();
                if processes.is_empty() {
                    scan.found.unreadable.push(format!("{} shows no process", proc.display()));
                }
                for (pid, path) in processes.iter().filter(|(pid, _)| *pid != us) {
                    scan.process(*pid, path);
                }
            }
            Err(e) => scan.found.unreadable.push(format!("{} can't be read: {e}", proc.display())),
        }
        scan.swap_files(proc);
        scan.loops(sys);
        if let Some(first) = scan.denied.first() {
            let count = scan.denied.len();
            scan.found
                .unreadable
                .push(format!("the open files of {count} process(es) can't be read, the first of them {first}"));
        }
        scan.found
    }

    /// Who holds this file; empty: nobody that could be seen.
    pub fn who(&self, device: u64, inode: u64) -> Vec<Holder> {
        let held = self.held.get(&(device, inode)).into_iter().flatten();
        let unsure = self.unsure.get(&inode).into_iter().flatten();
        held.chain(unsure).cloned().collect()
    }

    /// What could not be read: where this is not empty, a file that nobody seems to hold may be held all the same.
    pub fn unreadable(&self) -> &[String] {
        &self.unreadable
    }

    /// In words, why this file counts as in use; `None`: nobody holds it, and everybody could be seen.
    pub fn reason(&self, device: u64, inode: u64) -> Option<String> {
        let who = self.who(device, inode);
        if who.is_empty() {
            return self.unreadable.first().map(|why| format!("it can't be found out who has it open: {why}"));
        }
        Some(self.names(&who))
    }

    fn names(&self, who: &[Holder]) -> String {
        let mut text = who.iter().take(3).map(|h| h.0.as_str()).collect::<Vec<_>>().join(", ");
        if who.len() > 3 {
            text.push_str(&format!(" and {} more", who.len() - 3));
        }
        text
    }
}

struct Scan {
    found: Holders,
    /// Files behind mappings, by device and inode as `maps` shows them; `None` where they can't be reached.
    mapped: HashMap<(String, u64), Option<FileId>>,
    denied: Vec<String>,
}

impl Scan {
    fn process(&mut self, pid: u32, path: &Path) {
        let name = std::fs::read(path.join("comm")).unwrap_or_default();
        let name = String::from_utf8_lossy(&name).trim_end().to_string();
        let shown = format!("'{name}' (pid {pid})");
        let denied = self.descriptors(path, &shown) | self.maps(path, &shown);
        if denied && !(pid == 1 && node::is_superuser()) {
            self.denied.push(shown);
        }
    }

    /// Whether reading was denied.
    fn descriptors(&mut self, process: &Path, shown: &str) -> bool {
        let entries = match std::fs::read_dir(process.join("fd")) {
            Ok(entries) => entries,
            Err(e) => return is_denial(&e),
        };
        let mut seen = HashSet::new();
        for entry in entries {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(e) if is_denial(&e) => return true,
                Err(_) => continue,
            };
            match std::fs::read_link(&path) {
                // Sockets, pipes and the like are `kind:[inode]`; a file has a path.
                Ok(target) if !target.as_os_str().as_bytes().starts_with(b"/") => continue,
                Ok(_) => {}
                Err(e) if is_denial(&e) => return true,
                Err(_) => continue,
            }
            match node::stat(&path) {
                Ok(stat) => {
                    let id = id(&stat);
                    if seen.insert(id) {
                        self.hold(id, format!("open in process {shown}"));
                    }
                }
                Err(e) if is_denial(&e) => return true,
                Err(_) => {}
            }
        }
        false
    }

    /// Whether reading was denied.
    fn maps(&mut self, process: &Path, shown: &str) -> bool {
        let text = match std::fs::read(process.join("maps")) {
            Ok(text) => text,
            Err(e) => return is_denial(&e),
        };
        let mut seen = HashSet::new();
        for line in text.split(|b| *b == b'\n') {
            let Some(mapping) = mapping(line) else { continue };
            let key = (mapping.device.to_string(), mapping.inode);
            if !seen.insert(key.clone()) {
                continue;
            }
            let found = *self.mapped.entry(key).or_insert_with(|| {
                // `maps` shows another device number than stat(2) on btrfs: the file itself is asked, through map_files, which
                // needs privileges, or by its path.
                let exact = node::stat(&process.join("map_files").join(mapping.range));
                let by_path = || {
                    let path = Path::new(OsStr::from_bytes(mapping.path));
                    node::stat(&process.join("root").join(path.strip_prefix("/").unwrap_or(path)))
                };
                exact.or_else(|_| by_path()).ok().filter(|stat| stat.inode == mapping.inode).map(|stat| id(&stat))
            });
            let holder = format!("mapped by process {shown}");
            match found {
                Some(id) => self.hold(id, holder),
                None => self.found.unsure.entry(mapping.inode).or_default().push(Holder(holder)),
            }
        }
        false
    }

    fn swap_files(&mut self, proc: &Path) {
        let areas = match std::fs::read(proc.join("swaps")) {
            Ok(text) => parse_swaps(&text),
            // A kernel without swap has no such file.
            Err(e) if cause(&e) == Cause::Missing => return,
            Err(e) => Err(e.to_string()),
        };
        match areas {
            Ok(areas) => {
                for area in areas.iter().filter(|area| area.kind == "file") {
                    self.hold_path(&area.path, "an active swap file".into());
                }
            }
            Err(e) => self.found.unreadable.push(format!("the swap areas can't be read: {e}")),
        }
    }

    fn loops(&mut self, sys: &Path) {
        for entry in std::fs::read_dir(sys.join("block")).into_iter().flatten().flatten() {
            let Ok(mut backing) = std::fs::read(entry.path().join("loop/backing_file")) else { continue };
            if backing.last() == Some(&b'\n') {
                backing.pop();
            }
            let path = PathBuf::from(OsStr::from_bytes(&backing));
            self.hold_path(&path, format!("below the loop device {}", entry.file_name().display()));
        }
    }

    /// A file that the kernel names by its path. One that is not found there is of another namespace or deleted, and is caught by the lease alone.
    fn hold_path(&mut self, path: &Path, how: String) {
        if let Ok(stat) = node::stat(path) {
            self.hold(id(&stat), how);
        }
    }

    fn hold(&mut self, id: FileId, how: String) {
        self.found.held.entry(id).or_default().push(Holder(how));
    }
}

fn id(stat: &NodeStat) -> FileId {
    (stat.device, stat.inode)
}

struct Mapping<'a> {
    range: &'a str,
    device: &'a str,
    inode: u64,
    path: &'a [u8],
}

/// A line of `maps` (proc(5)) that maps a file.
fn mapping(line: &[u8]) -> Option<Mapping<'_>> {
    let at = line.iter().position(|b| *b == b'/')?;
    let (head, path) = line.split_at_checked(at)?;
    let mut fields = std::str::from_utf8(head).ok()?.split_ascii_whitespace();
    let (range, _permissions, _offset) = (fields.next()?, fields.next()?, fields.next()?);
    let (device, inode) = (fields.next()?, fields.next()?.parse().ok()?);
    (inode != 0).then_some(Mapping { range, device, inode, path })
}

fn pid(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.parse().ok()
}

/// Anything but a process or descriptor that went meanwhile.
fn is_denial(error: &io::Error) -> bool {
    cause(error) != Cause::Missing
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mapped_file_is_told_from_memory() {
        let line = b"7f0-7f1 r--s 00000000 fe:00 1234                       /var/x y (deleted)";
        let found = mapping(line).unwrap();
        assert_eq!((found.range, found.device, found.inode), ("7f0-7f1", "fe:00", 1234));
        assert_eq!(found.path, b"/var/x y (deleted)");
        assert!(mapping(b"7f0-7f1 rw-p 00000000 00:00 0          [heap]").is_none());
        assert!(mapping(b"7f0-7f1 rw-p 00000000 00:00 0          /anon").is_none());
    }

    proptest! {
        #[test]
        fn any_line_is_answered(line in prop::collection::vec(any::<u8>(), 0..128)) {
            let _ = mapping(&line);
            let _ = mapping(&[b"7f0-7f1 r--s 0 fe:00 12 /", &line[..]].concat());
        }
    }
}
