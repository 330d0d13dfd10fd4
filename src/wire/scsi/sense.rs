//! Sense data: why a command ended as it did, and how far a long one is (SPC-5, Sense data).

use super::sense_names;
use crate::wire::Malformed;
use crate::wire::bytes::{array, be16, be32, be64, bit, byte};

/// SENSE KEY (SPC-5, Sense key).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SenseKey {
    /// 0h.
    NoSense,
    /// 1h: done, with an action of the drive's to recover.
    RecoveredError,
    /// 2h.
    NotReady,
    /// 3h.
    MediumError,
    /// 4h.
    HardwareError,
    /// 5h.
    IllegalRequest,
    /// 6h: among others, a reset.
    UnitAttention,
    /// 7h.
    DataProtect,
    /// 8h.
    BlankCheck,
    /// Bh.
    AbortedCommand,
    /// Dh.
    VolumeOverflow,
    /// Eh.
    Miscompare,
    /// Fh: COMPLETED.
    Completed,
    /// 9h, Ah and Ch: vendor specific, copy aborted, reserved.
    Other(u8),
}

impl SenseKey {
    fn of(key: u8) -> SenseKey {
        match key {
            0x0 => SenseKey::NoSense,
            0x1 => SenseKey::RecoveredError,
            0x2 => SenseKey::NotReady,
            0x3 => SenseKey::MediumError,
            0x4 => SenseKey::HardwareError,
            0x5 => SenseKey::IllegalRequest,
            0x6 => SenseKey::UnitAttention,
            0x7 => SenseKey::DataProtect,
            0x8 => SenseKey::BlankCheck,
            0xB => SenseKey::AbortedCommand,
            0xD => SenseKey::VolumeOverflow,
            0xE => SenseKey::Miscompare,
            0xF => SenseKey::Completed,
            other => SenseKey::Other(other),
        }
    }

    /// The name in the standard.
    pub fn name(self) -> &'static str {
        match self {
            SenseKey::NoSense => "NO SENSE",
            SenseKey::RecoveredError => "RECOVERED ERROR",
            SenseKey::NotReady => "NOT READY",
            SenseKey::MediumError => "MEDIUM ERROR",
            SenseKey::HardwareError => "HARDWARE ERROR",
            SenseKey::IllegalRequest => "ILLEGAL REQUEST",
            SenseKey::UnitAttention => "UNIT ATTENTION",
            SenseKey::DataProtect => "DATA PROTECT",
            SenseKey::BlankCheck => "BLANK CHECK",
            SenseKey::AbortedCommand => "ABORTED COMMAND",
            SenseKey::VolumeOverflow => "VOLUME OVERFLOW",
            SenseKey::Miscompare => "MISCOMPARE",
            SenseKey::Completed => "COMPLETED",
            SenseKey::Other(_) => "a key of no standard meaning",
        }
    }
}

/// In which form the sense came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SenseFormat {
    /// Response code 70h or 71h (SPC-5, Fixed format sense data).
    Fixed,
    /// Response code 72h or 73h (SPC-5, Descriptor format sense data).
    Descriptor,
}

/// Sense data, from a command that failed or from REQUEST SENSE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sense {
    /// In which form it came.
    pub format: SenseFormat,
    /// Response code 71h or 73h: about an earlier command, not this one.
    pub deferred: bool,
    /// SENSE KEY.
    pub key: SenseKey,
    /// ADDITIONAL SENSE CODE and its QUALIFIER; `None` where the sense is too short to carry them.
    pub additional: Option<(u8, u8)>,
    /// INFORMATION, where it is valid; for a medium error the first bad logical block.
    pub information: Option<u64>,
    /// PROGRESS INDICATION, in 65536ths (SPC-5, Progress indication sense key specific data).
    pub progress: Option<u16>,
}

const ANSWER: &str = "sense data";
/// SANITIZE IN PROGRESS (SPC-5 annex F).
const SANITIZE_IN_PROGRESS: (u8, u8) = (0x04, 0x1B);
/// SANITIZE COMMAND FAILED.
const SANITIZE_FAILED: (u8, u8) = (0x31, 0x03);
/// WRITE AFTER SANITIZE REQUIRED.
const WRITE_REQUIRED: (u8, u8) = (0x11, 0x15);

impl Sense {
    /// Reads sense data. Errors: it is empty or short, or its response code is not one of SPC's.
    pub fn parse(data: &[u8]) -> Result<Sense, Malformed> {
        let code = byte(data, 0).ok_or(Malformed::new(ANSWER, "there is none"))?;
        match code & 0x7F {
            0x70 | 0x71 => fixed(data),
            0x72 | 0x73 => descriptor(data),
            _ => Err(Malformed::new(ANSWER, "a response code that SPC does not have")),
        }
    }

    /// Whether ASC and ASCQ are these.
    pub fn is(&self, asc: u8, ascq: u8) -> bool {
        self.additional == Some((asc, ascq))
    }

    /// NOT READY, SANITIZE IN PROGRESS: a sanitize runs.
    pub fn sanitize_in_progress(&self) -> bool {
        self.additional == Some(SANITIZE_IN_PROGRESS)
    }

    /// MEDIUM ERROR, SANITIZE COMMAND FAILED: the last one failed, and the unit has not left that state.
    pub fn sanitize_failed(&self) -> bool {
        self.additional == Some(SANITIZE_FAILED)
    }

    /// MEDIUM ERROR, WRITE AFTER SANITIZE REQUIRED: the block is erased, and reads only after a write.
    pub fn write_required(&self) -> bool {
        self.key == SenseKey::MediumError && self.additional == Some(WRITE_REQUIRED)
    }

    /// A reset or power-on since the last command (29h, any qualifier).
    pub fn was_reset(&self) -> bool {
        self.key == SenseKey::UnitAttention && self.additional.is_some_and(|(asc, _)| asc == 0x29)
    }

    /// The name of ASC and ASCQ, where it is among those that matter here.
    pub fn additional_name(&self) -> Option<&'static str> {
        self.additional.and_then(|(asc, ascq)| sense_names::name(asc, ascq))
    }
}

impl std::fmt::Display for Sense {
    /// `NOT READY, 04h/1Bh (LOGICAL UNIT NOT READY, SANITIZE IN PROGRESS)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key.name())?;
        if let SenseKey::Other(key) = self.key {
            write!(f, " ({key:X}h)")?;
        }
        match self.additional {
            Some((asc, ascq)) => write!(f, ", {asc:02X}h/{ascq:02X}h")?,
            None => f.write_str(", no additional sense code")?,
        }
        self.additional_name().map_or(Ok(()), |name| write!(f, " ({name})"))
    }
}

fn fixed(data: &[u8]) -> Result<Sense, Malformed> {
    let [code, _, key] = array(data, 0).ok_or(Malformed::short(ANSWER))?;
    let key = SenseKey::of(key & 0x0F);
    let valid = bit(code, 7);
    Ok(Sense {
        format: SenseFormat::Fixed,
        deferred: code & 0x7F == 0x71,
        key,
        additional: byte(data, 12).zip(byte(data, 13)),
        information: be32(data, 3).filter(|_| valid).map(u64::from),
        progress: array(data, 15).and_then(|field| progress(key, field)),
    })
}

fn descriptor(data: &[u8]) -> Result<Sense, Malformed> {
    let [code, key, asc, ascq] = array(data, 0).ok_or(Malformed::short(ANSWER))?;
    let mut sense = Sense {
        format: SenseFormat::Descriptor,
        deferred: code & 0x7F == 0x73,
        key: SenseKey::of(key & 0x0F),
        additional: Some((asc, ascq)),
        information: None,
        progress: None,
    };
    for (kind, content) in descriptors(data) {
        match kind {
            // Information: VALID stands in the first byte after the length, the field from the third on.
            0x00 if content.first().is_some_and(|flags| bit(*flags, 7)) => sense.information = be64(content, 2),
            // Sense key specific.
            0x02 => sense.progress = array(content, 2).and_then(|field| progress(sense.key, field)),
            // Another progress indication, with a key and codes of its own.
            0x0A if sense.progress.is_none() => {
                let about = byte(content, 1).zip(byte(content, 2));
                sense.progress = be16(content, 4).filter(|_| about == sense.additional);
            }
            _ => {}
        }
    }
    Ok(sense)
}

/// The descriptors of descriptor-format sense: type, and what follows the length byte. The last may be cut short.
pub(in crate::wire) fn descriptors(data: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let length = byte(data, 7).map_or(0, usize::from);
    let sent = data.get(8..).unwrap_or_default();
    let mut rest = sent.get(..length).unwrap_or(sent);
    std::iter::from_fn(move || {
        let (&[kind, length], after) = rest.split_first_chunk()?;
        let (content, after) = after.split_at(usize::from(length).min(after.len()));
        rest = after;
        Some((kind, content))
    })
}

/// The sense key specific field: progress under the keys that have one, where SKSV is set.
fn progress(key: SenseKey, [flags, high, low]: [u8; 3]) -> Option<u16> {
    let has_one = matches!(key, SenseKey::NoSense | SenseKey::NotReady);
    (has_one && bit(flags, 7)).then(|| u16::from_be_bytes([high, low]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_running_sanitize_in_both_formats() {
        let fixed = [0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 0x1b, 0, 0x80, 0x40, 0];
        let descriptor = [0x72, 2, 4, 0x1b, 0, 0, 0, 8, 2, 6, 0, 0, 0x80, 0x40, 0, 0];
        for (data, format) in [(&fixed[..], SenseFormat::Fixed), (&descriptor, SenseFormat::Descriptor)] {
            let sense = Sense::parse(data).unwrap();
            assert!(sense.sanitize_in_progress() && !sense.sanitize_failed());
            assert_eq!((sense.progress, sense.format, sense.deferred), (Some(0x4000), format, false));
        }
        // Without SKSV there is no progress, whatever the bytes say.
        let mut silent = fixed;
        silent[15] = 0;
        assert_eq!(Sense::parse(&silent).unwrap().progress, None);
    }

    #[test]
    fn failures_and_resets() {
        let failed = Sense::parse(&[0x70, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x31, 3, 0, 0, 0, 0]).unwrap();
        assert!(failed.sanitize_failed());
        assert_eq!(failed.to_string(), "MEDIUM ERROR, 31h/03h (SANITIZE COMMAND FAILED)");
        let reset = Sense::parse(&[0x73, 6, 0x29, 0x02, 0, 0, 0, 0]).unwrap();
        assert!(reset.was_reset() && reset.deferred);
        let write = Sense::parse(&[0x72, 3, 0x11, 0x15, 0, 0, 0, 0]).unwrap();
        assert!(write.write_required());
        assert_eq!(
            Sense::parse(&[0x72, 9, 0x80, 0x01]).unwrap().to_string(),
            "a key of no standard meaning (9h), 80h/01h"
        );
    }

    #[test]
    fn information_is_taken_only_where_valid() {
        let mut fixed = [0x70, 0, 3, 0, 1, 0x86, 0xa0, 10, 0, 0, 0, 0, 0x11, 0, 0, 0, 0, 0];
        assert_eq!(Sense::parse(&fixed).unwrap().information, None);
        fixed[0] = 0xF0;
        assert_eq!(Sense::parse(&fixed).unwrap().information, Some(100_000));
        let mut long = [0x72, 3, 0x11, 0, 0, 0, 0, 12, 0, 10, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 5];
        assert_eq!(Sense::parse(&long).unwrap().information, Some(0x1_0000_0005));
        long[10] = 0;
        assert_eq!(Sense::parse(&long).unwrap().information, None);
    }

    #[test]
    fn another_progress_counts_only_for_its_own_cause() {
        let mut data = [0x72, 2, 4, 0x1b, 0, 0, 0, 8, 0x0a, 6, 2, 4, 0x1b, 0, 0x20, 0x00];
        assert_eq!(Sense::parse(&data).unwrap().progress, Some(0x2000));
        data[12] = 0x04;
        assert_eq!(Sense::parse(&data).unwrap().progress, None);
    }

    #[test]
    fn a_sense_that_is_cut_has_no_codes_rather_than_good_ones() {
        let sense = Sense::parse(&[0x70, 0, 0, 0, 0, 0, 0, 10]).unwrap();
        assert_eq!((sense.key, sense.additional), (SenseKey::NoSense, None));
        assert!(Sense::parse(&[]).is_err() && Sense::parse(&[0x70]).is_err() && Sense::parse(&[0; 18]).is_err());
    }

    #[test]
    fn every_key_has_its_number() {
        let names = [
            "NO SENSE",
            "RECOVERED ERROR",
            "NOT READY",
            "MEDIUM ERROR",
            "HARDWARE ERROR",
            "ILLEGAL REQUEST",
            "UNIT ATTENTION",
            "DATA PROTECT",
            "BLANK CHECK",
            "a key of no standard meaning",
            "a key of no standard meaning",
            "ABORTED COMMAND",
            "a key of no standard meaning",
            "VOLUME OVERFLOW",
            "MISCOMPARE",
            "COMPLETED",
        ];
        for (key, name) in (0u8..).zip(names) {
            let fixed = Sense::parse(&[0x71, 0, 0xF0 | key]).unwrap();
            let descriptor = Sense::parse(&[0x72, 0xF0 | key, 0, 0]).unwrap();
            assert_eq!((fixed.key.name(), descriptor.key.name()), (name, name));
            assert!(fixed.deferred && !descriptor.deferred);
        }
        assert!(!Sense::parse(&[0x70, 0, 0]).unwrap().deferred);
    }

    proptest! {
        #[test]
        fn any_sense_is_read(mut data in prop::collection::vec(any::<u8>(), 0..64), code in 0x6f..0x75u8) {
            if let Some(first) = data.first_mut() { *first = code; }
            if let Ok(sense) = Sense::parse(&data) {
                let _ = (sense.to_string(), sense.was_reset(), sense.write_required());
            }
            prop_assert!(descriptors(&data).count() <= data.len());
        }
    }
}
