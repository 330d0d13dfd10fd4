//! SCSI commands through the kernel's generic interface (SG_IO, version 3: `scsi/sg.h`), which libata translates for ATA drives too.
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::time::Duration;

/// Bytes of sense data asked for: the longest that SPC-5 §4.5.1 allows.
const SENSE_BYTES: usize = 252;

/// `SG_IO`.
const SG_IO: libc::Ioctl = 0x2285;
/// Host bytes that say that the command never reached a device (`scsi/scsi_status.h`): no connection, bad target, requeued.
const NEVER_SENT: [u16; 3] = [0x01, 0x04, 0x0d];

/// What is transferred, seen from the host.
#[derive(Debug)]
pub enum Data<'a> {
    /// Nothing.
    None,
    /// The device answers into the buffer.
    In(&'a mut [u8]),
    /// The device takes the buffer.
    Out(&'a [u8]),
}

/// How a command came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// SCSI status byte (SAM-5 §5.3.1): 00h GOOD, 02h CHECK CONDITION …
    pub status: u8,
    /// Sense data, as the device or the kernel's translation wrote it.
    pub sense: Vec<u8>,
    /// Bytes of the data transfer that did take place.
    pub transferred: usize,
    /// `host_status`: other than 0, the host adapter gave up, and the device may or may not have carried the command out.
    pub host_status: u16,
    /// `driver_status`, without its suggestion bits and without 08h, which only says that there is sense data.
    pub driver_status: u16,
}

impl Completion {
    /// Whether the device itself answered, so that status and sense are its word.
    pub fn is_an_answer(&self) -> bool {
        self.host_status == 0 && self.driver_status == 0
    }

    /// Whether the command surely never reached the device.
    pub fn was_never_sent(&self) -> bool {
        NEVER_SENT.contains(&self.host_status)
    }
}

/// `struct sg_io_hdr` (`scsi/sg.h`).
#[repr(C)]
struct Header {
    interface_id: libc::c_int,
    direction: libc::c_int,
    cdb_bytes: u8,
    sense_room: u8,
    iovec_count: u16,
    data_bytes: u32,
    data: *mut libc::c_void,
    cdb: *const u8,
    sense: *mut u8,
    timeout_milliseconds: u32,
    flags: u32,
    pack_id: libc::c_int,
    user: *mut libc::c_void,
    status: u8,
    masked_status: u8,
    message_status: u8,
    sense_bytes: u8,
    host_status: u16,
    driver_status: u16,
    residual: libc::c_int,
    duration_milliseconds: u32,
    info: u32,
}

/// Sends `cdb` (at most 16 bytes here, as the kernel's block devices take) to the device that `file` is, and waits for the answer.
///
/// This blocks until the device answers or `timeout` is over; not even SIGKILL ends it sooner. When the time is over, the kernel resets
/// the device: a command that takes long must be sent in a form that answers at once.
///
/// # Errors
/// The kernel did not take the command (EPERM without CAP_SYS_RAWIO, ENOTTY or EINVAL where the device takes no SCSI commands, ENODEV
/// when it is gone): it was not sent. EINTR, EIO and others: it may have been.
pub fn execute(file: &File, cdb: &[u8], data: Data<'_>, timeout: Duration) -> io::Result<Completion> {
    const FROM_DEVICE: libc::c_int = -3;
    const TO_DEVICE: libc::c_int = -2;
    const NO_DATA: libc::c_int = -1;
    let invalid = || io::Error::from(io::ErrorKind::InvalidInput);
    if cdb.is_empty() || cdb.len() > 16 {
        return Err(invalid());
    }
    let (direction, pointer, bytes) = match data {
        Data::None => (NO_DATA, std::ptr::null_mut(), 0),
        Data::In(buffer) => (FROM_DEVICE, buffer.as_mut_ptr().cast(), buffer.len()),
        // The kernel only reads from it (SG_DXFER_TO_DEV).
        Data::Out(buffer) => (TO_DEVICE, buffer.as_ptr().cast_mut().cast(), buffer.len()),
    };
    let mut sense = [0_u8; SENSE_BYTES];
    let mut header = Header {
        interface_id: libc::c_int::from(b'S'),
        direction,
        cdb_bytes: u8::try_from(cdb.len()).map_err(|_| invalid())?,
        sense_room: u8::try_from(SENSE_BYTES).map_err(|_| invalid())?,
        iovec_count: 0,
        data_bytes: u32::try_from(bytes).map_err(|_| invalid())?,
        data: pointer,
        cdb: cdb.as_ptr(),
        sense: sense.as_mut_ptr(),
        timeout_milliseconds: u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX),
        flags: 0,
        pack_id: 0,
        user: std::ptr::null_mut(),
        status: 0,
        masked_status: 0,
        message_status: 0,
        sense_bytes: 0,
        host_status: 0,
        driver_status: 0,
        residual: 0,
        duration_milliseconds: 0,
        info: 0,
    };
    // SAFETY: the header has the layout of the kernel's, and what it points to (command, data, sense) lives until the call returns,
    // with the lengths that it says; the kernel writes to `data` only in the direction from the device, and then it is a mutable
    // buffer. The descriptor is open for the call.
    if unsafe { libc::ioctl(file.as_raw_fd(), SG_IO, &raw mut header) } < 0 {
        return Err(io::Error::last_os_error());
    }
    let residual = usize::try_from(header.residual).unwrap_or(0);
    let sense_bytes = usize::from(header.sense_bytes).min(SENSE_BYTES);
    Ok(Completion {
        status: header.status,
        sense: sense.get(..sense_bytes).unwrap_or_default().to_vec(),
        transferred: bytes.saturating_sub(residual),
        host_status: header.host_status,
        driver_status: header.driver_status & 0x07,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_laid_out_as_the_kernels() {
        // `struct sg_io_hdr` of a 64-bit kernel.
        assert_eq!(size_of::<Header>(), 88);
        assert_eq!(std::mem::offset_of!(Header, data), 16);
        assert_eq!(std::mem::offset_of!(Header, timeout_milliseconds), 40);
        assert_eq!(std::mem::offset_of!(Header, status), 64);
        assert_eq!(std::mem::offset_of!(Header, residual), 72);
    }

    #[test]
    fn what_takes_no_scsi_commands_says_so() {
        let file = tempfile::tempfile().unwrap();
        let error = execute(&file, &[0; 6], Data::None, Duration::from_secs(1)).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENOTTY));
        for cdb in [&[][..], &[0; 17]] {
            let error = execute(&file, cdb, Data::None, Duration::from_secs(1)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        }
    }
}
