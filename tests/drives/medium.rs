//! The raw medium and its shadow. Every block, addressable or not, starts with a marker of its own; what is left of the
//! markers after an erase is the truth that a verdict is held against.
//!
//! Encryption: a drive that encrypts keeps each block under a media key (here: a number that seeds a stream). A crypto
//! erase changes the key: old blocks then read as noise and nobody can bring them back. A block stored in the clear,
//! because encryption was off at the time, also reads as noise afterwards, but a look at the raw medium still finds it.

mod layout;
mod marker;

pub use layout::{Kind, Layout, Truth, Unmapped};
pub use marker::{is_marker, marker};

use super::bytes;
use super::state::Saved;
use super::store::{Memory, Store};
use marker::{HEAD, stream};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a physical block.
pub const BLOCK: usize = 512;
const TAG: usize = 8;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tag {
    /// 0: in the clear.
    key: u32,
    erased: bool,
    unmapped: bool,
    /// SBC-4: the host must write before it may read.
    unwritten: bool,
}

impl Tag {
    fn bytes(self) -> [u8; TAG] {
        let mut raw = [0; TAG];
        raw[0] = u8::from(self.erased) | u8::from(self.unmapped) << 1 | u8::from(self.unwritten) << 2;
        bytes::put(&mut raw, 4, &self.key.to_le_bytes());
        raw
    }

    fn parse(raw: &[u8]) -> Self {
        let flags = bytes::byte(raw, 0);
        Tag { key: bytes::le32(raw, 4), erased: flags & 1 != 0, unmapped: flags & 2 != 0, unwritten: flags & 4 != 0 }
    }
}

/// The blocks of a drive.
pub struct Medium {
    store: Box<dyn Store>,
    layout: Layout,
    tags: Vec<Tag>,
    /// The current media key; 0 on a drive that never encrypts.
    key: u32,
    /// Whether overwriting a block leaves its old content in a spare one, as flash does.
    stale_copies: bool,
    next_spare: u64,
    /// What reading an unmapped block gives.
    pub unmapped: Unmapped,
}

impl Medium {
    /// A medium full of markers. `encrypted`: they are stored under a media key.
    ///
    /// # Errors
    /// The store's.
    pub fn format(mut store: Box<dyn Store>, layout: Layout, encrypted: bool) -> io::Result<Self> {
        let key = u32::from(encrypted);
        store.write(0, &fresh(&layout, key))?;
        Ok(Medium::over(store, layout, key))
    }

    /// The medium that a store holds since an earlier [`Medium::format`].
    ///
    /// # Errors
    /// The store's, or it is too small for the layout.
    pub fn open(store: Box<dyn Store>, layout: Layout) -> io::Result<Self> {
        let mut medium = Medium::over(store, layout, 0);
        let mut raw = vec![0; medium.tags.len() * TAG];
        medium.store.read(medium.layout.blocks() * BLOCK as u64, &mut raw)?;
        medium.tags = raw.chunks(TAG).map(Tag::parse).collect();
        Ok(medium)
    }

    /// A medium in memory, full of markers.
    pub fn in_memory(layout: Layout, encrypted: bool) -> Self {
        let key = u32::from(encrypted);
        let store = Memory::from(fresh(&layout, key).to_vec());
        Medium::over(Box::new(store), layout, key)
    }

    /// Bytes of store that a layout needs: the blocks, then eight bytes of state for each.
    pub fn size(layout: &Layout) -> u64 {
        layout.blocks() * (BLOCK + TAG) as u64
    }

    fn over(store: Box<dyn Store>, layout: Layout, key: u32) -> Self {
        let tags = vec![Tag { key, ..Tag::default() }; layout.blocks() as usize];
        Medium { store, layout, tags, key, stale_copies: false, next_spare: 0, unmapped: Unmapped::Zeros }
    }

    /// Overwriting leaves stale copies in half of the spare blocks, in turn.
    pub fn leave_stale_copies(mut self) -> Self {
        self.stale_copies = true;
        self
    }

    /// How many blocks of which kind.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    fn set_tags(&mut self, range: Range<u64>, tag: Tag) -> io::Result<()> {
        let at = self.layout.blocks() * BLOCK as u64 + range.start * TAG as u64;
        let raw: Vec<u8> = range.clone().flat_map(|_| tag.bytes()).collect();
        self.store.write(at, &raw)?;
        for block in range {
            if let Some(slot) = self.tags.get_mut(block as usize) {
                *slot = tag;
            }
        }
        Ok(())
    }

    fn tag(&self, block: u64) -> Tag {
        self.tags.get(block as usize).copied().unwrap_or_default()
    }

    /// What the host gets when it reads a physical block.
    ///
    /// # Errors
    /// The store's.
    pub fn read(&self, block: u64) -> io::Result<Vec<u8>> {
        let tag = self.tag(block);
        let mut data = vec![0; BLOCK];
        match (tag.unmapped, self.unmapped) {
            (true, Unmapped::Zeros) => return Ok(data),
            (true, Unmapped::Ones) => return Ok(vec![0xff; BLOCK]),
            _ => self.store.read(block * BLOCK as u64, &mut data)?,
        }
        if tag.erased {
            return Ok(data);
        }
        // The engine decrypts with the key it has now; until the first change it passes clear text on.
        stream(if tag.key == 0 && self.key <= 1 { 0 } else { self.key }, block, &mut data);
        Ok(data)
    }

    /// Writes a physical block for the host. On flash the old content stays behind in a spare block.
    ///
    /// # Errors
    /// The store's.
    pub fn write(&mut self, block: u64, data: &[u8]) -> io::Result<()> {
        let rotation = self.layout.spare / 2;
        if self.stale_copies && rotation > 0 && !self.tag(block).erased {
            let spare = self.layout.spare().start + self.next_spare % rotation;
            self.next_spare += 1;
            let old = self.raw(block)?;
            let mut copy = old.0;
            // Moved by the drive itself: decrypted and encrypted again, if it is under a key.
            stream(old.1.key, block, &mut copy);
            stream(old.1.key, spare, &mut copy);
            self.store.write(spare * BLOCK as u64, &copy)?;
            self.set_tags(spare..spare + 1, Tag { key: old.1.key, ..Tag::default() })?;
        }
        let mut raw = bytes::sized(data.to_vec(), BLOCK);
        stream(self.key, block, &mut raw);
        self.store.write(block * BLOCK as u64, &raw)?;
        self.set_tags(block..block + 1, Tag { key: self.key, ..Tag::default() })
    }

    /// Erases physical blocks: their content becomes `pattern`, repeated from each block's start. `unmap`: the host no
    /// longer sees the content. `unwritten`: the host must write before it may read.
    ///
    /// # Errors
    /// The store's.
    pub fn erase(&mut self, range: Range<u64>, pattern: &[u8], unmap: bool, unwritten: bool) -> io::Result<()> {
        let one: Vec<u8> = match pattern {
            [] => vec![0; BLOCK],
            _ => pattern.iter().copied().cycle().take(BLOCK).collect(),
        };
        let mut block = range.start;
        while block < range.end {
            let step = (range.end - block).min(2048);
            self.store.write(block * BLOCK as u64, &one.repeat(step as usize))?;
            block += step;
        }
        self.set_tags(range, Tag { key: 0, erased: true, unmapped: unmap, unwritten })
    }

    /// Unmaps physical blocks (TRIM, UNMAP, Deallocate): a hint, which leaves the content where it is.
    ///
    /// # Errors
    /// The store's.
    pub fn deallocate(&mut self, range: Range<u64>) -> io::Result<()> {
        for block in range {
            let tag = Tag { unmapped: true, ..self.tag(block) };
            self.set_tags(block..block + 1, tag)?;
        }
        Ok(())
    }

    /// Marks blocks as needing a write before the next read (SBC-4 6.6.4, WABEREQ and WACEREQ).
    ///
    /// # Errors
    /// The store's.
    pub fn require_write(&mut self, range: Range<u64>) -> io::Result<()> {
        for block in range {
            let tag = Tag { unwritten: true, ..self.tag(block) };
            self.set_tags(block..block + 1, tag)?;
        }
        Ok(())
    }

    /// Whether the host must write this block before it may read it.
    pub fn needs_write(&self, block: u64) -> bool {
        self.tag(block).unwritten
    }

    /// Whether this block is unmapped.
    pub fn is_unmapped(&self, block: u64) -> bool {
        self.tag(block).unmapped
    }

    /// Throws the media key away and takes a new one. What lies in `except` is taken along to the new key.
    ///
    /// # Errors
    /// The store's.
    pub fn change_key(&mut self, except: &[Range<u64>]) -> io::Result<()> {
        let old = self.key;
        self.key += 1;
        for block in except.iter().cloned().flatten() {
            let (mut data, tag) = self.raw(block)?;
            if tag.key == old && !tag.erased {
                stream(old, block, &mut data);
                stream(self.key, block, &mut data);
                self.store.write(block * BLOCK as u64, &data)?;
                self.set_tags(block..block + 1, Tag { key: self.key, ..tag })?;
            }
        }
        Ok(())
    }

    /// Stores blocks again in the clear: encryption was off when they were written.
    ///
    /// # Errors
    /// The store's.
    pub fn store_in_the_clear(&mut self, range: Range<u64>) -> io::Result<()> {
        for block in range {
            let (mut data, tag) = self.raw(block)?;
            stream(tag.key, block, &mut data);
            self.store.write(block * BLOCK as u64, &data)?;
            self.set_tags(block..block + 1, Tag { key: 0, ..tag })?;
        }
        Ok(())
    }

    /// Brings what was written to the store below.
    ///
    /// # Errors
    /// The store's.
    pub fn sync(&mut self) -> io::Result<()> {
        self.store.sync()
    }

    fn raw(&self, block: u64) -> io::Result<(Vec<u8>, Tag)> {
        let mut data = vec![0; BLOCK];
        self.store.read(block * BLOCK as u64, &mut data)?;
        Ok((data, self.tag(block)))
    }

    /// The content of a block for one who has the drive, its present key and a laboratory; `None` if the key is gone.
    pub fn recover(&self, block: u64) -> Option<Vec<u8>> {
        let (mut data, tag) = self.raw(block).ok()?;
        if tag.erased || tag.key == 0 {
            return Some(data);
        }
        (tag.key == self.key).then(|| {
            stream(tag.key, block, &mut data);
            data
        })
    }

    /// Whether a block's marker survives, to the same.
    fn marked(&self, block: u64) -> bool {
        let mut head = [0; HEAD];
        let tag = self.tag(block);
        let gone = !tag.erased && tag.key != 0 && tag.key != self.key;
        if gone || self.store.read(block * BLOCK as u64, &mut head).is_err() {
            return false;
        }
        stream(if tag.erased { 0 } else { tag.key }, block, &mut head);
        is_marker(&head)
    }

    /// What a block holds.
    pub fn kind(&self, block: u64) -> Kind {
        let tag = self.tag(block);
        match self.recover(block) {
            None => Kind::Undecryptable,
            Some(data) if is_marker(&data) => Kind::Marker,
            Some(_) if tag.unmapped => Kind::Deallocated,
            Some(_) if tag.erased => Kind::Erased,
            Some(_) => Kind::Data,
        }
    }

    /// How many blocks of `range` hold something that `found` knows, to one who has the drive in the laboratory.
    pub fn count(&self, range: Range<u64>, found: impl Fn(&[u8]) -> bool) -> u64 {
        range.filter(|block| self.recover(*block).is_some_and(|data| found(&data))).count() as u64
    }

    /// The surviving markers, for a host that sees the first `visible` blocks of namespace `space`.
    pub fn truth(&self, space: usize, visible: u64) -> Truth {
        let count = |range: Range<u64>| range.filter(|block| self.marked(*block)).count() as u64;
        let own = self.layout.space(space);
        let edge = own.end.min(own.start + visible);
        Truth {
            user: count(own.start..edge),
            hidden: count(edge..own.end),
            spare: count(self.layout.spare()),
            remapped: count(self.layout.remapped()),
            others: (0..self.layout.spaces.len())
                .filter(|index| *index != space)
                .map(|index| count(self.layout.space(index)))
                .sum(),
        }
    }

    /// Keeps what lies outside the store.
    pub fn save(&self, saved: &mut Saved) {
        saved.set("medium-key", self.key);
        saved.set("medium-next-spare", self.next_spare);
    }

    /// Takes back what lies outside the store.
    ///
    /// # Errors
    /// What is missing or can't be read.
    pub fn load(&mut self, saved: &Saved) -> Result<(), String> {
        self.key = saved.get("medium-key")?;
        self.next_spare = saved.get("medium-next-spare")?;
        Ok(())
    }
}

/// A fresh medium as its store holds it: all markers, then all tags. The last few are kept: a matrix makes thousands.
fn fresh(layout: &Layout, key: u32) -> Arc<Vec<u8>> {
    type Template = (Layout, u32, Arc<Vec<u8>>);
    static KEPT: Mutex<Vec<Template>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, _, raw)) = kept.iter().find(|(other, under, _)| other == layout && *under == key) {
        return Arc::clone(raw);
    }
    let mut raw = Vec::with_capacity(Medium::size(layout) as usize);
    for block in 0..layout.blocks() {
        let mut data = marker(block);
        stream(key, block, &mut data);
        raw.extend(data);
    }
    let tag = Tag { key, ..Tag::default() }.bytes();
    raw.extend((0..layout.blocks()).flat_map(|_| tag));
    let raw = Arc::new(raw);
    kept.truncate(7);
    kept.insert(0, (layout.clone(), key, Arc::clone(&raw)));
    raw
}
