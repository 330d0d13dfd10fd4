//! What is found out of a filesystem and of files on it, on real ones over loop devices. The proof of a mapping is that the block device holds, at
//! those very bytes, what the file holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use radera::device::{Inventory, Roots};
use radera::files::ground::{FsKind, Ground, Leftover, Removed, Settled};
use radera::files::swap::Area;
use radera::files::{Mapping, Obstacle};
use radera::io::Op;
use radera::problem::Kind;
use support::disk::{Image, Loop, Mount, Scratch};
use support::{MIB, run, skip, wait_for};

const BLOCK: u64 = 4096;

/// A filesystem on a loop device.
struct Made {
    // Dropped in this order.
    mount: Mount,
    device: Loop,
    image: Image,
}

impl Made {
    fn new(directory: &Path, name: &str, mkfs: &[&str], mib: u64, options: &str) -> Made {
        let image = Image::blank(directory.join(name), mib * MIB);
        let device = Loop::attach(image.path());
        let (program, arguments) = mkfs.split_first().unwrap();
        run(program, &[arguments, &[device.name()]].concat());
        let kind = program.strip_prefix("mkfs.").unwrap();
        let at = directory.join(format!("{name}-mounted"));
        let mount = Mount::make(kind, device.name(), &at, options);
        Made { mount, device, image }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.mount.path().join(name)
    }

    fn root(&self) -> File {
        File::open(self.mount.path()).unwrap()
    }

    fn ground(&self) -> Ground {
        let ground = ground_of(self.mount.path());
        assert_eq!(ground.node.as_deref(), Some(self.device.path()));
        assert_eq!(ground.mount_point, self.mount.path());
        ground
    }

    fn chattr(&self, change: &str, name: &str) {
        run("chattr", &[change, self.at(name).to_str().unwrap()]);
    }

    /// A file of `bytes` bytes, a different marker in each sector, synced.
    fn plant(&self, name: &str, bytes: u64) -> File {
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(self.at(name)).unwrap();
        file.write_all(&content(name, bytes)).unwrap();
        file.sync_all().unwrap();
        file
    }
}

fn content(name: &str, bytes: u64) -> Vec<u8> {
    let mut content = Vec::new();
    let mut number: u64 = 0;
    while (content.len() as u64) < bytes {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        content.extend(format!("{name} {number:x} ").as_bytes());
    }
    content.truncate(bytes as usize);
    content
}

fn ground_of(path: &Path) -> Ground {
    Ground::of(&Inventory::read(Roots::default()).unwrap(), &File::open(path).unwrap()).unwrap()
}

/// The blocks that `mapping` names on the device hold what the file holds there, and together they have all of it.
fn holds(ground: &Ground, file: &File, mapping: &Mapping) {
    let mut queue = ground.reader(None).unwrap();
    let size = file.metadata().unwrap().len();
    let mut seen = 0;
    for extent in &mapping.extents {
        let end = (extent.logical + extent.bytes).min(size);
        let mut at = extent.logical;
        while at < end && !extent.unwritten {
            let bytes = (end - at).next_multiple_of(BLOCK).min(64 << 10) as usize;
            let slot = queue.lease().unwrap();
            queue.submit(slot, Op::Read, extent.physical + (at - extent.logical), bytes);
            let done = queue.complete().unwrap();
            assert_eq!(done.result.unwrap(), bytes);
            let held = (bytes as u64).min(end - at) as usize;
            let mut expected = vec![0; held];
            file.read_exact_at(&mut expected, at).unwrap();
            assert!(queue.buffer(&done.slot)[..held] == expected[..], "{extent:?} at {at}");
            queue.give_back(done.slot);
            at += bytes as u64;
            seen += held as u64;
        }
    }
    let holes = size - seen;
    let blocks = std::os::unix::fs::MetadataExt::blocks(&file.metadata().unwrap()) * 512;
    // Blocks of the tree of extents count too.
    assert!(seen > 0 && holes < BLOCK || mapping.bytes() + 2 * BLOCK >= blocks, "{seen} of {size}, {blocks} in blocks");
}

#[test]
fn ext4_tells_where_blocks_lie_and_what_stands_in_the_way() {
    needs_root!();
    let scratch = Scratch::with_room(160);
    let made = Made::new(
        scratch.path(),
        "ext4",
        &["mkfs.ext4", "-q", "-O", "inline_data", "-I", "256", "-b", "4096"],
        64,
        "defaults",
    );
    let ground = made.ground();
    assert_eq!((ground.kind, ground.name.as_str(), ground.block_bytes), (FsKind::Ext4, "ext4", 4096));
    assert_eq!((&ground.redirected, &ground.obstacles[..], ground.inline_data), (&None, &[][..], true));

    let file = made.plant("plain", MIB + 100);
    assert_eq!(ground.obstacles_of(&file), []);
    let mapping = ground.map(&file).unwrap();
    assert_eq!(mapping.bytes(), MIB + BLOCK);
    holds(&ground, &file, &mapping);

    // More extents than one call tells, holes between them, and blocks past the end.
    let file = made.plant("pieces", BLOCK);
    for number in 1..150 {
        file.write_all_at(&content("piece", BLOCK), number * 2 * BLOCK).unwrap();
    }
    file.sync_all().unwrap();
    run("fallocate", &["-n", "-o", "2097152", "-l", "1048576", made.at("pieces").to_str().unwrap()]);
    file.sync_all().unwrap();
    let mapping = ground.map(&file).unwrap();
    assert!(mapping.extents.len() > 150 && mapping.bytes() == 150 * BLOCK + MIB, "{mapping:?}");
    assert!(mapping.extents.iter().all(|e| e.unwritten == (e.logical >= 2 * MIB)));
    holds(&ground, &file, &mapping);

    // Not synced: no obstacle yet, and no mapping.
    let mut file = File::create(made.at("fresh")).unwrap();
    file.write_all(&[1; 10 * BLOCK as usize]).unwrap();
    assert_eq!(ground.obstacles_of(&file), []);
    assert_eq!(ground.map(&file), Err(Obstacle::Unsettled));

    let file = made.plant("tiny", 40);
    assert_eq!(ground.obstacles_of(&file), [Obstacle::Inline]);
    assert_eq!(ground.map(&file), Err(Obstacle::Inline));
    assert_eq!(ground.map(&File::create(made.at("empty")).unwrap()), Ok(Mapping::default()));
    assert_eq!(ground.obstacles_of(&File::open(made.at("empty")).unwrap()), []);
    for change in ["+i", "+a"] {
        made.chattr(change, "plain");
        assert_eq!(ground.obstacles_of(&File::open(made.at("plain")).unwrap()), [Obstacle::Immutable]);
        made.chattr(&change.replace('+', "-"), "plain");
    }

    // What a removed file leaves in the journal goes with the checkpoint.
    let name = "Anders And 010203-1234";
    drop(made.plant(name, 8000));
    std::fs::rename(made.at(name), made.at("other")).unwrap();
    std::fs::remove_file(made.at("other")).unwrap();
    made.root().sync_all().unwrap();
    run("sync", &["-f", made.mount.path().to_str().unwrap()]);
    let before = made.image.count(name.as_bytes());
    let settled = ground.settle(&made.root(), true);
    assert_eq!((&settled.synced, &settled.checkpointed), (&Ok(()), &Ok(true)));
    assert!(matches!(settled.trimmed, Some(Ok(bytes)) if bytes > 10 * MIB), "{settled:?}");
    let after = made.image.count(name.as_bytes());
    assert!(before > 0 && after == 0, "{before} copies of the name before, {after} after");
    let kinds = |settled: &Settled| {
        let removed = Removed { names: true, xattrs: false };
        let all = ground.residue(removed, &[Obstacle::DataJournal], settled);
        all.into_iter().filter(|r| r.certain).map(|r| r.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&settled), []);
    assert_eq!(kinds(&Settled::NOTHING), [Leftover::Names, Leftover::Journal]);
}

#[test]
fn ext4_with_data_in_the_journal_ext2_and_a_read_only_mount() {
    needs_root!();
    let scratch = Scratch::with_room(96);
    let made = Made::new(scratch.path(), "ext4", &["mkfs.ext4", "-q"], 32, "data=journal");
    assert_eq!(made.ground().obstacles, [Obstacle::DataJournal]);
    run("mount", &["-o", "remount,ro", made.mount.path().to_str().unwrap()]);
    assert_eq!(made.ground().obstacles, [Obstacle::ReadOnly, Obstacle::DataJournal]);

    // The mode stands in the superblock, and the mount does not name it.
    let made = Made::new(scratch.path(), "default", &["mkfs.ext4", "-q"], 32, "defaults");
    let file = made.plant("journalled", 2 * BLOCK);
    assert_eq!(made.ground().obstacles_of(&file), []);
    drop((file, made.mount));
    // As `chattr +j`, which not every root may do: FS_JOURNAL_DATA_FL beside FS_EXTENT_FL.
    run("debugfs", &["-w", "-R", "set_inode_field /journalled flags 0x84000", made.device.name()]);
    let mount = Mount::make("ext4", made.device.name(), &scratch.join("default-then"), "defaults");
    let ground = ground_of(mount.path());
    assert_eq!(ground.obstacles, []);
    let file = File::open(mount.path().join("journalled")).unwrap();
    assert_eq!(ground.obstacles_of(&file), [Obstacle::DataJournal]);
    drop((file, mount));
    run("tune2fs", &["-o", "journal_data", made.device.name()]);
    let mount = Mount::make("ext4", made.device.name(), &scratch.join("default-again"), "defaults");
    assert_eq!(ground_of(mount.path()).obstacles, [Obstacle::DataJournal]);
    drop(mount);

    let made = Made::new(scratch.path(), "ext2", &["mkfs.ext2", "-q", "-b", "1024"], 16, "defaults");
    let ground = made.ground();
    assert_eq!((ground.kind, ground.block_bytes, &ground.obstacles[..]), (FsKind::Ext2, 1024, &[][..]));
    let file = made.plant("plain", 300 * 1024);
    holds(&ground, &file, &ground.map(&file).unwrap());
    assert_eq!(ground.settle(&made.root(), false), Settled::NOTHING);
}

#[test]
fn xfs_tells_where_blocks_lie_and_of_copies() {
    needs_root!();
    if !skip::programs(&["mkfs.xfs"]) {
        return;
    }
    let scratch = Scratch::with_room(400);
    let made = Made::new(scratch.path(), "xfs", &["mkfs.xfs", "-q", "-m", "reflink=1"], 320, "defaults");
    let ground = made.ground();
    assert_eq!((ground.kind, &ground.redirected, &ground.obstacles[..]), (FsKind::Xfs, &None, &[][..]));
    let file = made.plant("plain", MIB);
    assert_eq!(ground.obstacles_of(&file), []);
    let mapping = ground.map(&file).unwrap();
    assert!(mapping.bytes() >= MIB);
    holds(&ground, &file, &mapping);
    let copy = made.at("copy");
    run("cp", &["--reflink=always", made.at("plain").to_str().unwrap(), copy.to_str().unwrap()]);
    assert_eq!(ground.obstacles_of(&file), [Obstacle::Shared]);
    assert_eq!(ground.map(&file), Err(Obstacle::Shared));
    std::fs::remove_file(copy).unwrap();
    assert!(matches!(ground.settle(&made.root(), true).trimmed, Some(Ok(_))));
    // xfs lets go of a removed file a moment later.
    wait_for("the copy to be gone", 10, || ground.map(&file).is_ok());
    assert!(ground.map(&file).unwrap().same_blocks(&mapping));
}

#[test]
fn btrfs_addresses_are_translated_and_copies_on_write_are_told() {
    needs_root!();
    if !skip::programs(&["mkfs.btrfs", "btrfs"]) {
        return;
    }
    let scratch = Scratch::with_room(512);
    let made = Made::new(scratch.path(), "btrfs", &["mkfs.btrfs", "-q", "-d", "single"], 256, "compress=zstd");
    let ground = made.ground();
    assert_eq!((ground.kind, &ground.redirected, &ground.obstacles[..]), (FsKind::Btrfs, &None, &[][..]));
    run("btrfs", &["subvolume", "create", made.at("sub").to_str().unwrap()]);
    std::fs::create_dir(made.at("sub/fixed")).unwrap();
    made.chattr("+C", "sub/fixed");

    let file = made.plant("sub/fixed/a", 2 * MIB);
    assert_eq!(ground.obstacles_of(&file), []);
    let mapping = ground.map(&file).unwrap();
    assert_eq!(mapping.bytes(), 2 * MIB);
    holds(&ground, &file, &mapping);
    // FIEMAP's own figure is another: without translation it would be the wrong place.
    assert!(mapping.extents.iter().all(|e| e.physical < 256 * MIB));

    let squeezed = made.plant("squeezed", MIB);
    assert_eq!(ground.obstacles_of(&squeezed), [Obstacle::CopyOnWrite, Obstacle::Encoded]);
    assert_eq!(ground.map(&squeezed), Err(Obstacle::Encoded));
    let mut noise = vec![0; MIB as usize];
    use std::io::Read;
    File::open("/dev/urandom").unwrap().read_exact(&mut noise).unwrap();
    std::fs::write(made.at("noise"), noise).unwrap();
    let noise = File::open(made.at("noise")).unwrap();
    noise.sync_all().unwrap();
    assert_eq!(ground.obstacles_of(&noise), [Obstacle::CopyOnWrite]);
    holds(&ground, &noise, &ground.map(&noise).unwrap());
    let tiny = made.plant("tiny", 60);
    assert_eq!(ground.obstacles_of(&tiny), [Obstacle::CopyOnWrite, Obstacle::Inline]);

    let snapshot = made.at("snapshot");
    run("btrfs", &["subvolume", "snapshot", "-r", made.at("sub").to_str().unwrap(), snapshot.to_str().unwrap()]);
    assert_eq!(ground.obstacles_of(&file), [Obstacle::Shared]);
    assert_eq!(ground.map(&file), Err(Obstacle::Shared));

    // A filesystem in a file on this one: where its blocks go is not known.
    let inner = Made::new(made.mount.path(), "inner", &["mkfs.ext4", "-q"], 16, "defaults");
    let said = inner.ground().redirected.unwrap();
    assert!(said.contains("not known to overwrite in place"), "{said}");
    drop(inner);

    let twice = Made::new(scratch.path(), "dup", &["mkfs.btrfs", "-q", "-d", "dup"], 256, "defaults");
    let ground = twice.ground();
    std::fs::create_dir(twice.at("fixed")).unwrap();
    twice.chattr("+C", "fixed");
    let file = twice.plant("fixed/a", 64 << 10);
    assert!(matches!(ground.map(&file), Err(Obstacle::NoMapping(what)) if what.contains("profile")));
}

#[test]
fn what_has_no_blocks_of_its_own_is_told() {
    needs_root!();
    let scratch = Scratch::with_room(32);
    let ground = ground_of(scratch.path());
    assert_eq!(
        (ground.kind, &ground.obstacles[..], ground.medium.is_none()),
        (FsKind::Tmpfs, &[Obstacle::InMemory][..], true)
    );
    let file = File::create(scratch.join("file")).unwrap();
    assert_eq!(ground.map(&file), Err(Obstacle::InMemory));
    assert_eq!(ground.obstacles_of(&file), [Obstacle::InMemory]);
    assert!(ground.reader(None).is_err());
    assert!(ground.settle(&File::open(scratch.path()).unwrap(), true).trimmed.unwrap().is_err());
    let [lower, upper, work] = ["lower", "upper", "work"].map(|name| scratch.directory(name));
    let options = format!("lowerdir={},upperdir={},workdir={}", lower.display(), upper.display(), work.display());
    let stacked = Mount::make("overlay", "overlay", &scratch.join("stacked"), &options);
    let ground = ground_of(stacked.path());
    assert_eq!((ground.kind, &ground.obstacles[..]), (FsKind::Overlay, &[Obstacle::Elsewhere("overlay".into())][..]));
    let proc = ground_of(Path::new("/proc"));
    assert_eq!((proc.kind, &proc.obstacles[..]), (FsKind::Other, &[Obstacle::UnknownFilesystem("proc".into())][..]));
}

/// Stops swapping to a device of this test's own, whatever fails.
struct SwapOff(String);

impl Drop for SwapOff {
    fn drop(&mut self) {
        let _ = support::attempt("swapoff", &[&self.0]);
    }
}

#[test]
fn a_swap_area_is_taken_out_of_use_made_anew_and_taken_into_use_as_it_was() {
    needs_root!();
    if !skip::programs(&["mkswap", "swapon", "swapoff"]) {
        return;
    }
    let scratch = Scratch::plain();
    let image = Image::filled(scratch.join("swap"), 8 * MIB);
    let device = Loop::attach(image.path());
    let roots = Roots::default();
    assert_eq!(Area::read(device.path()).unwrap_err().kind, Kind::Refused);
    let uuid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
    run("mkswap", &["-q", "-U", uuid, "-L", "of this test", device.name()]);
    let area = Area::read(device.path()).unwrap();
    assert_eq!(area.in_use(&roots).unwrap(), None);
    assert!(area.off().is_err());

    let _off = SwapOff(device.name().into());
    run("swapon", &["-p", "7", device.name()]);
    let before = area.in_use(&roots).unwrap().unwrap();
    assert_eq!(before.priority, 7);
    area.fits(&roots).unwrap();
    area.off().unwrap();
    assert_eq!(area.in_use(&roots).unwrap(), None);

    // By another hand: its first page and its pages overwritten.
    let made = run("dd", &["if=/dev/zero", &format!("of={}", device.name()), "bs=1M", "count=8", "conv=fsync"]);
    assert_eq!((made.as_str(), Area::read(device.path()).is_err()), ("", true));
    assert_eq!(area.on(&before).unwrap_err().kind, Kind::Failed);
    let node = OpenOptions::new().write(true).open(device.path()).unwrap();
    node.write_all_at(&area.header(8 * MIB), 0).unwrap();
    node.sync_all().unwrap();
    drop(node);
    assert_eq!(Area::read(device.path()).unwrap(), area);
    area.on(&before).unwrap();
    assert_eq!(area.in_use(&roots).unwrap().unwrap().priority, 7);
    let told = run("swaplabel", &[device.name()]);
    assert!(told.contains("of this test") && told.contains(uuid), "{told}");
    area.off().unwrap();

    let hibernated = OpenOptions::new().write(true).open(device.path()).unwrap();
    hibernated.write_all_at(b"S1SUSPEND\0", 4086).unwrap();
    hibernated.sync_all().unwrap();
    let refused = Area::read(device.path()).unwrap_err();
    assert!(refused.kind == Kind::Refused && refused.what.contains("hibernated"), "{refused}");
}
