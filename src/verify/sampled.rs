//! A seeded tenth of the scope (NIST SP 800-88 Rev. 1 §4.7).

/// Confidence, in percent, at which the bound on cells that could differ is stated.
pub const UNREAD_BOUND_CONFIDENCE: u32 = 95;

/// The sampling plan: which ranges a seed draws.
pub struct Plan {}
