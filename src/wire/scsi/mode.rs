//! MODE SENSE (10): write protection and the write cache.

use super::{Command, Data};
use crate::wire::Malformed;
use crate::wire::bytes::{be16, bit, byte};

/// Which mode page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModeSubject {
    /// 08h Caching (SBC-4, Caching mode page).
    Caching,
    /// 0Ah Control (SPC-5, Control mode page).
    Control,
}

impl ModeSubject {
    fn code(self) -> u8 {
        match self {
            ModeSubject::Caching => 0x08,
            ModeSubject::Control => 0x0A,
        }
    }
}

/// MODE SENSE (10), 5Ah (SPC-5, MODE SENSE (10) command): the current values, without block descriptors.
pub fn mode_sense_10(subject: ModeSubject) -> Command {
    Command::new("MODE SENSE (10)", &[0x5A, 0x08, subject.code(), 0, 0, 0, 0, 0, 252, 0], Data::In(252))
}

/// One mode page, and what stands before it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModePage {
    /// WP: the medium is write-protected (DEVICE-SPECIFIC PARAMETER, SBC-4, Mode parameters).
    pub write_protected: bool,
    page: Vec<u8>,
}

impl ModePage {
    /// Reads the answer to [`mode_sense_10`]. Errors: it is short, or carries another page.
    pub fn parse(data: &[u8], subject: ModeSubject) -> Result<ModePage, Malformed> {
        const ANSWER: &str = "MODE SENSE (10) data";
        let device = byte(data, 3).ok_or(Malformed::short(ANSWER))?;
        let descriptors = usize::from(be16(data, 6).ok_or(Malformed::short(ANSWER))?);
        let page = data.get(8 + descriptors..).unwrap_or_default();
        let (code, length) = byte(page, 0).zip(byte(page, 1)).ok_or(Malformed::short(ANSWER))?;
        if code & 0x7F != subject.code() {
            return Err(Malformed::new(ANSWER, "another page than was asked for"));
        }
        let end = (2 + usize::from(length)).min(page.len());
        Ok(ModePage { write_protected: bit(device, 7), page: page.get(..end).unwrap_or_default().to_vec() })
    }

    /// WCE of the caching page: the write cache is on. `None` on another page.
    pub fn write_cache(&self) -> Option<bool> {
        let flags = *self.page.get(2)?;
        (self.code() == ModeSubject::Caching.code()).then(|| bit(flags, 2))
    }

    /// D_SENSE of the control page: sense comes in descriptor format. `None` on another page.
    pub fn descriptor_sense(&self) -> Option<bool> {
        let flags = *self.page.get(2)?;
        (self.code() == ModeSubject::Control.code()).then(|| bit(flags, 2))
    }

    /// SWP of the control page: the software has write-protected the unit. `None` on another page.
    pub fn software_write_protect(&self) -> Option<bool> {
        let flags = *self.page.get(4)?;
        (self.code() == ModeSubject::Control.code()).then(|| bit(flags, 3))
    }

    fn code(&self) -> u8 {
        self.page.first().map_or(0, |code| code & 0x7F)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_and_caching() {
        assert_eq!(mode_sense_10(ModeSubject::Control).cdb(), [0x5a, 8, 0x0a, 0, 0, 0, 0, 0, 252, 0]);
        let control = [&[0, 18, 0, 0x80, 0, 0, 0, 0][..], &[0x8A, 0x0A, 0x04, 0, 0x08, 0, 0, 0, 0, 0, 0, 0]].concat();
        let page = ModePage::parse(&control, ModeSubject::Control).unwrap();
        assert!(page.write_protected);
        assert_eq!((page.descriptor_sense(), page.software_write_protect()), (Some(true), Some(true)));
        assert_eq!(page.write_cache(), None);
        assert!(ModePage::parse(&control, ModeSubject::Caching).is_err());
        // With one block descriptor of eight bytes before the page.
        let caching = [&[0, 34, 0, 0, 0, 0, 0, 8][..], &[0; 8], &[0x08, 0x12, 0x04], &[0; 17]].concat();
        let page = ModePage::parse(&caching, ModeSubject::Caching).unwrap();
        assert_eq!((page.write_protected, page.write_cache()), (false, Some(true)));
        assert!(ModePage::parse(&caching[..17], ModeSubject::Caching).is_err());
    }

    proptest! {
        #[test]
        fn any_answer_is_read(mut data in prop::collection::vec(any::<u8>(), 0..60)) {
            if data.len() > 8 { data[6] = 0; data[7] %= 16; }
            for subject in [ModeSubject::Caching, ModeSubject::Control] {
                if let Ok(page) = ModePage::parse(&data, subject) {
                    let _ = (page.write_cache(), page.descriptor_sense(), page.software_write_protect());
                }
            }
        }
    }
}
