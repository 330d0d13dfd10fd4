//! What a checkpoint calls durable is on the medium after a crash.

use proptest::prelude::*;

use super::*;
use crate::io::simulated::{Cache, OLD};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_durable_survives_a_crash(seed: u64, operations in 1u64..200, every in 1u64..16, short in 1u64..20) {
        let device = Device::new(1 << 20, 512).with_seed(seed).with_cache(Cache::Volatile);
        device.short_every(short + 1);
        device.crash_after(operations);
        let mut control = Recorder { every: Some(every << 14), ..Recorder::default() };
        let (_, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
        let durable = usize::try_from(control.durable.last().copied().unwrap_or(0)).unwrap();
        if result.is_err() {
            prop_assert!(matches!(result, Err(Halt::Lost(_))));
            prop_assert!(!device.is_there(), "it crashed");
        } else {
            device.crash();
        }
        prop_assert!(matches(0, &device.content()[..durable]));
    }

    #[test]
    fn a_cache_that_nobody_reports_can_lose_what_was_called_durable_but_no_more_than_it_holds(
        seed: u64, operations in 20u64..300,
    ) {
        let cache = 32 * 512;
        let device = Device::new(2 << 20, 512).with_seed(seed).with_cache(Cache::Unreported { bytes: cache });
        device.crash_after(operations);
        let mut control = Recorder { every: Some(1 << 13), ..Recorder::default() };
        let (_, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
        if result.is_ok() {
            device.crash();
        }
        // The margin that a resume needs: the cache, and the window in which writes pass each other.
        let margin = cache + crate::io::WINDOW_BLOCKS * 16 * 512;
        let durable = usize::try_from(control.durable.last().copied().unwrap_or(0)).unwrap();
        prop_assert!(matches(0, &device.content()[..durable.saturating_sub(margin)]));
    }
}

#[test]
fn the_simulated_caches_do_lose_what_was_not_flushed() {
    for cache in [Cache::Volatile, Cache::Unreported { bytes: 64 * 512 }] {
        let device = Device::new(1 << 20, 512).with_cache(cache);
        let mut queue = device.queue();
        let slot = queue.lease().unwrap();
        fill(0, queue.buffer(&slot));
        queue.submit(slot, crate::io::Op::Write, 0, 16 * 512);
        assert_eq!(queue.complete().unwrap().result.unwrap(), 16 * 512);
        if cache != Cache::Volatile {
            queue.flush().unwrap();
        }
        assert!(matches(0, &device.content()[..16 * 512]));
        device.crash();
        let content = device.content();
        let old = content[..16 * 512].chunks(512).filter(|block| block.starts_with(OLD)).count();
        assert!((1..16).contains(&old), "some blocks are lost, not all: {old}");
        assert!(queue.flush().is_err(), "a queue from before the crash is dead");
        device.power_on();
        assert!(queue.flush().is_err() && device.queue().flush().is_ok());
    }
}
