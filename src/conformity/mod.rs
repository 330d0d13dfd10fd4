//! What follows from a contract case and its evidence: rows, items, status. Pure: the same case, evidence and day give the same answer,
//! and nobody can set it.
#![forbid(unsafe_code)]

mod case;
mod evidence;
mod item;
mod moment;
mod profile;
mod reason;
mod verdict;

pub use case::{
    Acceptance, Accepted, Agreement, Agreements, Case, Category, Choice, Confirmation, Decision, Document, Excluded,
    Forwarded, Instruction, Inventory, Key, Language, Level, Location, MediaType, Notice, Party, Person, Profile,
    Return, Roles, SubProcessor, System, ToolApproval, Validation,
};
pub use evidence::{CertificateFacts, Evidence, RecordEnd, RecordFacts, Standing};
pub use item::{
    Destroyed, Destruction, Erased, Failed, HandedOver, Item, ItemKind, LogicallyDeleted, Pending, Retained,
};
pub use moment::Moment;
pub use profile::{Assignment, Disposal, DisposalLimb, DisposalWay, Repair, Returned, ReturnedKind};
pub use reason::{Code, Reason};
pub use verdict::{
    CaseStatus, Conformity, Doubt, DoubtId, Entry, Finding, Grade, ItemVerdict, Measured, Outcome, Proof, ProofKind,
    Responsible, RowId, SubVerdict,
};
