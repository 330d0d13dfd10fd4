//! Identify (06h; NVMe 1.4 5.15, 2.0 for command sets).

use super::super::bytes::{byte, put, text};
use super::super::faults::HostileIdentify;
use super::super::medium::Unmapped;
use super::{Done, Nvme, dword, nsid, status};

impl Nvme {
    /// Identify: CNS in CDW10 7:0; CSI, for those that have it, in CDW11 31:24.
    pub(super) fn identify(&self, sqe: &[u8; 64]) -> Done {
        let csi = dword(sqe, 11) >> 24;
        let data = match byte(sqe, 40) {
            0x00 if nsid(sqe) == u32::MAX => self.namespace(1),
            0x00 => {
                if nsid(sqe) as usize > self.namespaces.len() || nsid(sqe) == 0 {
                    return Err(status::INVALID_NAMESPACE.into());
                }
                // An inactive one is all zeros (1.4 5.15.2.1).
                if self.attached(nsid(sqe)).is_some() { self.namespace(nsid(sqe)) } else { vec![0; 4096] }
            }
            0x01 => self.controller(),
            0x02 => self.list(nsid(sqe), false),
            0x03 => {
                let (space, _) = self.attached(nsid(sqe)).ok_or(status::INVALID_NAMESPACE)?;
                let mut list = vec![2, 16, 0, 0];
                list.extend(unique(&self.traits.serial, space));
                // Command set identifier: NVM.
                list.extend([4, 1, 0, 0, 0]);
                list.resize(4096, 0);
                list
            }
            0x05..=0x07 if csi != 0 => return Err(status::INVALID_FIELD.into()),
            0x05 => {
                self.attached(nsid(sqe)).ok_or(status::INVALID_NAMESPACE)?;
                vec![0; 4096]
            }
            0x06 => vec![0; 4096],
            0x07 => self.list(nsid(sqe), false),
            0x08 => {
                self.attached(nsid(sqe)).ok_or(status::INVALID_NAMESPACE)?;
                let mut data = vec![0; 4096];
                // NSTAT: ready.
                put(&mut data, 14, &[1]);
                data
            }
            0x10 if self.traits.oacs & 8 != 0 => self.list(nsid(sqe), true),
            0x11 if self.traits.oacs & 8 != 0 => {
                if self.allocated(nsid(sqe)).is_some() {
                    self.namespace(nsid(sqe))
                } else {
                    vec![0; 4096]
                }
            }
            0x12 if self.traits.oacs & 8 != 0 => {
                let shown = self.attached(nsid(sqe)).is_some();
                let mut data = vec![0; 4096];
                if shown {
                    put(&mut data, 0, &[1, 0, 1, 0]);
                }
                data
            }
            0x13 if self.traits.oacs & 8 != 0 => {
                let mut data = vec![0; 4096];
                put(&mut data, 0, &[1, 0, 1, 0]);
                data
            }
            _ => return Err(status::INVALID_FIELD.into()),
        };
        Ok((0, data))
    }

    /// Namespace numbers above `after`: the attached ones, or all that exist.
    fn list(&self, after: u32, all: bool) -> Vec<u8> {
        let mut data: Vec<u8> = (1..=self.namespaces.len() as u32)
            .filter(|nsid| *nsid > after)
            .filter(|nsid| if all { self.allocated(*nsid).is_some() } else { self.attached(*nsid).is_some() })
            .flat_map(u32::to_le_bytes)
            .collect();
        data.resize(4096, 0);
        data
    }

    fn hostile(&self) -> Option<Vec<u8>> {
        match self.gear.faults.identify() {
            Some(HostileIdentify::AllOnes) => Some(vec![0xff; 4096]),
            Some(HostileIdentify::AllZeros) => Some(vec![0; 4096]),
            _ => None,
        }
    }

    /// Identify Controller (figure 247).
    fn controller(&self) -> Vec<u8> {
        if let Some(data) = self.hostile() {
            return data;
        }
        let traits = &self.traits;
        let mut data = vec![0; 4096];
        let fields: [(usize, Vec<u8>); 8] = [
            (0, vec![0x36, 0x1b, 0xf4, 0x1a]),
            (4, text(&traits.serial, 20)),
            (24, text(&traits.model, 40)),
            (64, text(&traits.firmware, 8)),
            // RAB, IEEE, CMIC, MDTS (128 KiB), controller 1, version 1.4.
            (72, vec![6, 0, 0, 0, 0, 5, 1, 0, 0x00, 0x04, 0x01, 0x00]),
            (92, 0x0100u32.to_le_bytes().to_vec()),
            (111, vec![1]),
            (256, traits.oacs.to_le_bytes().to_vec()),
        ];
        for (offset, field) in fields {
            put(&mut data, offset, &field);
        }
        // ACL, AERL, firmware: one slot, read only; log pages: effects and extended; ELPE, NPSS, AVSCC, APSTA.
        put(&mut data, 258, &[3, 3, 3, 6, 0, 0, 1, 0]);
        put(&mut data, 266, &343u16.to_le_bytes());
        put(&mut data, 268, &373u16.to_le_bytes());
        let layout = self.gear.medium.layout();
        let capacity: u64 = layout.spaces.iter().sum::<u64>() * 512;
        put(&mut data, 280, &capacity.to_le_bytes());
        put(&mut data, 320, &10u16.to_le_bytes());
        put(&mut data, 328, &traits.sanicap.to_le_bytes());
        put(&mut data, 512, &[0x66, 0x44, 64, 0]);
        put(&mut data, 516, &(self.namespaces.len() as u32).to_le_bytes());
        put(&mut data, 520, &traits.oncs.to_le_bytes());
        put(&mut data, 524, &[traits.fna, 1]);
        // SGLs, for transports over fabrics; its other fields from 1792: capsule sizes, offsets, descriptors.
        put(&mut data, 536, &0x0010_0005u32.to_le_bytes());
        put(&mut data, 768, traits.nqn.as_bytes());
        put(&mut data, 1792, &516u32.to_le_bytes());
        put(&mut data, 1796, &1u32.to_le_bytes());
        put(&mut data, 1803, &[1]);
        data
    }

    /// Identify Namespace (figure 245): two formats, 512 and 4096 bytes, no metadata, no protection.
    fn namespace(&self, nsid: u32) -> Vec<u8> {
        if let Some(data) = self.hostile() {
            return data;
        }
        let Some((space, namespace)) = self.allocated(nsid) else { return vec![0; 4096] };
        let absurd = self.gear.faults.identify() == Some(HostileIdentify::AbsurdCapacity);
        let size = if absurd { u64::MAX } else { self.size(nsid) };
        let mut data = vec![0; 4096];
        for offset in [0, 8, 16] {
            put(&mut data, offset, &size.to_le_bytes());
        }
        // NSFEAT: deallocate error no; NLBAF: two (from 0); FLBAS.
        put(&mut data, 24, &[0, 1, u8::from(namespace.shift == 12)]);
        let range = self.gear.medium.layout().space(space);
        put(&mut data, 48, &((range.end - range.start) * 512).to_le_bytes());
        // DLFEAT: what a deallocated block reads as.
        let reads = match self.gear.medium.unmapped {
            Unmapped::Zeros => 1,
            Unmapped::Ones => 2,
            Unmapped::Old => 0,
        };
        put(&mut data, 33, &[0x08 | reads]);
        put(&mut data, 104, &unique(&self.traits.serial, space));
        put(&mut data, 128, &[0, 0, 9, 0, 0, 0, 12, 0]);
        data
    }
}

impl Nvme {
    /// The NGUID of a namespace, counted from 0.
    pub fn nguid(&self, space: usize) -> [u8; 16] {
        unique(&self.traits.serial, space)
    }
}

/// NGUID: another for each controller, since hosts take two namespaces with one NGUID for one.
fn unique(serial: &str, space: usize) -> [u8; 16] {
    let mut guid = [0xd1, 0x1e, 0x50, 0x00, 0, 0, 0, 0, 0x00, 0x53, 0x45, 0x43, 0, 0, 0, 0];
    let sum = serial.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    put(&mut guid, 4, &sum.to_be_bytes());
    put(&mut guid, 15, &[space as u8 + 1]);
    guid
}
