//! A case beside its evidence, closed as often as a test wants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use radera::case::{Checked, Closed, Judged, Signers, check, close, judge};
use radera::certificate::{Form, KeyStore, NoPin, Press, Require, Trust, sha256_text};
use radera::conformity::{Case, CaseStatus};
use radera::document::{DeletionCertificate, Record, canonical_bytes};
use radera::problem::ExitCode;
use radera::words::Finding;
use serde_json::{Value, json};

use super::support::{record, signature_of};

/// An installation with a key, and a directory with a case and what belongs to it.
pub struct Desk {
    pub dir: tempfile::TempDir,
    pub press: Press,
}

/// The case's id.
pub const CASE: &str = "0123456789abcdef0123456789abcdef";

impl Desk {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let press = Press::plain(KeyStore::open_or_create(&dir.path().join("state"), &NoPin).unwrap());
        std::fs::create_dir(dir.path().join("case")).unwrap();
        std::fs::create_dir(dir.path().join("out")).unwrap();
        let desk = Desk { dir, press };
        for name in ["paper.pdf", "instruction.pdf"] {
            std::fs::write(desk.at(name), name).unwrap();
        }
        desk.record("record.json", |_| ());
        desk
    }

    pub fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    /// A file beside the case.
    pub fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join("case").join(name)
    }

    pub fn trust(&self) -> Trust {
        Trust::load(self.press.signer.fingerprint()).unwrap()
    }

    /// A signed record of the case beside it.
    pub fn record(&self, name: &str, change: impl Fn(&mut Record)) {
        let mut record = record(&*self.press.signer);
        record.case = Some(CASE.into());
        change(&mut record);
        super::support::settle(&mut record);
        let bytes = canonical_bytes(&record).unwrap();
        std::fs::write(self.at(name), &bytes).unwrap();
        std::fs::write(signature_of(&self.at(name)), self.press.signer.sign(&bytes, Form::Detached, None).unwrap())
            .unwrap();
    }

    pub fn judged(&self, case: &Value) -> Judged {
        self.judged_with(case, Trust::default())
    }

    /// With what a person gave as `--trust`.
    pub fn judged_with(&self, case: &Value, given: Trust) -> Judged {
        let case: Case = serde_json::from_value(case.clone()).unwrap();
        let mut documents = BTreeMap::new();
        for entry in std::fs::read_dir(self.dir.path().join("case")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "pdf") {
                let digest = sha256_text(&std::fs::read(&path).unwrap()).replace("sha256:", "");
                documents.insert(path.file_name().unwrap().to_str().unwrap().to_string(), digest);
            }
        }
        let signers = Signers { own: Some(self.press.signer.fingerprint()), former: Vec::new(), given };
        judge(case, &self.dir.path().join("case"), documents, signers).unwrap()
    }

    pub fn close(&self, case: &Value, split: bool) -> Closed {
        close(&self.judged(case), &self.out(), split, None, &self.press).unwrap()
    }

    pub fn check(&self, json: &Path) -> Checked {
        check(json, &self.trust(), &[]).unwrap()
    }

    pub fn required(&self, json: &Path, require: Require) -> ExitCode {
        check(json, &self.trust(), &[require]).unwrap().exit_code
    }

    /// Signs `certificate` anew after `lie`, properly, with the digest of the annex as it is after it.
    pub fn lie(&self, closed: &Closed, lie: impl Fn(&mut DeletionCertificate)) -> PathBuf {
        let mut certificate = closed.certificate.clone();
        lie(&mut certificate);
        if let Some(annex) = &certificate.annex.document {
            certificate.annex.digest = sha256_text(&canonical_bytes(annex).unwrap());
        }
        self.sign(&canonical_bytes(&certificate).unwrap())
    }

    /// Writes and signs any bytes at all.
    pub fn sign(&self, bytes: &[u8]) -> PathBuf {
        let path = self.out().join("signed.json");
        std::fs::write(&path, bytes).unwrap();
        std::fs::write(signature_of(&path), self.press.signer.sign(bytes, Form::Detached, None).unwrap()).unwrap();
        path
    }
}

/// Every sentence of what failed.
pub fn failed(found: &Checked) -> String {
    let failed: Vec<_> = found.findings.iter().filter(|f| !f.holds).map(Finding::english).collect();
    failed.join("\n")
}

/// Why a case is not complete: rows, then items.
pub fn reasons(judged: &Judged) -> String {
    let rows = judged.conformity.rows.iter().filter(|row| row.bars_complete);
    let rows = rows.flat_map(|row| row.reasons.iter().map(move |r| format!("{} {r:?}", row.row.name())));
    let items = judged.conformity.items.iter().flat_map(|item| item.reasons.iter().map(|r| format!("{r:?}")));
    rows.chain(items).collect::<Vec<_>>().join("\n")
}

/// A contract end with one disk, erased by `record.json`, that is complete.
pub fn case() -> Value {
    let person = json!({"name": "Kim Hansen", "title": "Director", "authority": null});
    let paper = json!({"file": "paper.pdf", "sha256": null});
    let party =
        |name: &str, number: &str| json!({"name": name, "address": "Street 1", "country": "DK", "number": number});
    json!({
        "schema": "radera/case/1",
        "id": CASE,
        "profile": "contract-end",
        "language": "en",
        "controller": party("The municipality", "29188335"),
        "processor": party("Supplier ApS", "25313763"),
        "agreements": {
            "main": {"title": "Main agreement", "date": "2020-01-01", "reference": null, "document": null},
            "processing": {"title": "Processing agreement", "date": "2020-01-01", "reference": null, "document": null},
            "end": "2024-02-28",
        },
        "notice": {"date": "2024-01-02", "by": person, "choice": "delete", "document": paper},
        "instruction": {
            "reference": "I-1", "date": "2024-01-02", "by": person, "choice": "delete",
            "document": {"file": "instruction.pdf", "sha256": null},
        },
        "archive": {"date": "2024-01-03", "by": person, "document": paper},
        "tool_approvals": [{
            "tool": "radera", "version": env!("CARGO_PKG_VERSION"), "media": ["magnetic-disk"],
            "methods": ["logical", "clear", "purge"], "date": "2024-01-01", "until": "2030-01-01",
            "by": person, "document": paper,
        }],
        "systems": [{"id": "crm", "name": "CRM", "environment": "own server", "categories": ["general"]}],
        "locations": [{"id": "office", "address": "Street 1", "country": "DK"}],
        "items": [{
            "id": "disk-of-kim", "kind": "medium", "media": "magnetic-disk", "description": "the server's disk",
            "serial": "S-1", "systems": ["crm"], "location": "office", "last_used": "2024-02-28",
            "erased": {"records": ["record.json"]},
        }],
        "inventory": {
            "date": "2024-03-02", "by": person, "document": paper, "no_subprocessors": true,
            "none": ["backup", "export", "test-data", "usb-key", "external-disk", "portable", "phone", "home-machine",
                "home-print", "mail", "usage-log", "paper"],
        },
        "roles": {"operator": person, "verifier": null, "signatory": person, "receiver": null},
    })
}

/// The case after `change`.
pub fn case_with(change: impl Fn(&mut Value)) -> Value {
    let mut case = case();
    change(&mut case);
    case
}

/// Whether it is complete.
pub fn complete(closed: &Closed) -> bool {
    closed.certificate.status == CaseStatus::Complete
}

/// A case as its file has it.
pub fn toml(case: &Value) -> String {
    entries(case.as_object().unwrap()).join("\n") + "\n"
}

/// A value as TOML on one line.
fn inline(value: &Value) -> String {
    match value {
        Value::Array(all) => format!("[{}]", all.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => format!("{{ {} }}", entries(map).join(", ")),
        other => other.to_string(),
    }
}

fn entries(map: &serde_json::Map<String, Value>) -> Vec<String> {
    map.iter().filter(|(_, v)| !v.is_null()).map(|(key, value)| format!("{key} = {}", inline(value))).collect()
}
