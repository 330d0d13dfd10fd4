//! SANITIZE, 48h (SBC-4, SANITIZE command).

use super::{Command, Data};
use crate::wire::bytes::length16;

/// OPERATION CODE.
const SANITIZE: u8 = 0x48;

/// What the drive is to do (SERVICE ACTION, SBC-4, SANITIZE command).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SanitizeKind {
    /// 01h OVERWRITE.
    Overwrite(SanitizeOverwrite),
    /// 02h BLOCK ERASE.
    BlockErase,
    /// 03h CRYPTOGRAPHIC ERASE.
    CryptographicErase,
}

impl SanitizeKind {
    /// SERVICE ACTION.
    pub fn service_action(&self) -> u8 {
        match self {
            SanitizeKind::Overwrite(_) => 0x01,
            SanitizeKind::BlockErase => 0x02,
            SanitizeKind::CryptographicErase => 0x03,
        }
    }
}

/// What an overwrite writes, and how often (the parameter list, SBC-4, OVERWRITE service action).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SanitizeOverwrite {
    passes: u8,
    invert: bool,
    pattern: Vec<u8>,
}

impl SanitizeOverwrite {
    /// `passes` (1 to 31) passes of `pattern`, which is repeated in each logical block; with `invert`, each pass writes
    /// the complement of the one before. `None` where the standard has no such list: another number of passes, or a
    /// pattern that is empty or longer than `block_bytes`.
    pub fn new(passes: u8, invert: bool, pattern: &[u8], block_bytes: u32) -> Option<SanitizeOverwrite> {
        let fits = !pattern.is_empty() && u32::try_from(pattern.len()).is_ok_and(|bytes| bytes <= block_bytes);
        let sendable = u16::try_from(pattern.len() + 4).is_ok();
        let possible = (1..=31).contains(&passes) && fits && sendable;
        possible.then(|| SanitizeOverwrite { passes, invert, pattern: pattern.to_vec() })
    }

    fn parameter_list(&self) -> Vec<u8> {
        let [high, low] = length16(self.pattern.len());
        let mut list = vec![u8::from(self.invert) << 7 | self.passes, 0, high, low];
        list.extend(&self.pattern);
        list
    }
}

/// How it is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SanitizeFlags {
    /// IMMED: answer once it has started; without, the command blocks for hours.
    pub immediate: bool,
    /// ZNR: leave the zones of a zoned device as they are.
    pub zone_no_reset: bool,
    /// AUSE: after a failure the unit may be used again without another sanitize (unrestricted). Without, only another
    /// success leaves the failure (restricted).
    pub unrestricted_exit: bool,
}

/// SANITIZE of `kind`.
pub fn sanitize(kind: &SanitizeKind, flags: SanitizeFlags) -> Command {
    let (name, list) = match kind {
        SanitizeKind::Overwrite(overwrite) => ("SANITIZE (OVERWRITE)", Some(overwrite.parameter_list())),
        SanitizeKind::BlockErase => ("SANITIZE (BLOCK ERASE)", None),
        SanitizeKind::CryptographicErase => ("SANITIZE (CRYPTOGRAPHIC ERASE)", None),
    };
    let bits = u8::from(flags.immediate) << 7
        | u8::from(flags.zone_no_reset) << 6
        | u8::from(flags.unrestricted_exit) << 5
        | kind.service_action();
    let [high, low] = length16(list.as_ref().map_or(0, Vec::len));
    let data = list.map_or(Data::None, Data::Out);
    Command::new(name, &[SANITIZE, bits, 0, 0, 0, 0, 0, high, low, 0], data)
}

/// SANITIZE with service action 1Fh, EXIT FAILURE MODE (SBC-4, EXIT FAILURE MODE service action). It makes a unit that
/// was *not* sanitized look normal.
pub fn exit_failure_mode() -> Command {
    Command::new("SANITIZE (EXIT FAILURE MODE)", &[SANITIZE, 0x1F, 0, 0, 0, 0, 0, 0, 0, 0], Data::None)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const IMMEDIATE: SanitizeFlags = SanitizeFlags { immediate: true, zone_no_reset: false, unrestricted_exit: false };

    #[test]
    fn erases_move_no_data() {
        let block = sanitize(&SanitizeKind::BlockErase, IMMEDIATE);
        assert_eq!((block.cdb(), block.data()), (&[0x48, 0x82, 0, 0, 0, 0, 0, 0, 0, 0][..], &Data::None));
        let flags = SanitizeFlags { immediate: true, zone_no_reset: true, unrestricted_exit: true };
        assert_eq!(sanitize(&SanitizeKind::CryptographicErase, flags).cdb()[1], 0xE3);
        assert_eq!(exit_failure_mode().cdb(), [0x48, 0x1f, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn an_overwrite_states_passes_and_pattern() {
        let overwrite = SanitizeOverwrite::new(3, true, &[0xde, 0xad, 0xbe, 0xef], 512).unwrap();
        let command = sanitize(&SanitizeKind::Overwrite(overwrite), IMMEDIATE);
        assert_eq!(command.cdb(), [0x48, 0x81, 0, 0, 0, 0, 0, 0, 8, 0]);
        assert_eq!(command.data(), &Data::Out(vec![0x83, 0, 0, 4, 0xde, 0xad, 0xbe, 0xef]));
    }

    #[test]
    fn lists_that_the_standard_does_not_have_can_not_be_made() {
        for passes in [0, 32, 255] {
            assert_eq!(SanitizeOverwrite::new(passes, false, &[0], 512), None);
        }
        assert_eq!(SanitizeOverwrite::new(1, false, &[], 512), None);
        assert_eq!(SanitizeOverwrite::new(1, false, &[0; 513], 512), None);
        assert_eq!(SanitizeOverwrite::new(1, false, &[0; 65_535], 65_536), None);
        assert!(SanitizeOverwrite::new(31, false, &[0; 512], 512).is_some());
    }
}
