//! `case add`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::args::AddArgs;
use crate::case::{ASSET_LIST_LIMIT, Added, AssetList, Change, Column, Edit, Listed, Thing};
use crate::cli::context::Context;
use crate::problem::{ExitCode, Kind, Problem};

/// `case add`: all that was named, or nothing.
pub fn add(context: &Context, args: &AddArgs) -> Result<ExitCode, Problem> {
    if args.record.is_empty() && args.certificate.is_none() && args.receipt.is_none() && args.assets.is_none() {
        return Err(usage("there is nothing to add", "Give --record, --certificate, --receipt or --assets."));
    }
    if args.subprocessor.is_some() && args.certificate.is_none() {
        return Err(usage("--subprocessor without --certificate", "Give the certificate with --certificate CERT."));
    }
    let today = jiff::Timestamp::now().to_zoned(TimeZone::UTC).date();
    let date = args.date.as_deref().map_or(Ok(today), day)?;
    let listed = Listed { kind: word("--kind", &args.kind)?, media: word("--media", &args.media)?, today };
    let columns = args.column.iter().map(|text| text.parse::<Column>()).collect::<Result<Vec<_>, _>>();
    let columns = columns.map_err(|why| usage(&format!("--column: {why}"), "Write it as --column serial=NAME."))?;

    let mut edit = Edit::open(&args.file)?;
    // The list first: records may be of its items.
    if let Some(path) = &args.assets {
        edit.assets(&AssetList::parse(&list(path)?, &path.display().to_string(), &columns)?, listed)?;
    }
    edit.records(&args.record, args.item.as_deref())?;
    if let (Some(file), Some(subprocessor)) = (&args.certificate, &args.subprocessor) {
        edit.certificate(file, subprocessor)?;
    }
    if let (Some(file), Some(what)) = (&args.receipt, &args.what) {
        edit.receipt(file, what, &args.source, date)?;
    }
    for added in edit.finish()? {
        tell(context, &added);
    }
    Ok(ExitCode::Success)
}

fn usage(what: &str, todo: &str) -> Problem {
    Problem::new(Kind::Usage, what, todo)
}

fn day(text: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| usage(&format!("--date: {text:?} is no day"), "Write it as 2026-11-30."))
}

/// A word of the case file, as `--kind` and `--media` take them.
fn word<T: DeserializeOwned>(option: &str, text: &str) -> Result<T, Problem> {
    serde_json::from_value(Value::String(text.into())).map_err(|e| {
        let known = e.to_string();
        let known = known.rsplit("expected one of ").next().unwrap_or_default().replace('`', "");
        usage(&format!("{option}: {text:?} is no word of a case file"), &format!("Write one of: {known}."))
    })
}

fn list(path: &Path) -> Result<Vec<u8>, Problem> {
    let cant = |e: std::io::Error| {
        Problem::error(format!("can't read the list {}: {e}", path.display()), "Name a CSV file that you may read.")
    };
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(ASSET_LIST_LIMIT + 1).read_to_end(&mut bytes)).map_err(cant)?;
    Ok(bytes)
}

fn tell(context: &Context, added: &Added) {
    if context.json {
        let Added { thing, name, result, to, notes } = added;
        return context.out.json(&json!({"thing": thing, "name": name, "result": result, "to": to, "notes": notes}));
    }
    context.out.line(&sentence(added));
    for note in &added.notes {
        context.out.line(&format!("  {note}"));
    }
}

fn sentence(added: &Added) -> String {
    let (name, to) = (&added.name, added.to.as_deref().unwrap_or("unlisted"));
    let (thing, of) = match added.thing {
        Thing::Record => ("record", "item"),
        Thing::Certificate => ("certificate", "sub-processor"),
        Thing::Receipt => ("receipt", "return"),
        Thing::Asset => ("line", "item"),
    };
    match added.result {
        Change::Added => format!("added:   {thing} {name}, {of} {to}"),
        Change::Unlisted => format!("added:   {thing} {name}, unlisted"),
        Change::AlreadyThere if added.to.is_none() => format!("skipped: {thing} {name} is there already, unlisted"),
        Change::AlreadyThere => format!("skipped: {thing} {name} is there already, {of} {to}"),
    }
}
