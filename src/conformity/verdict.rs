//! What follows from a case and its evidence.

use serde::{Deserialize, Serialize};

use super::Level;
use super::reason::Reason;

/// Whether every applicable row is fulfilled and every item accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CaseStatus {
    /// All of it.
    Complete,
    /// Not all of it.
    Incomplete,
}

/// Result of a row or an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Borne out.
    Fulfilled,
    /// Not borne out.
    NotFulfilled,
    /// Not yet: a date is named on which it will be.
    Pending,
    /// The question does not arise.
    NotApplicable,
}

/// Who answers for something, and can mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Responsible {
    /// The controller.
    Controller,
    /// The processor (or the person whose assignment ends).
    Processor,
    /// A sub-processor.
    SubProcessor,
}

/// A row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum RowId {
    /// Agreements and end.
    #[serde(rename = "12-a")]
    AgreementsAndEnd,
    /// Deletion or return.
    #[serde(rename = "12-b")]
    DeletionOrReturn,
    /// The erasure tool and its approval.
    #[serde(rename = "12-c")]
    ErasureTool,
    /// Physical destruction.
    #[serde(rename = "12-d")]
    Destruction,
    /// The controller's written notice.
    #[serde(rename = "12-e")]
    WrittenNotice,
    /// Deletion of copies.
    #[serde(rename = "12-f")]
    Copies,
    /// Statutory retention.
    #[serde(rename = "12-g")]
    Retention,
    /// Sub-processors.
    #[serde(rename = "12-h")]
    SubProcessors,
    /// Repair: device and fault.
    #[serde(rename = "repair-device")]
    RepairDevice,
    /// Repair: the repairer is bound to confidentiality.
    #[serde(rename = "repair-confidentiality")]
    RepairConfidentiality,
    /// Repair: erased before, or why not.
    #[serde(rename = "repair-erasure")]
    RepairErasure,
    /// Repair: the medium was removed or left.
    #[serde(rename = "repair-medium")]
    RepairMedium,
    /// Repair: the device came back.
    #[serde(rename = "repair-return")]
    RepairReturn,
    /// Disposal: what becomes of the equipment.
    #[serde(rename = "disposal-way")]
    DisposalWay,
    /// Disposal: the limb relied on.
    #[serde(rename = "disposal-limb")]
    DisposalLimb,
    /// Disposal: each medium.
    #[serde(rename = "disposal-media")]
    DisposalMedia,
    /// Disposal: who guarantees.
    #[serde(rename = "disposal-guarantee")]
    DisposalGuarantee,
    /// Assignment: what was given back.
    #[serde(rename = "assignment-return")]
    AssignmentReturn,
    /// Assignment: approval to erase.
    #[serde(rename = "assignment-approval")]
    AssignmentApproval,
    /// Assignment: erased copies.
    #[serde(rename = "assignment-copies")]
    AssignmentCopies,
    /// Assignment: confidentiality goes on.
    #[serde(rename = "assignment-confidentiality")]
    AssignmentConfidentiality,
}

impl RowId {
    /// All rows.
    pub const ALL: [RowId; 21] = [
        RowId::AgreementsAndEnd,
        RowId::DeletionOrReturn,
        RowId::ErasureTool,
        RowId::Destruction,
        RowId::WrittenNotice,
        RowId::Copies,
        RowId::Retention,
        RowId::SubProcessors,
        RowId::RepairDevice,
        RowId::RepairConfidentiality,
        RowId::RepairErasure,
        RowId::RepairMedium,
        RowId::RepairReturn,
        RowId::DisposalWay,
        RowId::DisposalLimb,
        RowId::DisposalMedia,
        RowId::DisposalGuarantee,
        RowId::AssignmentReturn,
        RowId::AssignmentApproval,
        RowId::AssignmentCopies,
        RowId::AssignmentConfidentiality,
    ];

    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            RowId::AgreementsAndEnd => "12-a",
            RowId::DeletionOrReturn => "12-b",
            RowId::ErasureTool => "12-c",
            RowId::Destruction => "12-d",
            RowId::WrittenNotice => "12-e",
            RowId::Copies => "12-f",
            RowId::Retention => "12-g",
            RowId::SubProcessors => "12-h",
            RowId::RepairDevice => "repair-device",
            RowId::RepairConfidentiality => "repair-confidentiality",
            RowId::RepairErasure => "repair-erasure",
            RowId::RepairMedium => "repair-medium",
            RowId::RepairReturn => "repair-return",
            RowId::DisposalWay => "disposal-way",
            RowId::DisposalLimb => "disposal-limb",
            RowId::DisposalMedia => "disposal-media",
            RowId::DisposalGuarantee => "disposal-guarantee",
            RowId::AssignmentReturn => "assignment-return",
            RowId::AssignmentApproval => "assignment-approval",
            RowId::AssignmentCopies => "assignment-copies",
            RowId::AssignmentConfidentiality => "assignment-confidentiality",
        }
    }
}

/// What a result stands on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// What kind of thing it is.
    pub kind: ProofKind,
    /// Its file, or its place in the case.
    pub name: String,
    /// `sha256:` and its digest; of a statement in the case itself, null.
    pub digest: Option<String>,
}

/// What kind of thing a result stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ProofKind {
    /// A statement in the case: the processor's own word.
    Statement,
    /// A document that was found, known by its digest. What it says was not read.
    Document,
    /// A sanitization record that checks out and is trusted.
    Record,
    /// A deletion certificate that checks out and is trusted.
    Certificate,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Which.
    pub row: RowId,
    /// Result.
    pub result: Finding,
    /// What it stands on.
    pub evidence: Vec<Proof>,
    /// Who answers for it.
    pub responsible: Responsible,
    /// Why it is not fulfilled, each with who can mend it; empty where it is.
    pub reasons: Vec<Reason>,
    /// What a reader should know beside the result.
    pub remarks: Vec<Reason>,
    /// Whether it keeps the case from being complete.
    pub bars_complete: bool,
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Erased.
    Erased,
    /// Deleted in a running system.
    LogicallyDeleted,
    /// Destroyed.
    Destroyed,
    /// Its data was given back; it is still there.
    DataReturned,
    /// Handed over.
    HandedOver,
    /// Kept by law.
    Retained,
    /// Pending.
    Pending,
    /// Failed.
    Failed,
    /// Nothing says what became of it.
    Missing,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Outcome; 9] = [
        Outcome::Erased,
        Outcome::LogicallyDeleted,
        Outcome::Destroyed,
        Outcome::DataReturned,
        Outcome::HandedOver,
        Outcome::Retained,
        Outcome::Pending,
        Outcome::Failed,
        Outcome::Missing,
    ];

    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Erased => "erased",
            Outcome::LogicallyDeleted => "logically-deleted",
            Outcome::Destroyed => "destroyed",
            Outcome::DataReturned => "data-returned",
            Outcome::HandedOver => "handed-over",
            Outcome::Retained => "retained",
            Outcome::Pending => "pending",
            Outcome::Failed => "failed",
            Outcome::Missing => "missing",
        }
    }
}

/// An item and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemVerdict {
    /// Id of the item.
    pub item: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether that is borne out.
    pub result: Finding,
    /// Level that its data needs.
    pub needs: Level,
    /// Level that the evidence shows.
    pub reached: Level,
    /// What it stands on.
    pub evidence: Vec<Proof>,
    /// Why it is not borne out.
    pub reasons: Vec<Reason>,
    /// What a reader should know beside it, acceptances among them.
    pub remarks: Vec<Reason>,
}

/// How a sub-processor's evidence is graded, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Its deletion certificate checks out, is trusted, complete, and names this instruction.
    VerifiedCertificate,
    /// A person signed a declaration.
    SignedDeclaration,
    /// Its own statement, signed by nobody.
    OwnStatement,
    /// Nothing.
    Missing,
}

/// A sub-processor and its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SubVerdict {
    /// Its id.
    pub subprocessor: String,
    /// Grade of its evidence.
    pub grade: Grade,
    /// Whether it is enough.
    pub result: Finding,
    /// What it stands on.
    pub evidence: Vec<Proof>,
    /// Why it is not enough.
    pub reasons: Vec<Reason>,
    /// What a reader should know beside it.
    pub remarks: Vec<Reason>,
}

/// One of the five doubts that a person weighs (NIST SP 800-88 Rev. 2 §4.5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DoubtId {
    /// Regions that could not be reached.
    InaccessibleRegions,
    /// A method that does not fit.
    InappropriateMethod,
    /// Unqualified people or uncalibrated tools.
    PeopleAndTools,
    /// Below the organisation's minimum.
    BelowMinimum,
    /// Scope too narrow.
    ScopeTooNarrow,
}

/// What was measured of a doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Measured {
    /// Measured, and nothing speaks for the doubt.
    NoConcern,
    /// Measured, and something does.
    Concern,
    /// Software can't know.
    Undetermined,
}

/// A doubt and what was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Doubt {
    /// Which.
    pub doubt: DoubtId,
    /// What was measured.
    pub measured: Measured,
    /// In words.
    pub remarks: Vec<Reason>,
}

/// Everything that follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Conformity {
    /// Status.
    pub status: CaseStatus,
    /// The rows of the profile, in order.
    pub rows: Vec<Entry>,
    /// Each item.
    pub items: Vec<ItemVerdict>,
    /// Each sub-processor.
    pub subprocessors: Vec<SubVerdict>,
    /// The five doubts.
    pub doubts: Vec<Doubt>,
    /// Days from the end of the agreement to the last erasure; negative before it. As text, since JSON integers here are not negative.
    pub days_to_last_erasure: Option<String>,
}
