//! How long many media take: figures, not a test that could fail for a slow machine.

use std::time::Instant;

use super::sample::{LANGUAGES, many};
use super::source;
use crate::paper::{Form, render};

/// Most memory that the process held, in MiB, where the kernel tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// `cargo test --release --lib paper::tests::size -- --ignored --nocapture`
#[test]
#[ignore = "prints figures"]
fn five_hundred_media() {
    for count in [10, 100, 500] {
        let sample = many(count);
        let before = peak();
        let begun = Instant::now();
        let pdf = render(&source(&sample), LANGUAGES[0], Form::Full).unwrap();
        let time = begun.elapsed();
        println!(
            "{count} media: {time:?}, PDF {} KiB, JSON {} KiB, peak {before:?} -> {:?} MiB",
            pdf.len() >> 10,
            sample.json.len() >> 10,
            peak()
        );
        if let Some(to) = std::env::var_os("RADERA_SHOW") {
            std::fs::write(std::path::Path::new(&to).join(format!("many-{count}.pdf")), pdf).unwrap();
        }
    }
}
