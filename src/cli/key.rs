//! `key show`, `key new`, `key import` and `key use`.

use std::path::Path;

use der::pem::LineEnding;
use der::{Decode, EncodePem};
use serde_json::{Value, json};

use super::args::{KeyCommand, UseArgs};
use super::context::Context;
use super::out::clean;
use super::{pin, state};
use crate::certificate::{KeyChoice, KeySettings, KeyStore, Signer, fingerprint_words};
use crate::document::SignerKind;
use crate::problem::{ExitCode, Kind, Problem};

/// `key`.
pub fn run(context: &Context, command: &KeyCommand) -> Result<ExitCode, Problem> {
    let state = state::prepare(context)?;
    let ask = pin::asker(context);
    match command {
        KeyCommand::Show { pem } => {
            let signer = KeyStore::open_or_create(&state, &ask)?;
            show(context, &state, signer.as_ref(), *pem)
        }
        KeyCommand::New => {
            let before = KeyStore::describe(&state)?;
            let signer = KeyStore::new_key(&state)?;
            context.say("A new key was made; the one before signs no more, and what it signed still checks out here.");
            if before.key != KeyChoice::Own {
                context.say("Another key is in use: `radera key use own` takes the new one.");
            }
            show(context, &state, signer.as_ref(), false)
        }
        KeyCommand::Import { file } => {
            let signer = KeyStore::import_pkcs12(&state, file, &ask)?;
            let key = KeyChoice::Pkcs12 { fingerprint: signer.fingerprint() };
            let settings = settings(context, &state, None)?;
            KeyStore::use_key(&state, key, settings, None, &ask)?;
            show(context, &state, signer.as_ref(), false)
        }
        KeyCommand::Use(args) => {
            let settings = settings(context, &state, args.timestamp.as_deref())?;
            let signer = KeyStore::use_key(&state, choice(args)?, settings, args.chain.as_deref(), &ask)?;
            show(context, &state, signer.as_ref(), false)
        }
    }
}

/// The PIN file that was named, and the time-stamp authority: a new one, or the one of before.
fn settings(context: &Context, state: &Path, timestamp: Option<&str>) -> Result<KeySettings, Problem> {
    let time_stamp = match timestamp {
        Some("") => None,
        Some(url) => Some(url.to_string()),
        None => KeyStore::describe(state)?.settings.time_stamp,
    };
    // A path that is kept must not depend on where the command ran.
    let pin_file = context.pin_file.as_deref().map(std::path::absolute).transpose().map_err(|error| {
        Problem::error(format!("the PIN file can't be found: {error}"), "Name it with its whole path.")
    })?;
    Ok(KeySettings { pin_file, time_stamp })
}

fn choice(args: &UseArgs) -> Result<KeyChoice, Problem> {
    let usage = |what: String, todo: &str| Err(Problem::new(Kind::Usage, what, todo));
    let on_token = args.module.is_some() || args.token.is_some() || args.object.is_some() || args.chain.is_some();
    if args.key != "pkcs11" && on_token {
        return usage(
            "--module, --token, --object and --chain belong to a key on a token".into(),
            "Name the key `pkcs11`, or leave them out.",
        );
    }
    match (args.key.as_str(), &args.module) {
        ("own", _) => Ok(KeyChoice::Own),
        ("pkcs11", Some(module)) => Ok(KeyChoice::Pkcs11 {
            module: module.clone(),
            token: args.token.clone(),
            slot: None,
            object: args.object.clone(),
            fingerprint: None,
        }),
        ("pkcs11", None) => usage(
            "a key on a token is reached through a library, and none is named".into(),
            "Name it with --module, as /usr/lib/softhsm/libsofthsm2.so.",
        ),
        (other, _) => match other.strip_prefix("imported:") {
            Some(fingerprint) => {
                let digits = fingerprint.trim_start_matches("sha256:");
                Ok(KeyChoice::Pkcs12 { fingerprint: format!("sha256:{}", digits.to_ascii_lowercase()) })
            }
            None => usage(
                format!("there is no key {other:?}"),
                "Name `own`, `imported:FINGERPRINT` (see `radera key show`) or `pkcs11`.",
            ),
        },
    }
}

fn show(context: &Context, state: &Path, signer: &dyn Signer, pem: bool) -> Result<ExitCode, Problem> {
    let certificate = x509_cert::Certificate::from_der(signer.certificate_der())
        .and_then(|certificate| certificate.to_pem(LineEnding::LF))
        .map_err(|error| {
            Problem::error(
                format!("the signing certificate in {} can't be read: {error}", state.display()),
                "Restore it from a backup, or move the directory away to have a new key made.",
            )
        })?;
    let entry = signer.entry();
    let description = KeyStore::describe(state)?;
    let words = fingerprint_words(&entry.fingerprint);
    let kept = match &description.key {
        KeyChoice::Own => "own",
        KeyChoice::Pkcs12 { .. } => "pkcs12",
        KeyChoice::Pkcs11 { .. } => "pkcs11",
    };
    if context.json {
        let directory = state.display().to_string();
        let value: Value = json!({
            "fingerprint": entry.fingerprint, "words": words, "directory": directory, "certificate": certificate,
            "kind": entry.kind, "name": entry.name, "in_use": kept, "time_stamp": description.settings.time_stamp,
            "former": description.former, "imported": description.imported,
        });
        context.out.json(&value);
        return Ok(ExitCode::Success);
    }
    context.out.line(&format!("fingerprint: {}", entry.fingerprint));
    context.out.line(&format!("in words:    {words}"));
    let whose = match entry.kind {
        Some(SignerKind::Person) => "a person's key: it makes signatures",
        Some(SignerKind::Organisation) => "an organisation's key: it makes seals",
        Some(SignerKind::Installation) => "this installation's own: nobody vouches for it",
        None => "its certificate does not say whose it is",
    };
    let name = entry.name.map(|name| format!("{}, ", clean(&name))).unwrap_or_default();
    context.out.line(&format!("whose:       {name}{whose}"));
    context.out.line(&format!("kept in:     {}", state.display()));
    if let Some(url) = &description.settings.time_stamp {
        context.out.line(&format!("stamped by:  {}", clean(url)));
    }
    for (heading, list) in [("former:", &description.former), ("imported:", &description.imported)] {
        list.iter().for_each(|fingerprint| context.out.line(&format!("{heading:<12} {fingerprint}")));
    }
    context.out.line("Tell it to those who check your records by another way than the records themselves.");
    if pem {
        context.out.line(certificate.trim_end());
    }
    Ok(ExitCode::Success)
}
