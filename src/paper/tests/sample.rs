//! Documents as the program would issue them, made without any of it.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::case::{Issue, page};
use crate::conformity::fixture;
use crate::conformity::{Language, Person, Profile, Repair, Roles, derive};
use crate::document::{
    Annex, AnnexEntry, Attached, Exception, MediumEntry, PassEntry, Record, ScopeEntry, Session, SignerEntry,
    SignerKind, ToolEntry, TrustedKeys, VerificationEntry, canonical_bytes, evidence, files_entry, residue_entries,
    sort_exceptions,
};
use crate::media::{HiddenArea, HiddenAreas, Method, TechniqueId, VerifyKind};
use crate::outcome::{
    self, Claim, CommandEvidence, Ending, Exchange, HealthBeforeAfter, Markers, Progress, Readback, SamplingPlan,
    ScopeKind, Status, Trouble, Verdict, Witnesses,
};
use crate::pattern::{Scheme, StreamSpec};

/// A document, ready to be rendered.
pub struct Sample {
    pub json: Vec<u8>,
    pub annex: Option<Vec<u8>>,
}

const SIZE: u64 = 500_107_862_016;
const SEED: &str = "000102030405060708090a0b0c0d0e0f";

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", crate::paper::hex(&Sha256::digest(bytes)))
}

/// Status, claim and sentences as they follow from the rest.
pub fn settled(mut record: Record) -> Record {
    sort_exceptions(&mut record.exceptions);
    let found = evidence(&record).unwrap();
    let verdict = Verdict::of(&found);
    (record.status, record.claim, record.statement) = (verdict.status, verdict.claim, verdict.statement);
    record.verification.statement = outcome::statement_of_readback(&found);
    record.standards = outcome::standards(&found, record.scheme.as_deref().and_then(Scheme::named));
    record
}

/// A hard disk, cleared with one random pass; a tenth of it was read back.
pub fn disk(number: u64) -> Record {
    let plan = SamplingPlan::new(std::array::from_fn(|at| u8::try_from(at).unwrap()), SIZE, 512).unwrap();
    settled(Record {
        schema: Record::SCHEMA.into(),
        id: format!("{number:032x}"),
        job: "fedcba9876543210".repeat(2),
        case: Some(fixture::CASE.into()),
        supersedes: None,
        kind: Record::KIND.into(),
        status: Status::Sanitized,
        claim: Claim::Clear,
        statement: String::new(),
        tool: ToolEntry { name: "radera".into(), version: "0.1.0".into(), digest: digest(b"tool") },
        signer: SignerEntry {
            fingerprint: digest(b"certificate"),
            kind: Some(SignerKind::Installation),
            name: Some("radera, Værksted 2".into()),
            time_stamp: None,
        },
        medium: MediumEntry {
            path: "/dev/sdb".into(),
            bus: "ata".into(),
            vendor: Some("Seagate".into()),
            model: Some("ST500LM000-1EJ162".into()),
            firmware: Some("SM14".into()),
            serial: Some(format!("W761{number:04}")),
            serial_source: Some("ata-vpd".into()),
            wwn: Some("0x5000c500a1b2c3d4".into()),
            size_bytes: SIZE,
            logical_block_bytes: 512,
            physical_block_bytes: 4096,
            rotation: "rotational".into(),
            removable: false,
            disk_sequence: Some("17".into()),
            layers: Vec::new(),
        },
        scope: ScopeEntry { kind: ScopeKind::WholeMedium, path: "/dev/sdb".into(), first_byte: 0, bytes: SIZE },
        method: Method::Clear,
        technique: TechniqueId::Overwrite,
        scheme: None,
        wants_complement: false,
        passes_planned: 1,
        passes: vec![PassEntry {
            number: 1,
            pattern: "random".into(),
            bytes_hex: None,
            stream: Some(StreamSpec::aes_128_ctr([7; 16])),
            inverted: false,
            bytes_written: SIZE,
            milliseconds: 4_321_000,
            complete: true,
        }],
        command: None,
        files: None,
        residue: None,
        standards: Vec::new(),
        verification: VerificationEntry {
            asked: VerifyKind::Sampled,
            kind: VerifyKind::Sampled,
            status: "passed".into(),
            bytes_planned: plan.bytes(),
            bytes_read: plan.bytes(),
            mismatches: 0,
            unreadable: 0,
            seed: Some(SEED.into()),
            cells: Some(plan.cells()),
            cells_read: Some(plan.cells_drawn()),
            milliseconds: 512_000,
            statement: String::new(),
        },
        hidden_areas: HiddenAreas {
            host_protected_area: HiddenArea::Absent,
            device_configuration_overlay: HiddenArea::Absent,
            accessible_max_address: HiddenArea::NotApplicable,
        },
        health: HealthBeforeAfter::default(),
        exceptions: Vec::new(),
        exceptions_left_out: 0,
        sessions: vec![Session {
            started: "2026-10-05T08:00:00Z".into(),
            finished: Some("2026-10-05T09:21:43Z".into()),
            end: "completed".into(),
            detail: String::new(),
            from_pass: Some(1),
            from_byte: Some(0),
            engine: Some("io_uring".into()),
        }],
        operator: Some("Åse Bjørk Sørensen".into()),
        instruction: Some("I-1".into()),
        property: Some("AAK-004711".into()),
        validation: Record::VALIDATION.into(),
        started: "2026-10-05T08:00:00Z".into(),
        finished: "2026-10-05T09:21:43Z".into(),
    })
}

/// The same disk, with `count` ranges that failed in every way.
pub fn bad_disk(count: u64) -> Record {
    let mut record = disk(2);
    let kinds = [Trouble::WriteFailed, Trouble::Unreadable, Trouble::Mismatch];
    record.exceptions = (0..count)
        .map(|at| {
            let kind = kinds[usize::try_from(at % 3).unwrap()];
            let pass = u32::from(kind == Trouble::WriteFailed);
            let error = (kind != Trouble::Mismatch).then(|| "EIO (Input/output error)".to_string());
            Exception { kind, first_byte: SIZE / (count + 3) * at / 512 * 512, bytes: 4096, pass, error }
        })
        .collect();
    record.exceptions_left_out = 3;
    let v = &mut record.verification;
    (v.mismatches, v.unreadable, v.status) = (count / 3, count / 3, "failed".into());
    settled(record)
}

/// A disk whose wipe was stopped in the middle of its second pass.
pub fn stopped() -> Record {
    let mut record = disk(3);
    (record.passes_planned, record.wants_complement) = (2, true);
    let second = PassEntry {
        number: 2,
        pattern: "random-complement".into(),
        inverted: true,
        bytes_written: SIZE / 3 / 4096 * 4096,
        complete: false,
        ..record.passes[0].clone()
    };
    record.passes.push(second);
    let v = &mut record.verification;
    (v.kind, v.status, v.bytes_planned, v.bytes_read) = (VerifyKind::None, "not-done".into(), 0, 0);
    (v.seed, v.cells, v.cells_read) = (None, None, None);
    record.sessions[0].end = "interrupted".into();
    record.sessions[0].detail = "SIGINT".into();
    settled(record)
}

/// An NVMe drive that erased itself.
pub fn drive() -> Record {
    let mut record = disk(4);
    let medium = &mut record.medium;
    (medium.path, medium.bus, medium.rotation) = ("/dev/nvme0n1".into(), "nvme".into(), "flash".into());
    (medium.vendor, medium.model) = (None, Some("Samsung SSD 980 PRO 500GB".into()));
    (medium.serial, medium.serial_source) = (Some("S5GXNX0R123456".into()), Some("nvme-identify".into()));
    (record.scope.path, record.method) = ("/dev/nvme0n1".into(), Method::Purge);
    record.technique = TechniqueId::NvmeSanitizeBlock;
    (record.passes_planned, record.passes) = (0, Vec::new());
    let exchange = |command: &str, sent: &str, answer: &str, received: Option<&str>| Exchange {
        command: command.into(),
        sent: sent.into(),
        answer: answer.into(),
        received: received.map(String::from),
    };
    record.command = Some(CommandEvidence {
        technique: record.technique,
        accepted: true,
        seen_running: true,
        ending: Ending::Succeeded,
        resets: Vec::new(),
        estimate_seconds: Some(120),
        milliseconds: 95_000,
        progress: vec![Progress { milliseconds: 1000, progress: 700 }],
        exchanges: vec![
            exchange("Sanitize", "84000000000000000200000000000000", "accepted", Some("0000000000000000")),
            exchange("Get Log Page 81h", "02000000ffffffff", "succeeded, 100 %", Some(&"ffff0101".repeat(16))),
        ],
        seed: Some(SEED.into()),
        markers: Some(Markers { written: 2050, gone: 2050, survived: 0, unreadable: 0 }),
        witnesses: Some(Witnesses { read: 2048, blank: 12, changed: 2036, same: 0, unreadable: 0 }),
        expected: Some("00".into()),
        readback: Readback::Uniform,
        encryption: None,
        reached: vec!["/dev/nvme0n2".into()],
    });
    (record.hidden_areas, record.health) = (HiddenAreas::NONE, HealthBeforeAfter::default());
    let health = crate::media::Health {
        spare_percent: Some(98),
        media_errors: Some(0),
        power_on_hours: Some(12_345),
        failing: Some(false),
        ..crate::media::Health::default()
    };
    record.health = HealthBeforeAfter { before: Some(health), after: Some(health) };
    settled(record)
}

/// Files on a partition; one of them could not be verified.
pub fn files() -> Record {
    use crate::outcome::{
        Certainty, FileCounts, FilesEvidence, FilesManifest, FilesMapping, FilesStep, FilesSubject, Residue,
        ResidueKind,
    };
    const HELD: u64 = 20_480_000;
    let mut record = disk(5);
    record.scope = ScopeEntry { kind: ScopeKind::Files, path: "/dev/sdb2".into(), first_byte: 1 << 30, bytes: HELD };
    record.passes[0].bytes_written = HELD;
    let v = &mut record.verification;
    (v.asked, v.kind, v.bytes_planned, v.bytes_read) = (VerifyKind::Full, VerifyKind::Full, HELD, HELD);
    (v.seed, v.cells, v.cells_read) = (None, None, None);
    let mut found = FilesEvidence {
        subject: FilesSubject::Files,
        filesystem: "ext4".into(),
        mapping: FilesMapping::Fiemap,
        redirected: false,
        device_bytes: 400_000_000_000,
        count: 1204,
        bytes: 19_000_000,
        extents: 1310,
        extent_bytes: HELD,
        trimmed_bytes: 8192,
        verdicts: FileCounts { cleared_verified: 1203, overwritten_unverified: 1, ..FileCounts::default() },
        residue: Vec::new(),
        steps: vec![
            FilesStep::AttributesLifted { files: 2 },
            FilesStep::NamesReplaced { names: 1230 },
            FilesStep::JournalCheckpointed,
            FilesStep::Trimmed { bytes: 8192 },
        ],
        removed: 1210,
        links_removed: 0,
        directories_removed: 20,
        left: 1,
        kept: false,
        extents_digest: digest(b"extents"),
        manifest: Some(FilesManifest {
            file: format!("{}.files.jsonl", record.id),
            digest: digest(b"manifest"),
            lines: 1205,
        }),
        names: None,
    };
    let left = [(ResidueKind::Xattrs, Certainty::Certain, 3), (ResidueKind::Names, Certainty::Possible, 0)];
    left.into_iter().for_each(|(kind, certainty, files)| found.leave(Residue { kind, certainty, files }));
    let mut evidence = evidence(&record).unwrap();
    evidence.files = Some(Box::new(found));
    (record.files, record.residue) = (files_entry(&evidence), residue_entries(&evidence));
    settled(record)
}

pub fn of(record: &Record) -> Sample {
    Sample { json: canonical_bytes(record).unwrap(), annex: None }
}

fn person(name: &str, title: &str, authority: Option<&str>) -> Person {
    Person { name: name.into(), title: title.into(), authority: authority.map(String::from) }
}

/// A case of the fixtures, with names as people have them.
pub fn case() -> (crate::conformity::Case, crate::conformity::Evidence) {
    let (mut case, evidence) = fixture::complete();
    case.controller.name = "Aabenraa Kommune".into();
    case.controller.address = "Skelbækvej 2, 6200 Aabenraa".into();
    case.processor.name = "Ældre Udstyr ApS".into();
    case.processor.address = "Industrivej 14, 8700 Horsens".into();
    for (agreement, title) in [
        (&mut case.agreements.main, "Rammeaftale om drift af fagsystemer"),
        (&mut case.agreements.processing, "Databehandleraftale, bilag 1 til 3"),
    ] {
        let agreement = agreement.as_mut().unwrap();
        agreement.title = title.into();
        agreement.reference = Some("22/004711".into());
    }
    case.roles = Roles {
        operator: Some(person("Åse Bjørk Sørensen", "IT-tekniker", None)),
        verifier: Some(person("Östen Ångström", "kvalitetsansvarlig", None)),
        signatory: Some(person("Jørgen Ø. Æbelø", "direktør", Some("tegningsret, CVR"))),
        receiver: None,
    };
    (case, evidence)
}

/// The certificate of `case` with `records` attached; `split`: its annex is a file of its own.
pub fn certificate(
    case: crate::conformity::Case,
    evidence: &crate::conformity::Evidence,
    records: &[Record],
    split: bool,
) -> Sample {
    let conformity = derive(&case, evidence, fixture::TODAY);
    let attached = records.iter().enumerate().map(|(at, record)| {
        let json = canonical_bytes(record).unwrap();
        Attached {
            file: format!("M{}.json", at + 1),
            digest: digest(&json),
            json: Some(String::from_utf8(json).unwrap()),
            signature: None,
            annex: None,
            unusable: None,
        }
    });
    let annex = Annex {
        schema: Annex::SCHEMA.into(),
        id: "ab".repeat(16),
        case,
        conformity: conformity.clone(),
        trusted: TrustedKeys::default(),
        evidence: attached.collect(),
        documents: BTreeMap::from([
            ("instruction.pdf".to_string(), "1f".repeat(32)),
            ("notice.pdf".into(), "2e".repeat(32)),
        ]),
    };
    let bytes = canonical_bytes(&annex).unwrap();
    let document = (!split).then(|| Box::new(annex.clone()));
    let issue = Issue {
        id: annex.id.clone(),
        supersedes: None,
        tool: ToolEntry { name: "radera".into(), version: "0.1.0".into(), digest: digest(b"tool") },
        signer: crate::document::SignerEntry::of(digest(b"certificate")),
        as_of: fixture::TODAY,
        issued: "2026-11-20T10:15:00Z".into(),
        annex: AnnexEntry { digest: digest(&bytes), document },
    };
    let mut page = page(&annex, &conformity, issue);
    page.signer.kind = Some(SignerKind::Organisation);
    page.signer.name = Some("Ældre Udstyr ApS".into());
    Sample { json: canonical_bytes(&page).unwrap(), annex: split.then_some(bytes) }
}

pub fn complete() -> Sample {
    let (case, evidence) = case();
    certificate(case, &evidence, &[disk(1), drive()], false)
}

pub fn split() -> Sample {
    let (case, evidence) = case();
    certificate(case, &evidence, &[disk(1)], true)
}

/// Much of it is not borne out.
pub fn incomplete() -> Sample {
    let (mut case, mut evidence) = case();
    case.notice = None;
    case.archive = None;
    case.acceptances.clear();
    evidence.records.remove("M2.json");
    certificate(case, &evidence, &[bad_disk(4)], false)
}

pub fn repair() -> Sample {
    let (whole, evidence) = case();
    let mut case = fixture::empty(Profile::Repair);
    case.controller = whole.controller;
    case.processor = whole.processor;
    case.roles = whole.roles;
    case.instruction = whole.instruction;
    case.items = whole.items[..1].to_vec();
    case.items[0].systems.clear();
    case.items[0].location = None;
    case.repair = Some(Repair {
        device: "Dell Latitude 5430".into(),
        identification: "7XK2P93 / AAK-004711".into(),
        fault: "Skærmen blinker; tænder ikke på batteri".into(),
        repairer: "Nørrebro Computerværksted ApS".into(),
        confidentiality: Some(fixture::confirmation("2026-10-01", "confidentiality.pdf")),
        handed_over: Some(fixture::day("2026-10-06")),
        not_erased_because: None,
        medium_removed: Some(false),
        returned: Some(fixture::day("2026-10-20")),
        receipt: Some(fixture::document("receipt.pdf")),
    });
    certificate(case, &evidence, &[disk(1)], false)
}

/// A case of `count` media, each with its record.
pub fn many(count: u64) -> Sample {
    let (mut case, evidence) = case();
    let first = case.items[0].clone();
    let more = (0..count).map(|at| {
        let mut item = first.clone();
        item.id = format!("D{at:04}");
        item.serial = Some(format!("W761{at:04}"));
        item
    });
    case.items = more.collect();
    let one = disk(1);
    let records = (0..count).map(|at| {
        let mut record = one.clone();
        record.id = format!("{at:032x}");
        record.medium.serial = Some(format!("W761{at:04}"));
        record
    });
    let records: Vec<_> = records.collect();
    certificate(case, &evidence, &records, false)
}

/// Every sample, by name.
pub fn all() -> Vec<(&'static str, Sample)> {
    vec![
        ("record", of(&disk(1))),
        ("record-drive", of(&drive())),
        ("record-exceptions", of(&bad_disk(5))),
        ("record-stopped", of(&stopped())),
        ("record-files", of(&files())),
        ("certificate", complete()),
        ("certificate-incomplete", incomplete()),
        ("certificate-split", split()),
        ("certificate-repair", repair()),
    ]
}

pub const LANGUAGES: [Language; 3] = [Language::Da, Language::Sv, Language::En];
