mod geometry;
mod hostile;
mod map;
mod same;
mod sample;
mod show;
mod size;
mod snapshot;

use super::layout::Sheet;
use super::subject::Subject;
use super::{Form, Source, pages};
use crate::conformity::Language;

const FORMS: [Form; 3] = [Form::Full, Form::Sheet, Form::Label];

/// The pages of a sample, as they are before they are drawn.
fn laid_out(sample: &sample::Sample, language: Language, form: Form) -> Sheet {
    let subject = Subject::read(&sample.json, sample.annex.as_deref()).unwrap();
    pages(&subject, language, form, &"5a".repeat(32))
}

fn source(sample: &sample::Sample) -> Source<'_> {
    Source { json: &sample.json, signature: None, annex: sample.annex.as_deref() }
}
