//! Tests of the module as a whole.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, clippy::cast_precision_loss)]

mod append;
mod attacks;
mod hostile;
mod others;
mod sample;
mod signed;

use super::*;

/// A signature's other words.
fn dictionary() -> Dictionary {
    Dictionary {
        at: 1_795_341_600,
        name: "Ældre Udstyr ApS (œ)".into(),
        reason: "Sletteerklæring".into(),
        location: Some("Malmö".into()),
        time_stamp: Some("https://tsa.example.org/tsr".into()),
    }
}

/// A DER sequence of `length` bytes over all, from 4.
fn der(length: usize) -> Vec<u8> {
    let inside = length - 4;
    [vec![0x30, 0x82, (inside >> 8) as u8, inside as u8], vec![0xa5; inside]].concat()
}

/// A file of one page with a signature of ours.
fn signed(tagged: bool) -> Vec<u8> {
    let base = sample::pdf(1, "erklæring.json", sample::JSON, tagged);
    prepare(&base, &dictionary(), 400).unwrap().complete(&der(300)).unwrap()
}
