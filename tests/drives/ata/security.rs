//! The Security feature set (ACS-3 4.18, 7.43 to 7.49).

use super::super::bytes::{hex, le16, take, unhex};
use super::super::erase::{Origin, Plan, Work};
use super::super::gear::Begun;
use super::super::state::Saved;
use super::{Answer, Command, Sata, aborted, good};

/// Wrong passwords before the counter expires (ACS-3 4.18.9).
const ATTEMPTS: u8 = 5;

/// Passwords and locks. `locked`, `frozen` and the attempts are of this power cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Security {
    user: Option<[u8; 32]>,
    master: [u8; 32],
    maximum: bool,
    /// The master password's identifier (word 92).
    pub revision: u16,
    /// Media access is refused.
    pub locked: bool,
    /// Changes are refused until the next power-on.
    pub frozen: bool,
    attempts: u8,
}

impl Default for Security {
    fn default() -> Self {
        let mut master = [b' '; 32];
        master.iter_mut().zip(*b"FACTORY MASTER").for_each(|(slot, byte)| *slot = byte);
        Security {
            user: None,
            master,
            maximum: false,
            revision: 0xfffe,
            locked: false,
            frozen: false,
            attempts: ATTEMPTS,
        }
    }
}

impl Security {
    /// Whether a user password is set.
    pub fn enabled(&self) -> bool {
        self.user.is_some()
    }

    /// Whether the wrong passwords are used up.
    pub fn expired(&self) -> bool {
        self.attempts == 0
    }

    /// Word 128 (ACS-3 7.12.7.63): 0 supported, 1 enabled, 2 locked, 3 frozen, 4 expired, 5 enhanced erase, 8 maximum.
    pub fn word(&self, enhanced: bool) -> u16 {
        1 | u16::from(self.enabled()) << 1
            | u16::from(self.locked) << 2
            | u16::from(self.frozen) << 3
            | u16::from(self.expired()) << 4
            | u16::from(enhanced) << 5
            | u16::from(self.maximum) << 8
    }

    /// An erase unit ended well: the user password is gone, the master's is not.
    pub fn erased(&mut self) {
        self.user = None;
        self.maximum = false;
        self.locked = false;
    }

    /// Somebody set a password and left.
    pub fn lock_with_unknown_password(&mut self) {
        self.user = Some([0xd1; 32]);
        self.maximum = true;
        self.locked = true;
    }

    /// An enabled drive wakes up locked (ACS-3 4.18.7, SEC4).
    pub fn power_on(&mut self) {
        self.locked = self.enabled();
        self.frozen = false;
        self.attempts = ATTEMPTS;
    }

    /// A hardware reset gives the attempts back (ACS-3 4.18.9) and leaves the freeze.
    pub fn hardware_reset(&mut self) {
        self.attempts = ATTEMPTS;
    }

    /// Whether the password in a command's data block is right: word 0 bit 0 says whose.
    fn knows(&self, block: &[u8]) -> bool {
        let given: [u8; 32] = take(block, 2);
        if le16(block, 0) & 1 == 0 { self.user == Some(given) } else { self.master == given }
    }

    fn set_password(&mut self, block: &[u8]) {
        let control = le16(block, 0);
        let given = take(block, 2);
        if control & 1 == 0 {
            self.user = Some(given);
            self.maximum = control & 0x100 != 0;
            return;
        }
        self.master = given;
        let revision = le16(block, 34);
        if !matches!(revision, 0x0000 | 0xffff) {
            self.revision = revision;
        }
    }

    /// Keeps what survives a power cut.
    pub fn save(&self, saved: &mut Saved) {
        saved.set_option("security-user", self.user.map(|password| hex(&password)));
        saved.set("security-master", hex(&self.master));
        saved.set("security-maximum", self.maximum);
        saved.set("security-revision", self.revision);
    }

    /// Takes it back.
    ///
    /// # Errors
    /// What is missing or can't be read.
    pub fn load(&mut self, saved: &Saved) -> Result<(), String> {
        let password = |name: &str| -> Result<[u8; 32], String> {
            let raw = unhex(saved.word(name)?).filter(|raw| raw.len() == 32);
            raw.map(|raw| take(&raw, 0)).ok_or_else(|| format!("saved {name} can't be read"))
        };
        self.user = if saved.word("security-user")? == "-" { None } else { Some(password("security-user")?) };
        self.master = password("security-master")?;
        self.maximum = saved.get("security-maximum")?;
        self.revision = saved.get("security-revision")?;
        Ok(())
    }
}

impl Sata {
    /// SECURITY SET PASSWORD, UNLOCK, ERASE PREPARE, ERASE UNIT, FREEZE LOCK, DISABLE PASSWORD; `None`: no answer.
    pub(super) fn security_command(&mut self, command: &Command, out: &[u8], previous: u8) -> Option<Answer> {
        if !self.traits.security || (self.security.frozen && command.command != 0xf5) {
            return Some(aborted(0));
        }
        if matches!(command.command, 0xf1 | 0xf2 | 0xf4 | 0xf6) && out.len() < 512 {
            return Some(aborted(0));
        }
        let right = match command.command {
            0xf1 => {
                let fine = !self.security.locked;
                if fine {
                    self.security.set_password(out);
                }
                fine
            }
            0xf2 => self.unlock(out),
            0xf3 => true,
            0xf4 => return self.erase_unit(out, previous),
            0xf5 => {
                self.security.frozen |= !self.security.locked;
                !self.security.locked
            }
            _ => self.disable(out),
        };
        Some(if right { good() } else { aborted(0) })
    }

    fn unlock(&mut self, out: &[u8]) -> bool {
        let security = &mut self.security;
        if security.expired() {
            return false;
        }
        let master_forbidden = security.maximum && le16(out, 0) & 1 == 1;
        if security.knows(out) && !master_forbidden {
            security.locked = false;
            return true;
        }
        // Only a locked drive counts (ACS-3 4.18.9).
        security.attempts -= u8::from(security.locked);
        false
    }

    fn disable(&mut self, out: &[u8]) -> bool {
        let security = &mut self.security;
        let master_forbidden = security.maximum && le16(out, 0) & 1 == 1;
        if security.locked || !security.knows(out) || master_forbidden {
            return false;
        }
        security.user = None;
        security.maximum = false;
        true
    }

    /// SECURITY ERASE UNIT (ACS-3 7.46), directly after ERASE PREPARE; it blocks until it is done. A power cut in
    /// between leaves the drive enabled, so locked, with part of the data erased.
    fn erase_unit(&mut self, out: &[u8], previous: u8) -> Option<Answer> {
        let enhanced = le16(out, 0) & 2 != 0;
        let refused = previous != 0xf3
            || self.security.expired()
            || !self.security.knows(out)
            || (enhanced && !self.traits.enhanced);
        if refused {
            return Some(aborted(0));
        }
        let layout = self.gear.medium.layout();
        let native = layout.space(0).end;
        let [.., normal_seconds, enhanced_seconds] = self.traits.seconds;
        // Enhanced reaches every user data area, reallocated ones too (ACS-3 7.46.2); normal the addressable ones.
        let (reach, seconds) = if enhanced {
            (0..layout.blocks(), enhanced_seconds)
        } else if self.traits.normal_erase_reaches_native {
            (0..native, normal_seconds)
        } else {
            (0..self.accessible(), normal_seconds)
        };
        let flash = self.traits.rotation == 1;
        let work = if flash {
            Work::Block { pattern: 0, unmap: true }
        } else {
            Work::Overwrite { pattern: vec![0], passes: 1, invert: false, ends_as_given: true, unmap: false }
        };
        let plan = Plan {
            origin: Origin::Security,
            work,
            reach: vec![reach],
            skip: Vec::new(),
            milliseconds: seconds * 1000,
            unrestricted: true,
            unwritten: false,
            word: 0,
        };
        if self.gear.faults.has(&super::super::faults::Fault::StaleSuccess) {
            // Firmware that only drops the password: the command ends well at once.
            self.security.erased();
            return Some(good());
        }
        let visible = self.accessible();
        match self.gear.begin(plan, 0, visible) {
            Begun::Refused(_) => return Some(aborted(0)),
            Begun::Unanswered => return None,
            Begun::Accepted => {}
        }
        if !self.gear.block() {
            return None;
        }
        let ended = self.gear.ended.take();
        if ended.is_some_and(|(_, good)| good) {
            self.security.erased();
            return Some(good());
        }
        Some(aborted(0))
    }
}
