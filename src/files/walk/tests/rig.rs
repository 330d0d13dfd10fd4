//! Visitors that keep a list, and one that clears.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::files::Obstacle;
use crate::files::walk::*;
use crate::problem::Problem;

/// A directory in memory where there is one: for what syncs often.
pub fn in_memory() -> tempfile::TempDir {
    let shm = Path::new("/dev/shm");
    if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() }.unwrap()
}

pub fn how() -> OpenHow {
    OpenHow { lift_attributes: false, hardlinks: false, lookout: Arc::new(Lookout::default()) }
}

/// Writes down what it is told.
#[derive(Default)]
pub struct Lister {
    pub told: Vec<(&'static str, PathBuf)>,
}

impl Lister {
    pub fn of(path: &Path) -> Vec<(&'static str, PathBuf)> {
        let mut lister = Lister::default();
        walk(&Root::open(path).unwrap(), &mut lister).unwrap();
        lister.told
    }
}

impl Visit for Lister {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.told.push(("file", found.path.into()));
        Ok(())
    }
    fn link(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.told.push(("link", found.path.into()));
        Ok(())
    }
    fn special(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.told.push(("special", found.path.into()));
        Ok(())
    }
    fn boundary(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.told.push(("boundary", found.path.into()));
        Ok(())
    }
    fn leave(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.told.push(("leave", found.path.into()));
        Ok(())
    }
    fn unreadable(&mut self, found: &Found<'_>, _: Problem) -> Result<(), Problem> {
        self.told.push(("unreadable", found.path.into()));
        Ok(())
    }
}

/// Overwrites with 'x' and removes, `batch` files at a time.
pub struct Clearer {
    pub how: OpenHow,
    pub batch: usize,
    pub waiting: Vec<Opened>,
    pub removed: Vec<PathBuf>,
    pub refused: Vec<(PathBuf, Obstacle)>,
    pub left: Vec<PathBuf>,
}

impl Clearer {
    pub fn new(batch: usize) -> Self {
        Clearer { how: how(), batch, waiting: Vec::new(), removed: Vec::new(), refused: Vec::new(), left: Vec::new() }
    }

    pub fn clear(&mut self, path: &Path) -> Result<(), Problem> {
        let result = Root::open(path).and_then(|root| walk(&root, self));
        let finished = self.finish();
        result.and(finished)
    }

    pub fn finish(&mut self) -> Result<(), Problem> {
        let mut first = Ok(());
        for (path, result) in remove_all(std::mem::take(&mut self.waiting)) {
            match result {
                Ok(()) => self.removed.push(path),
                Err(problem) => first = first.and(Err(problem)),
            }
        }
        first
    }
}

impl Visit for Clearer {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        match open(found, &self.how) {
            Ok(opened) => {
                use std::os::unix::fs::FileExt;
                let bytes = vec![b'x'; usize::try_from(opened.stat.size_bytes).unwrap()];
                opened.file.write_all_at(&bytes, 0).unwrap();
                self.waiting.push(opened);
                if self.waiting.len() >= self.batch { self.finish() } else { Ok(()) }
            }
            Err(obstacle) => {
                self.refused.push((found.path.into(), obstacle));
                Ok(())
            }
        }
    }
    fn link(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        remove_link(found)?;
        self.removed.push(found.path.into());
        Ok(())
    }
    fn special(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.left.push(found.path.into());
        Ok(())
    }
    fn boundary(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.left.push(found.path.into());
        Ok(())
    }
    fn leave(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.finish()?;
        match remove_directory(found)? {
            Emptied::Removed => self.removed.push(found.path.into()),
            Emptied::NotEmpty => self.left.push(found.path.into()),
        }
        Ok(())
    }
}
