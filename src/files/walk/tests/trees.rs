//! Every entry once, depth first, in bounded memory; and removed.

use std::collections::BTreeSet;
use std::ffi::{CString, OsStr};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::rig::{Clearer, Lister, in_memory};
use crate::files::Obstacle;
use crate::files::walk::*;
use crate::problem::{Kind, Problem};
use crate::sys::tree;

#[test]
fn every_kind_is_told_as_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let top = dir.path().join("top");
    fs::create_dir_all(top.join("sub/empty")).unwrap();
    fs::write(top.join("sub/file"), b"x").unwrap();
    symlink("/etc", top.join("link")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(top.join("socket")).unwrap();
    let told: BTreeSet<_> = Lister::of(&top).into_iter().collect();
    let expected = [
        ("file", "top/sub/file"),
        ("leave", "top"),
        ("leave", "top/sub"),
        ("leave", "top/sub/empty"),
        ("link", "top/link"),
        ("special", "top/socket"),
    ];
    assert_eq!(told, expected.map(|(what, path)| (what, PathBuf::from(path))).into());
    let last = Lister::of(&top).pop();
    assert_eq!(last, Some(("leave", PathBuf::from("top"))));
    assert_eq!(Lister::of(&top.join("sub/file")), [("file", PathBuf::from("file"))]);
}

#[test]
fn a_tree_is_cleared_whatever_the_batch_and_nothing_is_visited_twice() {
    for (batch, dir) in [(1, in_memory()), (7, in_memory()), (700, tempfile::tempdir().unwrap())] {
        let top = dir.path().join("top");
        let mut expected = BTreeSet::from([PathBuf::from("top")]);
        // More than is read of a directory before its entries are visited.
        for (sub, files) in [("a", 4200), ("b", 20)] {
            fs::create_dir_all(top.join(sub)).unwrap();
            expected.insert(Path::new("top").join(sub));
            for i in 0..files {
                let name = format!("{i:0>60}");
                fs::write(top.join(sub).join(&name), b"").unwrap();
                expected.insert(Path::new("top").join(sub).join(name));
            }
        }
        let mut clearer = Clearer::new(batch);
        clearer.clear(&top).unwrap();
        assert_eq!(clearer.removed.len(), expected.len());
        assert_eq!(clearer.removed.iter().cloned().collect::<BTreeSet<_>>(), expected);
        assert!(clearer.left.is_empty() && clearer.refused.is_empty());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

/// Makes `levels` directories in one another, each named `d`, and a file in each tenth.
fn deep(top: &Path, levels: usize) {
    fs::create_dir(top).unwrap();
    let mut here = fs::File::open(top).unwrap();
    for level in 0..levels {
        let d = c"d";
        nix_mkdirat(&here, d);
        let next = tree::open_directory(&here, OsStr::new("d")).unwrap();
        if level % 10 == 0 {
            let link = format!("/proc/self/fd/{}/file", std::os::fd::AsRawFd::as_raw_fd(&next));
            fs::write(link, b"secret").unwrap();
        }
        here = next;
    }
}

fn nix_mkdirat(directory: &fs::File, name: &std::ffi::CStr) {
    let path = format!(
        "/proc/self/fd/{}/{}",
        std::os::fd::AsRawFd::as_raw_fd(directory),
        CString::from(name).into_string().unwrap()
    );
    fs::create_dir(path).unwrap();
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Looks at the number of descriptors on the way.
struct Counter {
    inner: Clearer,
    most: usize,
}

impl Visit for Counter {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.most = self.most.max(descriptors());
        self.inner.file(found)
    }
    fn link(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.inner.link(found)
    }
    fn special(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.inner.special(found)
    }
    fn boundary(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.inner.boundary(found)
    }
    fn leave(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.inner.leave(found)
    }
}

#[test]
fn ten_thousand_levels_are_cleared_with_few_descriptors() {
    let dir = in_memory();
    let top = dir.path().join("top");
    deep(&top, 10_000);
    let mut counter = Counter { inner: Clearer::new(1), most: 0 };
    let before = descriptors();
    walk(&Root::open(&top).unwrap(), &mut counter).unwrap();
    assert_eq!(counter.inner.removed.len(), 10_000 + 1 + 1000);
    // Other tests run beside this one.
    assert!(counter.most < before + 400, "{} descriptors, {before} before", counter.most);
    assert!(!top.exists());
}

#[test]
fn what_is_left_out_is_named_and_keeps_its_directory() {
    let dir = tempfile::tempdir().unwrap();
    let top = dir.path().join("top");
    fs::create_dir_all(top.join("sub")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(top.join("sub/socket")).unwrap();
    fs::write(top.join("file"), b"x").unwrap();
    fs::write(top.join("one"), b"x").unwrap();
    fs::hard_link(top.join("one"), top.join("two")).unwrap();
    let mut clearer = Clearer::new(10);
    clearer.clear(&top).unwrap();
    assert_eq!(clearer.removed, [Path::new("top/file")]);
    assert_eq!(clearer.left, ["top/sub/socket", "top/sub", "top"].map(PathBuf::from));
    clearer.refused.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        clearer.refused,
        [("top/one".into(), Obstacle::HardLinks(2)), ("top/two".into(), Obstacle::HardLinks(2))]
    );
    assert_eq!(fs::read(top.join("one")).unwrap(), b"x");
}

#[test]
fn a_link_goes_and_what_it_leads_to_stays() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("victim")).unwrap();
    fs::write(dir.path().join("victim/file"), b"kept").unwrap();
    let top = dir.path().join("top");
    fs::create_dir(&top).unwrap();
    symlink("../victim", top.join("directory")).unwrap();
    symlink("../victim/file", top.join("file")).unwrap();
    let mut clearer = Clearer::new(10);
    clearer.clear(&top).unwrap();
    assert!(!top.exists());
    assert_eq!(fs::read(dir.path().join("victim/file")).unwrap(), b"kept");
}

#[test]
fn names_of_any_bytes_and_of_one_letter_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    let top = dir.path().join("t");
    fs::create_dir(&top).unwrap();
    for byte in (1..=255_u8).filter(|b| *b != b'/' && *b != b'.') {
        fs::write(top.join(OsStr::from_bytes(&[byte])), [byte]).unwrap();
    }
    fs::write(top.join(OsStr::from_bytes(&[0xff; 255])), b"long").unwrap();
    let mut clearer = Clearer::new(1000);
    clearer.clear(&top).unwrap();
    assert_eq!(clearer.removed.len(), 253 + 1 + 1);
    assert!(!top.exists());
}

#[test]
fn a_name_that_vanishes_ends_the_walk() {
    struct Thief(PathBuf);
    impl Visit for Thief {
        fn file(&mut self, _: &Found<'_>) -> Result<(), Problem> {
            for entry in fs::read_dir(&self.0).unwrap() {
                fs::remove_file(entry.unwrap().path()).unwrap();
            }
            Ok(())
        }
        fn link(&mut self, _: &Found<'_>) -> Result<(), Problem> {
            Ok(())
        }
        fn special(&mut self, _: &Found<'_>) -> Result<(), Problem> {
            Ok(())
        }
        fn boundary(&mut self, _: &Found<'_>) -> Result<(), Problem> {
            Ok(())
        }
        fn leave(&mut self, _: &Found<'_>) -> Result<(), Problem> {
            Ok(())
        }
    }
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), b"").unwrap();
    fs::write(dir.path().join("b"), b"").unwrap();
    let problem = walk(&Root::open(dir.path()).unwrap(), &mut Thief(dir.path().into())).unwrap_err();
    assert!(problem.what.contains("vanished"), "{problem}");
}

#[test]
fn what_is_mounted_in_the_tree_is_told_and_not_entered() {
    if !crate::skip::root() || !crate::skip::programs(&["mount", "umount"]) {
        return;
    }
    struct Mounted(PathBuf);
    impl Drop for Mounted {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let (top, victim) = (dir.path().join("top"), dir.path().join("victim"));
    fs::create_dir_all(top.join("mounted")).unwrap();
    fs::create_dir_all(top.join("bound")).unwrap();
    fs::create_dir(&victim).unwrap();
    fs::write(victim.join("f"), b"kept").unwrap();
    fs::write(top.join("file"), b"below").unwrap();
    let mount = |args: &[&str], from: &Path, at: &Path| {
        assert!(Command::new("mount").args(args).arg(from).arg(at).status().unwrap().success());
        Mounted(at.into())
    };
    let mounts = [
        mount(&["-t", "tmpfs"], Path::new("none"), &top.join("mounted")),
        // Of the same filesystem: the device number does not tell it.
        mount(&["--bind"], &victim, &top.join("bound")),
        mount(&["--bind"], &victim.join("f"), &top.join("file")),
    ];
    let mut clearer = Clearer::new(1);
    clearer.clear(&top).unwrap();
    clearer.left.sort();
    assert_eq!(clearer.left, ["top", "top/bound", "top/file", "top/mounted"].map(PathBuf::from));
    assert!(clearer.removed.is_empty() && clearer.refused.is_empty());
    assert_eq!(Root::open(&top.join("bound")).unwrap_err().kind, Kind::Refused);
    drop(mounts);
    assert_eq!(fs::read(victim.join("f")).unwrap(), b"kept");
    assert_eq!(fs::read(top.join("file")).unwrap(), b"below");
}

/// Where a process without privileges finds the tree.
const TREE: &str = "RADERA_TEST_TREE";

#[test]
fn a_directory_that_may_not_be_read_is_told_and_the_rest_is_walked() {
    if let Some(top) = std::env::var_os(TREE) {
        let told: BTreeSet<_> = Lister::of(Path::new(&top)).into_iter().collect();
        let expected = [("file", "top/open/f"), ("leave", "top"), ("leave", "top/open"), ("unreadable", "top/shut")];
        assert_eq!(told, expected.map(|(what, path)| (what, PathBuf::from(path))).into());
        let refused = {
            let mut clearer = Clearer::new(1);
            clearer.clear(&Path::new(&top).join("open")).unwrap();
            clearer.refused
        };
        assert!(matches!(&refused[..], [(_, Obstacle::Denied(_))]), "{refused:?}");
        return;
    }
    if !crate::skip::root() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let top = dir.path().join("top");
    for sub in ["open", "shut"] {
        fs::create_dir_all(top.join(sub)).unwrap();
        fs::write(top.join(sub).join("f"), b"kept").unwrap();
    }
    for (path, mode) in [(dir.path(), 0o755), (&top.join("open"), 0o755), (&top.join("shut"), 0o700)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    // The program may lie where others may not read.
    let program = dir.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let name = std::thread::current().name().unwrap().to_string();
    let child = Command::new(&program).args(["--exact", &name]).env(TREE, &top).uid(65534).gid(65534).output().unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && output.contains("1 passed"), "{output}");
    assert_eq!(fs::read(top.join("open/f")).unwrap(), b"kept");
}
