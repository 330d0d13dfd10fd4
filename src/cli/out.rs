//! Standard output and standard error. Writes never panic and never end a job: a wipe goes on when nobody listens.

use std::io::{self, ErrorKind, Write};
use std::sync::Mutex;

use crate::sys::terminal;

/// Lines are broken for no terminal that is narrower.
const NARROWEST: usize = 20;

/// The two streams. What could not be written to standard output is remembered, for commands whose work it is.
#[derive(Default)]
pub struct Out {
    lost: Mutex<Option<String>>,
}

impl Out {
    /// Prints `text` and a line feed on standard output, with control characters made visible.
    pub fn line(&self, text: &str) {
        let mut bytes = folded(&visible(text), terminal::columns(io::stdout())).into_bytes();
        bytes.push(b'\n');
        self.raw(&bytes);
    }

    /// Prints bytes as they are on standard output.
    pub fn raw(&self, bytes: &[u8]) {
        let mut stream = io::stdout().lock();
        if let Err(error) = stream.write_all(bytes).and_then(|()| stream.flush()) {
            // A closed pipe is a reader that has enough (`radera list | head`).
            if error.kind() != ErrorKind::BrokenPipe
                && let Ok(mut lost) = self.lost.lock()
            {
                lost.get_or_insert_with(|| error.to_string());
            }
        }
    }

    /// Prints a JSON object as one line on standard output.
    pub fn json(&self, value: &serde_json::Value) {
        self.raw(format!("{value}\n").as_bytes());
    }

    /// Prints `text` and a line feed on standard error, with control characters made visible.
    pub fn note(&self, text: &str) {
        self.note_part(&format!("{text}\n"));
    }

    /// Prints `text` on standard error without a line feed.
    pub fn note_part(&self, text: &str) {
        let mut stream = io::stderr().lock();
        let text = folded(&visible(text), terminal::columns(io::stderr()));
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// Why something could not be written to standard output, if so.
    pub fn lost(&self) -> Option<String> {
        self.lost.lock().ok().and_then(|lost| lost.clone())
    }
}

/// `text` with control and direction-changing characters escaped, so that a device's or a record's own text can't steer the
/// terminal; line feeds stay.
pub fn visible(text: &str) -> String {
    let steers = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && steers(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}

/// `text` with lines that are wider than a terminal's `width` broken between words, two columns further in. A word that is too long (a
/// path, a digest) stays in one piece.
fn folded(text: &str, width: Option<usize>) -> String {
    let Some(width) = width.filter(|width| *width >= NARROWEST) else { return text.into() };
    text.split('\n').map(|line| fold(line, width)).collect::<Vec<_>>().join("\n")
}

fn fold(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.into();
    }
    let margin = line.chars().take_while(|c| *c == ' ').count();
    let (mut folded, mut column) = (" ".repeat(margin), margin);
    let mut first = true;
    for word in line.trim_start_matches(' ').split(' ') {
        let length = word.chars().count();
        if !first && column + 1 + length > width {
            folded.push('\n');
            folded.push_str(&" ".repeat(margin + 2));
            column = margin + 2;
        } else if !first {
            folded.push(' ');
            column += 1;
        }
        folded.push_str(word);
        column += length;
        first = false;
    }
    folded
}

/// The same for a piece of one line: line feeds are escaped too.
pub fn clean(text: &str) -> String {
    visible(text).replace('\n', "\\u{a}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_between_words() {
        let text = "  record: /a/path/that/is/longer/than/the/screen and more\nshort";
        let expected = "  record:\n    /a/path/that/is/longer/than/the/screen\n    and more\nshort";
        assert_eq!(folded(text, Some(24)), expected);
        assert_eq!(folded("a  b", Some(24)), "a  b");
        for width in [None, Some(0), Some(80)] {
            assert_eq!(folded(text, width), text, "{width:?}");
        }
    }

    #[test]
    fn a_device_can_not_steer_the_terminal() {
        assert_eq!(visible("a\x1b[2Jb\nc"), "a\\u{1b}[2Jb\nc");
        assert_eq!(visible("\u{202e}abc"), "\\u{202e}abc");
        assert_eq!(clean("model\nrefused: no"), "model\\u{a}refused: no");
        assert_eq!(clean("Søren 東芝"), "Søren 東芝");
    }
}
