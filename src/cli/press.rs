//! What documents are issued with, from the options of a command.

use super::args::IssueArgs;
use super::context::Context;
use super::state;
use crate::certificate::{AskPin, Authority, HttpAuthority, KeyStore, Press};
use crate::conformity::Language;
use crate::problem::Problem;

/// The key that signs here, made on first use, with the authority of `--timestamp` or of `key use`; PDFs in `paper`.
pub fn press(context: &Context, args: &IssueArgs, paper: Option<Language>, ask: &dyn AskPin) -> Result<Press, Problem> {
    let state = state::prepare(context)?;
    let signer = KeyStore::open_or_create(&state, ask)?;
    let url = match &args.timestamp {
        Some(url) => Some(url.clone()),
        None => KeyStore::describe(&state)?.settings.time_stamp,
    };
    let authority = match url {
        Some(url) => Some(Box::new(HttpAuthority::new(&url)?) as Box<dyn Authority>),
        None => None,
    };
    Ok(Press::new(signer, authority, paper))
}

/// Tells what the documents that were issued had to do without.
pub fn troubles(context: &Context, press: &Press) {
    for trouble in press.troubles() {
        context.warn(&format!("{} ({})", trouble.what, trouble.todo));
    }
}
