//! Log 02h, SMART / Health Information (Base Specification 2.0).

use crate::wire::Malformed;
use crate::wire::bytes::{byte, le16, le128};

/// Counters may be larger than 64 bits; they are cut to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SmartLog {
    /// Critical Warning, byte 0: bit 0 spare, 1 temperature, 2 reliability, 3 read-only, 4 backup of volatile memory.
    pub critical_warning: u8,
    /// Composite Temperature, bytes 2:1, in kelvins.
    pub kelvins: u16,
    /// Available Spare, byte 3, in percent.
    pub spare_percent: u8,
    /// Available Spare Threshold, byte 4, in percent.
    pub spare_threshold_percent: u8,
    /// Percentage Used, byte 5; may be above 100.
    pub percentage_used: u8,
    /// Data Units Written, bytes 63:48: thousands of 512 bytes, rounded up.
    pub data_units_written: u64,
    /// Power Cycles, bytes 127:112.
    pub power_cycles: u64,
    /// Power On Hours, bytes 143:128.
    pub power_on_hours: u64,
    /// Unsafe Shutdowns, bytes 159:144.
    pub unsafe_shutdowns: u64,
    /// Media and Data Integrity Errors, bytes 175:160.
    pub media_errors: u64,
}

impl SmartLog {
    /// Reads the log. Errors: it is short, or carries nothing but zeros (a drive has a temperature, and has been
    /// switched on).
    pub fn parse(data: &[u8]) -> Result<SmartLog, Malformed> {
        const ANSWER: &str = "SMART / Health Information log";
        let data: &[u8; 192] = data.first_chunk().ok_or(Malformed::short(ANSWER))?;
        if data.iter().all(|byte| *byte == 0) {
            return Err(Malformed::new(ANSWER, "nothing but zeros"));
        }
        SmartLog::fields(data).ok_or(Malformed::short(ANSWER))
    }

    fn fields(data: &[u8]) -> Option<SmartLog> {
        let counter = |at| le128(data, at).map(|count| u64::try_from(count).unwrap_or(u64::MAX));
        Some(SmartLog {
            critical_warning: byte(data, 0)?,
            kelvins: le16(data, 1)?,
            spare_percent: byte(data, 3)?,
            spare_threshold_percent: byte(data, 4)?,
            percentage_used: byte(data, 5)?,
            data_units_written: counter(48)?,
            power_cycles: counter(112)?,
            power_on_hours: counter(128)?,
            unsafe_shutdowns: counter(144)?,
            media_errors: counter(160)?,
        })
    }

    /// Bytes written by the host, as near as the log says it.
    pub fn bytes_written(&self) -> u64 {
        self.data_units_written.saturating_mul(512_000)
    }

    /// Degrees Celsius; `None` where the log says 0 kelvins, which no drive has.
    pub fn celsius(&self) -> Option<i32> {
        (self.kelvins != 0).then(|| i32::from(self.kelvins) - 273)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_log_of_a_worn_drive() {
        let mut data = vec![0u8; 512];
        (data[0], data[3], data[4], data[5]) = (0x04, 97, 10, 103);
        data[1..3].copy_from_slice(&310u16.to_le_bytes());
        data[48..56].copy_from_slice(&1000u64.to_le_bytes());
        (data[112], data[128], data[144], data[160]) = (1, 2, 3, 4);
        let log = SmartLog::parse(&data).unwrap();
        assert_eq!((log.celsius(), log.bytes_written()), (Some(37), 512_000_000));
        assert_eq!((log.critical_warning, log.spare_percent, log.percentage_used), (4, 97, 103));
        let counters = [log.power_cycles, log.power_on_hours, log.unsafe_shutdowns, log.media_errors];
        assert_eq!(counters, [1, 2, 3, 4]);
        data[63] = 1;
        assert_eq!(SmartLog::parse(&data).unwrap().bytes_written(), u64::MAX);
        assert!(SmartLog::parse(&data[..192]).is_ok());
        (data[1], data[2]) = (0, 0);
        assert_eq!(SmartLog::parse(&data).unwrap().celsius(), None);
        data[1] = 1;
        assert_eq!(SmartLog::parse(&data).unwrap().celsius(), Some(-272));
        assert!(SmartLog::parse(&[0; 512]).is_err() && SmartLog::parse(&data[..191]).is_err());
    }

    proptest! {
        #[test]
        fn any_log_is_read(data in prop::collection::vec(any::<u8>(), 180..200)) {
            if let Ok(log) = SmartLog::parse(&data) { let _ = (log.celsius(), log.bytes_written()); }
        }
    }
}
