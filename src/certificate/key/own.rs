//! The installation's own key: P-256, made on first use, private to its owner.
//!
//! `<state>/keys/signing/` holds `key.pem` (PKCS#8) and `certificate.pem`. The directory is made under another name and renamed
//! into place, so that key and certificate appear together, whole, and only once.

use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::time::SystemTime;

use der::EncodePem;
use der::pem::LineEnding;
use x509_cert::Certificate;
use zeroize::Zeroizing;

use super::super::{chain, x509};
use super::files::{self, damaged};
use super::local::{LocalError, LocalKey};
use super::signer::KeySigner;
use crate::problem::Problem;
use crate::sys::reserve::exchange;

/// The own key of `state`, if there is one, tried out at `now`.
pub(super) fn open(state: &Path, now: SystemTime) -> Result<Option<KeySigner>, Problem> {
    let keys = state.join("keys");
    let pair = keys.join("signing");
    for directory in [&keys, &pair] {
        if !files::private_directory(directory)? {
            return Ok(None);
        }
    }
    let (key_path, certificate_path) = (pair.join("key.pem"), pair.join("certificate.pem"));
    let pem = Zeroizing::new(files::read(&key_path, true)?);
    let pkcs8 = match der::pem::decode_vec(&pem) {
        Ok(("PRIVATE KEY", pkcs8)) => Zeroizing::new(pkcs8),
        _ => return Err(damaged(&key_path, "it is no key in PKCS#8 PEM")),
    };
    let (certificate, chain) = read_certificates(&certificate_path)?;
    let key = LocalKey::from_pkcs8(&pkcs8, &certificate).map_err(|e| match e {
        LocalError::Malformed(why) => damaged(&key_path, &why),
        LocalError::Other => Problem::error(
            format!("the signing certificate {} does not fit the key beside it", certificate_path.display()),
            format!("Restore both from one backup, or move {} away: a new key is made then.", pair.display()),
        ),
    })?;
    let signer = KeySigner::new(Box::new(key), certificate, chain).map_err(|why| damaged(&certificate_path, &why))?;
    signer.try_out(now).map_err(|why| {
        Problem::error(
            format!("the signing certificate {} can't be used now: {why}", certificate_path.display()),
            format!("Check the clock; if it is right, move {} away: a new key is made then.", pair.display()),
        )
    })?;
    Ok(Some(signer))
}

/// The certificate that stands first in a file, and its chain from those after it.
pub(super) fn read_certificates(path: &Path) -> Result<(Certificate, Vec<Certificate>), Problem> {
    let found = x509::from_file(&files::read(path, false)?)
        .map_err(|why| damaged(path, &format!("it is no certificate: {why}")))?;
    let mut all = found
        .iter()
        .map(|der| x509::from_der(der))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|why| damaged(path, &why))?
        .into_iter();
    let certificate = all.next().ok_or_else(|| damaged(path, "it holds no certificate"))?;
    let others: Vec<_> = all.collect();
    let chain = chain::above(&certificate, &others);
    Ok((certificate, chain))
}

/// Makes a key, unless there is one.
pub(super) fn create(keys: &Path, now: SystemTime) -> Result<(), Problem> {
    let new = write_new(keys, now)?;
    // Fails on a directory that is there and not empty: then another process was first, and its key counts.
    let placed = match fs::rename(&new, keys.join("signing")) {
        Err(e) if matches!(e.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists) => {
            fs::remove_dir_all(&new)
        }
        other => other.and_then(|()| File::open(keys)?.sync_all()),
    };
    placed.map_err(|e| {
        let _ = fs::remove_dir_all(&new);
        not_made(keys, &e.to_string())
    })
}

/// Makes a key in the place of the one that is there. The certificate of that is kept in `former`, so that what it signed still checks
/// out; its private key is removed.
pub(super) fn replace(keys: &Path, now: SystemTime) -> Result<(), Problem> {
    let signing = keys.join("signing");
    if !files::private_directory(keys)? || !files::private_directory(&signing)? {
        return create(keys, now);
    }
    let failed = |e: std::io::Error| not_made(keys, &e.to_string());
    keep_certificate(keys, &signing)?;
    let new = write_new(keys, now)?;
    exchange(&new, &signing).and_then(|()| File::open(keys)?.sync_all()).map_err(|e| {
        let _ = fs::remove_dir_all(&new);
        failed(e)
    })?;
    // Another process may have replaced it meanwhile: what was taken out counts.
    keep_certificate(keys, &new)?;
    fs::remove_dir_all(&new).and_then(|()| File::open(keys)?.sync_all()).map_err(|e| {
        Problem::error(
            format!("the former private key {} can't be removed: {e}", new.display()),
            "The new key is in place; remove that directory.",
        )
    })
}

fn keep_certificate(keys: &Path, pair: &Path) -> Result<(), Problem> {
    let (certificate, _) = read_certificates(&pair.join("certificate.pem"))?;
    let former = keys.join("former");
    let kept = || -> Result<(), String> {
        let der = der::Encode::to_der(&certificate).map_err(|e| e.to_string())?;
        let pem = certificate.to_pem(LineEnding::LF).map_err(|e| e.to_string())?;
        let fingerprint = x509::sha256_text(&der);
        let digits = fingerprint.trim_start_matches("sha256:");
        files::make_directory(&former).map_err(|e| e.to_string())?;
        files::replace(&former.join(format!("{digits}.pem")), pem.as_bytes()).map_err(|e| e.to_string())
    };
    kept().map_err(|why| {
        Problem::error(
            format!("the certificate of the former key can't be kept in {}: {why}", former.display()),
            "Free space there, and see to it that the state directory can be written to.",
        )
    })
}

/// A new key and its certificate in a hidden directory.
fn write_new(keys: &Path, now: SystemTime) -> Result<std::path::PathBuf, Problem> {
    let failed = |why: &dyn std::fmt::Display| not_made(keys, &why.to_string());
    let (pkcs8, certificate) = x509::self_signed(now).map_err(|why| failed(&why))?;
    let key = der::pem::encode_string("PRIVATE KEY", LineEnding::LF, &pkcs8).map_err(|e| failed(&e))?;
    let key = Zeroizing::new(key);
    let certificate = certificate.to_pem(LineEnding::LF).map_err(|e| failed(&e))?;
    let new = files::temporary(keys).map_err(|e| failed(&e))?;
    let made = files::make_directory(keys).and_then(|()| {
        DirBuilder::new().mode(0o700).create(&new)?;
        files::write_private(&new.join("key.pem"), key.as_bytes())?;
        files::write_private(&new.join("certificate.pem"), certificate.as_bytes())?;
        File::open(&new)?.sync_all()
    });
    match made {
        Ok(()) => Ok(new),
        Err(e) => {
            let _ = fs::remove_dir_all(&new);
            Err(failed(&e))
        }
    }
}

fn not_made(keys: &Path, why: &str) -> Problem {
    Problem::error(
        format!("can't make a signing key in {}: {why}", keys.display()),
        "Name a state directory that can be written to with --state DIR.",
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use super::super::signer::Signer;
    use super::*;
    use crate::certificate::Form;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    #[test]
    fn a_certificate_is_used_only_while_it_is_valid() {
        let dir = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        create(&dir.path().join("keys"), now).unwrap();
        assert!(open(dir.path(), now).unwrap().is_some());
        assert!(open(dir.path(), now + 3650 * DAY).unwrap().is_some());
        for at in [now - 2 * DAY, now + 3653 * DAY] {
            let problem = open(dir.path(), at).map(|_| ()).unwrap_err();
            assert!(problem.what.contains("certificate.pem") && problem.what.contains("valid from"), "{problem:?}");
        }
    }

    #[test]
    fn an_expired_certificate_signs_nothing() {
        let (pkcs8, certificate) = x509::self_signed(SystemTime::now() - 12 * 365 * DAY).unwrap();
        let key = LocalKey::from_pkcs8(&pkcs8, &certificate).unwrap();
        let signer = KeySigner::new(Box::new(key), certificate, Vec::new()).unwrap();
        assert!(signer.sign(b"{}", Form::Detached, None).unwrap_err().what.contains("valid from"));
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
