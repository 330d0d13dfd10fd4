//! Plain files that stand in for a filesystem, and a block device made of what they hold.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::{Arc, Mutex};

use crate::files::clear::{Below, Cleared, Subject, Tools, clear};
use crate::files::{Extent, Mapping, Obstacle};
use crate::io::{Blocks, Control, Halt, InOrder, Queue, Shape};
use crate::media::{ByteRange, RangeSet};
use crate::outcome::BadRange;
use crate::pattern::{Pattern, StreamSpec};
use crate::sys::direct;

pub(super) const OLD: u8 = 0x5A;

/// One file, and its blocks as they are told before and after.
pub(super) struct Plain {
    pub(super) file: File,
    pub(super) mapping: Mapping,
    pub(super) size: u64,
    maps: Mutex<u32>,
}

/// What goes wrong.
#[derive(Default)]
pub(super) struct Faults {
    /// Writes to this file at or behind this offset in it answer this.
    pub(super) write: Option<(usize, u64, i32)>,
    /// Each write moves 4096 bytes at most.
    pub(super) short: bool,
    /// Writes that bypass the page cache answer EINVAL.
    pub(super) no_direct_writes: bool,
    /// O_DIRECT can't be set.
    pub(super) no_direct: bool,
    /// Syncing this file fails once it was written.
    pub(super) sync: Option<usize>,
    /// From the second time on this file has these blocks.
    pub(super) moves: Option<(usize, Mapping)>,
    /// The device can't be opened.
    pub(super) no_reader: bool,
    /// Reads of this range fail.
    pub(super) unreadable: Option<ByteRange>,
    /// This byte reads differently.
    pub(super) flipped: Option<u64>,
}

pub(super) struct Fake {
    pub(super) files: Arc<Vec<Plain>>,
    pub(super) faults: Faults,
    pub(super) synced: Mutex<(u32, u32)>,
    _directory: tempfile::TempDir,
}

pub(super) fn extent(logical: u64, physical: u64, bytes: u64) -> Extent {
    Extent { logical, physical, bytes, unwritten: false }
}

impl Fake {
    /// A file for each list of extents, full of [`OLD`] where they are and as long as told.
    pub(super) fn new(files: &[(u64, Vec<Extent>)]) -> Self {
        // Beside the test program and not under TMPDIR: a tmpfs takes no O_DIRECT before Linux 6.6.
        let beside = std::env::current_exe().unwrap();
        let directory = tempfile::tempdir_in(beside.parent().unwrap()).unwrap();
        let make = |(number, (size, extents)): (usize, &(u64, Vec<Extent>))| {
            let path = directory.path().join(number.to_string());
            let file = File::options().create_new(true).read(true).write(true).open(path).unwrap();
            for e in extents {
                file.write_all_at(&vec![OLD; usize::try_from(e.bytes).unwrap()], e.logical).unwrap();
            }
            file.set_len(*size).unwrap();
            Plain { file, mapping: Mapping { extents: extents.clone() }, size: *size, maps: Mutex::new(0) }
        };
        let files = Arc::new(files.iter().enumerate().map(make).collect());
        Fake { files, faults: Faults::default(), synced: Mutex::new((0, 0)), _directory: directory }
    }

    /// `count` files of one block each, next to each other on the device.
    pub(super) fn small(count: u64) -> Self {
        Fake::new(&(0..count).map(|n| (4000, vec![extent(0, (1 << 20) + n * 4096, 4096)])).collect::<Vec<_>>())
    }

    fn number(&self, file: &File) -> usize {
        let inode = file.metadata().unwrap().ino();
        self.files.iter().position(|plain| plain.file.metadata().unwrap().ino() == inode).unwrap()
    }

    pub(super) fn clear(
        &self,
        keep: bool,
        passes: &[Pattern],
        control: &mut Watch,
    ) -> (Vec<Cleared>, Result<(), Halt>) {
        let subject = |plain| {
            let Plain { file, size, .. }: &Plain = plain;
            Subject { file, size_bytes: *size, keep }
        };
        let batch: Vec<Subject> = self.files.iter().map(subject).collect();
        clear(&batch, passes, !control.unverified, self, &mut Tools::default(), control)
    }

    /// What the blocks of the file hold, in order of the file.
    pub(super) fn blocks(&self, number: usize) -> Vec<u8> {
        let plain = &self.files[number];
        let mut all = Vec::new();
        for e in &plain.mapping.extents {
            let mut bytes = vec![0; usize::try_from(e.bytes).unwrap()];
            direct::set(&plain.file, false).unwrap();
            let there = plain.file.metadata().unwrap().len().saturating_sub(e.logical).min(e.bytes);
            bytes.truncate(usize::try_from(there).unwrap());
            plain.file.read_exact_at(&mut bytes, e.logical).unwrap();
            bytes.resize(usize::try_from(e.bytes).unwrap(), 0);
            all.extend(bytes);
        }
        all
    }
}

impl Below for Fake {
    fn map(&self, file: &File) -> Result<Mapping, Obstacle> {
        let number = self.number(file);
        let mut maps = self.files[number].maps.lock().unwrap();
        *maps += 1;
        match &self.faults.moves {
            Some((which, mapping)) if *which == number && *maps > 1 => Ok(mapping.clone()),
            _ => Ok(self.files[number].mapping.clone()),
        }
    }

    fn reader(&self) -> io::Result<Box<dyn Queue>> {
        if self.faults.no_reader {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied));
        }
        let Faults { unreadable, flipped, .. } = self.faults;
        let device = Device { files: Arc::clone(&self.files), unreadable, flipped };
        Ok(Box::new(InOrder::new(device, 64 << 10, 4)?))
    }

    fn shape(&self) -> Shape {
        Shape { logical_block_bytes: 512, max_io_bytes: 0, optimal_io_bytes: 0 }
    }

    fn block_bytes(&self) -> u32 {
        4096
    }

    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
        if let Some((which, from, errno)) = self.faults.write
            && which == self.number(file)
            && offset + bytes.len() as u64 > from
        {
            return Err(io::Error::from_raw_os_error(errno));
        }
        if self.faults.no_direct_writes && direct::is_direct(file)? {
            return Err(io::Error::from_raw_os_error(crate::sys::errno::EINVAL));
        }
        let most = if self.faults.short { bytes.len().min(4096) } else { bytes.len() };
        file.write_at(&bytes[..most], offset)
    }

    fn writer(&self, file: &File, shape: Shape) -> io::Result<Box<dyn Queue>> {
        let number = self.number(file);
        if self.faults.no_direct_writes || self.faults.write.is_some_and(|(which, ..)| which == number) {
            let errno = self.faults.write.map_or(crate::sys::errno::EINVAL, |(_, _, errno)| errno);
            let from = self.faults.write.map_or(0, |(_, from, _)| from);
            return Ok(Box::new(InOrder::new(Failing { file: file.try_clone()?, from, errno }, 256 << 10, 4)?));
        }
        crate::io::open_queue(file.try_clone()?, shape, None)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.synced.lock().unwrap().0 += 1;
        let number = self.number(file);
        let written = file.metadata()?.len() != self.files[number].size;
        if self.faults.sync == Some(number) && written {
            return Err(io::Error::from_raw_os_error(crate::sys::errno::EIO));
        }
        file.sync_data()
    }

    fn sync_all(&self, file: &File) -> io::Result<()> {
        self.synced.lock().unwrap().1 += 1;
        if self.faults.sync.is_some() {
            Err(io::Error::from_raw_os_error(crate::sys::errno::EIO))
        } else {
            file.sync_all()
        }
    }

    fn set_direct(&self, file: &File, direct: bool) -> io::Result<()> {
        if direct && self.faults.no_direct {
            return Err(io::Error::from_raw_os_error(crate::sys::errno::EINVAL));
        }
        direct::set(file, direct)
    }
}

/// A large file that fails from an offset on.
struct Failing {
    file: File,
    from: u64,
    errno: i32,
}

impl Blocks for Failing {
    fn read(&mut self, _offset: u64, _buffer: &mut [u8]) -> io::Result<usize> {
        unreachable!("files are written only")
    }

    fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        if offset + bytes.len() as u64 > self.from {
            return Err(io::Error::from_raw_os_error(self.errno));
        }
        self.file.write_at(bytes, offset)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// The block device: at each place what the file holds that has it; nothing elsewhere may be read.
struct Device {
    files: Arc<Vec<Plain>>,
    unreadable: Option<ByteRange>,
    flipped: Option<u64>,
}

impl Blocks for Device {
    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = ByteRange::new(offset, buffer.len() as u64);
        if self.unreadable.is_some_and(|range| range.intersects(wanted)) {
            return Err(io::Error::from_raw_os_error(crate::sys::errno::EIO));
        }
        let mut found = RangeSet::new();
        for plain in self.files.iter() {
            direct::set(&plain.file, false)?;
            for e in plain.mapping.extents.iter().filter(|e| e.on_device().intersects(wanted)) {
                let (from, to) = (e.physical.max(offset), e.on_device().end().min(wanted.end()));
                if found.covers(ByteRange::new(from, to - from)) {
                    continue;
                }
                let part = &mut buffer[usize::try_from(from - offset).unwrap()..usize::try_from(to - offset).unwrap()];
                plain.file.read_exact_at(part, e.logical + (from - e.physical))?;
                found.insert(ByteRange::new(from, to - from));
            }
        }
        assert_eq!(found.bytes(), wanted.bytes, "only blocks of files are read");
        if let Some(at) = self.flipped.filter(|at| wanted.contains(ByteRange::new(*at, 1))) {
            buffer[usize::try_from(at - offset).unwrap()] ^= 1;
        }
        Ok(buffer.len())
    }

    fn write(&mut self, _offset: u64, _bytes: &[u8]) -> io::Result<usize> {
        unreachable!("the device is read only")
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A control that remembers.
#[derive(Default)]
pub(super) struct Watch {
    pub(super) watermark: u64,
    pub(super) bad: Vec<BadRange>,
    pub(super) stop_at: Option<u64>,
    pub(super) unverified: bool,
}

impl Control for Watch {
    fn stop(&mut self) -> bool {
        self.stop_at.is_some_and(|at| self.watermark >= at)
    }

    fn max_rate(&self) -> Option<u64> {
        None
    }

    fn progress(&mut self, watermark: u64) {
        assert!(watermark > self.watermark, "{watermark} after {}", self.watermark);
        self.watermark = watermark;
    }

    fn checkpoint_due(&mut self, _watermark: u64) -> bool {
        unreachable!("never asked")
    }

    fn durable(&mut self, _watermark: u64) -> Result<(), Halt> {
        unreachable!("never told")
    }

    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        self.bad.push(range);
        Ok(())
    }
}

/// The random stream of this key.
pub(super) fn random(key: u8) -> Pattern {
    Pattern::Stream { spec: StreamSpec::aes_128_ctr([key; 16]), inverted: false }
}
