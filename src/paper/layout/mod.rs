//! A small layer of layout: fonts, lines, pages, tables. It draws nothing itself: it says what is drawn where, so that a test can look at it.

pub mod font;
pub mod sheet;
pub mod table;
pub mod wrap;

pub use font::Weight;
pub use sheet::{A4, Area, Ink, LABEL, Mark, Role, Sheet, Style};
pub use table::{Cell, Look, Table};
