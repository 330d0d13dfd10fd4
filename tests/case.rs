//! A contract's end, from the first wipe to the deletion certificate, over real loop devices: what is missing is named row by row, and
//! the case is complete when the last gap is closed and no earlier.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;
#[path = "case/texts.rs"]
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use support::disk::{Image, Loop, Scratch, partition_table};
use support::faulty::{Faults, FaultyDisk};
use support::radera::{Ended, Radera};
use support::{MIB, run, sha256_of};
use texts::{PAPERS, SIX, UNDER, head};

const SIZE: u64 = 4 * MIB;
const CASE: &str = "0123456789abcdef0123456789abcdef";

/// A station whose records lie beside its case.
struct Office {
    radera: Radera,
    scratch: Scratch,
    case: PathBuf,
}

impl Office {
    fn new() -> Self {
        let scratch = Scratch::with_room(64);
        let radera = Radera::in_scratch(&scratch);
        let case = radera.out.join("case.toml");
        for (name, text) in PAPERS {
            fs::write(radera.out.join(name), text).unwrap();
        }
        Office { radera, scratch, case }
    }

    fn case(&self) -> &str {
        self.case.to_str().unwrap()
    }

    fn loop_device(&self, name: &str) -> Loop {
        Loop::attach(Image::filled(self.scratch.join(name), SIZE).path())
    }

    fn wipe(&self, node: &str, property: &str, code: i32) -> String {
        self.wipe_for(self.case(), node, property, code)
    }

    /// Wipes for a case; the record's file name.
    fn wipe_for(&self, case: &str, node: &str, property: &str, code: i32) -> String {
        let wiped = self.radera.wipe(&[node], &["--case", case, "--property", property]);
        assert_eq!(wiped.code(), code, "{wiped:?}");
        wiped.record().path.file_name().unwrap().to_str().unwrap().into()
    }

    /// Changes the case file as a person with an editor would.
    fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(&self.case).unwrap();
        assert!(text.contains(from), "{from} is not in the case:\n{text}");
        fs::write(&self.case, text.replace(from, to)).unwrap();
    }

    fn check(&self) -> Table {
        Table::read(&self.radera.run(&["case", "check", self.case()]))
    }
}

/// What `case check --json` says.
#[derive(Debug)]
struct Table {
    code: i32,
    status: String,
    rows: BTreeMap<String, String>,
    open: BTreeSet<String>,
}

impl Table {
    fn read(ended: &Ended) -> Self {
        let lines = ended.lines();
        let [value] = lines.as_slice() else { panic!("not one object: {ended:?}") };
        let found = value;
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text in {value}")).to_string();
        let list = |value: &Value| value.as_array().unwrap().clone();
        let mut open = BTreeSet::new();
        for (all, id) in [("items", "item"), ("subprocessors", "subprocessor")] {
            for one in list(&found[all]) {
                open.extend(list(&one["reasons"]).iter().map(|r| format!("{} {}", text(&one[id]), text(&r["code"]))));
            }
        }
        let rows = list(&found["rows"]);
        for row in &rows {
            let own = |reason: &Value| !["item-open", "subprocessor-open"].contains(&text(&reason["code"]).as_str());
            let reasons = list(&row["reasons"]);
            open.extend(
                reasons.iter().filter(|r| own(r)).map(|r| format!("{} {}", text(&row["row"]), text(&r["code"]))),
            );
        }
        Table {
            code: ended.code(),
            status: text(&found["status"]),
            rows: rows.iter().map(|row| (text(&row["row"]), text(&row["result"]))).collect(),
            open,
        }
    }

    fn expect(&self, rows: &[(&str, &str)], open: &[&str]) {
        let expected: BTreeSet<String> = open.iter().map(|o| o.to_string()).collect();
        assert_eq!(self.open, expected, "{self:#?}");
        for (row, result) in &self.rows {
            let wanted = rows.iter().find(|(name, _)| name == row).map_or("fulfilled", |(_, result)| result);
            assert_eq!(result, wanted, "{row}: {self:#?}");
        }
        let complete = expected.is_empty();
        assert_eq!((self.status.as_str(), self.code), if complete { ("complete", 0) } else { ("incomplete", 4) });
    }
}

/// Closes the sub-processor's case at its own station; the certificate, and the fingerprint of its key.
fn sub_processor(scratch: &Scratch) -> (PathBuf, String) {
    let radera = Radera::named(scratch, "under");
    for (name, text) in PAPERS {
        fs::write(radera.out.join(name), text).unwrap();
    }
    let case = radera.out.join("case.toml");
    let head = head("Under ApS", "10150817", "videresendt.txt")
        .replace(CASE, &"f".repeat(32))
        .replace("return-and-delete", "delete");
    fs::write(&case, head + UNDER).unwrap();
    let out = radera.out.to_str().unwrap();
    let closed = radera.run(&["case", "close", case.to_str().unwrap(), "--out", out]);
    assert_eq!(closed.code(), 0, "{closed:?}");
    (certificate(&closed), radera.signing_certificate().0)
}

/// The certificate that `case close` says it issued.
fn certificate(closed: &Ended) -> PathBuf {
    closed.find("certificate").unwrap_or_else(|| panic!("no certificate: {closed:?}")).into()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

#[test]
fn a_contract_ends_and_the_case_is_complete_at_the_last_gap_and_no_earlier() {
    needs_root!();
    let office = Office::new();
    let (theirs, their_key) = sub_processor(&office.scratch);
    let of = |name: &str| office.radera.out.join(name);
    fs::copy(&theirs, of("under.json")).unwrap();
    fs::copy(beside(&theirs, ".p7s"), of("under.json.p7s")).unwrap();
    fs::write(&office.case, head("Leverandøren", "24256790", "instruks.txt") + SIX).unwrap();
    let text = fs::read_to_string(&office.case).unwrap();

    // One fails its verification, one is wiped in part, one for another case, one as it should be.
    let faulty = FaultyDisk::make(&office.scratch, "faulty", SIZE, Faults::default());
    let drops = std::iter::once(MIB..MIB + 512).collect();
    faulty.set_faults(Faults { drops, ..Faults::default() });
    office.wipe(faulty.node(), "P-1", 5);
    let parted = Image::filled(office.scratch.join("m5"), SIZE);
    let disk = Loop::with(parted.path(), &["-P"]);
    partition_table(&disk, "2048,4096\n");
    office.wipe(disk.partition(1).to_str().unwrap(), "P-5", 0);
    let other = of("other.toml");
    fs::write(&other, text.replace(CASE, &"e".repeat(32))).unwrap();
    let (m6, b1) = (office.loop_device("m6"), office.loop_device("b1"));
    let foreign = office.wipe_for(other.to_str().unwrap(), m6.name(), "P-6", 0);
    office.wipe(b1.name(), "P-7", 0);
    office.edit("asset = \"P-6\"\n", &format!("asset = \"P-6\"\nerased = {{ records = [\"{foreign}\"] }}\n"));

    let b = "12-b";
    let (open_b, open_f, open_h) = ((b, "not-fulfilled"), ("12-f", "not-fulfilled"), ("12-h", "not-fulfilled"));
    let subs =
        ["U1 certificate-untrusted", "U2 declaration-not-accepted", "U3 not-forwarded", "U3 subprocessor-nothing"];
    let copies = ["M2 source-not-erased", "B2 item-pending"];
    let m1 = "M1 record-not-sanitized";
    let all =
        |more: &[&'static str]| -> Vec<&'static str> { more.iter().chain(&subs).chain(&copies).copied().collect() };
    let rows = [open_b, open_f, open_h];
    office.check().expect(&rows, &all(&[m1, "M5 record-of-part", "M6 record-foreign"]));

    // The text that a person wrote is still there, comments and all.
    let now = fs::read_to_string(&office.case).unwrap();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        assert!(now.contains(line.trim_end()), "lost: {line}");
    }
    // An incomplete certificate can be issued, and says so.
    let out = office.radera.out.to_str().unwrap();
    let first = office.radera.run(&["case", "close", office.case(), "--out", out]);
    assert_eq!(first.code(), 4, "{first:?}");
    let first = certificate(&first);
    assert_eq!(office.radera.check(&first, &[]).code(), 0);
    assert_eq!(office.radera.check(&first, &["--require", "complete"]).code(), 7);

    // Gap by gap.
    let whole = office.loop_device("m1-again");
    office.wipe(whole.name(), "P-1", 0);
    office.check().expect(&rows, &all(&["M5 record-of-part", "M6 record-foreign"]));
    office.wipe(disk.name(), "P-5", 0);
    office.check().expect(&rows, &all(&["M6 record-foreign"]));
    office.edit(&format!("\"{foreign}\""), "");
    office.check().expect(&[open_b, open_f, open_h, ("12-c", "not-fulfilled")], &all(&["M6 no-record"]));
    office.wipe(m6.name(), "P-6", 0);
    office.check().expect(&[open_f, open_h], &all(&[]));
    let m2 = office.loop_device("m2");
    office.wipe(m2.name(), "P-2", 0);
    let left: Vec<&str> = subs.iter().copied().chain(["B2 item-pending"]).collect();
    office.check().expect(&[("12-f", "pending"), open_h], &left);
    office.edit("pending = { until = 2099-12-31, why = \"immutable\" }\n", "");
    let b2 = office.loop_device("b2");
    office.wipe(b2.name(), "P-8", 0);
    office.check().expect(&[open_h], &subs);
    let key = format!(
        "\n[[keys]]\nfingerprint = \"{their_key}\"\nholder = \"U1\"\ndocument = {{ file = \"noegler.txt\" }}\n"
    );
    office.edit("\n[[subprocessors]]\nid = \"U1\"", &format!("{key}\n[[subprocessors]]\nid = \"U1\""));
    office.check().expect(&[open_h], &subs[1..]);
    let accepted = "\n[[acceptances]]\nid = \"A2\"\nwhat = \"declaration\"\nof = [\"U2\", \"U3\"]\ndate = 2024-06-02\n\
        by = { name = \"K. Ommune\" }\ndocument = { file = \"accept.txt\" }\n";
    office.edit("\n[[keys]]", &format!("{accepted}\n[[keys]]"));
    office.check().expect(&[open_h], &subs[2..]);
    let forwarded = "forwarded = { date = 2024-03-03, document = { file = \"videresendt.txt\" } }\n";
    let third = "number = \"20342781\" }\n";
    office.edit(third, &format!("{third}{forwarded}"));
    office.check().expect(&[open_h], &subs[3..]);
    let second = office.radera.run(&["case", "close", office.case(), "--out", out]);
    assert_eq!(second.code(), 4, "one gap is left: {second:?}");
    let declared = "declaration = { date = 2024-05-01, by = { name = \"P. Rint\" }, document = { file = \"underleverandoer.txt\" } }\n";
    office.edit(&format!("{third}{forwarded}"), &format!("{third}{forwarded}{declared}"));
    office.check().expect(&[], &[]);

    let closed =
        office.radera.run(&["case", "close", office.case(), "--out", out, "--supersede", first.to_str().unwrap()]);
    assert_eq!(closed.code(), 0, "{closed:?}");
    let last = certificate(&closed);
    let signed: Value = serde_json::from_slice(&fs::read(&last).unwrap()).unwrap();
    assert_eq!(signed["supersedes"].as_str().unwrap(), sha256_of(&first));
    assert_eq!(signed["status"], "complete");
    let rows: Vec<_> =
        signed["conformity"].as_array().unwrap().iter().map(|row| row["row"].as_str().unwrap()).collect();
    assert_eq!(rows, ["12-a", "12-b", "12-c", "12-d", "12-e", "12-f", "12-g", "12-h"]);
    let trusted = ["--trust", &their_key, "--require", "complete", "--require", "trusted"];
    assert_eq!(office.radera.check(&last, &trusted).code(), 0);
    // The receiver, with another key of its own, trusts both or it does not count.
    let receiver = Radera::named(&office.scratch, "receiver");
    let (own, pem) = office.radera.signing_certificate();
    assert_eq!(receiver.check(&last, &["--trust", &own]).code(), 8);
    assert_eq!(receiver.check(&last, &["--trust", &own, "--trust", &their_key]).code(), 0);
    // And anybody, with openssl.
    let verified = run(
        "openssl",
        &[
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-purpose",
            "any",
            "-out",
            "/dev/null",
            "-in",
            beside(&last, ".p7s").to_str().unwrap(),
            "-content",
            last.to_str().unwrap(),
            "-CAfile",
            pem.to_str().unwrap(),
        ],
    );
    assert_eq!(verified, "");
}

#[test]
fn a_wipe_for_a_case_carries_its_instruction_and_touches_nothing_that_the_case_keeps() {
    needs_root!();
    let office = Office::new();
    fs::write(&office.case, head("Leverandøren", "24256790", "instruks.txt") + SIX).unwrap();
    let before = fs::read(&office.case).unwrap();
    let image = Image::filled(office.scratch.join("kept"), SIZE);
    let kept = Loop::attach(image.path());
    let digest = image.digest();

    let refused = office.radera.wipe(&[kept.name()], &["--case", office.case(), "--property", "P-4"]);
    assert_eq!(refused.code(), 3, "{refused:?}");
    assert!(refused.said().contains("Bogføringsloven"), "{refused:?}");
    // No instruction, no erasure; records that the case could not name, no erasure.
    let without = office.radera.out.join("without.toml");
    let text = fs::read_to_string(&office.case).unwrap().replace("instruks.txt", "mangler.txt");
    fs::write(&without, text).unwrap();
    let refused = office.radera.wipe(&[kept.name()], &["--case", without.to_str().unwrap(), "--property", "P-1"]);
    assert_eq!(refused.code(), 3, "{refused:?}");
    let elsewhere = Radera { state: office.radera.state.clone(), out: office.scratch.directory("elsewhere") };
    let refused = elsewhere.wipe(&[kept.name()], &["--case", office.case(), "--property", "P-1"]);
    assert_eq!(refused.code(), 1, "{refused:?}");
    assert_eq!((image.digest(), fs::read(&office.case).unwrap()), (digest, before));

    // A medium on no list is erased where it is confirmed, and shows.
    let file = office.wipe(kept.name(), "P-99", 0);
    let record: Value = serde_json::from_slice(&fs::read(office.radera.out.join(&file)).unwrap()).unwrap();
    assert_eq!((record["case"].as_str(), record["instruction"].as_str()), (Some(CASE), Some("I-1")));
    assert!(office.check().open.contains("12-b unlisted-medium"));
}

#[test]
fn a_resumed_wipe_stands_in_the_case_as_well() {
    needs_root!();
    let office = Office::new();
    fs::write(&office.case, head("Leverandøren", "24256790", "instruks.txt") + SIX).unwrap();
    let disk = office.loop_device("b1");
    let mut running =
        office.radera.start_wipe(disk.name(), &["--case", office.case(), "--property", "P-7", "--max-rate", "2M"]);
    running.wait_for_progress(MIB);
    running.signal("INT");
    let stopped = running.wait();
    assert_eq!(stopped.code(), 6, "{stopped:?}");
    assert!(office.check().open.contains("B1 record-not-sanitized"));
    let resumed = office.radera.run(&["resume", "--out", office.radera.out.to_str().unwrap(), "--max-rate", "1G"]);
    assert_eq!(resumed.code(), 0, "{resumed:?}");
    let open = office.check().open;
    assert!(!open.iter().any(|o| o.starts_with("B1")), "{open:?}");
    assert_eq!(resumed.record().text("/case"), CASE);
}

/// A repair, a disposal and the end of an assignment: the same stick, wiped for each.
#[test]
fn the_other_profiles_have_rows_of_their_own() {
    needs_root!();
    let item = r#"
[[items]]
id = "U1"
kind = "usb-key"
media = "virtual"
asset = "P-7"
categories = ["general"]
last_used = 2024-04-15

[[acceptances]]
id = "A1"
what = "level"
of = ["U1"]
date = 2024-06-02
by = { name = "K. Ommune" }
document = { file = "accept.txt" }
"#;
    let accepted = |file: &str, date: &str| {
        format!("{{ date = {date}, by = {{ name = \"P\" }}, document = {{ file = \"{file}\" }} }}")
    };
    let today = run("date", &["-u", "+%F"]);
    let profiles = [
        (
            "repair",
            format!(
                "[repair]\ndevice = \"pc\"\nidentification = \"P-7\"\nfault = \"no picture\"\nrepairer = \"Reparatør\"\n\
                 confidentiality = {}\nhanded_over = {today}\nmedium_removed = false\nreturned = {today}\n\
                 receipt = {{ file = \"kvittering.txt\" }}\n",
                accepted("accept.txt", &today)
            ),
            "repair-erasure",
        ),
        (
            "disposal",
            "[disposal]\nway = \"sold\"\nto = \"Køber\"\nlimb = \"guaranteed-erasure\"\nguarantor = { name = \"G\" }\n\
             guarantee = { file = \"erklaering.txt\" }\n"
                .into(),
            "disposal-media",
        ),
        (
            "assignment-end",
            format!(
                "[assignment]\nended = 2024-04-15\nnothing_kept = {}\napproval = {}\nconfidentiality = {}\n\
                 returned = [{{ what = \"pc\", kind = \"equipment\", date = 2024-04-16, receipt = {{ file = \"kvittering.txt\" }} }}]\n",
                accepted("erklaering.txt", "2024-04-16"),
                accepted("instruks.txt", "2024-04-16"),
                accepted("accept.txt", "2024-04-16")
            ),
            "assignment-copies",
        ),
    ];
    let office = Office::new();
    let stick = office.loop_device("stick");
    for (profile, section, erasure) in profiles {
        let parties = "controller = { name = \"Kommunen\", address = \"Egevangen\", country = \"DK\", number = \"29188335\" }\n\
            processor = { name = \"Firma\", address = \"Vejen\", country = \"DK\", number = \"24256790\" }\n";
        let text = format!(
            "schema = \"radera/case/1\"\nid = \"{CASE}\"\nprofile = \"{profile}\"\nlanguage = \"sv\"\n{parties}agreements = {{}}\n{section}{item}"
        );
        fs::write(&office.case, text).unwrap();
        let before = office.check();
        assert_eq!((before.status.as_str(), before.code), ("incomplete", 4), "{profile}: {before:?}");
        assert_eq!(before.rows[erasure], "not-fulfilled", "{profile}: {before:?}");
        office.wipe(stick.name(), "P-7", 0);
        let after = office.check();
        assert_eq!((after.status.as_str(), after.code), ("complete", 0), "{profile}: {after:#?}");
        let out = office.radera.out.to_str().unwrap();
        let closed = office.radera.run(&["case", "close", office.case(), "--out", out]);
        assert_eq!(closed.code(), 0, "{profile}: {closed:?}");
        assert_eq!(office.radera.check(&certificate(&closed), &["--require", "complete"]).code(), 0, "{profile}");
    }
}

#[test]
fn the_record_of_a_job_that_is_given_up_is_not_lost_on_its_case() {
    needs_root!();
    let office = Office::new();
    fs::write(&office.case, head("Leverandøren", "24256790", "instruks.txt") + SIX).unwrap();
    let disk = office.loop_device("b1");
    let more = ["--case", office.case(), "--property", "P-7", "--max-rate", "1M"];
    let mut running = office.radera.start_wipe(disk.name(), &more);
    running.wait_for_progress(MIB);
    running.signal("KILL");
    running.wait();
    let jobs = fs::read_dir(office.radera.state.join("jobs")).unwrap();
    let job =
        jobs.filter_map(|j| j.unwrap().path().file_stem().map(|s| s.to_str().unwrap().to_string())).next().unwrap();
    let out = office.radera.out.to_str().unwrap();
    let closed = office.radera.run(&["resume", "--give-up", &job, "--out", out]);
    assert_eq!(closed.code(), 5, "{closed:?}");
    assert!(closed.said().contains(CASE) && closed.said().contains("case add"), "{closed:?}");
}
