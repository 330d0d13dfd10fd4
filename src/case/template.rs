//! The case file as it is begun: a commented TOML, in the language of the one who fills it in.
//!
//! One skeleton serves every profile and language. Of its lines, `#= c r d a` says for which profiles the next ones are (contract-end,
//! repair, disposal, assignment-end), `#! key` is a headline, `#: key` a paragraph, `#@ family field` the codes that a field can have,
//! and `?answer line` a line that is an example until there is an answer. Anything else is TOML: commented with `#` alone an example.

use std::fmt::Write;

use jiff::civil::Date;

use crate::conformity::{Case, Language, Location, Party, Profile, System};
use crate::words;

const SKELETON: &str = include_str!("template/skeleton.txt");
/// Columns of a comment.
const WIDTH: usize = 78;

/// What is known when a case is begun. What is empty stays to be filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// The municipality.
    pub controller: Party,
    /// The supplier, or the person whose assignment ends.
    pub processor: Party,
    /// Title of the main agreement.
    pub main_title: String,
    /// Its date.
    pub main_date: Option<Date>,
    /// Another unique identification of it.
    pub main_reference: Option<String>,
    /// Title of the data-processing agreement.
    pub processing_title: String,
    /// Its date.
    pub processing_date: Option<Date>,
    /// Day on which the main agreement, or the assignment, ends.
    pub end: Option<Date>,
    /// Systems of annex 1.
    pub systems: Vec<System>,
    /// Locations of annex 2.
    pub locations: Vec<Location>,
    /// Sub-processors of annex 2, each with its short id.
    pub subprocessors: Vec<(String, Party)>,
}

/// A case file to fill in: `id` is 32 hexadecimal digits. It parses as it is.
pub fn template(profile: Profile, language: Language, id: &str) -> String {
    filled(profile, language, id, &Answers::default())
}

/// The same, with what is known already.
pub fn filled(profile: Profile, language: Language, id: &str, answers: &Answers) -> String {
    let form = Form { profile, language, id, answers };
    let mut text = String::new();
    let mut ours = false;
    for line in SKELETON.lines() {
        if let Some(profiles) = line.strip_prefix("#=") {
            ours = profiles.contains(letter(profile));
        } else if ours {
            form.line(line, &mut text);
        }
    }
    text
}

fn letter(profile: Profile) -> char {
    match profile {
        Profile::ContractEnd => 'c',
        Profile::Repair => 'r',
        Profile::Disposal => 'd',
        Profile::AssignmentEnd => 'a',
    }
}

struct Form<'a> {
    profile: Profile,
    language: Language,
    id: &'a str,
    answers: &'a Answers,
}

impl Form<'_> {
    fn line(&self, line: &str, text: &mut String) {
        if line.is_empty() {
            if !text.is_empty() && !text.ends_with("\n\n") {
                text.push('\n');
            }
        } else if let Some(key) = line.strip_prefix("#! ") {
            let gap = if text.ends_with("\n\n") { "" } else { "\n" };
            let _ = writeln!(text, "{gap}# === {} ===", self.word(key));
        } else if let Some(key) = line.strip_prefix("#: ") {
            comment(&self.word(key), text);
        } else if let Some(codes) = line.strip_prefix("#@ ") {
            let (family, field) = codes.split_once(' ').unwrap_or((codes, codes));
            comment(&self.legend(family, field), text);
        } else if let Some((answer, line)) = line.strip_prefix('?').and_then(|rest| rest.split_once(' ')) {
            let mark = if self.answer(answer).is_some() { "" } else { "#" };
            let _ = writeln!(text, "{mark}{}", self.inserted(line));
        } else if let Some(list) = line.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            text.push_str(&self.list(list));
        } else {
            let _ = writeln!(text, "{}", self.inserted(line));
        }
    }

    fn word(&self, key: &str) -> String {
        let profile = words::profile(self.language, self.profile);
        words::text_with(self.language, &format!("t-{key}"), &[("profile", &profile)])
    }

    /// `field: "code" = word; …`
    fn legend(&self, family: &str, field: &str) -> String {
        let codes = words::legend(self.language, family);
        let codes: Vec<_> = codes.into_iter().map(|(code, word)| format!("\"{code}\" = {word}")).collect();
        format!("{field}: {}", codes.join("; "))
    }

    /// `line` with each `{name}` replaced by an answer, an example or a fact.
    fn inserted(&self, line: &str) -> String {
        let mut pieces = line.split('{');
        let mut text = pieces.next().unwrap_or_default().to_string();
        for piece in pieces {
            match hook(piece) {
                // Within quotes, and the words hold nothing that ends them.
                Some((name, _)) if name.starts_with("x-") => text.push_str(&words::text(self.language, name)),
                Some(("version", _)) => text.push_str(env!("CARGO_PKG_VERSION")),
                Some((name, _)) => text.push_str(&self.answer(name).unwrap_or_else(|| self.example(name))),
                None => text.push('{'),
            }
            text.push_str(hook(piece).map_or(piece, |(_, after)| after));
        }
        text
    }

    /// The answer as TOML; `None` where there is none.
    fn answer(&self, name: &str) -> Option<String> {
        let all = self.answers;
        let text = match name {
            "schema" => Case::SCHEMA,
            "id" => self.id,
            "profile" => words::codes::profile(self.profile),
            "language" => self.language.name(),
            "main-title" => &all.main_title,
            "main-reference" => all.main_reference.as_deref().unwrap_or_default(),
            "processing-title" => &all.processing_title,
            "end" => return all.end.map(|day| day.to_string()),
            "main-date" => return all.main_date.map(|day| day.to_string()),
            "processing-date" => return all.processing_date.map(|day| day.to_string()),
            _ => match name.split_once('-') {
                Some(("controller", field)) => of_party(&all.controller, field),
                Some(("processor", field)) => of_party(&all.processor, field),
                _ => "",
            },
        };
        (!text.is_empty()).then(|| quoted(text))
    }

    /// What stands in a line until there is an answer.
    fn example(&self, name: &str) -> String {
        match name {
            "end" => "2026-11-30".into(),
            "main-date" | "processing-date" => "2021-03-01".into(),
            "main-reference" => quoted("2021/1234"),
            "main-title" if self.profile != Profile::ContractEnd => quoted(&words::text(self.language, "x-main")),
            _ => quoted(""),
        }
    }

    fn list(&self, name: &str) -> String {
        let all = self.answers;
        let blocks: Vec<String> = match name {
            "systems" => all.systems.iter().map(system).collect(),
            "locations" => all.locations.iter().map(location).collect(),
            _ => all.subprocessors.iter().map(|(id, party)| subprocessor(id, party)).collect(),
        };
        blocks.concat()
    }
}

/// The name and the text after it, of what follows a brace. An inline table has a space there.
fn hook(piece: &str) -> Option<(&str, &str)> {
    piece.split_once('}').filter(|(name, _)| !name.is_empty() && !name.contains(' '))
}

fn of_party<'a>(party: &'a Party, field: &str) -> &'a str {
    match field {
        "name" => &party.name,
        "address" => &party.address,
        "country" => &party.country,
        _ => &party.number,
    }
}

fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

fn system(system: &System) -> String {
    let categories: Vec<_> =
        system.categories.iter().map(|category| quoted(words::codes::category(*category))).collect();
    format!(
        "[[systems]]\nid = {}\nname = {}\nenvironment = {}\ncategories = [{}]\n\n",
        quoted(&system.id),
        quoted(&system.name),
        quoted(&system.environment),
        categories.join(", ")
    )
}

fn location(location: &Location) -> String {
    let (id, address, country) = (quoted(&location.id), quoted(&location.address), quoted(&location.country));
    format!("[[locations]]\nid = {id}\naddress = {address}\ncountry = {country}\n\n")
}

fn subprocessor(id: &str, party: &Party) -> String {
    format!(
        "[[subprocessors]]\nid = {}\nparty = {{ name = {}, address = {}, country = {}, number = {} }}\n\n",
        quoted(id),
        quoted(&party.name),
        quoted(&party.address),
        quoted(&party.country),
        quoted(&party.number)
    )
}

/// `paragraph` as comment lines, broken between words.
fn comment(paragraph: &str, text: &mut String) {
    let mut column = 0;
    for word in paragraph.split(' ') {
        let length = word.chars().count();
        if column == 0 || column + 1 + length > WIDTH {
            text.push_str(if column == 0 { "# " } else { "\n# " });
            column = 2;
        } else {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
}

#[cfg(test)]
mod tests;
