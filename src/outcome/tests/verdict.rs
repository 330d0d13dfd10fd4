//! No evidence of anything unfinished, unread or lost yields a claim, and the good case does.

use proptest::prelude::*;

use crate::media::{HiddenAreas, Layer, Method, Rotation, TechniqueId, VerifyKind};
use crate::outcome::{
    BadRange, Claim, End, Evidence, HealthBeforeAfter, PassEvidence, Scope, ScopeKind, Status, Trouble, Verdict,
    VerificationEvidence,
};
use crate::pattern::Pattern;
use crate::problem::ExitCode;

const SCOPE: u64 = 64 << 20;

fn good(passes: u32, kind: VerifyKind) -> Evidence {
    let planned = if kind == VerifyKind::Sampled { SCOPE / 10 } else { SCOPE };
    Evidence {
        method: Method::Clear,
        technique: TechniqueId::Overwrite,
        scope: Scope { kind: ScopeKind::WholeMedium, first_byte: 0, bytes: SCOPE },
        layers: Vec::new(),
        hidden_areas: HiddenAreas::default(),
        health: HealthBeforeAfter::default(),
        rotation: Rotation::Rotational,
        wants_complement: false,
        passes_planned: passes,
        passes: (1..=passes)
            .map(|number| PassEvidence {
                number,
                pattern: Pattern::zeros(),
                bytes_written: SCOPE,
                milliseconds: 1,
                complete: true,
            })
            .collect(),
        command: None,
        verification_asked: kind,
        verification: (kind != VerifyKind::None).then(|| VerificationEvidence {
            kind,
            complete: true,
            bytes_planned: planned,
            bytes_read: planned,
            mismatches: 0,
            unreadable: 0,
            seed: (kind == VerifyKind::Sampled).then(|| "0".repeat(32)),
            cells: (kind == VerifyKind::Sampled).then_some((20_000, 2_000)),
            milliseconds: 1,
        }),
        files: None,
        bad: Vec::new(),
        bad_left_out: 0,
        end: End::Completed,
    }
}

fn bad(kind: Trouble, first_byte: u64, bytes: u64, pass: u32) -> BadRange {
    BadRange { kind, first_byte, bytes, pass, error: None }
}

/// One thing that keeps a job from being sanitized.
type Flaw = (&'static str, fn(&mut Evidence));

const FLAWS: &[Flaw] = &[
    ("an incomplete pass", |e| first(e, |p| p.complete = false)),
    ("a missing pass", |e| drop(e.passes.pop())),
    ("a pass twice", |e| {
        e.passes_planned += 1;
        e.passes.extend(e.passes.first().cloned());
    }),
    ("a short pass", |e| first(e, |p| p.bytes_written = p.bytes_written.saturating_sub(512))),
    ("a pass that wrote more than there is", |e| first(e, |p| p.bytes_written = u64::MAX)),
    ("no pass at all", |e| {
        e.passes.clear();
        e.passes_planned = 0;
    }),
    ("a write failure", |e| {
        e.bad.push(bad(Trouble::WriteFailed, 512, 512, 1));
        first(e, |p| p.bytes_written = p.bytes_written.saturating_sub(512));
    }),
    ("an unreadable block", |e| {
        e.bad.push(bad(Trouble::Unreadable, 0, 512, 0));
        if let Some(v) = &mut e.verification {
            v.unreadable = 1;
            v.bytes_read = v.bytes_read.saturating_sub(512);
        }
    }),
    ("an unreadable block that only the count tells", |e| count(e, |v| v.unreadable = 1)),
    ("a mismatch", |e| {
        e.bad.push(bad(Trouble::Mismatch, 0, 512, 0));
        count(e, |v| v.mismatches = 1);
    }),
    ("a mismatch that only the count tells", |e| count(e, |v| v.mismatches = 1)),
    ("a mismatch in a range without bytes", |e| {
        e.bad.push(bad(Trouble::Mismatch, 0, 0, 0));
        count(e, |v| v.mismatches = 1);
    }),
    ("a bad range outside the scope", |e| e.bad.push(bad(Trouble::WriteFailed, SCOPE, 512, 1))),
    ("bad ranges left out", |e| e.bad_left_out = 1),
    ("no verification", |e| e.verification = None),
    ("a verification cut short", |e| count(e, |v| v.complete = false)),
    ("a verification that read less", |e| count(e, |v| v.bytes_read = v.bytes_read.saturating_sub(512))),
    ("a verification that planned less", |e| {
        count(e, |v| {
            v.bytes_planned = 512;
            v.bytes_read = 512;
        });
    }),
    ("a verification of nothing", |e| count(e, |v| v.kind = VerifyKind::None)),
    ("an interruption", |e| e.end = End::Interrupted { cause: "SIGINT".into() }),
    ("a lost medium", |e| e.end = End::Lost { detail: "gone".into() }),
    ("a job given up", |e| e.end = End::GaveUp { detail: "flush failed".into() }),
    ("another method", |e| e.method = Method::Purge),
    ("another technique", |e| e.technique = TechniqueId::NvmeSanitizeBlock),
    ("an empty scope", |e| e.scope.bytes = 0),
];

fn count(e: &mut Evidence, change: impl Fn(&mut VerificationEvidence)) {
    e.verification.iter_mut().for_each(change);
}

fn first(e: &mut Evidence, change: impl Fn(&mut PassEvidence)) {
    e.passes.iter_mut().take(1).for_each(change);
}

#[test]
fn good_evidence_is_sanitized_and_any_one_flaw_takes_the_claim() {
    for kind in [VerifyKind::Full, VerifyKind::Sampled] {
        let found = Verdict::of(&good(2, kind));
        assert_eq!((found.status, found.claim, found.exit_code), (Status::Sanitized, Claim::Clear, ExitCode::Success));
        for (name, flaw) in FLAWS {
            let mut evidence = good(2, kind);
            flaw(&mut evidence);
            let found = Verdict::of(&evidence);
            assert_ne!(found.status, Status::Sanitized, "{name}");
            assert_ne!(found.exit_code, ExitCode::Success, "{name}");
            assert_eq!(found.claim, Claim::None, "{name}");
        }
    }
}

#[test]
fn a_sample_needs_its_seed_and_its_thousand_subsections() {
    let flaws: [fn(&mut VerificationEvidence); 4] = [
        |v| v.seed = None,
        |v| v.cells = None,
        |v| v.cells = Some((1_999, 1_999)),
        |v| v.cells = Some((20_000, 1_999)),
    ];
    for flaw in flaws {
        let mut evidence = good(1, VerifyKind::Sampled);
        count(&mut evidence, flaw);
        assert_eq!(Verdict::of(&evidence).status, Status::Failed);
    }
}

#[test]
fn failures_of_one_pass_do_not_account_for_bytes_that_another_left_out() {
    let mut evidence = good(2, VerifyKind::Full);
    evidence.passes[1].bytes_written -= 512;
    evidence.bad.push(bad(Trouble::WriteFailed, 0, 512, 1));
    assert_eq!(Verdict::of(&evidence).status, Status::Failed);
    evidence.bad.push(bad(Trouble::WriteFailed, 0, 512, 2));
    assert_eq!(Verdict::of(&evidence).status, Status::SanitizedWithExceptions);
}

#[test]
fn a_mismatch_is_explained_by_a_write_failure_of_the_last_pass_alone() {
    for (pass, status) in [(1, Status::Failed), (2, Status::SanitizedWithExceptions)] {
        let mut evidence = good(2, VerifyKind::Full);
        evidence.bad.push(bad(Trouble::WriteFailed, 4096, 512, pass));
        evidence.bad.push(bad(Trouble::Mismatch, 4096, 512, 0));
        count(&mut evidence, |v| v.mismatches = 1);
        assert_eq!(Verdict::of(&evidence).status, status);
        assert_eq!(Verdict::of(&evidence).claim, Claim::None);
    }
}

#[test]
fn claims_stay_within_what_was_named_and_what_lies_below() {
    let claim = |change: fn(&mut Evidence)| {
        let mut evidence = good(2, VerifyKind::Full);
        change(&mut evidence);
        Verdict::of(&evidence).claim
    };
    assert_eq!(claim(|e| e.scope.kind = ScopeKind::Partition), Claim::PartialClear);
    assert_eq!(claim(|e| e.scope.kind = ScopeKind::PlainFile), Claim::LogicalOverwrite);
    assert_eq!(claim(|e| e.layers.push(Layer { kind: "loop".into(), detail: "x".into() })), Claim::LogicalOverwrite);
    assert_eq!(claim(|e| e.wants_complement = true), Claim::LogicalOverwrite);
    assert_eq!(
        claim(|e| {
            e.wants_complement = true;
            e.passes[1].pattern = Pattern::zeros().complement();
        }),
        Claim::Clear
    );
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(1), Just(512), Just(SCOPE), Just(u64::MAX), 0..2 * SCOPE, any::<u64>()]
}

fn some_bad() -> impl Strategy<Value = BadRange> {
    let kind = prop_oneof![Just(Trouble::WriteFailed), Just(Trouble::Unreadable), Just(Trouble::Mismatch)];
    (kind, number(), number(), 0u32..4).prop_map(|(kind, first, bytes, pass)| bad(kind, first, bytes, pass))
}

fn some_kind() -> impl Strategy<Value = VerifyKind> {
    prop_oneof![Just(VerifyKind::Full), Just(VerifyKind::Sampled), Just(VerifyKind::None)]
}

fn some_end() -> impl Strategy<Value = End> {
    prop_oneof![
        3 => Just(End::Completed),
        1 => Just(End::Interrupted { cause: "SIGTERM".into() }),
        1 => Just(End::Lost { detail: "gone".into() }),
        1 => Just(End::GaveUp { detail: "checkpoint".into() }),
    ]
}

prop_compose! {
    fn some_evidence()(
        passes in 1u32..3,
        (asked, kind) in (some_kind(), some_kind()),
        agree in any::<bool>(),
        written in prop::collection::vec((number(), any::<bool>()), 0..3),
        (touched, verified) in (any::<bool>(), prop::option::weighted(0.8, (any::<bool>(), number(), number(), 0u64..2, 0u64..2))),
        bad in prop::collection::vec(some_bad(), 0..2),
        bad_left_out in prop_oneof![4 => Just(0u64), 1 => any::<u64>()],
        end in some_end(),
        flaws in prop::collection::vec(0..FLAWS.len(), 0..3),
    ) -> Evidence {
        let mut e = good(passes, if agree { kind } else { asked });
        for (pass, (bytes, complete)) in e.passes.iter_mut().zip(&written) {
            pass.bytes_written = *bytes;
            pass.complete = *complete;
        }
        match verified {
            None => e.verification = None,
            Some((complete, planned, read, mismatches, unreadable)) if touched => count(&mut e, |v| {
                (v.kind, v.complete, v.bytes_planned, v.bytes_read) = (kind, complete, planned, read);
                (v.mismatches, v.unreadable) = (mismatches, unreadable);
            }),
            Some(_) => {}
        }
        e.bad = bad;
        e.bad_left_out = bad_left_out;
        e.end = end;
        flaws.into_iter().for_each(|at| FLAWS[at].1(&mut e));
        e
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_evidence_says_more_than_it_proves(e in some_evidence()) {
        let found = Verdict::of(&e);
        let v = e.verification.as_ref();
        let perfect = e.end == End::Completed
            && e.bad.is_empty()
            && e.bad_left_out == 0
            && e.passes.len() == e.passes_planned as usize
            && e.passes.iter().all(|p| p.complete && p.bytes_written == e.scope.bytes)
            && v.is_some_and(|v| {
                v.complete
                    && v.mismatches == 0
                    && v.unreadable == 0
                    && v.bytes_read == v.bytes_planned
                    && (v.kind == VerifyKind::Sampled || v.bytes_planned == e.scope.bytes)
            });
        if found.status == Status::Sanitized || found.claim != Claim::None || found.exit_code == ExitCode::Success {
            prop_assert!(perfect, "{e:?}");
            prop_assert_eq!(found.status, Status::Sanitized);
            prop_assert_eq!(found.exit_code, ExitCode::Success);
        }
        if matches!(e.end, End::Lost { .. } | End::GaveUp { .. }) {
            prop_assert_eq!(found.exit_code, ExitCode::Failed);
        }
    }
}
