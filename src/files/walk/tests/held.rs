//! Files that somebody else has, and attributes.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::rig::{Clearer, how};
use crate::files::Obstacle;
use crate::files::walk::*;
use crate::problem::Kind;
use crate::sys::node;

fn opened(path: &Path) -> Result<Opened, Obstacle> {
    open(&Root::open(path).unwrap().found(), &how())
}

/// A process that has the file open, until it is dropped.
struct Holding(Child);

impl Holding {
    fn open(path: &Path) -> Self {
        let child = Command::new("sleep").arg("60").stdin(File::open(path).unwrap()).stdout(Stdio::null()).spawn();
        Holding(child.unwrap())
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_file_that_another_process_has_open_is_refused_and_the_process_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    fs::write(&path, b"secret").unwrap();
    let holding = Holding::open(&path);
    let Err(Obstacle::InUse(why)) = opened(&path) else { panic!("not refused") };
    assert!(why.contains(&format!("'sleep' (pid {})", holding.0.id())), "{why}");
    drop(holding);
    assert!(opened(&path).unwrap().is_leased());
    assert_eq!(fs::read(&path).unwrap(), b"secret");
}

#[test]
fn a_holder_is_found_by_the_pass_over_proc_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    fs::write(&path, b"secret").unwrap();
    let stat = node::stat(&path).unwrap();
    let holding = Holding::open(&path);
    let found = Holders::scan(Path::new("/proc"), Path::new("/sys")).who(stat.device, stat.inode);
    // Other tests of this process start programs meanwhile, each of which has all its files open for a moment.
    let ours =
        |found: Vec<Holder>, pid: u32| found.into_iter().find(|holder| holder.0.contains(&format!("(pid {pid})")));
    let pid = holding.0.id();
    assert_eq!(ours(found, pid), Some(Holder(format!("open in process 'sleep' (pid {pid})"))));
    // A program that runs is mapped. Copied by another process: nobody but that one has it open to write.
    let program = dir.path().join("program");
    assert!(Command::new("cp").args([Path::new("/bin/sleep"), &program]).status().unwrap().success());
    let stat = node::stat(&program).unwrap();
    let mut running = Command::new(&program).arg("60").spawn().unwrap();
    let found = Holders::scan(Path::new("/proc"), Path::new("/sys")).who(stat.device, stat.inode);
    let refused = opened(&program);
    running.kill().unwrap();
    running.wait().unwrap();
    let pid = running.id();
    assert_eq!(ours(found, pid), Some(Holder(format!("mapped by process 'program' (pid {pid})"))));
    assert!(matches!(refused, Err(Obstacle::InUse(_))), "{refused:?}");
}

#[test]
fn a_proc_that_shows_nothing_rules_nobody_out() {
    let dir = tempfile::tempdir().unwrap();
    let holders = Holders::scan(dir.path(), dir.path());
    assert!(holders.reason(1, 1).is_some_and(|why| why.contains("can't be found out")));
    let holders = Holders::scan(&dir.path().join("none"), dir.path());
    assert!(holders.reason(1, 1).is_some());
}

#[test]
fn an_active_swap_file_and_a_file_below_a_loop_device_are_held() {
    let dir = tempfile::tempdir().unwrap();
    let (proc, sys) = (dir.path().join("proc"), dir.path().join("sys"));
    let (swap, image) = (dir.path().join("swap file"), dir.path().join("image"));
    fs::create_dir_all(proc.join("1/fd")).unwrap();
    fs::write(proc.join("1/maps"), b"").unwrap();
    fs::create_dir_all(sys.join("block/loop3/loop")).unwrap();
    for file in [&swap, &image] {
        fs::write(file, b"").unwrap();
    }
    let shown = swap.to_str().unwrap().replace(' ', "\\040");
    fs::write(proc.join("swaps"), format!("Filename Type Size Used Priority\n{shown} file 1 0 -2\n")).unwrap();
    fs::write(sys.join("block/loop3/loop/backing_file"), format!("{}\n", image.display())).unwrap();
    let holders = Holders::scan(&proc, &sys);
    assert_eq!(holders.unreadable(), [] as [String; 0]);
    let reason = |path: &Path| {
        let stat = node::stat(path).unwrap();
        holders.reason(stat.device, stat.inode)
    };
    assert_eq!(reason(&swap).unwrap(), "an active swap file");
    assert_eq!(reason(&image).unwrap(), "below the loop device loop3");
    assert_eq!(reason(dir.path()), None);
}

#[test]
fn a_file_that_somebody_asks_for_meanwhile_is_not_removed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    fs::write(&path, b"secret").unwrap();
    let ours = opened(&path).unwrap();
    assert_eq!(ours.is_alone(), Ok(()));
    let asked = OpenOptions::new().read(true).custom_flags(0o4000).open(&path);
    assert!(asked.is_err());
    assert!(matches!(ours.is_alone(), Err(Obstacle::InUse(_))));
    let problem = ours.remove().unwrap_err();
    assert_eq!(problem.kind, Kind::Failed);
    assert_eq!(fs::read(&path).unwrap(), b"secret");
}

#[test]
fn a_name_that_leads_to_another_file_is_not_unlinked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    fs::write(&path, b"secret").unwrap();
    let mut ours = opened(&path).unwrap();
    fs::rename(&path, dir.path().join("away")).unwrap();
    fs::write(&path, b"victim").unwrap();
    assert_eq!(ours.rename().unwrap_err().kind, Kind::Failed);
    assert_eq!(ours.remove().unwrap_err().kind, Kind::Failed);
    assert_eq!(fs::read(&path).unwrap(), b"victim");
    // And after the rename.
    let mut ours = opened(&path).unwrap();
    ours.rename().unwrap();
    let given = dir.path().join(&ours.name);
    assert_eq!(ours.name.len(), 1);
    fs::rename(&given, dir.path().join("away")).unwrap();
    fs::write(&given, b"victim").unwrap();
    assert_eq!(ours.remove().unwrap_err().kind, Kind::Failed);
    assert_eq!(fs::read(&given).unwrap(), b"victim");
}

#[test]
fn hard_links_on_request_lose_the_one_name_that_was_given() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    fs::write(&one, b"secret").unwrap();
    fs::hard_link(&one, &two).unwrap();
    assert_eq!(opened(&one).unwrap_err(), Obstacle::HardLinks(2));
    let mut clearer = Clearer::new(1);
    clearer.how.hardlinks = true;
    clearer.clear(&one).unwrap();
    assert!(!one.exists());
    assert_eq!(fs::read(&two).unwrap(), b"");
}

fn chattr(flags: &str, path: &Path) -> bool {
    Command::new("chattr").arg(flags).arg(path).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

#[test]
fn attributes_are_refused_or_lifted_and_put_back() {
    if !crate::skip::root() || !crate::skip::programs(&["chattr"]) {
        return;
    }
    let dir = tempfile::tempdir_in("/var/tmp").unwrap();
    struct Loose<'a>(&'a Path);
    impl Drop for Loose<'_> {
        fn drop(&mut self) {
            let _ = Command::new("chattr").args(["-R", "-i", "-a"]).arg(self.0).stderr(Stdio::null()).status();
        }
    }
    let _loose = Loose(dir.path());
    for flag in ["i", "a"] {
        let path = dir.path().join(flag);
        fs::write(&path, b"secret").unwrap();
        if !chattr(&format!("+{flag}"), &path) {
            return crate::skip::skip("this filesystem has no attributes");
        }
        assert_eq!(opened(&path).unwrap_err(), Obstacle::Immutable);
        let lifting = OpenHow { lift_attributes: true, ..how() };
        let is_fixed = || Root::open(&path).unwrap().stat().immutable;
        let root = Root::open(&path).unwrap();
        let ours = open(&root.found(), &lifting).unwrap();
        assert!(!is_fixed() && ours.is_leased());
        ours.keep().unwrap();
        assert!(is_fixed());
        drop(open(&root.found(), &lifting).unwrap());
        assert!(is_fixed());
        let holding = Holding::open(&path);
        assert!(matches!(open(&root.found(), &lifting), Err(Obstacle::InUse(_))));
        assert!(is_fixed());
        drop(holding);
        open(&root.found(), &lifting).unwrap().remove().unwrap();
        assert!(!path.exists());
    }
    let sub = dir.path().join("sub");
    fs::create_dir(&sub).unwrap();
    assert!(chattr("+i", &sub));
    let root = Root::open(&sub).unwrap();
    assert!(root.stat().immutable);
    let lifted = Lifted::directory(&root.found()).unwrap().unwrap();
    fs::write(sub.join("f"), b"x").unwrap();
    drop(lifted);
    assert!(fs::write(sub.join("g"), b"x").is_err());
    assert!(chattr("-i", &sub));
    assert!(Lifted::directory(&root.found()).unwrap().is_none());
}

#[test]
fn extended_attributes_with_content_are_counted() {
    if !crate::skip::programs(&["setfattr"]) {
        return;
    }
    let dir = tempfile::tempdir_in("/var/tmp").unwrap();
    let path = dir.path().join(OsStr::new("f"));
    fs::write(&path, b"x").unwrap();
    let file = File::open(&path).unwrap();
    assert_eq!(content_attributes(&file).unwrap(), 0);
    for i in 0..40 {
        let name = format!("user.a_long_name_{i:0>20}");
        let set = Command::new("setfattr").args(["-n", &name, "-v", "v"]).arg(&path).status();
        assert!(set.unwrap().success());
    }
    assert_eq!(content_attributes(&file).unwrap(), 40);
}
