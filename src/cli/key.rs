//! `key show`.

use der::Decode;
use der::EncodePem;
use der::pem::LineEnding;
use serde_json::json;

use super::context::Context;
use super::pin::Asker;
use super::state;
use crate::certificate::KeyStore;
use crate::problem::{ExitCode, Problem};

/// `key show`.
pub fn show(context: &Context, pem: bool) -> Result<ExitCode, Problem> {
    let state = state::prepare(context)?;
    let signer = KeyStore::open_or_create(&state, &Asker::on_terminal())?;
    let certificate = x509_cert::Certificate::from_der(signer.certificate_der())
        .and_then(|certificate| certificate.to_pem(LineEnding::LF))
        .map_err(|error| {
            Problem::error(
                format!("the signing certificate in {} can't be read: {error}", state.display()),
                "Restore it from a backup, or move the directory away to have a new key made.",
            )
        })?;
    if context.json {
        let directory = state.display().to_string();
        context
            .out
            .json(&json!({"fingerprint": signer.fingerprint(), "directory": directory, "certificate": certificate}));
        return Ok(ExitCode::Success);
    }
    context.out.line(&format!("fingerprint: {}", signer.fingerprint()));
    context.out.line(&format!("kept in:     {}", state.display()));
    context.out.line("Tell it to those who check your records by another way than the records themselves.");
    if pem {
        context.out.line(certificate.trim_end());
    }
    Ok(ExitCode::Success)
}
