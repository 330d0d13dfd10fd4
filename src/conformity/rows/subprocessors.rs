//! 12-h, sub-processors: the notice passed on, and each one's own evidence, graded.

use super::{entry, not_applicable};
use crate::conformity::evidence::{CertificateFacts, Standing};
use crate::conformity::found::{Found, Ground};
use crate::conformity::reason::{Code, Reason};
use crate::conformity::verdict::{CaseStatus, Entry, Finding, Grade, Proof, ProofKind, Responsible, RowId, SubVerdict};
use crate::conformity::{Accepted, Profile, SubProcessor};

/// The verdict on every sub-processor.
pub(in crate::conformity) fn judge_all(ground: Ground) -> Vec<SubVerdict> {
    ground.case.subprocessors.iter().map(|sub| judge(ground, sub)).collect()
}

fn judge(ground: Ground, sub: &SubProcessor) -> SubVerdict {
    let mut found = Found::default();
    forwarded(ground, sub, &mut found);
    let grade = grade(ground, sub, &mut found);
    SubVerdict {
        subprocessor: sub.id.clone(),
        grade,
        result: found.finding(),
        reasons: found.open(),
        evidence: found.proofs,
        remarks: found.remarks,
    }
}

/// The notice, or where there is none the instruction, was passed on after it was given.
fn forwarded(ground: Ground, sub: &SubProcessor, found: &mut Found) {
    let reason = |code| Reason::new(code).with("subprocessor", &sub.id);
    let Some(sent) = &sub.forwarded else { return found.against(reason(Code::NotForwarded)) };
    found.document(ground, "forwarded-notice", &sent.document, Responsible::Processor);
    found.not_ahead(ground, &sub.id, sent.date, Responsible::Processor);
    let given = [ground.case.notice.as_ref().map(|n| n.date), ground.case.instruction.as_ref().map(|i| i.date)];
    if given.into_iter().flatten().min().is_some_and(|given| sent.date < given) {
        found.against(reason(Code::ForwardedTooEarly).with("date", sent.date));
    }
}

/// The best evidence there is. What was handed in and fails is told, whatever else there is.
fn grade(ground: Ground, sub: &SubProcessor, found: &mut Found) -> Grade {
    let reason = |code| Reason::new(code).by(Responsible::SubProcessor).with("subprocessor", &sub.id);
    if let Some(file) = &sub.certificate {
        let before = found.reasons.len();
        certificate(ground, sub, file, found);
        if found.reasons.len() == before {
            return Grade::VerifiedCertificate;
        }
    }
    if let Some(given) = &sub.declaration {
        found.confirmation(ground, "declaration", given, Responsible::SubProcessor);
        if sub.forwarded.as_ref().is_some_and(|sent| given.date < sent.date) {
            found.against(reason(Code::DeclarationTooOld).with("date", given.date));
        }
        let refused = Reason::new(Code::DeclarationNotAccepted).by(Responsible::Controller);
        found.accepted(ground, Accepted::Declaration, &sub.id, refused.with("subprocessor", &sub.id));
        return Grade::SignedDeclaration;
    }
    if let Some(document) = &sub.statement {
        found.document(ground, "statement", document, Responsible::SubProcessor);
        found.against(reason(Code::OnlyStatement));
        return Grade::OwnStatement;
    }
    if sub.certificate.is_none() {
        found.against(reason(Code::SubProcessorNothing));
    }
    Grade::Missing
}

/// Its deletion certificate: holds, counts, is its own, complete, and made under this instruction.
fn certificate(ground: Ground, sub: &SubProcessor, file: &str, found: &mut Found) {
    let reason =
        |code| Reason::new(code).by(Responsible::SubProcessor).with("subprocessor", &sub.id).with("file", file);
    let Some(facts) = ground.evidence.certificates.get(file) else {
        return found.against(reason(Code::CertificateAbsent));
    };
    match &facts.standing {
        Standing::Absent => return found.against(reason(Code::CertificateAbsent)),
        Standing::NotAuthentic(why) => return found.against(reason(Code::CertificateNotAuthentic).with("why", why)),
        Standing::Untrusted(signer) => found.against(reason(Code::CertificateUntrusted).with("signer", signer)),
        Standing::Trusted(_) => {
            found.prove(Proof { kind: ProofKind::Certificate, name: file.into(), digest: Some(facts.digest.clone()) })
        }
    }
    if facts.status != CaseStatus::Complete {
        found.against(reason(Code::CertificateIncomplete));
    }
    if facts.profile != Profile::ContractEnd {
        found.against(reason(Code::CertificateOtherProfile));
    }
    let bare = |number: &str| number.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    if bare(&facts.number).is_empty() || bare(&facts.number) != bare(&sub.party.number) {
        found.against(reason(Code::CertificateOtherParty).with("number", &facts.number));
    }
    if !names_our_instruction(ground, sub, facts) {
        found.against(reason(Code::CertificateOtherInstruction));
    }
    if sub.forwarded.as_ref().is_some_and(|sent| facts.date < sent.date) {
        let old = Reason::new(Code::DeclarationTooOld).by(Responsible::SubProcessor);
        found.against(old.with("subprocessor", &sub.id).with("date", facts.date));
    }
}

/// The instruction that it was made under is the controller's, or the notice as it was passed on, byte for byte.
fn names_our_instruction(ground: Ground, sub: &SubProcessor, facts: &CertificateFacts) -> bool {
    let ours = [
        ground.case.instruction.as_ref().map(|i| &i.document.file),
        sub.forwarded.as_ref().map(|sent| &sent.document.file),
    ];
    let digests = ours.into_iter().flatten().filter_map(|file| ground.evidence.documents.get(file));
    facts.instruction.is_some() && digests.into_iter().any(|digest| facts.instruction.as_ref() == Some(digest))
}

/// 12-h.
pub(super) fn row(ground: Ground, subs: &[SubVerdict]) -> Entry {
    let declared = ground.case.inventory.as_ref().filter(|declared| declared.no_subprocessors);
    let mut found = Found::default();
    match (declared, subs.is_empty()) {
        (Some(declared), true) => {
            found.document(ground, "inventory", &declared.document, Responsible::Processor);
            found.person("inventory", &declared.by, Responsible::Processor);
            if found.finding() == Finding::Fulfilled {
                return Entry { evidence: found.proofs, ..not_applicable(RowId::SubProcessors) };
            }
        }
        (None, true) => found.against(Reason::new(Code::SubProcessorsNotStated)),
        (Some(_), false) => found.against(Reason::new(Code::SubProcessorsDenied)),
        (None, false) => {}
    }
    for verdict in subs {
        verdict.evidence.iter().for_each(|proof| found.prove(proof.clone()));
        if verdict.result != Finding::Fulfilled {
            let open = Reason::new(Code::SubProcessorOpen).with("subprocessor", &verdict.subprocessor);
            found.against(open.with("grade", grade_name(verdict.grade)));
        }
    }
    entry(RowId::SubProcessors, found)
}

fn grade_name(grade: Grade) -> &'static str {
    match grade {
        Grade::VerifiedCertificate => "verified-certificate",
        Grade::SignedDeclaration => "signed-declaration",
        Grade::OwnStatement => "own-statement",
        Grade::Missing => "missing",
    }
}
