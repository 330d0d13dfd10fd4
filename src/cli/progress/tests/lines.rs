//! Plain lines, as a log shows them, and JSON lines.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::super::{Origin, Sink, plain};
use super::play::Play;
use super::{MIB, Recorder};
use crate::outcome::{Event, Status};

/// Keeps the plain lines, each with the milliseconds of the clock at which it came.
#[derive(Default)]
struct Log {
    pace: plain::Pace,
    lines: Mutex<Vec<String>>,
}

impl Sink for Log {
    fn show(&self, origin: &Origin, event: &Event) {
        self.lines.lock().unwrap().extend(plain::line(&self.pace, origin, event));
    }
    fn say(&self, _text: &str) {}
}

fn log() -> (Arc<Log>, Play) {
    let log = Arc::new(Log::default());
    let play = Play::over(Arc::clone(&log) as Arc<dyn Sink>, &["/dev/sdx"]);
    (log, play)
}

#[test]
fn a_log_has_the_start_of_a_phase_a_line_now_and_then_and_its_mean_rate() {
    let (log, mut play) = log();
    play.started(0, 128 * MIB);
    play.phase(&[0], "pass 1 of 1", 0, 128 * MIB, 4, 16_000);
    play.event(0, Event::Pass { number: 1, pattern: "zeros".into(), bytes: 64 * MIB, milliseconds: 16_000 });
    play.phase(&[0], "verify", 64 * MIB, 128 * MIB, 4, 16_000);
    let verified =
        Event::Verify { kind: "full".into(), bytes: 64 * MIB, milliseconds: 16_000, mismatches: 0, unreadable: 0 };
    play.event(0, verified);
    play.finished(0, Status::Sanitized, 0);
    let expected = "\
/dev/sdx: started: overwrite, passes: 1, 128 MiB to write and read
/dev/sdx: pass 1 of 1 begins
/dev/sdx: 31 % in all (40.2 MiB of 128 MiB), pass 1 of 1, 4 MiB/s, 21 s left
/dev/sdx: pass 1 (zeros): 64 MiB (67108864 bytes) written in 16 s, 4 MiB/s
/dev/sdx: verify begins
/dev/sdx: 81 % in all (104.2 MiB of 128 MiB), verify, 4 MiB/s, 5.9 s left
/dev/sdx: full verification: 64 MiB (67108864 bytes) read in 16 s, 4 MiB/s; blocks that differ: 0, unreadable: 0";
    assert_eq!(log.lines.lock().unwrap().join("\n"), expected);
}

#[test]
fn a_log_of_a_long_job_grows_by_a_line_a_minute_at_most() {
    let (log, mut play) = log();
    // Six hours at 1 MiB/s of a disk of 200 GiB: ten percent.
    play.phase(&[0], "pass 1 of 1", 0, 200 * 1024 * MIB, 1, 6 * 3_600_000);
    let lines = log.lines.lock().unwrap().len();
    assert!((300..=362).contains(&lines), "{lines}");
}

#[test]
fn a_quick_job_has_no_line_about_its_middle() {
    let (log, mut play) = log();
    play.phase(&[0], "pass 1 of 1", 0, 100 * MIB, 100, 800);
    assert_eq!(*log.lines.lock().unwrap(), ["/dev/sdx: pass 1 of 1 begins"]);
}

fn rates(recorder: &Recorder) -> Vec<(Value, Value)> {
    let seen = recorder.0.lock().unwrap();
    assert!(seen.iter().all(|e| e.as_object().unwrap().contains_key("milliseconds_left")), "{seen:?}");
    seen.iter().map(|e| (e["bytes_per_second"].clone(), e["milliseconds_left"].clone())).collect()
}

#[test]
fn json_says_nothing_of_rate_and_time_before_a_second_of_the_phase() {
    let recorder = Arc::new(Recorder::default());
    let mut play = Play::over(Arc::clone(&recorder) as Arc<dyn Sink>, &["/dev/sdx"]);
    for (phase, from) in [("pass 1 of 1", 0), ("verify", 16)] {
        play.phase(&[0], phase, from * MIB, 32 * MIB, 8, 1_200);
        let seen = rates(&recorder);
        recorder.0.lock().unwrap().clear();
        assert_eq!(seen.len(), 7);
        assert!(seen[..5].iter().all(|(rate, left)| *rate == 0 && left.is_null()), "{phase}: {seen:?}");
        for (rate, left) in &seen[5..] {
            let rate = rate.as_u64().unwrap();
            assert!(rate.abs_diff(8 * MIB) < MIB / 100, "{phase}: {seen:?}");
            assert!(left.as_u64().unwrap() > 500, "{phase}: {seen:?}");
        }
    }
}

#[test]
fn a_rate_is_smooth_where_the_medium_is_not_and_follows_where_it_slows_down() {
    let recorder = Arc::new(Recorder::default());
    let mut play = Play::over(Arc::clone(&recorder) as Arc<dyn Sink>, &["/dev/sdx"]);
    let mut done = 0;
    let mut tell = |play: &mut Play, mib: u64| {
        done += mib * MIB;
        play.event(0, super::play::progress("pass 1 of 1", done, 32_768 * MIB));
        play.wait(200);
    };
    // 10 MiB/s in the mean, in bursts of one second in two.
    for step in 0..200 {
        tell(&mut play, if step / 5 % 2 == 0 { 4 } else { 0 });
    }
    let settled: Vec<u64> = rates(&recorder)[75..].iter().map(|(rate, _)| rate.as_u64().unwrap()).collect();
    assert!(settled.iter().all(|rate| rate.abs_diff(10 * MIB) < MIB), "{settled:?}");
    for _ in 0..100 {
        tell(&mut play, 1);
    }
    let (last, _) = rates(&recorder).pop().unwrap();
    assert!(last.as_u64().unwrap().abs_diff(5 * MIB) < MIB / 10, "{last}");
}
