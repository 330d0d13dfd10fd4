//! What belongs to the fabric, not to the drive: properties, Connect, and the fields of Identify Controller that only fabrics have.

use super::queue::IN_CAPSULE;

/// Opcode of every fabrics command.
pub const OPCODE: u8 = 0x7F;
/// Fabrics command types.
pub const PROPERTY_SET: u8 = 0x00;
pub const CONNECT: u8 = 0x01;
pub const PROPERTY_GET: u8 = 0x04;

/// Controller ID of the only controller.
pub const CONTROLLER_ID: u16 = 1;
/// Entries of a queue, 0's based (CAP.MQES).
const LAST_ENTRY: u64 = 127;

const CC_ENABLE: u32 = 1;
const CC_SHUTDOWN: u32 = 3 << 14;

/// The properties that the host sets (Base 2.0 §3.1.3).
#[derive(Default)]
pub struct Registers {
    configuration: u32,
}

impl Registers {
    /// The property at `offset`.
    pub fn get(&self, offset: u32) -> u64 {
        match offset {
            // CAP: queue entries; contiguous queues; 10 s to become ready; the NVM command set.
            0x00 => LAST_ENTRY | 1 << 16 | 20 << 24 | 1 << 37,
            // VS: 1.4.
            0x08 => 0x0001_0400,
            0x14 => self.configuration.into(),
            // CSTS: ready as soon as enabled; shutdown complete as soon as asked for.
            0x1C => {
                let ready = u64::from(self.configuration & CC_ENABLE);
                ready | if self.configuration & CC_SHUTDOWN != 0 { 2 << 2 } else { 0 }
            }
            _ => 0,
        }
    }

    /// Sets the property at `offset`; whether that resets the controller.
    pub fn set(&mut self, offset: u32, value: u32) -> bool {
        if offset != 0x14 {
            return false;
        }
        let before = std::mem::replace(&mut self.configuration, value);
        before & CC_ENABLE != 0 && value & CC_ENABLE == 0
    }
}

/// Fills in what a drive on PCIe leaves empty in Identify Controller (Base 2.0, figure 275).
pub fn complete_identity(page: &mut [u8], nqn: &str) {
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(field) = page.get_mut(at..at + bytes.len()) {
            field.copy_from_slice(bytes);
        }
    };
    put(78, &CONTROLLER_ID.to_le_bytes());
    // I/O controller.
    put(111, &[1]);
    // KAS: keep alive in units of 100 ms.
    put(320, &10u16.to_le_bytes());
    // MAXCMD.
    put(514, &(LAST_ENTRY as u16 + 1).to_le_bytes());
    // SGLS: supported; offsets into the capsule.
    put(536, &(1u32 | 1 << 20).to_le_bytes());
    put(768, &[0; 256]);
    put(768, nqn.as_bytes());
    // IOCCSZ, IORCSZ in 16 bytes; ICDOFF; dynamic controllers; MSDBD.
    put(1792, &((64 + IN_CAPSULE) / 16).to_le_bytes());
    put(1796, &1u32.to_le_bytes());
    put(1800, &[0, 0, 0, 1]);
}
