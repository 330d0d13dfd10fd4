//! Commands and answers as they stand in a record.

use crate::device::{NvmeAnswer, Reply, ScsiAnswer};
use crate::outcome::Exchange;
use crate::wire::scsi::Sense;
use crate::wire::{Data, hex, nvme, scsi};

/// Bytes of an answer's data that are kept: enough for every log and status page that a verdict stands on.
const KEPT: usize = 64;

/// An exchange with a SCSI device, or an ATA device behind a translation.
pub(super) fn of_scsi(command: &scsi::Command, reply: &Reply<ScsiAnswer>) -> Exchange {
    made(command.name(), hex(command.cdb()), reply, |answer| {
        let words = match (answer.status, Sense::parse(&answer.sense)) {
            (0, Err(_)) => "GOOD".to_string(),
            (status, Ok(sense)) => format!("status {status:02X}h, {sense}"),
            (status, Err(_)) => format!("status {status:02X}h, no sense data"),
        };
        let received = if answer.sense.is_empty() { &answer.data } else { &answer.sense };
        (words, received.clone())
    })
}

/// An exchange with an NVMe controller: opcode, namespace and dwords 10 to 15, little-endian.
pub(super) fn of_nvme(command: &nvme::Admin, reply: &Reply<NvmeAnswer>) -> Exchange {
    let mut sent = vec![command.opcode()];
    sent.extend(command.nsid().to_le_bytes());
    command.dwords().iter().for_each(|dword| sent.extend(dword.to_le_bytes()));
    made(command.name(), hex(&sent), reply, |answer| {
        let data = if matches!(command.data(), Data::In(_)) { answer.data.clone() } else { Vec::new() };
        (answer.status.to_string(), data)
    })
}

fn made<T>(command: &str, sent: String, reply: &Reply<T>, read: impl FnOnce(&T) -> (String, Vec<u8>)) -> Exchange {
    let (answer, received) = match reply {
        Reply::Answer(answer) => {
            let (words, bytes) = read(answer);
            (words, Some(hex(bytes.get(..KEPT).unwrap_or(&bytes))))
        }
        Reply::NotSent { detail } => (format!("not sent: {detail}"), None),
        Reply::Unknown { detail } => (format!("no answer: {detail}"), None),
    };
    Exchange { command: command.into(), sent, answer, received }
}
