//! Whether a record's exceptions, and the counts that speak of them, fit.

use std::collections::BTreeMap;

use crate::document::{Record, order};
use crate::media::{ByteRange, VerifyKind};
use crate::outcome::Trouble;

/// Exceptions are sorted, aligned, inside the scope, each of a pass that was begun (or of verification, pass 0), and no two of
/// one phase overlap.
pub(super) fn exceptions(record: &Record) -> Result<(), String> {
    let block = u64::from(record.medium.logical_block_bytes);
    // Those of files lie anywhere on the device of their filesystem.
    let scope = ByteRange::new(0, record.files.as_ref().map_or(record.scope.bytes, |files| files.device_bytes));
    let mut ends: BTreeMap<u32, u64> = BTreeMap::new();
    for pair in record.exceptions.windows(2) {
        if let [a, b] = pair
            && order(a) > order(b)
        {
            return Err("the exceptions are not sorted".into());
        }
    }
    for e in &record.exceptions {
        let at = format!("the exception at byte {}", e.first_byte);
        if e.bytes == 0 || !scope.contains(e.range()) {
            return Err(format!("{at} lies outside the scope"));
        }
        if block == 0 || e.first_byte % block != 0 || e.bytes % block != 0 {
            return Err(format!("{at} is not aligned to the logical block"));
        }
        let fits = match e.kind {
            Trouble::WriteFailed => e.pass >= 1 && e.pass as usize <= record.passes.len(),
            Trouble::Unreadable | Trouble::Mismatch => e.pass == 0 && record.verification.kind != VerifyKind::None,
        };
        if !fits {
            return Err(format!("{at} belongs to a phase that there was not"));
        }
        let end = ends.entry(e.pass).or_default();
        if e.first_byte < *end {
            return Err(format!("{at} overlaps another of the same phase"));
        }
        *end = e.range().end();
    }
    Ok(())
}

/// The counts of verification are the exceptions' totals, in logical blocks.
pub(super) fn counts(record: &Record) -> Result<(), String> {
    // Blocks compared with what they held before are counted in the command, place by place.
    if record.command.as_ref().is_some_and(|c| c.readback == crate::outcome::Readback::Changed) {
        return Ok(());
    }
    let block = u128::from(record.medium.logical_block_bytes.max(1));
    let v = &record.verification;
    for (kind, name, said) in
        [(Trouble::Mismatch, "mismatches", v.mismatches), (Trouble::Unreadable, "unreadable", v.unreadable)]
    {
        let bytes: u128 = record.exceptions.iter().filter(|e| e.kind == kind).map(|e| u128::from(e.bytes)).sum();
        let (listed, said) = (bytes / block, u128::from(said));
        if listed > said || (listed < said && record.exceptions_left_out == 0) {
            return Err(format!("verification counts {said} blocks as {name}, and the exceptions list {listed}"));
        }
    }
    Ok(())
}

/// A pass that is called complete wrote each byte of the scope or lists it among the exceptions; none wrote more than the scope.
pub(super) fn written(record: &Record) -> Result<(), String> {
    let scope = u128::from(record.scope.bytes);
    for pass in &record.passes {
        let failed: u128 = record
            .exceptions
            .iter()
            .filter(|e| e.kind == Trouble::WriteFailed && e.pass == pass.number)
            .map(|e| u128::from(e.bytes))
            .sum();
        let written = u128::from(pass.bytes_written);
        if written > scope {
            return Err(format!("pass {} wrote more bytes than the scope has", pass.number));
        }
        if pass.complete && written + failed < scope && record.exceptions_left_out == 0 {
            return Err(format!("pass {} is called complete but did not reach every byte", pass.number));
        }
        if pass.complete && written + failed > scope {
            return Err(format!("pass {} wrote bytes that stand among its exceptions", pass.number));
        }
    }
    Ok(())
}
