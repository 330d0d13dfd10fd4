//! Why something is not borne out, or what a reader should know: a code and what belongs to it. The sentences stand in `words`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::verdict::Responsible;

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal [$($arg:literal),*],)*) => {
        /// A reason or remark.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $name)] $code,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Code] = &[$(Code::$code,)*];

            /// Its name in documents and in the files of words.
            pub fn name(self) -> &'static str {
                match self { $(Code::$code => $name,)* }
            }

            /// The names of what belongs to it.
            pub fn arguments(self) -> &'static [&'static str] {
                match self { $(Code::$code => &[$($arg),*],)* }
            }
        }
    };
}

codes! {
    // Parties and agreements.
    /// A party lacks name, address or number.
    PartyIncomplete = "party-incomplete" ["party", "lacks"],
    /// No main agreement, or one that can't be told from others.
    MainAgreementMissing = "main-agreement-missing" [],
    /// No processing agreement.
    ProcessingAgreementMissing = "processing-agreement-missing" [],
    /// The end of the agreement is not told.
    EndMissing = "end-missing" [],
    /// The agreement has not ended yet.
    EndAhead = "end-ahead" ["date"],
    /// Days from the end to the last erasure.
    DaysAfterEnd = "days-after-end" ["days", "date"],

    // Papers and persons.
    /// A document is not there, or is another.
    DocumentMissing = "document-missing" ["what", "file"],
    /// A person is not named.
    PersonMissing = "person-missing" ["what"],

    // Instruction and inventory.
    /// No instruction.
    InstructionMissing = "instruction-missing" [],
    /// The instruction is dated after the day of the check.
    InstructionAhead = "instruction-ahead" ["date"],
    /// No answer to the archive question.
    ArchiveMissing = "archive-missing" [],
    /// Erased before the archive question was answered.
    ArchiveTooLate = "archive-too-late" ["item", "date"],
    /// Nobody declares the inventory complete.
    InventoryMissing = "inventory-missing" [],
    /// The declaration is older than the last use of an item.
    InventoryTooEarly = "inventory-too-early" ["item", "date"],
    /// The declaration is older than an item.
    InventoryOlder = "inventory-older" ["item", "date"],
    /// No items.
    NoItems = "no-items" [],
    /// The instruction asks for a return, and nothing was given back.
    NothingGivenBack = "nothing-given-back" [],
    /// A system that no item holds.
    SystemWithoutItem = "system-without-item" ["system"],
    /// No system is listed.
    NoSystems = "no-systems" [],
    /// A location where no item is.
    LocationWithoutItem = "location-without-item" ["location"],
    /// No location is listed.
    NoLocations = "no-locations" [],
    /// A location outside the EU and EEA.
    LocationOutsideEu = "location-outside-eu" ["location", "country"],
    /// A medium was erased that stands on no list.
    UnlistedMedium = "unlisted-medium" ["file", "serial"],
    /// A kind of copy is neither listed nor declared absent.
    CopyNotStated = "copy-not-stated" ["kind"],
    /// A kind of copy is declared absent and listed.
    CopyDenied = "copy-denied" ["kind", "item"],
    /// The validation was a rejection.
    Rejected = "rejected" ["date"],

    // Items.
    /// An item is not borne out; the item says why.
    ItemOpen = "item-open" ["item", "outcome"],
    /// Nothing says what became of it.
    ItemMissing = "item-missing" ["item"],
    /// It could not be erased.
    ItemFailed = "item-failed" ["item", "date"],
    /// It will be gone on a day.
    ItemPending = "item-pending" ["item", "date"],
    /// That day has passed.
    ItemPendingOver = "item-pending-over" ["item", "date"],
    /// Its data was given back, and it still has to be erased.
    SourceNotErased = "source-not-erased" ["item", "return"],
    /// Erased before the receipt of the data that was given back.
    ErasedBeforeReceipt = "erased-before-receipt" ["item", "return", "date"],
    /// Something happened to it before the instruction.
    BeforeInstruction = "before-instruction" ["item", "date", "instruction"],
    /// Something is dated after the day of the check.
    DateAhead = "date-ahead" ["item", "date"],
    /// No record is named.
    NoRecord = "no-record" ["item"],
    /// A record is not there.
    RecordAbsent = "record-absent" ["item", "file"],
    /// A record does not check out.
    RecordNotAuthentic = "record-not-authentic" ["item", "file", "why"],
    /// Nobody says whose signature it is.
    RecordUntrusted = "record-untrusted" ["item", "file", "signer"],
    /// A record of another case, or of none.
    RecordForeign = "record-foreign" ["item", "file", "case"],
    /// A record of another medium.
    RecordOtherMedium = "record-other-medium" ["item", "file", "serial"],
    /// Neither serial number nor property number ties record and item.
    RecordUnidentified = "record-unidentified" ["item", "file"],
    /// A record of a part.
    RecordOfPart = "record-of-part" ["item", "file"],
    /// The record covers files or free space on the medium, and not the medium.
    RecordOfFiles = "record-of-files" ["item", "file"],
    /// The job did not end sanitized.
    RecordNotSanitized = "record-not-sanitized" ["item", "file"],
    /// Sanitized but for some ranges.
    RecordExceptions = "record-exceptions" ["item", "file"],
    /// Replaced by a later record that is not named.
    RecordReplaced = "record-replaced" ["item", "file"],
    /// The same record closes another item.
    RecordUsedTwice = "record-used-twice" ["item", "file", "other"],
    /// Erased before the medium was last used.
    RecordTooOld = "record-too-old" ["item", "file", "date"],
    /// It was gone before it was last used.
    GoneBeforeLastUse = "gone-before-last-use" ["item", "date"],
    /// When it was last used is not told.
    LastUseUnknown = "last-use-unknown" ["item"],
    /// The level reached is below the one needed.
    LevelTooLow = "level-too-low" ["item", "reached", "needs"],
    /// Logical deletion that was not accepted.
    LogicalNotAccepted = "logical-not-accepted" ["item"],
    /// Something about a destruction is not told.
    DestructionIncomplete = "destruction-incomplete" ["item", "lacks"],
    /// Flash can't be degaussed.
    FlashDegaussed = "flash-degaussed" ["item"],
    /// Only magnetic media can be degaussed.
    NotMagnetic = "not-magnetic" ["item"],
    /// Degaussing that was not accepted.
    DegaussingNotAccepted = "degaussing-not-accepted" ["item"],
    /// Handed over without an instruction to give back.
    NotToBeReturned = "not-to-be-returned" ["item"],
    /// Something about a retention is not told.
    RetentionIncomplete = "retention-incomplete" ["item", "lacks"],
    /// The retention is over.
    RetentionOver = "retention-over" ["item", "date"],
    /// It is kept.
    RetainedUntil = "retained-until" ["item", "act", "section", "date"],
    /// Accepted by the controller although it falls short.
    AcceptedByController = "accepted-by-controller" ["item", "acceptance", "what"],
    /// An acceptance that does not count.
    AcceptanceVoid = "acceptance-void" ["acceptance"],

    // Tool.
    /// No approval of this tool and version.
    ToolWithoutApproval = "tool-without-approval" ["item", "tool", "version"],
    /// The approval does not cover the kind of medium.
    ToolNotForMedia = "tool-not-for-media" ["item", "media"],
    /// The record shows another kind of medium than the item.
    MediaDiffers = "media-differs" ["item", "media"],
    /// The approval does not cover the method.
    ToolNotForMethod = "tool-not-for-method" ["item", "method"],
    /// The approval was not valid on the day.
    ToolApprovalNotValid = "tool-approval-not-valid" ["item", "date"],

    // Notice.
    /// No notice.
    NoticeMissing = "notice-missing" [],
    /// Later than 30 days before the end.
    NoticeLate = "notice-late" ["days", "date"],
    /// In time.
    NoticeInTime = "notice-in-time" ["days", "date"],
    /// It asks for another thing than the instruction.
    NoticeDiffers = "notice-differs" [],

    // Sub-processors.
    /// None listed, and not declared that there are none.
    SubProcessorsNotStated = "subprocessors-not-stated" [],
    /// Declared that there are none, and listed.
    SubProcessorsDenied = "subprocessors-denied" [],
    /// One whose evidence is not enough.
    SubProcessorOpen = "subprocessor-open" ["subprocessor", "grade"],
    /// The notice was not passed on.
    NotForwarded = "not-forwarded" ["subprocessor"],
    /// It was passed on before it was given.
    ForwardedTooEarly = "forwarded-too-early" ["subprocessor", "date"],
    /// It gave nothing.
    SubProcessorNothing = "subprocessor-nothing" ["subprocessor"],
    /// It gave only its own statement.
    OnlyStatement = "only-statement" ["subprocessor"],
    /// It gave a declaration that the controller did not accept.
    DeclarationNotAccepted = "declaration-not-accepted" ["subprocessor"],
    /// A declaration from before the notice reached it.
    DeclarationTooOld = "declaration-too-old" ["subprocessor", "date"],
    /// Its certificate is not there.
    CertificateAbsent = "certificate-absent" ["subprocessor", "file"],
    /// Its certificate does not check out.
    CertificateNotAuthentic = "certificate-not-authentic" ["subprocessor", "file", "why"],
    /// Nobody says whose signature it is.
    CertificateUntrusted = "certificate-untrusted" ["subprocessor", "file", "signer"],
    /// It is incomplete.
    CertificateIncomplete = "certificate-incomplete" ["subprocessor", "file"],
    /// It answers other questions than those of a contract's end.
    CertificateOtherProfile = "certificate-other-profile" ["subprocessor", "file"],
    /// It was made under another instruction.
    CertificateOtherInstruction = "certificate-other-instruction" ["subprocessor", "file"],
    /// It is another party's.
    CertificateOtherParty = "certificate-other-party" ["subprocessor", "file", "number"],

    // Repair.
    /// Something about the device is not told.
    RepairIncomplete = "repair-incomplete" ["lacks"],
    /// No undertaking of confidentiality.
    ConfidentialityMissing = "confidentiality-missing" [],
    /// The undertaking is younger than the hand-over.
    ConfidentialityTooLate = "confidentiality-too-late" ["date"],
    /// Not erased, and not told why.
    NotErasedNoReason = "not-erased-no-reason" ["item"],
    /// Not erased before, with the reason.
    NotErasedBecause = "not-erased-because" ["why"],
    /// Erased only after it was handed to the repairer.
    ErasedAfterHandOver = "erased-after-hand-over" ["item", "date"],
    /// Not told whether the medium was taken out.
    MediumRemovedUnknown = "medium-removed-unknown" [],
    /// It was taken out.
    MediumRemoved = "medium-removed" [],
    /// It was left in.
    MediumLeft = "medium-left" [],
    /// The device has not come back.
    NotReturned = "not-returned" [],

    // Disposal.
    /// Nothing is told of the disposal.
    DisposalMissing = "disposal-missing" [],
    /// The controller advises against selling or giving away.
    AdvisedAgainst = "advised-against" [],
    /// The limb is destruction, and an item was not destroyed.
    NotDestroyed = "not-destroyed" ["item"],
    /// The limb is erasure, and an item was neither erased nor destroyed.
    NotSanitized = "not-sanitized" ["item"],
    /// Nobody guarantees.
    GuarantorMissing = "guarantor-missing" [],

    // Assignment.
    /// Nothing is told of the assignment.
    AssignmentMissing = "assignment-missing" [],
    /// Nothing of a kind was given back, and nobody declares that nothing was kept.
    NothingReturned = "nothing-returned" [],
    /// Nobody declares that nothing was kept.
    NothingKeptMissing = "nothing-kept-missing" [],
    /// No approval to erase.
    ApprovalMissing = "approval-missing" [],
    /// Erased before the approval.
    ErasedBeforeApproval = "erased-before-approval" ["item", "date"],
    /// The approval is our own policy for copies outside the municipality.
    ApprovalIsPolicy = "approval-is-policy" [],
    /// Days from the end to the return.
    DaysToReturn = "days-to-return" ["days"],

    // The five doubts.
    /// Hidden areas of media were not all examined and found absent.
    RegionsUnknown = "regions-unknown" ["items"],
    /// The drives erased themselves, and have no hidden areas.
    RegionsReached = "regions-reached" [],
    /// Every item reached its level.
    LevelsReached = "levels-reached" [],
    /// Some did not.
    LevelsNotReached = "levels-not-reached" ["items"],
    /// Nothing was erased by a record.
    NothingMeasured = "nothing-measured" [],
    /// Operator and verifier are one person, or one is not named.
    SamePerson = "same-person" [],
    /// Competence and calibration are beyond software.
    PeopleUnknown = "people-unknown" [],
    /// The organisation's minimum was not told.
    MinimumUnknown = "minimum-unknown" [],
    /// Flash was overwritten: over-provisioned blocks are not reached.
    ScopeOverProvisioned = "scope-over-provisioned" ["items"],
    /// A part, or a virtual medium.
    ScopePartial = "scope-partial" ["items"],
    /// Whole media.
    ScopeWhole = "scope-whole" [],
}

/// A code, who can mend it, and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Which.
    pub code: Code,
    /// Who can mend it.
    pub who: Responsible,
    /// What belongs to it: [`Code::arguments`], each as text.
    pub with: BTreeMap<String, String>,
}

impl Reason {
    /// A reason that the processor can mend.
    pub fn new(code: Code) -> Self {
        Reason { code, who: Responsible::Processor, with: BTreeMap::new() }
    }

    /// The same, to be mended by `who`.
    #[must_use]
    pub fn by(mut self, who: Responsible) -> Self {
        self.who = who;
        self
    }

    /// The same, with one more thing that belongs to it.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.with.insert(name.into(), value.to_string());
        self
    }
}
