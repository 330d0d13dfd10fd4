//! NVMe admin commands through the kernel (`linux/nvme_ioctl.h`).
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::time::Duration;

use super::scsi::Data;

/// An admin command, without what the kernel fills in (identifier, data pointers).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Command {
    /// Opcode (NVM Express Base Specification 2.0, Figure 138).
    pub opcode: u8,
    /// Namespace identifier.
    pub nsid: u32,
    /// Command Dwords 10 to 15.
    pub dwords: [u32; 6],
}

/// How a command came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completion {
    /// Dword 0 of the completion queue entry.
    pub dword0: u32,
    /// Status field without its phase bit: bits 7:0 Status Code, 10:8 Status Code Type, 13 More, 14 Do Not Retry.
    pub status: u16,
}

/// `struct nvme_passthru_cmd` (`linux/nvme_ioctl.h`).
#[repr(C)]
#[derive(Default)]
struct PassthruCommand {
    opcode: u8,
    flags: u8,
    reserved: u16,
    nsid: u32,
    dword2: u32,
    dword3: u32,
    metadata: u64,
    address: u64,
    metadata_bytes: u32,
    data_bytes: u32,
    dwords: [u32; 6],
    timeout_milliseconds: u32,
    result: u32,
}

mod raw {
    // NVME_IOCTL_ADMIN_CMD
    nix::ioctl_readwrite!(admin_cmd, b'N', 0x41, super::PassthruCommand);
}

/// Sends an admin command to the controller that `file` belongs to (its own node, or that of one of its namespaces), and waits for the
/// answer.
///
/// This blocks until the controller answers or `timeout` is over, and then the kernel resets the controller.
///
/// # Errors
/// The kernel did not take the command (EACCES or EPERM without CAP_SYS_ADMIN, ENOTTY where it is no NVMe device, ENODEV, EAGAIN while
/// it is reconnecting): it was not sent. EINTR, EIO and others: it may have been.
pub fn admin(file: &File, command: &Command, data: Data<'_>, timeout: Duration) -> io::Result<Completion> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidInput);
    // Opcode bits 1:0 (Figure 138): 01b to the controller, 10b from it.
    let (direction, pointer, bytes): (u8, *const u8, usize) = match data {
        Data::None => (0, std::ptr::null(), 0),
        Data::Out(buffer) => (1, buffer.as_ptr(), buffer.len()),
        Data::In(buffer) => (2, buffer.as_mut_ptr().cast_const(), buffer.len()),
    };
    if bytes > 0 && command.opcode & 3 != direction {
        return Err(invalid());
    }
    let mut passthru = PassthruCommand {
        opcode: command.opcode,
        nsid: command.nsid,
        address: pointer as u64,
        data_bytes: u32::try_from(bytes).map_err(|_| invalid())?,
        dwords: command.dwords,
        timeout_milliseconds: u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX),
        ..PassthruCommand::default()
    };
    // SAFETY: the structure has the layout of the kernel's; `address` is a buffer of `data_bytes` bytes that lives until the call
    // returns. Whether the kernel reads or writes it follows from the opcode's two lowest bits, which fit the buffer (checked above):
    // it writes only to a mutable one. The descriptor is open for the call.
    let status = unsafe { raw::admin_cmd(file.as_raw_fd(), &raw mut passthru) }?;
    Ok(Completion { dword0: passthru.result, status: u16::try_from(status).unwrap_or(u16::MAX) & 0x7fff })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_laid_out_as_the_kernels() {
        assert_eq!(size_of::<PassthruCommand>(), 72);
        assert_eq!(std::mem::offset_of!(PassthruCommand, address), 24);
        assert_eq!(std::mem::offset_of!(PassthruCommand, dwords), 40);
        assert_eq!(std::mem::offset_of!(PassthruCommand, result), 68);
    }

    #[test]
    fn a_buffer_that_does_not_fit_the_opcode_is_refused_and_a_file_takes_no_commands() {
        let file = tempfile::tempfile().unwrap();
        let identify = Command { opcode: 0x06, ..Command::default() };
        let second = Duration::from_secs(1);
        assert_eq!(
            admin(&file, &identify, Data::Out(&[0; 8]), second).unwrap_err().kind(),
            io::ErrorKind::InvalidInput
        );
        let error = admin(&file, &identify, Data::In(&mut [0; 8]), second).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENOTTY));
    }
}
