//! What a device is found to hold, by magic bytes: a pure function over windows of bytes.

mod filesystems;
mod members;
mod tables;
mod window;

use crate::media::Signature;
use window::Windows;

/// A signature, and the set that its device belongs to where the header tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// What `list` shows.
    pub signature: Signature,
    /// The set: volume group of an LVM member (32 characters, no hyphens), array, LUKS header, bcache set, btrfs filesystem.
    pub set: Option<String>,
}

impl Found {
    fn new(kind: &str, uuid: Option<String>) -> Self {
        Found { set: uuid.clone(), signature: Signature { kind: kind.into(), uuid } }
    }
}

/// The signatures in `size` bytes of which `read(offset, bytes)` shows a part. Each kind and UUID is named once, however many copies of the
/// header there are. `read` answers `None` for what can't be read; such a part is taken to hold nothing, so the caller has to
/// remember that it happened. Never reads outside `size`, and never panics for any bytes.
pub fn detect(read: &mut dyn FnMut(u64, usize) -> Option<Vec<u8>>, size: u64) -> Vec<Signature> {
    detect_sets(read, size).into_iter().map(|found| found.signature).collect()
}

/// As [`detect`], with the sets.
pub(super) fn detect_sets(read: &mut dyn FnMut(u64, usize) -> Option<Vec<u8>>, size: u64) -> Vec<Found> {
    let mut windows = Windows::new(read, size);
    let mut all = Vec::new();
    members::detect(&mut windows, &mut all);
    filesystems::detect(&mut windows, &mut all);
    tables::detect(&mut windows, &mut all);
    let mut once: Vec<Found> = Vec::new();
    for found in all {
        match once.iter_mut().find(|o| o.signature == found.signature) {
            Some(known) => known.set = known.set.take().or(found.set),
            None => once.push(found),
        }
    }
    once
}

#[cfg(test)]
mod tests;
