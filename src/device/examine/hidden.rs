//! Areas that an ATA drive hides from its host: HPA and DCO (ATA8-ACS), Accessible Max Address (ACS-4). Asked, never changed.

use super::ask::{Asker, Unanswered};
use crate::media::{HiddenArea, HiddenAreas};
use crate::wire::ata::{
    Command, DeviceConfiguration, Feature, Identify, dco_identify, get_native_max_address, native_max_address,
    read_native_max_address,
};

/// ACS-3, word 80: the first standard with Accessible Max Address.
const ACS_3: u32 = 10;

/// All three, of a drive that shows `shown_bytes` in sectors of `sector_bytes`.
pub(super) fn areas(asker: &mut Asker, identify: &Identify, shown_bytes: u64, sector_bytes: u32) -> HiddenAreas {
    let told = identify.hidden_areas();
    let scale = Scale { shown_bytes, sector_bytes };
    let (host_protected_area, native) = match told.host_protected_area {
        Feature::Unsupported => (HiddenArea::NotApplicable, None),
        Feature::Unknown => (undeclared(asker, HPA), None),
        _ if !identify.long_addresses().is_supported() => {
            asker.note(HPA, "the drive has no 48-bit addresses, and is not asked in another way");
            (HiddenArea::Unknown, None)
        }
        _ => scale.asked(asker, HPA, &read_native_max_address()),
    };
    let device_configuration_overlay = match told.configuration_overlay {
        Feature::Unsupported => HiddenArea::NotApplicable,
        Feature::Unknown => undeclared(asker, DCO),
        _ => scale.overlay(asker, native),
    };
    let accessible_max_address = match told.accessible_max_address {
        Feature::Unsupported => HiddenArea::NotApplicable,
        Feature::Unknown if is_older(identify) => HiddenArea::NotApplicable,
        Feature::Unknown => undeclared(asker, AMA),
        _ => scale.asked(asker, AMA, &get_native_max_address()).0,
    };
    HiddenAreas { host_protected_area, device_configuration_overlay, accessible_max_address }
}

const HPA: &str = "the host protected area";
const DCO: &str = "the device configuration overlay";
const AMA: &str = "the accessible max address";

fn undeclared(asker: &mut Asker, what: &str) -> HiddenArea {
    asker.note(what, "IDENTIFY DEVICE does not say whether there is one");
    HiddenArea::Unknown
}

/// Whether the drive names standards, and none from ACS-3 on.
fn is_older(identify: &Identify) -> bool {
    identify.major_versions().is_some_and(|versions| versions >> ACS_3 == 0)
}

struct Scale {
    shown_bytes: u64,
    sector_bytes: u32,
}

impl Scale {
    /// Bytes up to and with the sector `last`.
    fn bytes(&self, last: u64) -> Option<u64> {
        last.checked_add(1)?.checked_mul(self.sector_bytes.into())
    }

    /// What lies between what is shown and `native` bytes; less than what is shown can't be.
    fn beyond(&self, asker: &mut Asker, what: &str, native: Option<u64>) -> HiddenArea {
        match native.and_then(|native| native.checked_sub(self.shown_bytes)) {
            Some(0) => HiddenArea::Absent,
            Some(bytes) => HiddenArea::Present { bytes },
            None => {
                asker.note(what, "the drive tells of a last address that can't be");
                HiddenArea::Unknown
            }
        }
    }

    /// The area that `command` asks for, and the native bytes that it told of.
    fn asked(&self, asker: &mut Asker, what: &str, command: &Command) -> (HiddenArea, Option<u64>) {
        match asker.registers(command) {
            Ok(registers) if registers.is_error() => (unreachable(asker, what, "the drive aborts the command"), None),
            Ok(registers) => match native_max_address(&registers) {
                Some(last) => {
                    let native = self.bytes(last);
                    (self.beyond(asker, what, native), native)
                }
                None => {
                    asker.note(what, "the adapter or bridge lost the upper bytes of the address");
                    (HiddenArea::Unknown, None)
                }
            },
            Err(why) => {
                asker.missed(what, &why);
                (HiddenArea::Unknown, None)
            }
        }
    }

    /// DEVICE CONFIGURATION IDENTIFY. READ NATIVE MAX ADDRESS counts only what the overlay leaves: there is one where the factory's
    /// settings allow more than that.
    fn overlay(&self, asker: &mut Asker, native: Option<u64>) -> HiddenArea {
        let data = match asker.ata_data(&dco_identify()) {
            Ok(data) => data,
            Err(Unanswered::Refused(why)) => return unreachable(asker, DCO, &why),
            Err(why) => {
                asker.missed(DCO, &why);
                return HiddenArea::Unknown;
            }
        };
        match DeviceConfiguration::parse(&data) {
            Ok(told) => {
                let factory = self.bytes(told.last_address);
                if native.is_some() && factory == native {
                    return HiddenArea::Absent;
                }
                if factory.zip(native).is_some_and(|(factory, native)| factory < native) {
                    return self.beyond(asker, DCO, None);
                }
                self.beyond(asker, DCO, factory)
            }
            Err(why) => {
                asker.note(DCO, why);
                HiddenArea::Unknown
            }
        }
    }
}

fn unreachable(asker: &mut Asker, what: &str, why: &str) -> HiddenArea {
    asker.note(what, format_args!("there may be one, and the drive does not tell: {why}"));
    HiddenArea::Unreachable
}
