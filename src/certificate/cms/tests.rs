//! Signatures that are well made in another form than ours, or of our form and made over the wrong thing.

use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cms::cert::CertificateChoices;
use cms::content_info::CmsVersion;
use cms::signed_data::{CertificateSet, SignerInfos};
use const_oid::ObjectIdentifier as Oid;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use spki::AlgorithmIdentifierOwned as Algorithm;
use x509_cert::attr::Attribute;
use zeroize::Zeroizing;

use super::algorithm::{Digest, ecdsa};
use super::*;

const CONTENT: &[u8] = b"{}";

struct Made {
    pkcs8: Zeroizing<Vec<u8>>,
    by: Certificate,
}

fn made() -> Made {
    let (pkcs8, by) = x509::self_signed(SystemTime::now()).unwrap();
    Made { pkcs8, by }
}

fn algorithm(oid: Oid) -> Algorithm {
    Algorithm { oid, parameters: None }
}

fn verify(content: &[u8], signature: &[u8]) -> Result<Signature, CmsError> {
    super::verify(content, signature, Form::Detached)
}

fn assemble(by: &Certificate, attributes: SignedAttributes, value: &[u8]) -> der::Result<Vec<u8>> {
    parts::assemble(KeyKind::P256, by, std::slice::from_ref(by), attributes, value, None)
}

impl Made {
    fn attributes(&self) -> SignedAttributes {
        let time = x509::time(SystemTime::now()).unwrap();
        parts::attributes(&Digest::Sha256.of(CONTENT), &self.by, &[], Some(time)).unwrap()
    }

    /// r and s in a row, as the key makes them.
    fn fixed(&self, attributes: &SignedAttributes) -> Vec<u8> {
        let rng = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.pkcs8, &rng).unwrap();
        pair.sign(&rng, &attributes.to_der().unwrap()).unwrap().as_ref().to_vec()
    }

    fn value(&self, attributes: &SignedAttributes) -> Vec<u8> {
        ecdsa::low_der(ecdsa::Curve::P256, &self.fixed(attributes)).unwrap()
    }

    fn sign(&self, form: Form, at: SystemTime) -> Vec<u8> {
        let unsigned = Unsigned::new(CONTENT, form, &self.by, &[], at).unwrap();
        let value = self.value(&unsigned.attributes);
        unsigned.with(&value, None).unwrap()
    }

    /// A signature over `attributes`, properly made with the key.
    fn with(&self, attributes: Vec<Attribute>) -> Vec<u8> {
        let attributes = SetOfVec::try_from(attributes).unwrap();
        assemble(&self.by, attributes.clone(), &self.value(&attributes)).unwrap()
    }

    /// A good signature after `change`, which leaves what is signed as it is.
    fn changed(&self, change: impl Fn(&mut SignedData)) -> Vec<u8> {
        let good = self.sign(Form::Detached, SystemTime::now());
        let mut data: SignedData = ContentInfo::from_der(&good).unwrap().content.decode_as().unwrap();
        change(&mut data);
        ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&data).unwrap() }.to_der().unwrap()
    }

    fn changed_signer(&self, change: impl Fn(&mut SignerInfo)) -> Vec<u8> {
        self.changed(|data| {
            let mut signer = data.signer_infos.0.get(0).unwrap().clone();
            change(&mut signer);
            data.signer_infos = SignerInfos::try_from(vec![signer]).unwrap();
        })
    }
}

fn form(signature: &[u8]) -> String {
    match verify(CONTENT, signature) {
        Err(CmsError::Form(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_signed_verifies_and_tells_who_and_when() {
    let made = made();
    for at in [1_700_000_000, 2_600_000_000] {
        let signature = made.sign(Form::Detached, UNIX_EPOCH + Duration::from_secs(at));
        let found = verify(CONTENT, &signature).unwrap();
        assert_eq!(found.signing_time, Some(at));
        assert_eq!(found.certificate_der, made.by.to_der().unwrap());
        assert_eq!(verify(b"{} ", &signature).unwrap_err(), CmsError::Content);
    }
}

#[test]
fn parts_that_no_signature_covers_are_refused() {
    let made = made();
    let stamp = Attribute { oid: SIGNING_TIME, values: SetOfVec::try_from(vec![Any::null()]).unwrap() };
    let unsigned = made.changed_signer(|s| s.unsigned_attrs = Some(SetOfVec::try_from(vec![stamp.clone()]).unwrap()));
    assert!(form(&unsigned).contains("unsigned"));
    let other = self::made().by;
    let bag = made.changed(|data| {
        let two = [&made.by, &other].map(|c| CertificateChoices::Certificate(c.clone()));
        data.certificates = Some(CertificateSet::try_from(two.to_vec()).unwrap());
    });
    assert!(matches!(verify(CONTENT, &bag), Err(CmsError::Certificate(why)) if why.contains("then all others")));
    assert!(form(&made.changed(|data| data.certificates = None)).contains("0 certificates"));
    let attached = made.changed(|data| data.encap_content_info.econtent = Some(octets(CONTENT).unwrap()));
    assert!(form(&attached).contains("detached"));
    let none = made.changed(|data| data.signer_infos = SignerInfos::try_from(Vec::new()).unwrap());
    assert!(form(&none).contains("0 signers"));
    assert!(form(&made.changed(|data| data.version = CmsVersion::V3)).contains("version"));
    assert!(form(&made.changed_signer(|s| s.version = CmsVersion::V3)).contains("version"));
    let crls = made.changed(|data| data.crls = Some(Vec::new().try_into().unwrap()));
    assert!(form(&crls).contains("revocation"));
}

#[test]
fn algorithms_are_pinned() {
    let made = made();
    let sha1 = algorithm(Oid::new_unwrap("1.3.14.3.2.26"));
    assert!(form(&made.changed_signer(|s| s.digest_alg = sha1.clone())).contains("SHA-256"));
    let null = Algorithm { parameters: Some(Any::null()), ..Digest::Sha256.identifier() };
    assert!(form(&made.changed_signer(|s| s.digest_alg = null.clone())).contains("SHA-256"));
    let listed = made.changed(|d| d.digest_algorithms = SetOfVec::try_from(vec![sha1.clone()]).unwrap());
    assert!(form(&listed).contains("SHA-256"));
    let ecdsa_sha512 = algorithm(Oid::new_unwrap("1.2.840.10045.4.3.4"));
    assert!(form(&made.changed_signer(|s| s.signature_algorithm = ecdsa_sha512.clone())).contains("ecdsa"));
}

#[test]
fn the_signed_attributes_are_exactly_four_each_once() {
    let made = made();
    let good = made.attributes().as_slice().to_vec();
    assert!(verify(CONTENT, &made.with(good.clone())).is_ok());
    for at in 0..good.len() {
        let mut fewer = good.clone();
        let gone = fewer.remove(at);
        assert!(form(&made.with(fewer)).contains("missing"), "{}", gone.oid);
        let mut empty = good.clone();
        empty[at].values = SetOfVec::new();
        assert!(verify(CONTENT, &made.with(empty)).is_err(), "{}", gone.oid);
        let mut twice = good.clone();
        twice.push(Attribute { oid: gone.oid, values: SetOfVec::try_from(vec![Any::null()]).unwrap() });
        assert!(form(&made.with(twice)).contains("not unique"), "{}", gone.oid);
    }
    let mut more = good.clone();
    let extra = Oid::new_unwrap("1.2.840.113549.1.9.15");
    more.push(Attribute { oid: extra, values: SetOfVec::try_from(vec![Any::null()]).unwrap() });
    assert!(form(&made.with(more)).contains("four"));
    let unsigned = made.changed_signer(|s| s.signed_attrs = None);
    assert!(form(&unsigned).contains("signed attributes"));
}

#[test]
fn another_certificate_of_the_same_key_does_not_fit() {
    let made = made();
    // The same name, serial number and key, for another time: only the digest in the signed attributes tells them apart.
    let mut twin = made.by.clone();
    twin.tbs_certificate.validity.not_after = x509::time(SystemTime::now() + Duration::from_secs(9)).unwrap();
    let attributes = made.attributes();
    let value = made.value(&attributes);
    let swapped = assemble(&twin, attributes, &value).unwrap();
    assert!(matches!(verify(CONTENT, &swapped), Err(CmsError::Certificate(_))));
    let stranger = made.changed(|data| {
        let other = CertificateChoices::Certificate(self::made().by);
        data.certificates = Some(CertificateSet::try_from(vec![other]).unwrap());
    });
    assert!(matches!(verify(CONTENT, &stranger), Err(CmsError::Certificate(_))));
}

#[test]
fn a_value_by_another_key_or_in_its_other_form_is_refused() {
    let (made, other) = (made(), made());
    let attributes = made.attributes();
    let foreign = assemble(&made.by, attributes.clone(), &other.value(&attributes)).unwrap();
    assert_eq!(verify(CONTENT, &foreign).unwrap_err(), CmsError::Value);
    // s and n - s are both valid: were both taken, the value would be free to change.
    let fixed = made.fixed(&attributes);
    let (low, high) = ecdsa::both(ecdsa::Curve::P256, &fixed);
    let high = assemble(&made.by, attributes.clone(), &high).unwrap();
    assert!(form(&high).contains("low-S"));
    assert!(verify(CONTENT, &assemble(&made.by, attributes.clone(), &low).unwrap()).is_ok());
    let raw = assemble(&made.by, attributes, &fixed).unwrap();
    assert!(form(&raw).contains("no ECDSA signature"));
}

#[test]
fn a_signature_that_openssl_made_in_its_own_form_is_told_apart() {
    let made = made();
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let pem = |label, der: &[u8]| der::pem::encode_string(label, der::pem::LineEnding::LF, der).unwrap();
    std::fs::write(at("key"), pem("PRIVATE KEY", &made.pkcs8)).unwrap();
    std::fs::write(at("cert"), pem("CERTIFICATE", &made.by.to_der().unwrap())).unwrap();
    std::fs::write(at("in"), CONTENT).unwrap();
    for more in [&[][..], &["-cades"], &["-noattr"], &["-indef"]] {
        let signed = Command::new("openssl")
            .current_dir(dir.path())
            .args(["cms", "-sign", "-binary", "-outform", "DER", "-in", "in", "-signer", "cert", "-inkey", "key"])
            .args(["-md", "sha256", "-out", "out"])
            .args(more)
            .status();
        assert!(signed.unwrap().success());
        let error = verify(CONTENT, &std::fs::read(at("out")).unwrap()).unwrap_err();
        assert!(!matches!(error, CmsError::Content | CmsError::Value), "{more:?}: {error}");
    }
}
