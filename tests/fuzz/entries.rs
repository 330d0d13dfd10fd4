//! What each fuzz target does with its bytes; tests/fuzz_corpus.rs replays the corpora through the same functions. An entry
//! answers whether the bytes were taken for what they should be, and panics where something holds that must not.
#![allow(dead_code)]

use radera::certificate::{Trust, contradiction, verify_signature};
use radera::document::{canonical_bytes, parse};
use radera::outcome::Status;
use radera::{device, media};

/// The document that the seeds of `p7s` sign.
pub const SIGNED: &[u8] = br#"{"kind":"fuzz"}"#;

/// Bytes, and the entry that takes them.
pub type Entry = fn(&[u8]) -> bool;

/// Every entry by the name of its target and corpus.
pub const ALL: &[(&str, Entry)] = &[
    ("record", record),
    ("p7s", p7s),
    ("certificate_file", certificate_file),
    ("signatures", signatures),
    ("mountinfo", mountinfo),
    ("swaps", swaps),
];

/// A record: parsed, held against itself, written again to the same bytes.
pub fn record(data: &[u8]) -> bool {
    let Ok(record) = parse(data) else { return false };
    assert_eq!(canonical_bytes(&record).expect("what was read can be written"), data);
    let contradicts = contradiction(&record).is_some();
    if !contradicts && record.status == Status::Sanitized {
        assert!(record.exceptions.is_empty() && record.exceptions_left_out == 0);
        assert!(record.passes.iter().all(|pass| pass.complete && pass.bytes_written == record.scope.bytes));
        assert_eq!(record.verification.bytes_read, record.verification.bytes_planned);
    }
    !contradicts
}

/// A signature: no two of them hold for one document, one key and one moment, since none of its bytes is free.
pub fn p7s(data: &[u8]) -> bool {
    let Ok(found) = verify_signature(SIGNED, data) else { return false };
    assert_eq!(data, include_bytes!("corpus/p7s/good"), "another signature holds, by {}", found.fingerprint);
    true
}

/// A file of certificates: each of them is read again as itself.
pub fn certificate_file(data: &[u8]) -> bool {
    let Ok(trust) = Trust::from_bytes(data) else { return false };
    assert!(!trust.certificates.is_empty() && trust.fingerprints.is_empty());
    for der in &trust.certificates {
        assert_eq!(Trust::from_bytes(der).expect("it was one").certificates.as_slice(), std::slice::from_ref(der));
    }
    true
}

/// A device, given as its size in MiB (two bytes, little-endian) and patches of zeros: offset (four bytes), length (two bytes),
/// bytes. A patch at an offset from 2^31 on is a hole that can't be read.
pub fn signatures(data: &[u8]) -> bool {
    let Some((size, mut rest)) = data.split_first_chunk::<2>() else { return false };
    let size = u64::from(u16::from_le_bytes(*size)) << 20;
    let mut patches = Vec::new();
    while let Some((head, after)) = rest.split_first_chunk::<6>() {
        let [a, b, c, d, length @ ..] = *head;
        let length = usize::from(u16::from_le_bytes(length)).min(after.len());
        let (bytes, after) = after.split_at(length);
        patches.push((u64::from(u32::from_le_bytes([a, b, c, d])), bytes));
        rest = after;
    }
    let mut read = |offset: u64, bytes: usize| {
        assert!(offset.checked_add(bytes as u64).is_some_and(|end| end <= size), "read outside the device");
        assert!(bytes <= 64 << 20, "a window of {bytes} bytes");
        let mut window = vec![0; bytes];
        for (at, patch) in &patches {
            let (at, hole) = (at & 0x7fff_ffff, at >> 31 == 1);
            for (i, byte) in patch.iter().enumerate() {
                let index = (at + i as u64).checked_sub(offset).and_then(|i| usize::try_from(i).ok());
                if let Some(slot) = index.and_then(|index| window.get_mut(index)) {
                    if hole {
                        return None;
                    }
                    *slot = *byte;
                }
            }
        }
        Some(window)
    };
    let found: Vec<media::Signature> = device::detect_signatures(&mut read, size);
    for (at, signature) in found.iter().enumerate() {
        assert!(!signature.kind.is_empty() && !found[..at].contains(signature), "named twice: {signature:?}");
    }
    !found.is_empty()
}

/// `/proc/PID/mountinfo`: every line is a mount, or the whole is refused.
pub fn mountinfo(data: &[u8]) -> bool {
    let Ok(mounts) = device::parse_mountinfo(data) else { return false };
    assert_eq!(mounts.len(), filled_lines(data));
    !mounts.is_empty()
}

/// `/proc/swaps`: every line but the first is a swap area, or the whole is refused.
pub fn swaps(data: &[u8]) -> bool {
    let Ok(swaps) = device::parse_swaps(data) else { return false };
    assert_eq!(swaps.len(), filled_lines(data).saturating_sub(1));
    !swaps.is_empty()
}

fn filled_lines(data: &[u8]) -> usize {
    data.split(|b| *b == b'\n').filter(|line| !line.is_empty()).count()
}
