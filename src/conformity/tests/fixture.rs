//! A contract case in which everything is borne out, with every outcome that counts and every acceptance in it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::conformity::*;

pub const CASE: &str = "00112233445566778899aabbccddeeff";
pub const TODAY: Date = date(2026, 11, 20);

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn document(file: &str) -> Document {
    Document { file: file.into(), sha256: None }
}

pub fn person(name: &str) -> Person {
    Person { name: name.into(), title: "t".into(), authority: None }
}

pub fn party(name: &str, number: &str) -> Party {
    Party { name: name.into(), address: "a".into(), country: "DK".into(), number: number.into() }
}

pub fn confirmation(date: &str, file: &str) -> Confirmation {
    Confirmation { date: day(date), by: person("p"), document: document(file) }
}

pub fn item(id: &str, kind: ItemKind, media: MediaType) -> Item {
    Item {
        id: id.into(),
        kind,
        also: Vec::new(),
        media,
        description: String::new(),
        serial: None,
        asset: None,
        systems: Vec::new(),
        location: None,
        categories: vec![Category::General],
        level: None,
        last_used: None,
        added: None,
        erased: None,
        logically_deleted: None,
        destroyed: None,
        handed_over: None,
        retained: None,
        pending: None,
        failed: None,
    }
}

/// An item with the serial number `S-<id>`, erased by `<id>.json`.
pub fn erased(id: &str, kind: ItemKind, media: MediaType) -> Item {
    Item {
        serial: Some(format!("S-{id}")),
        last_used: Some("2026-10-01".parse().unwrap()),
        erased: Some(Erased { records: vec![format!("{id}.json")] }),
        ..item(id, kind, media)
    }
}

pub fn destroyed(id: &str, kind: ItemKind, how: Destruction) -> Item {
    Item {
        destroyed: Some(Destroyed {
            date: day("2026-10-06"),
            how,
            by: "b".into(),
            witness: "w".into(),
            place: "p".into(),
            document: document("destruction.pdf"),
        }),
        ..item(id, kind, MediaType::MagneticDisk)
    }
}

/// The record of an item of [`erased`].
pub fn record(id: &str, level: Level) -> RecordFacts {
    RecordFacts {
        standing: Standing::Trusted("sha256:own".into()),
        digest: format!("sha256:record-{id}"),
        id: format!("record-{id}"),
        job: format!("job-{id}"),
        case: Some(CASE.into()),
        supersedes: None,
        end: RecordEnd::Sanitized,
        level,
        whole_medium: true,
        of_files: false,
        serial: Some(format!("S-{id}")),
        property: None,
        flash: Some(false),
        hidden_absent: true,
        method: level.clamp(Level::Clear, Level::Purge),
        technique: "overwrite".into(),
        tool: "radera".into(),
        version: "1.0".into(),
        operator: None,
        started: at("2026-10-05T08:00:00Z"),
        finished: at("2026-10-05T09:00:00Z"),
    }
}

pub fn approval() -> ToolApproval {
    use MediaType::*;
    ToolApproval {
        tool: "radera".into(),
        version: "1.0".into(),
        media: vec![MagneticDisk, Flash, Tape, Virtual],
        methods: vec![Level::Clear, Level::Purge],
        date: day("2026-08-22"),
        until: day("2026-12-31"),
        by: person("p"),
        document: document("approval.pdf"),
    }
}

pub fn acceptance(id: &str, what: Accepted, of: &str) -> Acceptance {
    Acceptance {
        id: id.into(),
        what,
        of: vec![of.into()],
        date: day("2026-11-02"),
        by: person("p"),
        document: document("acceptance.pdf"),
    }
}

pub fn certificate(number: &str) -> CertificateFacts {
    CertificateFacts {
        standing: Standing::Trusted("sha256:theirs".into()),
        digest: "sha256:certificate".into(),
        status: CaseStatus::Complete,
        profile: Profile::ContractEnd,
        case: "ffeeddccbbaa99887766554433221100".into(),
        number: number.into(),
        instruction: Some("digest-of-forwarded.pdf".into()),
        date: day("2026-10-20"),
    }
}

fn sub(id: &str, number: &str) -> SubProcessor {
    SubProcessor {
        id: id.into(),
        party: party(id, number),
        systems: Vec::new(),
        locations: Vec::new(),
        forwarded: Some(Forwarded { date: day("2026-08-21"), document: document("forwarded.pdf") }),
        certificate: None,
        declaration: None,
        statement: None,
    }
}

/// A case with nothing in it but what every profile has.
pub fn empty(profile: Profile) -> Case {
    Case {
        schema: Case::SCHEMA.into(),
        id: CASE.into(),
        profile,
        language: Language::Da,
        controller: party("Kommune", "11223344"),
        processor: party("Firma", "55667788"),
        agreements: Agreements::default(),
        notice: None,
        instruction: None,
        archive: None,
        tool_approvals: Vec::new(),
        levels: Default::default(),
        systems: Vec::new(),
        locations: Vec::new(),
        subprocessors: Vec::new(),
        items: Vec::new(),
        returns: Vec::new(),
        inventory: None,
        acceptances: Vec::new(),
        excluded: Vec::new(),
        keys: Vec::new(),
        unlisted: Vec::new(),
        roles: Roles::default(),
        validation: None,
        repair: None,
        disposal: None,
        assignment: None,
    }
}

/// The documents that any case here can name: all there.
pub fn documents() -> Evidence {
    let files = [
        "notice",
        "instruction",
        "archive",
        "approval",
        "inventory",
        "acceptance",
        "destruction",
        "receipt",
        "deletion",
        "forwarded",
        "declaration",
        "statement",
        "confidentiality",
        "guarantee",
        "kept",
        "contract",
        "decision",
    ];
    let documents = files.map(|name| (format!("{name}.pdf"), format!("digest-of-{name}.pdf")));
    Evidence { documents: documents.into(), ..Evidence::default() }
}

/// Everything borne out.
pub fn complete() -> (Case, Evidence) {
    use ItemKind::*;
    use MediaType::{Flash, MagneticDisk, Virtual};
    let mut case = empty(Profile::ContractEnd);
    let agreement = |title: &str| {
        let date = Some(day("2022-01-01"));
        Some(Agreement { title: title.into(), date, reference: None, document: Some(document("contract.pdf")) })
    };
    case.agreements = Agreements { main: agreement("m"), processing: agreement("d"), end: Some(day("2026-09-30")) };
    case.notice = Some(Notice {
        date: day("2026-08-15"),
        by: person("p"),
        choice: Choice::ReturnAndDelete,
        document: document("notice.pdf"),
    });
    case.instruction = Some(Instruction {
        reference: "I-1".into(),
        date: day("2026-08-20"),
        by: person("p"),
        choice: Choice::ReturnAndDelete,
        document: document("instruction.pdf"),
    });
    case.archive = Some(confirmation("2026-08-25", "archive.pdf"));
    case.tool_approvals = vec![approval()];
    let system = |id: &str, categories: &[Category]| System {
        id: id.into(),
        name: id.into(),
        environment: String::new(),
        categories: categories.to_vec(),
    };
    case.systems =
        vec![system("SYS", &[Category::General, Category::NationalId]), system("SAAS", &[Category::Special])];
    let location = |id: &str| Location { id: id.into(), address: "a".into(), country: "DK".into() };
    case.locations = vec![location("HALL"), location("THERE")];

    let m1 = Item { systems: vec!["SYS".into()], location: Some("HALL".into()), ..erased("M1", Medium, MagneticDisk) };
    let m5 = Item {
        logically_deleted: Some(LogicallyDeleted {
            date: day("2026-10-07"),
            by: person("p"),
            how: "h".into(),
            document: document("deletion.pdf"),
        }),
        ..item("M5", SystemData, MediaType::Cloud)
    };
    let m4 = Item {
        retained: Some(Retained {
            what: "w".into(),
            act: "a".into(),
            section: "s".into(),
            until: day("2031-12-31"),
            responsible: person("p"),
        }),
        ..item("M4", Medium, MagneticDisk)
    };
    let m6 = Item {
        handed_over: Some(HandedOver { date: day("2026-10-08"), to: "t".into(), receipt: document("receipt.pdf") }),
        ..item("M6", Medium, MagneticDisk)
    };
    case.items = vec![
        m1,
        erased("M2", Medium, Flash),
        destroyed("M3", Medium, Destruction::Shredded),
        m4,
        m5,
        m6,
        erased("B1", Backup, MagneticDisk),
        erased("X1", UsbKey, Virtual),
        erased("X2", ExternalDisk, MagneticDisk),
        destroyed("X3", Portable, Destruction::Degaussed),
    ];
    let none = ItemKind::COPIES.into_iter().filter(|kind| case.items.iter().all(|item| item.kind != *kind)).collect();
    case.inventory = Some(Inventory {
        date: day("2026-11-01"),
        by: person("p"),
        document: document("inventory.pdf"),
        none,
        no_subprocessors: false,
    });
    case.returns = vec![Return {
        id: "R1".into(),
        date: day("2026-10-02"),
        what: "w".into(),
        sources: vec!["M1".into()],
        receipt: document("receipt.pdf"),
    }];
    case.subprocessors = vec![
        SubProcessor {
            certificate: Some("theirs.json".into()),
            systems: vec!["SAAS".into()],
            locations: vec!["THERE".into()],
            ..sub("H1", "DK-99887766")
        },
        SubProcessor { declaration: Some(confirmation("2026-10-15", "declaration.pdf")), ..sub("H2", "44332211") },
    ];
    case.acceptances = vec![
        acceptance("A1", Accepted::LogicalDeletion, "M5"),
        acceptance("A2", Accepted::Level, "X1"),
        acceptance("A3", Accepted::Exceptions, "X2"),
        acceptance("A4", Accepted::Degaussing, "X3"),
        acceptance("A5", Accepted::Declaration, "H2"),
    ];
    let mut evidence = documents();
    let x2 = RecordFacts { end: RecordEnd::WithExceptions, level: Level::Clear, ..record("X2", Level::Clear) };
    let records = [
        ("M1", record("M1", Level::Purge)),
        ("M2", RecordFacts { flash: Some(true), ..record("M2", Level::Clear) }),
        ("B1", record("B1", Level::Clear)),
        ("X1", record("X1", Level::Logical)),
        ("X2", x2),
    ];
    evidence.records = records.map(|(id, facts)| (format!("{id}.json"), facts)).into();
    evidence.certificates = [("theirs.json".to_string(), certificate("99887766DK").clone())].into();
    evidence.certificates.get_mut("theirs.json").unwrap().number = "DK99887766".into();
    (case, evidence)
}

/// Everything that is open, as `<row, item or sub-processor> <code>`.
pub fn open(found: &Conformity) -> BTreeSet<String> {
    let rows =
        found.rows.iter().flat_map(|row| row.reasons.iter().map(|r| format!("{} {}", row.row.name(), r.code.name())));
    let items = found.items.iter().flat_map(|i| i.reasons.iter().map(|r| format!("{} {}", i.item, r.code.name())));
    let subs = found
        .subprocessors
        .iter()
        .flat_map(|s| s.reasons.iter().map(|r| format!("{} {}", s.subprocessor, r.code.name())));
    rows.chain(items).chain(subs).collect()
}

pub fn row(found: &Conformity, row: RowId) -> &Entry {
    found.rows.iter().find(|entry| entry.row == row).unwrap()
}
