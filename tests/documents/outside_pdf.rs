//! The helpers that read a PDF, tried on samples that pyHanko signed, good and bad.

use std::path::{Path, PathBuf};

use super::support::pki::{Holder, Identity, identity};
use super::support::poppler::{PROGRAMS, info, qpdf_accepts, words_of};
use super::support::poppler::{Page, Word, attachments, ink, ink_in_margin, misplaced, nss, pages, pdfsig, picture};
use super::support::{hex, pyhanko, qr, skip};

/// A signed and time-stamped sample with its attachment.
struct Sample {
    dir: tempfile::TempDir,
    holder: Identity,
    tsa: Identity,
    plain: PathBuf,
    signed: PathBuf,
}

impl Sample {
    fn new(holder: Holder) -> Option<Self> {
        if !pyhanko::is_here() || !skip::programs(&PROGRAMS) {
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        let (holder, tsa) = (identity(holder, dir.path()), identity(Holder::Tsa, dir.path()));
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("sample.json"), br#"{"status":"sanitized"}"#).unwrap();
        let (plain, signed) = (at("plain.pdf"), at("signed.pdf"));
        pyhanko::sample(&at("sample.json"), &plain);
        pyhanko::sign_stamped(&plain, &signed, &holder, &tsa);
        Some(Sample { dir, holder, tsa, plain, signed })
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn accepts(&self, pdf: &Path) -> bool {
        pyhanko::accepts(pdf, &[&self.holder.root], &[&self.tsa.root])
    }
}

#[test]
fn pyhanko_and_pdfsig_accept_the_good_sample_by_its_root_alone() {
    for holder in [Holder::Organisation, Holder::Person] {
        let Some(sample) = Sample::new(holder) else { return };
        let found = pyhanko::validate(&sample.signed, &[&sample.holder.root], &[&sample.tsa.root]).unwrap();
        let [one] = &found[..] else { panic!("{found:?}") };
        assert!(one.accepted() && one.stamped() && one.coverage() == "ENTIRE_FILE", "{one:?}");
        let unknown = pyhanko::validate(&sample.signed, &[&sample.tsa.root], &[&sample.holder.root]).unwrap();
        assert!(unknown[0].holds() && !unknown[0].trusted() && !unknown[0].stamped(), "{unknown:?}");

        let told = pdfsig(&sample.signed, &nss(sample.dir.path(), &[&sample.holder.root]));
        assert!(told.len() == 1 && told[0].accepted() && told[0].whole, "{holder:?}: {told:?}");
        let told = pdfsig(&sample.signed, &nss(&sample.at("none"), &[]));
        assert!(told[0].holds() && !told[0].accepted(), "{told:?}");
        assert!(qpdf_accepts(&sample.signed).0);
    }
}

#[test]
fn a_changed_byte_is_seen_by_every_one_of_them() {
    let Some(sample) = Sample::new(Holder::Organisation) else { return };
    let database = nss(sample.dir.path(), &[&sample.holder.root]);
    let good = std::fs::read(&sample.signed).unwrap();
    let place = |needle: &[u8]| good.windows(needle.len()).position(|w| w == needle).unwrap();
    let (hole, end) = pyhanko::extract(&sample.signed, &sample.at("first.p7s"));
    assert_eq!((end, good[hole.start], good[hole.end - 1]), (good.len(), b'<', b'>'));
    for (at, what) in [(place(b"sanitized"), "attachment"), (place(b"Page 1"), "page"), (good.len() - 9, "trailer")] {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        let bad = sample.at("bad.pdf");
        std::fs::write(&bad, &bytes).unwrap();
        assert!(!sample.accepts(&bad), "{what}");
        assert!(!pdfsig(&bad, &database).iter().any(|s| s.holds()), "{what}");
    }
    // The signature itself, in hexadecimal.
    assert!(pyhanko::stamp_token(&sample.signed, &sample.at("token")));
    let value = hex(&std::fs::read(sample.at("token.stamped")).unwrap());
    let mut bytes = good.clone();
    let digits = String::from_utf8_lossy(&good[hole.clone()]).to_lowercase();
    let at = hole.start + digits.find(&value).unwrap() + 100;
    bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
    std::fs::write(sample.at("bad.pdf"), &bytes).unwrap();
    assert!(!sample.accepts(&sample.at("bad.pdf")));
    std::fs::write(sample.at("cut.pdf"), &good[..good.len() - 200]).unwrap();
    assert!(!qpdf_accepts(&sample.at("cut.pdf")).0 && !sample.accepts(&sample.at("cut.pdf")));
    std::fs::write(sample.at("text.pdf"), "no PDF").unwrap();
    assert!(!qpdf_accepts(&sample.at("text.pdf")).0 && pdfsig(&sample.at("text.pdf"), &database).is_empty());
    assert!(!sample.accepts(&sample.plain) && pdfsig(&sample.plain, &database).is_empty(), "it is not signed");
}

#[test]
fn keys_that_may_not_sign_are_refused() {
    for holder in [Holder::Expired, Holder::NotYetValid, Holder::WrongUsage, Holder::Impostor, Holder::OtherAuthority] {
        let Some(sample) = Sample::new(holder) else { return };
        let root = identity(Holder::Organisation, sample.dir.path()).root;
        assert!(!pyhanko::accepts(&sample.signed, &[&root], &[&sample.tsa.root]), "{holder:?}");
        let database = nss(sample.dir.path(), &[&root]);
        if holder != Holder::WrongUsage {
            assert!(!pdfsig(&sample.signed, &database).iter().any(|s| s.accepted()), "{holder:?}");
        }
    }
}

#[test]
fn later_signatures_and_stamps_are_tolerated_and_harm_is_not() {
    let Some(sample) = Sample::new(Holder::Organisation) else { return };
    let later = identity(Holder::Person, sample.dir.path());
    let roots = [&*sample.holder.root, &*later.root];
    let out = sample.at("later.pdf");
    for visible in [false, true] {
        pyhanko::sign(&sample.signed, &out, &later, "Receiver", visible);
        let found = pyhanko::validate(&out, &roots, &[&sample.tsa.root]).unwrap();
        assert!(found.len() == 2 && found.iter().all(|s| s.accepted()), "{found:?}");
        assert_eq!((found[0].coverage(), found[1].coverage()), ("ENTIRE_REVISION", "ENTIRE_FILE"));
    }
    pyhanko::stamp(&sample.signed, &out, &sample.tsa);
    let found = pyhanko::validate(&out, &roots, &[&sample.tsa.root]).unwrap();
    assert!(found[0].accepted() && found[1].kind() == "document-time-stamp" && found[1].holds(), "{found:?}");
    for how in pyhanko::HARMS {
        pyhanko::harm(&sample.signed, &out, how);
        assert!(qpdf_accepts(&out).0, "{how} is harm, and a proper PDF");
        let found = pyhanko::validate(&out, &roots, &[&sample.tsa.root]);
        assert!(!sample.accepts(&out), "{how}: {found:?}");
        // The harm is all that is wrong.
        assert!(std::fs::read(&out).unwrap().starts_with(&std::fs::read(&sample.signed).unwrap()), "{how}");
    }
}

#[test]
fn stamps_and_signatures_are_stripped_and_swapped_as_asked() {
    let Some(sample) = Sample::new(Holder::Organisation) else { return };
    let trust = |pdf: &Path| pyhanko::validate(pdf, &[&sample.holder.root], &[&sample.tsa.root]).unwrap();
    let out = sample.at("out.pdf");
    assert!(pyhanko::strip_stamp(&sample.signed, &out));
    let found = trust(&out);
    assert!(found[0].accepted() && !found[0].has_stamp(), "{found:?}");

    let token = sample.at("token");
    assert!(pyhanko::stamp_token(&sample.signed, &token) && !pyhanko::stamp_token(&out, &token));

    let other = Sample::new(Holder::Organisation).unwrap();
    pyhanko::swap_signature(&sample.signed, &other.signed, &out);
    let found = trust(&out);
    assert!(found[0].0["intact"] == false && !found[0].accepted(), "{found:?}");
    pyhanko::swap_stamp(&sample.signed, &other.signed, &out);
    let found = trust(&out);
    assert!(found[0].has_stamp() && !found[0].stamped(), "{found:?}");
}

#[test]
fn the_geometry_tells_words_that_overlap_or_leave_the_page() {
    let Some(sample) = Sample::new(Holder::Person) else { return };
    let seen = pages(&sample.signed);
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].words.iter().map(|w| &*w.text).collect::<Vec<_>>(), ["Page", "1"]);
    assert!(misplaced(&seen, 30.0).is_empty(), "{:?}", misplaced(&seen, 30.0));
    assert!(words_of(&sample.signed).contains("Page 2"));
    assert_eq!(info(&sample.signed, "Pages"), "2");
    assert_eq!(attachments(&sample.signed, sample.dir.path())[0].1, br#"{"status":"sanitized"}"#);
    let picture = picture(&sample.signed, 1, sample.dir.path());
    assert!(ink(&picture) > 20 && ink_in_margin(&picture, 30) == 0 && ink_in_margin(&picture, 200) > 0);

    let word = |left: f64, top: f64| Word { text: "w".into(), left, top, right: left + 40.0, bottom: top + 10.0 };
    let page = |words: &[Word]| vec![Page { width: 595.0, height: 842.0, words: words.to_vec() }];
    assert!(misplaced(&page(&[word(40.0, 40.0), word(40.0, 50.0), word(80.2, 40.0)]), 30.0).is_empty());
    for bad in [word(60.0, 44.0), word(29.0, 90.0), word(540.0, 90.0), word(90.0, 20.0), word(90.0, 805.0)] {
        assert_eq!(misplaced(&page(&[word(40.0, 40.0), bad.clone()]), 30.0).len(), 1, "{bad:?}");
    }
}

#[test]
fn a_qr_code_is_read_and_a_damaged_or_missing_one_is_not() {
    let Some(sample) = Sample::new(Holder::Person) else { return };
    let at = sample.at("code.pgm");
    let text = format!("sha256:{}", "a1".repeat(32));
    qr::draw(&text, &at);
    assert_eq!(qr::read(&at), [text]);
    let mut bytes = std::fs::read(&at).unwrap();
    let (from, until) = (bytes.len() / 4, bytes.len() * 3 / 4);
    bytes[from..until].fill(255);
    std::fs::write(&at, bytes).unwrap();
    assert!(qr::read(&at).is_empty());
    assert!(qr::codes(&sample.signed, 1, 150, sample.dir.path()).is_empty());
}
