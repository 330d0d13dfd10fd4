//! Namespaces: their formats, and Namespace Management and Attachment (NVMe 1.4 5.19, 5.20, 8.12).

use super::super::bytes::{le16, le32};
use super::super::state::Saved;
use super::{Done, Nvme, dword, nsid, status};

/// A namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// It exists.
    pub allocated: bool,
    /// The controller shows it.
    pub attached: bool,
    /// Block size as a power of two: 9 or 12.
    pub shift: u32,
}

impl Default for Namespace {
    fn default() -> Self {
        Namespace { allocated: true, attached: true, shift: 9 }
    }
}

impl Namespace {
    /// Keeps it.
    pub fn save(&self, saved: &mut Saved, number: usize) {
        saved.set(&format!("namespace-{number}-allocated"), self.allocated);
        saved.set(&format!("namespace-{number}-attached"), self.attached);
        saved.set(&format!("namespace-{number}-shift"), self.shift);
    }

    /// Takes it back.
    ///
    /// # Errors
    /// What is missing or can't be read.
    pub fn load(&mut self, saved: &Saved, number: usize) -> Result<(), String> {
        self.allocated = saved.get(&format!("namespace-{number}-allocated"))?;
        self.attached = saved.get(&format!("namespace-{number}-attached"))?;
        self.shift = saved.get(&format!("namespace-{number}-shift"))?;
        Ok(())
    }
}

impl Nvme {
    /// The space and state of an attached namespace.
    pub(super) fn attached(&self, nsid: u32) -> Option<(usize, &Namespace)> {
        self.allocated(nsid).filter(|(_, namespace)| namespace.attached)
    }

    /// The same for one that exists.
    pub(super) fn allocated(&self, nsid: u32) -> Option<(usize, &Namespace)> {
        let space = (nsid as usize).checked_sub(1)?;
        self.namespaces.get(space).filter(|namespace| namespace.allocated).map(|namespace| (space, namespace))
    }

    /// Logical blocks of a namespace.
    pub fn size(&self, nsid: u32) -> u64 {
        self.allocated(nsid).map_or(0, |(space, namespace)| {
            let range = self.gear.medium.layout().space(space);
            (range.end - range.start) >> (namespace.shift - 9)
        })
    }

    /// Namespace Management: SEL 0 create (there is never room), 1 delete. Deleting erases nothing.
    pub(super) fn manage(&mut self, sqe: &[u8; 64], _out: &[u8]) -> Done {
        match dword(sqe, 10) & 0x0f {
            0 => Err(status::NO_CAPACITY.into()),
            1 => {
                let target = nsid(sqe);
                if target != u32::MAX && self.allocated(target).is_none() {
                    return Err(status::INVALID_NAMESPACE.into());
                }
                for (index, namespace) in self.namespaces.iter_mut().enumerate() {
                    if target == u32::MAX || index + 1 == target as usize {
                        namespace.allocated = false;
                        namespace.attached = false;
                    }
                }
                Ok((0, Vec::new()))
            }
            _ => Err(status::INVALID_FIELD.into()),
        }
    }

    /// Namespace Attachment: SEL 0 attach, 1 detach; the list names controller 1.
    pub(super) fn attach(&mut self, sqe: &[u8; 64], out: &[u8]) -> Done {
        if le16(out, 0) != 1 || le16(out, 2) != 1 {
            return Err(status::CONTROLLER_LIST.into());
        }
        let (space, attached) = match self.allocated(nsid(sqe)) {
            Some((space, namespace)) => (space, namespace.attached),
            None => return Err(status::INVALID_NAMESPACE.into()),
        };
        let wanted = match le32(sqe, 40) & 0x0f {
            0 if attached => return Err(status::ATTACHED.into()),
            0 => true,
            1 if !attached => return Err(status::NOT_ATTACHED.into()),
            1 => false,
            _ => return Err(status::INVALID_FIELD.into()),
        };
        if let Some(namespace) = self.namespaces.get_mut(space) {
            namespace.attached = wanted;
        }
        Ok((0, Vec::new()))
    }
}
