//! What GNU shred's own tests ask of shred, asked of radera; and what else a file, a name or a filesystem can be.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::filesystems::{Kind, Mounted, plant};
use super::marks::content;
use super::peers::Bench;
use super::told::{assert_cleared, assert_refused, residue, verdict, wipe};
use crate::needs_root;
use crate::support::radera::Radera;
use crate::support::random::Dice;
use crate::support::{MIB, SECTOR, attempt, run};

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
    assert_eq!(record.last_pass()["bytes_hex"], "a5", "{}", record.json);
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
