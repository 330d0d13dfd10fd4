//! A sentence as a code with its figures. English is made of them here, once; other languages are made of the same in `words`.

use std::fmt;

use crate::media::Method;

/// What belongs into a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A number.
    Number(u64),
    /// A name, or what somebody else said, as it is: a technique, a seed, a drive's or the kernel's own words.
    Text(String),
    /// A method.
    Method(Method),
    /// Kinds of layers; none where they are not known.
    Layers(Vec<String>),
    /// Another sentence, without its full stop.
    Said(Said),
}

/// One sentence: what it says, and in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Which sentence it is, among all of them.
    pub code: &'static str,
    /// What belongs into it, by name.
    pub figures: Vec<(&'static str, Figure)>,
    /// The sentence in English, as it stands in records.
    pub english: String,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

/// The sentences in English, one after the other.
pub(super) fn english(said: &[Said]) -> String {
    said.iter().map(|said| said.english.as_str()).collect::<Vec<_>>().join(" ")
}

/// A number of logical blocks.
pub(super) struct Blocks(pub u64);

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 logical block"),
            count => write!(f, "{count} logical blocks"),
        }
    }
}

/// A number of files.
pub(super) struct Files(pub u64);

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 file"),
            count => write!(f, "{count} files"),
        }
    }
}

/// The kinds of the layers below a device.
pub(super) struct Layers(pub Vec<String>);

impl fmt::Display for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str("unknown") } else { f.write_str(&self.0.join(", ")) }
    }
}

/// A method by its name.
pub(super) struct ByName(pub Method);

impl fmt::Display for ByName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl From<u64> for Figure {
    fn from(number: u64) -> Self {
        Figure::Number(number)
    }
}

impl From<Blocks> for Figure {
    fn from(blocks: Blocks) -> Self {
        Figure::Number(blocks.0)
    }
}

impl From<Files> for Figure {
    fn from(files: Files) -> Self {
        Figure::Number(files.0)
    }
}

impl From<String> for Figure {
    fn from(text: String) -> Self {
        Figure::Text(text)
    }
}

impl From<&str> for Figure {
    fn from(text: &str) -> Self {
        Figure::Text(text.into())
    }
}

impl From<ByName> for Figure {
    fn from(method: ByName) -> Self {
        Figure::Method(method.0)
    }
}

impl From<Layers> for Figure {
    fn from(layers: Layers) -> Self {
        Figure::Layers(layers.0)
    }
}

impl From<Said> for Figure {
    fn from(said: Said) -> Self {
        Figure::Said(said)
    }
}

/// A family of sentences: variant, figures, code and English of each. A figure that the English does not name does not compile.
macro_rules! sentences {
    (
        $(#[$doc:meta])*
        $family:ident $prefix:literal {
            $($variant:ident $({ $($figure:ident: $of:ty),* })? = $code:literal, $english:expr;)*
        }
    ) => {
        $(#[$doc])*
        pub(super) enum $family { $($variant $({ $($figure: $of),* })?,)* }

        impl $family {
            /// The codes of the family, and the names of what belongs into each sentence.
            #[cfg(test)]
            pub(super) const CODES: &[(&str, &[&str])] =
                &[$((concat!($prefix, "-", $code), &[$($(stringify!($figure)),*)?]),)*];
        }

        impl From<$family> for $crate::outcome::Said {
            fn from(sentence: $family) -> Self {
                match sentence {
                    $($family::$variant $({ $($figure),* })? => $crate::outcome::Said {
                        code: concat!($prefix, "-", $code),
                        english: format!($english $($(, $figure = $figure)*)?),
                        figures: vec![$($((stringify!($figure), $figure.into())),*)?],
                    },)*
                }
            }
        }
    };
}

pub(super) use sentences;
