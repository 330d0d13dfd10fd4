//! What may be wrong with a drive, by the words of `tests/drives/faults/text.rs`: the same list for Debian's tools and for radera, so that
//! their tables in docs/peers.md can be laid side by side.

/// With drives of every kind.
pub const ALL: [&str; 8] =
    ["", "fails-at:40", "stalls-at:40:3", "stale-success", "lies", "skips-sectors:1000:200", "refuses:abort", "frozen"];

/// With drives behind ATA PASS-THROUGH: the registers come back in many ways, or not at all.
pub const SATA: [&str; 5] = [
    "fails-at:40:sectors-remain",
    "fails-at:40 sense:fixed-8",
    "fails-at:40 sense:fixed-3",
    "fails-at:40 sense:nothing",
    "lies sense:count-zeroed",
];

/// With NVMe controllers.
pub const NVME: [&str; 2] = ["deallocated-despite", "instant-success"];

/// Which only radera is given: it stands still for good, so that Debian's tools would wait for ever; its connection breaks before its
/// answer to the command; it erases one namespace of two.
pub const OURS: [&str; 3] = ["stalls-at:40", "cut-at-command:taken", "skips-other-namespaces"];

/// The faults of a drive: none, or some, with spaces between them.
pub fn all_of(kind: &str) -> impl Iterator<Item = &'static str> {
    let own: &'static [&'static str] = match kind.split('-').next() {
        Some("sata") => &SATA,
        Some("nvme") => &NVME,
        _ => &[],
    };
    ALL.iter().chain(own).copied()
}

/// The share of these that Debian's tools are given on every run: the drives that work, fail and deceive. The rest is for
/// `tests/all --campaign`, and for when the tables are written anew.
pub const EVERYDAY: [&str; 5] = ["", "fails-at:40", "stale-success", "lies", "fails-at:40 sense:nothing"];

/// Whether all of them are given.
pub fn whole_tables() -> bool {
    std::env::var_os("RADERA_CAMPAIGN").is_some() || super::kept::writing()
}
