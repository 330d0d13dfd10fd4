//! The seekable stream: AES-128 in counter mode, the counter block being the byte offset divided by 16, big-endian.

use aes::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use serde::{Deserialize, Serialize};

use super::Pattern;

type Keystream = ctr::Ctr64BE<aes::Aes128>;

/// Algorithm and key of a stream: all that is needed to regenerate any block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamSpec {
    /// `aes-128-ctr`.
    pub algorithm: String,
    /// Key, 32 hexadecimal digits.
    pub key: String,
    /// How a byte offset maps to the counter block.
    pub counter: String,
}

impl StreamSpec {
    /// The only algorithm there is.
    pub const ALGORITHM: &str = "aes-128-ctr";
    /// NIST SP 800-38A §6.5 with a 128-bit big-endian counter block that starts at offset / 16.
    pub const COUNTER: &str = "big-endian-128(offset/16)";

    /// The stream of `key`.
    pub fn aes_128_ctr(key: [u8; 16]) -> Self {
        StreamSpec {
            algorithm: Self::ALGORITHM.into(),
            key: key.iter().map(|b| format!("{b:02x}")).collect(),
            counter: Self::COUNTER.into(),
        }
    }

    /// The key's bytes; `None` unless algorithm, counter and key are ones this version can regenerate.
    pub fn key_bytes(&self) -> Option<[u8; 16]> {
        if self.algorithm != Self::ALGORITHM
            || self.counter != Self::COUNTER
            || self.key.len() != 32
            || !self.key.is_ascii()
        {
            return None;
        }
        let mut key = [0; 16];
        for (byte, digits) in key.iter_mut().zip(self.key.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(key)
    }
}

/// Fills and checks buffers with a pattern; one per thread, reused, since it keeps the expanded key.
pub struct Filler {
    kind: Kind,
    scratch: Vec<u8>,
}

enum Kind {
    Fixed(Vec<u8>),
    Stream { cipher: Box<Keystream>, inverted: bool },
}

impl Filler {
    /// A filler for `pattern`; `None` for an empty fixed pattern or a stream that this version can't regenerate.
    pub fn new(pattern: &Pattern) -> Option<Self> {
        let kind = match pattern {
            Pattern::Fixed { bytes } if bytes.is_empty() => return None,
            Pattern::Fixed { bytes } => Kind::Fixed(bytes.clone()),
            Pattern::Stream { spec, inverted } => Kind::Stream {
                cipher: Box::new(Keystream::new(&spec.key_bytes()?.into(), &[0; 16].into())),
                inverted: *inverted,
            },
        };
        Some(Filler { kind, scratch: vec![0; 32 << 10] })
    }

    /// Writes the pattern's bytes at `offset` into `buffer`.
    pub fn fill(&mut self, offset: u64, buffer: &mut [u8]) {
        fill(&mut self.kind, offset, buffer);
    }

    /// Whether `buffer` holds the pattern's bytes at `offset`.
    pub fn matches(&mut self, offset: u64, buffer: &[u8]) -> bool {
        let mut at = offset;
        buffer.chunks(self.scratch.len()).all(|piece| {
            let expected = &mut self.scratch[..piece.len()];
            fill(&mut self.kind, at, expected);
            at += piece.len() as u64;
            expected == piece
        })
    }
}

fn fill(kind: &mut Kind, offset: u64, buffer: &mut [u8]) {
    match kind {
        Kind::Fixed(bytes) if bytes.len() == 1 => buffer.fill(bytes[0]),
        Kind::Fixed(bytes) => {
            let period = bytes.len() as u64;
            let mut at = usize::try_from(offset % period).unwrap_or(0);
            for byte in buffer {
                *byte = bytes[at];
                at = if at + 1 == bytes.len() { 0 } else { at + 1 };
            }
        }
        Kind::Stream { cipher, inverted } => {
            cipher.seek(offset);
            cipher.write_keystream(buffer);
            if *inverted {
                buffer.iter_mut().for_each(|b| *b = !*b);
            }
        }
    }
}
