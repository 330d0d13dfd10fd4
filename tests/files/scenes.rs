//! What of a file can lie elsewhere than in it: one file for each way, on one filesystem, before anybody wipes it.

use std::path::{Path, PathBuf};

use crate::files::filesystems::{Kind, Mounted, plant};
use crate::files::marks::{Found, Marks, content, letters, random};
use crate::support::disk::{Image, Scratch};
use crate::support::random::Dice;
use crate::support::{MIB, SECTOR, attempt, run, wait_for};

/// A file of a table's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    Large,
    Small,
    Beyond,
    Replaced,
    Rewritten,
    Reflinked,
    Xattr,
    Name,
}

impl Scenario {
    pub const ALL: [Scenario; 8] = [
        Scenario::Large,
        Scenario::Small,
        Scenario::Beyond,
        Scenario::Replaced,
        Scenario::Rewritten,
        Scenario::Reflinked,
        Scenario::Xattr,
        Scenario::Name,
    ];

    pub fn row(self) -> &'static str {
        match self {
            Scenario::Large => "1 MiB file (2048)",
            Scenario::Small => "45-byte file (1)",
            Scenario::Beyond => "fallocated past EOF over stale data (2048)",
            Scenario::Replaced => "earlier version: new one written, renamed over (256)",
            Scenario::Rewritten => "earlier version: rewritten in place (256)",
            Scenario::Reflinked => "reflink copy (256)",
            Scenario::Xattr => "user xattr (1)",
            Scenario::Name => "copies of the file's name",
        }
    }

    fn file(self) -> &'static str {
        match self {
            Scenario::Large => "large",
            Scenario::Small => "small",
            Scenario::Beyond => "beyond",
            Scenario::Replaced => "replaced",
            Scenario::Rewritten => "rewritten",
            Scenario::Reflinked => "reflinked",
            Scenario::Xattr => "with-xattr",
            Scenario::Name => "",
        }
    }
}

/// One file, and what is looked for.
#[derive(Clone)]
pub struct Scene {
    pub scenario: Scenario,
    /// Below the mount point.
    pub path: PathBuf,
    /// What the file holds.
    pub content: Vec<u8>,
    /// The group of that content.
    pub current: usize,
    /// The group that the row is about, where it is not the content.
    pub other: Option<usize>,
}

impl Scene {
    /// What the row counts.
    pub fn counted(&self, found: &[Found]) -> usize {
        match self.scenario {
            Scenario::Name => found[self.other.unwrap()].copies,
            _ => found[self.other.unwrap_or(self.current)].distinct,
        }
    }

    /// How many there are at most; none where copies count.
    pub fn most(&self, before: &[Found]) -> Option<usize> {
        (self.scenario != Scenario::Name).then(|| before[self.other.unwrap_or(self.current)].distinct)
    }
}

/// An unmounted filesystem with every scene in it, to be copied for each tool.
pub struct Stage {
    pub kind: Kind,
    pub image: Image,
    pub marks: Marks,
    pub scenes: Vec<Scene>,
    /// What the raw image holds of each group before anybody wipes.
    pub before: Vec<Found>,
}

impl Stage {
    pub fn make(kind: Kind, scratch: &Scratch, dice: &mut Dice) -> Self {
        let word = format!("{kind:?}");
        let image = kind.make(scratch.join(&format!("{word}.img")));
        let mounted = Mounted::over(kind, image.path(), &scratch.join(&format!("{word}-mnt")));
        let mut marks = Marks::default();
        let home = home(kind, mounted.path());
        // The allocator gives out again what a scene freed; the one that shows it comes last.
        let mut order = Scenario::ALL.to_vec();
        order.sort_by_key(|scenario| match scenario {
            Scenario::Replaced => 2,
            Scenario::Beyond => 1,
            _ => 0,
        });
        let mut scenes = Vec::new();
        for scenario in order {
            match scenario {
                Scenario::Reflinked if !kind.has_reflinks() => {}
                Scenario::Beyond => scenes.push(beyond(kind, &home, mounted.path(), &mut marks, dice)),
                _ => scenes.push(make_scene(scenario, &home, &mut marks, dice)),
            }
        }
        if kind == Kind::BtrfsSnapshot {
            let (from, to) = (home.to_str().unwrap(), mounted.path().join("snapshot"));
            run("btrfs", &["subvolume", "snapshot", "-r", from, to.to_str().unwrap()]);
        }
        for scene in &mut scenes {
            scene.path = scene.path.strip_prefix(mounted.path()).unwrap().to_owned();
        }
        mounted.unmount();
        let before = marks.search(image.path());
        let stage = Stage { kind, image, marks, scenes, before };
        stage.assert_all_there();
        stage
    }

    /// A tool that finds nothing afterwards has shown nothing, unless it is all there before.
    fn assert_all_there(&self) {
        let found = &self.before;
        for scene in &self.scenes {
            let (there, all) = (found[scene.current].distinct, self.marks.size(scene.current));
            // zstd begins a new block in the midst of some sectors.
            let enough = if self.kind == Kind::BtrfsZstd { all * 97 / 100 } else { all };
            assert!(there >= enough, "{:?}, {:?}: {there} of {all} sectors in the image", self.kind, scene.scenario);
            // Of an earlier version that was rewritten in place nothing need be left.
            if scene.scenario != Scenario::Rewritten && self.kind != Kind::Ext4Journal {
                assert!(scene.counted(found) > 0, "{:?}, {:?}: nothing to look for", self.kind, scene.scenario);
            }
        }
    }

    /// A copy of the image, for one tool.
    pub fn copy(&self, scratch: &Scratch, name: &str) -> PathBuf {
        let path = scratch.join(&format!("{:?}-{name}.img", self.kind));
        run("cp", &["--sparse=always", self.image.path().to_str().unwrap(), path.to_str().unwrap()]);
        path
    }
}

/// Where the files go.
fn home(kind: Kind, root: &Path) -> PathBuf {
    let home = root.join("home");
    let name = home.to_str().unwrap();
    if kind == Kind::BtrfsSnapshot {
        run("btrfs", &["subvolume", "create", name]);
    } else {
        std::fs::create_dir(&home).unwrap();
    }
    if matches!(kind, Kind::BtrfsNodatacow | Kind::BtrfsSnapshot) {
        run("chattr", &["+C", name]);
    }
    home
}

fn make_scene(scenario: Scenario, home: &Path, marks: &mut Marks, dice: &mut Dice) -> Scene {
    let mut path = home.join(scenario.file());
    let mut now = match scenario {
        Scenario::Large => content(dice, 2048),
        Scenario::Small => random(dice, 45),
        Scenario::Replaced | Scenario::Rewritten | Scenario::Reflinked => content(dice, 256),
        _ => content(dice, 8),
    };
    let current = marks.add(&now);
    let other = match scenario {
        Scenario::Replaced => {
            let before = content(dice, 256);
            plant(&path, &before);
            let beside = home.join("replaced.new");
            plant(&beside, &now);
            std::fs::rename(&beside, &path).unwrap();
            Some(marks.add(&before))
        }
        Scenario::Rewritten => {
            let before = content(dice, 256);
            plant(&path, &before);
            plant(&path, &now);
            Some(marks.add(&before))
        }
        Scenario::Name => {
            let name = letters(dice, 28);
            path = home.join(&name);
            plant(&path, &now);
            Some(marks.add(name.as_bytes()))
        }
        Scenario::Xattr => {
            plant(&path, &now);
            let value = letters(dice, 40);
            run("setfattr", &["-n", "user.secret", "-v", &value, path.to_str().unwrap()]);
            Some(marks.add(value.as_bytes()))
        }
        _ => {
            plant(&path, &now);
            None
        }
    };
    if scenario == Scenario::Reflinked {
        let copy = home.join("copy-of-reflinked");
        run("cp", &["--reflink=always", path.to_str().unwrap(), copy.to_str().unwrap()]);
    }
    run("sync", &["--file-system", home.to_str().unwrap()]);
    now.shrink_to_fit();
    Scene { scenario, path, content: now, current, other }
}

/// A file of 4 KiB whose extents past its end lie over another's freed ones. What the freed ones held counts as far as they were given
/// to it.
fn beyond(kind: Kind, home: &Path, root: &Path, marks: &mut Marks, dice: &mut Dice) -> Scene {
    let (stale_path, path, ballast) = (home.join("stale"), home.join("beyond"), root.join("ballast"));
    let (stale, now) = (content(dice, 2048), content(dice, 8));
    // So that the freed extents are among the few that are left.
    std::fs::create_dir(&ballast).unwrap();
    assert!(grow(&ballast.join("at-least"), 0, 4 * MIB), "{kind:?}: no ballast");
    let mut number = 0;
    while free_bytes(root) > 20 * MIB && grow(&ballast.join(number.to_string()), 0, 8 * MIB) {
        number += 1;
    }
    plant(&stale_path, &stale);
    plant(&path, &now);
    let before = extents(&stale_path);
    let taken = free_bytes(root);
    std::fs::remove_file(&stale_path).unwrap();
    // Some filesystems free blocks a moment later.
    for _ in 0..20 {
        run("sync", &["--file-system", root.to_str().unwrap()]);
        if free_bytes(root) >= taken + MIB / 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    // Whatever is free now, in ever smaller pieces.
    let mut end = 4096;
    for piece in [8 * MIB, 4 * MIB, 2 * MIB, MIB, MIB / 2, MIB / 4] {
        while grow(&path, end, piece) {
            end += piece;
        }
    }
    assert!(end > MIB, "{kind:?}: no room past the end of a file");
    std::fs::File::open(&path).unwrap().sync_all().unwrap();
    let after = extents(&path);
    std::fs::remove_dir_all(&ballast).unwrap();
    run("sync", &["--file-system", root.to_str().unwrap()]);
    let probe = root.join("probe");
    wait_for("room after the ballast is gone", 10, || {
        run("sync", &["--file-system", root.to_str().unwrap()]);
        grow(&probe, 0, MIB)
    });
    std::fs::remove_file(&probe).unwrap();
    let is_covered = |sector: usize| {
        let offset = sector as u64 * SECTOR;
        let place = before.iter().find(|e| (e.logical..e.logical + e.bytes).contains(&offset));
        // Compressed, a sector takes about half of its size.
        let shrink = if kind == Kind::BtrfsZstd { 2 } else { 1 };
        let at = place.map(|e| e.physical + (offset - e.logical) / shrink);
        at.is_some_and(|at| after.iter().any(|e| (e.physical..e.physical + e.bytes).contains(&at)))
    };
    let current = marks.add(&now);
    let other = marks.add_some(&stale, is_covered);
    assert!(marks.size(other) >= 256, "{kind:?}: only {} stale sectors were given out again", marks.size(other));
    Scene { scenario: Scenario::Beyond, path, content: now, current, other: Some(other) }
}

fn grow(path: &Path, from: u64, bytes: u64) -> bool {
    // fallocate(1) makes no file with --keep-size.
    std::fs::File::options().create(true).append(true).open(path).unwrap();
    let (from, bytes) = (from.to_string(), (bytes / 4096 * 4096).to_string());
    let words = ["--keep-size", "--offset", &from, "--length", &bytes, path.to_str().unwrap()];
    attempt("fallocate", &words).status.success()
}

fn free_bytes(at: &Path) -> u64 {
    let said = run("stat", &["--file-system", "--format=%a %S", at.to_str().unwrap()]);
    said.split(' ').map(|number| number.parse::<u64>().unwrap()).product()
}

pub struct Extent {
    pub logical: u64,
    pub physical: u64,
    pub bytes: u64,
}

/// By filefrag, in bytes.
pub fn extents(path: &Path) -> Vec<Extent> {
    let said = run("filefrag", &["-b1", "-e", path.to_str().unwrap()]);
    let numbers = |line: &str| -> Vec<u64> {
        line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect()
    };
    let rows = said
        .lines()
        .filter(|line| line.trim_start().split(':').next().is_some_and(|n| n.trim().parse::<u32>().is_ok()));
    rows.map(numbers).map(|n| Extent { logical: n[1], physical: n[3], bytes: n[2] - n[1] + 1 }).collect()
}
