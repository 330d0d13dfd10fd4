mod breaks;
mod doubts;
mod fixture;
mod moments;
mod profiles;
mod properties;
