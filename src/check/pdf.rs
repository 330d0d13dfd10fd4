//! A PDF: its signature, what is attached to it, whether its pages show what that says, and what was added later.

use std::path::Path;

use super::{Checked, PDF_LIMIT, Says, document, linked, manifest};
use crate::case::Given;
use crate::certificate::{Foreign, Form as SignatureForm, Require, Trust, foreign, moment, verify_signature};
use crate::pades::{self, Later, LaterKind, Signed};
use crate::paper::{self, LaidOut, Source};
use crate::problem::{ExitCode, Problem};
use crate::words::{Finding, Told};

/// Checks a PDF.
pub fn check(file: &Path, bytes: &[u8], trust: &Trust, require: &[Require]) -> Result<Checked, Problem> {
    if bytes.len() as u64 > PDF_LIMIT {
        return Ok(nothing(file, "pdf-form", Told::new("pdf-too-large").with("limit", PDF_LIMIT >> 20)));
    }
    let wrong = |why: pades::PadesError| Told::new("pdf-wrong").with("why", why);
    let signed = match pades::read(bytes) {
        Ok(signed) => Some(signed),
        Err(pades::PadesError::NotSigned) => None,
        Err(why) => return Ok(nothing(file, "pdf-form", wrong(why))),
    };
    let base = signed.as_ref().map_or(bytes, |signed| signed.base);
    let attached = match pades::attachments(base) {
        Ok(attached) => Attached::of(attached),
        Err(why) => Err(why.to_string()),
    };
    let attached = match attached {
        Ok(attached) => attached,
        Err(why) => return Ok(nothing(file, "attachment", Told::new("attachment-wrong").with("why", why))),
    };
    let path = file.with_file_name(&attached.name);
    let given = Given {
        bytes: &attached.json,
        signature: Some(&attached.signature),
        annex: attached.annex.as_deref(),
        path: &path,
    };
    let mut found = document(&given, trust, require)?;
    found.file = file.to_path_buf();
    found.is_pdf = true;
    if attached.annex.is_some() && !takes_annex(&found.says) {
        let why = "an annex is attached, and the document has none of its own";
        found.must(Finding::of("attachment", Err(Told::new("attachment-wrong").with("why", why))));
    }
    let mut before = vec![match &signed {
        Some(signed) => Finding::of("pdf-form", Ok(Told::new("pdf-read").with("bytes", signed.end))),
        None => Finding::of("pdf-form", Ok(Told::new("pdf-unsigned"))),
    }];
    before.push(Finding::of("attachment", Ok(Told::new("attachment-is").with("file", &attached.name))));
    found.findings.splice(0..0, before);
    let same_signer = signed.as_ref().is_some_and(|signed| signature(&mut found, signed, trust, require));
    pages(&mut found, base, &attached, same_signer);
    if let Some(signed) = &signed {
        later(&mut found, bytes, signed);
    }
    manifest::look(&mut found);
    linked::look(&mut found);
    Ok(found)
}

/// Whether a document has an annex in a file of its own.
fn takes_annex(says: &Says) -> bool {
    match says {
        Says::Deletion(deletion) => deletion.certificate.as_ref().is_some_and(|page| page.annex.document.is_none()),
        Says::Record(_) | Says::Nothing => false,
    }
}

/// What is worth nothing, and why.
fn nothing(file: &Path, topic: &'static str, why: Told) -> Checked {
    Checked {
        file: file.to_path_buf(),
        is_pdf: true,
        says: Says::Nothing,
        exit_code: ExitCode::NotAuthentic,
        signature: None,
        signer: None,
        stamp_trusted: false,
        pages_agree: false,
        findings: vec![Finding::of(topic, Err(why))],
        documents: Vec::new(),
    }
}

/// The document in a PDF.
struct Attached {
    name: String,
    json: Vec<u8>,
    signature: Vec<u8>,
    annex: Option<Vec<u8>>,
}

impl Attached {
    /// `<id>.json`, `<id>.json.p7s` and perhaps `<id>.annex.json`; nothing else.
    fn of(all: Vec<(String, Vec<u8>)>) -> Result<Self, String> {
        let (mut json, mut signature, mut annex) = (None, None, None);
        for (name, bytes) in all {
            let place = match &name {
                name if name.ends_with(".json.p7s") => &mut signature,
                name if name.ends_with(".annex.json") => &mut annex,
                name if name.ends_with(".json") => &mut json,
                _ => return Err(format!("{name:?} is attached too")),
            };
            if place.replace((name, bytes)).is_some() {
                return Err("two documents of a kind are attached".into());
            }
        }
        let (name, json) = json.ok_or("there is no .json")?;
        let (signed, signature) = signature.ok_or("there is no .json.p7s")?;
        let id = name.trim_end_matches(".json");
        if !crate::document::is_id(id) || signed != format!("{name}.p7s") {
            return Err(format!("{name:?} and {signed:?} do not belong together"));
        }
        let annex = match annex {
            Some((file, _)) if file != format!("{id}.annex.json") => {
                return Err(format!("{name:?} and {file:?} do not belong together"));
            }
            annex => annex.map(|(_, bytes)| bytes),
        };
        Ok(Attached { name, json, signature, annex })
    }
}

/// The signature of the PDF; whether it is the document's own signer's.
fn signature(found: &mut Checked, signed: &Signed<'_>, trust: &Trust, require: &[Require]) -> bool {
    let content = signed.content.concat();
    let signature = match verify_signature(&content, &signed.cms, SignatureForm::Pdf) {
        Ok(signature) => signature,
        Err(why) => {
            let why = why.told().english();
            found.must(Finding::of("pdf-signature", Err(Told::new("pdf-signature-wrong").with("why", why))));
            return false;
        }
    };
    let wrong = |why: String| Finding::of("pdf-signature", Err(Told::new("pdf-signature-wrong").with("why", why)));
    if let Err(why) = signature.valid_at(signed.dictionary.at) {
        return found.must(wrong(why));
    }
    if let Some(url) = signed.dictionary.time_stamp.as_ref().filter(|_| signature.time_stamp.is_none()) {
        return found.must(Finding::of("pdf-signature", Err(Told::new("stamp-missing").with("url", url))));
    }
    let held = Told::new("pdf-signature-holds").with("key", &signature.fingerprint);
    found.findings.push(Finding::of("pdf-signature", Ok(held)));
    if let Some(stamp) = &signature.time_stamp {
        let told = |code| Told::new(code).with("time", moment(stamp.time)).with("authority", &stamp.authority);
        let (trusted, _) = trust.judge_stamp(stamp);
        let told = if trusted { Ok(told("stamp-trusted")) } else { Err(told("stamp-untrusted")) };
        found.findings.push(Finding::of("pdf-time-stamp", told));
    }
    let Some(signer) = found.signer.clone() else { return false };
    if signer == signature.fingerprint {
        return true;
    }
    let other = Told::new("pdf-signature-other-key").with("key", &signature.fingerprint).with("signer", signer);
    let (trusted, why) = trust.judge_at(&signature, signed.dictionary.at);
    found.findings.push(Finding::of("trust", if trusted { Ok(why) } else { Err(why) }));
    found.findings.push(Finding::of("pdf-signature", Ok(other)));
    if !trusted && found.exit_code == ExitCode::Success {
        found.exit_code = ExitCode::Untrusted;
    }
    if !trusted && require.contains(&Require::Trusted) {
        found.must(Finding::of(Require::Trusted.topic(), Err(Told::new("requirement-untrusted"))));
    }
    false
}

/// Makes the pages again, in the language and form that they are said to have, and looks whether they come out the same.
fn pages(found: &mut Checked, base: &[u8], attached: &Attached, same_signer: bool) {
    if matches!(found.says, Says::Nothing) {
        return;
    }
    let source =
        Source { json: &attached.json, signature: Some(&attached.signature), annex: attached.annex.as_deref() };
    let laid = LaidOut::of(base);
    let again = |laid: &LaidOut| paper::render(&source, laid.language, laid.form).is_ok_and(|again| again == base);
    if laid.as_ref().is_some_and(again) {
        found.pages_agree = true;
        found.findings.push(Finding::of("paper", Ok(Told::new("paper-same"))));
    } else if same_signer && laid.is_none_or(|laid| !laid.is_known()) {
        // Its own signer vouches for the pages, and this version can't lay them out: that is told, and the document counts.
        found.findings.push(Finding::of("paper", Err(Told::new("paper-other-layout"))));
    } else {
        found.must(Finding::of("paper", Err(Told::new("paper-differs"))));
    }
}

/// What was added after it was signed. `forbidden` speaks of whatever may change what is shown, but for the looks of a signature: those are
/// told, and keep the pages from being vouched for. Where nothing signs what is seen, it is refused.
fn later(found: &mut Checked, bytes: &[u8], signed: &Signed<'_>) {
    for why in &signed.forbidden {
        let told = Told::new("later-forbidden").with("why", why).with("bytes", signed.end);
        found.must(Finding::of("later", Err(told)));
    }
    for one in &signed.later {
        let (finding, field) = of_later(bytes, one);
        let signs = finding.as_ref().is_ok_and(|told| told.code == "later-signature");
        found.findings.push(Finding::of("later", finding));
        for visible in &one.visible {
            found.pages_agree = false;
            let told = Told::new("later-visible").with("field", field).with("page", visible.page);
            let finding = Finding::of("later", Err(told));
            if signs {
                found.findings.push(finding);
            } else {
                found.must(finding);
            }
        }
    }
}

/// A later revision as a finding, and the field that it is about.
fn of_later<'a>(bytes: &[u8], one: &'a Later) -> (Result<Told, Told>, &'a str) {
    match &one.kind {
        LaterKind::Signature(added) => {
            let told = |code| Told::new(code).with("field", &added.field);
            let content = added.content.iter().filter_map(|part| bytes.get(part.clone())).collect::<Vec<_>>().concat();
            let finding = match foreign(&content, &added.cms) {
                _ if !added.byte_range_covers_all_before => {
                    Err(told("later-signature-wrong").with("why", "it does not cover all that stands before it"))
                }
                Foreign::Holds { name, fingerprint } => {
                    Ok(told("later-signature").with("name", name).with("key", fingerprint))
                }
                Foreign::Wrong(why) => Err(told("later-signature-wrong").with("why", why)),
                Foreign::Unread => Ok(told("later-signature-unread")),
            };
            (finding, &added.field)
        }
        LaterKind::DocTimeStamp(added) => (Ok(Told::new("later-time-stamp").with("field", &added.field)), &added.field),
        LaterKind::Dss => (Ok(Told::new("later-material")), ""),
        LaterKind::Other => (Ok(Told::new("later-other")), ""),
    }
}
