//! What an XMP packet says (ISO 16684-1), so that a packet written anew by another program can be compared with the old
//! one: properties and their values, however they are nested or abbreviated.

/// The namespace of RDF, whose names structure and do not say.
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// What a program that saves a file writes anew: namespace and name.
const SAVING: &[(&str, &str)] = &[
    ("http://ns.adobe.com/xap/1.0/", "ModifyDate"),
    ("http://ns.adobe.com/xap/1.0/", "MetadataDate"),
    ("http://ns.adobe.com/pdf/1.3/", "Producer"),
    ("http://ns.adobe.com/xap/1.0/mm/", "InstanceID"),
];
/// How deep elements may be nested.
const DEEPEST: usize = 64;

/// A property by namespace and name, and a value of it.
type Fact = (String, String, String);

/// Whether `old` and `new` say the same, the marks of saving aside. What can't be read says something else.
pub(super) fn same(old: &[u8], new: &[u8]) -> bool {
    matches!((facts(old), facts(new)), (Some(old), Some(new)) if old == new)
}

fn facts(bytes: &[u8]) -> Option<Vec<Fact>> {
    let mut rest = std::str::from_utf8(bytes).ok()?;
    let mut open: Vec<Element> = Vec::new();
    let mut facts = Vec::new();
    while let Some(at) = rest.find('<') {
        say(&mut facts, &open, rest.get(..at)?)?;
        rest = rest.get(at + 1..)?;
        if let Some(instruction) = rest.strip_prefix('?') {
            rest = instruction.split_once("?>")?.1;
            continue;
        }
        let end = tag_end(rest)?;
        let tag = rest.get(..end)?;
        rest = rest.get(end + 1..)?;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop()?.name != name.trim_end() {
                return None;
            }
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let element = Element::read(tag, open.last(), &mut facts)?;
        if !closed {
            open.push(element);
        }
        if open.len() > DEEPEST {
            return None;
        }
    }
    say(&mut facts, &open, rest)?;
    facts.retain(|(space, name, _)| !SAVING.contains(&(space.as_str(), name.as_str())));
    facts.sort();
    open.is_empty().then_some(facts)
}

/// Where the tag ends that `rest` begins with; quoted `>` do not end it.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    rest.bytes().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (Some(open), byte) if open == byte => {
            quote = None;
            false
        }
        _ => false,
    })
}

/// A fact of `text` that stands in the innermost element.
fn say(facts: &mut Vec<Fact>, open: &[Element], text: &str) -> Option<()> {
    let text = unescape(text.trim_matches(['\u{feff}', ' ', '\n', '\r', '\t']))?;
    if !text.is_empty() {
        let (space, name) = open.last()?.property.clone();
        facts.push((space, name, text));
    }
    Some(())
}

#[derive(Clone)]
struct Element {
    name: String,
    /// The innermost name that is not RDF's.
    property: (String, String),
    /// Prefixes and what they stand for, the inner ones last.
    spaces: Vec<(String, String)>,
}

impl Element {
    fn read(tag: &str, outer: Option<&Element>, facts: &mut Vec<Fact>) -> Option<Self> {
        let name = tag.split_ascii_whitespace().next().filter(|name| tag.starts_with(name))?.to_owned();
        if name.starts_with('!') {
            return None;
        }
        let attributes = attributes(tag.get(name.len()..)?)?;
        let mut spaces = outer.map(|outer| outer.spaces.clone()).unwrap_or_default();
        for (key, value) in &attributes {
            if let Some(prefix) = key.strip_prefix("xmlns:") {
                spaces.push((prefix.to_owned(), value.clone()));
            }
        }
        let resolve = |name: &str| -> Option<(String, String)> {
            let (prefix, local) = name.split_once(':')?;
            let space = spaces.iter().rev().find(|(known, _)| known == prefix)?;
            Some((space.1.clone(), local.to_owned()))
        };
        let mut property = resolve(&name)?;
        if let (RDF, Some(outer)) = (property.0.as_str(), outer) {
            property = outer.property.clone();
        }
        for (key, value) in &attributes {
            if key.starts_with("xmlns:") || key == "xml:lang" {
                continue;
            }
            let (space, local) = resolve(key)?;
            match (space.as_str(), local.as_str()) {
                (RDF, "resource") => facts.push((property.0.clone(), property.1.clone(), value.clone())),
                (RDF, "about" | "parseType") | ("adobe:ns:meta/", _) => {}
                _ => facts.push((space, local, value.clone())),
            }
        }
        Some(Element { name, property, spaces })
    }
}

/// Names and values of a tag's attributes.
fn attributes(mut rest: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some(found);
        }
        let (name, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, behind) = value.get(1..)?.split_once(quote)?;
        found.push((name.trim_end().to_owned(), unescape(value)?));
        rest = behind;
    }
}

/// `text` with the five named entities and the numbered ones resolved.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, behind) = entity.split_once(';')?;
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let digits = entity.strip_prefix('#')?;
                let code = match digits.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => digits.parse(),
                };
                char::from_u32(code.ok()?)?
            }
        });
        rest = behind;
    }
    out.push_str(rest);
    Some(out)
}
