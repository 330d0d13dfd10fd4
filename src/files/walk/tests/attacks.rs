//! Somebody changes the tree while it is walked and cleared: nothing outside it is ever touched. `RADERA_CAMPAIGN=1` runs each attack
//! 10,000 times.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::rig::{Clearer, in_memory};

fn rounds() -> u64 {
    if std::env::var_os("RADERA_CAMPAIGN").is_some() { 10_000 } else { 500 }
}

struct Mounts(PathBuf);

impl Drop for Mounts {
    fn drop(&mut self) {
        // Whatever the attacker left mounted below; several may lie on one another.
        for _ in 0..100 {
            let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
            let below = |line: &&str| line.split(' ').nth(1).is_some_and(|at| Path::new(at).starts_with(&self.0));
            let Some(at) = mounts.lines().filter(below).filter_map(|l| l.split(' ').nth(1)).next_back() else { return };
            let _ = Command::new("umount").args(["-l", at]).stderr(Stdio::null()).status();
        }
    }
}

/// Clears trees of `top/{0..4}/{a,b,sub/c}` one after another, while `attack` is run in another thread; then the victim is looked at.
fn under(attack: impl Fn(&Path, &Path, u64) + Send + Sync + 'static) {
    let dir = in_memory();
    let _mounts = Mounts(dir.path().into());
    let victim = dir.path().join("victim");
    fs::create_dir_all(victim.join("sub")).unwrap();
    for name in ["a", "b", "sub/c"] {
        fs::write(victim.join(name), b"kept").unwrap();
    }
    let top = dir.path().join("top");
    let stop = Arc::new(AtomicBool::new(false));
    let struck = Arc::new(AtomicU64::new(0));
    let attacker = {
        let (stop, struck, top, victim) = (Arc::clone(&stop), Arc::clone(&struck), top.clone(), victim.clone());
        std::thread::spawn(move || {
            let mut turn = 0;
            while !stop.load(Ordering::Relaxed) {
                attack(&top, &victim, turn);
                turn += 1;
                struck.store(turn, Ordering::Relaxed);
            }
        })
    };
    let (mut cleared, mut ended) = (0_u64, 0_u64);
    for round in 0..rounds() {
        // Made under a name that the attacker does not know, and moved there: nothing here writes through what it put in the way, nor
        // removes what it mounted.
        let fresh = dir.path().join(format!("fresh{round}"));
        for sub in 0..4 {
            fs::create_dir_all(fresh.join(sub.to_string()).join("sub")).unwrap();
            for name in ["a", "b", "sub/c"] {
                fs::write(fresh.join(sub.to_string()).join(name), b"secret").unwrap();
            }
        }
        let _ = fs::rename(&top, fresh.with_extension("old"));
        let _ = fs::rename(&fresh, &top);
        let mut clearer = Clearer::new(3);
        match clearer.clear(&top) {
            Ok(()) => cleared += 1,
            Err(problem) => {
                assert!(!problem.what.is_empty() && !problem.todo.is_empty());
                ended += 1;
            }
        }
        check(&victim);
    }
    stop.store(true, Ordering::Relaxed);
    attacker.join().unwrap();
    check(&victim);
    let struck = struck.load(Ordering::Relaxed);
    assert!(struck > 0 && cleared + ended == rounds(), "{struck} strikes, {cleared} cleared, {ended} ended");
}

fn check(victim: &Path) {
    for name in ["a", "b", "sub/c"] {
        assert_eq!(fs::read(victim.join(name)).ok().as_deref(), Some(&b"kept"[..]), "{name} of the victim");
    }
    assert_eq!(fs::read_dir(victim).unwrap().count(), 3);
}

fn target(top: &Path, turn: u64) -> PathBuf {
    top.join((turn % 4).to_string())
}

#[test]
fn a_directory_that_is_swapped_for_a_symlink() {
    under(|top, victim, turn| {
        let (at, aside) = (target(top, turn), top.with_extension("aside"));
        if fs::rename(&at, &aside).is_ok() {
            let _ = symlink(victim, &at);
            std::thread::yield_now();
            let _ = fs::remove_file(&at);
            let _ = fs::rename(&aside, &at);
            let _ = fs::remove_dir_all(&aside);
        }
    });
}

#[test]
fn the_target_itself_that_is_swapped_for_a_symlink() {
    under(|top, victim, _| {
        let aside = top.with_extension("aside");
        if fs::rename(top, &aside).is_ok() {
            let _ = symlink(victim, top);
            std::thread::yield_now();
            let _ = fs::remove_file(top);
            let _ = fs::rename(&aside, top);
            let _ = fs::remove_dir_all(&aside);
        }
    });
}

#[test]
fn a_file_that_is_replaced_by_a_link_to_the_victim() {
    under(|top, victim, turn| {
        let at = target(top, turn).join("a");
        let beside = top.with_extension("beside");
        let _ = fs::remove_file(&beside);
        match turn % 2 {
            0 => symlink(victim.join("a"), &beside).unwrap(),
            // Its other name stays what it is: a file with two names is refused.
            _ => fs::hard_link(victim.join("a"), &beside).unwrap(),
        }
        if at.parent().is_some_and(Path::exists) {
            let _ = fs::rename(&beside, &at);
        }
        let _ = fs::remove_file(&beside);
    });
}

#[test]
fn directories_that_are_renamed_while_they_are_walked() {
    under(|top, _, turn| {
        let at = target(top, turn);
        // Out of the tree and back; and into another directory of it.
        let aside = top.with_extension("aside");
        if fs::rename(&at, &aside).is_ok() {
            std::thread::yield_now();
            let _ = fs::rename(&aside, target(top, turn + 1).join("sub/moved"));
            let _ = fs::remove_dir_all(&aside);
        }
    });
}

#[test]
fn a_mount_that_appears_inside_the_tree() {
    if !crate::skip::root() || !crate::skip::programs(&["mount", "umount"]) {
        return;
    }
    let run = |program: &str, args: &[&Path]| {
        let done = Command::new(program).args(args).stderr(Stdio::null()).stdout(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    };
    under(move |top, victim, turn| {
        let at = target(top, turn).join(if turn % 2 == 0 { "sub" } else { "a" });
        let from = if turn % 2 == 0 { victim.join("sub") } else { victim.join("a") };
        if run("mount", &[Path::new("--bind"), &from, &at]) {
            std::thread::yield_now();
            // The tree may have been moved aside meanwhile: all that the mount left is unmounted with the directory of this test.
            run("umount", &[Path::new("-l"), &at]);
        }
    });
}
