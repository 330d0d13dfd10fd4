//! Time stamps: asked for, answered wrongly in many ways, and changed afterwards. `openssl ts` is the authority.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Mutex;

use proptest::prelude::*;

use super::super::testing::{OpensslAuthority, TSA, openssl_says, pki};
use super::*;

const VALUE: &[u8] = b"a signature value";

fn now() -> SystemTime {
    SystemTime::now()
}

/// Answers what it is told to.
struct Answers<F: Fn(&[u8]) -> Result<Vec<u8>, String> + Send + Sync>(F);

impl<F: Fn(&[u8]) -> Result<Vec<u8>, String> + Send + Sync> Authority for Answers<F> {
    fn url(&self) -> &str {
        "http://tsa.example"
    }

    fn stamp(&self, request_der: &[u8]) -> Result<Vec<u8>, String> {
        (self.0)(request_der)
    }
}

fn refused(authority: &dyn Authority) -> String {
    get(authority, VALUE, now()).unwrap_err()
}

#[test]
fn a_stamp_is_got_and_openssl_agrees_on_it() {
    let kept = Mutex::new(Vec::new());
    let keeping = Answers(|request: &[u8]| {
        let answer = TSA.stamp(request)?;
        kept.lock().unwrap().push((request.to_vec(), answer.clone()));
        Ok(answer)
    });
    let token = get(&keeping, VALUE, now()).unwrap();
    let stamp = verify(&token, VALUE).unwrap();
    assert_eq!(stamp.chain_der, [pki().der("middle")]);
    let (request, answer) = kept.lock().unwrap().remove(0);
    assert!(answer.ends_with(&token), "the token is kept as it came");
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in [("query", &request[..]), ("reply", &answer), ("token", &token), ("value", VALUE)] {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let (root, middle) = (pki().at("root.pem"), pki().at("middle.pem"));
    let trusted = ["-CAfile", root.to_str().unwrap(), "-untrusted", middle.to_str().unwrap()];
    let asked = ["ts", "-verify", "-queryfile", "query", "-in", "reply"];
    assert!(openssl_says(dir.path(), &[&asked[..], &trusted].concat()));
    let held = ["ts", "-verify", "-data", "value", "-token_in", "-in", "token"];
    assert!(openssl_says(dir.path(), &[&held[..], &trusted].concat()));
    std::fs::write(dir.path().join("value"), b"another").unwrap();
    assert!(!openssl_says(dir.path(), &[&held[..], &trusted].concat()));
}

#[test]
fn an_answer_to_another_request_is_refused() {
    let earlier = Mutex::new(None::<Vec<u8>>);
    let replaying = Answers(|request: &[u8]| {
        let mut earlier = earlier.lock().unwrap();
        match &*earlier {
            Some(answer) => Ok(answer.clone()),
            None => Ok(earlier.insert(TSA.stamp(request)?).clone()),
        }
    });
    assert!(get(&replaying, VALUE, now()).is_ok());
    assert!(refused(&replaying).contains("nonce"));
    assert!(get(&replaying, b"another value", now()).unwrap_err().contains("another signature"));
}

#[test]
fn a_stamp_is_refused_where_clocks_differ_too_much() {
    let day = std::time::Duration::from_secs(24 * 3600);
    for at in [now() - 2 * day, now() + 2 * day] {
        assert!(get(&TSA, VALUE, at).unwrap_err().contains("check the clock"));
    }
    assert!(get(&TSA, VALUE, now() - day / 2).is_ok());
}

#[test]
fn refusals_and_other_answers_are_told() {
    assert!(refused(&Answers(|_: &[u8]| Err("no road to it".into()))).contains("no road"));
    assert!(refused(&Answers(|_: &[u8]| Ok(b"<html>".to_vec()))).contains("no TimeStampResp"));
    assert!(refused(&Answers(|_: &[u8]| Ok(vec![0x30; 2 << 20]))).contains("1 MiB"));
    // rejection, with a text: PKIStatusInfo { 2, { "nej" } }
    let rejected = [0x30, 0x0c, 0x30, 0x0a, 0x02, 0x01, 0x02, 0x30, 0x05, 0x0c, 0x03, b'n', b'e', b'j'];
    let told = refused(&Answers(move |_: &[u8]| Ok(rejected.to_vec())));
    assert!(told.contains("status 2") && told.contains("nej"), "{told}");
    let empty = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00];
    assert!(refused(&Answers(move |_: &[u8]| Ok(empty.to_vec()))).contains("no time stamp"));
}

/// What a token is made of anew, signed with the key of `tsa`.
struct Forged {
    by: Certificate,
    info: Vec<u8>,
    content_type: Oid,
    digested: Option<Vec<u8>>,
    referred: Option<Vec<u8>>,
}

fn forged(by: &str) -> Forged {
    let by = pki().certificate(by);
    let info = content(&parse(good()).unwrap()).unwrap();
    Forged { referred: by.to_der().ok(), by, info, content_type: ID_TST_INFO, digested: None }
}

impl Forged {
    fn token(self) -> Vec<u8> {
        use der::asn1::SetOfVec;
        use x509_cert::attr::Attribute;
        let attribute = |oid, value| Attribute { oid, values: SetOfVec::try_from(vec![value]).unwrap() };
        let octets = |bytes: &[u8]| Any::encode_from(&OctetString::new(bytes).unwrap()).unwrap();
        let digested = self.digested.unwrap_or_else(|| self.info.clone());
        let mut attributes = vec![
            attribute(CONTENT_TYPE, Any::encode_from(&self.content_type).unwrap()),
            attribute(MESSAGE_DIGEST, octets(&sha256(&digested))),
        ];
        if let Some(der) = self.referred {
            let reference = [&[0x30, 0x26, 0x30, 0x24, 0x30, 0x22, 0x04, 0x20][..], &sha256(&der)].concat();
            attributes.push(attribute(SIGNING_CERTIFICATE_V2, Any::from_der(&reference).unwrap()));
        }
        let attributes = SetOfVec::try_from(attributes).unwrap();
        let pem = std::fs::read(pki().at("tsa.key")).unwrap();
        let (_, pkcs8) = der::pem::decode_vec(&pem).unwrap();
        let value = super::super::key::value_of(&pkcs8, &self.by, &attributes.to_der().unwrap());
        let mut data = parse(good()).unwrap();
        let mut signer = data.signer_infos.0.get(0).unwrap().clone();
        let tbs = &self.by.tbs_certificate;
        signer.sid = SignerIdentifier::IssuerAndSerialNumber(cms::cert::IssuerAndSerialNumber {
            issuer: tbs.issuer.clone(),
            serial_number: tbs.serial_number.clone(),
        });
        signer.signed_attrs = Some(attributes);
        signer.signature = OctetString::new(value).unwrap();
        data.signer_infos = vec![signer].try_into().unwrap();
        data.certificates = Some(vec![CertificateChoices::Certificate(self.by)].try_into().unwrap());
        data.encap_content_info.econtent = Some(octets(&self.info));
        ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&data).unwrap() }.to_der().unwrap()
    }

    fn refused(self) -> String {
        verify(&self.token(), VALUE).unwrap_err()
    }
}

#[test]
fn a_token_that_is_well_signed_and_says_something_else_is_refused() {
    assert!(verify(&forged("tsa").token(), VALUE).is_ok(), "the forger can do it");
    let other = Forged { content_type: ID_SIGNED_DATA, ..forged("tsa") };
    assert!(other.refused().contains("content type"));
    assert!(Forged { digested: Some(b"other".to_vec()), ..forged("tsa") }.refused().contains("changed"));
    assert!(Forged { referred: None, ..forged("tsa") }.refused().contains("not in it"));
    assert!(Forged { referred: Some(pki().der("rsa")), ..forged("tsa") }.refused().contains("not in it"));
    let info = forged("tsa").info;
    // [1] with one critical extension, as the last thing in the TSTInfo.
    let extension = [0xa1, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x2a, 0x03, 0x04, 0x01, 0x01, 0xff, 0x04, 0x00];
    let longer = |more: &[u8]| {
        let inner = der::asn1::AnyRef::from_der(&info).unwrap().value().to_vec();
        Any::new(der::Tag::Sequence, [&inner[..], more].concat()).unwrap().to_der().unwrap()
    };
    let critical = Forged { info: longer(&extension), ..forged("tsa") }.refused();
    assert!(critical.contains("not understood"), "{critical}");
    let harmless = [0xa1, 0x09, 0x30, 0x07, 0x06, 0x03, 0x2a, 0x03, 0x04, 0x04, 0x00];
    assert!(verify(&Forged { info: longer(&harmless), ..forged("tsa") }.token(), VALUE).is_ok());
    assert!(Forged { info: longer(&[0x05, 0x00]), ..forged("tsa") }.refused().contains("can't be read"));
}

#[test]
fn an_authority_whose_key_is_for_something_else_or_not_valid_is_refused() {
    for (section, more, why) in [
        ("tsa-lax", &[][..], "timeStamping"),
        ("sign", &[], "timeStamping"),
        ("web", &[], "timeStamping"),
        ("tsa", &["-days", "-1"], "valid from"),
    ] {
        let name = format!("stamp-{section}-{}", more.len());
        pki().issue(&name, "tsa", "/C=DK/O=Tid/CN=Tidsstempel", "middle", section, more);
        let told = forged(&name).refused();
        assert!(told.contains(why), "{section}: {told}");
    }
}

#[test]
fn rsa_authorities_and_the_older_reference_do_as_well() {
    pki().issue("stamp-rsa", "rsa", "/C=DK/O=Tid/CN=RSA", "middle", "tsa", &[]);
    std::fs::copy(pki().at("rsa.key"), pki().at("stamp-rsa.key")).unwrap();
    for digest in ["-sha256", "-sha384", "-sha512"] {
        let more: &'static [&'static str] = match digest {
            "-sha256" => &["-sha256"],
            "-sha384" => &["-sha384"],
            _ => &["-sha512"],
        };
        let token = get(&OpensslAuthority { name: "stamp-rsa", more }, VALUE, now()).unwrap();
        assert!(verify(&token, VALUE).unwrap().authority.contains("RSA"), "{digest}");
    }
    let legacy = LegacySigningCertificate::is_of;
    let der = pki().der("tsa");
    let reference = [&[0x30, 0x1a, 0x30, 0x18, 0x30, 0x16, 0x04, 0x14][..], &sha1(&der)].concat();
    let read = LegacySigningCertificate::from_der(&reference).unwrap();
    assert!(legacy(&read, &sha1(&der)) && !legacy(&read, &sha1(b"other")));
}

#[test]
fn times_are_read_in_the_one_form_they_have() {
    assert_eq!(unix_seconds("20200101000000Z"), Some(1_577_836_800));
    assert_eq!(unix_seconds("20200101000000.25Z"), Some(1_577_836_800));
    for wrong in [
        "",
        "Z",
        "20200101000000",
        "20200101000000.Z",
        "202001010000Z",
        "20201301000000Z",
        "2020010100000æZ",
        "20200101000000+0100",
    ] {
        assert_eq!(unix_seconds(wrong), None, "{wrong}");
    }
}

/// Answers one request over HTTP with those bytes; gives the address, and what was asked.
fn server(answer: impl FnOnce(Vec<u8>) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut part = [0; 4096];
        loop {
            let read = stream.read(&mut part).unwrap();
            asked.extend_from_slice(&part[..read]);
            let text = String::from_utf8_lossy(&asked).to_ascii_lowercase();
            let length =
                text.split("content-length: ").nth(1).and_then(|t| t.split("\r\n").next()?.parse::<usize>().ok());
            let head = asked.windows(4).position(|w| w == b"\r\n\r\n");
            if let (Some(length), Some(head)) = (length, head)
                && asked.len() >= head + 4 + length
            {
                let body = asked.split_off(head + 4);
                assert!(text.starts_with("post /tsa ") && text.contains("content-type: application/timestamp-query"));
                let _ = stream.write_all(&answer(body));
                return;
            }
            assert!(read > 0, "{text}");
        }
    });
    format!("http://{address}/tsa")
}

fn reply(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[test]
fn an_authority_is_asked_over_http() {
    let good = |body: Vec<u8>| reply("200 OK", "application/timestamp-reply", &TSA.stamp(&body).unwrap());
    let authority = HttpAuthority::new(&server(good)).unwrap();
    assert!(get(&authority, VALUE, now()).is_ok());
    type Answer = fn(Vec<u8>) -> Vec<u8>;
    let wrong: [(Answer, &str); 5] = [
        (|_| reply("500 Oh", "application/timestamp-reply", b""), "500"),
        (|_| reply("302 Found", "text/html", b""), "302"),
        (|_| reply("200 OK", "text/html", b"<html>"), "something else"),
        (|_| reply("200 OK", "application/timestamp-reply", &vec![0x30; (1 << 20) + 1]), "1 MiB"),
        (|_| Vec::new(), "did not answer"),
    ];
    for (answer, why) in wrong {
        let told = refused(&HttpAuthority::new(&server(answer)).unwrap());
        assert!(told.contains(why), "{why}: {told}");
    }
    let nobody = HttpAuthority::new("http://127.0.0.1:1/tsa").unwrap();
    assert!(refused(&nobody).contains("did not answer"));
}

#[test]
fn addresses_that_can_not_be_asked_are_refused_at_once() {
    let https = HttpAuthority::new("HTTPS://tsa.example/").unwrap_err();
    assert!(https.what.contains("https") && https.todo.contains("http://"));
    for wrong in
        ["", "http://", "http:///x", "tsa.example", "ftp://tsa.example", "http://tsa.example/a b", "http://tsa\n"]
    {
        assert!(HttpAuthority::new(wrong).is_err(), "{wrong:?}");
    }
}

fn good() -> &'static [u8] {
    static MADE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    MADE.get_or_init(|| get(&TSA, VALUE, now()).unwrap())
}

#[test]
fn every_byte_that_says_the_time_is_covered() {
    let stamp = verify(good(), VALUE).unwrap();
    let data = parse(good()).unwrap();
    let said = content(&data).unwrap();
    let start = good().windows(said.len()).position(|w| w == said).unwrap();
    let mut changed = good().to_vec();
    for at in start..start + said.len() {
        changed[at] ^= 1;
        assert!(verify(&changed, VALUE).is_err(), "byte {at}");
        changed[at] ^= 1;
    }
    assert_eq!(verify(&changed, VALUE).unwrap(), stamp);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_token(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(verify(&bytes, VALUE).is_err());
        let _ = form::token(&bytes);
        let _ = Info::read(&bytes);
    }

    #[test]
    fn a_changed_token_does_not_hold_or_says_the_same(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bytes = good().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(found) = verify(&bytes, VALUE) {
            let stamp = verify(good(), VALUE).unwrap();
            prop_assert_eq!((found.time, found.certificate_der), (stamp.time, stamp.certificate_der));
        }
    }
}
