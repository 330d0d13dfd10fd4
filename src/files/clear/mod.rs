//! Overwriting files in place, and reading their blocks back from the device below.
