//! The models of what is issued, and their canonical form. Pure: speaks of outcomes, not of drives.
#![forbid(unsafe_code)]

mod canonical;
mod deletion;
mod evidence;
mod files;
mod manifest;
mod record;

pub use canonical::{CanonicalError, canonical_bytes, parse, parse_as};
pub use deletion::{
    AgreementEntry, AgreementsEntry, Annex, AnnexEntry, Attached, CountEntry, DeletionCertificate, DoubtEntry,
    InstructionEntry, ProofEntry, ReasonEntry, RowEntry, TrustedKeys, Validated, ValidationEntry,
};
pub use evidence::{evidence, is_digest, is_id, order, sort_exceptions};
pub use files::{FilesEntry, ResidueEntry, files_entry, residue_entries};
pub use manifest::{MANIFEST_LINE, ManifestLine, ManifestSums, shown};
pub use record::{
    Exception, MediumEntry, PassEntry, Record, ScopeEntry, Session, SignerEntry, SignerKind, ToolEntry,
    VerificationEntry,
};
