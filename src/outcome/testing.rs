//! Evidence of every kind, for tests of what is said of it.

use super::{
    BadRange, CommandEvidence, End, Ending, Evidence, HealthBeforeAfter, Markers, PassEvidence, Readback, Scope,
    ScopeKind, Trouble, VerificationEvidence, Witnesses,
};
use crate::media::{HiddenArea, HiddenAreas, Layer, Method, Rotation, TechniqueId, VerifyKind};
use crate::pattern::Pattern;

/// Bytes of the scope of an overwrite.
pub const SCOPE: u64 = 64 << 20;

/// What drive and kernel say of themselves, wherever something is said.
pub const DETAIL: &str = "as told: 0x4711";

/// A readback of `planned` bytes without fault.
pub fn readback(kind: VerifyKind, planned: u64) -> VerificationEvidence {
    let sampled = kind == VerifyKind::Sampled;
    VerificationEvidence {
        kind,
        complete: true,
        bytes_planned: planned,
        bytes_read: planned,
        mismatches: 0,
        unreadable: 0,
        seed: sampled.then(|| "0f".repeat(16)),
        cells: sampled.then_some((20_000, 2_000)),
        milliseconds: 1,
    }
}

/// An overwrite that went well.
pub fn overwrite(passes: u32, kind: VerifyKind) -> Evidence {
    let planned = if kind == VerifyKind::Sampled { SCOPE / 10 } else { SCOPE };
    let pass = |number| PassEvidence {
        number,
        pattern: Pattern::zeros(),
        bytes_written: SCOPE,
        milliseconds: 1,
        complete: true,
    };
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
        passes: (1..=passes).map(pass).collect(),
        command: None,
        files: None,
        verification_asked: kind,
        verification: (kind != VerifyKind::None).then(|| readback(kind, planned)),
        bad: Vec::new(),
        bad_left_out: 0,
        end: End::Completed,
    }
}

/// An erase by the drive that went well, of a medium of flash.
pub fn erase(technique: TechniqueId) -> Evidence {
    Evidence {
        method: Method::Purge,
        technique,
        scope: Scope { kind: ScopeKind::WholeMedium, first_byte: 0, bytes: 1 << 30 },
        rotation: Rotation::Flash,
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
            markers: Some(Markers { written: 1026, gone: 1026, survived: 0, unreadable: 0 }),
            witnesses: Some(Witnesses { read: 1024, blank: 0, changed: 1024, same: 0, unreadable: 0 }),
            expected: None,
            readback: Readback::Changed,
            encryption: Some("drive".into()),
            reached: Vec::new(),
        }),
        verification: Some(VerificationEvidence {
            cells: Some((2050, 2050)),
            ..readback(VerifyKind::Sampled, 2050 * 512)
        }),
        ..overwrite(0, VerifyKind::Sampled)
    }
}

/// The same, changed.
pub fn erase_with(technique: TechniqueId, change: impl FnOnce(&mut Evidence, &mut CommandEvidence)) -> Evidence {
    let mut evidence = erase(technique);
    if let Some(mut command) = evidence.command.take() {
        change(&mut evidence, &mut command);
        evidence.command = Some(command);
    }
    evidence
}

/// A bad range.
pub fn bad(kind: Trouble, first_byte: u64, bytes: u64, pass: u32) -> BadRange {
    BadRange { kind, first_byte, bytes, pass, error: Some("EIO (Input/output error)".into()) }
}

/// Every ending once; the match has one arm for each, so that none can be left out here.
pub fn every_ending() -> Vec<Ending> {
    let detail = || DETAIL.to_string();
    let mut all = Vec::new();
    let mut next = Some(Ending::Succeeded);
    while let Some(ending) = next {
        next = match &ending {
            Ending::Succeeded => Some(Ending::AtOnce),
            Ending::AtOnce => Some(Ending::Answered),
            Ending::Answered => Some(Ending::Deallocated),
            Ending::Deallocated => Some(Ending::Failed { detail: detail() }),
            Ending::Failed { .. } => Some(Ending::Stalled { progress: Some(9), seconds: 7200 }),
            Ending::Stalled { .. } => Some(Ending::Stale),
            Ending::Stale => Some(Ending::Foreign),
            Ending::Foreign => Some(Ending::NotRun),
            Ending::NotRun => Some(Ending::BrokenChain { resets: vec![detail(), "another reset".into()] }),
            Ending::BrokenChain { .. } => Some(Ending::Rejected { detail: detail() }),
            Ending::Rejected { .. } => Some(Ending::Frozen),
            Ending::Frozen => Some(Ending::NotSent { detail: detail() }),
            Ending::NotSent { .. } => Some(Ending::Unclear { detail: detail() }),
            Ending::Unclear { .. } => Some(Ending::Unknown { detail: detail() }),
            Ending::Unknown { .. } => Some(Ending::LeftRunning { cause: "SIGINT".into() }),
            Ending::LeftRunning { .. } => None,
        };
        all.push(ending);
    }
    all
}

/// Hidden areas of every kind.
pub fn hidden() -> Vec<HiddenAreas> {
    let of = |area| HiddenAreas { host_protected_area: area, ..HiddenAreas::NONE };
    let areas = [HiddenArea::Unreachable, HiddenArea::Absent, HiddenArea::Present { bytes: 4096 }];
    let both = HiddenAreas { accessible_max_address: HiddenArea::Present { bytes: 512 }, ..HiddenAreas::default() };
    areas.into_iter().map(of).chain([HiddenAreas::default(), HiddenAreas::NONE, both]).collect()
}

fn layer(kind: &str) -> Layer {
    Layer { kind: kind.into(), detail: DETAIL.into() }
}

fn read(evidence: &mut Evidence, change: impl Fn(&mut VerificationEvidence)) {
    evidence.verification.iter_mut().for_each(change);
}

type Change = fn(&mut Evidence);

/// Single changes of a good overwrite, which reach every reason that an overwrite is judged by.
const OVERWRITES: &[(&str, Change)] = &[
    ("as it should be", |_| ()),
    ("incomplete pass", |e| e.passes.iter_mut().for_each(|p| p.complete = false)),
    ("missing pass", |e| drop(e.passes.pop())),
    ("short pass", |e| e.passes.iter_mut().for_each(|p| p.bytes_written -= 512)),
    ("write failure", |e| {
        e.bad.push(bad(Trouble::WriteFailed, 512, 1024, 1));
        e.passes.iter_mut().for_each(|p| p.bytes_written -= if p.number == 1 { 1024 } else { 0 });
    }),
    ("too many write failures", |e| {
        e.bad.push(bad(Trouble::WriteFailed, 0, SCOPE / 2, 1));
    }),
    ("unreadable", |e| {
        e.bad.push(bad(Trouble::Unreadable, 0, 512, 0));
        read(e, |v| (v.unreadable, v.bytes_read) = (1, v.bytes_read - 512));
    }),
    ("many unreadable", |e| {
        e.bad.push(bad(Trouble::Unreadable, 0, 4096, 0));
        read(e, |v| (v.unreadable, v.bytes_read) = (8, v.bytes_read - 4096));
    }),
    ("unreadable by the count alone", |e| read(e, |v| v.unreadable = 1)),
    ("mismatch", |e| {
        e.bad.push(bad(Trouble::Mismatch, 0, 512, 0));
        read(e, |v| v.mismatches = 1);
    }),
    ("mismatches explained", |e| {
        e.bad.push(bad(Trouble::WriteFailed, 4096, 1024, e.passes_planned));
        e.bad.push(bad(Trouble::Mismatch, 4096, 1024, 0));
        read(e, |v| v.mismatches = 2);
    }),
    ("outside", |e| e.bad.push(bad(Trouble::WriteFailed, SCOPE, 512, 1))),
    ("of no phase", |e| e.bad.push(bad(Trouble::WriteFailed, 0, 512, 7))),
    ("left out", |e| e.bad_left_out = 1),
    ("no verification", |e| e.verification = None),
    ("cut short", |e| read(e, |v| (v.complete, v.bytes_read) = (false, v.bytes_read / 2))),
    ("cut short at its end", |e| read(e, |v| v.complete = false)),
    ("read less", |e| read(e, |v| v.bytes_read -= 512)),
    ("planned less", |e| read(e, |v| (v.bytes_planned, v.bytes_read) = (512, 512))),
    ("no cells", |e| read(e, |v| v.cells = None)),
    ("few cells", |e| read(e, |v| v.cells = Some((20_000, 7)))),
    ("another verification", |e| read(e, |v| v.kind = VerifyKind::Sampled)),
    ("verified in full", |e| e.verification = Some(readback(VerifyKind::Full, SCOPE))),
    ("of nothing", |e| read(e, |v| v.kind = VerifyKind::None)),
    ("of nothing, asked so", |e| {
        read(e, |v| v.kind = VerifyKind::None);
        e.verification_asked = VerifyKind::None;
    }),
    ("interrupted", |e| e.end = End::Interrupted { cause: "SIGINT".into() }),
    ("lost", |e| e.end = End::Lost { detail: DETAIL.into() }),
    ("given up", |e| e.end = End::GaveUp { detail: DETAIL.into() }),
    ("another method", |e| e.method = Method::Purge),
    ("another technique", |e| e.technique = TechniqueId::NvmeSanitizeBlock),
    ("empty", |e| e.scope.bytes = 0),
];

const SCOPES: [ScopeKind; 4] =
    [ScopeKind::WholeMedium, ScopeKind::Namespace, ScopeKind::Partition, ScopeKind::PlainFile];

fn overwrites(all: &mut Vec<(String, Evidence)>) {
    for kind in [VerifyKind::Full, VerifyKind::Sampled, VerifyKind::None] {
        for (name, change) in OVERWRITES {
            let mut evidence = overwrite(2, kind);
            change(&mut evidence);
            all.push((format!("overwrite, {}, {name}", kind.name()), evidence));
        }
    }
    for scope in SCOPES {
        for layers in [&[][..], &["loop"], &["device-mapper", "md"]] {
            for wants_complement in [false, true] {
                let mut evidence = Evidence { wants_complement, ..overwrite(1, VerifyKind::Full) };
                evidence.scope.kind = scope;
                evidence.layers = layers.iter().map(|kind| layer(kind)).collect();
                all.push((
                    format!("overwrite of {scope:?} behind {layers:?}, complement {wants_complement}"),
                    evidence,
                ));
            }
        }
    }
    for hidden_areas in hidden() {
        let evidence = Evidence { hidden_areas, ..overwrite(1, VerifyKind::Sampled) };
        all.push((format!("overwrite, {hidden_areas:?}"), evidence));
    }
}

type Command = fn(&mut Evidence, &mut CommandEvidence);

/// Single changes of a good erase, which reach every reason that an erase by the drive is judged by.
const ERASES: &[(&str, Command)] = &[
    ("as it should be", |_, _| ()),
    ("as Clear", |e, _| e.method = Method::Clear),
    ("not accepted", |_, c| c.accepted = false),
    ("not seen running", |_, c| c.seen_running = false),
    ("no marks", |_, c| c.markers = None),
    ("no mark taken", |_, c| c.markers = Some(Markers { written: 0, gone: 0, survived: 0, unreadable: 0 })),
    ("marks survived", |_, c| c.markers = Some(Markers { written: 9, gone: 8, survived: 1, unreadable: 0 })),
    ("marks unreadable", |_, c| c.markers = Some(Markers { written: 1026, gone: 1024, survived: 0, unreadable: 2 })),
    ("marks not accounted for", |_, c| c.markers = Some(Markers { written: 9, gone: 8, survived: 0, unreadable: 0 })),
    ("no witnesses", |_, c| c.witnesses = None),
    ("witnesses the same", |_, c| c.witnesses.iter_mut().for_each(|w| (w.same, w.changed) = (3, 1021))),
    ("witnesses missing", |_, c| c.witnesses.iter_mut().for_each(|w| w.changed = 9)),
    ("witnesses blank", |_, c| c.witnesses.iter_mut().for_each(|w| (w.blank, w.changed, w.unreadable) = (1000, 23, 1))),
    ("too few", |_, c| {
        c.markers = Some(Markers { written: 2, gone: 2, survived: 0, unreadable: 0 });
        c.witnesses.iter_mut().for_each(|w| (w.blank, w.changed) = (1021, 3));
    }),
    ("proves nothing", |_, c| c.readback = Readback::ProvesNothing),
    ("deallocated", |_, c| (c.readback, c.ending) = (Readback::ProvesNothing, Ending::Deallocated)),
    ("at once and quick", |_, c| (c.estimate_seconds, c.ending) = (Some(2), Ending::AtOnce)),
    ("not read back", |e, _| e.verification_asked = VerifyKind::None),
    ("in full", |e, _| e.verification_asked = VerifyKind::Full),
    ("no verification", |e, _| e.verification = None),
    ("verification cut short", |e, _| read(e, |v| v.complete = false)),
    ("verification differs", |e, _| read(e, |v| v.mismatches = 1)),
    ("something expected", |_, c| c.expected = Some("00".into())),
    ("uniform", |e, c| {
        (c.readback, c.expected) = (Readback::Uniform, Some("ff".into()));
        (e.verification_asked, e.verification) = (VerifyKind::Full, Some(readback(VerifyKind::Full, e.scope.bytes)));
    }),
    ("uniform, nobody says as what", |_, c| c.readback = Readback::Uniform),
    ("pattern", |e, c| {
        (c.readback, c.expected) = (Readback::Pattern, Some("00".into()));
        e.verification = Some(readback(VerifyKind::Sampled, e.scope.bytes / 10));
    }),
    ("pattern, unreadable", |e, c| {
        (c.readback, c.expected) = (Readback::Pattern, Some("00".into()));
        e.verification = Some(readback(VerifyKind::Sampled, e.scope.bytes / 10));
        e.bad.push(bad(Trouble::Unreadable, 0, 512, 0));
        read(e, |v| (v.unreadable, v.bytes_read) = (1, v.bytes_read - 512));
    }),
    ("pattern, too much unreadable", |e, c| {
        (c.readback, c.expected) = (Readback::Pattern, Some("00".into()));
        e.verification = Some(readback(VerifyKind::Sampled, e.scope.bytes / 10));
        e.bad.push(bad(Trouble::Unreadable, 0, e.scope.bytes / 2, 0));
        read(e, |v| (v.unreadable, v.bytes_read) = (1, v.bytes_read - 512));
    }),
    ("others reached", |e, c| {
        (c.readback, c.expected) = (Readback::Pattern, Some("00".into()));
        (e.verification_asked, e.verification) = (VerifyKind::Full, Some(readback(VerifyKind::Full, e.scope.bytes)));
        c.reached.push("/dev/nvme0n2".into());
    }),
    ("attested", |_, c| c.encryption = Some("attested".into())),
    ("nobody answers for the encryption", |_, c| c.encryption = None),
    ("another technique", |_, c| c.technique = TechniqueId::LuksErase),
    ("a part", |e, _| e.scope.kind = ScopeKind::Partition),
    ("behind a layer", |e, _| e.layers.push(layer("raid-controller"))),
    ("rotating", |e, _| e.rotation = Rotation::Rotational),
    ("lost", |e, _| e.end = End::Lost { detail: DETAIL.into() }),
    ("given up", |e, _| e.end = End::GaveUp { detail: DETAIL.into() }),
    ("interrupted before", |e, _| e.end = End::Interrupted { cause: "SIGTERM".into() }),
];

fn erases(all: &mut Vec<(String, Evidence)>) {
    for technique in TechniqueId::ALL.iter().copied().filter(|technique| *technique != TechniqueId::Overwrite) {
        all.push((format!("{}, as it should be", technique.name()), erase(technique)));
    }
    for technique in [TechniqueId::AtaSanitizeBlock, TechniqueId::NvmeSanitizeCrypto] {
        for (name, change) in ERASES {
            all.push((format!("{}, {name}", technique.name()), erase_with(technique, change)));
        }
    }
    for technique in [TechniqueId::AtaSanitizeBlock, TechniqueId::NvmeFormatUser] {
        for ending in every_ending() {
            let ends = [
                End::Completed,
                End::Lost { detail: DETAIL.into() },
                End::Interrupted { cause: "SIGINT".into() },
                End::GaveUp { detail: DETAIL.into() },
            ];
            for end in ends {
                let name = format!("{}, {ending:?}, {end:?}", technique.name());
                let evidence = erase_with(technique, |e, c| (c.ending, e.end) = (ending.clone(), end));
                all.push((name, evidence));
            }
        }
    }
    for hidden_areas in hidden() {
        let evidence = erase_with(TechniqueId::ScsiSanitizeBlock, |e, _| e.hidden_areas = hidden_areas);
        all.push((format!("scsi-sanitize-block, {hidden_areas:?}"), evidence));
    }
    all.push(("no command".into(), Evidence { command: None, ..erase(TechniqueId::AtaSanitizeBlock) }));
    let mut beside = overwrite(1, VerifyKind::Full);
    beside.command = erase(TechniqueId::AtaSanitizeBlock).command;
    all.push(("an overwrite with a command beside it".into(), beside));
}

/// Evidence that reaches every status, claim, reason, limit, way out and readback there is; each with a name.
pub fn every_evidence() -> Vec<(String, Evidence)> {
    let mut all = Vec::new();
    overwrites(&mut all);
    erases(&mut all);
    all
}

/// Every evidence, and samples whose seed is not told: enough for every sentence.
pub fn enough_for_every_sentence() -> Vec<(String, Evidence)> {
    let mut all = every_evidence();
    all.extend(super::testing_files::every_files_evidence());
    for mismatches in [0, 1] {
        let mut evidence = overwrite(1, VerifyKind::Sampled);
        read(&mut evidence, |v| (v.seed, v.mismatches) = (None, mismatches));
        all.push((format!("a sample without a seed, {mismatches} differ"), evidence));
    }
    all
}
