//! Names of additional sense codes (SPC-5 annex F, the list of T10), those that matter to a sanitization.

/// ASC, ASCQ, name.
const NAMES: &[(u8, u8, &str)] = &[
    (0x00, 0x00, "NO ADDITIONAL SENSE INFORMATION"),
    (0x00, 0x1D, "ATA PASS-THROUGH INFORMATION AVAILABLE"),
    (0x00, 0x16, "OPERATION IN PROGRESS"),
    (0x04, 0x00, "LOGICAL UNIT NOT READY, CAUSE NOT REPORTABLE"),
    (0x04, 0x01, "LOGICAL UNIT IS IN PROCESS OF BECOMING READY"),
    (0x04, 0x02, "LOGICAL UNIT NOT READY, INITIALIZING COMMAND REQUIRED"),
    (0x04, 0x04, "LOGICAL UNIT NOT READY, FORMAT IN PROGRESS"),
    (0x04, 0x07, "LOGICAL UNIT NOT READY, OPERATION IN PROGRESS"),
    (0x04, 0x1B, "LOGICAL UNIT NOT READY, SANITIZE IN PROGRESS"),
    (0x04, 0x24, "DEPOPULATION IN PROGRESS"),
    (0x04, 0x25, "DEPOPULATION RESTORATION IN PROGRESS"),
    (0x0B, 0x01, "WARNING - SPECIFIED TEMPERATURE EXCEEDED"),
    (0x0C, 0x00, "WRITE ERROR"),
    (0x11, 0x00, "UNRECOVERED READ ERROR"),
    (0x11, 0x15, "WRITE AFTER SANITIZE REQUIRED"),
    (0x20, 0x00, "INVALID COMMAND OPERATION CODE"),
    (0x20, 0x02, "ACCESS DENIED - NO ACCESS RIGHTS"),
    (0x21, 0x00, "LOGICAL BLOCK ADDRESS OUT OF RANGE"),
    (0x21, 0x04, "UNALIGNED WRITE COMMAND"),
    (0x24, 0x00, "INVALID FIELD IN CDB"),
    (0x25, 0x00, "LOGICAL UNIT NOT SUPPORTED"),
    (0x26, 0x00, "INVALID FIELD IN PARAMETER LIST"),
    (0x27, 0x00, "WRITE PROTECTED"),
    (0x29, 0x00, "POWER ON, RESET, OR BUS DEVICE RESET OCCURRED"),
    (0x29, 0x01, "POWER ON OCCURRED"),
    (0x29, 0x02, "SCSI BUS RESET OCCURRED"),
    (0x29, 0x03, "BUS DEVICE RESET FUNCTION OCCURRED"),
    (0x29, 0x04, "DEVICE INTERNAL RESET"),
    (0x29, 0x07, "I_T NEXUS LOSS OCCURRED"),
    (0x2A, 0x09, "CAPACITY DATA HAS CHANGED"),
    (0x2C, 0x00, "COMMAND SEQUENCE ERROR"),
    (0x31, 0x00, "MEDIUM FORMAT CORRUPTED"),
    (0x31, 0x01, "FORMAT COMMAND FAILED"),
    (0x31, 0x03, "SANITIZE COMMAND FAILED"),
    (0x3A, 0x00, "MEDIUM NOT PRESENT"),
    (0x44, 0x00, "INTERNAL TARGET FAILURE"),
    (0x5D, 0x00, "FAILURE PREDICTION THRESHOLD EXCEEDED"),
    (0x74, 0x71, "LOGICAL UNIT ACCESS NOT AUTHORIZED"),
];

/// The name of a code, where it is among those that matter here.
pub(super) fn name(asc: u8, ascq: u8) -> Option<&'static str> {
    NAMES.iter().find(|(a, q, _)| (*a, *q) == (asc, ascq)).map(|(_, _, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_has_two_names() {
        for (at, (asc, ascq, text)) in NAMES.iter().enumerate() {
            assert!(!NAMES[..at].iter().any(|(a, q, t)| (a, q) == (asc, ascq) || t == text), "{text}");
            assert_eq!(name(*asc, *ascq), Some(*text));
        }
        assert_eq!(name(0xff, 0xff), None);
    }
}
