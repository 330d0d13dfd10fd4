//! What is wrong with the tools that people use: each defect shown with the tool that has it, and that radera does not have it.

use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::filesystems::{Ground, Kind, plant};
use super::marks::{Marks, content};
use super::told::{assert_cleared, assert_refused, verdict, wipe};
use super::tools::{HANGS, Tool};
use crate::needs_root;
use crate::support::disk::Scratch;
use crate::support::faulty::{Faults, FaultyDisk};
use crate::support::hold::Holder;
use crate::support::radera::Radera;
use crate::support::random::Dice;
use crate::support::{MIB, SECTOR, attempt, run, skip};

/// A filesystem and a station.
pub struct Bench {
    pub ground: Ground,
    pub radera: Radera,
    pub dice: Dice,
}

impl Bench {
    /// ext4, where nothing stands in the way of proof.
    pub fn new() -> Self {
        let ground = Ground::make(Kind::Ext4, 64);
        let radera = Radera::in_scratch(&ground.scratch);
        Bench { ground, radera, dice: Dice::new() }
    }

    /// A file of so many sectors.
    pub fn file(&mut self, name: &str, sectors: usize) -> (PathBuf, Vec<u8>) {
        let (path, content) = (self.ground.at(name), content(&mut self.dice, sectors));
        plant(&path, &content);
        (path, content)
    }

    pub fn assert_is(&self, path: &Path, content: &[u8]) {
        assert!(std::fs::read(path).is_ok_and(|now| now == content), "{} is not what it was", path.display());
    }

    /// How many sectors of `content` the raw image holds once everything is unmounted.
    pub fn left(&mut self, content: &[u8]) -> usize {
        self.ground.unmount();
        let mut marks = Marks::default();
        let group = marks.add(content);
        marks.search(self.ground.image.path())[group].distinct
    }
}

fn all_tools() -> bool {
    skip::programs(&["shred", "srm", "wipe", "scrub"])
}

#[test]
fn a_symlink_is_not_followed() {
    needs_root!();
    if !all_tools() {
        return;
    }
    let mut bench = Bench::new();
    for tool in Tool::ALL {
        let (target, before) = bench.file(&format!("of-{}", tool.name()), 16);
        let link = bench.ground.at(&format!("link-{}", tool.name()));
        symlink(&target, &link).unwrap();
        let _ = tool.run(&[], &link);
        let is_whole = std::fs::read(&target).is_ok_and(|now| now == before);
        assert_eq!(is_whole, [Tool::Srm, Tool::Wipe].contains(&tool), "{} and a symlink", tool.name());
    }
    let (target, before) = bench.file("victim", 16);
    let link = bench.ground.at("link");
    symlink(&target, &link).unwrap();
    let ended = wipe(&bench.radera, &[&link], &[]);
    assert!([0, 3].contains(&ended.code()), "the link is removed or refused: {ended:?}");
    bench.assert_is(&target, &before);

    // In a tree the links go and what they point at stays, absolute or not, and a name with a slash at its end is no way around.
    let tree = bench.ground.at("tree");
    std::fs::create_dir(&tree).unwrap();
    plant(&tree.join("file"), &before);
    symlink(&target, tree.join("absolute")).unwrap();
    symlink("../victim", tree.join("relative")).unwrap();
    symlink("/etc", tree.join("directory")).unwrap();
    symlink("nowhere", tree.join("dangling")).unwrap();
    let ended = wipe(&bench.radera, &[&tree], &[]);
    assert_eq!(ended.code(), 0, "{ended:?}");
    assert!(!tree.exists(), "the tree is gone, links and all");
    bench.assert_is(&target, &before);
    let (inside, before) = bench.file("inside-victim", 8);
    let directory = bench.ground.at("real-directory");
    std::fs::create_dir(&directory).unwrap();
    std::fs::rename(&inside, directory.join("inside")).unwrap();
    let link = bench.ground.at("link-to-directory");
    symlink(&directory, &link).unwrap();
    let with_slash = PathBuf::from(format!("{}/", link.display()));
    let ended = wipe(&bench.radera, &[&with_slash], &[]);
    assert!([0, 1, 3].contains(&ended.code()), "{ended:?}");
    bench.assert_is(&directory.join("inside"), &before);
}

#[test]
fn what_is_no_file_is_left_alone_and_named_and_nothing_hangs() {
    needs_root!();
    if !all_tools() {
        return;
    }
    let mut bench = Bench::new();
    let fifo = bench.ground.at("fifo");
    run("mkfifo", &[fifo.to_str().unwrap()]);
    assert_eq!(Tool::Shred.run_shortly(&fifo).status.code(), Some(HANGS), "shred 9.1 hangs on a FIFO");

    let start = Instant::now();
    let refused = wipe(&bench.radera, &[&fifo], &[]);
    assert!(start.elapsed() < Duration::from_secs(10), "{refused:?}");
    assert_refused(&bench.radera, &refused, &["fifo", "pipe"]);

    let tree = bench.ground.at("tree");
    std::fs::create_dir(&tree).unwrap();
    std::fs::rename(&fifo, tree.join("fifo")).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(tree.join("socket")).unwrap();
    // What it stands for is a device of nobody's: a driver that has been gone for decades.
    run("mknod", &[tree.join("node").to_str().unwrap(), "b", "24", "0"]);
    let (file, before) = bench.file("tree/file", 64);
    let ended = wipe(&bench.radera, &[&tree], &[]);
    assert!(start.elapsed() < Duration::from_secs(20), "{ended:?}");
    for name in ["fifo", "socket", "node"] {
        assert!(tree.join(name).symlink_metadata().is_ok(), "{name} is left alone");
        assert!(ended.said().contains(name), "{name} is named: {ended:?}");
    }
    // Left and named: either nothing was done, or all that can be and the exit code says that something stays.
    match ended.code() {
        3 => bench.assert_is(&file, &before),
        code => {
            assert!([0, 4].contains(&code), "{ended:?}");
            assert!(!file.exists());
            drop(socket);
            assert_eq!(bench.left(&before), 0);
        }
    }
}

#[test]
fn another_hard_link_keeps_its_data_unless_asked() {
    needs_root!();
    if !all_tools() {
        return;
    }
    let mut bench = Bench::new();
    for tool in Tool::ALL {
        let (path, before) = bench.file(&format!("of-{}", tool.name()), 16);
        let other = bench.ground.at(&format!("other-{}", tool.name()));
        std::fs::hard_link(&path, &other).unwrap();
        let _ = tool.run(&[], &path);
        let is_whole = std::fs::read(&other).is_ok_and(|now| now == before);
        assert_eq!(is_whole, tool == Tool::Srm, "{} and a hard link", tool.name());
    }
    let (path, before) = bench.file("one", 64);
    let other = bench.ground.at("other");
    std::fs::hard_link(&path, &other).unwrap();
    let refused = wipe(&bench.radera, &[&path], &[]);
    assert_refused(&bench.radera, &refused, &["hard link", "--hardlinks"]);
    bench.assert_is(&other, &before);
    assert_eq!(std::fs::metadata(&path).unwrap().nlink(), 2);

    // Asked for, it says of the other name that it is there yet, or both are in what was named.
    let ended = wipe(&bench.radera, &[&path], &["--hardlinks"]);
    assert!([0, 4].contains(&ended.code()), "{ended:?}");
    assert!(!path.exists());
    assert!(std::fs::read(&other).is_ok_and(|now| now != before), "the other name has no data of it either");
    assert_eq!(bench.left(&before), 0);
}

/// shred, srm and wipe do not look; what the holder writes afterwards is the secret again.
#[test]
fn a_file_that_another_process_holds_is_refused() {
    needs_root!();
    if !all_tools() {
        return;
    }
    let mut bench = Bench::new();
    for tool in Tool::ALL {
        let (path, _) = bench.file(&format!("of-{}", tool.name()), 16);
        let _holder = Holder::open(&path);
        let ended = tool.run(&[], &path);
        assert_eq!(ended.status.code(), Some(0), "{} does not notice a holder", tool.name());
        assert!(!path.exists());
    }
    let (path, before) = bench.file("held", 64);
    let holder = Holder::open(&path);
    let refused = wipe(&bench.radera, &[&path], &[]);
    assert_refused(&bench.radera, &refused, &["open", "held", "in use"]);
    assert!(refused.said().contains(&holder.pid().to_string()), "the holder is named: {refused:?}");
    bench.assert_is(&path, &before);

    // In a tree one such file stops all of it: the preflight goes over everything before anything is changed.
    let tree = bench.ground.at("tree");
    std::fs::create_dir(&tree).unwrap();
    let (free, free_before) = bench.file("tree/a-free", 8);
    std::fs::rename(&path, tree.join("z-held")).unwrap();
    let refused = wipe(&bench.radera, &[&tree], &[]);
    assert_refused(&bench.radera, &refused, &["open", "held", "in use"]);
    bench.assert_is(&free, &free_before);
    drop(holder);

    // A mapping with no descriptor left holds as well.
    let script = "import mmap,os,sys,time\nf=os.open(sys.argv[1],os.O_RDWR)\nm=mmap.mmap(f,4096)\nos.close(f)\nprint('mapped',flush=True)\ntime.sleep(600)";
    let held = tree.join("z-held");
    let mut mapper =
        Command::new("python3").args(["-c", script]).arg(&held).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(mapper.stdout.take().unwrap()), &mut line).unwrap();
    let refused = wipe(&bench.radera, &[&held], &[]);
    let _ = mapper.kill();
    let _ = mapper.wait();
    assert_eq!(line.trim(), "mapped");
    assert_refused(&bench.radera, &refused, &["map", "open", "in use"]);
    bench.assert_is(&held, &before);
    assert_cleared(&wipe(&bench.radera, &[&held], &[]), 1);
    assert_eq!(bench.left(&before), 0);
}

#[test]
fn a_mounted_partition_is_refused() {
    needs_root!();
    if !all_tools() {
        return;
    }
    let bench = Bench::new();
    let node = bench.ground.mounted().device().name().to_string();
    // shred opens it without O_EXCL: over a filesystem of its own, it writes.
    let victim = Ground::make(Kind::Ext4, 16);
    let shredded = attempt("shred", &["-n1", victim.mounted().device().name()]);
    assert!(shredded.status.success(), "shred overwrites a mounted device: {shredded:?}");
    let superblock = bench.ground.image.read_at(1024, 1024);
    let refused = bench.radera.run(&[
        "wipe",
        &node,
        "--method",
        "clear",
        "--confirm",
        "x",
        "--out",
        bench.radera.out.to_str().unwrap(),
    ]);
    assert_refused(&bench.radera, &refused, &["mounted", "mnt"]);
    assert_eq!(bench.ground.image.read_at(1024, 1024), superblock);
}

/// BleachBit truncates first on Linux, so that nothing is left to overwrite. Here the same in two steps, and that radera's order is another:
/// as long as it writes, the file has its length.
#[test]
fn nothing_is_truncated_before_it_is_overwritten() {
    needs_root!();
    let mut bench = Bench::new();
    let (path, before) = bench.file("truncated-first", 2048);
    std::fs::File::options().write(true).open(&path).unwrap().set_len(0).unwrap();
    assert!(attempt("shred", &["-u", path.to_str().unwrap()]).status.success());
    assert_eq!(bench.left(&before), 2048, "truncated first, all of it is left");

    let mut bench = Bench::new();
    let (path, content) = bench.file("big", 16 * 1024);
    let mut running = super::told::start(&bench.radera, &[&path], &["--max-rate", &(8 * MIB).to_string()]);
    running.wait_for_event("started");
    std::thread::sleep(Duration::from_millis(300));
    let bytes = std::fs::metadata(&path).map(|data| data.len());
    let ended = running.wait();
    assert_eq!(bytes.ok(), Some(8 * MIB), "its name and its length, while it is written");
    assert_cleared(&ended, 1);
    assert_eq!(bench.left(&content), 0);
}

/// ext4 without a journal on a loop device over a FUSE file: what the disk under a file answers with. Which bytes of the device the file has,
/// filefrag tells.
#[test]
fn a_write_error_is_never_swallowed() {
    needs_root!();
    if !all_tools() {
        return;
    }
    for tool in [Some(Tool::Srm), Some(Tool::Shred), None] {
        let scratch = Scratch::with_room(48);
        let radera = Radera::in_scratch(&scratch);
        let disk = FaultyDisk::make(&scratch, "faulty", 16 * MIB, Faults::default());
        run("mke2fs", &["-q", "-F", "-t", "ext4", "-b", "4096", "-O", "^has_journal", disk.node()]);
        let at = scratch.directory("mnt");
        let _mount = crate::support::disk::Mount::make("ext4", disk.node(), &at, "errors=continue");
        let path = at.join("file");
        let before = content(&mut Dice::new(), 2048);
        plant(&path, &before);
        let said = run("filefrag", &["-b1", "-e", path.to_str().unwrap()]);
        let row = said.lines().find(|line| line.trim_start().starts_with("0:")).expect("an extent");
        let numbers: Vec<u64> = row.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
        let first = numbers[3] + 64 * 4096;
        disk.set_faults(Faults { write_fails: std::iter::once(first..first + 4096).collect(), ..Faults::default() });
        match tool {
            Some(Tool::Srm) => {
                let ended = Tool::Srm.run(&[], &path);
                assert_eq!(ended.status.code(), Some(0), "srm ignores write errors: {ended:?}");
            }
            Some(tool) => assert_ne!(tool.run(&[], &path).status.code(), Some(0), "{} notices", tool.name()),
            None => {
                let ended = wipe(&radera, &[&path], &[]);
                assert!([4, 5].contains(&ended.code()), "{ended:?}");
                let record = ended.record();
                assert_ne!(verdict(&record), "cleared-verified", "{}", record.json);
                assert_ne!(record.text("/status"), "sanitized");
                assert_eq!(record.text("/claim"), "none", "{}", record.json);
            }
        }
        let mut marks = Marks::default();
        let group = marks.add(&before);
        let raw = scratch.join("raw");
        std::fs::write(&raw, disk.content()).unwrap();
        // The block that can't be written is the one that is left.
        let left = marks.search(&raw)[group].distinct;
        assert!(left >= (4096 / SECTOR) as usize, "{tool:?}: {left} sectors");
        disk.set_faults(Faults::default());
    }
}
