//! Get Log Page (Base Specification 2.0, Get Log Page command).

use super::{ALL_NAMESPACES, Admin, Data};

/// Get Log Page.
const GET_LOG_PAGE: u8 = 0x02;

/// Which log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogId {
    /// 02h SMART / Health Information, of the controller.
    Smart,
    /// 81h Sanitize Status, of the subsystem.
    SanitizeStatus,
}

/// Get Log Page for 512 bytes of `log`, with RAE set: what the kernel waits to be told of stays untold.
pub fn get_log_page(log: LogId) -> Admin {
    const BYTES: usize = 512;
    const DWORDS_FROM_0: u32 = 127;
    const RETAIN: u32 = 1 << 15;
    let (name, id) = match log {
        LogId::Smart => ("Get Log Page (SMART / Health Information)", 0x02),
        LogId::SanitizeStatus => ("Get Log Page (Sanitize Status)", 0x81),
    };
    let cdw10 = DWORDS_FROM_0 << 16 | RETAIN | id;
    Admin::new(name, GET_LOG_PAGE, ALL_NAMESPACES, [cdw10, 0, 0, 0, 0, 0], Data::In(BYTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_logs() {
        let sanitize = get_log_page(LogId::SanitizeStatus);
        assert_eq!((sanitize.opcode(), sanitize.nsid()), (2, u32::MAX));
        assert_eq!(sanitize.dwords(), [0x007F_8081, 0, 0, 0, 0, 0]);
        assert_eq!(sanitize.data(), &Data::In(512));
        assert_eq!(get_log_page(LogId::Smart).cdw10(), 0x007F_8002);
    }
}
