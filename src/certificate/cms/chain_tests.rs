//! Signatures with other keys, with a chain, and with a time stamp.

use std::fs;

use proptest::prelude::*;

use super::super::testing::{OpensslAuthority, TSA, openssl_says, pki};
use super::super::trust::Trust;
use super::*;

const CONTENT: &[u8] = b"{\"a\":1}";

fn trust(names: &[&str]) -> Trust {
    Trust { certificates: names.iter().map(|name| pki().der(name)).collect(), ..Trust::default() }
}

#[test]
fn every_kind_of_key_signs_in_both_forms_and_openssl_agrees() {
    for (name, kind, said) in [
        ("rsa", Some(SignerKind::Organisation), "Eksempel & Søn ApS"),
        ("p256", Some(SignerKind::Person), "Åse Jensen"),
        ("p384", None, "Nogen"),
    ] {
        let signer = pki().signer(name);
        for form in [Form::Detached, Form::Pdf] {
            let signature = signer.sign(CONTENT, form, None).unwrap();
            let found = verify(CONTENT, &signature, form).unwrap();
            assert_eq!(found.certificate_der, pki().der(name));
            assert_eq!(found.chain_der, [pki().der("middle")]);
            assert_eq!((found.kind, found.name.as_deref()), (kind, Some(said)));
            assert_eq!(found.signing_time.is_some(), form == Form::Detached);
            assert_eq!(verify(b"{\"a\":2}", &signature, form).unwrap_err(), CmsError::Content);
            let other = if form == Form::Pdf { Form::Detached } else { Form::Pdf };
            assert!(matches!(verify(CONTENT, &signature, other), Err(CmsError::Form(_))));
            assert!(trust(&["root"]).judge(&found).0, "{}", trust(&["root"]).judge(&found).1);
            assert!(trust(&["middle"]).judge(&found).0);
            assert!(trust(&[name]).judge(&found).0);
            assert!(!trust(&["other"]).judge(&found).0, "of the same name, and another key");
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join("s"), &signature).unwrap();
            for (content, good) in [(CONTENT, true), (b"{\"a\":2}", false)] {
                fs::write(dir.path().join("c"), content).unwrap();
                let root = pki().at("root.pem");
                let arguments =
                    ["cms", "-verify", "-binary", "-inform", "DER", "-in", "s", "-content", "c", "-purpose"];
                let rest = ["any", "-out", "o", "-CAfile", root.to_str().unwrap()];
                assert_eq!(openssl_says(dir.path(), &[&arguments[..], &rest].concat()), good, "{name} {form:?}");
            }
        }
    }
}

#[test]
fn a_changed_byte_anywhere_makes_a_signature_with_a_chain_unsound() {
    for name in ["p256", "rsa"] {
        let mut signature = pki().signer(name).sign(CONTENT, Form::Detached, None).unwrap();
        for at in 0..signature.len() {
            for bit in [0x01, 0x20, 0x80] {
                signature[at] ^= bit;
                assert!(verify(CONTENT, &signature, Form::Detached).is_err(), "{name}: bit {bit:#x} of byte {at}");
                signature[at] ^= bit;
            }
        }
        assert!(verify(CONTENT, &signature, Form::Detached).is_ok());
    }
}

#[test]
fn certificates_are_bound_to_the_signature_every_one_and_no_other() {
    let (leaf, middle, root) = (pki().certificate("p256"), pki().certificate("middle"), pki().certificate("root"));
    let pem = fs::read(pki().at("p256.key")).unwrap();
    let (_, pkcs8) = der::pem::decode_vec(&pem).unwrap();
    let with = |signed: &[Certificate], held: &[Certificate]| {
        use super::super::key::signer_of;
        let signer = signer_of(&pkcs8, leaf.clone(), signed.to_vec());
        let good = signer.sign(CONTENT, Form::Detached, None).unwrap();
        let data = parse(&good).unwrap();
        let info = only_signer(&data).unwrap();
        let all: Vec<_> = std::iter::once(&leaf).chain(held).cloned().collect();
        let attributes = info.signed_attrs.clone().unwrap();
        let again = assemble(KeyKind::P256, &leaf, &all, attributes, info.signature.as_bytes(), None).unwrap();
        verify(CONTENT, &again, Form::Detached)
    };
    let both = [middle.clone(), root.clone()];
    assert_eq!(with(&both, &both).unwrap().chain_der.len(), 2);
    let turned = [root.clone(), middle.clone()];
    assert_eq!(with(&both, &turned).unwrap().chain_der[0], pki().der("middle"), "the order is the signer's");
    for held in [&[][..], &both[..1], &[both[0].clone(), pki().certificate("rsa")]] {
        assert!(matches!(with(&both, held), Err(CmsError::Certificate(_))));
    }
    assert!(matches!(with(&[], &both), Err(CmsError::Certificate(_))));
}

#[test]
fn a_time_stamp_is_kept_verified_and_judged_by_its_own_authority() {
    for (name, form) in [("rsa", Form::Pdf), ("p256", Form::Detached)] {
        let signature = pki().signer(name).sign(CONTENT, form, Some(&TSA)).unwrap();
        let found = verify(CONTENT, &signature, form).unwrap();
        let stamp = found.time_stamp.as_ref().unwrap();
        assert_eq!(stamp.certificate_der, pki().der("tsa"));
        assert!(stamp.authority.contains("Tidsstempel"), "{}", stamp.authority);
        let now = x509::unix_seconds(SystemTime::now()).unwrap();
        assert!(stamp.time.abs_diff(now) < 600);
        assert_eq!(trust(&["root"]).time_of(&found), Some(stamp.time));
        assert_eq!(trust(&["tsa"]).time_of(&found), Some(stamp.time));
        for untrusted in [trust(&[]), trust(&["other"]), trust(&[name])] {
            assert_eq!(untrusted.time_of(&found), None);
            assert!(untrusted.judge_stamp(stamp).1.contains("claimed only"));
        }
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("s"), &signature).unwrap();
        fs::write(dir.path().join("c"), CONTENT).unwrap();
        let root = pki().at("root.pem");
        let arguments = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "s", "-content", "c", "-purpose"];
        let rest = ["any", "-cades", "-out", "o", "-CAfile", root.to_str().unwrap()];
        assert!(openssl_says(dir.path(), &[&arguments[..], &rest].concat()), "{name}");
        // Without its time stamp it is another signature, and good.
        let data = parse(&signature).unwrap();
        let signer = only_signer(&data).unwrap();
        let all = certificates(&data).unwrap();
        let by = all.iter().find(|c| signer.sid == identifier(c)).unwrap();
        let kind = KeyKind::of(&by.tbs_certificate.subject_public_key_info).unwrap();
        let attributes = signer.signed_attrs.clone().unwrap();
        let bare = assemble(kind, by, &all, attributes, signer.signature.as_bytes(), None).unwrap();
        assert!(verify(CONTENT, &bare, form).unwrap().time_stamp.is_none());
    }
}

#[test]
fn a_chain_counts_at_the_stamped_time_only_where_the_stamp_does() {
    let stamped = pki().signer("p256").sign(CONTENT, Form::Pdf, Some(&TSA)).unwrap();
    let bare = pki().signer("p256").sign(CONTENT, Form::Pdf, None).unwrap();
    let (stamped, bare) = [stamped, bare].map(|s| verify(CONTENT, &s, Form::Pdf).unwrap()).into();
    // When the certificate has expired.
    let later = x509::unix_seconds(SystemTime::now()).unwrap() + 350 * 24 * 3600;
    let all = trust(&["root"]);
    assert!(all.judge(&bare).0, "now");
    assert!(!all.judge_at(&bare, later).0);
    assert!(all.judge_at(&stamped, later).0);
    // The same, but nobody vouches for the authority: another one of its kind.
    pki().issue("tsa-alone", "tsa", "/CN=Alene", "other", "tsa", &[]);
    fs::copy(pki().at("tsa.key"), pki().at("tsa-alone.key")).unwrap();
    let alone = OpensslAuthority { name: "tsa-alone", more: &[] };
    let claimed = pki().signer("p256").sign(CONTENT, Form::Pdf, Some(&alone)).unwrap();
    let claimed = verify(CONTENT, &claimed, Form::Pdf).unwrap();
    assert!(claimed.time_stamp.is_some());
    assert!(!all.judge_at(&claimed, later).0);
}

#[test]
fn a_time_stamp_of_another_signature_or_beside_another_attribute_is_refused() {
    let signer = pki().signer("p256");
    let (one, other) = (
        signer.sign(CONTENT, Form::Detached, Some(&TSA)).unwrap(),
        signer.sign(CONTENT, Form::Detached, Some(&TSA)).unwrap(),
    );
    let (one, other) = (parse(&one).unwrap(), parse(&other).unwrap());
    let all = certificates(&one).unwrap();
    let by = all.iter().find(|c| only_signer(&one).unwrap().sid == identifier(c)).unwrap();
    let info = only_signer(&one).unwrap();
    let foreign = token(only_signer(&other).unwrap()).unwrap().cloned();
    let attributes = info.signed_attrs.clone().unwrap();
    let swapped = assemble(KeyKind::P256, by, &all, attributes, info.signature.as_bytes(), foreign).unwrap();
    let error = verify(CONTENT, &swapped, Form::Detached).unwrap_err();
    assert!(matches!(&error, CmsError::Stamp(why) if why.contains("another signature")), "{error}");
    let mut twice = info.clone();
    let mut unsigned = twice.unsigned_attrs.take().unwrap().into_vec();
    unsigned[0].values.insert(Any::null()).unwrap();
    twice.unsigned_attrs = Some(SetOfVec::try_from(unsigned).unwrap());
    assert!(matches!(token(&twice), Err(CmsError::Form(_))));
}

fn stamped() -> &'static [u8] {
    static MADE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    MADE.get_or_init(|| pki().signer("p256").sign(CONTENT, Form::Detached, Some(&TSA)).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(verify(CONTENT, &bytes, Form::Detached).is_err());
    }

    /// What is not covered of a time stamp changes nothing of what is said with certainty.
    #[test]
    fn a_change_in_a_stamped_signature_is_found_or_changes_nothing_that_is_said(
        at in any::<prop::sample::Index>(), bit in 0u32..8
    ) {
        let good = verify(CONTENT, stamped(), Form::Detached).unwrap();
        let mut bytes = stamped().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(found) = verify(CONTENT, &bytes, Form::Detached) {
            prop_assert_eq!(&found.certificate_der, &good.certificate_der);
            prop_assert_eq!(&found.chain_der, &good.chain_der);
            prop_assert_eq!(found.signing_time, good.signing_time);
            let (new, old) = (found.time_stamp.unwrap(), good.time_stamp.unwrap());
            prop_assert_eq!((new.time, &new.certificate_der), (old.time, &old.certificate_der));
        }
    }

    #[test]
    fn pieces_cut_out_and_put_in_are_refused(
        from in any::<prop::sample::Index>(), length in 1usize..200, to in any::<prop::sample::Index>()
    ) {
        let bytes = pki().signer("p256").sign(CONTENT, Form::Detached, None).unwrap();
        let from = from.index(bytes.len());
        let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
        let mut longer = bytes.clone();
        let to = to.index(bytes.len());
        longer.splice(to..to, piece.iter().copied());
        prop_assert!(verify(CONTENT, &longer, Form::Detached).is_err());
        let mut shorter = bytes;
        shorter.drain(from..from + piece.len());
        prop_assert!(verify(CONTENT, &shorter, Form::Detached).is_err());
    }
}
