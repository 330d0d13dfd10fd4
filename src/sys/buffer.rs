//! Buffers for O_DIRECT: aligned to pages, on a huge page where that pays.
#![allow(unsafe_code)]

use std::io;
use std::ptr::{self, NonNull};

/// A multiple of every page size and of every alignment that O_DIRECT asks for on the logical blocks we take (up to 64 KiB).
const ALIGN: usize = 64 << 10;
const HUGE_PAGE: usize = 2 << 20;

/// Buffers of one size in one anonymous mapping (mmap(2)). They begin as zeros, are left out of core dumps and of forked
/// children, and go back to the kernel on drop.
pub struct Pool {
    mapping: NonNull<u8>,
    mapping_bytes: usize,
    first: NonNull<u8>,
    block_bytes: usize,
    stride: usize,
    count: usize,
}

// SAFETY: the mapping belongs to this value alone and is reached through `&mut self` only; no thread is special to it.
unsafe impl Send for Pool {}

impl Pool {
    /// `count` buffers of `block_bytes` bytes. Pools of 1 MiB and more are aligned to 2 MiB and ask for a huge page
    /// (madvise(2), MADV_HUGEPAGE). Errors: EINVAL for none or too many bytes, ENOMEM.
    pub fn new(block_bytes: usize, count: usize) -> io::Result<Self> {
        let invalid = || io::Error::from_raw_os_error(libc::EINVAL);
        let stride = block_bytes.checked_next_multiple_of(ALIGN).ok_or_else(invalid)?;
        let bytes = stride.checked_mul(count).filter(|bytes| *bytes > 0).ok_or_else(invalid)?;
        let huge = bytes >= HUGE_PAGE / 2;
        let align = if huge { HUGE_PAGE } else { ALIGN };
        let mapping_bytes =
            bytes.checked_next_multiple_of(align).and_then(|b| b.checked_add(align)).ok_or_else(invalid)?;
        let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: a new anonymous mapping at an address of the kernel's choice touches no memory of ours.
        let mapping = unsafe { libc::mmap(ptr::null_mut(), mapping_bytes, protection, flags, -1, 0) };
        if mapping == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let mapping = NonNull::new(mapping.cast::<u8>()).ok_or_else(invalid)?;
        let skip = mapping.as_ptr().align_offset(align);
        // SAFETY: `skip` is below `align`, and the mapping is `align` bytes longer than what is used.
        let first = unsafe { mapping.add(skip) };
        let advice = [libc::MADV_DONTDUMP, libc::MADV_DONTFORK, libc::MADV_HUGEPAGE];
        for advice in &advice[..if huge { 3 } else { 2 }] {
            // SAFETY: the range lies within our own mapping, and none of these pieces of advice changes its content. A
            // refusal costs speed or discretion, not soundness.
            unsafe { libc::madvise(first.as_ptr().cast(), bytes.next_multiple_of(align), *advice) };
        }
        Ok(Pool { mapping, mapping_bytes, first, block_bytes, stride, count })
    }

    /// Bytes in each buffer.
    pub fn block_bytes(&self) -> usize {
        self.block_bytes
    }

    /// Number of buffers.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Address of a buffer, for the kernel. Null for a number out of range.
    pub(in crate::sys) fn address(&self, number: usize) -> *mut u8 {
        if number >= self.count {
            return ptr::null_mut();
        }
        // SAFETY: `number` is below `count`, so the buffer lies within the mapping.
        unsafe { self.first.add(number * self.stride) }.as_ptr()
    }

    /// The bytes of a buffer; empty for a number out of range. Whoever in `sys` has given its address to the kernel must not call
    /// this for that buffer until the kernel is done with it.
    pub fn buffer(&mut self, number: usize) -> &mut [u8] {
        if number >= self.count {
            return &mut [];
        }
        // SAFETY: the buffer lies within the mapping, is initialised (zeros at first), and `&mut self` makes it exclusive
        // against every other use in this process; against the kernel see above (sys::uring keeps that promise).
        unsafe { std::slice::from_raw_parts_mut(self.address(number), self.block_bytes) }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // SAFETY: exactly the mapping made in `new`, and no slice of it outlives `self`.
        unsafe { libc::munmap(self.mapping.as_ptr().cast(), self.mapping_bytes) };
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn buffers_are_aligned_apart_and_zero_at_first() {
        for (block, count) in [(512, 3), (4096, 1), (256 << 10, 8), (1 << 20, 2), (65_537, 4)] {
            let mut pool = Pool::new(block, count).unwrap();
            for number in 0..count {
                assert!(pool.buffer(number).iter().all(|byte| *byte == 0));
                assert_eq!((pool.buffer(number).len(), pool.address(number).align_offset(4096)), (block, 0));
                pool.buffer(number).fill(u8::try_from(number + 1).unwrap());
            }
            for number in 0..count {
                assert!(pool.buffer(number).iter().all(|byte| usize::from(*byte) == number + 1));
            }
            assert!(pool.buffer(count).is_empty() && pool.address(count).is_null());
        }
    }

    #[test]
    fn impossible_sizes_are_errors() {
        for (block, count) in [(0, 1), (4096, 0), (usize::MAX, 1), (usize::MAX / 2, 4), (1 << 62, 1)] {
            assert!(Pool::new(block, count).is_err(), "{block} × {count}");
        }
    }
}
