//! Sanitization records, each to its item.

use std::path::PathBuf;

use toml_edit::{InlineTable, Item, Table, Value};

use super::{Added, Change, Edit, Thing, edit};
use crate::case::file::{Step, shown};
use crate::conformity::{Erased, Item as CaseItem};
use crate::document::{self, Record};
use crate::problem::Problem;

/// The largest record that is read, in bytes.
const LIMIT: u64 = 64 << 20;

/// Where a record is named.
enum Place {
    Item(usize),
    Unlisted,
}

impl Edit {
    /// Adds records; to the item with the id `item`, if it is given.
    ///
    /// # Errors
    /// Kind `Error` or `Refused`; nothing is then to be written.
    pub fn records(&mut self, files: &[PathBuf], item: Option<&str>) -> Result<(), Problem> {
        let chosen = item.map(|id| self.item_with(id)).transpose()?;
        for file in files {
            let name = self.beside(file, "record")?;
            let bytes = self.bytes(&name, LIMIT)?;
            let record = self.record(&name, &bytes)?;
            self.add_record(name, &record, &super::papers::sha256(&bytes), chosen)?;
        }
        Ok(())
    }

    /// The index of an item.
    pub(super) fn item_with(&self, id: &str) -> Result<usize, Problem> {
        let items = &self.case.items;
        let known = || items.iter().map(|item| shown(&item.id));
        items.iter().position(|item| item.id == id).ok_or_else(|| self.no_such("item", id, known()))
    }

    fn record(&self, name: &str, bytes: &[u8]) -> Result<Record, Problem> {
        let no_record = |why: String| {
            Problem::error(
                format!("{} is no sanitization record: {why}", shown(name)),
                "Name the <id>.json that `wipe` wrote, unchanged; a sub-processor's certificate goes under --certificate.",
            )
        };
        let record = document::parse(bytes).map_err(|e| no_record(e.to_string()))?;
        match record.schema == Record::SCHEMA && record.kind == Record::KIND {
            true => Ok(record),
            false => Err(no_record(format!("it is a {} of the schema {}", shown(&record.kind), shown(&record.schema)))),
        }
    }

    /// Adds one record, whose file is called `name` and has this digest.
    pub(super) fn add_record(
        &mut self,
        name: String,
        record: &Record,
        sha256: &str,
        chosen: Option<usize>,
    ) -> Result<(), Problem> {
        let mut notes = self.notes(&name, record, sha256);
        let to = match chosen {
            Some(index) => self.not_another(index, &name, record).map(|()| Some(index))?,
            None => self.item_of(&name, record, &mut notes)?,
        };
        let there = self.named(&name);
        if let (Some(Place::Item(at)), Some(index)) = (&there, to)
            && *at != index
        {
            return Err(Problem::refused(
                format!("{} is the record of the item {} already", shown(&name), self.id_of(*at)),
                "Take it out there first, if it is another item's.",
            ));
        }
        let result = match (there, to) {
            (Some(Place::Item(at)), _) => return self.told(name, Change::AlreadyThere, Some(at), notes),
            (Some(Place::Unlisted), None) => return self.told(name, Change::AlreadyThere, None, notes),
            (None, None) => {
                self.unlist(&name)?;
                notes.push("it is of no item: it stands under unlisted, as that of a medium on no list".into());
                Change::Unlisted
            }
            (unlisted, Some(index)) => {
                if unlisted.is_some() {
                    self.relist(&name)?;
                    notes.push("it stood under unlisted before".into());
                }
                self.link(index, &name)?;
                Change::Added
            }
        };
        self.told(name, result, to, notes)
    }

    fn told(&mut self, name: String, result: Change, to: Option<usize>, notes: Vec<String>) -> Result<(), Problem> {
        let to = to.and_then(|index| self.case.items.get(index)).map(|item| item.id.clone());
        self.added.push(Added { thing: Thing::Record, name, result, to, notes });
        Ok(())
    }

    fn id_of(&self, index: usize) -> String {
        self.case.items.get(index).map(|item| shown(&item.id)).unwrap_or_default()
    }

    fn named(&self, name: &str) -> Option<Place> {
        let names = |item: &CaseItem| item.erased.iter().flat_map(|e| &e.records).any(|file| file == name);
        let item = self.case.items.iter().position(names).map(Place::Item);
        item.or_else(|| self.case.unlisted.iter().any(|file| file == name).then_some(Place::Unlisted))
    }

    /// The item that the record is of: the one with its serial number, else one with its property number whose serial number does not
    /// gainsay it.
    fn item_of(&self, name: &str, record: &Record, notes: &mut Vec<String>) -> Result<Option<usize>, Problem> {
        let (serial, property) = (filled(&record.medium.serial), filled(&record.property));
        let items = || self.case.items.iter().enumerate();
        if let Some((index, item)) = items().find(|(_, item)| serial.is_some() && filled(&item.serial) == serial) {
            if let (Some(own), Some(theirs)) = (filled(&item.asset), property)
                && own != theirs
            {
                notes.push(format!(
                    "it gives the property number {}, and the item {}: it will not count until one of them is corrected",
                    shown(theirs),
                    shown(own)
                ));
            }
            return Ok(Some(index));
        }
        let by_property: Vec<_> =
            items().filter(|(_, item)| property.is_some() && filled(&item.asset) == property).collect();
        let open: Vec<_> =
            by_property.iter().filter(|(_, item)| serial.is_none() || filled(&item.serial).is_none()).collect();
        match (open.as_slice(), by_property.as_slice()) {
            ([(index, _)], _) => Ok(Some(*index)),
            ([], []) => Ok(None),
            ([], [(_, item), ..]) => {
                notes.push(format!(
                    "its property number is that of the item {}, and its serial number {} is not",
                    shown(&item.id),
                    shown(serial.unwrap_or_default())
                ));
                Ok(None)
            }
            (several, _) => Err(Problem::refused(
                format!(
                    "{} could be of several items with the property number {}: {}",
                    shown(name),
                    shown(property.unwrap_or_default()),
                    several.iter().map(|(_, item)| shown(&item.id)).collect::<Vec<_>>().join(", ")
                ),
                "Say which with --item ID, or write the serial numbers into the case.",
            )),
        }
    }

    /// An item that was chosen by hand must not be another medium by its own numbers.
    fn not_another(&self, index: usize, name: &str, record: &Record) -> Result<(), Problem> {
        let Some(item) = self.case.items.get(index) else { return Ok(()) };
        let serials = (filled(&item.serial), filled(&record.medium.serial));
        let properties = (filled(&item.asset), filled(&record.property));
        for (what, pair) in [("serial number", serials), ("property number", properties)] {
            if let (Some(own), Some(theirs)) = pair
                && own != theirs
            {
                return Err(Problem::refused(
                    format!(
                        "{} is of a medium with the {what} {}, and the item {} has {}",
                        shown(name),
                        shown(theirs),
                        shown(&item.id),
                        shown(own)
                    ),
                    "Name the item that it is of, or correct the number in the case.",
                ));
            }
        }
        Ok(())
    }

    /// What a person should know of a record before it is judged.
    fn notes(&self, name: &str, record: &Record, sha256: &str) -> Vec<String> {
        let mut notes = Vec::new();
        match &record.case {
            Some(case) if *case == self.case.id => {}
            Some(case) => {
                notes.push(format!("it carries the id of another case, {}: it closes nothing here", shown(case)))
            }
            None => notes.push("it carries the id of no case: it closes nothing here".into()),
        }
        if !self.is_there(&format!("{name}.p7s")) {
            notes.push(format!("its signature {} does not lie beside it", shown(&format!("{name}.p7s"))));
        }
        let named = self.case.items.iter().flat_map(|item| &item.erased).flat_map(|erased| &erased.records);
        let others: Vec<&String> = named.chain(&self.case.unlisted).filter(|file| *file != name).collect();
        let digest_of =
            |file: &str| self.bytes(file, LIMIT).ok().map(|b| format!("sha256:{}", super::papers::sha256(&b)));
        if let Some(earlier) = &record.supersedes {
            match others.iter().find(|file| digest_of(file).as_ref() == Some(earlier)) {
                Some(file) => notes.push(format!("it replaces {}; both stay", shown(file))),
                None => notes.push(format!("it replaces a record that the case does not name, {earlier}")),
            }
        }
        let own = format!("sha256:{sha256}");
        for file in others {
            let replaces = self.bytes(file, LIMIT).ok().and_then(|bytes| document::parse(&bytes).ok());
            if replaces.and_then(|r| r.supersedes).as_ref() == Some(&own) {
                notes.push(format!("{} replaces it; both stay", shown(file)));
            }
        }
        notes
    }

    /// Names the record under the item's `erased`.
    fn link(&mut self, index: usize, name: &str) -> Result<(), Problem> {
        let cant = self.cant("items");
        let Some(item) = self.case.items.get_mut(index) else { return Err(cant) };
        if let Some(other) = item.named_outcomes().into_iter().find(|outcome| *outcome != "erased") {
            let id = shown(&item.id);
            let place = self.place(&[Step::from("items"), index.into(), other.into()]);
            return Err(Problem::refused(
                format!(
                    "{place}: items[{index}].{other}: the item {id} has the outcome {other}, and {} would be another",
                    shown(name)
                ),
                format!(
                    "Take {other} out of the item if it was erased after all, then add the record again. Nothing was changed."
                ),
            ));
        }
        item.erased.get_or_insert_with(|| Erased { records: Vec::new() }).records.push(name.into());
        let in_tables = self.document.get("items").is_some_and(Item::is_array_of_tables);
        let entry = edit::entry(self.document.as_table_mut(), "items", index).ok_or_else(|| cant.clone())?;
        if entry.get("erased").is_none() {
            // As `erased.records = …`: a key that a person adds below it still belongs to the item.
            let erased = match in_tables {
                true => {
                    let mut table = Table::new();
                    table.set_dotted(true);
                    Item::Table(table)
                }
                false => Item::Value(Value::InlineTable(InlineTable::new())),
            };
            entry.insert("erased", erased);
        }
        let erased = entry.get_mut("erased").and_then(Item::as_table_like_mut).ok_or_else(|| cant.clone())?;
        edit::push_text(erased, "records", name).ok_or(cant)
    }

    fn unlist(&mut self, name: &str) -> Result<(), Problem> {
        self.case.unlisted.push(name.into());
        edit::push_text(self.document.as_table_mut(), "unlisted", name).ok_or_else(|| self.cant("unlisted"))
    }

    /// Takes a record out of the unlisted ones.
    fn relist(&mut self, name: &str) -> Result<(), Problem> {
        self.case.unlisted.retain(|file| file != name);
        edit::take_text(self.document.as_table_mut(), "unlisted", name).ok_or_else(|| {
            Problem::refused(
                format!(
                    "{}: {} stands under unlisted, with a comment",
                    self.place(&[Step::from("unlisted")]),
                    shown(name)
                ),
                "Take it out there, with its comment, then add it again.",
            )
        })
    }
}

/// A number that is there and not blank, without blanks around it.
pub(super) fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}
