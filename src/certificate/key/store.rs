//! The keys of one state directory: which one is used, opening it, and changing it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::super::x509;
use super::active::{Active, Choice, Settings};
use super::imported::{self, ImportError};
use super::pin::{AskPin, Pin};
use super::signer::{KeySigner, Signer, entry_of};
use super::token::TokenKey;
use super::{files, own};
use crate::document::SignerEntry;
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
    /// The signer as documents name it, where there is a certificate already; without a time stamp.
    pub entry: Option<SignerEntry>,
    /// DER of its certificate and those of its chain; empty where there is none yet.
    pub certificates_der: Vec<Vec<u8>>,
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
        let signer = match &mut active.key {
            Choice::Pkcs11 { module, token, slot, object, fingerprint } => {
                let others = match chain {
                    Some(path) => read_all(path)?,
                    None => Vec::new(),
                };
                let wanted = TokenKey { module, token: token.as_deref(), slot: *slot, object: object.as_deref() };
                let (certificate, above) = wanted.certificates(&others)?;
                let found = x509::fingerprint(&certificate);
                if fingerprint.as_ref().is_some_and(|expected| *expected != found) {
                    return Err(Problem::error(
                        format!("the certificate on the token is {found}, and not the one that is to be used"),
                        "Name the token and the key that are meant.",
                    ));
                }
                let pin = pin(&active.settings, ask, &wanted.to_string())?;
                let signer = wanted.open(pin, certificate, above)?;
                try_out(&signer, &wanted.to_string(), SystemTime::now())?;
                imported::keep(&keys, &found, &signer.certificates(), None)?;
                *fingerprint = Some(found);
                signer
            }
            _ => match open(state, &active, ask, SystemTime::now())? {
                Some(signer) => signer,
                None => return Self::new_key(state).and_then(|signer| active.save(&keys).map(|()| signer)),
            },
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
        let certificates = match &active.key {
            Choice::Own if !has_own(&keys)? => None,
            Choice::Own => Some(own::read_certificates(&keys.join("signing/certificate.pem"))?),
            Choice::Pkcs12 { fingerprint } => Some(imported::certificates(&keys, fingerprint)?),
            Choice::Pkcs11 { fingerprint, .. } => {
                Some(imported::certificates(&keys, fingerprint.as_deref().unwrap_or_default())?)
            }
        };
        let entry = certificates.as_ref().map(|(certificate, _)| entry_of(certificate));
        let all = certificates.into_iter().flat_map(|(certificate, chain)| std::iter::once(certificate).chain(chain));
        Ok(Description {
            key: active.key,
            settings: active.settings,
            fingerprint: entry.as_ref().map(|entry| entry.fingerprint.clone()),
            entry,
            certificates_der: all.filter_map(|certificate| der::Encode::to_der(&certificate).ok()).collect(),
            former: imported::fingerprints(&keys.join("former")),
            imported: imported::fingerprints(&keys.join("imported")),
        })
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

fn has_own(keys: &Path) -> Result<bool, Problem> {
    Ok(files::private_directory(keys)? && files::private_directory(&keys.join("signing"))?)
}

fn own_certificate(keys: &Path) -> Option<String> {
    let found = has_own(keys).is_ok_and(|found| found);
    let (certificate, _) = found.then(|| own::read_certificates(&keys.join("signing/certificate.pem")).ok())??;
    Some(x509::fingerprint(&certificate))
}

fn read_all(path: &Path) -> Result<Vec<x509_cert::Certificate>, Problem> {
    x509::from_file(&files::read(path, false)?)
        .and_then(|all| all.iter().map(|der| x509::from_der(der)).collect())
        .map_err(|why| files::damaged(path, &format!("it is no certificate: {why}")))
}

fn open(state: &Path, active: &Active, ask: &dyn AskPin, now: SystemTime) -> Result<Option<KeySigner>, Problem> {
    let keys = state.join("keys");
    let (signer, what) = match &active.key {
        Choice::Own => return own::open(state, now),
        Choice::Pkcs12 { fingerprint } => {
            let what = format!("the imported key {fingerprint}");
            let bytes = imported::file(&keys, fingerprint)?;
            let path: PathBuf = imported::place(&keys, fingerprint).unwrap_or_default().join("key.p12");
            let signer = decode(&bytes, &pin(&active.settings, ask, &what)?, &path)?;
            if signer.fingerprint() != *fingerprint {
                return Err(files::damaged(&path, "it holds another key"));
            }
            (signer, what)
        }
        Choice::Pkcs11 { module, token, slot, object, fingerprint } => {
            let wanted = TokenKey { module, token: token.as_deref(), slot: *slot, object: object.as_deref() };
            let (certificate, chain) = imported::certificates(&keys, fingerprint.as_deref().unwrap_or_default())?;
            let pin = pin(&active.settings, ask, &wanted.to_string())?;
            (wanted.open(pin, certificate, chain)?, wanted.to_string())
        }
    };
    try_out(&signer, &what, now)?;
    Ok(Some(signer))
}

fn pin(settings: &Settings, ask: &dyn AskPin, what: &str) -> Result<Pin, Problem> {
    match &settings.pin_file {
        Some(path) if !ask.is_told() => files::read_pin(path).map_err(|problem| Problem {
            todo: "Name another file with --pin-file, or choose the key anew with `radera key use`.".into(),
            ..problem
        }),
        _ => ask.pin(what),
    }
}

fn try_out(signer: &KeySigner, what: &str, now: SystemTime) -> Result<(), Problem> {
    signer.try_out(now).map_err(|why| {
        Problem::error(
            format!("{what} can't be used now: {why}"),
            "Check the clock; if it is right, import a key that is valid, or choose another.",
        )
    })
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
