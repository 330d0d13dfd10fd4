//! Format NVM (80h; NVMe 1.4 5.23).

use super::super::erase::{Origin, Plan, Work};
use super::super::faults::Fault;
use super::super::gear::Begun;
use super::{Done, Nvme, Stop, dword, nsid, status};
use std::ops::Range;

impl Nvme {
    /// Format NVM. CDW10: LBAFL 3:0, MSET 4, PI 7:5, PIL 8, SES 11:9, LBAFU 13:12. The command ends when it is done.
    ///
    /// SES 0 erases nothing: addresses are unmapped. SES 1 erases the namespace's blocks, not the spare ones. SES 2
    /// changes the key.
    pub(super) fn format(&mut self, sqe: &[u8; 64]) -> Done {
        let word = dword(sqe, 10);
        let ses = word >> 9 & 7;
        let fna = self.traits.fna;
        let broadcast = nsid(sqe) == u32::MAX;
        if ses > 2 || (ses == 2 && fna & 4 == 0) {
            return Err(status::INVALID_FIELD.into());
        }
        if broadcast && fna & 8 != 0 {
            return Err(status::INVALID_FIELD.into());
        }
        if !broadcast && self.attached(nsid(sqe)).is_none() {
            return Err(status::INVALID_NAMESPACE.into());
        }
        let shift = match word & 0x0f | word >> 8 & 0x30 {
            0 => 9,
            1 => 12,
            _ => return Err(status::INVALID_FORMAT.into()),
        };
        // No metadata and no protection information here.
        if word & 0x1f0 != 0 {
            return Err(status::INVALID_FORMAT.into());
        }
        if self.protected {
            return Err(status::WRITE_PROTECTED.into());
        }
        if self.gear.faults.has(&Fault::Locked) {
            return Err(status::DENIED.into());
        }
        let reaches_all = broadcast || fna & 1 != 0 || (ses != 0 && fna & 2 != 0);
        let spaces: Vec<usize> = (0..self.namespaces.len())
            .filter(|space| reaches_all || *space + 1 == nsid(sqe) as usize)
            .filter(|space| self.namespaces.get(*space).is_some_and(|namespace| namespace.allocated))
            .collect();
        let done = self.erase(ses, &spaces)?;
        for space in spaces {
            if let Some(namespace) = self.namespaces.get_mut(space) {
                namespace.shift = shift;
            }
        }
        Ok(done)
    }

    fn erase(&mut self, ses: u32, spaces: &[usize]) -> Result<(u32, Vec<u8>), Stop> {
        let layout = self.gear.medium.layout().clone();
        let own: Vec<Range<u64>> = spaces.iter().map(|space| layout.space(*space)).collect();
        let others: Vec<Range<u64>> =
            (0..layout.spaces.len()).filter(|space| !spaces.contains(space)).map(|space| layout.space(space)).collect();
        if let Some(how) = self.gear.faults.refusal() {
            return Err(Nvme::refused(how));
        }
        if ses == 0 {
            for range in own {
                self.gear.medium.deallocate(range).map_err(|_| status::INTERNAL)?;
            }
            return Ok((0, Vec::new()));
        }
        let [crypto, .., format] = self.traits.seconds;
        let (work, reach, seconds) = if ses == 1 {
            (Work::Block { pattern: 0, unmap: true }, own, format)
        } else {
            (Work::Crypto { unmap: true }, own, crypto)
        };
        let plan = Plan {
            origin: Origin::Format,
            work,
            reach,
            // Each namespace has a key of its own: the others' data stays readable.
            skip: if ses == 2 { others } else { Vec::new() },
            milliseconds: seconds * 1000,
            unrestricted: true,
            unwritten: false,
            word: 0,
        };
        let first = spaces.first().copied().unwrap_or(0);
        match self.gear.begin(plan, first, u64::MAX / 4) {
            Begun::Refused(how) => return Err(Nvme::refused(how)),
            Begun::Unanswered => return Err(Stop::Gone),
            Begun::Accepted => {}
        }
        if !self.gear.block() {
            self.gear.attention = false;
            return Err(Stop::Gone);
        }
        match self.gear.ended.take() {
            Some((_, false)) => Err(status::INTERNAL.into()),
            _ => Ok((0, Vec::new())),
        }
    }
}
