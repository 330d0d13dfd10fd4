//! The NVMe controller: Identify, Sanitize and its log, what is answered when, I/O (NVMe 1.4, 2.1 where said).

use crate::drives::medium::is_marker;
use crate::drives::nvme::{Nvme, NvmeAnswer};
use crate::drives::{Fault, HostileIdentify, Machine, nvme};
use crate::hands::{admin, entry, io, log, sstat};

const IN_PROGRESS: u16 = 0x1d;
const FAILED: u16 = 0x1c;
const FIELD: u16 = 0x02;

fn sanitize(drive: &mut Nvme, word: u32) -> u16 {
    admin(drive, 0x84, 0, &[(10, word), (11, 0xa1b2_c3d4)]).unwrap().0
}

fn pass(drive: &Nvme, seconds: u64) {
    drive.gear.clock.advance(seconds * 1000);
}

fn identify(drive: &mut Nvme, cns: u32, nsid: u32) -> (u16, Vec<u8>) {
    admin(drive, 0x06, nsid, &[(10, cns)]).unwrap()
}

fn u32_at(data: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(data[at..at + 4].try_into().unwrap())
}

#[test]
fn identify_tells_what_the_controller_and_its_namespaces_are() {
    let mut drive = nvme(2);
    let (status, data) = identify(&mut drive, 1, 0);
    assert_eq!((status, data.len()), (0, 4096));
    assert_eq!(data[4..24], *b"DRVNVM0000001       ");
    assert_eq!(data[24..38], *b"DRIVES NVME 8M");
    assert_eq!(u32_at(&data, 80), 0x10400);
    assert_eq!(data[256..258], [0x0a, 0]);
    assert_eq!(u32_at(&data, 328), 0x4000_0007);
    assert_eq!((u32_at(&data, 516), data[520], data[524], data[525]), (2, 0x0d, 0x04, 1));
    let (_, data) = identify(&mut drive, 0, 2);
    assert_eq!(u32_at(&data, 0), 8192);
    assert_eq!((data[25], data[26], data[33], data[130], data[134]), (1, 0, 9, 9, 12));
    assert_eq!(identify(&mut drive, 0, 3).0, 0x0b);
    let (_, list) = identify(&mut drive, 2, 0);
    assert_eq!((u32_at(&list, 0), u32_at(&list, 4), u32_at(&list, 8)), (1, 2, 0));
    let (_, list) = identify(&mut drive, 2, 1);
    assert_eq!((u32_at(&list, 0), u32_at(&list, 4)), (2, 0));
    let (_, first) = identify(&mut drive, 3, 1);
    let (_, second) = identify(&mut drive, 3, 2);
    assert_eq!(first[..4], [2, 16, 0, 0]);
    assert_ne!(first[4..20], second[4..20]);
    for cns in [5, 6, 7, 8] {
        assert_eq!(identify(&mut drive, cns, 1).0, 0, "{cns:02x}");
    }
    assert_eq!(identify(&mut drive, 0x40, 1).0, FIELD);
    let mut drive = nvme(1).with_fault(Fault::Identify(HostileIdentify::AllOnes));
    assert!(identify(&mut drive, 1, 0).1.iter().all(|byte| *byte == 0xff));
    let mut drive = nvme(1).with_fault(Fault::Identify(HostileIdentify::AbsurdCapacity));
    assert_eq!(identify(&mut drive, 0, 1).1[..8], [0xff; 8]);
}

#[test]
fn the_log_follows_a_block_erase_and_repeats_its_dword() {
    let mut drive = nvme(2);
    assert_eq!(sstat(&mut drive), (0xffff, 0, 0));
    assert_eq!(sanitize(&mut drive, 0x0000_0202), 0);
    assert_eq!(sstat(&mut drive), (0, 2, 0x202));
    pass(&drive, 15);
    assert_eq!(sstat(&mut drive), (0x8000, 2, 0x202));
    assert!(drive.truth().total() > 0);
    assert_eq!(drive.take_event(), None);
    pass(&drive, 15);
    assert_eq!(drive.take_event(), Some(0x0081_0106));
    assert_eq!(sstat(&mut drive), (0xffff, 0x101, 0x202));
    assert_eq!(drive.truth().total(), 0, "every namespace, spare and remapped block");
    assert_eq!(io(&mut drive, 1, 2, 0, 1, &[1; 512]).unwrap().0, 0);
    assert_eq!(sstat(&mut drive).1, 0x001, "global data erased ends with the first write");
    let page = log(&mut drive).unwrap();
    assert_eq!([8, 12, 16, 20, 24, 28].map(|at| u32_at(&page, at)), [320, 30, 2, u32::MAX, u32::MAX, u32::MAX]);
    drive.power_off();
    drive.power_on();
    assert_eq!(sstat(&mut drive), (0xffff, 1, 0x202), "kept over a power cycle");
}

#[test]
fn overwrite_counts_its_passes_and_writes_its_pattern() {
    let mut drive = nvme(1);
    // Three passes, inverted between, no deallocation.
    assert_eq!(sanitize(&mut drive, 0x0000_0333), 0);
    pass(&drive, 25);
    assert_eq!(sstat(&mut drive).1, 2 | 1 << 3);
    pass(&drive, 20);
    assert_eq!(sstat(&mut drive).1, 2 | 2 << 3);
    pass(&drive, 15);
    assert_eq!(sstat(&mut drive).1, 0x101 | 3 << 3);
    assert_eq!(io(&mut drive, 2, 1, 7, 1, &[]).unwrap().1[..4], [0xd4, 0xc3, 0xb2, 0xa1]);
    // OWPASS 0 means sixteen.
    assert_eq!(sanitize(&mut drive, 0x0000_0203), 0);
    pass(&drive, 319);
    assert_eq!(sstat(&mut drive).1 & 7, 2);
    pass(&drive, 1);
    assert_eq!(sstat(&mut drive).1, 0x101 | 16 << 3);
}

#[test]
fn after_success_addresses_are_deallocated_unless_asked_not_to() {
    for (word, reads) in [(0x13, vec![0; 4]), (0x213, vec![0xd4, 0xc3, 0xb2, 0xa1])] {
        let mut drive = nvme(1);
        assert_eq!(sanitize(&mut drive, word), 0);
        pass(&drive, 20);
        assert_eq!(io(&mut drive, 2, 1, 0, 1, &[]).unwrap().1[..4], reads, "{word:x}");
    }
    // Inhibited (NDI): an error, or with NODRM a success with status 4.
    let mut drive = nvme(1);
    drive.traits.sanicap |= 1 << 29;
    assert_eq!(sanitize(&mut drive, 0x202), FIELD);
    assert_eq!(admin(&mut drive, 0x09, 0, &[(10, 0x17), (11, 1)]).unwrap().0, 0);
    assert_eq!(sanitize(&mut drive, 0x202), 0);
    pass(&drive, 30);
    assert_eq!(drive.take_event(), Some(0x0081_0206));
    assert_eq!((sstat(&mut drive).1, drive.truth().total()), (0x104, 0));
    let mut drive = nvme(1).with_fault(Fault::DeallocatedDespite);
    for (word, end) in [(0x202, 0x104), (0x002, 0x101)] {
        assert_eq!(sanitize(&mut drive, word), 0);
        pass(&drive, 30);
        assert_eq!(sstat(&mut drive).1, end);
    }
}

#[test]
fn only_the_listed_commands_are_answered_while_it_runs_or_has_failed() {
    let fault = Fault::FailsAt { percent: 30, sectors_remain: false };
    for (fault, state) in [(None, IN_PROGRESS), (Some(fault), FAILED)] {
        let mut drive = nvme(1);
        fault.into_iter().for_each(|fault| drive.inject(fault));
        assert_eq!(sanitize(&mut drive, 2), 0);
        pass(&drive, 10);
        for (code, word) in [(0x06, 1), (0x0a, 7), (0x18, 0), (0x02, 0x7f_0002), (0x02, 0x7f_0081), (0x08, 0)] {
            assert_eq!(admin(&mut drive, code, 0, &[(10, word)]).unwrap().0, 0, "{code:02x} {word:x}");
        }
        for (code, word) in [(0x80, 0x200), (0x02, 0x7f_0003), (0x15, 0), (0x0d, 1)] {
            assert_eq!(admin(&mut drive, code, 1, &[(10, word)]).unwrap().0, state, "{code:02x} {word:x}");
        }
        for code in [0x00, 0x01, 0x02, 0x08, 0x09] {
            assert_eq!(io(&mut drive, code, 1, 0, 1, &[0; 512]).unwrap().0, state, "{code:02x}");
        }
        assert_eq!(drive.admin(&entry(0x0c, 0, &[]), &[]), NvmeAnswer::Later);
        let NvmeAnswer::Done { dnr, .. } = drive.io(&entry(0x02, 1, &[]), &[]) else { panic!() };
        assert_eq!(dnr, state == FAILED);
    }
    let mut drive = nvme(1);
    assert_eq!(sanitize(&mut drive, 2), 0);
    assert_eq!(sanitize(&mut drive, 2), IN_PROGRESS);
}

#[test]
fn failure_is_left_as_the_mode_allows() {
    let fault = Fault::FailsAt { percent: 50, sectors_remain: false };
    let mut drive = nvme(1).with_fault(fault.clone());
    assert_eq!(sanitize(&mut drive, 1), 0, "nothing to leave");
    assert_eq!(sanitize(&mut drive, 2), 0);
    pass(&drive, 30);
    assert_eq!(sstat(&mut drive), (0xffff, 3, 2));
    assert_eq!(log(&mut drive).unwrap()[36], 2, "restricted failure");
    assert_eq!(sanitize(&mut drive, 1), FAILED);
    assert_eq!(sanitize(&mut drive, 2 | 8), FAILED);
    drive.power_off();
    drive.power_on();
    assert_eq!(sstat(&mut drive).1, 3);
    drive.gear.faults.0.clear();
    assert_eq!(sanitize(&mut drive, 4), 0);
    pass(&drive, 2);
    assert_eq!((sstat(&mut drive).1, drive.truth().total()), (0x101, 0));
    let mut drive = nvme(1).with_fault(fault);
    assert_eq!(sanitize(&mut drive, 2 | 8), 0);
    pass(&drive, 30);
    assert_eq!(log(&mut drive).unwrap()[36], 4, "unrestricted failure");
    assert_eq!(sanitize(&mut drive, 1), 0);
    assert!(io(&mut drive, 2, 1, 16000, 1, &[]).is_some_and(|(status, data)| status == 0 && is_marker(&data)));
}

#[test]
fn what_is_not_supported_or_contradicts_itself_is_refused() {
    for word in [0, 5, 6, 7, 2 | 1 << 10, 2 | 1 << 11] {
        let mut drive = nvme(1);
        assert_eq!(sanitize(&mut drive, word), FIELD, "{word:x}");
        assert_eq!(sstat(&mut drive).1, 0);
    }
    let mut drive = nvme(1);
    drive.traits.sanicap = 0x01;
    assert_eq!((sanitize(&mut drive, 2), sanitize(&mut drive, 3), sanitize(&mut drive, 4)), (FIELD, FIELD, 0));
    let mut drive = nvme(1);
    drive.traits.sanicap = 0;
    assert_eq!(sanitize(&mut drive, 2), 0x01);
    let mut drive = nvme(1);
    drive.traits.strict_nsid = true;
    assert_eq!(admin(&mut drive, 0x84, 1, &[(10, 2)]).unwrap().0, FIELD);
    assert_eq!(sanitize(&mut drive, 2), 0);
    let mut drive = nvme(1).with_fault(Fault::Locked);
    assert_eq!((sanitize(&mut drive, 2), io(&mut drive, 2, 1, 0, 1, &[]).unwrap().0), (0x15, 0x286));
    let mut drive = nvme(1).with_fault(Fault::Frozen);
    assert_eq!((sanitize(&mut drive, 2), io(&mut drive, 1, 1, 0, 1, &[0; 512]).unwrap().0), (0x20, 0x20));
}

#[test]
fn media_verification_holds_the_blocks_for_reading_until_it_is_left() {
    let mut drive = nvme(1);
    drive.traits.sanicap |= 1 << 3;
    drive.traits.purges = true;
    assert_eq!(sanitize(&mut drive, 2 | 1 << 9 | 1 << 10), FIELD, "with No-Deallocate it makes no sense");
    assert_eq!(sanitize(&mut drive, 3 | 1 << 4 | 1 << 10 | 1 << 11), 0);
    pass(&drive, 20);
    assert_eq!((sstat(&mut drive).1 & 7, log(&mut drive).unwrap()[36]), (2, 5));
    assert_eq!(io(&mut drive, 2, 1, 0, 1, &[]).unwrap().1[..4], [0xd4, 0xc3, 0xb2, 0xa1]);
    assert_eq!(io(&mut drive, 1, 1, 0, 1, &[0; 512]).unwrap().0, IN_PROGRESS);
    assert_eq!(sanitize(&mut drive, 2), IN_PROGRESS);
    assert_eq!(sanitize(&mut drive, 5), 0);
    assert_eq!((sstat(&mut drive).1, log(&mut drive).unwrap()[36]), (0x901 | 1 << 3, 0), "purged");
    assert_eq!(io(&mut drive, 2, 1, 0, 1, &[]).unwrap().1[..4], [0; 4]);
}

#[test]
fn io_commands_check_their_addresses_and_data() {
    let mut drive = nvme(1).with_fault(Fault::ReadError { first: 100, count: 1 });
    drive.inject(Fault::WriteError { first: 200, count: 1 });
    assert_eq!(io(&mut drive, 1, 1, 5, 2, &[3; 1024]).unwrap().0, 0);
    assert_eq!(io(&mut drive, 2, 1, 5, 2, &[]).unwrap(), (0, vec![3; 1024]));
    assert_eq!(io(&mut drive, 5, 1, 5, 2, &[3; 1024]).unwrap().0, 0);
    assert_eq!(io(&mut drive, 5, 1, 5, 2, &[4; 1024]).unwrap().0, 0x285);
    assert_eq!(io(&mut drive, 8, 1, 5, 1, &[]).unwrap().0, 0);
    assert_eq!(io(&mut drive, 2, 1, 5, 1, &[]).unwrap().1, vec![0; 512]);
    assert_eq!(io(&mut drive, 2, 1, 16383, 2, &[]).unwrap().0, 0x80);
    assert_eq!(io(&mut drive, 2, 1, u64::MAX, 1, &[]).unwrap().0, 0x80);
    assert_eq!(io(&mut drive, 2, 2, 0, 1, &[]).unwrap().0, 0x0b);
    assert_eq!(io(&mut drive, 1, 1, 0, 2, &[0; 512]).unwrap().0, 0x04);
    assert_eq!(io(&mut drive, 2, 1, 96, 8, &[]).unwrap().0, 0x281);
    assert_eq!(io(&mut drive, 1, 1, 196, 8, &[0; 4096]).unwrap().0, 0x280);
    assert_eq!(io(&mut drive, 0x7d, 1, 0, 1, &[]).unwrap().0, 0x01);
    let mut range = vec![0; 4];
    range.extend(50u32.to_le_bytes());
    range.extend(300u64.to_le_bytes());
    let manage = entry(0x09, 1, &[(10, 0), (11, 4)]);
    let NvmeAnswer::Done { status: 0, .. } = drive.io(&manage, &range) else { panic!() };
    assert_eq!(io(&mut drive, 2, 1, 320, 1, &[]).unwrap().1, vec![0; 512]);
    assert!(drive.medium_holds_marker(320), "deallocating erases nothing");
}

impl Nvme {
    fn medium_holds_marker(&self, block: u64) -> bool {
        self.gear.medium.recover(block).is_some_and(|data| is_marker(&data))
    }
}
