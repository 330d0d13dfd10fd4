//! Jobs on swap areas: the header comes back once the overwrite is over, and not before.

use super::rig::{BYTES, Recorder, Rig, last_pattern, request};
use super::sessions::session_on;
use crate::files::swap::{Active, Area, Header};
use crate::job::prove::Found;
use crate::job::{Finished, Plan, PlannedSwap, Stop};
use crate::journal::tests::MemoryStore;
use crate::outcome::{Event, Observer, Status};
use crate::pattern::Filler;
use crate::problem::ExitCode;

fn header() -> Header {
    Header {
        uuid: [7; 16],
        label: *b"an area\0\0\0\0\0\0\0\0\0",
        page_bytes: 16384,
        foreign: false,
        last_page: 9,
        bad_pages: 0,
    }
}

/// The plan of a rig's medium as a swap area that no kernel can take back.
fn plan(rig: &Rig) -> Plan {
    let path = std::path::PathBuf::from("/no/such/swap");
    let before = Active { path: path.clone(), used_bytes: 0, priority: 3 };
    let swap = PlannedSwap::of(Area { path, number: (0, 0), header: header() }, Some(before));
    Plan { swap: Some(swap), ..rig.plan(&request()) }
}

/// Bytes of the header that the medium begins with; what follows must be the job's.
fn header_bytes(rig: &Rig, plan: &Plan) -> usize {
    let (content, new) = (rig.device.content(), header().renewed(BYTES));
    let bytes = if content.starts_with(&new) { new.len() } else { 0 };
    assert!(Filler::new(&last_pattern(plan)).unwrap().matches(bytes as u64, &content[bytes..]));
    bytes
}

fn errors(recorder: &Recorder) -> Vec<String> {
    let events = recorder.0.lock().unwrap();
    let text = |event: &Event| match event {
        Event::Error { what, todo, .. } => Some(format!("{what}: {todo}")),
        _ => None,
    };
    events.iter().filter_map(text).collect()
}

/// Erased and proved, but not swap again: the status stays, and the exit code is 4.
fn assert_erased(rig: &Rig, finished: &Finished) {
    assert_eq!((finished.status, finished.exit_code), (Some(Status::Sanitized), ExitCode::Exceptions));
    assert_eq!(rig.record(finished).status, Status::Sanitized);
}

#[test]
fn a_header_is_written_after_the_readback_and_what_keeps_it_from_use_is_told() {
    let rig = Rig::new(BYTES);
    let (plan, recorder) = (plan(&rig), Recorder::default());
    let finished = rig.carry_out(&plan, rig.clearance(&plan), &rig.store, &recorder, &Stop::new());
    assert_erased(&rig, &finished);
    assert_eq!(header_bytes(&rig, &plan), 16384);
    let told = errors(&recorder);
    assert!(
        told.len() == 1 && told[0].contains("mkswap -U 07070707-0707-0707-0707-070707070707 -L 'an area'"),
        "{told:?}"
    );
    assert!(told[0].contains("swapon -p 3"), "{told:?}");
}

struct StopAtVerify(Stop, Recorder);

impl Observer for StopAtVerify {
    fn on_event(&self, event: Event) {
        if matches!(event, Event::Pass { .. }) {
            self.0.set("SIGTERM");
        }
        self.1.on_event(event);
    }
}

#[test]
fn stopped_it_gets_no_header_and_the_next_session_writes_it() {
    let rig = Rig::new(BYTES);
    let (plan, stop) = (plan(&rig), Stop::new());
    let observer = StopAtVerify(stop.clone(), Recorder::default());
    let finished = rig.carry_out(&plan, rig.clearance(&plan), &rig.store, &observer, &stop);
    assert_eq!(finished.exit_code, ExitCode::Interrupted);
    assert_eq!(header_bytes(&rig, &plan), 0);
    let told = observer.1.0.lock().unwrap();
    assert!(told.iter().any(|e| matches!(e, Event::Note { text } if text.contains("radera resume"))), "{told:?}");

    let found = Found { medium: plan.medium.clone(), same_attachment: true };
    let finished = session_on(&rig, rig.clearance(&plan), &rig.store, &found).unwrap();
    assert_eq!(finished.status, Some(Status::Sanitized));
    assert_eq!(header_bytes(&rig, &plan), 16384);
}

#[test]
fn a_job_that_can_not_begin_puts_it_back_or_says_that_it_can_not() {
    let rig = Rig::new(BYTES);
    let (plan, recorder) = (plan(&rig), Recorder::default());
    let before = rig.device.content();
    let store = MemoryStore::failing_after(0);
    let finished = rig.carry_out(&plan, rig.clearance(&plan), &store, &recorder, &Stop::new());
    assert_eq!((finished.status, finished.exit_code), (None, ExitCode::Error));
    assert!(rig.device.content() == before);
    let told = errors(&recorder);
    assert!(told.iter().any(|t| t.contains("/no/such/swap can't be swapped to again")), "{told:?}");
}
