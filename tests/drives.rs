//! The drive model's own tests, from the standards' text: state machines, command bytes and the answer's bytes, and every
//! fault seen to do to the shadow what it says. What is tested here tests everything else, so it shares nothing with it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

#[path = "drives/mod.rs"]
mod drives;

#[path = "drives/own/ata.rs"]
mod ata;
#[path = "drives/own/ata_hidden.rs"]
mod ata_hidden;
#[path = "drives/own/ata_security.rs"]
mod ata_security;
#[path = "drives/own/faults.rs"]
mod faults;
#[path = "drives/own/hands.rs"]
mod hands;
#[path = "drives/own/medium.rs"]
mod medium;
#[path = "drives/own/nvme.rs"]
mod nvme;
#[path = "drives/own/nvme_format.rs"]
mod nvme_format;
#[path = "drives/own/power.rs"]
mod power;
#[path = "drives/own/satl.rs"]
mod satl;
#[path = "drives/own/scsi.rs"]
mod scsi;
#[path = "drives/own/techniques.rs"]
mod techniques;
