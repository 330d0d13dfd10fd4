//! Files and trees: the whole program beside shred and srm, on ext4 on a loop device over a tmpfs. See `docs/performance.md`.
//!
//! `cargo bench --bench files`, as root; `cargo bench --bench files -- --quick` in a tenth of the time, `-- --peers` without radera.
//! `RADERA_BENCH_FILES` (default 100,000) is the number of files of 4 KiB, `RADERA_BENCH_BYTES` (default 4 GiB) the size of the large one,
//! `RADERA_BENCH_ROUNDS` (default 3) the number of rounds.
#![forbid(unsafe_code)]

#[allow(dead_code)]
#[path = "../throughput/bed.rs"]
mod bed;
mod contenders;
mod ground;
#[allow(dead_code)]
#[path = "../throughput/machine.rs"]
mod machine;
#[allow(dead_code)]
#[path = "../throughput/run.rs"]
mod run;
#[path = "../throughput/sys.rs"]
mod sys;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use contenders::{Figures, Over, ROWS, Row, Station};
use ground::{Ground, Size};

const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;

fn main() -> ExitCode {
    // cargo passes it to benches alone; `cargo test --benches` is not to wait minutes for figures.
    if !std::env::args().any(|word| word == "--bench") {
        println!("SKIPPED: run it with `cargo bench --bench files`");
        return ExitCode::SUCCESS;
    }
    match bench() {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("files: {what}");
            ExitCode::FAILURE
        }
    }
}

fn has(option: &str) -> bool {
    std::env::args().any(|word| word == option)
}

fn bench() -> Result<(), String> {
    let stop = watch_signals()?;
    let (files, bytes) = if has("--quick") { (2_000, 256 * MIB) } else { (100_000, 4 * GIB) };
    let size = Size { files: number("RADERA_BENCH_FILES", files)?, bytes: number("RADERA_BENCH_BYTES", bytes)? };
    let rounds = number("RADERA_BENCH_ROUNDS", 3)?;
    if rounds == 0 || size.files == 0 || size.bytes < 16 * MIB || !size.bytes.is_multiple_of(MIB) {
        return Err(format!(
            "{size:?}, {rounds} rounds: give at least one file, 16 MiB (a multiple of 1 MiB) and a round"
        ));
    }
    check_requirements(size)?;
    let load = machine::load();
    let ground = Ground::make(size)?;
    let station = Station::in_bed(&ground.bed)?;
    let rows: Vec<Row> = ROWS.iter().filter(|row| !(has("--peers") && row.is_ours())).copied().collect();
    let mut figures: Vec<Vec<Figures>> = vec![Vec::new(); rows.len()];
    for round in 1..=rounds {
        for (row, figures) in rows.iter().zip(&mut figures) {
            if stop.load(Ordering::Relaxed) {
                return Err("stopped by a signal; there are no figures".into());
            }
            eprintln!("files: round {round} of {rounds}: {}", row.name);
            figures.push(row.once(&ground, &station)?);
        }
    }
    drop(ground);

    println!("## Files\n");
    println!(
        "`RADERA_BENCH_FILES={} RADERA_BENCH_BYTES={} RADERA_BENCH_ROUNDS={rounds} cargo bench --bench files`\n",
        size.files, size.bytes
    );
    let about = machine::describe();
    about.iter().filter(|line| !line.starts_with("- Peers")).for_each(|line| println!("{line}"));
    println!("- Peers: {}", contenders::versions());
    println!(
        "- ext4 (blocks of 4 KiB) on a loop device over tmpfs, made anew before each run; medians of {rounds} rounds"
    );
    println!("- Load of the minute before: {load:.2}\n");
    for (over, title) in [
        (Over::Tree, format!("{} files of 4 KiB", size.files)),
        (Over::Large, format!("One file of {} MiB", size.bytes / MIB)),
    ] {
        println!(
            "{}",
            table(&title, &rows, &figures, |row| row.over == over || over == Over::Large && row.over == Over::Device)
        );
    }
    println!("{}", ratios(&rows, &figures));
    Ok(())
}

/// SIGINT, SIGTERM and SIGHUP end the bench after the run that is on, so that everything is undone.
fn watch_signals() -> Result<Arc<AtomicBool>, String> {
    let blocked = radera::sys::signal::block().map_err(|e| format!("signals can't be blocked: {e}"))?;
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    std::thread::spawn(move || {
        while let Ok(name) = blocked.wait() {
            eprintln!("files: {name}: ending after this run");
            seen.store(true, Ordering::Relaxed);
        }
    });
    Ok(stop)
}

fn number(name: &str, default: u64) -> Result<u64, String> {
    match std::env::var(name) {
        Err(std::env::VarError::NotPresent) => Ok(default),
        Ok(text) => text.parse().map_err(|e| format!("{name}={text}: {e}")),
        Err(e) => Err(format!("{name}: {e}")),
    }
}

fn check_requirements(size: Size) -> Result<(), String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |name: &&str| std::env::split_paths(&path).any(|at| at.join(name).is_file());
    let programs = ["shred", "srm", "mke2fs", "losetup", "mount", "umount", "find", "xargs", "sync"];
    let missing: Vec<&str> = programs.into_iter().filter(|name| !is_there(name)).collect();
    if !missing.is_empty() {
        return Err(format!(
            "missing: {}. On Debian: apt-get install secure-delete e2fsprogs findutils",
            missing.join(", ")
        ));
    }
    let (needed, available) = (size.device() + GIB, machine::memory_available());
    if available < needed {
        return Err(format!(
            "{available} bytes of memory can be had, {needed} are needed: give --quick, or less by RADERA_BENCH_FILES and RADERA_BENCH_BYTES"
        ));
    }
    Ok(())
}

fn median(runs: &[Figures], figure: impl Fn(&Figures) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(figure).collect();
    values.sort_by(f64::total_cmp);
    match (values.len(), values.len() / 2) {
        (0, _) => f64::NAN,
        (count, middle) if count % 2 == 1 => values[middle],
        (_, middle) => f64::midpoint(values[middle - 1], values[middle]),
    }
}

fn table(title: &str, rows: &[Row], figures: &[Vec<Figures>], wanted: impl Fn(&Row) -> bool) -> String {
    let mut text = format!(
        "### {title}\n\n| | wall s | fastest to slowest | own CPU s | writing GB/s | writing and proof GB/s |\n|---|---|---|---|---|---|\n"
    );
    for (row, runs) in rows.iter().zip(figures).filter(|(row, _)| wanted(row)) {
        let least = runs.iter().map(|run| run.wall).fold(f64::INFINITY, f64::min);
        let most = runs.iter().map(|run| run.wall).fold(0.0, f64::max);
        let rate = |figure: fn(&Figures) -> f64| match median(runs, figure) {
            rate if rate.is_finite() => format!("{rate:.2}"),
            _ => "–".into(),
        };
        text += &format!(
            "| {} | {:.2} | {least:.2} to {most:.2} | {:.2} | {} | {} |\n",
            row.name,
            median(runs, |run| run.wall),
            median(runs, |run| run.processor),
            rate(|run| run.writing),
            rate(|run| run.whole),
        );
    }
    text
}

fn ratios(rows: &[Row], figures: &[Vec<Figures>]) -> String {
    let of = |name: &str, figure: fn(&Figures) -> f64| {
        rows.iter().zip(figures).find(|(row, _)| row.name == name).map_or(f64::NAN, |(_, runs)| median(runs, figure))
    };
    let wall = |run: &Figures| run.wall;
    let list = [
        (
            "tree: radera's wall time × shred -u's",
            of(contenders::TREE, wall) / of(contenders::TREE_SHRED, wall),
            "at most 1.00",
        ),
        ("tree: radera's wall time × srm's", of(contenders::TREE, wall) / of(contenders::TREE_SRM, wall), "–"),
        (
            "tree: what the proof costs, wall time × that without",
            of(contenders::TREE, wall) / of(contenders::TREE_UNPROVED, wall),
            "–",
        ),
        (
            "tree: radera's CPU × shred -u's",
            of(contenders::TREE, |r| r.processor) / of(contenders::TREE_SHRED, |r| r.processor),
            "–",
        ),
        (
            "large file: writing rate × the device engine's",
            of(contenders::LARGE, |r| r.writing) / of(contenders::DEVICE, |r| r.writing),
            "at least 0.95",
        ),
        (
            "large file: writing and proof × the device engine's",
            of(contenders::LARGE, |r| r.whole) / of(contenders::DEVICE, |r| r.whole),
            "at least 0.95",
        ),
        (
            "large file: radera's wall time × shred -n1 -u's",
            of(contenders::LARGE, wall) / of(contenders::LARGE_SHRED, wall),
            "–",
        ),
    ];
    let mut text = String::from("| | found | aim |\n|---|---|---|\n");
    for (name, found, aim) in list.into_iter().filter(|(_, found, _)| found.is_finite()) {
        text += &format!("| {name} | {found:.2} | {aim} |\n");
    }
    text
}
