//! Bytes of strangers: no panic, and no good word for what was changed.

use proptest::collection::vec;
use proptest::prelude::*;

use super::append::Appended;
use super::*;

/// Reads whatever it is.
fn all(bytes: &[u8]) {
    let _ = attachments(bytes);
    let _ = prepare(bytes, &dictionary(), 64);
    if let Ok(signed) = read(bytes) {
        assert!(signed.end <= bytes.len());
        for later in &signed.later {
            if let LaterKind::Signature(added) | LaterKind::DocTimeStamp(added) = &later.kind {
                assert!(added.content.iter().all(|part| bytes.get(part.clone()).is_some()));
            }
        }
        assert_eq!(signed.later.is_empty(), signed.end == bytes.len());
    }
}

/// A file of ours with a signature and a store of certificates behind it.
fn appended() -> (Vec<u8>, usize) {
    let file = signed(true);
    let mut update = Appended::to(&file);
    update.signature("1 2 3 4", "/AP<</N<<>>>>/MK<<>>");
    (update.finish(), file.len())
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in [("[", "]"), ("<</A", ">>"), ("(", ")")] {
        let body = format!("%PDF-1.7\n1 0 obj\n{}{}", open.repeat(100_000), close.repeat(100_000));
        all(body.as_bytes());
        all(format!("{body}\nxref\n0 0\ntrailer\n{}", open.repeat(100_000)).as_bytes());
    }
    for tail in ["xref\n0 4294967295\n", "xref\n4294967295 1\n", "xref\n0 99999999999999999999\n", "xref\n"] {
        all(format!("%PDF-1.7\n{tail}trailer<<>>\nstartxref\n9\n%%EOF").as_bytes());
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in vec(any::<u8>(), 0..400)) {
        all(&bytes);
        all(&[b"%PDF-1.7\n".as_slice(), &bytes].concat());
    }

    #[test]
    fn words_of_a_pdf_do_not_panic(words in vec(0usize..24, 0..80)) {
        const WORDS: [&str; 24] = [
            "<<", ">>", "[", "]", "(", ")", "<", ">", "/Root", "/Size", "/Prev", "1", "0", "R", "obj", "endobj", "stream\n",
            "endstream", "xref", "trailer", "startxref\n9", "%%EOF\n", "0000000000 00000 n\r\n", "/Length",
        ];
        let text: Vec<&str> = words.into_iter().filter_map(|word| WORDS.get(word).copied()).collect();
        all(format!("%PDF-1.7\n{}", text.join(" ")).as_bytes());
        all(format!("%PDF-1.7\nxref {} startxref\n9\n%%EOF", text.join(" ")).as_bytes());
    }

    #[test]
    fn mutated_files_do_not_panic(places in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let (mut bytes, _) = appended();
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        all(&bytes);
    }

    #[test]
    fn spliced_files_do_not_panic(from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let (bytes, _) = appended();
        let (from, to, at) = (from.index(bytes.len()), to.index(bytes.len()), at.index(bytes.len()));
        let piece = &bytes[from.min(to)..from.max(to)];
        all(&[&bytes[..at], piece, &bytes[at..]].concat());
        all(&[&bytes[..from.min(to)], &bytes[from.max(to)..]].concat());
    }
}

/// Each byte of what was appended: whatever it becomes, our revision is read as it was, and the change is forbidden, or
/// what was appended says it itself and its signature covers it.
#[test]
fn each_changed_byte_behind_us_is_covered_or_forbidden() {
    let (good, end) = appended();
    let before = read(&good).unwrap();
    assert_eq!(before.forbidden, Vec::<String>::new());
    let LaterKind::Signature(added) = &before.later[0].kind else { panic!() };
    let content: Vec<u8> = added.content.iter().flat_map(|part| good[part.clone()].to_vec()).collect();
    for at in end..good.len() {
        let mut other = good.clone();
        other[at] ^= 1;
        let after = read(&other).unwrap();
        assert_eq!((after.end, after.base, &after.cms), (before.end, before.base, &before.cms));
        let covered = match &after.later[0].kind {
            LaterKind::Signature(now) => {
                let now_content: Vec<u8> = now.content.iter().flat_map(|part| other[part.clone()].to_vec()).collect();
                now.cms != added.cms || now_content != content || !now.byte_range_covers_all_before
            }
            _ => false,
        };
        // Padding of another's signature is theirs.
        let padding = added.content[0].end..added.content[1].start;
        assert!(covered || !after.forbidden.is_empty() || padding.contains(&at), "byte {at}: {:?}", after.later);
    }
}
