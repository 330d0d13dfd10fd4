//! The three questions that need a real kernel behind a node; tests with faked trees answer them from files.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::sys;
use crate::sys::node::{FileKind, NodeStat};

/// How nodes are asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Probe {
    /// What a path leads to, symlinks followed.
    pub stat: fn(&Path) -> io::Result<NodeStat>,
    /// Opens the block device `number` at a path for reading; anything else there is an error.
    pub open: fn(&Path, (u32, u32)) -> io::Result<File>,
    /// What a loop device stands on.
    pub loop_status: fn(&File) -> io::Result<sys::block::LoopStatus>,
}

impl Probe {
    /// The kernel this runs on.
    pub const KERNEL: Probe = Probe { stat: sys::node::stat, open, loop_status: sys::block::loop_status };
}

fn open(path: &Path, number: (u32, u32)) -> io::Result<File> {
    let file = sys::open::for_probe(path)?;
    let stat = sys::node::stat_file(&file)?;
    if (stat.kind, stat.number) != (FileKind::Block, number) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the node stands for another device"));
    }
    Ok(file)
}
