//! Format NVM, namespaces, features (NVMe 1.4 5.14, 5.19 to 5.23).

use crate::drives::medium::is_marker;
use crate::drives::nvme::{Nvme, NvmeAnswer};
use crate::drives::{Machine, nvme};
use crate::hands::{admin, entry, io};

fn format(drive: &mut Nvme, nsid: u32, word: u32) -> u16 {
    admin(drive, 0x80, nsid, &[(10, word)]).unwrap().0
}

#[test]
fn ses_says_what_is_erased() {
    // SES 0 hides and erases nothing; SES 1 erases the blocks of the namespace; SES 2 changes the key.
    for (ses, user, spare) in [(0, 16384, 2048), (1, 0, 2048), (2, 0, 0)] {
        let mut drive = nvme(1);
        assert_eq!(format(&mut drive, 1, ses << 9), 0);
        let truth = drive.truth();
        assert_eq!((truth.user, truth.spare), (user, spare), "{ses}");
        assert!(!is_marker(&io(&mut drive, 2, 1, 9, 1, &[]).unwrap().1));
    }
    assert_eq!(format(&mut nvme(1), 1, 3 << 9), 0x02);
    let mut drive = nvme(1);
    drive.traits.fna = 0;
    assert_eq!(format(&mut drive, 1, 2 << 9), 0x02, "cryptographic erase is not supported");
}

#[test]
fn it_reaches_one_namespace_or_all_as_fna_says() {
    // FNA, NSID, SES, markers left in namespaces 1 and 2.
    let all = u32::MAX;
    let table = [
        (0x04, 1, 1, 0, 8192),
        (0x04, 2, 1, 8192, 0),
        (0x04, 2, 2, 8192, 0),
        (0x04, all, 1, 0, 0),
        (0x06, 1, 1, 0, 0),
        (0x06, 1, 2, 0, 0),
        (0x05, 1, 1, 0, 0),
    ];
    for (fna, nsid, ses, first, second) in table {
        let mut drive = nvme(2);
        drive.traits.fna = fna;
        assert_eq!(format(&mut drive, nsid, ses << 9), 0);
        assert_eq!((drive.truth().user, drive.truth().others), (first, second), "{fna:x} {nsid:x} {ses}");
        for (number, left) in [(1, first), (2, second)] {
            assert_eq!(is_marker(&io(&mut drive, 2, number, 0, 1, &[]).unwrap().1), left > 0, "{fna:x} {nsid:x} {ses}");
        }
    }
    let mut drive = nvme(2);
    drive.traits.fna = 0x0c;
    assert_eq!(format(&mut drive, all, 1 << 9), 0x02, "no broadcast");
    assert_eq!(format(&mut drive, 3, 1 << 9), 0x0b);
}

#[test]
fn another_format_changes_the_block_size_and_unknown_ones_are_refused() {
    let mut drive = nvme(1);
    assert_eq!(format(&mut drive, 1, 1), 0);
    assert_eq!(drive.size(1), 2048);
    let (_, data) = admin(&mut drive, 0x06, 1, &[(10, 0)]).unwrap();
    assert_eq!((data[0], data[1], data[26]), (0, 8, 1));
    assert_eq!(io(&mut drive, 1, 1, 2047, 1, &[5; 4096]).unwrap().0, 0);
    assert_eq!(io(&mut drive, 2, 1, 2047, 1, &[]).unwrap().1, vec![5; 4096]);
    assert_eq!(io(&mut drive, 2, 1, 2048, 1, &[]).unwrap().0, 0x80);
    for word in [2, 0x0f, 1 << 4, 1 << 5, 1 << 8, 1 << 12] {
        assert_eq!(format(&mut drive, 1, word | 1 << 9), 0x10a, "{word:x}");
    }
    let saved = drive.save();
    let mut again = nvme(1);
    again.load(&saved).unwrap();
    assert_eq!(again.size(1), 2048);
}

#[test]
fn a_detached_or_deleted_namespace_keeps_its_data_and_a_sanitize_still_reaches_it() {
    let mut list = vec![0; 4096];
    list[..4].copy_from_slice(&[1, 0, 1, 0]);
    let mut drive = nvme(2);
    let attach = |drive: &mut Nvme, select: u32| match drive.admin(&entry(0x15, 2, &[(10, select)]), &list) {
        NvmeAnswer::Done { status, .. } => status,
        _ => panic!(),
    };
    assert_eq!(attach(&mut drive, 0), 0x118);
    assert_eq!(attach(&mut drive, 1), 0);
    assert_eq!(attach(&mut drive, 1), 0x11a);
    let names = |drive: &mut Nvme, cns: u32| admin(drive, 0x06, 0, &[(10, cns)]).unwrap().1[..8].to_vec();
    assert_eq!(names(&mut drive, 0x02), [1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(names(&mut drive, 0x10), [1, 0, 0, 0, 2, 0, 0, 0]);
    assert_eq!(io(&mut drive, 2, 2, 0, 1, &[]).unwrap().0, 0x0b);
    let (status, data) = admin(&mut drive, 0x06, 2, &[(10, 0)]).unwrap();
    assert_eq!((status, data.iter().all(|byte| *byte == 0)), (0, true), "inactive: zeros");
    assert_eq!(admin(&mut drive, 0x0d, 2, &[(10, 1)]).unwrap().0, 0);
    assert_eq!(names(&mut drive, 0x10), [1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(admin(&mut drive, 0x0d, 0, &[(10, 0)]).unwrap().0, 0x115);
    assert_eq!(drive.truth().others, 8192);
    assert_eq!(admin(&mut drive, 0x84, 0, &[(10, 2)]).unwrap().0, 0);
    drive.gear.clock.advance(30_000);
    drive.tick();
    assert_eq!(drive.truth().total(), 0);
}

#[test]
fn features_and_logs_answer_as_the_kernel_asks() {
    let mut drive = nvme(1);
    let NvmeAnswer::Done { dw0, status: 0, .. } = drive.admin(&entry(0x09, 0, &[(10, 7), (11, 0x0007_0007)]), &[])
    else {
        panic!()
    };
    assert_eq!(dw0, 0x0003_0003);
    assert_eq!(admin(&mut drive, 0x0a, 0, &[(10, 0x7e)]).unwrap().0, 0x02);
    let (_, effects) = admin(&mut drive, 0x02, 0, &[(10, 5 | 1023 << 16)]).unwrap();
    let at = |code: usize| u32::from_le_bytes(effects[4 * code..4 * code + 4].try_into().unwrap());
    assert_eq!((at(0x84) & 3, at(0x80) & 3, at(0x7c), at(0x101) & 3), (3, 3, 0, 3));
    let (_, health) = admin(&mut drive, 0x02, u32::MAX, &[(10, 2 | 127 << 16)]).unwrap();
    assert_eq!((health[3], health[4], health[160]), (100, 10, 32));
    assert_eq!(admin(&mut drive, 0x02, 0, &[(10, 0x77)]).unwrap().0, 0x109);
    // Eight bytes from offset 8 of log 81h: the first two estimates.
    let (_, part) = admin(&mut drive, 0x02, 0, &[(10, 0x81 | 1 << 16), (12, 8)]).unwrap();
    assert_eq!(part, [320u32.to_le_bytes(), 30u32.to_le_bytes()].concat());
}
