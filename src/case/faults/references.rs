//! Ids, what refers to them, and outcomes: each thing once, and nothing that points nowhere.

use std::collections::BTreeMap;

use super::{Fault, at};
use crate::case::file::{Step, shown};
use crate::conformity::Case;

/// Who holds a key, if no sub-processor does.
const PROCESSOR: &str = "processor";

/// The ids of one kind of thing, with the place of each.
struct Ids<'a> {
    what: &'static str,
    list: &'static str,
    known: BTreeMap<&'a str, usize>,
}

impl<'a> Ids<'a> {
    fn of(
        list: &'static str,
        what: &'static str,
        ids: impl Iterator<Item = &'a str>,
        line: &impl Fn(&[Step]) -> usize,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let mut known = BTreeMap::new();
        for (index, id) in ids.enumerate() {
            let at = at![list, index, "id"];
            if id.trim().is_empty() {
                faults.push(Fault::at(at, format!("the {what} has no id"), "Give it a short id of its own."));
            } else if let Some(first) = known.get(id) {
                let first = line(at![list, *first, "id"]);
                faults.push(Fault::at(
                    at,
                    format!("the id {} stands for another {what} already, on line {first}", shown(id)),
                    "Give each its own id.",
                ));
            } else {
                known.insert(id, index);
            }
        }
        Ids { what, list, known }
    }

    fn refer(&self, at: &[Step], id: &str, faults: &mut Vec<Fault>) {
        if !id.is_empty() && !self.known.contains_key(id) {
            faults.push(Fault::at(at, format!("no {} has the id {}", self.what, shown(id)), self.advice()));
        }
    }

    fn advice(&self) -> String {
        let known: Vec<_> = self.known.keys().take(12).map(|id| shown(id)).collect();
        let more = if self.known.len() > known.len() { ", …" } else { "" };
        match known.is_empty() {
            true => format!("List it under [[{}]], or take it out here.", self.list),
            false => format!("List it under [[{}]], or write one of: {}{more}.", self.list, known.join(", ")),
        }
    }
}

/// Faults of ids, references, serial numbers and outcomes.
pub fn find(case: &Case, line: &impl Fn(&[Step]) -> usize, faults: &mut Vec<Fault>) {
    macro_rules! ids {
        ($list:ident, $what:literal) => {
            Ids::of(stringify!($list), $what, case.$list.iter().map(|one| one.id.as_str()), line, faults)
        };
    }
    let systems = ids!(systems, "system");
    let locations = ids!(locations, "location");
    let subs = ids!(subprocessors, "sub-processor");
    let items = ids!(items, "item");
    let _ = (ids!(returns, "return"), ids!(acceptances, "acceptance"));
    for (index, item) in case.items.iter().enumerate() {
        for (nth, id) in item.systems.iter().enumerate() {
            systems.refer(at!["items", index, "systems", nth], id, faults);
        }
        if let Some(id) = &item.location {
            locations.refer(at!["items", index, "location"], id, faults);
        }
    }
    for (index, sub) in case.subprocessors.iter().enumerate() {
        for (nth, id) in sub.systems.iter().enumerate() {
            systems.refer(at!["subprocessors", index, "systems", nth], id, faults);
        }
        for (nth, id) in sub.locations.iter().enumerate() {
            locations.refer(at!["subprocessors", index, "locations", nth], id, faults);
        }
        if sub.id == PROCESSOR || items.known.contains_key(&*sub.id) {
            faults.push(Fault::at(
                at!["subprocessors", index, "id"],
                format!("the id {} stands for something else already", shown(&sub.id)),
                "Give the sub-processor an id that no item has, and that is not \"processor\".",
            ));
        }
    }
    for (index, one) in case.returns.iter().enumerate() {
        for (nth, id) in one.sources.iter().enumerate() {
            items.refer(at!["returns", index, "sources", nth], id, faults);
        }
    }
    for (index, one) in case.acceptances.iter().enumerate() {
        for (nth, id) in one.of.iter().enumerate().filter(|(_, id)| !subs.known.contains_key(id.as_str())) {
            items.refer(at!["acceptances", index, "of", nth], id, faults);
        }
    }
    for (index, key) in case.keys.iter().enumerate().filter(|(_, key)| key.holder != PROCESSOR) {
        subs.refer(at!["keys", index, "holder"], &key.holder, faults);
    }
    for (index, one) in case.excluded.iter().enumerate() {
        let told = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        if !told(&one.serial) && !told(&one.asset) {
            faults.push(Fault::at(
                at!["excluded", index],
                "nothing says which medium must not be erased",
                "Give its serial number (serial) or its number on the list (asset).",
            ));
        }
    }
    serials(case, line, faults);
    outcomes(case, line, faults);
}

fn serials(case: &Case, line: &impl Fn(&[Step]) -> usize, faults: &mut Vec<Fault>) {
    let mut known: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for (index, item) in case.items.iter().enumerate() {
        let Some(serial) = item.serial.as_deref().map(str::trim).filter(|serial| !serial.is_empty()) else { continue };
        if let Some((first, id)) = known.get(serial) {
            let first = line(at!["items", *first, "serial"]);
            faults.push(Fault::at(
                at!["items", index, "serial"],
                format!("{} is the serial number of the item {} already, on line {first}", shown(serial), shown(id)),
                "List each medium once; correct the number that is wrong.",
            ));
        } else {
            known.insert(serial, (index, item.id.as_str()));
        }
    }
}

fn outcomes(case: &Case, line: &impl Fn(&[Step]) -> usize, faults: &mut Vec<Fault>) {
    for (index, item) in case.items.iter().enumerate() {
        let named = item.named_outcomes();
        let [_, .., last] = named.as_slice() else { continue };
        let told: Vec<_> =
            named.iter().map(|key| format!("{key} (line {})", line(at!["items", index, *key]))).collect();
        faults.push(Fault::at(
            at!["items", index, *last],
            format!("the item {} has more than one outcome: {}", shown(&item.id), told.join(", ")),
            "Keep the one that is so, and take the others out.",
        ));
    }
}
