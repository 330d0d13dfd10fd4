//! LOG SENSE (SPC-5 6.9, 7.3): the pages that a health report asks for.

use super::super::bytes::{be16, byte, sized};
use super::{INVALID_FIELD, Sense};

/// What the pages tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Hours with power.
    pub hours: u64,
    /// Times it was switched on.
    pub starts: u64,
    /// Bytes read and written.
    pub read: u64,
    /// Bytes written.
    pub written: u64,
    /// Per cent of its endurance used; solid state only.
    pub worn: Option<u8>,
}

fn parameter(code: u16, value: &[u8]) -> Vec<u8> {
    let [high, low] = code.to_be_bytes();
    let mut raw = vec![high, low, 0x03, value.len() as u8];
    raw.extend(value);
    raw
}

/// LOG SENSE, cumulative values.
///
/// # Errors
/// INVALID FIELD IN CDB for an unknown page.
pub fn sense(cdb: &[u8], health: &Health) -> Result<Vec<u8>, Sense> {
    let page = byte(cdb, 2) & 0x3f;
    if byte(cdb, 3) != 0 || be16(cdb, 5) != 0 {
        return Err(INVALID_FIELD);
    }
    let counters = |bytes: u64| -> Vec<u8> {
        // Corrected at once, delayed, retried, total, invocations, bytes, uncorrected.
        (0..7u16).flat_map(|code| parameter(code, &if code == 5 { bytes } else { 0 }.to_be_bytes())).collect()
    };
    let content = match page {
        0x00 => {
            let mut list = vec![0x00, 0x02, 0x03, 0x05, 0x0d, 0x0e];
            list.extend(health.worn.map(|_| 0x11));
            list.extend([0x15, 0x2f]);
            list
        }
        0x02 => counters(health.written),
        0x03 => counters(health.read),
        0x05 => counters(0),
        0x0d => [parameter(0, &[0, 31]), parameter(1, &[0, 60])].concat(),
        0x0e => parameter(4, &(health.starts as u32).to_be_bytes()),
        0x11 => parameter(1, &[0, 0, 0, health.worn.ok_or(INVALID_FIELD)?]),
        // Background scan status: minutes with power first.
        0x15 => parameter(0, &sized(((health.hours * 60) as u32).to_be_bytes().to_vec(), 12)),
        // Informational exceptions: none; the temperature.
        0x2f => parameter(0, &[0x00, 0x00, 31, 0]),
        _ => return Err(INVALID_FIELD),
    };
    let mut data = vec![page, 0];
    data.extend((content.len() as u16).to_be_bytes());
    data.extend(content);
    Ok(data)
}
