//! What a readback proves, in a sentence; and what it does not.

use super::said::{Blocks, Said, english, sentences};
use super::{VerificationEvidence, most_cells_missed};
use crate::media::VerifyKind;

sentences! {
    /// What was read, what was found, and what that does not say.
    Found "readback" {
        NotAskedFor = "not-asked-for", "Not verified: no readback was asked for.";
        NotDone = "not-done", "Not verified: the readback that was asked for was not carried out.";
        CutShort { read: u64, planned: u64 } = "cut-short",
            "The readback was not carried to its end: {read} of {planned} bytes were read past the page cache and compared.";
        RestUnknown = "rest-unknown", "Nothing is known of the rest.";
        Differed { blocks: Blocks } = "differed", "{blocks} differed from what was written.";
        Unreadable { blocks: Blocks } = "unreadable", "{blocks} could not be read: nothing is known of the content.";
        NoResidue { read: u64, cells: u64 } = "no-residue",
            "No residue in {read} of {cells} cells, read past the page cache.";
        NoResidueDrawn { read: u64, cells: u64, seed: String } = "no-residue-drawn",
            "No residue in {read} of {cells} cells drawn by seed {seed}, read past the page cache.";
        CellsRead { read: u64, cells: u64 } = "cells-read",
            "{read} of {cells} cells were read past the page cache.";
        CellsReadDrawn { read: u64, cells: u64, seed: String } = "cells-read-drawn",
            "{read} of {cells} cells drawn by seed {seed} were read past the page cache.";
        SampleRead { read: u64 } = "sample-read", "A sample of {read} bytes was read past the page cache.";
        SampleReadDrawn { read: u64, seed: String } = "sample-read-drawn",
            "A sample of {read} bytes drawn by seed {seed} was read past the page cache.";
        Bound { most95: u64, most99: u64 } = "bound",
            "With 95 % confidence at most {most95} cells, with 99 % at most {most99}, of the host-addressable space differed from the \
             expected state.";
        BoundOfReadable { most95: u64, most99: u64 } = "bound-of-readable",
            "With 95 % confidence at most {most95} cells, with 99 % at most {most99}, among those of the host-addressable space that can be \
             read differed from the expected state.";
        TooSmall = "too-small", "The scope is too small for a sample, so all of it was read.";
        AllEqual = "all-equal", "Every byte of the scope was read past the page cache and equals what was written.";
        AllToBeRead = "all-to-be-read", "The whole scope was to be read past the page cache.";
        OthersEqual = "others-equal", "Every other byte equals what was written.";
        NothingToRead = "nothing-to-read", "No block was overwritten, so there was nothing to read back.";
        Beyond = "beyond",
            "This says nothing of spare, remapped or over-provisioned areas, nor of what the drive's own cache answered.";
        Layered = "layered", "Layers lie below this device: they may have answered from caches of their own.";
    }
}

/// The honest sentences: what was read, what was found, and what that does not say. `layered`: the device is no medium itself.
pub fn readback_statement(asked: VerifyKind, found: Option<&VerificationEvidence>, layered: bool) -> String {
    english(&readback(asked, found, layered))
}

/// The same, sentence by sentence.
pub(super) fn readback(asked: VerifyKind, found: Option<&VerificationEvidence>, layered: bool) -> Vec<Said> {
    let Some(found) = found.filter(|found| found.kind != VerifyKind::None) else {
        return match asked {
            VerifyKind::None => vec![Found::NotAskedFor.into()],
            _ => vec![Found::NotDone.into()],
        };
    };
    let mut said = found_by(asked, found);
    if layered {
        said.push(Found::Layered);
    }
    said.into_iter().map(Said::from).collect()
}

fn found_by(asked: VerifyKind, found: &VerificationEvidence) -> Vec<Found> {
    let mut said = Vec::new();
    if !is_complete(found) {
        said.push(Found::CutShort { read: found.bytes_read, planned: found.bytes_planned });
        said.extend(trouble(found));
        if found.bytes_read < found.bytes_planned {
            said.push(Found::RestUnknown);
        }
        return said;
    }
    if found.kind == VerifyKind::Sampled {
        said.push(cells(found));
        said.extend(trouble(found));
        said.extend(bound(found));
        said.push(Found::Beyond);
        return said;
    }
    if asked == VerifyKind::Sampled {
        said.push(Found::TooSmall);
    }
    if found.mismatches == 0 && found.unreadable == 0 {
        said.push(Found::AllEqual);
    } else {
        said.push(Found::AllToBeRead);
        said.extend(trouble(found));
        said.push(Found::OthersEqual);
    }
    said.push(Found::Beyond);
    said
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

fn trouble(found: &VerificationEvidence) -> Vec<Found> {
    let mut said = Vec::new();
    if found.mismatches > 0 {
        said.push(Found::Differed { blocks: Blocks(found.mismatches) });
    }
    if found.unreadable > 0 {
        said.push(Found::Unreadable { blocks: Blocks(found.unreadable) });
    }
    said
}

fn cells(found: &VerificationEvidence) -> Found {
    match (found.cells, found.seed.clone()) {
        (Some((cells, read)), None) if found.mismatches == 0 => Found::NoResidue { read, cells },
        (Some((cells, read)), Some(seed)) if found.mismatches == 0 => Found::NoResidueDrawn { read, cells, seed },
        (Some((cells, read)), None) => Found::CellsRead { read, cells },
        (Some((cells, read)), Some(seed)) => Found::CellsReadDrawn { read, cells, seed },
        (None, None) => Found::SampleRead { read: found.bytes_read },
        (None, Some(seed)) => Found::SampleReadDrawn { read: found.bytes_read, seed },
    }
}

/// Holds only where the plan was carried out and nothing differed. A cell that can't be read is beyond it: nothing is known of
/// such cells, drawn or not.
fn bound(found: &VerificationEvidence) -> Option<Found> {
    let (total, read) = found.cells.filter(|_| found.mismatches == 0)?;
    if total == 0 || (found.unreadable == 0 && read < total / 10) {
        return None;
    }
    let (most95, most99) = (most_cells_missed(95), most_cells_missed(99));
    Some(match found.unreadable {
        0 => Found::Bound { most95, most99 },
        _ => Found::BoundOfReadable { most95, most99 },
    })
}
