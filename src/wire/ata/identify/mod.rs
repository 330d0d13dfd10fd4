//! IDENTIFY DEVICE, ECh, and its 256 words (ACS-4, IDENTIFY DEVICE data).
//!
//! A word of 0000h or FFFFh says nothing (ACS-4: not reported); the words that list features carry a mark of their own.
//! So a feature is supported, not supported, or unknown: see [`Feature`].

mod features;
mod names;

pub use features::{EraseTime, Feature, HiddenAreas, SanitizeSupport, Security, Trim};
pub use names::Names;

use super::command::{BLOCK, Command};
use crate::wire::Malformed;
use crate::wire::bytes::{bit, le16};
use crate::wire::scsi::vpd::Zoning;

const ANSWER: &str = "IDENTIFY DEVICE data";
/// Word 0 of a CompactFlash card in ATA mode: bit 15, 'not an ATA device', is set all the same.
const COMPACT_FLASH: u16 = 0x848A;

/// IDENTIFY DEVICE, ECh.
pub fn identify_device() -> Command {
    Command::pio_in("IDENTIFY DEVICE", 0xEC, false, 1)
}

/// IDENTIFY DEVICE data of an ATA disk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identify {
    words: Box<[u16; 256]>,
    /// Whether word 255 holds a checksum (it is right, or the data would not have been taken).
    pub has_checksum: bool,
}

impl Identify {
    /// Reads the 512 bytes. Errors: they are short; word 0 says that it is no ATA device, or that the data is
    /// incomplete; word 255 has the mark A5h and the sum of all bytes is not 0.
    pub fn parse(data: &[u8]) -> Result<Identify, Malformed> {
        let data: &[u8; BLOCK] = data.first_chunk().ok_or(Malformed::short(ANSWER))?;
        let mut words = Box::new([0; 256]);
        for (word, pair) in words.iter_mut().zip(data.chunks_exact(2)) {
            *word = le16(pair, 0).unwrap_or(0);
        }
        let general = words[0];
        if bit(general, 15) && general != COMPACT_FLASH {
            return Err(Malformed::new(ANSWER, "word 0 is that of another kind of device"));
        }
        if general != COMPACT_FLASH && bit(general, 2) {
            return Err(Malformed::new(ANSWER, "word 0 says that it is incomplete"));
        }
        if words.iter().all(|word| *word == 0) {
            return Err(Malformed::new(ANSWER, "nothing but zeros"));
        }
        let has_checksum = words[255] & 0xFF == 0xA5;
        if has_checksum && data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) != 0 {
            return Err(Malformed::new(ANSWER, "a wrong checksum"));
        }
        Ok(Identify { words, has_checksum })
    }

    /// Word `number`, whatever it holds; 0 beyond the last.
    fn raw(&self, number: usize) -> u16 {
        self.words.get(number).copied().unwrap_or(0)
    }

    /// Word `number`; `None` where it holds 0000h or FFFFh and so says nothing.
    pub fn word(&self, number: usize) -> Option<u16> {
        Some(self.raw(number)).filter(|word| !matches!(word, 0 | 0xFFFF))
    }

    /// The number in `words` words from `first` on, the lowest first.
    fn number(&self, first: usize, words: usize) -> u64 {
        (first..first + words).rev().fold(0, |number, at| number << 16 | u64::from(self.raw(at)))
    }

    /// Serial number, firmware revision, model.
    pub fn names(&self) -> Names {
        Names::of_words(|at| self.raw(at))
    }

    /// World wide name, `naa.` and 16 digits, from words 108 to 111; `None` where word 87 does not announce one, or it
    /// is zero.
    pub fn world_wide_name(&self) -> Option<String> {
        let announced = self.enabled_features(87).is_some_and(|word| bit(word, 8));
        let name = (108..112).fold(0, |name, at| name << 16 | u64::from(self.raw(at)));
        (announced && name != 0).then(|| format!("naa.{name:016x}"))
    }

    /// Bytes of a logical sector, from words 106, 117 and 118; 512 where nothing is said. `None` for a size that can't
    /// be.
    pub fn sector_bytes(&self) -> Option<u32> {
        let word = self.raw(106);
        let (valid, long) = (word >> 14 == 0b01, bit(word, 12));
        if !(valid && long) {
            return Some(512);
        }
        let words = u32::try_from(self.number(117, 2)).ok()?;
        words.checked_mul(2).filter(|bytes| *bytes >= 512)
    }

    /// Logical sectors in a physical one, from word 106.
    pub fn sectors_per_physical(&self) -> u32 {
        let word = self.raw(106);
        if word >> 14 == 0b01 && bit(word, 13) { 1 << (word & 0x0F) } else { 1 }
    }

    /// User addressable logical sectors: words 230 to 233 where word 69 bit 3 says so, else 100 to 103 with 48-bit
    /// addresses, else 60 and 61. `None` where that is 0.
    pub fn sectors(&self) -> Option<u64> {
        let extended = self.word(69).is_some_and(|word| bit(word, 3)).then(|| self.number(230, 4));
        let long = (self.feature(83, 10) == Feature::Supported).then(|| self.number(100, 4));
        let sectors = |number: &u64| *number != 0 && *number <= 1 << 48;
        let short = Some(self.number(60, 2));
        extended.filter(sectors).or(long.filter(sectors)).or(short.filter(sectors))
    }

    /// NOMINAL MEDIA ROTATION RATE, word 217: 1 not rotating, 0401h to FFFEh revolutions a minute; `None` where not
    /// reported.
    pub fn rotation_rate(&self) -> Option<u16> {
        self.word(217).filter(|rate| *rate == 1 || *rate > 0x0400)
    }

    /// ZONED, word 69 bits 1 and 0.
    pub fn zoning(&self) -> Zoning {
        Zoning::of(self.word(69).unwrap_or(0))
    }

    /// Major version number, word 80: bit 8 ATA8-ACS, 9 ACS-2, 10 ACS-3, 11 ACS-4; `None` where not reported.
    pub fn major_versions(&self) -> Option<u16> {
        self.word(80)
    }

    /// 48-bit addresses, word 83 bit 10.
    pub fn long_addresses(&self) -> Feature {
        self.feature(83, 10)
    }

    /// SMART, word 82 bit 0.
    pub fn smart(&self) -> Feature {
        self.feature(82, 0)
    }

    /// General Purpose Logging, word 84 bit 5: READ LOG EXT works.
    pub fn general_purpose_logging(&self) -> Feature {
        self.feature(84, 5)
    }

    /// Volatile write cache, word 82 bit 5.
    pub fn write_cache(&self) -> Feature {
        self.feature(82, 5)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Identify data with these words, words 83, 84 and 87 marked as valid, and the right checksum.
    pub fn data(words: &[(usize, u16)]) -> Vec<u8> {
        let mut all = [0u16; 256];
        (all[0], all[83], all[84], all[87]) = (0x0040, 0x4000, 0x4000, 0x4000);
        for (at, word) in words {
            all[*at] = if matches!(at, 83 | 84 | 87) { 0x4000 | *word } else { *word };
        }
        let mut data: Vec<u8> = all.iter().flat_map(|word| word.to_le_bytes()).collect();
        data[510] = 0xA5;
        data[511] = 0;
        data[511] = data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)).wrapping_neg();
        data
    }

    pub fn identify(words: &[(usize, u16)]) -> Identify {
        Identify::parse(&data(words)).unwrap()
    }

    #[test]
    fn capacity_from_the_widest_field_that_is_announced() {
        let narrow = (60, 0xFFFF);
        assert_eq!(identify(&[narrow, (61, 0x0FFF)]).sectors(), Some(0x0FFF_FFFF));
        let long = [narrow, (61, 0x0FFF), (83, 1 << 10), (100, 0x12B0), (101, 0xA381), (102, 3)];
        assert_eq!(identify(&long).sectors(), Some(0x0003_A381_12B0));
        let extended = [(69, 1 << 3), (83, 1 << 10), (100, 0xFFFF), (230, 5), (232, 1)];
        assert_eq!(identify(&extended).sectors(), Some(0x1_0000_0005));
        assert_eq!(identify(&[]).sectors(), None);
        // Each field is four words, and ends there; more than 48 bits of address can't be.
        let four = [(83, 1 << 10), (103, 1), (104, 0xFFFF)];
        assert_eq!(identify(&four).sectors(), Some(1 << 48));
        assert_eq!(identify(&[(83, 1 << 10), (100, 1), (103, 1)]).sectors(), None);
        let four = [(69, 1 << 3), (233, 1), (234, 0xFFFF)];
        assert_eq!(identify(&four).sectors(), Some(1 << 48));
        assert_eq!(identify(&[(60, 0xFFFF), (62, 0xFFFF)]).sectors(), Some(0xFFFF));
        // Word 83 without its mark announces nothing.
        let mut unmarked = data(&[narrow, (100, 7)]);
        unmarked[166..168].copy_from_slice(&0x0400u16.to_le_bytes());
        unmarked[510] = 0;
        assert_eq!(Identify::parse(&unmarked).unwrap().sectors(), Some(0xFFFF));
    }

    #[test]
    fn sectors_large_and_small() {
        assert_eq!(identify(&[]).sector_bytes(), Some(512));
        let e512 = identify(&[(106, 0x6003)]);
        assert_eq!((e512.sector_bytes(), e512.sectors_per_physical()), (Some(512), 8));
        let unmarked = identify(&[(106, 0x3003), (117, 2048)]);
        assert_eq!((unmarked.sector_bytes(), unmarked.sectors_per_physical()), (Some(512), 1));
        assert_eq!(identify(&[(106, 0x4003)]).sectors_per_physical(), 1);
        assert_eq!(identify(&[(106, 0x5000), (117, 256), (119, 1)]).sector_bytes(), Some(512));
        let native = identify(&[(106, 0x5000), (117, 2048)]);
        assert_eq!((native.sector_bytes(), native.sectors_per_physical()), (Some(4096), 1));
        assert_eq!(identify(&[(106, 0x5000), (117, 1)]).sector_bytes(), None);
        assert_eq!(identify(&[(106, 0x5000), (118, 0xFFFF)]).sector_bytes(), None);
    }

    #[test]
    fn other_facts() {
        let found = identify(&[(217, 7200), (69, 0x0001), (80, 0x07F0), (82, 0x21), (85, 0x20)]);
        assert_eq!((found.rotation_rate(), found.zoning()), (Some(7200), Zoning::HostAware));
        assert_eq!((found.smart(), found.write_cache()), (Feature::Supported, Feature::Enabled));
        assert_eq!(found.major_versions(), Some(0x07F0));
        for (word, rate) in [(0x0300, None), (0x0400, None), (0x0401, Some(0x0401)), (1, Some(1)), (2, None)] {
            assert_eq!(identify(&[(217, word)]).rotation_rate(), rate);
        }
        let (gpl, long) = (identify(&[(84, 1 << 5), (87, 1 << 5)]), identify(&[(83, 1 << 10), (86, 1 << 10)]));
        assert_eq!((gpl.general_purpose_logging(), gpl.long_addresses()), (Feature::Supported, Feature::Unsupported));
        assert_eq!((long.general_purpose_logging(), long.long_addresses()), (Feature::Unsupported, Feature::Supported));
        let named = identify(&[(87, 1 << 8), (108, 0x5000), (109, 0xC500), (110, 0x0102), (111, 0x0304)]);
        assert_eq!(named.world_wide_name().as_deref(), Some("naa.5000c50001020304"));
        assert_eq!(identify(&[(108, 0x5000)]).world_wide_name(), None);
        assert_eq!(identify(&[(87, 1 << 8)]).world_wide_name(), None);
    }

    #[test]
    fn what_is_no_identify_data_is_refused() {
        let why = |data: &[u8]| Identify::parse(data).unwrap_err().why;
        assert_eq!(why(&[0; 512]), "nothing but zeros");
        assert_eq!(why(&[0xff; 512]), "word 0 is that of another kind of device");
        assert_eq!(identify_device().data(), &crate::wire::Data::In(512));
        assert!(Identify::parse(&data(&[])[..511]).is_err());
        assert_eq!(why(&data(&[(0, 0x0044)])), "word 0 says that it is incomplete");
        assert!(Identify::parse(&data(&[(0, 0x848A)])).is_ok() && Identify::parse(&data(&[(0, 0x848B)])).is_err());
        let mut changed = data(&[]);
        changed[100] ^= 1;
        assert_eq!(why(&changed), "a wrong checksum");
        changed[510] = 0;
        assert!(!Identify::parse(&changed).unwrap().has_checksum);
    }

    proptest! {
        #[test]
        fn any_data_is_read(mut data in prop::collection::vec(any::<u8>(), 500..520)) {
            data[0] = 0x40;
            data[1] = 0;
            if data.len() > 510 { data[510] = 0; }
            if let Ok(found) = Identify::parse(&data) {
                let _ = (found.names(), found.world_wide_name(), found.rotation_rate(), found.zoning());
                prop_assert!(found.sectors().is_none_or(|sectors| sectors <= 1 << 48));
                prop_assert!(found.sector_bytes().is_none_or(|bytes| bytes >= 512));
                let _ = (found.sectors_per_physical(), found.security(), found.sanitize());
                let _ = (found.trim(), found.hidden_areas());
            }
        }
    }
}
