//! IDENTIFY DEVICE data (ACS-3 7.12.7).

use super::super::bytes::{put, text};
use super::super::faults::HostileIdentify;
use super::super::medium::Unmapped;
use super::Sata;

struct Words([u16; 256]);

impl Words {
    fn set(&mut self, word: usize, value: u16) {
        if let Some(slot) = self.0.get_mut(word) {
            *slot = value;
        }
    }

    /// Several words, least significant first.
    fn set_wide(&mut self, word: usize, count: usize, value: u64) {
        for index in 0..count {
            self.set(word + index, (value >> (16 * index)) as u16);
        }
    }

    /// Text: the first character lies in the high byte (ACS-3 3.3.10).
    fn set_text(&mut self, word: usize, count: usize, words: &str) {
        for (index, pair) in text(words, 2 * count).chunks(2).take(count).enumerate() {
            let mut field = [b' '; 2];
            put(&mut field, 0, pair);
            self.set(word + index, u16::from_be_bytes(field));
        }
    }
}

fn bit(on: bool, number: u32) -> u16 {
    u16::from(on) << number
}

/// Time fields of words 89 and 90: units of two minutes, at least one.
fn two_minutes(seconds: u64) -> u16 {
    seconds.div_ceil(120).clamp(1, 254) as u16
}

impl Sata {
    /// The 512 bytes of IDENTIFY DEVICE.
    pub fn identify(&self) -> Vec<u8> {
        match self.gear.faults.identify() {
            Some(HostileIdentify::AllOnes) => return vec![0xff; 512],
            Some(HostileIdentify::AllZeros) => return vec![0; 512],
            _ => {}
        }
        let mut words = self.words();
        if self.gear.faults.identify() == Some(HostileIdentify::AbsurdCapacity) {
            words.set_wide(60, 2, 0x0fff_ffff);
            words.set_wide(100, 4, (1 << 48) - 1);
        }
        let mut data: Vec<u8> = words.0.iter().flat_map(|word| word.to_le_bytes()).collect();
        put(&mut data, 510, &[0xa5]);
        let sum = data.iter().take(511).fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        let broken = self.gear.faults.identify() == Some(HostileIdentify::BadChecksum);
        put(&mut data, 511, &[sum.wrapping_neg().wrapping_add(u8::from(broken))]);
        data
    }

    fn words(&self) -> Words {
        let traits = &self.traits;
        let security = &self.security;
        let mut words = Words([0; 256]);
        words.set(0, 0x0040);
        words.set(1, 16383);
        words.set(3, 16);
        words.set(6, 63);
        words.set_text(10, 10, &traits.serial);
        words.set_text(23, 4, &traits.firmware);
        words.set_text(27, 20, &traits.model);
        words.set(47, 0x8001);
        words.set(49, 0x2f00);
        words.set(50, 0x4000);
        words.set(53, 0x0007);
        let sanitize = traits.block_erase || traits.overwrite || traits.crypto;
        // Bit 11: the commands that ACS-3 allows while a sanitize runs, not those of ACS-2.
        let sanitize_word = bit(traits.block_erase, 15)
            | bit(traits.overwrite, 14)
            | bit(traits.crypto, 13)
            | bit(sanitize, 12)
            | bit(sanitize, 11)
            | bit(traits.antifreeze, 10);
        words.set(59, sanitize_word | 0x0101);
        let sectors = self.accessible();
        words.set_wide(60, 2, sectors.min(0x0fff_ffff));
        words.set(63, 0x0007);
        words.set(64, 0x0003);
        for word in 65..=68 {
            words.set(word, 120);
        }
        let (deterministic, zeros) = match traits.trim {
            Some(Unmapped::Zeros) => (true, true),
            Some(Unmapped::Ones) => (true, false),
            _ => (false, false),
        };
        words.set(69, bit(deterministic, 14) | bit(zeros, 5) | bit(traits.encrypts, 4));
        words.set(76, 0x000e);
        words.set(80, 0x07f0);
        let supported = 0x4069 | bit(traits.security, 1) | bit(traits.hpa, 10);
        words.set(82, supported);
        words.set(83, 0x7400 | bit(traits.dco, 11));
        words.set(84, 0x4121);
        words.set(85, (supported & !0x0022) | bit(security.enabled(), 1) | bit(self.write_cache, 5));
        words.set(86, 0xb400 | bit(traits.dco, 11));
        words.set(87, 0x4121);
        words.set(88, 0x407f);
        let [_, _, _, normal, enhanced] = traits.seconds;
        if traits.security {
            words.set(89, two_minutes(normal));
            words.set(90, if traits.enhanced { two_minutes(enhanced) } else { 0 });
            words.set(92, security.revision);
            words.set(128, security.word(traits.enhanced));
        }
        words.set_wide(100, 4, sectors);
        words.set(105, if traits.trim.is_some() { 8 } else { 0 });
        words.set(106, 0x4000);
        for index in 0..4 {
            words.set(108 + index, (traits.wwn >> (48 - 16 * index)) as u16);
        }
        words.set(119, 0x4000 | bit(traits.ama, 8));
        words.set(120, 0x4000 | bit(traits.ama, 8));
        words.set(169, bit(traits.trim.is_some(), 0));
        words.set(217, traits.rotation);
        words.set(222, 0x107f);
        words
    }
}
