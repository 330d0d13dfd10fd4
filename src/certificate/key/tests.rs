//! Keys from files and from tokens, chosen, replaced, and found unfit before they are needed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;

use super::super::testing::{PIN, openssl, pki};
use super::*;
use crate::certificate::{Form, Signature, Trust, fingerprint_words, verify_signature};
use crate::problem::{Kind, Problem};

const CONTENT: &[u8] = b"{}";

struct Says(&'static str);

impl AskPin for Says {
    fn pin(&self, _what: &str) -> Result<Pin, Problem> {
        Ok(Pin::new(self.0.into()))
    }
}

fn state() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn signed(signer: &dyn Signer) -> Signature {
    let signature = signer.sign(CONTENT, Form::Detached, None).unwrap();
    verify_signature(CONTENT, &signature, Form::Detached).unwrap()
}

fn use_it(state: &Path, fingerprint: String) -> Box<dyn Signer> {
    KeyStore::use_key(state, Choice::Pkcs12 { fingerprint }, Settings::default(), None, &Says(PIN)).unwrap()
}

fn failed<T>(result: Result<T, Problem>) -> Problem {
    match result {
        Err(problem) => {
            assert_eq!(problem.kind, Kind::Error, "{problem:?}");
            assert!(!problem.todo.is_empty());
            problem
        }
        Ok(_) => panic!("it was accepted"),
    }
}

/// PBES2 as openssl makes it today, and PBES1 with triple DES as older systems do.
const PROTECTIONS: [&[&str]; 2] = [&[], &["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"]];

#[test]
fn a_key_file_is_imported_encrypted_and_used_with_its_pin() {
    for name in ["rsa", "p256", "p384"] {
        for protection in PROTECTIONS {
            let dir = state();
            let file = pki().pkcs12(name, protection);
            let imported = KeyStore::import_pkcs12(dir.path(), &file, &Says(PIN)).unwrap();
            assert_eq!(imported.certificate_der(), pki().der(name));
            assert_eq!(imported.chain_der(), [pki().der("middle")], "without the root");
            // Not used before it is chosen.
            assert_ne!(KeyStore::open_or_create(dir.path(), &NoPin).unwrap().fingerprint(), imported.fingerprint());
            use_it(dir.path(), imported.fingerprint());
            let opened = KeyStore::open_or_create(dir.path(), &Says(PIN)).unwrap();
            let found = signed(&*opened);
            assert_eq!(found.certificate_der, pki().der(name));
            assert_eq!(opened.entry().kind, found.kind);
            let root = Trust { certificates: vec![pki().der("root")], ..Trust::default() };
            assert!(root.judge(&found).0);
            let kept = dir.path().join("keys/imported").join(&imported.fingerprint()[7..]);
            assert_eq!(fs::read(kept.join("key.p12")).unwrap(), fs::read(&file).unwrap());
            for (path, mode) in [(kept.join("key.p12"), 0o600), (kept.join("certificate.pem"), 0o600), (kept, 0o700)] {
                assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
            }
            assert!(failed(KeyStore::open(dir.path(), &Says("falsk"))).what.contains("PIN is wrong"));
            assert!(failed(KeyStore::open(dir.path(), &NoPin)).todo.contains("--pin-file"));
        }
    }
}

#[test]
fn a_pin_file_is_read_where_it_is_private() {
    let dir = state();
    let signer = KeyStore::import_pkcs12(dir.path(), &pki().pkcs12("p256", &[]), &Says(PIN)).unwrap();
    let pin_file = dir.path().join("pin");
    fs::write(&pin_file, format!("{PIN}\n")).unwrap();
    fs::set_permissions(&pin_file, fs::Permissions::from_mode(0o600)).unwrap();
    let settings = Settings { pin_file: Some(pin_file.clone()), time_stamp: Some("http://tsa.example/x".into()) };
    let key = Choice::Pkcs12 { fingerprint: signer.fingerprint() };
    KeyStore::use_key(dir.path(), key.clone(), settings.clone(), None, &NoPin).unwrap();
    assert!(KeyStore::open(dir.path(), &NoPin).unwrap().is_some());
    let told = KeyStore::describe(dir.path()).unwrap();
    assert_eq!((&told.key, &told.settings), (&key, &settings));
    assert_eq!(told.fingerprint, Some(signer.fingerprint()));
    assert_eq!(told.imported, [signer.fingerprint()]);
    assert_eq!(told.entry, Some(signer.entry()));
    assert_eq!(told.certificates_der, [pki().der("p256"), pki().der("middle")]);
    fs::set_permissions(&pin_file, fs::Permissions::from_mode(0o604)).unwrap();
    assert!(failed(KeyStore::open(dir.path(), &NoPin)).what.contains("open to others"));
    let https = Settings { time_stamp: Some("https://tsa.example".into()), ..Settings::default() };
    let refused = KeyStore::use_key(dir.path(), Choice::Own, https, None, &NoPin).map(|_| ()).unwrap_err();
    assert!(refused.what.contains("https") && refused.todo.contains("http://"), "{refused:?}");
    assert_eq!(KeyStore::describe(dir.path()).unwrap().key, key, "nothing was changed");
}

#[test]
fn a_key_that_is_unfit_is_refused_when_it_is_imported() {
    let at = |name: &str| format!("{name}-{:x}", std::process::id());
    pki().issue(&at("web"), "p256", "/CN=web.example", "middle", "web", &[]);
    pki().issue(&at("old"), "p256", "/CN=Old", "middle", "sign", &["-days", "-1"]);
    pki().key(&at("p521"), &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp521r1"]);
    pki().issue(&at("p521"), &at("p521"), "/CN=Curve", "middle", "sign", &[]);
    pki().key(&at("weak"), &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    pki().issue(&at("weak"), &at("weak"), "/CN=Weak", "middle", "sign", &[]);
    for (certificate, key, why) in [
        (at("web"), "p256".into(), "extKeyUsage"),
        (at("old"), "p256".into(), "valid from"),
        (at("p521"), at("p521"), "P-256"),
        (at("weak"), at("weak"), "2048"),
    ] {
        let dir = state();
        let file = dir.path().join("key.p12");
        let (key, pem, pass) = (format!("{key}.key"), format!("{certificate}.pem"), format!("pass:{PIN}"));
        let out = file.to_str().unwrap();
        let export = ["pkcs12", "-export", "-inkey", &key, "-in", &pem, "-passout", &pass, "-out", out];
        openssl(pki().directory(), &export);
        let problem = failed(KeyStore::import_pkcs12(dir.path(), &file, &Says(PIN)).map(|_| ()));
        assert!(problem.what.contains(why), "{certificate}: {problem:?}");
        assert!(!dir.path().join("keys").exists(), "nothing of it was kept");
    }
}

#[test]
fn a_file_without_key_or_with_another_certificate_is_told_apart() {
    let dir = state();
    let file = dir.path().join("key.p12");
    let (pass, out) = (format!("pass:{PIN}"), file.to_str().unwrap());
    let export = ["pkcs12", "-export", "-nokeys", "-in", "p256.pem", "-passout", &pass, "-out", out];
    openssl(pki().directory(), &export);
    let problem = failed(KeyStore::import_pkcs12(dir.path(), &file, &Says(PIN)).map(|_| ()));
    assert!(problem.what.contains("no private key"), "{problem:?}");
    fs::write(&file, b"hello").unwrap();
    assert!(failed(KeyStore::import_pkcs12(dir.path(), &file, &Says(PIN)).map(|_| ())).what.contains("no PKCS#12"));
    fs::write(&file, vec![0; 2 << 20]).unwrap();
    assert!(failed(KeyStore::import_pkcs12(dir.path(), &file, &Says(PIN)).map(|_| ())).what.contains("larger"));
}

#[test]
fn a_file_without_a_mac_is_used_and_its_pin_checked_all_the_same() {
    let file = pki().pkcs12("p384", &["-nomac"]);
    let import = |pin: &'static str| {
        let dir = state();
        KeyStore::import_pkcs12(dir.path(), &file, &Says(pin)).map(|signer| signer.certificate_der().to_vec())
    };
    assert_eq!(import(PIN).unwrap(), pki().der("p384"));
    assert!(failed(import("falsk")).what.contains("PIN is wrong"));
}

#[test]
fn an_imported_key_that_was_taken_away_or_exchanged_is_told() {
    let dir = state();
    let one = KeyStore::import_pkcs12(dir.path(), &pki().pkcs12("p256", &[]), &Says(PIN)).unwrap().fingerprint();
    let other = KeyStore::import_pkcs12(dir.path(), &pki().pkcs12("p384", &[]), &Says(PIN)).unwrap().fingerprint();
    use_it(dir.path(), one.clone());
    let place = |fingerprint: &str| dir.path().join("keys/imported").join(&fingerprint[7..]);
    fs::copy(place(&other).join("key.p12"), place(&one).join("key.p12")).unwrap();
    assert!(failed(KeyStore::open(dir.path(), &Says(PIN))).what.contains("another key"));
    fs::set_permissions(place(&one).join("key.p12"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(failed(KeyStore::open(dir.path(), &Says(PIN))).what.contains("open to others"));
    fs::remove_dir_all(place(&one)).unwrap();
    assert!(failed(KeyStore::open(dir.path(), &Says(PIN))).what.contains("not among the imported"));
    // An own key is not made in its place.
    assert!(!dir.path().join("keys/signing").exists());
}

#[test]
fn what_a_replaced_key_signed_is_still_by_an_own_key() {
    let dir = state();
    let first = KeyStore::open_or_create(dir.path(), &NoPin).unwrap();
    let old = signed(&*first);
    let private = fs::read(dir.path().join("keys/signing/key.pem")).unwrap();
    let second = KeyStore::new_key(dir.path()).unwrap();
    let third = KeyStore::new_key(dir.path()).unwrap();
    assert_eq!(KeyStore::open(dir.path(), &NoPin).unwrap().unwrap().fingerprint(), third.fingerprint());
    let own = KeyStore::own_fingerprints(dir.path());
    for signer in [&first, &second, &third] {
        assert!(own.contains(&signer.fingerprint()));
    }
    assert_eq!(own.len(), 3);
    let trust = Trust { own_keys: own, ..Trust::default() };
    assert!(trust.judge(&old).0);
    assert!(trust.judge(&old).1.english().contains("own key"));
    assert!(!Trust { own_keys: vec![third.fingerprint()], ..Trust::default() }.judge(&old).0);
    let words = Trust::load(fingerprint_words(&old.fingerprint)).unwrap();
    assert!(words.judge(&old).0);
    // Nothing is left of the private key.
    let mut names: Vec<_> =
        fs::read_dir(dir.path().join("keys")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["former", "signing"]);
    assert_ne!(fs::read(dir.path().join("keys/signing/key.pem")).unwrap(), private);
    assert_eq!(KeyStore::describe(dir.path()).unwrap().former.len(), 2);
    fs::set_permissions(dir.path().join("keys"), fs::Permissions::from_mode(0o777)).unwrap();
    assert!(KeyStore::own_fingerprints(dir.path()).is_empty(), "anybody could have put them there");
}

#[test]
fn a_key_that_an_older_version_made_goes_on() {
    let dir = state();
    let keys = dir.path().join("keys/signing");
    fs::create_dir_all(&keys).unwrap();
    // As written by version 0.1.0 at first: PKCS#8 with the public key in it, and the certificate.
    fs::write(keys.join("key.pem"), include_str!("old-key.pem")).unwrap();
    fs::write(keys.join("certificate.pem"), include_str!("old-certificate.pem")).unwrap();
    for (path, mode) in [(dir.path().join("keys"), 0o700), (keys.clone(), 0o700), (keys.join("key.pem"), 0o600)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    // A day of 2030, when it is valid whatever day it is: opening signs and verifies.
    let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_900_000_000);
    let entry = own::open(dir.path(), at).unwrap().unwrap().entry();
    assert_eq!(entry.kind, Some(crate::document::SignerKind::Installation));
    assert!(entry.name.unwrap().starts_with("radera signing key "));
}

fn good_p12() -> &'static [u8] {
    static MADE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    MADE.get_or_init(|| fs::read(pki().pkcs12("p256", &["-iter", "1", "-maciter"])).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_of_a_key_file_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(imported::decode(&bytes, &Pin::new(PIN.into())).is_err());
    }

    #[test]
    fn no_change_of_a_key_file_makes_it_panic(at in any::<prop::sample::Index>(), to in any::<u8>(), cut in 0usize..40) {
        let mut bytes = good_p12().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = to;
        bytes.truncate(bytes.len() - cut / 4);
        let _ = imported::decode(&bytes, &Pin::new(PIN.into()));
    }

    #[test]
    fn no_bytes_of_a_private_key_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>()) {
        let certificate = pki().certificate("p256");
        prop_assert!(local::LocalKey::from_pkcs8(&bytes, &certificate).is_err());
        let pem = fs::read(pki().at("p256.key")).unwrap();
        let (_, mut good) = der::pem::decode_vec(&pem).unwrap();
        let at = at.index(good.len());
        good.splice(at..at, bytes.into_iter().take(9));
        let _ = local::LocalKey::from_pkcs8(&good, &certificate);
    }
}

#[test]
fn a_file_that_asks_for_hours_of_key_derivation_is_refused() {
    use der::{Encode, asn1::OctetString};
    let salted = |n: u64| (OctetString::new(vec![1; 8]).unwrap().to_der().unwrap(), n.to_der().unwrap());
    for (n, fine) in [(2048, true), (10_000_000, true), (10_000_001, false), (u64::MAX, false)] {
        let (salt, number) = salted(n);
        let inner = [vec![0x30, u8::try_from(salt.len() + number.len()).unwrap()], salt, number].concat();
        let outer = OctetString::new(inner).unwrap().to_der().unwrap();
        assert_eq!(imported::rounds_are_bounded(&outer, 0), fine, "{n}");
    }
}

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
/// Set for the child of a test that works with a token: where its token is.
const TOKEN_AT: &str = "RADERA_TEST_TOKEN";

/// The configuration of SoftHSM is told by the environment, which is a process's: so each test with a token runs in one of its own.
fn in_a_child(name: &str) {
    if !Path::new(MODULE).exists() {
        crate::skip::skip("SoftHSM is not installed");
        return;
    }
    if !crate::skip::programs(&["softhsm2-util", "pkcs11-tool"]) {
        return;
    }
    let dir = state();
    let config = dir.path().join("softhsm2.conf");
    fs::create_dir(dir.path().join("tokens")).unwrap();
    let text = format!("directories.tokendir = {}\nobjectstore.backend = file\n", dir.path().join("tokens").display());
    fs::write(&config, text).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("certificate::key::tests::{name}"), "--ignored", "--nocapture"])
        .env("SOFTHSM2_CONF", &config)
        .env(TOKEN_AT, dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
}

/// A token with the key and certificate of `names`, and the certificate between them and the root.
fn token(label: &str, names: &[&str]) {
    run("softhsm2-util", &["--init-token", "--free", "--label", label, "--pin", "4321", "--so-pin", "87654321"]);
    for (at, name) in names.iter().enumerate() {
        let id = format!("0{}", at + 1);
        let key = pki().at(&format!("{name}.key"));
        let arguments =
            ["--import", key.to_str().unwrap(), "--token", label, "--pin", "4321", "--label", name, "--id", &id];
        run("softhsm2-util", &arguments);
        write_certificate(label, name, &id);
    }
    write_certificate(label, "middle", "77");
}

fn write_certificate(token: &str, name: &str, id: &str) {
    let der = pki().at(&format!("{name}.der"));
    fs::write(&der, pki().der(name)).unwrap();
    let arguments = ["--module", MODULE, "--token-label", token, "--login", "--pin", "4321", "--type", "cert"];
    let rest = ["--write-object", der.to_str().unwrap(), "--id", id, "--label", name];
    run("pkcs11-tool", &[&arguments[..], &rest].concat());
}

fn on_token(label: &str, object: Option<&str>) -> Choice {
    Choice::Pkcs11 {
        module: MODULE.into(),
        token: Some(label.into()),
        slot: None,
        object: object.map(Into::into),
        fingerprint: None,
    }
}

#[test]
fn keys_on_a_token_sign_with_their_chain() {
    in_a_child("token_signs");
}

#[test]
#[ignore = "not a test: what the child of one runs"]
fn token_signs() {
    if std::env::var_os(TOKEN_AT).is_none() {
        return;
    }
    token("kort", &["rsa", "p256", "p384"]);
    for object in ["rsa", "p256", "p384", "02"] {
        let dir = state();
        let name = if object == "02" { "p256" } else { object };
        let used =
            KeyStore::use_key(dir.path(), on_token("kort", Some(object)), Settings::default(), None, &Says("4321"))
                .unwrap();
        assert_eq!(used.certificate_der(), pki().der(name));
        assert_eq!(used.chain_der(), [pki().der("middle")]);
        let found = signed(&*used);
        assert!(Trust { certificates: vec![pki().der("root")], ..Trust::default() }.judge(&found).0);
        let opened = KeyStore::open(dir.path(), &Says("4321")).unwrap().unwrap();
        assert_eq!(signed(&*opened).fingerprint, used.fingerprint());
        assert_eq!(KeyStore::own_fingerprints(dir.path()), [used.fingerprint()]);
    }
}

#[test]
fn a_token_that_can_not_be_used_is_told_by_name() {
    in_a_child("token_fails");
}

#[test]
#[ignore = "not a test: what the child of one runs"]
fn token_fails() {
    if std::env::var_os(TOKEN_AT).is_none() {
        return;
    }
    token("kort", &["rsa", "p256"]);
    token("andet", &["p384"]);
    let dir = state();
    let choose = |choice: Choice, pin: &'static str| {
        KeyStore::use_key(dir.path(), choice, Settings::default(), None, &Says(pin)).map(|_| ())
    };
    let several = failed(choose(on_token("kort", None), "4321"));
    assert!(several.what.contains("several") && several.what.contains("p256"), "{several:?}");
    assert!(failed(choose(on_token("kort", Some("nope")), "4321")).what.contains("no certificate"));
    assert!(failed(choose(on_token("borte", None), "4321")).what.contains("0 tokens"));
    let any = Choice::Pkcs11 { module: MODULE.into(), token: None, slot: None, object: None, fingerprint: None };
    assert!(failed(choose(any, "4321")).what.contains("2 tokens"));
    let module =
        |path: &str| Choice::Pkcs11 { module: path.into(), token: None, slot: None, object: None, fingerprint: None };
    for path in ["libsofthsm2.so", "/nowhere/module.so", "/etc/passwd"] {
        assert!(failed(choose(module(path), "4321")).what.contains("can't be loaded"), "{path}");
    }
    assert!(failed(choose(on_token("kort", Some("rsa")), "1111")).what.contains("PIN"));
    assert_eq!(KeyStore::describe(dir.path()).unwrap().key, Choice::Own, "nothing was chosen");
    assert!(!dir.path().join("keys").exists(), "and nothing was kept");
    // The only key of its token needs no name.
    choose(on_token("andet", None), "4321").unwrap();
}

#[test]
fn a_session_that_was_lost_is_opened_again_once() {
    in_a_child("token_lost");
}

#[test]
#[ignore = "not a test: what the child of one runs"]
fn token_lost() {
    if std::env::var_os(TOKEN_AT).is_none() {
        return;
    }
    token("kort", &["p256"]);
    let dir = state();
    let signer =
        KeyStore::use_key(dir.path(), on_token("kort", None), Settings::default(), None, &Says("4321")).unwrap();
    signed(&*signer);
    token::log_out(Path::new(MODULE));
    signed(&*signer);
    // Gone for good: told, not signed.
    let remove =
        ["--module", MODULE, "--token-label", "kort", "--login", "--pin", "4321", "--type", "privkey", "--id", "01"];
    run("pkcs11-tool", &[&remove[..], &["--delete-object"]].concat());
    token::log_out(Path::new(MODULE));
    assert!(signer.sign(CONTENT, Form::Detached, None).is_err());
}
