//! Swap areas on block devices: read, taken out of use, made anew with the same names, taken into use again.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::device::Roots;
use crate::problem::Problem;
use crate::sys;
use crate::sys::errno::describe;
use crate::sys::node::FileKind;

mod active;
mod header;

pub use active::Active;
pub use header::{Fault, Header};

use active::Memory;

/// A swap area on a block device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The node that it was named by.
    pub path: PathBuf,
    /// Its device number.
    pub number: (u32, u32),
    /// What its header says.
    pub header: Header,
}

impl Area {
    /// The swap area at `path`, by its header. Changes nothing. Errors: kind Refused for a swap file, a hibernated system, a list of bad pages, a form that
    /// can't be made anew, and what is no swap area; kind Error where it can't be read.
    pub fn read(path: &Path) -> Result<Area, Problem> {
        let shown = path.display();
        let unreadable = |e: &std::io::Error| {
            Problem::error(
                format!("{shown} can't be read: {}", describe(e)),
                "Check the path, and run as root. `swapon --show` lists the areas that are in use.",
            )
        };
        let file = sys::open::for_probe(path).map_err(|e| unreadable(&e))?;
        let stat = sys::node::stat_file(&file).map_err(|e| unreadable(&e))?;
        match stat.kind {
            FileKind::Block => {}
            FileKind::Regular => {
                return Err(Problem::refused(
                    format!("{shown} is a file, and only swap areas on block devices are made anew"),
                    format!("Run `swapoff {shown}`, wipe it as a file, and make it anew with mkswap(8)."),
                ));
            }
            _ => return Err(Problem::refused(format!("{shown} is no block device"), "Name the swap area's device.")),
        }
        let head = Self::head(&file).map_err(|e| unreadable(&e))?;
        let header = Header::parse(&head).map_err(|fault| refusal(&shown.to_string(), fault))?;
        if header.bad_pages > 0 {
            return Err(Problem::refused(
                format!("{shown} has {} pages that are listed as bad", header.bad_pages),
                "Replace the medium; or run `swapoff`, wipe it as a device, and make it anew with `mkswap --check`.",
            ));
        }
        Ok(Area { path: path.to_path_buf(), number: stat.number, header })
    }

    /// As much of the head as there is. The page cache has what the kernel wrote: it writes the header through it or not at all.
    fn head(file: &File) -> std::io::Result<Vec<u8>> {
        let mut head = vec![0; header::MOST_BYTES];
        let mut read = 0;
        while let Some(rest) = head.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match file.read_at(rest, read as u64) {
                Ok(0) => break,
                Ok(bytes) => read += bytes,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        head.truncate(read);
        Ok(head)
    }

    /// How it is swapped to now; `None` where it is not. By device number, so that the name does not matter. Errors: that can't be found out.
    pub fn in_use(&self, roots: &Roots) -> Result<Option<Active>, Problem> {
        let path = roots.proc.join("swaps");
        let unknown = |what: String| {
            Problem::error(
                format!("whether {} is swapped to can't be found out: {what}", self.path.display()),
                "Mount /proc, and look at `swapon --show`.",
            )
        };
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            // A kernel without swap.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && roots.proc.join("self").exists() => return Ok(None),
            Err(e) => return Err(unknown(e.to_string())),
        };
        for area in active::parse(&String::from_utf8_lossy(&text)).map_err(unknown)? {
            let node = match area.path.strip_prefix("/dev") {
                Ok(rest) => roots.dev.join(rest),
                Err(_) => area.path.clone(),
            };
            match sys::node::stat(&node) {
                Ok(stat) if stat.kind == FileKind::Block && stat.number == self.number => return Ok(Some(area)),
                Ok(_) => {}
                Err(e) => return Err(unknown(format!("{}: {e}", area.path.display()))),
            }
        }
        Ok(None)
    }

    /// Whether memory takes what lies in the area, with room left. Errors: kind Refused where it does not, or that can't be found out.
    pub fn fits(&self, roots: &Roots) -> Result<(), Problem> {
        let Some(active) = self.in_use(roots)? else { return Ok(()) };
        let shown = self.path.display();
        let memory = std::fs::read_to_string(roots.proc.join("meminfo")).ok().and_then(|text| Memory::parse(&text));
        let Some(memory) = memory else {
            return Err(Problem::refused(
                format!("how much memory is free can't be found out, so {shown} stays in use"),
                "Mount /proc, and check that /proc/meminfo has MemAvailable.",
            ));
        };
        match memory.missing(active.used_bytes) {
            0 => Ok(()),
            missing => Err(Problem::refused(
                format!(
                    "memory can't take the {} bytes that lie in {shown}: {missing} bytes are missing",
                    active.used_bytes
                ),
                "End programs or add another swap area, then start again.",
            )),
        }
    }

    /// Takes it out of use (swapoff(2)); what lies there is brought back into memory first, and the content of the device stays. Errors: kind Refused
    /// where memory does not take it; kind Error otherwise. It is still in use then.
    pub fn off(&self) -> Result<(), Problem> {
        let shown = self.path.display();
        sys::swap::off(&self.path).map_err(|e| match e.kind() {
            std::io::ErrorKind::OutOfMemory => Problem::refused(
                format!("memory can't take what lies in {shown}"),
                "End programs or add another swap area, then start again.",
            ),
            _ => Problem::error(
                format!("{shown} can't be taken out of use: {}", describe(&e)),
                "Run as root, and look at `swapon --show`.",
            ),
        })
    }

    /// The first page of the area made anew on a device of this size: same UUID, label and page size, as mkswap(8) writes it.
    pub fn header(&self, size_bytes: u64) -> Vec<u8> {
        self.header.renewed(size_bytes)
    }

    /// Takes it into use again as it was (swapon(2)), once it has a header again. Whether discard was on is nowhere to be read; it is off then.
    /// Errors: kind Failed, since the machine swaps less than before.
    pub fn on(&self, before: &Active) -> Result<(), Problem> {
        sys::swap::on(&self.path, before.priority).map_err(|e| {
            let shown = self.path.display();
            Problem::failed(
                format!("{shown} can't be swapped to again: {}", describe(&e)),
                format!("Look at the kernel log, then run `swapon {shown}`, or `mkswap {shown}` first."),
            )
        })
    }
}

fn refusal(shown: &str, fault: Fault) -> Problem {
    match fault {
        Fault::NotSwap => Problem::refused(
            format!("{shown} holds no swap area"),
            "Look at `swapon --show`; to wipe something else, name it as a target.",
        ),
        Fault::Hibernated => Problem::refused(
            format!("{shown} holds a hibernated system"),
            "Start that system and shut it down, then start again.",
        ),
        Fault::OtherVersion => Problem::refused(
            format!("{shown} holds a swap area of a form that is not known here"),
            "Run `swapoff`, wipe it as a device, and make it anew with mkswap(8).",
        ),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
