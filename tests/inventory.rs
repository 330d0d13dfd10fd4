//! The inventory and the exclusive hold against the real kernel, on loop devices over images that each test makes in a
//! temporary directory and takes away again. Needs root; RADERA_TESTS_MUST_RUN=1 makes it a failure not to be root.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/skip.rs"]
mod skip;

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use radera::device::{Inventory, Roots, open_exclusive, open_read_only};
use radera::media::{Bus, Medium, Use, UseKind};
use radera::problem::{Kind, Problem};
use skip::root;

const MIB: u64 = 1 << 20;
const O_EXCL: i32 = 0o200;

/// One test at a time: the losetup of another opens every loop device for a moment, and that is seen as use.
fn alone() -> std::sync::MutexGuard<'static, ()> {
    static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Runs a command that must succeed; answers its first line.
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_string()
}

/// Runs a command again at the end, whatever fails.
struct AtEnd(Vec<String>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        let _ = Command::new(&self.0[0]).args(&self.0[1..]).output();
    }
}

fn at_end(command: &[&str]) -> AtEnd {
    AtEnd(command.iter().map(|word| word.to_string()).collect())
}

/// A process that is ended at the end.
struct Holder(Child);

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A loop device over an image of its own.
struct Loop {
    node: String,
    _detach: AtEnd,
}

impl Loop {
    fn on(image: &Path, options: &[&str]) -> Self {
        let image = image.to_str().unwrap();
        let node = run("losetup", &[&["--find", "--show"], options, &[image]].concat());
        assert!(node.starts_with("/dev/loop"), "{node}");
        Loop { _detach: at_end(&["losetup", "--detach", &node]), node }
    }
}

struct Scratch {
    dir: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Self {
        Scratch { dir: tempfile::tempdir().unwrap() }
    }

    fn image(&self, name: &str, bytes: u64) -> PathBuf {
        let path = self.dir.path().join(name);
        File::create(&path).unwrap().set_len(bytes).unwrap();
        path
    }

    fn mount_point(&self, name: &str) -> String {
        let path = self.dir.path().join(name);
        std::fs::create_dir(&path).unwrap();
        path.to_str().unwrap().to_string()
    }
}

/// Nothing uses it, once a passing opener (the losetup of a test beside this one) is gone.
fn free(node: &str) {
    for _ in 0..20 {
        if medium(node).uses.is_empty() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(medium(node).uses, []);
}

fn medium(node: &str) -> Medium {
    Inventory::read(Roots::default()).unwrap().medium(Path::new(node)).unwrap()
}

fn uses(node: &str, kind: UseKind) -> Vec<Use> {
    medium(node).uses.into_iter().filter(|u| u.kind == kind).collect()
}

/// The device is in use in this way and names `word`; it is refused, and the refusal names it too.
fn in_use(node: &str, kind: UseKind, word: &str) {
    let medium = medium(node);
    let named = |u: &&Use| u.kind == kind && u.holder.contains(word);
    assert!(medium.uses.iter().any(|u| named(&u)), "{node} {kind:?} {word}: {:?}", medium.uses);
    let problem = refusal(&medium);
    assert_eq!(problem.kind, Kind::Refused);
    assert!(problem.what.contains(word), "{problem}");
}

fn refusal(medium: &Medium) -> Problem {
    open_exclusive(&Roots::default(), medium).err().expect("must be refused")
}

#[test]
fn a_free_loop_is_held_and_its_identity_read_again() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let image = scratch.image("disk", 8 * MIB);
    let device = Loop::on(&image, &[]);
    free(&device.node);
    let medium = medium(&device.node);
    assert_eq!((medium.bus, medium.identity.size_bytes), (Bus::Loop, 8 * MIB));
    let backing = medium.identity.backing.clone().unwrap();
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(&image).unwrap());
    assert_eq!((backing.path.as_str(), backing.inode), (image.to_str().unwrap(), Some(inode)));
    assert_eq!(medium.layers[0].kind, "loop");
    assert!(medium.identity.disk_sequence.is_some());
    assert_eq!(medium.signatures.as_deref(), Some(&[][..]));

    let held = open_exclusive(&Roots::default(), &medium).map_err(|p| p.what).unwrap();
    assert_eq!(medium.identity.difference(&held.identity_now().unwrap(), false), None);
    // Held by ourselves, so nobody is seen in /proc: the exclusive claim itself is named.
    let problem = refusal(&medium);
    assert_eq!(problem.kind, Kind::Refused);
    assert!(problem.what.contains("held exclusively"), "{problem}");
    assert!(open_read_only(&Roots::default(), &medium).is_ok());

    // Write protection and shrinking are seen through the held descriptor.
    run("blockdev", &["--setro", &device.node]);
    // The kernel keeps the flag on the node when the loop device is detached: it must not stay there for another's test.
    let writable = at_end(&["blockdev", "--setrw", &device.node]);
    assert!(held.identity_now().unwrap_err().contains("read-only"));
    drop(writable);
    OpenOptions::new().write(true).open(&image).unwrap().set_len(4 * MIB).unwrap();
    run("losetup", &["--set-capacity", &device.node]);
    let difference = medium.identity.difference(&held.identity_now().unwrap(), false).unwrap();
    assert!(difference.contains("size"), "{difference}");
    drop(held);
    assert!(refusal(&medium).what.contains("size"));
}

#[test]
fn another_disk_at_the_same_node_is_refused() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let image = scratch.image("disk", 8 * MIB);
    // Another test may take the node in between: then once more.
    for _ in 0..10 {
        let device = Loop::on(&image, &[]);
        let node = device.node.clone();
        let before = medium(&node);
        drop(device);
        let again = Command::new("losetup").args([&node, image.to_str().unwrap()]).output().unwrap();
        if !again.status.success() {
            continue;
        }
        let _detach = at_end(&["losetup", "--detach", &node]);
        let problem = refusal(&before);
        assert!(problem.what.contains("disk sequence number"), "{problem}");
        assert!(open_read_only(&Roots::default(), &before).is_err());
        return;
    }
    panic!("the node was always taken");
}

#[test]
fn mounted_and_bind_mounted() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let device = Loop::on(&scratch.image("disk", 16 * MIB), &[]);
    run("mkfs.ext4", &["-q", &device.node]);
    free(&device.node);
    assert_eq!(medium(&device.node).signatures.unwrap()[0].kind, "ext");
    let (first, second) = (scratch.mount_point("first"), scratch.mount_point("second place"));
    run("mount", &[&device.node, &first]);
    let first_guard = at_end(&["umount", &first]);
    in_use(&device.node, UseKind::Mounted, &first);
    std::fs::create_dir(format!("{first}/sub")).unwrap();
    run("mount", &["--bind", &format!("{first}/sub"), &second]);
    let _second_guard = at_end(&["umount", &second]);
    drop(first_guard);
    assert_eq!(uses(&device.node, UseKind::Mounted).len(), 1);
    in_use(&device.node, UseKind::Mounted, "its directory /sub");
}

#[test]
fn mounted_in_another_namespace_only() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let device = Loop::on(&scratch.image("disk", 16 * MIB), &[]);
    run("mkfs.ext4", &["-q", &device.node]);
    let point = scratch.mount_point("private");
    let script = format!("mount {} {point} && echo ready && exec sleep 600", device.node);
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "sh", "-c", &script]).stdout(Stdio::piped());
    let mut holder = Holder(command.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(holder.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    let held = uses(&device.node, UseKind::Mounted);
    assert!(held[0].holder.contains(&format!("(pid {})", holder.0.id())), "{held:?}");
    assert!(held[0].release.contains("nsenter"));
    in_use(&device.node, UseKind::Mounted, &point);
}

#[test]
fn swapped_to() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let device = Loop::on(&scratch.image("disk", 4 * MIB), &[]);
    run("mkswap", &["-q", &device.node]);
    free(&device.node);
    run("swapon", &[&device.node]);
    let _off = at_end(&["swapoff", &device.node]);
    in_use(&device.node, UseKind::Swap, "swap");
}

#[test]
fn a_partition_mounted_and_partitions_held_with_their_disk() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let device = Loop::on(&scratch.image("disk", 32 * MIB), &[]);
    let (one, two) = (format!("{}p1", device.node), format!("{}p2", device.node));
    for (number, start) in [("1", "2048"), ("2", "34816")] {
        run("addpart", &[&device.node, number, start, "28672"]);
    }
    let _partitions = (at_end(&["delpart", &device.node, "1"]), at_end(&["delpart", &device.node, "2"]));
    let part = medium(&two);
    assert_eq!((part.identity.offset_bytes, part.identity.size_bytes), (17 * MIB, 14 * MIB));
    assert_eq!(medium(&device.node).partitions.len(), 2);

    let excl = |node: &str| OpenOptions::new().read(true).custom_flags(O_EXCL).open(node);
    let held = open_exclusive(&Roots::default(), &medium(&device.node)).map_err(|p| p.what).unwrap();
    assert!(excl(&one).is_err(), "the kernel lets a partition of a held disk be claimed");
    drop(held);
    let held = open_exclusive(&Roots::default(), &part).map_err(|p| p.what).unwrap();
    assert!(excl(&device.node).is_err(), "the kernel lets the disk of a held partition be claimed");
    assert!(open_exclusive(&Roots::default(), &medium(&one)).is_ok());
    drop(held);

    run("mkfs.ext4", &["-q", &one]);
    let point = scratch.mount_point("p1");
    run("mount", &[&one, &point]);
    let _umount = at_end(&["umount", &point]);
    in_use(&one, UseKind::Mounted, &point);
    in_use(&device.node, UseKind::Related, &one);
    free(&two);
}

#[test]
fn a_second_loop_on_the_same_file_and_a_loop_on_a_loop() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let image = scratch.image("disk", 8 * MIB);
    let hard_link = scratch.dir.path().join("other name");
    std::fs::hard_link(&image, &hard_link).unwrap();
    let first = Loop::on(&image, &[]);
    let second = Loop::on(&hard_link, &[]);
    in_use(&first.node, UseKind::OtherPath, &second.node);
    assert_eq!(medium(&second.node).other_paths, std::slice::from_ref(&first.node));
    drop(second);
    free(&first.node);
    let above = Loop::on(Path::new(&first.node), &[]);
    in_use(&first.node, UseKind::LoopBacking, &above.node);
}

#[test]
fn each_device_of_a_mounted_btrfs() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let first = Loop::on(&scratch.image("one", 128 * MIB), &[]);
    let second = Loop::on(&scratch.image("two", 128 * MIB), &[]);
    run("mkfs.btrfs", &["-q", "-f", "-d", "raid1", "-m", "raid1", &first.node, &second.node]);
    free(&second.node);
    run("btrfs", &["device", "scan", &first.node, &second.node]);
    let point = scratch.mount_point("fs");
    run("mount", &["-t", "btrfs", &first.node, &point]);
    let _forget = at_end(&["btrfs", "device", "scan", "--forget", &first.node]);
    let _umount = at_end(&["umount", &point]);
    in_use(&first.node, UseKind::Mounted, &point);
    let uuid = medium(&second.node).signatures.unwrap()[0].uuid.clone().unwrap();
    in_use(&second.node, UseKind::Member, &uuid);
}

#[test]
fn open_or_held_exclusively_by_another_process() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let device = Loop::on(&scratch.image("disk", 8 * MIB), &[]);
    for flags in [0, O_EXCL] {
        let file = OpenOptions::new().read(true).custom_flags(flags).open(&device.node).unwrap();
        // The descriptor lives on in the child alone.
        let holder = Holder(Command::new("sleep").arg("600").stdin(Stdio::from(file)).spawn().unwrap());
        in_use(&device.node, UseKind::Open, &format!("'sleep' (pid {})", holder.0.id()));
        drop(holder);
        free(&device.node);
    }
}

#[test]
fn read_only() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let device = Loop::on(&scratch.image("disk", 8 * MIB), &["--read-only"]);
    let medium = medium(&device.node);
    assert!(medium.read_only);
    let problem = refusal(&medium);
    assert_eq!(problem.kind, Kind::Refused);
    assert!(problem.what.contains("read-only"), "{problem}");
}

#[test]
fn an_unattached_loop_is_empty_and_not_listed() {
    if !root() {
        return;
    }
    let _alone = alone();
    let scratch = Scratch::new();
    let image = scratch.image("disk", MIB);
    // Another test may attach the node again at once: then once more.
    for _ in 0..10 {
        let node = Loop::on(&image, &[]).node.clone();
        let inventory = Inventory::read(Roots::default()).unwrap();
        let Err(problem) = inventory.medium(Path::new(&node)) else { continue };
        assert_eq!(problem.kind, Kind::Error);
        assert!(problem.what.contains("empty"), "{problem}");
        assert!(inventory.media().unwrap().iter().all(|m| m.identity.path != node));
        return;
    }
    panic!("the node was always taken");
}
