//! io_uring as a [`super::Queue`].
