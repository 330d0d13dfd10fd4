//! Why a device is in use.
