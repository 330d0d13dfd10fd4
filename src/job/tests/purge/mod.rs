//! The whole product on drive models, in process: plan by what the drive answers, marks, journal, erase, look again, readback, verdict, record;
//! and beside each status what is truly left on the model's raw medium.

mod blocks;
mod cuts;
mod matrix;
mod records;
mod rig;
mod sessions;
mod siblings;
