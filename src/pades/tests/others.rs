//! Files that another program signed after us: tests/data/pades, whose README says how they were made.

use super::append::view;
use super::*;

const OURS: &[u8] = include_bytes!("../../../tests/data/pades/ours.pdf");
pub const VISIBLE: &[u8] = include_bytes!("../../../tests/data/pades/visible.pdf");
pub const FILLED: &[u8] = include_bytes!("../../../tests/data/pades/filled.pdf");
pub const LTA: &[u8] = include_bytes!("../../../tests/data/pades/lta.pdf");

fn kinds(signed: &Signed<'_>) -> Vec<&'static str> {
    let kind = |later: &Later| match &later.kind {
        LaterKind::Signature(added) if added.byte_range_covers_all_before => "signature",
        LaterKind::DocTimeStamp(added) if added.byte_range_covers_all_before => "time stamp",
        LaterKind::Signature(_) | LaterKind::DocTimeStamp(_) => "of a part",
        LaterKind::Dss => "store",
        LaterKind::Other => "other",
    };
    signed.later.iter().map(kind).collect()
}

#[test]
fn what_another_program_adds_is_told_and_tolerated() {
    let first = [Visible { page: 1, rectangle: [100.0, 100.0, 300.0, 200.0] }];
    let later = [Visible { page: 1, rectangle: [50.0, 50.0, 120.0, 90.0] }];
    let files: [(&[u8], &[&str], &[Visible]); 4] = [
        (OURS, &[], &[]),
        (VISIBLE, &["signature"], &first),
        (FILLED, &["other", "signature"], &later),
        (LTA, &["signature", "time stamp", "store"], &[]),
    ];
    for (file, expected, visible) in files {
        let signed = read(file).unwrap();
        assert_eq!(signed.forbidden, Vec::<String>::new());
        assert_eq!(kinds(&signed), expected);
        assert_eq!(file.get(..signed.end), Some(OURS));
        assert_eq!(signed.dictionary, Dictionary { time_stamp: None, ..dictionary() });
        assert_eq!(signed.later.last().map_or(&[][..], |later| &later.visible), visible);
        assert_eq!(
            attachments(signed.base).unwrap(),
            [("erklæring.json".to_owned(), sample::JSON.as_bytes().to_vec())]
        );
        for later in &signed.later {
            if let LaterKind::Signature(added) | LaterKind::DocTimeStamp(added) = &later.kind {
                assert_eq!(der_length(&added.cms), Some(added.cms.len()));
                assert_eq!(added.content[1].end, later.end);
            }
        }
    }
}

#[test]
fn a_signature_in_a_field_that_awaited_it_has_its_name() {
    let signed = read(FILLED).unwrap();
    let LaterKind::Signature(added) = &signed.later[1].kind else { panic!() };
    assert_eq!((added.field.as_str(), added.subfilter.as_str()), ("Later", "adbe.pkcs7.detached"));
}

/// pyHanko writes the metadata anew, in another form. A value of them that is another one is found.
#[test]
fn metadata_that_are_written_anew_are_compared() {
    let end = read(VISIBLE).unwrap().end;
    let view = view(VISIBLE);
    let catalog = view.dict(view.root().unwrap()).unwrap();
    let range = view.object(catalog.get("Metadata").unwrap().as_ref().unwrap()).unwrap().stream.unwrap();
    assert!(range.start > end);
    let text = String::from_utf8(VISIBLE[range.clone()].to_vec()).unwrap();
    for (from, to) in
        [("pdfaid:part=\"3", "pdfaid:part=\"1"), ("erkl", "erkL"), (">da<", ">sv<"), ("<dc:title", "<pdf:itle")]
    {
        assert!(text.contains(from), "{from}");
        let mut other = VISIBLE.to_vec();
        other[range.clone()].copy_from_slice(text.replacen(from, to, 1).as_bytes());
        let said = read(&other).unwrap().forbidden;
        assert!(said.iter().any(|said| said.ends_with("the metadata say something else")), "{from}: {said:?}");
    }
    let saved = text.replacen("2026-", "2027-", 1);
    let mut other = VISIBLE.to_vec();
    other[range].copy_from_slice(saved.as_bytes());
    assert_eq!(read(&other).unwrap().forbidden, Vec::<String>::new(), "when it was saved is no matter here");
}

#[test]
fn what_is_cut_out_between_revisions_is_found() {
    let signed = read(LTA).unwrap();
    let (first, second) = (signed.later[0].end, signed.later[1].end);
    let without = [&LTA[..first], &LTA[second..]].concat();
    assert!(!read(&without).unwrap().forbidden.is_empty());
    for cut in [signed.end + 1, first - 1, first + 100, second - 1] {
        assert!(!read(&LTA[..cut]).unwrap().forbidden.is_empty(), "{cut}");
    }
    for whole in [first, second] {
        assert_eq!(read(&LTA[..whole]).unwrap().forbidden, Vec::<String>::new());
    }
}
