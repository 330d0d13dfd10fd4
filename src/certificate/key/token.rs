//! Keys on tokens (PKCS#11): the private key never leaves them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use x509_cert::Certificate;
use x509_cert::ext::pkix::BasicConstraints;

use super::super::algorithm::{KeyKind, ecdsa};
use super::super::{chain, x509};
use super::pin::Pin;
use super::signer::{Key, KeySigner};
use crate::problem::Problem;

/// The most objects of a token that are looked at.
const MOST_OBJECTS: usize = 256;

/// Modules that are loaded, which they stay: to be unloaded is more than many of them are made for.
static LOADED: Mutex<Vec<(PathBuf, Pkcs11)>> = Mutex::new(Vec::new());

/// Which key on which token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenKey<'a> {
    /// The module, a shared library.
    pub module: &'a Path,
    /// Label of the token; may be left out where there is only one.
    pub token: Option<&'a str>,
    /// Number of the slot, where labels do not tell.
    pub slot: Option<u64>,
    /// Label of the key, or its id in hexadecimal digits; may be left out where there is only one certificate of a key.
    pub object: Option<&'a str>,
}

impl fmt::Display for TokenKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key")?;
        if let Some(object) = self.object {
            write!(f, " {object:?}")?;
        }
        match (self.token, self.slot) {
            (Some(token), _) => write!(f, " on the token {token:?}")?,
            (None, Some(slot)) => write!(f, " on the token in slot {slot}")?,
            (None, None) => f.write_str(" on the token")?,
        }
        write!(f, " of {}", self.module.display())
    }
}

/// A certificate on a token.
struct Found {
    id: Vec<u8>,
    label: String,
    certificate: Certificate,
}

impl TokenKey<'_> {
    /// The certificate of the key, and its chain from the token and from `others`. Needs no PIN where the token shows certificates without.
    pub(super) fn certificates(&self, others: &[Certificate]) -> Result<(Certificate, Vec<Certificate>), Problem> {
        let (client, slot) = self.slot()?;
        let session = client.open_ro_session(slot).map_err(|e| self.unusable(&e))?;
        let all = found(&session).map_err(|e| self.unusable(&e))?;
        let wanted: Vec<&Found> = all.iter().filter(|f| !is_authority(&f.certificate) && self.is_wanted(f)).collect();
        let leaf = match wanted.as_slice() {
            [one] => one.certificate.clone(),
            [] => {
                return Err(Problem::error(
                    format!("{self} has no certificate there that is shown without its PIN"),
                    "Put the certificate on the token beside the key, with the same id, or name another key.",
                ));
            }
            several => {
                let names: Vec<String> = several.iter().map(|f| format!("{:?} (id {})", f.label, hex(&f.id))).collect();
                return Err(Problem::error(
                    format!("{self} may be one of several: {}", names.join(", ")),
                    "Name the key by its label or id.",
                ));
            }
        };
        let pool: Vec<_> = all.into_iter().map(|f| f.certificate).chain(others.iter().cloned()).collect();
        let above = chain::above(&leaf, &pool);
        Ok((leaf, above))
    }

    /// Logs in, and finds the private key that goes with `certificate`.
    pub(super) fn open(
        &self,
        pin: Pin,
        certificate: Certificate,
        chain: Vec<Certificate>,
    ) -> Result<KeySigner, Problem> {
        let kind = KeyKind::of(&certificate.tbs_certificate.subject_public_key_info).map_err(|why| self.unfit(&why))?;
        let (client, slot) = self.slot()?;
        let client_serial = serial(&client, slot).map_err(|e| self.unusable(&e))?;
        let place = Place {
            client,
            slot,
            pin,
            serial: client_serial,
            refused: AtomicBool::new(false),
            certificate: certificate.clone(),
            object: self.object.map(Into::into),
            name: self.to_string(),
        };
        let open = place.open().map_err(|e| match e {
            Unopened::Token(Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange | RvError::PinLocked,
                _,
            )) => Problem::error(
                format!("the PIN of {self} is wrong, or locked"),
                "Try again with the right PIN; a token locks itself after a few wrong ones.",
            ),
            Unopened::Token(e) => self.unusable(&e),
            Unopened::NoKey => self.unfit("there is no private key that goes with its certificate"),
        })?;
        let key = HeldKey { place, kind, open: Mutex::new(open) };
        KeySigner::new(Box::new(key), certificate, chain).map_err(|why| self.unfit(&why))
    }

    fn is_wanted(&self, found: &Found) -> bool {
        self.object.is_none_or(|object| found.label == object || hex(&found.id) == object.to_ascii_lowercase())
    }

    fn slot(&self) -> Result<(Pkcs11, Slot), Problem> {
        let client = load(self.module).map_err(|why| {
            Problem::error(
                format!("the PKCS#11 module {} can't be loaded: {why}", self.module.display()),
                "Name the whole path of the module that came with the token, built for this machine.",
            )
        })?;
        let slots = client.get_slots_with_token().map_err(|e| self.unusable(&e))?;
        let is = |slot: &&Slot| {
            let by_number = self.slot.is_none_or(|number| slot.id() == number);
            by_number
                && client.get_token_info(**slot).is_ok_and(|info| {
                    info.token_initialized() && self.token.is_none_or(|label| info.label().trim_end() == label)
                })
        };
        let wanted: Vec<Slot> = slots.iter().filter(is).copied().collect();
        match wanted.as_slice() {
            [one] => Ok((client, *one)),
            others => Err(Problem::error(
                format!("{self} can't be found: {} tokens fit", others.len()),
                "See to it that the token is plugged in, and name it by its label or slot.",
            )),
        }
    }

    fn unusable(&self, error: &Error) -> Problem {
        self.unfit(&error.to_string())
    }

    fn unfit(&self, why: &str) -> Problem {
        Problem::error(
            format!("{self} can't be used: {why}"),
            "See to it that the token is plugged in and holds the key and its certificate, then try again.",
        )
    }
}

fn load(module: &Path) -> Result<Pkcs11, String> {
    if !module.is_absolute() {
        return Err("its path is not a whole one".into());
    }
    let mut loaded = lock(&LOADED);
    if let Some((_, client)) = loaded.iter().find(|(path, _)| path == module) {
        return Ok(client.clone());
    }
    let client = Pkcs11::new(module).map_err(|e| e.to_string())?;
    match client.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(e) => return Err(e.to_string()),
    }
    loaded.push((module.into(), client.clone()));
    Ok(client)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The certificates that a session shows and that can be read.
fn found(session: &Session) -> Result<Vec<Found>, Error> {
    let objects = session.find_objects(&[Attribute::Class(ObjectClass::CERTIFICATE)])?;
    let mut all = Vec::new();
    for object in objects.into_iter().take(MOST_OBJECTS) {
        let wanted = [AttributeType::Value, AttributeType::Id, AttributeType::Label];
        let (mut id, mut label, mut certificate) = (Vec::new(), String::new(), None);
        for attribute in session.get_attributes(object, &wanted)? {
            match attribute {
                Attribute::Value(der) => certificate = x509::from_der(&der).ok(),
                Attribute::Id(bytes) => id = bytes,
                Attribute::Label(bytes) => label = String::from_utf8_lossy(&bytes).into_owned(),
                _ => {}
            }
        }
        if let Some(certificate) = certificate {
            all.push(Found { id, label, certificate });
        }
    }
    Ok(all)
}

fn is_authority(certificate: &Certificate) -> bool {
    let constraints = certificate.tbs_certificate.get::<BasicConstraints>();
    constraints.is_ok_and(|found| found.is_some_and(|(_, constraints)| constraints.ca))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Where a key is, and how to get there again.
struct Place {
    client: Pkcs11,
    slot: Slot,
    pin: Pin,
    /// Of the token that the PIN is for: another one that is put in its place never sees it.
    serial: String,
    /// A PIN that was refused once is not tried again: that could lock the token.
    refused: AtomicBool,
    certificate: Certificate,
    object: Option<String>,
    name: String,
}

fn serial(client: &Pkcs11, slot: Slot) -> Result<String, Error> {
    Ok(client.get_token_info(slot)?.serial_number().to_string())
}

/// A session that is logged in, and the key in it.
struct Open {
    session: Session,
    key: ObjectHandle,
}

enum Unopened {
    Token(Error),
    NoKey,
}

impl From<Error> for Unopened {
    fn from(error: Error) -> Self {
        Unopened::Token(error)
    }
}

impl Place {
    fn open(&self) -> Result<Open, Unopened> {
        if self.refused.load(Ordering::Relaxed) || serial(&self.client, self.slot)? != self.serial {
            return Err(Unopened::NoKey);
        }
        let session = self.client.open_ro_session(self.slot)?;
        match session.login(UserType::User, Some(&AuthPin::from(self.pin.text()))) {
            // The state of a login is shared by all sessions of a process.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(e) => {
                self.refused.store(true, Ordering::Relaxed);
                return Err(e.into());
            }
        }
        let named = found(&session)?.into_iter().find(|f| f.certificate == self.certificate).map(|f| f.id);
        // What was named goes first: if it does not go with the certificate, it is found out when it is tried.
        let mut templates = Vec::new();
        if let Some(object) = &self.object {
            templates.push(Attribute::Label(object.as_bytes().to_vec()));
        }
        if let Some(id) = named.filter(|id| !id.is_empty()) {
            templates.push(Attribute::Id(id));
        }
        for template in templates {
            let wanted = [Attribute::Class(ObjectClass::PRIVATE_KEY), template];
            if let [key] = session.find_objects(&wanted)?.as_slice() {
                return Ok(Open { key: *key, session });
            }
        }
        match session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)])?.as_slice() {
            [key] => Ok(Open { key: *key, session }),
            _ => Err(Unopened::NoKey),
        }
    }
}

struct HeldKey {
    place: Place,
    kind: KeyKind,
    open: Mutex<Open>,
}

impl Key for HeldKey {
    fn value(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let mut open = lock(&self.open);
        let value = match raw(self.kind, &open, message) {
            Err(e) if is_lost(&e) => {
                *open = self.place.open().map_err(|e| match e {
                    Unopened::Token(e) => format!("{} was lost: {e}", self.place.name),
                    Unopened::NoKey => format!("{} is gone", self.place.name),
                })?;
                raw(self.kind, &open, message)
            }
            other => other,
        };
        let value = value.map_err(|e| format!("{} does not sign: {e}", self.place.name))?;
        match self.kind.curve() {
            Some(curve) => ecdsa::low_der(curve, &value).ok_or_else(|| format!("{} signs no way", self.place.name)),
            None => Ok(value),
        }
    }
}

fn raw(kind: KeyKind, open: &Open, message: &[u8]) -> Result<Vec<u8>, Error> {
    match kind {
        KeyKind::Rsa => open.session.sign(&Mechanism::Sha256RsaPkcs, open.key, message),
        KeyKind::P256 | KeyKind::P384 => open.session.sign(&Mechanism::Ecdsa, open.key, &kind.digest().of(message)),
    }
}

/// Whether logging in anew may help.
fn is_lost(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(
            RvError::SessionHandleInvalid
                | RvError::SessionClosed
                | RvError::UserNotLoggedIn
                | RvError::KeyHandleInvalid
                | RvError::ObjectHandleInvalid
                | RvError::DeviceRemoved
                | RvError::DeviceError
                | RvError::TokenNotPresent
                | RvError::CryptokiNotInitialized,
            _
        )
    )
}

/// Logs this process out behind the back of its keys, as a token does that was pulled out and put in again.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) fn log_out(module: &Path) {
    let client = load(module).unwrap();
    for slot in client.get_slots_with_initialized_token().unwrap() {
        client.open_ro_session(slot).unwrap().logout().unwrap();
    }
}
