//! Lines of the customer's list, each to an item.

use jiff::civil::Date;
use toml_edit::{Array, Value};

use super::records::filled;
use super::{Added, Change, Edit, Thing, edit};
use crate::case::assets::{Asset, AssetList};
use crate::case::file::shown;
use crate::conformity::{Item, ItemKind, MediaType, Moment};
use crate::problem::Problem;

/// What the whole list has in common.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// What the items are.
    pub kind: ItemKind,
    /// What media they are.
    pub media: MediaType,
    /// Day on which they come into the inventory, if it was declared complete before.
    pub today: Date,
}

impl Edit {
    /// Adds an item for each line of a list that is not there already, by serial number or by the customer's number.
    ///
    /// # Errors
    /// Kind `Error`, with the line: a system or location that the case does not list.
    pub fn assets(&mut self, list: &AssetList, listed: Listed) -> Result<(), Problem> {
        for asset in &list.assets {
            let location = asset.location.as_deref().map(|given| self.location(list, asset, given)).transpose()?;
            let systems = asset.system.as_deref().map_or(Ok(Vec::new()), |given| self.systems(list, asset, given))?;
            let name = format!("{}:{}", list.name, asset.line);
            let (result, to, notes) = match self.there(asset) {
                Some(item) => (Change::AlreadyThere, item.id.clone(), differences(item, asset, &systems, &location)),
                None => {
                    let id = self.add_item(asset, systems, location, listed)?;
                    let declared = self.case.inventory.is_some();
                    let note = declared
                        .then(|| "the inventory was declared complete before: it needs a new declaration".to_owned());
                    (Change::Added, id, note.into_iter().collect())
                }
            };
            self.added.push(Added { thing: Thing::Asset, name, result, to: Some(to), notes });
        }
        Ok(())
    }

    /// The item that a line is of.
    fn there(&self, asset: &Asset) -> Option<&Item> {
        let items = &self.case.items;
        let (serial, number) = (asset.serial.as_deref(), asset.asset.as_deref());
        let by_serial = items.iter().find(|item| serial.is_some() && filled(&item.serial) == serial);
        // One number can stand for a machine with several disks.
        let open = |item: &&Item| serial.is_none() || filled(&item.serial).is_none();
        by_serial.or_else(|| items.iter().filter(open).find(|item| number.is_some() && filled(&item.asset) == number))
    }

    fn location(&self, list: &AssetList, asset: &Asset, given: &str) -> Result<String, Problem> {
        let all = &self.case.locations;
        let found = all.iter().find(|one| one.id == given).or_else(|| all.iter().find(|one| one.address == given));
        let known = || all.iter().map(|one| shown(&one.id)).collect();
        found.map(|one| one.id.clone()).ok_or_else(|| unknown(list, asset, "location", given, known()))
    }

    /// One system by its id or name, or several between commas, semicolons or bars.
    fn systems(&self, list: &AssetList, asset: &Asset, given: &str) -> Result<Vec<String>, Problem> {
        let all = &self.case.systems;
        let find = |given: &str| {
            let found = all.iter().find(|one| one.id == given).or_else(|| all.iter().find(|one| one.name == given));
            found.map(|one| one.id.clone())
        };
        if let Some(id) = find(given) {
            return Ok(vec![id]);
        }
        let known = || all.iter().map(|one| shown(&one.id)).collect();
        let parts = given.split([',', ';', '|']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| find(part).ok_or_else(|| unknown(list, asset, "system", part, known()))).collect()
    }

    fn add_item(
        &mut self,
        asset: &Asset,
        systems: Vec<String>,
        location: Option<String>,
        listed: Listed,
    ) -> Result<String, Problem> {
        let id = self.new_id(asset.asset.as_deref().or(asset.serial.as_deref()).unwrap_or_default());
        let added = self.case.inventory.as_ref().map(|_| listed.today);
        let media = serde_json::to_value(listed.media).ok();
        let media = media.as_ref().and_then(|media| media.as_str()).unwrap_or_default();
        let mut fields: Vec<(&str, Value)> =
            vec![("id", id.as_str().into()), ("kind", listed.kind.name().into()), ("media", media.into())];
        let texts = [
            ("description", &asset.description),
            ("serial", &asset.serial),
            ("asset", &asset.asset),
            ("location", &location),
        ];
        fields.extend(texts.into_iter().filter_map(|(key, text)| Some((key, text.as_deref()?.into()))));
        if !systems.is_empty() {
            fields.push(("systems", Value::Array(Array::from_iter(systems.iter().map(String::as_str)))));
        }
        fields.extend(asset.last_used.map(|moment| {
            let value = match moment {
                Moment::Day(day) => edit::day(day),
                Moment::At(_) => moment.to_string().into(),
            };
            ("last_used", value)
        }));
        fields.extend(added.map(|day| ("added", edit::day(day))));
        edit::append(self.document.as_table_mut(), "items", fields).ok_or_else(|| self.cant("items"))?;
        self.case.items.push(Item {
            id: id.clone(),
            kind: listed.kind,
            also: Vec::new(),
            media: listed.media,
            description: asset.description.clone().unwrap_or_default(),
            serial: asset.serial.clone(),
            asset: asset.asset.clone(),
            systems,
            location,
            categories: Vec::new(),
            level: None,
            last_used: asset.last_used,
            added,
            erased: None,
            logically_deleted: None,
            destroyed: None,
            handed_over: None,
            retained: None,
            pending: None,
            failed: None,
        });
        Ok(id)
    }

    /// An id that nothing has, from a number on the list.
    fn new_id(&self, from: &str) -> String {
        let plain: String = from.chars().map(|c| if c.is_whitespace() || c.is_control() { '-' } else { c }).collect();
        let taken = |id: &str| {
            id == "processor"
                || self.case.items.iter().any(|item| item.id == id)
                || self.case.subprocessors.iter().any(|sub| sub.id == id)
        };
        match taken(&plain) {
            false => plain,
            true => (2..).map(|n| format!("{plain}-{n}")).find(|id| !taken(id)).unwrap_or(plain),
        }
    }
}

fn unknown(list: &AssetList, asset: &Asset, what: &str, given: &str, known: Vec<String>) -> Problem {
    Problem::error(
        format!("{}:{}: the case lists no {what} {}", list.name, asset.line, shown(given)),
        match known.is_empty() {
            true => format!("List it under [[{what}s]] in the case first."),
            false => format!("List it under [[{what}s]] in the case, or write one of: {}.", known.join(", ")),
        },
    )
}

/// What a line says otherwise than the item that is there.
fn differences(item: &Item, asset: &Asset, systems: &[String], location: &Option<String>) -> Vec<String> {
    let mut notes = Vec::new();
    let mut compare = |what: &str, own: Option<&str>, theirs: Option<&str>| {
        if let Some(theirs) = theirs.filter(|theirs| own != Some(*theirs)) {
            let own = own.filter(|own| !own.is_empty()).map_or("none".into(), shown);
            notes.push(format!("{what}: the list has {}, and the case {own}, which stays", shown(theirs)));
        }
    };
    compare("serial", filled(&item.serial), asset.serial.as_deref());
    compare("asset", filled(&item.asset), asset.asset.as_deref());
    compare("description", Some(item.description.trim()), asset.description.as_deref());
    compare("location", item.location.as_deref(), location.as_deref());
    let (own, theirs) = (item.last_used.map(|m| m.to_string()), asset.last_used.map(|m| m.to_string()));
    compare("last_used", own.as_deref(), theirs.as_deref());
    let (own, theirs) = (item.systems.join(", "), systems.join(", "));
    compare("systems", Some(&own), Some(theirs.as_str()).filter(|theirs| !theirs.is_empty()));
    notes
}
