//! Parsers of `/proc/PID/mountinfo` and `/proc/swaps` (proc(5)). A line that does not parse makes the whole file unreadable: what is
//! not understood may name any device.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Major and minor of `st_dev` of the files in it; major 0 for filesystems without a device of their own.
    pub device: (u32, u32),
    /// The directory of the filesystem that is mounted: `/`, or a part of it for a bind mount.
    pub root: PathBuf,
    /// Where it is mounted, as seen by the process.
    pub mount_point: PathBuf,
    /// Type of filesystem.
    pub filesystem: String,
    /// What the filesystem calls its source: a device, or anything.
    pub source: PathBuf,
    /// Options of the filesystem.
    pub options: String,
}

/// One swap area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// Device or file.
    pub path: PathBuf,
    /// `partition` or `file`.
    pub kind: String,
}

/// The mounts in `text`. Errors: the number of the first line that is none, in words.
pub fn parse_mountinfo(text: &[u8]) -> Result<Vec<Mount>, String> {
    lines(text).map(|(number, line)| mount(line).ok_or_else(|| format!("line {number} is no mountinfo line"))).collect()
}

fn mount(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|b| *b == b' ');
    let _mount_id: u64 = ascii(fields.next()?)?.parse().ok()?;
    let _parent_id: u64 = ascii(fields.next()?)?.parse().ok()?;
    let (major, minor) = ascii(fields.next()?)?.split_once(':')?;
    let root = path(fields.next()?)?;
    let mount_point = path(fields.next()?)?;
    let _mount_options = fields.next()?;
    // Optional fields, any number of them, end with a single hyphen.
    fields.by_ref().find(|f| *f == b"-")?;
    let filesystem = String::from_utf8_lossy(fields.next()?).into_owned();
    let source = path(fields.next()?)?;
    let options = String::from_utf8_lossy(fields.next()?).into_owned();
    Some(Mount { device: (major.parse().ok()?, minor.parse().ok()?), root, mount_point, filesystem, source, options })
}

/// The swap areas in `text`. Errors: as [`parse_mountinfo`].
pub fn parse_swaps(text: &[u8]) -> Result<Vec<Swap>, String> {
    let mut lines = lines(text);
    match lines.next() {
        None => return Ok(Vec::new()),
        Some((_, header)) if header.starts_with(b"Filename") => {}
        Some(_) => return Err("line 1 is no swaps header".into()),
    }
    let swap = |line: &[u8]| {
        let mut fields = line.split(|b| matches!(b, b' ' | b'\t')).filter(|f| !f.is_empty());
        let path = path(fields.next()?)?;
        let kind = ascii(fields.next()?).filter(|k| matches!(*k, "partition" | "file"))?.to_string();
        Some(Swap { path, kind })
    };
    lines.map(|(number, line)| swap(line).ok_or_else(|| format!("line {number} is no swap area"))).collect()
}

fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    text.split(|b| *b == b'\n').enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.is_empty())
}

fn ascii(field: &[u8]) -> Option<&str> {
    std::str::from_utf8(field).ok()
}

/// The kernel writes space, tab, newline and backslash as `\` and three octal digits. An empty field is allowed: some
/// filesystems have an empty source.
fn path(field: &[u8]) -> Option<PathBuf> {
    let mut plain = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&byte, after)) = rest.split_first() {
        if byte != b'\\' {
            plain.push(byte);
            rest = after;
            continue;
        }
        let (digits, after) = after.split_at_checked(3)?;
        let value =
            digits.iter().try_fold(0u32, |n, d| matches!(d, b'0'..=b'7').then(|| n * 8 + u32::from(d - b'0')))?;
        plain.push(u8::try_from(value).ok()?);
        rest = after;
    }
    Some(OsString::from_vec(plain).into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn mounts_are_read_with_their_escapes_and_optional_fields() {
        let text =
            b"36 35 98:0 /mnt1 /mnt/a\\040b rw,noatime master:1 shared:7 - ext3 /dev/ro\\134ot rw,errors=continue\n\
            40 35 0:44 / /mnt/\xff rw - btrfs /dev/sda2 rw\n\
            41 35 0:45 / /x rw - tmpfs  rw\n";
        let mounts = parse_mountinfo(text).unwrap();
        assert_eq!(mounts[0].device, (98, 0));
        assert_eq!(mounts[0].root, PathBuf::from("/mnt1"));
        assert_eq!(mounts[0].mount_point, PathBuf::from("/mnt/a b"));
        assert_eq!((mounts[0].filesystem.as_str(), mounts[0].options.as_str()), ("ext3", "rw,errors=continue"));
        assert_eq!(mounts[0].source, PathBuf::from("/dev/ro\\ot"));
        assert_eq!(mounts[1].mount_point, PathBuf::from(OsString::from_vec(b"/mnt/\xff".to_vec())));
        assert_eq!((mounts[2].filesystem.as_str(), mounts[2].source.as_path()), ("tmpfs", std::path::Path::new("")));
    }

    #[test]
    fn a_line_that_is_no_mount_spoils_the_file() {
        for bad in [
            &b"36 35 98:0 / /mnt rw ext4 /dev/sda rw\n"[..],
            b"36 35 98 / /mnt rw - ext4 /dev/sda rw\n",
            b"36 35 98:0 / /mnt\\04 rw - ext4 /dev/sda rw\n",
            b"36 35 98:0 / /mnt\\777 rw - ext4 /dev/sda rw\n",
            b"36 35 98:0 / /mn",
        ] {
            assert_eq!(parse_mountinfo(bad).unwrap_err(), "line 1 is no mountinfo line");
        }
    }

    #[test]
    fn swap_areas_are_read() {
        let text = b"Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda2                               partition\t1\t0\t-2\n\
            /swap\\040file file 1 0 -3\n";
        let swaps = parse_swaps(text).unwrap();
        assert_eq!(swaps[0], Swap { path: "/dev/sda2".into(), kind: "partition".into() });
        assert_eq!(swaps[1], Swap { path: "/swap file".into(), kind: "file".into() });
        assert_eq!(parse_swaps(b"").unwrap(), []);
        assert!(parse_swaps(b"junk").is_err());
        assert!(parse_swaps(b"Filename\n/dev/sda2 wat\n").is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(text in prop::collection::vec(any::<u8>(), 0..512)) {
            let _ = parse_mountinfo(&text);
            let _ = parse_swaps(&text);
            let _ = parse_mountinfo(&[b"36 35 98:0 / ", &text[..], b" rw - ext4 /dev/sda rw"].concat());
        }
    }
}
