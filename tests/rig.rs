//! The test rig itself, held against dd and the kernel: a rig that sees nothing would let every other test pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;

use support::disk::{Disk, Image, Loop, Mount, Scratch, partition_table};
use support::ext4::Planted;
use support::faulty::{Faults, FaultyDisk};
use support::hold::{Holder, Swap};
use support::random::Dice;
use support::{MIB, SECTOR, attempt, openssl, run, wait_for};

#[test]
fn markers_are_counted_wherever_they_lie() {
    let scratch = Scratch::plain();
    let image = Image::filled(scratch.join("image"), 3 * MIB + 700);
    assert_eq!(image.count(b"MARKER"), 0);
    for offset in [0, 511, MIB - 3, 2 * MIB - 1, 3 * MIB + 694] {
        image.write_at(offset, b"MARKER");
    }
    assert_eq!(image.count(b"MARKER"), 5);
    image.write_at(100, b"MARKERMARKER");
    assert_eq!(image.count(b"MARKER"), 7);
}

#[test]
fn planted_files_can_be_read_and_dd_removes_them() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let planted = Planted::make(&scratch, "image", 32, 50);
    assert!(planted.sectors >= 32 * 1024);
    let device = Loop::attach(planted.image.path());
    {
        let mount = Mount::make("ext4", device.name(), &scratch.join("mnt"), "ro,noload");
        let text = std::fs::read_to_string(mount.path().join("personal-data-0.txt")).unwrap();
        assert!(text.starts_with(&planted.marker));
    }
    run("dd", &["if=/dev/zero", &format!("of={}", device.name()), "bs=1M", "count=32", "status=none", "oflag=direct"]);
    assert_eq!(planted.markers(), 0);
}

#[test]
fn loop_devices_partitions_and_mounts_are_gone_after_their_guards() {
    needs_root!();
    let (node, at, deleted_name);
    {
        let scratch = Scratch::with_room(16);
        let image = Image::filled(scratch.join("image"), 8 * MIB);
        let device = Loop::with(image.path(), &["-P"]);
        partition_table(&device, "label: dos\nstart=2048,size=4096\nstart=6144,size=2048\n");
        assert_eq!(
            run("blockdev", &["--getsize64", device.partition(1).to_str().unwrap()]),
            (4096 * SECTOR).to_string()
        );
        assert!(device.partition(2).exists());
        node = device.kernel_name().to_string();
        at = scratch.path().to_owned();
        assert!(run("losetup", &["-a"]).contains(at.to_str().unwrap()));
        // Where its filesystem is gone as well, the kernel shows no more of the path than the name: so one of this test's own.
        deleted_name = format!("deleted-{}", at.file_name().unwrap().to_str().unwrap());
        let deleted = Disk::filled(&scratch, &deleted_name, MIB);
        std::fs::remove_file(deleted.image.path()).unwrap();
    }
    assert!(!at.exists());
    // The kernel puts a detach off while anybody else has the node open.
    wait_for(&format!("{node} and the other to be detached"), 5, || {
        let attached = run("losetup", &["-a"]);
        !attached.contains(at.to_str().unwrap()) && !attached.contains(&deleted_name)
    });
    assert!(!std::fs::read_to_string("/proc/self/mountinfo").unwrap().contains(at.to_str().unwrap()));
}

#[test]
fn holders_hold_and_let_go() {
    needs_root!();
    let scratch = Scratch::with_room(32);
    let disk = Disk::over(Image::blank(scratch.join("image"), 16 * MIB));
    let opens_exclusively = || attempt("wipefs", &["--all", "--no-act", disk.node()]).status.success();
    assert!(opens_exclusively());
    {
        let holder = Holder::exclusive(disk.device.path());
        let link = std::fs::read_link(format!("/proc/{}/fd/0", holder.pid())).unwrap();
        assert_eq!(link, disk.device.path());
        let again = OpenOptions::new().read(true).open(disk.device.path());
        assert!(again.is_ok(), "a plain open is still possible");
        assert!(!attempt("mkfs.ext4", &["-q", disk.node()]).status.success(), "O_EXCL must keep mkfs out");
    }
    {
        let _swap = Swap::on(disk.device.path());
        assert!(std::fs::read_to_string("/proc/swaps").unwrap().contains(disk.node()));
    }
    run("mkfs.ext4", &["-q", disk.node()]);
    {
        let holder = Holder::mounted_elsewhere(disk.device.path(), &scratch.join("mnt"));
        let theirs = std::fs::read_to_string(format!("/proc/{}/mountinfo", holder.pid())).unwrap();
        let ours = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
        assert!(theirs.contains(disk.node()) && !ours.contains(disk.node()));
    }
    assert!(opens_exclusively());
}

#[test]
fn the_faulty_disk_fails_at_exactly_the_sectors_it_was_told() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let (bad, unreadable) = (5 * SECTOR..7 * SECTOR, 9 * SECTOR..10 * SECTOR);
    let faults = Faults { write_fails: vec![bad.clone()], read_fails: vec![unreadable.clone()], ..Faults::default() };
    let disk = FaultyDisk::make(&scratch, "faulty", 2 * MIB, faults);
    let dd = |words: &[&str]| {
        let mut all = vec!["bs=512", "count=1", "status=none"];
        all.extend_from_slice(words);
        attempt("dd", &all).status.success()
    };
    let (to, from) = (format!("of={}", disk.node()), format!("if={}", disk.node()));
    let write = |sector: &u64| dd(&["if=/dev/zero", &to, "oflag=direct", &format!("seek={sector}")]);
    let read = |sector: &u64| dd(&[&from, "of=/dev/null", "iflag=direct", &format!("skip={sector}")]);
    let written: Vec<u64> = (0..16).filter(write).collect();
    assert_eq!(written, (0..16).filter(|s| ![5, 6].contains(s)).collect::<Vec<u64>>());
    let read: Vec<u64> = (0..16).filter(read).collect();
    assert_eq!(read, (0..16).filter(|s| *s != 9).collect::<Vec<u64>>());
    let content = disk.content();
    for sector in 0..16 {
        let expected = if [5, 6].contains(&sector) { Image::UNTOUCHED } else { 0 };
        assert_eq!(content[(sector * SECTOR) as usize], expected, "sector {sector}");
    }
    assert_eq!(disk.written(), 14 * SECTOR);

    let large = attempt("dd", &["if=/dev/zero", &to, "bs=1M", "count=2", "oflag=direct", "status=none"]);
    assert!(!large.status.success(), "a large write over a bad sector must fail");
}

#[test]
fn the_faulty_disk_lies_and_dies_when_told() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let disk = FaultyDisk::make(&scratch, "faulty", 2 * MIB, Faults::default());
    disk.set_faults(Faults { flips: vec![1000], drops: vec![2000..2001, 3000..3001], ..Faults::default() });
    run("dd", &["if=/dev/zero", &format!("of={}", disk.node()), "bs=1M", "count=1", "oflag=direct", "status=none"]);
    let copy = scratch.join("copy");
    run("dd", &[&format!("if={}", disk.node()), &format!("of={}", copy.display()), "bs=1M", "count=1", "iflag=direct"]);
    let read = std::fs::read(&copy).unwrap();
    let other: Vec<usize> = (0..MIB as usize).filter(|at| read[*at] != 0).collect();
    assert_eq!(other, [1000, 2000, 3000]);
    assert_eq!((read[1000], read[2000], read[3000]), (0xff, Image::UNTOUCHED, Image::UNTOUCHED));
    disk.set_faults(Faults { dies_after: Some(0), ..Faults::default() });
    let dead = attempt("dd", &[&format!("if={}", disk.node()), "of=/dev/null", "bs=512", "count=1", "iflag=direct"]);
    assert!(!dead.status.success());
}

#[test]
fn openssl_regenerates_the_stream_from_any_offset() {
    // At counter 0 under the zero key the keystream starts with AES-128(0, 0), a published test value.
    let key = "00000000000000000000000000000000";
    let start = openssl::keystream(key, 0, 64);
    assert_eq!(support::hex(&start[..16]), "66e94bd4ef8a2c3b884cfa59ca342b2e");
    assert_eq!(openssl::keystream(key, 32, 16), start[32..48]);
}

#[test]
fn a_seed_repeats_its_draws() {
    let (mut one, mut two) = (Dice::seeded(7), Dice::seeded(7));
    for _ in 0..1000 {
        let moment = one.between(0.05, 0.9);
        assert_eq!(moment, two.between(0.05, 0.9));
        assert!((0.05..0.9).contains(&moment));
    }
    assert_ne!(Dice::seeded(8).draw(), Dice::seeded(7).draw());
}

#[test]
fn an_image_tells_a_changed_byte() {
    let scratch = Scratch::plain();
    let image = Image::filled(scratch.join("image"), 4096);
    let before = image.digest();
    image.flip(4095);
    assert_ne!(image.digest(), before);
    let file = std::fs::File::open(image.path()).unwrap();
    let mut last = [0];
    file.read_exact_at(&mut last, 4095).unwrap();
    assert_eq!(last, [!Image::UNTOUCHED]);
}
