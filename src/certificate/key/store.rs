//! The keys of one state directory: which one is used, opening it, and changing it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::super::x509;
use super::active::{Active, Choice, Settings};
use super::imported::{self, ImportError};
use super::pin::{AskPin, Pin};
use super::signer::{KeySigner, Signer};
use super::token::TokenKey;
use super::{files, own};
use crate::problem::Problem;

/// The keys of one state directory.
pub struct KeyStore {}

/// Which key is used, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Which.
    pub key: Choice,
    /// How.
    pub settings: Settings,
    /// The fingerprint of its certificate, where there is one already.
    pub fingerprint: Option<String>,
    /// The fingerprints of the own keys that were replaced.
    pub former: Vec<String>,
    /// The fingerprints of the imported keys, and of those on tokens that were chosen once.
    pub imported: Vec<String>,
}

impl KeyStore {
    /// The key of `state`. If it is the own one and there is none, it is made with mode 0600 (directory 0700). Fails, and says so, on a key
    /// that is readable by others, expired, certified for something else, or does not fit its certificate: found before any wipe
    /// starts, by signing with it.
    ///
    /// # Errors
    /// Kind `Error`, with the thing and the way out.
    pub fn open_or_create(state: &Path, ask: &dyn AskPin) -> Result<Box<dyn Signer>, Problem> {
        if let Some(signer) = Self::open(state, ask)? {
            return Ok(signer);
        }
        own::create(&state.join("keys"), SystemTime::now())?;
        Self::open(state, ask)?.ok_or_else(|| {
            Problem::error(
                format!("the signing key that was just made in {} is gone", state.display()),
                "See to it that nothing else removes files there, then run it again.",
            )
        })
    }

    /// The key of `state`; `None` only where the own one is used, and there is none yet. Tried out like [`Self::open_or_create`].
    ///
    /// # Errors
    /// Kind `Error`, with the thing and the way out.
    pub fn open(state: &Path, ask: &dyn AskPin) -> Result<Option<Box<dyn Signer>>, Problem> {
        let active = Active::load(&state.join("keys"))?;
        Ok(open(state, &active, ask, SystemTime::now())?.map(|signer| Box::new(signer) as Box<dyn Signer>))
    }

    /// Makes an own key in the place of the one that is there, if any. Its certificate is kept, its private key removed. Which key is used
    /// stays as it is.
    ///
    /// # Errors
    /// Kind `Error`, where it can't be made.
    pub fn new_key(state: &Path) -> Result<Box<dyn Signer>, Problem> {
        own::replace(&state.join("keys"), SystemTime::now())?;
        let active = Active { key: Choice::Own, settings: Settings::default() };
        match open(state, &active, &super::NoPin, SystemTime::now())? {
            Some(signer) => Ok(Box::new(signer)),
            None => Err(Problem::error(
                format!("the signing key that was just made in {} is gone", state.display()),
                "See to it that nothing else removes files there, then run it again.",
            )),
        }
    }

    /// Copies a PKCS#12 file into `state`, still encrypted, once its key was tried out. It is used after [`Self::use_key`].
    ///
    /// # Errors
    /// Kind `Error`, where the file can't be read, the PIN is wrong, or the key is unfit.
    pub fn import_pkcs12(state: &Path, file: &Path, ask: &dyn AskPin) -> Result<Box<dyn Signer>, Problem> {
        let bytes = files::read(file, false)?;
        let pin = ask.pin(&format!("the key file {}", file.display()))?;
        let signer = decode(&bytes, &pin, file)?;
        signer.try_out(SystemTime::now()).map_err(|why| {
            Problem::error(
                format!("the key in {} can't be used now: {why}", file.display()),
                "Check the clock; if it is right, get a key that is certified for signatures of documents.",
            )
        })?;
        imported::keep(&state.join("keys"), &signer.fingerprint(), &signer.certificates(), Some(&bytes))?;
        Ok(Box::new(signer))
    }

    /// Chooses the key that is used from now on, once it was tried out. `chain`: a PEM file with certificates between that of a key on a
    /// token and its root, where the token does not hold them.
    ///
    /// # Errors
    /// Kind `Error`, where the key can't be used; then nothing was changed.
    pub fn use_key(
        state: &Path,
        key: Choice,
        settings: Settings,
        chain: Option<&Path>,
        ask: &dyn AskPin,
    ) -> Result<Box<dyn Signer>, Problem> {
        let keys = state.join("keys");
        let mut active = Active { key, settings };
        if let Some(url) = &active.settings.time_stamp {
            super::super::HttpAuthority::new(url)?;
        }
        if let Choice::Pkcs11 { module, token, slot, object, fingerprint } = &mut active.key {
            let others = match chain {
                Some(path) => read_all(path)?,
                None => Vec::new(),
            };
            let wanted = TokenKey { module, token: token.as_deref(), slot: *slot, object: object.as_deref() };
            let all = wanted.certificates(&others)?;
            let found = x509::fingerprint(&all[0]);
            if fingerprint.as_ref().is_some_and(|expected| *expected != found) {
                return Err(Problem::error(
                    format!("the certificate on the token is {found}, and not the one that is to be used"),
                    "Name the token and the key that are meant.",
                ));
            }
            imported::keep(&keys, &found, &all, None)?;
            *fingerprint = Some(found);
        }
        let signer = match open(state, &active, ask, SystemTime::now())? {
            Some(signer) => signer,
            None => return Self::new_key(state).and_then(|signer| active.save(&keys).map(|()| signer)),
        };
        active.save(&keys)?;
        Ok(Box::new(signer))
    }

    /// Which key is used, and how; asks for no PIN, and opens nothing.
    ///
    /// # Errors
    /// Kind `Error`, where that can't be read.
    pub fn describe(state: &Path) -> Result<Description, Problem> {
        let keys = state.join("keys");
        let active = Active::load(&keys)?;
        let fingerprint = match &active.key {
            Choice::Own => own_certificate(&keys),
            Choice::Pkcs12 { fingerprint } => Some(fingerprint.clone()),
            Choice::Pkcs11 { fingerprint, .. } => fingerprint.clone(),
        };
        let former = imported::fingerprints(&keys.join("former"));
        let imported = imported::fingerprints(&keys.join("imported"));
        Ok(Description { key: active.key, settings: active.settings, fingerprint, former, imported })
    }

    /// The fingerprints of all keys of this installation: own, former, imported. What can't be read is left out, and where others could
    /// have put something there, all is.
    pub fn own_fingerprints(state: &Path) -> Vec<String> {
        let keys = state.join("keys");
        let Ok(true) = files::private_directory(&keys) else { return Vec::new() };
        let mut all: Vec<String> = own_certificate(&keys).into_iter().collect();
        for directory in ["former", "imported"] {
            for fingerprint in imported::fingerprints(&keys.join(directory)) {
                if !all.contains(&fingerprint) {
                    all.push(fingerprint);
                }
            }
        }
        all
    }
}

fn own_certificate(keys: &Path) -> Option<String> {
    let pair = keys.join("signing");
    if !files::private_directory(keys).ok()? || !files::private_directory(&pair).ok()? {
        return None;
    }
    own::read_certificates(&pair.join("certificate.pem")).ok().map(|(certificate, _)| x509::fingerprint(&certificate))
}

fn read_all(path: &Path) -> Result<Vec<x509_cert::Certificate>, Problem> {
    x509::from_file(&files::read(path, false)?)
        .and_then(|all| all.iter().map(|der| x509::from_der(der)).collect())
        .map_err(|why| files::damaged(path, &format!("it is no certificate: {why}")))
}

fn open(state: &Path, active: &Active, ask: &dyn AskPin, now: SystemTime) -> Result<Option<KeySigner>, Problem> {
    let keys = state.join("keys");
    let pin = |what: &str| match &active.settings.pin_file {
        Some(path) => files::read_pin(path),
        None => ask.pin(what),
    };
    let (signer, what) = match &active.key {
        Choice::Own => return own::open(state, now),
        Choice::Pkcs12 { fingerprint } => {
            let bytes = imported::file(&keys, fingerprint)?;
            let path: PathBuf = imported::place(&keys, fingerprint).unwrap_or_default().join("key.p12");
            let signer = decode(&bytes, &pin(&format!("the imported key {fingerprint}"))?, &path)?;
            if signer.fingerprint() != *fingerprint {
                return Err(files::damaged(&path, "it holds another key"));
            }
            (signer, format!("the imported key {fingerprint}"))
        }
        Choice::Pkcs11 { module, token, slot, object, fingerprint } => {
            let wanted = TokenKey { module, token: token.as_deref(), slot: *slot, object: object.as_deref() };
            let fingerprint = fingerprint.as_deref().unwrap_or_default();
            let (certificate, chain) = imported::certificates(&keys, fingerprint)?;
            let pin = pin(&wanted.to_string())?;
            (wanted.open(pin, certificate, chain)?, wanted.to_string())
        }
    };
    signer.try_out(now).map_err(|why| {
        Problem::error(
            format!("{what} can't be used now: {why}"),
            "Check the clock; if it is right, import a key that is valid, or choose another.",
        )
    })?;
    Ok(Some(signer))
}

fn decode(bytes: &[u8], pin: &Pin, path: &Path) -> Result<KeySigner, Problem> {
    imported::decode(bytes, pin).map_err(|e| {
        let todo = match e {
            ImportError::Pin => "Try again with the right PIN.",
            ImportError::Unfit(_) => {
                "Export the key with its certificate anew as PKCS#12 (RSA of 2048 to 4096 bits, or EC on P-256 or P-384)."
            }
        };
        Problem::error(format!("the key file {} can't be used: {e}", path.display()), todo)
    })
}
