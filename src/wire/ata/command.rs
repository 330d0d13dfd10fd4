//! A command as the registers that it is put into.

use super::Data;

/// How a command moves its data (SAT-4, PROTOCOL field).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// 3: nothing.
    NonData,
    /// 4: programmed I/O, from the drive.
    PioIn,
    /// 5: programmed I/O, to the drive.
    PioOut,
    /// 6: DMA, either way.
    Dma,
}

/// The size of the blocks that PIO and log commands move, in bytes.
pub(super) const BLOCK: usize = 512;

/// DEVICE register, bit 6: the address is an LBA.
pub(super) const LBA_MODE: u8 = 0x40;

/// One ATA command.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Command {
    pub(super) name: &'static str,
    pub(super) code: u8,
    pub(super) extended: bool,
    pub(super) protocol: Protocol,
    pub(super) feature: u16,
    pub(super) count: u16,
    pub(super) lba: u64,
    pub(super) device: u8,
    pub(super) data: Data,
}

impl Command {
    /// A command that moves no data. `extended`: of the 48-bit kind, with 16-bit FEATURE and COUNT.
    pub(super) fn non_data(name: &'static str, code: u8, extended: bool) -> Command {
        let (feature, count, lba, device) = (0, 0, 0, 0);
        Command { name, code, extended, protocol: Protocol::NonData, feature, count, lba, device, data: Data::None }
    }

    /// A command that reads `blocks` blocks of 512 bytes by PIO; COUNT says how many.
    pub(super) fn pio_in(name: &'static str, code: u8, extended: bool, blocks: u8) -> Command {
        let data = Data::In(usize::from(blocks) * BLOCK);
        let command = Command::non_data(name, code, extended);
        Command { protocol: Protocol::PioIn, count: blocks.into(), data, ..command }
    }

    /// A command that writes one block of 512 bytes by PIO. COUNT is 1: the command may not look at it, the SAT layer
    /// does.
    pub(super) fn pio_out(name: &'static str, code: u8, block: [u8; BLOCK]) -> Command {
        let command = Command::non_data(name, code, false);
        Command { protocol: Protocol::PioOut, count: 1, data: Data::Out(block.to_vec()), ..command }
    }

    pub(super) fn feature(self, feature: u16) -> Command {
        Command { feature, ..self }
    }

    pub(super) fn count(self, count: u16) -> Command {
        Command { count, ..self }
    }

    pub(super) fn lba(self, lba: u64) -> Command {
        Command { lba, ..self }
    }

    pub(super) fn lba_mode(self) -> Command {
        Command { device: LBA_MODE, ..self }
    }

    /// The command's name in its standard, for records and messages.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// COMMAND.
    pub fn code(&self) -> u8 {
        self.code
    }

    /// Whether it is of the 48-bit kind.
    pub fn is_extended(&self) -> bool {
        self.extended
    }

    /// How it moves its data.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// What it moves.
    pub fn data(&self) -> &Data {
        &self.data
    }
}
