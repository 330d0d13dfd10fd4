//! Signing, and reading what was signed.

use proptest::prelude::*;

use super::super::{syntax, write};
use super::append::view;
use super::*;

/// What the signature at hand covers, and its CMS.
fn parts(file: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    read(file).ok().map(|signed| (signed.content.concat(), signed.cms))
}

#[test]
fn what_was_signed_is_read_back() {
    for tagged in [false, true] {
        for pages in [1, 3] {
            let base = sample::pdf(pages, "erklæring.json", sample::JSON, tagged);
            let empty =
                Dictionary { at: 0, name: String::new(), reason: String::new(), location: None, time_stamp: None };
            let odd = Dictionary { name: "a(b\\)\n\t€ 𝄞".into(), location: Some(String::new()), ..dictionary() };
            for dictionary in [dictionary(), empty, odd] {
                let prepared = prepare(&base, &dictionary, 500).unwrap();
                let content = prepared.content().concat();
                let file = prepared.complete(&der(300)).unwrap();
                let signed = read(&file).unwrap();
                assert_eq!(signed.base, base);
                assert_eq!(signed.dictionary, dictionary);
                assert_eq!(signed.cms, der(300));
                assert_eq!(signed.content.concat(), content);
                assert_eq!((signed.end, file.len() - content.len()), (file.len(), 1002));
                assert_eq!((signed.later, signed.forbidden), (vec![], vec![]));
            }
        }
    }
}

#[test]
fn the_signature_dictionary_holds_what_pades_asks_for() {
    let file = signed(true);
    let view = view(&file);
    let catalog = view.dict(view.root().unwrap()).unwrap();
    let form = catalog.get("AcroForm").unwrap().as_dict().unwrap();
    assert_eq!(form.get("SigFlags").unwrap().as_integer(), Some(3));
    assert!(catalog.get("Perms").is_none(), "an approval is no certification");
    let field = view.dict(form.get("Fields").unwrap().as_array().unwrap()[0].as_ref().unwrap()).unwrap();
    let signature = view.dict(field.get("V").unwrap().as_ref().unwrap()).unwrap();
    assert!(signature.says("Type", "Sig") && signature.says("SubFilter", "ETSI.CAdES.detached"));
    assert!(signature.get("Cert").is_none() && signature.get("Reference").is_none());
    let text = write::read_text(signature.get("XXRaderaTimeStamp").unwrap());
    assert_eq!(text.as_deref(), Some("https://tsa.example.org/tsr"));
    let range: Vec<usize> =
        signature.get("ByteRange").unwrap().as_array().unwrap().iter().filter_map(|n| n.as_integer()).collect();
    let [0, before, behind, rest] = range[..] else { panic!("{range:?}") };
    assert_eq!((file[before], file[behind - 1], behind + rest), (b'<', b'>', file.len()));
}

#[test]
fn a_tagged_file_stays_tagged() {
    let file = signed(true);
    let view = view(&file);
    let catalog = view.dict(view.root().unwrap()).unwrap();
    let root = view.dict(catalog.get("StructTreeRoot").unwrap().as_ref().unwrap()).unwrap();
    let page = view.dict(view.pages().unwrap()[0]).unwrap();
    assert!(page.says("Tabs", "S"));
    let widget = page.get("Annots").unwrap().as_array().unwrap()[0].as_ref().unwrap();
    let key = view.dict(widget).unwrap().get("StructParent").unwrap().as_integer().unwrap();
    assert_eq!(root.get("ParentTreeNextKey").unwrap().as_integer(), Some(key + 1));
    let numbers = root.get("ParentTree").unwrap().as_dict().unwrap().get("Nums").unwrap().as_array().unwrap();
    let at = numbers.iter().step_by(2).position(|n| n.as_integer() == Some(key)).unwrap();
    let element = numbers[2 * at + 1].as_ref().unwrap();
    let form = view.dict(element).unwrap();
    assert!(form.says("S", "Form"));
    let reference = form.get("K").unwrap().as_array().unwrap()[0].as_dict().unwrap();
    assert_eq!(reference.get("Obj").unwrap().as_ref(), Some(widget));
    let parent = view.dict(form.get("P").unwrap().as_ref().unwrap()).unwrap();
    assert!(parent.get("K").unwrap().as_array().unwrap().iter().any(|kid| kid.as_ref() == Some(element)));
}

#[test]
fn attachments_are_read_as_they_were_put_in() {
    for tagged in [false, true] {
        let base = sample::pdf(1, "erklæring.json", sample::JSON, tagged);
        assert_eq!(attachments(&base).unwrap(), [("erklæring.json".to_owned(), sample::JSON.as_bytes().to_vec())]);
    }
    assert!(matches!(attachments(&signed(false)), Err(PadesError::Attachment(_))), "only of what was never signed");
    let text = String::from_utf8_lossy(&sample::pdf(1, "a.json", "{}", false)).into_owned();
    assert!(text.contains("/AF["), "the test below tries nothing");
    let mut bytes = sample::pdf(1, "a.json", "{}", false);
    let at = bytes.windows(4).position(|window| window == b"/AF[").unwrap();
    bytes[at + 1] = b'B';
    assert!(matches!(attachments(&bytes), Err(PadesError::Attachment(_))), "a file that is not associated");
}

/// Every single byte but the digits of the CMS: another value of it is refused, or it is what the signature covers.
#[test]
fn no_byte_outside_the_signature_is_free() {
    for tagged in [false, true] {
        let file = signed(tagged);
        let (content, cms) = parts(&file).unwrap();
        let digits = file.windows(601).position(|window| window[0] == b'<' && window[1..9] == *b"30820128").unwrap();
        let mut refused = 0;
        for at in (0..file.len()).filter(|at| !(digits + 1..digits + 601).contains(at)) {
            for flip in [1, 0x20] {
                let mut other = file.clone();
                other[at] ^= flip;
                match parts(&other) {
                    None => refused += 1,
                    Some((found, _)) => assert!(found != content, "byte {at} of {} is free", file.len()),
                }
            }
        }
        // All of our revision: whatever its bytes say is made again.
        let ours = file.len() - read(&file).unwrap().base.len() - 600;
        assert!(refused >= 2 * ours, "{refused} of {ours}");
        assert_eq!(parts(&file), Some((content, cms)));
    }
}

#[test]
fn upper_case_digits_and_longer_padding_are_refused() {
    let file = signed(false);
    let at = file.windows(9).position(|window| window == b"<30820128").unwrap();
    for (place, byte) in [(at + 9, b'A'), (at + 601, b'1'), (at + 602, b' ')] {
        let mut other = file.clone();
        assert_ne!(other[place], byte);
        other[place] = byte;
        assert!(
            matches!(read(&other), Err(PadesError::Changed { .. } | PadesError::NotDer | PadesError::Form(_))),
            "{place}"
        );
    }
}

#[test]
fn a_swapped_attachment_is_another_content() {
    let file = signed(false);
    let at = file.windows(4).position(|window| window == "Ærø".as_bytes().get(..4).unwrap()).unwrap();
    let mut other = file.clone();
    other[at + 5..at + 8].copy_from_slice(b"xyz");
    let (one, two) = (read(&file).unwrap(), read(&other).unwrap());
    assert_ne!(one.content.concat(), two.content.concat());
    let longer = sample::pdf(1, "erklæring.json", "{\"name\":\"another\"}", false);
    let ours = &file[one.base.len()..];
    assert!(read(&[longer.as_slice(), ours].concat()).is_err(), "our revision behind another file");
}

#[test]
fn what_is_cut_off_is_refused() {
    let file = signed(true);
    for length in 0..file.len() {
        assert!(read(&file[..length]).is_err(), "{length} of {}", file.len());
    }
}

#[test]
fn what_is_not_ours_is_told_apart() {
    let base = sample::pdf(1, "a.json", "{}", false);
    assert_eq!(read(b"{}").unwrap_err(), PadesError::NotPdf);
    assert_eq!(read(&base).unwrap_err(), PadesError::NotSigned);
    assert!(is_pdf(&base) && !is_pdf(b"{}"));
    assert!(prepare(&signed(false), &dictionary(), 100).is_err(), "one signature of ours a file");
    let taken = base.iter().copied().chain(*b"\n").collect::<Vec<u8>>();
    assert!(matches!(prepare(&taken, &dictionary(), 100), Err(PadesError::Form(_))));
}

#[test]
fn what_is_out_of_bounds_is_refused() {
    let base = sample::pdf(1, "a.json", "{}", false);
    let bounds = |result: Result<Prepared, PadesError>| matches!(result, Err(PadesError::Bounds(_)));
    assert!(bounds(prepare(&base, &dictionary(), 0)));
    assert!(bounds(prepare(&base, &dictionary(), usize::MAX)));
    assert!(bounds(prepare(&base, &Dictionary { at: u64::MAX, ..dictionary() }, 100)));
    assert!(bounds(prepare(&base, &Dictionary { reason: "æ".repeat(4097), ..dictionary() }, 100)));
    let prepared = prepare(&base, &dictionary(), 100).unwrap();
    assert_eq!(prepared.clone().complete(&der(101)).unwrap_err(), PadesError::Room { needed: 101, room: 100 });
    for not_der in [&b""[..], b"\x30", b"\x30\x80\0\0", b"\x30\x81\x01\0", b"\x30\x02\0", b"\x30\0\0", b"\x04\0"] {
        assert_eq!(prepared.clone().complete(not_der).unwrap_err(), PadesError::NotDer, "{not_der:?}");
    }
    assert!(prepared.complete(b"\x30\0").is_ok());
}

#[test]
fn dates_are_those_of_the_calendar() {
    let seen = [
        (0, "D:19700101000000+00'00'"),
        (951_782_400, "D:20000229000000+00'00'"),
        (1_795_341_600, "D:20261122100000+00'00'"),
        (4_107_542_399, "D:21000228235959+00'00'"),
        (4_107_542_400, "D:21000301000000+00'00'"),
        (253_402_300_799, "D:99991231235959+00'00'"),
    ];
    for (at, text) in seen {
        assert_eq!(write::date(at).unwrap().as_text().unwrap().bytes, text.as_bytes());
    }
}

proptest! {
    #[test]
    fn dates_come_back(at in 0u64..=253_402_300_799) {
        prop_assert_eq!(write::read_date(&write::date(at).unwrap()), Some(at));
    }

    #[test]
    fn texts_come_back(text in any::<String>()) {
        let mut bytes = Vec::new();
        write::value(&mut bytes, &write::text(&text));
        let value = syntax::Reader::new(&bytes, 0).value().unwrap();
        prop_assert_eq!(write::read_text(&value), Some(text));
    }
}
