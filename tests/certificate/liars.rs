//! Records that are properly signed and contradict themselves: one for each rule.

use std::process::Command;

use radera::certificate::sha256_text;
use radera::document::{
    FilesEntry, ManifestLine, ManifestSums, PassEntry, Record, SignerKind, canonical_bytes, evidence, files_entry,
    residue_entries,
};
use radera::media::{HiddenAreas, Layer, Method, TechniqueId, VerifyKind};
use radera::outcome::{
    Certainty, Claim, Evidence, FileCounts, FileVerdict, FilesEvidence, FilesManifest, FilesMapping, FilesStep,
    FilesSubject, Residue, ResidueKind, ScopeKind, Status, Trouble,
};
use radera::pattern::{Scheme, StreamSpec};
use radera::problem::ExitCode;

use super::support::*;
use super::{not_verified, sampled};

type Lie = (&'static str, fn(&mut Record));

/// A sentence of the finding, and what is wrong with the record.
const LIES: &[Lie] = &[
    // Status, claim and words that do not follow.
    ("its status is \"sanitized\"", |r| {
        r.exceptions = vec![exception(Trouble::Unreadable, 0, 512, 0)];
        r.verification.unreadable = 1;
        r.verification.bytes_read -= 512;
        r.verification.status = "passed-with-exceptions".into();
    }),
    ("its status is \"sanitized\"", |r| {
        r.exceptions = vec![exception(Trouble::WriteFailed, 0, 512, 1)];
        r.passes[0].bytes_written -= 512;
    }),
    ("its status is \"sanitized\"", |r| {
        r.exceptions = vec![exception(Trouble::Mismatch, 0, 512, 0)];
        r.verification.mismatches = 1;
        r.verification.status = "failed".into();
    }),
    ("its status is \"sanitized\"", |r| {
        (r.sessions[0].end, r.sessions[0].detail) = ("interrupted".into(), "SIGINT".into())
    }),
    ("its status is \"sanitized\"", |r| r.sessions[0].end = "lost".into()),
    ("its status is \"sanitized\"", |r| r.sessions[0].end = "gave-up".into()),
    ("its status is \"sanitized\"", |r| r.verification.status = "incomplete".into()),
    ("more passes were begun", |r| r.passes_planned = 0),
    ("its status is \"sanitized\"", |r| not_verified(r)),
    ("its status is \"sanitized\"", |r| r.exceptions_left_out = 3),
    ("its status is \"sanitized\"", |r| r.method = Method::Purge),
    ("yet passes of the host", |r| r.technique = TechniqueId::NvmeSanitizeCrypto),
    ("its status is \"sanitized\"", |r| r.verification.asked = VerifyKind::None),
    ("its status is \"failed\"", |r| r.status = Status::Failed),
    ("its claim is \"purge\"", |r| r.claim = Claim::Purge),
    ("its claim is \"clear\"", |r| {
        r.medium.layers.push(Layer { kind: "loop".into(), detail: "/tmp/image".into() });
        r.hidden_areas = HiddenAreas::NONE;
    }),
    ("its claim is \"clear\"", |r| {
        r.scope.kind = ScopeKind::Partition;
        r.medium.size_bytes *= 2;
    }),
    ("without a scheme it takes", |r| {
        (r.medium.bus, r.medium.rotation) = ("usb".into(), "unknown".into());
        r.wants_complement = true;
    }),
    ("without a scheme it takes", |r| {
        r.passes_planned = 2;
        r.passes.push(PassEntry { stream: Some(StreamSpec::aes_128_ctr([9; 16])), ..random_pass(2, false) });
    }),
    ("is said wrong", |r| r.wants_complement = true),
    ("wrote the same stream", |r| {
        r.passes_planned = 2;
        r.passes.push(random_pass(2, false));
    }),
    ("how it ended", |r| {
        r.exceptions = vec![exception(Trouble::Mismatch, 0, 512, 0), exception(Trouble::WriteFailed, 0, 512, 1)];
        r.passes[0].bytes_written -= 512;
        (r.verification.mismatches, r.verification.status) = (1, "passed-with-exceptions".into());
        settle(r);
        assert_eq!(r.status, Status::SanitizedWithExceptions);
        r.verification.status = "failed".into();
    }),
    ("its statement is", |r| r.statement.push_str(" Nothing can ever be recovered.")),
    ("its verification's statement is", |r| r.verification.statement.push_str(" That holds for spare areas too.")),
    ("its list of standards is", |r| r.standards.push("Approved by NIST".into())),
    ("its list of standards is", |r| r.standards.clear()),
    ("its list of standards is", |r| r.standards = vec![r.standards.join("; ")]),
    // Names.
    ("id or job", |r| r.job.push('0')),
    ("id or job", |r| r.id = "../../../../../etc/passwd-0000000".into()),
    ("id or job", |r| r.id = "ABCDEF0123456789".repeat(2)),
    ("tool's digest", |r| r.tool.digest = "sha256:00".into()),
    ("tool is not named", |r| r.tool.name = "wipe".into()),
    ("validation is a person's decision", |r| r.validation = "accepted".into()),
    // Medium and scope.
    ("no such bus", |r| r.medium.bus = "floppy".into()),
    ("no such rotation", |r| r.medium.rotation = "fast".into()),
    ("power of two", |r| r.medium.logical_block_bytes = 0),
    ("power of two", |r| r.medium.logical_block_bytes = 520),
    ("serial number and its source", |r| r.medium.serial = None),
    ("layers below it, and none", |r| r.medium.bus = "loop".into()),
    ("layers below it, and none", |r| r.medium.bus = "virtio".into()),
    ("no hidden areas of its own", |r| {
        r.medium.layers.push(Layer { kind: "loop".into(), detail: "/tmp/image".into() })
    }),
    ("scope is empty", |r| r.scope.bytes = 0),
    ("within a logical block", |r| r.scope.bytes += 1),
    ("not the whole medium", |r| r.medium.size_bytes *= 2),
    ("not the whole medium", |r| r.scope.first_byte = 512),
    ("outside the medium", |r| {
        r.scope.kind = ScopeKind::Partition;
        r.scope.first_byte = 512;
    }),
    ("layers below it, and none", |r| r.medium.bus = "file".into()),
    ("taken for each other", |r| r.scope.kind = ScopeKind::PlainFile),
    ("hidden areas", |r| r.hidden_areas = HiddenAreas::NONE),
    ("asks for a pattern and its complement", |r| r.medium.bus = "sd".into()),
    // Passes.
    ("more passes", |r| r.passes.push(random_pass(2, true))),
    ("numbered from 1", |r| r.passes[0].number = 2),
    ("is called", |r| r.passes[0].pattern = "zeros".into()),
    ("is called", |r| r.passes[0].inverted = true),
    ("says it twice", |r| r.passes[0].bytes_hex = Some("00".into())),
    ("says it twice", |r| r.passes[0].stream = None),
    ("no byte string", |r| fixed(r, "")),
    ("no byte string", |r| fixed(r, "0")),
    ("no byte string", |r| fixed(r, "0G")),
    ("no byte string", |r| fixed(r, &"00".repeat(17))),
    ("can't regenerate", |r| stream(r, |s| s.algorithm = "rc4".into())),
    ("can't regenerate", |r| stream(r, |s| s.key = "00".into())),
    ("can't regenerate", |r| stream(r, |s| s.counter = "little-endian".into())),
    ("before the pass before it was complete", |r| r.passes[0].complete = false),
    ("wrote more bytes", |r| r.passes[0].bytes_written += 512),
    ("stand among its exceptions", |r| r.exceptions = vec![exception(Trouble::WriteFailed, 0, 512, 1)]),
    ("did not reach every byte", |r| r.passes[0].bytes_written -= 512),
    ("not know the scheme", |r| r.scheme = Some("shake-well".into())),
    ("not those of the scheme", |r| r.scheme = Some(scheme_of(9).name.into())),
    ("not those of the scheme", |r| {
        r.scheme = Some(scheme_of(2).name.into());
        r.passes_planned = 2;
        r.passes = vec![random_pass(1, false), random_pass(2, true)];
    }),
    // Exceptions.
    ("not sorted", |r| {
        r.exceptions = vec![exception(Trouble::Unreadable, 512, 512, 0), exception(Trouble::Unreadable, 0, 512, 0)];
    }),
    ("outside the scope", |r| r.exceptions = vec![exception(Trouble::Unreadable, SCOPE, 512, 0)]),
    ("outside the scope", |r| r.exceptions = vec![exception(Trouble::Unreadable, 512, 0, 0)]),
    ("not aligned", |r| r.exceptions = vec![exception(Trouble::Unreadable, 1, 512, 0)]),
    ("not aligned", |r| r.exceptions = vec![exception(Trouble::Unreadable, 0, 100, 0)]),
    ("a phase that there was not", |r| r.exceptions = vec![exception(Trouble::Unreadable, 0, 512, 1)]),
    ("a phase that there was not", |r| r.exceptions = vec![exception(Trouble::WriteFailed, 0, 512, 0)]),
    ("a phase that there was not", |r| r.exceptions = vec![exception(Trouble::WriteFailed, 0, 512, 2)]),
    ("overlaps", |r| {
        r.exceptions = vec![exception(Trouble::Unreadable, 0, 1024, 0), exception(Trouble::Mismatch, 512, 512, 0)];
    }),
    ("as mismatches", |r| r.verification.mismatches = 1),
    ("as unreadable", |r| r.verification.unreadable = 1),
    ("as unreadable", |r| {
        r.exceptions = vec![exception(Trouble::Unreadable, 0, 1024, 0)];
        r.verification.unreadable = 1;
    }),
    // Verification.
    ("was not done", |r| r.verification.status = "not-done".into()),
    ("was not done", |r| r.verification.kind = VerifyKind::None),
    ("more was verified", |r| r.verification.bytes_read += 512),
    ("more was verified", |r| (r.verification.bytes_planned, r.verification.bytes_read) = (2 * SCOPE, 2 * SCOPE)),
    ("without its seed", |r| {
        sampled(r);
        r.verification.seed = None;
    }),
    ("without its seed", |r| {
        sampled(r);
        r.verification.seed = Some("lucky".into());
    }),
    ("count its cells", |r| {
        sampled(r);
        (r.verification.cells, r.verification.cells_read) = (None, None);
    }),
    ("count its cells", |r| {
        sampled(r);
        r.verification.cells_read = Some(200_001);
    }),
    ("not the one that its seed draws", |r| {
        sampled(r);
        (r.verification.bytes_planned, r.verification.bytes_read) = (512, 512);
    }),
    ("not the one that its seed draws", |r| {
        sampled(r);
        r.verification.seed = Some("4".repeat(32));
        r.verification.cells = Some(40_000);
    }),
    ("those that the bytes read make", |r| {
        sampled(r);
        r.verification.cells_read = Some(1_999);
    }),
    ("those that the bytes read make", |r| {
        sampled(r);
        r.verification.cells_read = r.verification.cells;
    }),
    ("too small for a sample", |r| {
        sampled(r);
        r.medium.logical_block_bytes = 4096;
    }),
    ("asked for and possible", |r| r.verification.asked = VerifyKind::Sampled),
    ("only a sampled", |r| r.verification.seed = Some("0".repeat(32))),
    ("only a sampled", |r| r.verification.cells = Some(1)),
    ("something was found", |r| {
        not_verified(r);
        r.verification.bytes_read = 512;
        r.verification.bytes_planned = 512;
    }),
    ("before every pass was done", |r| {
        (r.medium.bus, r.medium.rotation) = ("usb".into(), "unknown".into());
        (r.wants_complement, r.passes_planned) = (true, 2);
    }),
    ("does not follow", |r| r.verification.status = "failed".into()),
    ("does not follow", |r| r.verification.status = "passed-with-exceptions".into()),
    ("does not follow", |r| r.verification.status = "excellent".into()),
    ("does not follow", |r| r.verification.bytes_read -= 512),
    // Sessions and dates.
    ("no session", |r| r.sessions.clear()),
    ("ends in a way", |r| r.sessions[0].end = "well".into()),
    ("follows one that ended the job", |r| r.sessions.push(r.sessions[0].clone())),
    ("follows one that ended the job", |r| {
        second_session(r);
        (r.sessions[0].end, r.sessions[0].finished) = ("gave-up".into(), Some(r.started.clone()));
    }),
    ("says more than that", |r| r.sessions[0].detail = "and more than that".into()),
    ("not by which engine", |r| r.sessions[0].engine = None),
    ("begins at a place", |r| (r.sessions[0].from_pass, r.sessions[0].from_byte) = (None, None)),
    ("that it can't know", |r| r.sessions[0].finished = None),
    ("that it can't know", |r| r.sessions[0].end = "killed".into()),
    ("begins at a place", |r| r.sessions[0].from_pass = Some(2)),
    ("begins at a place", |r| r.sessions[0].from_pass = Some(0)),
    ("begins at a place", |r| r.sessions[0].from_byte = None),
    ("begins at a place", |r| r.sessions[0].from_byte = Some(SCOPE + 1)),
    ("did not begin at the first byte", |r| r.sessions[0].from_byte = Some(512)),
    ("other namespaces or areas", |r| r.medium.bus = "nvme".into()),
    ("other namespaces or areas", |r| r.medium.bus = "mmc".into()),
    ("names an engine", |r| r.sessions[0].engine = Some("steam".into())),
    ("no date", |r| r.started = "yesterday".into()),
    ("no date", |r| started(r, "2024-03-01T10:00:00.5Z")),
    ("no date", |r| started(r, "2024-03-01T11:00:00+01:00")),
    ("no date", |r| started(r, "2024-02-30T10:00:00Z")),
    ("did not start the job", |r| r.started = "2024-02-01T10:00:00Z".into()),
    ("not in order", |r| started(r, "2999-01-01T00:00:00Z")),
    ("finished before", |r| r.finished = "2024-03-01T09:00:00Z".into()),
    ("did not finish when", |r| r.sessions[0].finished = Some(r.started.clone())),
    // Earlier records.
    ("no session went before", |r| r.supersedes = Some(format!("sha256:{}", "a".repeat(64)))),
    ("does not name that one's", |r| second_session(r)),
    ("SHA-256 digest", |r| {
        second_session(r);
        r.supersedes = Some("the one before".into());
    }),
    // The signer.
    ("another key", |r| r.signer.fingerprint = format!("sha256:{}", "a".repeat(64))),
    ("fingerprint is no", |r| r.signer.fingerprint = "me".into()),
    ("another kind or name of its signer", |r| r.signer.kind = Some(SignerKind::Person)),
    ("another kind or name of its signer", |r| r.signer.name = Some("Aabenraa Kommune".into())),
    ("has none: it was taken away", |r| r.signer.time_stamp = Some("http://stamps.example/".into())),
    ("before what it tells of had ended", |r| ended(r, "2090-03-01T11:00:00Z")),
    // Files.
    ("nothing is said of them", |r| r.scope.kind = ScopeKind::Files),
    ("something else was named", |r| {
        r.files = files_entry(&of_files(r));
        r.residue = Some(Vec::new());
    }),
    ("without a word on what is left", |r| {
        make_files(r);
        r.residue = None;
    }),
    ("its claim is \"purge\"", |r| files(r, |r, _| r.claim = Claim::Purge)),
    ("its claim is \"clear\"", |r| files(r, |r, _| r.claim = Claim::Clear)),
    ("its claim is \"partial-clear\"", |r| {
        files(r, |r, _| {
            r.medium.layers.push(Layer { kind: "loop".into(), detail: "/tmp/image".into() });
            r.hidden_areas = HiddenAreas::NONE;
        })
    }),
    ("its status is \"sanitized\"", |r| files(r, |_, f| f.redirected = true)),
    ("its status is \"sanitized\"", |r| files(r, |_, f| f.mapping = FilesMapping::None)),
    ("its status is \"sanitized\"", |r| files(r, |_, f| f.filesystem = "overlay".into())),
    ("its status is \"sanitized\"", |r| files(r, |_, f| f.count = 4)),
    ("its status is \"sanitized\"", |r| files(r, |_, f| f.kept = true)),
    ("its status is \"sanitized\"", |r| files(r, |_, f| f.removed = 2)),
    ("its status is \"sanitized\"", |r| {
        files(r, |_, f| (f.verdicts.cleared_verified, f.verdicts.overwritten_unverified) = (2, 1));
    }),
    ("its status is \"sanitized\"", |r| {
        files(r, |_, f| (f.verdicts.cleared_verified, f.verdicts.not_cleared) = (2, 1));
    }),
    ("its status is \"sanitized\"", |r| {
        files(r, |r, _| r.residue.iter_mut().flatten().for_each(|left| left.certainty = Certainty::Certain));
    }),
    ("its status is \"sanitized\"", |r| {
        make_files(r);
        r.verification.asked = VerifyKind::None;
    }),
    ("its statement is", |r| files(r, |r, _| r.residue = Some(Vec::new()))),
    ("its statement is", |r| files(r, |_, f| f.left = 1)),
    ("of xattrs it says", |r| {
        files(r, |r, _| r.residue.iter_mut().flatten().for_each(|left| left.detail = "Nothing is left.".into()));
    }),
    ("no name that a filesystem has", |r| files(r, |_, f| f.filesystem = "ext4, wholly gone".into())),
    ("can't have been found in this way", |r| files(r, |_, f| f.filesystem = "btrfs".into())),
    ("can't have been found in this way", |r| files(r, |_, f| f.mapping = FilesMapping::BtrfsChunkTree)),
    ("more files came to a verdict", |r| files(r, |_, f| f.verdicts.not_cleared = 1)),
    ("the scope is not what the extents hold", |r| files(r, |_, f| f.extent_bytes += 512)),
    ("the scope is not what the extents hold", |r| files(r, |r, _| r.scope.bytes -= 512)),
    ("the extents do not add up", |r| files(r, |_, f| f.extents = 0)),
    ("outside the medium", |r| files(r, |_, f| f.device_bytes = SCOPE)),
    ("the extents do not add up", |r| files(r, |_, f| f.device_bytes = HELD - 512)),
    ("did not trim what is said", |r| files(r, |_, f| f.trimmed_bytes = 512)),
    ("digest of the extents", |r| files(r, |_, f| f.extents_digest = "sha256:00".into())),
    ("is not sorted", |r| files(r, |r, _| r.residue.iter_mut().for_each(|left| left.push(left[0].clone())))),
    ("of more files than there are", |r| {
        files(r, |r, _| r.residue.iter_mut().flatten().for_each(|left| left.files = 4));
    }),
    ("not named after the record", |r| manifest(r, "../../../etc/passwd", 3)),
    ("fewer lines than there are files", |r| manifest(r, &format!("{}.files.jsonl", r.id), 2)),
    ("outside the scope", |r| files(r, |r, _| r.exceptions = vec![exception(Trouble::Unreadable, DEVICE, 512, 0)])),
    ("wrote more bytes", |r| files(r, |r, _| r.passes[0].bytes_written += 512)),
    // The schema.
    ("does not know", |r| r.schema = "radera/sanitization-record/2".into()),
    ("does not know", |r| r.kind = "deletion-certificate".into()),
    ("no record of radera", |r| r.schema = "other".into()),
];

const HELD: u64 = 1 << 20;
const DEVICE: u64 = 32 << 20;

/// What is told of three files on a partition, cleared and verified.
fn of_files(r: &Record) -> Evidence {
    let mut told = evidence(r).unwrap();
    told.files = Some(Box::new(FilesEvidence {
        subject: FilesSubject::Files,
        filesystem: "ext4".into(),
        mapping: FilesMapping::Fiemap,
        redirected: false,
        device_bytes: DEVICE,
        count: 3,
        bytes: HELD - 7,
        extents: 4,
        extent_bytes: HELD,
        trimmed_bytes: 0,
        verdicts: FileCounts { cleared_verified: 3, ..FileCounts::default() },
        residue: vec![Residue { kind: ResidueKind::Xattrs, certainty: Certainty::Possible, files: 1 }],
        steps: vec![FilesStep::JournalCheckpointed],
        removed: 3,
        links_removed: 0,
        directories_removed: 1,
        left: 0,
        kept: false,
        extents_digest: format!("sha256:{}", "b".repeat(64)),
        manifest: None,
        names: None,
    }));
    told
}

/// Makes it a record of files that holds.
fn make_files(r: &mut Record) {
    let told = of_files(r);
    (r.files, r.residue) = (files_entry(&told), residue_entries(&told));
    (r.scope.kind, r.scope.first_byte, r.scope.bytes) = (ScopeKind::Files, 1 << 20, HELD);
    r.passes[0].bytes_written = HELD;
    (r.verification.bytes_planned, r.verification.bytes_read) = (HELD, HELD);
    settle(r);
    assert_eq!((r.status, r.claim), (Status::Sanitized, Claim::PartialClear));
}

/// The same, with a lie that is not settled.
fn files(r: &mut Record, lie: impl FnOnce(&mut Record, &mut FilesEntry)) {
    make_files(r);
    let mut told = r.files.take().unwrap();
    lie(r, &mut told);
    r.files = Some(told);
}

fn manifest(r: &mut Record, file: &str, lines: u64) {
    let digest = format!("sha256:{}", "c".repeat(64));
    files(r, |_, f| f.manifest = Some(FilesManifest { file: file.into(), digest, lines }));
}

#[test]
fn a_record_of_files_checks_out_and_is_held_against_the_list_beside_it() {
    let desk = Desk::new();
    assert_eq!(desk.checked(&desk.sign_changed(make_files)), (ExitCode::Success, String::new()));
    let line = |number: u8, bytes, extents| ManifestLine {
        name: format!("{number:02x}").repeat(32),
        path: None,
        bytes,
        verdict: FileVerdict::ClearedVerified,
        extents,
        continued: false,
    };
    let half = HELD / 2;
    let lines = [line(1, half, vec![[0, half / 2], [half, half / 2]]), line(2, 0, vec![])];
    let more = line(3, half - 7, vec![[HELD, half / 2], [3 * HELD, half / 2]]);
    let mut sums = ManifestSums::default();
    let mut list = String::new();
    for line in lines.iter().chain([&more]) {
        sums.add(line).unwrap();
        list.push_str(&(line.lines().unwrap().join("\n") + "\n"));
    }
    let name = format!("{}.files.jsonl", record(&*desk.press.signer).id);
    let beside = desk.out().join(&name);
    // Signed over the list that lies beside it, with `lie` in the figures.
    let checked = |list: &str, lie: fn(&mut FilesEntry)| {
        std::fs::write(&beside, list).unwrap();
        let json = desk.sign_changed(|r| {
            files(r, |_, f| {
                let digest = sha256_text(list.as_bytes());
                f.manifest = Some(FilesManifest { file: name.clone(), digest, lines: sums.lines() });
                f.extents_digest = sums.extents_digest();
                lie(f);
            });
            settle(r);
        });
        let found = radera::check::check(&json, &desk.trust(), &[]).unwrap();
        let finding = found.findings.iter().find(|finding| finding.topic == "manifest").unwrap().english();
        (json, found.exit_code, finding)
    };
    let (json, code, why) = checked(&list, |_| ());
    assert_eq!(code, ExitCode::Success, "{why}");
    assert!(why.contains("its 3 files"), "{why}");
    let found = radera::check::check(&json, &desk.trust(), &[]).unwrap();
    let proved =
        |found| radera::check::summary(found).unwrap().proved.iter().any(|told| told.code == "proved-manifest");
    assert!(proved(&found));
    // Another list, none, and one that never ends.
    std::fs::write(&beside, list.replace("cleared-verified", "not-cleared")).unwrap();
    let found = radera::check::check(&json, &desk.trust(), &[]).unwrap();
    assert_eq!(found.exit_code, ExitCode::NotAuthentic);
    std::fs::remove_file(&beside).unwrap();
    let found = radera::check::check(&json, &desk.trust(), &[]).unwrap();
    assert_eq!(found.exit_code, ExitCode::Success);
    assert!(!proved(&found));
    assert!(radera::check::summary(&found).unwrap().open.iter().any(|told| told.code == "open-manifest"));
    assert!(Command::new("mkfifo").arg(&beside).status().unwrap().success());
    assert_eq!(radera::check::check(&json, &desk.trust(), &[]).unwrap().exit_code, ExitCode::Success);
    std::fs::remove_file(&beside).unwrap();
    // Lists that were signed and do not make the figures.
    type OfList = (&'static str, String, fn(&mut FilesEntry));
    let lies: [OfList; 4] = [
        ("0 as cleared-verified", list.replace("cleared-verified", "not-cleared"), |_| ()),
        ("bytes", list.clone(), |f| f.bytes += 1),
        ("digest", list.clone(), |f| f.extents_digest = format!("sha256:{}", "d".repeat(64))),
        ("line 1", format!("{}\n{list}", "{\"name\":1}"), |_| ()),
    ];
    for (word, list, lie) in lies {
        let (_, code, why) = checked(&list, lie);
        assert_eq!(code, ExitCode::NotAuthentic, "{word}");
        assert!(why.contains(word), "{word}: {why}");
    }
}

fn ended(r: &mut Record, date: &str) {
    r.finished = date.into();
    r.sessions[0].finished = Some(r.finished.clone());
}

#[test]
fn a_job_may_be_put_on_paper_later_with_a_key_that_did_not_exist_when_it_ended() {
    let desk = Desk::new();
    let json = desk.sign_changed(|r| {
        started(r, "2001-03-01T10:00:00Z");
        ended(r, "2001-03-01T11:00:00Z");
    });
    assert_eq!(desk.checked(&json), (ExitCode::Success, String::new()));
}

fn fixed(r: &mut Record, hex: &str) {
    r.passes[0].stream = None;
    r.passes[0].bytes_hex = Some(hex.into());
}

fn stream(r: &mut Record, change: fn(&mut radera::pattern::StreamSpec)) {
    r.passes[0].stream.iter_mut().for_each(change);
}

/// A scheme of at most that many passes, the longest of them.
fn scheme_of(passes: usize) -> &'static Scheme {
    Scheme::all().iter().filter(|s| s.passes.len() <= passes).max_by_key(|s| s.passes.len()).unwrap()
}

fn started(r: &mut Record, at: &str) {
    r.started = at.into();
    r.sessions[0].started = at.into();
}

fn second_session(r: &mut Record) {
    r.sessions.insert(0, r.sessions[0].clone());
    (r.sessions[0].finished, r.sessions[0].end) = (None, "killed".into());
}

#[test]
fn a_signed_record_that_contradicts_itself_does_not_check_out() {
    let desk = Desk::new();
    assert_eq!(desk.checked(&desk.sign_changed(|_| ())).0, ExitCode::Success);
    for (number, (sentence, lie)) in LIES.iter().enumerate() {
        let (code, why) = desk.checked(&desk.sign_changed(lie));
        assert_eq!(code, ExitCode::NotAuthentic, "lie {number}, {sentence}");
        assert!(why.contains(sentence), "lie {number}: expected {sentence:?}, found {why:?}");
    }
}

#[test]
fn numbers_that_readers_may_not_keep_and_unknown_keys_are_refused() {
    let desk = Desk::new();
    let text = String::from_utf8(canonical_bytes(&record(&*desk.press.signer)).unwrap()).unwrap();
    let changes = [
        ("\"milliseconds\":70", "\"milliseconds\":9007199254740992"),
        ("\"milliseconds\":70", "\"milliseconds\":-1"),
        ("\"milliseconds\":70", "\"milliseconds\":70.5"),
        ("\"milliseconds\":70", "\"milliseconds\":\"70\""),
        ("\"case\":null", "\"case\":null,\"case\":null"),
        ("\"case\":null,", ""),
        ("\"kind\":\"sanitization-record\"", "\"kind\":\"sanitization-record\",\"kine\":1"),
        ("\"removable\":false", "\"removable\":false,\"reputation\":1"),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        let (code, why) = desk.checked(&desk.sign(text.replacen(from, to, 1).as_bytes()));
        assert_eq!(code, ExitCode::NotAuthentic, "{to}: {why}");
    }
}
