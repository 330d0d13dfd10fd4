//! Results, reasons and evidence in cells.

use super::block::{FINE, SMALL, Standing};
use super::layout::{Cell, Style};
use crate::conformity::{Finding, Language, Profile, Proof, ProofKind, Reason};
use crate::document::{ProofEntry, ReasonEntry};
use crate::words;

/// How a result stands.
pub fn of(finding: Finding) -> Standing {
    match finding {
        Finding::Fulfilled => Standing::Good,
        Finding::NotFulfilled => Standing::Bad,
        Finding::Pending => Standing::Open,
        Finding::NotApplicable => Standing::Aside,
    }
}

/// A result in its colour. What is not borne out is set bold as well.
pub fn result(language: Language, finding: Finding) -> (String, Style) {
    let style = match finding {
        Finding::Fulfilled | Finding::NotApplicable => SMALL,
        Finding::NotFulfilled | Finding::Pending => super::block::STRONG,
    };
    (words::finding(language, finding), style.ink(of(finding).ink()))
}

/// Evidence, reasons and remarks of the annex, below each other.
pub fn told(
    mut cell: Cell,
    language: Language,
    profile: Profile,
    evidence: &[Proof],
    reasons: &[Reason],
    remarks: &[Reason],
) -> Cell {
    let shown = |proof: &Proof| match proof.kind {
        ProofKind::Statement => {
            format!("{}: {}", words::proof(language, proof.kind), words::place(language, profile, &proof.name))
        }
        _ => format!("{}: {}", words::proof(language, proof.kind), proof.name),
    };
    let mut all: Vec<_> = evidence.iter().map(shown).collect();
    all.sort();
    all.dedup();
    cell = cell.and(all.join("; "), SMALL);
    for reason in reasons {
        let who = words::responsible_in(language, profile, reason.who);
        cell = cell.and(format!("– {who}: {}", words::reason(language, reason)), SMALL);
    }
    for remark in remarks {
        cell = cell.and(words::reason(language, remark), FINE);
    }
    filled(cell)
}

/// The same of a first page that stands alone.
pub fn told_on_page(
    mut cell: Cell,
    language: Language,
    profile: Profile,
    evidence: &[ProofEntry],
    reasons: &[ReasonEntry],
    remarks: &[ReasonEntry],
) -> Cell {
    for proof in evidence {
        let kind = words::proof(language, proof.kind);
        cell = match &proof.digest {
            Some(digest) => cell.and(format!("{kind}: {digest}"), FINE),
            None => cell.and(kind, FINE),
        };
    }
    let times = |entry: &ReasonEntry| if entry.count > 1 { format!(" (× {})", entry.count) } else { String::new() };
    for reason in reasons {
        let who = words::responsible_in(language, profile, reason.who);
        cell = cell.and(format!("– {who}: {}{}", reason.text, times(reason)), SMALL);
    }
    for remark in remarks {
        cell = cell.and(format!("{}{}", remark.text, times(remark)), FINE);
    }
    filled(cell)
}

fn filled(cell: Cell) -> Cell {
    if cell.texts.is_empty() { cell.and("–", SMALL) } else { cell }
}
