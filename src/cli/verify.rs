//! `verify`: read a medium again and hold it against its record.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::VerifyArgs;
use super::certificate::own_fingerprints;
use super::context::Context;
use super::human::{duration, exact_bytes};
use super::out::clean;
use super::progress::{self, Front};
use super::signals::Signals;
use super::values::{Seed, seed_bytes};
use crate::certificate::{self, Trust};
use crate::device::{Inventory, Roots};
use crate::document::{self, Record};
use crate::job::{self, Stop, Verified};
use crate::media::VerifyKind;
use crate::problem::{ExitCode, Kind, Problem};

/// More than any record; a longer file is none.
const LONGEST_RECORD: u64 = 64 << 20;

/// `verify`.
pub fn verify(context: &Context, args: &VerifyArgs) -> Result<ExitCode, Problem> {
    let signals = Signals::watch(&context.out, context.json)?;
    let record = read_record(&args.record)?;
    let signature = record_signature(context, &args.record)?;
    agrees_with_itself(&args.record, &record)?;
    if record.files.is_some() && (args.verify == Some(VerifyKind::Sampled) || args.seed.is_some()) {
        return Err(Problem::new(
            Kind::Usage,
            "a record of files is read again in full, by its list of files",
            "Leave --verify and --seed out.",
        ));
    }
    let kind = args.verify.unwrap_or(record.verification.kind);
    if kind != VerifyKind::Sampled && args.seed.is_some() {
        return Err(Problem::new(
            Kind::Usage,
            "--seed draws a sample, and the whole medium is to be read",
            "Leave --seed out, or add --verify sampled.",
        ));
    }
    let seed = match args.seed {
        None | Some(Seed::New) => None,
        Some(Seed::Given(seed)) => Some(seed),
        Some(Seed::Recorded) => Some(recorded_seed(&args.record, &record)?),
    };
    let inventory = Inventory::read(Roots::default())?;
    let name = args.target.display().to_string();
    let front = Front::new(context, vec![name]);
    let stop = Stop::new();
    signals.running(&stop, front.say(), "nothing is changed, and it can be run again");
    let observer = front.target(0);
    let found = match record.files {
        Some(_) => job::verify_files(&inventory, &args.target, &record, &args.record, &observer, &stop),
        None => job::verify_again(&inventory, &args.target, &record, args.verify, seed, &observer, &stop),
    };
    front.close();
    let found = match found {
        Ok(found) => found,
        Err(problem) => {
            let code = context.problem(&problem, Some(front.name(0)));
            if context.json {
                context.out.json(&progress::finished(code, &[]));
            }
            return Ok(code);
        }
    };
    show(context, &record, signature, front.name(0), &found);
    Ok(found.exit_code)
}

/// Reads and parses a record.
pub fn read_record(path: &Path) -> Result<Record, Problem> {
    let unreadable = |error: std::io::Error| {
        Problem::error(
            format!("the record {} can't be read: {error}", path.display()),
            "Give the <id>.json that `wipe` wrote.",
        )
    };
    let mut bytes = Vec::new();
    File::open(path).and_then(|f| f.take(LONGEST_RECORD).read_to_end(&mut bytes)).map_err(unreadable)?;
    document::parse(&bytes).map_err(|error| {
        // The list of all names that there are would drown the one that is off.
        let error = error.to_string();
        let why = error.split(", expected").next().unwrap_or_default();
        let todo = match path.extension() {
            Some(extension) if extension == "p7s" => "That is the signature: give the <id>.json that it lies beside.",
            _ => "Give the <id>.json that `wipe` wrote, unchanged.",
        };
        Problem::not_authentic(format!("{} is not a sanitization record: {why}", path.display()), todo)
    })
}

/// What the signature beside the record says of it. One that does not hold ends the command.
fn record_signature(context: &Context, path: &Path) -> Result<&'static str, Problem> {
    let mut signature = path.as_os_str().to_os_string();
    signature.push(".p7s");
    if !PathBuf::from(&signature).exists() {
        return Ok("missing: what the record says is taken as it stands");
    }
    let trust = Trust { own_keys: own_fingerprints(context), ..Trust::default() };
    match certificate::check(path, &trust, &[])?.exit_code {
        ExitCode::Success => Ok("holds, by this installation's own key"),
        ExitCode::Untrusted => Ok("holds; whose key it is, `radera certificate check --trust` tells"),
        _ => Err(Problem::not_authentic(
            format!("the record {} does not check out", path.display()),
            format!("See `radera certificate check {}`.", path.display()),
        )),
    }
}

/// A record without a signature is nobody's word, but it must at least be one that `wipe` can write.
fn agrees_with_itself(path: &Path, record: &Record) -> Result<(), Problem> {
    let known = (record.schema.as_str(), record.kind.as_str()) == (Record::SCHEMA, Record::KIND);
    let why = match known {
        true => certificate::contradiction(record).map(|why| format!("contradicts itself: {why}")),
        false => Some(format!("is of the schema {:?}, which this version does not know", record.schema)),
    };
    why.map_or(Ok(()), |why| {
        Err(Problem::not_authentic(
            format!("the record {} {why}", path.display()),
            "Give the <id>.json that `wipe` wrote, unchanged.",
        ))
    })
}

fn recorded_seed(path: &Path, record: &Record) -> Result<[u8; 16], Problem> {
    record.verification.seed.as_deref().and_then(seed_bytes).ok_or_else(|| {
        let kind = record.verification.kind.name();
        Problem::error(
            format!("the record {} has no seed: its verification was {kind}", path.display()),
            "Leave --seed out, or give --seed new.",
        )
    })
}

fn show(context: &Context, record: &Record, signature: &str, target: &str, found: &Verified) {
    let evidence = &found.evidence;
    if context.json {
        context.out.json(&json!({
            "event": "finished",
            "exit_code": found.exit_code as u8,
            "records": [],
            "job": record.job,
            "record_signature": signature,
            "target": target,
            "verification": evidence,
            "bad": found.bad,
            "statement": found.statement,
        }));
        return;
    }
    let (path, time) = (clean(target), duration(evidence.milliseconds));
    context.out.line(&format!(
        "{path}: {} of {} read in {time}; blocks that differ: {}, unreadable: {}",
        exact_bytes(evidence.bytes_read),
        exact_bytes(evidence.bytes_planned),
        evidence.mismatches,
        evidence.unreadable
    ));
    if let Some(seed) = &evidence.seed {
        context.out.line(&format!("  seed: {}", clean(seed)));
    }
    context.out.line(&format!("  {}", clean(&found.statement)));
    context.out.line(&format!("  the record's signature: {signature}"));
}
