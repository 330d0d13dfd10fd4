//! ATA: commands as registers, the ATA PASS-THROUGH that carries them, and what comes back.
//!
//! Clauses are those of ACS-4 and SAT-4, by title; what later editions made obsolete (HPA, DCO) is that of ATA8-ACS.

mod capacity;
mod command;
mod identify;
mod identify_log;
mod passthrough;
mod registers;
mod sanitize;
mod sat_security;
mod security;
mod smart;
mod statistics;

pub use capacity::{
    DeviceConfiguration, accessible_max_address_freeze, dco_freeze_lock, dco_identify, dco_restore,
    get_native_max_address, native_max_address, read_native_max_address, set_accessible_max_address, set_max_address,
};
pub use command::{Command, Protocol};
pub use identify::{
    EraseTime, Feature, HiddenAreas, Identify, Names, SanitizeSupport, Security, Trim, identify_device,
};
pub use identify_log::{SecurityCapabilities, identify_page_security, identify_pages, supported_identify_pages};
pub use passthrough::{Direction, pass_through_12, pass_through_16};
pub use registers::{Layout, NoRegisters, Registers};
pub use sanitize::{
    AbortReason, SanitizeAnswer, SanitizeOperation, SanitizeState, Unanswered, sanitize, sanitize_antifreeze,
    sanitize_freeze_lock, sanitize_status,
};
pub use sat_security::{sat_security, sat_security_information, sat_security_state};
pub use security::{
    Password, PasswordKind, SecurityStep, security_disable_password, security_erase_prepare, security_erase_unit,
    security_freeze_lock, security_set_password, security_unlock,
};
pub use smart::{
    Attribute, SmartStatus, attribute, smart_attributes, smart_read_data, smart_return_status, smart_status,
};
pub use statistics::{Statistics, StatisticsPage, device_statistics};

use super::Data;
