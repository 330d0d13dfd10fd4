//! The real binary under a real kernel, on drives of every kind, in a virtual machine. What the drives hold is looked at from outside.
//!
//! `tests/vm/build` builds the machine; `cargo test --test vm NAME` runs one case.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

#[path = "drives/mod.rs"]
mod drives;
mod support;

mod vm {
    pub mod archive;
    pub mod bay;
    pub mod disk;
    pub mod faults;
    #[path = "guest/src/image.rs"]
    pub mod image;
    pub mod kept;
    pub mod link;
    pub mod machine;
    pub mod rig;
    pub mod say;
    pub mod station;

    mod cases {
        mod below;
        mod buses;
        mod bytes;
        mod cells;
        mod emulated;
        mod files;
        mod peers;
        mod power;
        mod purge;
        mod refused;
        mod rig;
    }
}
