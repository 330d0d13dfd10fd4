//! What a medium is found to be.

use crate::device::testtree::FakeTree;
use crate::media::{Bus, Node, Rotation, SerialSource, Zoned};
use crate::problem::Kind;

fn page(code: u8, body: &[u8]) -> Vec<u8> {
    [&[0, code, 0, u8::try_from(body.len()).unwrap()][..], body].concat()
}

const SATA: &str = "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0";
const USB: &str = "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0";

fn scsi(tree: &FakeTree, above: &str, name: &str, number: &str, vendor: &str, model: &str) -> String {
    let dir = tree.disk(above, name, number);
    tree.link(&format!("{dir}/device"), tree.at(&format!("sys/devices/{above}")));
    tree.put(&format!("sys/devices/{above}/vendor"), format!("{vendor:8}\n"));
    tree.put(&format!("sys/devices/{above}/model"), format!("{model:16}\n"));
    tree.put(&format!("sys/devices/{above}/rev"), "1.0 \n");
    dir
}

#[test]
fn a_sata_disk_with_partitions() {
    let tree = FakeTree::new();
    let dir = scsi(&tree, SATA, "sda", "8:0", "ATA", "ACME SSD 1TB");
    tree.partition(&dir, "sda1", "8:1", 1);
    tree.put(&format!("{dir}/queue/rotational"), "1\n");
    tree.put(&format!("sys/devices/{SATA}/vpd_pg80"), page(0x80, b"  S123  "));
    tree.put(&format!("sys/devices/{SATA}/wwid"), "naa.5000c50001020304\n");
    let disk = tree.medium("sda");
    assert_eq!(
        (disk.bus, disk.rotation, disk.zoned, disk.node),
        (Bus::Ata, Rotation::Rotational, Zoned::None, Node::Disk)
    );
    let id = &disk.identity;
    assert_eq!(
        (id.vendor.as_deref(), id.model.as_deref(), id.firmware.as_deref()),
        (None, Some("ACME SSD 1TB"), Some("1.0"))
    );
    let serial = id.serial.as_ref().unwrap();
    assert_eq!((serial.value.as_str(), serial.source), ("S123", SerialSource::AtaVpd));
    assert_eq!(id.wwn.as_deref(), Some("naa.5000c50001020304"));
    assert_eq!((id.size_bytes, id.logical_block_bytes, id.physical_block_bytes), (1 << 20, 512, 4096));
    assert_eq!((id.disk_sequence, id.device_number), (Some(7), (8, 0)));
    assert_eq!((disk.max_io_bytes, disk.optimal_io_bytes), (512 << 10, 65536));
    assert_eq!(disk.layers, []);
    assert_eq!(disk.uses, []);
    assert_eq!(
        (disk.partitions.len(), disk.partitions[0].first_byte, disk.partitions[0].size_bytes),
        (1, 256 << 10, 256 << 10)
    );
    let part = tree.medium("sda1");
    assert_eq!(
        (part.node, part.identity.offset_bytes, part.identity.size_bytes),
        (Node::Partition, 256 << 10, 256 << 10)
    );
    assert_eq!(part.identity.serial, disk.identity.serial);
    assert_eq!(part.partition_of.unwrap().disk_bytes, 1 << 20);
    let listed: Vec<_> = tree.inventory().media().unwrap().into_iter().map(|m| m.identity.kernel_name).collect();
    assert_eq!(listed, ["sda", "sda1"]);
}

#[test]
fn a_usb_stick_that_says_it_rotates_is_unknown_and_its_serial_is_the_descriptors() {
    let tree = FakeTree::new();
    let dir = scsi(&tree, USB, "sdb", "8:16", "Generic", "Flash Disk");
    tree.put(&format!("{dir}/queue/rotational"), "1\n");
    tree.put(&format!("{dir}/removable"), "1\n");
    tree.put("sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/idVendor", "abcd\n");
    tree.put("sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/serial", "00AA11\n");
    let stick = tree.medium("sdb");
    assert_eq!((stick.bus, stick.rotation, stick.removable), (Bus::Usb, Rotation::Unknown, true));
    let serial = stick.identity.serial.clone().unwrap();
    assert_eq!((serial.value.as_str(), serial.source), ("00AA11", SerialSource::UsbDescriptor));
    assert!(stick.wants_complement());
    for (rate, rotation) in
        [(1u16, Rotation::Flash), (5400, Rotation::Rotational), (0, Rotation::Unknown), (0xFFFF, Rotation::Unknown)]
    {
        tree.put(&format!("sys/devices/{USB}/vpd_pgb1"), page(0xB1, &rate.to_be_bytes()));
        assert_eq!(tree.medium("sdb").rotation, rotation, "{rate}");
    }
}

#[test]
fn nvme_mmc_sd_and_virtio() {
    let tree = FakeTree::new();
    let dir = tree.disk("pci0/nvme/nvme0", "nvme0n1", "259:0");
    tree.link(&format!("{dir}/device"), tree.at("sys/devices/pci0/nvme/nvme0"));
    for (name, value) in [("model", "ACME NVMe"), ("serial", "N1"), ("firmware_rev", "F2"), ("transport", "pcie")] {
        tree.put(&format!("sys/devices/pci0/nvme/nvme0/{name}"), value);
    }
    tree.put(&format!("{dir}/nguid"), "00000000-0000-0000-0000-000000000000\n");
    tree.put(&format!("{dir}/eui"), "00 25 38 01 02 03 04 05\n");
    let nvme = tree.medium("nvme0n1");
    assert_eq!((nvme.bus, nvme.rotation, nvme.layers.len()), (Bus::Nvme, Rotation::Flash, 0));
    assert_eq!(nvme.identity.serial.unwrap().source, SerialSource::NvmeIdentify);
    assert_eq!(nvme.identity.wwn.as_deref(), Some("eui.0025380102030405"));
    tree.put(&format!("{dir}/wwid"), "eui.1111111111111111\n");
    assert_eq!(tree.medium("nvme0n1").identity.wwn.as_deref(), Some("eui.1111111111111111"));
    tree.put("sys/devices/pci0/nvme/nvme0/transport", "tcp");
    assert_eq!(tree.medium("nvme0n1").layers[0].kind, "nvme-fabrics");

    for (name, number, kind, bus) in [("mmcblk0", "179:0", "MMC", Bus::Mmc), ("mmcblk1", "179:8", "SD", Bus::Sd)] {
        let dir = tree.disk("mmc_host", name, number);
        tree.put(&format!("{dir}/device/type"), kind);
        tree.put(&format!("{dir}/device/serial"), "0x1234");
        let card = tree.medium(name);
        assert_eq!((card.bus, card.rotation), (bus, Rotation::Flash));
        assert_eq!(card.identity.serial.clone().unwrap().source, SerialSource::MmcCid);
    }

    let dir = tree.disk("pci0/virtio1", "vda", "254:0");
    tree.put(&format!("{dir}/serial"), "disk-1");
    let vda = tree.medium("vda");
    assert_eq!((vda.bus, vda.rotation, vda.layers[0].kind.as_str()), (Bus::Virtio, Rotation::Unknown, "virtio"));
    assert_eq!(vda.identity.serial.unwrap().source, SerialSource::VirtioId);
}

#[test]
fn a_volume_of_a_raid_controller_has_a_layer_and_a_drive_passed_through_has_none() {
    let tree = FakeTree::new();
    let above = "pci0000:00/0000:01:00.0/host2/target2:0:0/2:0:0:0";
    scsi(&tree, above, "sdc", "8:32", "DELL", "PERC H730");
    assert_eq!(tree.medium("sdc").layers, []);
    tree.link("sys/devices/pci0000:00/0000:01:00.0/driver", "/sys/bus/pci/drivers/megaraid_sas");
    let volume = tree.medium("sdc");
    assert_eq!((volume.bus, volume.layers[0].kind.as_str()), (Bus::Scsi, "raid-controller"));
    assert!(volume.layers[0].detail.contains("megaraid_sas"));
    tree.put(&format!("sys/devices/{above}/raid_level"), "N/A\n");
    assert_eq!(tree.medium("sdc").layers, []);
    tree.put(&format!("sys/devices/{above}/raid_level"), "RAID 5\n");
    assert!(tree.medium("sdc").layers[0].detail.contains("RAID 5"));
}

#[test]
fn layers_are_followed_down_through_dm_md_and_loop() {
    let tree = FakeTree::new();
    let sda = scsi(&tree, SATA, "sda", "8:0", "ATA", "A");
    let md = tree.disk("virtual", "md0", "9:0");
    tree.put(&format!("{md}/md/level"), "raid1\n");
    tree.put(&format!("{md}/md/array_state"), "clean\n");
    let dm = tree.disk("virtual", "dm-0", "253:0");
    tree.put(&format!("{dm}/dm/name"), "vg-data\n");
    tree.put(&format!("{dm}/dm/uuid"), "LVM-aaaa\n");
    tree.stack(&sda, &md);
    tree.stack(&md, &dm);
    let top = tree.disk("virtual", "loop0", "7:0");
    tree.put(&format!("{top}/loop/backing_file"), tree.at("dev/dm-0").to_str().unwrap());
    let kinds = |name: &str| tree.medium(name).layers.into_iter().map(|l| l.kind).collect::<Vec<_>>();
    assert_eq!(kinds("loop0"), ["loop", "device-mapper", "md"]);
    assert_eq!(kinds("sda"), [""; 0]);
    let detail = tree.medium("dm-0").layers[0].detail.clone();
    assert!(detail.contains("vg-data") && detail.contains("LVM") && detail.contains("md0"), "{detail}");
    assert!(tree.medium("md0").layers[0].detail.contains("raid1"));
    tree.disk("virtual", "zram0", "252:0");
    tree.disk("virtual", "odd0", "250:0");
    assert_eq!((kinds("zram0"), kinds("odd0")), (vec!["zram".to_string()], vec!["unknown".to_string()]));
}

#[test]
fn zone_models_and_a_missing_one() {
    let tree = FakeTree::new();
    let dir = tree.disk(SATA, "sda", "8:0");
    for (text, zoned) in
        [("host-managed\n", Zoned::HostManaged), ("host-aware\n", Zoned::HostAware), ("odd\n", Zoned::Unknown)]
    {
        tree.put(&format!("{dir}/queue/zoned"), text);
        assert_eq!(tree.medium("sda").zoned, zoned);
    }
    std::fs::remove_file(tree.at(&format!("{dir}/queue/zoned"))).unwrap();
    assert_eq!(tree.medium("sda").zoned, Zoned::Unknown);
}

#[test]
fn paths_that_are_no_medium_are_told_apart() {
    use std::os::unix::ffi::OsStrExt;
    let tree = FakeTree::new();
    let dir = tree.disk(SATA, "sda", "8:0");
    tree.disk(SATA, "sdz", "65:144");
    tree.link("dev/by-id", tree.at("dev/sda"));
    let inventory = tree.inventory();
    assert_eq!(inventory.medium(&tree.at("dev/by-id")).unwrap().identity.path, tree.at("dev/sda").to_str().unwrap());
    let problem = |path: &std::path::Path| tree.inventory().medium(path).unwrap_err();
    let missing = problem(std::path::Path::new(std::ffi::OsStr::from_bytes(b"/no/\xff")));
    assert_eq!(missing.kind, Kind::Error);
    assert!(missing.what.contains("no such path"), "{missing}");
    tree.put("file", "x");
    assert_eq!(problem(&tree.at("file")).kind, Kind::Refused);
    assert_eq!(problem(&tree.at("dev")).kind, Kind::Refused);
    tree.node('c', "sg0", "21:0");
    assert_eq!(problem(&tree.at("dev/sg0")).kind, Kind::Error);
    tree.node('b', "stale", "8:99");
    assert!(problem(&tree.at("dev/stale")).what.contains("8:99"));
    tree.put(&format!("{dir}/size"), "0\n");
    let empty = problem(&tree.at("dev/sda"));
    assert_eq!(empty.kind, Kind::Error);
    assert!(empty.what.contains("empty"), "{empty}");
    let listed = tree.inventory().media().unwrap();
    assert_eq!(listed.iter().map(|m| m.identity.kernel_name.as_str()).collect::<Vec<_>>(), ["sdz"]);
}
