//! Log 04h, device statistics (ACS-4): what SMART attributes only hint at, defined.

use super::command::Command;
use super::identify_log::read_log;
use crate::wire::Malformed;
use crate::wire::bytes::{bit, le64};

/// Log address.
const DEVICE_STATISTICS: u8 = 0x04;

/// Pages of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatisticsPage {
    /// 01h, general.
    General,
    /// 03h, rotating media.
    RotatingMedia,
    /// 05h, temperature.
    Temperature,
    /// 07h, solid state device.
    SolidState,
}

impl StatisticsPage {
    fn number(self) -> u8 {
        match self {
            StatisticsPage::General => 0x01,
            StatisticsPage::RotatingMedia => 0x03,
            StatisticsPage::Temperature => 0x05,
            StatisticsPage::SolidState => 0x07,
        }
    }
}

/// READ LOG EXT of one page of log 04h; read with [`Statistics::parse`].
pub fn device_statistics(page: StatisticsPage) -> Command {
    read_log("READ LOG EXT (device statistics)", DEVICE_STATISTICS, page.number())
}

/// One page: each statistic is a qword, of which the drive marks whether it supports it and whether it is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Statistics<'a> {
    page: StatisticsPage,
    data: &'a [u8],
}

impl<'a> Statistics<'a> {
    /// Reads the header. Errors: it is short, or of another page.
    pub fn parse(data: &'a [u8], page: StatisticsPage) -> Result<Statistics<'a>, Malformed> {
        const ANSWER: &str = "device statistics log";
        let head = le64(data, 0).ok_or(Malformed::short(ANSWER))?;
        if (head >> 16) & 0xFF != u64::from(page.number()) || head & 0xFFFF == 0 {
            return Err(Malformed::new(ANSWER, "another page than was asked for"));
        }
        Ok(Statistics { page, data })
    }

    /// The lowest `bits` bits of the statistic at `at`; `None` where it is on another page, not supported (bit 63) or
    /// not valid (bit 62).
    fn value(&self, page: StatisticsPage, at: usize, bits: u32) -> Option<u64> {
        let qword = le64(self.data, at).filter(|_| self.page == page)?;
        (bit(qword, 63) && bit(qword, 62)).then(|| qword & (u64::MAX >> (64 - bits)))
    }

    /// Power-on hours.
    pub fn power_on_hours(&self) -> Option<u64> {
        self.value(StatisticsPage::General, 16, 32)
    }

    /// Logical sectors written.
    pub fn sectors_written(&self) -> Option<u64> {
        self.value(StatisticsPage::General, 24, 48)
    }

    /// Reallocated logical sectors.
    pub fn reallocated_sectors(&self) -> Option<u64> {
        self.value(StatisticsPage::RotatingMedia, 32, 32)
    }

    /// Current temperature in degrees Celsius.
    pub fn celsius(&self) -> Option<i8> {
        let [celsius, ..] = self.value(StatisticsPage::Temperature, 8, 8)?.to_le_bytes();
        Some(i8::from_le_bytes([celsius]))
    }

    /// Percentage used endurance indicator; may be above 100.
    pub fn percentage_used(&self) -> Option<u64> {
        self.value(StatisticsPage::SolidState, 8, 8)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wire::ata::pass_through_16;
    use proptest::prelude::*;

    const VALID: u64 = 0b11 << 62;

    fn page(number: u64, statistics: &[(usize, u64)]) -> Vec<u8> {
        let mut data = vec![0; 512];
        data[..8].copy_from_slice(&(number << 16 | 1).to_le_bytes());
        for (at, value) in statistics {
            data[*at..at + 8].copy_from_slice(&value.to_le_bytes());
        }
        data
    }

    #[test]
    fn what_is_valid_is_read() {
        let cdb = pass_through_16(&device_statistics(StatisticsPage::SolidState), false).cdb().to_vec();
        assert_eq!(cdb, [0x85, 9, 0x0e, 0, 0, 0, 1, 0, 4, 0, 7, 0, 0, 0, 0x2f, 0]);
        let data = page(1, &[(16, VALID | 1 << 32 | 12_345), (24, VALID | 0x0001_ABCD_0000_1234)]);
        let general = Statistics::parse(&data, StatisticsPage::General).unwrap();
        assert_eq!((general.power_on_hours(), general.sectors_written()), (Some(12_345), Some(0xABCD_0000_1234)));
        assert_eq!((general.reallocated_sectors(), general.percentage_used()), (None, None));
        let data = page(5, &[(8, VALID | 0xFB)]);
        assert_eq!(Statistics::parse(&data, StatisticsPage::Temperature).unwrap().celsius(), Some(-5));
        let data = page(7, &[(8, VALID | 0xFFFF_FF00 | 101)]);
        assert_eq!(Statistics::parse(&data, StatisticsPage::SolidState).unwrap().percentage_used(), Some(101));
        let data = page(3, &[(32, VALID | 1 << 32 | 8)]);
        assert_eq!(Statistics::parse(&data, StatisticsPage::RotatingMedia).unwrap().reallocated_sectors(), Some(8));
    }

    #[test]
    fn what_is_not_valid_is_not() {
        let data = page(1, &[(16, 1 << 63 | 9), (24, 1 << 62 | 9)]);
        let general = Statistics::parse(&data, StatisticsPage::General).unwrap();
        assert_eq!((general.power_on_hours(), general.sectors_written()), (None, None));
        assert!(Statistics::parse(&data, StatisticsPage::SolidState).is_err());
        assert!(Statistics::parse(&[0; 512], StatisticsPage::General).is_err());
        assert_eq!(Statistics::parse(&data[..8], StatisticsPage::General).unwrap().power_on_hours(), None);
    }

    proptest! {
        #[test]
        fn any_page_is_read(mut data in prop::collection::vec(any::<u8>(), 3..80)) {
            data[2] = 1;
            if let Ok(found) = Statistics::parse(&data, StatisticsPage::General) {
                prop_assert!(found.sectors_written().is_none_or(|sectors| sectors < 1 << 48));
                let _ = (found.power_on_hours(), found.celsius());
            }
        }
    }
}
