//! The clearance: the only thing that writes go through.

use crate::io::{Engine, Queue};
use crate::media::{Identity, Medium, TechniqueId};

/// Descriptors held on one target, and what the medium behind them says it is. Stands for a block device, a plain file
/// (demo) or a simulation (tests).
pub trait Held: Send {
    /// The identity, read again through the descriptors that are held, never through the path alone. An error says that the
    /// medium is gone, shrank, or turned read-only.
    fn identity_now(&self) -> Result<Identity, String>;
    /// A queue over the held descriptor.
    fn queue(&mut self, prefer: Option<Engine>) -> std::io::Result<Box<dyn Queue>>;
}

/// Owns every descriptor within reach of the operation, the identity that was confirmed, and the technique. Only
/// `job::authorize` makes one; writes need `&mut Clearance`.
pub struct Clearance {
    held: Box<dyn Held>,
    medium: Medium,
    technique: TechniqueId,
}

impl Clearance {
    /// Called by `job::authorize` alone (tests/architecture.rs looks).
    pub(crate) fn mint(held: Box<dyn Held>, medium: Medium, technique: TechniqueId) -> Self {
        Clearance { held, medium, technique }
    }

    /// What was confirmed.
    pub fn medium(&self) -> &Medium {
        &self.medium
    }

    /// The technique it was given for.
    pub fn technique(&self) -> TechniqueId {
        self.technique
    }

    /// Reads the identity again on the held descriptors; the error says what is different now. Called before each phase.
    pub fn recheck(&self) -> Result<(), String> {
        let now = self.held.identity_now()?;
        match self.medium.identity.difference(&now, false) {
            None => Ok(()),
            Some(difference) => Err(difference),
        }
    }

    /// A queue over the target.
    pub fn queue(&mut self, prefer: Option<Engine>) -> std::io::Result<Box<dyn Queue>> {
        self.held.queue(prefer)
    }
}
