//! Nothing is claimed of files that is not borne out, file by file and layer by layer.

use proptest::prelude::*;

use crate::media::{Layer, VerifyKind};
use crate::outcome::testing::{bad, readback};
use crate::outcome::testing_files::{
    DEVICE, EXTENTS, FLAWS, certain, empty_files, every_files_evidence, files, files_with, free_space,
};
use crate::outcome::{
    Certainty, Claim, End, Evidence, FileCounts, FileVerdict, FilesMapping, FilesStep, Residue, ResidueKind, Status,
    Trouble, Verdict, said_of_residue,
};
use crate::problem::ExitCode;

fn came_to(evidence: &Evidence) -> (Status, Claim, u8) {
    let verdict = Verdict::of(evidence);
    (verdict.status, verdict.claim, verdict.exit_code as u8)
}

#[test]
fn good_files_are_a_partial_clear_and_any_one_flaw_takes_it() {
    assert_eq!(came_to(&files()), (Status::Sanitized, Claim::PartialClear, 0));
    for (word, flaw) in FLAWS {
        let evidence = files_with(flaw);
        let found = Verdict::of(&evidence);
        assert_ne!(found.status, Status::Sanitized, "{word}");
        assert_ne!(found.exit_code, ExitCode::Success, "{word}");
        assert_eq!(found.claim, Claim::None, "{word}");
        assert!(found.statement.contains(word), "{word}: {}", found.statement);
    }
}

#[test]
fn every_verdict_of_a_file_has_its_exit_code() {
    let counts = |verdicts: FileCounts| {
        came_to(&files_with(|_, f| {
            f.count = verdicts.total();
            f.removed = f.count;
            f.verdicts = verdicts;
        }))
    };
    let of = |cleared_verified, overwritten_unverified, trimmed_not_overwritten, not_cleared| {
        counts(FileCounts { cleared_verified, overwritten_unverified, trimmed_not_overwritten, not_cleared })
    };
    assert_eq!(of(3, 0, 0, 0), (Status::Sanitized, Claim::PartialClear, 0));
    assert_eq!(of(2, 1, 0, 0), (Status::Unverified, Claim::None, 4));
    assert_eq!(of(2, 0, 1, 0), (Status::Unverified, Claim::None, 4));
    assert_eq!(of(0, 0, 3, 0), (Status::Unverified, Claim::None, 4));
    assert_eq!(of(2, 0, 0, 1), (Status::Failed, Claim::None, 5));
    assert_eq!(of(0, 1, 1, 1), (Status::Failed, Claim::None, 5));
}

#[test]
fn claims_follow_the_layers_below() {
    let claim = |change: fn(&mut Evidence)| {
        let mut evidence = files();
        change(&mut evidence);
        let found = Verdict::of(&evidence);
        assert_eq!(found.status, Status::Sanitized);
        assert!(found.statement.contains("at LBA level"), "{}", found.statement);
        found.claim
    };
    assert_eq!(claim(|_| ()), Claim::PartialClear);
    assert_eq!(claim(|e| e.layers.push(Layer { kind: "loop".into(), detail: "x".into() })), Claim::LogicalOverwrite);
    assert_eq!(claim(|e| e.wants_complement = true), Claim::LogicalOverwrite);
    assert_eq!(came_to(&free_space()), (Status::Sanitized, Claim::PartialClear, 0));
}

#[test]
fn redirected_or_unmapped_files_end_unverified_at_best() {
    for change in [
        (|f| f.redirected = true) as fn(&mut crate::outcome::FilesEvidence),
        |f| f.mapping = FilesMapping::None,
        |f| f.filesystem = "tmpfs".into(),
    ] {
        let evidence = files_with(|_, f| {
            change(f);
            f.verdicts = FileCounts { overwritten_unverified: 3, ..FileCounts::default() };
        });
        assert_eq!(came_to(&evidence), (Status::Unverified, Claim::None, 4));
        assert_eq!(Verdict::best_claim(&evidence), Claim::None);
    }
}

#[test]
fn files_that_are_all_empty_are_sanitized_and_say_so() {
    let found = Verdict::of(&empty_files(2));
    assert_eq!(
        (found.status, found.claim, found.exit_code),
        (Status::Sanitized, Claim::PartialClear, ExitCode::Success)
    );
    assert!(found.statement.contains("nothing to overwrite: 2 files"), "{}", found.statement);
    let none = Verdict::of(&empty_files(0));
    assert_eq!((none.status, none.claim, none.exit_code), (Status::Sanitized, Claim::None, ExitCode::Success));
    assert_eq!(
        crate::outcome::statement_of_readback(&empty_files(2)),
        "No block was overwritten, so there was nothing to read back."
    );
}

#[test]
fn what_is_left_is_always_said_and_only_certain_content_weighs() {
    for kind in ResidueKind::ALL {
        for certainty in [Certainty::Certain, Certainty::Possible] {
            let left = Residue { kind, certainty, files: 0 };
            let found = Verdict::of(&files_with(|_, f| f.residue = vec![left]));
            assert!(found.statement.contains(&said_of_residue(kind, certainty).english), "{left:?}");
            let expected = match (left.weighs(), kind.keeps_blocks()) {
                (false, _) => (Status::Sanitized, ExitCode::Success),
                (true, false) => (Status::SanitizedWithExceptions, ExitCode::Exceptions),
                (true, true) => (Status::Failed, ExitCode::Failed),
            };
            assert_eq!((found.status, found.exit_code), expected, "{left:?}");
            assert_eq!(found.claim == Claim::None, left.weighs(), "{left:?}");
        }
    }
    // Of files that are not called cleared, content may well be known to be left.
    let shared = files_with(|_, f| {
        (f.verdicts.cleared_verified, f.verdicts.overwritten_unverified) = (2, 1);
        f.leave(certain(ResidueKind::SharedExtents, 1));
    });
    assert_eq!(came_to(&shared), (Status::Unverified, Claim::None, 4));
}

#[test]
fn residue_stands_once_with_its_certainty_and_in_order() {
    let mut found = *files().files.unwrap();
    found.residue.clear();
    for (kind, files) in [(ResidueKind::Names, 2), (ResidueKind::Xattrs, 1), (ResidueKind::Names, 3)] {
        found.leave(certain(kind, files));
    }
    found.leave(Residue { kind: ResidueKind::Xattrs, certainty: Certainty::Possible, files: 1 });
    let stands: Vec<_> = found.residue.iter().map(|left| (left.kind, left.certainty, left.files)).collect();
    use Certainty::{Certain, Possible};
    use ResidueKind::{Names, Xattrs};
    assert_eq!(stands, [(Xattrs, Certain, 1), (Xattrs, Possible, 1), (Names, Certain, 5)]);
}

#[test]
fn a_block_that_can_not_be_read_is_of_a_file_that_is_not_called_cleared() {
    let evidence = files_with(|e, f| {
        (f.verdicts.cleared_verified, f.verdicts.overwritten_unverified) = (2, 1);
        e.bad.push(bad(Trouble::Unreadable, DEVICE - 512, 512, 0));
        e.verification.iter_mut().for_each(|v| (v.unreadable, v.bytes_read) = (1, EXTENTS - 512));
    });
    assert_eq!(came_to(&evidence), (Status::Unverified, Claim::None, 4));
}

#[test]
fn names_in_json_are_those_of_the_contract() {
    let mut counts = FileCounts::default();
    FileVerdict::ALL.into_iter().for_each(|verdict| counts.add(verdict));
    counts += counts;
    assert_eq!(
        serde_json::to_string(&counts).unwrap(),
        r#"{"cleared-verified":2,"overwritten-unverified":2,"trimmed-not-overwritten":2,"not-cleared":2}"#
    );
    for verdict in FileVerdict::ALL {
        assert_eq!(serde_json::json!(verdict), verdict.name());
        assert_eq!(counts.get(verdict), 2);
    }
    for kind in ResidueKind::ALL {
        assert_eq!(serde_json::json!(kind), kind.name());
    }
    for mapping in [FilesMapping::Fiemap, FilesMapping::BtrfsChunkTree, FilesMapping::None] {
        assert_eq!(serde_json::json!(mapping), mapping.name());
    }
    assert_eq!(serde_json::to_string(&FilesStep::Trimmed { bytes: 7 }).unwrap(), r#"{"step":"trimmed","bytes":7}"#);
    assert!(serde_json::from_str::<FilesStep>(r#"{"step":"trimmed","bytes":7,"more":1}"#).is_err());
    let back: Evidence = serde_json::from_str(&serde_json::to_string(&files()).unwrap()).unwrap();
    assert_eq!(back, files());
    let device = serde_json::to_string(&crate::outcome::testing::overwrite(1, VerifyKind::Full)).unwrap();
    assert!(!device.contains("files"), "{device}");
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![3 => 0u64..4, 1 => Just(EXTENTS), 1 => Just(u64::MAX), 1 => any::<u64>()]
}

fn some_residue() -> impl Strategy<Value = Residue> {
    (prop::sample::select(&ResidueKind::ALL[..]), any::<bool>(), 0u64..4).prop_map(|(kind, is, files)| Residue {
        kind,
        certainty: if is { Certainty::Certain } else { Certainty::Possible },
        files,
    })
}

prop_compose! {
    fn some_evidence()(
        start in prop::sample::select(every_files_evidence()),
        counts in prop::option::of((number(), number(), number(), number(), any::<bool>())),
        redirected in any::<bool>(),
        touch in any::<bool>(),
        mapping in prop::sample::select(&[FilesMapping::Fiemap, FilesMapping::BtrfsChunkTree, FilesMapping::None][..]),
        filesystem in prop::sample::select(&["ext4", "btrfs", "overlay", ""][..]),
        residue in prop::collection::vec(some_residue(), 0..3),
        read in prop::option::weighted(0.3, (number(), number(), 0u64..2, any::<bool>())),
        end in prop_oneof![4 => Just(End::Completed), 1 => Just(End::GaveUp { detail: "x".into() })],
        flaws in prop::collection::vec(0..FLAWS.len(), 0..2),
    ) -> Evidence {
        let mut e = start.1;
        let Some(mut f) = e.files.take() else { return e };
        if let Some((cleared_verified, overwritten_unverified, trimmed_not_overwritten, not_cleared, adds_up)) = counts {
            f.verdicts = FileCounts { cleared_verified, overwritten_unverified, trimmed_not_overwritten, not_cleared };
            if adds_up {
                f.count = f.verdicts.total();
                f.removed = f.count;
            }
        }
        if touch {
            (f.redirected, f.mapping, f.filesystem) = (redirected, mapping, filesystem.into());
        }
        residue.into_iter().for_each(|left| f.leave(left));
        if let Some((planned, read, mismatches, complete)) = read {
            e.verification = Some(readback(VerifyKind::Full, planned));
            e.verification.iter_mut().for_each(|v| (v.bytes_read, v.mismatches, v.complete) = (read, mismatches, complete));
        }
        e.end = end;
        flaws.into_iter().for_each(|at| FLAWS[at].1(&mut e, &mut f));
        e.files = Some(f);
        e
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_evidence_on_files_says_more_than_it_proves(e in some_evidence()) {
        let found = Verdict::of(&e);
        let good = found.status == Status::Sanitized || found.claim != Claim::None || found.exit_code == ExitCode::Success;
        prop_assert!(!matches!(found.claim, Claim::Purge | Claim::Clear));
        if good {
            let f = e.files.as_deref().unwrap();
            prop_assert_eq!((found.status, found.exit_code), (Status::Sanitized, ExitCode::Success));
            prop_assert_eq!(f.verdicts, FileCounts { cleared_verified: f.count, ..FileCounts::default() });
            prop_assert!(!f.redirected && e.end == End::Completed && e.bad.is_empty(), "{:?}", f);
            prop_assert!(f.count == 0 || f.mapping != FilesMapping::None);
            prop_assert!(f.residue.iter().all(|left| left.certainty == Certainty::Possible || !left.kind.is_content()));
            prop_assert!(e.passes.iter().all(|pass| pass.complete && pass.bytes_written == f.extent_bytes));
            let v = e.verification.as_ref();
            let whole = v.is_some_and(|v| {
                v.complete && v.bytes_read == f.extent_bytes && v.bytes_planned == f.extent_bytes && v.mismatches == 0
            });
            prop_assert!(f.extent_bytes == 0 || whole);
            prop_assert!(found.statement.contains("LBA level") || f.count == 0);
        }
        for left in e.files.iter().flat_map(|f| &f.residue) {
            prop_assert!(found.statement.contains(&said_of_residue(left.kind, left.certainty).english));
        }
    }
}
