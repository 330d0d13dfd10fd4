//! What follows from a contract case and its evidence: rows, items, status. Pure: the same case, evidence and day give the same answer,
//! and nobody can set it.
#![forbid(unsafe_code)]

mod case;
mod derive;
mod doubts;
mod evidence;
mod found;
mod item;
mod items;
mod moment;
mod papers;
mod profile;
mod reason;
mod records;
mod rows;
mod terms;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
mod tests;
mod verdict;

pub use case::{Agreement, Agreements, Case, Location, Party, SubProcessor, System};
pub use derive::derive;
pub use evidence::{CertificateFacts, Evidence, RecordEnd, RecordFacts, Standing};
pub use item::{
    Destroyed, Destruction, Erased, Failed, HandedOver, Item, ItemKind, LogicallyDeleted, Pending, Retained,
};
pub use moment::Moment;
pub use papers::{
    Acceptance, Accepted, Confirmation, Decision, Document, Excluded, Forwarded, Instruction, Inventory, Key, Notice,
    Person, Return, Roles, ToolApproval, Validation,
};
pub use profile::{Assignment, Disposal, DisposalLimb, DisposalWay, Repair, Returned, ReturnedKind};
pub use reason::{Code, Reason};
pub use terms::{Category, Choice, Language, Level, MediaType, Profile};
pub use verdict::{
    CaseStatus, Conformity, Doubt, DoubtId, Entry, Finding, Grade, ItemVerdict, Measured, Outcome, Proof, ProofKind,
    Responsible, RowId, SubVerdict,
};

#[cfg(test)]
pub(crate) use tests::fixture;
