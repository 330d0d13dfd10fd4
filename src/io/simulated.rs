//! Devices in memory: faults, a volatile cache, a crash (tests).
