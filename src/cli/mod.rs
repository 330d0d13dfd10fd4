//! The command line: arguments, one file per command, screens, errors.
#![forbid(unsafe_code)]
