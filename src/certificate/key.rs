//! The signing key: P-256, made on first use, private to its owner.
//!
//! `<state>/keys/signing/` holds `key.pem` (PKCS#8) and `certificate.pem`. The directory is made under another name and renamed
//! into place, so that key and certificate appear together, whole, and only once.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use der::EncodePem;
use der::pem::LineEnding;
use p256::ecdsa::SigningKey;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use x509_cert::Certificate;

use super::{cms, x509};
use crate::problem::Problem;
use crate::sys::node;

const FILE_LIMIT: u64 = 64 << 10;

/// Signs bytes, and names the certificate that goes with it.
pub trait Signer: Send + Sync {
    /// DER of the signing certificate.
    fn certificate_der(&self) -> &[u8];
    /// `sha256:` and the digest of that DER in lower-case hexadecimal.
    fn fingerprint(&self) -> String;
    /// Detached CMS SignedData (DER) over `content`.
    fn sign_detached(&self, content: &[u8]) -> Result<Vec<u8>, Problem>;
}

/// The keys of one state directory.
pub struct KeyStore {}

impl KeyStore {
    /// The key of `state`, made with mode 0600 (directory 0700) if there is none. Fails, and says so, on a key that is
    /// readable by others, expired, or does not fit its certificate: found before any wipe starts.
    pub fn open_or_create(state: &Path) -> Result<Box<dyn Signer>, Problem> {
        if let Some(signer) = Self::open(state)? {
            return Ok(signer);
        }
        create(&state.join("keys"), SystemTime::now())?;
        Self::open(state)?.ok_or_else(|| {
            Problem::error(
                format!("the signing key that was just made in {} is gone", state.display()),
                "See to it that nothing else removes files there, then run it again.",
            )
        })
    }

    /// The key of `state`, if there is one.
    pub fn open(state: &Path) -> Result<Option<Box<dyn Signer>>, Problem> {
        match LocalSigner::open(state, SystemTime::now())? {
            Some(signer) => Ok(Some(Box::new(signer))),
            None => Ok(None),
        }
    }
}

struct LocalSigner {
    key: SigningKey,
    certificate: Certificate,
    der: Vec<u8>,
}

impl Signer for LocalSigner {
    fn certificate_der(&self) -> &[u8] {
        &self.der
    }

    fn fingerprint(&self) -> String {
        x509::sha256_text(&self.der)
    }

    fn sign_detached(&self, content: &[u8]) -> Result<Vec<u8>, Problem> {
        let now = SystemTime::now();
        x509::unix_seconds(now)
            .and_then(|at| x509::valid_at(&self.certificate, at))
            .and_then(|()| cms::sign(content, &self.key, &self.certificate, now))
            .map_err(|why| {
                Problem::failed(
                    format!("can't sign with the key {}: {why}", self.fingerprint()),
                    "Check the clock and the signing certificate, then run `radera resume` to issue the record.",
                )
            })
    }
}

impl LocalSigner {
    fn open(state: &Path, now: SystemTime) -> Result<Option<Self>, Problem> {
        let keys = state.join("keys");
        let pair = keys.join("signing");
        for directory in [&keys, &pair] {
            match fs::symlink_metadata(directory) {
                Ok(found) if found.is_dir() => private(directory, &found, "700")?,
                Ok(_) => {
                    return Err(Problem::error(
                        format!("{} is not a directory", directory.display()),
                        "Move it away, so that the signing key can be kept there.",
                    ));
                }
                Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
                Err(e) => return Err(unreadable(directory, &e)),
            }
        }
        let (key_path, certificate_path) = (pair.join("key.pem"), pair.join("certificate.pem"));
        let key = String::from_utf8(read(&key_path, true)?)
            .ok()
            .and_then(|pem| SigningKey::from_pkcs8_pem(&pem).ok())
            .ok_or_else(|| damaged(&key_path, "it is no P-256 key in PKCS#8 PEM"))?;
        let mut found = x509::from_file(&read(&certificate_path, false)?)
            .map_err(|why| damaged(&certificate_path, &format!("it is no certificate: {why}")))?;
        let (Some(der), true) = (found.pop(), found.is_empty()) else {
            return Err(damaged(&certificate_path, "it holds several certificates"));
        };
        let certificate = x509::from_der(&der).map_err(|why| damaged(&certificate_path, &why))?;
        let fits = x509::public_key(&certificate).is_ok_and(|public| public == *key.verifying_key());
        if !fits {
            return Err(Problem::error(
                format!("the signing certificate {} does not fit the key beside it", certificate_path.display()),
                format!("Restore both from one backup, or move {} away: a new key is made then.", pair.display()),
            ));
        }
        x509::unix_seconds(now)
            .and_then(|at| x509::valid_at(&certificate, at))
            .and_then(|()| x509::may_sign(&certificate))
            .map_err(|why| {
                Problem::error(
                    format!("the signing certificate {} can't be used now: {why}", certificate_path.display()),
                    format!("Check the clock; if it is right, move {} away: a new key is made then.", pair.display()),
                )
            })?;
        Ok(Some(LocalSigner { key, certificate, der }))
    }
}

fn create(keys: &Path, now: SystemTime) -> Result<(), Problem> {
    let not_made = |why: String| {
        Problem::error(
            format!("can't make a signing key in {}: {why}", keys.display()),
            "Name a state directory that can be written to with --state DIR.",
        )
    };
    let (key, certificate) = x509::self_signed(now).map_err(not_made)?;
    let key = key.to_pkcs8_pem(LineEnding::LF).map_err(|e| not_made(e.to_string()))?;
    let certificate = certificate.to_pem(LineEnding::LF).map_err(|e| not_made(e.to_string()))?;
    let name: [u8; 8] = x509::random().map_err(not_made)?;
    let new = keys.join(format!(".new-{:016x}", u64::from_be_bytes(name)));
    let made = DirBuilder::new().recursive(true).mode(0o700).create(keys).and_then(|()| {
        DirBuilder::new().mode(0o700).create(&new)?;
        write_private(&new.join("key.pem"), key.as_bytes())?;
        write_private(&new.join("certificate.pem"), certificate.as_bytes())?;
        File::open(&new)?.sync_all()?;
        // Fails on a directory that is there and not empty: then another process was first, and its key counts.
        match fs::rename(&new, keys.join("signing")) {
            Err(e) if matches!(e.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists) => {
                fs::remove_dir_all(&new)
            }
            other => other.and_then(|()| File::open(keys)?.sync_all()),
        }
    });
    made.map_err(|e| {
        let _ = fs::remove_dir_all(&new);
        not_made(e.to_string())
    })
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn read(path: &Path, secret: bool) -> Result<Vec<u8>, Problem> {
    let found = fs::symlink_metadata(path).map_err(|e| unreadable(path, &e))?;
    if !found.is_file() {
        return Err(damaged(path, "it is not a plain file"));
    }
    let file = File::open(path).map_err(|e| unreadable(path, &e))?;
    if secret {
        private(path, &file.metadata().map_err(|e| unreadable(path, &e))?, "600")?;
    }
    let mut bytes = Vec::new();
    file.take(FILE_LIMIT).read_to_end(&mut bytes).map_err(|e| unreadable(path, &e))?;
    Ok(bytes)
}

/// Ours, and closed to all others.
fn private(path: &Path, found: &fs::Metadata, wanted: &str) -> Result<(), Problem> {
    let mode = found.mode();
    if found.uid() != node::user() {
        return Err(Problem::error(
            format!("{} belongs to user {}, who could put another key there", path.display(), found.uid()),
            "Run it as that user, or name another state directory with --state DIR.",
        ));
    }
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Problem::error(
        format!("{} is open to others than its owner (mode {:03o})", path.display(), mode & 0o777),
        format!(
            "Find out who could have read the signing key; if nobody did: chmod {wanted} {}. Otherwise move it away: a new key is made then.",
            path.display()
        ),
    ))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::error(
        format!("can't read {}: {error}", path.display()),
        "Run it as the owner of the signing key, or name another state directory with --state DIR.",
    )
}

fn damaged(path: &Path, why: &str) -> Problem {
    let pair: PathBuf = path.parent().map(Path::to_path_buf).unwrap_or_default();
    Problem::error(
        format!("{} is damaged: {why}", path.display()),
        format!("Restore it from a backup, or move {} away: a new key is made then.", pair.display()),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_certificate_is_used_only_while_it_is_valid() {
        let dir = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        create(&dir.path().join("keys"), now).unwrap();
        let day = Duration::from_secs(24 * 3600);
        assert!(LocalSigner::open(dir.path(), now).unwrap().is_some());
        assert!(LocalSigner::open(dir.path(), now + 3650 * day).unwrap().is_some());
        for at in [now - 2 * day, now + 3653 * day] {
            let problem = LocalSigner::open(dir.path(), at).map(|_| ()).unwrap_err();
            assert!(problem.what.contains("certificate.pem") && problem.what.contains("valid from"), "{problem:?}");
        }
    }

    #[test]
    fn an_expired_certificate_signs_nothing() {
        let (key, certificate) =
            x509::self_signed(SystemTime::now() - Duration::from_secs(12 * 365 * 24 * 3600)).unwrap();
        let der = der::Encode::to_der(&certificate).unwrap();
        assert!(LocalSigner { key, certificate, der }.sign_detached(b"{}").unwrap_err().what.contains("valid from"));
    }

    #[test]
    fn the_first_key_stays_when_another_is_made_meanwhile() {
        let dir = tempfile::tempdir().unwrap();
        let keys = dir.path().join("keys");
        create(&keys, SystemTime::now()).unwrap();
        let first = fs::read(keys.join("signing/key.pem")).unwrap();
        create(&keys, SystemTime::now()).unwrap();
        assert_eq!(fs::read(keys.join("signing/key.pem")).unwrap(), first);
        assert_eq!(fs::read_dir(&keys).unwrap().count(), 1);
    }
}
