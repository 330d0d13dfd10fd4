//! From a journal to the record of one of its sessions.

use jiff::Timestamp;

use super::Station;
use crate::document::{
    self, Exception, MediumEntry, PassEntry, Record, ScopeEntry, Session, VerificationEntry, sort_exceptions,
};
use crate::journal::{JobState, SessionState, StoredPlan};
use crate::media::{Identity, VerifyKind};
use crate::outcome::{self, End, Evidence, PassEvidence, Status, Verdict};
use crate::pattern::{Pattern, Scheme};
use crate::problem::Problem;

/// Now, RFC 3339, UTC, seconds.
pub(super) fn now() -> String {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// Now, or `earlier` where the clock was set back: dates of a job never run backwards.
pub(super) fn now_after(earlier: Option<&str>) -> String {
    let now = now();
    match earlier {
        Some(earlier) if *earlier > *now => earlier.to_string(),
        _ => now,
    }
}

/// The latest date that a job knows of.
pub(super) fn latest(state: &JobState) -> Option<&str> {
    let dates =
        state.sessions.iter().flat_map(|s| [Some(s.started.as_str()), s.concluded.as_ref().map(|(f, _)| f.as_str())]);
    dates.flatten().max()
}

/// The record of session `index`, which has ended.
pub(super) fn build(station: &Station, state: &JobState, index: usize) -> Result<Record, Problem> {
    let missing =
        || Problem::failed(format!("the job {} has no session that ended", state.job), "Report this as a bug.");
    let session = state.sessions.get(index).ok_or_else(missing)?;
    let (finished, evidence) = session.concluded.as_ref().ok_or_else(missing)?;
    let first = state.sessions.first().ok_or_else(missing)?;
    let before = index.checked_sub(1).and_then(|before| state.sessions.get(before));
    let verdict = Verdict::of(evidence);
    let plan = &state.plan;
    Ok(Record {
        schema: Record::SCHEMA.into(),
        id: session.record.clone(),
        job: state.job.clone(),
        case: plan.case.as_ref().map(|case| case.id.clone()),
        supersedes: before.and_then(|s| s.issued.as_ref()).map(|(digest, _)| digest.clone()),
        kind: Record::KIND.into(),
        status: verdict.status,
        claim: verdict.claim,
        statement: verdict.statement,
        tool: station.tool(),
        signer: station.press.entry(),
        medium: medium(plan, &session.identity),
        scope: ScopeEntry {
            kind: evidence.scope.kind,
            path: session.identity.path.clone(),
            first_byte: evidence.scope.first_byte,
            bytes: evidence.scope.bytes,
        },
        method: evidence.method,
        technique: evidence.technique,
        scheme: plan.scheme.clone(),
        wants_complement: evidence.wants_complement,
        passes_planned: evidence.passes_planned,
        passes: evidence.passes.iter().map(pass).collect(),
        command: evidence.command.clone(),
        files: document::files_entry(evidence),
        residue: document::residue_entries(evidence),
        standards: outcome::standards(evidence, plan.scheme.as_deref().and_then(Scheme::named)),
        verification: verification(evidence, verdict.status),
        hidden_areas: evidence.hidden_areas,
        health: evidence.health,
        exceptions: sorted(&evidence.bad),
        exceptions_left_out: evidence.bad_left_out,
        sessions: state.sessions[..=index].iter().map(|session| session_entry(session, plan.erase.is_none())).collect(),
        operator: plan.operator.clone(),
        instruction: plan.instruction.clone(),
        property: plan.property.clone(),
        validation: Record::VALIDATION.into(),
        started: first.started.clone(),
        finished: finished.clone(),
    })
}

fn sorted(bad: &[Exception]) -> Vec<Exception> {
    let mut exceptions = bad.to_vec();
    sort_exceptions(&mut exceptions);
    exceptions
}

fn medium(plan: &StoredPlan, identity: &Identity) -> MediumEntry {
    let medium = &plan.medium;
    let (path, size_bytes) = match &medium.partition_of {
        Some(disk) => (disk.path.clone(), disk.disk_bytes),
        None => (identity.path.clone(), identity.size_bytes),
    };
    MediumEntry {
        path,
        bus: word(&medium.bus),
        vendor: identity.vendor.clone(),
        model: identity.model.clone(),
        firmware: identity.firmware.clone(),
        serial: identity.serial.as_ref().map(|s| s.value.clone()),
        serial_source: identity.serial.as_ref().map(|s| s.source.name().to_string()),
        wwn: identity.wwn.clone(),
        size_bytes,
        logical_block_bytes: identity.logical_block_bytes,
        physical_block_bytes: identity.physical_block_bytes,
        rotation: word(&medium.rotation),
        removable: medium.removable,
        disk_sequence: identity.disk_sequence.map(|n| n.to_string()),
        layers: medium.layers.clone(),
    }
}

/// The name that serde gives a unit variant.
fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "unknown".into(),
    }
}

fn pass(pass: &PassEvidence) -> PassEntry {
    let (bytes_hex, stream, inverted) = match &pass.pattern {
        Pattern::Fixed { bytes } => (Some(super::draw::hex(bytes)), None, false),
        Pattern::Stream { spec, inverted } => (None, Some(spec.clone()), *inverted),
    };
    PassEntry {
        number: pass.number,
        pattern: pass.pattern.name(),
        bytes_hex,
        stream,
        inverted,
        bytes_written: pass.bytes_written,
        milliseconds: pass.milliseconds,
        complete: pass.complete,
    }
}

fn verification(evidence: &Evidence, status: Status) -> VerificationEntry {
    let asked = evidence.verification_asked;
    let found = evidence.verification.as_ref();
    VerificationEntry {
        asked,
        kind: found.map_or(VerifyKind::None, |v| v.kind),
        status: outcome::readback_status(found, status == Status::SanitizedWithExceptions).to_string(),
        bytes_planned: found.map_or(0, |v| v.bytes_planned),
        bytes_read: found.map_or(0, |v| v.bytes_read),
        mismatches: found.map_or(0, |v| v.mismatches),
        unreadable: found.map_or(0, |v| v.unreadable),
        seed: found.and_then(|v| v.seed.clone()),
        cells: found.and_then(|v| v.cells).map(|(total, _)| total),
        cells_read: found.and_then(|v| v.cells).map(|(_, read)| read),
        milliseconds: found.map_or(0, |v| v.milliseconds),
        statement: outcome::statement_of_readback(evidence),
    }
}

fn session_entry(session: &SessionState, overwrites: bool) -> Session {
    let (finished, end, detail) = match &session.concluded {
        None => (None, "killed", String::new()),
        Some((finished, evidence)) => match &evidence.end {
            End::Completed => (Some(finished.clone()), "completed", String::new()),
            End::Interrupted { cause } if cause == KILLED => (None, "killed", cause.clone()),
            End::Interrupted { cause } => (Some(finished.clone()), "interrupted", cause.clone()),
            End::Lost { detail } => (Some(finished.clone()), "lost", detail.clone()),
            End::GaveUp { detail } => (Some(finished.clone()), "gave-up", detail.clone()),
        },
    };
    Session {
        started: session.started.clone(),
        finished,
        end: end.into(),
        detail,
        from_pass: overwrites.then_some(session.from_pass),
        from_byte: overwrites.then_some(session.from_byte),
        engine: session.engine.clone(),
    }
}

/// The cause that stands for a session which left no word of its end.
pub(super) const KILLED: &str = "killed, or power lost: a later session found its journal open";
