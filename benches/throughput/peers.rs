//! The others: fio as the ceiling, dd, shred and nwipe as peers.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::bed::{Bed, Loop, text};
use super::run::{Ran, run, run_watched};
use super::sample::Sample;

/// Direction of a fio job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Write,
    Read,
}

/// Block size and depth of a fio job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub block_kib: u32,
    pub depth: u32,
}

impl Setting {
    /// The sweep whose best is the ceiling.
    pub fn sweep() -> Vec<Self> {
        let blocks = [128, 256, 512, 1024];
        blocks.into_iter().flat_map(|block_kib| [4, 8, 16, 32].map(|depth| Setting { block_kib, depth })).collect()
    }
}

/// One pass of fio over the device: io_uring, O_DIRECT, registered file and buffers, one job. It writes a buffer of zeros
/// that it never fills again: the least that a writer can do.
pub fn fio(device: &Loop, way: Way, setting: Setting) -> Result<Sample, String> {
    let word = if way == Way::Write { "write" } else { "read" };
    let words = [
        "--name=bench".into(),
        format!("--filename={}", device.node()?),
        format!("--rw={word}"),
        format!("--bs={}k", setting.block_kib),
        format!("--iodepth={}", setting.depth),
        format!("--size={}", device.bytes()),
        "--ioengine=io_uring".into(),
        "--direct=1".into(),
        "--fixedbufs=1".into(),
        "--registerfiles=1".into(),
        "--nonvectored=1".into(),
        "--zero_buffers=1".into(),
        "--scramble_buffers=0".into(),
        "--gtod_reduce=1".into(),
        "--thread=1".into(),
        "--output-format=json".into(),
    ];
    let ran = run("fio", &words.each_ref().map(String::as_str))?;
    let json = ran.stdout.get(ran.stdout.find('{').unwrap_or(0)..).unwrap_or_default();
    let said: Value = serde_json::from_str(json).map_err(|e| format!("fio's JSON: {e}"))?;
    let job = &said["jobs"][0];
    let number = |key: &str| job[word][key].as_u64().unwrap_or(0);
    let (bytes, milliseconds) = (number("io_bytes"), number("runtime"));
    if job["error"].as_u64() != Some(0) || bytes != device.bytes() || milliseconds == 0 {
        return Err(format!("fio moved {bytes} bytes of {} in {milliseconds} ms: {json}", device.bytes()));
    }
    Ok(Sample::of_phase(bytes, Duration::from_millis(milliseconds), &ran))
}

/// `dd` of zeros past the page cache.
pub fn dd(device: &Loop) -> Result<Sample, String> {
    let count = device.bytes() >> 20;
    // A count in bytes: the device need not be a multiple of the block.
    let words = [
        "if=/dev/zero".into(),
        format!("of={}", device.node()?),
        "bs=4M".into(),
        format!("count={count}MiB"),
        "iflag=count_bytes".into(),
        "oflag=direct".into(),
        "conv=fdatasync,notrunc".into(),
        "status=none".into(),
    ];
    whole(device, run("dd", &words.each_ref().map(String::as_str))?)
}

/// One pass of `shred`, with these options.
pub fn shred(device: &Loop, options: &[&str]) -> Result<Sample, String> {
    let mut words = options.to_vec();
    words.push(device.node()?);
    whole(device, run("shred", &words)?)
}

fn whole(device: &Loop, ran: Ran) -> Result<Sample, String> {
    Ok(Sample::of_phase(device.bytes(), ran.wall, &ran))
}

/// One pass of `nwipe` without verification. Its phase is the time between the lines *Starting pass* and *Finished pass* of
/// its log, seen as they are written; its start and its end, some seconds, are left out of the rate.
pub fn nwipe(bed: &Bed, options: &[&str]) -> Result<Sample, String> {
    let log = bed.directory("nwipe")?.join("log");
    if log.exists() {
        std::fs::remove_file(&log).map_err(|e| format!("{}: {e}", log.display()))?;
    }
    let logfile = format!("--logfile={}", text(&log)?);
    let mut words = vec!["--autonuke", "--nogui", "--nowait", "--verify=off", "--noblank", "--rounds=1", &logfile];
    words.extend_from_slice(options);
    // With no device named nwipe takes every disk of the machine: the name is always there, and always a loop device of ours.
    words.push(bed.device.node()?);
    let (mut begun, mut ended) = (None, None);
    let mut look = || {
        let said = read(&log);
        note(&mut begun, &said, "Starting pass");
        note(&mut ended, &said, "Finished pass");
    };
    let ran = run_watched("nwipe", &words, &mut look)?;
    let said = read(&log);
    let written = format!("{} bytes written", bed.device.bytes());
    let (Some(begun), Some(ended), true) = (begun, ended, said.contains(&written)) else {
        return Err(format!("nwipe did not say `{written}` between the start and the end of a pass:\n{said}"));
    };
    Ok(Sample::of_phase(bed.device.bytes(), ended.saturating_duration_since(begun), &ran))
}

fn note(moment: &mut Option<Instant>, said: &str, words: &str) {
    if moment.is_none() && said.contains(words) {
        *moment = Some(Instant::now());
    }
}

fn read(log: &Path) -> String {
    std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
