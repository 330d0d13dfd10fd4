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
    /// Which bytes were chosen where sources conflict or leave them open, and what else the scheme asks for; may be empty.
    pub note: &'static str,
}

impl Scheme {
    /// Every scheme.
    pub fn all() -> &'static [Scheme] {
        super::table::ALL
    }

    /// The scheme of that name.
    pub fn named(name: &str) -> Option<&'static Scheme> {
        Self::all().iter().find(|s| s.name == name)
    }

    /// The exact passes, in order: `00, ff, random`; runs of the same pass as `random ×4`.
    pub fn passes_text(&self) -> String {
        let mut runs: Vec<(&SchemePass, usize)> = Vec::new();
        for pass in self.passes {
            match runs.last_mut() {
                Some((last, count)) if *last == pass => *count += 1,
                _ => runs.push((pass, 1)),
            }
        }
        let text = |(pass, count): &(&SchemePass, usize)| {
            let name = match pass {
                SchemePass::Fixed(bytes) => bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" "),
                SchemePass::Random => "random".into(),
            };
            if *count > 1 { format!("{name} ×{count}") } else { name }
        };
        runs.iter().map(text).collect::<Vec<_>>().join(", ")
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_passes_of_every_scheme_are_those_of_the_table() {
        let expected = [
            ("dod-e", 3, "00, ff, random"),
            ("dod-ece", 7, "00, ff, random, 96, 00, ff, random"),
            ("hmg-is5-baseline", 1, "00"),
            ("hmg-is5-enhanced", 3, "00, ff, random"),
            ("rcmp-ops-ii", 7, "00, ff, 00, ff, 00, ff, random"),
            ("itsg-06", 3, "00, ff, random"),
            ("vsitr", 7, "00, ff, 00, ff, 00, ff, aa"),
            ("schneier", 7, "ff, 00, random ×5"),
            (
                "gutmann",
                35,
                "random ×4, 55, aa, 92 49 24, 49 24 92, 24 92 49, 00, 11, 22, 33, 44, 55, 66, 77, 88, 99, aa, bb, cc, dd, \
                 ee, ff, 92 49 24, 49 24 92, 24 92 49, 6d b6 db, b6 db 6d, db 6d b6, random ×4",
            ),
            ("gost", 2, "00, random"),
            ("bmb21", 6, "ff, 00, random ×3, ff"),
        ];
        assert_eq!(Scheme::all().len(), expected.len());
        for (scheme, (name, count, passes)) in Scheme::all().iter().zip(expected) {
            assert_eq!((scheme.name, scheme.passes.len(), scheme.passes_text().as_str()), (name, count, passes));
            assert!(scheme.title.ends_with("(legacy scheme; NIST level: Clear)"), "{}", scheme.title);
            assert_eq!(Scheme::named(name), Some(scheme));
        }
        assert_eq!(Scheme::named("dod"), None);
    }

    #[test]
    fn every_random_pass_gets_a_key_of_its_own_and_fixed_ones_their_bytes() {
        for scheme in Scheme::all() {
            let mut drawn = 0u8;
            let patterns = scheme.patterns(|| {
                drawn += 1;
                [drawn; 16]
            });
            let mut keys = 0;
            for (pass, pattern) in scheme.passes.iter().zip(&patterns) {
                match (pass, pattern) {
                    (SchemePass::Fixed(bytes), Pattern::Fixed { bytes: written }) => assert_eq!(bytes, written),
                    (SchemePass::Random, Pattern::Stream { spec, inverted: false }) => {
                        keys += 1;
                        assert_eq!(spec.key_bytes(), Some([keys; 16]));
                    }
                    other => unreachable!("{other:?}"),
                }
            }
            assert_eq!((patterns.len(), keys), (scheme.passes.len(), drawn));
        }
    }

    #[test]
    fn a_complement_pair_is_two_fixed_passes_in_a_row() {
        let with =
            ["dod-e", "dod-ece", "hmg-is5-enhanced", "rcmp-ops-ii", "itsg-06", "vsitr", "schneier", "gutmann", "bmb21"];
        for scheme in Scheme::all() {
            assert_eq!(scheme.has_complement_pair(), with.contains(&scheme.name), "{}", scheme.name);
        }
    }
}
