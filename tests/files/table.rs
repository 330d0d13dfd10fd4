//! The table: every scene on every filesystem, each tool on a copy of its own, the raw image searched afterwards.

use std::path::Path;
use std::sync::Mutex;

use super::filesystems::{Kind, Mounted};
use super::kept::{self, ACCEPTED, Cell, Cells, RADERA};
use super::marks::Found;
use super::scenes::{Scenario, Scene, Stage};
use super::told;
use super::tools::Tool;
use crate::needs_root;
use crate::support::disk::Scratch;
use crate::support::radera::{Ended, Issued, Radera};
use crate::support::random::Dice;
use crate::support::skip;

const PROGRAMS: &[&str] = &[
    "shred",
    "srm",
    "wipe",
    "scrub",
    "mke2fs",
    "mkfs.xfs",
    "mkfs.btrfs",
    "btrfs",
    "setfattr",
    "chattr",
    "filefrag",
    "fallocate",
];

/// `work` for each filesystem, as many at a time as there are processors.
fn on_each_filesystem(work: impl Fn(Kind, &Scratch, &Stage) -> Cells + Sync) -> Cells {
    let left = Mutex::new(Kind::ALL.to_vec());
    let all = Mutex::new(Cells::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(4);
    std::thread::scope(|scope| {
        let worker = || {
            loop {
                let next = left.lock().unwrap().pop();
                let Some(kind) = next else { return };
                let scratch = Scratch::with_room(1500);
                let mut dice = Dice::new();
                let stage = Stage::make(kind, &scratch, &mut dice);
                let cells = work(kind, &scratch, &stage);
                all.lock().unwrap().extend(cells);
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            if let Err(panic) = worker.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    all.into_inner().unwrap()
}

/// `work` on a mounted copy of the stage; then what the raw image holds. The copy is gone afterwards.
fn on_a_copy<T>(stage: &Stage, scratch: &Scratch, name: &str, work: impl FnOnce(&Mounted) -> T) -> (T, Vec<Found>) {
    let image = stage.copy(scratch, name);
    let mounted = Mounted::over(stage.kind, &image, &scratch.join(&format!("{:?}-{name}", stage.kind)));
    let answer = work(&mounted);
    mounted.unmount();
    let found = stage.marks.search(&image);
    std::fs::remove_file(&image).unwrap();
    (answer, found)
}

/// Words that a tool would say if it knew.
const KNOWS: &[&str] = &[
    "filesystem",
    "file system",
    "journal",
    "copy-on-write",
    "snapshot",
    "reflink",
    "shared",
    "xattr",
    "attribute",
    "inline",
];

#[test]
fn what_the_peers_leave_is_what_the_document_says() {
    needs_root!();
    if !skip::programs(PROGRAMS) {
        return;
    }
    let cells = on_each_filesystem(|kind, scratch, stage| {
        let mut cells = Cells::new();
        for tool in Tool::ALL {
            let (exits, found) = on_a_copy(stage, scratch, tool.name(), |mounted| {
                let run = |scene: &Scene| {
                    let path = mounted.path().join(&scene.path);
                    let ended = tool.run(&[], &path);
                    let said = [ended.stdout, ended.stderr].concat();
                    // What it says, the path apart.
                    let said = String::from_utf8_lossy(&said).replace(path.to_str().unwrap(), "FILE").to_lowercase();
                    let known = KNOWS.iter().find(|word| said.contains(**word));
                    assert!(
                        known.is_none(),
                        "{} knows of {known:?}; the document says it does not:\n{said}",
                        tool.name()
                    );
                    ended.status.code()
                };
                stage.scenes.iter().map(run).collect::<Vec<_>>()
            });
            for (scene, exit) in stage.scenes.iter().zip(exits) {
                let said = match exit {
                    Some(0) => String::new(),
                    Some(code) => format!("exit {code}"),
                    None => "killed".into(),
                };
                let cell = Cell::new(scene.counted(&found), scene.most(&stage.before), &said);
                cells.insert(kept::key(kind, scene.scenario, tool.name()), cell);
            }
        }
        cells
    });
    kept::compare(&cells);
}

/// What radera did with one scene.
struct Done {
    ended: Ended,
    record: Option<Issued>,
    exists: bool,
    is_whole: bool,
}

fn wipe(radera: &Radera, root: &Path, scene: &Scene, more: &[&str]) -> Done {
    let path = root.join(&scene.path);
    let ended = told::wipe(radera, &[&path], more);
    let record = ended.records().into_iter().next();
    let mut is_whole = std::fs::read(&path).is_ok_and(|now| now == scene.content);
    if scene.scenario == Scenario::Xattr {
        is_whole &=
            crate::support::attempt("getfattr", &["-n", "user.secret", path.to_str().unwrap()]).status.success();
    }
    Done { ended, record, exists: path.exists(), is_whole }
}

/// Residue that can explain why content is still in the image.
fn explains(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Ext4 | Kind::Ext4Journal => &["journal"],
        Kind::Ext4Inline => &["journal", "inline-data"],
        Kind::Xfs => &["shared-extents"],
        Kind::BtrfsSnapshot => &["snapshots", "shared-extents"],
        _ => &["older-versions", "free-space", "inline-data", "shared-extents", "snapshots"],
    }
}

/// One cell, judged: what is wrong with it, if anything.
fn judge(kind: Kind, scene: &Scene, done: &Done, found: &[Found], stage: &Stage) -> (Cell, Vec<String>) {
    let mut wrong = Vec::new();
    let (content, counted) = (found[scene.current].distinct, scene.counted(found));
    let code = done.ended.code();
    let mut check = |holds: bool, what: String| {
        if !holds {
            wrong.push(format!(
                "{}, {:?}: {what}; exit {code}, said {}",
                kind.name(),
                scene.scenario,
                done.ended.said()
            ));
        }
    };
    let Some(record) = &done.record else {
        check(code == 3, "no record, and not a refusal".into());
        check(done.is_whole, "refused, and the file is not what it was".into());
        let all = stage.before[scene.current].distinct;
        check(content == all, format!("refused, and {content} of {all} sectors are left"));
        return (Cell::refused(), wrong);
    };
    let (verdict, residue) = (told::verdict(record), told::residue(record));
    let names = |kinds: &[&str]| kinds.iter().any(|kind| residue.iter().any(|named| named == kind));
    check([0, 4, 5].contains(&code), "a record, and not an exit code that goes with one".into());
    check((code == 0) == (record.text("/status") == "sanitized"), format!("status {}", record.text("/status")));
    check(code == 5 || !done.exists, "wiped, and the name is still there".into());
    if code == 0 {
        check(verdict == "cleared-verified", format!("verdict {verdict} under exit 0"));
    }
    if code == 0 || verdict == "cleared-verified" {
        check(content == 0, format!("{content} sectors of content that is said to be gone"));
    }
    if content > 0 {
        check(names(explains(kind)), format!("{content} sectors are left and the residue is {residue:?}"));
    }
    if counted > 0 {
        match scene.scenario {
            Scenario::Beyond => check(verdict != "cleared-verified", format!("{counted} sectors past EOF are left")),
            Scenario::Replaced | Scenario::Rewritten => {
                check(
                    names(&["older-versions"]),
                    format!("{counted} sectors of an earlier version, residue {residue:?}"),
                );
            }
            Scenario::Reflinked => {
                check(names(&["shared-extents"]), format!("{counted} sectors in the copy, residue {residue:?}"))
            }
            Scenario::Xattr => {
                check(code != 0 && names(&["xattrs"]), format!("the xattr is left, residue {residue:?}"))
            }
            Scenario::Name => check(names(&["names"]), format!("{counted} names are left, residue {residue:?}")),
            Scenario::Large | Scenario::Small => {}
        }
    }
    let said = if code == 0 { verdict } else { format!("{verdict}, exit {code}") };
    (Cell::new(counted, scene.most(&stage.before), &said), wrong)
}

/// The cells that must be cleared and proved: refusing everything is no answer.
fn must_clear(kind: Kind, scenario: Scenario) -> bool {
    match scenario {
        Scenario::Large | Scenario::Small | Scenario::Rewritten => {
            [Kind::Ext4, Kind::Xfs, Kind::BtrfsNodatacow].contains(&kind)
        }
        _ => false,
    }
}

/// The cells where proof is impossible, so that the file is left alone unless `--accept-trim` is given.
fn must_refuse(kind: Kind, scenario: Scenario) -> bool {
    match kind {
        Kind::Ext4 => false,
        Kind::Ext4Inline => scenario == Scenario::Small,
        Kind::Xfs | Kind::BtrfsNodatacow => scenario == Scenario::Reflinked,
        Kind::Ext4Journal | Kind::Btrfs | Kind::BtrfsZstd | Kind::BtrfsSnapshot => true,
    }
}

fn each_scene(column: &str, more: &[&str], also: impl Fn(Kind, &Scene, &Done, &[Found]) -> Option<String> + Sync) {
    let wrong = Mutex::new(Vec::new());
    let cells = on_each_filesystem(|kind, scratch, stage| {
        let radera = Radera::in_scratch(scratch);
        let (done, found) = on_a_copy(stage, scratch, "radera", |mounted| {
            stage.scenes.iter().map(|scene| wipe(&radera, mounted.path(), scene, more)).collect::<Vec<_>>()
        });
        let mut cells = Cells::new();
        for (scene, done) in stage.scenes.iter().zip(&done) {
            let (cell, mut faults) = judge(kind, scene, done, &found, stage);
            let context = |what| format!("{}, {:?}: {what}; {:?}", kind.name(), scene.scenario, done.ended);
            faults.extend(also(kind, scene, done, &found).map(context));
            wrong.lock().unwrap().extend(faults);
            cells.insert(kept::key(kind, scene.scenario, column), cell);
        }
        cells
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
    kept::compare(&cells);
}

#[test]
fn radera_leaves_nothing_under_a_verdict_that_says_it_is_gone() {
    needs_root!();
    if !skip::programs(PROGRAMS) {
        return;
    }
    each_scene(RADERA, &[], |kind, scene, done, found| {
        let verdict = done.record.as_ref().map(told::verdict);
        if must_clear(kind, scene.scenario) {
            let cleared = done.ended.code() == 0 && verdict.as_deref() == Some("cleared-verified");
            return (!cleared || found[scene.current].copies > 0).then(|| "must be cleared and verified".into());
        }
        let refused = done.ended.code() == 3 && verdict.is_none();
        (must_refuse(kind, scene.scenario) && !refused).then(|| "must be refused".into())
    });
}

#[test]
fn with_accept_trim_what_can_not_be_proved_is_never_called_verified() {
    needs_root!();
    if !skip::programs(PROGRAMS) {
        return;
    }
    each_scene(ACCEPTED, &["--accept-trim"], |kind, scene, done, _| {
        let verdict = done.record.as_ref().map(told::verdict);
        // A copy keeps shared extents: no trim takes them.
        let shared = kind == Kind::BtrfsSnapshot || scene.scenario == Scenario::Reflinked;
        if shared {
            return verdict.is_some().then(|| "shared extents must be refused even so".into());
        }
        let lesser = ["trimmed-not-overwritten", "overwritten-unverified"];
        match verdict.as_deref() {
            None => Some("must be wiped with --accept-trim".into()),
            Some(verdict) if !must_refuse(kind, scene.scenario) => (done.ended.code() == 5).then(|| verdict.into()),
            Some(verdict) if !lesser.contains(&verdict) => Some(format!("verdict {verdict}")),
            Some(_) => (done.ended.code() != 4).then(|| "a lesser verdict is exit 4".into()),
        }
    });
}
