//! How a PDF says that it was laid out.

use super::{Form, LAYOUT};
use crate::conformity::Language;

/// What stands in the keywords of a PDF; somebody's word, to be tried by laying it out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaidOut {
    /// By which layout.
    pub layout: u32,
    /// In which language.
    pub language: Language,
    /// In which form.
    pub form: Form,
}

impl LaidOut {
    /// What `base`, a PDF without later revisions, says; `None` where it says nothing of the kind.
    pub fn of(base: &[u8]) -> Option<Self> {
        // Attached documents stand before the keywords, uncompressed, and may say anything.
        let word = |key: &str| -> Option<&str> {
            let at = base.windows(key.len()).rposition(|window| window == key.as_bytes())? + key.len();
            let rest = base.get(at..)?;
            let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
            std::str::from_utf8(rest.get(..end)?).ok()
        };
        let (language, form) = (word("radera-language=")?, word("radera-form=")?);
        Some(LaidOut {
            layout: word("radera-layout=")?.parse().ok()?,
            language: [Language::Da, Language::Sv, Language::En].into_iter().find(|l| l.name() == language)?,
            form: [Form::Full, Form::Sheet, Form::Label].into_iter().find(|f| f.name() == form)?,
        })
    }

    /// Whether this version lays out so.
    pub fn is_known(&self) -> bool {
        self.layout == LAYOUT
    }
}
