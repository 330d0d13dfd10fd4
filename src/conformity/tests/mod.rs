mod breaks;
mod breaks_of_items;
mod doubts;
pub(crate) mod fixture;
mod moments;
mod profiles;
mod properties;
