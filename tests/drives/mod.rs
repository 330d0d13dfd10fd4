//! Drives made of software: a SATA hard disk, a SATA SSD, SAS drives and an NVMe controller, as the standards describe
//! them, with the faults that real ones had. Every drive carries a shadow of its raw medium, which knows what an erase
//! really left behind, whatever the drive says of it.
//!
//! The map:
//! - `bytes` reads and writes fields in buffers; `clock` is the time a drive lives in; `state` the text a drive keeps
//!   while its power is off.
//! - `store` and `medium`: the raw blocks (addressable, hidden, spare, remapped) and the truth about them.
//! - `faults`: what a drive may do wrong. `erase`: an erase that takes time, shared by all three command sets.
//!   `gear`: what every drive has: medium, clock, faults, power, connection, the erase that is running.
//! - `ata`: a SATA drive, register file in, registers out. `satl`: its SCSI face.
//! - `scsi`: what SCSI units share, and a native SAS drive. `nvme`: a controller with its namespaces.
//! - `personality`: ready-made drives for a matrix.
//!
//! Written from ATA ACS-3 and ACS-4, SAT-4, SPC-5, SBC-4, NVMe 1.4 and 2.0, and from the drive makers' own manuals
//! where these say what the standard leaves open. It shares no code with what it tests: standard library only.
//!
//! Doubtful, because not read in a primary text or left open there; nothing should lean on one of these alone:
//! - ATA: whether the first byte of the overwrite pattern is LBA 31:24 (so here) or 7:0; how far a normal SECURITY ERASE
//!   UNIT reaches (here to the host's maximum; makers say the native one: `Traits::normal_erase_reaches_native`); whether
//!   SECURITY UNLOCK and READ LOG E0h are answered while a sanitize runs (so in WD's manuals).
//! - SBC: the exact list of commands answered while a sanitize runs or has failed (here INQUIRY, REPORT LUNS, REQUEST
//!   SENSE, LOG SENSE and SANITIZE).
//! - NVMe: whether Flush is aborted during a sanitize (here it is), whether log 05h can be read then (here it can), the
//!   value of SSTAT in the Media Verification state (here 2 with SPROG FFFFh), which pass of an inverting overwrite is
//!   inverted (here the second), the place of PREQ in dword 10 (here bit 11).
//!
//! Left out: volatile write caches (a write is on the medium at once), zones, depopulation, metadata and protection
//! information, NCQ, streams, firmware, TCG, a per-namespace sanitize, AMA with 28-bit commands, the SET MAX passwords.
#![allow(dead_code, unused_imports)] // Each of the programs that include it uses a part.
#![allow(clippy::cast_possible_truncation)] // Command fields are cut to their width on purpose.

pub mod ata;
pub mod bytes;
pub mod clock;
pub mod erase;
pub mod faults;
pub mod gear;
pub mod medium;
pub mod nvme;
pub mod personality;
pub mod satl;
pub mod scsi;
pub mod state;
pub mod store;

pub use clock::Clock;
pub use faults::{Fault, HostileIdentify, Refusal, SenseLayout};
pub use gear::Machine;
pub use medium::{Medium, Truth};
pub use personality::{nvme, sas_hdd, sas_ssd, sata_hdd, sata_ssd};
