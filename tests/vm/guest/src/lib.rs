//! Emulated drives behind the guest's real kernel: a SCSI unit through TCMU, an NVMe controller through NVMe/TCP.
//!
//! What a drive answers is behind [`unit::Unit`] and [`unit::Controller`]; how a question reaches it is here.

#[path = "../../../drives/mod.rs"]
pub mod drives;
pub mod image;
pub mod kernel;
pub mod model;
pub mod nvmetcp;
pub mod sys;
pub mod tcmu;
pub mod unit;
