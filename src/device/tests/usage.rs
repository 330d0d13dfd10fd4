//! For each way of being in use: free before, in use after, so that a detection that is gone fails its test.

use crate::device::testtree::FakeTree;
use crate::media::UseKind;

const SATA: &str = "pci0000:00/ata1/host0/target0:0:0/0:0:0:0";

/// A disk `sda` with partitions `sda1` and `sda2`, and a disk `sdb`, nothing in use.
fn machine() -> (FakeTree, String) {
    let tree = FakeTree::new();
    let sda = tree.disk(SATA, "sda", "8:0");
    tree.partition(&sda, "sda1", "8:1", 1);
    tree.partition(&sda, "sda2", "8:2", 2);
    tree.disk("pci0000:00/ata2/host1/target1:0:0/1:0:0:0", "sdb", "8:16");
    for name in ["sda", "sda1", "sda2", "sdb"] {
        assert_eq!(tree.medium(name).uses, [], "{name}");
    }
    (tree, sda)
}

fn only(tree: &FakeTree, name: &str, kind: UseKind) -> String {
    let uses = tree.medium(name).uses;
    let [one] = &uses[..] else { panic!("{name}: {uses:?}") };
    assert_eq!(one.kind, kind);
    assert!(!one.release.is_empty());
    one.holder.clone()
}

const BTRFS_UUID: &str = "01010101-0101-0101-0101-010101010101";

fn btrfs(tree: &FakeTree, name: &str) {
    tree.write(name, 65536 + 64, b"_BHRfS_M");
    tree.write(name, 65536 + 32, &[1; 16]);
}

#[test]
fn a_mount_is_seen_on_the_partition_and_its_disk_but_not_on_its_sibling() {
    let (tree, _) = machine();
    tree.mounts("1 0 0:1 / / rw - tmpfs tmpfs rw\n2 1 8:1 /sub /mnt/a\\040b rw - ext4 /dev/sda1 rw\n");
    assert_eq!(only(&tree, "sda1", UseKind::Mounted), "mounted on '/mnt/a b' (ext4, its directory /sub)");
    let related = only(&tree, "sda", UseKind::Related);
    assert!(related.contains("sda1: mounted on '/mnt/a b'"), "{related}");
    assert_eq!(tree.medium("sda2").uses, []);
}

#[test]
fn a_mounted_disk_is_a_use_of_its_partitions() {
    let (tree, _) = machine();
    tree.mounts("2 1 8:0 / /mnt rw - iso9660 /dev/sda ro\n");
    only(&tree, "sda", UseKind::Mounted);
    assert!(only(&tree, "sda2", UseKind::Related).contains("disk"));
}

#[test]
fn an_overlapping_partition_in_use_is_related() {
    let (tree, sda) = machine();
    tree.partition(&sda, "sda5", "8:5", 1);
    tree.mounts("2 1 8:5 / /mnt rw - ext4 /dev/sda5 rw\n");
    assert!(only(&tree, "sda1", UseKind::Related).contains("overlapping partition"));
}

#[test]
fn a_mount_in_another_namespace_names_the_process() {
    let (tree, _) = machine();
    tree.process(77, "sandbox", "mnt:[2]", "2 1 8:16 / /private rw - xfs /dev/sdb rw\n");
    tree.process(78, "other", "mnt:[2]", "2 1 8:16 / /private rw - xfs /dev/sdb rw\n");
    let holder = only(&tree, "sdb", UseKind::Mounted);
    assert_eq!(holder, "mounted on /private (xfs) in the mount namespace of process 'sandbox' (pid 77)");
}

#[test]
fn a_thread_may_have_a_namespace_of_its_own() {
    let (tree, _) = machine();
    tree.process(77, "sandbox", "mnt:[1]", "");
    tree.link("proc/77/task/79/ns/mnt", "mnt:[3]");
    tree.put("proc/77/task/79/mountinfo", "2 1 8:16 / /private rw - xfs /dev/sdb rw\n");
    only(&tree, "sdb", UseKind::Mounted);
}

#[test]
fn an_anonymous_filesystem_is_found_by_its_sources() {
    let (tree, _) = machine();
    tree.mounts("2 1 0:50 / /mnt rw - bcachefs /dev/sda2:/dev/sdb rw\n");
    only(&tree, "sda2", UseKind::Mounted);
    only(&tree, "sdb", UseKind::Mounted);
}

#[test]
fn swap() {
    let (tree, _) = machine();
    tree.put("proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n");
    only(&tree, "sda2", UseKind::Swap);
    only(&tree, "sda", UseKind::Related);
}

#[test]
fn holders_are_named_as_their_makers_name_them() {
    for (dm_uuid, release) in [
        ("LVM-x", "lvchange"),
        ("CRYPT-LUKS2-00000000000000000000000000000000-x", "cryptsetup close"),
        ("mpath-3600", "multipath -f"),
        ("x", "dmsetup remove"),
    ] {
        let (tree, sda) = machine();
        let dm = tree.disk("virtual", "dm-0", "253:0");
        tree.put(&format!("{dm}/dm/name"), "thing\n");
        tree.put(&format!("{dm}/dm/uuid"), format!("{dm_uuid}\n"));
        tree.stack(&format!("{sda}/sda1"), &dm);
        let holder = only(&tree, "sda1", UseKind::Holder);
        assert!(holder.contains("dm-0 (thing)"), "{holder}");
        assert!(tree.medium("sda1").uses[0].release.contains(release));
        only(&tree, "sda", UseKind::Related);
        assert_eq!(tree.medium("sda2").uses, []);
    }
    for (name, release) in [("md0", "mdadm --stop"), ("bcache0", "bcache/stop")] {
        let (tree, sda) = machine();
        let top = tree.disk("virtual", name, "9:0");
        tree.stack(&sda, &top);
        assert!(only(&tree, "sda", UseKind::Holder).contains(name));
        assert!(tree.medium("sda").uses[0].release.contains(release));
    }
}

#[test]
fn every_device_of_a_mounted_btrfs_is_a_member() {
    // By the kernel's list.
    let (tree, _) = machine();
    tree.link(&format!("sys/fs/btrfs/{BTRFS_UUID}/devices/sdb"), tree.at("sys/class/block/sdb"));
    assert!(only(&tree, "sdb", UseKind::Member).contains(BTRFS_UUID));
    // By its superblock, where the kernel's list does not name it.
    let (tree, _) = machine();
    btrfs(&tree, "sdb");
    assert_eq!(tree.medium("sdb").uses, []);
    std::fs::create_dir_all(tree.at(&format!("sys/fs/btrfs/{BTRFS_UUID}/devices"))).unwrap();
    assert!(only(&tree, "sdb", UseKind::Member).contains(BTRFS_UUID));
    // By another device that is mounted, without the kernel's list.
    let (tree, _) = machine();
    btrfs(&tree, "sdb");
    btrfs(&tree, "sda2");
    tree.mounts("2 1 0:50 / /mnt rw - btrfs /dev/sda2 rw\n");
    assert!(only(&tree, "sdb", UseKind::Member).contains(BTRFS_UUID));
}

const LUKS_UUID: &str = "11111111-2222-3333-4444-555555555555";

#[test]
fn a_luks_header_alone_is_information_and_an_open_one_is_a_use() {
    let (tree, _) = machine();
    tree.write("sdb", 0, b"LUKS\xba\xbe\0\x02");
    tree.write("sdb", 168, LUKS_UUID.as_bytes());
    let medium = tree.medium("sdb");
    assert_eq!(medium.uses, []);
    assert_eq!(medium.signatures.unwrap()[0].kind, "luks");
    let dm = tree.disk("virtual", "dm-0", "253:0");
    tree.put(&format!("{dm}/dm/name"), "secret");
    tree.put(&format!("{dm}/dm/uuid"), format!("CRYPT-LUKS2-{}-secret", LUKS_UUID.replace('1', "9").replace('-', "")));
    assert_eq!(tree.medium("sdb").uses, []);
    tree.put(&format!("{dm}/dm/uuid"), format!("CRYPT-LUKS2-{}-secret", LUKS_UUID.replace('-', "")));
    assert!(only(&tree, "sdb", UseKind::Member).contains("secret"));
}

#[test]
fn an_lvm_member_is_a_use_only_where_its_group_is_active() {
    let group = "abcdefghijklmnopqrstuvwxyz012345";
    let (tree, _) = machine();
    let mut label = vec![0; 512];
    label[..8].copy_from_slice(b"LABELONE");
    label[20..24].copy_from_slice(&32u32.to_le_bytes());
    label[24..32].copy_from_slice(b"LVM2 001");
    label[32..64].copy_from_slice(&[b'P'; 32]);
    label[88..96].copy_from_slice(&4096u64.to_le_bytes());
    label[96..104].copy_from_slice(&65536u64.to_le_bytes());
    tree.write("sdb", 512, &label);
    let active = |uuid: &str| {
        let dm = "sys/devices/virtual/block/dm-0";
        if !tree.at(dm).exists() {
            tree.disk("virtual", "dm-0", "253:0");
        }
        tree.put(&format!("{dm}/dm/name"), "vg-lv");
        tree.put(&format!("{dm}/dm/uuid"), format!("LVM-{uuid}{}", "L".repeat(32)));
    };
    // The group can't be read, and no group is active: information only.
    assert_eq!(tree.medium("sdb").uses, []);
    active(&"z".repeat(32));
    // A group is active, and this one's is not known.
    assert!(only(&tree, "sdb", UseKind::Member).contains("perhaps"));
    let text = format!("vg {{\nid = \"{}-{}\"\n", &group[..6], &group[6..]);
    let mut area = vec![0; 1024];
    area[4..20].copy_from_slice(b" LVM2 x[5A%r0N*>");
    area[40..48].copy_from_slice(&512u64.to_le_bytes());
    area[48..56].copy_from_slice(&(text.len() as u64).to_le_bytes());
    area[512..512 + text.len()].copy_from_slice(text.as_bytes());
    tree.write("sdb", 4096, &area);
    // Data areas end, then the metadata area.
    label[72..88].fill(0);
    tree.write("sdb", 512, &label);
    assert_eq!(tree.medium("sdb").uses, []);
    active(group);
    assert!(only(&tree, "sdb", UseKind::Member).contains(group));
}

#[test]
fn an_md_member_is_a_use_only_where_its_array_is_active_or_may_be() {
    let (tree, _) = machine();
    tree.write("sdb", 4096, &[0xfc, 0x4e, 0x2b, 0xa9, 1]);
    tree.write("sdb", 4096 + 16, &[1; 16]);
    assert_eq!(tree.medium("sdb").uses, []);
    let md = tree.disk("virtual", "md0", "9:0");
    tree.put(&format!("{md}/md/array_state"), "clear\n");
    assert_eq!(tree.medium("sdb").uses, []);
    tree.put(&format!("{md}/md/array_state"), "clean\n");
    assert!(only(&tree, "sdb", UseKind::Member).contains("perhaps"));
    tree.put(&format!("{md}/md/uuid"), "02020202-0202-0202-0202-020202020202\n");
    assert_eq!(tree.medium("sdb").uses, []);
    tree.put(&format!("{md}/md/uuid"), "01010101-0101-0101-0101-010101010101\n");
    assert!(only(&tree, "sdb", UseKind::Member).contains("md0"));
}

#[test]
fn zfs_and_bcache_members() {
    let (tree, _) = machine();
    tree.write("sdb", 16 << 10, &[1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(tree.medium("sdb").uses, []);
    std::fs::create_dir_all(tree.at("sys/module/zfs")).unwrap();
    assert!(only(&tree, "sdb", UseKind::Member).contains("ZFS"));

    let (tree, _) = machine();
    let magic = [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81];
    tree.write("sdb", 4096 + 24, &magic);
    tree.write("sdb", 4096 + 56, &[1; 16]);
    assert_eq!(tree.medium("sdb").uses, []);
    std::fs::create_dir_all(tree.at(&format!("sys/fs/bcache/{BTRFS_UUID}"))).unwrap();
    assert!(only(&tree, "sdb", UseKind::Member).contains("bcache"));
}

#[test]
fn loop_and_zram_backings() {
    let (tree, _) = machine();
    let top = tree.disk("virtual", "loop0", "7:0");
    tree.put(&format!("{top}/loop/backing_file"), format!("{}\n", tree.at("dev/sdb").display()));
    assert!(only(&tree, "sdb", UseKind::LoopBacking).contains("loop0"));
    let zram = tree.disk("virtual", "zram0", "252:0");
    tree.put(&format!("{zram}/backing_dev"), "none\n");
    assert_eq!(tree.medium("sda2").uses, []);
    tree.put(&format!("{zram}/backing_dev"), "/dev/sda2\n");
    assert!(only(&tree, "sda2", UseKind::ZramBacking).contains("zram0"));
}

#[test]
fn the_root_chain_is_followed_down_to_the_disks() {
    let (tree, sda) = machine();
    let md = tree.disk("virtual", "md0", "9:0");
    let dm = tree.disk("virtual", "dm-0", "253:0");
    tree.stack(&format!("{sda}/sda1"), &md);
    tree.stack(&md, &dm);
    tree.mounts("1 0 253:0 / / rw - ext4 /dev/mapper/root rw\n");
    for name in ["dm-0", "md0", "sda1", "sda"] {
        assert_eq!(tree.holders(name, UseKind::Root).len(), 1, "{name}");
    }
    assert_eq!(tree.medium("sda2").uses, []);
    assert_eq!(tree.medium("sdb").uses, []);
}

#[test]
fn every_device_of_a_btrfs_root_carries_it() {
    let (tree, _) = machine();
    tree.mounts("1 0 0:50 / / rw - btrfs /dev/sda1 rw\n");
    tree.link(&format!("sys/fs/btrfs/{BTRFS_UUID}/devices/sda1"), tree.at("sys/class/block/sda1"));
    tree.link(&format!("sys/fs/btrfs/{BTRFS_UUID}/devices/sdb"), tree.at("sys/class/block/sdb"));
    for name in ["sda", "sda1", "sdb"] {
        assert_eq!(tree.holders(name, UseKind::Root).len(), 1, "{name}");
    }
}

#[test]
fn the_same_unit_by_another_path() {
    let (tree, sda) = machine();
    tree.put(&format!("{sda}/device/wwid"), "naa.1\n");
    tree.put("sys/devices/pci0000:00/ata2/host1/target1:0:0/1:0:0:0/block/sdb/device/wwid", "naa.2\n");
    assert_eq!(tree.medium("sdb").uses, []);
    tree.put("sys/devices/pci0000:00/ata2/host1/target1:0:0/1:0:0:0/block/sdb/device/wwid", "naa.1\n");
    assert!(only(&tree, "sdb", UseKind::OtherPath).contains("sda"));
    assert!(only(&tree, "sda1", UseKind::OtherPath).contains("sdb"));
    assert_eq!(tree.medium("sda").other_paths, [tree.at("dev/sdb").to_str().unwrap()]);
}

#[test]
fn two_loops_on_one_file_are_two_paths_where_they_overlap() {
    let (tree, _) = machine();
    tree.put("image", "x");
    tree.link("second-name", tree.at("image"));
    for (name, number, file, offset) in [("loop0", "7:0", "image", 0), ("loop1", "7:1", "second-name", 4096)] {
        let dir = tree.disk("virtual", name, number);
        tree.put(&format!("{dir}/loop/backing_file"), tree.at(file).to_str().unwrap());
        tree.put(&format!("{dir}/loop/offset"), format!("{offset}\n"));
    }
    assert!(only(&tree, "loop0", UseKind::OtherPath).contains("loop1"));
    tree.put("sys/devices/virtual/block/loop1/loop/offset", format!("{}\n", 1 << 20));
    assert_eq!(tree.medium("loop0").uses, []);
}

#[test]
fn open_and_mapped_in_a_process_directly_or_by_a_generic_node() {
    let (tree, sda) = machine();
    tree.process(90, "dd", "mnt:[1]", "");
    tree.link("proc/90/fd/3", tree.at("dev/sdb"));
    tree.link("proc/90/fd/4", "socket:[1]");
    tree.link("proc/90/fd/5", "/gone meanwhile");
    let holder = only(&tree, "sdb", UseKind::Open);
    assert!(holder.contains("sdb is open in process 'dd' (pid 90)"), "{holder}");

    tree.put(&format!("{sda}/device/scsi_generic/sg0/dev"), "21:0\n");
    tree.node('c', "sg0", "21:0");
    assert_eq!(tree.medium("sda").uses, []);
    tree.link("proc/90/fd/6", tree.at("dev/sg0"));
    assert!(only(&tree, "sda", UseKind::Open).contains("sg0"));

    let (tree, _) = machine();
    tree.process(91, "db", "mnt:[1]", "");
    tree.put(
        "proc/91/maps",
        format!(
            "00400000-00401000 rw-s 00000000 00:06 99 {}\n7f00-7f01 r--p 0 00:00 0 [heap]\n",
            tree.at("dev/sdb").display()
        ),
    );
    assert!(only(&tree, "sdb", UseKind::Open).contains("mapped in process 'db'"));

    // Another run of this program, that reads, is told apart from one that writes.
    let (tree, _) = machine();
    tree.process(92, "radera", "mnt:[1]", "");
    tree.link("proc/92/fd/3", tree.at("dev/sdb"));
    assert!(only(&tree, "sdb", UseKind::Open).contains("'radera' (pid 92)"));
    for (flags, kind) in [("0140000", UseKind::Examined), ("0140002", UseKind::Open), ("x", UseKind::Open)] {
        tree.put("proc/92/fdinfo/3", format!("pos:\t0\nflags:\t{flags}\nmnt_id:\t5\n"));
        assert!(only(&tree, "sdb", kind).contains("'radera' (pid 92)"));
    }
    tree.put("proc/92/comm", "dd\n");
    tree.put("proc/92/fdinfo/3", "flags:\t0140000\n");
    only(&tree, "sdb", UseKind::Open);

    // Our own descriptors are no use.
    let (tree, _) = machine();
    tree.link("proc/4242/fd/3", tree.at("dev/sdb"));
    assert_eq!(tree.medium("sdb").uses, []);
}

#[test]
fn nvme_generic_nodes_count_too() {
    let tree = FakeTree::new();
    let dir = tree.disk("pci0/nvme/nvme0", "nvme0n1", "259:0");
    let generic = dir.replace("nvme0n1", "ng0n1");
    tree.put(&format!("{generic}/dev"), "244:0\n");
    tree.node('c', "ng0n1", "244:0");
    tree.process(90, "nvme", "mnt:[1]", "");
    assert_eq!(tree.medium("nvme0n1").uses, []);
    tree.link("proc/90/fd/3", tree.at("dev/ng0n1"));
    assert!(only(&tree, "nvme0n1", UseKind::Open).contains("ng0n1"));
}

#[test]
fn what_cannot_be_read_counts_as_in_use() {
    let unknown = |tree: &FakeTree, word: &str| {
        let holder = only(tree, "sdb", UseKind::Unknown);
        assert!(holder.contains(word), "{holder}");
    };
    let (tree, _) = machine();
    tree.mounts("garbage\n");
    unknown(&tree, "mounts");
    let (tree, _) = machine();
    tree.process(90, "x", "mnt:[9]", "garbage\n");
    unknown(&tree, "proc/90/mountinfo");
    let (tree, _) = machine();
    tree.put("proc/swaps", "garbage\n");
    unknown(&tree, "swaps");
    let (tree, _) = machine();
    tree.put("proc/swaps", "Filename Type Size Used Priority\n/dev/nowhere partition 1 0 -2\n");
    unknown(&tree, "/dev/nowhere");
    let (tree, sda) = machine();
    tree.put(&format!("{sda}/sda2/dev"), "junk\n");
    unknown(&tree, "sda2");
    let (tree, _) = machine();
    std::fs::remove_file(tree.at("dev/sdb")).unwrap();
    let uses = || tree.inventory().media().unwrap().pop().unwrap().uses;
    assert_eq!(uses(), [], "no set is active here that it could belong to");
    std::fs::create_dir_all(tree.at("sys/module/zfs")).unwrap();
    let uses = uses();
    assert!(uses[0].kind == UseKind::Unknown && uses[0].holder.contains("sdb holds can't be read"), "{uses:?}");
    let (tree, _) = machine();
    let top = tree.disk("virtual", "loop0", "7:0");
    tree.put(&format!("{top}/loop/backing_file"), "/dev/elsewhere\n");
    unknown(&tree, "/dev/elsewhere");
    let (tree, _) = machine();
    // A link to itself: neither readable nor missing.
    let nodes = tree.at("sys/class/block/sdb").canonicalize().unwrap().join("device/bsg");
    std::fs::create_dir_all(nodes.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("bsg", &nodes).unwrap();
    unknown(&tree, "pass-through nodes of sdb");
    // A directory where a file should be: neither readable nor missing.
    let (tree, _) = machine();
    tree.process(90, "odd", "mnt:[1]", "");
    std::fs::remove_file(tree.at("proc/90/maps")).unwrap();
    std::fs::create_dir(tree.at("proc/90/maps")).unwrap();
    unknown(&tree, "'odd' (pid 90)");
}

#[test]
fn processes_that_vanish_are_no_obstacle() {
    let (tree, _) = machine();
    std::fs::create_dir_all(tree.at("proc/91")).unwrap();
    tree.link("proc/92/ns/mnt", "mnt:[7]");
    assert_eq!(tree.medium("sdb").uses, []);
    // The mounts of the namespace that the last one was in are shown by another.
    tree.process(93, "sandbox", "mnt:[7]", "2 1 8:16 / /private rw - xfs /dev/sdb rw\n");
    assert!(only(&tree, "sdb", UseKind::Mounted).contains("pid 93"));
}

#[test]
fn a_first_process_that_root_may_not_look_into_is_a_blind_spot_and_any_other_a_use() {
    let (tree, _) = machine();
    tree.process(1, "init", "mnt:[1]", "");
    assert_eq!(tree.inventory().blind_spots(), [""; 0]);
    std::fs::remove_file(tree.at("proc/1/maps")).unwrap();
    std::fs::create_dir(tree.at("proc/1/maps")).unwrap();
    if crate::sys::node::is_superuser() {
        assert_eq!(tree.medium("sdb").uses, []);
        assert!(tree.inventory().blind_spots()[0].contains("'init' (pid 1)"));
    } else {
        assert!(only(&tree, "sdb", UseKind::Unknown).contains("'init' (pid 1)"));
    }
}
