//! MODE SENSE (SPC-5 6.14, 6.15, 7.5): as much as Linux sd and the health tools ask.

use super::super::bytes::{byte, put, sized};
use super::{INVALID_FIELD, Sense};

/// MODE SENSE (6) and (10): the control page 0Ah, caching 08h, informational exceptions 1Ch, or all (3Fh).
///
/// # Errors
/// INVALID FIELD IN CDB for an unknown page; SAVING PARAMETERS NOT SUPPORTED.
pub fn sense(cdb: &[u8], write_cache: bool, protected: bool, descriptor: bool) -> Result<Vec<u8>, Sense> {
    if byte(cdb, 2) >> 6 == 3 {
        return Err(super::sense(0x05, 0x39, 0x00));
    }
    let changeable = byte(cdb, 2) >> 6 == 1;
    let caching = |mut page: Vec<u8>| {
        put(&mut page, 2, &[u8::from(write_cache && !changeable) << 2]);
        page
    };
    let control = |mut page: Vec<u8>| {
        put(&mut page, 2, &[u8::from(descriptor && !changeable) << 2]);
        page
    };
    let known =
        [caching(sized(vec![0x08, 0x12], 20)), control(sized(vec![0x0a, 0x0a], 12)), sized(vec![0x1c, 0x0a], 12)];
    let wanted = byte(cdb, 2) & 0x3f;
    let pages: Vec<u8> = known.into_iter().filter(|page| wanted == 0x3f || byte(page, 0) == wanted).flatten().collect();
    if pages.is_empty() {
        return Err(INVALID_FIELD);
    }
    // Device-specific parameter: write protect, and DPO and FUA are taken.
    let device = u8::from(protected) << 7 | 0x10;
    let mut data = if byte(cdb, 0) == 0x1a {
        vec![(pages.len() + 3) as u8, 0, device, 0]
    } else {
        let [high, low] = ((pages.len() + 6) as u16).to_be_bytes();
        vec![high, low, 0, device, 0, 0, 0, 0]
    };
    data.extend(pages);
    Ok(data)
}
