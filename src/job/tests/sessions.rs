//! Jobs in several sessions: stopped on request, lost and found again.

use super::rig::{BYTES, Recorder, Rig, last_pattern, request};
use crate::io::Op;
use crate::io::simulated::Fault;
use crate::job::close::settle;
use crate::job::prove::Found;
use crate::job::resume::go_on;
use crate::job::station::sha256;
use crate::job::{Finished, OverwriteChoice, Plan, Request, Stop, prove};
use crate::journal::tests::MemoryStore;
use crate::journal::{Journal, replay};
use crate::media::{Partition, Signature};
use crate::outcome::{Claim, Event, Observer, Status};
use crate::problem::{ExitCode, Kind, Problem};

/// A later session, as `resume` runs it once the medium is found.
pub(super) fn next_session(rig: &Rig, plan: &Plan, store: &MemoryStore, stop: &Stop) -> Result<Finished, Problem> {
    let found = Found { medium: plan.medium.clone(), same_attachment: true };
    session_on(rig, plan, store, stop, &found)
}

/// The same, on a medium that was found in another way.
pub(super) fn session_on(
    rig: &Rig,
    plan: &Plan,
    store: &MemoryStore,
    stop: &Stop,
    found: &Found,
) -> Result<Finished, Problem> {
    let (mut journal, entries) = Journal::reopen(Box::new(store.clone()))?;
    let mut state = replay(entries).unwrap();
    settle(&rig.station, &rig.station.out, &mut journal, &mut state)?;
    let mut clearance = rig.clearance(plan);
    go_on(&rig.station, &mut journal, state, &mut clearance, found, &Recorder::default(), stop, None)
}

/// Stops a job once it has told of that many bytes; of none: before its first.
struct StopAt {
    bytes: u64,
    stop: Stop,
}

impl Observer for StopAt {
    fn on_event(&self, event: Event) {
        let reached = match event {
            Event::Started { .. } => self.bytes == 0,
            Event::Progress { bytes_done, .. } => bytes_done >= self.bytes,
            _ => false,
        };
        if reached {
            self.stop.set("SIGTERM");
        }
    }
}

fn stopped_at(rig: &Rig, request: &Request, bytes: u64) -> (Plan, Finished) {
    let stop = Stop::new();
    let done = rig.wipe_watched(request, &StopAt { bytes, stop: stop.clone() }, &stop);
    assert_eq!(done.1.exit_code, ExitCode::Interrupted);
    done
}

#[test]
fn a_stopped_job_says_so_and_the_next_session_finishes_it() {
    for bytes in [0, 1, 10 << 20, 20 << 20] {
        let rig = Rig::new(BYTES);
        let request = Request { max_rate: Some(100 << 20), ..request() };
        let (plan, first) = stopped_at(&rig, &request, bytes);
        assert_eq!(first.exit_code, ExitCode::Interrupted);
        let interrupted = rig.record(&first);
        assert_eq!((interrupted.status, interrupted.claim), (Status::Interrupted, Claim::None));
        assert_eq!(interrupted.sessions[0].detail, "SIGTERM");
        assert!(!rig.holds(&last_pattern(&plan)), "it was to be stopped in mid-write");

        let second = next_session(&rig, &plan, &rig.store, &Stop::new()).unwrap();
        assert_eq!(second.exit_code, ExitCode::Success, "{second:?}");
        let record = rig.record(&second);
        assert_eq!((record.status, record.claim), (Status::Sanitized, Claim::Clear));
        assert_eq!((record.job.as_str(), record.sessions.len()), (interrupted.job.as_str(), 2));
        assert_ne!(record.id, interrupted.id);
        let json = std::fs::read(first.record.unwrap()).unwrap();
        assert_eq!(record.supersedes, Some(sha256(&json)));
        assert!(rig.holds(&last_pattern(&plan)));
    }
}

#[test]
fn a_session_goes_on_from_what_is_known_to_be_on_the_medium() {
    let rig = Rig::new(BYTES);
    let request = Request { max_rate: Some(100 << 20), ..request() };
    let (plan, _) = stopped_at(&rig, &request, 20 << 20);
    let reached = rig.store.state().reached;
    assert!(reached.1 >= 20 << 20, "{reached:?}");
    let before = rig.device.log().len();
    let second = next_session(&rig, &plan, &rig.store, &Stop::new()).unwrap();
    let record = rig.record(&second);
    let from = record.sessions[1].from_byte.unwrap();
    assert_eq!((1, from), prove::restart(reached, BYTES, 512));
    assert!(from > 0 && from < reached.1);
    let first_write = rig.device.log()[before..].iter().find(|(op, ..)| *op == crate::io::Op::Write).unwrap().1;
    assert_eq!(first_write, from);
}

#[test]
fn a_medium_that_came_loose_is_taken_up_again_when_it_is_back() {
    let rig = Rig::new(BYTES);
    rig.device.vanish_after(30 << 20);
    let (plan, lost) = rig.wipe(&request());
    assert_eq!((lost.exit_code, rig.record(&lost).status), (ExitCode::Failed, Status::Failed));
    assert!(!rig.store.state().is_over());
    rig.device.reappear();
    let second = next_session(&rig, &plan, &rig.store, &Stop::new()).unwrap();
    let record = rig.record(&second);
    assert_eq!((record.status, record.sessions.len()), (Status::Sanitized, 2));
    assert!(rig.holds(&last_pattern(&plan)));
}

/// A job that was stopped at `bytes`, refused on a medium that `change` was made to since; nothing is written.
fn refused_at(bytes: u64, request: &Request, change: impl FnOnce(&Rig, &mut Found)) -> Problem {
    let rig = Rig::new(BYTES);
    let request = Request { max_rate: Some(100 << 20), ..request.clone() };
    let (plan, _) = stopped_at(&rig, &request, bytes);
    let mut found = Found { medium: plan.medium.clone(), same_attachment: true };
    change(&rig, &mut found);
    let before = rig.device.content();
    let problem = session_on(&rig, &plan, &rig.store, &Stop::new(), &found).unwrap_err();
    assert_eq!(problem.kind, Kind::Refused, "{problem:?}");
    assert!(before == rig.device.content(), "a refusal changes nothing");
    problem
}

#[test]
fn a_medium_put_to_use_since_is_not_wiped_by_an_old_confirmation() {
    for bytes in [0, 1, 20 << 20] {
        // Somebody made a filesystem on it, which the inventory sees …
        let problem = refused_at(bytes, &request(), |_, found| {
            found.medium.signatures = Some(vec![Signature { kind: "ext".into(), uuid: Some("new".into()) }]);
        });
        assert!(problem.what.contains("ext"), "{problem:?}");
        // … or partitioned it …
        refused_at(bytes, &request(), |_, found| {
            let path = "/dev/sdx1".into();
            found.medium.partitions.push(Partition { path, number: 1, first_byte: 1 << 20, size_bytes: 1 << 20 });
        });
        // … or wrote a partition table that the kernel has not read, anywhere in its head …
        for at in [0, 1024, 65536] {
            refused_at(bytes, &request(), |rig, _| rig.device.set(at, &[0x55; 512]));
        }
    }
    // … or went on using the filesystem that it had.
    refused_at(0, &request(), |rig, _| rig.device.flip(1080, 1));
    // Far behind the head as well, once that is known to have been written.
    refused_at(20 << 20, &request(), |rig, _| rig.device.set(4 << 20, &vec![0x55; 8 << 20]));
}

#[test]
fn a_bad_block_in_the_head_leaves_nothing_to_tell_use_by() {
    for (first_byte, refused) in [(65536, true), (1 << 20, false)] {
        let rig = Rig::new(BYTES);
        rig.device.fault(Fault::permanent(Op::Write, first_byte, 512));
        let slow = Request { max_rate: Some(100 << 20), ..request() };
        let (plan, _) = stopped_at(&rig, &slow, 20 << 20);
        let second = next_session(&rig, &plan, &rig.store, &Stop::new());
        assert_eq!(second.as_ref().is_err_and(|p| p.kind == Kind::Refused), refused, "{second:?}");
        assert_eq!(second.is_ok_and(|f| f.exit_code == ExitCode::Exceptions), !refused);
    }
}

#[test]
fn a_medium_that_was_away_must_carry_what_the_job_wrote() {
    let away = |found: &mut Found| found.same_attachment = false;
    // Next to nothing was written: nothing tells it from another with the same number.
    refused_at(1, &request(), |_, found| away(found));
    // Zeros are zeros on any medium, unless its world wide name tells it.
    let zeros = Request { overwrite: OverwriteChoice::Byte(0), ..request() };
    refused_at(20 << 20, &zeros, |_, found| {
        away(found);
        found.medium.identity.wwn = None;
    });
    let rig = Rig::new(BYTES);
    let random = Request { max_rate: Some(100 << 20), ..request() };
    let (plan, _) = stopped_at(&rig, &random, 20 << 20);
    let found = Found { medium: plan.medium.clone(), same_attachment: false };
    let second = session_on(&rig, &plan, &rig.store, &Stop::new(), &found).unwrap();
    assert_eq!(rig.record(&second).status, Status::Sanitized);
}

#[test]
fn a_job_that_ran_to_its_end_is_over_and_one_that_failed_verification_too() {
    let rig = Rig::new(8 << 20);
    rig.wipe(&request());
    assert!(rig.store.state().is_over() && !rig.store.state().lacks_record());
    let rig = Rig::new(8 << 20);
    rig.device.corrupt(0, 1);
    rig.wipe(&request());
    assert!(rig.store.state().is_over());
}
