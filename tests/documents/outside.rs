//! The tests' own helpers: what they say of good samples and of bad ones, before anything of radera's is judged by them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use super::support::pki::{Holder, Identity, PASSWORD, describe, identity};
use super::support::softhsm::Token;
use super::support::tsa::{FAULTS, Fault, Tsa};
use super::support::{attempt, run};

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Whether openssl builds the chain of `identity` up to `root`, now.
fn chains(identity: &Identity, root: &Path, purpose: &[&str]) -> (bool, String) {
    let words = ["verify", "-CAfile", path(root), "-untrusted", path(&identity.chain)];
    let output = attempt("openssl", &[&words[..], purpose, &[path(&identity.certificate)]].concat());
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_chains_are_what_they_are_said_to_be() {
    let dir = tempfile::tempdir().unwrap();
    let of = |holder| identity(holder, dir.path());
    for holder in [Holder::Organisation, Holder::OtherAuthority, Holder::Impostor, Holder::Person] {
        let (good, said) = chains(&of(holder), &of(holder).root, &[]);
        assert!(good, "{holder:?}: {said}");
    }
    let (good, said) = chains(&of(Holder::Tsa), &of(Holder::Tsa).root, &["-purpose", "timestampsign"]);
    assert!(good, "{said}");
    let root = of(Holder::Organisation).root;
    for (holder, why) in [
        (Holder::Expired, "certificate has expired"),
        (Holder::NotYetValid, "certificate is not yet valid"),
        (Holder::OtherAuthority, "self-signed certificate in certificate chain"),
        (Holder::Impostor, "certificate"),
        (Holder::Person, "self-signed certificate in certificate chain"),
    ] {
        let (good, said) = chains(&of(holder), &root, &[]);
        assert!(!good && said.contains(why), "{holder:?}: {said}");
    }
    for (holder, why) in [(Holder::WrongUsage, "Key Encipherment"), (Holder::WrongPurpose, "TLS Web Server")] {
        assert!(chains(&of(holder), &root, &[]).0 && describe(&of(holder).certificate).contains(why));
        assert!(!chains(&of(holder), &root, &["-purpose", "smimesign"]).0, "{holder:?}");
    }
    let text = describe(&of(Holder::Organisation).certificate);
    for word in ["rsassaPss", "Salt Length: 0x20", "rsaEncryption", "(3072 bit)", "NTRDK-25313763", "Non Repudiation"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let names = |h: Holder| describe(&of(h).certificate).lines().find(|l| l.contains("Issuer:")).unwrap().to_string();
    assert_eq!(names(Holder::Impostor), names(Holder::Organisation));
    assert_ne!(names(Holder::OtherAuthority), names(Holder::Organisation));
    assert_ne!(of(Holder::Organisation).fingerprint(), of(Holder::Impostor).fingerprint());
    assert_eq!(std::fs::read(of(Holder::Expired).key).unwrap(), std::fs::read(of(Holder::Organisation).key).unwrap());
}

#[test]
fn both_forms_of_pkcs12_hold_key_and_chain_under_the_password_alone() {
    let dir = tempfile::tempdir().unwrap();
    for (holder, certificates) in [(Holder::Organisation, 3), (Holder::Person, 2)] {
        let made = identity(holder, dir.path());
        for (file, protection) in [(&made.p12, "PBES2"), (&made.old_p12, "pbeWithSHA1And3-KeyTripleDES-CBC")] {
            let words = ["pkcs12", "-in", path(file), "-nodes", "-info", "-passin"];
            let output = attempt("openssl", &[&words[..], &[&format!("pass:{PASSWORD}")]].concat());
            let (out, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success() && said.contains(protection), "{said}");
            assert_eq!(out.matches("BEGIN CERTIFICATE").count(), certificates);
            assert_eq!(out.matches("BEGIN PRIVATE KEY").count(), 1);
            assert!(!attempt("openssl", &[&words[..], &["pass:another"]].concat()).status.success());
        }
    }
}

#[test]
fn the_token_signs_with_both_kinds_of_key() {
    let dir = tempfile::tempdir().unwrap();
    let token = Token::new(dir.path(), "Kommunens kort");
    token.import(&identity(Holder::Organisation, dir.path()), "segl", "01");
    token.import(&identity(Holder::Person, dir.path()), "underskrift", "02");
    let objects = token.objects();
    for (what, count) in [("Private Key Object", 2), ("Certificate Object", 2), ("segl", 3), ("underskrift", 3)] {
        assert!(objects.matches(what).count() >= count - 1, "{what}: {objects}");
    }
    for (id, mechanism, expected) in [("01", "SHA256-RSA-PKCS", true), ("02", "ECDSA", true), ("03", "ECDSA", false)] {
        let (signs, said) = token.signs(id, mechanism);
        assert_eq!(signs, expected, "{id}: {said}");
    }
}

/// An HTTP exchange by hand: head and body of the answer, or what went wrong.
fn ask(tsa: &Tsa, query: &[u8]) -> (String, Vec<u8>) {
    let url = tsa.url();
    let address = url.trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let head = "POST /tsa HTTP/1.1\r\nHost: here\r\nContent-Type: application/timestamp-query\r\nContent-Length: ";
    stream.write_all(format!("{head}{}\r\n\r\n", query.len()).as_bytes()).unwrap();
    stream.write_all(query).unwrap();
    let mut answer = Vec::new();
    let _ = stream.take(8 << 20).read_to_end(&mut answer);
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n");
    let Some(end) = end else { return (String::new(), answer) };
    (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec())
}

#[test]
fn openssl_accepts_the_good_time_stamp_and_each_fault_shows() {
    let dir = tempfile::tempdir().unwrap();
    let tsa = Tsa::start(dir.path());
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_string();
    std::fs::write(at("data"), "what is stamped").unwrap();
    run("openssl", &["ts", "-query", "-data", &at("data"), "-sha256", "-cert", "-out", &at("asked")]);
    let query = std::fs::read(at("asked")).unwrap();
    let verify = |body: &[u8]| {
        std::fs::write(at("reply"), body).unwrap();
        let words = ["ts", "-verify", "-in", &at("reply"), "-queryfile", &at("asked"), "-CAfile", path(&tsa.root)];
        let output = attempt("openssl", &words);
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (head, body) = ask(&tsa, &query);
    assert!(head.contains("200 OK") && head.contains("timestamp-reply"), "{head}");
    let (good, said) = verify(&body);
    assert!(good, "{said}");
    for fault in FAULTS {
        tsa.set(fault);
        let (head, body) = ask(&tsa, &query);
        let (accepted, said) = verify(&body);
        let why = match fault {
            Fault::WrongNonce => "nonce mismatch",
            Fault::NoNonce => "nonce not returned",
            Fault::OtherImprint => "message imprint mismatch",
            Fault::Rejection => "rejection",
            Fault::ExpiredCertificate => "certificate has expired",
            Fault::BrokenSignature => "signature",
            _ => "",
        };
        // The content type is nothing that openssl sees.
        assert_eq!(accepted, fault == Fault::WrongContentType, "{fault:?}: {said}");
        assert!(said.contains(why), "{fault:?}: {said}");
        match fault {
            Fault::ServerError => assert!(head.contains(" 500 ")),
            Fault::Hangs => assert!(head.is_empty() && body.is_empty()),
            Fault::TooLarge => assert!(body.len() > 4 << 20),
            Fault::WrongContentType => assert!(head.contains("text/html")),
            Fault::Cut => {
                let length: usize =
                    head.split("Content-Length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
                assert_eq!(body.len(), length / 2);
            }
            _ => {}
        }
    }
    assert_eq!(tsa.asked(), 1 + FAULTS.len());
    tsa.set(Fault::Hangs);
    let started = Instant::now();
    drop(tsa);
    assert!(started.elapsed() < Duration::from_secs(5), "it ends when dropped");
}
