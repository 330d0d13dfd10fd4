//! The only unsafe code of the guest programs: a shared memory mapping.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicU32, Ordering, fence};

/// A file mapped for reading and writing, shared with the kernel. Every access is checked against its length.
pub struct Mapping {
    start: *mut u8,
    bytes: usize,
}

// SAFETY: the mapping is owned, and reachable only through methods that take `&self` and copy bytes or use atomics.
unsafe impl Send for Mapping {}

impl Mapping {
    /// Maps the first `bytes` bytes of `file`.
    pub fn shared(file: &File, bytes: usize) -> io::Result<Mapping> {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: no address is asked for, so no other mapping is replaced; the kernel checks the descriptor and the length.
        let start = unsafe { libc::mmap(std::ptr::null_mut(), bytes, access, libc::MAP_SHARED, file.as_raw_fd(), 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(Mapping { start: start.cast(), bytes })
    }

    fn at(&self, offset: usize, bytes: usize) -> io::Result<*mut u8> {
        let inside = offset.checked_add(bytes).is_some_and(|end| end <= self.bytes);
        if !inside {
            let what = format!("{bytes} bytes at {offset} lie outside the mapping of {}", self.bytes);
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        // SAFETY: `offset` is inside the mapping.
        Ok(unsafe { self.start.add(offset) })
    }

    /// A copy of `bytes` bytes at `offset`.
    pub fn read(&self, offset: usize, bytes: usize) -> io::Result<Vec<u8>> {
        let from = self.at(offset, bytes)?;
        let mut copy = vec![0; bytes];
        // SAFETY: `from` has `bytes` bytes inside the mapping; the copy is its own memory.
        unsafe { std::ptr::copy_nonoverlapping(from, copy.as_mut_ptr(), bytes) };
        Ok(copy)
    }

    /// Puts `data` at `offset`.
    pub fn write(&self, offset: usize, data: &[u8]) -> io::Result<()> {
        let to = self.at(offset, data.len())?;
        // SAFETY: `to` has room for `data` inside the mapping; `data` is other memory.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), to, data.len()) };
        Ok(())
    }

    /// The 32-bit number at `offset`, after which nothing is read that the other side wrote before it changed the number.
    pub fn load(&self, offset: usize) -> io::Result<u32> {
        let number = self.number(offset)?.load(Ordering::Acquire);
        fence(Ordering::Acquire);
        Ok(number)
    }

    /// Changes the 32-bit number at `offset`, after everything written before it.
    pub fn store(&self, offset: usize, number: u32) -> io::Result<()> {
        fence(Ordering::Release);
        self.number(offset)?.store(number, Ordering::Release);
        Ok(())
    }

    fn number(&self, offset: usize) -> io::Result<&AtomicU32> {
        let at = self.at(offset, 4)?;
        if !offset.is_multiple_of(4) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{offset} is no place for a 32-bit number"),
            ));
        }
        // SAFETY: the four bytes lie inside the mapping, which is aligned to a page, at a multiple of four; they live as long as
        // `self`, and the kernel changes them as a whole.
        Ok(unsafe { AtomicU32::from_ptr(at.cast()) })
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: it was mapped with this start and length, and nothing refers to it any more.
        unsafe { libc::munmap(self.start.cast(), self.bytes) };
    }
}
