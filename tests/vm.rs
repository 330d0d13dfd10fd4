//! The real binary under a real kernel, on drives of every kind, in a virtual machine. What the drives hold is looked at from outside.
//!
//! `tests/vm/build` builds the machine; `cargo test --test vm NAME` runs one case.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

mod vm {
    pub mod archive;
    pub mod disk;
    pub mod link;
    pub mod machine;
    pub mod rig;
    pub mod say;
    pub mod station;

    mod cases {
        mod buses;
        mod emulated;
        mod peers;
        mod power;
        mod rig;
    }
}
