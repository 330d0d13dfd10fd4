//! ATA security through SECURITY PROTOCOL EFh (SAT-4, ATA device server password security protocol): where a SAT layer
//! lists it, it wants the commands this way.

use super::identify::{EraseTime, Security};
use super::security::{PASSWORD_BYTES, PasswordKind, SecurityStep};
use crate::wire::Malformed;
use crate::wire::bytes::{be16, bit, byte};
use crate::wire::scsi::{self, PROTOCOL_ATA_PASSWORD, security_protocol_in, security_protocol_out};

/// SECURITY PROTOCOL SPECIFIC.
const INFORMATION: u16 = 0x0000;
const SET_PASSWORD: u16 = 0x0001;
const UNLOCK: u16 = 0x0002;
const ERASE_PREPARE: u16 = 0x0003;
const ERASE_UNIT: u16 = 0x0004;
const FREEZE_LOCK: u16 = 0x0005;
const DISABLE_PASSWORD: u16 = 0x0006;

/// SECURITY PROTOCOL IN that asks for the state.
pub fn sat_security_information() -> scsi::Command {
    security_protocol_in(PROTOCOL_ATA_PASSWORD, INFORMATION, 16)
}

/// `step` as a SECURITY PROTOCOL OUT. `None` with a master password: where its bit stands differs among SAT layers, and
/// sending a wrong one costs an attempt.
pub fn sat_security(step: SecurityStep) -> Option<scsi::Command> {
    let (specific, password, first, length) = match step {
        SecurityStep::SetPassword(password) => (SET_PASSWORD, Some(password), 0, 36),
        SecurityStep::Unlock(password) => (UNLOCK, Some(password), 0, 36),
        SecurityStep::ErasePrepare => (ERASE_PREPARE, None, 0, 0),
        // EN_ER stands in bit 0 of byte 0: not where the ATA command has it.
        SecurityStep::EraseUnit { password, enhanced } => (ERASE_UNIT, Some(password), u8::from(enhanced), 36),
        SecurityStep::FreezeLock => (FREEZE_LOCK, None, 0, 0),
        SecurityStep::DisablePassword(password) => (DISABLE_PASSWORD, Some(password), 0, 36),
    };
    let mut list = vec![0; length];
    if let Some(password) = password {
        if password.kind() == PasswordKind::Master {
            return None;
        }
        list[0] = first;
        list[2..2 + PASSWORD_BYTES].copy_from_slice(&password.bytes());
    }
    Some(security_protocol_out(PROTOCOL_ATA_PASSWORD, specific, list))
}

/// The state as the SAT layer tells it, in the answer to [`sat_security_information`]: as IDENTIFY DEVICE has it, big-endian. Errors: it is
/// short, or its PARAMETER LIST LENGTH is not 0Eh.
pub fn sat_security_state(data: &[u8]) -> Result<Security, Malformed> {
    const ANSWER: &str = "ATA security information of the SAT layer";
    let short = || Malformed::short(ANSWER);
    if byte(data, 1).ok_or_else(short)? != 0x0E {
        return Err(Malformed::new(ANSWER, "a length other than 14"));
    }
    // The times are those of words 89 and 90, always in the long form.
    let time = |at| be16(data, at).map(|field| EraseTime::of(field | 1 << 15)).ok_or_else(short);
    let flags = byte(data, 9).ok_or_else(short)?;
    Ok(Security {
        supported: bit(flags, 0),
        enabled: bit(flags, 1),
        locked: bit(flags, 2),
        frozen: bit(flags, 3),
        count_expired: bit(flags, 4),
        enhanced_erase: bit(flags, 5),
        level_maximum: bit(byte(data, 8).ok_or_else(short)?, 0),
        erase_time: time(2)?,
        enhanced_erase_time: time(4)?,
        master_password_identifier: be16(data, 6).filter(|id| !matches!(id, 0 | 0xFFFF)),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wire::Data;
    use crate::wire::ata::Password;
    use proptest::prelude::*;

    #[test]
    fn steps_with_the_users_password() {
        let user = Password::new(PasswordKind::User, b"radera").unwrap();
        let erase = sat_security(SecurityStep::EraseUnit { password: user, enhanced: true }).unwrap();
        assert_eq!(erase.cdb(), [0xb5, 0xef, 0, 4, 0, 0, 0, 0, 0, 36, 0, 0]);
        let Data::Out(list) = erase.data() else { unreachable!() };
        assert_eq!((list.len(), &list[..9]), (36, &b"\x01\0radera\0"[..]));
        let set = sat_security(SecurityStep::SetPassword(user)).unwrap();
        assert_eq!((set.cdb()[3], set.data().bytes()), (1, 36));
        for (step, specific) in [(SecurityStep::ErasePrepare, 3), (SecurityStep::FreezeLock, 5)] {
            let command = sat_security(step).unwrap();
            assert_eq!((command.cdb()[3], command.data()), (specific, &Data::None));
        }
        for (step, specific) in [(SecurityStep::Unlock(user), 2), (SecurityStep::DisablePassword(user), 6)] {
            let command = sat_security(step).unwrap();
            assert_eq!((command.cdb()[3], command.data()), (specific, set.data()));
        }
        let master = Password::new(PasswordKind::Master, b"x").unwrap();
        assert_eq!(sat_security(SecurityStep::Unlock(master)), None);
    }

    #[test]
    fn the_state() {
        assert_eq!(sat_security_information().cdb(), [0xa2, 0xef, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0]);
        let data = [0, 0x0E, 0, 90, 0x7F, 0xFF, 0xFF, 0xFE, 1, 0x2B, 0, 0, 0, 0, 0, 0];
        let found = sat_security_state(&data).unwrap();
        assert!(found.supported && found.enabled && !found.locked && found.frozen && found.enhanced_erase);
        assert_eq!(found.erase_time, EraseTime::Minutes(180));
        assert_eq!(found.enhanced_erase_time, EraseTime::MoreThan(65_532));
        assert_eq!(found.master_password_identifier, Some(0xFFFE));
        assert!(found.level_maximum);
        assert!(sat_security_state(&data[..9]).is_err() && sat_security_state(&[0; 16]).is_err());
    }

    #[test]
    fn each_bit_says_one_thing() {
        for number in 0..8 {
            let mut data = [0u8; 16];
            (data[1], data[9]) = (0x0E, 1 << number);
            let s = sat_security_state(&data).unwrap();
            let found = [s.supported, s.enabled, s.locked, s.frozen, s.count_expired, s.enhanced_erase];
            assert_eq!(found, [0, 1, 2, 3, 4, 5].map(|place| place == number));
            assert!(!s.level_maximum);
            assert_eq!((s.erase_time, s.master_password_identifier), (EraseTime::NotReported, None));
        }
    }

    proptest! {
        #[test]
        fn any_answer_is_read(mut data in prop::collection::vec(any::<u8>(), 0..20)) {
            if data.len() > 1 { data[1] = 0x0E; }
            prop_assert_eq!(sat_security_state(&data).is_ok(), data.len() >= 10);
        }
    }
}
