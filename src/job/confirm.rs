//! Which text confirms which medium.

use crate::media::{Identity, Medium, Node};

/// What `wipe` will ask for, and whether it is the `serial` or a `token`. The serial serves only for a whole disk, and only
/// if it is one that tells this medium from every other that is attached.
pub(super) fn demanded(medium: &Medium, all: &[Medium], boot: &str) -> (String, &'static str) {
    if medium.node == Node::Disk
        && let Some(serial) = &medium.identity.serial
    {
        let others = all.iter().filter(|other| {
            other.node == Node::Disk && other.identity.serial.as_ref().is_some_and(|s| s.value == serial.value)
        });
        if serial.is_telling() && others.count() <= 1 {
            return (serial.value.clone(), "serial");
        }
    }
    (token(&medium.identity, boot), "token")
}

/// A token that is bound to this medium, this node, this attachment and this boot (disk sequence numbers begin anew with each).
pub(super) fn token(identity: &Identity, boot: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    // Debug output separates and quotes the fields, so no two identities run together.
    hasher.update(
        format!(
            "{:?}",
            (
                boot,
                &identity.kernel_name,
                identity.size_bytes,
                identity.offset_bytes,
                identity.disk_sequence,
                &identity.backing,
                &identity.model,
                &identity.serial,
                &identity.wwn
            )
        )
        .as_bytes(),
    );
    format!("ERASE-{}", &hasher.finalize().to_hex()[..8])
}

/// A token for a medium and the other devices of its drive, in any order.
pub(super) fn token_of_all<'a>(identities: impl Iterator<Item = &'a Identity>, boot: &str) -> String {
    let mut tokens: Vec<_> = identities.map(|identity| token(identity, boot)).collect();
    tokens.sort();
    format!("ERASE-ALL-{}", &blake3::hash(tokens.join(" ").as_bytes()).to_hex()[..8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{Serial, SerialSource, testing};

    fn with_serial(serial: Option<&str>) -> Medium {
        let mut medium = testing::medium(1 << 20);
        medium.identity.serial = serial.map(|value| Serial { value: value.into(), source: SerialSource::ScsiVpd80 });
        medium
    }

    #[test]
    fn the_serial_confirms_only_where_it_is_telling_and_unique() {
        let good = with_serial(Some("WD-1234"));
        assert_eq!(demanded(&good, std::slice::from_ref(&good), "b"), ("WD-1234".into(), "serial"));
        assert_eq!(demanded(&good, &[good.clone(), with_serial(Some("WD-1234"))], "b").1, "token");
        for poor in [None, Some("000000000000"), Some("A"), Some("12\u{e9}4567")] {
            let medium = with_serial(poor);
            assert_eq!(demanded(&medium, std::slice::from_ref(&medium), "b").1, "token", "{poor:?}");
        }
        let mut partition = with_serial(Some("WD-1234"));
        partition.node = Node::Partition;
        assert_eq!(demanded(&partition, std::slice::from_ref(&partition), "b").1, "token");
    }

    #[test]
    fn the_token_changes_with_what_it_is_bound_to() {
        let base = testing::medium(1 << 20).identity;
        let mut attached_anew = base.clone();
        attached_anew.disk_sequence = Some(8);
        let mut other_node = base.clone();
        other_node.kernel_name = "sdy".into();
        assert_ne!(token(&base, "b"), token(&attached_anew, "b"));
        assert_ne!(token(&base, "b"), token(&other_node, "b"));
        assert_ne!(token(&base, "b"), token(&base, "another boot"));
        assert_eq!(token(&base, "b"), token(&base.clone(), "b"));
    }
}
