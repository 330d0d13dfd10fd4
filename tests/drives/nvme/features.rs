//! Get Features and Set Features (NVMe 1.4 5.14, 5.21), as Linux and nvme-cli use them.

use super::{Done, Nvme, dword, status};
use std::collections::BTreeMap;

/// Values that were set since the last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    values: BTreeMap<u8, u32>,
    /// Feature 17h, NODRM: an inhibited No-Deallocate is a warning (success, SSTAT 4), not an error.
    pub no_deallocate_warns: bool,
}

impl Nvme {
    /// Set Features.
    pub(super) fn set_features(&mut self, sqe: &[u8; 64]) -> Done {
        let (feature, value) = (dword(sqe, 10) as u8, dword(sqe, 11));
        match feature {
            // Number of queues: at most four of each, counted from zero.
            0x07 => {
                let granted = |wanted: u32| (wanted & 0xffff).min(3);
                let answer = granted(value) | granted(value >> 16) << 16;
                self.features.values.insert(feature, answer);
                Ok((answer, Vec::new()))
            }
            0x17 => {
                self.features.no_deallocate_warns = value & 1 != 0;
                Ok((0, Vec::new()))
            }
            0x01..=0x16 | 0x80..=0x84 => {
                self.features.values.insert(feature, value);
                Ok((0, Vec::new()))
            }
            _ => Err(status::INVALID_FIELD.into()),
        }
    }

    /// Get Features, current values.
    pub(super) fn get_features(&mut self, sqe: &[u8; 64]) -> Done {
        let feature = dword(sqe, 10) as u8;
        let default = match feature {
            0x04 => 0x0157,
            0x06 => 1,
            0x07 => 0x0003_0003,
            0x17 => u32::from(self.features.no_deallocate_warns),
            0x01..=0x16 | 0x80..=0x84 => 0,
            _ => return Err(status::INVALID_FIELD.into()),
        };
        Ok((self.features.values.get(&feature).copied().unwrap_or(default), Vec::new()))
    }
}
