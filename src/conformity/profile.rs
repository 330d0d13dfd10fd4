//! What the other profiles ask beside the items.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Confirmation, Document, Person};

/// A device goes to a repairer (annex 3 §11, section 13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Repair {
    /// The device.
    pub device: String,
    /// Its serial number or number on a list.
    pub identification: String,
    /// What is wrong with it.
    pub fault: String,
    /// The repairer.
    pub repairer: String,
    /// The repairer's undertaking of confidentiality.
    pub confidentiality: Option<Confirmation>,
    /// Day on which it was handed to the repairer.
    pub handed_over: Option<Date>,
    /// Why data was not erased first, where it was not possible.
    pub not_erased_because: Option<String>,
    /// Whether the medium was taken out before.
    pub medium_removed: Option<bool>,
    /// Day on which the device came back.
    pub returned: Option<Date>,
    /// The receipt of its return.
    pub receipt: Option<Document>,
}

/// Equipment is scrapped, sold or given away (annex 3 §11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Disposal {
    /// What becomes of it.
    pub way: DisposalWay,
    /// To whom it goes.
    pub to: String,
    /// On what the supplier relies.
    pub limb: DisposalLimb,
    /// Who guarantees it.
    pub guarantor: Option<Person>,
    /// The signed guarantee.
    pub guarantee: Option<Document>,
}

/// What becomes of equipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DisposalWay {
    /// Scrapped.
    Scrapped,
    /// Sold.
    Sold,
    /// Given away.
    GivenAway,
}

/// On what the supplier relies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DisposalLimb {
    /// Destroyed or degaussed so that nothing can be read.
    Destroyed,
    /// A guaranteed, complete secure erasure.
    GuaranteedErasure,
    /// Erased by a recognised international standard, such as NIST SP 800-88.
    RecognisedStandard,
}

/// The end of a person's assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// Day on which the assignment ended.
    pub ended: Date,
    /// What was given back: material, equipment, digital information; received, made or worked on.
    #[serde(default)]
    pub returned: Vec<Returned>,
    /// The person's declaration that nothing was kept.
    pub nothing_kept: Option<Confirmation>,
    /// The municipality's approval to erase.
    pub approval: Option<Confirmation>,
    /// The person's acknowledgement that confidentiality goes on.
    pub confidentiality: Option<Confirmation>,
}

/// Something given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Returned {
    /// What.
    pub what: String,
    /// Which kind.
    pub kind: ReturnedKind,
    /// Day.
    pub date: Date,
    /// The receipt.
    pub receipt: Document,
}

/// What is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReturnedKind {
    /// Material.
    Material,
    /// Equipment.
    Equipment,
    /// Digitally stored information.
    DigitalInformation,
}
