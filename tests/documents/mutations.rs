//! Random changes of covered bytes: none checks out, none is a panic. 500 of each document; 10,000 in a campaign.

use std::path::Path;

use super::bench::{Bench, Document, Key};
use super::support::pki::Holder;
use super::support::pyhanko;
use super::support::random::Dice;

/// Exit code of `certificate check` with everybody trusted; its panic is this test's.
///
/// Through the library, since a process each would take hours. The library trusts what the command line would be given.
fn checked(file: &Path, trust: &radera::certificate::Trust) -> u8 {
    radera::check::check(file, trust, &[]).map_or(7, |found| found.exit_code as u8)
}

/// How many changes of each file.
fn rounds() -> usize {
    if std::env::var_os("RADERA_CAMPAIGN").is_some() { 10_000 } else { 500 }
}

/// Whether the byte at an offset is covered.
type Covered<'a> = &'a dyn Fn(usize) -> bool;

/// One random change of covered bytes.
fn changed(good: &[u8], dice: &mut Dice, covered: Covered) -> Vec<u8> {
    loop {
        let at = dice.below(good.len() as u64) as usize;
        if !covered(at) {
            continue;
        }
        let mut bytes = good.to_vec();
        match dice.below(6) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = dice.below(256) as u8,
            2 => bytes.insert(at, dice.below(256) as u8),
            3 => drop(bytes.remove(at)),
            4 => bytes.swap(at, (at + 1).min(good.len() - 1)),
            _ => {
                // A run, overwritten by another of the same file.
                let length = 1 + dice.below(64) as usize;
                let from = dice.below(good.len() as u64) as usize;
                let length = length.min(good.len() - at).min(good.len() - from);
                if !(at..at + length).all(covered) {
                    continue;
                }
                bytes[at..at + length].copy_from_slice(&good[from..from + length]);
            }
        }
        // A neighbour that was swapped may be free.
        if bytes != good && (bytes.len() != good.len() || (0..good.len()).any(|i| bytes[i] != good[i] && covered(i))) {
            return bytes;
        }
    }
}

/// Where the statement of a time-stamp token (TSTInfo, RFC 3161 2.4.2) stands.
fn time_in(signature: &[u8], token: usize) -> std::ops::Range<usize> {
    const TST_INFO: [u8; 13] = [0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
    let after = token + signature[token..].windows(13).position(|w| w == TST_INFO).expect("a TSTInfo") + 13;
    // Tag and length of the explicit tag, then of the octets.
    let value = |at: usize| match signature[at + 1] {
        short @ ..=0x7f => (at + 2, usize::from(short)),
        0x81 => (at + 3, usize::from(signature[at + 2])),
        _ => (at + 4, usize::from(signature[at + 2]) << 8 | usize::from(signature[at + 3])),
    };
    let (first, length) = value(value(after).0);
    first..first + length
}

fn none_checks_out(bench: &Bench, document: &Document) {
    let mut dice = Dice::new();
    let mut trust = radera::certificate::Trust::load(bench.root().to_str().unwrap()).unwrap();
    trust.add(radera::certificate::Trust::load(bench.tsa.root.to_str().unwrap()).unwrap());
    let spoilt = document.copy(&bench.directory("spoilt"));
    let (hole, _) = pyhanko::extract(&document.pdf, &bench.at("signature"));
    let all = |_: usize| true;
    // The hole's digits are the CMS that the file beside the JSON has too; the padding after them covers nothing.
    let outside_the_hole = |at: usize| !hole.contains(&at);
    let signature = std::fs::read(&document.p7s).unwrap();
    // Of a time stamp, what its authority says is covered; docs/certificate-format.md tells what is not.
    let stamp = bench.at("stamp-token");
    let token = pyhanko::stamp_token(&document.p7s, &stamp).then(|| std::fs::read(&stamp).unwrap());
    let token = token.map(|token| {
        let first = signature.windows(token.len()).position(|w| w == token).expect("the token stands in the signature");
        (first..first + token.len(), time_in(&signature, first))
    });
    let not_offered = |at: usize| token.as_ref().is_none_or(|(all, time)| !all.contains(&at) || time.contains(&at));
    let files: [(&Path, &Path, &Path, Covered); 3] = [
        (&document.json, &spoilt.json, &spoilt.json, &all),
        (&document.p7s, &spoilt.p7s, &spoilt.json, &not_offered),
        (&document.pdf, &spoilt.pdf, &spoilt.pdf, &outside_the_hole),
    ];
    for (good_file, file, asked, covered) in files {
        let good = std::fs::read(good_file).unwrap();
        let first = checked(asked, &trust);
        assert!([0, 8].contains(&first), "the unchanged {} checks out: {first}", asked.display());
        for round in 0..rounds() {
            let bytes = changed(&good, &mut dice, covered);
            std::fs::write(file, &bytes).unwrap();
            let code = checked(asked, &trust);
            let at = (0..good.len().min(bytes.len())).find(|i| good[*i] != bytes[*i]);
            let told = || {
                let found = radera::check::check(asked, &trust, &[]).unwrap();
                found.findings.iter().map(radera::words::Finding::english).collect::<Vec<_>>().join("\n")
            };
            let file = file.display();
            assert_eq!(code, 7, "RADERA_TEST_SEED={}: round {round} of {file}, byte {at:?}: {}", dice.seed, told());
        }
        std::fs::write(file, &good).unwrap();
    }
}

#[test]
fn no_mutation_of_an_own_key_s_document_checks_out() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    none_checks_out(&bench, &bench.close(&[]));
}

#[test]
fn no_mutation_of_a_stamped_document_under_a_chain_checks_out() {
    let Some(bench) = Bench::judged(Key::Imported(Holder::Organisation)) else { return };
    none_checks_out(&bench, &bench.close_stamped());
}
