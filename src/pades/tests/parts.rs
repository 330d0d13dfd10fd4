//! The parts alone: objects, tables, metadata.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::file::{View, section};
use super::super::syntax::{Dict, Reader, Value};
use super::super::{write, xmp};
use super::*;

fn value(text: &str) -> Option<Value> {
    let mut reader = Reader::new(text.as_bytes(), 0);
    let value = reader.value().ok()?;
    reader.skip();
    reader.peek().is_none().then_some(value)
}

fn written(value: &Value) -> String {
    let mut bytes = Vec::new();
    write::value(&mut bytes, value);
    String::from_utf8(bytes).unwrap()
}

#[test]
fn objects_are_read_and_written_again() {
    let same = [
        "<</A/B/C 12/D[1 -2.5 .5 true false null 7 0 R 8]/E<<>>/F 9 0 R>>",
        "[(a\\(b\\)\\\\)<00ff>/a#20b]",
        "[1 0 0]",
        "[1 0 R 0]",
        "-17",
    ];
    for text in same {
        assert_eq!(written(&value(text).unwrap()), text);
    }
    let other = [
        ("( a(b)c\\\n\\101\\7z )", "< 20 61 28 62 29 63 41 07 7a 2 >".replace(' ', ""), false),
        ("[1 0 R%c\n2]", "[1 0 R 2]".into(), true),
        ("<AbC>", "<abc0>".into(), true),
        ("<</A null>>", "<</A null>>".into(), true),
    ];
    for (from, to, exact) in other {
        let found = written(&value(from).unwrap());
        assert!(!exact || found == to, "{from}: {found}");
        assert_eq!(value(from), value(&found));
    }
    assert_eq!(value("[1.0 (A) <</A 1/B 2>>]"), value("[1 <41> <</B 2.00/A 1>>]"));
    assert_ne!(value("<</A 1>>"), value("<</A 1/B 1>>"));
    for bad in [
        "",
        "<<",
        "<</A>>",
        "<</A 1/A 1>>",
        "[1",
        "(a",
        "<a",
        "<g>",
        "/a#0",
        "1a",
        "--1",
        "1.2.3",
        "R",
        "nulll",
        "]",
        "1 0 R2",
    ] {
        assert_eq!(value(bad), None, "{bad}");
    }
    assert!(value("1 1 R").is_none(), "of another generation");
}

#[test]
fn tables_are_read_strictly() {
    let good = "xref\n0 2\n0000000000 65535 f\r\n0000000009 00000 n \n5 1\n0000000019 00000 n\r\ntrailer\n<</Size 6>>\nstartxref\n0\n%%EOF";
    let table = section(good.as_bytes(), 0).unwrap();
    assert_eq!(table.entries.into_iter().collect::<Vec<_>>(), [(0, None), (1, Some(9)), (5, Some(19))]);
    assert_eq!(table.end, good.len());
    let bad = [
        ("5 1", "1 1"),
        ("5 1", "5 2"),
        ("5 1", "4000001 1"),
        ("00000 n", "00001 n"),
        ("00000 n", "00000 x"),
        ("0000000009", "000000009 "),
        ("n \n", "n\n"),
        ("trailer", "trail"),
        ("<</Size 6>>", "[]"),
        ("startxref\n0", "startxref\n1"),
        ("%%EOF", "%%EO"),
    ];
    for (from, to) in bad {
        let other = good.replacen(from, to, 1);
        assert_ne!(other, good);
        assert!(section(other.as_bytes(), 0).is_err(), "{from} to {to}");
    }
}

#[test]
fn streams_end_where_they_say() {
    let object = |text: &str| {
        let entries = [(1, 0), (2, text.find("2 0 obj").unwrap_or(usize::MAX))].into_iter().collect();
        View { bytes: text.as_bytes(), entries, trailer: Dict::default() }
            .object(1)
            .ok()
            .and_then(|object| object.stream)
    };
    assert_eq!(object("1 0 obj <</Length 3>>stream\nabc\nendstream endobj"), Some(28..31));
    assert_eq!(object("1 0 obj<</Length 2 0 R>>stream\r\nabc endstream\nendobj 2 0 obj 3 endobj"), Some(32..35));
    for bad in [
        "1 0 obj<</Length 5>>stream\nabc\nendstream endobj",
        "1 0 obj<</Length 2>>stream\nabc\nendstream endobj",
        "1 0 obj<</Length 999>>stream\nabc\nendstream endobj",
        "1 0 obj<</Length 999999999999999>>stream\nabc\nendstream endobj",
        "1 0 obj<</Length 1 0 R>>stream\nabc\nendstream endobj",
        "1 0 obj<</Length 9 0 R>>stream\nabc\nendstream endobj",
        "1 0 obj<<>>stream\nabc\nendstream endobj",
        "1 0 obj<</Length 3>>stream abc\nendstream endobj",
        "1 0 obj<</Length 3>>stream\nabc\nendstream",
        "1 1 obj<</Length 3>>stream\nabc\nendstream endobj",
        "2 0 obj<</Length 3>>stream\nabc\nendstream endobj",
    ] {
        assert_eq!(object(bad), None, "{bad}");
    }
}

/// A packet with `inside` in its description.
fn packet(inside: &str) -> Vec<u8> {
    let spaces = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"";
    let head = "<?xpacket begin=\"\u{feff}\"?><x:m xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"a\">";
    let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>";
    format!("{head}{rdf}<rdf:Description {spaces} {inside}</rdf:Description></rdf:RDF></x:m>").into_bytes()
}

#[test]
fn metadata_are_compared_by_what_they_say() {
    let old = packet("><dc:title>A &amp; B</dc:title><xmp:ModifyDate>1</xmp:ModifyDate><dc:format>x</dc:format>");
    let same = [
        "dc:format='x' xmp:ModifyDate=\"2\"><dc:title>\n <rdf:Alt><rdf:li xml:lang='x'>A &#38; B</rdf:li></rdf:Alt></dc:title>",
        "><d:title xmlns:d='http://purl.org/dc/elements/1.1/'>A &#x26; B</d:title><dc:format rdf:resource='x'/>",
    ];
    for inside in same {
        assert!(xmp::same(&old, &packet(inside)), "{inside}");
    }
    let other = [
        "><dc:title>A &amp; C</dc:title><dc:format>x</dc:format>",
        "><dc:title>A &amp; B</dc:title>",
        "><dc:title>A &amp; B</dc:title><dc:format>x</dc:format><dc:creator>y</dc:creator>",
        "><dc:title>A &amp; B</dc:title><xmp:format>x</xmp:format>",
        "xmlns:dc='other:'><dc:title>A &amp; B</dc:title><dc:format>x</dc:format>",
        "><dc:title>A &amp; B</dc:title><dc:format>x</dc:format>more",
        "><!-- --><dc:title>A &amp; B</dc:title><dc:format>x</dc:format>",
        "><dc:title>A &b; B</dc:title><dc:format>x</dc:format>",
        "><dc:title>A &amp; B</dc:format><dc:format>x</dc:title>",
        "><no:title>A &amp; B</no:title><dc:format>x</dc:format>",
    ];
    for inside in other {
        assert!(!xmp::same(&old, &packet(inside)), "{inside}");
    }
    let broken = [&b""[..], b"<", b"text", b"\xff", &old[..old.len() - 1]];
    for bytes in &broken[1..] {
        assert!(!xmp::same(bytes, bytes), "what can't be read is not the same");
    }
}

proptest! {
    #[test]
    fn objects_do_not_panic(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(value) = Reader::new(&bytes, 0).value() {
            let mut out = Vec::new();
            write::value(&mut out, &value);
            prop_assert_eq!(Reader::new(&out, 0).value().unwrap(), value);
        }
        let _ = der_length(&bytes);
        let _ = write::any_text(&bytes);
    }

    #[test]
    fn metadata_do_not_panic(text in "[<>/?!&;:=\"' a-z\u{feff}ø]{0,60}", at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        xmp::same(text.as_bytes(), text.as_bytes());
        let mut old = packet("><dc:title>A &amp; B</dc:title><dc:format>x</dc:format>");
        let place = at.index(old.len());
        old[place] = byte;
        xmp::same(&old, &old);
    }
}
