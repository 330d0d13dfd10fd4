//! The form of a journal line: a checksum that chains it to the line before, a space, the entry as JSON, a line feed.

use super::Entry;

const SUM_DIGITS: usize = 32;

/// The running checksum: BLAKE3 over the previous checksum and the line's JSON, 128 bits of it in hexadecimal.
#[derive(Debug, Clone)]
pub struct Chain(String);

impl Chain {
    pub(super) fn new() -> Self {
        Chain("0".repeat(SUM_DIGITS))
    }

    fn next(&self, json: &[u8]) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.0.as_bytes()).update(json);
        hasher.finalize().to_hex()[..SUM_DIGITS].to_string()
    }

    /// The line of `entry`, and the chain after it.
    pub(super) fn encode(&self, entry: &Entry) -> Result<(Vec<u8>, Chain), serde_json::Error> {
        let json = serde_json::to_vec(entry)?;
        let sum = self.next(&json);
        let mut line = format!("{sum} ").into_bytes();
        line.extend(json);
        line.push(b'\n');
        Ok((line, Chain(sum)))
    }
}

/// The entries of a journal's bytes. See [`super::Journal::reopen`].
pub fn parse_lines(bytes: &[u8]) -> Result<Vec<Entry>, String> {
    parse_lines_with_chain(bytes).map(|(entries, _, _)| entries)
}

/// The entries, the chain after the last, and how many bytes are good. Only what follows the last line feed, or a last line that
/// does not check out, may be torn.
pub(super) fn parse_lines_with_chain(bytes: &[u8]) -> Result<(Vec<Entry>, Chain, usize), String> {
    let mut chain = Chain::new();
    let mut entries = Vec::new();
    let mut good = 0;
    while let Some(length) = bytes[good..].iter().position(|b| *b == b'\n') {
        let line = &bytes[good..good + length];
        let end = good + length + 1;
        match parse_line(&chain, line) {
            Ok((entry, sum)) => {
                entries.push(entry);
                chain.0 = sum;
                good = end;
            }
            Err(Fault::Damaged(_)) if !bytes[end..].contains(&b'\n') => break,
            Err(Fault::Damaged(detail)) => return Err(format!("line {} {detail}", entries.len() + 1)),
            Err(Fault::Foreign(detail)) => return Err(format!("line {} {detail}", entries.len() + 1)),
        }
    }
    Ok((entries, chain, good))
}

/// What is wrong with a line.
enum Fault {
    /// It is not as it was written; a last line of that kind was torn when power was lost.
    Damaged(&'static str),
    /// It is as it was written, by a version that knows more entries. Cutting it off would forget what it says.
    Foreign(String),
}

fn parse_line(chain: &Chain, line: &[u8]) -> Result<(Entry, String), Fault> {
    let (sum, json) = line.split_at_checked(SUM_DIGITS).ok_or(Fault::Damaged("is too short"))?;
    let json = json.strip_prefix(b" ").ok_or(Fault::Damaged("has no checksum"))?;
    let expected = chain.next(json);
    if expected.as_bytes() != sum {
        return Err(Fault::Damaged("does not fit its checksum"));
    }
    let entry = serde_json::from_slice(json).map_err(|e| Fault::Foreign(format!("is of another version: {e}")))?;
    Ok((entry, expected))
}
