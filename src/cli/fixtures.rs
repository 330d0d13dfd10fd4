//! Media and plans for the tests of this floor.

use crate::job::{OverwriteChoice, Plan, PlannedPass, Request, Rung};
use crate::media::{
    Bus, Identity, Medium, Method, Node, PartitionOf, Rotation, Serial, SerialSource, TechniqueId, VerifyKind, Zoned,
};
use crate::outcome::Claim;
use crate::pattern::Pattern;

/// A disk of 1 MiB with a serial.
pub fn disk(kernel_name: &str, device_number: (u32, u32)) -> Medium {
    Medium {
        identity: Identity {
            path: format!("/dev/{kernel_name}"),
            kernel_name: kernel_name.into(),
            device_number,
            vendor: Some("Vendor".into()),
            model: Some("Stick 3000".into()),
            firmware: None,
            serial: Some(Serial { value: format!("S-{kernel_name}"), source: SerialSource::UsbDescriptor }),
            wwn: None,
            size_bytes: 1 << 20,
            offset_bytes: 0,
            logical_block_bytes: 512,
            physical_block_bytes: 4096,
            disk_sequence: Some(7),
            backing: None,
        },
        node: Node::Disk,
        bus: Bus::Usb,
        rotation: Rotation::Unknown,
        removable: true,
        read_only: false,
        zoned: Zoned::None,
        partitions: vec![],
        partition_of: None,
        layers: vec![],
        signatures: Some(vec![]),
        other_paths: vec![],
        siblings: Some(vec![]),
        capabilities: None,
        uses: vec![],
        max_io_bytes: 1 << 20,
        optimal_io_bytes: 0,
    }
}

/// A partition of such a disk.
pub fn partition(disk_name: &str, number: u32, device_number: (u32, u32), first_byte: u64, bytes: u64) -> Medium {
    let mut medium = disk(&format!("{disk_name}{number}"), device_number);
    medium.node = Node::Partition;
    medium.identity.offset_bytes = first_byte;
    medium.identity.size_bytes = bytes;
    medium.partition_of = Some(PartitionOf { path: format!("/dev/{disk_name}"), number, disk_bytes: 1 << 20 });
    medium
}

/// A plan for it that goes ahead: one pass of zeros.
pub fn plan(medium: Medium) -> Plan {
    let confirm = medium.identity.serial.as_ref().map(|s| s.value.clone()).unwrap_or_default();
    Plan {
        medium,
        method: Method::Clear,
        technique: Some(TechniqueId::Overwrite),
        erase: None,
        siblings: vec![],
        rungs: vec![Rung {
            technique: TechniqueId::Overwrite,
            taken: true,
            reason: "one pass".into(),
            editions: "counts as Clear".into(),
        }],
        passes: vec![PlannedPass { number: 1, name: "zeros".into(), pattern: Pattern::zeros() }],
        scheme: None,
        verify: VerifyKind::Full,
        estimated_milliseconds: 12_000,
        assumed_bytes_per_second: 30 << 20,
        claim: Claim::Clear,
        statement: "Clear of a whole medium.".into(),
        confirm,
        confirm_kind: "serial".into(),
        refusals: vec![],
        warnings: vec!["hidden areas were not examined".into()],
        swap: None,
        request: Request {
            method: Method::Clear,
            technique: None,
            overwrite: OverwriteChoice::Byte(0),
            attest_encryption: false,
            verify: None,
            max_rate: None,
            operator: None,
            instruction: None,
            property: None,
            case: None,
        },
    }
}
