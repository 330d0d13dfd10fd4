//! What may be named, and what is refused.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::files::walk::*;
use crate::problem::{Kind, Problem};

fn refusal(path: &Path) -> Problem {
    let problem = Root::open(path).unwrap_err();
    assert!(!problem.todo.is_empty());
    problem
}

#[test]
fn a_symlink_is_refused_and_what_it_leads_to_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("real")).unwrap();
    symlink("real", dir.path().join("link")).unwrap();
    symlink("nowhere", dir.path().join("dangling")).unwrap();
    for name in ["link", "link/", "link//", "dangling"] {
        let problem = refusal(&dir.path().join(name));
        assert_eq!(problem.kind, Kind::Refused, "{name}");
        assert!(problem.what.contains("is a symbolic link"), "{problem}");
    }
    // Symlinks on the way are the user's.
    fs::write(dir.path().join("real/file"), b"x").unwrap();
    assert!(Root::open(&dir.path().join("link/file")).is_ok());
}

#[test]
fn what_has_no_name_of_its_own_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("a")).unwrap();
    for path in ["/", "//", ".", "..", "./", "/etc/..", "/etc/."] {
        assert_eq!(refusal(Path::new(path)).kind, Kind::Refused, "{path}");
    }
    for end in ["a/.", "a/..", "a/../", "a/./"] {
        assert_eq!(refusal(&dir.path().join(end)).kind, Kind::Refused, "{end}");
    }
    assert_eq!(refusal(Path::new("")).kind, Kind::Error);
}

#[test]
fn mount_points_devices_and_fifos_are_refused() {
    assert_eq!(refusal(Path::new("/proc")).kind, Kind::Refused);
    assert_eq!(refusal(Path::new("/dev/null")).kind, Kind::Refused);
    let dir = tempfile::tempdir().unwrap();
    let socket = std::os::unix::net::UnixListener::bind(dir.path().join("s")).unwrap();
    assert!(refusal(&dir.path().join("s")).what.ends_with("is a socket"));
    drop(socket);
}

#[test]
fn slashes_and_any_bytes_are_understood() {
    let dir = tempfile::tempdir().unwrap();
    let odd = OsStr::from_bytes(b"\xff\xfe \n");
    fs::create_dir(dir.path().join(odd)).unwrap();
    fs::write(dir.path().join(odd).join("f"), b"x").unwrap();
    let mut path = dir.path().join(odd).into_os_string();
    path.push("///");
    let root = Root::open(Path::new(&path)).unwrap();
    assert!(root.is_directory() && root.name() == odd);
    let told = super::rig::Lister::of(Path::new(&path));
    assert_eq!(told, [("file", Path::new(odd).join("f")), ("leave", Path::new(odd).into())]);
    let problem = refusal(&dir.path().join(odd).join("f/"));
    assert!(problem.what.contains("slash"), "{problem}");
    let problem = refusal(&dir.path().join("none"));
    assert_eq!(problem.kind, Kind::Error);
}
