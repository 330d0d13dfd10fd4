//! The case file from outside: what is wrong in it is named by line and field, with what to do, and the file stays as it was; what is
//! added to it leaves the person's own text alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const RECORD: &[u8] = include_bytes!("fuzz/corpus/record/good-sanitized");

const CASE: &str = r#"# Our case.
schema = "radera/case/1"
id = "0123456789abcdef0123456789abcdef"
profile = "contract-end"
language = "en"

[controller]
name = "Norddjurs Kommune"
country = "DK"
number = "29189986"

[processor]
name = "Firma AB"
country = "SE"
number = "556036-0793"

[agreements]
end = 2026-10-31 # as agreed

[archive]
date = 2026-11-01
by = { name = "Ada" }
document = { file = "archive.txt" }

[[items]]
id = "disk"
kind = "medium"
media = "flash"
asset = "1001"
last_used = 2026-10-30
"#;

struct Desk(TempDir);

impl Desk {
    fn new(case: &[u8]) -> Self {
        let desk = Desk(tempfile::tempdir().unwrap());
        fs::write(desk.at("case.toml"), case).unwrap();
        fs::write(desk.at("record.json"), RECORD).unwrap();
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, options: &[&str], words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radera"));
        command.current_dir(self.0.path()).args(options).args(["--state", "state", "case"]).args(words);
        command.output().unwrap()
    }

    /// Runs `case add` of the record; standard error, which must hold a problem of this exit code, and the file unchanged.
    fn refused(&self, file: &str, exit: i32) -> String {
        let before = fs::read(self.at("case.toml")).unwrap();
        let output = self.run(&[], &["add", file, "--record", "record.json"]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{error}");
        assert!(output.stdout.is_empty());
        assert!(error.starts_with("radera: ") && error.contains("\n  to do: "), "{error}");
        assert_eq!(fs::read(self.at("case.toml")).unwrap(), before);
        error
    }
}

/// The case with one text replaced is refused: where, with which words, and what there is to do.
fn wrong(text: &str, by: &str, place: &str, what: &str, todo: &str) {
    let case = CASE.replacen(text, by, 1);
    assert_ne!(case, CASE, "{text}");
    let error = Desk::new(case.as_bytes()).refused("case.toml", 1);
    let lines: Vec<_> = error.lines().collect();
    assert!(lines[0].starts_with(&format!("radera: case.toml:{place}: ")), "{error}");
    assert!(lines[0].contains(what) && lines[1].contains(todo), "{error}");
}

#[test]
fn each_kind_of_wrong_input_is_named_by_line_and_field_with_what_to_do_and_the_file_is_untouched() {
    wrong("29189986", "29189968", "10: controller.number", "check digit", "datacvr.virk.dk");
    wrong("556036-0793", "556036-0739", "15: processor.number", "check digit", "Bolagsverket");
    wrong("country = \"SE\"", "country = \"Sverige\"", "14: processor.country", "\"Sverige\"", "SE");
    wrong(
        "end = 2026-10-31",
        "end = 2026-10-31\nmain = { title = 'x', date = 2027-01-01 }",
        "18: agreements.end",
        "2027-01-01",
        "Correct",
    );
    wrong("asset =", "aset =", "29: items[0].aset", "no case has this key", "Did you mean asset?");
    wrong("\"flash\"", "\"flahs\"", "28: items[0].media", "flahs", "Did you mean flash?");
    wrong("\"disk\"", "\"disk", "26", "no TOML", "Mend");
    wrong("\"1001\"", "1001", "29: items[0].asset", "1001", "quotes");
    wrong("last_used = 2026-10-30", "last_used = 2026-10-30T10:00:00", "30: items[0].last_used", "10:00", "offset");
    let outcomes = "\nfailed = { date = 2026-11-02, why = 'dead' }\npending = { until = 2027-01-01, why = 'locked' }";
    wrong(
        "media = \"flash\"",
        &format!("media = \"flash\"{outcomes}"),
        "29: items[0].failed",
        "pending (line 30), failed (line 29)",
        "Keep",
    );
    wrong("archive.txt", "/archive.txt", "23: archive.document.file", "beside the case", "Put the file");
    wrong("\"archive.txt\"", "\"archive.txt\", sha256 = \"12\"", "23: archive.document.sha256", "64", "sha256sum");
    wrong(
        "asset = ",
        "location = \"hq\"\nasset = ",
        "29: items[0].location",
        "no location has the id \"hq\"",
        "[[locations]]",
    );
    wrong("case/1", "case/2", "2: schema", "radera/case/2", "radera/case/1");
}

#[test]
fn all_faults_are_told_at_once_for_people_and_for_scripts() {
    let case = CASE.replace("29189986", "1").replace("\"SE\"", "\"se\"").replace("\"disk\"", "\"\"");
    let desk = Desk::new(case.as_bytes());
    let error = desk.refused("case.toml", 1);
    let places: Vec<_> = error.lines().filter_map(|line| line.strip_prefix("radera: case.toml:")).collect();
    assert_eq!(places.len(), 3, "{error}");
    assert!(places[0].starts_with("10: ") && places[1].starts_with("14: ") && places[2].starts_with("26: "), "{error}");
    let output = desk.run(&["--json"], &["add", "case.toml", "--record", "record.json"]);
    let events: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|e| e["event"] == "error" && e["exit_code"] == 1 && e["todo"] != ""), "{events:?}");
}

#[test]
fn what_is_no_case_file_is_named() {
    let desk = Desk::new(b"schema = 'x'\nname = 'S\xf8ren'\n");
    assert!(desk.refused("case.toml", 1).contains("case.toml:2: the file is not UTF-8"));
    assert!(desk.refused("absent.toml", 1).contains("absent.toml does not exist"));
    assert!(desk.refused(".", 1).contains("is a directory"));
    let deep = format!("{CASE}x = {}1{}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert!(Desk::new(deep.as_bytes()).refused("case.toml", 1).contains("case.toml:31: "));
    let dotted = format!("{CASE}{}x = 1\n", "a.".repeat(100_000));
    assert!(Desk::new(dotted.as_bytes()).refused("case.toml", 1).starts_with("radera: case.toml:"));
}

#[test]
fn a_personal_number_is_never_told_again() {
    for number in ["070761-4285", "0707614285"] {
        let error = Desk::new(CASE.replace("29189986", number).as_bytes()).refused("case.toml", 1);
        assert!(error.contains("070761") && !error.contains("4285"), "{error}");
    }
}

#[test]
fn what_is_added_leaves_the_rest_of_the_file_alone() {
    let desk = Desk::new(CASE.as_bytes());
    fs::write(desk.at("list.csv"), "\u{feff}Nr;Serie\n1001;S-1\n1002;S-2\n").unwrap();
    fs::write(desk.at("receipt.txt"), "received").unwrap();
    let all = [
        "add",
        "case.toml",
        "--record",
        "record.json",
        "--item",
        "disk",
        "--assets",
        "list.csv",
        "--column",
        "asset=nr",
        "--column",
        "serial=Serie",
        "--media",
        "flash",
        "--receipt",
        "receipt.txt",
        "--what",
        "all data",
        "--source",
        "disk",
        "--date",
        "2026-11-02",
    ];
    let output = desk.run(&["--json"], &all);
    assert!(output.status.success(), "{output:?}");
    let told: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let brief: Vec<_> =
        told.iter().map(|t| [&t["thing"], &t["result"], &t["to"]].map(|v| v.as_str().unwrap_or("-"))).collect();
    assert_eq!(
        brief,
        [
            ["asset", "already-there", "disk"],
            ["asset", "added", "1002"],
            ["record", "added", "disk"],
            ["receipt", "added", "return-1"],
        ]
    );
    let after = fs::read_to_string(desk.at("case.toml")).unwrap();
    let mut rest = after.lines();
    assert!(CASE.lines().all(|line| rest.any(|new| new == line)), "{after}");
    assert!(after.contains("erased.records = [\"record.json\"]\n"), "{after}");
    let again = desk.run(&[], &all);
    let said = String::from_utf8(again.stdout).unwrap();
    assert!(again.status.success() && said.lines().filter(|line| line.starts_with("skipped: ")).count() == 4, "{said}");
    assert_eq!(fs::read_to_string(desk.at("case.toml")).unwrap(), after);
}

#[test]
fn the_words_of_case_add_are_checked_before_the_file_is_read() {
    let desk = Desk::new(b"not even TOML");
    let usage = |words: &[&str]| {
        let output = desk.run(&[], &[&["add", "case.toml"], words].concat());
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(usage(&[]).contains("nothing to add"));
    assert!(usage(&["--subprocessor", "x"]).contains("--certificate"));
    assert!(usage(&["--receipt", "r", "--what", "w", "--source", "s", "--date", "soon"]).contains("soon"));
    let list = ["--assets", "list.csv", "--column"];
    assert!(usage(&[&list[..], &["n"]].concat()).contains("FIELD=COLUMN"));
    assert!(usage(&[&list[..], &["asset=n", "--kind", "disk"]].concat()).contains("usb-key"));
    assert!(usage(&[&list[..], &["asset=n", "--media", "disk"]].concat()).contains("magnetic-disk"));
}
