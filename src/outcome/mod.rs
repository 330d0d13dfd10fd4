//! What was found, and what may be said of it. Status and claim are derived from [`Evidence`] in [`Verdict::of`], and
//! nowhere else.
#![forbid(unsafe_code)]

mod command;
mod command_verdict;
mod counts;
mod event;
mod evidence;
mod files;
mod files_verdict;
mod files_words;
mod marks;
mod places;
mod readback;
mod reason;
mod residue;
mod said;
mod sampling;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
pub mod testing_files;
#[cfg(test)]
mod tests;
mod verdict;
mod way_out;
mod words;

pub use command::{CommandEvidence, Ending, Exchange, Markers, Progress, Readback, Witnesses};
pub use counts::Counts;
pub use event::{Event, Observer, Silent};
pub use evidence::{
    BadRange, End, Evidence, HealthBeforeAfter, PassEvidence, Scope, ScopeKind, Trouble, VerificationEvidence,
};
pub use files::{FileCounts, FileVerdict, FilesEvidence, FilesManifest, FilesMapping, FilesStep, FilesSubject};
pub use marks::{said_of_readback, statement_of_readback};
pub use places::{Places, most_share_missed};
pub use readback::{readback_statement, readback_status};
pub use residue::{Certainty, Residue, ResidueKind, said_of_residue};
pub use said::{Figure, Said};
pub use sampling::{SamplingPlan, most_cells_missed};
pub use verdict::{Claim, Status, Verdict};
pub use words::{said_of_standards, standards};

/// The code of every sentence, and the names of what belongs into it.
#[cfg(test)]
pub fn every_sentence() -> Vec<(&'static str, &'static [&'static str])> {
    let families = [
        words::Ended::CODES,
        words::Limit::CODES,
        files_words::FilesLimit::CODES,
        residue::Left::CODES,
        words::Standard::CODES,
        way_out::WayOut::CODES,
        reason::Reason::CODES,
        readback::Found::CODES,
        marks::Marks::CODES,
    ];
    families.into_iter().flatten().copied().collect()
}
