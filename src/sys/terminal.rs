//! The terminal's size.
#![allow(unsafe_code)]

use std::os::fd::{AsFd, AsRawFd};

/// Columns of the terminal behind `descriptor` (TIOCGWINSZ, ioctl_tty(2)); `None` where it is none or does not tell.
pub fn columns(descriptor: impl AsFd) -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the descriptor is borrowed for the call, and TIOCGWINSZ writes one `winsize`, which outlives it.
    let result = unsafe { libc::ioctl(descriptor.as_fd().as_raw_fd(), libc::TIOCGWINSZ, &raw mut size) };
    (result == 0 && size.ws_col > 0).then_some(usize::from(size.ws_col))
}
