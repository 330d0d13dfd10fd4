//! No text leaves its page, and no two lie upon each other: of every sample, in every language and form, whatever names there are.

use super::sample::{self, LANGUAGES, Sample, all};
use super::{FORMS, laid_out};
use crate::document::Record;
use crate::paper::layout::sheet::{Area, Page};
use crate::paper::layout::{LABEL, Mark, Sheet, font};
use crate::paper::{Form, Line, Report, Section, report};

/// Half a hundredth of a millimetre: what adding up floating-point numbers may cost.
const SLACK: f32 = 0.015;

/// Part of the em that the faces reach below the baseline.
const DESCENT: f32 = 0.212;

/// The box that a mark of text fills: from the top of its line to the bottom.
fn text_box(mark: &Mark) -> Option<Area> {
    let Mark::Text { x, y, style, line } = mark else { return None };
    let height = style.size * (font::ASCENT + DESCENT);
    Some(Area { x: *x, y: y - style.size * font::ASCENT, width: line.width, height })
}

fn apart(a: &Area, b: &Area) -> bool {
    a.x + a.width <= b.x + SLACK
        || b.x + b.width <= a.x + SLACK
        || a.y + a.height <= b.y + SLACK
        || b.y + b.height <= a.y + SLACK
}

fn texts(page: &Page) -> Vec<(Area, &str)> {
    fn text(mark: &Mark) -> Option<(Area, &str)> {
        match mark {
            Mark::Text { line, .. } => Some((text_box(mark)?, line.text.as_str())),
            _ => None,
        }
    }
    page.drawn.iter().filter_map(|drawn| text(&drawn.mark)).collect()
}

/// What is wrong with the pages.
fn faults(sheet: &Sheet) -> Vec<String> {
    let mut faults = Vec::new();
    let side = sheet.frame.side;
    for (number, page) in sheet.pages.iter().enumerate() {
        let mut texts = texts(page);
        for (at, text) in &texts {
            let inside = at.x >= side - SLACK
                && at.x + at.width <= page.width - side + SLACK
                && at.y >= 5.0
                && at.y + at.height <= page.height - 5.0;
            if !inside {
                faults.push(format!("page {number}: {text:?} leaves it: {at:?}"));
            }
        }
        for drawn in &page.drawn {
            let areas: Vec<Area> = match &drawn.mark {
                Mark::Fill(_, areas) => areas.clone(),
                Mark::Lines(_, _, lines) => lines
                    .iter()
                    .map(|[a, b, c, d]| Area {
                        x: a.min(*c),
                        y: b.min(*d),
                        width: (a - c).abs(),
                        height: (b - d).abs(),
                    })
                    .collect(),
                Mark::Text { .. } => Vec::new(),
            };
            let out =
                |at: &Area| at.x < 0.0 || at.y < 0.0 || at.x + at.width > page.width || at.y + at.height > page.height;
            faults.extend(areas.into_iter().filter(out).map(|at| format!("page {number}: a figure leaves it: {at:?}")));
        }
        texts.sort_by(|a, b| a.0.y.total_cmp(&b.0.y));
        for (index, (a, one)) in texts.iter().enumerate() {
            let near = texts[index + 1..].iter().take_while(|(b, _)| b.y < a.y + a.height);
            for (b, other) in near.filter(|(b, _)| !apart(a, b)) {
                faults.push(format!("page {number}: {one:?} and {other:?} lie upon each other: {a:?} {b:?}"));
            }
        }
    }
    faults
}

fn assert_sound(name: &str, sample: &Sample) {
    for language in LANGUAGES {
        for form in FORMS {
            let faults = faults(&laid_out(sample, language, form));
            assert!(faults.is_empty(), "{name}, {language:?}, {form:?}:\n{}", faults.join("\n"));
        }
    }
}

#[test]
fn the_test_sees_texts_that_overlap_or_leave_the_page() {
    let good = laid_out(&sample::of(&sample::disk(1)), LANGUAGES[0], Form::Full);
    assert!(faults(&good).is_empty());
    for (dx, dy) in [(500.0, 0.0), (0.0, 800.0), (0.0, 8.0)] {
        let mut moved = good.clone();
        let page = &mut moved.pages[1];
        let text = page.drawn.iter_mut().find_map(|drawn| match &mut drawn.mark {
            Mark::Text { x, y, line, .. } if line.text == "Seagate" => Some((x, y)),
            _ => None,
        });
        let (x, y) = text.unwrap();
        (*x, *y) = (*x + dx, *y + dy);
        assert!(!faults(&moved).is_empty(), "{dx} {dy}");
    }
}

#[test]
fn every_sample_keeps_to_its_pages() {
    for (name, sample) in all() {
        assert_sound(name, &sample);
    }
}

/// Names that nobody has, and that somebody will try.
const HOSTILE: [&str; 8] = [
    "",
    "x",
    "名前がとても長い会社名株式会社",
    "\u{202e}gnp.exe\u{202c}\u{200b}\u{2066}abc\u{2069}\u{feff}",
    "a\u{301}\u{302}\u{303}e\u{308}\u{20dd}",
    "👩\u{200d}💻 \u{1f1e9}\u{1f1f0}",
    "line\nline\ttab\u{0}\u{7}\u{1b}[31m",
    "   spaces    \u{a0}\u{a0}\u{a0} everywhere   ",
];

fn hostile() -> Vec<String> {
    let mut all: Vec<String> = HOSTILE.iter().map(|text| text.to_string()).collect();
    all.push("W".repeat(500));
    all.push("Åse-".repeat(125));
    all.push("et ord ".repeat(80));
    all.push("名".repeat(500));
    all
}

fn with_names(mut record: Record, name: &str) -> Record {
    let some = Some(name.to_string());
    let medium = &mut record.medium;
    (medium.vendor, medium.model, medium.serial) = (some.clone(), some.clone(), some.clone());
    (medium.firmware, medium.wwn, medium.serial_source) = (some.clone(), some.clone(), some.clone());
    (medium.path, medium.bus, medium.rotation) = (name.into(), name.into(), name.into());
    (record.operator, record.instruction, record.property) = (some.clone(), some.clone(), some.clone());
    (record.case, record.job, record.supersedes) = (some.clone(), name.into(), some.clone());
    (record.statement, record.validation) = (name.into(), name.into());
    record.standards = vec![name.into(); 3];
    (record.verification.statement, record.verification.status) = (name.into(), name.into());
    (record.tool.name, record.tool.version, record.tool.digest) = (name.into(), name.into(), name.into());
    (record.signer.name, record.signer.time_stamp) = (some.clone(), some.clone());
    (record.signer.fingerprint, record.started) = (name.into(), name.into());
    let session = &mut record.sessions[0];
    (session.started, session.finished, session.end) = (name.into(), some.clone(), name.into());
    (session.detail, session.engine) = (name.into(), some);
    record
}

#[test]
fn a_record_full_of_hostile_names_keeps_to_its_pages() {
    for name in hostile() {
        assert_sound(&name, &sample::of(&with_names(sample::bad_disk(5), &name)));
        let mut drive = with_names(sample::drive(), &name);
        let command = drive.command.as_mut().unwrap();
        (command.resets, command.reached) = (vec![name.clone(); 2], vec![name.clone(); 2]);
        for exchange in &mut command.exchanges {
            (exchange.command, exchange.sent) = (name.clone(), name.clone());
            (exchange.answer, exchange.received) = (name.clone(), Some(name.clone()));
        }
        assert_sound(&name, &sample::of(&drive));
    }
}

#[test]
fn a_certificate_full_of_hostile_names_keeps_to_its_pages() {
    for name in hostile() {
        let (mut case, evidence) = sample::case();
        for party in [&mut case.controller, &mut case.processor] {
            (party.name, party.address) = (name.clone(), name.clone());
            (party.country, party.number) = (name.clone(), name.clone());
        }
        let person = case.roles.operator.as_mut().unwrap();
        (person.name, person.title, person.authority) = (name.clone(), name.clone(), Some(name.clone()));
        let main = case.agreements.main.as_mut().unwrap();
        (main.title, main.reference) = (name.clone(), Some(name.clone()));
        case.instruction.as_mut().unwrap().reference = name.clone();
        for item in &mut case.items {
            (item.description, item.asset) = (name.clone(), Some(name.clone()));
        }
        let destroyed = case.items[2].destroyed.as_mut().unwrap();
        (destroyed.by, destroyed.witness, destroyed.place) = (name.clone(), name.clone(), name.clone());
        let record = with_names(sample::disk(1), &name);
        assert_sound(&name, &sample::certificate(case, &evidence, &[record], false));
    }
}

#[test]
fn none_one_and_six_hundred_items_and_a_thousand_exceptions() {
    let (mut case, evidence) = sample::case();
    let one = case.items[0].clone();
    for count in [0, 1, 600] {
        case.items = (0..count).map(|at| crate::conformity::Item { id: format!("D{at}"), ..one.clone() }).collect();
        assert_sound(&count.to_string(), &sample::certificate(case.clone(), &evidence, &[], false));
    }
    assert_sound("1000 exceptions", &sample::of(&sample::bad_disk(1000)));
}

#[test]
fn the_first_page_of_a_sample_is_one_page_and_so_is_each_sheet() {
    for (name, sample) in all() {
        for language in LANGUAGES {
            let sheet = laid_out(&sample, language, Form::Sheet);
            assert_eq!(sheet.pages.len(), 1, "{name}, {language:?}");
            let label = laid_out(&sample, language, Form::Label);
            assert_eq!(label.pages.len(), 1, "{name}, {language:?}");
            assert!(label.pages[0].height < LABEL.height / 1.5, "{name}, {language:?}");
        }
    }
}

#[test]
fn a_report_keeps_to_its_pages() {
    for name in hostile() {
        let line = |mark| Line { mark, text: name.clone() };
        let told = Report {
            title: name.clone(),
            file: name.clone(),
            verdict: name.clone(),
            verdict_good: false,
            at: "2026-11-20T10:15:00Z".into(),
            sections: vec![
                Section {
                    heading: name.clone(),
                    lines: vec![line(None), line(Some(true)), line(Some(false))]
                };
                20
            ],
            attachments: vec![("a.json".into(), b"{}".to_vec())],
        };
        for language in LANGUAGES {
            let faults = faults(&crate::paper::report::pages(&told, language));
            assert!(faults.is_empty(), "{name:?}:\n{}", faults.join("\n"));
            report(&told, language).unwrap();
        }
    }
}
