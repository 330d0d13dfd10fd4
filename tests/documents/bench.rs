//! A station with a key of some kind that issues documents, by the command line alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::papers::desk::{Desk, case, toml};
use super::support::disk::{Disk, Scratch};
use super::support::pki::{Holder, Identity, PASSWORD, identity};
use super::support::radera::{Ended, Radera, Running};
use super::support::softhsm::{Token, private};
use super::support::tsa::Tsa;
use super::support::{MIB, poppler, pyhanko, skip};

/// The kinds of key that a document may be signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// radera's own P-256 key.
    Own,
    /// From a PKCS#12 file.
    Imported(Holder),
    /// On a PKCS#11 token.
    Token(Holder),
}

/// The three that everything is tried with: P-256, RSA-3072 under an RSASSA-PSS chain, and SoftHSM.
pub const KEYS: [Key; 3] = [Key::Own, Key::Imported(Holder::Organisation), Key::Token(Holder::Organisation)];

/// A signed document: the JSON, the signature beside it, and the PDF.
#[derive(Debug, Clone)]
pub struct Document {
    pub json: PathBuf,
    pub p7s: PathBuf,
    pub pdf: PathBuf,
}

impl Document {
    pub fn beside(json: &Path) -> Self {
        let mut p7s = json.as_os_str().to_owned();
        p7s.push(".p7s");
        Document { json: json.into(), p7s: p7s.into(), pdf: json.with_extension("pdf") }
    }

    pub fn value(&self) -> Value {
        serde_json::from_slice(&std::fs::read(&self.json).unwrap()).unwrap()
    }

    /// A copy of all three in `directory`, to be spoilt.
    pub fn copy(&self, directory: &Path) -> Self {
        std::fs::create_dir_all(directory).unwrap();
        let copy = Document::beside(&directory.join(self.json.file_name().unwrap()));
        for (from, to) in [(&self.json, &copy.json), (&self.p7s, &copy.p7s), (&self.pdf, &copy.pdf)] {
            std::fs::copy(from, to).unwrap();
        }
        copy
    }
}

/// The station.
pub struct Bench {
    pub radera: Radera,
    pub tsa: Tsa,
    /// Whose key; none for radera's own.
    pub holder: Option<Identity>,
    desk: Desk,
    token: Option<Token>,
    pin: Option<PathBuf>,
    disks: std::cell::Cell<u32>,
    // Dropped last.
    scratch: Scratch,
}

impl Bench {
    /// A station that signs with `key`, or nothing where the programs for it are missing.
    pub fn new(key: Key) -> Option<Self> {
        Self::ready(&["openssl"]).then(|| {
            let bench = Self::with(key, Scratch::plain());
            let ended = bench.take_key(key);
            assert_eq!(ended.code(), 0, "{key:?}: {ended:?}");
            bench
        })
    }

    /// As `new`, where every outside verifier is there as well.
    #[track_caller]
    pub fn judged(key: Key) -> Option<Self> {
        (Self::ready(&poppler::PROGRAMS) && pyhanko::is_here()).then(|| Self::new(key)).flatten()
    }

    /// A station whose key is not taken into use yet.
    pub fn without_key(key: Key) -> Option<Self> {
        Self::ready(&["openssl"]).then(|| Self::with(key, Scratch::plain()))
    }

    fn ready(programs: &[&str]) -> bool {
        skip::programs(programs) && skip::programs(&["softhsm2-util", "pkcs11-tool"])
    }

    fn with(key: Key, scratch: Scratch) -> Self {
        // The records of the case are signed with radera's own key, whatever signs the documents.
        let desk = Desk::new();
        std::fs::write(desk.at("case.toml"), toml(&case())).unwrap();
        let radera = Radera { state: desk.dir.path().join("state"), out: scratch.directory("documents") };
        let holder = match key {
            Key::Own => None,
            Key::Imported(holder) | Key::Token(holder) => Some(identity(holder, scratch.path())),
        };
        let pin = scratch.join("password");
        std::fs::write(&pin, format!("{PASSWORD}\n")).unwrap();
        private(&pin);
        let token = matches!(key, Key::Token(_)).then(|| {
            let token = Token::new(&scratch.directory("token"), "Kommunens kort");
            token.import(holder.as_ref().unwrap(), "segl", "01");
            token
        });
        let pin = match key {
            Key::Own => None,
            Key::Imported(_) => Some(pin),
            Key::Token(_) => token.as_ref().map(|t| t.pin_file.clone()),
        };
        Bench { radera, tsa: Tsa::start(scratch.path()), holder, desk, token, pin, disks: 0.into(), scratch }
    }

    /// Takes the key into use.
    pub fn take_key(&self, key: Key) -> Ended {
        match key {
            Key::Own => self.run(&["key", "show"]),
            Key::Imported(_) => {
                let holder = self.holder.as_ref().unwrap();
                let imported = self.run(&["key", "import", holder.p12.to_str().unwrap()]);
                if imported.code() != 0 {
                    return imported;
                }
                self.run(&["key", "use", &format!("imported:{}", holder.fingerprint())])
            }
            Key::Token(_) => {
                let token = self.token.as_ref().unwrap();
                let module = token.module.to_str().unwrap();
                let chain = self.holder.as_ref().unwrap().chain.to_str().unwrap();
                let words = ["key", "use", "pkcs11", "--module", module, "--token", &token.label, "--object", "segl"];
                self.run(&[&words[..], &["--chain", chain]].concat())
            }
        }
    }

    /// The command with `--json`, the state, the PIN and the token.
    pub fn command(&self, words: &[&str]) -> Command {
        let pin = self.pin.as_ref().map(|path| ["--pin-file", path.to_str().unwrap()]);
        let mut command = self.radera.command(&[pin.as_ref().map_or(&[][..], |p| &p[..]), words].concat());
        if let Some(token) = &self.token {
            let (name, value) = token.environment();
            command.env(name, value);
        }
        command
    }

    pub fn run(&self, words: &[&str]) -> Ended {
        Running::start(self.command(words)).wait()
    }

    /// Uses this PIN or password from now on.
    pub fn set_pin(&mut self, file: Option<PathBuf>) {
        self.pin = file;
    }

    pub fn token(&self) -> &Token {
        self.token.as_ref().expect("a token")
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    pub fn directory(&self, name: &str) -> PathBuf {
        self.scratch.directory(name)
    }

    /// Puts another case in the place of the good one.
    pub fn set_case(&self, case: &Value) {
        std::fs::write(self.desk.at("case.toml"), toml(case)).unwrap();
    }

    /// Tries to issue the deletion certificate of a case.
    pub fn try_close(&self, more: &[&str]) -> Ended {
        let (toml, out) = (self.desk.at("case.toml"), self.radera.out.clone());
        let words = ["case", "close", toml.to_str().unwrap(), "--out", out.to_str().unwrap()];
        self.run(&[&words[..], more].concat())
    }

    /// The deletion certificate of a case.
    pub fn close(&self, more: &[&str]) -> Document {
        let ended = self.try_close(more);
        // 4: its records are by another key than the one that signs it, so that it is not complete.
        assert!([0, 4].contains(&ended.code()), "{ended:?}");
        let document = Document::beside(Path::new(&ended.find("certificate").expect("the certificate's path")));
        assert!(document.pdf.exists() && document.p7s.exists(), "{ended:?}");
        document
    }

    /// With a time stamp.
    pub fn close_stamped(&self) -> Document {
        self.close(&["--timestamp", &self.tsa.url()])
    }

    /// The record of a disk that was wiped (needs root).
    pub fn wipe(&self, more: &[&str]) -> Document {
        let disk = Disk::filled(&self.scratch, &format!("disk-{}", self.disks.replace(self.disks.get() + 1)), MIB);
        let words = self.radera.wipe_arguments(&[disk.node()], more);
        let ended = self.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ended.code(), 0, "{ended:?}");
        let document = Document::beside(&ended.record().path);
        assert!(document.pdf.exists() && document.p7s.exists(), "{ended:?}");
        document
    }

    /// The records of a job that was stopped and went on, in that order.
    pub fn stopped_and_resumed(&self) -> [PathBuf; 2] {
        let disk = Disk::filled(&self.scratch, "stopped", MIB);
        let mut wipe = self.radera.start_wipe(disk.node(), &["--max-rate", "262144"]);
        wipe.wait_for_event("started");
        wipe.signal("INT");
        let stopped = wipe.wait();
        assert_eq!(stopped.code(), 6, "{stopped:?}");
        let resumed = self.radera.resume();
        assert_eq!(resumed.code(), 0, "{resumed:?}");
        [stopped.record().path, resumed.record().path]
    }

    /// What a receiver is asked to trust for the signature: the root, or the self-signed certificate.
    pub fn root(&self) -> PathBuf {
        match &self.holder {
            Some(holder) => holder.root.clone(),
            None => self.desk.dir.path().join("state/keys/signing/certificate.pem"),
        }
    }

    /// What signs: its certificate in PEM.
    pub fn signing_certificate(&self) -> PathBuf {
        self.holder.as_ref().map_or_else(|| self.root(), |holder| holder.certificate.clone())
    }

    /// The fingerprint of the key that signed the records of the case.
    pub fn records_key(&self) -> String {
        self.desk.press.signer.fingerprint()
    }

    /// `certificate check` as a receiver runs it, who trusts the signer, the records' key and the time-stamp authority.
    pub fn check(&self, file: &Path, more: &[&str]) -> Ended {
        let (root, tsa) = (self.root(), self.tsa.root.clone());
        let records = self.records_key();
        let trust = ["--trust", root.to_str().unwrap(), "--trust", tsa.to_str().unwrap(), "--trust", &records];
        self.stranger(file, &[&trust[..], more].concat())
    }

    /// `certificate check` as anyone runs it, at a station of their own.
    pub fn stranger(&self, file: &Path, more: &[&str]) -> Ended {
        let radera = Radera { state: self.at("stranger"), out: self.at("nowhere") };
        radera.run(&[&["certificate", "check", file.to_str().unwrap()], more].concat())
    }

    /// `certificate render` of `json`, into `out`.
    pub fn render(&self, json: &Path, out: &Path, more: &[&str]) -> Ended {
        let words = ["certificate", "render", json.to_str().unwrap(), "--out", out.to_str().unwrap()];
        self.run(&[&words[..], more].concat())
    }
}
