//! Documents and keys, by outside hands: what other programs say of the PDF, its signatures and its time stamps, with each kind of
//! key; and what `certificate check` says of documents that were tampered with.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

#[path = "documents/bench.rs"]
mod bench;
#[path = "documents/checks.rs"]
mod checks;
#[path = "documents/keys.rs"]
mod keys;
#[path = "documents/mutations.rs"]
mod mutations;
#[path = "documents/outside.rs"]
mod outside;
#[path = "documents/outside_pdf.rs"]
mod outside_pdf;
#[path = "documents/paper.rs"]
mod paper;
#[path = "documents/papers.rs"]
#[allow(dead_code)]
mod papers;
mod support;
#[path = "documents/verifiers.rs"]
mod verifiers;
