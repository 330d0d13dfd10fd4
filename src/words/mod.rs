//! What people read, in Danish, Swedish and English.
#![forbid(unsafe_code)]
