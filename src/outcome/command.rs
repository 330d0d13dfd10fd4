//! What was found out of an erase that the drive carried out by itself.

use serde::{Deserialize, Serialize};

use crate::media::TechniqueId;

/// How far it was, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Since the command was accepted.
    pub milliseconds: u64,
    /// In 65536ths, as the drive tells.
    pub progress: u16,
}

/// One command sent to the drive and what it answered, as the bytes that went over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The command by the name of its standard.
    pub command: String,
    /// Command block, registers or dwords, in hexadecimal.
    pub sent: String,
    /// What came back, in words.
    pub answer: String,
    /// The answer's bytes (sense data, registers, status and dword 0, log page), in hexadecimal; `None` where none came back.
    pub received: Option<String>,
}

/// How an erase by the drive ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "ending", rename_all = "kebab-case")]
pub enum Ending {
    /// Seen running, then the drive's own success.
    Succeeded,
    /// A success at the first look. Only what was written before and is gone can bear it out.
    AtOnce,
    /// The command is one that is answered when it is done, and it was answered with success.
    Answered,
    /// A success, but the blocks were deallocated though that was not to be: reading them proves nothing.
    Deallocated,
    /// The drive's own failure.
    Failed {
        /// In its words.
        detail: String,
    },
    /// It stands still.
    Stalled {
        /// Where, in 65536ths.
        progress: Option<u16>,
        /// For how long.
        seconds: u64,
    },
    /// The success shown is older than our command, or can't be told from an older one.
    Stale,
    /// The success shown is of another command than ours.
    Foreign,
    /// Accepted, and no trace of it: neither running nor ended.
    NotRun,
    /// Reset or without power in between, and not seen running since: the success shown can't be tied to our command.
    BrokenChain {
        /// In the drive's words.
        resets: Vec<String>,
    },
    /// The drive rejected the command: it changed nothing.
    Rejected {
        /// In its words.
        detail: String,
    },
    /// The same, because it is frozen against sanitizing (ACS-4, SANITIZE DEVICE ERROR REASON 03h).
    Frozen,
    /// The command never reached the drive.
    NotSent {
        /// What kept it from the drive.
        detail: String,
    },
    /// The drive's answer to the command does not say whether it began, and nothing that the drive showed afterwards does.
    Unclear {
        /// The answer, in the drive's words.
        detail: String,
    },
    /// It could not be followed, as when the connection is lost: whether the drive carried it out is not known.
    Unknown {
        /// What was lost, or can't be read.
        detail: String,
    },
    /// We were stopped; the drive goes on by itself.
    LeftRunning {
        /// `SIGINT` …
        cause: String,
    },
}

/// Marked blocks, written and flushed before the erase at places that nobody could foresee, and read after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Markers {
    /// Places marked, each one logical block.
    pub written: u64,
    /// Read back otherwise.
    pub gone: u64,
    /// Read back as they were written.
    pub survived: u64,
    /// Could not be read.
    pub unreadable: u64,
}

impl Markers {
    /// Whether every one of them is known to be gone, and there were some.
    pub fn all_gone(&self) -> bool {
        self.written > 0 && self.gone == self.written && self.survived == 0 && self.unreadable == 0
    }
}

/// Blocks that were read before the erase, at places that nobody could foresee, and again after it: compared by digests under a key that
/// is drawn for the one comparison and never written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Witnesses {
    /// Places read before, each one logical block.
    pub read: u64,
    /// Of these, how many held the same byte throughout: they can't show a difference, and count no further.
    pub blank: u64,
    /// Hold something else now.
    pub changed: u64,
    /// Hold the same as before.
    pub same: u64,
    /// Could not be read, before or after.
    pub unreadable: u64,
}

/// What reading back can say after this erase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Readback {
    /// The drive was told what to write, and that is expected.
    Pattern,
    /// Every marked block reads as one and the same byte, repeated: that is expected of the whole medium.
    Uniform,
    /// Nothing that was there before may be there: only a difference can be shown.
    Changed,
    /// Blocks are deallocated: what reading gives is not what the medium holds.
    ProvesNothing,
}

/// An erase by the drive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CommandEvidence {
    /// The technique.
    pub technique: TechniqueId,
    /// The drive accepted our command.
    pub accepted: bool,
    /// It was seen running.
    pub seen_running: bool,
    /// How it ended.
    pub ending: Ending,
    /// Resets and losses of power in between, in the drive's words.
    pub resets: Vec<String>,
    /// What the drive itself expected it to take, in seconds.
    pub estimate_seconds: Option<u64>,
    /// From acceptance to the end, in milliseconds, over all sessions.
    pub milliseconds: u64,
    /// How it went on, thinned out.
    pub progress: Vec<Progress>,
    /// The commands that matter: before, the erase itself, the last look.
    pub exchanges: Vec<Exchange>,
    /// Seed of the marked and compared places, 32 hexadecimal digits.
    pub seed: Option<String>,
    /// Marked blocks, of everything that the erase reaches.
    pub markers: Option<Markers>,
    /// Blocks compared with what they held before; `None` where the digests went with a session that was cut off.
    pub witnesses: Option<Witnesses>,
    /// What every block should read as now, as hexadecimal digits repeated, for [`Readback::Pattern`] and [`Readback::Uniform`].
    pub expected: Option<String>,
    /// What reading back can say.
    pub readback: Readback,
    /// Whose word it is that all data was always encrypted: the drive's (`drive`) or a person's (`attested`); for cryptographic erase.
    pub encryption: Option<String>,
    /// Other namespaces, logical units and paths that it reached as well.
    pub reached: Vec<String>,
}
