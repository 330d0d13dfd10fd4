//! Sanitize, 84h, and log 81h, Sanitize Status (Base Specification 2.0, Sanitize command and Sanitize Status log page).

use super::{Admin, Data};
use crate::wire::Malformed;
use crate::wire::bytes::{bit, byte, le16, le32};

/// Sanitize.
const SANITIZE: u8 = 0x84;
/// SANACT, bits 2:0 of command dword 10.
const EXIT_FAILURE_MODE: u32 = 1;
const BLOCK_ERASE: u32 = 2;
const OVERWRITE: u32 = 3;
const CRYPTO_ERASE: u32 = 4;
const EXIT_MEDIA_VERIFICATION: u32 = 5;

/// What the subsystem is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SanitizeAction {
    /// 001b: leave an unrestricted failure. It makes a subsystem that was *not* sanitized look normal.
    ExitFailureMode,
    /// 010b.
    BlockErase,
    /// 011b.
    Overwrite {
        /// OVRPAT, command dword 11: the 32 bits that are written, repeated.
        pattern: u32,
        /// OWPASS, bits 7:4: 1 to 16; the field's 0 means 16.
        passes: u8,
        /// OIPBP, bit 8: each pass writes the complement of the one before.
        invert: bool,
    },
    /// 100b.
    CryptoErase,
    /// 101b: leave the Media Verification state (TP 4152).
    ExitMediaVerification,
}

/// Bits of command dword 10 that hold for every operation that starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SanitizeOptions {
    /// AUSE, bit 3: after a failure the subsystem may be used without another sanitize (unrestricted).
    pub unrestricted_exit: bool,
    /// NDAS, bit 9: do not deallocate afterwards.
    pub no_deallocate: bool,
    /// EMVS, bit 10: enter the Media Verification state after success (TP 4152).
    pub verify_media: bool,
}

/// Sanitize, with NSID 0: it concerns the whole subsystem, and some firmware rejects any other value. `None` for a
/// number of passes that the field does not have. The options are left out of the actions that start nothing.
pub fn sanitize(action: SanitizeAction, options: SanitizeOptions) -> Option<Admin> {
    let flags = u32::from(options.unrestricted_exit) << 3
        | u32::from(options.no_deallocate) << 9
        | u32::from(options.verify_media) << 10;
    let (name, cdw10, cdw11) = match action {
        SanitizeAction::ExitFailureMode => ("Sanitize (Exit Failure Mode)", EXIT_FAILURE_MODE, 0),
        SanitizeAction::BlockErase => ("Sanitize (Block Erase)", BLOCK_ERASE | flags, 0),
        SanitizeAction::Overwrite { pattern, passes, invert } => {
            if !(1..=16).contains(&passes) {
                return None;
            }
            let passes = u32::from(passes & 0x0F) << 4;
            ("Sanitize (Overwrite)", OVERWRITE | flags | passes | u32::from(invert) << 8, pattern)
        }
        SanitizeAction::CryptoErase => ("Sanitize (Crypto Erase)", CRYPTO_ERASE | flags, 0),
        SanitizeAction::ExitMediaVerification => ("Sanitize (Exit Media Verification)", EXIT_MEDIA_VERIFICATION, 0),
    };
    Some(Admin::new(name, SANITIZE, 0, [cdw10, cdw11, 0, 0, 0, 0], Data::None))
}

/// SSTAT bits 2:0, Sanitize Operation Status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SanitizeResult {
    /// 000b: never sanitized.
    Never,
    /// 001b: the last operation succeeded.
    Succeeded,
    /// 010b: one runs.
    InProgress,
    /// 011b: the last one failed.
    Failed,
    /// 100b: the last one succeeded, and deallocated although it was told not to.
    SucceededDeallocated,
    /// 101b to 111b.
    Reserved(u8),
}

/// SANS, bits 3:0 of SSI: where the state machine stands (TP 4152).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SanitizeMachine {
    /// 0h; also what controllers without this field say.
    Idle,
    /// 1h.
    RestrictedProcessing,
    /// 2h.
    RestrictedFailure,
    /// 3h.
    UnrestrictedProcessing,
    /// 4h.
    UnrestrictedFailure,
    /// 5h.
    MediaVerification,
    /// 6h.
    PostVerificationDeallocation,
    /// Reserved values.
    Reserved(u8),
}

/// Estimated times in seconds; `None` for FFFFFFFFh, 'no time period is reported'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SanitizeTimes {
    /// ETO, bytes 11:8.
    pub overwrite: Option<u32>,
    /// ETBE, bytes 15:12.
    pub block_erase: Option<u32>,
    /// ETCE, bytes 19:16.
    pub crypto_erase: Option<u32>,
    /// ETOND, bytes 23:20: with no-deallocate.
    pub overwrite_no_deallocate: Option<u32>,
    /// ETBEND, bytes 27:24.
    pub block_erase_no_deallocate: Option<u32>,
    /// ETCEND, bytes 31:28.
    pub crypto_erase_no_deallocate: Option<u32>,
}

/// Log 81h.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SanitizeLog {
    /// SPROG, bytes 1:0, in 65536ths; FFFFh wherever none runs, failed or not: it never says that one is done.
    pub progress: u16,
    /// SSTAT, bytes 3:2, as it came.
    pub sstat: u16,
    /// SSTAT bits 2:0.
    pub result: SanitizeResult,
    /// SSTAT bits 7:3: passes done, of an overwrite.
    pub passes_done: u8,
    /// SSTAT bit 8, Global Data Erased: nothing was written since the last success, or ever.
    pub global_data_erased: bool,
    /// SSTAT bit 9, MVCNCLD: media verification was canceled (TP 4152).
    pub verification_canceled: bool,
    /// SSTAT bit 11, PRGD: the operation purged as IEEE 2883 has it, having been required to (later than 2.0).
    pub purged: bool,
    /// SCDW10, bytes 7:4: command dword 10 of the command that started the operation.
    pub scdw10: u32,
    /// Estimates.
    pub times: SanitizeTimes,
    /// SANS of SSI, byte 36; `None` where the log was cut before it.
    pub machine: Option<SanitizeMachine>,
}

impl SanitizeLog {
    /// Reads the log, of which 32 bytes at least must be there.
    pub fn parse(data: &[u8]) -> Result<SanitizeLog, Malformed> {
        SanitizeLog::fields(data).ok_or(Malformed::short("Sanitize Status log"))
    }

    fn fields(data: &[u8]) -> Option<SanitizeLog> {
        let sstat = le16(data, 2)?;
        let [status, _] = sstat.to_le_bytes();
        let time = |at| le32(data, at).map(|seconds| Some(seconds).filter(|seconds| *seconds != u32::MAX));
        Some(SanitizeLog {
            progress: le16(data, 0)?,
            sstat,
            result: match status & 0x07 {
                0 => SanitizeResult::Never,
                1 => SanitizeResult::Succeeded,
                2 => SanitizeResult::InProgress,
                3 => SanitizeResult::Failed,
                4 => SanitizeResult::SucceededDeallocated,
                other => SanitizeResult::Reserved(other),
            },
            passes_done: status >> 3,
            global_data_erased: bit(sstat, 8),
            verification_canceled: bit(sstat, 9),
            purged: bit(sstat, 11),
            scdw10: le32(data, 4)?,
            times: SanitizeTimes {
                overwrite: time(8)?,
                block_erase: time(12)?,
                crypto_erase: time(16)?,
                overwrite_no_deallocate: time(20)?,
                block_erase_no_deallocate: time(24)?,
                crypto_erase_no_deallocate: time(28)?,
            },
            machine: byte(data, 36).map(|ssi| match ssi & 0x0F {
                0 => SanitizeMachine::Idle,
                1 => SanitizeMachine::RestrictedProcessing,
                2 => SanitizeMachine::RestrictedFailure,
                3 => SanitizeMachine::UnrestrictedProcessing,
                4 => SanitizeMachine::UnrestrictedFailure,
                5 => SanitizeMachine::MediaVerification,
                6 => SanitizeMachine::PostVerificationDeallocation,
                other => SanitizeMachine::Reserved(other),
            }),
        })
    }

    /// SPROG where one runs; `None` otherwise.
    pub fn running_progress(&self) -> Option<u16> {
        (self.result == SanitizeResult::InProgress).then_some(self.progress)
    }

    /// Whether the log is about the operation that `command` started: SCDW10 is its command dword 10. Two commands
    /// alike can't be told apart by it.
    pub fn is_of(&self, command: &Admin) -> bool {
        command.opcode() == SANITIZE && self.scdw10 == command.cdw10()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dwords_of_each_action() {
        let plain = SanitizeOptions::default();
        let all = SanitizeOptions { unrestricted_exit: true, no_deallocate: true, verify_media: true };
        let block = sanitize(SanitizeAction::BlockErase, plain).unwrap();
        assert_eq!((block.opcode(), block.nsid(), block.dwords()), (0x84, 0, [2, 0, 0, 0, 0, 0]));
        assert_eq!(sanitize(SanitizeAction::CryptoErase, all).unwrap().cdw10(), 0x60C);
        let overwrite = |passes, invert| {
            sanitize(SanitizeAction::Overwrite { pattern: 0xDEAD_BEEF, passes, invert }, plain).map(|c| c.dwords())
        };
        assert_eq!(overwrite(1, false).unwrap()[..2], [0x13, 0xDEAD_BEEF]);
        assert_eq!(overwrite(3, true).unwrap()[0], 0x133);
        assert_eq!(overwrite(16, false).unwrap()[0], 0x003);
        assert_eq!((overwrite(0, false), overwrite(17, false)), (None, None));
        assert_eq!(sanitize(SanitizeAction::ExitFailureMode, all).unwrap().dwords(), [1, 0, 0, 0, 0, 0]);
        assert_eq!(sanitize(SanitizeAction::ExitMediaVerification, all).unwrap().dwords(), [5, 0, 0, 0, 0, 0]);
        assert_eq!(sanitize(SanitizeAction::CryptoErase, plain).unwrap().dwords(), [4, 0, 0, 0, 0, 0]);
    }

    fn log(sprog: u16, sstat: u16, scdw10: u32) -> Vec<u8> {
        let mut data = vec![0u8; 512];
        data[..2].copy_from_slice(&sprog.to_le_bytes());
        data[2..4].copy_from_slice(&sstat.to_le_bytes());
        data[4..8].copy_from_slice(&scdw10.to_le_bytes());
        data[8..32].fill(0xFF);
        data[12..16].copy_from_slice(&300u32.to_le_bytes());
        data
    }

    #[test]
    fn six_estimates() {
        let mut data = log(0xFFFF, 1, 4);
        for (seconds, at) in (1u32..).zip((8..32).step_by(4)) {
            data[at..at + 4].copy_from_slice(&(seconds << 16 | seconds).to_le_bytes());
        }
        let t = SanitizeLog::parse(&data).unwrap().times;
        let found = [t.overwrite, t.block_erase, t.crypto_erase];
        assert_eq!(found, [Some(0x10001), Some(0x20002), Some(0x30003)]);
        let found = [t.overwrite_no_deallocate, t.block_erase_no_deallocate, t.crypto_erase_no_deallocate];
        assert_eq!(found, [Some(0x40004), Some(0x50005), Some(0x60006)]);
    }

    #[test]
    fn every_state_of_the_machine() {
        use SanitizeMachine::*;
        let states = [
            Idle,
            RestrictedProcessing,
            RestrictedFailure,
            UnrestrictedProcessing,
            UnrestrictedFailure,
            MediaVerification,
            PostVerificationDeallocation,
            Reserved(7),
        ];
        for (number, state) in (0u8..).zip(states) {
            let mut data = log(0xFFFF, 1, 4);
            data[36] = 0x30 | number;
            assert_eq!(SanitizeLog::parse(&data).unwrap().machine, Some(state));
        }
    }

    #[test]
    fn a_running_one() {
        let running = SanitizeLog::parse(&log(0x8000, 0x0102, 2)).unwrap();
        assert_eq!((running.result, running.running_progress()), (SanitizeResult::InProgress, Some(0x8000)));
        assert!(running.global_data_erased && !running.verification_canceled && !running.purged);
        assert_eq!((running.times.block_erase, running.times.overwrite), (Some(300), None));
        assert_eq!(running.times.crypto_erase_no_deallocate, None);
        let block = sanitize(SanitizeAction::BlockErase, SanitizeOptions::default()).unwrap();
        let crypto = sanitize(SanitizeAction::CryptoErase, SanitizeOptions::default()).unwrap();
        assert!(running.is_of(&block) && !running.is_of(&crypto));
    }

    #[test]
    fn full_progress_says_nothing_of_the_result() {
        let results = [
            (0, SanitizeResult::Never),
            (1, SanitizeResult::Succeeded),
            (3, SanitizeResult::Failed),
            (4, SanitizeResult::SucceededDeallocated),
            (6, SanitizeResult::Reserved(6)),
        ];
        for (sstat, result) in results {
            let ended = SanitizeLog::parse(&log(0xFFFF, sstat, 2)).unwrap();
            assert_eq!((ended.result, ended.running_progress()), (result, None));
        }
        let late = SanitizeLog::parse(&log(0xFFFF, 0x0B19, 3)).unwrap();
        assert_eq!((late.result, late.passes_done), (SanitizeResult::Succeeded, 3));
        assert!(late.global_data_erased && late.verification_canceled && late.purged);
    }

    #[test]
    fn the_state_machine_of_later_controllers() {
        let mut data = log(0xFFFF, 3, 2);
        data[36] = 0x12;
        assert_eq!(SanitizeLog::parse(&data).unwrap().machine, Some(SanitizeMachine::RestrictedFailure));
        data[36] = 5;
        assert_eq!(SanitizeLog::parse(&data).unwrap().machine, Some(SanitizeMachine::MediaVerification));
        assert_eq!(SanitizeLog::parse(&data[..32]).unwrap().machine, None);
        assert!(SanitizeLog::parse(&data[..31]).is_err());
    }

    proptest! {
        #[test]
        fn any_log_is_read(data in prop::collection::vec(any::<u8>(), 0..64)) {
            let parsed = SanitizeLog::parse(&data);
            prop_assert_eq!(parsed.is_ok(), data.len() >= 32);
            if let Ok(log) = parsed {
                prop_assert_eq!(log.running_progress().is_some(), log.sstat & 7 == 2);
            }
        }
    }
}
