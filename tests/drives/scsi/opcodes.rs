//! REPORT SUPPORTED OPERATION CODES (SPC-5 6.34).

use super::super::bytes::{be16, byte};
use super::{INVALID_FIELD, Sense};

/// A command: operation code, and service action where it has them.
pub type Entry = (u8, Option<u16>);

fn length(code: u8) -> u16 {
    match code >> 5 {
        0 => 6,
        1 | 2 => 10,
        5 => 12,
        _ => 16,
    }
}

/// The list of all commands, or the descriptor of one: support in byte 1, 2:0 (1 no, 3 as the standard says).
///
/// # Errors
/// INVALID FIELD IN CDB where a service action is given for a command without, or is missing for one with.
pub fn report(cdb: &[u8], known: &[Entry]) -> Result<Vec<u8>, Sense> {
    let (code, action) = (byte(cdb, 3), be16(cdb, 4));
    let has_actions = known.iter().any(|(other, action)| *other == code && action.is_some());
    let plain = known.contains(&(code, None));
    let supported = match byte(cdb, 2) & 7 {
        0 => return Ok(all(known)),
        1 if has_actions => return Err(INVALID_FIELD),
        1 => plain,
        2 if plain => return Err(INVALID_FIELD),
        2 => known.contains(&(code, Some(action))),
        3 => plain && action == 0 || known.contains(&(code, Some(action))),
        _ => return Err(INVALID_FIELD),
    };
    if !supported {
        return Ok(vec![0, 1, 0, 0]);
    }
    let size = length(code);
    let mut data = vec![0, 3];
    data.extend(size.to_be_bytes());
    // Usage data: the code, then which bits are looked at. Service actions lie in byte 1, 4:0.
    data.push(code);
    data.push(if has_actions { 0xe0 | action as u8 } else { 0xff });
    data.extend((2..size).map(|_| 0xff));
    Ok(data)
}

fn all(known: &[Entry]) -> Vec<u8> {
    let mut data = ((known.len() * 8) as u32).to_be_bytes().to_vec();
    for (code, action) in known {
        let [high, low] = action.unwrap_or(0).to_be_bytes();
        let [size_high, size_low] = length(*code).to_be_bytes();
        data.extend([*code, 0, high, low, 0, u8::from(action.is_some()), size_high, size_low]);
    }
    data
}
