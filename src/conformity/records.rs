//! Which record decides on an item, and whether it may.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::evidence::{Evidence, RecordEnd, RecordFacts, Standing};
use super::found::{Found, Ground};
use super::item::Item;
use super::reason::{Code, Reason};
use super::verdict::{Proof, ProofKind};
use super::{Accepted, Case, Level, MediaType};

/// The day of a moment, in UTC.
pub(super) fn day(moment: jiff::Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// Among the records that the item names the one that ended last. Only authentic ones say when that was.
pub(super) fn deciding<'a>(item: &'a Item, evidence: &'a Evidence) -> Option<(&'a str, &'a RecordFacts)> {
    let erased = item.erased.as_ref()?;
    let named = erased.records.iter().filter_map(|file| Some((file.as_str(), evidence.records.get(file)?)));
    named.filter(|(_, facts)| authentic(facts)).max_by_key(|(_, facts)| (facts.finished, facts.started))
}

fn authentic(facts: &RecordFacts) -> bool {
    matches!(facts.standing, Standing::Trusted(_) | Standing::Untrusted(_))
}

/// Holds every record that the item names against it; the level that the deciding one shows.
pub(super) fn judge(ground: Ground, item: &Item, needs: Level, found: &mut Found) -> Level {
    let reason = |code| Reason::new(code).with("item", &item.id);
    let named = item.erased.iter().flat_map(|erased| &erased.records);
    let mut any = false;
    for file in named {
        any = true;
        named_record(ground, item, file, found);
    }
    let Some((file, facts)) = deciding(item, ground.evidence) else {
        if !any {
            found.against(reason(Code::NoRecord));
        }
        return Level::None;
    };
    match facts.end {
        RecordEnd::Sanitized => {}
        RecordEnd::WithExceptions => {
            found.accepted(ground, Accepted::Exceptions, &item.id, reason(Code::RecordExceptions).with("file", file));
        }
        RecordEnd::Other => found.against(reason(Code::RecordNotSanitized).with("file", file)),
    }
    if facts.of_files {
        found.against(reason(Code::RecordOfFiles).with("file", file));
    } else if !facts.whole_medium {
        found.against(reason(Code::RecordOfPart).with("file", file));
    }
    if facts.flash == Some(true) && matches!(item.media, MediaType::MagneticDisk | MediaType::Tape) {
        found.against(reason(Code::MediaDiffers).with("media", MediaType::Flash.name()));
    }
    replaced(ground, item, file, facts, found);
    in_use(item, file, facts, found);
    let begun = facts.started;
    super::items::in_order(ground, item, day(begun), found);
    if day(facts.finished) > ground.today {
        found.against(reason(Code::DateAhead).with("date", day(facts.finished)));
    }
    // With exceptions nothing is claimed of the whole: whether that is enough is what was accepted or not, and the method still counts.
    let reached = if facts.end == RecordEnd::WithExceptions { facts.method } else { facts.level };
    if reached < needs {
        let low = reason(Code::LevelTooLow).with("reached", reached.name()).with("needs", needs.name());
        found.accepted(ground, Accepted::Level, &item.id, low);
    }
    facts.level
}

/// Each record that an item names: it holds, its signer counts, it is of this case and of this medium.
fn named_record(ground: Ground, item: &Item, file: &str, found: &mut Found) {
    let reason = |code| Reason::new(code).with("item", &item.id).with("file", file);
    let Some(facts) = ground.evidence.records.get(file) else {
        return found.against(reason(Code::RecordAbsent));
    };
    match &facts.standing {
        Standing::Absent => return found.against(reason(Code::RecordAbsent)),
        Standing::NotAuthentic(why) => return found.against(reason(Code::RecordNotAuthentic).with("why", why)),
        Standing::Untrusted(signer) => found.against(reason(Code::RecordUntrusted).with("signer", signer)),
        Standing::Trusted(_) => found.prove(proof(file, facts)),
    }
    if facts.case.as_deref() != Some(ground.case.id.as_str()) {
        found.against(reason(Code::RecordForeign).with("case", facts.case.as_deref().unwrap_or("-")));
    }
    match identity(item, facts) {
        Tie::Same => {}
        Tie::Other(shown) => found.against(reason(Code::RecordOtherMedium).with("serial", shown)),
        Tie::Nothing => found.against(reason(Code::RecordUnidentified)),
    }
    if let Some(other) = used_by_another(ground.case, ground.evidence, item, file, facts) {
        found.against(reason(Code::RecordUsedTwice).with("other", other));
    }
}

pub(super) fn proof(file: &str, facts: &RecordFacts) -> Proof {
    Proof { kind: ProofKind::Record, name: file.into(), digest: Some(facts.digest.clone()) }
}

/// What ties a record to an item.
enum Tie {
    Same,
    Other(String),
    Nothing,
}

/// Serial number and property number: one that is on both sides must be the same, and at least one must be.
fn identity(item: &Item, facts: &RecordFacts) -> Tie {
    let pairs = [(&item.serial, &facts.serial), (&item.asset, &facts.property)];
    let mut tied = false;
    for (own, theirs) in pairs {
        let (own, theirs) = (own.as_deref().map(str::trim), theirs.as_deref().map(str::trim));
        match (own.filter(|t| !t.is_empty()), theirs.filter(|t| !t.is_empty())) {
            (Some(own), Some(theirs)) if own == theirs => tied = true,
            (Some(_), Some(theirs)) => return Tie::Other(theirs.into()),
            _ => {}
        }
    }
    if tied { Tie::Same } else { Tie::Nothing }
}

/// Another item that names a record of the same job.
fn used_by_another<'a>(
    case: &'a Case,
    evidence: &Evidence,
    item: &Item,
    file: &str,
    facts: &RecordFacts,
) -> Option<&'a str> {
    let same = |name: &String| {
        name == file || evidence.records.get(name).is_some_and(|other| authentic(other) && other.job == facts.job)
    };
    let others = case.items.iter().filter(|other| !std::ptr::eq(*other, item));
    others.filter(|o| o.erased.iter().any(|e| e.records.iter().any(same))).map(|other| other.id.as_str()).next()
}

/// A later record of the same medium or job, wherever it stands, that is not the deciding one.
fn replaced(ground: Ground, item: &Item, file: &str, facts: &RecordFacts, found: &mut Found) {
    let later = ground.evidence.records.iter().any(|(name, other)| {
        // A medium without a serial number is known by its property number alone.
        let same_medium = match &facts.serial {
            Some(_) => other.serial == facts.serial,
            None => facts.property.is_some() && other.serial.is_none() && other.property == facts.property,
        };
        let after = other.finished > facts.finished || other.supersedes.as_ref() == Some(&facts.digest);
        name != file
            && other.digest != facts.digest
            && authentic(other)
            && after
            && (same_medium || other.job == facts.job)
    });
    if later {
        found.against(Reason::new(Code::RecordReplaced).with("item", &item.id).with("file", file));
    }
}

/// The erasure began after the medium was last used.
fn in_use(item: &Item, file: &str, facts: &RecordFacts, found: &mut Found) {
    let reason = |code| Reason::new(code).with("item", &item.id);
    let over = item.last_used.and_then(super::moment::Moment::over);
    match (item.last_used, over) {
        (Some(last), Some(over)) if facts.started < over => {
            found.against(reason(Code::RecordTooOld).with("file", file).with("date", last));
        }
        (_, Some(_)) => {}
        _ => found.against(reason(Code::LastUseUnknown)),
    }
}
