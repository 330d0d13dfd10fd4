//! What is proved by a document, what is claimed in it and by whom, and what is not settled.

use super::{Checked, Says, manifest};
use crate::certificate::{Signature, moment};
use crate::document::{Record, SignerKind};
use crate::problem::ExitCode;
use crate::words::Told;

/// The three lists, and who claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Follows from the bytes at hand.
    pub proved: Vec<Told>,
    /// Stands on somebody's word.
    pub claimed: Vec<Told>,
    /// Whose.
    pub who: Told,
    /// Is left to the reader.
    pub open: Vec<Told>,
}

/// The summary; `None` of what does not check out, which is worth nothing.
pub fn summary(checked: &Checked) -> Option<Summary> {
    let signature = checked.signature.as_ref()?;
    if checked.exit_code == ExitCode::NotAuthentic {
        return None;
    }
    let mut told = Summary { proved: Vec::new(), claimed: Vec::new(), who: who(signature), open: Vec::new() };
    let key = |code| Told::new(code).with("key", &signature.fingerprint);
    told.proved.push(key("proved-bytes"));
    match &checked.says {
        Says::Nothing => return None,
        Says::Record(record) => {
            told.proved.push(Told::new("proved-record"));
            told.claimed.push(Told::new("claimed-figures"));
            if record.supersedes.is_some() && !checked.findings.iter().any(|f| f.topic == "linked" && f.holds) {
                told.open.push(Told::new("open-linked"));
            }
            files(checked, record, &mut told);
        }
        Says::Deletion(deletion) => {
            let derived = deletion.derived_again;
            if derived {
                told.proved.push(Told::new("proved-derived"));
            } else {
                told.open.push(Told::new("open-rows"));
            }
            told.claimed.push(Told::new("claimed-case"));
            told.claimed.push(Told::new("claimed-figures"));
        }
    }
    time(checked, signature, &mut told);
    if let Some(name) = signature.name.as_ref().filter(|_| signature.kind != Some(SignerKind::Installation)) {
        // That the name is the certificate's is checked; whether it is so, its issuer says.
        told.claimed.push(Told::new("claimed-name").with("name", name));
    }
    trust(checked, &mut told);
    if checked.is_pdf {
        if checked.pages_agree {
            told.proved.push(Told::new("proved-pages"));
        } else {
            told.open.push(Told::new("open-pages"));
        }
    }
    told.open.push(Told::new("open-validation"));
    Some(told)
}

/// Files are known by a list beside the record, and their blocks by the filesystem's word.
fn files(checked: &Checked, record: &Record, told: &mut Summary) {
    let Some(files) = &record.files else { return };
    told.claimed.push(Told::new("claimed-mapping"));
    if checked.findings.iter().any(|finding| finding.topic == manifest::TOPIC && finding.holds) {
        told.proved.push(Told::new("proved-manifest"));
        told.open.push(Told::new("open-names"));
    } else if files.count > 0 {
        told.open.push(Told::new("open-manifest"));
    }
}

/// Whose keys: each signer that the document stands on is trusted by itself, by its issuer, or not at all.
fn trust(checked: &Checked, told: &mut Summary) {
    let mut vouched = false;
    for finding in checked.findings.iter().filter(|finding| finding.topic == "trust") {
        let of = |name: &str| {
            finding
                .told
                .with
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        match finding.told.code {
            _ if !finding.holds => told.open.push(Told::new("open-signer").with("key", of("signer"))),
            "trust-issued" => {
                vouched = true;
                let issued = Told::new("proved-issued").with("issuer", of("issuer")).with("key", of("signer"));
                told.proved.push(issued);
            }
            _ => told.proved.push(Told::new("proved-signer").with("key", of("signer"))),
        }
    }
    if vouched {
        told.open.push(Told::new("open-revocation"));
    }
}

fn time(checked: &Checked, signature: &Signature, told: &mut Summary) {
    match (&signature.time_stamp, signature.signing_time) {
        (Some(stamp), _) if checked.stamp_trusted => told
            .proved
            .push(Told::new("proved-time").with("time", moment(stamp.time)).with("authority", &stamp.authority)),
        (stamp, Some(at)) => {
            told.claimed.push(Told::new("claimed-time").with("time", moment(at)));
            told.open.extend(stamp.as_ref().map(|_| Told::new("open-stamp")));
        }
        _ => {}
    }
}

fn who(signature: &Signature) -> Told {
    let name = signature.name.as_deref().unwrap_or(&signature.fingerprint);
    match signature.kind {
        Some(SignerKind::Person) => Told::new("who-person").with("name", name),
        Some(SignerKind::Organisation) => Told::new("who-organisation").with("name", name),
        Some(SignerKind::Installation) | None => Told::new("who-installation").with("key", &signature.fingerprint),
    }
}
