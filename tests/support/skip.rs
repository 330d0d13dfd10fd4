//! Tests that can't run here say so, past the test harness, which swallows what a passing test prints. Under
//! `RADERA_TESTS_MUST_RUN=1` (tests/all as root) that is a failure.
#![allow(dead_code, missing_docs, clippy::panic, clippy::unwrap_used)]

use std::io::Write;
use std::os::unix::fs::MetadataExt;

/// Says that the running test is skipped, and why.
#[track_caller]
pub fn skip(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    assert!(std::env::var_os("RADERA_TESTS_MUST_RUN").is_none(), "{test} must run here, and can't: {why}");
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: {why}");
}

/// Whether this runs as root.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Whether this test may make loop devices and mount; if not, it is skipped.
#[track_caller]
pub fn root() -> bool {
    let root = is_root();
    if !root {
        skip("needs root, for loop devices");
    }
    root
}

/// Whether every one of these programs is installed; if not, the test is skipped.
#[track_caller]
pub fn programs(names: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |name: &str| std::env::split_paths(&path).any(|directory| directory.join(name).is_file());
    let missing: Vec<_> = names.iter().copied().filter(|name| !is_there(name)).collect();
    if !missing.is_empty() {
        skip(&format!("not installed: {}", missing.join(", ")));
    }
    missing.is_empty()
}
