//! The case as a person wrote it: parties, agreements, what is to be accounted for, and the papers that bear it out.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::item::{Item, ItemKind};
use super::profile::{Assignment, Disposal, Repair};

/// A contract case. Keys are those of the case file and of the certificate's annex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// [`Case::SCHEMA`].
    pub schema: String,
    /// 32 hexadecimal digits, drawn when the case was begun.
    pub id: String,
    /// Which questions are answered.
    pub profile: Profile,
    /// Language of the certificate.
    pub language: Language,
    /// Who decides on the data: the municipality.
    pub controller: Party,
    /// Who answers for the erasure: the supplier, or the person whose assignment ends.
    pub processor: Party,
    /// The agreements and their end.
    pub agreements: Agreements,
    /// The controller's written notice before the end.
    pub notice: Option<Notice>,
    /// The controller's documented instruction.
    pub instruction: Option<Instruction>,
    /// The controller's word that nothing has to be archived first.
    pub archive: Option<Confirmation>,
    /// Tools that somebody gave a written approval for.
    #[serde(default)]
    pub tool_approvals: Vec<ToolApproval>,
    /// Level that each category of data needs, where it is above [`Category::floor`]; a lower one is the controller's to accept.
    #[serde(default)]
    pub levels: BTreeMap<Category, Level>,
    /// Systems of annex 1.
    #[serde(default)]
    pub systems: Vec<System>,
    /// Locations of annex 2.
    #[serde(default)]
    pub locations: Vec<Location>,
    /// Sub-processors of annex 2.
    #[serde(default)]
    pub subprocessors: Vec<SubProcessor>,
    /// Media and copies, each with what became of it.
    #[serde(default)]
    pub items: Vec<Item>,
    /// Data given back.
    #[serde(default)]
    pub returns: Vec<Return>,
    /// The declaration that the inventory is complete.
    pub inventory: Option<Inventory>,
    /// What the controller accepted although it falls short.
    #[serde(default)]
    pub acceptances: Vec<Acceptance>,
    /// Media that must not be erased in this case.
    #[serde(default)]
    pub excluded: Vec<Excluded>,
    /// Whose signatures count.
    #[serde(default)]
    pub keys: Vec<Key>,
    /// Records of media that stand on no list.
    #[serde(default)]
    pub unlisted: Vec<String>,
    /// The four roles.
    #[serde(default)]
    pub roles: Roles,
    /// A person's decision to accept or reject the result (NIST SP 800-88 Rev. 2 §4.5.2).
    pub validation: Option<Validation>,
    /// A device that goes to a repairer.
    pub repair: Option<Repair>,
    /// Equipment that is scrapped, sold or given away.
    pub disposal: Option<Disposal>,
    /// The end of a person's assignment.
    pub assignment: Option<Assignment>,
}

impl Case {
    /// Name and version of the schema.
    pub const SCHEMA: &str = "radera/case/1";
}

/// Which questions are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Section 12 of the processing agreement.
    ContractEnd,
    /// Annex 3 §11 and section 13: a device goes to a repairer.
    Repair,
    /// Annex 3 §11: equipment is scrapped, sold or given away.
    Disposal,
    /// The end of a person's assignment.
    AssignmentEnd,
}

/// Language of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Danish.
    Da,
    /// Swedish.
    Sv,
    /// English.
    En,
}

/// A party.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Postal address.
    #[serde(default)]
    pub address: String,
    /// Country, ISO 3166-1 alpha-2.
    #[serde(default)]
    pub country: String,
    /// CVR number (Denmark), organisation number (Sweden), or another register's.
    #[serde(default)]
    pub number: String,
}

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

/// The agreements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Agreements {
    /// The main agreement.
    pub main: Option<Agreement>,
    /// The data-processing agreement.
    pub processing: Option<Agreement>,
    /// Day on which the main agreement ended or ends.
    pub end: Option<Date>,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Title.
    pub title: String,
    /// Day of signature.
    pub date: Option<Date>,
    /// Another unique identification.
    pub reference: Option<String>,
    /// The agreement itself.
    pub document: Option<Document>,
}

/// What the controller wants done with the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Delete.
    Delete,
    /// Give back; what stays behind is deleted all the same.
    Return,
    /// Some of it back, all of it deleted.
    ReturnAndDelete,
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

/// What kind of medium holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MediaType {
    /// Hard disk.
    MagneticDisk,
    /// SSD, NVMe, USB stick, memory card, eMMC.
    Flash,
    /// Magnetic tape.
    Tape,
    /// CD, DVD, Blu-ray.
    Optical,
    /// Virtual disk, logical volume, container.
    Virtual,
    /// Service run by somebody else.
    Cloud,
    /// Paper, film.
    Paper,
    /// Another, or not known.
    Other,
}

/// How thoroughly data is gone. In order; a higher one reaches every lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing can be claimed of the whole medium.
    None,
    /// Every logical block was overwritten; the layers below are virtual or not known.
    Logical,
    /// NIST SP 800-88 Clear.
    Clear,
    /// NIST SP 800-88 Purge.
    Purge,
    /// NIST SP 800-88 Destroy.
    Destroy,
}

/// Category of personal data, as annex 1 has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// General (GDPR article 6).
    General,
    /// Special categories (GDPR article 9).
    Special,
    /// Criminal convictions and offences (GDPR article 10).
    Criminal,
    /// National identification numbers: CPR, personnummer.
    NationalId,
}

impl Category {
    /// The level that data of the category needs at least, whatever the case says.
    pub fn floor(self) -> Level {
        match self {
            Category::General => Level::Clear,
            Category::Special | Category::Criminal | Category::NationalId => Level::Purge,
        }
    }
}

impl Level {
    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Logical => "logical",
            Level::Clear => "clear",
            Level::Purge => "purge",
            Level::Destroy => "destroy",
        }
    }
}

impl MediaType {
    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            MediaType::MagneticDisk => "magnetic-disk",
            MediaType::Flash => "flash",
            MediaType::Tape => "tape",
            MediaType::Optical => "optical",
            MediaType::Virtual => "virtual",
            MediaType::Cloud => "cloud",
            MediaType::Paper => "paper",
            MediaType::Other => "other",
        }
    }
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
        }
    }
}

/// A system of annex 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Short id that items name.
    pub id: String,
    /// Name.
    pub name: String,
    /// Where it runs.
    #[serde(default)]
    pub environment: String,
    /// Categories of data in it.
    #[serde(default)]
    pub categories: Vec<Category>,
}

/// A location of annex 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Short id that items name.
    pub id: String,
    /// Address.
    pub address: String,
    /// Country, ISO 3166-1 alpha-2.
    pub country: String,
}

/// A sub-processor of annex 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SubProcessor {
    /// Short id.
    pub id: String,
    /// Name, address, country, number.
    pub party: Party,
    /// Systems that it runs.
    #[serde(default)]
    pub systems: Vec<String>,
    /// Locations that are its.
    #[serde(default)]
    pub locations: Vec<String>,
    /// The notice as it was passed on.
    pub forwarded: Option<Forwarded>,
    /// Its own deletion certificate: a file beside the case.
    pub certificate: Option<String>,
    /// A declaration signed by a person.
    pub declaration: Option<Confirmation>,
    /// Its statement, signed by nobody: a mail, a ticket.
    pub statement: Option<Document>,
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
