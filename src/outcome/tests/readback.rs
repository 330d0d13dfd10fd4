//! The sentences: what they say, and what they never say.

use crate::media::VerifyKind;
use crate::outcome::{VerificationEvidence, readback_statement, readback_status};

fn found(kind: VerifyKind) -> VerificationEvidence {
    let sampled = kind == VerifyKind::Sampled;
    VerificationEvidence {
        kind,
        complete: true,
        bytes_planned: 1000 * 512,
        bytes_read: 1000 * 512,
        mismatches: 0,
        unreadable: 0,
        seed: sampled.then(|| "0f".repeat(16)),
        cells: sampled.then_some((20_000, 2_000)),
        milliseconds: 1,
    }
}

const BEYOND: &str = "spare, remapped or over-provisioned areas";

fn statement(asked: VerifyKind, found: Option<&VerificationEvidence>) -> String {
    readback_statement(asked, found, false)
}

#[test]
fn layers_below_may_have_answered_and_that_is_said() {
    let read = found(VerifyKind::Full);
    let layered = readback_statement(VerifyKind::Full, Some(&read), true);
    assert!(layered.contains("caches of their own") && !statement(VerifyKind::Full, Some(&read)).contains("Layers"));
    assert_eq!(readback_statement(VerifyKind::None, None, true), statement(VerifyKind::None, None));
}

#[test]
fn what_was_proved_is_said_with_its_limits() {
    let full = statement(VerifyKind::Full, Some(&found(VerifyKind::Full)));
    assert!(
        full.starts_with("Every byte of the scope was read past the page cache and equals what was written."),
        "{full}"
    );
    assert!(full.contains(BEYOND) && full.contains("the drive's own cache"), "{full}");

    let sampled = statement(VerifyKind::Sampled, Some(&found(VerifyKind::Sampled)));
    assert!(sampled.starts_with("No residue in 2000 of 20000 cells drawn by seed 0f0f"), "{sampled}");
    assert!(
        sampled.contains("With 95 % confidence at most 28 cells, with 99 % at most 43, of the host-addressable space")
    );
    assert!(sampled.contains(BEYOND) && !sampled.contains("Every"), "{sampled}");

    let small = statement(VerifyKind::Sampled, Some(&found(VerifyKind::Full)));
    assert!(small.starts_with("The scope is too small for a sample") && small.contains("Every byte"), "{small}");
}

#[test]
fn trouble_takes_the_claims_back() {
    for kind in [VerifyKind::Full, VerifyKind::Sampled] {
        let differs = VerificationEvidence { mismatches: 3, ..found(kind) };
        let text = statement(kind, Some(&differs));
        assert!(text.contains("3 logical blocks differed"), "{text}");
        assert!(!text.contains("No residue") && !text.contains("confidence") && !text.contains("Every byte"), "{text}");

        let unread = VerificationEvidence { unreadable: 1, bytes_read: 999 * 512, ..found(kind) };
        let text = statement(kind, Some(&unread));
        assert!(text.contains("1 logical block could not be read: nothing is known of the content"), "{text}");
        assert!(!text.contains("Every byte") && !text.contains("of the host-addressable space differed"), "{text}");

        for halted in [
            VerificationEvidence { complete: false, bytes_read: 512, ..found(kind) },
            VerificationEvidence { bytes_read: 512, ..found(kind) },
            VerificationEvidence { bytes_planned: 0, bytes_read: 0, ..found(kind) },
        ] {
            let text = statement(kind, Some(&halted));
            assert!(text.starts_with("The readback was not carried to its end: "), "{text}");
            assert!(!text.contains("confidence") && !text.contains("Every") && !text.contains("No residue"), "{text}");
        }
    }
    let lacking = VerificationEvidence { cells: Some((20_000, 1_999)), ..found(VerifyKind::Sampled) };
    assert!(
        !statement(VerifyKind::Sampled, Some(&lacking)).contains("confidence"),
        "fewer cells than drawn, unexplained"
    );
}

#[test]
fn a_missing_readback_is_called_that() {
    assert!(statement(VerifyKind::None, None).contains("no readback was asked for"));
    assert!(statement(VerifyKind::Full, None).contains("was not carried out"));
    assert!(statement(VerifyKind::Full, Some(&found(VerifyKind::None))).contains("Not verified"));
}

#[test]
fn no_sentence_says_what_nobody_can_know() {
    let mut texts = vec![statement(VerifyKind::None, None), statement(VerifyKind::Full, None)];
    for kind in [VerifyKind::Full, VerifyKind::Sampled] {
        for (complete, mismatches, unreadable) in
            [(true, 0, 0), (true, 1, 0), (true, 0, 1), (true, 2, 2), (false, 0, 0)]
        {
            texts
                .push(statement(kind, Some(&VerificationEvidence { complete, mismatches, unreadable, ..found(kind) })));
        }
    }
    for text in texts {
        for never in ["unrecoverable", "irrecoverable", "% erased", "approved", "guarantee", "certif", "  "] {
            assert!(!text.contains(never), "{never:?} in {text:?}");
        }
    }
}

#[test]
fn the_status_follows_from_the_worst_finding() {
    let with = |change: fn(&mut VerificationEvidence)| {
        let mut found = found(VerifyKind::Full);
        change(&mut found);
        readback_status(Some(&found), false)
    };
    assert_eq!(with(|_| {}), "passed");
    assert_eq!(with(|f| f.unreadable = 1), "passed-with-exceptions");
    assert_eq!(with(|f| f.mismatches = 1), "failed");
    assert_eq!(with(|f| f.complete = false), "incomplete");
    assert_eq!(with(|f| f.bytes_read -= 1), "incomplete");
    assert_eq!(with(|f| f.bytes_planned = 0), "incomplete");
    assert_eq!(with(|f| (f.complete, f.mismatches) = (false, 1)), "failed");
    assert_eq!(with(|f| f.kind = VerifyKind::None), "not-done");
    assert_eq!(readback_status(None, false), "not-done");
}
