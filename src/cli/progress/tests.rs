//! A recorded list of events, and what each front makes of it.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::*;
use crate::outcome::{BadRange, Status, Trouble};
use crate::problem::ExitCode;

mod lines;
mod on_screen;
mod play;
mod screen;

const MIB: u64 = 1 << 20;

fn progress(done: u64) -> Event {
    Event::Progress {
        phase: "pass 1 of 1".into(),
        bytes_done: done * MIB,
        bytes_total: 512 * MIB,
        bytes_per_second: 128 * MIB,
        milliseconds_left: Some((512 - done) * 1000 / 128),
    }
}

fn recorded() -> Vec<Event> {
    let bad = BadRange {
        kind: Trouble::WriteFailed,
        first_byte: 4096,
        bytes: 512,
        pass: 1,
        error: Some("EIO (Input/output error)".into()),
    };
    vec![
        Event::Started {
            job: "c0ffee".into(),
            method: "clear".into(),
            technique: "overwrite".into(),
            bytes_total: 512 * MIB,
            passes: 1,
            resumed: false,
        },
        progress(0),
        progress(10),
        progress(26),
        progress(27),
        Event::Bad { range: bad },
        Event::Pass { number: 1, pattern: "random".into(), bytes: 256 * MIB, milliseconds: 2000 },
        Event::Verify { kind: "full".into(), bytes: 256 * MIB, milliseconds: 2000, mismatches: 0, unreadable: 1 },
        Event::Note { text: "a note".into() },
        Event::Error { what: "it went away".into(), todo: "plug it in".into(), exit_code: 5 },
        Event::TargetFinished { status: Some(Status::Failed), exit_code: 5, record: Some("r.json".into()) },
    ]
}

#[derive(Default)]
struct Recorder(Mutex<Vec<Value>>);

impl Sink for Recorder {
    fn show(&self, origin: &Origin, event: &Event) {
        self.0.lock().unwrap().push(json::value(origin, event));
    }
    fn say(&self, _text: &str) {}
}

#[test]
fn plain_lines_come_for_what_matters() {
    let pace = plain::Pace::default();
    let start = Instant::now();
    let origin = Origin { index: 0, target: "/dev/sdx", job: None, at: start };
    let lines: Vec<String> = recorded().iter().filter_map(|e| plain::line(&pace, &origin, e)).collect();
    let expected = "\
/dev/sdx: started: overwrite, passes: 1, 512 MiB to write and read
/dev/sdx: pass 1 of 1 begins
/dev/sdx: 512 bytes from byte 4096 on could not be written: EIO (Input/output error)
/dev/sdx: pass 1 (random): 256 MiB (268435456 bytes) written in 2.0 s, 128 MiB/s
/dev/sdx: full verification: 256 MiB (268435456 bytes) read in 2.0 s, 128 MiB/s; blocks that differ: 0, unreadable: 1
/dev/sdx: note: a note
radera: /dev/sdx: it went away
  to do: plug it in";
    assert_eq!(lines.join("\n"), expected);
    let line = |seconds, done| {
        plain::line(&pace, &Origin { at: start + Duration::from_secs(seconds), ..origin }, &progress(done))
    };
    assert!(line(9, 100).is_none(), "whatever was done, ten seconds have not gone by");
    assert!(line(11, 20).is_none(), "less than five percent");
    assert!(line(11, 29).is_some());
    assert!(line(12, 90).is_none());
    assert!(line(71, 30).is_some(), "a minute on, a line is due");
}

#[test]
fn json_events_carry_target_and_job_and_the_keys_of_the_contract() {
    let sink = Arc::new(Recorder::default());
    let front = Front::over(Arc::clone(&sink) as Arc<dyn Sink>, vec!["/dev/a".into(), "/dev/b".into()]);
    let start = Instant::now();
    for (second, event) in (0..).zip(recorded()) {
        front.event_at(1, event, start + Duration::from_secs(second));
    }
    let seen = sink.0.lock().unwrap();
    assert!(seen.iter().all(|e| e["target"] == "/dev/b" && e["job"] == "c0ffee"), "{seen:?}");
    let named = |name: &str| seen.iter().find(|e| e["event"] == name).unwrap().clone();
    let last = seen.iter().rfind(|e| e["event"] == "progress").unwrap();
    for key in ["bytes_done", "bytes_total", "bytes_per_second", "milliseconds_left"] {
        assert!(last[key].is_u64(), "{key}");
    }
    for event in ["pass", "verify"] {
        assert_eq!(named(event)["bytes"], 256 * MIB);
        assert_eq!(named(event)["milliseconds"], 2000);
    }
    let last = named("target-finished");
    assert_eq!((&last["status"], &last["exit_code"], &last["record"]), (&"failed".into(), &5.into(), &"r.json".into()));
    assert_eq!(named("started")["resumed"], false);
}

#[test]
fn the_last_object_has_exit_code_and_records() {
    let value = finished(ExitCode::Exceptions, &["a.json".into(), "b.json".into()]);
    assert_eq!(value.to_string(), r#"{"event":"finished","exit_code":4,"records":["a.json","b.json"]}"#);
}

#[test]
fn what_ended_a_target_is_told_once() {
    let count = |emitted: bool| {
        let sink = Arc::new(Recorder::default());
        let front = Front::over(Arc::clone(&sink) as Arc<dyn Sink>, vec!["/dev/a".into()]);
        let problem = Problem::failed("it went away", "plug it in");
        if emitted {
            front.target(0).on_event(Event::Error {
                what: problem.what.clone(),
                todo: problem.todo.clone(),
                exit_code: 1,
            });
            front.target(0).on_event(Event::TargetFinished { status: None, exit_code: 5, record: None });
        }
        let finished = Finished {
            job: None,
            status: None,
            exit_code: ExitCode::Failed,
            record: None,
            statement: String::new(),
            problem: Some(problem),
            earlier: Vec::new(),
        };
        front.ended(0, &finished);
        let seen = sink.0.lock().unwrap();
        ["error", "target-finished"].map(|name| seen.iter().filter(|e| e["event"] == name).count())
    };
    assert_eq!(count(true), [1, 1]);
    assert_eq!(count(false), [1, 1]);
}
