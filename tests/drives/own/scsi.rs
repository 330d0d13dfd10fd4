//! Native SAS drives (SPC-5, SBC-4).

use crate::drives::medium::is_marker;
use crate::drives::personality::{Kit, sas_hdd_traits, small};
use crate::drives::scsi::ScsiAnswer;
use crate::drives::scsi::sas::Sas;
use crate::drives::{Fault, Machine, sas_hdd, sas_ssd};
use crate::hands::{fetch, key, request_sense, scsi};

/// Key, ASC, ASCQ.
type End = (u8, u8, u8);

const NOT_READY: End = (2, 4, 0x1b);
const FAILED: End = (3, 0x31, 3);
const FIELD: End = (5, 0x24, 0);
const READ: [u8; 10] = [0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0];

/// SANITIZE with `byte 1` and a parameter list length.
fn sanitize(first: u8, length: u8) -> [u8; 10] {
    [0x48, first, 0, 0, 0, 0, 0, 0, length, 0]
}

fn pass(unit: &Sas, seconds: u64) {
    unit.gear.clock.advance(seconds * 1000);
}

#[test]
fn an_immediate_block_erase_shows_its_progress_and_ends_clean() {
    let mut unit = sas_ssd();
    assert_eq!(request_sense(&mut unit), (0, 0, 0, None));
    assert_eq!(key(&mut unit, &sanitize(0x82, 0), &[]), (0, 0, 0));
    pass(&unit, 15);
    let raw = fetch(&mut unit, &[3, 0, 0, 0, 252, 0]);
    assert_eq!(raw, [0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 0x1b, 0, 0x80, 0x80, 0]);
    let raw = fetch(&mut unit, &[3, 1, 0, 0, 252, 0]);
    assert_eq!(raw, [0x72, 2, 4, 0x1b, 0, 0, 0, 8, 2, 6, 0, 0, 0x80, 0x80, 0, 0]);
    pass(&unit, 15);
    assert_eq!(request_sense(&mut unit), (0, 0, 0, None));
    assert_eq!(key(&mut unit, &[0; 6], &[]), (0, 0, 0));
    assert_eq!(unit.truth().total(), 0);
}

#[test]
fn only_the_listed_commands_are_answered_while_it_runs_or_has_failed() {
    let allowed: [&[u8]; 4] = [
        &[0x12, 0, 0, 0, 96, 0],
        &[0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0],
        &[0x4d, 0, 0x40, 0, 0, 0, 0, 0, 64, 0],
        &[0x03, 0, 0, 0, 18, 0],
    ];
    let refused: [&[u8]; 8] = [
        &[0; 6],
        &READ,
        &[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0x1a, 0, 0x3f, 0, 252, 0],
        &[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0x04, 0, 0, 0, 0, 0],
        &[0xa3, 0x0c, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
        &[0x5e, 0, 0, 0, 0, 0, 0, 0, 8, 0],
    ];
    for (fault, state) in [(None, NOT_READY), (Some(Fault::FailsAt { percent: 30, sectors_remain: true }), FAILED)] {
        let mut unit = sas_ssd();
        fault.into_iter().for_each(|fault| unit.inject(fault));
        assert_eq!(key(&mut unit, &sanitize(0x82, 0), &[]), (0, 0, 0));
        pass(&unit, 10);
        for cdb in allowed {
            assert_eq!(key(&mut unit, cdb, &[]), (0, 0, 0), "{cdb:02x?}");
        }
        for cdb in refused {
            assert_eq!(key(&mut unit, cdb, &[]), state, "{cdb:02x?}");
        }
    }
}

#[test]
fn failure_is_left_as_the_mode_allows() {
    let fault = Fault::FailsAt { percent: 50, sectors_remain: false };
    let mut unit = sas_ssd().with_fault(fault.clone());
    assert_eq!(key(&mut unit, &sanitize(0x1f, 0), &[]), (0, 0, 0), "nothing to leave");
    assert_eq!(key(&mut unit, &sanitize(0x02, 0), &[]), FAILED, "without IMMED the command itself fails");
    assert_eq!(request_sense(&mut unit), (3, 0x31, 3, None));
    assert_eq!(key(&mut unit, &sanitize(0x1f, 0), &[]), FIELD, "restricted");
    assert_eq!(key(&mut unit, &sanitize(0xa2, 0), &[]), FIELD, "AUSE is refused now");
    unit.power_off();
    unit.power_on();
    assert_eq!(key(&mut unit, &[0; 6], &[]), (6, 0x29, 0));
    assert_eq!(key(&mut unit, &[0; 6], &[]), FAILED, "over a power cycle");
    unit.gear.faults.0.clear();
    assert_eq!(key(&mut unit, &sanitize(0x03, 0), &[]), (0, 0, 0));
    assert_eq!(key(&mut unit, &[0; 6], &[]), (0, 0, 0));
    let mut unit = sas_ssd().with_fault(fault);
    assert_eq!(key(&mut unit, &sanitize(0x22, 0), &[]), FAILED);
    assert_eq!(key(&mut unit, &sanitize(0x1f, 0), &[]), (0, 0, 0), "unrestricted");
    assert_eq!(key(&mut unit, &[0; 6], &[]), (0, 0, 0));
    assert!(unit.truth().user > 7000, "and it looks well with half of the data");
}

#[test]
fn the_overwrite_list_is_checked_and_followed() {
    let run = |list: &[u8]| {
        let mut unit = sas_hdd();
        let end = key(&mut unit, &sanitize(0x01, list.len() as u8), list);
        (end, unit)
    };
    let wrong: [(&[u8], End); 6] = [
        (&[0, 0, 0, 4, 1, 2, 3, 4], (5, 0x26, 0)),    // no pass
        (&[0x21, 0, 0, 4, 1, 2, 3, 4], (5, 0x26, 0)), // TEST
        (&[1, 0, 0, 5, 1, 2, 3, 4], (5, 0x26, 0)),    // pattern longer than the list
        (&[1, 0, 0, 0, 1, 2, 3, 4], (5, 0x26, 0)),    // no pattern
        (&[1, 0, 0, 0], FIELD),                       // list too short
        (&[], FIELD),
    ];
    for (list, end) in wrong {
        let (got, unit) = run(list);
        assert_eq!((got, unit.truth().user), (end, 16384), "{list:02x?}");
    }
    // Passes, INVERT: seconds and the last pattern. The last pass writes the pattern as given.
    for (first, seconds) in [(1u8, 600), (3, 1800), (0x82, 1200), (0x83, 1800)] {
        let (end, mut unit) = run(&[first, 0, 0, 2, 0xc3, 0x5a]);
        assert_eq!(end, (0, 0, 0));
        let took = unit.gear.clock.now() / 1000;
        assert!((seconds..seconds + 20).contains(&took), "{took}");
        assert_eq!(fetch(&mut unit, &READ)[..4], [0xc3, 0x5a, 0xc3, 0x5a]);
        assert_eq!(unit.truth().total(), 0);
    }
    assert_eq!(key(&mut sas_ssd(), &sanitize(0x02, 4), &[0; 4]), FIELD, "block erase has no list");
    assert_eq!(key(&mut sas_hdd(), &sanitize(0x02, 0), &[]), FIELD, "the disk has no block erase");
}

#[test]
fn support_is_told_by_service_action() {
    let asks = |option: u8, code: u8, action: u8| [0xa3, 0x0c, option, code, 0, action, 0, 0, 0, 64, 0, 0];
    for (mut unit, actions) in [(sas_ssd(), [3, 3, 3]), (sas_hdd(), [3, 1, 1])] {
        for (action, support) in (1u8..).zip(actions) {
            let data = fetch(&mut unit, &asks(2, 0x48, action));
            assert_eq!(data[1] & 7, support, "{action}");
            if support == 3 {
                assert_eq!((&data[..4], data[4], data[5] & 0x1f), (&[0, 3, 0, 10][..], 0x48, action));
            }
        }
        assert_eq!(fetch(&mut unit, &asks(2, 0x48, 0x1f))[1] & 7, 3);
        assert_eq!(key(&mut unit, &asks(1, 0x48, 0), &[]), FIELD);
        assert_eq!(key(&mut unit, &asks(2, 0x28, 0), &[]), FIELD);
        assert_eq!(fetch(&mut unit, &asks(1, 0x28, 0))[1] & 7, 3);
        assert_eq!(fetch(&mut unit, &asks(1, 0xc7, 0)), [0, 1, 0, 0]);
    }
    let all = scsi(&mut sas_ssd(), &[0xa3, 0x0c, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0], &[]).unwrap().2;
    assert_eq!(u32::from_be_bytes(all[..4].try_into().unwrap()) as usize, all.len() - 4);
    assert_eq!(all[4..].chunks(8).filter(|entry| entry[0] == 0x48 && entry[5] & 1 == 1).count(), 4);
}

#[test]
fn where_a_write_is_required_a_read_fails_until_then() {
    for (action, byte, seconds) in [(0x82, 0x83, 30), (0x83, 0x23, 2)] {
        let mut unit = sas_ssd();
        unit.traits.write_after_block = if action == 0x82 { 2 } else { 0 };
        unit.traits.write_after_crypto = if action == 0x83 { 2 } else { 0 };
        assert_eq!(fetch(&mut unit, &[0x12, 1, 0xb1, 0, 64, 0])[7], byte);
        assert_eq!(key(&mut unit, &sanitize(action, 0), &[]), (0, 0, 0));
        pass(&unit, seconds);
        assert_eq!(key(&mut unit, &READ, &[]), (3, 0x11, 0x15));
        assert_eq!(key(&mut unit, &[0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[9; 512]), (0, 0, 0));
        assert_eq!(fetch(&mut unit, &READ), vec![9; 512]);
        assert_eq!(unit.truth().total(), 0);
    }
}

#[test]
fn format_unit_clears_what_is_addressed_and_no_more() {
    let mut unit = sas_hdd();
    assert_eq!(key(&mut unit, &[4, 0, 0, 0, 0, 0], &[]), (0, 0, 0));
    let truth = unit.truth();
    assert_eq!((truth.user, truth.spare, truth.remapped), (0, 2048, 32));
    let mut unit = sas_hdd();
    assert_eq!(key(&mut unit, &[4, 0x10, 0, 0, 0, 0], &[0, 2, 0, 0]), (0, 0, 0));
    pass(&unit, 300);
    assert_eq!(request_sense(&mut unit), (2, 4, 4, Some(0x8000)));
    unit.power_off();
    unit.power_on();
    assert_eq!(key(&mut unit, &[0; 6], &[]), (6, 0x29, 0));
    assert_eq!(key(&mut unit, &READ, &[]), (3, 0x31, 0), "format corrupt");
    pass(&unit, 6000);
    assert!(unit.truth().user > 8000, "it does not go on by itself");
    assert_eq!(key(&mut unit, &sanitize(0x01, 5), &[1, 0, 0, 1, 0]), (0, 0, 0));
    assert_eq!((key(&mut unit, &[0; 6], &[]), unit.truth().total()), ((0, 0, 0), 0), "a sanitize heals it");
}

#[test]
fn a_sanitize_is_about_one_logical_unit() {
    let mut unit = Kit::in_memory(small(2)).sas(sas_hdd_traits()).unwrap();
    assert_eq!(fetch(&mut unit, &[0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0])[..4], [0, 0, 0, 16]);
    assert_eq!(key(&mut unit, &sanitize(0x81, 5), &[1, 0, 0, 1, 0]), (0, 0, 0));
    pass(&unit, 10);
    assert_eq!(key(&mut unit, &READ, &[]), NOT_READY);
    let ScsiAnswer::Done { status: 0, data, .. } = unit.execute_on(1, &READ, &[], 512) else { panic!() };
    assert!(is_marker(&data));
    pass(&unit, 600);
    assert_eq!(key(&mut unit, &[0; 6], &[]), (0, 0, 0));
    let truth = unit.truth();
    assert_eq!((truth.user, truth.others, truth.spare), (0, 8192, 0));
    let ScsiAnswer::Done { sense, .. } = unit.execute_on(2, &READ, &[], 512) else { panic!() };
    assert_eq!((sense[2], sense[12]), (5, 0x25));
}

#[test]
fn health_reservations_and_identity_are_told() {
    let mut unit = sas_ssd();
    assert_eq!(fetch(&mut unit, &[0x4d, 0, 0x40, 0, 0, 0, 0, 0, 64, 0])[..4], [0, 0, 0, 9]);
    assert_eq!(fetch(&mut unit, &[0x4d, 0, 0x51, 0, 0, 0, 0, 0, 64, 0])[11], 3, "endurance used");
    assert_eq!(fetch(&mut unit, &[0x4d, 0, 0x6f, 0, 0, 0, 0, 0, 64, 0])[8..10], [0, 0]);
    assert_eq!(key(&mut unit, &[0x4d, 0, 0x77, 0, 0, 0, 0, 0, 64, 0], &[]), FIELD);
    assert_eq!(fetch(&mut unit, &[0x5e, 0, 0, 0, 0, 0, 0, 0, 64, 0]), [0; 8]);
    assert_eq!(fetch(&mut unit, &[0x12, 1, 0, 0, 64, 0])[4..], [0, 0x80, 0x83, 0xb0, 0xb1, 0xb2]);
    assert_eq!(fetch(&mut unit, &[0x12, 1, 0xb2, 0, 64, 0]), [0, 0xb2, 0, 4, 0, 0xe4, 2, 0]);
    assert_eq!(key(&mut unit, &[0x85; 16], &[]), (5, 0x20, 0), "no ATA here");
    assert_eq!(key(&mut unit, &[], &[]), (5, 0x20, 0));
    assert_eq!(key(&mut unit, &[0x28, 0], &[]), FIELD);
}
