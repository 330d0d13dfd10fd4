//! radera's own commands beside those that Debian's tools send, byte by byte. What the tools sent was received by the drive model in
//! the virtual machine (`tests/vm/cases/bytes.rs`) and is kept in `tests/data/peers`. Each difference is explained here, and only here:
//! one that is not explained fails the test, and so does an explanation of a difference that is gone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "vm/kept.rs"]
mod kept;

use radera::wire::{Data, ata, nvme, scsi};

/// A command: its block, and what goes along to the drive.
type Bytes = (Vec<u8>, Vec<u8>);

/// Bytes of the block that differ, and why.
type Differences = &'static [(usize, &'static str)];

struct Pair {
    file: &'static str,
    /// How the tool was called.
    run: &'static str,
    /// Which of its commands: the first one whose block begins like ours, counted from 0.
    number: usize,
    name: String,
    ours: Bytes,
    differences: Differences,
}

fn data(data: &Data) -> Vec<u8> {
    if let Data::Out(bytes) = data { bytes.clone() } else { Vec::new() }
}

fn of_ata(command: &ata::Command) -> (String, Bytes) {
    let sent = ata::pass_through_16(command, true);
    (command.name().into(), (sent.cdb().to_vec(), data(sent.data())))
}

fn of_scsi(command: &scsi::Command) -> (String, Bytes) {
    (command.name().into(), (command.cdb().to_vec(), data(command.data())))
}

/// A submission queue entry, without what the host's driver puts in.
fn of_nvme(command: &nvme::Admin) -> (String, Bytes) {
    let mut entry = vec![0; 64];
    entry[0] = command.opcode();
    entry[4..8].copy_from_slice(&command.nsid().to_le_bytes());
    for (dword, at) in command.dwords().iter().zip((40..).step_by(4)) {
        entry[at..at + 4].copy_from_slice(&dword.to_le_bytes());
    }
    (command.name().into(), (entry, data(command.data())))
}

/// What a tool sent: each block with the data that followed it. `..` is not compared.
type Received = Vec<(Vec<Option<u8>>, Vec<u8>)>;

fn received(file: &str, run: &str) -> Received {
    let path = format!("{}/tests/data/peers/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let section = text.split("## ").find_map(|part| part.strip_prefix(&format!("{run}\n")));
    let section = section.unwrap_or_else(|| panic!("{path} has no {run:?}"));
    let mut commands: Received = Vec::new();
    for line in section.lines().filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split(' ').collect();
        let bytes = words[1..].iter().take_while(|word| !word.starts_with('('));
        let bytes: Vec<Option<u8>> = bytes.map(|word| u8::from_str_radix(word, 16).ok()).collect();
        match words[0] {
            "out" => {
                let count = words.iter().find_map(|word| word.strip_prefix('(')).unwrap().parse().unwrap();
                let mut data: Vec<u8> = bytes.into_iter().map(Option::unwrap).collect();
                data.resize(count, 0);
                commands.last_mut().unwrap().1 = data;
            }
            _ => commands.push((bytes, Vec::new())),
        }
    }
    commands
}

/// The differences between a pair that nothing explains, and the explanations without a difference.
fn unexplained(pair: &Pair) -> Vec<String> {
    let sent = received(pair.file, pair.run);
    let Some((theirs, their_data)) = sent.get(pair.number) else {
        return vec![format!("{}: {} sent only {} commands", pair.name, pair.run, sent.len())];
    };
    let (ours, our_data) = &pair.ours;
    let mut found = Vec::new();
    if theirs.len() != ours.len() {
        found.push(format!("{}: {} bytes, and {} of {}", pair.name, ours.len(), theirs.len(), pair.run));
    }
    for (at, (our, their)) in ours.iter().zip(theirs).enumerate() {
        let differs = their.is_some_and(|their| their != *our);
        let explained = pair.differences.iter().any(|(byte, _)| *byte == at);
        if differs != explained {
            found.push(format!(
                "{}: byte {at} is {our:02x}, {} sends {their:02x?}; explained: {explained}",
                pair.name, pair.run
            ));
        }
    }
    if our_data != their_data {
        found.push(format!("{}: data {our_data:02x?}, {} sends {their_data:02x?}", pair.name, pair.run));
    }
    found
}

fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut pair = |file, run, number, (name, ours): (String, Bytes), differences| {
        pairs.push(Pair { file, run, number, name, ours, differences });
    };
    let hdparm = "hdparm.hex";
    let overwrite =
        ata::SanitizeOperation::Overwrite { pattern: 0x1234_5678, passes: 2, invert: false, definitive_ending: false };
    let password = || ata::Password::new(ata::PasswordKind::User, b"PASS").unwrap();
    let sanitize = |operation| of_ata(&ata::sanitize(operation, false).unwrap());
    pair(hdparm, "hdparm -N $node", 0, of_ata(&ata::identify_device()), IDENTIFY);
    pair(hdparm, "hdparm -N $node", 1, of_ata(&ata::read_native_max_address()), EXTENDED);
    pair(hdparm, "hdparm --dco-identify $node", 0, of_ata(&ata::dco_identify()), IDENTIFY);
    pair(hdparm, "hdparm --sanitize-status $node", 1, of_ata(&ata::sanitize_status(false)), EXTENDED);
    let run = "hdparm --yes-i-know-what-i-am-doing --sanitize-block-erase $node";
    pair(hdparm, run, 1, sanitize(ata::SanitizeOperation::BlockErase), EXTENDED);
    let run = "hdparm --yes-i-know-what-i-am-doing --sanitize-crypto-scramble $node";
    pair(hdparm, run, 1, sanitize(ata::SanitizeOperation::CryptoScramble), EXTENDED);
    let run =
        "hdparm --yes-i-know-what-i-am-doing --sanitize-overwrite-passes 2 --sanitize-overwrite hex:12345678 $node";
    pair(hdparm, run, 1, sanitize(overwrite), EXTENDED);
    let run = "hdparm --yes-i-know-what-i-am-doing --sanitize-antifreeze-lock $node";
    pair(hdparm, run, 1, of_ata(&ata::sanitize_antifreeze()), EXTENDED);
    let run = "hdparm --yes-i-know-what-i-am-doing --sanitize-freeze-lock $node";
    pair(hdparm, run, 1, of_ata(&ata::sanitize_freeze_lock()), EXTENDED);
    let run = "hdparm --user-master u --security-set-pass PASS $node";
    pair(hdparm, run, 0, of_ata(&ata::security_set_password(password())), PASSWORD);
    let run = "hdparm --user-master u --security-erase-enhanced PASS $node";
    pair(hdparm, run, 1, of_ata(&ata::security_erase_prepare()), PREPARE);
    pair(hdparm, run, 2, of_ata(&ata::security_erase_unit(password(), true)), PASSWORD);
    let run = "hdparm --user-master u --security-erase PASS $node";
    pair(hdparm, run, 2, of_ata(&ata::security_erase_unit(password(), false)), PASSWORD);

    let sg = "sg3-utils.hex";
    let flags = scsi::SanitizeFlags { immediate: true, zone_no_reset: false, unrestricted_exit: false };
    let overwrite = scsi::SanitizeOverwrite::new(2, false, &[0x12, 0x34, 0x56, 0x78], 512).unwrap();
    let sanitize = |kind| of_scsi(&scsi::sanitize(&kind, flags));
    pair(sg, "sg_sanitize --block --quick --early $node", 0, sanitize(scsi::SanitizeKind::BlockErase), &[]);
    pair(sg, "sg_sanitize --crypto --quick --early $node", 0, sanitize(scsi::SanitizeKind::CryptographicErase), &[]);
    let run = "printf '\\022\\064\\126\\170' >/tmp/pattern; sg_sanitize --overwrite --count=2 --pattern=/tmp/pattern --quick --early $node";
    pair(sg, run, 0, sanitize(scsi::SanitizeKind::Overwrite(overwrite)), &[]);
    pair(sg, "sg_sanitize --fail --early --quick $node; true", 0, of_scsi(&scsi::exit_failure_mode()), EXIT);
    pair(sg, "sg_requests $node", 0, of_scsi(&scsi::request_sense(scsi::SenseWanted::Fixed)), &[]);

    let cli = "nvme-cli.hex";
    let plain = nvme::SanitizeOptions::default();
    let keeping = nvme::SanitizeOptions { no_deallocate: true, ..plain };
    let overwrite = nvme::SanitizeAction::Overwrite { pattern: 0x1234_5678, passes: 2, invert: false };
    let sanitize = |action, options| of_nvme(&nvme::sanitize(action, options).unwrap());
    pair(cli, "nvme sanitize-log $controller", 0, of_nvme(&nvme::get_log_page(nvme::LogId::SanitizeStatus)), LOG);
    let run = "nvme sanitize $controller --sanact=2 --no-dealloc";
    pair(cli, run, 0, sanitize(nvme::SanitizeAction::BlockErase, keeping), &[]);
    pair(cli, "nvme sanitize $controller --sanact=4", 0, sanitize(nvme::SanitizeAction::CryptoErase, plain), &[]);
    let run = "nvme sanitize $controller --sanact=3 --owpass=2 --ovrpat=0x12345678";
    pair(cli, run, 0, sanitize(overwrite, plain), &[]);
    let run = "nvme sanitize $controller --sanact=1";
    pair(cli, run, 0, sanitize(nvme::SanitizeAction::ExitFailureMode, plain), &[]);
    // A namespace in format 0, without metadata and protection: what the model has.
    let mut identified = vec![0; 4096];
    // LBADS of format 0: 512 bytes.
    identified[130] = 9;
    let namespace = nvme::Namespace::parse(&identified).unwrap();
    let format = |erase| of_nvme(&nvme::format_nvm(1, &namespace, erase));
    pair(cli, "nvme format $node --ses=1 --force", 0, format(nvme::SecureErase::UserData), &[]);
    pair(cli, "nvme format $node --ses=2 --force", 0, format(nvme::SecureErase::Cryptographic), &[]);
    pairs
}

const REGISTERS: &str = "CK_COND: radera asks for the registers after commands with data, too";
const DEVICE: &str = "hdparm sets the LBA bit of DEVICE, which this command does not use";
const IDENTIFY: Differences = &[(2, REGISTERS), (13, DEVICE)];
/// 48-bit commands.
const EXTENDED: Differences = &[];
const PASSWORD: Differences = &[(2, REGISTERS), (13, DEVICE)];
const PREPARE: Differences = &[(13, DEVICE)];
const EXIT: Differences = &[(1, "sg_sanitize sets IMMED, which this service action has no use for")];
const LOG: Differences =
    &[(41, "RAE: radera leaves events for the kernel, which waits for them; nvme-cli takes them away")];

#[test]
fn every_difference_from_what_debians_tools_send_is_explained() {
    let pairs = pairs();
    let found: Vec<String> = pairs.iter().flat_map(unexplained).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    let mut table = "| radera's command | beside | Bytes that differ |\n|---|---|---|\n".to_string();
    for pair in &pairs {
        let told = pair.differences.iter().map(|(byte, why)| format!("{byte}: {why}")).collect::<Vec<_>>().join("; ");
        let told = if told.is_empty() { "none".to_string() } else { told };
        table += &format!("| {} | `{}` | {told} |\n", pair.name, pair.run.replace(" --yes-i-know-what-i-am-doing", ""));
    }
    kept::compare("docs/peers.md", "radera's commands beside theirs, byte by byte", &table);
}

/// The comparison sees one changed bit anywhere, in the block or in the data.
#[test]
fn a_changed_bit_is_seen() {
    for mut pair in pairs() {
        let compared = received(pair.file, pair.run)[pair.number].0.clone();
        let explained: Vec<usize> = pair.differences.iter().map(|(byte, _)| *byte).collect();
        for at in (0..pair.ours.0.len()).filter(|at| compared[*at].is_some() && !explained.contains(at)) {
            pair.ours.0[at] ^= 1;
            assert!(!unexplained(&pair).is_empty(), "{}: byte {at}", pair.name);
            pair.ours.0[at] ^= 1;
        }
        for at in 0..pair.ours.1.len() {
            pair.ours.1[at] ^= 1;
            assert!(!unexplained(&pair).is_empty(), "{}: data {at}", pair.name);
            pair.ours.1[at] ^= 1;
        }
    }
}
