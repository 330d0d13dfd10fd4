//! Which key is used: `<state>/keys/active.json`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files;
use crate::problem::Problem;

/// The longest value that is taken from the file, in bytes.
const LONGEST: usize = 4096;

/// Which key is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Choice {
    /// The installation's own.
    Own,
    /// One that was imported from a PKCS#12 file.
    Pkcs12 {
        /// The fingerprint of its certificate: `sha256:` and 64 hexadecimal digits.
        fingerprint: String,
    },
    /// One on a token. Its certificate is kept when it is chosen; another one that appears there later is not used.
    Pkcs11 {
        /// The token's module, a shared library.
        module: PathBuf,
        /// Label of the token; may be left out where there is only one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        /// Number of the slot, where labels do not tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slot: Option<u64>,
        /// Label of the key, or its id in hexadecimal digits; may be left out where there is only one key with a certificate.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        object: Option<String>,
        /// The fingerprint of its certificate; found when it is chosen, if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fingerprint: Option<String>,
    },
}

/// How the key is used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// A private file with the PIN in its first line; without it the PIN is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin_file: Option<PathBuf>,
    /// Address of the authority (RFC 3161) that stamps signatures, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_stamp: Option<String>,
}

/// What the file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Active {
    pub(super) key: Choice,
    #[serde(default)]
    pub(super) settings: Settings,
}

impl Active {
    fn path(keys: &Path) -> PathBuf {
        keys.join("active.json")
    }

    /// What is used; the own key where nothing says otherwise.
    pub(super) fn load(keys: &Path) -> Result<Self, Problem> {
        let path = Self::path(keys);
        if !files::private_directory(keys)? || std::fs::symlink_metadata(&path).is_err() {
            return Ok(Active { key: Choice::Own, settings: Settings::default() });
        }
        Self::parse(&files::read(&path, true)?).map_err(|why| {
            Problem::error(
                format!("{} does not say which key is used: {why}", path.display()),
                "Choose the key anew, or remove the file: the own key is used then.",
            )
        })
    }

    /// Reads the bytes of the file.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let found: Active = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        found.check().map(|()| found)
    }

    fn check(&self) -> Result<(), String> {
        let (fingerprint, texts) = match &self.key {
            Choice::Own => (None, vec![]),
            Choice::Pkcs12 { fingerprint } => (Some(fingerprint), vec![]),
            Choice::Pkcs11 { token, object, fingerprint, .. } => (fingerprint.as_ref(), vec![token, object]),
        };
        if fingerprint.is_some_and(|text| digits(text).is_none()) {
            return Err("its fingerprint is none".into());
        }
        let texts = texts.into_iter().chain([&self.settings.time_stamp]);
        if texts.flatten().any(|text| text.is_empty() || text.len() > LONGEST) {
            return Err("a value is empty or too long".into());
        }
        Ok(())
    }

    /// Writes it in the place of what was used before.
    pub(super) fn save(&self, keys: &Path) -> Result<(), Problem> {
        let path = Self::path(keys);
        let failed = |why: String| {
            Problem::error(
                format!("can't write {}: {why}", path.display()),
                "See to it that the state directory can be written to and has room.",
            )
        };
        self.check().map_err(&failed)?;
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|e| failed(e.to_string()))?;
        bytes.push(b'\n');
        files::make_directory(keys).and_then(|()| files::replace(&path, &bytes)).map_err(|e| failed(e.to_string()))
    }
}

/// The 64 digits of a fingerprint as it is kept: `sha256:` and lower-case hexadecimal.
pub(super) fn digits(fingerprint: &str) -> Option<&str> {
    let digits = fingerprint.strip_prefix("sha256:")?;
    let lower = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    (digits.len() == 64 && digits.bytes().all(lower)).then_some(digits)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn some() -> Vec<Active> {
        let settings = Settings { pin_file: Some("/etc/pin".into()), time_stamp: Some("http://tsa.example".into()) };
        let keys = [
            Choice::Own,
            Choice::Pkcs12 { fingerprint: format!("sha256:{}", "0a".repeat(32)) },
            Choice::Pkcs11 {
                module: "/usr/lib/m.so".into(),
                token: Some("kort".into()),
                slot: None,
                object: Some("nøgle".into()),
                fingerprint: None,
            },
        ];
        keys.into_iter().map(|key| Active { key, settings: settings.clone() }).collect()
    }

    #[test]
    fn what_is_saved_is_loaded_and_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let keys = dir.path().join("keys");
        assert_eq!(Active::load(&keys).unwrap().key, Choice::Own);
        for active in some() {
            active.save(&keys).unwrap();
            assert_eq!(Active::load(&keys).unwrap(), active);
            assert_eq!(std::fs::metadata(Active::path(&keys)).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(std::fs::read_dir(&keys).unwrap().count(), 1, "nothing is left beside it");
        }
        std::fs::set_permissions(Active::path(&keys), std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Active::load(&keys).unwrap_err().what.contains("open to others"));
    }

    #[test]
    fn what_says_anything_else_is_refused() {
        let long = format!(r#"{{"key":{{"kind":"own"}},"settings":{{"time_stamp":"{}"}}}}"#, "x".repeat(5000));
        let wrong = [
            "",
            "{}",
            r#"{"key":{"kind":"other"}}"#,
            r#"{"key":{"kind":"own"},"more":1}"#,
            r#"{"key":{"kind":"pkcs12","fingerprint":"../../etc"}}"#,
            r#"{"key":{"kind":"pkcs12","fingerprint":"sha256:00"}}"#,
            r#"{"key":{"kind":"pkcs11"}}"#,
            r#"{"key":{"kind":"pkcs11","module":"m","token":""}}"#,
            &long,
        ];
        for text in wrong {
            assert!(Active::parse(text.as_bytes()).is_err(), "{text:.80}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Active::parse(&bytes);
        }

        #[test]
        fn no_change_of_a_good_file_makes_it_panic(which in 0usize..3, at in any::<prop::sample::Index>(), to in any::<u8>()) {
            let mut bytes = serde_json::to_vec(&some()[which]).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = to;
            let _ = Active::parse(&bytes);
        }
    }
}
