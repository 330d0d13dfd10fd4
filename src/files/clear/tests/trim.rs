//! Old blocks that are looked at again, and files that are cut to nothing.

use std::os::unix::fs::FileExt;

use super::fake::{Fake, OLD, Watch, extent, random};
use crate::files::Mapping;
use crate::files::clear::{Seen, Subject, Tools, release, remember};
use crate::io::Halt;
use crate::media::ByteRange;
use crate::outcome::Trouble;
use crate::sys::errno;

/// Three files of three blocks, the last block of each being one byte repeated.
fn three() -> (Fake, Vec<Mapping>) {
    let fake = Fake::new(&[0u64, 1, 2].map(|n| (12_288, vec![extent(0, n << 20, 12_288)])));
    for plain in fake.files.iter() {
        plain
            .file
            .write_all_at(&(0..8192u32).map(|n| n.to_le_bytes()[n as usize / 256 % 2]).collect::<Vec<u8>>(), 0)
            .unwrap();
    }
    let mappings = fake.files.iter().map(|plain| plain.mapping.clone()).collect();
    (fake, mappings)
}

#[test]
fn only_what_is_still_there_is_told() {
    let (fake, mappings) = three();
    let mut tools = Tools::default();
    let before = remember(&mappings, [3; 32], &fake, &mut tools, &mut Watch::default()).unwrap();
    fake.files[1].file.write_all_at(&[0; 4096], 4096).unwrap();
    fake.files[2].file.write_all_at(&[7; 8192], 0).unwrap();
    let seen = before.look(&fake, &mut tools, &mut Watch::default()).unwrap();
    let expected = [2, 1, 0].map(|still| Seen { watched: 2, still, ..Seen::default() });
    assert_eq!(seen, expected);
    assert_eq!(seen.map_may(), [true, true, false]);
}

trait May {
    fn map_may(&self) -> Vec<bool>;
}

impl May for Vec<Seen> {
    fn map_may(&self) -> Vec<bool> {
        self.iter().map(Seen::may_be_there).collect()
    }
}

#[test]
fn what_can_not_be_looked_at_may_be_there() {
    let (mut fake, mappings) = three();
    let before = remember(&mappings, [3; 32], &fake, &mut Tools::default(), &mut Watch::default()).unwrap();
    for plain in fake.files.iter() {
        plain.file.write_all_at(&[0; 12_288], 0).unwrap();
    }
    fake.faults.unreadable = Some(ByteRange::new((1 << 20) + 5000, 1));
    let mut control = Watch::default();
    let seen = before.look(&fake, &mut Tools::default(), &mut control).unwrap();
    assert_eq!(seen.map_may(), [false, true, false]);
    assert_eq!((seen[1].unreadable, control.bad[0].kind), (1, Trouble::Unreadable));
    fake.faults.no_reader = true;
    let halt = before.look(&fake, &mut Tools::default(), &mut control).unwrap_err();
    assert!(matches!(halt, Halt::GaveUp(_)));
}

#[test]
fn a_released_file_is_empty_and_one_that_could_not_be_overwritten_is_not_cut() {
    let (mut fake, mappings) = three();
    fn subject(fake: &Fake, number: usize) -> Subject<'_> {
        Subject { file: &fake.files[number].file, size_bytes: 12_288, keep: false }
    }
    let pattern = random(4);
    let done = release(&subject(&fake, 0), Some(&mappings[0]), Some(&pattern), &fake, &mut Watch::default());
    assert_eq!(done, Ok(Ok(12_288)));
    let done = release(&subject(&fake, 1), None, None, &fake, &mut Watch::default());
    assert_eq!(done, Ok(Ok(0)));
    fake.faults.write = Some((2, 0, errno::EIO));
    let failed = release(&subject(&fake, 2), None, Some(&pattern), &fake, &mut Watch::default());
    assert!(matches!(failed, Ok(Err(error)) if error.starts_with("EIO")));
    let mut stop = Watch { stop_at: Some(0), ..Watch::default() };
    assert_eq!(release(&subject(&fake, 2), None, Some(&pattern), &fake, &mut stop), Err(Halt::Stopped));
    let lengths: Vec<u64> = fake.files.iter().map(|plain| plain.file.metadata().unwrap().len()).collect();
    assert_eq!(lengths, [0, 0, 12_288]);
    assert!(fake.blocks(2).ends_with(&[OLD; 4096]));
}
