#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::conformity::Moment;

/// Nineteen lines; what a test adds begins on line 20.
pub const HEAD: &str = r#"# A case.
schema = "radera/case/1"
id = "0123456789abcdef0123456789abcdef"
profile = "contract-end"
language = "da"

[controller]
name = "Norddjurs Kommune"
country = "DK"
number = "29189986"

[processor]
name = "Firma ApS"
country = "DK"
number = "25313763"

[agreements]
end = 2026-10-31

"#;

const ITEM: &str = "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\n";

fn of(rest: &str) -> Result<CaseFile, Problem> {
    CaseFile::parse(format!("{HEAD}{rest}"), "case.toml")
}

fn faults(result: Result<CaseFile, Problem>) -> Vec<(String, String)> {
    let problem = result.expect_err("a fault");
    let all = std::iter::once(&problem).chain(&problem.also);
    all.map(|p| {
        assert_eq!(p.kind, crate::problem::Kind::Error);
        assert!(!p.todo.is_empty());
        (p.what.clone(), p.todo.clone())
    })
    .collect()
}

/// The only fault of the head with `rest`: where it is, and words of it.
fn only(rest: &str, place: &str, what: &str, todo: &str) {
    let all = faults(of(rest));
    let [(found, advice)] = all.as_slice() else { panic!("{all:#?}") };
    assert!(found.starts_with(&format!("case.toml:{place}: ")), "{found}");
    assert!(found.contains(what) && advice.contains(todo), "{found} | {advice}");
}

/// The only fault of the head with one of its lines replaced.
fn replaced(line: &str, by: &str, place: &str, what: &str) {
    let text = HEAD.replace(line, by);
    assert_ne!(text, HEAD);
    let all = faults(CaseFile::parse(text, "case.toml"));
    let [(found, _)] = all.as_slice() else { panic!("{all:#?}") };
    assert!(found.starts_with(&format!("case.toml:{place}: ")) && found.contains(what), "{found}");
}

#[test]
fn a_case_is_read_with_its_days_moments_and_digests() {
    let read = of(&format!(
        "{ITEM}last_used = 2026-10-30\n[[items]]\nid='b'\nkind='backup'\nmedia='tape'\nlast_used=2026-10-30T12:00:00+01:00\n\
         [items.failed]\ndate = '2026-11-01'\nwhy = ''\n[repair]\ndevice=''\nidentification=''\nfault=''\nrepairer=''\n\
         receipt = {{ file = '', sha256 = '{}' }}\n",
        "AB".repeat(32)
    ))
    .unwrap();
    let [a, b] = read.case.items.as_slice() else { panic!() };
    assert_eq!(a.last_used, Some(Moment::Day(jiff::civil::date(2026, 10, 30))));
    assert_eq!(b.last_used, Some(Moment::At("2026-10-30T11:00:00Z".parse().unwrap())));
    assert_eq!(b.failed.as_ref().unwrap().date, jiff::civil::date(2026, 11, 1));
    let receipt = read.case.repair.as_ref().unwrap().receipt.as_ref().unwrap();
    assert_eq!(receipt.sha256.as_deref(), Some(&*"ab".repeat(32)));
    assert_eq!(read.line(&["items".into(), 1.into(), "failed".into(), "why".into()]), 32);
    assert_eq!(read.line(&["items".into(), 1.into(), "serial".into()]), 25);
}

#[test]
fn what_is_not_told_yet_is_no_fault() {
    of("").unwrap();
    of("[[subprocessors]]\nid = 'host'\nparty = {}\n[inventory]\ndate = 2026-11-01\nby = {}\ndocument = { file = '' }\n").unwrap();
    let listed_and_denied = format!(
        "{ITEM}[[items]]\nid='b'\nkind='backup'\nmedia='tape'\n[inventory]\ndate=2026-11-01\nby={{}}\ndocument={{file='a'}}\nnone=['backup']\n"
    );
    of(&listed_and_denied).unwrap();
}

#[test]
fn faults_of_toml_and_of_form_name_line_field_and_what_to_do() {
    let item = |more: &str| format!("{ITEM}{more}\n");
    only(&item("serial = \"b"), "24", "no TOML", "Mend");
    only(&item("id = \"b\""), "24", "no TOML", "Mend");
    only(&item("serail = \"x\""), "24: items[0].serail", "no case has this key", "Did you mean serial?");
    only(&item("colour = \"x\""), "24: items[0].colour", "no case has this key", "Known here: id, kind");
    only(&item("serial = 12345"), "24: items[0].serial", "12345 stands where text belongs", "quotes");
    only(&item("serial = 1.5"), "24: items[0].serial", "a number with a point", "quotes");
    only(&item("systems = \"b\""), "24: items[0].systems", "where a list belongs", "[\"one\"");
    only(&item("last_used = 2026-10-31T10:00:00"), "24: items[0].last_used", "2026-10-31T10:00:00", "offset");
    only(&item("last_used = \"soon\""), "24: items[0].last_used", "\"soon\" is no day", "offset");
    only(&item("added = \"2026-02-30\""), "24: items[0].added", "is no day", "2026-11-30");
    only("[[items]]\nid = 'a'\nkind = 'medium'\n", "20: items[0].media", "is not there", "media = ");
    only("[[items]]\nid = 'a'\nkind = 'meduim'\n", "22: items[0].kind", "\"meduim\"", "Did you mean medium?");
    only("[levels]\ngenral = 'clear'\n", "21: levels.genral", "none of the words", "general");
    only("[levels]\ngeneral = 'claer'\n", "21: levels.general", "none of the words", "clear");
    only("[[unlisted]]\n", "20: unlisted[0]", "a table stands where text belongs", "quotes");
    only(
        "[inventory]\ndate=2026-01-01\nby={}\ndocument={file='b'}\nnone = ['medium', 'foo']\n",
        "24: inventory.none[1]",
        "foo",
        "usb-key",
    );
    only("[a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t]\n", "20: a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", "deeper", "Check");
}

#[test]
fn faults_of_the_rules_name_line_field_and_what_to_do() {
    replaced("radera/case/1", "radera/case/9", "2: schema", "radera/case/9");
    replaced("89abcdef\"", "89ABCDEF\"", "3: id", "32 hexadecimal digits");
    replaced("29189986", "29189968", "10: controller.number", "\"29189968\" is no CVR number: its check digit");
    replaced("25313763", "DK25313763", "15: processor.number", "eight digits");
    replaced(
        "country = \"DK\"\nnumber = \"2531",
        "country = \"SE\"\nnumber = \"2531",
        "15: processor.number",
        "Swedish",
    );
    replaced(
        "country = \"DK\"\nnumber = \"2531",
        "country = \"Dk\"\nnumber = \"2531",
        "14: processor.country",
        "\"Dk\"",
    );
    replaced(
        "end = 2026-10-31",
        "end = 2026-10-31\nmain.title = ''\nmain.date = 2026-11-01",
        "18: agreements.end",
        "2026-11-01",
    );
    let document = "by = {}\ndocument = { file = 'a' }\n";
    only(
        &format!(
            "[[tool_approvals]]\ntool='radera'\nversion='1'\nmedia=[]\nmethods=[]\ndate=2026-02-01\nuntil=2026-01-31\n{document}"
        ),
        "26: tool_approvals[0].until",
        "2026-01-31 is before 2026-02-01",
        "Correct",
    );
    let repair =
        "[repair]\ndevice=''\nidentification=''\nfault=''\nrepairer=''\nhanded_over=2026-02-02\nreturned=2026-02-01\n";
    only(repair, "26: repair.returned", "before 2026-02-02", "Correct");
    only("[[locations]]\nid='x'\naddress=''\ncountry='Denmark'\n", "23: locations[0].country", "\"Denmark\"", "DK");
    only(
        &format!("{ITEM}[items.erased]\nrecords = []\n[items.failed]\ndate = 2026-01-01\nwhy = ''\n"),
        "26: items[0].failed",
        "the item \"a\" has more than one outcome: erased (line 24), failed (line 26)",
        "Keep the one",
    );
    only(
        &format!("{ITEM}{ITEM}"),
        "25: items[1].id",
        "\"a\" stands for another item already, on line 21",
        "its own id",
    );
    only(&ITEM.replace("\"a\"", "\" \""), "21: items[0].id", "the item has no id", "Give it");
    only(
        &format!("{ITEM}serial='S'\n{}serial=' S'\n", ITEM.replace("\"a\"", "\"b\"")),
        "29: items[1].serial",
        "is the serial number of the item \"a\" already, on line 24",
        "once",
    );
    only(
        &format!("{ITEM}systems = ['nova']\n"),
        "24: items[0].systems[0]",
        "no system has the id \"nova\"",
        "[[systems]]",
    );
    only(
        &format!("{ITEM}location = 'nova'\n[[locations]]\nid='x'\naddress=''\ncountry='DK'\n"),
        "24: items[0].location",
        "nova",
        "\"x\"",
    );
    only("[[subprocessors]]\nid='s'\nparty={}\nsystems=['n']\n", "23: subprocessors[0].systems[0]", "system", "List");
    only(
        "[[subprocessors]]\nid='s'\nparty={}\nlocations=['n']\n",
        "23: subprocessors[0].locations[0]",
        "location",
        "List",
    );
    only("[[subprocessors]]\nid='processor'\nparty={}\n", "21: subprocessors[0].id", "something else", "id");
    only(
        "[[returns]]\nid='r'\ndate=2026-01-01\nwhat=''\nsources=['n']\nreceipt={file='a'}\n",
        "24: returns[0].sources[0]",
        "item",
        "List",
    );
    only(
        &format!("[[acceptances]]\nid='x'\nwhat='level'\nof=['n']\ndate=2026-01-01\n{document}"),
        "23: acceptances[0].of[0]",
        "no item has the id \"n\"",
        "List",
    );
    let key = |print: &str, holder: &str| {
        format!("[[keys]]\nfingerprint='{print}'\nholder='{holder}'\ndocument={{file='a'}}\n")
    };
    only(
        &key(&format!("sha256:{}", "0".repeat(63)), "processor"),
        "21: keys[0].fingerprint",
        "no fingerprint",
        "radera key show",
    );
    only(&key(&format!("sha256:{}", "0".repeat(64)), "host"), "22: keys[0].holder", "no sub-processor", "List");
    of(&key(&format!("sha256:{}", "A".repeat(64)), "processor")).unwrap();
}

#[test]
fn every_paper_lies_beside_the_case() {
    for file in ["/etc/passwd", "../x", "a/../../x", ".", "a\\u0000b"] {
        only(
            &format!("unlisted_ = 1\n[archive]\ndate=2026-01-01\nby={{}}\ndocument={{file=\"{file}\"}}\n")
                .replace("unlisted_ = 1\n", ""),
            "23: archive.document.file",
            "does not lie beside the case",
            "Put the file",
        );
    }
    only(
        &format!("{ITEM}[items.erased]\nrecords = [\n'a.json',\n'/b.json']\n"),
        "27: items[0].erased.records[1]",
        "/b.json",
        "Put",
    );
    only(
        "[[subprocessors]]\nid='s'\nparty={}\ncertificate='../c.json'\n",
        "23: subprocessors[0].certificate",
        "../c.json",
        "Put",
    );
    let text = HEAD.replace("language =", "unlisted = ['..']\nlanguage =");
    assert!(faults(CaseFile::parse(text, "case.toml"))[0].0.starts_with("case.toml:5: unlisted[0]: "));
    only(
        "[archive]\ndate=2026-01-01\nby={}\ndocument={file='a', sha256='12'}\n",
        "23: archive.document.sha256",
        "64",
        "sha256sum",
    );
}

#[test]
fn the_faults_of_the_rules_come_all_at_once_and_in_the_order_of_the_file() {
    let text = format!("{HEAD}{ITEM}location = 'x'\n{ITEM}").replace("29189986", "1").replace("25313763", "2");
    let places: Vec<_> = faults(CaseFile::parse(text, "c"))
        .iter()
        .map(|(what, _)| what.split(": ").take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        places,
        ["c:10 controller.number", "c:15 processor.number", "c:24 items[0].location", "c:26 items[1].id"]
    );
    let many = format!("{HEAD}{}", ITEM.repeat(60));
    let many = faults(CaseFile::parse(many, "c"));
    assert_eq!(many.len(), 51);
    assert_eq!(many[50].0, "and 9 more faults");
}

#[test]
fn a_message_never_tells_a_personal_number() {
    for number in ["070761-4285", "0707614285"] {
        let problem = CaseFile::parse(HEAD.replace("25313763", number), "c").unwrap_err();
        assert!(problem.what.contains("070761") && !problem.what.contains("4285"), "{}", problem.what);
        let problem = of(&format!("{ITEM}systems = '{number}'\n")).unwrap_err();
        assert!(problem.what.contains("070761") && !problem.what.contains("4285"), "{}", problem.what);
    }
}

#[test]
fn files_that_are_none_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let told = |name: &str| CaseFile::read(&at(name)).unwrap_err().what;
    assert!(told("absent").contains("does not exist"));
    std::fs::create_dir(at("d")).unwrap();
    assert!(told("d").contains("is a directory"));
    std::fs::write(at("latin"), b"schema = 'x'\nname = 'S\xf8ren'\n").unwrap();
    assert!(told("latin").ends_with("latin:2: the file is not UTF-8 from here on"));
    std::fs::File::create(at("huge")).unwrap().set_len(LIMIT + 1).unwrap();
    assert!(told("huge").contains("larger than 16 MiB"));
    assert!(CaseFile::read(Path::new("/dev/null")).unwrap_err().what.contains("no regular file"));
    std::fs::write(at("good"), format!("\u{feff}{}", HEAD.replace('\n', "\r\n"))).unwrap();
    let read = CaseFile::read(&at("good")).unwrap();
    assert_eq!((read.path(), read.directory()), (&*at("good"), directory.path()));
}

#[test]
fn documents_beside_the_case_are_hashed_and_held_against_their_digests() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join("case").join(name);
    std::fs::create_dir_all(at("papers")).unwrap();
    std::fs::write(directory.path().join("outside"), "abc").unwrap();
    std::fs::write(at("papers/abc"), "abc").unwrap();
    std::os::unix::fs::symlink("papers/abc", at("inside")).unwrap();
    std::os::unix::fs::symlink("../outside", at("out")).unwrap();
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let two = |first: &str, second: &str| {
        of(&format!("[archive]\ndate=2026-01-01\nby={{}}\ndocument={{{first}}}\n[inventory]\ndate=2026-01-01\nby={{}}\ndocument={{{second}}}\n"))
            .unwrap()
            .check_documents(&at(""))
    };
    let found = two(&format!("file='papers/abc', sha256='{abc}'"), "file='inside'").unwrap();
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        [("inside".into(), abc.into()), ("papers/abc".into(), abc.to_string())]
    );
    assert!(two("file='absent', sha256=''", "file=''").unwrap().is_empty());
    let problem = two(&format!("file='papers/abc', sha256='{}'", "0".repeat(64)), "file='out'").unwrap_err();
    assert!(problem.what.starts_with("case.toml:23: archive.document.sha256: "), "{}", problem.what);
    assert!(problem.what.contains(abc) && problem.what.contains(&"0".repeat(64)));
    assert!(problem.also[0].what.starts_with("case.toml:27: inventory.document.file: "), "{}", problem.also[0].what);
    assert!(problem.also[0].what.contains("leads out"));
    let problem = two("file='papers'", "file='inside/x'").unwrap_err();
    assert!(problem.what.contains("no regular file") && problem.also.is_empty(), "{problem:?}");
    std::fs::write(at("empty"), "").unwrap();
    let problem = two("file='empty'", "file='inside'").unwrap_err();
    assert!(problem.what.contains("is empty") && problem.also.is_empty(), "{problem:?}");
}

#[test]
fn a_masked_case_keeps_what_ties_it_to_its_evidence() {
    let number = "070761-4285";
    let text = format!(
        "{HEAD}[[items]]\nid = '{number}'\nkind = 'usb-key'\nmedia = 'flash'\ndescription = 'stick of {number}'\nserial = '{number}'\n\
         asset = '{number}'\n[items.handed_over]\ndate = 2026-11-01\nto = 'Jens ({number}, 0707614285)'\nreceipt = {{ file = '{number}.pdf' }}\n\
         [instruction]\nreference = 'sag {number}, 0707614285'\ndate = 2026-11-01\nby = {{ name = '{number}' }}\nchoice = 'delete'\n\
         document = {{ file = '{number}.txt' }}\n"
    )
    .replace("country = \"DK\"\nnumber = \"25313763\"", "country = \"SE\"\nnumber = \"8112189876\"");
    let case = CaseFile::parse(text, "c").unwrap().case;
    let masked = numbers::masked(&case);
    assert_eq!(masked.processor.number, "811218****");
    assert_eq!(masked.controller, case.controller);
    assert_eq!((&masked.id, masked.agreements.end), (&case.id, case.agreements.end));
    let (item, was) = (&masked.items[0], &case.items[0]);
    assert_eq!((&item.id, &item.serial, &item.asset), (&was.id, &was.serial, &was.asset));
    assert_eq!(item.description, "stick of 070761-****");
    let handed = item.handed_over.as_ref().unwrap();
    assert_eq!(
        (handed.to.as_str(), handed.receipt.file.as_str()),
        ("Jens (070761-****, 070761****)", "070761-4285.pdf")
    );
    let instruction = masked.instruction.as_ref().unwrap();
    assert_eq!(instruction.reference, "sag 070761-****, 0707614285");
    assert_eq!((instruction.by.name.as_str(), instruction.document.file.as_str()), ("070761-****", "070761-4285.txt"));
    assert_eq!(numbers::masked(&masked), masked);
}
