//! READ LOG EXT, and log 30h, the IDENTIFY DEVICE data log (ACS-4), page 06h: what sanitize does to a password, and
//! whether all data is encrypted.

use super::command::Command;
use crate::wire::Malformed;
use crate::wire::bytes::{bit, byte, le64};

/// Log address.
const IDENTIFY_DEVICE_DATA: u8 = 0x30;
/// Pages of log 30h.
const SUPPORTED_PAGES: u8 = 0x00;
const SECURITY: u8 = 0x06;

/// READ LOG EXT, 2Fh: one page of 512 bytes of `log`.
pub(super) fn read_log(name: &'static str, log: u8, page: u8) -> Command {
    // LBA (7:0) is the log address, (15:8) and (39:32) the page number.
    Command::pio_in(name, 0x2F, true, 1).lba(u64::from(page) << 8 | u64::from(log))
}

/// READ LOG EXT of log 30h page 00h: which pages it has; read with [`supported_identify_pages`].
pub fn identify_pages() -> Command {
    read_log("READ LOG EXT (30h, page 00h)", IDENTIFY_DEVICE_DATA, SUPPORTED_PAGES)
}

/// READ LOG EXT of log 30h page 06h; read with [`SecurityCapabilities::parse`].
pub fn identify_page_security() -> Command {
    read_log("READ LOG EXT (30h, page 06h)", IDENTIFY_DEVICE_DATA, SECURITY)
}

/// The page numbers in page 00h: byte 8 counts them, they follow. Errors: it is short, or lists more than a page holds.
pub fn supported_identify_pages(data: &[u8]) -> Result<Vec<u8>, Malformed> {
    const ANSWER: &str = "identify data log, page 00h";
    let count = usize::from(byte(data, 8).ok_or(Malformed::short(ANSWER))?);
    let list = data.get(9..).and_then(|list| list.get(..count));
    list.map(<[u8]>::to_vec).ok_or(Malformed::new(ANSWER, "it lists more pages than it sent"))
}

/// Security page, bytes 48 to 55: security capabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecurityCapabilities {
    /// Bit 7, RESTRICTED SANITIZE OVERRIDES SECURITY: a sanitize without FAILURE MODE works on a locked drive, and
    /// takes the password away.
    pub restricted_sanitize_overrides_security: bool,
    /// Bit 0, ENCRYPT ALL: all user data on the medium is encrypted.
    pub encrypts_all: bool,
}

impl SecurityCapabilities {
    /// Reads page 06h; `None` where the drive marks the field as not valid (bit 63). Errors: it is short, or of another
    /// page.
    pub fn parse(data: &[u8]) -> Result<Option<SecurityCapabilities>, Malformed> {
        const ANSWER: &str = "identify data log, page 06h";
        let head = le64(data, 0).ok_or(Malformed::short(ANSWER))?;
        let field = le64(data, 48).ok_or(Malformed::short(ANSWER))?;
        // Bit 63 marks it as valid, bits 23:16 are the page, bits 15:0 the revision.
        if !bit(head, 63) || (head >> 16) & 0xFF != u64::from(SECURITY) || head & 0xFFFF == 0 {
            return Err(Malformed::new(ANSWER, "another page than was asked for"));
        }
        Ok(bit(field, 63).then(|| SecurityCapabilities {
            restricted_sanitize_overrides_security: bit(field, 7),
            encrypts_all: bit(field, 0),
        }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wire::ata::pass_through_16;
    use proptest::prelude::*;

    fn page(head: u64, field: u64) -> Vec<u8> {
        let mut data = vec![0; 512];
        data[..8].copy_from_slice(&head.to_le_bytes());
        data[48..56].copy_from_slice(&field.to_le_bytes());
        data
    }

    #[test]
    fn commands_and_pages() {
        let security = pass_through_16(&identify_page_security(), false);
        assert_eq!(security.cdb(), [0x85, 9, 0x0e, 0, 0, 0, 1, 0, 0x30, 0, 6, 0, 0, 0, 0x2f, 0]);
        assert_eq!(pass_through_16(&identify_pages(), false).cdb()[10], 0);
        let mut list = vec![0; 512];
        list[8..12].copy_from_slice(&[3, 0, 1, 6]);
        assert_eq!(supported_identify_pages(&list), Ok(vec![0, 1, 6]));
        assert!(supported_identify_pages(&list[..10]).is_err());
    }

    #[test]
    fn capabilities() {
        let head = 1 << 63 | 6 << 16 | 1;
        let found = SecurityCapabilities::parse(&page(head, 1 << 63 | 0x81)).unwrap().unwrap();
        assert!(found.restricted_sanitize_overrides_security && found.encrypts_all);
        let found = SecurityCapabilities::parse(&page(head, 1 << 63)).unwrap().unwrap();
        assert!(!found.restricted_sanitize_overrides_security && !found.encrypts_all);
        assert_eq!(SecurityCapabilities::parse(&page(head, 0x81)), Ok(None));
        for wrong in [6 << 16 | 1, 1 << 63 | 5 << 16 | 1, 1 << 63 | 6 << 16] {
            assert!(SecurityCapabilities::parse(&page(wrong, 1 << 63)).is_err());
        }
        assert!(SecurityCapabilities::parse(&page(head, 1 << 63)[..55]).is_err());
    }

    proptest! {
        #[test]
        fn any_page_is_read(data in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = (SecurityCapabilities::parse(&data), supported_identify_pages(&data));
        }
    }
}
