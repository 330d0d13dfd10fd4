//! Going over a named tree without ever leaving it.
