//! Records: signed so that others can check them, and refused after any change, by anybody, properly signed or not.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "certificate/commands.rs"]
mod commands;
#[path = "certificate/files.rs"]
mod files;
#[path = "certificate/liars.rs"]
mod liars;
#[path = "support/skip.rs"]
mod skip;
#[path = "certificate/support.rs"]
mod support;

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use radera::certificate::{Form, Require, Trust, check};
use radera::document::{canonical_bytes, parse};
use radera::outcome::{Status, Trouble};
use radera::problem::{ExitCode, Kind};
use support::*;

#[test]
fn openssl_accepts_the_signature_in_every_form_and_rejects_one_changed_byte() {
    let desk = Desk::new();
    let json = desk.issue(&record(&*desk.press.signer));
    let pem = desk.certificate();
    let pem = pem.to_str().unwrap();
    for form in [&["-CAfile", pem][..], &["-noverify"], &["-noverify", "-nointern", "-certfile", pem]] {
        let output = openssl_verify(&json, form);
        assert!(output.status.success(), "{form:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let good = std::fs::read(&json).unwrap();
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        std::fs::write(&json, &bytes).unwrap();
        assert!(!openssl_verify(&json, &["-CAfile", pem]).status.success(), "byte {at}");
        assert_eq!(desk.checked(&json).0, ExitCode::NotAuthentic, "byte {at}");
    }
}

#[test]
fn a_good_record_checks_out_and_is_canonical() {
    let desk = Desk::new();
    let written = record(&*desk.press.signer);
    let json = desk.issue(&written);
    let found = check(&json, &desk.trust(), &[Require::Sanitized, Require::Trusted]).unwrap();
    assert_eq!(summary(&found), (ExitCode::Success, String::new()));
    assert_eq!(found.record.as_ref(), Some(&written));
    assert_eq!(found.signer, Some(desk.press.signer.fingerprint()));
    assert_eq!(parse(&std::fs::read(&json).unwrap()).unwrap(), written);
}

#[test]
fn no_byte_of_record_or_signature_is_free() {
    let desk = Desk::new();
    let json = desk.issue(&record(&*desk.press.signer));
    for path in [json.clone(), signature_of(&json)] {
        let good = std::fs::read(&path).unwrap();
        for at in 0..good.len() {
            for change in [0x01, 0x20, 0x80] {
                let mut bytes = good.clone();
                bytes[at] ^= change;
                std::fs::write(&path, &bytes).unwrap();
                let (code, _) = desk.checked(&json);
                assert_eq!(code, ExitCode::NotAuthentic, "{} byte {at} ^ {change:#x}", path.display());
            }
        }
        std::fs::write(&path, &good).unwrap();
    }
    assert_eq!(desk.checked(&json).0, ExitCode::Success);
}

#[test]
fn no_random_mutation_checks_out() {
    let desk = Desk::new();
    let json = desk.issue(&record(&*desk.press.signer));
    for path in [json.clone(), signature_of(&json)] {
        let good = std::fs::read(&path).unwrap();
        let mutation = (0..good.len(), any::<u8>(), 0..3usize, 1..32usize);
        let mut runner = TestRunner::new(Config { cases: 500, failure_persistence: None, ..Config::default() });
        let ran = runner.run(&mutation, |(at, byte, how, length)| {
            let mut bytes = good.clone();
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.drain(at..(at + length).min(good.len()))),
            }
            prop_assume!(bytes != good);
            std::fs::write(&path, &bytes).unwrap();
            prop_assert_eq!(desk.checked(&json).0, ExitCode::NotAuthentic);
            Ok(())
        });
        std::fs::write(&path, &good).unwrap();
        ran.unwrap();
    }
}

#[test]
fn a_signature_cut_off_or_lengthened_anywhere_is_refused() {
    let desk = Desk::new();
    let json = desk.issue(&record(&*desk.press.signer));
    let good = std::fs::read(signature_of(&json)).unwrap();
    for length in 0..good.len() {
        std::fs::write(signature_of(&json), &good[..length]).unwrap();
        let (code, why) = desk.checked(&json);
        assert_eq!(code, ExitCode::NotAuthentic, "{length} bytes");
        assert!(why.contains("cut off"), "{why}");
    }
    std::fs::write(signature_of(&json), [&good[..], &[0]].concat()).unwrap();
    assert_eq!(desk.checked(&json).0, ExitCode::NotAuthentic);
}

#[test]
fn the_signature_of_another_key_or_record_is_refused() {
    let (desk, other) = (Desk::new(), Desk::new());
    let json = desk.issue(&record(&*desk.press.signer));
    let bytes = std::fs::read(&json).unwrap();

    std::fs::write(signature_of(&json), other.press.signer.sign(&bytes, Form::Detached, None).unwrap()).unwrap();
    for trust in [desk.trust(), other.trust()] {
        let (code, why) = summary(&check(&json, &trust, &[]).unwrap());
        assert_eq!(code, ExitCode::NotAuthentic);
        assert!(why.contains("another key"), "{why}");
    }

    let mut second = record(&*desk.press.signer);
    second.id = "0".repeat(32);
    let second = desk.issue(&second);
    std::fs::copy(signature_of(&second), signature_of(&json)).unwrap();
    let (code, why) = desk.checked(&json);
    assert_eq!(code, ExitCode::NotAuthentic);
    assert!(why.contains("another document"), "{why}");
}

#[test]
fn what_is_no_record_is_told_so_signed_or_not() {
    let desk = Desk::new();
    let foreign: [(&[u8], &str); 6] = [
        (b"", "canonical"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "canonical"),
        (b"{\"a\":1}", "no record of radera"),
        (b"[]", "no record of radera"),
        (b"{\"kind\":\"deletion-certificate\",\"schema\":\"radera/deletion-certificate/9\"}", "does not know"),
        (b"{\"kind\":\"sanitization-record\",\"schema\":\"radera/sanitization-record/1\"}", "missing field"),
    ];
    for (bytes, sentence) in foreign {
        let json = desk.sign(bytes);
        let (code, why) = desk.checked(&json);
        assert_eq!(code, ExitCode::NotAuthentic);
        assert!(why.contains(sentence), "{why}");
        std::fs::remove_file(signature_of(&json)).unwrap();
        let (code, why) = desk.checked(&json);
        assert_eq!(code, ExitCode::NotAuthentic);
        assert!(why.contains("no signature file"), "{why}");
    }
    let pretty = serde_json::to_vec_pretty(&record(&*desk.press.signer)).unwrap();
    let (code, why) = desk.checked(&desk.sign(&pretty));
    assert_eq!(code, ExitCode::NotAuthentic);
    assert!(why.contains("canonical"), "{why}");

    let missing = check(&desk.out().join("none.json"), &desk.trust(), &[]).unwrap_err();
    assert_eq!(missing.kind, Kind::Error);
    assert!(missing.what.contains("none.json"));
}

#[test]
fn trust_is_given_by_fingerprint_certificate_or_issuer_and_else_the_signer_is_unknown() {
    let (desk, other) = (Desk::new(), Desk::new());
    let json = desk.issue(&record(&*desk.press.signer));
    let code = |trust: &Trust| check(&json, trust, &[]).unwrap().exit_code;
    let load = |path: &Path| Trust::load(path.to_str().unwrap()).unwrap();

    assert_eq!(code(&Trust::default()), ExitCode::Untrusted);
    assert_eq!(code(&other.trust()), ExitCode::Untrusted);
    assert_eq!(code(&load(&other.certificate())), ExitCode::Untrusted);
    assert_eq!(code(&load(&desk.certificate())), ExitCode::Success);
    let der = desk.dir.path().join("signer.der");
    std::fs::write(&der, desk.press.signer.certificate_der()).unwrap();
    assert_eq!(code(&load(&der)), ExitCode::Success);
    let written = desk.press.signer.fingerprint().to_uppercase().replace("SHA256:", "");
    assert_eq!(code(&Trust::load(&written).unwrap()), ExitCode::Success);

    let mut both = other.trust();
    both.add(desk.trust());
    assert_eq!(code(&both), ExitCode::Success);

    let cut = Trust::load(&desk.press.signer.fingerprint()[..40]).unwrap_err();
    assert_eq!(cut.kind, Kind::Usage);
    let key = desk.dir.path().join("state/keys/signing/key.pem");
    assert!(Trust::load(key.to_str().unwrap()).unwrap_err().what.contains("no certificate"));
    assert_eq!(Trust::load("/nowhere/ca.pem").unwrap_err().kind, Kind::Error);
}

#[test]
fn requirements_that_are_not_met_are_7_and_an_authentic_failure_is_0_without_them() {
    let desk = Desk::new();
    let good = desk.sign_changed(|_| ());
    assert_eq!(desk.required(&good, &[Require::Sanitized]), ExitCode::Success);
    assert_eq!(desk.required(&good, &[Require::Complete]), ExitCode::NotAuthentic);
    let untrusted = |require: &[Require]| check(&good, &Trust::default(), require).unwrap().exit_code;
    assert_eq!(untrusted(&[Require::Sanitized]), ExitCode::Untrusted);
    assert_eq!(untrusted(&[Require::Trusted]), ExitCode::NotAuthentic);

    let lost = desk.sign_changed(|r| {
        r.sessions[0].end = "lost".into();
        r.sessions[0].detail = "gone".into();
        settle(r);
        assert_eq!(r.status, Status::Failed);
    });
    assert_eq!(desk.checked(&lost), (ExitCode::Success, String::new()));
    assert_eq!(desk.required(&lost, &[Require::Sanitized]), ExitCode::NotAuthentic);
}

#[test]
fn the_sentences_of_another_version_are_said_to_be_its_own() {
    let desk = Desk::new();
    let json = desk.sign_changed(|r| {
        r.tool.version = "9.9".into();
        r.statement = "In other words.".into();
    });
    let found = check(&json, &desk.trust(), &[]).unwrap();
    assert_eq!(found.exit_code, ExitCode::Success);
    let told = found
        .findings
        .iter()
        .map(|f| f.told.english())
        .any(|told| told.contains("\"9.9\"") && told.contains("not derived again"));
    assert!(told, "{:?}", found.findings);
}

#[test]
fn honest_records_of_every_kind_check_out() {
    let desk = Desk::new();
    type Change = fn(&mut radera::document::Record);
    let honest: &[(Status, Change)] = &[
        (Status::SanitizedWithExceptions, |r| {
            r.exceptions = vec![
                exception(Trouble::Unreadable, 8192, 1024, 0),
                exception(Trouble::Mismatch, 4096, 512, 0),
                exception(Trouble::WriteFailed, 4096, 512, 1),
            ];
            r.passes[0].bytes_written -= 512;
            (r.verification.unreadable, r.verification.mismatches) = (2, 1);
            r.verification.bytes_read -= 1024;
            r.verification.status = "passed-with-exceptions".into();
        }),
        (Status::Failed, |r| {
            r.exceptions = vec![exception(Trouble::Mismatch, 4096, 512, 0)];
            r.verification.mismatches = 1;
            r.verification.status = "failed".into();
        }),
        (Status::Unverified, |r| {
            not_verified(r);
            r.verification.asked = radera::media::VerifyKind::None;
        }),
        (Status::Interrupted, |r| {
            not_verified(r);
            r.passes[0].complete = false;
            r.passes[0].bytes_written = 1 << 20;
            (r.sessions[0].end, r.sessions[0].detail) = ("interrupted".into(), "SIGTERM".into());
        }),
        (Status::Interrupted, |r| {
            not_verified(r);
            r.passes.clear();
            (r.sessions[0].end, r.sessions[0].detail) = ("killed".into(), "power lost".into());
            r.sessions[0].finished = None;
        }),
        (Status::Sanitized, |r| {
            r.sessions.insert(0, r.sessions[0].clone());
            r.sessions[0].finished = None;
            r.sessions[0].end = "killed".into();
            r.supersedes = Some(format!("sha256:{}", "a".repeat(64)));
        }),
        (Status::Sanitized, |r| {
            sampled(r);
        }),
        (Status::Sanitized, |r| {
            let scheme = radera::pattern::Scheme::all().iter().max_by_key(|s| s.passes.len()).unwrap();
            r.scheme = Some(scheme.name.into());
            let mut key = 0;
            let mut fresh = || {
                key += 1;
                [key; 16]
            };
            r.passes = (1..).zip(scheme.patterns(&mut fresh)).map(|(n, pattern)| pass_of(n, &pattern)).collect();
            r.passes_planned = u32::try_from(r.passes.len()).unwrap();
        }),
        (Status::Sanitized, |r| {
            r.scope.kind = radera::outcome::ScopeKind::Partition;
            r.scope.first_byte = 1 << 20;
            r.medium.size_bytes *= 2;
        }),
        // The readback was given up: one block could not be read, and too many differed.
        (Status::Failed, |r| {
            r.exceptions =
                vec![exception(Trouble::Unreadable, 0, 512, 0), exception(Trouble::Mismatch, 4096, 32 << 20, 0)];
            (r.verification.unreadable, r.verification.mismatches) = (1, (32 << 20) / 512);
            r.verification.bytes_read -= 512;
            r.verification.status = "failed".into();
            (r.sessions[0].end, r.sessions[0].detail) = ("gave-up".into(), "too much is bad".into());
        }),
        // A sample that was given up in its last blocks, all of it read and not all of it looked at.
        (Status::Failed, |r| {
            sampled(r);
            r.exceptions = vec![exception(Trouble::Mismatch, 4096, 2 << 20, 0)];
            r.verification.mismatches = (2 << 20) / 512;
            r.verification.cells_read = r.verification.cells_read.map(|read| read - 1);
            r.verification.status = "failed".into();
            (r.sessions[0].end, r.sessions[0].detail) = ("gave-up".into(), "too much is bad".into());
        }),
        (Status::Sanitized, |r| {
            r.medium.rotation = "unknown".into();
            (r.medium.bus, r.wants_complement) = ("usb".into(), true);
            r.passes.push(random_pass(2, true));
            r.passes_planned = 2;
        }),
    ];
    for (number, (status, change)) in honest.iter().enumerate() {
        let json = desk.sign_changed(|r| {
            change(r);
            settle(r);
            assert_eq!(r.status, *status, "record {number}: {}", r.statement);
        });
        assert_eq!(desk.checked(&json), (ExitCode::Success, String::new()), "record {number}");
    }
}

fn not_verified(r: &mut radera::document::Record) {
    r.verification.kind = radera::media::VerifyKind::None;
    r.verification.status = "not-done".into();
    (r.verification.bytes_planned, r.verification.bytes_read) = (0, 0);
}

fn sampled(r: &mut radera::document::Record) {
    r.verification.asked = radera::media::VerifyKind::Sampled;
    r.verification.kind = radera::media::VerifyKind::Sampled;
    let plan = radera::outcome::SamplingPlan::new([0x55; 16], SCOPE, 512).unwrap();
    (r.verification.bytes_planned, r.verification.bytes_read) = (plan.bytes(), plan.bytes());
    r.verification.seed = Some("5".repeat(32));
    (r.verification.cells, r.verification.cells_read) = (Some(plan.cells()), Some(plan.cells_drawn()));
}

#[test]
fn the_script_checks_a_record_and_regenerates_its_blocks() {
    let desk = Desk::new();
    let image = desk.dir.path().join("image");
    let lines = std::fs::read_to_string("docs/check-record.py").unwrap().lines().count();
    assert!(lines <= 60, "{lines} lines are too many to be read and trusted");
    let script = |json: &Path, more: &[&str]| {
        Command::new("python3").arg("docs/check-record.py").arg(json).args(more).output().unwrap()
    };
    type Change = fn(&mut radera::document::Record);
    let passes: [Change; 3] = [
        |_| (),
        |r| {
            r.passes.push(random_pass(2, true));
            r.passes_planned = 2;
        },
        |r| {
            (r.passes[0].stream, r.passes[0].bytes_hex) = (None, Some("924924".into()));
            r.passes[0].pattern = "0x92 0x49 0x24".into();
        },
    ];
    for change in passes {
        let json = desk.sign_changed(|r| {
            change(r);
            settle(r);
        });
        let record = parse(&std::fs::read(&json).unwrap()).unwrap();
        let mut content = vec![0; 1 << 20];
        let pattern = record.passes.last().unwrap().pattern().unwrap();
        radera::pattern::Filler::new(&pattern).unwrap().fill(0, &mut content);
        std::fs::write(&image, &content).unwrap();
        let image = image.to_str().unwrap();
        for offset in ["0", "4096", "777777"] {
            let output =
                script(&json, &["--trust", &desk.press.signer.fingerprint(), "--image", image, "--offset", offset]);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        content[5000] ^= 1;
        std::fs::write(image, &content).unwrap();
        assert!(!script(&json, &["--image", image, "--offset", "4096"]).status.success());
        assert!(script(&json, &["--image", image, "--offset", "8192"]).status.success());
    }
    let json = desk.issue(&record(&*desk.press.signer));
    let other = Desk::new();
    let (own, foreign) = (desk.certificate(), other.certificate());
    assert!(script(&json, &["--trust", own.to_str().unwrap()]).status.success());
    assert!(!script(&json, &["--trust", foreign.to_str().unwrap()]).status.success());
    assert!(!script(&json, &["--trust", &other.press.signer.fingerprint()]).status.success());
    let bytes = canonical_bytes(&record(&*other.press.signer)).unwrap();
    assert!(!script(&desk.sign(&bytes), &[]).status.success(), "a record that names another key");
    let mut bytes = std::fs::read(&json).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&json, bytes).unwrap();
    assert!(!script(&json, &[]).status.success());
}
