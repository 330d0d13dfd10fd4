//! Every way to be in use that this machine's kernel can make: refused with exit 3, the holder named, not a byte changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use std::path::Path;

use support::disk::{Disk, Image, Loop, Mount, ReadOnly, Scratch, partition_table};
use support::hold::{Holder, Swap};
use support::radera::Radera;
use support::{MIB, run};

/// `plan` and `wipe` refuse `target`, name the holder by one of `names`, and change no byte of `images`.
fn assert_refused(radera: &Radera, target: &str, names: &[&str], images: &[&Image]) {
    let before: Vec<String> = images.iter().map(|i| i.digest()).collect();
    let plan = radera.run(&["plan", target, "--method", "clear"]);
    let token = plan.find("confirm").unwrap_or_else(|| "none".into());
    let wipe =
        radera.run(&["wipe", target, "--method", "clear", "--confirm", &token, "--out", radera.out.to_str().unwrap()]);
    let after: Vec<String> = images.iter().map(|i| i.digest()).collect();
    assert_eq!(before, after, "{target} was changed");
    for ended in [plan, wipe] {
        assert_eq!(ended.code(), 3, "{ended:?}");
        let said = ended.said();
        assert!(names.iter().any(|name| said.contains(name)), "none of {names:?} is named: {ended:?}");
    }
    assert_eq!(radera.records().len(), 0, "a refusal issues no record");
}

/// Free before, so that what is refused below is refused for the holder.
fn assert_free(radera: &Radera, target: &str) {
    let plan = radera.run(&["plan", target, "--method", "clear"]);
    assert_eq!(plan.code(), 0, "{plan:?}");
}

struct Bench {
    // Dropped in this order.
    disk: Disk,
    radera: Radera,
    scratch: Scratch,
}

impl Bench {
    fn new(mib: u64) -> Self {
        let scratch = Scratch::with_room(mib * 2 + 16);
        let radera = Radera::in_scratch(&scratch);
        Bench { disk: Disk::filled(&scratch, "disk", mib * MIB), radera, scratch }
    }

    fn with_ext4() -> Self {
        let bench = Self::new(8);
        run("mkfs.ext4", &["-q", "-F", bench.disk.node()]);
        assert_free(&bench.radera, bench.disk.node());
        bench
    }

    fn assert_refused(&self, names: &[&str]) {
        assert_refused(&self.radera, self.disk.node(), names, &[&self.disk.image]);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn mounted() {
    needs_root!();
    let bench = Bench::with_ext4();
    let mount = Mount::make("ext4", bench.disk.node(), &bench.scratch.join("mnt"), "ro,noload");
    bench.assert_refused(&[text(mount.path())]);
}

#[test]
fn mounted_where_the_name_has_a_space_and_is_no_utf8() {
    use std::os::unix::ffi::OsStrExt;
    needs_root!();
    let bench = Bench::with_ext4();
    let at = bench.scratch.path().join(std::ffi::OsStr::from_bytes(b"a name\n\xff"));
    std::fs::create_dir(&at).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "ext4", "-o", "ro,noload", bench.disk.node()])
        .arg(&at)
        .status()
        .unwrap();
    assert!(mounted.success());
    bench.assert_refused(&["a name"]);
    assert!(std::process::Command::new("umount").arg(&at).status().unwrap().success());
    assert_free(&bench.radera, bench.disk.node());
}

#[test]
fn bind_mounted_only() {
    needs_root!();
    let bench = Bench::with_ext4();
    let first = Mount::make("ext4", bench.disk.node(), &bench.scratch.join("mnt"), "ro,noload");
    let bound = Mount::bind(&first.path().join("lost+found"), &bench.scratch.join("bound"));
    drop(first);
    bench.assert_refused(&[text(bound.path())]);
}

#[test]
fn mounted_in_another_mount_namespace_only() {
    needs_root!();
    let bench = Bench::with_ext4();
    let at = bench.scratch.join("mnt");
    let holder = Holder::mounted_elsewhere(bench.disk.device.path(), &at);
    bench.assert_refused(&[text(&at), &holder.pid().to_string()]);
}

#[test]
fn lazily_unmounted_but_still_open() {
    needs_root!();
    let bench = Bench::with_ext4();
    let at = bench.scratch.join("mnt");
    let mount = Mount::make("ext4", bench.disk.node(), &at, "ro,noload");
    let inside = std::fs::File::open(at.join("lost+found")).unwrap();
    run("umount", &["--lazy", text(&at)]);
    // The kernel still has the filesystem open, though no mount table shows it: only O_EXCL can tell.
    bench_refuses_to_wipe(&bench);
    drop(inside);
    drop(mount);
}

fn bench_refuses_to_wipe(bench: &Bench) {
    let before = bench.disk.image.digest();
    let wiped = bench.radera.wipe(&[bench.disk.node()], &[]);
    assert_eq!(wiped.code(), 3, "{wiped:?}");
    assert_eq!(bench.disk.image.digest(), before);
}

#[test]
fn swap() {
    needs_root!();
    let bench = Bench::new(8);
    assert_free(&bench.radera, bench.disk.node());
    let _swap = Swap::on(bench.disk.device.path());
    bench.assert_refused(&["swap"]);
}

#[test]
fn a_partition_of_it_is_mounted() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let radera = Radera::in_scratch(&scratch);
    let image = Image::filled(scratch.join("disk"), 24 * MIB);
    let device = Loop::with(image.path(), &["-P"]);
    partition_table(&device, "label: gpt\nstart=2048,size=20480\nstart=22528,size=8192\n");
    let partition = device.partition(1);
    run("mkfs.ext4", &["-q", "-F", text(&partition)]);
    assert_free(&radera, device.name());
    let mount = Mount::make("ext4", text(&partition), &scratch.join("mnt"), "ro,noload");
    assert_refused(&radera, device.name(), &[text(mount.path())], &[&image]);
    assert_refused(&radera, text(&partition), &[text(mount.path())], &[&image]);
}

#[test]
fn the_disk_of_a_partition_is_held() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let radera = Radera::in_scratch(&scratch);
    let image = Image::filled(scratch.join("disk"), 24 * MIB);
    let device = Loop::with(image.path(), &["-P"]);
    partition_table(&device, "label: gpt\nstart=2048,size=20480\n");
    let partition = device.partition(1);
    assert_free(&radera, text(&partition));
    let holder = Holder::exclusive(device.path());
    assert_refused(&radera, text(&partition), &[&holder.pid().to_string()], &[&image]);
}

#[test]
fn a_second_loop_device_on_the_same_file() {
    needs_root!();
    let bench = Bench::new(4);
    assert_free(&bench.radera, bench.disk.node());
    let second = Loop::attach(bench.disk.image.path());
    bench.assert_refused(&[second.name(), second.kernel_name()]);
    assert_refused(
        &bench.radera,
        second.name(),
        &[bench.disk.node(), bench.disk.device.kernel_name()],
        &[&bench.disk.image],
    );
}

#[test]
fn a_second_loop_device_on_a_hard_link_to_the_same_file() {
    needs_root!();
    let bench = Bench::new(4);
    let link = bench.scratch.join("other-name");
    std::fs::hard_link(bench.disk.image.path(), &link).unwrap();
    assert_free(&bench.radera, bench.disk.node());
    let second = Loop::attach(&link);
    bench.assert_refused(&[second.name(), second.kernel_name()]);
}

#[test]
fn either_device_of_a_btrfs_with_two() {
    needs_root!();
    let scratch = Scratch::with_room(280);
    let radera = Radera::in_scratch(&scratch);
    let disks: Vec<Disk> =
        ["one", "two"].iter().map(|n| Disk::over(Image::blank(scratch.join(n), 128 * MIB))).collect();
    run("mkfs.btrfs", &["-q", "-f", "-K", disks[0].node(), disks[1].node()]);
    for disk in &disks {
        run("btrfs", &["device", "scan", disk.node()]);
    }
    let images = [&disks[0].image, &disks[1].image];
    {
        let mount = Mount::make("btrfs", disks[0].node(), &scratch.join("mnt"), "ro");
        for disk in &disks {
            assert_refused(&radera, disk.node(), &["btrfs", text(mount.path())], &images);
        }
    }
    for disk in &disks {
        run("btrfs", &["device", "scan", "--forget", disk.node()]);
    }
}

#[test]
fn held_exclusively() {
    needs_root!();
    let bench = Bench::new(4);
    assert_free(&bench.radera, bench.disk.node());
    let holder = Holder::exclusive(bench.disk.device.path());
    bench.assert_refused(&[&holder.pid().to_string()]);
}

#[test]
fn open_by_another_process() {
    needs_root!();
    let bench = Bench::new(4);
    assert_free(&bench.radera, bench.disk.node());
    let holder = Holder::open(bench.disk.device.path());
    bench.assert_refused(&[&holder.pid().to_string()]);
    drop(holder);
    assert_free(&bench.radera, bench.disk.node());
}

#[test]
fn open_through_another_node_of_the_same_number() {
    needs_root!();
    let bench = Bench::new(4);
    let numbers = run("lsblk", &["-ndo", "MAJ:MIN", bench.disk.node()]);
    let (major, minor) = numbers.trim().split_once(':').unwrap();
    // On the tmpfs of the test, which is not mounted nodev.
    let node = bench.scratch.join("node");
    run("mknod", &[text(&node), "b", major, minor]);
    let holder = Holder::open(&node);
    bench.assert_refused(&[&holder.pid().to_string()]);
}

#[test]
fn read_only() {
    needs_root!();
    let bench = Bench::new(4);
    let image = Image::filled(bench.scratch.join("read-only"), 4 * MIB);
    let device = Loop::with(image.path(), &["-r"]);
    assert_refused(&bench.radera, device.name(), &["read-only"], &[&image]);
    let _read_only = ReadOnly::set(&bench.disk.device);
    bench.assert_refused(&["read-only"]);
}

#[test]
fn backing_another_loop_device() {
    needs_root!();
    let bench = Bench::new(4);
    assert_free(&bench.radera, bench.disk.node());
    let upper = Loop::attach(bench.disk.device.path());
    bench.assert_refused(&[upper.name(), upper.kernel_name()]);
}

#[test]
fn not_confirmed_or_confirmed_wrongly() {
    needs_root!();
    let bench = Bench::new(4);
    let before = bench.disk.image.digest();
    let out = text(&bench.radera.out);
    let token = bench.radera.confirmation(bench.disk.node());
    let wipe = |more: &[&str]| {
        let mut words = vec!["wipe", bench.disk.node(), "--method", "clear", "--out", out];
        words.extend_from_slice(more);
        bench.radera.run(&words)
    };
    let almost = format!("{token}x");
    let wrong: [&[&str]; 6] = [
        &[],
        &["--confirm", "yes"],
        &["--confirm", ""],
        &["--confirm", &almost],
        &["--confirm", &token, "--confirm", "stray"],
        &["--yes"],
    ];
    for more in wrong {
        let refused = wipe(more);
        assert_eq!(refused.code(), 3, "{more:?}: {refused:?}");
        assert_eq!(bench.disk.image.digest(), before, "{more:?}");
    }
    assert_eq!(bench.radera.records().len(), 0);
    assert_eq!(wipe(&["--confirm", &token]).code(), 0, "the right text is enough");
}

#[test]
fn a_confirmation_holds_for_one_disk_only() {
    needs_root!();
    let bench = Bench::new(4);
    let other = Disk::filled(&bench.scratch, "other", 4 * MIB);
    let before = (bench.disk.image.digest(), other.image.digest());
    let token = bench.radera.confirmation(bench.disk.node());
    assert_ne!(token, bench.radera.confirmation(other.node()), "two media must not share a confirmation");
    let out = text(&bench.radera.out);
    let refused = bench.radera.run(&["wipe", other.node(), "--method", "clear", "--confirm", &token, "--out", out]);
    assert_eq!(refused.code(), 3, "{refused:?}");
    assert_eq!((bench.disk.image.digest(), other.image.digest()), before);
}

#[test]
fn a_refused_disk_does_not_stop_the_others() {
    needs_root!();
    let bench = Bench::new(4);
    let other = Disk::filled(&bench.scratch, "other", 4 * MIB);
    let words = bench.radera.wipe_arguments(&[bench.disk.node(), other.node()], &[]);
    let _holder = Holder::open(bench.disk.device.path());
    let before = bench.disk.image.digest();
    let ended = bench.radera.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(ended.code(), 3, "{ended:?}");
    assert_eq!(bench.disk.image.digest(), before);
    let record = ended.record();
    assert_eq!(record.text("/medium/path"), other.node());
    assert_eq!(other.image.bytes(), record.regenerate(0, 4 * MIB as usize));
}

#[test]
fn another_radera_at_work() {
    needs_root!();
    let bench = Bench::new(16);
    let token = bench.radera.confirmation(bench.disk.node());
    let mut first = bench.radera.start_wipe(bench.disk.node(), &["--max-rate", "8388608"]);
    first.wait_for_event("started");
    for station in [&bench.radera, &Radera::named(&bench.scratch, "second")] {
        let out = text(&station.out);
        let second = station.run(&["wipe", bench.disk.node(), "--method", "clear", "--confirm", &token, "--out", out]);
        assert_eq!(second.code(), 3, "{second:?}");
        assert!(second.said().contains(&format!("(pid {})", first.pid())), "its holder is not named: {second:?}");
    }
    let first = first.wait();
    assert_eq!(first.code(), 0, "the first must not notice: {first:?}");
    assert_eq!(bench.disk.image.bytes(), first.record().regenerate(0, 16 * MIB as usize));
}

/// A new wipe is a job of its own that wipes everything, and closes the one before: never half of each.
#[test]
fn a_new_wipe_takes_the_place_of_an_interrupted_job() {
    needs_root!();
    let bench = Bench::new(16);
    let mut first = bench.radera.start_wipe(bench.disk.node(), &["--max-rate", "8388608"]);
    first.wait_for_event("started");
    first.signal("KILL");
    assert_eq!(first.wait().status.code(), None, "it was killed");
    let again = bench.radera.wipe(&[bench.disk.node()], &[]);
    assert_eq!(again.code(), 0, "{again:?}");
    let records = again.records();
    let of = |status: &str| records.iter().find(|r| r.text("/status") == status).unwrap_or_else(|| panic!("{again:?}"));
    assert_ne!(of("interrupted").text("/job"), of("sanitized").text("/job"));
    assert_eq!(bench.disk.image.bytes(), of("sanitized").regenerate(0, 16 * MIB as usize));
    let after = bench.disk.image.digest();
    let all = bench.radera.resume();
    assert_eq!(all.code(), 0, "{all:?}");
    assert!(all.records().is_empty() && all.events("started").is_empty(), "nothing is left to resume: {all:?}");
    let named = bench.radera.run(&["resume", bench.disk.node()]);
    assert_eq!(named.code(), 1, "{named:?}");
    assert!(named.stderr.contains("no interrupted job") && named.stderr.contains("to do: "), "{named:?}");
    assert_eq!(bench.disk.image.digest(), after);
    assert_eq!(bench.radera.records().len(), 2, "one of the killed job, one of the new");
}
