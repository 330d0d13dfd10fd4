mod sample;
mod show;
