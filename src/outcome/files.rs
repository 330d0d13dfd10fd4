//! What a job on files or on the free space of a filesystem found out, beside what it shares with jobs on devices: there the passes
//! and the readback speak of the blocks of all files together.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::Residue;

/// What was found of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FileVerdict {
    /// Every block that the filesystem said held its content was overwritten in place, the mapping was the same before and after, and
    /// the blocks read back from the block device are ours. A file without a block counts as well.
    ClearedVerified,
    /// Overwritten, without proof that it was in place, or that it is there.
    OverwrittenUnverified,
    /// Removed, and its blocks handed to the device as no longer needed (FITRIM): what they hold is not known.
    TrimmedNotOverwritten,
    /// Its content is still there, or may be.
    NotCleared,
}

impl FileVerdict {
    /// Every verdict, the best first.
    pub const ALL: [FileVerdict; 4] = [
        FileVerdict::ClearedVerified,
        FileVerdict::OverwrittenUnverified,
        FileVerdict::TrimmedNotOverwritten,
        FileVerdict::NotCleared,
    ];

    /// The name used in JSON and records.
    pub fn name(self) -> &'static str {
        match self {
            FileVerdict::ClearedVerified => "cleared-verified",
            FileVerdict::OverwrittenUnverified => "overwritten-unverified",
            FileVerdict::TrimmedNotOverwritten => "trimmed-not-overwritten",
            FileVerdict::NotCleared => "not-cleared",
        }
    }
}

/// How many files came to each verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FileCounts {
    /// See [`FileVerdict::ClearedVerified`].
    pub cleared_verified: u64,
    /// See [`FileVerdict::OverwrittenUnverified`].
    pub overwritten_unverified: u64,
    /// See [`FileVerdict::TrimmedNotOverwritten`].
    pub trimmed_not_overwritten: u64,
    /// See [`FileVerdict::NotCleared`].
    pub not_cleared: u64,
}

impl FileCounts {
    /// Counts one more file.
    pub fn add(&mut self, verdict: FileVerdict) {
        let count = self.of(verdict);
        *count = count.saturating_add(1);
    }

    /// How many came to `verdict`.
    pub fn get(&self, verdict: FileVerdict) -> u64 {
        match verdict {
            FileVerdict::ClearedVerified => self.cleared_verified,
            FileVerdict::OverwrittenUnverified => self.overwritten_unverified,
            FileVerdict::TrimmedNotOverwritten => self.trimmed_not_overwritten,
            FileVerdict::NotCleared => self.not_cleared,
        }
    }

    /// How many came to any; saturates at `u64::MAX`.
    pub fn total(&self) -> u64 {
        self.checked_total().unwrap_or(u64::MAX)
    }

    /// How many came to any; `None` where that is no number of files.
    pub fn checked_total(&self) -> Option<u64> {
        FileVerdict::ALL.into_iter().try_fold(0_u64, |sum, verdict| sum.checked_add(self.get(verdict)))
    }

    fn of(&mut self, verdict: FileVerdict) -> &mut u64 {
        match verdict {
            FileVerdict::ClearedVerified => &mut self.cleared_verified,
            FileVerdict::OverwrittenUnverified => &mut self.overwritten_unverified,
            FileVerdict::TrimmedNotOverwritten => &mut self.trimmed_not_overwritten,
            FileVerdict::NotCleared => &mut self.not_cleared,
        }
    }
}

impl AddAssign for FileCounts {
    fn add_assign(&mut self, other: FileCounts) {
        for verdict in FileVerdict::ALL {
            let count = self.of(verdict);
            *count = count.saturating_add(other.get(verdict));
        }
    }
}

/// What was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FilesSubject {
    /// Files, or directories with all that is in them.
    Files,
    /// The blocks of a filesystem that belong to no file; the files counted are those that they were filled with.
    FreeSpace,
}

/// How it was found out which bytes of the device hold a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FilesMapping {
    /// The FIEMAP ioctl, whose physical offsets are those on the device.
    Fiemap,
    /// FIEMAP, then the chunk tree of btrfs, whose FIEMAP gives logical addresses.
    BtrfsChunkTree,
    /// Not at all: the filesystem does not tell, or what it tells can't be relied on.
    None,
}

impl FilesMapping {
    /// The name used in JSON and records.
    pub fn name(self) -> &'static str {
        match self {
            FilesMapping::Fiemap => "fiemap",
            FilesMapping::BtrfsChunkTree => "btrfs-chunk-tree",
            FilesMapping::None => "none",
        }
    }
}

/// What was done beside the overwriting, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FilesStep {
    /// Attributes that forbid changes (`chattr +i`, `+a`) were taken off.
    AttributesLifted {
        /// Of how many files and directories.
        files: u64,
    },
    /// The rest of the last block, behind the end of files that stay, was overwritten.
    SlackOverwritten {
        /// Bytes.
        bytes: u64,
    },
    /// Names were replaced by others of the same length before they were removed.
    NamesReplaced {
        /// How many.
        names: u64,
    },
    /// The journal was written out and zeroed (`EXT4_IOC_CHECKPOINT` with zero-out).
    JournalCheckpointed,
    /// The space that was freed was filled, and given back.
    FreeSpaceFilled {
        /// Bytes.
        bytes: u64,
    },
    /// The filesystem told the device which blocks it no longer needs (FITRIM).
    Trimmed {
        /// Bytes, by the kernel's word.
        bytes: u64,
    },
}

/// A list of the files beside the record, one or more lines each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FilesManifest {
    /// Its name: `<id of the record>.files.jsonl`.
    pub file: String,
    /// `sha256:` and the digest of its bytes.
    pub digest: String,
    /// Lines in it.
    pub lines: u64,
}

/// What was found of the files, all together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesEvidence {
    /// What was named.
    pub subject: FilesSubject,
    /// The filesystem, as the kernel calls it: `ext4`, `xfs`, `btrfs` …
    pub filesystem: String,
    /// How it was found out which bytes of the device hold a file.
    pub mapping: FilesMapping,
    /// A layer below writes elsewhere than it is told, or what lies below can't be known.
    pub redirected: bool,
    /// Size in bytes of the device that the filesystem lies on, from the scope's first byte on; 0 where there is none. Extents and bad
    /// ranges lie in it.
    pub device_bytes: u64,
    /// Files found and dealt with.
    pub count: u64,
    /// Their sizes, in bytes.
    pub bytes: u64,
    /// Extents that were overwritten.
    pub extents: u64,
    /// Bytes in them: what each pass wrote and the readback read.
    pub extent_bytes: u64,
    /// Bytes that were trimmed.
    pub trimmed_bytes: u64,
    /// What came of the files.
    pub verdicts: FileCounts,
    /// What is left; see [`FilesEvidence::leave`].
    pub residue: Vec<Residue>,
    /// What was done beside the overwriting.
    pub steps: Vec<FilesStep>,
    /// Files that were removed.
    pub removed: u64,
    /// Symbolic links that were removed.
    #[serde(default)]
    pub links_removed: u64,
    /// Directories that were removed.
    pub directories_removed: u64,
    /// FIFOs, sockets and device nodes that were left alone.
    pub left: u64,
    /// The files stay, overwritten: it was asked for.
    pub kept: bool,
    /// `sha256:` and the digest over the list of extents, in the order of the manifest: first byte on the device and length of each, as
    /// two big-endian numbers of 64 bits.
    pub extents_digest: String,
    /// The list of files beside the record.
    pub manifest: Option<FilesManifest>,
    /// The first paths of that list, where names were asked for.
    #[serde(default)]
    pub names: Option<Vec<String>>,
}

impl FilesEvidence {
    /// Notes what is left. Each kind stands once with a certainty, in order; `files` adds up.
    pub fn leave(&mut self, left: Residue) {
        let key = |residue: &Residue| (residue.kind, residue.certainty);
        match self.residue.binary_search_by_key(&key(&left), key) {
            Ok(at) => {
                if let Some(same) = self.residue.get_mut(at) {
                    same.files = same.files.saturating_add(left.files);
                }
            }
            Err(at) => self.residue.insert(at, left),
        }
    }
}
