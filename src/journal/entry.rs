//! What a journal says.

use serde::{Deserialize, Serialize};

use super::{FilesState, StoredFiles};
use crate::media::{Identity, Medium, Method, TechniqueId, VerifyKind};
use crate::outcome::{BadRange, CommandEvidence, Evidence};
use crate::pattern::Pattern;

/// One pass as planned, key included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPass {
    /// Number, from 1.
    pub number: u32,
    /// What is written.
    pub pattern: Pattern,
}

/// What a plan of an erase by the drive has besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredErase {
    /// Seed of the marked places, 32 hexadecimal digits.
    pub seed: String,
    /// Whose word it is that all data was always encrypted: `drive` or `attested`.
    pub encryption: Option<String>,
    /// What the drive expects it to take, in seconds.
    pub estimate_seconds: Option<u64>,
    /// The other devices of the drive, confirmed as well.
    pub siblings: Vec<Medium>,
    /// What the drive reaches besides, in words.
    pub reached: Vec<String>,
}

/// The case that a job's records belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLink {
    /// Id of the case.
    pub id: String,
    /// Its file, by absolute path (lossy where it is not UTF-8): where the records are added.
    pub file: String,
}

/// All of a plan that a later session needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPlan {
    /// The target as it was confirmed.
    pub medium: Medium,
    /// Method asked for.
    pub method: Method,
    /// Technique taken.
    pub technique: TechniqueId,
    /// Passes.
    pub passes: Vec<StoredPass>,
    /// What belongs to an erase by the drive.
    #[serde(default)]
    pub erase: Option<StoredErase>,
    /// What belongs to a job on files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<Box<StoredFiles>>,
    /// The swap area that is made anew when the overwrite is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<StoredSwap>,
    /// Name of the scheme, where one was asked for.
    pub scheme: Option<String>,
    /// Readback.
    pub verify: VerifyKind,
    /// Bytes per second; `None`: no limit.
    pub max_rate: Option<u64>,
    /// Operator, as given.
    pub operator: Option<String>,
    /// Instruction, as given.
    pub instruction: Option<String>,
    /// Property number, as given.
    pub property: Option<String>,
    /// The case that its records belong to.
    #[serde(default)]
    pub case: Option<CaseLink>,
    /// Digests of the target's first blocks before the first change, where they could be read.
    pub head: Option<Vec<String>>,
    /// The same of each partition's first blocks.
    pub partition_heads: Vec<String>,
    /// Where the records go (lossy where it is not UTF-8: then `resume` needs `--out`).
    pub out: String,
}

/// What a swap area is made anew by, and whether it was swapped to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSwap {
    /// UUID; all zeros where it has none.
    pub uuid: [u8; 16],
    /// Label, filled with zeros.
    pub label: [u8; 16],
    /// Bytes of a page.
    pub page_bytes: u32,
    /// Its numbers are in the other order of bytes than this machine's.
    pub foreign: bool,
    /// It was swapped to before.
    pub was_active: bool,
    /// The priority that it had then; negative ones were given by the kernel.
    pub priority: i32,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
// Entries are few and short-lived: their size does not matter.
#[allow(clippy::large_enum_variant)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum Entry {
    /// The job was confirmed and is about to begin. First entry, once.
    Started {
        /// Id of the job.
        job: String,
        /// The plan.
        plan: Box<StoredPlan>,
        /// Version of the program.
        version: String,
    },
    /// A session is about to make its first change.
    Session {
        /// Id of the record that this session will issue.
        record: String,
        /// When, RFC 3339.
        started: String,
        /// The kernel's boot id.
        boot: String,
        /// The identity on the held descriptors.
        identity: Identity,
        /// The pass and byte at which writing begins.
        from_pass: u32,
        /// See `from_pass`.
        from_byte: u64,
    },
    /// Everything of `pass` below `durable` has been written or is listed as bad, and a flush has succeeded since.
    Checkpoint {
        /// Number of the pass.
        pass: u32,
        /// Bytes from the start of the scope.
        durable: u64,
        /// Time spent writing this pass, all sessions, in milliseconds.
        milliseconds: u64,
        /// Ranges found bad in this pass since the last checkpoint.
        bad: Vec<BadRange>,
    },
    /// How far an erase by the drive is. The one with `sent` stands before the command is sent.
    Erase {
        /// The command may have been sent.
        sent: bool,
        /// What is known of it.
        command: Box<CommandEvidence>,
    },
    /// How far a job on files is.
    Files {
        /// All of it.
        state: Box<FilesState>,
    },
    /// The session ended, and this is what the job found out so far.
    Concluded {
        /// When, RFC 3339.
        finished: String,
        /// All of it.
        evidence: Box<Evidence>,
        /// Engine that moved the blocks.
        engine: Option<String>,
    },
    /// The record of the last session that had none was issued.
    Issued {
        /// Id of the record.
        record: String,
        /// `sha256:` and the digest of its JSON.
        digest: String,
        /// Where it was written.
        path: String,
    },
    /// The job will not be gone on with: a new one was begun on its medium. Last entry.
    Abandoned {
        /// Id of the new job.
        by: String,
    },
}
