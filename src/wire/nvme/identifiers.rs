//! Identify: the commands, and lists of namespaces and of their names.

use super::{Admin, Data};
use crate::wire::bytes::le32;
use crate::wire::{Malformed, hex};

/// Identify (Base Specification 2.0, Identify command).
const IDENTIFY: u8 = 0x06;
/// Every Identify data structure has this size.
const BYTES: usize = 4096;

/// CNS 00h: the namespace `nsid`; read with [`super::Namespace::parse`].
pub fn identify_namespace(nsid: u32) -> Admin {
    identify("Identify Namespace", 0x00, nsid)
}

/// CNS 01h: the controller; read with [`super::Controller::parse`].
pub fn identify_controller() -> Admin {
    identify("Identify Controller", 0x01, 0)
}

/// CNS 02h: the active namespaces after `after`, at most 1024; read with [`namespace_list`].
pub fn active_namespaces(after: u32) -> Admin {
    identify("Active Namespace ID list", 0x02, after)
}

/// CNS 03h: the names of `nsid`; read with [`NamespaceIdentifiers::parse`].
pub fn identify_identifiers(nsid: u32) -> Admin {
    identify("Namespace Identification Descriptor list", 0x03, nsid)
}

/// CNS 10h: the allocated namespaces after `after`, attached to this controller or not. Needs namespace management.
pub fn allocated_namespaces(after: u32) -> Admin {
    identify("Allocated Namespace ID list", 0x10, after)
}

fn identify(name: &'static str, cns: u32, nsid: u32) -> Admin {
    Admin::new(name, IDENTIFY, nsid, [cns, 0, 0, 0, 0, 0], Data::In(BYTES))
}

/// The namespaces in a list of up to 1024, in ascending order, ended by 0. Errors: it is short, or out of order: one
/// that is missed could hold data that is in use.
pub fn namespace_list(data: &[u8]) -> Result<Vec<u32>, Malformed> {
    const ANSWER: &str = "Namespace ID list";
    let data: &[u8; BYTES] = data.first_chunk().ok_or(Malformed::short(ANSWER))?;
    let ids: Vec<u32> = (0..1024).filter_map(|at| le32(data, 4 * at)).take_while(|id| *id != 0).collect();
    let ascending = ids.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
    if !ascending || ids.last().is_some_and(|id| *id >= 0xFFFF_FFFE) {
        return Err(Malformed::new(ANSWER, "identifiers out of order or out of range"));
    }
    Ok(ids)
}

/// The names of a namespace that no other has (Namespace Identification Descriptor), each `None` where it is not
/// reported or zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct NamespaceIdentifiers {
    /// Type 1h, EUI64.
    pub eui64: Option<[u8; 8]>,
    /// Type 2h, NGUID.
    pub nguid: Option<[u8; 16]>,
    /// Type 3h, UUID.
    pub uuid: Option<[u8; 16]>,
    /// Type 4h, Command Set Identifier: 0 NVM, 1 key value, 2 zoned.
    pub command_set: Option<u8>,
}

impl NamespaceIdentifiers {
    /// Reads the list: type, length, two reserved bytes, identifier; ended by a length of 0. Errors: it is short, or a
    /// descriptor of a known type has another length than its type has.
    pub fn parse(data: &[u8]) -> Result<NamespaceIdentifiers, Malformed> {
        const ANSWER: &str = "Namespace Identification Descriptor list";
        let wrong = Malformed::new(ANSWER, "an identifier of a wrong length");
        let mut found = NamespaceIdentifiers::default();
        let mut rest = data;
        if rest.len() < 4 {
            return Err(Malformed::short(ANSWER));
        }
        while let Some((&[kind, length, _, _], after)) = rest.split_first_chunk() {
            if length == 0 {
                break;
            }
            let (id, after) = after.split_at_checked(length.into()).ok_or(Malformed::short(ANSWER))?;
            rest = after;
            match kind {
                1 => found.eui64 = Some(id.try_into().map_err(|_| wrong)?).filter(|id| *id != [0; 8]),
                2 => found.nguid = Some(id.try_into().map_err(|_| wrong)?).filter(|id| *id != [0; 16]),
                3 => found.uuid = Some(id.try_into().map_err(|_| wrong)?).filter(|id| *id != [0; 16]),
                4 => {
                    let [set] = id.try_into().map_err(|_| wrong)?;
                    found.command_set = Some(set);
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// The strongest of them as the kernel writes it: `uuid.…`, `eui.…`.
    pub fn name(&self) -> Option<String> {
        let uuid = |id: [u8; 16]| {
            let digits = hex(&id);
            let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits.get(part).unwrap_or_default());
            format!("uuid.{}", parts.join("-"))
        };
        let plain = |id: &[u8]| format!("eui.{}", hex(id));
        self.uuid.map(uuid).or(self.nguid.map(|id| plain(&id))).or(self.eui64.map(|id| plain(&id)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn commands() {
        let controller = identify_controller();
        assert_eq!((controller.opcode(), controller.nsid(), controller.dwords()), (6, 0, [1, 0, 0, 0, 0, 0]));
        assert_eq!(controller.data(), &Data::In(4096));
        assert_eq!((identify_namespace(3).nsid(), identify_namespace(3).dwords()), (3, [0; 6]));
        let lists = [active_namespaces(0), identify_identifiers(1), allocated_namespaces(0)];
        assert_eq!(lists.map(|command| command.cdw10()), [2, 3, 0x10]);
    }

    fn list(ids: &[u32]) -> Vec<u8> {
        let mut data: Vec<u8> = ids.iter().flat_map(|id| id.to_le_bytes()).collect();
        data.resize(4096, 0);
        data
    }

    #[test]
    fn lists_of_namespaces() {
        assert_eq!(namespace_list(&list(&[1, 2, 9])), Ok(vec![1, 2, 9]));
        assert_eq!(namespace_list(&list(&[])), Ok(vec![]));
        let full: Vec<u32> = (1..=1024).collect();
        assert_eq!(namespace_list(&list(&full)).unwrap().len(), 1024);
        assert!(namespace_list(&list(&[2, 1])).is_err() && namespace_list(&list(&[1, 1])).is_err());
        assert!(namespace_list(&list(&[1, u32::MAX])).is_err() && namespace_list(&list(&[u32::MAX - 1])).is_err());
        assert!(namespace_list(&list(&[u32::MAX - 2])).is_ok());
        assert!(namespace_list(&list(&[1])[..4095]).is_err());
    }

    #[test]
    fn names_of_a_namespace() {
        let mut data = vec![1, 8, 0, 0, 0, 0x25, 0x38, 0, 0, 0, 0, 1];
        data.extend([2, 16, 0, 0]);
        data.extend([0; 16]);
        data.extend([4, 1, 0, 0, 2]);
        data.resize(4096, 0);
        let found = NamespaceIdentifiers::parse(&data).unwrap();
        assert_eq!((found.nguid, found.command_set), (None, Some(2)));
        assert_eq!(found.name().as_deref(), Some("eui.0025380000000001"));
        let uuid: Vec<u8> = [3, 16, 0, 0].into_iter().chain(0x10..0x20).chain([0; 4]).collect();
        let name = NamespaceIdentifiers::parse(&uuid).unwrap().name();
        assert_eq!(name.as_deref(), Some("uuid.10111213-1415-1617-1819-1a1b1c1d1e1f"));
        assert!(NamespaceIdentifiers::parse(&[1, 7, 0, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0]).is_err());
        assert!(NamespaceIdentifiers::parse(&[2, 16, 0, 0, 1]).is_err());
        assert!(NamespaceIdentifiers::parse(&[0, 0, 0]).is_err());
        assert_eq!(NamespaceIdentifiers::parse(&[0; 4096]).unwrap().name(), None);
    }

    proptest! {
        #[test]
        fn any_list_is_read(data in prop::collection::vec(any::<u8>(), 0..64), kind in 0..6u8, length in 0..20u8) {
            let data = [&[kind, length, 0, 0][..], &data].concat();
            if let Ok(found) = NamespaceIdentifiers::parse(&data) { let _ = found.name(); }
            let _ = namespace_list(&data);
        }
    }
}
