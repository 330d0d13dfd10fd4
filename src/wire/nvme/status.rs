//! How an NVMe command ended (Base Specification 2.0, Status Field).

use crate::wire::bytes::bit;

/// The status field of a completion, as the kernel hands it on: without the phase bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(u16);

/// SCT and SC, name. SCT 0 generic, 1 command specific, 2 media and data integrity, 3 path.
const NAMES: &[(u8, u8, &str)] = &[
    (0, 0x00, "Successful Completion"),
    (0, 0x01, "Invalid Command Opcode"),
    (0, 0x02, "Invalid Field in Command"),
    (0, 0x03, "Command ID Conflict"),
    (0, 0x04, "Data Transfer Error"),
    (0, 0x05, "Commands Aborted due to Power Loss Notification"),
    (0, 0x06, "Internal Error"),
    (0, 0x07, "Command Abort Requested"),
    (0, 0x08, "Command Aborted due to SQ Deletion"),
    (0, 0x0B, "Invalid Namespace or Format"),
    (0, 0x0C, "Command Sequence Error"),
    (0, 0x15, "Operation Denied"),
    (0, 0x1C, "Sanitize Failed"),
    (0, 0x1D, "Sanitize In Progress"),
    (0, 0x20, "Namespace is Write Protected"),
    (0, 0x21, "Command Interrupted"),
    (0, 0x22, "Transient Transport Error"),
    (0, 0x23, "Command Prohibited by Command and Feature Lockdown"),
    (0, 0x24, "Admin Command Media Not Ready"),
    (0, 0x80, "LBA Out of Range"),
    (0, 0x81, "Capacity Exceeded"),
    (0, 0x82, "Namespace Not Ready"),
    (0, 0x83, "Reservation Conflict"),
    (0, 0x84, "Format In Progress"),
    (1, 0x09, "Invalid Log Page"),
    (1, 0x0A, "Invalid Format"),
    (1, 0x0B, "Firmware Activation Requires Conventional Reset"),
    (1, 0x10, "Firmware Activation Requires NVM Subsystem Reset"),
    (1, 0x1D, "Device Self-test In Progress"),
    (1, 0x23, "Sanitize Prohibited While Persistent Memory Region is Enabled"),
    (2, 0x80, "Write Fault"),
    (2, 0x81, "Unrecovered Read Error"),
    (2, 0x86, "Access Denied"),
    (2, 0x87, "Deallocated or Unwritten Logical Block"),
    (3, 0x00, "Internal Path Error"),
    (3, 0x70, "Host Pathing Error"),
    (3, 0x71, "Command Aborted By Host"),
];

impl Status {
    /// Sanitize Failed: the controller allows nothing but what leads out of that state.
    pub const SANITIZE_FAILED: Status = Status(0x1C);
    /// Sanitize In Progress.
    pub const SANITIZE_IN_PROGRESS: Status = Status(0x1D);

    /// From the field: SC in bits 7:0, SCT in 10:8, CRD in 12:11, M in 13, DNR in 14.
    pub const fn new(field: u16) -> Status {
        Status(field & 0x7FFF)
    }

    /// The field as it came.
    pub fn field(self) -> u16 {
        self.0
    }

    /// SC, Status Code.
    pub fn code(self) -> u8 {
        let [code, _] = self.0.to_le_bytes();
        code
    }

    /// SCT, Status Code Type.
    pub fn code_type(self) -> u8 {
        let [_, upper] = self.0.to_le_bytes();
        upper & 0x07
    }

    /// DNR, Do Not Retry.
    pub fn do_not_retry(self) -> bool {
        bit(self.0, 14)
    }

    /// Whether the command succeeded.
    pub fn is_success(self) -> bool {
        (self.code_type(), self.code()) == (0, 0)
    }

    /// Whether type and code are those of `other`, whatever the other bits.
    pub fn is(self, other: Status) -> bool {
        (self.code_type(), self.code()) == (other.code_type(), other.code())
    }

    /// The name, where it is among those that matter here.
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|(kind, code, _)| (*kind, *code) == (self.code_type(), self.code())).map(|(_, _, name)| *name)
    }
}

impl std::fmt::Display for Status {
    /// `Sanitize In Progress (type 0h, code 1Dh)`, with `, do not retry`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let again = if self.do_not_retry() { ", do not retry" } else { "" };
        let name = self.name().unwrap_or("a status without a known name");
        write!(f, "{name} (type {:X}h, code {:02X}h{again})", self.code_type(), self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_names() {
        let running = Status::new(0x401D);
        assert!(running.is(Status::SANITIZE_IN_PROGRESS) && running.do_not_retry() && !running.is_success());
        assert_eq!(running.to_string(), "Sanitize In Progress (type 0h, code 1Dh, do not retry)");
        // The same code of another type is something else.
        assert!(!Status::new(0x011D).is(Status::SANITIZE_IN_PROGRESS));
        assert_eq!(Status::new(0x0123).code_type(), 1);
        assert_eq!(Status::new(0x6281).name(), Some("Unrecovered Read Error"));
        assert!(Status::new(0).is_success() && Status::new(0x2000).is_success() && !Status::new(0x0100).is_success());
        assert_eq!(Status::new(0x07FF).to_string(), "a status without a known name (type 7h, code FFh)");
        assert!(Status::new(0x1C).is(Status::SANITIZE_FAILED));
    }

    #[test]
    fn no_status_has_two_names() {
        for (at, (kind, code, name)) in NAMES.iter().enumerate() {
            assert!(!NAMES[..at].iter().any(|(k, c, n)| (k, c) == (kind, code) || n == name), "{name}");
        }
    }
}
