//! SANITIZE DEVICE, B4h (ACS-4, SANITIZE DEVICE commands), and how it answers.

use super::command::Command;
use super::registers::Registers;
use crate::wire::bytes::bit;

/// COMMAND.
const SANITIZE_DEVICE: u8 = 0xB4;
/// FEATURE: which of the commands.
const STATUS_EXT: u16 = 0x0000;
const CRYPTO_SCRAMBLE_EXT: u16 = 0x0011;
const BLOCK_ERASE_EXT: u16 = 0x0012;
const OVERWRITE_EXT: u16 = 0x0014;
const FREEZE_LOCK_EXT: u16 = 0x0020;
const ANTIFREEZE_LOCK_EXT: u16 = 0x0040;
/// LBA (31:0): a key that no stray command carries. 'Cryp', 'BkEr', 'FrLk', 'Anti'.
const CRYPTO_KEY: u64 = 0x4372_7970;
const BLOCK_KEY: u64 = 0x426B_4572;
const FREEZE_KEY: u64 = 0x4672_4C6B;
const ANTIFREEZE_KEY: u64 = 0x416E_7469;
/// LBA (47:32) of OVERWRITE EXT: 'OW'. LBA (31:0) is the pattern.
const OVERWRITE_KEY: u64 = 0x4F57;
/// COUNT bits of the commands that start: FAILURE MODE, DEFINITIVE ENDING PATTERN, INVERT PATTERN BETWEEN OVERWRITE
/// PASSES.
const FAILURE_MODE: u16 = 1 << 4;
const DEFINITIVE_ENDING: u16 = 1 << 6;
const INVERT: u16 = 1 << 7;
/// COUNT bit 0 of SANITIZE STATUS EXT: CLEAR SANITIZE OPERATION FAILED.
const CLEAR_FAILED: u16 = 1;

/// What the drive is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SanitizeOperation {
    /// CRYPTO SCRAMBLE EXT.
    CryptoScramble,
    /// BLOCK ERASE EXT.
    BlockErase,
    /// OVERWRITE EXT.
    Overwrite {
        /// The 32 bits that are written, repeated.
        pattern: u32,
        /// OVERWRITE PASS COUNT, 1 to 16; the field's 0 means 16.
        passes: u8,
        /// Each pass writes the complement of the one before.
        invert: bool,
        /// DEFINITIVE ENDING PATTERN: with `invert`, the last pass writes the pattern itself, whatever the number of
        /// passes.
        definitive_ending: bool,
    },
}

/// Starts a sanitize. `unrestricted`: after a failure the drive may leave the failed state without another sanitize
/// (FAILURE MODE); without it, only a success does. `None` for a number of passes that the field does not have.
pub fn sanitize(operation: SanitizeOperation, unrestricted: bool) -> Option<Command> {
    let mode = if unrestricted { FAILURE_MODE } else { 0 };
    let command = |name, feature, lba| sanitize_device(name, feature).count(mode).lba(lba);
    match operation {
        SanitizeOperation::CryptoScramble => Some(command("CRYPTO SCRAMBLE EXT", CRYPTO_SCRAMBLE_EXT, CRYPTO_KEY)),
        SanitizeOperation::BlockErase => Some(command("BLOCK ERASE EXT", BLOCK_ERASE_EXT, BLOCK_KEY)),
        SanitizeOperation::Overwrite { pattern, passes, invert, definitive_ending } => {
            if !(1..=16).contains(&passes) {
                return None;
            }
            let count = mode
                | u16::from(passes & 0x0F)
                | if invert { INVERT } else { 0 }
                | if definitive_ending { DEFINITIVE_ENDING } else { 0 };
            let lba = OVERWRITE_KEY << 32 | u64::from(pattern);
            Some(command("OVERWRITE EXT", OVERWRITE_EXT, lba).count(count))
        }
    }
}

/// SANITIZE STATUS EXT. `clear_failed` makes the drive leave an unrestricted failure: a drive that was *not* sanitized
/// then looks normal.
pub fn sanitize_status(clear_failed: bool) -> Command {
    sanitize_device("SANITIZE STATUS EXT", STATUS_EXT).count(if clear_failed { CLEAR_FAILED } else { 0 })
}

/// SANITIZE FREEZE LOCK EXT: no sanitize until the next power cycle.
pub fn sanitize_freeze_lock() -> Command {
    sanitize_device("SANITIZE FREEZE LOCK EXT", FREEZE_LOCK_EXT).lba(FREEZE_KEY)
}

/// SANITIZE ANTIFREEZE LOCK EXT: no freeze lock until the next power cycle.
pub fn sanitize_antifreeze() -> Command {
    sanitize_device("SANITIZE ANTIFREEZE LOCK EXT", ANTIFREEZE_LOCK_EXT).lba(ANTIFREEZE_KEY)
}

fn sanitize_device(name: &'static str, feature: u16) -> Command {
    Command::non_data(name, SANITIZE_DEVICE, true).feature(feature).lba_mode()
}

/// What the drive says of sanitizing, after any of these commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SanitizeAnswer {
    /// The command was processed.
    State(SanitizeState),
    /// The command was aborted.
    Aborted(AbortReason),
}

/// COUNT (15:8) and LBA (15:0) of a command that was processed (ACS-4, SANITIZE STATUS EXT, normal outputs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SanitizeState {
    /// COUNT bit 15, SANITIZE OPERATION COMPLETED WITHOUT ERROR: the last one did. It outlives that operation, and does
    /// not say which one it was.
    pub completed_without_error: bool,
    /// COUNT bit 14, SANITIZE OPERATION IN PROGRESS.
    pub in_progress: bool,
    /// COUNT bit 13, DEVICE IN SANITIZE FROZEN STATE.
    pub frozen: bool,
    /// COUNT bit 12, SANITIZE ANTIFREEZE.
    pub antifreeze: bool,
    /// LBA (15:0), SANITIZE PROGRESS INDICATION, in 65536ths; `None` where none runs.
    pub progress: Option<u16>,
}

impl SanitizeState {
    /// Whether the last operation has ended without error: none runs, and the drive says so.
    pub fn succeeded(&self) -> bool {
        self.completed_without_error && !self.in_progress
    }
}

/// LBA (7:0) of a command that was aborted (ACS-4, SANITIZE DEVICE ERROR REASON).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AbortReason {
    /// 00h: no reason reported. After a status command it means that the operation failed.
    NotReported,
    /// 01h: the operation failed, and physical sectors were left that are not sanitized.
    SectorsRemain,
    /// 02h: an unsupported command, or a field that is not valid.
    Unsupported,
    /// 03h: the device is frozen.
    Frozen,
    /// 04h: freezing was ruled out by the antifreeze command.
    Antifreeze,
    /// A reason of no standard meaning, or one that did not come back.
    Other(Option<u8>),
}

impl AbortReason {
    /// Whether a *status* command that was aborted for this reason says that a sanitize has failed. An unknown reason
    /// does: no answer that is not understood may pass for a harmless one.
    pub fn means_failed(self) -> bool {
        !matches!(self, AbortReason::Unsupported | AbortReason::Frozen | AbortReason::Antifreeze)
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            AbortReason::NotReported => "no reason reported",
            AbortReason::SectorsRemain => "physical sectors remain that were not sanitized",
            AbortReason::Unsupported => "the command or one of its fields is not supported",
            AbortReason::Frozen => "the drive is in the sanitize frozen state",
            AbortReason::Antifreeze => "the antifreeze lock is set",
            AbortReason::Other(_) => "a reason that the standard does not have",
        }
    }
}

/// Why registers say nothing of sanitizing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unanswered {
    /// The upper byte of COUNT was lost on the way: the state stands there.
    #[error("the adapter or bridge lost COUNT (15:8), where the state of the sanitize operation stands")]
    CountLost,
    /// A device fault, or an error that is no abort.
    #[error("the drive reported an error other than an abort")]
    OtherError,
}

impl SanitizeAnswer {
    /// Reads the registers after a SANITIZE DEVICE command.
    pub fn read(registers: &Registers) -> Result<SanitizeAnswer, Unanswered> {
        if registers.is_aborted() {
            let [reason, ..] = registers.lba;
            return Ok(SanitizeAnswer::Aborted(match reason {
                Some(0) => AbortReason::NotReported,
                Some(1) => AbortReason::SectorsRemain,
                Some(2) => AbortReason::Unsupported,
                Some(3) => AbortReason::Frozen,
                Some(4) => AbortReason::Antifreeze,
                other => AbortReason::Other(other),
            }));
        }
        if registers.is_error() {
            return Err(Unanswered::OtherError);
        }
        let state = registers.count_high.ok_or(Unanswered::CountLost)?;
        let in_progress = bit(state, 6);
        Ok(SanitizeAnswer::State(SanitizeState {
            completed_without_error: bit(state, 7),
            in_progress,
            frozen: bit(state, 5),
            antifreeze: bit(state, 4),
            progress: registers.lba_low().filter(|_| in_progress),
        }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wire::ata::{Layout, pass_through_16};
    use proptest::prelude::*;

    fn cdb(command: &Command) -> Vec<u8> {
        pass_through_16(command, true).cdb().to_vec()
    }

    #[test]
    fn keys_and_features() {
        let crypto = sanitize(SanitizeOperation::CryptoScramble, false).unwrap();
        assert_eq!(cdb(&crypto), [0x85, 7, 0x20, 0, 0x11, 0, 0, 0x43, 0x70, 0, 0x79, 0, 0x72, 0x40, 0xb4, 0]);
        let block = sanitize(SanitizeOperation::BlockErase, true).unwrap();
        assert_eq!(cdb(&block), [0x85, 7, 0x20, 0, 0x12, 0, 0x10, 0x42, 0x72, 0, 0x45, 0, 0x6b, 0x40, 0xb4, 0]);
        assert_eq!(cdb(&sanitize_status(false)), [0x85, 7, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0xb4, 0]);
        assert_eq!(cdb(&sanitize_status(true))[6], 1);
        assert_eq!(cdb(&sanitize_freeze_lock())[3..13], [0, 0x20, 0, 0, 0x46, 0x6b, 0, 0x4c, 0, 0x72]);
        assert_eq!(cdb(&sanitize_antifreeze())[3..13], [0, 0x40, 0, 0, 0x41, 0x69, 0, 0x74, 0, 0x6e]);
    }

    #[test]
    fn an_overwrite_states_its_passes() {
        let overwrite = |passes, invert, definitive_ending| {
            let operation = SanitizeOperation::Overwrite { pattern: 0xDEAD_BEEF, passes, invert, definitive_ending };
            sanitize(operation, false).map(|command| cdb(&command))
        };
        let one = overwrite(1, false, false).unwrap();
        assert_eq!(one, [0x85, 7, 0x20, 0, 0x14, 0, 1, 0xde, 0xef, 0x57, 0xbe, 0x4f, 0xad, 0x40, 0xb4, 0]);
        assert_eq!(overwrite(16, true, true).unwrap()[6], 0xC0);
        let counts = [(false, false), (true, false), (false, true)].map(|(a, b)| overwrite(2, a, b).unwrap()[6]);
        assert_eq!(counts, [0x02, 0x82, 0x42]);
        assert_eq!((overwrite(0, false, false), overwrite(17, false, false)), (None, None));
    }

    fn registers(status: u8, error: u8, count_high: Option<u8>, lba: u64) -> Registers {
        let [lba0, lba1, lba2, lba3, lba4, lba5, ..] = lba.to_le_bytes();
        Registers {
            layout: Layout::Descriptor,
            error,
            status,
            device: 0x40,
            count_low: 0,
            count_high,
            lba: [lba0, lba1, lba2, lba3, lba4, lba5].map(Some),
            log_index: None,
        }
    }

    #[test]
    fn states() {
        let state = |count_high, lba| match SanitizeAnswer::read(&registers(0x50, 0, Some(count_high), lba)) {
            Ok(SanitizeAnswer::State(state)) => state,
            other => unreachable!("{other:?}"),
        };
        let running = state(0x40, 0x3333);
        assert_eq!((running.in_progress, running.progress, running.succeeded()), (true, Some(0x3333), false));
        let done = state(0x80, 0xFFFF);
        assert_eq!((done.succeeded(), done.progress), (true, None));
        let idle = state(0, 0xFFFF);
        assert!(!idle.succeeded() && !idle.in_progress && !idle.frozen);
        assert!(state(0x20, 0).frozen && state(0x10, 0).antifreeze);
        // An old success does not end what runs now.
        assert!(!state(0xC0, 0).succeeded());
    }

    #[test]
    fn failures_are_all_aborts() {
        let aborted = |lba| SanitizeAnswer::read(&registers(0x51, 4, Some(0), lba));
        let reasons = [
            (0, AbortReason::NotReported, true),
            (1, AbortReason::SectorsRemain, true),
            (2, AbortReason::Unsupported, false),
            (3, AbortReason::Frozen, false),
            (4, AbortReason::Antifreeze, false),
            (5, AbortReason::Other(Some(5)), true),
        ];
        for (lba, reason, failed) in reasons {
            assert_eq!(aborted(lba), Ok(SanitizeAnswer::Aborted(reason)));
            assert_eq!(reason.means_failed(), failed, "{}", reason.name());
        }
        assert!(AbortReason::Other(None).means_failed());
    }

    #[test]
    fn a_lost_count_is_not_idle() {
        assert_eq!(SanitizeAnswer::read(&registers(0x50, 0, None, 0)), Err(Unanswered::CountLost));
        assert_eq!(SanitizeAnswer::read(&registers(0x71, 0, Some(0x80), 0)), Err(Unanswered::OtherError));
        assert_eq!(SanitizeAnswer::read(&registers(0x60, 0, Some(0x80), 0)), Err(Unanswered::OtherError));
    }

    proptest! {
        #[test]
        fn success_needs_its_bit_and_no_error(
            status in any::<u8>(),
            error in any::<u8>(),
            count: Option<u8>,
            lba in any::<u64>(),
        ) {
            if let Ok(SanitizeAnswer::State(state)) = SanitizeAnswer::read(&registers(status, error, count, lba)) {
                prop_assert_eq!(state.succeeded(), count.unwrap() & 0xC0 == 0x80);
                prop_assert!(status & 0x21 == 0);
            }
        }
    }
}
