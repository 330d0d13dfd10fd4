//! What is proved by a document, what is claimed in it and by whom, and what is not settled.

use super::{Checked, Says};
use crate::certificate::{Signature, moment};
use crate::document::SignerKind;
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
    if checked.exit_code == ExitCode::Success {
        told.proved.push(Told::new("proved-signer"));
    } else {
        told.open.push(key("open-signer"));
    }
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

fn time(checked: &Checked, signature: &Signature, told: &mut Summary) {
    let trusted = checked.findings.iter().any(|f| f.topic == "time-stamp" && f.holds);
    match (&signature.time_stamp, signature.signing_time) {
        (Some(stamp), _) if trusted => told
            .proved
            .push(Told::new("proved-time").with("time", moment(stamp.time)).with("authority", &stamp.authority)),
        (_, Some(at)) => told.claimed.push(Told::new("claimed-time").with("time", moment(at))),
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
