//! Hidden areas: Host Protected Area (ACS-2 4.11), Device Configuration Overlay (ACS-2 4.8), Accessible Max Address
//! Configuration (ACS-3 4.6).

use super::super::bytes::put;
use super::super::faults::Fault;
use super::super::state::Saved;
use super::{Answer, Command, Sata, aborted, data, good, not_found};

/// How much of the medium the host may address, and who said so. All in blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    native: u64,
    overlay: Option<u64>,
    protected: Option<u64>,
    protected_volatile: Option<u64>,
    configured: Option<u64>,
    protected_set: bool,
    configured_set: bool,
    overlay_frozen: bool,
    configured_frozen: bool,
}

impl Capacity {
    /// Everything can be addressed.
    pub fn new(native: u64) -> Self {
        Capacity {
            native,
            overlay: None,
            protected: None,
            protected_volatile: None,
            configured: None,
            protected_set: false,
            configured_set: false,
            overlay_frozen: false,
            configured_frozen: false,
        }
    }

    /// Hides all but the first `blocks` behind a host protected area, as somebody did once.
    pub fn hide_with_hpa(&mut self, blocks: u64) {
        self.protected = Some(blocks);
    }

    /// The same with a device configuration overlay.
    pub fn hide_with_dco(&mut self, blocks: u64) {
        self.overlay = Some(blocks);
    }

    /// The same with accessible max address.
    pub fn hide_with_ama(&mut self, blocks: u64) {
        self.configured = Some(blocks);
    }

    /// What READ NATIVE MAX ADDRESS counts: the overlay hides from it too.
    pub fn native(&self) -> u64 {
        self.overlay.unwrap_or(self.native)
    }

    /// What the host can address.
    pub fn accessible(&self) -> u64 {
        let protected = self.protected_volatile.or(self.protected).unwrap_or(self.native);
        self.native().min(protected).min(self.configured.unwrap_or(self.native))
    }

    /// A new power cycle: volatile limits end, each limit may be moved once again.
    pub fn power_on(&mut self) {
        self.protected_volatile = None;
        self.protected_set = false;
        self.configured_set = false;
        self.overlay_frozen = false;
        self.configured_frozen = false;
    }

    /// Keeps what survives a power cut.
    pub fn save(&self, saved: &mut Saved) {
        saved.set_option("dco", self.overlay);
        saved.set_option("hpa", self.protected);
        saved.set_option("ama", self.configured);
    }

    /// Takes it back.
    ///
    /// # Errors
    /// What is missing or can't be read.
    pub fn load(&mut self, saved: &Saved) -> Result<(), String> {
        self.overlay = saved.get_option("dco")?;
        self.protected = saved.get_option("hpa")?;
        self.configured = saved.get_option("ama")?;
        Ok(())
    }

    /// SET MAX ADDRESS (EXT): once a power cycle where it is to stay (ACS-2 7.55). It takes the last address.
    fn set_max(&mut self, blocks: u64, stay: bool) -> Answer {
        if blocks > self.native() || (stay && self.protected_set) {
            return not_found();
        }
        if stay {
            self.protected_set = true;
            self.protected = (blocks < self.native()).then_some(blocks);
            self.protected_volatile = None;
        } else {
            self.protected_volatile = Some(blocks);
        }
        Answer { lba: blocks - 1, ..good() }
    }
}

impl Sata {
    /// READ NATIVE MAX ADDRESS (EXT), SET MAX ADDRESS (EXT), ACCESSIBLE MAX ADDRESS CONFIGURATION, DCO.
    pub(super) fn capacity_command(&mut self, command: &Command, previous: u8) -> Answer {
        let supported = match command.command {
            0xf8 | 0x27 | 0xf9 | 0x37 => self.traits.hpa,
            0x78 => self.traits.ama,
            _ => self.traits.dco,
        };
        if !supported || self.gear.faults.has(&Fault::HiddenUnreachable) {
            return aborted(0);
        }
        match command.command {
            0xf8 => Answer { lba: (self.capacity.native() - 1).min(0x0fff_ffff), ..good() },
            0x27 => Answer { lba: self.capacity.native() - 1, ..good() },
            // Directly after READ NATIVE MAX ADDRESS of the same width. Features other than 0 are the SET MAX security
            // extensions, which this drive lacks.
            0xf9 if previous == 0xf8 && command.feature == 0 => {
                self.capacity.set_max(command.lba + 1, command.count & 1 == 1)
            }
            0x37 if previous == 0x27 => self.capacity.set_max(command.lba + 1, command.count & 1 == 1),
            0x78 => self.max_address(command),
            0xb1 => self.overlay(command),
            _ => aborted(0),
        }
    }

    /// ACCESSIBLE MAX ADDRESS CONFIGURATION (ACS-3 7.2): 0 get native, 1 set, 2 freeze.
    fn max_address(&mut self, command: &Command) -> Answer {
        let capacity = &mut self.capacity;
        match command.feature {
            0 => Answer { lba: capacity.native - 1, ..good() },
            1 if capacity.configured_frozen || capacity.configured_set => aborted(0),
            1 if command.lba >= capacity.native => not_found(),
            1 => {
                capacity.configured_set = true;
                capacity.configured = (command.lba + 1 < capacity.native).then_some(command.lba + 1);
                good()
            }
            2 => {
                capacity.configured_frozen = true;
                good()
            }
            _ => aborted(0),
        }
    }

    /// DEVICE CONFIGURATION RESTORE C0h, FREEZE LOCK C1h, IDENTIFY C2h (ACS-2 7.9).
    fn overlay(&mut self, command: &Command) -> Answer {
        let capacity = &mut self.capacity;
        if capacity.overlay_frozen {
            return aborted(0);
        }
        match command.feature {
            // Aborted while a host protected area stands.
            0xc0 if capacity.protected.is_some() || capacity.protected_volatile.is_some() => aborted(0),
            0xc0 => {
                capacity.overlay = None;
                good()
            }
            0xc1 => {
                capacity.overlay_frozen = true;
                good()
            }
            0xc2 => {
                let mut block = vec![0; 512];
                put(&mut block, 0, &2u16.to_le_bytes());
                put(&mut block, 2, &7u16.to_le_bytes());
                put(&mut block, 4, &0x7fu16.to_le_bytes());
                put(&mut block, 6, &(capacity.native - 1).to_le_bytes());
                put(&mut block, 14, &0x00cfu16.to_le_bytes());
                put(&mut block, 510, &[0xa5]);
                let sum = block.iter().take(511).fold(0u8, |sum, byte| sum.wrapping_add(*byte));
                put(&mut block, 511, &[sum.wrapping_neg()]);
                data(block)
            }
            _ => aborted(0),
        }
    }
}
