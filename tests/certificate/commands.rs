//! Records of erases by the drive: a good one checks out, and one that says more than its own figures does not.

use radera::document::Record;
use radera::media::{Method, TechniqueId, VerifyKind};
use radera::outcome::{
    Claim, CommandEvidence, Ending, Exchange, Markers, Places, Progress, Readback, Status, Witnesses,
};
use radera::problem::ExitCode;

use super::sampled;
use super::support::*;

const SEED: [u8; 16] = [0x3c; 16];

fn seed() -> String {
    "3c".repeat(16)
}

/// A hard disk that overwrote itself, seen at work, marks gone, a tenth read back as zeros.
fn purged(r: &mut Record) {
    let places = Places::draw(SEED, 0, SCOPE, 512).unwrap();
    let (marked, witnesses) = (places.marked.len() as u64, places.witnesses.len() as u64);
    (r.method, r.technique) = (Method::Purge, TechniqueId::AtaSanitizeOverwrite);
    (r.passes, r.passes_planned) = (Vec::new(), 0);
    r.command = Some(CommandEvidence {
        technique: r.technique,
        accepted: true,
        seen_running: true,
        ending: Ending::Succeeded,
        resets: Vec::new(),
        estimate_seconds: None,
        milliseconds: 60_000,
        progress: vec![Progress { milliseconds: 100, progress: 9 }, Progress { milliseconds: 900, progress: 60_000 }],
        exchanges: vec![Exchange {
            command: "SANITIZE DEVICE".into(),
            sent: "85".repeat(16),
            answer: "GOOD".into(),
            received: Some("72010000".into()),
        }],
        seed: Some(seed()),
        markers: Some(Markers { written: marked, gone: marked, survived: 0, unreadable: 0 }),
        witnesses: Some(Witnesses { read: witnesses, blank: 0, changed: witnesses, same: 0, unreadable: 0 }),
        expected: Some("00000000".into()),
        readback: Readback::Pattern,
        encryption: None,
        reached: Vec::new(),
    });
    sampled(r);
    (r.sessions[0].from_pass, r.sessions[0].from_byte) = (None, None);
    settle(r);
}

/// Encrypting flash whose keys were changed: only a difference can be shown.
fn scrambled(r: &mut Record) {
    purged(r);
    r.technique = TechniqueId::AtaSanitizeCrypto;
    r.medium.rotation = "flash".into();
    let command = r.command.as_mut().unwrap();
    command.technique = r.technique;
    (command.readback, command.expected) = (Readback::Changed, None);
    command.encryption = Some("attested".into());
    let looked = command.markers.as_ref().unwrap().gone + command.witnesses.as_ref().unwrap().changed;
    let v = &mut r.verification;
    (v.bytes_planned, v.bytes_read) = (looked * 512, looked * 512);
    (v.cells, v.cells_read, v.seed) = (Some(looked), Some(looked), Some(seed()));
    settle(r);
}

fn command(r: &mut Record) -> &mut CommandEvidence {
    r.command.as_mut().unwrap()
}

#[test]
fn a_record_of_an_erase_by_the_drive_checks_out_and_claims_purge() {
    for make in [purged, scrambled] {
        let desk = Desk::new();
        let mut record = record(&*desk.press.signer);
        make(&mut record);
        let found = (record.status, record.claim);
        assert_eq!(found, (Status::Sanitized, Claim::Purge), "{}", record.statement);
        assert!(record.statement.contains("untested on hardware"), "{}", record.statement);
        let (code, why) = desk.checked(&desk.issue(&record));
        assert_eq!(code, ExitCode::Success, "{why}");
    }
    let mut record = record(&*Desk::new().press.signer);
    scrambled(&mut record);
    assert!(record.statement.contains("the operator's attestation"), "{}", record.statement);
    // 2,050 marks and 2,048 witnesses: 1 - 0.01^(1/4098) is 0.11 %.
    assert!(record.verification.statement.contains("with 99 % at most 11"), "{}", record.verification.statement);
}

type Lie = (&'static str, fn(&mut Record));

const LIES: &[Lie] = &[
    ("its status is \"sanitized\"", |r| command(r).ending = Ending::Stale),
    ("its status is \"sanitized\"", |r| command(r).ending = Ending::Failed { detail: "x".into() }),
    ("its status is \"sanitized\"", |r| command(r).seen_running = false),
    ("seen running, and not accepted", |r| command(r).accepted = false),
    ("its status is \"sanitized\"", |r| {
        let markers = command(r).markers.as_mut().unwrap();
        (markers.gone, markers.survived) = (markers.gone - 1, 1);
    }),
    ("its status is \"sanitized\"", |r| {
        let witnesses = command(r).witnesses.as_mut().unwrap();
        (witnesses.changed, witnesses.same) = (witnesses.changed - 1, 1);
    }),
    ("its claim is \"purge\"", |r| r.method = Method::Clear),
    ("marked blocks do not add up", |r| command(r).markers.as_mut().unwrap().gone -= 1),
    ("compared blocks do not add up", |r| command(r).witnesses.as_mut().unwrap().blank += 1),
    ("more blocks were looked at", |r| {
        let markers = command(r).markers.as_mut().unwrap();
        (markers.written, markers.gone) = (9000, 9000);
    }),
    ("no seed says where", |r| command(r).seed = None),
    ("none was marked", |r| command(r).markers = None),
    ("another technique's", |r| command(r).technique = TechniqueId::ScsiSanitizeOverwrite),
    ("not known to have been begun", |r| command(r).ending = Ending::Frozen),
    ("not known to have been begun", |r| command(r).ending = Ending::Rejected { detail: "x".into() }),
    ("not known to have been begun", |r| command(r).ending = Ending::NotSent { detail: "x".into() }),
    ("not known to have been begun", |r| command(r).ending = Ending::Unclear { detail: "x".into() }),
    ("no exchange shows it", |r| command(r).exchanges.clear()),
    ("without its bytes", |r| command(r).exchanges[0].sent = "GOOD".into()),
    ("not in order of time", |r| command(r).progress.reverse()),
    ("nobody's word", |r| command(r).encryption = Some("a friend".into())),
    ("does not follow from the command", |r| command(r).expected = None),
    ("does not follow from the command", |r| command(r).readback = Readback::Changed),
    ("yet passes of the host", |r| r.passes = vec![random_pass(1, false)]),
    ("told to erase", |r| r.technique = TechniqueId::Overwrite),
    ("no command was sent before", |r| r.command = None),
    ("its claim is \"clear\"", |r| r.claim = Claim::Clear),
    ("its statement is", |r| r.statement = r.statement.replace("untested on hardware", "tested on hardware")),
    ("list of standards", |r| r.standards[0] = r.standards[0].replace("Purge", "Destroy")),
    ("begins at a place", |r| r.sessions[0].from_pass = Some(1)),
];

#[test]
fn a_signed_record_of_an_erase_by_the_drive_that_says_too_much_does_not_check_out() {
    let desk = Desk::new();
    for (number, (sentence, lie)) in LIES.iter().enumerate() {
        let (code, why) = desk.checked(&desk.sign_changed(|r| {
            purged(r);
            lie(r);
        }));
        assert_eq!(code, ExitCode::NotAuthentic, "lie {number}, {sentence}");
        assert!(why.contains(sentence), "lie {number}: expected {sentence:?}, found {why:?}");
    }
    let other_seed = |r: &mut Record| {
        scrambled(r);
        r.verification.seed = Some("00".repeat(16));
    };
    let (code, why) = desk.checked(&desk.sign_changed(other_seed));
    assert!(code == ExitCode::NotAuthentic && why.contains("command's seed"), "{why}");
    let full = |r: &mut Record| {
        scrambled(r);
        r.verification.asked = VerifyKind::Full;
    };
    assert_eq!(desk.checked(&desk.sign_changed(full)).0, ExitCode::NotAuthentic);
}

#[test]
fn what_to_do_now_is_checked_like_the_rest_of_the_statement() {
    let desk = Desk::new();
    let endings = [
        (Ending::Stalled { progress: Some(9), seconds: 7200 }, "keep it powered"),
        (Ending::Frozen, "suspend the machine"),
        (Ending::NotSent { detail: "another sanitize runs".into() }, "then wipe it again"),
        (Ending::Unclear { detail: "ABORTED COMMAND, 00h/00h".into() }, "whether it erases"),
    ];
    for (ending, words) in endings {
        let begun = matches!(ending, Ending::Stalled { .. });
        let ended = |r: &mut Record| {
            purged(r);
            let c = command(r);
            (c.ending, c.accepted, c.seen_running) = (ending.clone(), begun, begun);
            settle(r);
        };
        let mut record = record(&*desk.press.signer);
        ended(&mut record);
        assert!(record.status == Status::Failed && record.statement.contains(words), "{}", record.statement);
        let (code, why) = desk.checked(&desk.sign_changed(ended));
        assert_eq!(code, ExitCode::Success, "{ending:?}: {why}");
        let (code, why) = desk.checked(&desk.sign_changed(|r| {
            ended(r);
            r.statement = r.statement.replace(words, "relax");
        }));
        assert!(code == ExitCode::NotAuthentic && why.contains("its statement is"), "{ending:?}: {why}");
    }
}
