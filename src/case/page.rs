//! The first page, from the annex and what follows from it. The same annex gives the same page.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::gather::document;
use super::say;
use crate::conformity::{
    Agreement, Case, Conformity, Decision, Doubt, Entry, Finding, ItemVerdict, Language, Outcome, Proof, Reason,
};
use crate::document::{
    AgreementEntry, AgreementsEntry, Annex, AnnexEntry, CountEntry, DeletionCertificate, DoubtEntry, InstructionEntry,
    ProofEntry, ReasonEntry, RowEntry, SignerEntry, ToolEntry, Validated, ValidationEntry,
};

/// What belongs to a reason and only the annex tells: names of items, files, serial numbers, and free text that could hold them.
const WITHHELD: [&str; 11] =
    ["item", "items", "file", "serial", "other", "why", "signer", "case", "acceptance", "return", "location"];

/// What a page has from elsewhere than its annex.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Id of the certificate.
    pub id: String,
    /// Digest of the certificate that it replaces.
    pub supersedes: Option<String>,
    /// The program that derives it.
    pub tool: ToolEntry,
    /// The signing certificate.
    pub signer: SignerEntry,
    /// Day for which it is derived.
    pub as_of: Date,
    /// When it is issued, RFC 3339.
    pub issued: String,
    /// The annex as the page carries it.
    pub annex: AnnexEntry,
}

/// The first page. `conformity`: what follows from `annex`, which for an honest one is what stands in it.
pub fn page(annex: &Annex, conformity: &Conformity, issue: Issue) -> DeletionCertificate {
    let case = &annex.case;
    let language = case.language;
    DeletionCertificate {
        schema: DeletionCertificate::SCHEMA.into(),
        kind: DeletionCertificate::KIND.into(),
        id: issue.id,
        case: case.id.clone(),
        profile: case.profile,
        language,
        title: say::title(language, case.profile, with_return(case)),
        status: conformity.status,
        status_text: say::status(language, conformity.status),
        supersedes: issue.supersedes,
        controller: case.controller.clone(),
        processor: case.processor.clone(),
        agreements: agreements(case),
        instruction: instruction(annex),
        days_to_last_erasure: conformity.days_to_last_erasure.clone(),
        conformity: conformity.rows.iter().map(|row| row_entry(language, row)).collect(),
        counts: counts(language, &conformity.items),
        roles: case.roles.clone(),
        validation: validation(case, &annex.documents, issue.as_of),
        doubts: conformity.doubts.iter().map(|doubt| doubt_entry(language, doubt)).collect(),
        tool: issue.tool,
        signer: issue.signer,
        as_of: issue.as_of,
        issued: issue.issued,
        statements: say::does_not_prove(language, case.profile),
        annex: issue.annex,
    }
}

/// Whether anything was given back; what was asked for is another matter.
fn with_return(case: &Case) -> bool {
    !case.returns.is_empty() || case.items.iter().any(|item| item.handed_over.is_some())
}

fn agreements(case: &Case) -> AgreementsEntry {
    let entry = |agreement: &Agreement| AgreementEntry {
        title: agreement.title.clone(),
        date: agreement.date,
        reference: agreement.reference.clone(),
    };
    AgreementsEntry {
        main: case.agreements.main.as_ref().map(entry),
        processing: case.agreements.processing.as_ref().map(entry),
        end: case.agreements.end,
    }
}

fn instruction(annex: &Annex) -> Option<InstructionEntry> {
    annex.case.instruction.as_ref().map(|given| InstructionEntry {
        reference: given.reference.clone(),
        date: given.date,
        choice: given.choice,
        sha256: document(&annex.documents, &given.document.file).cloned(),
    })
}

/// A decision counts by `as_of` once its document was found, a person is named, reason and sensitivity are told, and after a rejection what
/// is to be done.
pub fn validation(case: &Case, documents: &BTreeMap<String, String>, as_of: Date) -> ValidationEntry {
    let language = case.language;
    let told = |text: &str| !text.trim().is_empty();
    let decided = case.validation.as_ref().and_then(|given| {
        let sha256 = document(documents, &given.document.file)?;
        let remedied = given.decision != Decision::Rejected || given.remedy.as_deref().is_some_and(told);
        let whole = told(&given.by.name) && told(&given.reason) && told(&given.sensitivity) && remedied;
        (whole && given.date <= as_of).then_some((given, sha256))
    });
    let decision = match decided.map(|(given, _)| given.decision) {
        None => Validated::AwaitingDecision,
        Some(Decision::Accepted) => Validated::Accepted,
        Some(Decision::Rejected) => Validated::Rejected,
    };
    ValidationEntry {
        decision,
        text: say::validated(language, decision),
        by: decided.map(|(given, _)| given.by.clone()),
        date: decided.map(|(given, _)| given.date),
        reason: decided.map(|(given, _)| given.reason.clone()),
        sensitivity: decided.map(|(given, _)| given.sensitivity.clone()),
        remedy: decided.and_then(|(given, _)| given.remedy.clone()),
        sha256: decided.map(|(_, sha256)| sha256.clone()),
    }
}

fn row_entry(language: Language, row: &Entry) -> RowEntry {
    let mut evidence: Vec<_> = row.evidence.iter().map(proof).collect();
    evidence.sort();
    evidence.dedup();
    RowEntry {
        row: row.row,
        title: say::row(language, row.row),
        result: row.result,
        result_text: say::finding(language, row.result),
        evidence,
        responsible: row.responsible,
        reasons: reasons(language, &row.reasons),
        remarks: reasons(language, &row.remarks),
        bars_complete: row.bars_complete,
    }
}

fn proof(proof: &Proof) -> ProofEntry {
    ProofEntry { kind: proof.kind, digest: proof.digest.clone() }
}

/// Without what only the annex tells; those that then read the same are counted.
fn reasons(language: Language, reasons: &[Reason]) -> Vec<ReasonEntry> {
    let mut entries: Vec<ReasonEntry> = Vec::new();
    for reason in reasons {
        let mut reason = reason.clone();
        for (key, value) in &mut reason.with {
            if WITHHELD.contains(&key.as_str()) {
                *value = say::withheld(language).into();
            }
        }
        let entry = ReasonEntry { code: reason.code, who: reason.who, count: 1, text: say::reason(language, &reason) };
        let same = |e: &&mut ReasonEntry| (e.code, e.who, &e.text) == (entry.code, entry.who, &entry.text);
        match entries.iter_mut().find(same) {
            Some(there) => there.count += 1,
            None => entries.push(entry),
        }
    }
    entries
}

fn counts(language: Language, items: &[ItemVerdict]) -> Vec<CountEntry> {
    let number = |fits: &dyn Fn(&ItemVerdict) -> bool| items.iter().filter(|item| fits(item)).count() as u64;
    let count = |outcome: &Outcome| CountEntry {
        outcome: *outcome,
        text: say::outcome(language, *outcome),
        items: number(&|item| item.outcome == *outcome),
        fulfilled: number(&|item| item.outcome == *outcome && item.result == Finding::Fulfilled),
    };
    Outcome::ALL.iter().map(count).filter(|entry| entry.items > 0).collect()
}

fn doubt_entry(language: Language, doubt: &Doubt) -> DoubtEntry {
    DoubtEntry {
        doubt: doubt.doubt,
        title: say::doubt(language, doubt.doubt),
        measured: doubt.measured,
        measured_text: say::measured(language, doubt.measured),
        remarks: reasons(language, &doubt.remarks),
    }
}
