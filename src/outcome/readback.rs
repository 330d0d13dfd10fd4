//! What a readback proves, in a sentence; and what it does not.

use super::{VerificationEvidence, most_cells_missed};
use crate::media::VerifyKind;

const BEYOND: &str =
    "This says nothing of spare, remapped or over-provisioned areas, nor of what the drive's own cache answered.";

/// The honest sentence: what was read, what was found, and what that does not say. `layered`: the device is no medium itself.
pub fn readback_statement(asked: VerifyKind, found: Option<&VerificationEvidence>, layered: bool) -> String {
    let text = readback(asked, found);
    let read = found.is_some_and(|found| found.kind != VerifyKind::None);
    if layered && read {
        return format!("{text} Layers lie below this device: they may have answered from caches of their own.");
    }
    text
}

fn readback(asked: VerifyKind, found: Option<&VerificationEvidence>) -> String {
    let Some(found) = found.filter(|found| found.kind != VerifyKind::None) else {
        return match asked {
            VerifyKind::None => "Not verified: no readback was asked for.".into(),
            _ => "Not verified: the readback that was asked for was not carried out.".into(),
        };
    };
    let trouble = trouble(found);
    if !is_complete(found) {
        let rest = if found.bytes_read < found.bytes_planned { "Nothing is known of the rest." } else { "" };
        let text = format!(
            "The readback was not carried to its end: {} of {} bytes were read past the page cache and compared. {trouble}{rest}",
            found.bytes_read, found.bytes_planned
        );
        return text.trim_end().to_string();
    }
    if found.kind == VerifyKind::Sampled {
        return format!("{} {trouble}{}{BEYOND}", cells(found), bound(found));
    }
    let why = match asked {
        VerifyKind::Sampled => "The scope is too small for a sample, so all of it was read. ",
        _ => "",
    };
    if found.mismatches == 0 && found.unreadable == 0 {
        return format!(
            "{why}Every byte of the scope was read past the page cache and equals what was written. {BEYOND}"
        );
    }
    format!(
        "{why}The whole scope was to be read past the page cache. {trouble}Every other byte equals what was written. {BEYOND}"
    )
}

/// `passed`, `passed-with-exceptions` (blocks that could not be read, or that differ because they could not be written: then
/// `explained`), `failed` (blocks that differed), `incomplete` or `not-done`.
pub fn readback_status(found: Option<&VerificationEvidence>, explained: bool) -> &'static str {
    match found {
        None => "not-done",
        Some(found) if found.kind == VerifyKind::None => "not-done",
        Some(found) if found.mismatches > 0 && !explained => "failed",
        Some(found) if !is_complete(found) => "incomplete",
        Some(found) if found.unreadable > 0 || found.mismatches > 0 => "passed-with-exceptions",
        Some(_) => "passed",
    }
}

fn is_complete(found: &VerificationEvidence) -> bool {
    let accounted = found.bytes_read >= found.bytes_planned || found.unreadable > 0;
    found.complete && found.bytes_planned > 0 && accounted
}

fn blocks(count: u64) -> String {
    if count == 1 { "1 logical block".into() } else { format!("{count} logical blocks") }
}

fn trouble(found: &VerificationEvidence) -> String {
    let mut text = String::new();
    if found.mismatches > 0 {
        text += &format!("{} differed from what was written. ", blocks(found.mismatches));
    }
    if found.unreadable > 0 {
        text += &format!("{} could not be read: nothing is known of the content. ", blocks(found.unreadable));
    }
    text
}

fn cells(found: &VerificationEvidence) -> String {
    let seed = found.seed.as_deref().map(|seed| format!(" drawn by seed {seed}")).unwrap_or_default();
    match found.cells {
        Some((total, read)) if found.mismatches == 0 => {
            format!("No residue in {read} of {total} cells{seed}, read past the page cache.")
        }
        Some((total, read)) => format!("{read} of {total} cells{seed} were read past the page cache."),
        None => format!("A sample of {} bytes{seed} was read past the page cache.", found.bytes_read),
    }
}

/// Holds only where the plan was carried out and nothing differed. A cell that can't be read is beyond it: nothing is known of
/// such cells, drawn or not.
fn bound(found: &VerificationEvidence) -> String {
    let Some((total, read)) = found.cells.filter(|_| found.mismatches == 0) else { return String::new() };
    if total == 0 || (found.unreadable == 0 && read < total / 10) {
        return String::new();
    }
    let of = match found.unreadable {
        0 => "of the host-addressable space",
        _ => "among those of the host-addressable space that can be read",
    };
    format!(
        "With 95 % confidence at most {} cells, with 99 % at most {}, {of} differed from the expected state. ",
        most_cells_missed(95),
        most_cells_missed(99)
    )
}
