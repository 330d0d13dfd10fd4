//! What a job found out. Everything in a verdict follows from this, and all of it stands in the record.

use serde::{Deserialize, Serialize};

use super::{CommandEvidence, FilesEvidence};
use crate::media::{ByteRange, Health, HiddenAreas, Layer, Method, Rotation, TechniqueId, VerifyKind};
use crate::pattern::Pattern;

/// What the target was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ScopeKind {
    /// Every user-addressable block of a whole medium.
    WholeMedium,
    /// An NVMe namespace or the user area of an eMMC: a controller may have others, and these were not examined.
    Namespace,
    /// One partition of a medium.
    Partition,
    /// A plain file that stands in for a device (demo and tests).
    PlainFile,
    /// Files of a filesystem, and nothing else of the device that it lies on.
    Files,
    /// The blocks of a filesystem that belong to no file.
    FreeSpace,
}

/// What was named, and so what may be spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// What the target was.
    pub kind: ScopeKind,
    /// First byte, on the medium; of files: that of the device that their filesystem lies on.
    pub first_byte: u64,
    /// Length in bytes; of files: bytes in the extents that were overwritten, wherever on the device they lie.
    pub bytes: u64,
}

/// What went wrong with a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// A write failed after retries: the old content may still be there.
    WriteFailed,
    /// A read failed on verification: nothing is known of the content.
    Unreadable,
    /// A read on verification gave other bytes than were written.
    Mismatch,
}

/// A bad range, aligned to logical blocks, counted from the first byte of the scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BadRange {
    /// What went wrong.
    pub kind: Trouble,
    /// Offset of the first byte.
    pub first_byte: u64,
    /// Length in bytes.
    pub bytes: u64,
    /// Which pass (from 1); 0 for verification.
    pub pass: u32,
    /// The kernel's error (`EIO (Input/output error)`), where there was one.
    pub error: Option<String>,
}

impl BadRange {
    /// The range alone.
    pub fn range(&self) -> ByteRange {
        ByteRange::new(self.first_byte, self.bytes)
    }
}

/// One overwrite pass, over all sessions of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassEvidence {
    /// Number, from 1.
    pub number: u32,
    /// What was written.
    pub pattern: Pattern,
    /// Bytes of the scope that the device accepted, each counted once.
    pub bytes_written: u64,
    /// Time spent writing, in milliseconds, over all sessions.
    pub milliseconds: u64,
    /// Every byte of the scope was accepted or stands among the bad ranges, and the final flush succeeded.
    pub complete: bool,
}

/// What the readback found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationEvidence {
    /// Full or sampled.
    pub kind: VerifyKind,
    /// The plan was carried out to its end.
    pub complete: bool,
    /// Bytes that the plan asked for.
    pub bytes_planned: u64,
    /// Bytes read and compared.
    pub bytes_read: u64,
    /// Logical blocks that differed.
    pub mismatches: u64,
    /// Logical blocks that could not be read.
    pub unreadable: u64,
    /// Seed of the sampling plan, 32 hexadecimal digits; `None` for full.
    pub seed: Option<String>,
    /// Cells of the sampling plan and how many of them were read; `None` for full.
    pub cells: Option<(u64, u64)>,
    /// Time spent reading, in milliseconds.
    pub milliseconds: u64,
}

/// How the job's work ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum End {
    /// Every phase ran to its end.
    Completed,
    /// Stopped on request; the signal's name, or `killed` where the next session found the journal open.
    Interrupted {
        /// Why.
        cause: String,
    },
    /// The medium vanished, changed identity, turned read-only or shrank: its state is unknown.
    Lost {
        /// What was found.
        detail: String,
    },
    /// Given up: too many bad ranges, a failed flush, a checkpoint that could not be kept.
    GaveUp {
        /// Why.
        detail: String,
    },
}

/// What the drive said of its health before the first change, and after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HealthBeforeAfter {
    /// Before.
    pub before: Option<Health>,
    /// After.
    pub after: Option<Health>,
}

/// All that a job found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Method asked for.
    pub method: Method,
    /// Technique carried out.
    pub technique: TechniqueId,
    /// What was named.
    pub scope: Scope,
    /// Layers between the named device and a medium.
    pub layers: Vec<Layer>,
    /// Hidden areas, as they were before the first change.
    pub hidden_areas: HiddenAreas,
    /// The drive's health before and after, where it was asked.
    pub health: HealthBeforeAfter,
    /// Whether it rotates.
    pub rotation: Rotation,
    /// Whether Rev. 1 asks for a pattern and its complement on this medium.
    pub wants_complement: bool,
    /// How many passes were planned.
    pub passes_planned: u32,
    /// The passes begun, in order.
    pub passes: Vec<PassEvidence>,
    /// What the drive was told to do and did, where the erase was the drive's own.
    pub command: Option<CommandEvidence>,
    /// What was found of files, where files or free space were named. Passes, verification and bad ranges are sums over all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<Box<FilesEvidence>>,
    /// Verification asked for.
    pub verification_asked: VerifyKind,
    /// What the readback found; `None` if it did not begin.
    pub verification: Option<VerificationEvidence>,
    /// Bad ranges of every phase.
    pub bad: Vec<BadRange>,
    /// Bad ranges that the list leaves out because it is full.
    pub bad_left_out: u64,
    /// How the work ended.
    pub end: End,
}

impl Evidence {
    /// How many bytes may fail before a job is given up: past this a medium is not 'sanitized with exceptions', it is broken.
    /// One percent of the scope, or up to 1 MiB where that is more, but never more than a quarter.
    pub fn bad_limit(scope_bytes: u64) -> u64 {
        (scope_bytes / 100).max((1 << 20).min(scope_bytes / 4))
    }
}
