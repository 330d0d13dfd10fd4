//! What people said, decided and signed: by its document, its day and their name.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::item::ItemKind;
use super::terms::{Choice, Level, MediaType};

/// A natural person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Title.
    #[serde(default)]
    pub title: String,
    /// By what authority: power to bind the firm, power of attorney.
    pub authority: Option<String>,
}

/// A document, by its file beside the case and its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// File, relative to the case file.
    pub file: String,
    /// SHA-256, 64 hexadecimal digits; held against the file where it is given.
    pub sha256: Option<String>,
}

/// The controller's written notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Day it was given.
    pub date: Date,
    /// Who gave it.
    pub by: Person,
    /// What it asks for.
    pub choice: Choice,
    /// The notice itself.
    pub document: Document,
}

/// The controller's documented instruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Instruction {
    /// Reference: stands in every record that belongs to the case.
    pub reference: String,
    /// Day it was given.
    pub date: Date,
    /// Who gave it.
    pub by: Person,
    /// What it asks for.
    pub choice: Choice,
    /// The instruction itself.
    pub document: Document,
}

/// Somebody's word on a day, with its document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// Day.
    pub date: Date,
    /// Who.
    pub by: Person,
    /// The document.
    pub document: Document,
}

/// A tool with a written approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ToolApproval {
    /// Name of the tool.
    pub tool: String,
    /// Version.
    pub version: String,
    /// Kinds of media that it covers.
    pub media: Vec<MediaType>,
    /// Methods that it covers: `clear`, `purge`.
    pub methods: Vec<Level>,
    /// Day of the approval.
    pub date: Date,
    /// Last day of the approval.
    pub until: Date,
    /// Who gave it.
    pub by: Person,
    /// The approval itself.
    pub document: Document,
}

impl Accepted {
    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Accepted::Level => "level",
            Accepted::Exceptions => "exceptions",
            Accepted::LogicalDeletion => "logical-deletion",
            Accepted::Degaussing => "degaussing",
            Accepted::Declaration => "declaration",
            Accepted::Archive => "archive",
            Accepted::Instruction => "instruction",
        }
    }
}

/// The notice as it was passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Forwarded {
    /// Day.
    pub date: Date,
    /// What was sent.
    pub document: Document,
}

/// Data given back. Its source still has to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// Short id.
    pub id: String,
    /// Day.
    pub date: Date,
    /// What was given back.
    pub what: String,
    /// Ids of the items that held it.
    pub sources: Vec<String>,
    /// The receipt.
    pub receipt: Document,
}

/// A named person declares that the inventory is complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    /// Day.
    pub date: Date,
    /// Who declares it.
    pub by: Person,
    /// The signed declaration.
    pub document: Document,
    /// Kinds of copies of which there are none.
    #[serde(default)]
    pub none: Vec<ItemKind>,
    /// There are no sub-processors.
    #[serde(default)]
    pub no_subprocessors: bool,
}

/// The controller accepts something that falls short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Short id.
    pub id: String,
    /// What is accepted.
    pub what: Accepted,
    /// Ids of the items or sub-processors that it is accepted for.
    pub of: Vec<String>,
    /// Day.
    pub date: Date,
    /// Who accepts, for the controller.
    pub by: Person,
    /// The signed acceptance.
    pub document: Document,
}

/// What an acceptance can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Accepted {
    /// A level below the one that the data needs.
    Level,
    /// Exceptions: blocks that could not be written or read.
    Exceptions,
    /// Logical deletion.
    LogicalDeletion,
    /// Degaussing.
    Degaussing,
    /// A sub-processor's signed declaration in place of a certificate.
    Declaration,
    /// That an item was erased before the archive question was answered.
    Archive,
    /// That an item was dealt with before the instruction: a disk replaced in the course of the contract.
    Instruction,
}

/// A medium that must not be erased in this case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Excluded {
    /// Serial number.
    pub serial: Option<String>,
    /// Number on the customer's list.
    pub asset: Option<String>,
    /// Why.
    pub reason: String,
}

/// A key whose signatures count, and how its fingerprint was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// `sha256:` and 64 hexadecimal digits.
    pub fingerprint: String,
    /// `processor`, or the id of a sub-processor.
    pub holder: String,
    /// Where the fingerprint stands: contract annex, Digital Post.
    pub document: Document,
}

/// The four roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Who erased.
    pub operator: Option<Person>,
    /// Who verified: another person.
    pub verifier: Option<Person>,
    /// Who signs for the processor.
    pub signatory: Option<Person>,
    /// Who receives it for the controller.
    pub receiver: Option<Person>,
}

/// A person's decision on the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// What was decided.
    pub decision: Decision,
    /// Who decided.
    pub by: Person,
    /// Day.
    pub date: Date,
    /// Why.
    pub reason: String,
    /// How sensitive the data is, in the person's words.
    pub sensitivity: String,
    /// What is done instead; with a rejection.
    pub remedy: Option<String>,
    /// The signed decision.
    pub document: Document,
}

/// What a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The result is accepted.
    Accepted,
    /// The result is rejected.
    Rejected,
}
