//! The way for filesystems without O_DIRECT or without fallocate (vfat, exfat, FUSE): written through the page cache, and synced.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use super::fill::{End, Progress, failed};
use crate::problem::Problem;
use crate::sys::filling::{self, Room};

/// Written at once while there is much.
const PIECE: usize = 1 << 20;
/// Bytes after which everything is synced.
const SYNC: u64 = 64 << 20;

/// Writes `file` until there is no room for one more block, it has `largest` bytes, or a stop is asked for; what ended it, and the bytes.
pub(super) fn fill(
    file: &File,
    largest: u64,
    block: u64,
    content: &mut dyn FnMut(u64, &mut [u8]),
    progress: &mut Progress<'_>,
) -> Result<(End, u64), Problem> {
    let io = |e: io::Error| failed(&e.to_string());
    let block = usize::try_from(block).unwrap_or(PIECE);
    let mut buffer = vec![0; PIECE.max(block)];
    let (mut at, mut synced, mut piece, mut end) = (0_u64, 0_u64, buffer.len(), None);
    let mut filled = (u64::MAX, 0);
    let started = Instant::now();
    while end.is_none() {
        if progress.stop() {
            end = Some(End::Stopped);
            break;
        }
        let fits = usize::try_from(largest - at).unwrap_or(usize::MAX).min(piece);
        if fits == 0 {
            end = Some(End::FileSize);
            break;
        }
        let bytes = buffer.get_mut(..fits).unwrap_or_default();
        if filled != (at, bytes.len()) {
            content(at, bytes);
            filled = (at, bytes.len());
        }
        match file.write_at(bytes, at) {
            Ok(0) => end = Some(End::Full),
            Ok(got) => at += got as u64,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => match filling::room(&e) {
                Room::Unsupported | Room::Failed => return Err(io(e)),
                _ if piece > block => {
                    piece = (piece / 2).max(block);
                    filled = (u64::MAX, 0);
                }
                Room::Full => end = Some(End::Full),
                Room::Quota => end = Some(End::Quota),
                Room::FileSize => end = Some(End::FileSize),
            },
        }
        if at - synced >= SYNC {
            file.sync_data().map_err(io)?;
            synced = at;
        }
        progress.told(at);
        if let Some(rate) = progress.max_rate().filter(|rate| *rate > 0) {
            let due = Duration::from_secs_f64(at as f64 / rate as f64);
            // In naps, so that a stop is heard.
            std::thread::sleep(due.saturating_sub(started.elapsed()).min(Duration::from_millis(100)));
        }
    }
    file.sync_all().map_err(io)?;
    Ok((end.unwrap_or(End::Full), at))
}
