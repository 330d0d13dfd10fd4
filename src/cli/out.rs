//! Standard output and standard error. Writes never panic and never end a job: a wipe goes on when nobody listens.

use std::io::{self, ErrorKind, Write};
use std::sync::Mutex;

/// The two streams. What could not be written to standard output is remembered, for commands whose work it is.
#[derive(Default)]
pub struct Out {
    lost: Mutex<Option<String>>,
}

impl Out {
    /// Prints `text` and a line feed on standard output, with control characters made visible.
    pub fn line(&self, text: &str) {
        let mut bytes = visible(text).into_bytes();
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
        let _ = stream.write_all(visible(text).as_bytes()).and_then(|()| stream.flush());
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

/// The same for a piece of one line: line feeds are escaped too.
pub fn clean(text: &str) -> String {
    visible(text).replace('\n', "\\u{a}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_can_not_steer_the_terminal() {
        assert_eq!(visible("a\x1b[2Jb\nc"), "a\\u{1b}[2Jb\nc");
        assert_eq!(visible("\u{202e}abc"), "\\u{202e}abc");
        assert_eq!(clean("model\nrefused: no"), "model\\u{a}refused: no");
        assert_eq!(clean("Søren 東芝"), "Søren 東芝");
    }
}
