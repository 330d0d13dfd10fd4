//! The command line from outside: words in, exit code, lines and files out.
#![allow(clippy::unwrap_used, clippy::panic)]

mod cli {
    pub mod devices;
    pub mod errors;
    #[path = "../support/logind.rs"]
    pub mod logind;
    pub mod open_jobs;
    #[path = "../support/skip.rs"]
    pub mod skip;
    pub mod support;
}

#[test]
fn help_and_usage_read_as_written() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
