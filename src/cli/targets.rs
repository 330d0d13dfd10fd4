//! The targets of one command: what was named, its plan, and whether one medium was named twice.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::device::{Inventory, Roots};
use crate::job::{self, Plan, Request};
use crate::media::{ByteRange, Medium, UseKind};
use crate::problem::{Kind, Problem};

/// One target.
pub struct Target {
    /// Its path as it was named, as text (lossy where it is not UTF-8).
    pub name: String,
    /// Its plan, or why there can be none.
    pub plan: Result<Plan, Problem>,
}

impl Target {
    /// Why `wipe` will not go ahead; empty if it will.
    pub fn refusals(&self) -> &[Problem] {
        match &self.plan {
            Ok(plan) => &plan.refusals,
            Err(problem) => std::slice::from_ref(problem),
        }
    }
}

/// How long somebody who merely has a device open may take to let go of it. Device managers, and other runs of this program,
/// open every device for a moment to see what it holds.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How long other runs of this program may take that have the device open to read alone: a station starts dozens at once, and each looks
/// at every device.
const PATIENCE_WITH_OUR_OWN: Duration = Duration::from_secs(20);
/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Plans each path. One that can't be planned for does not stop the others. Where a device is merely open somewhere, it is
/// looked at again for a moment.
pub fn plan_all(roots: &Roots, paths: &[PathBuf], request: &Request) -> Result<Vec<Target>, Problem> {
    let name = |path: &PathBuf| path.display().to_string();
    plan_with(roots, |inventory| {
        paths.iter().map(|path| Target { name: name(path), plan: job::plan(inventory, path, request) }).collect()
    })
}

/// As [`plan_all`], with a way to plan of the caller's.
pub fn plan_with(roots: &Roots, plan: impl Fn(&Inventory) -> Vec<Target>) -> Result<Vec<Target>, Problem> {
    let begun = Instant::now();
    loop {
        let targets = plan(&Inventory::read(roots.clone())?);
        let patience = targets.iter().filter_map(|t| t.plan.as_ref().ok()).filter_map(|p| patience(&p.medium)).max();
        if patience.is_none_or(|patience| begun.elapsed() > patience) {
            return Ok(targets);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Tries again, for as long, what was refused: authorizing a device that somebody opened between plan and confirmation.
pub fn patiently<T>(mut attempt: impl FnMut() -> Result<T, Problem>) -> Result<T, Problem> {
    let begun = Instant::now();
    loop {
        match attempt() {
            Err(problem) if problem.kind == Kind::Refused && begun.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            result => return result,
        }
    }
}

/// How long to wait for those who merely have it open; `None`: nobody has, or it is in use in another way.
fn patience(medium: &Medium) -> Option<Duration> {
    let all = |kinds: &[UseKind]| medium.uses.iter().all(|reason| kinds.contains(&reason.kind));
    match medium.uses.is_empty() {
        true => None,
        false if all(&[UseKind::Examined, UseKind::Related]) && !all(&[UseKind::Related]) => {
            Some(PATIENCE_WITH_OUR_OWN)
        }
        false => all(&[UseKind::Open, UseKind::Examined, UseKind::Related]).then_some(PATIENCE),
    }
}

/// The refusal where two targets share bytes: one device under two names, a disk and its partition, partitions that overlap.
pub fn twice(targets: &[Target]) -> Option<Problem> {
    let planned: Vec<(&str, &Medium)> =
        targets.iter().filter_map(|t| t.plan.as_ref().ok().map(|p| (t.name.as_str(), &p.medium))).collect();
    for (at, (first, one)) in planned.iter().enumerate() {
        for (second, other) in planned.iter().skip(at + 1) {
            if shares_bytes(one, other) {
                let what = format!("{first} and {second} name the same bytes of one medium");
                return Some(Problem::refused(what, "Name each medium once: the disk, or those of its partitions."));
            }
        }
    }
    None
}

fn shares_bytes(one: &Medium, other: &Medium) -> bool {
    if one.identity.device_number == other.identity.device_number && one.identity.device_number != (0, 0) {
        return true;
    }
    let range = |m: &Medium| ByteRange::new(m.identity.offset_bytes, m.identity.size_bytes);
    disk_name(one) == disk_name(other) && range(one).intersects(range(other))
}

/// The kernel's name of the disk that a medium is or lies on. In it a `/` of the node's path is `!`.
fn disk_name(medium: &Medium) -> String {
    match &medium.partition_of {
        Some(disk) => disk.path.strip_prefix("/dev/").unwrap_or(&disk.path).replace('/', "!"),
        None => medium.identity.kernel_name.replace('/', "!"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::cli::fixtures;
    use crate::media::Use;

    fn target(name: &str, medium: Medium) -> Target {
        Target { name: name.into(), plan: Ok(fixtures::plan(medium)) }
    }

    #[test]
    fn a_medium_named_twice_is_found_under_any_name() {
        let disk = || fixtures::disk("sda", (8, 0));
        let same = [target("/dev/sda", disk()), target("/dev/disk/by-id/x", disk())];
        assert!(twice(&same).unwrap().what.contains("/dev/disk/by-id/x"));
        let partition = fixtures::partition("sda", 1, (8, 1), 4096, 4096);
        assert!(twice(&[target("/dev/sda", disk()), target("/dev/sda1", partition.clone())]).is_some());
        let extended = fixtures::partition("sda", 5, (8, 5), 6144, 1024);
        assert!(twice(&[target("/dev/sda1", partition.clone()), target("/dev/sda5", extended)]).is_some());
        let next = fixtures::partition("sda", 2, (8, 2), 8192, 4096);
        assert!(twice(&[target("/dev/sda1", partition.clone()), target("/dev/sda2", next)]).is_none());
        assert!(twice(&[target("/dev/sdb", fixtures::disk("sdb", (8, 16))), target("/dev/sda1", partition)]).is_none());
    }

    #[test]
    fn only_what_is_merely_open_is_looked_at_again() {
        let used = |kinds: &[UseKind]| {
            let reason = |kind: &UseKind| Use { kind: *kind, holder: "it".into(), release: "End it.".into() };
            Medium { uses: kinds.iter().map(reason).collect(), ..fixtures::disk("sda", (8, 0)) }
        };
        assert_eq!(patience(&used(&[UseKind::Open])), Some(PATIENCE));
        assert_eq!(patience(&used(&[UseKind::Open, UseKind::Examined])), Some(PATIENCE));
        assert_eq!(patience(&used(&[UseKind::Examined, UseKind::Related])), Some(PATIENCE_WITH_OUR_OWN));
        assert_eq!(patience(&used(&[UseKind::Related])), Some(PATIENCE));
        assert_eq!(patience(&used(&[])), None);
        assert_eq!(patience(&used(&[UseKind::Open, UseKind::Mounted])), None);
        assert_eq!(patience(&used(&[UseKind::Examined, UseKind::Mounted])), None);
    }

    #[test]
    fn a_refusal_that_passes_is_forgotten_and_an_error_is_not_tried_again() {
        let mut tries = 0;
        let passes = patiently(|| {
            tries += 1;
            if tries < 3 { Err(Problem::refused("open", "Wait.")) } else { Ok(tries) }
        });
        assert_eq!(passes, Ok(3));
        let mut tries = 0;
        let fails: Result<(), Problem> = patiently(|| {
            tries += 1;
            Err(Problem::error("gone", "Look."))
        });
        assert_eq!((fails.unwrap_err().what.as_str(), tries), ("gone", 1));
        let stays: Result<(), Problem> = patiently(|| Err(Problem::refused("open", "Wait.")));
        assert_eq!(stays.unwrap_err().what, "open");
    }
}
