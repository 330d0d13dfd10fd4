//! What the answer to the command that starts an erase says: that it began, that it did not, or neither. That nothing was begun is said
//! only where the standard says so; of any other error the drive's state must tell.

use super::drive::Start;
use crate::device::{NvmeAnswer, Reply, ScsiAnswer};
use crate::wire::ata::{AbortReason, Registers, SanitizeAnswer};
use crate::wire::nvme::Status;
use crate::wire::scsi::{Sense, SenseKey};

/// SAM-6, Status codes: BUSY, RESERVATION CONFLICT and TASK SET FULL end a command that was not taken on.
const NOT_TAKEN_ON: &[(u8, &str)] = &[(0x08, "BUSY"), (0x18, "RESERVATION CONFLICT"), (0x28, "TASK SET FULL")];

fn not_taken_on(status: u8) -> Option<Start> {
    let (code, name) = NOT_TAKEN_ON.iter().find(|(code, _)| *code == status)?;
    Some(Start::Rejected { detail: format!("status {code:02X}h, {name}") })
}

/// The same for what is no answer.
fn unanswered<T>(reply: Reply<T>, read: impl FnOnce(T) -> Start) -> Start {
    match reply {
        Reply::Answer(answer) => read(answer),
        Reply::NotSent { detail } => Start::NotSent { detail },
        Reply::Unknown { detail } => Start::Unknown { detail },
    }
}

/// Of SANITIZE (SPC-5, Sense key; SBC-4, Sanitize operations).
pub(super) fn of_scsi(reply: Reply<ScsiAnswer>) -> Start {
    unanswered(reply, |answer| match answer.status {
        0x00 => Start::Accepted,
        0x02 => Sense::parse(&answer.sense).map_or_else(
            |error| Start::Unclear { detail: format!("status 02h, CHECK CONDITION: {error}") },
            |sense| of_sense(&sense),
        ),
        status => not_taken_on(status).unwrap_or_else(|| Start::Unclear { detail: format!("status {status:02X}h") }),
    })
}

fn of_sense(sense: &Sense) -> Start {
    use SenseKey::{DataProtect, IllegalRequest, NotReady, RecoveredError, UnitAttention};
    let detail = sense.to_string();
    match sense.key {
        // It is about an earlier command.
        _ if sense.deferred => Start::Unclear { detail },
        // Done, with an action of the unit's to recover.
        RecoveredError => Start::Accepted,
        // The unit can't be reached as it stands, an argument is wrong, the medium is protected; with a unit attention the command is not
        // processed (SAM-6, Unit attention conditions).
        NotReady | IllegalRequest | DataProtect | UnitAttention => Start::Rejected { detail },
        _ => Start::Unclear { detail },
    }
}

/// Of SANITIZE DEVICE (ACS-4, SANITIZE DEVICE ERROR REASON): with the reasons 02h to 04h no operation is begun. ABRT alone does not say so:
/// it is also set where some other error came in between.
pub(super) fn of_ata(reply: Reply<ScsiAnswer>) -> Start {
    unanswered(reply, |answer| {
        if let Some(start) = not_taken_on(answer.status) {
            return start;
        }
        let registers = Registers::parse(&answer.sense).map_err(|error| error.to_string());
        let found = registers.and_then(|registers| SanitizeAnswer::read(&registers).map_err(|error| error.to_string()));
        match found {
            Ok(SanitizeAnswer::State(_)) => Start::Accepted,
            Ok(SanitizeAnswer::Aborted(AbortReason::Frozen)) => Start::Frozen,
            Ok(SanitizeAnswer::Aborted(reason @ (AbortReason::Unsupported | AbortReason::Antifreeze))) => {
                Start::Rejected { detail: format!("aborted: {}", reason.name()) }
            }
            Ok(SanitizeAnswer::Aborted(reason)) => Start::Unclear { detail: format!("aborted: {}", reason.name()) },
            Err(detail) => match Sense::parse(&answer.sense) {
                Ok(sense) if sense.key == SenseKey::UnitAttention => Start::Rejected { detail: sense.to_string() },
                _ => Start::Unclear { detail },
            },
        }
    })
}

/// Of Sanitize (NVM Express Base Specification 2.0, Status Code).
pub(super) fn of_nvme(reply: Reply<NvmeAnswer>) -> Start {
    unanswered(reply, |answer| match answer.status {
        status if status.is_success() => Start::Accepted,
        status if changed_nothing(status) => Start::Rejected { detail: status.to_string() },
        status => Start::Unclear { detail: status.to_string() },
    })
}

/// Statuses with which a controller refuses a command for what it is, or for how the controller or the namespace stands, before it begins
/// (Base Specification 2.0, Status Code; Format NVM and Sanitize, Command Completion, for those of type 1h). Not among them: Internal Error,
/// Command Abort Requested, Command Interrupted, Namespace Not Ready and the like, which can come in the middle.
pub(super) fn changed_nothing(status: Status) -> bool {
    const REFUSALS: &[u16] = &[
        0x001, // Invalid Command Opcode
        0x002, // Invalid Field in Command
        0x00B, // Invalid Namespace or Format
        0x00C, // Command Sequence Error
        0x015, // Operation Denied
        0x01C, // Sanitize Failed
        0x01D, // Sanitize In Progress
        0x020, // Namespace is Write Protected
        0x023, // Command Prohibited by Command and Feature Lockdown
        0x083, // Reservation Conflict
        0x084, // Format In Progress
        0x10A, // Invalid Format
        0x10B, // Firmware Activation Requires Conventional Reset
        0x110, // Firmware Activation Requires NVM Subsystem Reset
        0x11D, // Device Self-test In Progress
        0x123, // Sanitize Prohibited While Persistent Memory Region is Enabled
    ];
    REFUSALS.iter().any(|refusal| status.is(Status::new(*refusal)))
}

/// Statuses by which the command was taken off the road, by the host, its kernel or a lost path, not ended by the controller: what was begun
/// may go on (Base Specification 2.0, Status Code; type 3h is Path Related).
pub(super) fn taken_away(status: Status) -> bool {
    const TAKEN: &[u16] = &[
        0x005, // Commands Aborted due to Power Loss Notification
        0x007, // Command Abort Requested
        0x008, // Command Aborted due to SQ Deletion
        0x022, // Transient Transport Error
    ];
    status.code_type() == 3 || TAKEN.iter().any(|taken| status.is(Status::new(*taken)))
}
