//! Tests of the ring: leases, giving up, waiting on drop.
#![allow(clippy::unwrap_used)]

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
    let began = std::time::Instant::now();
    let waiting = thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        drop(writer);
    });
    drop(ring);
    assert!(began.elapsed() > Duration::from_millis(100), "drop waited");
    waiting.join().unwrap();
}
