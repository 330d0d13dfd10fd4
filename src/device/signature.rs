//! What a device is found to hold, by magic bytes.
