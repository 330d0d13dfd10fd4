//! The state directory: where it is, making it, and whether it survives a power loss.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::context::Context;
use crate::problem::Problem;
use crate::sys::{filesystem, user};

/// Where state is kept: `--state`, else `/var/lib/radera` for root, else `$XDG_STATE_HOME/radera` or `~/.local/state/radera`.
pub fn directory(given: Option<&Path>) -> Result<PathBuf, Problem> {
    choose(given, user::is_root(), std::env::var_os("XDG_STATE_HOME"), std::env::var_os("HOME"))
}

fn choose(given: Option<&Path>, root: bool, xdg: Option<OsString>, home: Option<OsString>) -> Result<PathBuf, Problem> {
    if let Some(path) = given {
        return Ok(path.to_path_buf());
    }
    if root {
        return Ok("/var/lib/radera".into());
    }
    // The XDG specification has relative paths ignored.
    let absolute = |value: Option<OsString>| value.map(PathBuf::from).filter(|p| p.is_absolute());
    absolute(xdg)
        .map(|p| p.join("radera"))
        .or_else(|| absolute(home).map(|p| p.join(".local/state/radera")))
        .ok_or_else(|| {
            Problem::error(
                "there is no place for journals and keys: neither XDG_STATE_HOME nor HOME is set",
                "Name a directory with --state DIR.",
            )
        })
}

/// Makes the state directory, private to its owner, if there is none. Warns where it would not survive a power loss.
pub fn prepare(context: &Context) -> Result<PathBuf, Problem> {
    let path = directory(context.state.as_deref())?;
    make_private(&path)?;
    if !matches!(filesystem::is_in_memory(&path), Ok(false)) {
        context.warn(&format!(
            "the state directory {} is not on a disk that is known to survive a power loss; after one, `resume` finds nothing \
             there (name another with --state)",
            path.display()
        ));
    }
    Ok(path)
}

/// Makes `path` with mode 0700; an existing directory is left as it is.
pub fn make_private(path: &Path) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        Problem::error(
            format!("the state directory {} can't be made: {error}", path.display()),
            "Make it, or name another with --state DIR.",
        )
    };
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(Problem::error(
            format!("the state directory {} is not a directory", path.display()),
            "Name another with --state DIR.",
        )),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_place_follows_the_user() {
        let some = |s: &str| Some(OsString::from(s));
        assert_eq!(choose(Some(Path::new("x")), true, None, None).unwrap(), Path::new("x"));
        assert_eq!(choose(None, true, some("/s"), some("/h")).unwrap(), Path::new("/var/lib/radera"));
        assert_eq!(choose(None, false, some("/s"), some("/h")).unwrap(), Path::new("/s/radera"));
        assert_eq!(choose(None, false, some("s"), some("/h")).unwrap(), Path::new("/h/.local/state/radera"));
        assert!(choose(None, false, None, some("")).unwrap_err().todo.contains("--state"));
    }

    #[test]
    fn a_new_directory_is_private_and_a_file_is_refused() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("a/b");
        make_private(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        let file = base.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(make_private(&file).unwrap_err().what.contains("file"));
        assert!(make_private(&file.join("below")).unwrap_err().what.contains("below"));
    }
}
