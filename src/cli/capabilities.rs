//! What a drive can do by itself, in words, for `show`.

use super::human::{bytes, duration};
use super::medium::name_of;
use super::out::clean;
use crate::media::{Capabilities, HiddenArea, Medium, SanitizeState, SanitizeSupport, Support};

/// Names and values, a row each. A medium that was not asked says so.
pub fn rows(medium: &Medium) -> Vec<(&'static str, String)> {
    let Some(found) = &medium.capabilities else {
        let why = if medium.is_layered() || medium.partition_of.is_some() {
            "none of its own: it is no drive by itself"
        } else {
            "not asked: it takes no such commands, or could not be opened (run as root)"
        };
        let mut rows = vec![("drive commands", why.to_string())];
        rows.extend(hidden(medium));
        return rows;
    };
    let mut rows = vec![("drive commands", reached(found))];
    rows.extend(sanitizing(&found.sanitize));
    if let Some(security) = &found.security {
        let flags = [
            (security.enabled, "a password is set"),
            (security.locked, "locked"),
            (security.frozen, "frozen until the next loss of power"),
            (security.count_expired, "too many wrong passwords"),
            (security.enhanced_erase, "enhanced erase"),
        ];
        let told: Vec<_> = flags.into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect();
        let supported = if security.supported { "supported" } else { "not supported" };
        rows.push(("ATA security", [&[supported], &told[..]].concat().join(", ")));
        let minutes = |time: Option<u32>| time.map_or("not told".into(), |n| format!("{n} minutes"));
        let (normal, enhanced) = (minutes(security.normal_minutes), minutes(security.enhanced_minutes));
        rows.push(("", format!("erase {normal}, enhanced erase {enhanced}")));
    }
    if let Some(format) = &found.format {
        let word = if !format.supported {
            "not supported"
        } else if format.crypto {
            "user data erase, cryptographic erase"
        } else {
            "user data erase"
        };
        let reach = match (format.erases_all, format.broadcast) {
            (true, _) => "; an erase reaches all namespaces",
            (false, true) => "; one namespace, or all at once",
            (false, false) => "; one namespace only",
        };
        rows.push(("format", format!("{word}{}", if format.supported { reach } else { "" })));
    }
    rows.push(("trim", clean(&found.trim)));
    rows.push(("encrypts always", support(found.encrypts_always).into()));
    rows.extend(hidden(medium));
    if let Some(namespaces) = &found.namespaces {
        let list = |ids: &[u32]| ids.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let (all, active) = (list(&namespaces.all), list(&namespaces.active));
        rows.push(("namespaces", format!("this is {}; there are {all}; active here: {active}", namespaces.own)));
        if namespaces.many_controllers {
            rows.push(("", "there may be more controllers: another host may use it".into()));
        }
    }
    if let Some(units) = found.logical_units {
        rows.push(("logical units", units.to_string()));
    }
    rows.extend(health(found));
    rows.extend(found.unanswered.iter().map(|line| ("not answered", clean(line))));
    rows
}

fn reached(found: &Capabilities) -> String {
    let by = name_of(&found.command_set).to_uppercase();
    if found.translated { format!("{by}, behind a translation (bridge or adapter)") } else { by }
}

fn support(support: Support) -> &'static str {
    match support {
        Support::Yes => "yes",
        Support::No => "no",
        Support::Unknown => "unknown",
    }
}

fn sanitizing(found: &SanitizeSupport) -> Vec<(&'static str, String)> {
    let each = [
        ("block erase", found.block, found.block_seconds),
        ("cryptographic erase", found.crypto, found.crypto_seconds),
        ("overwrite", found.overwrite, found.overwrite_seconds),
    ];
    let words = |(name, told, seconds): (&str, Support, Option<u64>)| {
        let time = seconds.map_or(String::new(), |s| format!(" (about {})", duration(s.saturating_mul(1000))));
        format!("{name} {}{time}", support(told))
    };
    let mut rows = vec![("sanitize", each.map(words).join(", "))];
    rows.push((
        "",
        match &found.now {
            SanitizeState::Idle => "now: idle".into(),
            SanitizeState::Succeeded => "now: idle; the last one succeeded".into(),
            SanitizeState::Running { progress: None } => "now: running".into(),
            SanitizeState::Running { progress: Some(p) } => format!("now: running, {} %", u32::from(*p) * 100 / 65536),
            SanitizeState::Failed { detail } => format!("now: failed, {}", clean(detail)),
            SanitizeState::Frozen => "now: frozen until the next loss of power".into(),
            SanitizeState::Unknown => "now: unknown".into(),
        },
    ));
    if found.always_deallocates {
        rows.push(("", "deallocates blocks whatever it is told: reading them back proves nothing".into()));
    }
    let after = [(found.write_after_block, "block erase"), (found.write_after_crypto, "cryptographic erase")];
    for (_, which) in after.into_iter().filter(|(needed, _)| *needed) {
        rows.push(("", format!("after a {which}, blocks read only once they were written")));
    }
    rows
}

fn hidden(medium: &Medium) -> Vec<(&'static str, String)> {
    let areas = medium.hidden_areas();
    let words = |area: HiddenArea| match area {
        HiddenArea::Unknown => "unknown".into(),
        HiddenArea::NotApplicable => "not applicable".into(),
        HiddenArea::Unreachable => "unreachable: the drive has the feature and refuses to tell".into(),
        HiddenArea::Absent => "absent".into(),
        HiddenArea::Present { bytes: hidden } => format!("present, {} hidden", bytes(hidden)),
    };
    vec![
        ("hidden areas", format!("host protected area (HPA): {}", words(areas.host_protected_area))),
        ("", format!("device configuration overlay (DCO): {}", words(areas.device_configuration_overlay))),
        ("", format!("accessible max address (AMA): {}", words(areas.accessible_max_address))),
    ]
}

fn health(found: &Capabilities) -> Vec<(&'static str, String)> {
    let health = &found.health;
    let told = [
        health.failing.map(|f| if f { "the drive warns of a failure".into() } else { "no warning".to_string() }),
        health.reallocated.map(|n| format!("{n} sectors reallocated")),
        health.spare_percent.map(|n| format!("{n} % spare")),
        health.media_errors.map(|n| format!("{n} errors of the medium")),
        health.power_on_hours.map(|n| format!("{n} hours with power")),
        health.bytes_written.map(|n| format!("{} written in its life", bytes(n))),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    vec![("health", if told.is_empty() { "not told".into() } else { told.join(", ") })]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fixtures;
    use crate::cli::medium::{as_json, lines};
    use crate::media::{Bus, Medium};
    use crate::modelled::{Drive, Shared};

    fn ssd() -> Medium {
        Shared::new(Drive::Sata(crate::drives::sata_ssd())).medium()
    }

    #[test]
    fn every_capability_has_a_line() {
        let mut medium = ssd();
        let found = medium.capabilities.get_or_insert_with(|| unreachable!());
        found.sanitize.now = SanitizeState::Running { progress: Some(0x8000) };
        found.sanitize.block_seconds = Some(120);
        found.hidden_areas.accessible_max_address = HiddenArea::Present { bytes: 4096 };
        found.health.power_on_hours = Some(1234);
        found.unanswered = vec!["SMART RETURN STATUS: no\x1b[2J answer".into()];
        let text = lines(&medium).join("\n");
        for part in [
            "block erase yes (about 2 min",
            "now: running, 50 %",
            "encrypts always: yes",
            "AMA): present, 4 KiB hidden",
            "HPA): not applicable",
            "1234 hours with power",
            "not answered:",
        ] {
            assert!(text.contains(part), "{part}:\n{text}");
        }
        assert!(!text.contains('\x1b'));
        let json = as_json(&medium);
        assert_eq!(json["capabilities"]["sanitize"]["now"]["state"], "running");
        assert_eq!(json["capabilities"]["hidden_areas"]["accessible_max_address"]["bytes"], 4096);
    }

    #[test]
    fn a_medium_that_was_not_asked_claims_nothing() {
        let mut medium = fixtures::disk("sda", (8, 0));
        medium.bus = Bus::Ata;
        let text = lines(&medium).join("\n");
        assert!(text.contains("drive commands:  not asked") && text.contains("HPA): unknown"), "{text}");
    }
}
