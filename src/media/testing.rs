//! Media for unit tests.

use super::{Bus, Identity, Medium, Node, Rotation, Serial, SerialSource, Zoned};

/// A native SATA disk with serial and WWN.
pub fn medium(bytes: u64) -> Medium {
    Medium {
        identity: Identity {
            path: "/dev/sdx".into(),
            kernel_name: "sdx".into(),
            device_number: (8, 368),
            vendor: Some("ATA".into()),
            model: Some("TESTDISK 1".into()),
            firmware: Some("0001".into()),
            serial: Some(Serial { value: "SERIAL-0001".into(), source: SerialSource::AtaVpd }),
            wwn: Some("naa.5000000000000001".into()),
            size_bytes: bytes,
            offset_bytes: 0,
            logical_block_bytes: 512,
            physical_block_bytes: 4096,
            disk_sequence: Some(7),
            backing: None,
        },
        node: Node::Disk,
        bus: Bus::Ata,
        rotation: Rotation::Rotational,
        removable: false,
        read_only: false,
        zoned: Zoned::None,
        partitions: Vec::new(),
        partition_of: None,
        layers: Vec::new(),
        signatures: Some(Vec::new()),
        other_paths: Vec::new(),
        siblings: Some(Vec::new()),
        capabilities: None,
        uses: Vec::new(),
        max_io_bytes: 0,
        optimal_io_bytes: 0,
    }
}
