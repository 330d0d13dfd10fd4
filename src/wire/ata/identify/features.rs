//! Features of an ATA disk that decide how it can be sanitized.

use super::Identify;
use crate::wire::bytes::bit;

/// Whether a feature is there, from the words that list features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// The words that would say it are not valid.
    Unknown,
    /// Not supported.
    Unsupported,
    /// Supported; not enabled, or that is not known.
    Supported,
    /// Supported and enabled.
    Enabled,
}

impl Feature {
    /// Supported, enabled or not.
    pub fn is_supported(self) -> bool {
        matches!(self, Feature::Supported | Feature::Enabled)
    }
}

/// SANITIZE DEVICE as word 59 announces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SanitizeSupport {
    /// Bit 12: the feature set. Without it the others mean nothing, and are not set here.
    pub supported: bool,
    /// Bit 13.
    pub crypto_scramble: bool,
    /// Bit 14.
    pub overwrite: bool,
    /// Bit 15.
    pub block_erase: bool,
    /// Bit 10.
    pub antifreeze: bool,
    /// Bit 11: while a sanitize runs, the commands of ACS-3 are allowed, not those of ACS-2.
    pub acs3_commands: bool,
}

/// How long an erase takes, as the drive says (words 89 and 90).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EraseTime {
    /// Nothing is said.
    NotReported,
    /// This many minutes.
    Minutes(u32),
    /// More minutes than the field can say.
    MoreThan(u32),
}

impl EraseTime {
    /// From the word: with bit 15, minutes / 2 in bits 14 to 0 and 7FFFh for 'more'; without, in bits 7 to 0 and FFh.
    pub(in crate::wire) fn of(word: u16) -> EraseTime {
        let (value, most) = if bit(word, 15) { (word & 0x7FFF, 0x7FFF) } else { (word & 0x00FF, 0x00FF) };
        match u32::from(value) {
            0 => EraseTime::NotReported,
            _ if value == most => EraseTime::MoreThan(2 * u32::from(most - 1)),
            halves => EraseTime::Minutes(2 * halves),
        }
    }
}

/// The Security feature set (word 128, and 89, 90, 92).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Security {
    /// Bit 0.
    pub supported: bool,
    /// Bit 1: a user password is set.
    pub enabled: bool,
    /// Bit 2: the data can't be reached without it.
    pub locked: bool,
    /// Bit 3: no change until the next power cycle.
    pub frozen: bool,
    /// Bit 4: too many wrong passwords; no more until the next power cycle.
    pub count_expired: bool,
    /// Bit 5: enhanced erase.
    pub enhanced_erase: bool,
    /// Bit 8: level Maximum; the master password can't unlock.
    pub level_maximum: bool,
    /// Word 89.
    pub erase_time: EraseTime,
    /// Word 90.
    pub enhanced_erase_time: EraseTime,
    /// Word 92, where there is one; FFFEh is the factory's.
    pub master_password_identifier: Option<u16>,
}

/// What TRIM (DATA SET MANAGEMENT) leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trim {
    /// Word 169 bit 0 is clear: there is none.
    Unsupported,
    /// Reads of trimmed sectors may change from one to the next.
    Indeterminate,
    /// Word 69 bit 14, DRAT: each read gives the same.
    Deterministic,
    /// DRAT, and word 69 bit 5, RZAT: zeros.
    Zeros,
}

/// Which ways to hide sectors the drive has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HiddenAreas {
    /// Host Protected Area: words 82 and 85 bit 10 (ATA8-ACS).
    pub host_protected_area: Feature,
    /// Its passwords, SET MAX security: words 83 and 86 bit 8. A locked one can't be changed.
    pub set_max_security: Feature,
    /// Device Configuration Overlay: words 83 and 86 bit 11 (ATA8-ACS).
    pub configuration_overlay: Feature,
    /// Accessible Max Address Configuration: words 119 and 120 bit 8.
    pub accessible_max_address: Feature,
}

impl Identify {
    /// Word `number` of 82 to 84; `None` without the mark of validity, which for 82 and 83 stands in 83 (bits 15:14 =
    /// 01b).
    fn supported_features(&self, number: usize) -> Option<u16> {
        let mark = if number == 84 { 84 } else { 83 };
        (self.raw(mark) >> 14 == 0b01).then(|| self.raw(number))
    }

    /// Word `number` of 85 to 87; `None` without the mark of validity, which stands in 87.
    pub(super) fn enabled_features(&self, number: usize) -> Option<u16> {
        (self.raw(87) >> 14 == 0b01).then(|| self.raw(number))
    }

    /// Bit `number` of word 82, 83 or 84, and of the word three further on, that says whether it is enabled.
    pub(super) fn feature(&self, word: usize, number: u32) -> Feature {
        match (self.supported_features(word), self.enabled_features(word + 3)) {
            (None, _) => Feature::Unknown,
            (Some(supported), _) if !bit(supported, number) => Feature::Unsupported,
            // Of the bits used here, three mean the same in both words: supported.
            (Some(_), Some(enabled)) if bit(enabled, number) && !matches!((word, number), (83, 10) | (84, 5)) => {
                Feature::Enabled
            }
            (Some(_), _) => Feature::Supported,
        }
    }

    /// Bit `number` of word 119, and of word 120; valid with bits 15:14 = 01b in each, and bit 15 of word 86.
    fn later_feature(&self, number: u32) -> Feature {
        let announced = self.enabled_features(86).is_some_and(|word| bit(word, 15));
        let marked = |word: u16| word >> 14 == 0b01;
        let (supported, enabled) = (self.raw(119), self.raw(120));
        if !announced || !marked(supported) {
            Feature::Unknown
        } else if !bit(supported, number) {
            Feature::Unsupported
        } else if marked(enabled) && bit(enabled, number) {
            Feature::Enabled
        } else {
            Feature::Supported
        }
    }

    /// SANITIZE DEVICE.
    pub fn sanitize(&self) -> SanitizeSupport {
        let word = self.word(59).unwrap_or(0);
        let supported = bit(word, 12);
        let has = |number| supported && bit(word, number);
        SanitizeSupport {
            supported,
            crypto_scramble: has(13),
            overwrite: has(14),
            block_erase: has(15),
            antifreeze: has(10),
            acs3_commands: has(11),
        }
    }

    /// The Security feature set; `None` where word 128 says nothing.
    pub fn security(&self) -> Option<Security> {
        let word = self.word(128)?;
        Some(Security {
            supported: bit(word, 0),
            enabled: bit(word, 1),
            locked: bit(word, 2),
            frozen: bit(word, 3),
            count_expired: bit(word, 4),
            enhanced_erase: bit(word, 5),
            level_maximum: bit(word, 8),
            erase_time: EraseTime::of(self.raw(89)),
            enhanced_erase_time: EraseTime::of(self.raw(90)),
            master_password_identifier: self.word(92),
        })
    }

    /// What TRIM leaves behind.
    pub fn trim(&self) -> Trim {
        let after = self.word(69).unwrap_or(0);
        let has_trim = self.word(169).is_some_and(|word| bit(word, 0));
        match (has_trim, bit(after, 14), bit(after, 5)) {
            (false, _, _) => Trim::Unsupported,
            (true, true, true) => Trim::Zeros,
            (true, true, false) => Trim::Deterministic,
            (true, false, _) => Trim::Indeterminate,
        }
    }

    /// Word 69 bit 4: the drive encrypts all user data. What the identify log says (page 06h) goes before it.
    pub fn encrypts_all(&self) -> bool {
        self.word(69).is_some_and(|word| bit(word, 4))
    }

    /// Which ways to hide sectors there are.
    pub fn hidden_areas(&self) -> HiddenAreas {
        HiddenAreas {
            host_protected_area: self.feature(82, 10),
            set_max_security: self.feature(83, 8),
            configuration_overlay: self.feature(83, 11),
            accessible_max_address: self.later_feature(8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{data, identify};
    use super::*;

    #[test]
    fn sanitize_bits_count_only_with_the_feature_set() {
        let all = identify(&[(59, 0xF400)]).sanitize();
        assert!(all.supported && all.crypto_scramble && all.overwrite && all.block_erase && all.antifreeze);
        assert!(!all.acs3_commands);
        let none = identify(&[(59, 0xE400)]).sanitize();
        assert!(!none.supported && !none.block_erase && !none.crypto_scramble && !none.overwrite);
        assert!(identify(&[(59, 0x3000)]).sanitize().crypto_scramble);
        assert!(!identify(&[(59, 0xFFFF)]).sanitize().supported);
    }

    #[test]
    fn erase_times_in_both_encodings() {
        let cases = [
            (0, EraseTime::NotReported),
            (1, EraseTime::Minutes(2)),
            (0x00FE, EraseTime::Minutes(508)),
            (0x00FF, EraseTime::MoreThan(508)),
            (0x12FF, EraseTime::MoreThan(508)),
            (0x8000, EraseTime::NotReported),
            (0x8001, EraseTime::Minutes(2)),
            (0xFFFE, EraseTime::Minutes(65_532)),
            (0xFFFF, EraseTime::MoreThan(65_532)),
        ];
        for (word, time) in cases {
            assert_eq!(EraseTime::of(word), time, "{word:04x}");
        }
    }

    #[test]
    fn security_words() {
        let words = [(128, 0x002B), (89, 0x8150), (90, 1), (92, 0xFFFE)];
        let found = identify(&words).security().unwrap_or_else(|| unreachable!());
        assert!(found.supported && found.enabled && !found.locked && found.frozen && found.enhanced_erase);
        assert!(!found.level_maximum && !found.count_expired);
        assert_eq!(found.erase_time, EraseTime::Minutes(0x150 * 2));
        assert_eq!(found.enhanced_erase_time, EraseTime::Minutes(2));
        assert_eq!(found.master_password_identifier, Some(0xFFFE));
        assert!(identify(&[(128, 0x0105)]).security().is_some_and(|s| s.level_maximum && s.locked));
        assert_eq!(identify(&[]).security(), None);
    }

    #[test]
    fn trim_kinds() {
        assert_eq!(identify(&[]).trim(), Trim::Unsupported);
        assert_eq!(identify(&[(69, 1 << 14 | 1 << 5)]).trim(), Trim::Unsupported);
        assert_eq!(identify(&[(169, 1), (69, 1 << 5)]).trim(), Trim::Indeterminate);
        assert_eq!(identify(&[(169, 1), (69, 1 << 14)]).trim(), Trim::Deterministic);
        assert_eq!(identify(&[(169, 1), (69, 1 << 14 | 1 << 5)]).trim(), Trim::Zeros);
        assert!(identify(&[(69, 1 << 4)]).encrypts_all());
    }

    #[test]
    fn hidden_areas_are_there_not_there_or_unknown() {
        let older = identify(&[(82, 1 << 10), (83, 1 << 8 | 1 << 11), (85, 1 << 10), (86, 0)]).hidden_areas();
        assert_eq!(older.host_protected_area, Feature::Enabled);
        assert_eq!((older.set_max_security, older.configuration_overlay), (Feature::Supported, Feature::Supported));
        assert_eq!(older.accessible_max_address, Feature::Unknown);
        let newer = identify(&[(86, 1 << 15), (119, 0x4100), (120, 0x4100)]).hidden_areas();
        assert_eq!(newer.host_protected_area, Feature::Unsupported);
        assert_eq!(newer.accessible_max_address, Feature::Enabled);
        let without = identify(&[(86, 1 << 15), (119, 0x4000)]).hidden_areas();
        assert_eq!(without.accessible_max_address, Feature::Unsupported);
        let mut unmarked = data(&[(82, 1 << 10)]);
        unmarked[166..168].fill(0);
        unmarked[510] = 0;
        let unknown = Identify::parse(&unmarked).map(|found| found.hidden_areas());
        assert!(unknown.is_ok_and(|areas| areas.host_protected_area == Feature::Unknown));
    }

    #[test]
    fn each_bit_says_one_thing() {
        for number in 0..16 {
            let bits = |word: usize| identify(&[(word, 1 << number | 1)]);
            let found = bits(128)
                .security()
                .map(|s| [s.enabled, s.locked, s.frozen, s.count_expired, s.enhanced_erase, s.level_maximum]);
            assert_eq!(found, Some([1, 2, 3, 4, 5, 8].map(|place| place == number)), "word 128, bit {number}");
            let found = identify(&[(59, 1 << number | 1 << 12)]).sanitize();
            let found =
                [found.antifreeze, found.acs3_commands, found.crypto_scramble, found.overwrite, found.block_erase];
            assert_eq!(found, [10, 11, 13, 14, 15].map(|place| place == number), "word 59, bit {number}");
            assert_eq!(identify(&[(69, 1 << number | 1 << 9)]).encrypts_all(), number == 4);
            assert_eq!(bits(69).zoning() == crate::wire::scsi::vpd::Zoning::HostAware, number != 1);
        }
    }
}
