//! What a readback proves, in a sentence.

use crate::media::VerifyKind;
use crate::outcome::VerificationEvidence;

/// The honest sentence.
pub fn statement(_asked: VerifyKind, _found: Option<&VerificationEvidence>) -> String {
    todo!()
}

/// `passed`, `passed-with-exceptions`, `failed`, `incomplete` or `not-done`.
pub fn status_word(_found: Option<&VerificationEvidence>) -> &'static str {
    todo!()
}
