//! Holds off sleep and shutdown while something is being erased, where systemd-logind is there
//! (`org.freedesktop.login1.Manager.Inhibit`, org.freedesktop.login1(5)).

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use zbus::connection::Builder;

use super::context::Context;

/// The start of a wipe waits no longer than this for an answer; a later one still counts.
const PATIENCE: Duration = Duration::from_secs(1);
/// Nothing waits for an answer after this.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The lock; let go when dropped.
pub struct Inhibitor(Arc<Mutex<Slot>>);

enum Slot {
    Waiting,
    // logind lets go when the last copy of the descriptor is closed.
    Held { _lock: zbus::OwnedFd },
    Released,
}

impl Inhibitor {
    /// Asks for the lock. Never fails and never waits long: without a bus or logind the work goes on without it, which is
    /// told on a terminal only.
    pub fn take(context: &Context, why: &str) -> Self {
        let (inhibitor, answer) = Self::ask(Builder::system(), why);
        if let Some(problem) = answer
            && !context.json
            && std::io::IsTerminal::is_terminal(&std::io::stderr())
        {
            context.out.note(&format!("radera: note: sleep and shutdown are not held off: {problem}"));
        }
        inhibitor
    }

    /// The lock, and why it is not held (yet), if so.
    fn ask(bus: Builder<'static>, why: &str) -> (Self, Option<String>) {
        let slot = Arc::new(Mutex::new(Slot::Waiting));
        let (sender, answer) = mpsc::channel();
        let (shared, why) = (Arc::clone(&slot), why.to_string());
        let thread = move || {
            let result = zbus::block_on(inhibit(bus, &why));
            let told = match result {
                Ok(lock) => {
                    let mut slot = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    if !matches!(*slot, Slot::Released) {
                        *slot = Slot::Held { _lock: lock };
                    }
                    None
                }
                Err(error) => Some(error.to_string()),
            };
            let _ = sender.send(told);
        };
        let told = match std::thread::Builder::new().name("inhibit".into()).spawn(thread) {
            Ok(_) => answer.recv_timeout(PATIENCE).unwrap_or_else(|_| Some("no answer yet".into())),
            Err(error) => Some(error.to_string()),
        };
        (Inhibitor(slot), told)
    }
}

impl Drop for Inhibitor {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Slot::Released;
    }
}

async fn inhibit(bus: Builder<'static>, why: &str) -> zbus::Result<zbus::OwnedFd> {
    let connection = bus.method_timeout(TIMEOUT).build().await?;
    let reply = connection
        .call_method(
            Some("org.freedesktop.login1"),
            "/org/freedesktop/login1",
            Some("org.freedesktop.login1.Manager"),
            "Inhibit",
            &("shutdown:sleep:idle", "radera", why, "block"),
        )
        .await?;
    reply.body().deserialize()
}

#[cfg(test)]
mod tests {
    //! A private bus with a logind of the test's own.
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::cli::logind::{Bus, closes, is_open, logind};
    use std::time::Instant;

    #[test]
    fn the_lock_is_held_until_the_end_and_no_longer() {
        if !crate::skip::programs(&["dbus-daemon"]) {
            return;
        }
        let bus = Bus::start();
        let (mut reader, writer) = std::io::pipe().unwrap();
        let logind = logind(bus.address.clone(), Duration::ZERO, writer);
        let (inhibitor, problem) = Inhibitor::ask(Builder::address(bus.address.as_str()), "a test");
        assert_eq!(problem, None);
        assert_eq!(logind.join().unwrap(), ["shutdown:sleep:idle", "radera", "a test", "block"]);
        assert!(is_open(&mut reader), "held while it is there");
        drop(inhibitor);
        assert!(closes(&mut reader), "let go at the end");
    }

    #[test]
    fn a_slow_answer_does_not_delay_the_start_and_is_let_go_if_it_comes_too_late() {
        if !crate::skip::programs(&["dbus-daemon"]) {
            return;
        }
        let bus = Bus::start();
        let (mut reader, writer) = std::io::pipe().unwrap();
        let logind = logind(bus.address.clone(), Duration::from_millis(2500), writer);
        let begun = Instant::now();
        let (inhibitor, problem) = Inhibitor::ask(Builder::address(bus.address.as_str()), "a test");
        assert!(begun.elapsed() < Duration::from_secs(2));
        assert!(problem.is_some());
        drop(inhibitor);
        logind.join().unwrap();
        assert!(closes(&mut reader));
    }

    #[test]
    fn without_a_bus_the_work_goes_on_at_once() {
        let begun = Instant::now();
        let (_inhibitor, problem) = Inhibitor::ask(Builder::address("unix:path=/no/such/bus"), "a test");
        assert!(problem.is_some());
        assert!(begun.elapsed() < Duration::from_secs(1));
    }
}
