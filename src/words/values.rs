//! Words for codes, family by family.

use crate::conformity::{
    Accepted, CaseStatus, Category, Choice, Decision, Destruction, DisposalLimb, DisposalWay, DoubtId, Finding, Grade,
    ItemKind, Language, Level, Measured, MediaType, Outcome, Profile, ProofKind, Responsible, ReturnedKind, RowId,
};

use super::files;
use crate::document::SignerKind;
use crate::media::{Method, TechniqueId, VerifyKind};
use crate::outcome::{Certainty, Claim, FileVerdict, FilesMapping, ResidueKind, ScopeKind, Status, Trouble};

/// A function a family; each match is exhaustive, so that a new code does not compile without its word being looked for.
macro_rules! families {
    ($($(#[$doc:meta])* $family:ident ($name:literal): $of:ident { $($variant:ident = $code:literal,)* })*) => {
        $(
            $(#[$doc])*
            pub fn $family(language: Language, value: $of) -> String {
                let code = codes::$family(value);
                files::value(language, $name, code).unwrap_or_else(|| code.into())
            }
        )*

        /// The codes, as files and documents have them.
        pub mod codes {
            use super::*;
            $(
                $(#[$doc])*
                pub fn $family(value: $of) -> &'static str {
                    match value { $($of::$variant => $code,)* }
                }
            )*
        }

        /// The codes of a family, each with its word; empty where there is no such family.
        pub fn legend(language: Language, family: &str) -> Vec<(&'static str, String)> {
            match family {
                $($name => vec![$(($code, $family(language, $of::$variant)),)*],)*
                _ => Vec::new(),
            }
        }

        /// Each family, its codes, and the same codes as the documents have them.
        #[cfg(test)]
        pub(super) fn all() -> Vec<(&'static str, Vec<(&'static str, serde_json::Value)>)> {
            vec![$(($name, vec![$(($code, serde_json::json!($of::$variant)),)*]),)*]
        }
    };
}

families! {
    /// Result of a row or an item.
    finding ("finding"): Finding {
        Fulfilled = "fulfilled", NotFulfilled = "not-fulfilled", Pending = "pending", NotApplicable = "not-applicable",
    }
    /// What became of an item.
    outcome ("outcome"): Outcome {
        Erased = "erased", LogicallyDeleted = "logically-deleted", Destroyed = "destroyed",
        DataReturned = "data-returned", HandedOver = "handed-over", Retained = "retained", Pending = "pending",
        Failed = "failed", Missing = "missing",
    }
    /// Status of a case, as a sentence.
    status ("status"): CaseStatus { Complete = "complete", Incomplete = "incomplete", }
    /// Who answers for something.
    responsible ("responsible"): Responsible {
        Controller = "controller", Processor = "processor", SubProcessor = "sub-processor",
    }
    /// Title of a row.
    row ("row"): RowId {
        AgreementsAndEnd = "12-a", DeletionOrReturn = "12-b", ErasureTool = "12-c", Destruction = "12-d",
        WrittenNotice = "12-e", Copies = "12-f", Retention = "12-g", SubProcessors = "12-h",
        RepairDevice = "repair-device", RepairConfidentiality = "repair-confidentiality",
        RepairErasure = "repair-erasure", RepairMedium = "repair-medium", RepairReturn = "repair-return",
        DisposalWay = "disposal-way", DisposalLimb = "disposal-limb", DisposalMedia = "disposal-media",
        DisposalGuarantee = "disposal-guarantee", AssignmentReturn = "assignment-return",
        AssignmentApproval = "assignment-approval", AssignmentCopies = "assignment-copies",
        AssignmentConfidentiality = "assignment-confidentiality",
    }
    /// Grade of a sub-processor's evidence.
    grade ("grade"): Grade {
        VerifiedCertificate = "verified-certificate", SignedDeclaration = "signed-declaration",
        OwnStatement = "own-statement", Missing = "missing",
    }
    /// How thoroughly data is gone; Clear, Purge and Destroy stay English, with a gloss.
    level ("level"): Level {
        None = "none", Logical = "logical", Clear = "clear", Purge = "purge", Destroy = "destroy",
    }
    /// What an item is.
    kind ("kind"): ItemKind {
        Medium = "medium", SystemData = "system-data", Backup = "backup", Export = "export", TestData = "test-data",
        UsbKey = "usb-key", ExternalDisk = "external-disk", Portable = "portable", Phone = "phone",
        HomeMachine = "home-machine", HomePrint = "home-print", Mail = "mail", UsageLog = "usage-log",
        Paper = "paper", OtherCopy = "other-copy",
    }
    /// Kind of medium.
    media ("media"): MediaType {
        MagneticDisk = "magnetic-disk", Flash = "flash", Tape = "tape", Optical = "optical", Virtual = "virtual",
        Cloud = "cloud", Paper = "paper", Other = "other",
    }
    /// Category of personal data.
    category ("category"): Category {
        General = "general", Special = "special", Criminal = "criminal", NationalId = "national-id",
    }
    /// What an acceptance is about.
    accepted ("accepted"): Accepted {
        Level = "level", Exceptions = "exceptions", LogicalDeletion = "logical-deletion", Degaussing = "degaussing",
        Declaration = "declaration", Archive = "archive", Instruction = "instruction",
    }
    /// One of the five doubts.
    doubt ("doubt"): DoubtId {
        InaccessibleRegions = "inaccessible-regions", InappropriateMethod = "inappropriate-method",
        PeopleAndTools = "people-and-tools", BelowMinimum = "below-minimum", ScopeTooNarrow = "scope-too-narrow",
    }
    /// What was measured of a doubt.
    measured ("measured"): Measured {
        NoConcern = "no-concern", Concern = "concern", Undetermined = "undetermined",
    }
    /// What kind of thing a result stands on.
    proof ("proof"): ProofKind {
        Statement = "statement", Document = "document", Record = "record", Certificate = "certificate",
    }
    /// What a case is about.
    profile ("profile"): Profile {
        ContractEnd = "contract-end", Repair = "repair", Disposal = "disposal", AssignmentEnd = "assignment-end",
    }
    /// What the controller wants done.
    choice ("choice"): Choice { Delete = "delete", Return = "return", ReturnAndDelete = "return-and-delete", }
    /// What a person decided.
    decision ("decision"): Decision { Accepted = "accepted", Rejected = "rejected", }
    /// How something was destroyed.
    destruction ("destruction"): Destruction {
        Shredded = "shredded", Disintegrated = "disintegrated", Pulverised = "pulverised", Incinerated = "incinerated",
        Melted = "melted", Degaussed = "degaussed",
    }
    /// What becomes of equipment.
    way ("way"): DisposalWay { Scrapped = "scrapped", Sold = "sold", GivenAway = "given-away", }
    /// What a disposal relies on.
    limb ("limb"): DisposalLimb {
        Destroyed = "destroyed", GuaranteedErasure = "guaranteed-erasure", RecognisedStandard = "recognised-standard",
    }
    /// What is given back at the end of an assignment.
    returned_kind ("returned-kind"): ReturnedKind {
        Material = "material", Equipment = "equipment", DigitalInformation = "digital-information",
    }
    /// How the job of a record ended, in a word or two.
    status_of ("record-status"): Status {
        Sanitized = "sanitized", SanitizedWithExceptions = "sanitized-with-exceptions", Unverified =
        "unverified", Failed = "failed", Interrupted = "interrupted",
    }
    /// What that means, in a sentence.
    status_meaning ("status-meaning"): Status {
        Sanitized = "sanitized", SanitizedWithExceptions = "sanitized-with-exceptions", Unverified =
        "unverified", Failed = "failed", Interrupted = "interrupted",
    }
    /// The most that may be said.
    claim ("claim"): Claim {
        Purge = "purge", Clear = "clear", PartialClear = "partial-clear", LogicalOverwrite =
        "logical-overwrite", None = "none",
    }
    /// Technique, with its name in the command set.
    technique ("technique"): TechniqueId {
        AtaSanitizeCrypto = "ata-sanitize-crypto", AtaSanitizeBlock = "ata-sanitize-block", AtaSanitizeOverwrite
        = "ata-sanitize-overwrite", AtaSecureEraseEnhanced = "ata-secure-erase-enhanced", AtaSecureErase =
        "ata-secure-erase", ScsiSanitizeCrypto = "scsi-sanitize-crypto", ScsiSanitizeBlock =
        "scsi-sanitize-block", ScsiSanitizeOverwrite = "scsi-sanitize-overwrite", NvmeSanitizeCrypto =
        "nvme-sanitize-crypto", NvmeSanitizeBlock = "nvme-sanitize-block", NvmeSanitizeOverwrite =
        "nvme-sanitize-overwrite", NvmeFormatCrypto = "nvme-format-crypto", NvmeFormatUser = "nvme-format-user",
        MmcSanitize = "mmc-sanitize", MmcSecureErase = "mmc-secure-erase", TcgPsidRevert = "tcg-psid-revert",
        LuksErase = "luks-erase", ZeroOffload = "zero-offload", Overwrite = "overwrite",
    }
    /// Method, with what it protects against.
    method ("method"): Method {
        Clear = "clear", Purge = "purge",
    }
    /// How the readback is done.
    verify_kind ("verify-kind"): VerifyKind {
        Full = "full", Sampled = "sampled", None = "none",
    }
    /// What was named.
    scope_kind ("scope-kind"): ScopeKind {
        WholeMedium = "whole-medium", Namespace = "namespace", Partition = "partition", PlainFile =
        "plain-file", Files = "files", FreeSpace = "free-space",
    }
    /// What went wrong with a range.
    trouble ("trouble"): Trouble {
        WriteFailed = "write-failed", Unreadable = "unreadable", Mismatch = "mismatch",
    }
    /// What came of a file.
    file_verdict ("file-verdict"): FileVerdict {
        ClearedVerified = "cleared-verified", OverwrittenUnverified = "overwritten-unverified",
        TrimmedNotOverwritten = "trimmed-not-overwritten", NotCleared = "not-cleared",
    }
    /// What is left of files.
    residue_kind ("residue-kind"): ResidueKind {
        Content = "content", Snapshots = "snapshots", SharedExtents = "shared-extents", InlineData = "inline-data",
        Journal = "journal", Xattrs = "xattrs", LowerLayers = "lower-layers", Swap = "swap",
        OlderVersions = "older-versions", FreeSpace = "free-space", FlashRemaps = "flash-remaps", Names = "names",
    }
    /// Whether it is known to be left.
    certainty ("certainty"): Certainty { Certain = "certain", Possible = "possible", }
    /// How it was found out which blocks hold a file.
    files_mapping ("files-mapping"): FilesMapping {
        Fiemap = "fiemap", BtrfsChunkTree = "btrfs-chunk-tree", None = "none",
    }
    /// What a key makes: signature, seal, or the mark of an installation.
    signer_kind ("signer-kind"): SignerKind {
        Person = "person", Organisation = "organisation", Installation = "installation",
    }
}
