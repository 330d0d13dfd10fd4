//! Attributes that a hostile or broken device could show.

use proptest::prelude::*;

use crate::device::testtree::FakeTree;

const ATTRIBUTES: [&str; 12] = [
    "device/vendor",
    "device/model",
    "device/rev",
    "device/vpd_pg80",
    "device/vpd_pg83",
    "device/vpd_pg89",
    "device/wwid",
    "diskseq",
    "queue/logical_block_size",
    "queue/max_sectors_kb",
    "removable",
    "holders/x",
];

fn described(content: &[u8]) {
    let tree = FakeTree::new();
    let dir = tree.disk("pci0/ata1/host0/target0:0:0/0:0:0:0", "sda", "8:0");
    for attribute in ATTRIBUTES {
        tree.put(&format!("{dir}/{attribute}"), content);
    }
    tree.write("sda", 0, &content[..content.len().min(1 << 20)]);
    let medium = tree.medium("sda");
    let text = serde_json::to_string(&medium.identity).unwrap();
    assert!(!text.contains("\\u00") && text.is_ascii(), "{text}");
    assert!(medium.identity.logical_block_bytes.is_power_of_two());
    assert!(medium.uses.iter().any(|u| u.holder.contains("/x")));
}

#[test]
fn junk_is_shown_printable_and_nothing_panics() {
    described(b"");
    described(b"no newline");
    described(b"\xff\xfe\x00\x1b[31m\n");
    described(&vec![b'A'; 1 << 20]);
    described(&[0xFF; 4096]);
}

#[test]
fn sizes_that_overflow_make_the_device_unreadable_not_huge() {
    let tree = FakeTree::new();
    let dir = tree.disk("pci0/ata1/host0/target0:0:0/0:0:0:0", "sda", "8:0");
    tree.disk("pci0/ata2/host0/target0:0:0/0:0:0:0", "sdb", "8:16");
    tree.put(&format!("{dir}/size"), format!("{}\n", u64::MAX));
    let media = tree.inventory().media().unwrap();
    assert_eq!(media.len(), 1);
    assert!(media[0].uses.iter().any(|u| u.holder.contains("sda lacks a readable")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_attributes_are_described(content in prop::collection::vec(any::<u8>(), 0..600)) {
        described(&content);
    }
}
