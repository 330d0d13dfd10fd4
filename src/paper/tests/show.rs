//! Writes every sample to a directory, to be looked at.

use std::path::PathBuf;

use super::sample::{LANGUAGES, all};
use crate::paper::{Form, Source, render};

/// `RADERA_SHOW=DIR cargo test --lib paper::tests::show -- --ignored`
#[test]
#[ignore = "writes files for people to look at"]
fn every_sample() {
    let Some(to) = std::env::var_os("RADERA_SHOW").map(PathBuf::from) else { return };
    for (name, sample) in all() {
        for language in LANGUAGES {
            for form in [Form::Full, Form::Sheet, Form::Label] {
                let source = Source { json: &sample.json, signature: None, annex: sample.annex.as_deref() };
                let pdf = render(&source, language, form).unwrap();
                std::fs::write(to.join(format!("{name}.{}.{}.pdf", form.name(), language.name())), pdf).unwrap();
            }
        }
    }
}
