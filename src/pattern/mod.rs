//! What is written: every pattern is a pure function of the byte offset, so nothing of what was written needs to be kept.
#![forbid(unsafe_code)]

mod scheme;
mod stream;
mod table;

pub use scheme::{Scheme, SchemePass};
pub use stream::{Filler, StreamSpec};

use serde::{Deserialize, Serialize};

/// The content of one pass over a target. Offsets count from the first byte of the target (of a partition: its own).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Pattern {
    /// A byte string repeated from offset 0 on; 1 to 16 bytes.
    Fixed {
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The keystream, or its complement.
    Stream {
        /// Algorithm and key.
        spec: StreamSpec,
        /// Each bit inverted.
        inverted: bool,
    },
}

impl Pattern {
    /// Zeros.
    pub fn zeros() -> Self {
        Pattern::Fixed { bytes: vec![0] }
    }

    /// The pattern with each bit inverted.
    #[must_use]
    pub fn complement(&self) -> Self {
        match self {
            Pattern::Fixed { bytes } => Pattern::Fixed { bytes: bytes.iter().map(|b| !b).collect() },
            Pattern::Stream { spec, inverted } => Pattern::Stream { spec: spec.clone(), inverted: !inverted },
        }
    }

    /// The name in records and on screen: `zeros`, `ones`, `0x92 0x49 0x24`, `random`, `random-complement`.
    pub fn name(&self) -> String {
        match self {
            Pattern::Fixed { bytes } if bytes.iter().all(|b| *b == 0) => "zeros".into(),
            Pattern::Fixed { bytes } if bytes.iter().all(|b| *b == 0xff) => "ones".into(),
            Pattern::Fixed { bytes } => bytes.iter().map(|b| format!("0x{b:02x}")).collect::<Vec<_>>().join(" "),
            Pattern::Stream { inverted: false, .. } => "random".into(),
            Pattern::Stream { inverted: true, .. } => "random-complement".into(),
        }
    }
}
