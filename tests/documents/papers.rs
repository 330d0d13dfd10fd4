//! Records and cases as other tests make them.

#[path = "../deletion/desk.rs"]
pub mod desk;
#[path = "../certificate/support.rs"]
pub mod support;
