//! Parse, dispatch, exit code.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    let code = radera::cli::run(std::env::args_os().collect());
    ExitCode::from(code as u8)
}
