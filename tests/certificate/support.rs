//! A record as a job would write it, issued and signed anew as often as a test wants.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use radera::certificate::{Checked, Form, KeyStore, NoPin, Press, Require, Reservation, Signer, Trust, check};
use radera::document::{
    Exception, MediumEntry, PassEntry, Record, ScopeEntry, Session, ToolEntry, VerificationEntry, canonical_bytes,
    evidence, sort_exceptions,
};
use radera::media::{HiddenAreas, Method, TechniqueId, VerifyKind};
use radera::outcome::{self, Claim, HealthBeforeAfter, ScopeKind, Status, Trouble, Verdict};
use radera::pattern::{Pattern, Scheme, StreamSpec};
use radera::problem::ExitCode;
use radera::words::Finding;

pub const SCOPE: u64 = 64 << 20;

/// A state directory with a key, and a directory for records.
pub struct Desk {
    pub dir: tempfile::TempDir,
    pub press: Press,
}

impl Desk {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let press = Press::plain(KeyStore::open_or_create(&dir.path().join("state"), &NoPin).unwrap());
        std::fs::create_dir(dir.path().join("out")).unwrap();
        Desk { dir, press }
    }

    pub fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    /// The signing certificate in PEM.
    pub fn certificate(&self) -> PathBuf {
        self.dir.path().join("state/keys/signing/certificate.pem")
    }

    pub fn trust(&self) -> Trust {
        Trust::load(self.press.signer.fingerprint()).unwrap()
    }

    /// Issues `record` by the house's own road.
    pub fn issue(&self, record: &Record) -> PathBuf {
        Reservation::make(&self.out(), &record.id).unwrap().issue(record, &self.press).unwrap().json
    }

    /// Writes and signs any bytes at all.
    pub fn sign(&self, bytes: &[u8]) -> PathBuf {
        let path = self.out().join("record.json");
        std::fs::write(&path, bytes).unwrap();
        std::fs::write(signature_of(&path), self.press.signer.sign(bytes, Form::Detached, None).unwrap()).unwrap();
        path
    }

    /// A good record after `change`, properly signed.
    pub fn sign_changed(&self, change: impl Fn(&mut Record)) -> PathBuf {
        let mut record = record(&*self.press.signer);
        change(&mut record);
        self.sign(&canonical_bytes(&record).unwrap())
    }

    /// Its exit code by `check` with the signer trusted, and every sentence of what failed.
    pub fn checked(&self, json: &Path) -> (ExitCode, String) {
        summary(&check(json, &self.trust(), &[]).unwrap())
    }

    pub fn required(&self, json: &Path, require: &[Require]) -> ExitCode {
        check(json, &self.trust(), require).unwrap().exit_code
    }
}

/// Exit code, and every sentence of what failed.
pub fn summary(found: &Checked) -> (ExitCode, String) {
    let failed: Vec<_> = found.findings.iter().filter(|f| !f.holds).map(Finding::english).collect();
    (found.exit_code, failed.join("\n"))
}

pub fn signature_of(json: &Path) -> PathBuf {
    let mut path = json.as_os_str().to_owned();
    path.push(".p7s");
    path.into()
}

/// A disk, cleared with one random pass and read back in full.
pub fn record(signer: &dyn Signer) -> Record {
    let started = "2024-03-01T10:00:00Z".to_string();
    let finished = now();
    let mut record = Record {
        schema: Record::SCHEMA.into(),
        id: "0123456789abcdef".repeat(2),
        job: "fedcba9876543210".repeat(2),
        case: None,
        supersedes: None,
        kind: Record::KIND.into(),
        status: Status::Sanitized,
        claim: Claim::Clear,
        statement: String::new(),
        tool: ToolEntry { name: "radera".into(), version: env!("CARGO_PKG_VERSION").into(), digest: "unknown".into() },
        signer: signer.entry(),
        medium: MediumEntry {
            path: "/dev/sdx".into(),
            bus: "ata".into(),
            vendor: None,
            model: Some("TEST \"disk\" å 1".into()),
            firmware: None,
            serial: Some("S-1".into()),
            serial_source: Some("ata-vpd".into()),
            wwn: None,
            size_bytes: SCOPE,
            logical_block_bytes: 512,
            physical_block_bytes: 4096,
            rotation: "rotational".into(),
            removable: false,
            disk_sequence: Some("7".into()),
            layers: Vec::new(),
        },
        scope: ScopeEntry { kind: ScopeKind::WholeMedium, path: "/dev/sdx".into(), first_byte: 0, bytes: SCOPE },
        method: Method::Clear,
        technique: TechniqueId::Overwrite,
        scheme: None,
        wants_complement: false,
        passes_planned: 1,
        passes: vec![random_pass(1, false)],
        command: None,
        files: None,
        residue: None,
        standards: Vec::new(),
        verification: VerificationEntry {
            asked: VerifyKind::Full,
            kind: VerifyKind::Full,
            status: "passed".into(),
            bytes_planned: SCOPE,
            bytes_read: SCOPE,
            mismatches: 0,
            unreadable: 0,
            seed: None,
            cells: None,
            cells_read: None,
            milliseconds: 70,
            statement: String::new(),
        },
        hidden_areas: HiddenAreas::default(),
        health: HealthBeforeAfter::default(),
        exceptions: Vec::new(),
        exceptions_left_out: 0,
        sessions: vec![Session {
            started: started.clone(),
            finished: Some(finished.clone()),
            end: "completed".into(),
            detail: String::new(),
            from_pass: Some(1),
            from_byte: Some(0),
            engine: Some("io_uring".into()),
        }],
        operator: Some("Ö. Perator".into()),
        instruction: None,
        property: None,
        validation: Record::VALIDATION.into(),
        started,
        finished,
    };
    settle(&mut record);
    record
}

/// Now: the end of the job, since the signing certificate must be valid then.
pub fn now() -> String {
    let output = Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().into()
}

pub fn random_pass(number: u32, inverted: bool) -> PassEntry {
    let key = std::array::from_fn(|i| u8::try_from(i * 7 + 1).unwrap());
    PassEntry {
        number,
        pattern: if inverted { "random-complement" } else { "random" }.into(),
        bytes_hex: None,
        stream: Some(StreamSpec::aes_128_ctr(key)),
        inverted,
        bytes_written: SCOPE,
        milliseconds: 100,
        complete: true,
    }
}

/// A pass of any pattern.
pub fn pass_of(number: u32, pattern: &Pattern) -> PassEntry {
    let name = pattern.name();
    match pattern {
        Pattern::Fixed { bytes } => PassEntry {
            pattern: name,
            bytes_hex: Some(bytes.iter().map(|b| format!("{b:02x}")).collect()),
            stream: None,
            ..random_pass(number, false)
        },
        Pattern::Stream { spec, inverted } => {
            PassEntry { stream: Some(spec.clone()), ..random_pass(number, *inverted) }
        }
    }
}

/// Status, claim and sentences as they follow from the rest.
pub fn settle(record: &mut Record) {
    sort_exceptions(&mut record.exceptions);
    let evidence = evidence(record).unwrap();
    let verdict = Verdict::of(&evidence);
    (record.status, record.claim, record.statement) = (verdict.status, verdict.claim, verdict.statement);
    let v = &mut record.verification;
    v.statement = outcome::statement_of_readback(&evidence);
    record.standards = outcome::standards(&evidence, record.scheme.as_deref().and_then(Scheme::named));
}

pub fn exception(kind: Trouble, first_byte: u64, bytes: u64, pass: u32) -> Exception {
    Exception { kind, first_byte, bytes, pass, error: None }
}

/// `openssl cms -verify` over the record and its signature, with more arguments.
pub fn openssl_verify(json: &Path, more: &[&str]) -> Output {
    Command::new("openssl")
        .args(["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null"])
        .arg("-in")
        .arg(signature_of(json))
        .arg("-content")
        .arg(json)
        .args(more)
        .output()
        .unwrap()
}
