//! PINs of keys: from a file, or typed at the terminal without showing there.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use super::context::Context;
use super::out::clean;
use crate::certificate::{AskPin, NoPin, Pin, read_pin};
use crate::problem::Problem;
use crate::sys::terminal::{CANCEL, Silence};

/// More than any PIN.
const LONGEST: usize = 1024;

/// What was typed in this run of the program, by key: a command opens its key more than once, and a wrong PIN is not tried twice, which
/// could lock a token.
static TYPED: Mutex<Vec<(String, Pin)>> = Mutex::new(Vec::new());

/// Asks for PINs, once a key.
#[derive(Debug, Clone, Default)]
pub struct Asker {
    /// A private file with the PIN in its first line, which is read instead.
    pub file: Option<PathBuf>,
}

/// Reads the file of `--pin-file`, else asks at the terminal, if there is one.
pub fn asker(context: &Context) -> Asker {
    Asker { file: context.pin_file.clone() }
}

impl AskPin for Asker {
    fn is_told(&self) -> bool {
        self.file.is_some()
    }

    fn pin(&self, what: &str) -> Result<Pin, Problem> {
        if let Some(file) = &self.file {
            return read_pin(file);
        }
        let mut typed = TYPED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pin)) = typed.iter().find(|(of, _)| of == what) {
            return Ok(pin.clone());
        }
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return NoPin.pin(what);
        }
        let silence = Silence::on(io::stdin()).map_err(|e| unread(what, &e.to_string()))?;
        let _ = write!(io::stderr(), "PIN of {}: ", clean(what));
        let answer = line(&mut io::stdin().lock(), what);
        drop(silence);
        let _ = writeln!(io::stderr());
        let pin = answer?;
        typed.push((what.into(), pin.clone()));
        Ok(pin)
    }
}

/// One line, without its end.
fn line(input: &mut dyn BufRead, what: &str) -> Result<Pin, Problem> {
    // With room for all of it, so that no copy is left behind when it grows.
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    for byte in input.bytes() {
        match byte.map_err(|e| unread(what, &e.to_string()))? {
            b'\n' => return whole(line, what),
            CANCEL => return Err(unread(what, "it was cancelled")),
            _ if line.len() == LONGEST => return Err(unread(what, "it is too long")),
            byte => line.push(byte),
        }
    }
    Err(unread(what, "the input ended"))
}

fn whole(mut line: Zeroizing<Vec<u8>>, what: &str) -> Result<Pin, Problem> {
    line.pop_if(|byte| *byte == b'\r');
    match std::str::from_utf8(&line) {
        Ok(text) if !text.is_empty() => Ok(Pin::new(text.into())),
        Ok(_) => Err(unread(what, "nothing was typed")),
        Err(_) => Err(unread(what, "it is no text")),
    }
}

fn unread(what: &str, why: &str) -> Problem {
    Problem::error(
        format!("the PIN of {} was not given: {why}", clean(what)),
        "Run it again and type the PIN, or give a file that holds it, readable by you alone, with --pin-file FILE.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_pin_is_one_whole_line() {
        for given in [&b"1234\n"[..], b"1234\r\n", b"1234\nmore"] {
            assert_eq!(line(&mut &*given, "it").unwrap().text(), "1234");
        }
        let long = [&[b'x'; 2000][..], b"\n"].concat();
        for given in [&b"1234"[..], b"", b"\n", b"\r\n", b"\xff\n", b"12\x0334\n", &long] {
            assert!(line(&mut &*given, "it").unwrap_err().what.contains("PIN of it"));
        }
    }

    #[test]
    fn a_file_is_read_only_where_it_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("pin");
        std::fs::write(&file, "0987\nmore\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let asker = Asker { file: Some(file.clone()) };
        assert_eq!(asker.pin("it").unwrap().text(), "0987");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(asker.pin("it").unwrap_err().what.contains("open to others"));
        std::fs::write(&file, "\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(asker.pin("it").unwrap_err().what.contains("no PIN"));
    }
}
