//! A SATA drive: a register file in, registers out (ACS-3, ACS-4). It knows no SCSI; `satl` is its other face.

pub mod access;
pub mod capacity;
pub mod identify;
pub mod logs;
pub mod sanitize;
pub mod security;
pub mod smart;

use super::erase::Origin;
use super::faults::Fault;
use super::gear::{Gear, Machine};
use super::medium::{Truth, Unmapped};
use super::state::Saved;
use capacity::Capacity;
use security::Security;

/// How data moves (SAT-4 table 135, as far as a drive is concerned).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// No data.
    NonData,
    /// PIO to the host.
    PioIn,
    /// PIO to the drive.
    PioOut,
    /// DMA to the host.
    DmaIn,
    /// DMA to the drive.
    DmaOut,
}

/// A command as the host loads it into the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// 16 bits wide on a 48-bit command, else 8.
    pub feature: u16,
    /// 16 bits wide on a 48-bit command, else 8.
    pub count: u16,
    /// 48 bits wide on a 48-bit command, else 28 (24 and the low nibble of `device`).
    pub lba: u64,
    /// The device register.
    pub device: u8,
    /// The command register.
    pub command: u8,
    /// Whether the high-order registers were loaded.
    pub ext: bool,
    /// How data moves.
    pub protocol: Protocol,
}

/// The registers after a command, and its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// 50h: fine. 51h: `error` tells. 71h: device fault.
    pub status: u8,
    /// 04h ABRT, 10h IDNF, 40h UNC.
    pub error: u8,
    /// Count.
    pub count: u16,
    /// 48 bits.
    pub lba: u64,
    /// Device.
    pub device: u8,
    /// Data to the host.
    pub data: Vec<u8>,
}

/// What the host gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Registers.
    Done(Answer),
    /// Nothing: no power, no connection, or the command never ends.
    NoAnswer,
}

/// Registers after success.
pub fn good() -> Answer {
    Answer { status: 0x50, device: 0x40, ..Answer::default() }
}

/// Registers after success, with data.
pub fn data(data: Vec<u8>) -> Answer {
    Answer { data, ..good() }
}

/// Command aborted (ACS-3 6.2.1), with the reason that SANITIZE DEVICE puts into LBA 7:0.
pub fn aborted(reason: u64) -> Answer {
    Answer { status: 0x51, error: 0x04, lba: reason, device: 0x40, ..Answer::default() }
}

/// Address not found.
pub fn not_found() -> Answer {
    Answer { status: 0x51, error: 0x10, device: 0x40, ..Answer::default() }
}

/// What a model of drive is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traits {
    /// Up to 40 characters.
    pub model: String,
    /// Up to 20 characters.
    pub serial: String,
    /// Up to 8 characters.
    pub firmware: String,
    /// World wide name, NAA 5.
    pub wwn: u64,
    /// Revolutions a minute; 1: no rotation (ACS-3 7.12.7.78).
    pub rotation: u16,
    /// SANITIZE BLOCK ERASE EXT.
    pub block_erase: bool,
    /// SANITIZE OVERWRITE EXT.
    pub overwrite: bool,
    /// SANITIZE CRYPTO SCRAMBLE EXT.
    pub crypto: bool,
    /// SANITIZE ANTIFREEZE LOCK EXT.
    pub antifreeze: bool,
    /// The Security feature set.
    pub security: bool,
    /// Enhanced SECURITY ERASE UNIT.
    pub enhanced: bool,
    /// Host Protected Area.
    pub hpa: bool,
    /// Device Configuration Overlay.
    pub dco: bool,
    /// Accessible Max Address Configuration.
    pub ama: bool,
    /// TRIM, and what a read gives afterwards.
    pub trim: Option<Unmapped>,
    /// Says that it encrypts all user data.
    pub encrypts: bool,
    /// A sanitize in restricted mode is taken though security is locked (ACS-4 9.11.8.6).
    pub sanitize_overrides_security: bool,
    /// Normal SECURITY ERASE UNIT goes up to the native maximum. Makers' manuals say so (Hitachi 5K320 14.29, WD
    /// HC310 11.40); ACS-3 7.46 says 'all user data areas'; a careful host reckons with `false`.
    pub normal_erase_reaches_native: bool,
    /// Seconds for block erase, overwrite (a pass), crypto scramble, normal and enhanced security erase.
    pub seconds: [u64; 5],
}

/// A SATA drive.
pub struct Sata {
    /// Medium, clock, faults, power.
    pub gear: Gear,
    /// What it is like.
    pub traits: Traits,
    /// Passwords.
    pub security: Security,
    /// Hidden areas.
    pub capacity: Capacity,
    /// SD1 (ACS-3 4.17.8).
    pub sanitize_frozen: bool,
    /// Freeze is forbidden until the next power-on.
    pub antifreeze: bool,
    /// Write cache on.
    pub write_cache: bool,
    /// Started since power-on, for SMART.
    pub power_cycles: u64,
    previous: u8,
}

impl Sata {
    /// A drive.
    pub fn new(gear: Gear, traits: Traits) -> Self {
        let capacity = Capacity::new(gear.medium.layout().space(0).end);
        Sata {
            gear,
            traits,
            security: Security::default(),
            capacity,
            sanitize_frozen: false,
            antifreeze: false,
            write_cache: true,
            power_cycles: 1,
            previous: 0,
        }
    }

    /// Executes one command.
    pub fn execute(&mut self, command: &Command, data_out: &[u8]) -> Reply {
        if !self.gear.reachable() {
            return Reply::NoAnswer;
        }
        // A drive whose SECURITY ERASE UNIT lost its host is busy: the next command waits.
        if self.gear.progress(Origin::Security).is_some() && !self.gear.block() {
            return Reply::NoAnswer;
        }
        self.conclude();
        let mut command = *command;
        if !command.ext {
            command.feature &= 0xff;
            command.count &= 0xff;
            command.lba &= 0x0fff_ffff;
        }
        let previous = std::mem::replace(&mut self.previous, command.command);
        if self.polls(&command) && !self.gear.look() {
            return Reply::NoAnswer;
        }
        let answer = self.dispatch(&command, data_out, previous);
        // The power or the connection may have gone while the command was worked on.
        match answer {
            Some(answer) if self.gear.powered && self.gear.linked => Reply::Done(answer),
            _ => Reply::NoAnswer,
        }
    }

    fn polls(&self, command: &Command) -> bool {
        command.command == 0xb4 && command.feature == 0
    }

    /// Draws what follows from an erase that ended.
    fn conclude(&mut self) {
        if let Some((Origin::Security, true)) = self.gear.ended.take() {
            self.security.erased();
        }
    }

    fn dispatch(&mut self, command: &Command, out: &[u8], previous: u8) -> Option<Answer> {
        if !fits(command) {
            return Some(aborted(0));
        }
        if (self.gear.sanitizing() || self.gear.failed()) && !self.allowed_while_sanitizing(command) {
            return Some(aborted(0));
        }
        if self.security.locked && forbidden_when_locked(command.command) {
            return Some(aborted(0));
        }
        let answer = match command.command {
            0xec => data(self.identify()),
            0x2f | 0x47 => self.read_log(command),
            0xb0 => self.smart(command),
            0xb4 => return self.sanitize_device(command),
            0xf1..=0xf6 => return self.security_command(command, out, previous),
            0xf8 | 0x27 | 0xf9 | 0x37 | 0x78 | 0xb1 => self.capacity_command(command, previous),
            0x06 => self.data_set_management(command, out),
            0xc8 | 0x25 | 0x20 | 0x24 => self.read(command),
            0xca | 0x35 | 0x30 | 0x34 => self.write(command, out),
            0x40 | 0x42 => self.verify(command),
            0xe7 | 0xea => match self.gear.medium.sync() {
                Ok(()) => good(),
                Err(_) => Answer { status: 0x71, error: 0x04, ..good() },
            },
            0xe5 => Answer { count: 0xff, ..good() },
            0xe0 | 0xe1 | 0xe2 | 0xe3 | 0xe6 | 0x00 if command.command != 0 => good(),
            0xef => self.set_features(command),
            _ => aborted(0),
        };
        Some(answer)
    }

    /// SET FEATURES (ACS-3 7.47): the write cache is kept, the rest is taken.
    fn set_features(&mut self, command: &Command) -> Answer {
        match command.feature {
            0x02 => self.write_cache = true,
            0x82 => self.write_cache = false,
            _ => {}
        }
        good()
    }

    /// Logical blocks that the host can address now.
    pub fn accessible(&self) -> u64 {
        self.capacity.accessible()
    }
}

/// ACS-3 table 189 (security command actions): what a locked device aborts.
fn forbidden_when_locked(command: u8) -> bool {
    matches!(
        command,
        0x06 | 0xc8 | 0x25 | 0x20 | 0x24 | 0xca | 0x35 | 0x30 | 0x34 | 0x40 | 0x42 | 0xe7 | 0xea | 0xf9 | 0x37 | 0xb1
    ) || command == 0x78
}

/// Whether the protocol and the width of the registers are those of the command (ACS-3 clause 7).
fn fits(command: &Command) -> bool {
    use Protocol::{DmaIn, DmaOut, NonData, PioIn, PioOut};
    let (protocols, ext): (&[Protocol], Option<bool>) = match command.command {
        0xec => (&[PioIn], None),
        0x2f => (&[PioIn], Some(true)),
        0x47 => (&[DmaIn], Some(true)),
        0xb0 if matches!(command.feature, 0xd0 | 0xd1 | 0xd5) => (&[PioIn], None),
        0xb0 => (&[NonData, PioOut], None),
        0xb4 => (&[NonData], Some(true)),
        0xf1 | 0xf2 | 0xf4 | 0xf6 => (&[PioOut], None),
        0xf3 | 0xf5 | 0xe0..=0xe3 | 0xe5..=0xe7 | 0xef | 0xf8 | 0x40 => (&[NonData], None),
        0xf9 => (&[NonData, PioOut], None),
        0x27 | 0x37 | 0x78 | 0xea | 0x42 => (&[NonData], Some(true)),
        0xb1 if command.feature == 0xc2 => (&[PioIn], None),
        0xb1 => (&[NonData], None),
        0x06 => (&[DmaOut], Some(true)),
        0xc8 => (&[DmaIn], Some(false)),
        0x25 => (&[DmaIn], Some(true)),
        0x20 => (&[PioIn], Some(false)),
        0x24 => (&[PioIn], Some(true)),
        0xca => (&[DmaOut], Some(false)),
        0x35 => (&[DmaOut], Some(true)),
        0x30 => (&[PioOut], Some(false)),
        0x34 => (&[PioOut], Some(true)),
        _ => return true,
    };
    protocols.contains(&command.protocol) && ext.is_none_or(|ext| ext == command.ext)
}

impl Machine for Sata {
    fn gear(&self) -> &Gear {
        &self.gear
    }

    fn gear_mut(&mut self) -> &mut Gear {
        &mut self.gear
    }

    fn installed(&mut self, fault: &Fault) {
        match fault {
            Fault::Frozen => {
                self.security.frozen = true;
                self.sanitize_frozen = true;
            }
            Fault::Locked => self.security.lock_with_unknown_password(),
            _ => {}
        }
    }

    fn power_off(&mut self) {
        self.gear.power_off();
        self.conclude();
    }

    fn power_on(&mut self) {
        self.gear.power_on();
        self.security.power_on();
        self.capacity.power_on();
        self.sanitize_frozen = false;
        self.antifreeze = false;
        self.previous = 0;
        self.power_cycles += 1;
    }

    /// Hardware reset: thaws sanitize (ACS-3 4.17.8.3, SD1:SD0) but not security.
    fn reset(&mut self) {
        self.gear.tick();
        self.sanitize_frozen = false;
        self.security.hardware_reset();
        self.gear.attention = true;
        self.previous = 0;
    }

    fn truth(&self) -> Truth {
        self.gear.medium.truth(0, self.accessible())
    }

    fn save(&self) -> Vec<u8> {
        let mut saved = Saved::default();
        self.gear.save(&mut saved);
        self.security.save(&mut saved);
        self.capacity.save(&mut saved);
        saved.set("power-cycles", self.power_cycles);
        saved.text()
    }

    fn load(&mut self, saved: &[u8]) -> Result<(), String> {
        let saved = Saved::parse(saved)?;
        self.security.load(&saved)?;
        self.capacity.load(&saved)?;
        self.power_cycles = saved.get("power-cycles")?;
        self.gear.load(&saved)?;
        self.power_on();
        Ok(())
    }
}
