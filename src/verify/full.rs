//! Every byte.

use crate::media::ByteRange;

/// The whole scope as one range.
pub(super) fn ranges(scope_bytes: u64) -> impl Iterator<Item = ByteRange> {
    std::iter::once(ByteRange::new(0, scope_bytes))
}
