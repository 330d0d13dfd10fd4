//! What is collected on the way to a result, and the one place where a result is made of it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::evidence::Evidence;
use super::reason::{Code, Reason};
use super::verdict::{Finding, Proof, ProofKind, Responsible};
use super::{Accepted, Case, Confirmation, Document, Person};

/// The question as a whole: a case, what was found, and the day.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub case: &'a Case,
    pub evidence: &'a Evidence,
    pub today: Date,
}

/// What speaks for a result, and against it.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub proofs: Vec<Proof>,
    pub reasons: Vec<Reason>,
    pub pending: Vec<Reason>,
    pub remarks: Vec<Reason>,
    /// What stands in `proofs` and `reasons` already.
    proved: BTreeSet<Proof>,
    objected: BTreeSet<Reason>,
}

impl Found {
    /// Fulfilled only if nothing speaks against it and something speaks for it.
    pub fn finding(&self) -> Finding {
        if !self.reasons.is_empty() {
            Finding::NotFulfilled
        } else if !self.pending.is_empty() {
            Finding::Pending
        } else if self.proofs.is_empty() {
            Finding::NotFulfilled
        } else {
            Finding::Fulfilled
        }
    }

    /// All that keeps it from being fulfilled.
    pub fn open(&self) -> Vec<Reason> {
        self.reasons.iter().chain(&self.pending).cloned().collect()
    }

    pub fn against(&mut self, reason: Reason) {
        if self.objected.insert(reason.clone()) {
            self.reasons.push(reason);
        }
    }

    pub fn prove(&mut self, proof: Proof) {
        if self.proved.insert(proof.clone()) {
            self.proofs.push(proof);
        }
    }

    /// The processor's own word: a place in the case.
    pub fn statement(&mut self, place: impl Into<String>) {
        self.prove(Proof { kind: ProofKind::Statement, name: place.into(), digest: None });
    }

    /// Text that has to be there.
    pub fn told(&mut self, text: &str, otherwise: Reason) {
        if text.trim().is_empty() {
            self.against(otherwise);
        }
    }

    /// A document that has to have been found.
    pub fn document(&mut self, ground: Ground, what: &str, document: &Document, who: Responsible) {
        match ground.evidence.documents.get(&document.file) {
            Some(digest) => self.prove(Proof {
                kind: ProofKind::Document,
                name: document.file.clone(),
                digest: Some(format!("sha256:{digest}")),
            }),
            None => {
                self.against(Reason::new(Code::DocumentMissing).by(who).with("what", what).with("file", &document.file))
            }
        }
    }

    /// A person who has to be named.
    pub fn person(&mut self, what: &str, person: &Person, who: Responsible) {
        self.told(&person.name, Reason::new(Code::PersonMissing).by(who).with("what", what));
    }

    /// Somebody's word: person, document, and not of tomorrow.
    pub fn confirmation(&mut self, ground: Ground, what: &str, given: &Confirmation, who: Responsible) {
        self.person(what, &given.by, who);
        self.document(ground, what, &given.document, who);
        self.not_ahead(ground, what, given.date, who);
    }

    /// A date that is not after the day of the check.
    pub fn not_ahead(&mut self, ground: Ground, what: &str, date: Date, who: Responsible) {
        if date > ground.today {
            self.against(Reason::new(Code::DateAhead).by(who).with("item", what).with("date", date));
        }
    }

    /// Whether the controller accepted `what` of the item or sub-processor `id`: then it is a remark, else `otherwise` stands against it.
    pub fn accepted(&mut self, ground: Ground, what: Accepted, id: &str, otherwise: Reason) {
        let about = |a: &&super::Acceptance| a.what == what && a.of.iter().any(|of| of == id);
        let mut void = Vec::new();
        for acceptance in ground.case.acceptances.iter().filter(about) {
            let mut found = Found::default();
            let given = Confirmation {
                date: acceptance.date,
                by: acceptance.by.clone(),
                document: acceptance.document.clone(),
            };
            found.confirmation(ground, "acceptance", &given, Responsible::Controller);
            if found.finding() == Finding::Fulfilled {
                found.proofs.into_iter().for_each(|proof| self.prove(proof));
                let remark = Reason::new(Code::AcceptedByController).by(Responsible::Controller);
                self.remarks.push(remark.with("item", id).with("acceptance", &acceptance.id).with("what", what.name()));
                return;
            }
            void.extend(found.reasons);
            void.push(Reason::new(Code::AcceptanceVoid).by(Responsible::Controller).with("acceptance", &acceptance.id));
        }
        void.into_iter().for_each(|reason| self.against(reason));
        self.against(otherwise);
    }
}
