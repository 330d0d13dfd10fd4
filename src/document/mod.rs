//! The models of what is issued, and their canonical form. Pure: speaks of outcomes, not of drives.
#![forbid(unsafe_code)]

mod canonical;
mod evidence;
mod record;

pub use canonical::{CanonicalError, canonical_bytes, parse};
pub use evidence::{evidence, is_digest, is_id, order, sort_exceptions};
pub use record::{
    Exception, MediumEntry, PassEntry, Record, ScopeEntry, Session, SignerEntry, ToolEntry, VerificationEntry,
};
