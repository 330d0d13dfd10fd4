//! What the black-box tests share: scratch disks that a test makes itself, the binary, and third-party tools.
//!
//! Every scratch disk is an image file in a directory of the test's own, attached with `losetup -f --show` and found
//! again by the path of that image. Guards detach, unmount and delete, whatever fails.
#![allow(dead_code, missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

pub mod disk;
pub mod ext4;
pub mod faulty;
pub mod hold;
pub mod openssl;
pub mod pki;
pub mod poppler;
pub mod pyhanko;
pub mod qr;
pub mod radera;
pub mod random;
pub mod skip;
pub mod softhsm;
pub mod tsa;

use std::process::{Command, Output};

pub const MIB: u64 = 1 << 20;
pub const SECTOR: u64 = 512;

/// Ends the test when it can't run as root.
#[macro_export]
macro_rules! needs_root {
    () => {
        if !$crate::support::skip::root() {
            return;
        }
    };
}

/// Runs a program that must succeed; its standard output, trimmed.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = attempt(program, arguments);
    assert!(
        output.status.success(),
        "{program} {}: {}\n{}",
        arguments.join(" "),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_string()
}

/// Runs a program that may fail.
pub fn attempt(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).output().unwrap_or_else(|e| panic!("{program} could not be run: {e}"))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// `sha256:` and the digest, by openssl: another hand than the code under test.
pub fn sha256_of(path: &std::path::Path) -> String {
    let line = run("openssl", &["dgst", "-sha256", "-r", path.to_str().unwrap()]);
    format!("sha256:{}", line.split_whitespace().next().unwrap())
}

/// Polls until `ready`, or fails after `seconds`.
pub fn wait_for(what: &str, seconds: u64, mut ready: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(seconds);
    while !ready() {
        assert!(std::time::Instant::now() < end, "waited {seconds} s for {what}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}
