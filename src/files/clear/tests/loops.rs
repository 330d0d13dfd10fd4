//! Real filesystems.
