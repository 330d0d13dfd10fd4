//! Certificate authorities, keys and certificates as a customer would have them, made by openssl when a test first asks for one:
//! no key is ever committed. One process makes them once, since RSA keys take long.
//!
//! The organisation's chain is shaped as Denmark's OCES3 is: RSA keys of 3072 bits and more, certificates signed with
//! RSASSA-PSS (SHA-256, salt of 32 bytes), a seal certificate with organizationIdentifier and qcStatements.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::run;

/// What protects every PKCS#12 file.
pub const PASSWORD: &str = "not a real secret";
/// The subject of the organisation's certificates, as it stands in documents.
pub const ORGANISATION: &str = "Ældre Udstyr ApS";
/// The subject of the person's certificates.
pub const PERSON: &str = "Åsa Öberg";

/// Whose certificate, and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holder {
    /// An organisation's seal: RSA-3072 under an RSASSA-PSS chain of root and intermediate.
    Organisation,
    /// The same key and chain; its certificate ended in 2021.
    Expired,
    /// The same key and chain; its certificate begins in 2090.
    NotYetValid,
    /// The same key and chain; its certificate is for enciphering keys.
    WrongUsage,
    /// The same key and chain; its certificate is for TLS servers only.
    WrongPurpose,
    /// The same subject with another key, under an authority of another name.
    OtherAuthority,
    /// The same subject with another key, under authorities that bear the very names of the organisation's.
    Impostor,
    /// A person with a P-256 key under an authority with one.
    Person,
    /// A time-stamp authority with RSA-2048 under an authority of its own.
    Tsa,
    /// The same time-stamp authority; its certificate ended in 2021.
    ExpiredTsa,
}

/// The files of one holder.
#[derive(Debug, Clone)]
pub struct Identity {
    /// PKCS#8 in PEM, not encrypted.
    pub key: PathBuf,
    /// PEM.
    pub certificate: PathBuf,
    /// The authorities above it in PEM, the nearest first, the root last.
    pub chain: PathBuf,
    /// The root alone, in PEM: what a receiver is asked to trust.
    pub root: PathBuf,
    /// PKCS#12 with the chain: PBES2, AES-256, HMAC with SHA-256.
    pub p12: PathBuf,
    /// PKCS#12 with the chain: PBE with SHA-1 and triple DES, as older programs export it.
    pub old_p12: PathBuf,
}

impl Identity {
    /// `sha256:` and the digest of the certificate, as `key use imported:…` and `--trust` take it.
    pub fn fingerprint(&self) -> String {
        let line =
            run("openssl", &["x509", "-in", self.certificate.to_str().unwrap(), "-noout", "-fingerprint", "-sha256"]);
        let digits = line.split_once('=').expect("a fingerprint").1;
        format!("sha256:{}", digits.replace(':', "").to_lowercase())
    }

    /// A file of its directory holding the certificate in DER.
    pub fn der(&self) -> PathBuf {
        let der = self.certificate.with_extension("der");
        let from = self.certificate.to_str().unwrap();
        run("openssl", &["x509", "-in", from, "-outform", "DER", "-out", der.to_str().unwrap()]);
        der
    }
}

/// The files of `holder`, made under `directory`, which nothing else writes to.
pub fn identity(holder: Holder, directory: &Path) -> Identity {
    let kept = kept(holder);
    let at = directory.join(format!("{holder:?}"));
    std::fs::create_dir_all(&at).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = at.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    Identity {
        key: write("key.pem", &kept.key),
        certificate: write("certificate.pem", &kept.certificate),
        chain: write("chain.pem", &kept.chain),
        root: write("root.pem", &kept.root),
        p12: write("key.p12", &kept.p12),
        old_p12: write("old.p12", &kept.old_p12),
    }
}

/// A certificate, as openssl tells it.
pub fn describe(certificate: &Path) -> String {
    run("openssl", &["x509", "-in", certificate.to_str().unwrap(), "-noout", "-text"])
}

/// Every certificate of a PEM file, in DER; works in `directory`.
pub fn ders(pem: &Path, directory: &Path) -> Vec<Vec<u8>> {
    const END: &str = "-----END CERTIFICATE-----";
    let text = std::fs::read_to_string(pem).unwrap();
    let (one, out) = (directory.join("one.pem"), directory.join("one.der"));
    let blocks = text.split_inclusive(END).filter(|block| block.ends_with(END));
    let decode = |block: &str| {
        std::fs::write(&one, block).unwrap();
        let words = ["x509", "-in", one.to_str().unwrap(), "-outform", "DER", "-out", out.to_str().unwrap()];
        run("openssl", &words);
        std::fs::read(&out).unwrap()
    };
    blocks.map(decode).collect()
}

struct Kept {
    key: Vec<u8>,
    certificate: Vec<u8>,
    chain: Vec<u8>,
    root: Vec<u8>,
    p12: Vec<u8>,
    old_p12: Vec<u8>,
}

fn kept(holder: Holder) -> &'static Kept {
    static KEPT: [OnceLock<Kept>; 10] = [const { OnceLock::new() }; 10];
    KEPT[holder as usize].get_or_init(|| Workshop::new().make(holder))
}

/// An authority's certificate chain (its own first) and key.
#[derive(Clone)]
struct Authority {
    key: Vec<u8>,
    chain: Vec<Vec<u8>>,
}

const PSS: &[&str] =
    &["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sigopt", "rsa_mgf1_md:sha256"];
const RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"];
const SHORT_RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const P256: &[&str] =
    &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:named_curve"];

const AUTHORITY: &str = "basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
";
const SEAL: &str = "keyUsage = critical,digitalSignature,nonRepudiation
certificatePolicies = 0.4.0.194112.1.1
1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements
";
const STATEMENTS: &str = "
[statements]
compliance = SEQUENCE:compliance
type = SEQUENCE:type
[compliance]
id = OID:0.4.0.1862.1.1
[type]
id = OID:0.4.0.1862.1.6
values = SEQUENCE:types
[types]
seal = OID:0.4.0.1862.1.6.2
";

/// Name, value of each part of a subject, from the country down.
type Subject<'a> = &'a [(&'a str, &'a str)];

const SUBJECT: Subject = &[
    ("C", "DK"),
    ("2.5.4.97", "NTRDK-25313763"),
    ("O", ORGANISATION),
    ("serialNumber", "UI:DK-O:G:0f3c5ea4-61f0-4bf4-a1e6-6ae9ef6ab1b2"),
    ("CN", ORGANISATION),
];

/// When a certificate begins and ends, as openssl wants it.
const NOW: (&str, &str) = ("20200101000000Z", "20600101000000Z");
const PAST: (&str, &str) = ("20200101000000Z", "20210101000000Z");
const FUTURE: (&str, &str) = ("20900101000000Z", "20950101000000Z");

/// Where openssl works; nothing of it stays.
struct Workshop {
    directory: tempfile::TempDir,
}

impl Workshop {
    fn new() -> Self {
        Workshop { directory: tempfile::Builder::new().prefix("radera-pki-").tempdir().unwrap() }
    }

    fn make(&self, holder: Holder) -> Kept {
        let (organisation, dates, extensions) = match holder {
            Holder::Organisation | Holder::OtherAuthority | Holder::Impostor => (true, NOW, SEAL),
            Holder::Expired => (true, PAST, SEAL),
            Holder::NotYetValid => (true, FUTURE, SEAL),
            Holder::WrongUsage => (true, NOW, "keyUsage = critical,keyEncipherment\n"),
            Holder::WrongPurpose => {
                (true, NOW, "keyUsage = critical,digitalSignature\nextendedKeyUsage = serverAuth\n")
            }
            Holder::Person => (false, NOW, "keyUsage = critical,digitalSignature,nonRepudiation\n"),
            Holder::Tsa | Holder::ExpiredTsa => {
                let dates = if holder == Holder::Tsa { NOW } else { PAST };
                let usage = "keyUsage = critical,digitalSignature\nextendedKeyUsage = critical,timeStamping\n";
                let subject = [("C", "SE"), ("O", "Tidsstämpling AB"), ("CN", "Tidsstämpling 1")];
                return self.finish(tsa_authority(), tsa_key().clone(), &subject, dates, usage);
            }
        };
        if !organisation {
            let subject = [
                ("C", "SE"),
                ("givenName", "Åsa"),
                ("surname", "Öberg"),
                ("serialNumber", "PNOSE-190001019876"),
                ("O", "Eksempel Kommune"),
                ("CN", PERSON),
            ];
            let authority = self.root(P256, "Personers rot");
            return self.finish(&authority, self.key(P256), &subject, dates, extensions);
        }
        let (authority, key) = match holder {
            Holder::OtherAuthority => (&self.root(SHORT_RSA, "En annan rot"), self.key(SHORT_RSA)),
            Holder::Impostor => (&self.two_authorities(SHORT_RSA), self.key(SHORT_RSA)),
            _ => (organisation_authority(), organisation_key().clone()),
        };
        self.finish(authority, key, SUBJECT, dates, extensions)
    }

    fn two_authorities(&self, algorithm: &[&str]) -> Authority {
        let root = self.root(algorithm, "Den fælles rod");
        let key = self.key(algorithm);
        let subject = [("C", "DK"), ("O", "Den fælles offentlige rod"), ("CN", "Udstedende CA 1")];
        let own = self.certificate(Some(&root), &key, &subject, NOW, AUTHORITY);
        Authority { key, chain: [vec![own], root.chain].concat() }
    }

    fn root(&self, algorithm: &[&str], name: &str) -> Authority {
        let key = self.key(algorithm);
        let subject = [("C", "DK"), ("O", "Den fælles offentlige rod"), ("CN", name)];
        let certificate = self.certificate(None, &key, &subject, NOW, AUTHORITY);
        Authority { key, chain: vec![certificate] }
    }

    fn key(&self, algorithm: &[&str]) -> Vec<u8> {
        let path = self.at("new.key");
        run("openssl", &[&["genpkey", "-quiet"], algorithm, &["-out", &path]].concat());
        std::fs::read(path).unwrap()
    }

    /// A certificate for `key`, signed by `authority` or by itself.
    fn certificate(
        &self,
        authority: Option<&Authority>,
        key: &[u8],
        subject: Subject,
        dates: (&str, &str),
        extensions: &str,
    ) -> Vec<u8> {
        let names: Vec<String> = subject.iter().enumerate().map(|(i, (k, v))| format!("{i}.{k} = {v}")).collect();
        let identifier = if authority.is_some() { "authorityKeyIdentifier = keyid\n" } else { "" };
        let settings = format!(
            "[req]\nprompt = no\nutf8 = yes\nstring_mask = utf8only\ndistinguished_name = dn\n[dn]\n{}\n\
             [ca]\ndefault_ca = here\n[here]\nnew_certs_dir = {}\ndatabase = {}\nunique_subject = no\nrand_serial = yes\ndefault_md = sha256\n\
             policy = any\nx509_extensions = extensions\n[any]\ncommonName = supplied\n\
             [extensions]\n{extensions}{identifier}{STATEMENTS}",
            names.join("\n"),
            self.at(""),
            self.at("index.txt")
        );
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(self.at(name), bytes).unwrap();
            self.at(name)
        };
        let settings = write("settings.cnf", settings.as_bytes());
        write("index.txt", b"");
        let subject_key = write("subject.key", key);
        let (request, out) = (self.at("request.pem"), self.at("out.pem"));
        run("openssl", &["req", "-new", "-config", &settings, "-key", &subject_key, "-out", &request]);
        let mut words = vec!["ca", "-batch", "-notext", "-preserveDN", "-utf8", "-config", &settings];
        words.extend(["-startdate", dates.0, "-enddate", dates.1, "-in", &request, "-out", &out]);
        let signing_key = write("signing.key", authority.map_or(key, |a| &a.key));
        words.extend(["-keyfile", &signing_key]);
        let above = self.at("above.pem");
        match authority {
            Some(authority) => {
                std::fs::write(&above, &authority.chain[0]).unwrap();
                words.extend(["-cert", &above]);
            }
            None => words.push("-selfsign"),
        }
        let is_rsa = run("openssl", &["pkey", "-in", &signing_key, "-noout", "-text"]).contains("modulus");
        if is_rsa {
            words.extend(PSS);
        }
        run("openssl", &words);
        std::fs::read(out).unwrap()
    }

    fn finish(
        &self,
        authority: &Authority,
        key: Vec<u8>,
        subject: Subject,
        dates: (&str, &str),
        extensions: &str,
    ) -> Kept {
        let certificate = self.certificate(Some(authority), &key, subject, dates, extensions);
        let chain = authority.chain.concat();
        for (name, bytes) in [("own.key", &key), ("own.pem", &certificate), ("chain.pem", &chain)] {
            std::fs::write(self.at(name), bytes).unwrap();
        }
        let (own_key, own, above, out) =
            (self.at("own.key"), self.at("own.pem"), self.at("chain.pem"), self.at("own.p12"));
        let export = |protection: &[&str]| {
            let password = format!("pass:{PASSWORD}");
            let words = ["pkcs12", "-export", "-inkey", &own_key, "-in", &own, "-certfile", &above, "-out", &out];
            run("openssl", &[&words, &["-passout", &password, "-name", "a signing key"][..], protection].concat());
            std::fs::read(&out).unwrap()
        };
        let new = ["-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC", "-macalg", "sha256"];
        let old = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"];
        let (p12, old_p12) = (export(&new), export(&old));
        Kept { key, certificate, root: authority.chain.last().unwrap().clone(), chain, p12, old_p12 }
    }

    fn at(&self, name: &str) -> String {
        self.directory.path().join(name).to_str().unwrap().into()
    }
}

fn organisation_authority() -> &'static Authority {
    static MADE: OnceLock<Authority> = OnceLock::new();
    MADE.get_or_init(|| Workshop::new().two_authorities(RSA))
}

fn organisation_key() -> &'static Vec<u8> {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| Workshop::new().key(RSA))
}

fn tsa_authority() -> &'static Authority {
    static MADE: OnceLock<Authority> = OnceLock::new();
    MADE.get_or_init(|| {
        let workshop = Workshop::new();
        let key = workshop.key(SHORT_RSA);
        let subject = [("C", "SE"), ("O", "Tidsstämpling AB"), ("CN", "Tidens rot")];
        Authority { chain: vec![workshop.certificate(None, &key, &subject, NOW, AUTHORITY)], key }
    })
}

fn tsa_key() -> &'static Vec<u8> {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| Workshop::new().key(SHORT_RSA))
}
