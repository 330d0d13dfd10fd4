//! The map says no more than the record.

use super::sample::{bad_disk, disk, drive, stopped};
use crate::media::VerifyKind;
use crate::paper::map::{FIELDS, Field, map};

fn count(record: &crate::document::Record, kind: Field) -> usize {
    map(record).unwrap().fields.iter().filter(|field| **field == kind).count()
}

#[test]
fn a_full_readback_verifies_every_field_and_a_sample_none() {
    let mut record = disk(1);
    assert_eq!(count(&record, Field::Sampled), FIELDS);
    let v = &mut record.verification;
    (v.kind, v.bytes_planned, v.bytes_read) = (VerifyKind::Full, record.scope.bytes, record.scope.bytes);
    assert_eq!(count(&record, Field::Verified), FIELDS);
    // Half of it.
    record.verification.bytes_read /= 2;
    assert_eq!((count(&record, Field::Verified), count(&record, Field::Written)), (FIELDS / 2, FIELDS / 2));
    record.verification.kind = VerifyKind::None;
    assert_eq!(count(&record, Field::Written), FIELDS);
}

#[test]
fn the_draw_is_repeated_from_its_seed_and_a_wrong_plan_shows_nothing_as_read() {
    let record = disk(1);
    let (fewest, most) = map(&record).unwrap().drawn.unwrap();
    assert!(fewest > 80 && most < 110, "{fewest} {most}");
    for wrong in ["", "zz", "000102030405060708090a0b0c0d0e0å"] {
        let mut record = record.clone();
        record.verification.seed = Some(wrong.into());
        assert_eq!(count(&record, Field::Sampled), 0);
    }
    let mut other = record.clone();
    other.verification.cells = Some(7);
    assert_eq!(count(&other, Field::Sampled), 0);
    // Only what was read counts.
    let mut half = record;
    half.verification.bytes_read /= 2;
    let sampled = count(&half, Field::Sampled);
    assert!(sampled > FIELDS / 2 - 3 && sampled < FIELDS / 2 + 3, "{sampled}");
}

#[test]
fn a_pass_that_stopped_shows_the_rest_as_not_written() {
    let record = stopped();
    let written = count(&record, Field::Written);
    assert_eq!((written, written + count(&record, Field::NotWritten)), (FIELDS / 3, FIELDS));
    let mut before = record;
    before.passes.pop();
    assert_eq!(count(&before, Field::NotWritten), FIELDS);
    let mut failed = drive();
    failed.command.as_mut().unwrap().ending = crate::outcome::Ending::NotRun;
    assert_eq!(count(&failed, Field::NotWritten), FIELDS);
}

#[test]
fn an_exception_shows_in_every_field_that_it_touches_and_the_worst_wins() {
    let record = bad_disk(3);
    for kind in [Field::WriteFailed, Field::Unreadable, Field::Mismatch] {
        assert_eq!(count(&record, kind), 1, "{kind:?}");
    }
    let mut wide = record.clone();
    (wide.exceptions[0].first_byte, wide.exceptions[0].bytes) = (0, u64::MAX);
    assert_eq!(count(&wide, Field::WriteFailed), FIELDS - 1);
    wide.exceptions[0].first_byte = u64::MAX;
    wide.scope.bytes = 1;
    assert_eq!(map(&wide).unwrap().fields.len(), FIELDS);
    wide.scope.bytes = 0;
    assert!(map(&wide).is_none());
}
