//! What is wrong with the tools that people use: each defect shown with the tool that has it, and that radera does not have it. Then what GNU
//! shred's own tests ask of shred, asked of radera.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::filesystems::{Ground, Kind, Mounted, plant};
use super::marks::{Marks, content};
use super::told::{assert_cleared, assert_refused, residue, verdict, wipe};
use super::tools::{HANGS, Tool};
use crate::needs_root;
use crate::support::disk::Scratch;
use crate::support::faulty::{Faults, FaultyDisk};
use crate::support::hold::Holder;
use crate::support::radera::Radera;
use crate::support::random::Dice;
use crate::support::{MIB, SECTOR, attempt, run, skip};

struct Bench {
    ground: Ground,
    radera: Radera,
    dice: Dice,
}

impl Bench {
    /// ext4, where nothing stands in the way of proof.
    fn new() -> Self {
        let ground = Ground::make(Kind::Ext4, 64);
        let radera = Radera::in_scratch(&ground.scratch);
        Bench { ground, radera, dice: Dice::new() }
    }

    /// A file of so many sectors.
    fn file(&mut self, name: &str, sectors: usize) -> (PathBuf, Vec<u8>) {
        let (path, content) = (self.ground.at(name), content(&mut self.dice, sectors));
        plant(&path, &content);
        (path, content)
    }

    fn assert_is(&self, path: &Path, content: &[u8]) {
        assert!(std::fs::read(path).is_ok_and(|now| now == content), "{} is not what it was", path.display());
    }

    /// How many sectors of `content` the raw image holds once everything is unmounted.
    fn left(&mut self, content: &[u8]) -> usize {
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
    assert_eq!(Tool::Shred.run(&[], &fifo).status.code(), Some(HANGS), "shred 9.1 hangs on a FIFO");

    let start = Instant::now();
    let refused = wipe(&bench.radera, &[&fifo], &[]);
    assert!(start.elapsed() < Duration::from_secs(10), "{refused:?}");
    assert_refused(&bench.radera, &refused, &["fifo", "pipe"]);

    let tree = bench.ground.at("tree");
    std::fs::create_dir(&tree).unwrap();
    std::fs::rename(&fifo, tree.join("fifo")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(tree.join("socket")).unwrap();
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
    let (path, content) = bench.file("big", 16 * 1024);
    let mut running = super::told::start(&bench.radera, &[&path], &["--max-rate", &(8 * MIB).to_string()]);
    running.wait_for_event("started");
    std::thread::sleep(Duration::from_millis(300));
    let bytes = std::fs::metadata(&path).map(|data| data.len());
    let ended = running.wait();
    assert_eq!(bytes.ok(), Some(8 * MIB), "its name and its length, while it is written");
    assert_cleared(&ended, 1);
    bench.ground.unmount();
    let mut marks = Marks::default();
    let (truncated, wiped) = (marks.add(&before), marks.add(&content));
    let found = marks.search(bench.ground.image.path());
    assert_eq!(found[wiped].distinct, 0);
    // ext4 may have given some of the freed blocks to the file that came next.
    assert!(found[truncated].distinct > 0 || found[truncated].distinct == 0 && bench.radera.records().len() == 1);
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
        disk.set_faults(Faults { write_fails: vec![first..first + 4096], ..Faults::default() });
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

#[test]
fn one_byte_and_no_byte_and_a_byte_over_a_block() {
    needs_root!();
    let mut bench = Bench::new();
    let sizes = [0, 1, 511, 512, 4095, 4096, 4097, 70_001];
    let paths: Vec<PathBuf> = sizes.iter().map(|size| bench.ground.at(&format!("of-{size}"))).collect();
    let secret = content(&mut bench.dice, 256);
    for (path, size) in paths.iter().zip(sizes) {
        plant(path, &secret[..size]);
    }
    let names: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let record = assert_cleared(&wipe(&bench.radera, &names, &[]), sizes.len() as u64);
    assert_eq!(record.number("/files/bytes"), sizes.iter().sum::<usize>() as u64);
    assert!(paths.iter().all(|path| !path.exists()));
    assert_eq!(bench.left(&secret), 0);
}

#[test]
fn kept_on_request_and_then_it_holds_what_the_record_says() {
    needs_root!();
    let mut bench = Bench::new();
    let (path, before) = bench.file("kept", 100);
    let record = assert_cleared(&wipe(&bench.radera, &[&path], &["--keep", "--pattern", "0xa5"]), 1);
    assert!(std::fs::read(&path).is_ok_and(|now| now.len() == before.len() && now.iter().all(|byte| *byte == 0xa5)));
    assert!(!residue(&record).is_empty() || record.value("/residue").as_array().unwrap().is_empty());
    assert_eq!(bench.left(&before), 0);
}

#[test]
fn a_read_only_filesystem_and_an_immutable_file_fail_fast_and_whole() {
    needs_root!();
    let mut bench = Bench::new();
    let (path, before) = bench.file("read-only", 16);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
    // A read-only mode is nothing to root; the file goes.
    assert_cleared(&wipe(&bench.radera, &[&path], &[]), 1);

    let (path, locked) = bench.file("immutable", 16);
    run("chattr", &["+i", path.to_str().unwrap()]);
    let out = Radera::named(&bench.ground.scratch, "second");
    let refused = wipe(&out, &[&path], &[]);
    assert_refused(&out, &refused, &["immutable", "+i", "--lift-attributes"]);
    bench.assert_is(&path, &locked);
    assert_cleared(&wipe(&out, &[&path], &["--lift-attributes"]), 1);

    let (path, append) = bench.file("append-only", 16);
    run("chattr", &["+a", path.to_str().unwrap()]);
    let out = Radera::named(&bench.ground.scratch, "third");
    assert_refused(&out, &wipe(&out, &[&path], &[]), &["append", "+a", "--lift-attributes"]);
    bench.assert_is(&path, &append);
    run("chattr", &["-a", path.to_str().unwrap()]);

    let at = bench.ground.mounted().path().to_str().unwrap().to_string();
    run("mount", &["-o", "remount,ro", &at]);
    let refused = wipe(&out, &[&path], &[]);
    assert_refused(&out, &refused, &["read-only", "read only"]);
    bench.assert_is(&path, &append);
    run("mount", &["-o", "remount,rw", &at]);
    assert_eq!(bench.left(&[before, locked].concat()), 0);
}

#[test]
fn awkward_names_are_only_names() {
    needs_root!();
    use std::os::unix::ffi::OsStrExt;
    let mut bench = Bench::new();
    let tree = bench.ground.at("-rf");
    std::fs::create_dir(&tree).unwrap();
    let names: [&[u8]; 7] = [b"--help", b"-u", b" ", b"new\nline", b"\xff\xfe not utf-8", b"\x1b[31mred", &[b'n'; 255]];
    let secret = content(&mut bench.dice, 8 * names.len());
    for (name, part) in names.iter().zip(secret.chunks(8 * SECTOR as usize)) {
        plant(&tree.join(std::ffi::OsStr::from_bytes(name)), part);
    }
    let ended = wipe(&bench.radera, &[&tree], &[]);
    let record = assert_cleared(&ended, names.len() as u64);
    let written = std::fs::read_to_string(&record.path).unwrap();
    assert!(
        !written.contains("--help") && !written.contains("nnnn"),
        "no name stands in a record unless asked for: {written}"
    );
    assert!(!ended.said().contains('\u{1b}'), "a name can't paint the terminal");
    assert!(!tree.exists());
    assert_eq!(bench.left(&secret), 0);
}

#[test]
fn sparse_files_are_cleared_where_they_are_and_do_not_grow() {
    needs_root!();
    let mut bench = Bench::new();
    let (path, secret) = (bench.ground.at("sparse"), content(&mut bench.dice, 64));
    plant(&path, &secret);
    // 8 GiB on a filesystem of 64 MiB, with content at both ends.
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    let tail = content(&mut bench.dice, 8);
    std::os::unix::fs::FileExt::write_all_at(&file, &tail, 8 << 30).unwrap();
    file.sync_all().unwrap();
    drop(file);
    let record = assert_cleared(&wipe(&bench.radera, &[&path], &[]), 1);
    assert!(record.number("/passes/0/bytes_written") < MIB, "holes are skipped: {}", record.json);
    assert_eq!(bench.left(&[secret, tail].concat()), 0);
}

#[test]
fn options_do_not_swallow_what_follows_and_nonsense_is_refused_before_anything_is_changed() {
    needs_root!();
    let mut bench = Bench::new();
    let (path, before) = bench.file("file", 16);
    let name = path.to_str().unwrap();
    let out = bench.radera.out.to_str().unwrap();
    let asks: [(&[&str], i32); 6] = [
        (&["wipe", name, "--method", "purge", "--yes", "--out", out], 3),
        (&["wipe", name, "--method", "clear", "--out", out], 3),
        (&["wipe", name, "--yes", "--out", out], 2),
        (&["wipe", name, "--method", "clear", "--yes", "--out", out, "--pattern", "-1"], 2),
        (&["wipe", name, "--method", "clear", "--yes", "--out", out, "--max-rate", "-1"], 2),
        (&["wipe", name, &format!("{name}-missing"), "--method", "clear", "--yes", "--out", out], 1),
    ];
    for (words, code) in asks {
        let ended = bench.radera.run(words);
        assert_eq!(ended.code(), code, "{words:?}: {ended:?}");
        bench.assert_is(&path, &before);
    }
    assert_eq!(bench.radera.records().len(), 0);
    let planned = bench.radera.run(&["plan", name, "--method", "clear"]);
    assert_eq!(planned.code(), 0, "{planned:?}");
    bench.assert_is(&path, &before);
}

#[test]
fn names_stand_in_the_record_only_when_asked_for() {
    needs_root!();
    let mut bench = Bench::new();
    let (path, _) = bench.file("kundeliste-hansen", 8);
    let record = assert_cleared(&wipe(&bench.radera, &[&path], &[]), 1);
    assert!(!std::fs::read_to_string(&record.path).unwrap().contains("kundeliste"), "{}", record.json);
    let (path, _) = bench.file("kundeliste-hansen", 8);
    let record = assert_cleared(&wipe(&bench.radera, &[&path], &["--list-names"]), 1);
    assert!(std::fs::read_to_string(&record.path).unwrap().contains("kundeliste-hansen"), "{}", record.json);
    assert_eq!(bench.radera.check(&record.path, &["--require", "sanitized"]).code(), 0);
}

/// What lies above another filesystem, in memory or behind a protocol can't be proved.
#[test]
fn stacked_and_foreign_filesystems_are_refused_with_the_way_out() {
    needs_root!();
    let bench = Bench::new();
    let scratch = &bench.ground.scratch;
    let (lower, upper, work) = (bench.ground.at("lower"), bench.ground.at("upper"), bench.ground.at("work"));
    for directory in [&lower, &upper, &work] {
        std::fs::create_dir(directory).unwrap();
    }
    let secret = content(&mut Dice::new(), 64);
    plant(&lower.join("file"), &secret);
    let options = format!("lowerdir={},upperdir={},workdir={}", lower.display(), upper.display(), work.display());
    let made =
        attempt("mount", &["-t", "overlay", "-o", &options, "overlay", scratch.directory("overlay").to_str().unwrap()]);
    if made.status.success() {
        let at = scratch.join("overlay");
        let refused = wipe(&bench.radera, &[&at.join("file")], &[]);
        let _ = attempt("umount", &[at.to_str().unwrap()]);
        assert_refused(&bench.radera, &refused, &["overlay", "lower"]);
        bench.assert_is(&lower.join("file"), &secret);
    }
    let memory = scratch.join("in-memory");
    plant(&memory, &secret);
    let refused = wipe(&bench.radera, &[&memory], &[]);
    assert_refused(&bench.radera, &refused, &["tmpfs", "memory"]);
    bench.assert_is(&memory, &secret);
    let ended = wipe(&bench.radera, &[&memory], &["--accept-trim"]);
    assert_eq!(ended.code(), 4, "{ended:?}");
    assert_ne!(verdict(&ended.record()), "cleared-verified");
}

/// The flag that a single file carries, on a filesystem that is otherwise in order.
#[test]
fn a_file_whose_data_is_journaled_is_refused() {
    needs_root!();
    let mut bench = Bench::new();
    let path = bench.ground.at("journaled");
    std::fs::write(&path, "").unwrap();
    // By debugfs: for `chattr +j` the kernel asks a right (CAP_SYS_RESOURCE) that root in a container lacks.
    bench.ground.unmount();
    run(
        "debugfs",
        &["-w", "-R", "set_inode_field /journaled flags 0x84000", bench.ground.image.path().to_str().unwrap()],
    );
    bench.ground.mount();
    assert!(run("lsattr", &[path.to_str().unwrap()]).split(' ').next().unwrap().contains('j'));
    let secret = content(&mut bench.dice, 256);
    plant(&path, &secret);
    let refused = wipe(&bench.radera, &[&path], &[]);
    assert_refused(&bench.radera, &refused, &["journal"]);
    bench.assert_is(&path, &secret);
    let ended = wipe(&bench.radera, &[&path], &["--accept-trim"]);
    assert_eq!(ended.code(), 4, "{ended:?}");
    let record = ended.record();
    assert_ne!(verdict(&record), "cleared-verified");
    let named = residue(&record);
    let left = bench.left(&secret);
    assert!(left == 0 || named.iter().any(|kind| kind == "journal"), "{left} sectors, {named:?}");
}

#[test]
fn every_file_of_a_tree_counts_and_directories_go() {
    needs_root!();
    let mut bench = Bench::new();
    let tree = bench.ground.at("tree");
    let secret = content(&mut bench.dice, 200);
    for (number, part) in secret.chunks(SECTOR as usize).enumerate() {
        let directory = tree.join(format!("{}/{}", number % 7, number % 3));
        std::fs::create_dir_all(&directory).unwrap();
        plant(&directory.join(format!("file-{number}")), part);
    }
    let (beside, kept) = bench.file("beside", 8);
    let record = assert_cleared(&wipe(&bench.radera, &[&tree], &[]), 200);
    assert_eq!(record.number("/files/bytes"), 200 * SECTOR);
    assert!(["partial-clear", "logical-overwrite"].contains(&record.text("/claim")), "{}", record.json);
    assert_eq!(record.text("/method"), "clear");
    assert_eq!(bench.radera.check(&record.path, &["--require", "sanitized"]).code(), 0);
    assert!(!tree.exists());
    bench.assert_is(&beside, &kept);
    assert_eq!(bench.left(&secret), 0);
}

/// Files of another filesystem that is mounted inside the tree stay, and are named.
#[test]
fn a_mount_in_the_tree_is_not_entered() {
    needs_root!();
    let mut bench = Bench::new();
    let tree = bench.ground.at("tree");
    std::fs::create_dir_all(tree.join("mounted")).unwrap();
    let (file, before) = bench.file("tree/file", 8);
    let image = Kind::Ext4.make_sized(bench.ground.scratch.join("other.img"), 16 * MIB);
    let other = Mounted::over(Kind::Ext4, image.path(), &tree.join("mounted"));
    let secret = content(&mut bench.dice, 8);
    plant(&other.path().join("victim"), &secret);
    let ended = wipe(&bench.radera, &[&tree], &[]);
    assert_ne!(ended.code(), 0, "something of the tree stays: {ended:?}");
    assert!(ended.said().contains("mounted"), "{ended:?}");
    bench.assert_is(&other.path().join("victim"), &secret);
    if ended.code() == 3 {
        bench.assert_is(&file, &before);
    }
    other.unmount();
}
