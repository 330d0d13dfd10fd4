//! What the drive models say of themselves, and what is made of answers that are none.
