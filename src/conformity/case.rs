//! The case as a person wrote it: parties, agreements, what is to be accounted for, and the papers that bear it out.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::item::Item;
use super::papers::{
    Acceptance, Confirmation, Document, Excluded, Forwarded, Instruction, Inventory, Key, Notice, Return, Roles,
    ToolApproval, Validation,
};
use super::profile::{Assignment, Disposal, Repair};
use super::terms::{Category, Language, Level, Profile};

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
