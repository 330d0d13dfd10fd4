//! What documents are issued with: a key, perhaps a time-stamp authority, and the language of the paper.

use std::sync::{Mutex, PoisonError};

use super::{Authority, Signer};
use crate::conformity::Language;
use crate::document::SignerEntry;
use crate::problem::Problem;

/// What documents are issued with.
pub struct Press {
    /// The key.
    pub signer: Box<dyn Signer>,
    /// Who stamps the time of each signature, where one was asked for.
    pub authority: Option<Box<dyn Authority>>,
    /// Language of the PDF; `None`: none is made.
    pub paper: Option<Language>,
    troubles: Mutex<Vec<Problem>>,
}

impl Press {
    /// A press.
    pub fn new(signer: Box<dyn Signer>, authority: Option<Box<dyn Authority>>, paper: Option<Language>) -> Self {
        Press { signer, authority, paper, troubles: Mutex::default() }
    }

    /// A key alone: documents get no time stamp and no PDF.
    pub fn plain(signer: Box<dyn Signer>) -> Self {
        Press::new(signer, None, None)
    }

    /// What documents issued so far had to do without, each told once.
    pub fn troubles(&self) -> Vec<Problem> {
        std::mem::take(&mut *self.troubles.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes one of them.
    pub fn note(&self, trouble: Problem) {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).push(trouble);
    }

    /// What a document says of the key that it is issued with, and of the authority that is asked.
    pub fn entry(&self) -> SignerEntry {
        SignerEntry {
            time_stamp: self.authority.as_ref().map(|authority| authority.url().to_string()),
            ..self.signer.entry()
        }
    }
}
