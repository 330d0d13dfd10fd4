//! io_uring(7) as a safe ring: it owns its buffers and the table of what is in flight, so that a buffer which the kernel may
//! touch can't be reached, and is not freed, before the kernel is done with it.
#![allow(unsafe_code)]

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, ThreadId};
use std::time::Duration;

use io_uring::{IoUring, opcode, squeue, types};

use super::buffer::Pool;

/// How often in a row the kernel may be short of resources for a submission (a millisecond each) before the ring is given up.
const PATIENCE: u32 = 10_000;

/// Direction of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transfer {
    /// Buffer to file.
    Write,
    /// File to buffer.
    Read,
}

/// The right to touch one buffer. It can't be copied; [`Ring::start`] takes it, [`Ring::wait`] returns it.
#[derive(Debug)]
pub struct Lease {
    ring: u64,
    generation: u64,
    number: usize,
}

impl Lease {
    /// Number of the buffer, below [`Ring::depth`].
    pub fn number(&self) -> usize {
        self.number
    }
}

/// An operation that ended.
#[derive(Debug)]
pub struct Done {
    /// The buffer, free again.
    pub lease: Lease,
    /// What it was.
    pub transfer: Transfer,
    /// Offset of the first byte.
    pub offset: u64,
    /// Bytes asked for.
    pub asked: usize,
    /// Bytes moved, or the error. ECANCELED: the ring had to be given up, and whether the operation took place is unknown.
    pub result: io::Result<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Flight {
    transfer: Transfer,
    offset: u64,
    bytes: usize,
}

/// The kernel's side, for one thread.
struct Kernel {
    ring: IoUring,
    /// Whether the buffers are registered.
    fixed: bool,
    /// IORING_SETUP_SINGLE_ISSUER: only this thread may enter it.
    owner: ThreadId,
}

/// A ring over one file.
pub struct Ring {
    id: u64,
    /// Counts the pools; leases of an earlier one are stale.
    generation: u64,
    /// `None`: set up again at the next start.
    kernel: Option<Kernel>,
    pool: ManuallyDrop<Pool>,
    file: File,
    free: Vec<usize>,
    in_flight: Vec<Option<Flight>>,
    flying: usize,
    ready: VecDeque<Done>,
}

impl Ring {
    /// A ring of `depth` buffers of `block_bytes` bytes over `file`. Errors are io_uring_setup(2)'s, among them ENOSYS, EPERM
    /// and ENOMEM where io_uring is not to be had, and mmap's.
    pub fn new(file: File, block_bytes: usize, depth: usize) -> io::Result<Self> {
        static RINGS: AtomicU64 = AtomicU64::new(0);
        u32::try_from(block_bytes).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
        let pool = Pool::new(block_bytes, depth)?;
        let mut ring = Ring {
            id: RINGS.fetch_add(1, Ordering::Relaxed),
            generation: 0,
            kernel: None,
            pool: ManuallyDrop::new(pool),
            file,
            free: (0..depth).rev().collect(),
            in_flight: vec![None; depth],
            flying: 0,
            ready: VecDeque::with_capacity(depth),
        };
        ring.kernel = Some(Kernel::new(&ring.file, &ring.pool)?);
        Ok(ring)
    }

    /// Bytes in each buffer.
    pub fn block_bytes(&self) -> usize {
        self.pool.block_bytes()
    }

    /// Number of buffers.
    pub fn depth(&self) -> usize {
        self.pool.count()
    }

    /// Whether the kernel has the buffers registered (it has not where RLIMIT_MEMLOCK is too low).
    pub fn has_registered_buffers(&self) -> bool {
        self.kernel.as_ref().is_some_and(|kernel| kernel.fixed)
    }

    /// A free buffer.
    pub fn lease(&mut self) -> Option<Lease> {
        let number = self.free.pop()?;
        Some(Lease { ring: self.id, generation: self.generation, number })
    }

    /// Hands a buffer back unused.
    pub fn give_back(&mut self, lease: Lease) {
        if lease.ring == self.id {
            self.free.push(lease.number);
        }
    }

    /// The bytes of a buffer; empty for another ring's lease.
    pub fn buffer(&mut self, lease: &Lease) -> &mut [u8] {
        // A lease of this ring is never of a buffer in flight; the second look makes this not rest on the code above.
        if lease.ring != self.id || self.in_flight.get(lease.number).is_none_or(Option::is_some) {
            return &mut [];
        }
        self.pool.buffer(lease.number)
    }

    /// Begins an operation on the first `bytes` bytes of the buffer. What goes wrong is answered by [`Ring::wait`].
    pub fn start(&mut self, lease: Lease, transfer: Transfer, offset: u64, bytes: usize) {
        let flight = Flight { transfer, offset, bytes };
        let number = lease.number;
        let length = u32::try_from(bytes).ok().filter(|_| bytes <= self.pool.block_bytes());
        let (Some(length), true) =
            (length, lease.ring == self.id && self.in_flight.get(number).is_some_and(Option::is_none))
        else {
            return self.refuse(lease, flight, libc::EINVAL);
        };
        if let Err(error) = self.settle_on_this_thread() {
            return self.refuse(lease, flight, error.raw_os_error().unwrap_or(libc::EIO));
        }
        if lease.generation != self.generation {
            // The buffer that was filled is not there any more.
            return self.refuse(lease, flight, libc::ECANCELED);
        }
        let address = self.pool.address(number);
        let Some(kernel) = &mut self.kernel else { return self.refuse(lease, flight, libc::ENODEV) };
        let entry = kernel.entry(transfer, address, length, number, offset);
        // SAFETY: the entry's buffer lies in `pool`, of which `number` is now marked as in flight: `buffer` does not hand it out
        // and `drop` and `abandon` do not free it before its completion was seen. The file is registered with the ring.
        if unsafe { kernel.ring.submission().push(&entry) }.is_err() {
            return self.refuse(lease, flight, libc::EBUSY);
        }
        self.in_flight[number] = Some(flight);
        self.flying += 1;
        // What the kernel does not take now (EINTR, EAGAIN, EBUSY) stays in the submission queue, and `wait` tries again.
        let _ = kernel.ring.submit();
    }

    /// Waits for one operation to end; `None` if none is in flight.
    pub fn wait(&mut self) -> Option<Done> {
        let mut refused = 0;
        loop {
            self.reap();
            if let Some(done) = self.ready.pop_front() {
                return Some(done);
            }
            if self.flying == 0 {
                return None;
            }
            let here = thread::current().id();
            let Some(kernel) = self.kernel.as_mut().filter(|kernel| kernel.owner == here) else {
                // The completions can only be seen by the thread that began them.
                self.abandon();
                continue;
            };
            match kernel.ring.submit_and_wait(1).map_err(|error| error.raw_os_error()) {
                Ok(_) | Err(Some(libc::EINTR)) => {}
                Err(Some(libc::EAGAIN | libc::EBUSY | libc::ENOMEM)) if refused < PATIENCE => {
                    refused += 1;
                    thread::sleep(Duration::from_millis(1));
                }
                Err(_) => self.abandon(),
            }
        }
    }

    /// fdatasync(2) on the file: what was completed is durable. Does not wait for what is in flight.
    pub fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn refuse(&mut self, lease: Lease, flight: Flight, errno: i32) {
        let Flight { transfer, offset, bytes } = flight;
        let lease = if lease.ring == self.id { Lease { generation: self.generation, ..lease } } else { lease };
        let result = Err(io::Error::from_raw_os_error(errno));
        self.ready.push_back(Done { lease, transfer, offset, asked: bytes, result });
    }

    fn reap(&mut self) {
        let Some(kernel) = &mut self.kernel else { return };
        for entry in kernel.ring.completion() {
            let number = usize::try_from(entry.user_data()).unwrap_or(usize::MAX);
            let Some(flight) = self.in_flight.get_mut(number).and_then(Option::take) else { continue };
            self.flying -= 1;
            let result = usize::try_from(entry.result()).map_err(|_| io::Error::from_raw_os_error(-entry.result()));
            let lease = Lease { ring: self.id, generation: self.generation, number };
            let Flight { transfer, offset, bytes } = flight;
            self.ready.push_back(Done { lease, transfer, offset, asked: bytes, result });
        }
    }

    /// A ring serves the thread that set it up; on another one it is set up again.
    fn settle_on_this_thread(&mut self) -> io::Result<()> {
        if self.kernel.as_ref().is_some_and(|kernel| kernel.owner == thread::current().id()) {
            return Ok(());
        }
        if self.flying > 0 {
            self.abandon();
        }
        self.kernel = None;
        self.kernel = Some(Kernel::new(&self.file, &self.pool)?);
        Ok(())
    }

    /// Gives the ring up: what is in flight is answered with ECANCELED. The kernel may go on to use those buffers, so their
    /// memory is never freed nor used again.
    fn abandon(&mut self) {
        let (block_bytes, depth) = (self.pool.block_bytes(), self.pool.count());
        self.kernel = None;
        self.generation += 1;
        // The old pool is left as it is: `ManuallyDrop` does not drop what is assigned over. Without memory for a new one all
        // buffers are empty and every start is refused.
        let pool = Pool::new(block_bytes, depth);
        let dead = pool.is_err();
        if let Ok(pool) = pool {
            self.pool = ManuallyDrop::new(pool);
        }
        for number in 0..depth {
            if let Some(flight) = self.in_flight[number] {
                let lease = Lease { ring: self.id, generation: self.generation, number };
                self.refuse(lease, flight, libc::ECANCELED);
                if !dead {
                    self.in_flight[number] = None;
                }
            }
        }
        self.flying = 0;
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        while self.flying > 0 {
            self.wait();
        }
        let unsafe_to_free = self.in_flight.iter().any(Option::is_some);
        if let Some(kernel) = self.kernel.take() {
            // Closing a ring ends in the background; the file is let go of now, so that others can open it exclusively.
            let _ = kernel.ring.submitter().unregister_files();
            let _ = kernel.ring.submitter().unregister_buffers();
        }
        if !unsafe_to_free {
            // SAFETY: nothing is in flight in this pool, and it is not used after this.
            unsafe { ManuallyDrop::drop(&mut self.pool) };
        }
    }
}

impl Kernel {
    fn new(file: &File, pool: &Pool) -> io::Result<Self> {
        let entries = u32::try_from(pool.count()).unwrap_or(u32::MAX);
        // SINGLE_ISSUER came with Linux 6.0, DEFER_TASKRUN with 6.1; older kernels answer EINVAL.
        let ring = match IoUring::builder().setup_single_issuer().setup_defer_taskrun().build(entries) {
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => IoUring::builder().build(entries)?,
            other => other?,
        };
        ring.submitter().register_files(&[file.as_raw_fd()])?;
        let buffers: Vec<libc::iovec> = (0..pool.count())
            .map(|number| libc::iovec { iov_base: pool.address(number).cast(), iov_len: pool.block_bytes() })
            .collect();
        // SAFETY: the buffers are valid memory of `pool`, which `Ring` keeps until this ring is closed and nothing is in flight.
        let fixed = unsafe { ring.submitter().register_buffers(&buffers) }.is_ok();
        Ok(Kernel { ring, fixed, owner: thread::current().id() })
    }

    fn entry(&self, transfer: Transfer, address: *mut u8, length: u32, number: usize, offset: u64) -> squeue::Entry {
        let file = types::Fixed(0);
        let index = u16::try_from(number).ok().filter(|_| self.fixed);
        let entry = match (transfer, index) {
            (Transfer::Write, Some(index)) => {
                opcode::WriteFixed::new(file, address, length, index).offset(offset).build()
            }
            (Transfer::Read, Some(index)) => {
                opcode::ReadFixed::new(file, address, length, index).offset(offset).build()
            }
            (Transfer::Write, None) => opcode::Write::new(file, address, length).offset(offset).build(),
            (Transfer::Read, None) => opcode::Read::new(file, address, length).offset(offset).build(),
        };
        entry.user_data(number as u64)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ring() -> Ring {
        let file = tempfile::tempfile().unwrap();
        file.set_len(1 << 20).unwrap();
        Ring::new(file, 4096, 4).unwrap()
    }

    fn errno(done: Done) -> Option<i32> {
        done.result.unwrap_err().raw_os_error()
    }

    #[test]
    fn a_lease_is_worth_nothing_to_another_ring_and_too_much_is_refused() {
        let (mut a, mut b) = (ring(), ring());
        let lease = a.lease().unwrap();
        assert!(b.buffer(&lease).is_empty() && a.buffer(&lease).len() == 4096);
        b.start(lease, Transfer::Write, 0, 4096);
        assert_eq!(errno(b.wait().unwrap()), Some(libc::EINVAL));
        let lease = a.lease().unwrap();
        a.start(lease, Transfer::Write, 0, 4097);
        assert_eq!(errno(a.wait().unwrap()), Some(libc::EINVAL));
        assert!(a.wait().is_none() && b.wait().is_none());
    }

    #[test]
    fn a_ring_that_has_to_be_given_up_answers_for_everything_and_works_again() {
        let mut ring = ring();
        let kept = ring.lease().unwrap();
        for _ in 0..3 {
            let lease = ring.lease().unwrap();
            ring.buffer(&lease).fill(7);
            ring.start(lease, Transfer::Write, 0, 4096);
        }
        let mut ring = thread::spawn(move || {
            for _ in 0..3 {
                let done = ring.wait().unwrap();
                assert_eq!(done.result.as_ref().map_err(io::Error::raw_os_error), Err(Some(libc::ECANCELED)));
                ring.give_back(done.lease);
            }
            assert!(ring.wait().is_none());
            ring
        })
        .join()
        .unwrap();
        // Its buffer was filled in the pool that is gone.
        ring.start(kept, Transfer::Write, 0, 4096);
        let done = ring.wait().unwrap();
        assert_eq!(done.result.as_ref().map_err(io::Error::raw_os_error), Err(Some(libc::ECANCELED)));
        ring.buffer(&done.lease).fill(9);
        ring.start(done.lease, Transfer::Write, 8192, 4096);
        assert_eq!(ring.wait().unwrap().result.unwrap(), 4096);
        let lease = ring.lease().unwrap();
        ring.start(lease, Transfer::Read, 8192, 4096);
        let done = ring.wait().unwrap();
        assert!(ring.buffer(&done.lease).iter().all(|byte| *byte == 9));
    }

    #[test]
    fn a_buffer_in_flight_can_not_be_reached_and_drop_waits_for_it() {
        let (mut readers, mut writers) = std::io::pipe().map(|(r, w)| (Some(r), Some(w))).unwrap();
        let file = File::from(std::os::fd::OwnedFd::from(readers.take().unwrap()));
        let mut ring = Ring::new(file, 4096, 2).unwrap();
        let lease = ring.lease().unwrap();
        let forged = Lease { ring: lease.ring, generation: lease.generation, number: lease.number };
        ring.start(lease, Transfer::Read, u64::MAX, 4096);
        assert!(ring.buffer(&forged).is_empty(), "the read waits for the pipe");
        ring.start(forged, Transfer::Read, u64::MAX, 4096);
        assert_eq!(errno(ring.wait().unwrap()), Some(libc::EINVAL));
        let writer = writers.take().unwrap();
        let waiting = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            drop(writer);
        });
        let began = std::time::Instant::now();
        drop(ring);
        assert!(began.elapsed() > Duration::from_millis(100), "drop waited");
        waiting.join().unwrap();
    }
}
