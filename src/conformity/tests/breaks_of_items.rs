//! What is taken from the items of a complete case and from their records.

use super::breaks::{Change, it, lose, rec};
use super::fixture::*;
use crate::conformity::*;

/// What is taken away, and all that opens.
pub const OF_ITEMS: &[(&str, Change, &[&str])] = &[
    // Outcomes.
    ("the outcome", |c, _| it(c, "M1").erased = None, &["12-f item-open", "M1 source-not-erased"]),
    ("the outcome of another", |c, _| it(c, "M2").erased = None, &["12-b item-open", "M2 item-missing"]),
    ("the outcome of a copy", |c, _| it(c, "B1").erased = None, &["12-f item-open", "B1 item-missing"]),
    (
        "two outcomes",
        |c, _| it(c, "M2").failed = Some(Failed { date: day("2026-10-05"), why: "w".into() }),
        &["12-b item-open", "M2 item-missing"],
    ),
    (
        "a failure",
        |c, _| {
            it(c, "M2").erased = None;
            it(c, "M2").failed = Some(Failed { date: day("2026-10-05"), why: "w".into() });
        },
        &["12-b item-open", "M2 item-failed"],
    ),
    (
        "a backup that waits",
        |c, _| {
            it(c, "B1").erased = None;
            it(c, "B1").pending = Some(Pending { until: TODAY, why: "w".into() });
        },
        &["12-f item-open", "B1 item-pending"],
    ),
    (
        "a backup that waited in vain",
        |c, _| {
            it(c, "B1").erased = None;
            it(c, "B1").pending = Some(Pending { until: day("2026-11-19"), why: "w".into() });
        },
        &["12-f item-open", "B1 item-pending-over"],
    ),
    // Records.
    (
        "the records",
        |c, _| it(c, "M2").erased.as_mut().unwrap().records.clear(),
        &["12-b item-open", "12-c item-open", "M2 no-record"],
    ),
    (
        "the record's file",
        |_, e| drop(e.records.remove("M2.json")),
        &["12-b item-open", "12-c item-open", "M2 record-absent"],
    ),
    (
        "the record's signature",
        |_, e| rec(e, "M2").standing = Standing::NotAuthentic("w".into()),
        &["12-b item-open", "12-c item-open", "M2 record-not-authentic"],
    ),
    (
        "the record itself",
        |_, e| rec(e, "M2").standing = Standing::Absent,
        &["12-b item-open", "12-c item-open", "M2 record-absent"],
    ),
    (
        "trust in the record",
        |_, e| rec(e, "M2").standing = Standing::Untrusted("f".into()),
        &["12-b item-open", "M2 record-untrusted"],
    ),
    (
        "the record's case",
        |_, e| rec(e, "M2").case = Some("ffeeddccbbaa99887766554433221100".into()),
        &["12-b item-open", "M2 record-foreign"],
    ),
    ("any case in it", |_, e| rec(e, "M2").case = None, &["12-b item-open", "M2 record-foreign"]),
    (
        "the medium in it",
        |_, e| rec(e, "M2").serial = Some("S-9".into()),
        &["12-b item-open", "M2 record-other-medium"],
    ),
    ("any medium in it", |_, e| rec(e, "M2").serial = None, &["12-b item-open", "M2 record-unidentified"]),
    ("the serial of the item", |c, _| it(c, "M2").serial = None, &["12-b item-open", "M2 record-unidentified"]),
    ("a blank serial", |c, _| it(c, "M2").serial = Some(" ".into()), &["12-b item-open", "M2 record-unidentified"]),
    (
        "the same serial, but another property number",
        |c, e| {
            it(c, "M2").asset = Some("1".into());
            rec(e, "M2").property = Some("2".into());
        },
        &["12-b item-open", "M2 record-other-medium"],
    ),
    (
        "all but the files",
        |_, e| (rec(e, "M2").whole_medium, rec(e, "M2").of_files) = (false, true),
        &["12-b item-open", "M2 record-of-files"],
    ),
    ("the rest of the medium", |_, e| rec(e, "M2").whole_medium = false, &["12-b item-open", "M2 record-of-part"]),
    ("success", |_, e| rec(e, "M2").end = RecordEnd::Other, &["12-b item-open", "M2 record-not-sanitized"]),
    ("some blocks", |_, e| rec(e, "M2").end = RecordEnd::WithExceptions, &["12-b item-open", "M2 record-exceptions"]),
    ("its level", |_, e| rec(e, "M2").level = Level::Logical, &["12-b item-open", "M2 level-too-low"]),
    ("purge", |_, e| rec(e, "M1").level = Level::Clear, &["12-b item-open", "M1 level-too-low"]),
    (
        "a higher category",
        |c, _| it(c, "M2").categories.push(Category::Criminal),
        &["12-b item-open", "M2 level-too-low"],
    ),
    ("any category", |c, _| it(c, "M2").categories.clear(), &["12-b item-open", "M2 level-too-low"]),
    (
        "a higher level of its own",
        |c, _| it(c, "M2").level = Some(Level::Purge),
        &["12-b item-open", "M2 level-too-low"],
    ),
    (
        "a category that needs more than its floor",
        |c, _| {
            c.levels.insert(Category::Special, Level::Destroy);
        },
        &[],
    ),
    (
        "a category whose floor is talked down",
        |c, e| {
            c.levels.insert(Category::NationalId, Level::Logical);
            rec(e, "M1").level = Level::Clear;
        },
        &["12-b item-open", "M1 level-too-low"],
    ),
    (
        "the time since",
        |_, e| rec(e, "M2").started = at("2026-10-01T23:59:59Z"),
        &["12-b item-open", "M2 record-too-old"],
    ),
    ("the last use", |c, _| it(c, "M2").last_used = None, &["12-b item-open", "M2 last-use-unknown"]),
    (
        "a later use",
        |c, _| it(c, "M2").last_used = Some("2026-10-05T08:00:01Z".parse().unwrap()),
        &["12-b item-open", "M2 record-too-old"],
    ),
    (
        "the order of instruction and erasure",
        |c, e| {
            rec(e, "M2").started = at("2026-08-19T23:00:00Z");
            it(c, "M2").last_used = Some("2026-08-01".parse().unwrap());
        },
        &["12-b item-open", "12-c tool-approval-not-valid", "M2 archive-too-late", "M2 before-instruction"],
    ),
    (
        "the order of receipt and erasure",
        |c, _| c.returns[0].date = day("2026-10-06"),
        &["12-b item-open", "M1 erased-before-receipt"],
    ),
    (
        "the order of archive and erasure",
        |c, _| {
            c.archive.as_mut().unwrap().date = day("2026-10-06");
            // What happened on that day or later stays.
            c.acceptances.push(acceptance("A9", Accepted::Archive, "M1"));
            for id in ["B1", "X1", "X2"] {
                c.acceptances.push(acceptance("A9", Accepted::Archive, id));
            }
        },
        &["12-b item-open", "M2 archive-too-late"],
    ),
    (
        "a record of tomorrow",
        |_, e| rec(e, "M2").finished = at("2026-11-21T00:00:00Z"),
        &["12-b item-open", "M2 date-ahead"],
    ),
    (
        "a later failure of the same medium",
        |c, e| {
            let later = RecordFacts {
                digest: "sha256:l".into(),
                job: "l".into(),
                end: RecordEnd::Other,
                finished: at("2026-10-06T00:00:00Z"),
                ..rec(e, "M2").clone()
            };
            e.records.insert("later.json".into(), later);
            it(c, "M2").erased.as_mut().unwrap().records.push("later.json".into());
        },
        &["12-b item-open", "M2 record-not-sanitized"],
    ),
    (
        "a later failure that the item leaves out",
        |_, e| {
            let later = RecordFacts {
                digest: "sha256:l".into(),
                job: "l".into(),
                finished: at("2026-10-06T00:00:00Z"),
                ..rec(e, "M2").clone()
            };
            e.records.insert("later.json".into(), later);
        },
        &["12-b item-open", "M2 record-replaced"],
    ),
    (
        "a later failure of a medium without a serial number",
        |c, e| {
            it(c, "M2").serial = None;
            it(c, "M2").asset = Some("A".into());
            (rec(e, "M2").serial, rec(e, "M2").property) = (None, Some("A".into()));
            let later = RecordFacts {
                digest: "sha256:l".into(),
                job: "l".into(),
                finished: at("2026-10-06T00:00:00Z"),
                ..rec(e, "M2").clone()
            };
            e.records.insert("later.json".into(), later);
        },
        &["12-b item-open", "M2 record-replaced"],
    ),
    (
        "a record that replaces it within the second",
        |_, e| {
            let later = RecordFacts {
                digest: "sha256:l".into(),
                serial: None,
                supersedes: Some("sha256:record-M2".into()),
                ..rec(e, "M2").clone()
            };
            e.records.insert("later.json".into(), later);
        },
        &["12-b item-open", "M2 record-replaced"],
    ),
    (
        "one record for two",
        |c, _| {
            let serial = it(c, "M2").serial.clone();
            it(c, "B1").serial = serial;
            it(c, "B1").erased.as_mut().unwrap().records = vec!["M2.json".into()];
        },
        &["12-b item-open", "12-f item-open", "M2 record-used-twice", "B1 media-differs", "B1 record-used-twice"],
    ),
    (
        "two records of one job for two",
        |_, e| {
            let job = rec(e, "M2").job.clone();
            rec(e, "B1").job = job;
        },
        &["12-b item-open", "12-f item-open", "M2 record-used-twice", "B1 record-used-twice"],
    ),
    ("the kind of medium", |c, _| it(c, "M2").media = MediaType::MagneticDisk, &["12-b item-open", "M2 media-differs"]),
    (
        "the method, where exceptions were accepted",
        |c, _| it(c, "X2").categories.push(Category::Special),
        &["12-f item-open", "X2 level-too-low"],
    ),
    (
        "what a system holds",
        |c, _| {
            let unknown = System { categories: Vec::new(), ..c.systems[0].clone() };
            c.systems.push(System { id: "NEW".into(), ..unknown });
            it(c, "M2").systems.push("NEW".into());
        },
        &["12-b item-open", "M2 level-too-low"],
    ),
    // Acceptances.
    (
        "that logical deletion is accepted",
        |c, _| drop(c.acceptances.remove(0)),
        &["12-b item-open", "M5 logical-not-accepted"],
    ),
    ("that the level is accepted", |c, _| drop(c.acceptances.remove(1)), &["12-f item-open", "X1 level-too-low"]),
    ("that exceptions are accepted", |c, _| drop(c.acceptances.remove(2)), &["12-f item-open", "X2 record-exceptions"]),
    (
        "that degaussing is accepted",
        |c, _| drop(c.acceptances.remove(3)),
        &["12-d item-open", "12-f item-open", "X3 degaussing-not-accepted"],
    ),
    (
        "that a declaration is accepted",
        |c, _| drop(c.acceptances.remove(4)),
        &["12-h subprocessor-open", "H2 declaration-not-accepted"],
    ),
    (
        "an acceptance of another thing",
        |c, _| c.acceptances[1].what = Accepted::Exceptions,
        &["12-f item-open", "X1 level-too-low"],
    ),
    (
        "an acceptance of another item",
        |c, _| c.acceptances[1].of = vec!["X2".into()],
        &["12-f item-open", "X1 level-too-low"],
    ),
    (
        "an acceptance by nobody",
        |c, _| c.acceptances[1].by.name.clear(),
        &["12-f item-open", "X1 acceptance-void", "X1 level-too-low", "X1 person-missing"],
    ),
    (
        "an acceptance of tomorrow",
        |c, _| c.acceptances[1].date = day("2026-11-21"),
        &["12-f item-open", "X1 acceptance-void", "X1 date-ahead", "X1 level-too-low"],
    ),
    (
        "a void acceptance beside one that holds",
        |c, _| {
            let nobody = Acceptance { by: person(""), ..c.acceptances[1].clone() };
            c.acceptances.insert(0, nobody);
        },
        &[],
    ),
    (
        "the order of instruction and destruction, accepted",
        |c, _| {
            it(c, "M3").destroyed.as_mut().unwrap().date = day("2026-08-19");
            c.acceptances.push(acceptance("A8", Accepted::Instruction, "M3"));
            c.acceptances.push(acceptance("A9", Accepted::Archive, "M3"));
        },
        &[],
    ),
    // Deleted, destroyed, handed over, retained.
    (
        "who deleted",
        |c, _| it(c, "M5").logically_deleted.as_mut().unwrap().by.name.clear(),
        &["12-b item-open", "M5 person-missing"],
    ),
    ("what shows it", |_, e| lose(e, "deletion"), &["12-b item-open", "M5 document-missing"]),
    (
        "its day",
        |c, _| it(c, "M5").logically_deleted.as_mut().unwrap().date = day("2026-08-19"),
        &["12-b item-open", "M5 archive-too-late", "M5 before-instruction"],
    ),
    (
        "a day ahead",
        |c, _| it(c, "M5").logically_deleted.as_mut().unwrap().date = day("2026-11-21"),
        &["12-b item-open", "M5 date-ahead"],
    ),
    (
        "what was deleted was used since",
        |c, _| it(c, "M5").last_used = Some("2026-10-08".parse().unwrap()),
        &["12-b item-open", "M5 gone-before-last-use"],
    ),
    (
        "what was destroyed was used since",
        |c, _| it(c, "M3").last_used = Some("2026-10-07T00:00:00Z".parse().unwrap()),
        &["12-b item-open", "12-d item-open", "M3 gone-before-last-use"],
    ),
    (
        "what was handed over was used since",
        |c, _| it(c, "M6").last_used = Some("2026-10-09".parse().unwrap()),
        &["12-b item-open", "M6 gone-before-last-use"],
    ),
    ("nothing by a use on the same day", |c, _| it(c, "M3").last_used = Some("2026-10-06".parse().unwrap()), &[]),
    (
        "who destroyed",
        |c, _| it(c, "M3").destroyed.as_mut().unwrap().by.clear(),
        &["12-b item-open", "12-d item-open", "M3 destruction-incomplete"],
    ),
    (
        "who saw it",
        |c, _| it(c, "M3").destroyed.as_mut().unwrap().witness.clear(),
        &["12-b item-open", "12-d item-open", "M3 destruction-incomplete"],
    ),
    (
        "where",
        |c, _| it(c, "M3").destroyed.as_mut().unwrap().place.clear(),
        &["12-b item-open", "12-d item-open", "M3 destruction-incomplete"],
    ),
    (
        "the destroyer's document",
        |_, e| lose(e, "destruction"),
        &["12-b item-open", "12-d item-open", "12-f item-open", "M3 document-missing", "X3 document-missing"],
    ),
    (
        "degaussed flash",
        |c, _| it(c, "X3").media = MediaType::Flash,
        &["12-d item-open", "12-f item-open", "X3 flash-degaussed"],
    ),
    (
        "degaussed paper",
        |c, _| it(c, "X3").media = MediaType::Paper,
        &["12-d item-open", "12-f item-open", "X3 not-magnetic"],
    ),
    (
        "destroyed before the instruction",
        |c, _| it(c, "M3").destroyed.as_mut().unwrap().date = day("2026-08-19"),
        &["12-b item-open", "12-d item-open", "M3 archive-too-late", "M3 before-instruction"],
    ),
    ("to whom", |c, _| it(c, "M6").handed_over.as_mut().unwrap().to.clear(), &["12-b item-open", "M6 person-missing"]),
    (
        "handed over tomorrow",
        |c, _| it(c, "M6").handed_over.as_mut().unwrap().date = day("2026-11-21"),
        &["12-b item-open", "M6 date-ahead"],
    ),
    (
        "handed over too early",
        |c, _| it(c, "M6").handed_over.as_mut().unwrap().date = day("2026-08-19"),
        &["12-b item-open", "M6 before-instruction"],
    ),
    (
        "what is kept",
        |c, _| it(c, "M4").retained.as_mut().unwrap().what.clear(),
        &["12-b item-open", "12-g item-open", "M4 retention-incomplete"],
    ),
    (
        "the act",
        |c, _| it(c, "M4").retained.as_mut().unwrap().act.clear(),
        &["12-b item-open", "12-g item-open", "M4 retention-incomplete"],
    ),
    (
        "the section",
        |c, _| it(c, "M4").retained.as_mut().unwrap().section.clear(),
        &["12-b item-open", "12-g item-open", "M4 retention-incomplete"],
    ),
    (
        "who answers",
        |c, _| it(c, "M4").retained.as_mut().unwrap().responsible.name.clear(),
        &["12-b item-open", "12-g item-open", "M4 retention-incomplete"],
    ),
    (
        "the time",
        |c, _| it(c, "M4").retained.as_mut().unwrap().until = day("2026-11-19"),
        &["12-b item-open", "12-g item-open", "M4 retention-over"],
    ),
];
