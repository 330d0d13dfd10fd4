//! No evidence of anything that a drive did not do, or may not have done, yields a claim.

use proptest::prelude::*;

use crate::media::{HiddenAreas, Layer, Method, Rotation, TechniqueId, VerifyKind};
use crate::outcome::{
    Claim, CommandEvidence, End, Ending, Evidence, HealthBeforeAfter, Markers, Readback, Scope, ScopeKind, Status,
    Verdict, VerificationEvidence, Witnesses,
};
use crate::problem::ExitCode;

fn good(technique: TechniqueId) -> Evidence {
    Evidence {
        method: Method::Purge,
        technique,
        scope: Scope { kind: ScopeKind::WholeMedium, first_byte: 0, bytes: 1 << 30 },
        layers: Vec::new(),
        hidden_areas: HiddenAreas::default(),
        health: HealthBeforeAfter::default(),
        rotation: Rotation::Flash,
        wants_complement: false,
        passes_planned: 0,
        passes: Vec::new(),
        command: Some(CommandEvidence {
            technique,
            accepted: true,
            seen_running: true,
            ending: Ending::Succeeded,
            resets: Vec::new(),
            estimate_seconds: Some(120),
            milliseconds: 60_000,
            progress: Vec::new(),
            exchanges: Vec::new(),
            seed: Some("00".repeat(16)),
            markers: Some(Markers { written: 1024, gone: 1024, survived: 0, unreadable: 0 }),
            witnesses: Some(Witnesses { read: 1024, blank: 0, changed: 1024, same: 0, unreadable: 0 }),
            expected: None,
            readback: Readback::Changed,
            encryption: None,
            reached: Vec::new(),
        }),
        verification_asked: VerifyKind::Sampled,
        verification: Some(VerificationEvidence {
            kind: VerifyKind::Sampled,
            complete: true,
            bytes_planned: 2048 * 512,
            bytes_read: 2048 * 512,
            mismatches: 0,
            unreadable: 0,
            seed: Some("00".repeat(16)),
            cells: Some((2048, 2048)),
            milliseconds: 5,
        }),
        files: None,
        bad: Vec::new(),
        bad_left_out: 0,
        end: End::Completed,
    }
}

fn with(technique: TechniqueId, change: impl FnOnce(&mut Evidence, &mut CommandEvidence)) -> Verdict {
    let mut evidence = good(technique);
    let mut command = evidence.command.take().unwrap();
    change(&mut evidence, &mut command);
    evidence.command = Some(command);
    Verdict::of(&evidence)
}

const BLOCK: TechniqueId = TechniqueId::AtaSanitizeBlock;

#[test]
fn the_whole_chain_and_nothing_left_is_purge() {
    for technique in [BLOCK, TechniqueId::ScsiSanitizeBlock, TechniqueId::NvmeSanitizeBlock] {
        let verdict = Verdict::of(&good(technique));
        let found = (verdict.status, verdict.claim, verdict.exit_code);
        assert_eq!(found, (Status::Sanitized, Claim::Purge, ExitCode::Success), "{}", verdict.statement);
    }
    let clear = with(BLOCK, |e, _| e.method = Method::Clear);
    assert_eq!((clear.status, clear.claim), (Status::Sanitized, Claim::Clear));
}

#[test]
fn every_break_in_the_chain_is_told_and_claims_nothing() {
    let detail = || "as the drive says".to_string();
    let endings = [
        (Ending::Failed { detail: detail() }, "erase failed"),
        (Ending::Stalled { progress: Some(9), seconds: 7200 }, "stands still since 7200"),
        (Ending::Stale, "older one"),
        (Ending::Foreign, "another command"),
        (Ending::NotRun, "no trace"),
        (Ending::BrokenChain { resets: vec![detail()] }, "was reset in between (as the drive says)"),
        (Ending::Rejected { detail: detail() }, "rejected the command"),
        (Ending::Unknown { detail: detail() }, "could not be followed to its end (as the drive says)"),
        (Ending::Frozen, "frozen against sanitizing"),
        (Ending::NotSent { detail: detail() }, "never reached the drive: as the drive says"),
        (Ending::Unclear { detail: detail() }, "does not say whether it began the erase (as the drive says)"),
        (Ending::Deallocated, "as if that proved something"),
        (Ending::AtOnce, "credible"),
    ];
    for (ending, words) in endings {
        let verdict = with(BLOCK, |_, c| c.ending = ending);
        assert_eq!((verdict.status, verdict.claim, verdict.exit_code), (Status::Failed, Claim::None, ExitCode::Failed));
        assert!(verdict.statement.contains(words), "{}", verdict.statement);
    }
    type Flaw = fn(&mut Evidence, &mut CommandEvidence);
    let flaws: &[(Flaw, &str)] = &[
        (|_, c| c.accepted = false, "not known to have accepted"),
        (|_, c| c.seen_running = false, "without having been seen running"),
        (|_, c| c.markers = None, "no block was marked"),
        (|_, c| c.witnesses.as_mut().unwrap().same = 1, "hold what they held before"),
        (|_, c| c.witnesses.as_mut().unwrap().changed = 9, "read before is accounted for"),
        (|e, _| e.verification = None, "was not carried out"),
        (|e, _| e.verification.as_mut().unwrap().complete = false, "not accounted for"),
        (|e, _| e.verification.as_mut().unwrap().mismatches = 1, "not accounted for"),
        (|_, c| c.expected = Some("00".into()), "nothing is expected"),
        (|_, c| c.readback = Readback::Uniform, "nothing is expected"),
        (|_, c| c.markers = Some(Markers { written: 9, gone: 8, survived: 1, unreadable: 0 }), "still hold"),
        (|_, c| c.markers = Some(Markers { written: 9, gone: 8, survived: 0, unreadable: 0 }), "not every block"),
        (|_, c| c.technique = TechniqueId::NvmeSanitizeBlock, "not the technique's"),
        (|e, _| e.rotation = Rotation::Rotational, "does not count as purge"),
        (|e, _| e.end = End::Lost { detail: "gone".into() }, "lost"),
        (|e, _| e.end = End::GaveUp { detail: "no room".into() }, "no room"),
    ];
    for (flaw, words) in flaws {
        let verdict = with(BLOCK, flaw);
        assert_eq!((verdict.status, verdict.claim), (Status::Failed, Claim::None), "{words}: {}", verdict.statement);
        assert!(verdict.statement.contains(words), "{words}: {}", verdict.statement);
    }
    let none = Verdict::of(&Evidence { command: None, ..good(BLOCK) });
    assert_eq!((none.status, none.claim), (Status::Failed, Claim::None));
}

#[test]
fn what_reading_can_not_show_is_not_verified() {
    for change in [
        (|_: &mut Evidence, c: &mut CommandEvidence| c.readback = Readback::ProvesNothing) as fn(&mut _, &mut _),
        |_, c| (c.readback, c.ending) = (Readback::ProvesNothing, Ending::Deallocated),
        |e, _| e.verification_asked = VerifyKind::None,
        |e, _| e.verification_asked = VerifyKind::Full,
        |_, c| c.markers = Some(Markers { written: 0, gone: 0, survived: 0, unreadable: 0 }),
    ] {
        let verdict = with(TechniqueId::NvmeSanitizeBlock, change);
        let found = (verdict.status, verdict.claim, verdict.exit_code);
        assert_eq!(found, (Status::Unverified, Claim::None, ExitCode::Exceptions), "{}", verdict.statement);
    }
    let unread = with(BLOCK, |_, c| c.markers = Some(Markers { written: 9, gone: 8, survived: 0, unreadable: 1 }));
    assert_eq!((unread.status, unread.claim), (Status::SanitizedWithExceptions, Claim::None));
}

#[test]
fn keys_count_only_where_somebody_answers_for_the_encryption() {
    for technique in [TechniqueId::NvmeSanitizeCrypto, TechniqueId::NvmeFormatCrypto, TechniqueId::AtaSanitizeCrypto] {
        assert_eq!(Verdict::of(&good(technique)).status, Status::Failed);
        let attested = with(technique, |_, c| c.encryption = Some("attested".into()));
        assert_eq!((attested.status, attested.claim), (Status::Sanitized, Claim::Purge), "{}", attested.statement);
        // Keys are changed in an instant.
        let at_once = with(technique, |_, c| {
            (c.encryption, c.ending) = (Some("drive".into()), Ending::AtOnce);
        });
        assert_eq!(at_once.status, Status::Sanitized);
        assert!(at_once.statement.contains("at the first look"), "{}", at_once.statement);
    }
    let quick = with(BLOCK, |_, c| (c.estimate_seconds, c.ending) = (Some(2), Ending::AtOnce));
    assert_eq!(quick.status, Status::Sanitized, "the drive announced two seconds");
}

#[test]
fn no_purge_for_a_part_a_layer_or_a_format_of_user_data() {
    for kind in [ScopeKind::Partition, ScopeKind::Namespace, ScopeKind::PlainFile] {
        let part = with(BLOCK, |e, _| e.scope.kind = kind);
        assert_eq!((part.status, part.claim), (Status::Failed, Claim::None), "{kind:?}");
    }
    let layered = with(BLOCK, |e, _| e.layers.push(Layer { kind: "raid-controller".into(), detail: "x".into() }));
    assert_eq!((layered.status, layered.claim), (Status::Failed, Claim::None));
    for technique in [TechniqueId::NvmeFormatUser, TechniqueId::AtaSecureErase, TechniqueId::AtaSecureEraseEnhanced] {
        assert_ne!(Verdict::of(&good(technique)).claim, Claim::Purge, "{technique:?}");
    }
    let stopped = with(BLOCK, |_, c| c.ending = Ending::LeftRunning { cause: "SIGTERM".into() });
    assert_eq!((stopped.status, stopped.claim), (Status::Interrupted, Claim::None));
}

/// Every ending once; the match has one arm for each, so that none can be left out here.
fn every_ending() -> Vec<Ending> {
    let text = || "as the drive says".to_string();
    let mut all = Vec::new();
    let mut next = Some(Ending::Succeeded);
    while let Some(ending) = next {
        next = match &ending {
            Ending::Succeeded => Some(Ending::AtOnce),
            Ending::AtOnce => Some(Ending::Answered),
            Ending::Answered => Some(Ending::Deallocated),
            Ending::Deallocated => Some(Ending::Failed { detail: text() }),
            Ending::Failed { .. } => Some(Ending::Stalled { progress: Some(9), seconds: 7200 }),
            Ending::Stalled { .. } => Some(Ending::Stale),
            Ending::Stale => Some(Ending::Foreign),
            Ending::Foreign => Some(Ending::NotRun),
            Ending::NotRun => Some(Ending::BrokenChain { resets: vec![text()] }),
            Ending::BrokenChain { .. } => Some(Ending::Rejected { detail: text() }),
            Ending::Rejected { .. } => Some(Ending::Frozen),
            Ending::Frozen => Some(Ending::NotSent { detail: text() }),
            Ending::NotSent { .. } => Some(Ending::Unclear { detail: text() }),
            Ending::Unclear { .. } => Some(Ending::Unknown { detail: text() }),
            Ending::Unknown { .. } => Some(Ending::LeftRunning { cause: text() }),
            Ending::LeftRunning { .. } => None,
        };
        all.push(ending);
    }
    all
}

/// What each statement says of what to do now, in this order.
const WAYS_OUT: &[&str] = &[
    "by another technique",
    "by another technique",
    "by another technique",
    "by another technique",
    "only a sanitize that succeeds changes that",
    "if it never moves, destroy it",
    "takes longer",
    "no other program or host",
    "until nothing runs",
    "See that power and cable hold",
    "Lift what stands in the way",
    "suspend the machine and wake it",
    "kept the command from the drive",
    "wait for the end of that",
    "run `radera resume`: a sanitize goes on by itself",
    "let `radera resume` see it to its end",
];

#[test]
fn every_ending_has_its_way_out_in_the_statement() {
    let endings = every_ending();
    assert_eq!(endings.len(), WAYS_OUT.len());
    for (ending, words) in endings.into_iter().zip(WAYS_OUT) {
        let verdict = with(BLOCK, |e, c| {
            // A success is not borne out, and an erase that is not followed to its end ends the job otherwise.
            c.markers = Some(Markers { written: 9, gone: 8, survived: 1, unreadable: 0 });
            e.end = match &ending {
                Ending::Unknown { detail } => End::Lost { detail: detail.clone() },
                Ending::LeftRunning { cause } => End::Interrupted { cause: cause.clone() },
                _ => End::Completed,
            };
            c.ending = ending.clone();
        });
        let said = &verdict.statement;
        let (reason, rest) = said.split_once(" The target is not sanitized; ").unwrap();
        let (_, way_out) = rest.split_once(". ").unwrap();
        assert!(way_out.contains(words), "{ending:?}: {said}");
        assert!(way_out.starts_with(char::is_uppercase) && way_out.ends_with('.') && !said.contains(".."), "{said}");
        assert!(reason.split_whitespace().count() >= 5, "{said}");
    }
    let keeps = with(TechniqueId::NvmeSanitizeBlock, |_, c| {
        (c.ending, c.readback) = (Ending::Deallocated, Readback::ProvesNothing);
    });
    assert!(keeps.status == Status::Unverified && keeps.statement.contains("proved by reading"), "{}", keeps.statement);
}

#[test]
fn a_format_is_not_said_to_go_on_or_to_lock_the_drive() {
    let format =
        |ending: Ending, end| with(TechniqueId::NvmeFormatUser, |e, c| (c.ending, e.end) = (ending, end)).statement;
    let lost = || "gone".to_string();
    let unknown = format(Ending::Unknown { detail: lost() }, End::Lost { detail: lost() });
    assert!(unknown.contains("a format does not outlast a loss of power"), "{unknown}");
    let failed = format(Ending::Failed { detail: lost() }, End::Completed);
    let stopped = End::Interrupted { cause: "SIGINT".into() };
    let left = format(Ending::LeftRunning { cause: "SIGINT".into() }, stopped);
    assert!(left.contains("has to be sent anew"), "{left}");
    assert!(failed.contains("by a sanitize if") && !failed.contains("gives out no data"), "{failed}");
}

#[test]
fn a_job_that_ended_before_or_beside_the_command_is_given_no_way_out_of_it() {
    let before = with(BLOCK, |e, c| (c.ending, e.end) = (Ending::NotRun, End::GaveUp { detail: "no room".into() }));
    assert!(before.statement.ends_with("still holding data."), "{}", before.statement);
    let gone = with(BLOCK, |e, _| e.end = End::Lost { detail: "it is gone".into() });
    assert!(gone.statement.contains("the medium was lost: it is gone"), "{}", gone.statement);
    assert!(gone.statement.ends_with("still holding data."), "{}", gone.statement);
    let good = Verdict::of(&good(BLOCK));
    assert!(!good.statement.contains("destroy"), "{}", good.statement);
}

fn ending() -> impl Strategy<Value = Ending> {
    let text = || "x".to_string();
    prop_oneof![
        Just(Ending::Succeeded),
        Just(Ending::AtOnce),
        Just(Ending::Deallocated),
        Just(Ending::Failed { detail: text() }),
        Just(Ending::Stalled { progress: None, seconds: 9 }),
        Just(Ending::Stale),
        Just(Ending::Foreign),
        Just(Ending::NotRun),
        Just(Ending::BrokenChain { resets: vec![text()] }),
        Just(Ending::Rejected { detail: text() }),
        Just(Ending::Frozen),
        Just(Ending::NotSent { detail: text() }),
        Just(Ending::Unclear { detail: text() }),
        Just(Ending::Unknown { detail: text() }),
        Just(Ending::LeftRunning { cause: text() }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn whatever_was_found_a_claim_has_acceptance_success_and_markers_gone(
        technique in prop::sample::select(TechniqueId::ALL),
        ending in ending(),
        accepted in any::<bool>(),
        seen_running in any::<bool>(),
        flash in any::<bool>(),
        purge in any::<bool>(),
        encryption in prop::option::of(Just("drive".to_string())),
        readback in prop::sample::select(&[Readback::Pattern, Readback::Changed, Readback::ProvesNothing][..]),
        counts in prop::option::of((0u64..3, 0u64..3, 0u64..2, 0u64..2)),
        asked in any::<bool>(),
    ) {
        prop_assume!(technique != TechniqueId::Overwrite);
        let verdict = with(technique, |e, c| {
            (c.accepted, c.seen_running, c.ending) = (accepted, seen_running, ending.clone());
            e.rotation = if flash { Rotation::Flash } else { Rotation::Rotational };
            e.method = if purge { Method::Purge } else { Method::Clear };
            (c.encryption, c.readback) = (encryption, readback);
            c.markers = counts.map(|(written, gone, survived, unreadable)| Markers { written, gone, survived, unreadable });
            e.verification_asked = if asked { VerifyKind::Sampled } else { VerifyKind::None };
        });
        let claims = verdict.claim != Claim::None;
        prop_assert_eq!(claims, verdict.status == Status::Sanitized);
        prop_assert_eq!(verdict.exit_code == ExitCode::Success, verdict.status == Status::Sanitized);
        if claims {
            prop_assert!(accepted && asked && readback != Readback::ProvesNothing);
            prop_assert!((ending == Ending::Succeeded && seen_running) || ending == Ending::AtOnce);
            let (written, gone, survived, unreadable) = counts.unwrap();
            prop_assert!(written > 0 && written == gone && survived == 0 && unreadable == 0);
            prop_assert!(verdict.claim != Claim::Purge || purge);
        }
    }
}
