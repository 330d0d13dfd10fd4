//! One journal a job: an append-only file of checksummed lines, private to its owner. It is synced before the first change
//! and at every checkpoint, so that what it says was done was done, and `resume` can go on from there.
#![forbid(unsafe_code)]

mod entry;
mod files;
mod line;
mod replay;
mod store;

pub use entry::{CaseLink, Entry, StoredErase, StoredPass, StoredPlan, StoredSwap};
pub use files::{FileId, FilesState, StoredFiles};
pub use line::parse_lines;
pub use replay::{JobState, SessionState, replay};
pub use store::{FileStore, Store};

use crate::problem::Problem;

/// The journal of one job, open for appending.
pub struct Journal {
    store: Box<dyn Store>,
    chain: line::Chain,
    /// Bytes that hold whole, synced entries.
    good: u64,
}

impl Journal {
    /// A new journal over an empty store.
    pub fn begin(store: Box<dyn Store>) -> Self {
        Journal { store, chain: line::Chain::new(), good: 0 }
    }

    /// Opens a journal that stands: its entries, and the journal ready to append. A torn last line (power was lost while it
    /// was written) is cut off; any other damage is an error.
    pub fn reopen(mut store: Box<dyn Store>) -> Result<(Self, Vec<Entry>), Problem> {
        let name = store.name();
        let bytes = store.read_all().map_err(|e| {
            Problem::error(format!("the journal {name} can't be read: {e}"), "Check the disk that holds --state.")
        })?;
        let (entries, chain, good) = line::parse_lines_with_chain(&bytes).map_err(|detail| {
            Problem::error(
                format!("the journal {name} is damaged: {detail}"),
                "Keep it for the audit, and wipe the medium again from the start.",
            )
        })?;
        if good < bytes.len() {
            store.truncate(good as u64).map_err(|e| {
                Problem::error(
                    format!("the journal {name} can't be repaired: {e}"),
                    "Check the disk that holds --state.",
                )
            })?;
        }
        Ok((Journal { store, chain, good: good as u64 }, entries))
    }

    /// Appends an entry and syncs it. An error means that nothing may be changed on its strength.
    pub fn append(&mut self, entry: &Entry) -> Result<(), Problem> {
        let name = self.store.name();
        let (line, chain) = self.chain.encode(entry).map_err(|e| {
            Problem::error(format!("the journal {name} can't hold an entry: {e}"), "Report this as a bug.")
        })?;
        let written = self.store.append(&line).and_then(|()| self.store.sync());
        if let Err(e) = written {
            // What did reach the file is cut off again, so that a later entry can stand.
            let _ = self.store.truncate(self.good);
            return Err(Problem::error(
                format!("the journal {name} can't be written: {e}"),
                "Free space on the disk that holds --state, or name another with --state.",
            ));
        }
        self.chain = chain;
        self.good += line.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
