//! The fuzzing corpora, replayed on every run, with random changes: every parser of foreign bytes takes what it should,
//! refuses the rest, and never panics. `tests/fuzz` holds the targets that search for more.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "fuzz/entries.rs"]
mod entries;

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut seeds: Vec<_> = std::fs::read_dir(&directory)
        .unwrap_or_else(|e| panic!("{}: {e}", directory.display()))
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())
        })
        .collect();
    seeds.sort();
    seeds
}

#[test]
fn each_seed_named_good_is_taken_and_every_other_is_refused() {
    for (target, entry) in entries::ALL {
        let seeds = seeds(target);
        let (good, bad): (Vec<_>, Vec<_>) = seeds.iter().partition(|(name, _)| name.starts_with("good"));
        assert!(!good.is_empty() && !bad.is_empty(), "{target} needs seeds of both kinds");
        good.iter().for_each(|(name, bytes)| assert!(entry(bytes), "{target}/{name}"));
        bad.iter().for_each(|(name, bytes)| assert!(!entry(bytes), "{target}/{name}"));
    }
}

#[test]
fn random_bytes_and_changed_seeds_never_panic() {
    for (target, entry) in entries::ALL {
        let seeds = seeds(target);
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
        runner
            .run(&prop::collection::vec(any::<u8>(), 0..2048), |bytes| {
                entry(&bytes);
                Ok(())
            })
            .unwrap_or_else(|e| panic!("{target}: {e}"));
        let change = (0..seeds.len(), any::<prop::sample::Index>(), any::<u8>(), 0..4u8, 0..64usize);
        runner
            .run(&prop::collection::vec(change, 1..6), |changes| {
                let mut bytes = seeds[changes[0].0].1.clone();
                for (_, at, byte, how, length) in changes {
                    let at = at.index(bytes.len() + 1);
                    let end = (at + length).min(bytes.len());
                    match how {
                        0 if at < bytes.len() => bytes[at] = byte,
                        1 => bytes.insert(at, byte),
                        2 => drop(bytes.drain(at..end)),
                        _ => bytes.extend_from_within(at..end),
                    }
                }
                entry(&bytes);
                Ok(())
            })
            .unwrap_or_else(|e| panic!("{target}: {e}"));
    }
}
