//! The deletion certificate: a first page that can be given out, and an annex that it is derived from, tied to it by digest.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{SignerEntry, ToolEntry};
use crate::conformity::{
    Case, CaseStatus, Choice, Code, Conformity, DoubtId, Finding, Language, Measured, Outcome, Party, Person, Profile,
    ProofKind, Responsible, Roles, RowId,
};

/// The first page. Without serial numbers, names of items or of files: those stand in the annex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeletionCertificate {
    /// [`DeletionCertificate::SCHEMA`].
    pub schema: String,
    /// [`DeletionCertificate::KIND`].
    pub kind: String,
    /// Id of this certificate: 32 hexadecimal digits, random.
    pub id: String,
    /// Id of the case.
    pub case: String,
    /// Which questions are answered.
    pub profile: Profile,
    /// Language of the sentences.
    pub language: Language,
    /// What the document is called.
    pub title: String,
    /// Whether every applicable row is fulfilled and every item accounted for.
    pub status: CaseStatus,
    /// The same in words.
    pub status_text: String,
    /// `sha256:` and the digest of the certificate that this one replaces.
    pub supersedes: Option<String>,
    /// Who decides on the data.
    pub controller: Party,
    /// Who answers for the erasure.
    pub processor: Party,
    /// The agreements and their end.
    pub agreements: AgreementsEntry,
    /// The instruction that it was done under.
    pub instruction: Option<InstructionEntry>,
    /// Days from the end of the agreement to the last erasure, as text; negative before it.
    pub days_to_last_erasure: Option<String>,
    /// The rows of the profile, in order.
    pub conformity: Vec<RowEntry>,
    /// How many items ended how; outcomes of no item are left out.
    pub counts: Vec<CountEntry>,
    /// The four roles.
    pub roles: Roles,
    /// A person's decision, or that there is none yet.
    pub validation: ValidationEntry,
    /// The five doubts that a person weighs.
    pub doubts: Vec<DoubtEntry>,
    /// The program that derived it.
    pub tool: ToolEntry,
    /// The signing certificate that the signature must be made with.
    pub signer: SignerEntry,
    /// Day, in UTC, for which it was derived: that of its issue.
    pub as_of: Date,
    /// When it was issued: RFC 3339, UTC, whole seconds.
    pub issued: String,
    /// What it does not prove, and what goes on regardless, a sentence each.
    pub statements: Vec<String>,
    /// The annex.
    pub annex: AnnexEntry,
}

impl DeletionCertificate {
    /// Name and version of the schema.
    pub const SCHEMA: &str = "radera/deletion-certificate/1";
    /// The kind of document.
    pub const KIND: &str = "deletion-certificate";
}

/// The agreements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AgreementsEntry {
    /// The main agreement.
    pub main: Option<AgreementEntry>,
    /// The data-processing agreement.
    pub processing: Option<AgreementEntry>,
    /// Day on which the main agreement ended or ends.
    pub end: Option<Date>,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AgreementEntry {
    /// Title.
    pub title: String,
    /// Day of signature.
    pub date: Option<Date>,
    /// Another unique identification.
    pub reference: Option<String>,
}

/// The instruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InstructionEntry {
    /// Reference.
    pub reference: String,
    /// Day it was given.
    pub date: Date,
    /// What it asks for.
    pub choice: Choice,
    /// SHA-256 of the document, 64 hexadecimal digits; null where it was not found.
    pub sha256: Option<String>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RowEntry {
    /// Which.
    pub row: RowId,
    /// Its title.
    pub title: String,
    /// Result.
    pub result: Finding,
    /// The same in a word.
    pub result_text: String,
    /// What it stands on: kinds and digests; the names stand in the annex.
    pub evidence: Vec<ProofEntry>,
    /// Who answers for it.
    pub responsible: Responsible,
    /// Why it is not fulfilled, each with who can mend it.
    pub reasons: Vec<ReasonEntry>,
    /// What a reader should know beside the result.
    pub remarks: Vec<ReasonEntry>,
    /// Whether it keeps the case from being complete.
    pub bars_complete: bool,
}

/// What a result stands on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProofEntry {
    /// What kind of thing it is.
    pub kind: ProofKind,
    /// `sha256:` and its digest; null of a statement in the case itself.
    pub digest: Option<String>,
}

/// A reason or remark, without what belongs on the annex alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReasonEntry {
    /// Which.
    pub code: Code,
    /// Who can mend it.
    pub who: Responsible,
    /// How many reasons of the annex are told in these words.
    pub count: u64,
    /// In words.
    pub text: String,
}

/// How many items ended one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CountEntry {
    /// What became of them.
    pub outcome: Outcome,
    /// The same in a word.
    pub text: String,
    /// How many.
    pub items: u64,
    /// Of how many of them it is borne out.
    pub fulfilled: u64,
}

/// Where the validation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Validated {
    /// No named person has decided.
    #[serde(rename = "awaiting decision")]
    AwaitingDecision,
    /// Accepted.
    #[serde(rename = "accepted")]
    Accepted,
    /// Rejected.
    #[serde(rename = "rejected")]
    Rejected,
}

/// A person's decision (NIST SP 800-88 Rev. 2 §4.5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ValidationEntry {
    /// Where it stands.
    pub decision: Validated,
    /// The same in words.
    pub text: String,
    /// Who decided.
    pub by: Option<Person>,
    /// Day.
    pub date: Option<Date>,
    /// Why.
    pub reason: Option<String>,
    /// How sensitive the data is.
    pub sensitivity: Option<String>,
    /// What is done instead.
    pub remedy: Option<String>,
    /// SHA-256 of the signed decision, 64 hexadecimal digits.
    pub sha256: Option<String>,
}

/// One of the five doubts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DoubtEntry {
    /// Which.
    pub doubt: DoubtId,
    /// In words.
    pub title: String,
    /// What was measured.
    pub measured: Measured,
    /// The same in words.
    pub measured_text: String,
    /// What a reader should know.
    pub remarks: Vec<ReasonEntry>,
}

/// The annex, by its digest, and itself unless it was split off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnnexEntry {
    /// `sha256:` and the digest of the annex's canonical bytes, whether it stands here or in a file of its own.
    pub digest: String,
    /// The annex; null where it is a file of its own, `<id>.annex.json`.
    pub document: Option<Box<Annex>>,
}

/// What the first page is derived from: the case, what was attached to it, and everything that follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Annex {
    /// [`Annex::SCHEMA`].
    pub schema: String,
    /// Id of the certificate that it belongs to.
    pub id: String,
    /// The case, personal numbers masked.
    pub case: Case,
    /// Everything that follows.
    pub conformity: Conformity,
    /// Whose signatures the issuer counted, beside the keys that the case names.
    pub trusted: TrustedKeys,
    /// The signed documents.
    pub evidence: Vec<Attached>,
    /// SHA-256 (64 hexadecimal digits) of each document that was found, by its file name.
    pub documents: BTreeMap<String, String>,
}

impl Annex {
    /// Name and version of the schema.
    pub const SCHEMA: &str = "radera/deletion-annex/1";
}

/// Whose signatures the issuer counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TrustedKeys {
    /// Fingerprint of the issuing installation's own key: it counts for records.
    pub own: Option<String>,
    /// Fingerprints of the installation's former and other keys that a record of the case was signed with: they count for records alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
    /// Fingerprints of other signers that the issuer took for its own reasons: they count for records and certificates.
    pub given: Vec<String>,
}

/// A signed document as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// Its file, as the case names it.
    pub file: String,
    /// `sha256:` and the digest of its bytes.
    pub digest: String,
    /// The exact text; null where it could not be attached.
    pub json: Option<String>,
    /// Its signature, DER in base64; null where there is none.
    pub signature: Option<String>,
    /// The text of its annex, where that is a file of its own.
    pub annex: Option<String>,
    /// Why it could not be attached.
    pub unusable: Option<String>,
}
