//! Files, folders, free space and swap, from outside: what `wipe` leaves in the raw image of each filesystem, beside what shred, srm, wipe and
//! scrub leave; what it does not touch; what it says when something is in the way.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

mod files {
    mod again;
    mod asked;
    mod faults;
    mod filesystems;
    mod kept;
    mod marks;
    mod peers;
    mod races;
    mod scenes;
    mod space;
    mod table;
    mod told;
    mod tools;
}
