//! A tree that somebody changes while it is wiped: what lies outside it stays as it is, byte for byte.
//!
//! An attacker swaps entries of the tree, as fast as it can, for links to a victim tree outside and back, for hard links, for directories from
//! elsewhere, for mounts. What is counted as one race: an entry of the tree that was swapped, at least once and mostly hundreds of times, while the
//! program was at work on that tree. An entry counts once a round, however often it was swapped. `RADERA_CAMPAIGN=1` makes 10,000 of each kind
//! instead of 500.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
use nix::mount::{MntFlags, MsFlags, mount, umount2};

use super::filesystems::{Ground, Kind};
use super::marks::random;
use super::told;
use crate::needs_root;
use crate::support::radera::Radera;
use crate::support::random::Dice;

/// Races of each kind.
fn wanted() -> usize {
    if std::env::var_os("RADERA_CAMPAIGN").is_some() { 10_000 } else { 500 }
}

/// Directories of a tree, each with files `f0` and `f1` and a directory `sub` with a file `f0`.
const DIRECTORIES: usize = 60;
/// So that the program is at work for about a quarter of a second.
const RATE: &str = "3000000";

/// Everything below a directory: inode, mode, size, time of the last change of data, content.
type Picture = BTreeMap<PathBuf, (u64, u32, u64, (i64, i64), Vec<u8>)>;

fn picture(of: &Path) -> Picture {
    let mut found = Picture::new();
    let mut left = vec![of.to_owned()];
    while let Some(path) = left.pop() {
        let data = path.symlink_metadata().unwrap();
        let content = if data.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
        if data.is_dir() {
            left.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        found.insert(path, (data.ino(), data.mode(), data.len(), (data.mtime(), data.mtime_nsec()), content));
    }
    found
}

fn grow(root: &Path, dice: &mut Dice) {
    for number in 0..DIRECTORIES {
        let at = root.join(format!("d{number}"));
        std::fs::create_dir_all(at.join("sub")).unwrap();
        for file in ["f0", "f1", "sub/f0"] {
            std::fs::write(at.join(file), random(dice, 4000)).unwrap();
        }
    }
}

/// Swaps two names at once: at no moment is one of them missing. False where one has gone.
fn exchange(one: &Path, other: &Path) -> bool {
    renameat2(AT_FDCWD, one, AT_FDCWD, other, RenameFlags::RENAME_EXCHANGE).is_ok()
}

struct Arena {
    tree: PathBuf,
    /// What nobody may touch.
    victim: PathBuf,
    /// Where the attacker keeps what it swaps in: on the same filesystem, outside the tree.
    bag: PathBuf,
}

impl Arena {
    fn in_tree(&self, number: usize, name: &str) -> PathBuf {
        self.tree.join(format!("d{number}")).join(name)
    }

    fn in_victim(&self, number: usize, name: &str) -> PathBuf {
        self.victim.join(format!("d{number}")).join(name)
    }

    fn in_bag(&self, number: usize) -> PathBuf {
        self.bag.join(format!("b{number}"))
    }
}

trait Attack: Sync {
    /// Puts into the bag what is swapped in at `number`.
    fn prepare(&self, arena: &Arena, number: usize);
    /// Swaps in and out again; whether it could.
    fn swap(&self, arena: &Arena, number: usize) -> bool;
    /// What the bag must hold when all is over, whatever happened.
    fn spared(&self, _arena: &Arena) -> Vec<PathBuf> {
        Vec::new()
    }
    fn clean(&self, _arena: &Arena) {}
}

/// One round; the numbers of the entries that were swapped while the program ran, and its exit code.
fn round(attack: &dyn Attack, arena: &Arena, radera: &Radera, from_the_start: bool) -> (BTreeSet<usize>, i32) {
    let (over, working) = (AtomicBool::new(false), AtomicBool::new(from_the_start));
    std::thread::scope(|scope| {
        let mut running = told::start(radera, &[&arena.tree], &["--max-rate", RATE]);
        let attacker = scope.spawn(|| {
            let mut swapped = BTreeSet::new();
            while !over.load(Ordering::SeqCst) {
                for number in (0..DIRECTORIES).take_while(|_| !over.load(Ordering::SeqCst)) {
                    let before = working.load(Ordering::SeqCst);
                    // Only what changed the tree, begun and ended while the program ran.
                    if before && attack.swap(arena, number) && !over.load(Ordering::SeqCst) {
                        swapped.insert(number);
                    }
                }
            }
            swapped
        });
        if !from_the_start {
            running.wait_for_event("started");
            working.store(true, Ordering::SeqCst);
        }
        let ended = running.wait();
        over.store(true, Ordering::SeqCst);
        (attacker.join().unwrap(), ended.code())
    })
}

/// Rounds over fresh trees until there were as many races as wanted; every fourth is attacked from the program's start, the others once it has
/// begun to write. Each must end in an exit code that the command line knows, and leave the victim as it was.
fn attack(attack: &dyn Attack) {
    let ground = Ground::make(Kind::Ext4, 96);
    let radera = Radera::in_scratch(&ground.scratch);
    let mut dice = Dice::new();
    let victim = ground.at("victim");
    grow(&victim, &mut dice);
    let before = picture(&victim);
    let (mut races, mut rounds, mut codes) = (0, 0, BTreeMap::new());
    while races < wanted() {
        let (tree, bag) = (ground.at(&format!("tree{rounds}")), ground.at(&format!("bag{rounds}")));
        let arena = Arena { tree, victim: victim.clone(), bag };
        grow(&arena.tree, &mut dice);
        std::fs::create_dir(&arena.bag).unwrap();
        (0..DIRECTORIES).for_each(|number| attack.prepare(&arena, number));
        let spared: Vec<Picture> = attack.spared(&arena).iter().map(|path| picture(path)).collect();

        let (swapped, code) = round(attack, &arena, &radera, rounds % 4 == 3);

        attack.clean(&arena);
        assert!([0, 1, 3, 4, 5].contains(&code), "exit {code}");
        assert!(
            picture(&victim) == before,
            "round {rounds}, seed {}: something outside the tree was touched",
            dice.seed
        );
        for (path, then) in attack.spared(&arena).iter().zip(spared) {
            assert!(picture(path) == then, "round {rounds}, seed {}: {} was touched", dice.seed, path.display());
        }
        std::fs::remove_dir_all(&arena.bag).unwrap();
        if arena.tree.exists() {
            std::fs::remove_dir_all(&arena.tree).unwrap();
        }
        *codes.entry(code).or_insert(0) += 1;
        races += swapped.len();
        rounds += 1;
        assert!(rounds <= wanted() / 5, "only {races} races in {rounds} rounds");
    }
    println!("{races} races in {rounds} rounds; rounds by exit code: {codes:?}");
    assert!(codes.keys().any(|code| [0, 4, 5].contains(code)), "it was never attacked while it wiped: {codes:?}");
}

/// A directory of the tree is, for a moment, a symlink to one of the victim's.
struct DirectoryForSymlink;

impl Attack for DirectoryForSymlink {
    fn prepare(&self, arena: &Arena, number: usize) {
        symlink(arena.in_victim(number, ""), arena.in_bag(number)).unwrap();
    }

    fn swap(&self, arena: &Arena, number: usize) -> bool {
        let (here, there) = (arena.tree.join(format!("d{number}")), arena.in_bag(number));
        let swapped = exchange(&here, &there);
        let _ = swapped && exchange(&here, &there);
        swapped
    }
}

#[test]
fn a_symlink_swapped_in_for_a_directory_leads_nowhere() {
    needs_root!();
    attack(&DirectoryForSymlink);
}

/// A file is, for a moment, a symlink to a file of the victim's, or another name of it.
struct FileForLink;

impl Attack for FileForLink {
    fn prepare(&self, arena: &Arena, number: usize) {
        let (file, at) = (arena.in_victim(number, "f0"), arena.in_bag(number));
        if number.is_multiple_of(2) { symlink(file, at).unwrap() } else { std::fs::hard_link(file, at).unwrap() }
    }

    fn swap(&self, arena: &Arena, number: usize) -> bool {
        let (here, there) = (arena.in_tree(number, "f0"), arena.in_bag(number));
        let swapped = exchange(&here, &there);
        let _ = swapped && exchange(&here, &there);
        swapped
    }
}

#[test]
fn a_file_replaced_between_stat_and_open_is_not_taken_for_the_one_that_was_looked_at() {
    needs_root!();
    attack(&FileForLink);
}

/// A directory is, for a moment, in another one outside, beside files with the names that its siblings have: whoever goes up by `..` is there.
struct DirectoryMovedOut;

impl Attack for DirectoryMovedOut {
    fn prepare(&self, arena: &Arena, number: usize) {
        let at = arena.in_bag(number);
        std::fs::create_dir_all(at.join("beside")).unwrap();
        std::fs::create_dir(at.join("hole")).unwrap();
        for name in ["f0", "f1"] {
            std::fs::copy(arena.in_victim(number, name), at.join("beside").join(name)).unwrap();
        }
    }

    fn swap(&self, arena: &Arena, number: usize) -> bool {
        let (here, outside) = (arena.in_tree(number, "sub"), arena.in_bag(number).join("hole"));
        let swapped = exchange(&here, &outside);
        let back = arena.in_bag(number).join("beside/sub");
        // For a moment it lies among the files outside.
        if swapped && std::fs::rename(&outside, &back).is_ok() {
            let _ = std::fs::rename(&back, &outside);
        }
        let _ = swapped && exchange(&here, &outside);
        swapped
    }

    fn spared(&self, arena: &Arena) -> Vec<PathBuf> {
        let files = |number| ["f0", "f1"].map(|name| arena.in_bag(number).join("beside").join(name));
        (0..DIRECTORIES).flat_map(files).collect()
    }
}

#[test]
fn a_directory_that_is_moved_away_takes_nobody_along() {
    needs_root!();
    attack(&DirectoryMovedOut);
}

/// A directory of the tree has, for a moment, one of the victim's mounted over it: the same device, another mount.
struct MountAppears;

impl Attack for MountAppears {
    fn prepare(&self, _arena: &Arena, _number: usize) {}

    fn swap(&self, arena: &Arena, number: usize) -> bool {
        let (from, at) = (arena.in_victim(number, ""), arena.tree.join(format!("d{number}")));
        let none: Option<&str> = None;
        let mounted = mount(Some(&from), &at, none, MsFlags::MS_BIND, none).is_ok();
        let _ = mounted && umount2(&at, MntFlags::MNT_DETACH).is_ok();
        mounted
    }

    fn clean(&self, arena: &Arena) {
        for number in 0..DIRECTORIES {
            while umount2(&arena.tree.join(format!("d{number}")), MntFlags::MNT_DETACH).is_ok() {}
        }
    }
}

#[test]
fn a_mount_that_appears_in_the_tree_is_not_entered() {
    needs_root!();
    attack(&MountAppears);
}

/// The attacks themselves, against tools that walk by names: an attack that harms nobody shows nothing.
#[test]
fn the_attacks_harm_who_walks_by_names() {
    needs_root!();
    let attacks: [(&dyn Attack, &str); 2] = [(&DirectoryForSymlink, "a symlink"), (&MountAppears, "a mount")];
    for (attack, what) in attacks {
        let ground = Ground::make(Kind::Ext4, 64);
        let mut dice = Dice::new();
        let victim = ground.at("victim");
        grow(&victim, &mut dice);
        let before = picture(&victim);
        let harmed = (0..200).any(|number| {
            let arena = Arena {
                tree: ground.at(&format!("tree{number}")),
                victim: victim.clone(),
                bag: ground.at(&format!("bag{number}")),
            };
            grow(&arena.tree, &mut dice);
            std::fs::create_dir(&arena.bag).unwrap();
            (0..DIRECTORIES).for_each(|number| attack.prepare(&arena, number));
            let over = AtomicBool::new(false);
            std::thread::scope(|scope| {
                let attacker = scope.spawn(|| {
                    while !over.load(Ordering::SeqCst) {
                        for number in (0..DIRECTORIES).take_while(|_| !over.load(Ordering::SeqCst)) {
                            let _ = attack.swap(&arena, number);
                        }
                    }
                });
                // Looks, then opens by name: as every tool does that knows no dirfd. Again and again, so that the moment comes.
                for number in (0..100 * DIRECTORIES).map(|turn| turn % DIRECTORIES) {
                    let directory = arena.tree.join(format!("d{number}"));
                    if directory.symlink_metadata().is_ok_and(|data| data.is_dir())
                        && std::fs::read_dir(&directory).is_ok_and(|names| names.count() > 0)
                        && let Ok(mut file) = std::fs::File::options().write(true).open(directory.join("f1"))
                    {
                        let _ = std::io::Write::write_all(&mut file, &[0; 4000]);
                    }
                }
                over.store(true, Ordering::SeqCst);
                attacker.join().unwrap();
            });
            attack.clean(&arena);
            std::fs::remove_dir_all(&arena.bag).unwrap();
            std::fs::remove_dir_all(&arena.tree).unwrap();
            picture(&victim) != before
        });
        assert!(harmed, "{what}: 200 rounds against a naive walker, and the victim is as it was");
    }
}
