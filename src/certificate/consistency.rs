//! Whether a record agrees with itself: each rule looks at one thing that a signed record could still be wrong about.

use serde_json::Value;

use super::{command, exceptions, files};
use crate::document::{PassEntry, Record, evidence, is_digest, is_id};
use crate::media::{Bus, HiddenAreas, Medium, Rotation, TechniqueId, VerifyKind};
use crate::outcome::{self, Readback, SamplingPlan, ScopeKind, Status, Trouble, Verdict};
use crate::pattern::{Pattern, Scheme, SchemePass};

/// The first integer that JSON readers may not keep exactly.
const INTEGER_LIMIT: u64 = 1 << 53;

type Rule = fn(&Record) -> Result<(), String>;

/// The rules, in order. `verdict` and `words` are last: they stand on the others.
const RULES: &[Rule] = &[
    names,
    medium,
    scope,
    hidden_areas,
    complement,
    command::command,
    files::files,
    passes,
    scheme,
    exceptions::exceptions,
    exceptions::counts,
    exceptions::written,
    verification,
    sample,
    sessions,
    dates,
    supersedes,
    verdict,
    words,
];

/// The first thing in which `record` contradicts itself.
pub fn contradiction(record: &Record) -> Option<String> {
    let integers = serde_json::to_value(record).map_err(|e| e.to_string()).and_then(|value| integers(&value));
    integers.err().or_else(|| RULES.iter().find_map(|rule| rule(record).err()))
}

/// Integers only, below 2^53.
///
/// # Errors
/// The first number that is not.
pub fn integers(value: &Value) -> Result<(), String> {
    match value {
        Value::Number(n) => match n.as_u64() {
            Some(n) if n < INTEGER_LIMIT => Ok(()),
            _ => Err(format!("{n} is not an integer from 0 to 2^53 - 1")),
        },
        Value::Array(items) => items.iter().try_for_each(integers),
        Value::Object(members) => members.values().try_for_each(integers),
        _ => Ok(()),
    }
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn names(r: &Record) -> Result<(), String> {
    ensure(is_id(&r.id) && is_id(&r.job), "id or job is not 32 hexadecimal digits")?;
    ensure(is_digest(&r.signer.fingerprint), "the signer's fingerprint is no SHA-256 digest")?;
    ensure(r.tool.digest == "unknown" || is_digest(&r.tool.digest), "the tool's digest is no SHA-256 digest")?;
    ensure(r.tool.name == "radera" && !r.tool.version.is_empty(), "the tool is not named")?;
    ensure(r.validation == Record::VALIDATION, "validation is a person's decision and can't stand here")
}

fn word<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(Value::String(text.into())).ok()
}

fn medium(r: &Record) -> Result<(), String> {
    let m = &r.medium;
    let bus: Bus = word(&m.bus).ok_or("there is no such bus")?;
    word::<Rotation>(&m.rotation).ok_or("there is no such rotation")?;
    let block = m.logical_block_bytes;
    ensure(block >= 512 && block.is_power_of_two(), "the logical block size is no power of two from 512 on")?;
    ensure(m.serial.is_some() == m.serial_source.is_some(), "a serial number and its source stand only together")?;
    let layer_itself =
        matches!(bus, Bus::Loop | Bus::DeviceMapper | Bus::Md | Bus::Zram | Bus::Nbd | Bus::Virtio | Bus::File);
    ensure(!layer_itself || !m.layers.is_empty(), "a device of this kind has layers below it, and none is listed")
}

fn scope(r: &Record) -> Result<(), String> {
    let (s, size) = (&r.scope, r.medium.size_bytes);
    let of_files = matches!(s.kind, ScopeKind::Files | ScopeKind::FreeSpace);
    ensure(s.bytes > 0 || of_files, "the scope is empty")?;
    ensure(s.bytes % u64::from(r.medium.logical_block_bytes.max(1)) == 0, "the scope ends within a logical block")?;
    match s.kind {
        ScopeKind::WholeMedium | ScopeKind::Namespace | ScopeKind::PlainFile => {
            ensure(s.first_byte == 0 && s.bytes == size, "the scope is not the whole medium")?;
        }
        ScopeKind::Partition => ensure(
            s.first_byte.checked_add(s.bytes).is_some_and(|end| end <= size),
            "the partition lies outside the medium",
        )?,
        ScopeKind::Files | ScopeKind::FreeSpace => files::scope(r)?,
    }
    let bus = word::<Bus>(&r.medium.bus);
    // What an NVMe controller erases by itself reaches all of its namespaces, and they are listed.
    let one_of_several = bus == Some(Bus::Mmc) || (bus == Some(Bus::Nvme) && r.technique == TechniqueId::Overwrite);
    ensure(
        !one_of_several || s.kind != ScopeKind::WholeMedium,
        "other namespaces or areas of the medium were not examined, and can't be ruled out",
    )?;
    let file = word::<Bus>(&r.medium.bus) == Some(Bus::File);
    ensure(file == (s.kind == ScopeKind::PlainFile), "a plain file and a device are taken for each other")
}

fn hidden_areas(r: &Record) -> Result<(), String> {
    if !r.medium.layers.is_empty() {
        return ensure(
            r.hidden_areas == HiddenAreas::NONE,
            "a device with layers below it has no hidden areas of its own",
        );
    }
    // Only drives that speak NVMe or SCSI are known to have none.
    let may_lack = matches!(word::<Bus>(&r.medium.bus), Some(Bus::Nvme | Bus::Scsi | Bus::Usb));
    let asked = r.health.before.is_some();
    ensure(
        may_lack || asked || r.hidden_areas != HiddenAreas::NONE,
        "a medium of this kind can have hidden areas, and can't be said to have none",
    )
}

fn complement(r: &Record) -> Result<(), String> {
    let (Some(bus), Some(rotation)) = (word(&r.medium.bus), word(&r.medium.rotation)) else {
        return Err("bus or rotation is unknown".into());
    };
    let wanted = Medium::kind_wants_complement(bus, rotation, !r.medium.layers.is_empty());
    ensure(
        wanted == r.wants_complement,
        "whether a medium of this kind asks for a pattern and its complement is said wrong",
    )
}

fn passes(r: &Record) -> Result<(), String> {
    ensure(r.passes.len() <= r.passes_planned as usize, "more passes were begun than planned")?;
    for (index, pass) in r.passes.iter().enumerate() {
        ensure(pass.number as usize == index + 1, "the passes are not numbered from 1")?;
        pass.pattern()?;
        let followed = index + 1 < r.passes.len() || r.verification.kind != VerifyKind::None;
        ensure(pass.complete || !followed, "a phase began before the pass before it was complete")?;
        // Each random pass draws a key of its own; only a complement shares that of the pass before.
        let again = |other: &&PassEntry| other.stream.is_some() && other.stream == pass.stream;
        let shared = r.passes.iter().take(index).filter(again).count();
        let complement = index > 0 && pass.inverted && r.passes.get(index - 1).is_some_and(|before| again(&before));
        ensure(shared == usize::from(complement), "two passes wrote the same stream")?;
    }
    Ok(())
}

/// A named scheme writes its own passes, each of them.
fn scheme(r: &Record) -> Result<(), String> {
    if r.technique != TechniqueId::Overwrite {
        return Ok(());
    }
    let Some(name) = &r.scheme else {
        let plain = match r.wants_complement {
            true => r.passes_planned == 2 && complemented(r),
            false => r.passes_planned == 1,
        };
        return ensure(
            plain,
            "without a scheme it takes one pass, or a pass and its complement where that is asked for",
        );
    };
    let scheme = Scheme::named(name).ok_or_else(|| format!("this version does not know the scheme {name:?}"))?;
    let fits = |(pass, planned): (&PassEntry, &SchemePass)| match planned {
        SchemePass::Fixed(bytes) => pass.pattern() == Ok(Pattern::Fixed { bytes: bytes.to_vec() }),
        SchemePass::Random => pass.stream.is_some() && !pass.inverted,
    };
    let whole = r.passes_planned as usize == scheme.passes.len();
    ensure(whole && r.passes.iter().zip(scheme.passes).all(fits), "the passes are not those of the scheme")
}

/// The second pass, where it was begun, is the complement of the first.
fn complemented(r: &Record) -> bool {
    let patterns: Vec<_> = r.passes.iter().filter_map(|pass| pass.pattern().ok()).collect();
    patterns.windows(2).all(|pair| matches!(pair, [a, b] if a.complement() == *b))
}

fn verification(r: &Record) -> Result<(), String> {
    let v = &r.verification;
    ensure((v.status == "not-done") == (v.kind == VerifyKind::None), "verification was done and was not done")?;
    // Compared blocks lie on the drive's other devices as well.
    let within = v.bytes_planned <= r.scope.bytes || compares(r);
    ensure(v.bytes_read <= v.bytes_planned && within, "more was verified than there is")?;
    let seed = v.seed.as_deref();
    match v.kind {
        VerifyKind::Sampled => {
            ensure(seed.is_some_and(is_id), "a sampled verification can't be repeated without its seed")?;
            let cells = v.cells.zip(v.cells_read);
            ensure(cells.is_some_and(|(all, read)| read <= all), "a sampled verification does not count its cells")?;
        }
        VerifyKind::Full | VerifyKind::None => ensure(
            seed.is_none() && v.cells.is_none() && v.cells_read.is_none(),
            "only a sampled verification has a seed and cells",
        )?,
    }
    if v.kind == VerifyKind::None {
        let nothing = v.bytes_planned == 0 && v.bytes_read == 0 && v.mismatches == 0 && v.unreadable == 0;
        return ensure(nothing, "nothing was verified, and yet something was found");
    }
    ensure(r.passes.len() == r.passes_planned as usize, "verification began before every pass was done")?;
    let clean = v.mismatches == 0 && v.unreadable == 0;
    let fits = match v.status.as_str() {
        "passed" => clean && v.bytes_read == v.bytes_planned,
        // Mismatches fit here where writing failed too; whether it did, the verdict looks.
        "passed-with-exceptions" => !clean && (v.mismatches == 0 || listed(r, Trouble::WriteFailed)),
        "failed" => v.mismatches > 0,
        "incomplete" => true,
        _ => false,
    };
    ensure(fits, "the verification's status does not follow from what it found")
}

/// Whether blocks were held against what they held before, and not against what they should hold.
fn compares(r: &Record) -> bool {
    r.command.as_ref().is_some_and(|c| c.readback == Readback::Changed)
}

/// The sample is the one that its seed draws, and a scope read in full where a sample was asked for is too small for one.
fn sample(r: &Record) -> Result<(), String> {
    let v = &r.verification;
    let block = r.medium.logical_block_bytes;
    if compares(r) {
        let places = r.command.as_ref().and_then(|c| c.seed.as_ref());
        let ours = v.kind == VerifyKind::None || v.seed.as_ref() == places;
        return ensure(ours, "the blocks that were compared are not those that the command's seed draws");
    }
    if v.kind == VerifyKind::Full && v.asked == VerifyKind::Sampled {
        let small = SamplingPlan::new([0; 16], r.scope.bytes, block).is_none();
        return ensure(small, "a sample was asked for and possible, and something else is said to have been read");
    }
    let Some(seed) = v.seed.as_deref().filter(|_| v.kind == VerifyKind::Sampled) else { return Ok(()) };
    let seed = u128::from_str_radix(seed, 16).map_err(|_| "the seed is no number")?.to_be_bytes();
    let plan = SamplingPlan::new(seed, r.scope.bytes, block).ok_or("the scope is too small for a sample")?;
    let planned = (v.cells, v.bytes_planned) == (Some(plan.cells()), plan.bytes());
    ensure(planned, "the sample is not the one that its seed draws")?;
    // A reading that was given up may have read all and not looked at all of it.
    let whole = v.bytes_read == v.bytes_planned && r.sessions.last().is_some_and(|s| s.end == "completed");
    let read = v.cells_read.is_some_and(|read| read <= plan.cells_drawn() && (!whole || read == plan.cells_drawn()));
    ensure(read, "the cells that were read are not those that the bytes read make")
}

fn listed(r: &Record, kind: Trouble) -> bool {
    r.exceptions.iter().any(|e| e.kind == kind)
}

fn sessions(r: &Record) -> Result<(), String> {
    ensure(!r.sessions.is_empty(), "it has no session")?;
    for (index, s) in r.sessions.iter().enumerate() {
        let last = index + 1 == r.sessions.len();
        ensure(
            matches!(s.end.as_str(), "completed" | "interrupted" | "killed" | "lost" | "gave-up"),
            "a session ends in a way that there is not",
        )?;
        ensure(!matches!(s.end.as_str(), "completed" | "gave-up") || last, "a session follows one that ended the job")?;
        ensure(
            s.end != "completed" || (s.detail.is_empty() && s.engine.is_some()),
            "a session that completed the job says more than that, or not by which engine",
        )?;
        ensure(s.finished.is_none() == (s.end == "killed"), "a session has no end, or one that it can't know")?;
        let from = match (s.from_pass, s.from_byte) {
            (Some(pass), Some(byte)) => pass >= 1 && pass <= r.passes_planned && byte <= r.scope.bytes,
            (None, None) => r.technique != TechniqueId::Overwrite || r.files.is_some(),
            _ => false,
        };
        ensure(from, "a session begins at a place that there is not")?;
        let commanded = s.from_pass.is_none();
        let first = index > 0 || commanded || (s.from_pass, s.from_byte) == (Some(1), Some(0));
        ensure(first, "the first session did not begin at the first byte of the first pass")?;
        let engine = matches!(s.engine.as_deref(), None | Some("io_uring" | "sync"));
        ensure(engine, "a session names an engine that there is not")?;
    }
    Ok(())
}

/// RFC 3339, UTC, whole seconds, and in order.
fn dates(r: &Record) -> Result<(), String> {
    let mut before = date(&r.started)?;
    ensure(r.sessions.first().is_some_and(|s| s.started == r.started), "the first session did not start the job")?;
    for s in &r.sessions {
        for at in [Some(&s.started), s.finished.as_ref()].into_iter().flatten() {
            let at = date(at)?;
            ensure(before <= at, "the sessions are not in order of time")?;
            before = at;
        }
    }
    ensure(before <= date(&r.finished)?, "it finished before its sessions did")?;
    let last = r.sessions.last().and_then(|s| s.finished.as_ref());
    ensure(last.is_none_or(|at| *at == r.finished), "the last session did not finish when the record did")
}

/// Seconds since 1970 of a date as records write it.
///
/// # Errors
/// Another form.
pub fn date(text: &str) -> Result<i64, String> {
    let parsed: Option<jiff::Timestamp> = text.parse().ok();
    parsed
        .filter(|at| at.to_string() == text && at.subsec_nanosecond() == 0)
        .map(jiff::Timestamp::as_second)
        .ok_or_else(|| format!("{text:?} is no date in RFC 3339, UTC, whole seconds"))
}

/// The first session's record replaces none; each later one names the one it replaces.
fn supersedes(r: &Record) -> Result<(), String> {
    match &r.supersedes {
        Some(digest) => {
            ensure(is_digest(digest), "the record that it replaces is not named by a SHA-256 digest")?;
            ensure(r.sessions.len() > 1, "it replaces a record, and no session went before")
        }
        None => ensure(r.sessions.len() == 1, "a session went before, and this record does not name that one's"),
    }
}

/// Status and claim follow from the evidence.
fn verdict(r: &Record) -> Result<(), String> {
    let evidence = evidence(r)?;
    let found = Verdict::of(&evidence);
    let differs = |what: &str, said: &str, follows: &str| {
        Err(format!("its {what} is {said:?}, and from what it found follows {follows:?}: {}", found.statement))
    };
    if found.status != r.status {
        return differs("status", r.status.name(), found.status.name());
    }
    if found.claim != r.claim {
        return differs("claim", r.claim.name(), found.claim.name());
    }
    let explained = r.status == Status::SanitizedWithExceptions;
    let readback = outcome::readback_status(evidence.verification.as_ref(), explained);
    ensure(
        r.verification.status == readback,
        "the verification's status does not follow from what it found and how it ended",
    )
}

/// Whether the record's sentences can be derived again: another version may have said the same in other words.
pub fn speaks_as_we_do(r: &Record) -> bool {
    r.tool.version == env!("CARGO_PKG_VERSION")
}

/// Sentences are those that this version writes.
fn words(r: &Record) -> Result<(), String> {
    if !speaks_as_we_do(r) {
        return Ok(());
    }
    let found = evidence(r)?;
    let says = |what: &str, said: &str, follows: &str| {
        let why = || format!("its {what} is {said:?}, and from what it found follows {follows:?}");
        if said == follows { Ok(()) } else { Err(why()) }
    };
    says("statement", &r.statement, &Verdict::of(&found).statement)?;
    files::words(r)?;
    let readback = outcome::statement_of_readback(&found);
    says("verification's statement", &r.verification.statement, &readback)?;
    let standards = outcome::standards(&found, r.scheme.as_deref().and_then(Scheme::named));
    let quoted = |list: &[String]| list.iter().map(|s| format!("{s:?}")).collect::<Vec<_>>().join(", ");
    says("list of standards", &quoted(&r.standards), &quoted(&standards))
}
