//! Each outside verifier accepts the good document and rejects every bad one, with each kind of key.

use std::path::{Path, PathBuf};

use super::bench::{Bench, Document, KEYS, Key};
use super::support::pki::{Holder, identity};
use super::support::poppler::{nss, pdfsig};
use super::support::{hex, openssl, pyhanko, skip};

/// What all of them say of one document.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
struct Verdicts {
    /// `certificate check` of the JSON, of the PDF: exit codes.
    json: i32,
    pdf: i32,
    /// `openssl cms -verify` of the signature beside the JSON.
    cms: bool,
    /// The first signature in the PDF: bytes and key right, nothing harmful after it; and whose key it is.
    pyhanko: (bool, bool),
    /// The same by NSS.
    pdfsig: (bool, bool),
}

fn verdicts(bench: &Bench, document: &Document, root: &Path, database: &Path) -> Verdicts {
    let found = pyhanko::validate(&document.pdf, &[root], &[&bench.tsa.root]).unwrap_or_default();
    let told = pdfsig(&document.pdf, database);
    Verdicts {
        json: bench.check(&document.json, &[]).code(),
        pdf: bench.check(&document.pdf, &[]).code(),
        cms: openssl::accepts(&document.json, &document.p7s, root).0,
        pyhanko: found.first().map_or((false, false), |s| (s.holds(), s.accepted())),
        pdfsig: told.first().map_or((false, false), |s| (s.holds(), s.accepted())),
    }
}

/// NSS builds no chain for a certificate that signed itself and is no authority: its word on that key is no yes.
fn good(key: Key) -> Verdicts {
    Verdicts { json: 0, pdf: 0, cms: true, pyhanko: (true, true), pdfsig: (true, key != Key::Own) }
}

struct Court {
    bench: Bench,
    key: Key,
    root: PathBuf,
    database: PathBuf,
}

impl Court {
    #[track_caller]
    fn new(key: Key) -> Option<Self> {
        let bench = Bench::judged(key)?;
        let root = bench.root();
        let database = nss(&bench.directory("database"), &[&root]);
        Some(Court { bench, key, root, database })
    }

    fn verdicts(&self, document: &Document) -> Verdicts {
        verdicts(&self.bench, document, &self.root, &self.database)
    }

    /// Every document of this key: with and without a time stamp, and the record of a wipe where loop devices can be made.
    fn documents(&self) -> Vec<Document> {
        let stamped = ["--timestamp".to_string(), self.bench.tsa.url()];
        let stamped: Vec<&str> = stamped.iter().map(String::as_str).collect();
        let mut all = vec![self.bench.close(&[]), self.bench.close(&stamped)];
        if skip::root() {
            all.extend([self.bench.wipe(&[]), self.bench.wipe(&stamped)]);
        }
        all
    }
}

#[test]
fn each_accepts_the_good_document_and_knows_not_whose_it_is_without_the_root() {
    for key in KEYS {
        let Some(court) = Court::new(key) else { return };
        let other = identity(Holder::OtherAuthority, &court.bench.directory("other")).root;
        let unknown = nss(&court.bench.directory("unknown"), &[&other]);
        for document in court.documents() {
            assert_eq!(court.verdicts(&document), good(key), "{key:?} {document:?}");
            let found = verdicts(&court.bench, &document, &other, &unknown);
            assert_eq!((found.cms, found.pyhanko, found.pdfsig), (false, (true, false), (true, false)), "{key:?}");
            for file in [&document.json, &document.pdf] {
                assert_eq!(court.bench.stranger(file, &[]).code(), 8, "{key:?}");
                assert_eq!(court.bench.stranger(file, &["--trust", other.to_str().unwrap()]).code(), 8, "{key:?}");
            }
        }
    }
}

#[test]
fn openssl_and_pyhanko_accept_the_time_stamp_and_miss_it_once_stripped() {
    for key in KEYS {
        let Some(court) = Court::new(key) else { return };
        let document = court.bench.close_stamped();
        let bare = court.bench.close(&[]);
        let token = court.bench.at("stamp-token");
        let data = court.bench.at("stamp-token.stamped");
        for file in [&document.p7s, &document.pdf] {
            assert!(pyhanko::stamp_token(file, &token), "{key:?}: {} bears no time stamp", file.display());
            let (accepted, said) = openssl::accepts_stamp(&token, &data, &court.bench.tsa.root);
            assert!(accepted, "{key:?}: {said}");
            // Another root, other data, one changed byte.
            let other = identity(Holder::Person, &court.bench.directory("other")).root;
            assert!(!openssl::accepts_stamp(&token, &data, &other).0);
            assert!(!openssl::accepts_stamp(&token, &document.json, &court.bench.tsa.root).0);
            let mut bytes = std::fs::read(&token).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            std::fs::write(&token, bytes).unwrap();
            assert!(!openssl::accepts_stamp(&token, &data, &court.bench.tsa.root).0);
        }
        assert!(!pyhanko::stamp_token(&bare.p7s, &token) && !pyhanko::stamp_token(&bare.pdf, &token));
        let judged = |pdf: &Path| pyhanko::validate(pdf, &[&court.root], &[&court.bench.tsa.root]).unwrap().remove(0);
        assert!(judged(&document.pdf).stamped() && !judged(&bare.pdf).has_stamp());

        let spoilt = document.copy(&court.bench.directory("stripped"));
        assert!(pyhanko::strip_stamp(&document.pdf, &spoilt.pdf) && pyhanko::strip_stamp(&document.p7s, &spoilt.p7s));
        assert!(!judged(&spoilt.pdf).has_stamp(), "{key:?}");
        for file in [&spoilt.json, &spoilt.pdf] {
            assert_eq!(court.bench.check(file, &[]).code(), 7, "{key:?}: {}", file.display());
        }
        let swapped = document.copy(&court.bench.directory("swapped"));
        let other = court.bench.close_stamped();
        pyhanko::swap_stamp(&document.pdf, &other.pdf, &swapped.pdf);
        pyhanko::swap_stamp(&document.p7s, &other.p7s, &swapped.p7s);
        assert!(judged(&swapped.pdf).has_stamp() && !judged(&swapped.pdf).stamped(), "{key:?}");
        for file in [&swapped.json, &swapped.pdf] {
            assert_eq!(court.bench.check(file, &[]).code(), 7, "{key:?}: {}", file.display());
        }
    }
}

/// Where a needle stands in the bytes; the last of them.
fn last(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).rposition(|w| w == needle)
}

/// A byte of each part that a PDF's signature covers, by name.
fn parts(pdf: &[u8], hole: &std::ops::Range<usize>) -> Vec<(&'static str, usize)> {
    let mut parts = vec![("header", 5), ("end", pdf.len() - 3), ("before the signature", hole.start - 1)];
    for (name, needle, offset) in [
        ("a page", &b"/Type/Page/"[..], 3),
        ("the catalog", b"/Type/Catalog", 3),
        ("the metadata", b"pdfaid", 2),
        ("the attachment", b"/EmbeddedFile", 200),
        ("the attached JSON", b"radera/deletion-certificate/1", 3),
        ("a font", b"/FontFile2", 3),
        ("the signature dictionary", b"/ByteRange", 3),
        ("a content stream", b"stream\n", 40),
        ("the trailer", b"/Root", 2),
        ("the first trailer", b"/Prev", 2),
    ] {
        // What is compressed can't be found by its text.
        let Some(at) = last(pdf, needle).map(|at| at + offset) else { continue };
        if at < pdf.len() && !hole.contains(&at) {
            parts.push((name, at));
        }
    }
    assert!(parts.len() > 8, "{parts:?}");
    parts
}

#[test]
fn each_rejects_a_changed_byte_in_each_covered_part() {
    for key in KEYS {
        let Some(court) = Court::new(key) else { return };
        let document = court.bench.close(&[]);
        let spoilt = document.copy(&court.bench.directory("spoilt"));
        let pdf = std::fs::read(&document.pdf).unwrap();
        let (hole, end) = pyhanko::extract(&document.pdf, &court.bench.at("first"));
        assert_eq!(end, pdf.len(), "{key:?}: the signature covers all of it");
        for (part, at) in parts(&pdf, &hole) {
            let mut bytes = pdf.clone();
            bytes[at] ^= 1;
            std::fs::write(&spoilt.pdf, &bytes).unwrap();
            let found = court.verdicts(&spoilt);
            let rejected = (found.pdf, found.pyhanko.1, found.pdfsig.0) == (7, false, false);
            assert!(rejected, "{key:?}, {part}, byte {at}: {found:?}");
            // The JSON beside it is as it was.
            assert!(found.cms, "{key:?}, {part}: {found:?}");
        }
        // The signature value within the hole.
        pyhanko::swap_signature(&document.pdf, &document.pdf, &spoilt.pdf);
        let same = court.verdicts(&spoilt);
        assert_eq!((same.pyhanko, same.pdf), ((true, true), 0), "{key:?}: swapped for itself it still holds");
        let value = signature_value(&document.pdf, &court.bench);
        let digits = String::from_utf8_lossy(&pdf[hole.clone()]).to_lowercase();
        let at = hole.start + digits.find(&hex(&value)).expect("the signature value") + 40;
        let mut bytes = pdf.clone();
        bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
        std::fs::write(&spoilt.pdf, &bytes).unwrap();
        let found = court.verdicts(&spoilt);
        assert_eq!((found.pdf, found.pyhanko.1, found.pdfsig.0), (7, false, false), "{key:?}: {found:?}");
        std::fs::write(&spoilt.pdf, &pdf).unwrap();

        for (good, place) in [(&document.json, &spoilt.json), (&document.p7s, &spoilt.p7s)] {
            let bytes = std::fs::read(good).unwrap();
            let value = signature_value(&document.p7s, &court.bench);
            let in_value = bytes.windows(value.len()).position(|w| w == value);
            let chosen = in_value.map_or(vec![0, bytes.len() / 2, bytes.len() - 1], |at| vec![0, 3, at + 9, at + 30]);
            for at in chosen {
                let mut changed = bytes.clone();
                changed[at] ^= 1;
                std::fs::write(place, &changed).unwrap();
                let found = court.verdicts(&spoilt);
                assert!(found.json == 7 && !found.cms, "{key:?}, {} byte {at}: {found:?}", place.display());
            }
            std::fs::write(place, &bytes).unwrap();
        }
        assert_eq!(court.verdicts(&spoilt), good_verdicts(&court), "{key:?}: all is back");
    }
}

fn good_verdicts(court: &Court) -> Verdicts {
    good(court.key)
}

/// The first signature's value, by openssl's own reading of the CMS.
fn signature_value(file: &Path, bench: &Bench) -> Vec<u8> {
    let cms = bench.at("value.p7s");
    if file.extension().is_some_and(|e| e == "pdf") {
        pyhanko::extract(file, &cms);
    } else {
        std::fs::copy(file, &cms).unwrap();
    }
    // The value is the last octet string of the only signer; a time stamp would come after it.
    let said = super::support::run("openssl", &["asn1parse", "-inform", "DER", "-in", cms.to_str().unwrap()]);
    let line = said.lines().rfind(|l| l.contains("OCTET STRING")).expect("an octet string");
    let digits = line.rsplit("[HEX DUMP]:").next().unwrap().trim();
    (0..digits.len() / 2).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap()).collect()
}

#[test]
fn each_rejects_a_swapped_attachment_and_a_swapped_signature() {
    for key in KEYS {
        let Some(court) = Court::new(key) else { return };
        let (document, other) = (court.bench.close(&[]), court.bench.close(&["--lang", "da"]));
        assert_ne!(std::fs::read(&document.json).unwrap(), std::fs::read(&other.json).unwrap());
        let spoilt = document.copy(&court.bench.directory("spoilt"));
        for how in ["attachment", "second-attachment"] {
            pyhanko::harm(&document.pdf, &spoilt.pdf, how);
            let found = court.verdicts(&spoilt);
            assert!(!found.pyhanko.1 && found.pdf == 7, "{key:?}, {how}: {found:?}");
            assert!(!pdfsig(&spoilt.pdf, &court.database)[0].whole, "{key:?}, {how}");
        }
        pyhanko::swap_signature(&document.pdf, &other.pdf, &spoilt.pdf);
        std::fs::copy(&other.p7s, &spoilt.p7s).unwrap();
        let found = court.verdicts(&spoilt);
        let expected = Verdicts { json: 7, pdf: 7, cms: false, pyhanko: (false, false), pdfsig: (false, false) };
        assert_eq!(found, expected, "{key:?}");
        // The PDF of another document beside this one's JSON.
        std::fs::copy(&other.pdf, &spoilt.pdf).unwrap();
        let found = court.verdicts(&spoilt);
        assert_eq!(found.json, 7, "{key:?}: {found:?}");
    }
}

#[test]
fn each_rejects_another_key_and_an_expired_one() {
    for key in KEYS {
        let Some(court) = Court::new(key) else { return };
        let document = court.bench.close(&[]);
        let spoilt = document.copy(&court.bench.directory("spoilt"));
        let plain = court.bench.at("plain.pdf");
        let rendered = court.bench.render(&document.json, &plain, &["--lang", "en"]);
        assert_eq!(rendered.code(), 0, "{rendered:?}");
        for holder in [Holder::Impostor, Holder::OtherAuthority, Holder::Expired, Holder::NotYetValid, Holder::Person] {
            let liar = identity(holder, &court.bench.directory("liars"));
            openssl::sign(&document.json, &liar, &spoilt.p7s);
            pyhanko::sign(&plain, &spoilt.pdf, &liar, "Signature1", false);
            let found = court.verdicts(&spoilt);
            assert!(!found.cms && !found.pyhanko.1 && !found.pdfsig.1, "{key:?}, {holder:?}: {found:?}");
            // The JSON names its signer by fingerprint, and this is another; a copy signed by a stranger is a stranger's.
            let stale = matches!(holder, Holder::Expired | Holder::NotYetValid);
            let refused = found.pdf == 7 || (!stale && found.pdf == 8);
            assert!(found.json == 7 && refused, "{key:?}, {holder:?}: {found:?}");
        }
    }
    // A whole station of the impostor's, whose authorities bear the right names.
    let Some(court) = Court::new(Key::Imported(Holder::Impostor)) else { return };
    let document = court.bench.close(&[]);
    assert_eq!(court.verdicts(&document), good(court.key));
    let root = identity(Holder::Organisation, &court.bench.directory("true")).root;
    let database = nss(&court.bench.directory("true database"), &[&root]);
    let found = verdicts(&court.bench, &document, &root, &database);
    assert!(!found.cms && found.pyhanko == (true, false) && !found.pdfsig.1, "{found:?}");
    for file in [&document.json, &document.pdf] {
        assert_eq!(court.bench.stranger(file, &["--trust", root.to_str().unwrap()]).code(), 8);
    }
}
