//! The Security feature set (ACS-4, SECURITY commands).

use super::command::{BLOCK, Command};

/// COMMAND.
const SET_PASSWORD: u8 = 0xF1;
const UNLOCK: u8 = 0xF2;
const ERASE_PREPARE: u8 = 0xF3;
const ERASE_UNIT: u8 = 0xF4;
const FREEZE_LOCK: u8 = 0xF5;
const DISABLE_PASSWORD: u8 = 0xF6;
/// Bytes of a password.
pub(super) const PASSWORD_BYTES: usize = 32;

/// Whose password it is (IDENTIFIER, word 0 bit 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PasswordKind {
    /// The user's.
    User,
    /// The master's.
    Master,
}

/// A password of at most 32 bytes, filled up with zeros.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Password {
    kind: PasswordKind,
    bytes: [u8; PASSWORD_BYTES],
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Password({:?})", self.kind)
    }
}

impl Password {
    /// `None` where it is longer than 32 bytes.
    pub fn new(kind: PasswordKind, password: &[u8]) -> Option<Password> {
        let mut bytes = [0; PASSWORD_BYTES];
        bytes.get_mut(..password.len())?.copy_from_slice(password);
        Some(Password { kind, bytes })
    }

    /// Whose it is.
    pub fn kind(&self) -> PasswordKind {
        self.kind
    }

    pub(super) fn bytes(&self) -> [u8; PASSWORD_BYTES] {
        self.bytes
    }

    /// The block that carries it: word 0, then the password in words 1 to 16.
    fn block(&self, word: u16) -> [u8; BLOCK] {
        let identifier = u16::from(self.kind == PasswordKind::Master);
        let mut block = [0; BLOCK];
        block[..2].copy_from_slice(&(word | identifier).to_le_bytes());
        block[2..2 + PASSWORD_BYTES].copy_from_slice(&self.bytes);
        block
    }
}

/// The steps of the feature set, for both ways to send them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityStep {
    /// SECURITY SET PASSWORD.
    SetPassword(Password),
    /// SECURITY UNLOCK.
    Unlock(Password),
    /// SECURITY ERASE PREPARE.
    ErasePrepare,
    /// SECURITY ERASE UNIT.
    EraseUnit {
        /// The password that is set.
        password: Password,
        /// ENHANCED ERASE.
        enhanced: bool,
    },
    /// SECURITY FREEZE LOCK.
    FreezeLock,
    /// SECURITY DISABLE PASSWORD.
    DisablePassword(Password),
}

impl SecurityStep {
    /// As an ATA command.
    pub fn command(self) -> Command {
        match self {
            SecurityStep::SetPassword(password) => security_set_password(password),
            SecurityStep::Unlock(password) => security_unlock(password),
            SecurityStep::ErasePrepare => security_erase_prepare(),
            SecurityStep::EraseUnit { password, enhanced } => security_erase_unit(password, enhanced),
            SecurityStep::FreezeLock => security_freeze_lock(),
            SecurityStep::DisablePassword(password) => security_disable_password(password),
        }
    }
}

/// SECURITY SET PASSWORD, F1h. The level is High (word 0 bit 8 = 0): the master password can unlock. The master password identifier
/// (word 17) stays as it is: 0000h.
pub fn security_set_password(password: Password) -> Command {
    Command::pio_out("SECURITY SET PASSWORD", SET_PASSWORD, password.block(0))
}

/// SECURITY UNLOCK, F2h.
pub fn security_unlock(password: Password) -> Command {
    Command::pio_out("SECURITY UNLOCK", UNLOCK, password.block(0))
}

/// SECURITY ERASE PREPARE, F3h: must stand right before the erase.
pub fn security_erase_prepare() -> Command {
    Command::non_data("SECURITY ERASE PREPARE", ERASE_PREPARE, false)
}

/// SECURITY ERASE UNIT, F4h; it blocks for hours. `enhanced` (word 0 bit 1): reallocated sectors too.
pub fn security_erase_unit(password: Password, enhanced: bool) -> Command {
    let block = password.block(if enhanced { 1 << 1 } else { 0 });
    let name = if enhanced { "SECURITY ERASE UNIT (ENHANCED)" } else { "SECURITY ERASE UNIT" };
    Command::pio_out(name, ERASE_UNIT, block)
}

/// SECURITY FREEZE LOCK, F5h: no other step until the next power cycle.
pub fn security_freeze_lock() -> Command {
    Command::non_data("SECURITY FREEZE LOCK", FREEZE_LOCK, false)
}

/// SECURITY DISABLE PASSWORD, F6h.
pub fn security_disable_password(password: Password) -> Command {
    Command::pio_out("SECURITY DISABLE PASSWORD", DISABLE_PASSWORD, password.block(0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wire::Data;
    use crate::wire::ata::pass_through_16;

    fn sent(step: SecurityStep) -> (Vec<u8>, Vec<u8>) {
        let scsi = pass_through_16(&step.command(), true);
        let data = match scsi.data() {
            Data::Out(block) => block.clone(),
            _ => Vec::new(),
        };
        (scsi.cdb().to_vec(), data)
    }

    #[test]
    fn words_of_the_blocks() {
        let user = Password::new(PasswordKind::User, b"radera").unwrap();
        let (cdb, block) = sent(SecurityStep::SetPassword(user));
        assert_eq!(cdb, [0x85, 0x0a, 0x26, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xf1, 0]);
        assert_eq!((block.len(), &block[..10]), (512, &b"\0\0radera\0\0"[..]));
        assert!(block[8..].iter().all(|b| *b == 0));
        let (cdb, block) = sent(SecurityStep::EraseUnit { password: user, enhanced: true });
        assert_eq!((cdb[14], &block[..8]), (0xf4, &b"\x02\0radera"[..]));
        assert_eq!(sent(SecurityStep::EraseUnit { password: user, enhanced: false }).1[0], 0);
        let master = Password::new(PasswordKind::Master, &[0xAA; 32]).unwrap();
        let (cdb, block) = sent(SecurityStep::Unlock(master));
        assert_eq!((cdb[14], block[0], block[33], block[34]), (0xf2, 1, 0xaa, 0));
        assert_eq!(sent(SecurityStep::SetPassword(master)).1[34..36], [0, 0]);
        let (cdb, block) = sent(SecurityStep::DisablePassword(user));
        assert_eq!((cdb[14], &block[..8]), (0xf6, &b"\0\0radera"[..]));
        assert_eq!(Password::new(PasswordKind::User, &[0; 33]), None);
        assert!(!format!("{user:?}").contains("radera"));
    }

    #[test]
    fn steps_without_data() {
        let (cdb, data) = sent(SecurityStep::ErasePrepare);
        assert_eq!((cdb[1], cdb[2], cdb[14], data.len()), (6, 0x20, 0xf3, 0));
        assert_eq!(sent(SecurityStep::FreezeLock).0[14], 0xf5);
    }
}
