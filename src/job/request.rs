//! What the operator asked for, in types.

use serde::{Deserialize, Serialize};

use crate::journal::CaseLink;
use crate::media::{Method, TechniqueId, VerifyKind};

/// What an overwrite writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverwriteChoice {
    /// The seekable random stream.
    Random,
    /// One byte value, repeated.
    Byte(u8),
    /// A named scheme.
    Scheme(String),
}

/// What the operator asked for, the same for every target of one command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// A technique by name; `None`: the ladder's choice.
    pub technique: Option<TechniqueId>,
    /// What an overwrite writes.
    pub overwrite: OverwriteChoice,
    /// The operator's word that all data on the medium was always encrypted by the drive: for cryptographic erase of a drive that
    /// does not say so itself.
    #[serde(default)]
    pub attest_encryption: bool,
    /// Readback; `None`: the technique's default (full for overwrite).
    pub verify: Option<VerifyKind>,
    /// Bytes per second a target; `None`: no limit.
    pub max_rate: Option<u64>,
    /// Who runs it.
    pub operator: Option<String>,
    /// Reference of the controller's instruction.
    pub instruction: Option<String>,
    /// Property number.
    pub property: Option<String>,
    /// The case that the records belong to.
    #[serde(default)]
    pub case: Option<CaseLink>,
}
