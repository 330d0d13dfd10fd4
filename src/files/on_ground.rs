//! The engine over a filesystem as it was found.

use std::fs::File;
use std::io;

use super::clear::Below;
use super::ground::Ground;
use super::{Mapping, Obstacle};
use crate::io::{Queue, Shape};

impl Below for Ground {
    fn map(&self, file: &File) -> Result<Mapping, Obstacle> {
        Ground::map(self, file)
    }

    fn reader(&self) -> io::Result<Box<dyn Queue>> {
        Ground::reader(self, None).map_err(|problem| io::Error::other(problem.what))
    }

    fn shape(&self) -> Shape {
        match &self.medium {
            Some(medium) => Shape {
                logical_block_bytes: medium.identity.logical_block_bytes,
                max_io_bytes: medium.max_io_bytes,
                optimal_io_bytes: medium.optimal_io_bytes,
            },
            None => Shape { logical_block_bytes: self.block_bytes, max_io_bytes: 0, optimal_io_bytes: 0 },
        }
    }

    fn block_bytes(&self) -> u32 {
        self.block_bytes
    }
}
