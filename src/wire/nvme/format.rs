//! Format NVM, 80h (NVM Command Set Specification 1.0, Format NVM command).

use super::{Admin, Data, Namespace};

/// Format NVM.
const FORMAT_NVM: u8 = 0x80;

/// SES, Secure Erase Settings. Its value 0 erases nothing and is not among these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecureErase {
    /// 1: user data; the contents afterwards are indeterminate.
    UserData,
    /// 2: the key is deleted.
    Cryptographic,
}

/// Format of the namespace `nsid` (or of all, [`super::ALL_NAMESPACES`]) as it is: LBA format, metadata and protection
/// are those of `current`, so that nothing changes but the data.
pub fn format_nvm(nsid: u32, current: &Namespace, erase: SecureErase) -> Admin {
    let (name, ses) = match erase {
        SecureErase::UserData => ("Format NVM (User Data Erase)", 1),
        SecureErase::Cryptographic => ("Format NVM (Cryptographic Erase)", 2),
    };
    // LBAFL 3:0, MSET 4, PI 7:5, PIL 8, SES 11:9, LBAFU 13:12.
    let cdw10 = u32::from(current.format & 0x0F)
        | u32::from(current.metadata_in_block) << 4
        | u32::from(current.protection & 0x07) << 5
        | u32::from(current.protection_first) << 8
        | ses << 9
        | u32::from(current.format >> 4 & 0x03) << 12;
    Admin::new(name, FORMAT_NVM, nsid, [cdw10, 0, 0, 0, 0, 0], Data::None)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::namespace::tests::data;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_format_is_echoed() {
        let plain = Namespace::parse(&data(0, 0)).unwrap();
        let erase = format_nvm(1, &plain, SecureErase::UserData);
        assert_eq!((erase.opcode(), erase.nsid(), erase.dwords()), (0x80, 1, [0x200, 0, 0, 0, 0, 0]));
        assert_eq!(format_nvm(1, &plain, SecureErase::Cryptographic).cdw10(), 0x400);
        let mut data = data(63, 0x75);
        data[29] = 0x0B;
        let full = Namespace::parse(&data).unwrap();
        assert_eq!(format_nvm(7, &full, SecureErase::UserData).cdw10(), 0x3375);
    }

    proptest! {
        #[test]
        fn something_is_always_erased(flbas in any::<u8>(), dps in any::<u8>(), crypto: bool) {
            let mut data = data(63, flbas);
            data[29] = dps;
            let found = Namespace::parse(&data).unwrap();
            let erase = if crypto { SecureErase::Cryptographic } else { SecureErase::UserData };
            let cdw10 = format_nvm(1, &found, erase).cdw10();
            prop_assert_eq!(cdw10 >> 9 & 7, if crypto { 2 } else { 1 });
            prop_assert_eq!((cdw10 & 0xF, cdw10 >> 12), (u32::from(flbas & 0xF), u32::from(flbas >> 5 & 3)));
        }
    }
}
