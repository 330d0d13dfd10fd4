//! Faults as words, for the arguments of a guest program and the rows of a table: `fails-at:50:sectors-remain`.

use super::{Fault, HostileIdentify, Refusal, SenseLayout};
use std::fmt;
use std::str::FromStr;

const REFUSALS: [(&str, Refusal); 3] =
    [("abort", Refusal::Abort), ("opcode", Refusal::InvalidOpcode), ("field", Refusal::InvalidField)];
const LAYOUTS: [(&str, SenseLayout); 6] = [
    ("descriptor", SenseLayout::Descriptor),
    ("fixed-8", SenseLayout::FixedFromEight),
    ("fixed-3", SenseLayout::FixedFromThree),
    ("fixed-bare", SenseLayout::FixedBare),
    ("nothing", SenseLayout::Nothing),
    ("count-zeroed", SenseLayout::CountZeroed),
];
const IDENTITIES: [(&str, HostileIdentify); 4] = [
    ("ones", HostileIdentify::AllOnes),
    ("zeros", HostileIdentify::AllZeros),
    ("checksum", HostileIdentify::BadChecksum),
    ("capacity", HostileIdentify::AbsurdCapacity),
];
/// Faults without more to say.
const PLAIN: [(&str, Fault); 12] = [
    ("stale-success", Fault::StaleSuccess),
    ("lies", Fault::Lies),
    ("skips-hidden", Fault::SkipsHidden),
    ("skips-spare", Fault::SkipsSpare),
    ("skips-remapped", Fault::SkipsRemapped),
    ("skips-other-namespaces", Fault::SkipsOtherNamespaces),
    ("frozen", Fault::Frozen),
    ("locked", Fault::Locked),
    ("instant-success", Fault::InstantSuccess),
    ("deallocated-despite", Fault::DeallocatedDespite),
    ("hidden-unreachable", Fault::HiddenUnreachable),
    ("plaintext-before", Fault::PlaintextBefore),
];

fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
}

fn name<T: PartialEq>(table: &[(&'static str, T)], value: &T) -> &'static str {
    table.iter().find(|(_, other)| other == value).map_or("?", |(name, _)| name)
}

fn parse(words: &str) -> Option<Fault> {
    let mut parts = words.split(':');
    let kind = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    let number = |at: usize| -> Option<u64> { rest.get(at)?.parse().ok() };
    let percent = || number(0).and_then(|value| u8::try_from(value).ok()).filter(|percent| *percent <= 100);
    let fault = match (kind, rest.as_slice()) {
        ("fails-at", [_]) => Fault::FailsAt { percent: percent()?, sectors_remain: false },
        ("fails-at", [_, "sectors-remain"]) => Fault::FailsAt { percent: percent()?, sectors_remain: true },
        ("stalls-at", [_]) => Fault::StallsAt { percent: percent()?, seconds: None },
        ("stalls-at", [_, _]) => Fault::StallsAt { percent: percent()?, seconds: Some(number(1)?) },
        ("late-report", [_]) => Fault::LateReport { seconds: number(0)? },
        ("skips-sectors", [_, _]) => Fault::SkipsSectors { first: number(0)?, count: number(1)? },
        ("refuses", [how]) => Fault::Refuses(named(&REFUSALS, how)?),
        ("cut-at-command", ["taken"]) => Fault::CutAtCommand { taken: true },
        ("cut-at-command", ["lost"]) => Fault::CutAtCommand { taken: false },
        ("cut-at-poll", [_]) => Fault::CutAtPoll(u32::try_from(number(0)?).ok()?),
        ("power-cut-at", [_]) => Fault::PowerCutAt { percent: percent()? },
        ("reset-at", [_]) => Fault::ResetAt { percent: percent()? },
        ("sense", [layout]) => Fault::Sense(named(&LAYOUTS, layout)?),
        ("identify", [how]) => Fault::Identify(named(&IDENTITIES, how)?),
        ("read-error", [_, _]) => Fault::ReadError { first: number(0)?, count: number(1)? },
        ("write-error", [_, _]) => Fault::WriteError { first: number(0)?, count: number(1)? },
        (_, []) => PLAIN.iter().find(|(other, _)| *other == kind).map(|(_, fault)| fault.clone())?,
        _ => return None,
    };
    Some(fault)
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        parse(words).ok_or_else(|| format!("{words:?} is no fault of a drive"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::FailsAt { percent, sectors_remain: false } => write!(out, "fails-at:{percent}"),
            Fault::FailsAt { percent, sectors_remain: true } => write!(out, "fails-at:{percent}:sectors-remain"),
            Fault::StallsAt { percent, seconds: None } => write!(out, "stalls-at:{percent}"),
            Fault::StallsAt { percent, seconds: Some(seconds) } => write!(out, "stalls-at:{percent}:{seconds}"),
            Fault::LateReport { seconds } => write!(out, "late-report:{seconds}"),
            Fault::SkipsSectors { first, count } => write!(out, "skips-sectors:{first}:{count}"),
            Fault::Refuses(how) => write!(out, "refuses:{}", name(&REFUSALS, how)),
            Fault::CutAtCommand { taken: true } => write!(out, "cut-at-command:taken"),
            Fault::CutAtCommand { taken: false } => write!(out, "cut-at-command:lost"),
            Fault::CutAtPoll(number) => write!(out, "cut-at-poll:{number}"),
            Fault::PowerCutAt { percent } => write!(out, "power-cut-at:{percent}"),
            Fault::ResetAt { percent } => write!(out, "reset-at:{percent}"),
            Fault::Sense(layout) => write!(out, "sense:{}", name(&LAYOUTS, layout)),
            Fault::Identify(how) => write!(out, "identify:{}", name(&IDENTITIES, how)),
            Fault::ReadError { first, count } => write!(out, "read-error:{first}:{count}"),
            Fault::WriteError { first, count } => write!(out, "write-error:{first}:{count}"),
            plain => write!(out, "{}", name(&PLAIN, plain)),
        }
    }
}
