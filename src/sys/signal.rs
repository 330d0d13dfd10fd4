//! The signals that ask to stop: blocked in every thread, received by one that waits for them (signal(7), sigwait(3)).
#![allow(unsafe_code)]

use std::io;

use nix::sys::signal::{SigSet, Signal};

/// The blocked signals; only [`block`] makes it.
#[derive(Debug, Clone)]
pub struct Blocked(SigSet);

/// Blocks SIGINT, SIGTERM and SIGHUP in the calling thread and in every thread that it starts from now on. SIGHUP is left
/// alone where it is ignored already, so that `nohup` keeps its meaning. Call it before any other thread starts.
pub fn block() -> io::Result<Blocked> {
    let mut set = SigSet::empty();
    set.add(Signal::SIGINT);
    set.add(Signal::SIGTERM);
    if !is_ignored(Signal::SIGHUP)? {
        set.add(Signal::SIGHUP);
    }
    set.thread_block()?;
    Ok(Blocked(set))
}

impl Blocked {
    /// Waits for one of the signals; its name.
    pub fn wait(&self) -> io::Result<&'static str> {
        Ok(self.0.wait()?.as_str())
    }
}

fn is_ignored(signal: Signal) -> io::Result<bool> {
    // SAFETY: `sigaction` is plain data for which all zeros is a valid value.
    let mut now: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: a null new action only asks (sigaction(2)); `now` outlives the call, which fills it in.
    if unsafe { libc::sigaction(signal as libc::c_int, std::ptr::null(), &raw mut now) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(now.sa_sigaction == libc::SIG_IGN)
}
