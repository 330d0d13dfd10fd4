//! PINs: asked for when a key is used, and wiped from memory afterwards.

use zeroize::Zeroizing;

use crate::problem::Problem;

/// The PIN or passphrase of a key; wiped from memory when it is dropped, and never shown.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// A PIN. The text is moved, not copied.
    pub fn new(text: String) -> Self {
        Pin(Zeroizing::new(text))
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// Where a PIN comes from.
pub trait AskPin {
    /// The PIN of `what`, a key in words.
    ///
    /// # Errors
    /// Why there is none.
    fn pin(&self, what: &str) -> Result<Pin, Problem>;

    /// Whether this run was told where the PIN is, which goes before what was kept.
    fn is_told(&self) -> bool {
        false
    }
}

/// Nobody to ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPin;

impl AskPin for NoPin {
    fn pin(&self, what: &str) -> Result<Pin, Problem> {
        Err(Problem::error(
            format!("the PIN of {what} is needed, and there is nobody to ask for it"),
            "Give a file that holds it, readable by you alone, with --pin-file FILE.",
        ))
    }
}
