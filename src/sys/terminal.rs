//! The terminal: its size, and silence while a PIN is typed.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsFd, AsRawFd};

use nix::sys::termios::{LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr};

/// Columns of the terminal behind `descriptor` (TIOCGWINSZ, ioctl_tty(2)); `None` where it is none or does not tell.
pub fn columns(descriptor: impl AsFd) -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the descriptor is borrowed for the call, and TIOCGWINSZ writes one `winsize`, which outlives it.
    let result = unsafe { libc::ioctl(descriptor.as_fd().as_raw_fd(), libc::TIOCGWINSZ, &raw mut size) };
    (result == 0 && size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// What Ctrl-C types on a terminal under [`Silence`]; it ends the line.
pub const CANCEL: u8 = 0x03;

/// A terminal that does not show what is typed, as long as this lives (termios(3), ECHO). Ctrl-C is typed like any other letter, and ends the
/// line: a process that it ends would leave the terminal silent.
pub struct Silence<F: AsFd> {
    descriptor: F,
    before: Termios,
}

impl<F: AsFd> Silence<F> {
    /// Silences the terminal behind `descriptor`. What was typed before is thrown away.
    ///
    /// # Errors
    /// ENOTTY where it is none; whatever else the kernel answers.
    pub fn on(descriptor: F) -> io::Result<Self> {
        let before = tcgetattr(&descriptor)?;
        let mut silent = before.clone();
        silent.local_flags.remove(LocalFlags::ECHO | LocalFlags::ISIG);
        silent.control_chars[SpecialCharacterIndices::VEOL as usize] = CANCEL;
        tcsetattr(&descriptor, SetArg::TCSAFLUSH, &silent)?;
        Ok(Silence { descriptor, before })
    }
}

impl<F: AsFd> Drop for Silence<F> {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.descriptor, SetArg::TCSAFLUSH, &self.before);
    }
}
