#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;

const HEAD: &str = r#"# A case.
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

fn of(rest: &str) -> Result<CaseFile, Problem> {
    CaseFile::parse(format!("{HEAD}{rest}"), "case.toml")
}

fn all(rest: &str) -> Vec<String> {
    let problem = of(rest).expect_err("a fault");
    assert_eq!(problem.kind, crate::problem::Kind::Error);
    std::iter::once(&problem).chain(&problem.also).map(|p| format!("{} | {}", p.what, p.todo)).collect()
}

#[test]
fn try_it() {
    of("").unwrap();
    let rests = [
        "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\nserail = \"x\"\n",
        "[[items]]\nid = \"a\"\nkind = \"meduim\"\nmedia = \"flash\"\n",
        "[[items]]\nid = \"a\"\nkind = \"medium\"\n",
        "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\nserial = 12345\n",
        "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\nlast_used = 2026-10-31T10:00:00\n",
        "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\nlast_used = \"soon\"\n",
        "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\nadded = \"2026-13-01\"\n",
        "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\nserial = 1.5\n",
        "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\nserial = \"b\n",
        "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\nsystems = \"b\"\n",
        "[[items]]\nid = \"a\"\nkind = \"medium\"\nmedia = \"flash\"\n[items.erased]\nrecords = []\n[items.failed]\ndate = 2026-01-01\nwhy = \"\"\n",
        "[levels]\ngenral = \"clear\"\n",
        "[levels]\ngeneral = \"claer\"\n",
        "items = 3\n",
        "[[unlisted]]\n",
        "unlisted = [\"a\", 3]\n",
        "unlisted = [\"a\",\n \"/etc/passwd\",\n \"../x\"]\n",
        "[inventory]\ndate=2026-01-01\nby={name=\"a\"}\ndocument = {file=\"b.pdf\", sha256=\"12\"}\nnone = [\"medium\", \"foo\"]\n",
    ];
    for rest in rests {
        println!("{:#?}", all(rest));
    }
}
