//! Deletion certificates: derived from their annex, and refused after any change, by anybody, properly signed or not.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "deletion/desk.rs"]
mod desk;
#[path = "certificate/support.rs"]
#[allow(dead_code)]
mod support;

use desk::*;
use radera::certificate::Require;
use radera::problem::ExitCode;
use support::signature_of;

#[test]
fn a_complete_case_gives_a_certificate_that_checks_out() {
    let desk = Desk::new();
    let judged = desk.judged(&case());
    assert_eq!(reasons(&judged), "");
    let closed = desk.close(&case(), false);
    assert!(complete(&closed), "{}", reasons(&judged));
    let found = desk.check(&closed.issued.json);
    assert_eq!((found.exit_code, failed(&found)), (ExitCode::Success, String::new()));
    assert!(found.derived_again);
    for (require, code) in [
        (Require::Complete, ExitCode::Success),
        (Require::Trusted, ExitCode::Success),
        (Require::Sanitized, ExitCode::NotAuthentic),
    ] {
        assert_eq!(desk.required(&closed.issued.json, require), code, "{require:?}");
    }
    let _ = signature_of(&closed.issued.json);
}
