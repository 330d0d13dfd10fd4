//! Going over a named tree without ever leaving it, and taking away what was cleared.
//!
//! Every entry is reached by one name in a directory that is held open; a name is never resolved twice by its path. What is held is
//! compared with what was found (device, inode, kind), and what changes meanwhile ends in an error that says so.

mod directory;
mod found;
mod holders;
mod lifted;
mod lookout;
mod opened;
mod remove;
mod root;
mod seen;
mod tour;

#[cfg(test)]
mod tests;

pub use crate::sys::tree::{EntryKind, Stat};
pub use directory::Directory;
pub use found::{Found, Visit};
pub use holders::{Holder, Holders};
pub use lifted::Lifted;
pub use lookout::Lookout;
pub use opened::{OpenHow, Opened, content_attributes, open};
pub(in crate::files) use remove::random_name;
pub use remove::{Emptied, remove_all, remove_directory, remove_link};
pub use root::Root;
pub use tour::walk;
