#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::*;
use crate::case::{AssetList, Column};
use crate::conformity::{Document, ItemKind, MediaType};
use crate::problem::Kind;

const RECORD: &[u8] = include_bytes!("../../../tests/fuzz/corpus/record/good-sanitized");
const ID: &str = "0123456789abcdef0123456789abcdef";

const CASE: &str = r#"# The case of the year.
schema = "radera/case/1"
id = "0123456789abcdef0123456789abcdef"
profile = "contract-end" # section 12
language = "da"

[controller]
name = "Norddjurs Kommune"

[processor] # us
[agreements]

# --- media
[[items]]
id = "disk"      # the big one
kind = "medium"
media = "magnetic-disk"
serial = "SN-1"
asset = "1001"
# level = "purge"

[[items]]
id = "stick"
kind = "usb-key"
media = "flash"
asset = "1002"
[items.erased] # twice
records = [
    "old.json", # the first
]

[[items]]
id = "lost"
kind = "backup"
media = "tape"
serial = "SN-3"
[items.pending]
until = 2027-01-01
why = "immutable"

# --- others
[[subprocessors]]
id = "host"
party = {}

# [validation]
# the end
"#;

struct Desk(TempDir);

impl Desk {
    fn new(case: &str) -> Self {
        let desk = Desk(tempfile::tempdir().unwrap());
        fs::write(desk.at("case.toml"), case).unwrap();
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.at("case.toml")).unwrap()
    }

    fn case(&self) -> Case {
        CaseFile::read(&self.at("case.toml")).unwrap().case
    }

    /// A record of a medium; its digest.
    fn record(&self, name: &str, change: impl Fn(&mut Json)) -> String {
        let mut json: Json = serde_json::from_slice(RECORD).unwrap();
        json["case"] = ID.into();
        json["property"] = Json::Null;
        change(&mut json);
        let bytes = crate::document::canonical_bytes(&json).unwrap();
        fs::write(self.at(name), &bytes).unwrap();
        fs::write(self.at(&format!("{name}.p7s")), "").unwrap();
        format!("sha256:{}", papers::sha256(&bytes))
    }

    fn of_serial(&self, name: &str, serial: &str) -> String {
        self.record(name, |json| json["medium"]["serial"] = serial.into())
    }

    fn add(&self, names: &[&str]) -> Result<Vec<Added>, Problem> {
        add_records(&self.at("case.toml"), &names.iter().map(|name| self.at(name)).collect::<Vec<_>>())
    }

    fn edited(&self, work: impl FnOnce(&mut Edit) -> Result<(), Problem>) -> Result<Vec<Added>, Problem> {
        let mut edit = Edit::open(&self.at("case.toml"))?;
        work(&mut edit)?;
        edit.finish()
    }

    /// A problem of this kind, of which the file knows nothing.
    fn refused(&self, kind: Kind, words: &str, result: Result<Vec<Added>, Problem>, before: &str) {
        let problem = result.unwrap_err();
        assert_eq!(problem.kind, kind, "{problem:?}");
        assert!(problem.what.contains(words) && !problem.todo.is_empty(), "{problem:?}");
        assert_eq!(self.text(), before);
    }

    fn list(&self, csv: &str, columns: &[&str], media: MediaType) -> Result<Vec<Added>, Problem> {
        let columns: Vec<Column> = columns.iter().map(|text| text.parse().unwrap()).collect();
        let list = AssetList::parse(csv.as_bytes(), "list.csv", &columns)?;
        self.edited(|edit| edit.assets(&list, Listed { kind: ItemKind::Medium, media, today: date(2026, 11, 22) }))
    }
}

/// The lines of `after` that are not lines of `before`; all lines of `before` must stand there, in order, but those in `gone`.
fn new_lines(before: &str, after: &str, gone: &[&str]) -> Vec<String> {
    let mut left = before.lines().filter(|line| !gone.contains(line)).peekable();
    let new = after.lines().filter(|line| left.next_if_eq(line).is_none()).map(Into::into).collect();
    assert_eq!(left.next(), None, "{after}");
    new
}

#[test]
fn records_go_to_the_item_with_their_serial_or_property_number_and_nothing_else_changes() {
    let desk = Desk::new(CASE);
    desk.of_serial("a.json", " SN-1 ");
    desk.record("b.json", |json| (json["medium"]["serial"], json["property"]) = (Json::Null, "1002".into()));
    desk.of_serial("c.json", "SN-9");
    let added = desk.add(&["a.json", "b.json", "c.json"]).unwrap();
    let told: Vec<_> = added.iter().map(|a| (a.name.as_str(), a.result, a.to.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("a.json", Change::Added, Some("disk")),
            ("b.json", Change::Added, Some("stick")),
            ("c.json", Change::Unlisted, None)
        ]
    );
    assert!(added[0].notes.is_empty() && added[2].notes[0].contains("no item"), "{added:?}");
    let new = new_lines(CASE, &desk.text(), &[]);
    assert_eq!(new, ["unlisted = [\"c.json\"]", "erased.records = [\"a.json\"]", "    \"b.json\","]);
    let case = desk.case();
    assert_eq!(case.items[0].erased.as_ref().unwrap().records, ["a.json"]);
    assert_eq!(case.items[1].erased.as_ref().unwrap().records, ["old.json", "b.json"]);
    assert_eq!(case.unlisted, ["c.json"]);

    let before = desk.text();
    let again = desk.add(&["a.json", "b.json", "c.json", "a.json"]).unwrap();
    assert!(again.iter().all(|a| a.result == Change::AlreadyThere), "{again:?}");
    assert_eq!(desk.text(), before);
    // A key that a person adds below still belongs to the item.
    fs::write(desk.at("case.toml"), desk.text().replace("# level =", "level =")).unwrap();
    assert!(desk.case().items[0].level.is_some());
}

#[test]
fn numbers_that_gainsay_each_other_do_not_tie() {
    let desk = Desk::new(CASE);
    desk.record("a.json", |json| (json["medium"]["serial"], json["property"]) = ("SN-9".into(), "1001".into()));
    desk.record("b.json", |json| (json["medium"]["serial"], json["property"]) = ("SN-1".into(), "1002".into()));
    let added = desk.add(&["a.json", "b.json"]).unwrap();
    assert_eq!(added[0].result, Change::Unlisted);
    assert!(added[0].notes[0].contains("property number is that of the item \"disk\""), "{added:?}");
    assert_eq!(added[1].to.as_deref(), Some("disk"));
    assert!(added[1].notes[0].contains("will not count"), "{added:?}");
    let before = desk.text();
    let to = |item: &'static str| desk.edited(|edit| edit.records(&[desk.at("a.json")], Some(item)));
    desk.refused(Kind::Refused, "serial number \"SN-9\"", to("disk"), &before);
    desk.refused(Kind::Error, "no item with the id \"none\"", to("none"), &before);
    let to = |item: &'static str| desk.edited(|edit| edit.records(&[desk.at("b.json")], Some(item)));
    desk.refused(Kind::Refused, "already", to("stick"), &before);
    let twice = CASE.replace("asset = \"1001\"", "asset = \"1002\"").replace("serial = \"SN-1\"\n", "");
    let desk = Desk::new(&twice);
    desk.record("a.json", |json| (json["medium"]["serial"], json["property"]) = ("S".into(), "1002".into()));
    desk.refused(Kind::Refused, "several items", desk.add(&["a.json"]), &twice);
    let added = desk.edited(|edit| edit.records(&[desk.at("a.json")], Some("disk"))).unwrap();
    assert_eq!(added[0].to.as_deref(), Some("disk"));
}

#[test]
fn a_record_that_was_unlisted_moves_to_the_item_that_was_listed_since() {
    let desk = Desk::new(CASE);
    desk.of_serial("c.json", "SN-9");
    desk.of_serial("d.json", "SN-8");
    desk.add(&["c.json", "d.json"]).unwrap();
    fs::write(desk.at("case.toml"), desk.text().replace("asset = \"1002\"", "asset = \"1002\"\nserial = \"SN-9\""))
        .unwrap();
    let added = desk.add(&["c.json"]).unwrap();
    assert_eq!((added[0].result, added[0].to.as_deref()), (Change::Added, Some("stick")));
    assert_eq!(desk.case().unlisted, ["d.json"]);
    let commented = desk.text().replace("[\"d.json\"]", "[\"d.json\", # hm\n]").replace("\"SN-3\"", "\"SN-8\"");
    let commented = commented.replace("[items.pending]\nuntil = 2027-01-01\nwhy = \"immutable\"\n", "");
    fs::write(desk.at("case.toml"), &commented).unwrap();
    desk.refused(Kind::Refused, "with a comment", desk.add(&["d.json"]), &commented);
}

#[test]
fn an_item_with_another_outcome_a_strange_file_or_one_elsewhere_is_refused_and_nothing_is_written() {
    let desk = Desk::new(CASE);
    desk.of_serial("a.json", "SN-1");
    desk.of_serial("p.json", "SN-3");
    fs::write(desk.at("x.json"), "{}").unwrap();
    fs::create_dir(desk.at("d")).unwrap();
    desk.refused(Kind::Refused, "the item \"lost\" has the outcome pending", desk.add(&["a.json", "p.json"]), CASE);
    desk.refused(Kind::Refused, "case.toml:37: items[2].pending", desk.add(&["p.json"]), CASE);
    desk.refused(Kind::Error, "no sanitization record", desk.add(&["a.json", "x.json"]), CASE);
    desk.refused(Kind::Error, "no regular file", desk.add(&["d"]), CASE);
    desk.refused(Kind::Error, "can't find the record", desk.add(&["absent.json"]), CASE);
    let elsewhere = Desk::new(CASE);
    elsewhere.of_serial("a.json", "SN-1");
    let outside = add_records(&desk.at("case.toml"), &[elsewhere.at("a.json")]);
    desk.refused(Kind::Error, "does not lie in the directory of the case", outside, CASE);
    std::os::unix::fs::symlink(elsewhere.at("a.json"), desk.at("link.json")).unwrap();
    desk.refused(Kind::Error, "does not lie in the directory", desk.add(&["link.json"]), CASE);
}

#[test]
fn what_a_person_should_know_of_a_record_is_told() {
    let desk = Desk::new(CASE);
    let digest = desk.record("old.json", |json| json["medium"]["serial"] = "SN-2".into());
    desk.record("new.json", |json| {
        json["property"] = "1002".into();
        json["medium"]["serial"] = Json::Null;
        json["supersedes"] = digest.as_str().into();
    });
    desk.record("foreign.json", |json| {
        (json["case"], json["medium"]["serial"]) = ("f".repeat(32).into(), "SN-1".into())
    });
    desk.record("none.json", |json| {
        (json["case"], json["medium"]["serial"]) = (Json::Null, "SN-1".into());
        json["supersedes"] = format!("sha256:{}", "0".repeat(64)).into();
    });
    fs::remove_file(desk.at("none.json.p7s")).unwrap();
    let added = desk.add(&["new.json", "foreign.json", "none.json"]).unwrap();
    assert_eq!(added[0].notes, ["it replaces \"old.json\"; both stay"]);
    assert!(added[1].notes[0].contains("another case"), "{added:?}");
    let notes = added[2].notes.join("\n");
    assert!(
        notes.contains("id of no case") && notes.contains("none.json.p7s") && notes.contains("does not name"),
        "{notes}"
    );
    let desk = Desk::new(&CASE.replace("old.json", "new.json"));
    let digest = desk.record("old.json", |json| json["medium"]["serial"] = "SN-1".into());
    desk.record("new.json", |json| json["supersedes"] = digest.as_str().into());
    assert_eq!(desk.add(&["old.json"]).unwrap()[0].notes, ["\"new.json\" replaces it; both stay"]);
}

#[test]
fn the_file_keeps_its_mode_and_is_not_replaced_if_it_was_changed_meanwhile() {
    let desk = Desk::new(CASE);
    desk.of_serial("a.json", "SN-1");
    fs::set_permissions(desk.at("case.toml"), fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("case.toml", desk.at("link.toml")).unwrap();
    let mut edit = Edit::open(&desk.at("case.toml")).unwrap();
    edit.records(&[desk.at("a.json")], None).unwrap();
    let theirs = format!("{CASE}# changed\n");
    fs::write(desk.at("case.toml"), &theirs).unwrap();
    desk.refused(Kind::Error, "changed by somebody else", edit.finish(), &theirs);
    add_records(&desk.at("link.toml"), &[desk.at("a.json")]).unwrap();
    assert_eq!(desk.case().items[0].erased.as_ref().unwrap().records, ["a.json"]);
    assert_eq!(fs::metadata(desk.at("case.toml")).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(desk.at("link.toml").is_symlink());
    let mut left: Vec<_> = fs::read_dir(desk.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["a.json", "a.json.p7s", "case.toml", "link.toml"]);
}

#[test]
fn two_runs_at_once_both_get_their_records_in() {
    let desk = Desk::new(CASE);
    let names: Vec<String> = (0..8).map(|n| format!("r{n}.json")).collect();
    names.iter().enumerate().for_each(|(n, name)| drop(desk.of_serial(name, &format!("X{n}"))));
    std::thread::scope(|scope| {
        for name in &names {
            scope.spawn(|| desk.add(&[name]).unwrap());
        }
    });
    let mut unlisted = desk.case().unlisted;
    unlisted.sort();
    assert_eq!(unlisted, names);
}

#[test]
fn lists_in_brackets_and_files_of_windows_are_added_to_in_their_own_form() {
    let inline = "schema = \"radera/case/1\"\nid = \"0123456789abcdef0123456789abcdef\"\nprofile = \"contract-end\"\nlanguage = \"da\"\n\
        controller = {}\nprocessor = {}\nagreements = {}\n\
        items = [ { id = \"disk\", kind = \"medium\", media = \"flash\", serial = \"SN-1\" } ] # all\n\
        unlisted = [\n  # none yet\n]\n";
    let crlf = inline.replace('\n', "\r\n");
    for before in [inline, &crlf, &format!("\u{feff}{inline}")] {
        let desk = Desk::new(before);
        desk.of_serial("a.json", "SN-1");
        desk.of_serial("b.json", "SN-2");
        desk.add(&["a.json", "b.json"]).unwrap();
        desk.list("asset\nA1\n", &["asset=asset"], MediaType::Flash).unwrap();
        let case = desk.case();
        assert_eq!(case.items[0].erased.as_ref().unwrap().records, ["a.json"]);
        assert_eq!((case.items[1].id.as_str(), case.unlisted.as_slice()), ("A1", ["b.json".to_string()].as_slice()));
        let text = desk.text();
        assert!(text.contains("# all") && text.contains("# none yet"), "{text}");
        assert_eq!(text.starts_with('\u{feff}'), before.starts_with('\u{feff}'));
        let ends = text.matches("\r\n").count();
        assert_eq!(ends, if before.contains('\r') { text.matches('\n').count() } else { 0 });
    }
}

#[test]
fn a_list_grows_in_its_own_form_with_its_comments_where_they_stood() {
    let pairs = [
        ("a = []", "a = [\"n\"]"),
        ("a = [ ]", "a = [\"n\" ]"),
        ("a = [\n  # none\n]", "a = [\n  # none\n  \"n\"\n]"),
        ("a = [\"x\"]", "a = [\"x\", \"n\"]"),
        ("a = [\"x\",]", "a = [\"x\", \"n\",]"),
        ("a = [\n    \"x\"\n]", "a = [\n    \"x\",\n    \"n\"\n]"),
        ("a = [\n\t\"x\",\n  ] # z", "a = [\n\t\"x\",\n\t\"n\",\n  ] # z"),
        ("a = [\n  \"x\" # c\n]", "a = [\n  \"x\", # c\n  \"n\"\n]"),
        ("a = [\n  # b\n  \"x\", # c\n\n  # d\n]", "a = [\n  # b\n  \"x\", # c\n\n  # d\n  \"n\",\n]"),
    ];
    for (before, after) in pairs {
        let mut document: DocumentMut = before.parse().unwrap();
        edit::push_text(document.as_table_mut(), "a", "n").unwrap();
        assert_eq!(document.to_string().trim_end(), after, "{before}");
    }
}

#[test]
fn a_receipt_becomes_a_return_with_its_digest_once() {
    let desk = Desk::new(CASE);
    fs::write(desk.at("receipt.pdf"), "abc").unwrap();
    let give = |sources: &[&str], what: &str| {
        let sources: Vec<String> = sources.iter().map(|s| s.to_string()).collect();
        desk.edited(|edit| edit.receipt(&desk.at("receipt.pdf"), what, &sources, date(2026, 11, 5)))
    };
    desk.refused(Kind::Error, "no item with the id \"none\"", give(&["disk", "none"], "all"), CASE);
    let added = give(&["disk", "stick"], "all of \"it\"").unwrap();
    assert_eq!((added[0].result, added[0].to.as_deref()), (Change::Added, Some("return-1")));
    assert!(added[0].notes[0].contains("\"disk\", \"stick\""));
    let new = new_lines(CASE, &desk.text(), &[]);
    assert_eq!(new[..4], ["[[returns]]", "id = \"return-1\"", "date = 2026-11-05", "what = 'all of \"it\"'"]);
    let returned = &desk.case().returns[0];
    assert_eq!(returned.sources, ["disk", "stick"]);
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(returned.receipt, Document { file: "receipt.pdf".into(), sha256: Some(abc.into()) });
    let before = desk.text();
    assert_eq!(give(&["disk"], "all of \"it\"").unwrap()[0].result, Change::AlreadyThere);
    assert_eq!(desk.text(), before);
    assert_eq!(give(&["disk"], "more").unwrap()[0].to.as_deref(), Some("return-2"));
}

#[test]
fn a_certificate_is_replaced_only_by_one_that_says_so() {
    let desk = Desk::new(CASE);
    let certificate = |name: &str, supersedes: Json| {
        let text = json!({"kind": "deletion-certificate", "supersedes": supersedes, "n": name}).to_string();
        fs::write(desk.at(name), &text).unwrap();
        format!("sha256:{}", papers::sha256(text.as_bytes()))
    };
    let first = certificate("first.json", Json::Null);
    certificate("other.json", Json::Null);
    certificate("second.json", first.into());
    let add = |name: &str, id: &str| desk.edited(|edit| edit.certificate(&desk.at(name), id));
    desk.of_serial("record.json", "SN-1");
    desk.refused(Kind::Error, "no deletion certificate", add("record.json", "host"), CASE);
    desk.refused(Kind::Error, "no sub-processor with the id \"x\"", add("first.json", "x"), CASE);
    assert_eq!(add("first.json", "host").unwrap()[0].result, Change::Added);
    assert_eq!(new_lines(CASE, &desk.text(), &[]), ["certificate = \"first.json\""]);
    let before = desk.text();
    assert_eq!(add("first.json", "host").unwrap()[0].result, Change::AlreadyThere);
    desk.refused(Kind::Refused, "does not say that it replaces", add("other.json", "host"), &before);
    assert!(add("second.json", "host").unwrap()[0].notes.iter().any(|note| note.contains("replaces \"first.json\"")));
    assert_eq!(desk.case().subprocessors[0].certificate.as_deref(), Some("second.json"));
}

#[test]
fn each_line_of_a_list_becomes_one_item_once_and_differences_are_told() {
    let desk = Desk::new(&CASE.replace(
        "# --- others\n",
        "[[systems]]\nid = \"nova\"\nname = \"Nova, løn\"\n[[systems]]\nid = \"b\"\nname = \"B\"\n[[locations]]\nid = \"hq\"\naddress = \"Torvet 3\"\ncountry = \"DK\"\n# --- others\n",
    ));
    let csv = "Nr;SN;What;Where;System;Last\n\
        1001;SN-1;Server;Torvet 3;;\n\
        2001;SN-7;\"Æske; rød\";hq;Nova, løn;30-10-2026\n\
        2001;SN-8;;;b|nova;2026-10-31T12:00:00+01:00\n\
        ;SN-7;;;;\n\
        1002;SN-2;;;;\n\
        host;;;;;\n";
    let columns = ["asset=nr", "serial=SN", "description=What", "location=Where", "system=System", "last_used=Last"];
    let before = desk.text();
    let added = desk.list(csv, &columns, MediaType::MagneticDisk).unwrap();
    let told: Vec<_> = added.iter().map(|a| (a.name.as_str(), a.result, a.to.as_deref().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("list.csv:2", Change::AlreadyThere, "disk"),
            ("list.csv:3", Change::Added, "2001"),
            ("list.csv:4", Change::Added, "2001-2"),
            ("list.csv:5", Change::AlreadyThere, "2001"),
            ("list.csv:6", Change::AlreadyThere, "stick"),
            ("list.csv:7", Change::Added, "host-2"),
        ]
    );
    assert_eq!(added[0].notes.len(), 2, "{added:?}");
    assert!(added[0].notes[0].contains("\"Server\"") && added[0].notes[1].contains("location"));
    assert_eq!(added[4].notes, ["serial: the list has \"SN-2\", and the case none, which stays"]);
    new_lines(&before, &desk.text(), &[]);
    let case = desk.case();
    let item = &case.items[3];
    assert_eq!(
        (item.serial.as_deref(), item.asset.as_deref(), item.description.as_str()),
        (Some("SN-7"), Some("2001"), "Æske; rød")
    );
    assert_eq!((item.systems.as_slice(), item.location.as_deref()), (["nova".to_string()].as_slice(), Some("hq")));
    assert_eq!((item.last_used.unwrap().to_string(), item.added), ("2026-10-30".into(), None));
    assert_eq!(case.items[4].systems, ["b", "nova"]);
    assert_eq!(case.items[4].last_used.unwrap().to_string(), "2026-10-31T11:00:00Z");
    let before = desk.text();
    assert!(desk.list(csv, &columns, MediaType::Flash).unwrap().iter().all(|a| a.result == Change::AlreadyThere));
    desk.refused(
        Kind::Error,
        "list.csv:2: the case lists no system \"x\"",
        desk.list("n,s\n9,x\n", &["asset=n", "system=s"], MediaType::Tape),
        &before,
    );
    desk.refused(
        Kind::Error,
        "list.csv:2: the case lists no location \"x\"",
        desk.list("n,s\n9,x\n", &["asset=n", "location=s"], MediaType::Tape),
        &before,
    );
}

#[test]
fn what_comes_after_the_declaration_shows_as_a_later_addition() {
    let desk = Desk::new(&format!("{CASE}[inventory]\ndate = 2026-11-01\nby = {{}}\ndocument = {{ file = '' }}\n"));
    let added = desk.list("n\n9\n", &["asset=n"], MediaType::Flash).unwrap();
    assert!(added[0].notes[0].contains("new declaration"));
    assert_eq!(desk.case().items[3].added, Some(date(2026, 11, 22)));
    assert!(desk.text().contains("added = 2026-11-22\n"));
}

/// Lines that mean nothing, at places where TOML has them.
fn remarks() -> impl Strategy<Value = Vec<(prop::sample::Index, String)>> {
    prop::collection::vec((any::<prop::sample::Index>(), "[ \t]{0,3}(# [a-zæ\"\\[\\]=,' ]{0,12})?"), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn comments_blank_lines_and_order_survive_wherever_they_stand(remarks in remarks(), crlf: bool) {
        let mut lines: Vec<String> = CASE.lines().map(Into::into).collect();
        for (at, remark) in remarks {
            lines.insert(at.index(lines.len() + 1), remark);
        }
        let before = lines.join(if crlf { "\r\n" } else { "\n" }) + if crlf { "\r\n" } else { "\n" };
        let desk = Desk::new(&before);
        desk.of_serial("a.json", "SN-1");
        desk.record("b.json", |json| (json["medium"]["serial"], json["property"]) = (Json::Null, "1002".into()));
        desk.of_serial("c.json", "SN-9");
        fs::write(desk.at("r"), "abc").unwrap();
        desk.add(&["a.json", "b.json", "c.json"]).unwrap();
        desk.edited(|edit| edit.receipt(&desk.at("r"), "w", &["disk".into()], date(2026, 11, 5))).unwrap();
        desk.list("n,s\n7,8\n", &["asset=n", "serial=s"], MediaType::Flash).unwrap();
        let after = desk.text();
        let new = new_lines(&before, &after, &[]);
        prop_assert!(new.iter().all(|line| !line.contains('#')), "{new:?}");
        prop_assert_eq!(after.matches('\r').count(), if crlf { after.matches('\n').count() } else { 0 });
        let case = desk.case();
        prop_assert_eq!(case.items.len(), 4);
        prop_assert_eq!(&case.items[1].erased.as_ref().unwrap().records, &["old.json", "b.json"]);
    }
}
