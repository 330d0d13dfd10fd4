//! Where a case begins: its id, and its file, which is never written over another.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use rand::TryRng;
use rand::rngs::SysRng;

use crate::problem::Problem;

/// A random id for a case: 32 hexadecimal digits.
///
/// # Errors
/// Kind `Error`: the kernel gives no random bytes.
pub fn draw_id() -> Result<String, Problem> {
    let mut bytes = [0_u8; 16];
    SysRng.try_fill_bytes(&mut bytes).map_err(|e| {
        Problem::error(format!("the kernel gave no random bytes: {e}"), "Check that getrandom(2) is allowed here.")
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes `text` to a new file at `path`, and to the disk below.
///
/// # Errors
/// Kind `Error`: there is something at `path` already, or it can't be written; then no file is left.
pub fn begin(path: &Path, text: &str) -> Result<(), Problem> {
    let name = path.display();
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists => Problem::error(
            format!("{name} exists already, and a case is never begun over another file"),
            format!("Choose another name, or go on with that case: radera case check {name}"),
        ),
        _ => Problem::error(
            format!("can't make {name}: {e}"),
            "Check the name, that its directory exists, and your rights to it.",
        ),
    })?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    written.and_then(|()| File::open(parent)?.sync_all()).map_err(|e| {
        // It is ours: `create_new` made it.
        let left = if fs::remove_file(path).is_ok() { "Nothing was left" } else { "What is left is no case" };
        Problem::error(format!("can't write {name}: {e}"), format!("{left}. Check the room on its disk."))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_case_is_begun_once_and_never_over_anything() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("case.toml");
        begin(&path, "one").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        let problem = begin(&path, "two").unwrap_err();
        assert!(problem.what.contains("case.toml exists already"), "{problem:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        let link = dir.path().join("link.toml");
        std::os::unix::fs::symlink(dir.path().join("elsewhere"), &link).unwrap();
        assert!(begin(&link, "three").is_err() && !dir.path().join("elsewhere").exists());
        let problem = begin(&dir.path().join("no/case.toml"), "four").unwrap_err();
        assert!(problem.todo.contains("directory"), "{problem:?}");
    }

    #[test]
    fn ids_are_32_digits_and_never_the_same() {
        let (one, two) = (draw_id().unwrap(), draw_id().unwrap());
        assert!(crate::document::is_id(&one) && crate::document::is_id(&two) && one != two, "{one} {two}");
    }
}
