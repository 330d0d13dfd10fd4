//! The seekable stream: AES-128 in counter mode, the counter block being the byte offset divided by 16, big-endian.

use aes::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use serde::{Deserialize, Serialize};

use super::Pattern;

type Keystream = ctr::Ctr64BE<aes::Aes128>;

/// Algorithm and key of a stream: all that is needed to regenerate any block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
            || !self.key.bytes().all(|digit| digit.is_ascii_hexdigit())
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
}

enum Kind {
    /// The pattern repeated: whole periods, as many as make about [`PIECE`] bytes, and one more to begin within.
    Fixed {
        template: Vec<u8>,
        period: usize,
    },
    Stream {
        cipher: Box<Keystream>,
        inverted: bool,
        scratch: Vec<u8>,
    },
}

/// What is regenerated and compared at once: stays in the first levels of cache.
const PIECE: usize = 32 << 10;

impl Filler {
    /// A filler for `pattern`; `None` for a fixed pattern that is empty or longer than 16 bytes, or a stream that this version
    /// can't regenerate.
    pub fn new(pattern: &Pattern) -> Option<Self> {
        let kind = match pattern {
            Pattern::Fixed { bytes } if bytes.is_empty() || bytes.len() > 16 => return None,
            Pattern::Fixed { bytes } => {
                let period = bytes.len();
                Kind::Fixed { template: bytes.repeat(PIECE / period + 1), period }
            }
            Pattern::Stream { spec, inverted } => Kind::Stream {
                cipher: Box::new(Keystream::new(&spec.key_bytes()?.into(), &[0; 16].into())),
                inverted: *inverted,
                scratch: vec![0; PIECE],
            },
        };
        Some(Filler { kind })
    }

    /// Whether every logical block of this size has the same content, so that a buffer needs to be filled only once.
    pub fn is_steady(&self, logical_block: u32) -> bool {
        match &self.kind {
            Kind::Fixed { period, .. } => u64::from(logical_block).is_multiple_of(*period as u64),
            Kind::Stream { .. } => false,
        }
    }

    /// Writes the pattern's bytes at `offset` into `buffer`.
    pub fn fill(&mut self, offset: u64, buffer: &mut [u8]) {
        match &mut self.kind {
            Kind::Fixed { template, period } => {
                let (whole, start) = window(template, *period, offset);
                for piece in buffer.chunks_mut(whole) {
                    piece.copy_from_slice(&template[start..start + piece.len()]);
                }
            }
            Kind::Stream { cipher, inverted, .. } => stream(cipher, *inverted, offset, buffer),
        }
    }

    /// Whether `buffer` holds the pattern's bytes at `offset`.
    pub fn matches(&mut self, offset: u64, buffer: &[u8]) -> bool {
        match &mut self.kind {
            Kind::Fixed { template, period } => {
                let (whole, start) = window(template, *period, offset);
                buffer.chunks(whole).all(|piece| piece == &template[start..start + piece.len()])
            }
            Kind::Stream { cipher, inverted, scratch } => {
                let mut at = offset;
                buffer.chunks(scratch.len()).all(|piece| {
                    let expected = &mut scratch[..piece.len()];
                    stream(cipher, *inverted, at, expected);
                    at += piece.len() as u64;
                    expected == piece
                })
            }
        }
    }
}

/// Length of the whole periods in the template, and where in it the pattern at `offset` begins. Pieces of that length begin
/// at the same place.
fn window(template: &[u8], period: usize, offset: u64) -> (usize, usize) {
    (template.len() - period, usize::try_from(offset % period as u64).unwrap_or(0))
}

fn stream(cipher: &mut Keystream, inverted: bool, offset: u64, buffer: &mut [u8]) {
    // `write_keystream` runs at twice the speed of `apply_keystream`.
    cipher.seek(offset);
    for piece in buffer.chunks_mut(PIECE) {
        cipher.write_keystream(piece);
        if inverted {
            piece.iter_mut().for_each(|byte| *byte = !*byte);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use proptest::prelude::*;

    use super::*;

    const KEY: [u8; 16] = [0, 17, 34, 51, 68, 85, 102, 119, 136, 153, 170, 187, 204, 221, 238, 255];

    fn random(inverted: bool) -> Pattern {
        Pattern::Stream { spec: StreamSpec::aes_128_ctr(KEY), inverted }
    }

    fn filled(pattern: &Pattern, offset: u64, bytes: usize) -> Vec<u8> {
        let mut buffer = vec![0xEE; bytes];
        Filler::new(pattern).unwrap().fill(offset, &mut buffer);
        buffer
    }

    /// What openssl makes of it: zeros, encrypted from counter offset / 16 on.
    fn openssl(offset: u64, bytes: usize) -> Vec<u8> {
        let (counter, skip) = (format!("{:032x}", offset / 16), usize::try_from(offset % 16).unwrap());
        let key: String = KEY.iter().map(|b| format!("{b:02x}")).collect();
        let mut child = Command::new("openssl")
            .args(["enc", "-aes-128-ctr", "-K", &key, "-iv", &counter])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&vec![0; skip + bytes]).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        output.stdout[skip..].to_vec()
    }

    #[test]
    fn openssl_makes_the_same_stream_at_any_offset() {
        if !crate::skip::programs(&["openssl"]) {
            return;
        }
        let near = [0, 1, 15, 16, 511, 4096, 123_456_789];
        let far = [(1 << 36) - 16, 1 << 36, (1 << 36) + 7, (1 << 40) + 12_345, (1 << 47) + 4096, (1 << 62) + 3];
        for offset in near.into_iter().chain(far) {
            assert_eq!(filled(&random(false), offset, 100_003), openssl(offset, 100_003), "offset {offset}");
        }
    }

    #[test]
    fn fixed_patterns_repeat_from_offset_0_on() {
        let pattern = Pattern::Fixed { bytes: vec![0x92, 0x49, 0x24] };
        for offset in [0, 1, 2, 3, 4095, 1 << 40, u64::MAX - 200_000] {
            for (byte, at) in filled(&pattern, offset, 100_001).iter().zip(offset..) {
                assert_eq!(*byte, [0x92, 0x49, 0x24][usize::try_from(at % 3).unwrap()], "byte {at} from {offset}");
            }
        }
        assert!(filled(&Pattern::zeros(), 5, 70_000).iter().all(|byte| *byte == 0));
    }

    #[test]
    fn content_is_steady_where_the_period_divides_the_block() {
        let steady =
            |bytes: usize, block| Filler::new(&Pattern::Fixed { bytes: vec![1; bytes] }).unwrap().is_steady(block);
        assert!([1, 2, 4, 8, 16].into_iter().all(|bytes| steady(bytes, 512)));
        assert!([3, 5, 6, 7, 9, 12, 15].into_iter().all(|bytes| !steady(bytes, 512)));
        assert!(!Filler::new(&random(false)).unwrap().is_steady(512));
    }

    #[test]
    fn what_can_not_be_regenerated_has_no_filler() {
        let spec = |change: &dyn Fn(&mut StreamSpec)| {
            let mut spec = StreamSpec::aes_128_ctr(KEY);
            change(&mut spec);
            Pattern::Stream { spec, inverted: false }
        };
        for pattern in [
            Pattern::Fixed { bytes: vec![] },
            Pattern::Fixed { bytes: vec![1; 17] },
            spec(&|s| s.algorithm = "aes-256-ctr".into()),
            spec(&|s| s.counter = "little-endian".into()),
            spec(&|s| s.key.push('0')),
            spec(&|s| s.key.replace_range(0..2, "+1")),
            spec(&|s| s.key.replace_range(0..2, "é")),
        ] {
            assert!(Filler::new(&pattern).is_none(), "{pattern:?}");
        }
    }

    fn patterns() -> impl Strategy<Value = Pattern> {
        prop_oneof![
            any::<bool>().prop_map(random),
            prop::collection::vec(any::<u8>(), 1..=16).prop_map(|bytes| Pattern::Fixed { bytes }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_split_gives_the_same_bytes(
            pattern in patterns(), offset in 0..u64::MAX / 2, cuts in prop::collection::vec(0usize..100_000, 0..6),
        ) {
            let whole = filled(&pattern, offset, 100_000);
            let mut filler = Filler::new(&pattern).unwrap();
            let (mut cuts, mut from) = (cuts, 0);
            cuts.push(100_000);
            cuts.sort_unstable();
            let mut pieces = vec![0; 100_000];
            for cut in cuts {
                filler.fill(offset + from as u64, &mut pieces[from..cut]);
                prop_assert!(filler.matches(offset + from as u64, &whole[from..cut]));
                from = cut;
            }
            prop_assert!(pieces == whole);
        }

        #[test]
        fn every_changed_bit_is_seen(pattern in patterns(), offset: u32, at in 0usize..100_000, bit in 0u8..8) {
            let mut buffer = filled(&pattern, u64::from(offset), 100_000);
            let mut filler = Filler::new(&pattern).unwrap();
            prop_assert!(filler.matches(u64::from(offset), &buffer));
            buffer[at] ^= 1 << bit;
            prop_assert!(!filler.matches(u64::from(offset), &buffer));
        }

        #[test]
        fn a_complement_is_each_bit_inverted(pattern in patterns(), offset: u32) {
            let straight = filled(&pattern, u64::from(offset), 5_000);
            let inverted = filled(&pattern.complement(), u64::from(offset), 5_000);
            prop_assert!(straight.iter().zip(&inverted).all(|(a, b)| *a == !*b));
        }
    }
}
