//! What went wrong and what to do now: the pair that every message to a user consists of, and the kind that decides the
//! exit code.

use std::fmt;

/// What a problem means for the data, from which the exit code follows in [`ExitCode::from`] and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An error before anything was changed.
    Error,
    /// The words of the command line are off.
    Usage,
    /// Refused, nothing changed.
    Refused,
    /// Something was changed, and the target is not sanitized or its state is unknown.
    Failed,
    /// Stopped on request; `resume` can go on.
    Interrupted,
    /// A certificate or signature does not check out.
    NotAuthentic,
    /// The signature holds, but nothing says whose key it is.
    Untrusted,
}

/// One problem, in two sentences: what went wrong (naming the thing), and what to do now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Problem {
    /// What it means for the data.
    pub kind: Kind,
    /// What went wrong; names the path, device or file.
    pub what: String,
    /// What the user can do now.
    pub todo: String,
    /// Other problems of the same kind that were found with it; told after it, each in its own lines.
    pub also: Vec<Problem>,
}

impl Problem {
    /// A problem of the given kind.
    pub fn new(kind: Kind, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Problem { kind, what: what.into(), todo: todo.into(), also: Vec::new() }
    }

    /// An error before anything was changed.
    pub fn error(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Kind::Error, what, todo)
    }

    /// Several problems as one, the first with the rest behind it; `None` where there is none.
    pub fn all(problems: impl IntoIterator<Item = Problem>) -> Option<Self> {
        let mut problems = problems.into_iter();
        let mut first = problems.next()?;
        first.also.extend(problems);
        Some(first)
    }

    /// A refusal; nothing was changed.
    pub fn refused(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Kind::Refused, what, todo)
    }

    /// A failure after something was changed.
    pub fn failed(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Kind::Failed, what, todo)
    }

    /// A certificate or signature that does not check out.
    pub fn not_authentic(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self::new(Kind::NotAuthentic, what, todo)
    }
}

/// The exit codes of the program (the table in `radera --help` and the README).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ExitCode {
    /// Every target sanitized and verified.
    Success = 0,
    /// An error before anything was changed.
    Error = 1,
    /// Usage.
    Usage = 2,
    /// Refused, nothing changed.
    Refused = 3,
    /// Done, with exceptions.
    Exceptions = 4,
    /// Changed and not sanitized, or state unknown.
    Failed = 5,
    /// Interrupted.
    Interrupted = 6,
    /// Does not check out.
    NotAuthentic = 7,
    /// Signature holds, signer unknown.
    Untrusted = 8,
}

impl ExitCode {
    /// How much data may remain: higher is worse. Several targets: the worst decides, in the order 5, 6, 1, 3, 4, 0.
    fn severity(self) -> u8 {
        match self {
            ExitCode::Success => 0,
            ExitCode::Exceptions => 1,
            ExitCode::Refused => 2,
            ExitCode::Error => 3,
            ExitCode::Interrupted => 4,
            ExitCode::Failed => 5,
            ExitCode::Untrusted => 6,
            ExitCode::NotAuthentic => 7,
            ExitCode::Usage => 8,
        }
    }

    /// The worse of two codes, by how much data may remain.
    #[must_use]
    pub fn worst(self, other: ExitCode) -> ExitCode {
        if other.severity() > self.severity() { other } else { self }
    }
}

impl From<Kind> for ExitCode {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Error => ExitCode::Error,
            Kind::Usage => ExitCode::Usage,
            Kind::Refused => ExitCode::Refused,
            Kind::Failed => ExitCode::Failed,
            Kind::Interrupted => ExitCode::Interrupted,
            Kind::NotAuthentic => ExitCode::NotAuthentic,
            Kind::Untrusted => ExitCode::Untrusted,
        }
    }
}

impl fmt::Display for ExitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", *self as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode::{self, *};

    #[test]
    fn the_worst_of_several_targets_is_the_one_where_most_data_may_remain() {
        let order = [Failed, Interrupted, Error, Refused, Exceptions, Success];
        for (rank, worse) in order.iter().enumerate() {
            for better in &order[rank..] {
                assert_eq!(worse.worst(*better), *worse);
                assert_eq!(better.worst(*worse), *worse);
            }
        }
        assert_eq!([Success, Success].into_iter().fold(Success, ExitCode::worst), Success);
    }
}
