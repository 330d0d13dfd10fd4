//! Aligned buffers.
