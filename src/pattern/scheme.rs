//! Named overwrite schemes, with their exact bytes.

use super::Pattern;

/// One pass of a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemePass {
    /// A fixed byte string.
    Fixed(&'static [u8]),
    /// A fresh random stream.
    Random,
}

/// A named scheme: legacy, NIST level Clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Name on the command line.
    pub name: &'static str,
    /// Title in records and help.
    pub title: &'static str,
    /// The passes in order.
    pub passes: &'static [SchemePass],
}

impl Scheme {
    /// Every scheme.
    pub fn all() -> &'static [Scheme] {
        todo!()
    }

    /// The scheme of that name.
    pub fn named(name: &str) -> Option<&'static Scheme> {
        Self::all().iter().find(|s| s.name == name)
    }

    /// The patterns to write, with a key from `key` for each random pass.
    pub fn patterns(&self, mut key: impl FnMut() -> [u8; 16]) -> Vec<Pattern> {
        self.passes
            .iter()
            .map(|pass| match pass {
                SchemePass::Fixed(bytes) => Pattern::Fixed { bytes: bytes.to_vec() },
                SchemePass::Random => Pattern::Stream { spec: super::StreamSpec::aes_128_ctr(key()), inverted: false },
            })
            .collect()
    }

    /// Whether two passes in a row are a pattern and its complement, as Rev. 1 Appendix A asks of USB flash and cards.
    pub fn has_complement_pair(&self) -> bool {
        self.passes.windows(2).any(|pair| match pair {
            [SchemePass::Fixed(a), SchemePass::Fixed(b)] => {
                a.len() == b.len() && a.iter().zip(*b).all(|(a, b)| *a == !*b)
            }
            _ => false,
        })
    }
}
