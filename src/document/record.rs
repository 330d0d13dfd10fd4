//! The sanitization record: what was done to one medium or partition, in one session of a job.

use serde::{Deserialize, Serialize};

use super::{FilesEntry, ResidueEntry};
use crate::media::{HiddenAreas, Layer, Method, TechniqueId, VerifyKind};
use crate::outcome::{BadRange, Claim, CommandEvidence, HealthBeforeAfter, ScopeKind, Status};
use crate::pattern::StreamSpec;

/// The record, with the keys of the command-line contract. Integers and strings only; integers stay below 2^53.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`Record::SCHEMA`].
    pub schema: String,
    /// Id of this record: 32 hexadecimal digits, random.
    pub id: String,
    /// Id of the job; all its sessions share it.
    pub job: String,
    /// Id of the case that the record belongs to.
    pub case: Option<String>,
    /// `sha256:` and the digest of the JSON of the record that this one replaces (an earlier session's).
    pub supersedes: Option<String>,
    /// [`Record::KIND`].
    pub kind: String,
    /// How the job ended.
    pub status: Status,
    /// The most that may be said.
    pub claim: Claim,
    /// Status and claim in words, with what they do not say.
    pub statement: String,
    /// The program.
    pub tool: ToolEntry,
    /// The signing certificate that the signature must be made with.
    pub signer: SignerEntry,
    /// The whole medium (of a partition: the disk it lies on).
    pub medium: MediumEntry,
    /// What was named.
    pub scope: ScopeEntry,
    /// Method asked for.
    pub method: Method,
    /// Technique carried out.
    pub technique: TechniqueId,
    /// Name of the overwrite scheme, where one was asked for.
    pub scheme: Option<String>,
    /// Whether Rev. 1 asks for a pattern and its complement on this medium.
    pub wants_complement: bool,
    /// How many passes were planned.
    pub passes_planned: u32,
    /// The passes begun, in order.
    pub passes: Vec<PassEntry>,
    /// What the drive was told to do and did, where the erase was its own.
    pub command: Option<CommandEvidence>,
    /// What was found of files, where files or free space were named; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FilesEntry>,
    /// What is left of them; present where `files` is, be it empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residue: Option<Vec<ResidueEntry>>,
    /// Standards and editions by which it was judged, a sentence each.
    pub standards: Vec<String>,
    /// Readback.
    pub verification: VerificationEntry,
    /// Hidden areas (HPA, DCO, AMA), as they were before the first change.
    pub hidden_areas: HiddenAreas,
    /// The drive's health before and after, where it was asked.
    pub health: HealthBeforeAfter,
    /// Everything that did not go as planned, range by range.
    pub exceptions: Vec<Exception>,
    /// Bad ranges that the list leaves out because it is full.
    pub exceptions_left_out: u64,
    /// The sessions of the job so far, this one last.
    pub sessions: Vec<Session>,
    /// Who ran it, as given.
    pub operator: Option<String>,
    /// Reference of the instruction, as given.
    pub instruction: Option<String>,
    /// Property number, as given.
    pub property: Option<String>,
    /// NIST SP 800-88 validation is a person's decision: always `awaiting decision`.
    pub validation: String,
    /// Start of the first session, RFC 3339, UTC, seconds.
    pub started: String,
    /// End of this session, likewise.
    pub finished: String,
}

impl Record {
    /// Name and version of the schema.
    pub const SCHEMA: &str = "radera/sanitization-record/1";
    /// The kind of document.
    pub const KIND: &str = "sanitization-record";
    /// What stands under `validation`.
    pub const VALIDATION: &str = "awaiting decision";
}

/// The program that did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ToolEntry {
    /// `radera`.
    pub name: String,
    /// Version.
    pub version: String,
    /// `sha256:` and the digest of the binary that ran; `unknown` where it could not be read.
    pub digest: String,
}

/// The signing certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignerEntry {
    /// `sha256:` and the digest of the signing certificate's DER.
    pub fingerprint: String,
    /// Whose key it is, by the signing certificate; absent in documents of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SignerKind>,
    /// Name in the signing certificate: of the person or organisation, else its common name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address of the authority (RFC 3161) whose time stamp the signature must carry; absent where none was asked for or had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_stamp: Option<String>,
}

impl SignerEntry {
    /// A signer of whom nothing but the fingerprint is told.
    pub fn of(fingerprint: String) -> Self {
        SignerEntry { fingerprint, kind: None, name: None, time_stamp: None }
    }
}

/// Whose key signs, as far as the signing certificate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignerKind {
    /// A natural person: what it makes is a signature.
    Person,
    /// An organisation: what it makes is a seal.
    Organisation,
    /// An installation of the tool, by a key of its own that nobody vouches for.
    Installation,
}

/// The whole medium.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MediumEntry {
    /// Device node at the time of this session (lossy where it is not UTF-8).
    pub path: String,
    /// How it was attached.
    pub bus: String,
    /// Vendor.
    pub vendor: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Firmware revision.
    pub firmware: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Where the serial number was read.
    pub serial_source: Option<String>,
    /// World wide name.
    pub wwn: Option<String>,
    /// Size of the whole medium in bytes.
    pub size_bytes: u64,
    /// Logical block size in bytes.
    pub logical_block_bytes: u32,
    /// Physical block size in bytes.
    pub physical_block_bytes: u32,
    /// `rotational`, `flash` or `unknown`.
    pub rotation: String,
    /// Removable by the kernel's word.
    pub removable: bool,
    /// The kernel's disk sequence number in this session, as text.
    pub disk_sequence: Option<String>,
    /// Layers between the named device and a medium.
    pub layers: Vec<Layer>,
}

/// What was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScopeEntry {
    /// What the target was.
    pub kind: ScopeKind,
    /// Device node as it was named; of files: that of the filesystem's device.
    pub path: String,
    /// First byte on the medium.
    pub first_byte: u64,
    /// Length in bytes; of files: bytes in the extents that were overwritten. Offsets in `passes` and `exceptions` count from the scope's
    /// first byte.
    pub bytes: u64,
}

/// One overwrite pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PassEntry {
    /// Number, from 1.
    pub number: u32,
    /// Name: `zeros`, `ones`, `0x…` bytes, `random`, `random-complement`.
    pub pattern: String,
    /// Bytes of a fixed pattern, as hexadecimal digits, repeated from the scope's first byte on.
    pub bytes_hex: Option<String>,
    /// Algorithm, key and offset-to-counter rule of a random pass.
    pub stream: Option<StreamSpec>,
    /// Each bit of the stream inverted.
    pub inverted: bool,
    /// Bytes that the device accepted, each counted once.
    pub bytes_written: u64,
    /// Time spent writing, in milliseconds, over all sessions.
    pub milliseconds: u64,
    /// Every byte was accepted or stands among the exceptions, and the final flush succeeded.
    pub complete: bool,
}

/// Readback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VerificationEntry {
    /// Asked for.
    pub asked: VerifyKind,
    /// Carried out.
    pub kind: VerifyKind,
    /// `passed`, `passed-with-exceptions`, `failed`, `incomplete` or `not-done`.
    pub status: String,
    /// Bytes that the plan asked for.
    pub bytes_planned: u64,
    /// Bytes read and compared.
    pub bytes_read: u64,
    /// Logical blocks that differed.
    pub mismatches: u64,
    /// Logical blocks that could not be read.
    pub unreadable: u64,
    /// Seed of the sampling plan, 32 hexadecimal digits.
    pub seed: Option<String>,
    /// Cells of the sampling plan.
    pub cells: Option<u64>,
    /// Cells that were read.
    pub cells_read: Option<u64>,
    /// Time spent reading, in milliseconds.
    pub milliseconds: u64,
    /// What it proves and what it does not.
    pub statement: String,
}

/// One thing that did not go as planned: the same as the evidence's bad range.
pub type Exception = BadRange;

/// One session of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Start, RFC 3339, UTC, seconds.
    pub started: String,
    /// End, likewise; `None` where the session was killed.
    pub finished: Option<String>,
    /// `completed`, `interrupted`, `killed`, `lost` or `gave-up`.
    pub end: String,
    /// What ended it, in words.
    pub detail: String,
    /// First byte of the pass that this session began to write at, and the pass; `None` where it began with verification.
    pub from_pass: Option<u32>,
    /// See `from_pass`.
    pub from_byte: Option<u64>,
    /// Engine that moved the blocks: `io_uring` or `sync`.
    pub engine: Option<String>,
}
