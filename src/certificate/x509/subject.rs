//! Whose key a certificate says it is: a person's, an organisation's, or an installation's own.

use const_oid::ObjectIdentifier as Oid;
use der::asn1::{Any, BmpString};
use der::{Decode, Sequence, Tag, Tagged};
use x509_cert::Certificate;
use x509_cert::name::Name;

use crate::document::SignerKind;

const COMMON_NAME: Oid = Oid::new_unwrap("2.5.4.3");
const SURNAME: Oid = Oid::new_unwrap("2.5.4.4");
const ORGANISATION_NAME: Oid = Oid::new_unwrap("2.5.4.10");
const GIVEN_NAME: Oid = Oid::new_unwrap("2.5.4.42");
const PSEUDONYM: Oid = Oid::new_unwrap("2.5.4.65");
const ORGANISATION_IDENTIFIER: Oid = Oid::new_unwrap("2.5.4.97");
/// qcStatements (RFC 3739 §3.2.6).
const QC_STATEMENTS: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.1.3");
/// QcType and its values for a signature and a seal (ETSI EN 319 412-5 §4.2.3).
const QC_TYPE: Oid = Oid::new_unwrap("0.4.0.1862.1.6");
const FOR_SIGNATURES: Oid = Oid::new_unwrap("0.4.0.1862.1.6.1");
const FOR_SEALS: Oid = Oid::new_unwrap("0.4.0.1862.1.6.2");
/// The longest name that is taken from a certificate, in characters.
const LONGEST: usize = 200;

/// QCStatement (RFC 3739 §3.2.6.1).
#[derive(Sequence)]
struct Statement {
    id: Oid,
    #[asn1(optional = "true")]
    info: Option<Any>,
}

/// Whose key it is, as far as the certificate says; `None` where it says nothing, or two things.
///
/// A certificate that vouches for itself is an installation's, whatever names it bears: nobody else vouches for them. Otherwise the
/// purpose that it was qualified for (QcType) tells, and where there is none, its names: of a person, else of an organisation.
pub(in super::super) fn kind(certificate: &Certificate) -> Option<SignerKind> {
    let tbs = &certificate.tbs_certificate;
    if tbs.issuer == tbs.subject {
        return Some(SignerKind::Installation);
    }
    let has = |oid| attribute(&tbs.subject, oid).is_some();
    let person = has(GIVEN_NAME) || has(SURNAME) || has(PSEUDONYM);
    let organisation = has(ORGANISATION_IDENTIFIER) || has(ORGANISATION_NAME);
    match (qualified_for(certificate, FOR_SIGNATURES), qualified_for(certificate, FOR_SEALS)) {
        (true, false) => Some(SignerKind::Person),
        (false, true) if person => None,
        (false, true) => Some(SignerKind::Organisation),
        _ if person => Some(SignerKind::Person),
        _ if organisation => Some(SignerKind::Organisation),
        _ => None,
    }
}

/// The name that goes with [`kind`]: a person's given name and surname, an organisation's name; else the common name. Control characters are
/// replaced, and what is longer than 200 characters is cut off.
pub(in super::super) fn name(certificate: &Certificate) -> Option<String> {
    let subject = &certificate.tbs_certificate.subject;
    let find = |oid| attribute(subject, oid);
    let full = match kind(certificate) {
        Some(SignerKind::Person) => match (find(GIVEN_NAME), find(SURNAME)) {
            (Some(given), Some(surname)) => Some(format!("{given} {surname}")),
            _ => None,
        },
        Some(SignerKind::Organisation) => find(ORGANISATION_NAME),
        _ => None,
    };
    full.or_else(|| find(COMMON_NAME)).or_else(|| find(PSEUDONYM)).or_else(|| find(ORGANISATION_NAME))
}

fn qualified_for(certificate: &Certificate, what: Oid) -> bool {
    let extensions = certificate.tbs_certificate.extensions.as_deref().unwrap_or_default();
    let Some(extension) = extensions.iter().find(|e| e.extn_id == QC_STATEMENTS) else { return false };
    let statements = Vec::<Statement>::from_der(extension.extn_value.as_bytes()).unwrap_or_default();
    statements
        .iter()
        .filter(|statement| statement.id == QC_TYPE)
        .filter_map(|statement| statement.info.as_ref()?.decode_as::<Vec<Oid>>().ok())
        .any(|types| types.contains(&what))
}

/// The last attribute of that type, the most specific one, if it holds any text.
fn attribute(name: &Name, oid: Oid) -> Option<String> {
    let found = name.0.iter().rev().flat_map(|part| part.0.iter()).find(|pair| pair.oid == oid)?;
    let text = text(&found.value)?;
    let clean: String = text
        .trim()
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    (!clean.is_empty()).then_some(clean)
}

/// A DirectoryString (RFC 5280 §4.1.2.4).
fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => String::from_utf8(value.value().to_vec()).ok(),
        Tag::BmpString => value.decode_as::<BmpString>().ok().map(|text| text.to_string()),
        // Latin 1 in practice.
        Tag::TeletexString => Some(value.value().iter().map(|byte| char::from(*byte)).collect()),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::testing::pki;
    use super::super::{from_der, self_signed};
    use super::*;

    #[test]
    fn a_certificate_says_whose_key_it_is_or_nothing() {
        use SignerKind::{Installation, Organisation, Person};
        let people = "/C=DK/O=Kommune/GN=Åse/SN=Ø/CN=x";
        let cases = [
            (people, "sign", Some(Person), "Åse Ø"),
            ("/SN=Ø/CN=Kun efternavn", "sign", Some(Person), "Kun efternavn"),
            ("/O=Kommune/CN=Segl", "sign", Some(Organisation), "Kommune"),
            ("/organizationIdentifier=NTRDK-1/CN=Segl", "sign", Some(Organisation), "Segl"),
            ("/CN=Segl", "seal", Some(Organisation), "Segl"),
            ("/O=Kommune/CN=Nogen", "signature", Some(Person), "Nogen"),
            (people, "seal", None, "x"),
            ("/CN=maskine", "sign", None, "maskine"),
            ("/C=DK", "sign", None, ""),
        ];
        for (at, (subject, section, expected, called)) in cases.into_iter().enumerate() {
            let file = format!("subject-{at}");
            pki().issue(&file, "p256", subject, "middle", section, &[]);
            let certificate = pki().certificate(&file);
            assert_eq!(kind(&certificate), expected, "{subject} {section}");
            assert_eq!(name(&certificate).unwrap_or_default(), called, "{subject} {section}");
        }
        let (_, own) = self_signed(std::time::SystemTime::now()).unwrap();
        assert_eq!(kind(&own), Some(Installation));
        // Who vouches for nobody but itself can call itself what it likes.
        assert_eq!(kind(&pki().certificate("root")), Some(Installation));
    }

    #[test]
    fn a_name_is_cut_off_and_holds_nothing_that_controls_a_screen() {
        let long = "æ".repeat(64);
        pki().issue("subject-long", "p256", &format!("/GN={}/SN={long}/CN=x", &long[..64]), "middle", "sign", &[]);
        assert!(name(&pki().certificate("subject-long")).unwrap().chars().count() <= 2 * LONGEST + 1);
        let value = Any::new(Tag::Utf8String, b"a\x1b[2Jb".to_vec()).unwrap();
        assert_eq!(text(&value).unwrap().chars().filter(|c| c.is_control()).count(), 1);
        pki().issue("subject-escape", "p256", "/CN=a\u{1b}[2Jb", "middle", "sign", &[]);
        assert!(!name(&pki().certificate("subject-escape")).unwrap().chars().any(char::is_control));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        #[test]
        fn no_certificate_makes_it_panic(at in any::<prop::sample::Index>(), to in any::<u8>(), which in 0usize..3) {
            let mut der = pki().der(["rsa", "p256", "tsa"][which]);
            let at = at.index(der.len());
            der[at] = to;
            if let Ok(certificate) = from_der(&der) {
                let _ = (kind(&certificate), name(&certificate), super::super::may_sign(&certificate));
                let _ = super::super::may_stamp(&certificate);
                let _ = super::super::issued_by(&certificate, &pki().certificate("middle"), 0, super::super::Purpose::Documents);
            }
        }
    }
}
