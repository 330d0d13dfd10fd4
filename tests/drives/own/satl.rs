//! The SCSI face of a SATA drive: bytes in, bytes out (SAT-4).

use crate::drives::satl::Satl;
use crate::drives::{Fault, HostileIdentify, Machine, SenseLayout, sata_hdd, sata_ssd};
use crate::hands::{fetch, key, request_sense, scsi};

/// ATA PASS-THROUGH (16), non-data, 48 bits, CK_COND.
const STATUS: [u8; 16] = [0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0xb4, 0];
/// BLOCK ERASE EXT: feature 0012h, LBA 426B4572h.
const BLOCK_ERASE: [u8; 16] = [0x85, 0x07, 0x20, 0, 0x12, 0, 0, 0x42, 0x72, 0, 0x45, 0, 0x6b, 0x40, 0xb4, 0];
/// CRYPTO SCRAMBLE EXT with the wrong key.
const WRONG: [u8; 16] = [0x85, 0x07, 0x20, 0, 0x11, 0, 0, 0x43, 0x72, 0, 0x79, 0, 0x70, 0x40, 0xb4, 0];
const IDENTIFY: [u8; 16] = [0x85, 0x08, 0x0e, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x40, 0xec, 0];

fn sense(unit: &mut Satl, cdb: &[u8]) -> Vec<u8> {
    let (status, sense, _) = scsi(unit, cdb, &[]).unwrap();
    assert_eq!(status, 2, "{cdb:02x?}");
    sense
}

/// A drive 9/16 through its block erase: count 4000h, LBA 9000h.
fn running() -> Satl {
    let mut unit = sata_ssd();
    unit.drive.traits.seconds = [32, 1, 1, 1, 1];
    sense(&mut unit, &BLOCK_ERASE);
    unit.clock().advance(18_000);
    unit
}

#[test]
fn registers_come_back_in_each_of_the_known_layouts() {
    use SenseLayout::{CountZeroed, Descriptor, FixedBare, FixedFromEight, FixedFromThree};
    let fixed_from_eight: &[u8] = &[0x70, 0, 1, 0, 0, 0, 0, 10, 0, 0x50, 0x40, 0, 0, 0x1d, 0, 0, 0xc0, 0, 0x90, 0];
    let fixed_from_three: &[u8] = &[0xf0, 0, 1, 0, 0x50, 0x40, 0, 10, 0xc0, 0, 0x90, 0, 0, 0x1d, 0, 0, 0, 0];
    let table: [(SenseLayout, &[u8]); 5] = [
        (Descriptor, &[0x72, 1, 0, 0x1d, 0, 0, 0, 14, 9, 12, 1, 0, 0x40, 0, 0, 0, 0, 0x90, 0, 0, 0x40, 0x50]),
        (CountZeroed, &[0x72, 1, 0, 0x1d, 0, 0, 0, 14, 9, 12, 1, 0, 0, 0, 0, 0, 0, 0x90, 0, 0, 0x40, 0x50]),
        (FixedFromEight, fixed_from_eight),
        (FixedFromThree, fixed_from_three),
        (FixedBare, &[0x70, 0, 1, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0x1d, 0, 0, 0, 0]),
    ];
    for (layout, expected) in table {
        let mut unit = running().with_fault(Fault::Sense(layout));
        assert_eq!(sense(&mut unit, &STATUS), expected, "{layout:?}");
    }
    let mut unit = running().with_fault(Fault::Sense(SenseLayout::Nothing));
    assert_eq!(scsi(&mut unit, &STATUS, &[]).unwrap(), (0, vec![], vec![]));
}

#[test]
fn an_abort_comes_back_in_each_of_the_known_layouts() {
    use SenseLayout::{Descriptor, FixedBare, FixedFromEight, FixedFromThree};
    let table: [(SenseLayout, &[u8]); 4] = [
        (Descriptor, &[0x72, 0x0b, 0, 0, 0, 0, 0, 14, 9, 12, 1, 4, 0, 0, 0, 3, 0, 0, 0, 0, 0x40, 0x51]),
        (FixedFromEight, &[0x70, 0, 0x0b, 0, 0, 0, 0, 10, 4, 0x51, 0x40, 0, 0, 0, 0, 0, 0x80, 3, 0, 0]),
        (FixedFromThree, &[0xf0, 0, 0x0b, 4, 0x51, 0x40, 0, 10, 0x80, 3, 0, 0, 0, 0, 0, 0, 0, 0]),
        (FixedBare, &[0x70, 0, 0x0b, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ];
    for (layout, expected) in table {
        let mut unit = sata_ssd().with_fault(Fault::Sense(layout));
        unit.inject(Fault::Frozen);
        assert_eq!(sense(&mut unit, &BLOCK_ERASE), expected, "{layout:?}");
    }
    // The bridge that hides failure: the aborted command ends with GOOD.
    let mut unit = sata_ssd().with_fault(Fault::Sense(SenseLayout::Nothing));
    assert_eq!(scsi(&mut unit, &WRONG, &[]).unwrap().0, 0);
    assert_eq!(unit.truth().user, 16384);
}

#[test]
fn without_ck_cond_success_says_nothing_and_failure_all() {
    let mut quiet = STATUS;
    quiet[2] = 0;
    assert_eq!(scsi(&mut running(), &quiet, &[]).unwrap(), (0, vec![], vec![]));
    let mut wrong = WRONG;
    wrong[2] = 0;
    assert_eq!(sense(&mut sata_ssd(), &wrong)[..4], [0x72, 0x0b, 0, 0]);
    // Protocol 15: the registers again.
    let mut unit = running();
    let first = sense(&mut unit, &STATUS);
    let mut recall = STATUS;
    recall[1] = 15 << 1;
    assert_eq!(sense(&mut unit, &recall), first);
}

#[test]
fn identify_comes_through_both_pass_throughs_and_vpd() {
    let mut unit = sata_hdd();
    let long = fetch(&mut unit, &IDENTIFY);
    let short = fetch(&mut unit, &[0xa1, 0x08, 0x0e, 0, 1, 0, 0, 0, 0x40, 0xec, 0, 0]);
    let page = fetch(&mut unit, &[0x12, 1, 0x89, 2, 0x40, 0]);
    assert_eq!(long.len(), 512);
    assert_eq!(long, short);
    assert_eq!(page[..4], [0, 0x89, 0x02, 0x38]);
    assert_eq!((page[36], page[56]), (0x34, 0xec));
    assert_eq!(page[60..572], long);
}

#[test]
fn a_cdb_whose_fields_contradict_each_other_is_refused_before_the_drive_sees_it() {
    let with = |changes: &[(usize, u8)]| {
        let mut cdb = IDENTIFY;
        changes.iter().for_each(|(at, value)| cdb[*at] = *value);
        cdb
    };
    let table = [
        with(&[(2, 0x06)]),            // PIO in, direction to the drive
        with(&[(2, 0x08)]),            // PIO in, no length
        with(&[(1, 0x06)]),            // non-data with a length
        with(&[(1, 0x12)]),            // protocol 9
        with(&[(2, 0x0f)]),            // length in the TPSIU
        with(&[(1, 0x0a), (2, 0x0e)]), // PIO out, direction to the host
    ];
    for cdb in table {
        assert_eq!(key(&mut sata_ssd(), &cdb, &[0; 512]), (5, 0x24, 0), "{cdb:02x?}");
    }
    assert_eq!(key(&mut sata_ssd(), &IDENTIFY[..12], &[]), (5, 0x24, 0));
    // SANITIZE with the low registers only is aborted by the drive.
    let mut low = BLOCK_ERASE;
    low[1] = 0x06;
    assert_eq!(key(&mut sata_ssd(), &low, &[]), (0x0b, 0, 0));
}

#[test]
fn inquiry_and_capacity_tell_who_it_is() {
    let mut unit = sata_ssd();
    let data = fetch(&mut unit, &[0x12, 0, 0, 0, 96, 0]);
    assert_eq!(data[8..32], *b"ATA     DRIVES SSD 8M   ");
    assert_eq!(fetch(&mut unit, &[0x12, 0, 0, 0, 5, 0]).len(), 5);
    assert_eq!(fetch(&mut unit, &[0x12, 1, 0, 0, 252, 0])[4..], [0, 0x80, 0x83, 0x89, 0xb0, 0xb1, 0xb2]);
    assert_eq!(fetch(&mut unit, &[0x12, 1, 0xb1, 0, 252, 0])[..8], [0, 0xb1, 0, 60, 0, 1, 0, 3]);
    assert_eq!(fetch(&mut unit, &[0x12, 1, 0x83, 0, 252, 0])[8..], 0x5000_5430_0000_0002u64.to_be_bytes());
    assert_eq!(key(&mut unit, &[0x12, 1, 0xc5, 0, 252, 0], &[]), (5, 0x24, 0));
    assert_eq!(fetch(&mut unit, &[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]), [0, 0, 0x3f, 0xff, 0, 0, 2, 0]);
    let long = fetch(&mut unit, &[0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0]);
    assert_eq!((long.len(), long[7], long[14]), (32, 0xff, 0xc0));
    assert_eq!(fetch(&mut unit, &[0x1a, 0, 0x3f, 0, 252, 0])[4..7], [0x08, 0x12, 0x04]);
    assert_eq!(fetch(&mut unit, &[0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0])[..4], [0, 0, 0, 8]);
    unit.inject(Fault::Identify(HostileIdentify::AbsurdCapacity));
    assert_eq!(fetch(&mut unit, &[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0])[..4], [0xff; 4]);
    let identify = fetch(&mut unit, &IDENTIFY);
    assert_eq!(identify[200..208], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0]);
}

#[test]
fn identify_can_be_hostile() {
    let sum = |data: &[u8]| data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    for (how, first, good) in [
        // 512 times FFh sum to zero as well: only the signature A5h in word 255 tells.
        (HostileIdentify::AllOnes, 0xff, true),
        (HostileIdentify::AllZeros, 0x00, true),
        (HostileIdentify::BadChecksum, 0x40, false),
    ] {
        let mut unit = sata_ssd().with_fault(Fault::Identify(how));
        let data = fetch(&mut unit, &IDENTIFY);
        assert_eq!((data[0], data.len(), sum(&data) == 0), (first, 512, good), "{how:?}");
    }
}

#[test]
fn reading_writing_and_unmapping_go_through_the_drive() {
    let mut unit = sata_ssd();
    let data: Vec<u8> = (0..1024).map(|byte| byte as u8).collect();
    assert_eq!(key(&mut unit, &[0x2a, 0, 0, 0, 1, 0, 0, 0, 2, 0], &data), (0, 0, 0));
    assert_eq!(fetch(&mut unit, &[0x88, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0]), data);
    assert_eq!(fetch(&mut unit, &[0x08, 0, 1, 0, 1, 0]), data[..512]);
    assert_eq!(key(&mut unit, &[0x28, 0, 0, 0, 0x40, 0, 0, 0, 1, 0], &[]), (5, 0x21, 0));
    let mut list = vec![0, 22, 0, 16, 0, 0, 0, 0];
    list.extend(256u64.to_be_bytes());
    list.extend([0, 0, 0, 2, 0, 0, 0, 0]);
    assert_eq!(key(&mut unit, &[0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0], &list), (0, 0, 0));
    assert_eq!(fetch(&mut unit, &[0x28, 0, 0, 0, 1, 0, 0, 0, 2, 0]), vec![0; 1024]);
    assert_eq!(key(&mut unit, &[0x93, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0], &[0x77; 512]), (0, 0, 0));
    assert_eq!(fetch(&mut unit, &[0x28, 0, 0, 0, 0, 8, 0, 0, 1, 0]), vec![0x77; 512]);
    unit.inject(Fault::ReadError { first: 5, count: 1 });
    let (_, sense, _) = scsi(&mut unit, &[0x28, 0, 0, 0, 0, 0, 0, 0, 8, 0], &[]).unwrap();
    assert_eq!((sense[0], sense[2], &sense[3..7], sense[12]), (0xf0, 3, &[0, 0, 0, 5][..], 0x11));
}

#[test]
fn a_reset_shows_once_as_unit_attention_and_a_sanitize_as_not_ready() {
    let mut unit = running();
    unit.reset();
    assert_eq!(key(&mut unit, &[0; 6], &[]), (6, 0x29, 0));
    let (_, sense, _) = scsi(&mut unit, &[0; 6], &[]).unwrap();
    assert_eq!((sense[2], sense[12], sense[13], sense[15], sense[16]), (2, 4, 0x1b, 0x80, 0x90));
    assert_eq!(request_sense(&mut unit), (2, 4, 0x1b, Some(0x9000)));
    assert_eq!(key(&mut unit, &[0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[]), (0x0b, 0, 0));
    unit.clock().advance(60_000);
    assert_eq!(request_sense(&mut unit), (0, 0, 0, None));
}

#[test]
fn security_protocol_moves_the_bits() {
    let mut unit = sata_hdd().with_security_protocol();
    let state = fetch(&mut unit, &[0xa2, 0xef, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0]);
    assert_eq!(state, [0, 14, 0, 5, 0, 6, 0xff, 0xfe, 0, 0x21, 0, 0, 0, 0, 0, 0]);
    let out = |action: u8, length: u8| [0xb5, 0xef, 0, action, 0, 0, 0, 0, 0, length, 0, 0];
    let mut list = vec![0; 36];
    list[2] = b'p';
    assert_eq!(key(&mut unit, &out(1, 36), &list), (0, 0, 0));
    assert_eq!(fetch(&mut unit, &[0xa2, 0xef, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0])[9], 0x23);
    assert_eq!(key(&mut unit, &out(3, 0), &[]), (0, 0, 0));
    // Byte 0 bit 0: enhanced.
    list[0] = 1;
    assert_eq!(key(&mut unit, &out(4, 34), &list[..34]), (0, 0, 0));
    assert_eq!(unit.truth().total(), 0);
    assert_eq!(key(&mut unit, &out(1, 34), &list), (5, 0x1a, 0));
    assert_eq!(key(&mut sata_hdd(), &out(3, 0), &[]), (5, 0x20, 0), "not offered");
}

#[test]
fn sanitize_is_translated_only_where_the_layer_does() {
    let block = [0x48, 0x82, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(key(&mut sata_ssd(), &block, &[]), (5, 0x20, 0));
    let mut unit = sata_ssd();
    unit.translates_sanitize = true;
    assert_eq!(key(&mut unit, &block, &[]), (0, 0, 0));
    assert_eq!(request_sense(&mut unit).1, 4);
    unit.clock().advance(60_000);
    assert_eq!(key(&mut unit, &[0; 6], &[]), (0, 0, 0));
    assert_eq!(unit.truth().total(), 0);
    let asks = |action: u8| [0xa3, 0x0c, 3, 0x48, 0, action, 0, 0, 0, 32, 0, 0];
    assert_eq!(fetch(&mut unit, &asks(2))[1] & 7, 3);
    assert_eq!(fetch(&mut unit, &asks(4))[1] & 7, 1);
}
