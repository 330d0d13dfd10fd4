mod breaks;
mod breaks_of_items;
mod doubts;
mod fixture;
mod moments;
mod profiles;
mod properties;
