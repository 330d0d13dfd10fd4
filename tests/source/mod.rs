//! A Rust source file, split into code, comments and strings, as far as the rules of the house need it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// One file of `src`.
pub struct Source {
    /// Path below `src`, with `/`.
    pub path: String,
    text: String,
    /// The text with comments, strings, characters and `#[cfg(test)]` items blanked: tests may reach for what they need.
    code: String,
    strings: Vec<String>,
}

/// Every file of `src`, in order of path.
pub fn all_sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_string();
                sources.push(Source::made_up(&name, &std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

impl Source {
    /// A file that need not exist.
    pub fn made_up(path: &str, text: &str) -> Self {
        let (mut code, mut strings) = split(text);
        // A file of a `#[cfg(test)] mod tests;` is a test item as a whole.
        if path.split('/').any(|part| part == "tests" || part == "tests.rs" || part.ends_with("_tests.rs")) {
            code.iter_mut().filter(|c| **c != '\n').for_each(|c| *c = ' ');
            strings.clear();
        }
        for tests in test_items(&code) {
            strings.retain(|(at, _)| !tests.contains(at));
            code[tests].iter_mut().filter(|c| **c != '\n').for_each(|c| *c = ' ');
        }
        let strings = strings.into_iter().map(|(_, text)| text).collect();
        Source { path: path.into(), text: text.into(), code: code.into_iter().collect(), strings }
    }

    /// The top module that it belongs to: `media`, `job`, `main`.
    pub fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Number of path components.
    pub fn depth(&self) -> usize {
        self.path.split('/').count()
    }

    pub fn code(&self) -> &str {
        &self.code
    }

    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// String literals, and the doc comments that end up in help texts.
    pub fn strings(&self) -> &[String] {
        &self.strings
    }

    /// Where any of `needles` stands in code.
    pub fn mentions(&self, needles: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        for (number, line) in (1..).zip(self.code.lines()) {
            for needle in needles {
                let at = line.match_indices(needle).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_') || !starts_as_word(needle)
                });
                if at {
                    found.push(format!("line {number}: `{needle}`"));
                }
            }
        }
        found
    }

    /// Lines on which `word` stands as a word of its own.
    pub fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        (1..)
            .zip(self.code.lines())
            .filter(move |(_, line)| line.split(|c| !is_word(c)).any(|w| w == word))
            .map(|(n, _)| n)
    }

    /// Top modules of the crate that the code names, by `crate::`, `radera::` or `super::` paths.
    pub fn imports(&self) -> BTreeSet<String> {
        let tokens: Vec<String> = tokens(&self.code);
        // How many `super` lead to the crate's root: a file `a/b.rs` is module a::b, `a/mod.rs` is a.
        let to_root = if self.path.ends_with("mod.rs") { self.depth() - 1 } else { self.depth() };
        let mut found = BTreeSet::new();
        let mut at = 0;
        while at < tokens.len() {
            let follows_path = at > 0 && tokens[at - 1] == "::";
            let mut next = at;
            let mut rooted = !follows_path && ["crate", "radera"].contains(&tokens[at].as_str());
            if !follows_path && tokens[at] == "super" {
                let mut count = 1;
                while tokens.get(next + 1).is_some_and(|t| t == "::")
                    && tokens.get(next + 2).is_some_and(|t| t == "super")
                {
                    next += 2;
                    count += 1;
                }
                rooted = count == to_root;
            }
            if rooted && tokens.get(next + 1).is_some_and(|t| t == "::") {
                heads(&tokens[next + 2..], &mut found);
            }
            at = next + 1;
        }
        found.retain(|name| name.starts_with(|c: char| c.is_lowercase()) && name != "self");
        found
    }
}

fn starts_as_word(needle: &str) -> bool {
    needle.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// The first name of a path, or of each path in braces.
fn heads(tokens: &[String], found: &mut BTreeSet<String>) {
    let Some(first) = tokens.first() else { return };
    if first != "{" {
        found.insert(first.clone());
        return;
    }
    let (mut depth, mut expect) = (1, true);
    for token in &tokens[1..] {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => expect = true,
            name if depth == 1 && expect => {
                found.insert(name.to_string());
                expect = false;
            }
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

/// Names, `::` and single signs.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut name = String::new();
    let mut characters = code.chars().peekable();
    while let Some(c) = characters.next() {
        if c.is_alphanumeric() || c == '_' {
            name.push(c);
            continue;
        }
        if !name.is_empty() {
            tokens.push(std::mem::take(&mut name));
        }
        if c == ':' && characters.peek() == Some(&':') {
            characters.next();
            tokens.push("::".into());
        } else if !c.is_whitespace() {
            tokens.push(c.into());
        }
    }
    if !name.is_empty() {
        tokens.push(name);
    }
    tokens
}

/// Code with everything else blanked, character for character (line breaks stay), and the texts that a user may see, each
/// with where it begins.
fn split(text: &str) -> (Vec<char>, Vec<(usize, String)>) {
    let characters: Vec<char> = text.chars().collect();
    let (mut code, mut strings) = (Vec::new(), Vec::new());
    let mut at = 0;
    let starts = |at: usize, what: &str| what.chars().enumerate().all(|(i, c)| characters.get(at + i) == Some(&c));
    while at < characters.len() {
        let end = if starts(at, "//") {
            let end = (at..characters.len()).find(|i| characters[*i] == '\n').unwrap_or(characters.len());
            // Outer doc comments become help texts.
            if starts(at, "///") {
                strings.push((at, characters[at + 3..end].iter().collect()));
            }
            end
        } else if starts(at, "/*") {
            (at + 2..characters.len()).find(|i| starts(*i, "*/")).map_or(characters.len(), |i| i + 2)
        } else if let Some((open, hashes)) = raw_string(&characters, at) {
            let close: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            let end = (open..characters.len()).find(|i| starts(*i, &close)).unwrap_or(characters.len());
            strings.push((at, characters[open..end].iter().collect()));
            (end + close.len()).min(characters.len())
        } else if characters[at] == '"' {
            let mut end = at + 1;
            while end < characters.len() && characters[end] != '"' {
                end += if characters[end] == '\\' { 2 } else { 1 };
            }
            let end = end.min(characters.len());
            strings.push((at, characters[at + 1..end].iter().collect()));
            (end + 1).min(characters.len())
        } else if characters[at] == '\'' {
            character_end(&characters, at)
        } else {
            code.push(characters[at]);
            at += 1;
            continue;
        };
        code.extend(characters[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    (code, strings)
}

/// Where the text of a raw string that starts at `at` begins, and its number of `#`.
fn raw_string(characters: &[char], at: usize) -> Option<(usize, usize)> {
    let is_name = at > 0 && (characters[at - 1].is_alphanumeric() || characters[at - 1] == '_');
    if characters[at] != 'r' || (is_name && characters[at - 1] != 'b') {
        return None;
    }
    let hashes = characters[at + 1..].iter().take_while(|c| **c == '#').count();
    (characters.get(at + 1 + hashes) == Some(&'"')).then_some((at + 2 + hashes, hashes))
}

/// One past a character literal, or past the quote of a lifetime.
fn character_end(characters: &[char], at: usize) -> usize {
    match (characters.get(at + 1), characters.get(at + 2)) {
        (Some('\\'), _) => {
            (at + 3..characters.len()).find(|i| characters[*i] == '\'').map_or(characters.len(), |i| i + 1)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}

/// The `#[cfg(test)]` items of code, as ranges of characters.
fn test_items(code: &[char]) -> Vec<Range<usize>> {
    let mark: Vec<char> = "#[cfg(test)]".chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = (at..code.len()).find(|i| code[*i..].starts_with(&mark)) {
        let mut depth = 0;
        let is_end = |c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth == 0 && (c == '}' || c == ';')
        };
        let body = start + mark.len();
        let end = code[body..].iter().copied().position(is_end).map_or(code.len(), |length| body + length + 1);
        found.push(start..end);
        at = end;
    }
    found
}
