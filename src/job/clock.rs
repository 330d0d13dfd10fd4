//! The time that steering goes by: when to tell, when to make a checkpoint. In tests, the clock that a test gave its thread.

#[cfg(test)]
pub(super) use testing::{now, sleep};

/// Waits.
#[cfg(not(test))]
pub(super) fn sleep(duration: std::time::Duration) {
    std::thread::sleep(duration);
}

/// Now, by the monotonic clock.
#[cfg(not(test))]
pub(super) fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[cfg(test)]
pub(super) mod testing {
    use std::cell::RefCell;
    use std::time::{Duration, Instant};

    type Clock = Box<dyn Fn() -> Instant>;

    thread_local! {
        static CLOCK: RefCell<Option<Clock>> = const { RefCell::new(None) };
    }

    /// What the thread's clock shows; without one, the monotonic clock.
    pub(in crate::job) fn now() -> Instant {
        CLOCK.with_borrow(|clock| clock.as_ref().map_or_else(Instant::now, |clock| clock()))
    }

    type Sleep = Box<dyn Fn(Duration)>;

    thread_local! {
        static SLEEP: RefCell<Option<Sleep>> = const { RefCell::new(None) };
    }

    /// Lets the thread's time pass; without a time of its own, waits.
    pub(in crate::job) fn sleep(duration: Duration) {
        SLEEP.with_borrow(|sleep| sleep.as_ref().map_or_else(|| std::thread::sleep(duration), |sleep| sleep(duration)));
    }

    /// As [`set`], with a way to let time pass.
    pub(in crate::job) fn set_with_sleep(
        clock: impl Fn() -> Instant + 'static,
        sleep: impl Fn(Duration) + 'static,
    ) -> Set {
        SLEEP.set(Some(Box::new(sleep)));
        set(clock)
    }

    /// The thread goes by the monotonic clock again once it is dropped.
    pub(in crate::job) struct Set(());

    impl Drop for Set {
        fn drop(&mut self) {
            CLOCK.set(None);
            SLEEP.set(None);
        }
    }

    /// Gives the thread a clock.
    pub(in crate::job) fn set(clock: impl Fn() -> Instant + 'static) -> Set {
        CLOCK.set(Some(Box::new(clock)));
        Set(())
    }
}
