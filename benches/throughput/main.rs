//! The whole program against fio, dd, shred and nwipe, on a loop device over a tmpfs. See `docs/performance.md`.
//!
//! `cargo bench --bench throughput`, as root. `RADERA_BENCH_BYTES` (default 1 GiB) is the size of the device,
//! `RADERA_BENCH_ROUNDS` (default 5) the number of rounds.
#![forbid(unsafe_code)]

mod bed;
mod machine;
mod own;
mod peers;
mod run;
mod sample;
mod sys;
mod table;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bed::Bed;
use own::Station;
use peers::{Setting, Way};
use sample::{Sample, Samples};
use table::{Ceiling, Ratio, Row};

const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;
/// The sweep is made this often, or as often as there are rounds if that is less.
const SWEEPS: u32 = 3;

fn main() -> ExitCode {
    // cargo passes it to benches alone; `cargo test --benches` is not to wait minutes for figures.
    if !std::env::args().any(|word| word == "--bench") {
        println!("SKIPPED: run it with `cargo bench --bench throughput`");
        return ExitCode::SUCCESS;
    }
    match bench() {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("throughput: {what}");
            ExitCode::FAILURE
        }
    }
}

fn bench() -> Result<(), String> {
    let stop = watch_signals()?;
    let (bytes, rounds) = options()?;
    check_requirements(bytes)?;
    let load = machine::load();
    let bed = Bed::make(bytes)?;
    let mut bench = Bench { station: Station::in_bed(&bed)?, bed, stop };
    let writes = bench.sweep(Way::Write, rounds.min(SWEEPS))?;
    let reads = bench.sweep(Way::Read, rounds.min(SWEEPS))?;
    let rows = bench.rounds(rounds, best(&writes)?, best(&reads)?)?;
    drop(bench);

    println!("## Throughput\n");
    println!("`RADERA_BENCH_BYTES={bytes} RADERA_BENCH_ROUNDS={rounds} cargo bench --bench throughput`\n");
    machine::describe().iter().for_each(|line| println!("{line}"));
    println!("- Device: loop over tmpfs, {} MiB; medians of {rounds} rounds", bytes / MIB);
    println!("- Load of the minute before: {load:.2}\n");
    let (best_write, best_read) = (rate(&rows, FIO_WRITE), rate(&rows, FIO_READ));
    println!("{}", table::contenders(&rows, best_write, best_read));
    println!("{}", table::ratios(&ratios(&rows)));
    println!("{}", table::sweep("fio write GB/s", &writes));
    println!("{}", table::sweep("fio read GB/s", &reads));
    Ok(())
}

/// SIGINT, SIGTERM and SIGHUP end the bench after the run that is on, so that everything is undone.
fn watch_signals() -> Result<Arc<AtomicBool>, String> {
    let blocked = radera::sys::signal::block().map_err(|e| format!("signals can't be blocked: {e}"))?;
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    std::thread::spawn(move || {
        while let Ok(name) = blocked.wait() {
            eprintln!("throughput: {name}: ending after this run");
            seen.store(true, Ordering::Relaxed);
        }
    });
    Ok(stop)
}

fn options() -> Result<(u64, u32), String> {
    let bytes = number("RADERA_BENCH_BYTES", GIB)?;
    if bytes < 64 * MIB || !bytes.is_multiple_of(MIB) {
        return Err(format!("RADERA_BENCH_BYTES={bytes}: give a multiple of {MIB}, at least {}", 64 * MIB));
    }
    let rounds = number("RADERA_BENCH_ROUNDS", 5)?;
    match u32::try_from(rounds) {
        Ok(rounds) if rounds > 0 => Ok((bytes, rounds)),
        _ => Err(format!("RADERA_BENCH_ROUNDS={rounds}: give a number from 1")),
    }
}

fn number(name: &str, default: u64) -> Result<u64, String> {
    match std::env::var(name) {
        Err(std::env::VarError::NotPresent) => Ok(default),
        Ok(text) => text.parse().map_err(|e| format!("{name}={text}: {e}")),
        Err(e) => Err(format!("{name}: {e}")),
    }
}

fn check_requirements(bytes: u64) -> Result<(), String> {
    if !is_root()? {
        return Err("it needs root, for a loop device and a mount".into());
    }
    // `--version` of each; nwipe and losetup stand in /usr/sbin.
    let missing: Vec<&str> = ["fio", "nwipe", "dd", "shred", "losetup", "mount", "umount"]
        .into_iter()
        .filter(|program| std::process::Command::new(program).arg("--version").output().is_err())
        .collect();
    if !missing.is_empty() {
        return Err(format!(
            "missing: {}. On Debian: apt-get install fio nwipe coreutils mount util-linux (and /usr/sbin in PATH)",
            missing.join(", ")
        ));
    }
    let available = machine::memory_available();
    if available < bytes + GIB {
        return Err(format!(
            "{available} bytes of memory can be had, {bytes} and 1 GiB are needed: lower RADERA_BENCH_BYTES"
        ));
    }
    Ok(())
}

fn is_root() -> Result<bool, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|e| format!("/proc/self/status: {e}"))?;
    let uids = status.lines().find(|line| line.starts_with("Uid:")).unwrap_or_default();
    Ok(uids.split_whitespace().nth(2) == Some("0"))
}

const FIO_WRITE: &str = "fio write, best of the sweep";
const FIO_READ: &str = "fio read, best of the sweep";
const ZEROS: &str = "radera, zeros";
const RANDOM: &str = "radera, AES stream";
const VERIFY: &str = "radera, full verification of the stream";
const JOB: &str = "radera, AES stream and full verification";
const DD: &str = "dd, zeros, direct, 4 MiB";
const SHRED: &str = "shred -n1";
const SHRED_ZEROS: &str = "shred -n0 -z";
const NWIPE_ZEROS: &str = "nwipe, zeros";
const NWIPE_ISAAC: &str = "nwipe, ISAAC-64";
const NWIPE_TWISTER: &str = "nwipe, Mersenne Twister";

/// What is measured, in this order, and its ceiling.
const ROWS: &[(&str, Ceiling)] = &[
    (FIO_WRITE, Ceiling::Write),
    (ZEROS, Ceiling::Write),
    (RANDOM, Ceiling::Write),
    (VERIFY, Ceiling::Read),
    (FIO_READ, Ceiling::Read),
    (JOB, Ceiling::Both),
    (DD, Ceiling::Write),
    (SHRED, Ceiling::Write),
    (SHRED_ZEROS, Ceiling::Write),
    (NWIPE_ZEROS, Ceiling::Write),
    (NWIPE_ISAAC, Ceiling::Write),
    (NWIPE_TWISTER, Ceiling::Write),
];

struct Bench {
    station: Station,
    bed: Bed,
    stop: Arc<AtomicBool>,
}

impl Bench {
    fn go_on(&self, what: &str) -> Result<(), String> {
        if self.stop.load(Ordering::Relaxed) {
            return Err("stopped by a signal; there are no figures".into());
        }
        eprintln!("throughput: {what}");
        Ok(())
    }

    /// fio with each setting, `times` over.
    fn sweep(&self, way: Way, times: u32) -> Result<Vec<(Setting, Samples)>, String> {
        let mut sweep: Vec<_> = Setting::sweep().into_iter().map(|setting| (setting, Samples::default())).collect();
        for time in 1..=times {
            self.go_on(&format!("sweep {time} of {times}, {way:?}"))?;
            for (setting, samples) in &mut sweep {
                samples.add(peers::fio(&self.bed.device, way, *setting)?);
            }
        }
        Ok(sweep)
    }

    /// Every contender in turn, `rounds` times over.
    fn rounds(&mut self, rounds: u32, write: Setting, read: Setting) -> Result<Vec<Row>, String> {
        let mut rows: Vec<Row> =
            ROWS.iter().map(|(name, ceiling)| Row { name, ceiling: *ceiling, samples: Samples::default() }).collect();
        for round in 1..=rounds {
            // What the verification reads is what the wipe before it has written.
            let mut record = None;
            for row in &mut rows {
                self.go_on(&format!("round {round} of {rounds}: {}", row.name))?;
                row.samples.add(self.once(row.name, write, read, &mut record)?);
            }
        }
        Ok(rows)
    }

    fn once(
        &self,
        name: &str,
        write: Setting,
        read: Setting,
        record: &mut Option<std::path::PathBuf>,
    ) -> Result<Sample, String> {
        let (bed, device, station) = (&self.bed, &self.bed.device, &self.station);
        match name {
            FIO_WRITE => peers::fio(device, Way::Write, write),
            FIO_READ => peers::fio(device, Way::Read, read),
            ZEROS => station.wipe(device, "zeros", "none").map(|wiped| wiped.write),
            RANDOM => {
                let wiped = station.wipe(device, "random", "none")?;
                *record = Some(wiped.record);
                Ok(wiped.write)
            }
            VERIFY => station.verify(device, record.as_deref().ok_or("nothing was written that could be verified")?),
            JOB => station.wipe(device, "random", "full").map(|wiped| wiped.job),
            DD => peers::dd(device),
            SHRED => peers::shred(device, &["-n1"]),
            SHRED_ZEROS => peers::shred(device, &["-n0", "-z"]),
            NWIPE_ZEROS => peers::nwipe(bed, &["--method=zero"]),
            NWIPE_ISAAC => peers::nwipe(bed, &["--method=prng", "--prng=isaac64"]),
            NWIPE_TWISTER => peers::nwipe(bed, &["--method=prng", "--prng=twister"]),
            _ => Err(format!("no contender is called {name}")),
        }
    }
}

fn best(sweep: &[(Setting, Samples)]) -> Result<Setting, String> {
    let best = sweep.iter().max_by(|a, b| a.1.rate().total_cmp(&b.1.rate()));
    best.map(|(setting, _)| *setting).ok_or_else(|| "the sweep is empty".into())
}

/// The median of one of a contender's figures.
fn median(rows: &[Row], name: &str, figure: fn(&Sample) -> f64) -> f64 {
    rows.iter().find(|row| row.name == name).map_or(f64::NAN, |row| row.samples.median(figure))
}

fn rate(rows: &[Row], name: &str) -> f64 {
    median(rows, name, |sample| sample.rate)
}

fn ratios(rows: &[Row]) -> Vec<Ratio> {
    let processor = |name| median(rows, name, |sample| sample.processor);
    let over = |one, other| rate(rows, one) / rate(rows, other);
    let nwipe = rate(rows, NWIPE_ISAAC).max(rate(rows, NWIPE_TWISTER));
    let at_least = |name, found, aim| Ratio { name, found, aim, at_most: false };
    let at_most = |name, found, aim| Ratio { name, found, aim, at_most: true };
    vec![
        at_least("write zeros, × fio's best write", over(ZEROS, FIO_WRITE), 0.95),
        at_least("write AES stream, × fio's best write", over(RANDOM, FIO_WRITE), 0.90),
        at_least("full verification of the stream, × fio's best read", over(VERIFY, FIO_READ), 0.92),
        at_least("write AES stream, × shred -n1", over(RANDOM, SHRED), 9.0),
        at_least("write AES stream, × nwipe's faster generator, start-up apart", rate(rows, RANDOM) / nwipe, 3.0),
        at_most("write AES stream, own CPU s/GB", processor(RANDOM), 0.10),
        at_most("write AES stream, own CPU × shred -n1", processor(RANDOM) / processor(SHRED), 1.0 / 9.0),
        at_most("full verification, own CPU s/GB", processor(VERIFY), 0.11),
    ]
}
