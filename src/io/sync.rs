//! Synchronous O_DIRECT as a [`super::Queue`].
