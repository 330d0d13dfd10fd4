//! Tables that a test has found before and keeps under version control: a difference fails it, unless it is told to write them.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

static WRITING: Mutex<()> = Mutex::new(());

/// Whether what is kept is to be written anew: `RADERA_PEERS=write`.
pub fn writing() -> bool {
    std::env::var_os("RADERA_PEERS").is_some_and(|value| value == "write")
}

/// Compares `found` with the text that stands under the heading `heading` in `file` of the project, or puts it there.
#[track_caller]
pub fn compare(file: &str, heading: &str, found: &str) {
    let _alone = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let title = format!("## {heading}\n");
    let (before, rest) = text.split_once(&title).unwrap_or((&text, ""));
    let (kept, after) = match rest.find("\n## ") {
        Some(end) => rest.split_at(end + 1),
        None => (rest, ""),
    };
    if kept.trim() == found.trim() {
        return;
    }
    if writing() {
        let gap = if before.is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
        let next = if after.is_empty() { "" } else { "\n" };
        std::fs::write(&path, format!("{before}{gap}{title}\n{}\n{next}{after}", found.trim())).unwrap();
        return;
    }
    let lines = |text: &str| text.lines().map(str::to_string).collect::<Vec<_>>();
    let (old, new) = (lines(kept.trim()), lines(found.trim()));
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}\n"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}\n"));
    let difference: String = gone.chain(come).collect();
    panic!(
        "{file}, {heading}: not what was found now. RADERA_PEERS=write writes it anew; look at the difference before you keep it.\n{difference}"
    );
}
