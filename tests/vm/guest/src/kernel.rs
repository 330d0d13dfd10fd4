//! Asking the guest's kernel: modules, and waiting for what appears in sysfs.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long anything may take to appear. Emulation on a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// Loads a module and those that it needs.
pub fn load(module: &str) -> Result<(), String> {
    let status = Command::new("modprobe").arg(module).status().map_err(|e| format!("modprobe can't be run: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("modprobe {module}: {status}")) }
}

/// Tries again until there is something.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> Result<T, String> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if Instant::now() > end {
            return Err(format!("{what} did not appear within {PATIENCE:?}"));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The text of an attribute, trimmed.
pub fn attribute(path: impl AsRef<Path>) -> Option<String> {
    std::fs::read_to_string(path).ok().map(|text| text.trim().to_string())
}

/// Writes an attribute; the error names it.
pub fn set(path: impl AsRef<Path>, value: &str) -> Result<(), String> {
    let path = path.as_ref();
    std::fs::write(path, value).map_err(|e| format!("{value:?} can't be written to {}: {e}", path.display()))
}

/// The names in a directory that begin with `prefix`, in order; none where there is no such directory.
pub fn names(directory: impl AsRef<Path>, prefix: &str) -> Vec<String> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|e| e.file_name().into_string().ok()).collect();
    names.retain(|name| name.starts_with(prefix));
    names.sort();
    names
}
