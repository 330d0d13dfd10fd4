//! No command, however odd, brings a drive down.

use crate::drives::ata::{Command, Protocol};
use crate::drives::scsi::Unit;
use crate::drives::{Machine, nvme, sas_hdd, sas_ssd, sata_hdd, sata_ssd};
use crate::hands::request_sense;

/// A small generator: the same noise every time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Bytes that are often 0 or FFh, as fields at their ends are.
    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length)
            .map(|_| match self.next() % 4 {
                0 => 0xff,
                1 => self.next() as u8,
                _ => 0,
            })
            .collect()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.next() as usize % from.len()]
    }
}

const CODES: [u8; 30] = [
    0x00, 0x03, 0x04, 0x08, 0x0a, 0x12, 0x1a, 0x25, 0x28, 0x2a, 0x2f, 0x35, 0x41, 0x42, 0x48, 0x4d, 0x5a, 0x5e, 0x85,
    0x88, 0x8a, 0x93, 0x9e, 0xa0, 0xa1, 0xa2, 0xa3, 0xa8, 0xb5, 0xff,
];

fn shake(unit: &mut (impl Unit + Machine), rounds: u32) {
    let mut noise = Noise(7);
    for round in 0..rounds {
        let length = noise.pick(&[0, 1, 6, 10, 12, 16, 16, 16, 32]);
        let mut cdb = noise.bytes(length);
        if let Some(code) = cdb.first_mut() {
            *code = noise.pick(&CODES);
        }
        let length = noise.pick(&[0, 4, 8, 24, 36, 512, 4096]);
        let out = noise.bytes(length);
        unit.execute(&cdb, &out, noise.pick(&[0, 8, 512, 65536]));
        unit.clock().advance(noise.next() % 5000);
        if round % 97 == 0 {
            unit.power_off();
            unit.power_on();
        }
    }
    unit.reconnect();
    request_sense(unit);
}

#[test]
fn cdbs() {
    shake(&mut sata_ssd().with_security_protocol(), 3000);
    shake(&mut sata_hdd(), 3000);
    shake(&mut sas_ssd(), 3000);
    shake(&mut sas_hdd(), 3000);
}

#[test]
fn register_files() {
    for mut drive in [sata_ssd().drive, sata_hdd().drive] {
        let mut noise = Noise(11);
        for _ in 0..4000 {
            let command = Command {
                feature: noise.pick(&[0, 1, 2, 0x11, 0x12, 0x14, 0x20, 0xc0, 0xc2, 0xd0, 0xffff]),
                count: noise.pick(&[0, 1, 8, 0xff, 0xffff]),
                lba: noise.pick(&[0, 1, 16383, 0xc2_4f00, 0x426b_4572, 0x4f57_0000_0000, 0xffff_ffff_ffff, u64::MAX]),
                device: noise.next() as u8,
                command: noise.pick(&[
                    0x06, 0x25, 0x27, 0x2f, 0x35, 0x37, 0x40, 0x42, 0x78, 0xb0, 0xb1, 0xb4, 0xc8, 0xca, 0xe5, 0xec,
                    0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf8, 0xf9, 0xff,
                ]),
                ext: noise.next().is_multiple_of(2),
                protocol: noise.pick(&[
                    Protocol::NonData,
                    Protocol::PioIn,
                    Protocol::PioOut,
                    Protocol::DmaIn,
                    Protocol::DmaOut,
                ]),
            };
            let out = noise.bytes(512);
            drive.execute(&command, &out);
            drive.gear.clock.advance(noise.next() % 5000);
        }
        drive.truth();
    }
}

#[test]
fn submission_queue_entries() {
    for namespaces in [1, 2] {
        let mut drive = nvme(namespaces);
        drive.traits.sanicap |= 1 << 3;
        let mut noise = Noise(13);
        for _ in 0..4000 {
            let mut sqe = [0; 64];
            sqe.copy_from_slice(&noise.bytes(64));
            let length = noise.pick(&[0, 16, 512, 4096]);
            let out = noise.bytes(length);
            sqe[4..8].copy_from_slice(&noise.pick(&[0u32, 1, 2, 3, u32::MAX]).to_le_bytes());
            sqe[0] = noise.pick(&[0x00, 0x01, 0x02, 0x05, 0x08, 0x09]);
            // Not so many blocks that the noise takes for ever.
            sqe[49] = 0;
            drive.io(&sqe, &out);
            sqe[0] = noise.pick(&[0x02, 0x06, 0x08, 0x09, 0x0a, 0x0c, 0x15, 0x80, 0x84]);
            drive.admin(&sqe, &out);
            drive.gear.clock.advance(noise.next() % 5000);
        }
        drive.truth();
    }
}
