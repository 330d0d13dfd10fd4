//! What others append: what is tolerated, and what is not.

use super::super::syntax::{Dict, Value};
use super::append::{Appended, forbidden, push, view};
use super::*;

/// A file of three pages with a signature of ours.
fn file(tagged: bool) -> Vec<u8> {
    let base = sample::pdf(3, "erklæring.json", sample::JSON, tagged);
    prepare(&base, &dictionary(), 400).unwrap().complete(&der(300)).unwrap()
}

fn dict_of<'d>(dict: &'d Dict, key: &str) -> &'d Dict {
    dict.get(key).and_then(Value::as_dict).unwrap()
}

/// The number of our field, and of our signature dictionary.
fn ours(file: &[u8]) -> (u32, u32) {
    let view = view(file);
    let catalog = view.dict(view.root().unwrap()).unwrap();
    let field = dict_of(&catalog, "AcroForm").get("Fields").unwrap().as_array().unwrap()[0].as_ref().unwrap();
    (field, view.dict(field).unwrap().get("V").unwrap().as_ref().unwrap())
}

#[test]
fn another_signature_is_tolerated() {
    for tagged in [false, true] {
        let file = file(tagged);
        let mut update = Appended::to(&file);
        update.signature("0 0 0 0", "");
        let once = update.finish();
        let mut update = Appended::to(&once);
        update.signature("10 200 110 250", "");
        let twice = update.finish();
        let signed = read(&twice).unwrap();
        assert_eq!((signed.forbidden, signed.end), (vec![], file.len()));
        let [first, second] = signed.later.as_slice() else { panic!("{:?}", signed.later) };
        assert_eq!((first.end, second.end), (once.len(), twice.len()));
        for later in [first, second] {
            let LaterKind::Signature(added) = &later.kind else { panic!("{later:?}") };
            assert!(added.byte_range_covers_all_before);
            assert_eq!((added.field.as_str(), added.subfilter.as_str()), ("Receiver", "adbe.pkcs7.detached"));
            assert_eq!(added.cms, b"\x30\x02\x05\0");
            assert_eq!(added.content[1].end, later.end);
        }
        assert_eq!(first.visible, []);
        assert_eq!(second.visible, [Visible { page: 1, rectangle: [10.0, 200.0, 110.0, 250.0] }]);
        assert!(second.changes.iter().any(|change| change.contains("page 1")), "{:?}", second.changes);
    }
}

#[test]
fn a_signature_that_does_not_cover_the_file_is_told() {
    let file = file(false);
    let mut update = Appended::to(&file);
    update.signature("0 0 0 0", "");
    let good = update.finish();
    let at = file.len() + good[file.len()..].windows(11).position(|window| window == b"/ByteRange[").unwrap() + 11;
    assert!(good[at..].starts_with(b"0 9"), "{}", String::from_utf8_lossy(&good[at..at + 30]));
    // A start, an end before the contents, an end behind them, an end of all.
    for (place, byte) in [(at, b'1'), (at + 2, b'8'), (at + 7, b'8'), (at + 19, b'0')] {
        let mut other = good.clone();
        assert_ne!(other[place], byte);
        other[place] = byte;
        let signed = read(&other).unwrap();
        let covers = matches!(&signed.later[0].kind, LaterKind::Signature(a) if a.byte_range_covers_all_before);
        assert!(!covers, "{:?}", signed.later);
    }
}

#[test]
fn an_empty_field_may_be_added_and_signed_later() {
    let file = file(false);
    let mut update = Appended::to(&file);
    let (root, page) = (update.root(), update.page(2));
    let field = update.new(format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Later)/Rect[1 2 3 4]/F 132/P {page} 0 R>>"));
    update.edit(page, |page| push(page, "Annots", field));
    update.edit(root, |root| match root.get_mut("AcroForm") {
        Some(Value::Dict(form)) => push(form, "Fields", field),
        _ => panic!(),
    });
    let waiting = update.finish();
    let signed = read(&waiting).unwrap();
    assert_eq!((signed.forbidden, &signed.later[0].kind), (vec![], &LaterKind::Other));
    assert_eq!(signed.later[0].visible, [Visible { page: 3, rectangle: [1.0, 2.0, 3.0, 4.0] }]);

    let fill = |more: &[(&str, Value)]| {
        let mut update = Appended::to(&waiting);
        let value = update.new("<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<3000>>>");
        update.edit(field, |field| {
            field.set("V", Value::Ref(value));
            more.iter().for_each(|(key, value)| field.set(key, value.clone()));
        });
        update.finish()
    };
    assert_eq!(forbidden(&fill(&[])), Vec::<String>::new());
    assert!(matches!(read(&fill(&[])).unwrap().later[1].kind, LaterKind::Signature(_)));
    for (key, value) in [("Rect", Value::Array(vec![Value::integer(9); 4])), ("A", Value::Dict(Dict::default()))] {
        assert!(!forbidden(&fill(&[(key, value)])).is_empty(), "{key}");
    }
}

#[test]
fn a_store_of_certificates_is_tolerated_and_may_grow() {
    let file = file(false);
    let mut update = Appended::to(&file);
    let root = update.root();
    let certificate = update.new("<</Length 4>>stream\n1234\nendstream");
    let store = update.new(format!("<</Type/DSS/Certs[{certificate} 0 R]>>"));
    update.edit(root, |root| root.set("DSS", Value::Ref(store)));
    let once = update.finish();
    let mut update = Appended::to(&once);
    let another = update.new("<</Length 4>>stream\n5678\nendstream");
    update.raw(store, format!("<</Type/DSS/Certs[{certificate} 0 R {another} 0 R]>>"));
    let twice = update.finish();
    let signed = read(&twice).unwrap();
    assert_eq!(signed.forbidden, Vec::<String>::new());
    assert!(signed.later.iter().all(|later| later.kind == LaterKind::Dss), "{:?}", signed.later);

    // A store that names what is shown does not make it its own.
    let content = view(&file).dict(view(&file).pages().unwrap()[0]).unwrap().get("Contents").unwrap().as_ref().unwrap();
    let mut update = Appended::to(&file);
    update.edit(root, |root| {
        let mut store = Dict::default();
        store.set("Certs", Value::Array(vec![Value::Ref(content)]));
        root.set("DSS", Value::Dict(store));
    });
    let named = update.finish();
    assert_eq!(forbidden(&named), Vec::<String>::new());
    let mut update = Appended::to(&named);
    update.raw(content, "<</Length 1>>stream\nq\nendstream");
    assert!(!forbidden(&update.finish()).is_empty());
    let mut update = Appended::to(&once);
    update.raw(certificate, "<</Length 4>>stream\n9999\nendstream");
    assert!(!forbidden(&update.finish()).is_empty(), "a certificate is replaced");
}

/// One thing each that shows, says or attaches something else; each alone, and each beside a good signature.
#[test]
fn what_changes_the_document_is_forbidden() {
    type Attack = fn(&mut Appended<'_>, &[u8]);
    let attacks: &[(&str, &str, Attack)] = &[
        ("an added page", "not the same", |update, file| {
            let pages = view(file).dict(update.root()).unwrap().get("Pages").unwrap().as_ref().unwrap();
            let page = update.new(format!("<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 9 9]>>"));
            update.edit(pages, |pages| {
                push(pages, "Kids", page);
                pages.set("Count", Value::integer(4));
            });
        }),
        ("another tree of pages", "/Pages of the catalog", |update, _| {
            let pages = update.new("<</Type/Pages/Kids[]/Count 0>>");
            update.edit(update.root(), |root| root.set("Pages", Value::Ref(pages)));
        }),
        ("a replaced content stream", "not the same", |update, file| {
            let page = view(file).dict(update.page(0)).unwrap();
            update.raw(page.get("Contents").unwrap().as_ref().unwrap(), "<</Length 1>>stream\nq\nendstream");
        }),
        ("another content stream", "/Contents of page 1", |update, _| {
            let content = update.new("<</Length 1>>stream\nq\nendstream");
            update.edit(update.page(0), |page| page.set("Contents", Value::Ref(content)));
        }),
        ("other resources", "/Resources of page 2", |update, _| {
            update.edit(update.page(1), |page| page.set("Resources", Value::Dict(Dict::default())));
        }),
        ("other names", "/Names of the catalog", |update, _| {
            update.edit(update.root(), |root| root.set("Names", Value::Dict(Dict::default())));
        }),
        ("other associated files", "/AF of the catalog", |update, _| {
            update.edit(update.root(), |root| root.set("AF", Value::Array(Vec::new())));
        }),
        ("a replaced attachment", "not the same", |update, file| {
            let root = view(file).dict(update.root()).unwrap();
            let file_spec = root.get("AF").unwrap().as_array().unwrap()[0].as_ref().unwrap();
            let stream = dict_of(&view(file).dict(file_spec).unwrap(), "EF").get("F").unwrap().as_ref().unwrap();
            update.raw(stream, "<</Length 2>>stream\n{}\nendstream");
        }),
        ("an annotation", "no signature field", |update, _| {
            let note = update.new("<</Type/Annot/Subtype/FreeText/Contents(Paid)/Rect[0 0 99 99]/DA(/F 9 Tf)>>");
            update.edit(update.page(0), |page| push(page, "Annots", note));
        }),
        ("a removed annotation", "is removed", |update, _| {
            update.edit(update.page(0), |page| page.set("Annots", Value::Array(Vec::new())));
        }),
        ("our signature dictionary", "not the same", |update, file| {
            update.edit(ours(file).1, |signature| signature.set("Name", Value::text(b"Another".to_vec())));
        }),
        ("our field", "awaits a signature", |update, file| {
            update.edit(ours(file).0, |field| field.set("Rect", Value::Array(vec![Value::integer(9); 4])));
        }),
        ("our field without its value", "awaits a signature", |update, file| {
            update.edit(ours(file).0, |field| field.0.retain(|(key, _)| key != b"V"));
        }),
        ("a form without our field", "a field of the form is removed", |update, _| {
            update.edit(update.root(), |root| {
                let mut form = Dict::default();
                form.set("Fields", Value::Array(Vec::new()));
                form.set("SigFlags", Value::integer(3));
                root.set("AcroForm", Value::Dict(form));
            });
        }),
        ("no form", "/AcroForm of the catalog is removed", |update, _| {
            update.edit(update.root(), |root| root.0.retain(|(key, _)| key != b"AcroForm"));
        }),
        ("a text field", "no plain signature field", |update, _| {
            let field = update.new("<</Type/Annot/Subtype/Widget/FT/Tx/T(x)/V(Paid)/Rect[0 0 99 99]>>");
            update.edit(update.root(), |root| match root.get_mut("AcroForm") {
                Some(Value::Dict(form)) => push(form, "Fields", field),
                _ => panic!(),
            });
        }),
        ("appearances made anew", "/NeedAppearances of the form", |update, _| {
            update.edit(update.root(), |root| match root.get_mut("AcroForm") {
                Some(Value::Dict(form)) => form.set("NeedAppearances", Value::Bool(true)),
                _ => panic!(),
            });
        }),
        ("a script", "/OpenAction of the catalog", |update, _| {
            let script = update.new("<</S/JavaScript/JS(app.alert\\(1\\))>>");
            update.edit(update.root(), |root| root.set("OpenAction", Value::Ref(script)));
        }),
        ("additional actions of a page", "/AA of page 1", |update, _| {
            update.edit(update.page(0), |page| page.set("AA", Value::Dict(Dict::default())));
        }),
        ("optional content", "/OCProperties of the catalog", |update, _| {
            update.edit(update.root(), |root| root.set("OCProperties", Value::Dict(Dict::default())));
        }),
        ("permissions", "/Perms of the catalog", |update, _| {
            update.edit(update.root(), |root| root.set("Perms", Value::Dict(Dict::default())));
        }),
        ("another title", "/Title of the information", |update, file| {
            let info = view(file).trailer.get("Info").unwrap().as_ref().unwrap();
            update.edit(info, |info| info.set("Title", Value::text(b"Another".to_vec())));
        }),
        ("other metadata", "the metadata say something else", |update, file| {
            let number = view(file).dict(update.root()).unwrap().get("Metadata").unwrap().as_ref().unwrap();
            let stream = view(file).object(number).unwrap().stream.unwrap();
            let text = String::from_utf8(file[stream].to_vec()).unwrap();
            let other = text.replace("<pdfaid:part>3", "<pdfaid:part>1");
            assert_ne!(text, other);
            let head = format!("<</Type/Metadata/Subtype/XML/Length {}>>stream\n", other.len());
            update.raw(number, format!("{head}{other}\nendstream"));
        }),
        ("an object stream", "belongs to no signature", |update, _| {
            update.new("<</Type/ObjStm/N 1/First 4/Length 8>>stream\n1 0 <<>>\nendstream");
        }),
        ("an object that nothing refers to", "belongs to no signature", |update, _| {
            update.new("<</Type/Font>>");
        }),
        ("a hybrid file", "keys that are not expected", |update, _| {
            update.trailer.push(("XRefStm", Value::integer(99)));
        }),
        ("encryption", "keys that are not expected", |update, _| {
            update.trailer.push(("Encrypt", Value::Dict(Dict::default())));
        }),
        ("another catalog", "another catalog", |update, file| {
            let mut body = Vec::new();
            super::super::write::dict(&mut body, &view(file).dict(update.root()).unwrap());
            let root = update.new(body);
            update.trailer.push(("Root", Value::Ref(root)));
        }),
        ("a trailer that hides objects", "hides objects", |update, _| {
            update.trailer.push(("Size", Value::integer(5)));
        }),
        ("bytes that no table leads to", "bytes that no table leads to", |update, _| {
            update.bytes.extend(b"7 0 obj\n<<>>\nendobj\n");
        }),
    ];
    for tagged in [false, true] {
        let file = file(tagged);
        for (name, words, attack) in attacks {
            let mut alone = Appended::to(&file);
            attack(&mut alone, &file);
            let said = forbidden(&alone.finish());
            assert!(said.iter().any(|said| said.contains(words)), "{name}: {said:?}");

            // Nor does a signature of another's over it make it good. These leave nothing to sign.
            if ["another tree of pages", "no form", "another catalog", "a trailer that hides objects"].contains(name) {
                continue;
            }
            let mut first = Appended::to(&file);
            attack(&mut first, &file);
            let first = first.finish();
            let mut second = Appended::to(&first);
            second.signature("0 0 0 0", "");
            let said = forbidden(&second.finish());
            assert!(said.iter().any(|said| said.contains(words)), "{name}, signed over: {said:?}");
        }
    }
}

/// A signature field that does more than sign.
#[test]
fn a_signature_field_may_do_nothing_else() {
    let file = file(false);
    for more in
        ["/A<</S/URI/URI(https://example.org)>>", "/AA<<>>", "/OC<<>>", "/RichMedia<<>>", "/Parent 1 0 R", "/Kids 3"]
    {
        let mut update = Appended::to(&file);
        update.signature("0 0 0 0", more);
        assert!(!forbidden(&update.finish()).is_empty(), "{more}");
    }
    for rectangle in ["0 0 9", "0 0 9 9 9", "0 0 (9) 9", "1 0 R 9 9 9"] {
        let mut update = Appended::to(&file);
        update.signature(rectangle, "");
        assert!(!forbidden(&update.finish()).is_empty(), "{rectangle}");
    }
    // An appearance may bring objects of its own, and take none that are there.
    let content = view(&file).dict(view(&file).pages().unwrap()[0]).unwrap().get("Contents").unwrap().as_ref().unwrap();
    for (number, tolerated) in [(0, true), (content, false)] {
        let mut update = Appended::to(&file);
        let number = if tolerated { update.next } else { number };
        update.raw(number, "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\nq\nendstream");
        update.signature("0 0 9 9", &format!("/AP<</N {number} 0 R>>"));
        assert_eq!(forbidden(&update.finish()).is_empty(), tolerated);
    }
}

/// Tables of another kind, loops and gaps are not examined, and therefore forbidden.
#[test]
fn what_cannot_be_examined_is_forbidden() {
    let file = file(false);
    let mut update = Appended::to(&file);
    update.signature("0 0 0 0", "");
    let good = update.finish();
    let prev = format!("/Prev {}", super::super::file::last_section(&file).unwrap().start);
    let mut update = Appended::to(&good);
    let stream = update.bytes.len();
    update.new(format!("<</Type/XRef/W[1 2 1]/Size 3{prev}/Length 0>>stream\n\nendstream"));
    update.bytes.extend(format!("startxref\n{stream}\n%%EOF\n").bytes());
    let text = |bytes: &[u8], from: &str, to: &str| {
        let at = bytes.windows(from.len()).rposition(|window| window == from.as_bytes()).unwrap();
        [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
    };
    let cases: &[(&str, Vec<u8>)] = &[
        ("a cross-reference stream", update.bytes),
        ("a line behind", [good.as_slice(), b"\n"].concat()),
        ("bytes behind", [good.as_slice(), b"trailing"].concat()),
        ("no end", good[..good.len() - 7].to_vec()),
        ("nothing but a space", [file.as_slice(), b" "].concat()),
        ("a way around us", text(&good, &prev, "/Prev 9")),
        ("a loop", text(&good, &prev, &format!("/Prev {}", super::super::file::last_section(&good).unwrap().start))),
        ("no way back", text(&good, &prev, "")),
    ];
    for (name, bytes) in cases {
        let signed = read(bytes).unwrap();
        assert!(signed.forbidden.iter().any(|said| said.contains("could not be examined")), "{name}: {signed:?}");
        assert_eq!(signed.later.last().unwrap().end, bytes.len(), "{name}");
    }
}
