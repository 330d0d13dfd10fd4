//! NVMe: admin commands as the kernel's passthrough takes them, and what comes back.
//!
//! Clauses are those of the NVM Express Base Specification 2.0 and the NVM Command Set Specification 1.0, by title.

mod command;
mod controller;
mod features;
mod format;
mod identifiers;
mod log_pages;
mod namespace;
mod sanitize;
mod smart;
mod status;

pub use command::{ALL_NAMESPACES, Admin};
pub use controller::{Controller, ControllerType, NoDeallocateModifies, SanitizeCapabilities};
pub use features::{FeatureId, get_features};
pub use format::{SecureErase, format_nvm};
pub use identifiers::{
    NamespaceIdentifiers, active_namespaces, allocated_namespaces, identify_controller, identify_identifiers,
    identify_namespace, namespace_list,
};
pub use log_pages::{LogId, get_log_page};
pub use namespace::{LbaFormat, Namespace};
pub use sanitize::{
    SanitizeAction, SanitizeLog, SanitizeMachine, SanitizeOptions, SanitizeResult, SanitizeTimes, sanitize,
};
pub use smart::SmartLog;
pub use status::Status;

use super::Data;
