//! What a journal says of a job on files.

use serde::{Deserialize, Serialize};

use crate::outcome::{BadRange, FilesEvidence};

/// What a plan for files has besides. Names are not kept here: a journal outlives its job (see `job/files/names.rs`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFiles {
    /// How many targets were named; their paths are kept beside the key of the name digests.
    pub targets: u32,
    /// What preflight found and what was asked for; its sums are all 0.
    pub none_yet: FilesEvidence,
    /// Bytes of all blocks that preflight found, for progress.
    pub expected_bytes: u64,
    /// Hard links are taken too.
    pub hardlinks: bool,
    /// What can't be proved is released and trimmed.
    pub accept_trim: bool,
    /// Names stand in the manifest.
    pub list_names: bool,
    /// chattr +i and +a are lifted.
    pub lift_attributes: bool,
    /// The ends of live files are looked at as well.
    #[serde(default)]
    pub slack: bool,
}

/// A file: its inode, and when it was made (seconds, nanoseconds), since inodes are given out again.
pub type FileId = (u64, i64, u32);

/// How far a job on files is: everything before it is done and durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesState {
    /// What was done so far.
    pub found: FilesEvidence,
    /// Bytes accepted and milliseconds spent, a pass.
    pub passes: Vec<(u64, u64)>,
    /// Bytes read back.
    pub bytes_read: u64,
    /// Logical blocks that differed.
    pub mismatches: u64,
    /// Logical blocks that could not be read.
    pub unreadable: u64,
    /// Time spent reading, in milliseconds.
    pub read_milliseconds: u64,
    /// Bad ranges, on the filesystem's block device.
    pub bad: Vec<BadRange>,
    /// Bad ranges that the list leaves out because it is full.
    pub bad_left_out: u64,
    /// Bytes of the manifest that belong to it.
    pub manifest_bytes: u64,
    /// Files that were counted and that may not have been removed yet.
    pub pending: Vec<FileId>,
    /// Files that were about to be released and cut off: what is left of them shows no obstacle any more.
    #[serde(default)]
    pub released: Vec<FileId>,
    /// Targets, by their place on the command line, that were about to be removed whole.
    #[serde(default)]
    pub gone: Vec<u32>,
    /// What stood in the way of files that were released, by name.
    #[serde(default)]
    pub obstacles: Vec<String>,
    /// A name was removed.
    #[serde(default)]
    pub names_removed: bool,
    /// A file had extended attributes with content.
    #[serde(default)]
    pub attributes: bool,
    /// Bytes trimmed for released files; `None` where there was none.
    #[serde(default)]
    pub trimmed: Option<u64>,
}

impl FilesState {
    /// Nothing was done yet.
    pub fn new(plan: &StoredFiles, passes: usize) -> Self {
        FilesState {
            found: plan.none_yet.clone(),
            passes: vec![(0, 0); passes],
            bytes_read: 0,
            mismatches: 0,
            unreadable: 0,
            read_milliseconds: 0,
            bad: Vec::new(),
            bad_left_out: 0,
            manifest_bytes: 0,
            pending: Vec::new(),
            released: Vec::new(),
            gone: Vec::new(),
            obstacles: Vec::new(),
            names_removed: false,
            attributes: false,
            trimmed: None,
        }
    }
}
