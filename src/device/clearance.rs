//! The clearance: the only thing that writes go through.

use super::Transport;
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
    /// A way to send commands of the drive's own through the held descriptor; `None` where there is no drive behind it. Each call
    /// gives another one over the same descriptor, so that a command that blocks leaves one to ask by.
    fn transport(&mut self) -> Option<Box<dyn Transport>> {
        None
    }
}

/// Owns every descriptor within reach of the operation, the identity that was confirmed, and the technique. Only
/// `job::authorize` makes one; writes need `&mut Clearance`.
pub struct Clearance {
    held: Box<dyn Held>,
    medium: Medium,
    technique: TechniqueId,
    /// The other devices of the same drive, where the technique reaches them too.
    siblings: Vec<(Box<dyn Held>, Medium)>,
}

impl Clearance {
    /// Called by `job::authorize` alone (tests/architecture.rs looks).
    pub(crate) fn mint(held: Box<dyn Held>, medium: Medium, technique: TechniqueId) -> Self {
        Clearance { held, medium, technique, siblings: Vec::new() }
    }

    /// Takes the drive's other devices in, each held and confirmed as well.
    pub(crate) fn with_siblings(self, siblings: Vec<(Box<dyn Held>, Medium)>) -> Self {
        Clearance { siblings, ..self }
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
        let others = self.siblings.iter().map(|(held, medium)| (held, medium));
        for (held, medium) in std::iter::once((&self.held, &self.medium)).chain(others) {
            if let Some(difference) = medium.identity.difference(&held.identity_now()?, false) {
                return Err(difference);
            }
        }
        Ok(())
    }

    /// The other devices of the drive that are held as well.
    pub fn siblings(&self) -> impl Iterator<Item = &Medium> {
        self.siblings.iter().map(|(_, medium)| medium)
    }

    /// A queue over everything that is held, the target first.
    pub fn queues(&mut self, prefer: Option<Engine>) -> std::io::Result<Vec<(Medium, Box<dyn Queue>)>> {
        let own = (self.medium.clone(), self.held.queue(prefer)?);
        let others = self.siblings.iter_mut().map(|(held, medium)| Ok((medium.clone(), held.queue(prefer)?)));
        std::iter::once(Ok(own)).chain(others).collect()
    }

    /// A way to send the drive commands; `None` where there is no drive behind what is held.
    pub fn transport(&mut self) -> Option<Box<dyn Transport>> {
        self.held.transport()
    }

    /// A queue over the target.
    pub fn queue(&mut self, prefer: Option<Engine>) -> std::io::Result<Box<dyn Queue>> {
        self.held.queue(prefer)
    }
}
