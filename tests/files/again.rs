//! Going on with a job, and reading again: only with what was confirmed, and no more is said than that.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::filesystems::{Ground, Kind, plant};
use super::marks::content;
use super::told::{self, assert_cleared, assert_refused, wipe};
use crate::needs_root;
use crate::support::radera::Radera;
use crate::support::random::Dice;
use crate::support::{MIB, SECTOR, run};

struct Bench {
    ground: Ground,
    radera: Radera,
    dice: Dice,
}

impl Bench {
    fn new() -> Self {
        let ground = Ground::make(Kind::Ext4, 48);
        let radera = Radera::in_scratch(&ground.scratch);
        Bench { ground, radera, dice: Dice::new() }
    }

    fn file(&mut self, name: &str, bytes: u64) -> (PathBuf, Vec<u8>) {
        let path = self.ground.at(name);
        let secret = content(&mut self.dice, usize::try_from(bytes / SECTOR).unwrap());
        plant(&path, &secret);
        (path, secret)
    }

    /// A wipe of the target that is stopped before its first file is done.
    fn interrupted(&self, target: &Path) {
        let mut running = told::start(&self.radera, &[target], &["--max-rate", "1048576"]);
        running.wait_for_event("started");
        std::thread::sleep(Duration::from_millis(200));
        running.signal("INT");
        assert_eq!(running.wait().status.code(), Some(6));
    }

    fn resume(&self) -> crate::support::radera::Ended {
        self.radera.run(&["resume"])
    }
}

/// What is gone was not erased because it is gone.
#[test]
fn a_target_that_was_moved_away_is_not_taken_for_erased() {
    needs_root!();
    let mut bench = Bench::new();
    let (path, secret) = bench.file("target", 4 * MIB);
    let (tree, whole) = (bench.ground.at("tree"), bench.ground.at("elsewhere"));
    bench.interrupted(&path);
    std::fs::rename(&path, &whole).unwrap();
    let refused = bench.resume();
    assert_eq!(refused.code(), 3, "{refused:?}");
    assert!(refused.said().contains("did not remove it"), "{refused:?}");
    // Where it was put back, it goes on.
    std::fs::rename(&whole, &path).unwrap();
    assert_cleared(&bench.resume(), 1);
    assert!(!path.exists() && !tree.exists());
    drop(secret);
}

/// A confirmation is for what was there then.
#[test]
fn what_was_put_there_since_is_not_erased() {
    needs_root!();
    let mut bench = Bench::new();
    let (path, _) = bench.file("target", 4 * MIB);
    bench.interrupted(&path);
    std::fs::remove_file(&path).unwrap();
    run("sync", &[]);
    let (path, new) = bench.file("target", MIB);
    let refused = bench.resume();
    assert_eq!(refused.code(), 3, "{refused:?}");
    assert!(std::fs::read(&path).unwrap() == new, "it was touched");
    // A new wipe of the same target is another confirmation, and ends the older job.
    assert_cleared(&wipe(&bench.radera, &[&path], &[]), 1);
    let (path, newest) = bench.file("target", MIB);
    let nothing = bench.resume();
    assert_eq!(nothing.code(), 0, "{nothing:?}");
    assert!(nothing.said().contains("no interrupted jobs") || nothing.records().is_empty(), "{nothing:?}");
    assert!(std::fs::read(&path).unwrap() == newest, "it was touched");
}

#[test]
fn both_names_of_a_file_are_taken_when_asked_and_a_protected_directory_is_refused() {
    needs_root!();
    let mut bench = Bench::new();
    std::fs::create_dir(bench.ground.at("tree")).unwrap();
    let (one, secret) = bench.file("tree/one", MIB);
    std::fs::hard_link(&one, bench.ground.at("tree/two")).unwrap();
    let tree = bench.ground.at("tree");
    run("chattr", &["+i", tree.to_str().unwrap()]);
    let refused = wipe(&bench.radera, &[&tree], &["--hardlinks"]);
    run("chattr", &["-i", tree.to_str().unwrap()]);
    assert_refused(&bench.radera, &refused, &["chattr"]);
    assert!(std::fs::read(&one).unwrap() == secret);
    let ended = wipe(&bench.radera, &[&tree], &["--hardlinks"]);
    assert_eq!(ended.code(), 0, "{ended:?}");
    assert!(!tree.exists());
}

/// Blocks that nobody has used since still hold what was written; others are told, and no more is made of it.
#[test]
fn the_blocks_of_a_record_are_read_again() {
    needs_root!();
    let mut bench = Bench::new();
    let (path, _) = bench.file("target", 4 * MIB);
    let record = assert_cleared(&wipe(&bench.radera, &[&path], &[]), 1);
    let top = bench.ground.mounted().path().to_str().unwrap().to_string();
    let device = bench.ground.mounted().device().name().to_string();
    let path = record.path.to_str().unwrap().to_string();
    for target in [&top, &device] {
        let again = bench.radera.run(&["verify", target, "--record", &path]);
        assert_eq!(again.code(), 0, "{again:?}");
        assert!(again.said().contains("can't be repeated"), "{again:?}");
    }
    // The filesystem uses them anew.
    let (_, _) = bench.file("new", 24 * MIB);
    let again = bench.radera.run(&["verify", &device, "--record", &path]);
    assert_eq!(again.code(), 4, "{again:?}");
    std::fs::remove_file(record.path.with_extension("files.jsonl")).unwrap();
    let again = bench.radera.run(&["verify", &device, "--record", &path]);
    assert_eq!(again.code(), 3, "{again:?}");
    let sampled = bench.radera.run(&["verify", &device, "--record", &path, "--verify", "sampled"]);
    assert_eq!(sampled.code(), 2, "{sampled:?}");
}
