//! Killed, stopped, out of room, on a disk that fails: nothing is claimed that was not done, and `resume` finishes.

use std::iter;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::filesystems::{Ground, Kind, plant};
use super::marks::{Marks, content};
use super::told::{self, assert_cleared, verdicts, wipe};
use crate::needs_root;
use crate::support::disk::{Mount, Scratch};
use crate::support::faulty::{Faults, FaultyDisk};
use crate::support::radera::{Issued, Radera};
use crate::support::random::Dice;
use crate::support::{MIB, SECTOR, attempt, run};

/// Moments at which a run is killed.
fn moments() -> u64 {
    if std::env::var_os("RADERA_CAMPAIGN").is_some() { 40 } else { 5 }
}

/// One big file, or a tree of small ones, and what of them is in the raw image.
struct Bench {
    ground: Ground,
    radera: Radera,
    target: PathBuf,
    marks: Marks,
    group: usize,
    files: u64,
}

/// Bytes in the file or the tree.
const BYTES: u64 = 6 * MIB;
/// Writing takes about a second.
const RATE: &str = "6291456";

impl Bench {
    fn big(dice: &mut Dice) -> Self {
        Self::make(dice, |target, secret| {
            plant(target, secret);
            1
        })
    }

    fn tree(dice: &mut Dice) -> Self {
        Self::make(dice, |target, secret| {
            let parts = secret.chunks(30 * 1024);
            let count = parts.len() as u64;
            for (number, part) in parts.enumerate() {
                let directory = target.join(format!("d{}", number % 9));
                std::fs::create_dir_all(&directory).unwrap();
                std::fs::write(directory.join(format!("f{number}")), part).unwrap();
            }
            run("sync", &["--file-system", target.to_str().unwrap()]);
            count
        })
    }

    fn make(dice: &mut Dice, plant: impl FnOnce(&Path, &[u8]) -> u64) -> Self {
        let mut ground = Ground::make(Kind::Ext4, 48);
        let radera = Radera::in_scratch(&ground.scratch);
        let secret = content(dice, (BYTES / SECTOR) as usize);
        let mut marks = Marks::default();
        let group = marks.add(&secret);
        let target = ground.at("target");
        let files = plant(&target, &secret);
        ground.unmount();
        let bench = Bench { ground, radera, target, marks, group, files };
        assert_eq!(bench.left_in_image(), (BYTES / SECTOR) as usize);
        let mut bench = bench;
        bench.ground.mount();
        bench
    }

    fn left_in_image(&self) -> usize {
        self.marks.search(self.ground.image.path())[self.group].distinct
    }

    /// Unmounts; what is left.
    fn left(&mut self) -> usize {
        self.ground.unmount();
        self.left_in_image()
    }

    /// What any record before the last may say.
    fn assert_claims_nothing(&self, records: &[Issued], context: &str) {
        for record in records {
            assert_eq!(record.text("/claim"), "none", "{context}: {}", record.json);
            assert_eq!(record.text("/status"), "interrupted", "{context}: {}", record.json);
            assert_eq!(self.radera.check(&record.path, &[]).code(), 0, "{context}: it is authentic");
            assert_eq!(self.radera.check(&record.path, &["--require", "sanitized"]).code(), 7, "{context}");
        }
    }

    /// Strikes a run at work with a signal; then resumes, and everything is gone.
    fn strike(&mut self, signal: &str, after: Duration, context: &str) {
        let mut running = told::start(&self.radera, &[&self.target], &["--max-rate", RATE]);
        running.wait_for_event("started");
        std::thread::sleep(after);
        running.signal(signal);
        let ended = running.wait();
        if ended.status.code() == Some(0) {
            // It was faster. Then it is an ordinary end.
            assert_cleared(&ended, self.files);
            assert_eq!(self.left(), 0, "{context}");
            return;
        }
        match signal {
            "KILL" => assert_eq!(ended.status.code(), None, "{context}: {ended:?}"),
            _ => {
                assert_eq!(ended.code(), 6, "{context}: {ended:?}");
                assert_eq!(ended.record().text("/status"), "interrupted", "{context}");
            }
        }
        self.assert_claims_nothing(&self.radera.records(), context);
        let resumed = self.radera.resume();
        if resumed.code() == 3 {
            // What never began is not taken up again: then it must be true that nothing was changed.
            assert!(self.target.exists(), "{context}: {resumed:?}");
            assert_eq!(self.left(), (BYTES / SECTOR) as usize, "{context}: {resumed:?}");
            return;
        }
        assert_eq!(resumed.code(), 0, "{context}: {resumed:?}");
        let records = self.radera.records();
        let done: Vec<_> = records.iter().filter(|record| record.text("/status") == "sanitized").collect();
        assert_eq!(done.len(), 1, "{context}: {records:?}");
        assert_eq!(verdicts(done[0], "cleared-verified"), self.files, "{context}: {}", done[0].json);
        let job = records[0].text("/job");
        assert!(records.iter().all(|record| record.text("/job") == job), "{context}: one job, one id");
        assert!(!self.target.exists(), "{context}");
        assert_eq!(self.radera.resume().code(), 0, "{context}: nothing stands open any more");
        assert_eq!(self.left(), 0, "{context}");
    }
}

fn strike_each(signal: &str, make: fn(&mut Dice) -> Bench) {
    let mut dice = Dice::new();
    for moment in 0..moments() {
        let after = Duration::from_millis(dice.below(1100));
        let context = format!("{signal} {} after {after:?}, RADERA_TEST_SEED={}", moment, dice.seed);
        make(&mut dice).strike(signal, after, &context);
    }
}

#[test]
fn killed_within_a_file_it_claims_nothing_and_resume_finishes() {
    needs_root!();
    strike_each("KILL", Bench::big);
}

#[test]
fn killed_within_a_tree_it_claims_nothing_and_resume_finishes() {
    needs_root!();
    strike_each("KILL", Bench::tree);
}

#[test]
fn stopped_it_says_that_it_is_interrupted_and_resume_finishes() {
    needs_root!();
    let mut dice = Dice::new();
    for (signal, make) in [("INT", Bench::big as fn(&mut Dice) -> Bench), ("TERM", Bench::tree), ("INT", Bench::tree)] {
        make(&mut dice).strike(signal, Duration::from_millis(300), signal);
    }
}

/// `wipe` must end with exit 1 before anything is changed, and name the place.
fn assert_found_before(bench: &Bench, radera: &Radera, place: &Path) {
    let before = std::fs::read(&bench.target).unwrap();
    let ended = wipe(radera, &[&bench.target], &[]);
    assert_eq!(ended.code(), 1, "{ended:?}");
    assert!(ended.said().contains(place.to_str().unwrap()), "{ended:?}");
    assert!(std::fs::read(&bench.target).unwrap() == before, "the file was changed though its record can't be kept");
}

fn fill(at: &Path) {
    let ballast = format!("of={}", at.join("ballast").display());
    assert!(
        !attempt("dd", &["if=/dev/zero", &ballast, "bs=4k", "status=none"]).status.success(),
        "dd must find the end"
    );
}

#[test]
fn no_room_for_the_record_or_the_journal_is_found_before_anything_is_changed() {
    needs_root!();
    let bench = Bench::big(&mut Dice::new());
    let full = Mount::make("tmpfs", "radera-test", &bench.ground.scratch.join("full"), "size=64k");
    fill(full.path());
    let out = Radera { out: full.path().to_owned(), ..Radera::in_scratch(&bench.ground.scratch) };
    assert_found_before(&bench, &out, full.path());
    let state = Radera { state: full.path().join("state"), ..Radera::in_scratch(&bench.ground.scratch) };
    assert_found_before(&bench, &state, full.path());
}

/// A filesystem without room for one more block, and one with a quota that is used up: overwriting in place takes none.
#[test]
fn a_full_filesystem_and_a_used_up_quota_do_not_keep_a_file_from_being_cleared() {
    needs_root!();
    let mut bench = Bench::big(&mut Dice::new());
    fill(bench.ground.mounted().path());
    assert_cleared(&wipe(&bench.radera, &[&bench.target], &[]), 1);
    assert_eq!(bench.left(), 0);

    let scratch = Scratch::with_room(96);
    let image = scratch.join("quota.img");
    std::fs::File::create_new(&image).unwrap().set_len(48 * MIB).unwrap();
    run(
        "mke2fs",
        &[
            "-q",
            "-F",
            "-t",
            "ext4",
            "-b",
            "4096",
            "-O",
            "quota",
            "-E",
            "quotatype=usrquota:prjquota",
            image.to_str().unwrap(),
        ],
    );
    let device = crate::support::disk::Loop::attach(&image);
    let at = scratch.directory("mnt");
    let made = attempt("mount", &["-t", "ext4", "-o", "usrquota", device.name(), at.to_str().unwrap()]);
    if !made.status.success() {
        eprintln!("this kernel keeps no quotas: EDQUOT is not tried");
        return;
    }
    let mount = MountedAt(at.clone());
    let secret = content(&mut Dice::new(), 512);
    let path = at.join("of-a-user");
    plant(&path, &secret);
    run("chown", &["1234", path.to_str().unwrap()]);
    // The user has less than the file takes: not a block more.
    let limited = attempt("setquota", &["-u", "1234", "16", "16", "1", "1", at.to_str().unwrap()]);
    assert!(limited.status.success(), "{limited:?}");
    let radera = Radera::in_scratch(&scratch);
    assert_cleared(&wipe(&radera, &[&path], &[]), 1);
    drop(mount);
    device.detach();
    let mut marks = Marks::default();
    let group = marks.add(&secret);
    assert_eq!(marks.search(&image)[group].distinct, 0);
}

/// Unmounts what was mounted by hand.
struct MountedAt(PathBuf);

impl Drop for MountedAt {
    fn drop(&mut self) {
        let _ = attempt("umount", &[self.0.to_str().unwrap()]);
    }
}

/// ext4 without a journal over a disk that fails where the file is.
struct Failing {
    // Dropped in this order.
    mount: Option<Mount>,
    disk: FaultyDisk,
    radera: Radera,
    scratch: Scratch,
    path: PathBuf,
    secret: Vec<u8>,
    /// First byte of the file on the disk.
    first: u64,
}

impl Failing {
    fn make() -> Self {
        let scratch = Scratch::with_room(64);
        let radera = Radera::in_scratch(&scratch);
        let disk = FaultyDisk::make(&scratch, "faulty", 16 * MIB, Faults::default());
        run("mke2fs", &["-q", "-F", "-t", "ext4", "-b", "4096", "-O", "^has_journal", disk.node()]);
        let mount = Some(Mount::make("ext4", disk.node(), &scratch.join("mnt"), "errors=continue"));
        let (path, secret) = (scratch.join("mnt/file"), content(&mut Dice::new(), 2048));
        plant(&path, &secret);
        let said = run("filefrag", &["-b1", "-e", path.to_str().unwrap()]);
        let row = said.lines().find(|line| line.trim_start().starts_with("0:")).expect("an extent");
        let numbers: Vec<u64> = row.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
        Failing { mount, disk, radera, scratch, path, secret, first: numbers[3] }
    }

    /// Wipes with these faults; the record, and how many sectors are left on the disk.
    fn wipe(&mut self, faults: Faults) -> (i32, Option<Issued>, usize) {
        self.disk.set_faults(faults);
        let ended = wipe(&self.radera, &[&self.path], &[]);
        self.disk.set_faults(Faults::default());
        drop(self.mount.take());
        let raw = self.scratch.join("raw");
        std::fs::write(&raw, self.disk.content()).unwrap();
        let mut marks = Marks::default();
        let group = marks.add(&self.secret);
        (ended.code(), ended.records().into_iter().next(), marks.search(&raw)[group].distinct)
    }
}

fn assert_honest(failing: &Failing, record: &Issued) {
    assert_eq!(verdicts(record, "cleared-verified"), 0, "{}", record.json);
    assert_eq!(record.text("/claim"), "none", "{}", record.json);
    let checked = failing.radera.check(&record.path, &[]);
    assert_eq!(checked.code(), 0, "{checked:?}\n{}", record.json);
    assert_eq!(failing.radera.check(&record.path, &["--require", "sanitized"]).code(), 7);
}

#[test]
fn without_faults_that_disk_is_one_like_any_other() {
    needs_root!();
    let mut failing = Failing::make();
    let (code, record, left) = failing.wipe(Faults::default());
    // What lies below a file of FUSE is unknown: never more than overwritten.
    assert_eq!(code, 4, "{record:?}");
    assert_eq!(verdicts(&record.unwrap(), "overwritten-unverified"), 1);
    assert_eq!(left, 0);
}

#[test]
fn blocks_that_can_not_be_written_are_never_called_cleared() {
    needs_root!();
    let mut failing = Failing::make();
    let at = failing.first + 128 * 4096;
    let (code, record, left) =
        failing.wipe(Faults { write_fails: iter::once(at..at + 8192).collect(), ..Faults::default() });
    assert!(left >= 16, "what can't be written is left: {left}");
    assert!([4, 5].contains(&code), "{record:?}");
    let record = record.expect("a record: something was changed");
    assert_honest(&failing, &record);
    assert_eq!(verdicts(&record, "not-cleared"), 1, "{}", record.json);
}

#[test]
fn writes_that_are_acknowledged_and_not_kept_are_found_by_the_reading_from_below() {
    needs_root!();
    let mut failing = Failing::make();
    let at = failing.first + 100 * 4096;
    let (code, record, left) = failing.wipe(Faults { drops: iter::once(at..at + 4096).collect(), ..Faults::default() });
    assert_eq!(left, 8, "what the disk did not keep");
    assert!([4, 5].contains(&code), "{record:?}");
    assert_honest(&failing, &record.expect("a record"));
}

#[test]
fn blocks_that_can_not_be_read_back_are_not_verified() {
    needs_root!();
    let mut failing = Failing::make();
    let at = failing.first + 100 * 4096;
    let (code, record, _) =
        failing.wipe(Faults { read_fails: iter::once(at..at + 4096).collect(), ..Faults::default() });
    assert!([4, 5].contains(&code), "{record:?}");
    assert_honest(&failing, &record.expect("a record"));
}

#[test]
fn a_disk_that_dies_midway_leaves_a_record_of_a_failure() {
    needs_root!();
    let mut failing = Failing::make();
    let dies_after = failing.disk.written() + MIB / 2;
    let (code, record, left) = failing.wipe(Faults { dies_after: Some(dies_after), ..Faults::default() });
    assert_eq!(code, 5, "{record:?}");
    assert!(left > 0);
    assert_honest(&failing, &record.expect("a record"));
}

#[test]
fn not_verified_because_asked_so_is_exit_4() {
    needs_root!();
    let mut bench = Bench::big(&mut Dice::new());
    let ended = wipe(&bench.radera, &[&bench.target], &["--verify", "none"]);
    assert_eq!(ended.code(), 4, "{ended:?}");
    let record = ended.record();
    assert_eq!(verdicts(&record, "overwritten-unverified"), 1, "{}", record.json);
    assert_eq!(record.text("/status"), "unverified", "{}", record.json);
    assert_eq!(record.text("/claim"), "none", "{}", record.json);
    assert_eq!(bench.left(), 0);
}
