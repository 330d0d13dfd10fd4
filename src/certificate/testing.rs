//! A small public key infrastructure for tests, made by openssl: another hand than the code under test.
//!
//! `root` (RSA 3072, signs with RSASSA-PSS) issued `middle` (likewise), which issued the end certificates: `rsa` (an organisation), `p256` (a
//! person), `p384`, and `tsa`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use x509_cert::Certificate;

use super::key::Signer;
use super::stamp::Authority;
use super::x509;

pub(super) const PIN: &str = "Hemmelig 1234 æ";

pub(super) struct Pki {
    dir: tempfile::TempDir,
}

/// Runs openssl in `at`, which must succeed.
pub(super) fn openssl(at: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").current_dir(at).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Whether openssl succeeds.
pub(super) fn openssl_says(at: &Path, arguments: &[&str]) -> bool {
    Command::new("openssl").current_dir(at).args(arguments).output().unwrap().status.success()
}

pub(super) fn pki() -> &'static Pki {
    static MADE: OnceLock<Pki> = OnceLock::new();
    MADE.get_or_init(Pki::make)
}

const EXTENSIONS: &str = "\
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[short]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
[sign]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,nonRepudiation
authorityKeyIdentifier=keyid
[web]
extendedKeyUsage=serverAuth
[tsa]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[tsa-lax]
extendedKeyUsage=timeStamping
[seal]
1.3.6.1.5.5.7.1.3=ASN1:SEQUENCE:statements
[signature]
1.3.6.1.5.5.7.1.3=ASN1:SEQUENCE:signature_statements
[constrained]
basicConstraints=critical,CA:TRUE
nameConstraints=critical,permitted;email:example.dk
[odd]
1.2.3.4=critical,ASN1:NULL
[statements]
one=SEQUENCE:statement
[statement]
id=OID:0.4.0.1862.1.6
types=SEQUENCE:types
[types]
one=OID:0.4.0.1862.1.6.2
[signature_statements]
one=SEQUENCE:signature_statement
[signature_statement]
id=OID:0.4.0.1862.1.6
types=SEQUENCE:signature_types
[signature_types]
one=OID:0.4.0.1862.1.6.1
[ts]
default_tsa=ts_one
[ts_one]
serial=serial
crypto_device=builtin
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
accuracy=secs:1
ess_cert_id_chain=no
ess_cert_id_alg=sha256
";

pub(super) const EC: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"];

impl Pki {
    fn make() -> Pki {
        let pki = Pki { dir: tempfile::tempdir().unwrap() };
        fs::write(pki.at("x.cnf"), EXTENSIONS).unwrap();
        let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"];
        for name in ["root", "middle", "rsa"] {
            pki.key(name, &rsa);
        }
        for name in ["p256", "tsa", "other"] {
            pki.key(name, EC);
        }
        pki.key("p384", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp384r1"]);
        pki.self_signed("root", "/C=DK/O=Rod/CN=Rod CA");
        pki.self_signed("other", "/C=DK/O=Rod/CN=Rod CA");
        pki.issue("middle", "middle", "/C=DK/O=Rod/CN=Mellem CA", "root", "ca", &[]);
        let organisation = "/C=DK/O=Eksempel & Søn ApS/organizationIdentifier=NTRDK-12345678/CN=Segl";
        pki.issue("rsa", "rsa", organisation, "middle", "sign", &[]);
        pki.issue("p256", "p256", "/C=DK/O=Kommune/GN=Åse/SN=Jensen/CN=Åse J.", "middle", "sign", &[]);
        pki.issue("p384", "p384", "/C=DK/CN=Nogen", "middle", "sign", &[]);
        pki.issue("tsa", "tsa", "/C=DK/O=Tid/CN=Tidsstempel", "middle", "tsa", &[]);
        pki
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn directory(&self) -> &Path {
        self.dir.path()
    }

    pub(super) fn key(&self, name: &str, how: &[&str]) {
        let out = format!("{name}.key");
        openssl(self.directory(), &[&["genpkey", "-out", &out], how].concat());
    }

    fn self_signed(&self, name: &str, subject: &str) {
        let (key, out) = (format!("{name}.key"), format!("{name}.pem"));
        let mut all = vec!["req", "-x509", "-new", "-utf8", "-sha256", "-days", "400", "-key", &key, "-out", &out];
        all.extend(["-subj", subject, "-addext", "keyUsage=critical,keyCertSign"]);
        if name == "root" {
            all.extend(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"]);
        }
        openssl(self.directory(), &all);
    }

    /// A certificate `name.pem` for `key.key`, issued by `by` with the extensions of that section.
    pub(super) fn issue(&self, name: &str, key: &str, subject: &str, by: &str, section: &str, more: &[&str]) {
        let files =
            ["key", "csr", "pem"].map(|suffix| format!("{}.{suffix}", if suffix == "key" { key } else { name }));
        let [key, csr, pem] = &files;
        let request = ["req", "-new", "-utf8", "-key", key, "-subj", subject, "-out", csr];
        openssl(self.directory(), &request);
        let (ca, ca_key) = (format!("{by}.pem"), format!("{by}.key"));
        let serial = format!("{}", u64::from_be_bytes(x509::random().unwrap()) >> 1 | 1);
        let mut all = vec!["x509", "-req", "-sha256", "-in", csr, "-CA", &ca, "-CAkey", &ca_key, "-out", pem];
        all.extend(["-extfile", "x.cnf", "-extensions", section, "-set_serial", &serial]);
        if !more.contains(&"-days") {
            all.extend(["-days", "300"]);
        }
        let signs_with_rsa = fs::read_to_string(self.at(&ca_key)).unwrap().len() > 1000;
        if signs_with_rsa && !more.contains(&"-sigopt") {
            all.extend(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"]);
        }
        all.extend(more);
        openssl(self.directory(), &all);
    }

    pub(super) fn der(&self, name: &str) -> Vec<u8> {
        x509::from_file(&fs::read(self.at(&format!("{name}.pem"))).unwrap()).unwrap().remove(0)
    }

    pub(super) fn certificate(&self, name: &str) -> Certificate {
        x509::from_der(&self.der(name)).unwrap()
    }

    /// A PKCS#12 file `name.p12` with the key, its certificate and the chain up to the root, protected by [`PIN`].
    pub(super) fn pkcs12(&self, name: &str, more: &[&str]) -> PathBuf {
        let out = self.at(&format!("{name}-{}.p12", u64::from_be_bytes(x509::random().unwrap())));
        let both = self.at(&format!("{name}-chain.pem"));
        let chain: String =
            ["middle", "root"].map(|n| fs::read_to_string(self.at(&format!("{n}.pem"))).unwrap()).concat();
        fs::write(&both, chain).unwrap();
        let (key, certificate, pass) = (format!("{name}.key"), format!("{name}.pem"), format!("pass:{PIN}"));
        let mut all = vec!["pkcs12", "-export", "-inkey", &key, "-in", &certificate, "-passout", &pass];
        all.extend(["-certfile", both.to_str().unwrap(), "-out", out.to_str().unwrap()]);
        all.extend(more);
        openssl(self.directory(), &all);
        out
    }

    /// The key of `name` with its chain.
    pub(super) fn signer(&self, name: &str) -> Box<dyn Signer> {
        let pem = fs::read(self.at(&format!("{name}.key"))).unwrap();
        let (_, pkcs8) = der::pem::decode_vec(&pem).unwrap();
        super::key::signer_of(&pkcs8, self.certificate(name), vec![self.certificate("middle")])
    }
}

/// A time-stamp authority: `openssl ts` with the certificate of that name.
pub(super) struct OpensslAuthority {
    pub(super) name: &'static str,
    pub(super) more: &'static [&'static str],
}

pub(super) const TSA: OpensslAuthority = OpensslAuthority { name: "tsa", more: &[] };

impl Authority for OpensslAuthority {
    fn url(&self) -> &str {
        "http://tsa.example"
    }

    fn stamp(&self, request_der: &[u8]) -> Result<Vec<u8>, String> {
        let own = tempfile::tempdir().unwrap();
        let at = |name: &str| own.path().join(name).to_str().unwrap().to_string();
        fs::write(at("query"), request_der).unwrap();
        fs::write(at("serial"), "01\n").unwrap();
        fs::write(at("ts.cnf"), EXTENSIONS.replace("serial=serial", &format!("serial={}", at("serial")))).unwrap();
        let pki = pki();
        let file = |suffix: &str| pki.at(&format!("{}.{suffix}", self.name)).to_str().unwrap().to_string();
        let (query, out, config) = (at("query"), at("reply"), at("ts.cnf"));
        let (signer, key) = (file("pem"), file("key"));
        let chain = pki.at("middle.pem").to_str().unwrap().to_string();
        let mut all = vec!["ts", "-reply", "-config", &config, "-section", "ts_one", "-queryfile", &query];
        all.extend(["-signer", &signer, "-inkey", &key, "-chain", &chain, "-out", &out]);
        all.extend(self.more);
        openssl(own.path(), &all);
        fs::read(out).map_err(|e| e.to_string())
    }
}
