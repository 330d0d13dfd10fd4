//! Random bytes from the kernel: keys, seeds and ids.

use rand::TryRng;
use rand::rngs::SysRng;

use crate::problem::Problem;

/// 16 random bytes.
pub(super) fn key() -> Result<[u8; 16], Problem> {
    let mut bytes = [0; 16];
    SysRng.try_fill_bytes(&mut bytes).map_err(|e| {
        Problem::error(format!("the kernel gave no random bytes: {e}"), "Check that getrandom(2) is allowed here.")
    })?;
    Ok(bytes)
}

/// A random id: 32 hexadecimal digits.
pub(super) fn id() -> Result<String, Problem> {
    Ok(hex(&key()?))
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
