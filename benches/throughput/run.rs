//! Commands: run to their end, with wall time and own processor time.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::sys::processor_time_of_children;

/// No single run may take longer than this.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often a command that is watched is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A command that ended well.
pub struct Ran {
    pub stdout: String,
    pub wall: Duration,
    /// Processor time of its own, user and system; not the kernel's workers'.
    pub processor: Duration,
}

/// Runs it to its end; what it says on standard output is kept. An exit code other than 0 is an error.
pub fn run(program: &str, arguments: &[&str]) -> Result<Ran, String> {
    run_to(0, program, arguments)
}

/// As [`run`], for a program that must end with `code`.
pub fn run_to(code: i32, program: &str, arguments: &[&str]) -> Result<Ran, String> {
    let before = processor_time_of_children()?;
    let begun = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{program} can't be started: {e}"))?;
    let wall = begun.elapsed();
    let processor = processor_time_of_children()?.saturating_sub(before);
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.code() != Some(code) {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{program} {}`: {}\n{stdout}{stderr}", arguments.join(" "), output.status));
    }
    Ok(Ran { stdout, wall, processor })
}

/// Runs it to its end, calling `look` every few milliseconds. What it says is thrown away.
pub fn run_watched(program: &str, arguments: &[&str], look: &mut dyn FnMut()) -> Result<Ran, String> {
    let before = processor_time_of_children()?;
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("{program} can't be started: {e}"))?;
    let ended = loop {
        look();
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Ok(None) if begun.elapsed() < PATIENCE => std::thread::sleep(LOOK_EVERY),
            Ok(None) => break Err(format!("{program} did not end in {} s", PATIENCE.as_secs())),
            Err(e) => break Err(format!("{program} can't be waited for: {e}")),
        }
    };
    let wall = begun.elapsed();
    look();
    if ended.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    let status = ended?;
    if !status.success() {
        return Err(format!("`{program} {}`: {status}", arguments.join(" ")));
    }
    let processor = processor_time_of_children()?.saturating_sub(before);
    Ok(Ran { stdout: String::new(), wall, processor })
}
