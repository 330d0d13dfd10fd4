//! Evidence of jobs on files, for tests of what is said of it.

use super::testing::{DETAIL, bad, overwrite, readback};
use super::{
    Certainty, End, Evidence, FileCounts, FilesEvidence, FilesMapping, FilesStep, FilesSubject, Residue, ResidueKind,
    Scope, ScopeKind, Trouble,
};
use crate::media::{Layer, Method, TechniqueId, VerifyKind};

/// Bytes of the extents of a job on files.
pub const EXTENTS: u64 = 12 << 20;
/// Bytes of the device that the filesystem lies on.
pub const DEVICE: u64 = 1 << 30;

/// A job on three files that went well: ext4 on a partition.
pub fn files() -> Evidence {
    let mut evidence = overwrite(1, VerifyKind::Full);
    evidence.scope = Scope { kind: ScopeKind::Files, first_byte: 1 << 20, bytes: EXTENTS };
    evidence.passes.iter_mut().for_each(|pass| pass.bytes_written = EXTENTS);
    evidence.verification = Some(readback(VerifyKind::Full, EXTENTS));
    let mut found = FilesEvidence {
        subject: FilesSubject::Files,
        filesystem: "ext4".into(),
        mapping: FilesMapping::Fiemap,
        redirected: false,
        device_bytes: DEVICE,
        count: 3,
        bytes: EXTENTS - 100,
        extents: 5,
        extent_bytes: EXTENTS,
        trimmed_bytes: 4096,
        verdicts: FileCounts { cleared_verified: 3, ..FileCounts::default() },
        residue: Vec::new(),
        steps: vec![
            FilesStep::NamesReplaced { names: 4 },
            FilesStep::JournalCheckpointed,
            FilesStep::Trimmed { bytes: 4096 },
        ],
        removed: 4,
        links_removed: 0,
        directories_removed: 1,
        left: 0,
        kept: false,
        extents_digest: format!("sha256:{}", "5a".repeat(32)),
        manifest: None,
        names: None,
    };
    for (kind, files) in [(ResidueKind::Names, 0), (ResidueKind::FlashRemaps, 0), (ResidueKind::OlderVersions, 3)] {
        found.leave(Residue { kind, certainty: Certainty::Possible, files });
    }
    evidence.files = Some(Box::new(found));
    evidence
}

/// The same, changed.
pub fn files_with(change: impl FnOnce(&mut Evidence, &mut FilesEvidence)) -> Evidence {
    let mut evidence = files();
    if let Some(mut found) = evidence.files.take() {
        change(&mut evidence, &mut found);
        evidence.files = Some(found);
    }
    evidence
}

/// A fill of the free space that went well.
pub fn free_space() -> Evidence {
    files_with(|e, f| {
        (e.scope.kind, f.subject) = (ScopeKind::FreeSpace, FilesSubject::FreeSpace);
        (f.removed, f.directories_removed, f.steps, f.trimmed_bytes) = (0, 0, Vec::new(), 0);
        f.residue.clear();
        f.leave(Residue { kind: ResidueKind::FreeSpace, certainty: Certainty::Possible, files: 0 });
    })
}

/// Nothing to overwrite: `count` files without a block.
pub fn empty_files(count: u64) -> Evidence {
    files_with(|e, f| {
        e.scope.bytes = 0;
        e.passes.clear();
        e.verification = None;
        (f.count, f.removed, f.bytes, f.extents, f.extent_bytes) = (count, count, 0, 0, 0);
        f.verdicts = FileCounts { cleared_verified: count, ..FileCounts::default() };
        f.residue.clear();
    })
}

/// A change of evidence on files.
pub type Change = fn(&mut Evidence, &mut FilesEvidence);

/// Single changes that take the claim, each with a word of the reason.
pub const FLAWS: &[(&str, Change)] = &[
    ("only as Clear", |e, _| e.method = Method::Purge),
    ("only as Clear", |e, _| e.technique = TechniqueId::NvmeSanitizeBlock),
    ("something else that was named", |e, _| e.scope.kind = ScopeKind::Partition),
    ("something else that was named", |e, _| e.scope.kind = ScopeKind::WholeMedium),
    ("something else that was named", |e, _| e.scope.kind = ScopeKind::FreeSpace),
    ("not every file came", |_, f| f.count = 4),
    ("not every file came", |_, f| f.verdicts.cleared_verified = 2),
    ("not every file came", |_, f| (f.verdicts.cleared_verified, f.verdicts.not_cleared) = (u64::MAX, u64::MAX)),
    ("extents do not add up", |_, f| f.extents = 0),
    ("extents do not add up", |_, f| f.extents = u64::MAX),
    ("extents do not add up", |_, f| f.extent_bytes = f.extent_bytes.saturating_sub(4096)),
    ("extents do not add up", |e, _| e.scope.bytes = e.scope.bytes.saturating_sub(4096)),
    ("extents do not add up", |_, f| f.device_bytes = EXTENTS - 1),
    ("do not add up to the scope", |e, f| (e.scope.bytes, f.extent_bytes, f.extents) = (0, 0, 0)),
    ("extents do not add up", |_, f| (f.count, f.verdicts, f.residue) = (0, FileCounts::default(), Vec::new())),
    ("said to have been trimmed", |_, f| f.trimmed_bytes = f.trimmed_bytes.saturating_add(1)),
    ("said to have been trimmed", |_, f| f.steps.clear()),
    ("left is told twice", |_, f| f.residue.extend(f.residue.first().copied())),
    ("left is told twice", |_, f| f.residue.reverse()),
    ("left is told twice", |_, f| {
        f.leave(Residue { kind: ResidueKind::Xattrs, certainty: Certainty::Possible, files: 4 });
    }),
    ("that were to stay", |_, f| f.kept = true),
    ("not every file was removed", |_, f| f.removed = 2),
    ("not cleared: 1", |_, f| (f.verdicts.cleared_verified, f.verdicts.not_cleared) = (2, 1)),
    ("not verified: 1", |_, f| (f.verdicts.cleared_verified, f.verdicts.overwritten_unverified) = (2, 1)),
    ("not overwritten: 1", |_, f| (f.verdicts.cleared_verified, f.verdicts.trimmed_not_overwritten) = (2, 1)),
    ("not every planned pass was carried out to its end", |e, _| {
        e.passes.iter_mut().for_each(|pass| pass.complete = false);
    }),
    ("not every planned pass", |e, _| e.passes.clear()),
    ("not every planned pass", |e, _| e.passes_planned = 2),
    ("do not add up to the scope", |e, _| {
        e.passes.iter_mut().for_each(|pass| pass.bytes_written = pass.bytes_written.saturating_sub(512))
    }),
    ("do not add up to the scope", |e, _| {
        e.passes.iter_mut().for_each(|pass| pass.bytes_written = pass.bytes_written.saturating_add(512))
    }),
    ("more bad ranges", |e, _| e.bad_left_out = 1),
    ("lies outside", |e, f| {
        f.verdicts.overwritten_unverified = 1;
        f.verdicts.cleared_verified = 2;
        e.bad.push(bad(Trouble::Unreadable, DEVICE, 512, 0));
    }),
    ("no file is said to hold them", |e, _| e.bad.push(bad(Trouble::WriteFailed, 0, 512, 1))),
    ("no file is said to hold them", |e, _| e.bad.push(bad(Trouble::Mismatch, 0, 512, 0))),
    ("no file is said to hold them", |e, _| e.bad.push(bad(Trouble::Unreadable, 0, 512, 0))),
    ("no file is said to hold them", |e, _| e.verification.iter_mut().for_each(|v| v.mismatches = 1)),
    ("bad ranges disagree", |e, _| e.verification.iter_mut().for_each(|v| v.unreadable = 1)),
    ("belongs to a phase", |e, f| {
        (f.verdicts.cleared_verified, f.verdicts.overwritten_unverified) = (2, 1);
        e.bad.push(bad(Trouble::Unreadable, 0, 512, 1));
    }),
    ("in full or not at all", |e, _| e.verification_asked = VerifyKind::Sampled),
    ("another verification", |e, _| e.verification_asked = VerifyKind::None),
    ("another verification", |e, _| e.verification = Some(readback(VerifyKind::Sampled, EXTENTS))),
    ("did not cover the scope", |e, _| e.verification = Some(readback(VerifyKind::Full, EXTENTS + 512))),
    ("did not cover the scope", |e, _| e.verification = Some(readback(VerifyKind::Full, 0))),
    ("another number of bytes", |e, _| {
        e.verification.iter_mut().for_each(|v| v.bytes_read = v.bytes_read.saturating_add(512))
    }),
    ("not every block of them was read back", |e, _| {
        e.verification.iter_mut().for_each(|v| v.bytes_read = v.bytes_read.saturating_sub(512))
    }),
    ("not every block of them was read back", |e, _| e.verification.iter_mut().for_each(|v| v.complete = false)),
    ("not every block of them was read back", |e, _| e.verification = Some(readback(VerifyKind::Full, EXTENTS - 512))),
    ("not every block of them was read back", |e, _| e.verification = None),
    ("not every block of them was read back", |e, _| {
        (e.verification, e.verification_asked) = (None, VerifyKind::None);
    }),
    ("may write elsewhere", |_, f| f.redirected = true),
    ("which blocks held them is not known", |_, f| f.mapping = FilesMapping::None),
    ("which blocks held them is not known", |_, f| f.mapping = FilesMapping::BtrfsChunkTree),
    ("which blocks held them is not known", |_, f| f.filesystem = "btrfs".into()),
    ("which blocks held them is not known", |_, f| f.filesystem = "overlay".into()),
    ("which blocks held them is not known", |_, f| f.filesystem = String::new()),
    ("kept in other blocks", |_, f| f.leave(certain(ResidueKind::SharedExtents, 1))),
    ("kept in other blocks", |_, f| f.leave(certain(ResidueKind::Snapshots, 0))),
    ("kept in other blocks", |_, f| f.leave(certain(ResidueKind::Content, 3))),
    ("content is known to be left", |_, f| f.leave(certain(ResidueKind::Xattrs, 1))),
    ("content is known to be left", |_, f| f.leave(certain(ResidueKind::Journal, 0))),
    ("content is known to be left", |_, f| f.leave(certain(ResidueKind::InlineData, 1))),
    ("content is known to be left", |_, f| f.leave(certain(ResidueKind::LowerLayers, 0))),
    ("content is known to be left", |_, f| f.leave(certain(ResidueKind::Swap, 0))),
    ("stopped before the end", |e, _| e.end = End::Interrupted { cause: "SIGINT".into() }),
    ("was lost", |e, _| e.end = End::Lost { detail: DETAIL.into() }),
    (DETAIL, |e, _| e.end = End::GaveUp { detail: DETAIL.into() }),
];

/// A residue that is known to be left.
pub fn certain(kind: ResidueKind, files: u64) -> Residue {
    Residue { kind, certainty: Certainty::Certain, files }
}

/// Changes that take nothing of the claim.
const HARMLESS: &[(&str, Change)] = &[
    ("as it should be", |_, _| ()),
    ("one file", |_, f| (f.count, f.verdicts.cleared_verified, f.residue) = (1, 1, Vec::new())),
    ("kept", |_, f| (f.kept, f.removed, f.directories_removed) = (true, 0, 0)),
    ("some left alone", |_, f| f.left = 2),
    ("btrfs", |_, f| (f.filesystem, f.mapping) = ("btrfs".into(), FilesMapping::BtrfsChunkTree)),
    ("behind a layer", |e, _| e.layers.push(Layer { kind: "loop".into(), detail: DETAIL.into() })),
    ("without the complement that is asked for", |e, _| e.wants_complement = true),
];

/// Evidence on files that reaches every status, claim, reason, limit and residue there is; each with a name.
pub fn every_files_evidence() -> Vec<(String, Evidence)> {
    let mut all = Vec::new();
    for (name, change) in HARMLESS {
        all.push((format!("files, {name}"), files_with(change)));
    }
    for (name, change) in FLAWS {
        all.push((format!("files, flaw: {name}"), files_with(change)));
    }
    for kind in ResidueKind::ALL {
        for certainty in [Certainty::Certain, Certainty::Possible] {
            let left = Residue { kind, certainty, files: 0 };
            all.push((format!("files, residue {left:?}"), files_with(|_, f| f.residue = vec![left])));
        }
    }
    all.push((
        "files, redirected".into(),
        files_with(|_, f| {
            f.redirected = true;
            f.verdicts = FileCounts { overwritten_unverified: 3, ..FileCounts::default() };
        }),
    ));
    for (name, count) in [("no file", 0), ("an empty file", 1), ("empty files", 2)] {
        all.push((format!("files, {name}"), empty_files(count)));
    }
    let mut nothing = free_space();
    nothing.layers.push(Layer { kind: "loop".into(), detail: DETAIL.into() });
    all.extend([("free space".into(), free_space()), ("free space behind a layer".into(), nothing)]);
    all.push((
        "free space, none".into(),
        Evidence {
            scope: Scope { kind: ScopeKind::FreeSpace, first_byte: 0, bytes: 0 },
            ..{
                let mut none = empty_files(0);
                none.files.iter_mut().for_each(|f| {
                    f.subject = FilesSubject::FreeSpace;
                    (f.steps, f.trimmed_bytes, f.removed, f.directories_removed) = (Vec::new(), 0, 0, 0);
                });
                none
            }
        },
    ));
    let mut failed = free_space();
    failed.files.iter_mut().for_each(|f| (f.verdicts.cleared_verified, f.verdicts.not_cleared) = (2, 1));
    all.push(("free space, failed".into(), failed));
    all.push(("files, nothing said".into(), Evidence { files: None, ..files() }));
    all
}
