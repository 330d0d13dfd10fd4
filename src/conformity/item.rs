//! One thing that held data, and what became of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::{Category, Document, Level, MediaType, Person};

/// One thing that held data. At most one of the outcomes is there; without one it is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Short id, unique in the case.
    pub id: String,
    /// What it is: the source, or which kind of copy.
    pub kind: ItemKind,
    /// Kinds of copies that it holds besides: exports or logs on the same disk.
    #[serde(default)]
    pub also: Vec<ItemKind>,
    /// What kind of medium it is.
    pub media: MediaType,
    /// In the person's words.
    #[serde(default)]
    pub description: String,
    /// Serial number of the medium.
    pub serial: Option<String>,
    /// Number on the customer's own list.
    pub asset: Option<String>,
    /// Systems of annex 1 whose data it holds.
    #[serde(default)]
    pub systems: Vec<String>,
    /// Location of annex 2.
    pub location: Option<String>,
    /// Categories of data on it, beside those of its systems.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// A level above the one that its categories need.
    pub level: Option<Level>,
    /// When it last held data of the case in use: a day, or a moment with an offset.
    pub last_used: Option<Moment>,
    /// Day on which it came into the inventory, if later than the first.
    pub added: Option<Date>,
    /// Erased, by records.
    pub erased: Option<Erased>,
    /// Deleted in a running system.
    pub logically_deleted: Option<LogicallyDeleted>,
    /// Destroyed.
    pub destroyed: Option<Destroyed>,
    /// The medium was handed over.
    pub handed_over: Option<HandedOver>,
    /// Kept, because law requires it.
    pub retained: Option<Retained>,
    /// Not yet gone: an immutable backup.
    pub pending: Option<Pending>,
    /// It could not be erased.
    pub failed: Option<Failed>,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A medium that held the data itself.
    Medium,
    /// Data in a running system: SaaS, virtual machine, shared database.
    SystemData,
    /// Backup (annex 3 §6).
    Backup,
    /// Export.
    Export,
    /// Test data.
    TestData,
    /// USB key.
    UsbKey,
    /// External disk.
    ExternalDisk,
    /// Portable machine.
    Portable,
    /// Telephone.
    Phone,
    /// Home machine (annex 3 §8).
    HomeMachine,
    /// Prints made at home (annex 3 §8).
    HomePrint,
    /// Mail (annex 3 §5).
    Mail,
    /// Usage log holding persons' identities (annex 3 §7).
    UsageLog,
    /// Paper (annex 3 §12).
    Paper,
    /// Another copy.
    OtherCopy,
}

impl ItemKind {
    /// The kinds of copies that the agreement names: each is listed, or declared not to be.
    pub const COPIES: [ItemKind; 12] = [
        ItemKind::Backup,
        ItemKind::Export,
        ItemKind::TestData,
        ItemKind::UsbKey,
        ItemKind::ExternalDisk,
        ItemKind::Portable,
        ItemKind::Phone,
        ItemKind::HomeMachine,
        ItemKind::HomePrint,
        ItemKind::Mail,
        ItemKind::UsageLog,
        ItemKind::Paper,
    ];

    /// Whether it is a copy, and not what the data came from.
    pub fn is_copy(self) -> bool {
        !matches!(self, ItemKind::Medium | ItemKind::SystemData)
    }

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            ItemKind::Medium => "medium",
            ItemKind::SystemData => "system-data",
            ItemKind::Backup => "backup",
            ItemKind::Export => "export",
            ItemKind::TestData => "test-data",
            ItemKind::UsbKey => "usb-key",
            ItemKind::ExternalDisk => "external-disk",
            ItemKind::Portable => "portable",
            ItemKind::Phone => "phone",
            ItemKind::HomeMachine => "home-machine",
            ItemKind::HomePrint => "home-print",
            ItemKind::Mail => "mail",
            ItemKind::UsageLog => "usage-log",
            ItemKind::Paper => "paper",
            ItemKind::OtherCopy => "other-copy",
        }
    }
}

/// Erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Erased {
    /// Sanitization records (JSON), files beside the case.
    pub records: Vec<String>,
}

/// Deleted in a running system. Counts only with the controller's acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LogicallyDeleted {
    /// Day.
    pub date: Date,
    /// Who.
    pub by: Person,
    /// How.
    pub how: String,
    /// What shows it.
    pub document: Document,
}

/// Destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Destroyed {
    /// Day.
    pub date: Date,
    /// How.
    pub how: Destruction,
    /// Who did it.
    pub by: String,
    /// Who saw it.
    pub witness: String,
    /// Where.
    pub place: String,
    /// The destroyer's document.
    pub document: Document,
}

/// How a medium was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Destruction {
    /// Shredded.
    Shredded,
    /// Disintegrated.
    Disintegrated,
    /// Pulverised.
    Pulverised,
    /// Incinerated.
    Incinerated,
    /// Melted.
    Melted,
    /// Degaussed: counts only with the controller's acceptance, and never for flash.
    Degaussed,
}

/// Handed over as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HandedOver {
    /// Day.
    pub date: Date,
    /// To whom.
    pub to: String,
    /// The receipt.
    pub receipt: Document,
}

/// Kept, because law requires it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Retained {
    /// What is kept.
    pub what: String,
    /// The act.
    pub act: String,
    /// Its section.
    pub section: String,
    /// Last day.
    pub until: Date,
    /// Who answers for it.
    pub responsible: Person,
}

/// Not yet gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// Day on which it will be gone.
    pub until: Date,
    /// Why not before.
    pub why: String,
}

/// It could not be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Failed {
    /// Day.
    pub date: Date,
    /// Why.
    pub why: String,
}

impl Item {
    /// The outcomes that the item names, in the order of their keys.
    pub fn named_outcomes(&self) -> Vec<&'static str> {
        let all = [
            ("erased", self.erased.is_some()),
            ("logically_deleted", self.logically_deleted.is_some()),
            ("destroyed", self.destroyed.is_some()),
            ("handed_over", self.handed_over.is_some()),
            ("retained", self.retained.is_some()),
            ("pending", self.pending.is_some()),
            ("failed", self.failed.is_some()),
        ];
        all.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect()
    }
}
