//! An admin command as `NVME_IOCTL_ADMIN_CMD` takes it.

use super::Data;

/// NSID FFFFFFFFh: every namespace, or the controller as a whole.
pub const ALL_NAMESPACES: u32 = u32::MAX;

/// One admin command: opcode, namespace, command dwords 10 to 15, and its data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Admin {
    name: &'static str,
    opcode: u8,
    nsid: u32,
    dwords: [u32; 6],
    data: Data,
}

impl Admin {
    pub(super) fn new(name: &'static str, opcode: u8, nsid: u32, dwords: [u32; 6], data: Data) -> Admin {
        Admin { name, opcode, nsid, dwords, data }
    }

    /// The command's name in its specification, for records and messages.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// OPC.
    pub fn opcode(&self) -> u8 {
        self.opcode
    }

    /// NSID; 0 where the command is not about one.
    pub fn nsid(&self) -> u32 {
        self.nsid
    }

    /// Command dwords 10 to 15.
    pub fn dwords(&self) -> [u32; 6] {
        self.dwords
    }

    /// Command dword 10, which the sanitize log repeats.
    pub fn cdw10(&self) -> u32 {
        let [cdw10, ..] = self.dwords;
        cdw10
    }

    /// What moves with it.
    pub fn data(&self) -> &Data {
        &self.data
    }
}
