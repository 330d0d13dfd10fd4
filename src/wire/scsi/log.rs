//! LOG SENSE: temperature, predicted failure, wear, hours.

use super::{Command, Data};
use crate::wire::Malformed;
use crate::wire::bytes::{be16, be32, byte, length16};

const ANSWER: &str = "LOG SENSE data";
const BYTES: usize = 4 << 10;

/// Which log page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogSubject {
    /// 0Dh Temperature (SPC-5, Temperature log page).
    Temperature,
    /// 11h Solid State Media (SBC-4, Solid State Media log page).
    SolidState,
    /// 15h Background Scan (SBC-4, Background Scan log page).
    BackgroundScan,
    /// 16h ATA PASS-THROUGH Results (SAT-4, ATA PASS-THROUGH Results log page): the registers that fixed-format sense
    /// had no room for.
    AtaPassThrough,
    /// 2Fh Informational Exceptions (SPC-5, Informational Exceptions log page).
    InformationalExceptions,
}

impl LogSubject {
    /// PAGE CODE.
    pub fn code(self) -> u8 {
        match self {
            LogSubject::Temperature => 0x0D,
            LogSubject::SolidState => 0x11,
            LogSubject::BackgroundScan => 0x15,
            LogSubject::AtaPassThrough => 0x16,
            LogSubject::InformationalExceptions => 0x2F,
        }
    }
}

/// LOG SENSE, 4Dh (SPC-5, LOG SENSE command), for the cumulative values (PC = 01b).
pub fn log_sense(subject: LogSubject) -> Command {
    let [high, low] = length16(BYTES);
    Command::new("LOG SENSE", &[0x4D, 0, 0x40 | subject.code(), 0, 0, 0, 0, high, low, 0], Data::In(BYTES))
}

/// One parameter of a log page (SPC-5, Log parameters structure).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogParameter<'a> {
    /// PARAMETER CODE.
    pub code: u16,
    /// What follows the four bytes of its header.
    pub value: &'a [u8],
}

/// A log page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogPage<'a> {
    parameters: &'a [u8],
}

impl<'a> LogPage<'a> {
    /// Reads the header. Errors: it is short, or of another page.
    pub fn parse(data: &'a [u8], subject: LogSubject) -> Result<LogPage<'a>, Malformed> {
        let code = byte(data, 0).ok_or(Malformed::short(ANSWER))?;
        let length = usize::from(be16(data, 2).ok_or(Malformed::short(ANSWER))?);
        if code & 0x3F != subject.code() {
            return Err(Malformed::new(ANSWER, "another page than was asked for"));
        }
        let sent = data.get(4..).unwrap_or_default();
        Ok(LogPage { parameters: sent.get(..length).unwrap_or(sent) })
    }

    /// Its parameters, in the order sent; one that is cut off is left out.
    pub fn parameters(self) -> impl Iterator<Item = LogParameter<'a>> {
        let mut rest = self.parameters;
        std::iter::from_fn(move || {
            let (&[high, low, _, length], after) = rest.split_first_chunk()?;
            let (value, after) = after.split_at_checked(length.into())?;
            rest = after;
            Some(LogParameter { code: u16::from_be_bytes([high, low]), value })
        })
    }

    /// The value of the parameter `code`.
    pub fn value(self, code: u16) -> Option<&'a [u8]> {
        self.parameters().find(|parameter| parameter.code == code).map(|parameter| parameter.value)
    }
}

/// The temperature page, in degrees Celsius; FFh, 'not available', is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Temperature {
    /// TEMPERATURE, parameter 0000h.
    pub celsius: Option<u8>,
    /// REFERENCE TEMPERATURE, parameter 0001h: the highest for continuous operation.
    pub reference_celsius: Option<u8>,
}

impl Temperature {
    /// Reads page 0Dh.
    pub fn parse(data: &[u8]) -> Result<Temperature, Malformed> {
        let page = LogPage::parse(data, LogSubject::Temperature)?;
        let degrees = |code| page.value(code).and_then(|value| byte(value, 1)).filter(|celsius| *celsius != 0xFF);
        Ok(Temperature { celsius: degrees(0), reference_celsius: degrees(1) })
    }
}

/// The informational exceptions page, parameter 0000h.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InformationalExceptions {
    /// ASC and ASCQ of what is wrong; (0, 0) where nothing is. 5Dh: failure predicted.
    pub additional: (u8, u8),
    /// MOST RECENT TEMPERATURE READING, in degrees Celsius; FFh is `None`.
    pub celsius: Option<u8>,
}

impl InformationalExceptions {
    /// Reads page 2Fh.
    pub fn parse(data: &[u8]) -> Result<InformationalExceptions, Malformed> {
        let value = LogPage::parse(data, LogSubject::InformationalExceptions)?.value(0).unwrap_or_default();
        let additional = byte(value, 0).zip(byte(value, 1)).ok_or(Malformed::new(ANSWER, "no parameter 0000h"))?;
        Ok(InformationalExceptions { additional, celsius: byte(value, 2).filter(|celsius| *celsius != 0xFF) })
    }

    /// Whether the drive predicts that it will fail, or warns.
    pub fn predicts_failure(&self) -> bool {
        matches!(self.additional.0, 0x5D | 0x0B)
    }
}

/// The solid state media page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SolidState {
    /// PERCENTAGE USED ENDURANCE INDICATOR, parameter 0001h; may be above 100.
    pub percentage_used: u8,
}

impl SolidState {
    /// Reads page 11h.
    pub fn parse(data: &[u8]) -> Result<SolidState, Malformed> {
        let value = LogPage::parse(data, LogSubject::SolidState)?.value(1);
        let used = value.and_then(|value| byte(value, 3)).ok_or(Malformed::new(ANSWER, "no parameter 0001h"))?;
        Ok(SolidState { percentage_used: used })
    }
}

/// The background scan page, parameter 0000h.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BackgroundScan {
    /// ACCUMULATED POWER ON MINUTES.
    pub power_on_minutes: u32,
    /// BACKGROUND SCAN STATUS: 01h a scan runs.
    pub status: u8,
}

impl BackgroundScan {
    /// Reads page 15h.
    pub fn parse(data: &[u8]) -> Result<BackgroundScan, Malformed> {
        let value = LogPage::parse(data, LogSubject::BackgroundScan)?.value(0).unwrap_or_default();
        let found = be32(value, 0).zip(byte(value, 5)).ok_or(Malformed::new(ANSWER, "no parameter 0000h"))?;
        Ok(BackgroundScan { power_on_minutes: found.0, status: found.1 })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::cast_possible_truncation)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(code: u8, parameters: &[(u16, &[u8])]) -> Vec<u8> {
        let mut list = Vec::new();
        for (code, value) in parameters {
            list.extend(code.to_be_bytes());
            list.extend([0x03, value.len() as u8]);
            list.extend(*value);
        }
        [&[code, 0][..], &(list.len() as u16).to_be_bytes(), &list].concat()
    }

    #[test]
    fn pages_of_a_sas_drive() {
        assert_eq!(log_sense(LogSubject::InformationalExceptions).cdb(), [0x4d, 0, 0x6f, 0, 0, 0, 0, 0x10, 0, 0]);
        assert_eq!(log_sense(LogSubject::AtaPassThrough).cdb()[2], 0x56);
        let results = page(0x16, &[(0, &[9, 12]), (3, &[1])]);
        assert_eq!(LogPage::parse(&results, LogSubject::AtaPassThrough).unwrap().value(3), Some(&[1][..]));
        let temperature = page(0x0D, &[(0, &[0, 31]), (1, &[0, 0xFF])]);
        assert_eq!(Temperature::parse(&temperature), Ok(Temperature { celsius: Some(31), reference_celsius: None }));
        let exceptions = InformationalExceptions::parse(&page(0x2F, &[(0, &[0x5D, 0x10, 40])])).unwrap();
        assert!(exceptions.predicts_failure());
        assert_eq!((exceptions.additional, exceptions.celsius), ((0x5D, 0x10), Some(40)));
        let healthy = InformationalExceptions::parse(&page(0x2F, &[(0, &[0, 0x5D, 0xFF])])).unwrap();
        assert!(!healthy.predicts_failure() && healthy.celsius.is_none());
        let warning = InformationalExceptions::parse(&page(0x2F, &[(0, &[0x0B, 1])])).unwrap();
        assert!(warning.predicts_failure());
        let wear = page(0x11, &[(1, &[0, 0, 0, 7])]);
        assert_eq!(SolidState::parse(&wear), Ok(SolidState { percentage_used: 7 }));
        let scan = page(0x15, &[(0, &[0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])]);
        assert_eq!(BackgroundScan::parse(&scan), Ok(BackgroundScan { power_on_minutes: 65_536, status: 1 }));
    }

    #[test]
    fn other_pages_and_missing_parameters_are_refused() {
        let wear = page(0x11, &[(2, &[0, 0, 0, 7])]);
        assert!(SolidState::parse(&wear).is_err() && Temperature::parse(&wear).is_err());
        assert!(BackgroundScan::parse(&[0x15, 0, 0]).is_err());
        // What follows the page's own length is not read, nor needed.
        let mut long = page(0x11, &[(2, &[0; 4])]);
        long.extend([0, 1, 3, 4, 0, 0, 0, 7]);
        assert!(SolidState::parse(&long).is_err());
        long[3] = 16;
        assert_eq!(SolidState::parse(&long), Ok(SolidState { percentage_used: 7 }));
        // A parameter that runs past the page's end is not read.
        let mut cut = page(0x11, &[(1, &[0, 0, 0, 7])]);
        cut.pop();
        assert!(SolidState::parse(&cut).is_err());
    }

    proptest! {
        #[test]
        fn any_answer_is_read(
            mut data in prop::collection::vec(any::<u8>(), 0..80),
            code in prop::sample::select(vec![0x0du8, 0x11, 0x15, 0x2f]),
        ) {
            if data.len() > 8 { data[0] = code; data[2] = 0; data[7] %= 16; }
            let _ = (Temperature::parse(&data), InformationalExceptions::parse(&data));
            let _ = (SolidState::parse(&data), BackgroundScan::parse(&data));
        }
    }
}
