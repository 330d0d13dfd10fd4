//! What each fuzz target does with its bytes; tests/fuzz_corpus.rs replays the corpora through the same functions. An entry
//! answers whether the bytes were taken for what they should be, and panics where something holds that must not.
#![allow(dead_code)]

use radera::case::{AssetList, CaseFile, Column, numbers};
use radera::certificate::{Form, Trust, contradiction, foreign, verify_signature};
use radera::document::{canonical_bytes, parse};
use radera::outcome::Status;
use radera::pades::{self, LaterKind};
use radera::wire::scsi::vpd;
use radera::wire::{ata, nvme, scsi};
use radera::{device, media};

/// The document that the seeds of `p7s` sign.
pub const SIGNED: &[u8] = br#"{"kind":"fuzz"}"#;

/// Bytes, and the entry that takes them.
pub type Entry = fn(&[u8]) -> bool;

/// Every entry by the name of its target and corpus.
pub const ALL: &[(&str, Entry)] = &[
    ("record", record),
    ("p7s", p7s),
    ("signed_pdf", signed_pdf),
    ("certificate_file", certificate_file),
    ("signatures", signatures),
    ("mountinfo", mountinfo),
    ("swaps", swaps),
    ("sense", sense),
    ("identify_ata", identify_ata),
    ("vpd", vpd),
    ("identify_nvme", identify_nvme),
    ("log_sanitize", log_sanitize),
    ("case_file", case_file),
    ("asset_list", asset_list),
];

/// A record: parsed, held against itself, written again to the same bytes.
pub fn record(data: &[u8]) -> bool {
    let Ok(record) = parse(data) else { return false };
    assert_eq!(canonical_bytes(&record).expect("what was read can be written"), data);
    let contradicts = contradiction(&record).is_some();
    if !contradicts && record.status == Status::Sanitized {
        assert!(record.exceptions.is_empty() && record.exceptions_left_out == 0);
        assert!(record.passes.iter().all(|pass| pass.complete && pass.bytes_written == record.scope.bytes));
        assert_eq!(record.verification.bytes_read, record.verification.bytes_planned);
    }
    !contradicts
}

/// A signature: no two of them hold for one document, one key and one moment, since none of its bytes is free.
pub fn p7s(data: &[u8]) -> bool {
    let Ok(found) = verify_signature(SIGNED, data, Form::Detached) else { return false };
    assert_eq!(data, include_bytes!("corpus/p7s/good"), "another signature holds, by {}", found.fingerprint);
    true
}

/// A signed PDF: what is read of it makes the same bytes again, and whatever follows is told.
pub fn signed_pdf(data: &[u8]) -> bool {
    let Ok(signed) = pades::read(data) else { return false };
    let room = signed.end - signed.content[0].len() - signed.content[1].len();
    let prepared = pades::prepare(signed.base, &signed.dictionary, (room - 2) / 2).expect("it was made so");
    assert_eq!(prepared.complete(&signed.cms).expect("it fitted"), data[..signed.end]);
    assert!(signed.end == data.len() || !signed.later.is_empty() || !signed.forbidden.is_empty());
    let _ = pades::attachments(signed.base);
    for one in &signed.later {
        if let LaterKind::Signature(added) | LaterKind::DocTimeStamp(added) = &one.kind {
            let content: Vec<_> = added.content.iter().flat_map(|part| &data[part.clone()]).copied().collect();
            let _ = foreign(&content, &added.cms);
        }
    }
    true
}

/// A file of certificates: each of them is read again as itself.
pub fn certificate_file(data: &[u8]) -> bool {
    let Ok(trust) = Trust::from_bytes(data) else { return false };
    assert!(!trust.certificates.is_empty() && trust.fingerprints.is_empty());
    for der in &trust.certificates {
        assert_eq!(Trust::from_bytes(der).expect("it was one").certificates.as_slice(), std::slice::from_ref(der));
    }
    true
}

/// A device, given as its size in MiB (two bytes, little-endian) and patches of zeros: offset (four bytes), length (two bytes),
/// bytes. A patch at an offset from 2^31 on is a hole that can't be read.
pub fn signatures(data: &[u8]) -> bool {
    let Some((size, mut rest)) = data.split_first_chunk::<2>() else { return false };
    let size = u64::from(u16::from_le_bytes(*size)) << 20;
    let mut patches = Vec::new();
    while let Some((head, after)) = rest.split_first_chunk::<6>() {
        let [a, b, c, d, length @ ..] = *head;
        let length = usize::from(u16::from_le_bytes(length)).min(after.len());
        let (bytes, after) = after.split_at(length);
        patches.push((u64::from(u32::from_le_bytes([a, b, c, d])), bytes));
        rest = after;
    }
    let mut read = |offset: u64, bytes: usize| {
        assert!(offset.checked_add(bytes as u64).is_some_and(|end| end <= size), "read outside the device");
        assert!(bytes <= 64 << 20, "a window of {bytes} bytes");
        let mut window = vec![0; bytes];
        for (at, patch) in &patches {
            let (at, hole) = (at & 0x7fff_ffff, at >> 31 == 1);
            for (i, byte) in patch.iter().enumerate() {
                let index = (at + i as u64).checked_sub(offset).and_then(|i| usize::try_from(i).ok());
                if let Some(slot) = index.and_then(|index| window.get_mut(index)) {
                    if hole {
                        return None;
                    }
                    *slot = *byte;
                }
            }
        }
        Some(window)
    };
    let found: Vec<media::Signature> = device::detect_signatures(&mut read, size);
    for (at, signature) in found.iter().enumerate() {
        assert!(!signature.kind.is_empty() && !found[..at].contains(signature), "named twice: {signature:?}");
    }
    !found.is_empty()
}

/// `/proc/PID/mountinfo`: every line is a mount, or the whole is refused.
pub fn mountinfo(data: &[u8]) -> bool {
    let Ok(mounts) = device::parse_mountinfo(data) else { return false };
    assert_eq!(mounts.len(), filled_lines(data));
    !mounts.is_empty()
}

/// `/proc/swaps`: every line but the first is a swap area, or the whole is refused.
pub fn swaps(data: &[u8]) -> bool {
    let Ok(swaps) = device::parse_swaps(data) else { return false };
    assert_eq!(swaps.len(), filled_lines(data).saturating_sub(1));
    !swaps.is_empty()
}

/// Sense data: taken where it parses. What is said of a running or failed sanitize stands in the bytes, and no ATA register is
/// told of that was not sent.
pub fn sense(data: &[u8]) -> bool {
    let Ok(found) = scsi::Sense::parse(data) else {
        assert_eq!(ata::Registers::parse(data), Err(ata::NoRegisters::NoSense));
        return false;
    };
    assert!(!found.to_string().is_empty());
    assert!(!(found.sanitize_in_progress() && found.sanitize_failed()));
    assert!(found.additional.is_some() || !(found.sanitize_in_progress() || found.sanitize_failed()));
    if let Ok(registers) = ata::Registers::parse(data) {
        assert!(data.contains(&registers.status) && registers.status != 0 && registers.status < 0x80);
        if let Ok(ata::SanitizeAnswer::State(state)) = ata::SanitizeAnswer::read(&registers) {
            assert!(
                !registers.is_error() && registers.count().is_some_and(|count| count >> 15 == 1) || !state.succeeded()
            );
        }
    }
    true
}

/// IDENTIFY DEVICE data: taken where it is a disk's, whole, with a right checksum or none.
pub fn identify_ata(data: &[u8]) -> bool {
    let Ok(found) = ata::Identify::parse(data) else { return false };
    assert!(data.len() >= 512);
    assert_eq!(found.names(), ata::Names::parse(data));
    assert!(found.sectors().is_none_or(|sectors| sectors > 0 && sectors <= 1 << 48));
    assert!(found.sector_bytes().is_none_or(|bytes| bytes >= 512));
    let sanitize = found.sanitize();
    assert!(sanitize.supported || !(sanitize.block_erase || sanitize.crypto_scramble || sanitize.overwrite));
    let _ = (found.security(), found.trim(), found.hidden_areas(), found.world_wide_name(), found.rotation_rate());
    true
}

/// A page of vital product data, taken by its own code.
pub fn vpd(data: &[u8]) -> bool {
    match data.get(1) {
        Some(&vpd::SUPPORTED_PAGES) => vpd::supported_pages(data).is_some(),
        Some(&vpd::UNIT_SERIAL_NUMBER) => vpd::unit_serial(data).is_some_and(|serial| !serial.is_empty()),
        Some(&vpd::DEVICE_IDENTIFICATION) => vpd::unit_name(data).is_some_and(|name| !name.is_empty()),
        Some(&vpd::ATA_INFORMATION) => vpd::AtaInformation::parse(data).is_some_and(|page| {
            assert_eq!(page.names().is_some(), page.is_disk());
            page.is_disk()
        }),
        Some(&vpd::BLOCK_LIMITS) => vpd::BlockLimits::parse(data).is_some(),
        Some(&vpd::BLOCK_CHARACTERISTICS) => vpd::BlockCharacteristics::parse(data).is_some_and(|page| {
            assert_eq!(vpd::rotation_rate(data), Some(page.rotation_rate));
            true
        }),
        Some(&vpd::LOGICAL_BLOCK_PROVISIONING) => vpd::LogicalBlockProvisioning::parse(data).is_some(),
        Some(&vpd::ZONED_CHARACTERISTICS) => vpd::ZonedCharacteristics::parse(data).is_some(),
        _ => false,
    }
}

/// Identify data of NVMe, after a byte with its CNS. It is filled up with zeros to its 4096 bytes; one that is longer is cut.
pub fn identify_nvme(data: &[u8]) -> bool {
    let Some((cns, rest)) = data.split_first() else { return false };
    let mut data = rest.to_vec();
    data.resize(4096, 0);
    match cns {
        0x00 => {
            let _ = nvme::Namespace::parse(rest);
            let Ok(found) = nvme::Namespace::parse(&data) else { return false };
            assert!(found.lba.data_bytes >= 512 && found.lba.data_bytes.is_power_of_two());
            let command = nvme::format_nvm(1, &found, nvme::SecureErase::UserData);
            assert_eq!((command.cdw10() >> 9 & 7, command.cdw10() & 0x0F), (1, u32::from(found.format & 0x0F)));
            true
        }
        0x01 => {
            let _ = nvme::Controller::parse(rest);
            nvme::Controller::parse(&data).is_ok()
        }
        0x02 | 0x10 => {
            let Ok(found) = nvme::namespace_list(&data) else { return false };
            assert!(found.len() <= 1024 && found.windows(2).all(|pair| pair[0] < pair[1]));
            !found.is_empty()
        }
        0x03 => {
            let _ = nvme::NamespaceIdentifiers::parse(rest);
            nvme::NamespaceIdentifiers::parse(&data).is_ok_and(|found| found.name().is_some())
        }
        _ => false,
    }
}

/// The sanitize status log: progress is told of a running operation only, and success never of one that runs or failed.
pub fn log_sanitize(data: &[u8]) -> bool {
    let Ok(log) = nvme::SanitizeLog::parse(data) else { return false };
    assert_eq!(log.running_progress().is_some(), data[2] & 7 == 2);
    let succeeded = matches!(log.result, nvme::SanitizeResult::Succeeded | nvme::SanitizeResult::SucceededDeallocated);
    assert_eq!(succeeded, matches!(data[2] & 7, 1 | 4));
    true
}

/// A case file: taken, or refused with a place in it and what to do. A masked case is masked.
pub fn case_file(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    match CaseFile::parse(text, "case.toml") {
        Ok(read) => {
            assert_eq!(read.text, text);
            let masked = numbers::masked(&read.case);
            assert_eq!(numbers::masked(&masked), masked);
            assert_eq!(
                masked.items.iter().map(|item| &item.id).collect::<Vec<_>>(),
                read.case.items.iter().map(|item| &item.id).collect::<Vec<_>>()
            );
            assert!(read.case.items.iter().all(|item| item.named_outcomes().len() <= 1 && !item.id.is_empty()));
            true
        }
        Err(problem) => {
            let lines = text.matches('\n').count() + 1;
            for one in std::iter::once(&problem).chain(&problem.also).filter(|one| !one.what.starts_with("and ")) {
                let line = one.what.strip_prefix("case.toml:").and_then(|rest| rest.split(':').next()?.parse().ok());
                assert!(line.is_some_and(|line: usize| line >= 1 && line <= lines), "{one:?}");
                assert!(!one.todo.is_empty());
            }
            false
        }
    }
}

/// A customer's list: each line that is taken says which medium it is of.
pub fn asset_list(data: &[u8]) -> bool {
    let columns = ["asset=Nr", "serial=Serial", "last_used=Used"];
    let columns: Vec<Column> = columns.iter().filter_map(|text| text.parse().ok()).collect();
    assert_eq!(columns.len(), 3);
    let Ok(list) = AssetList::parse(data, "list.csv", &columns) else { return false };
    let lines = data.iter().filter(|b| matches!(b, b'\n' | b'\r')).count() as u64 + 1;
    for asset in &list.assets {
        assert!(asset.asset.is_some() || asset.serial.is_some());
        assert!((2..=lines).contains(&asset.line), "{asset:?}");
    }
    assert!(list.assets.windows(2).all(|pair| pair[0].line < pair[1].line));
    !list.assets.is_empty()
}

fn filled_lines(data: &[u8]) -> usize {
    data.split(|b| *b == b'\n').filter(|line| !line.is_empty()).count()
}
