//! Reads the blocks of a record of files again, as far as that still says something.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::device::{Inventory, open_read_only};
use crate::document::{MANIFEST_LINE, ManifestLine, ManifestSums, Record};
use crate::files::ground::Ground;
use crate::io::{self, Halt};
use crate::job::Stop;
use crate::job::control::{Position, VerifyControl};
use crate::job::draw::hex;
use crate::job::verify::{Verified, last_pattern};
use crate::media::{ByteRange, Medium, RangeSet, VerifyKind};
use crate::outcome::{Event, FileVerdict, Observer, Trouble, VerificationEvidence};
use crate::pattern::Filler;
use crate::problem::{ExitCode, Problem};
use crate::sys::node::{FileKind, stat};

/// More than any list of files that a job writes.
const LONGEST: u64 = 16 << 30;

/// Reads the blocks that `record`, at `record_path`, says were overwritten, from the block device that `path` is or lies on. What its blocks
/// hold now need not be what the job left: they were given back to the filesystem, which may have used them since.
///
/// # Errors
/// The list of files is not beside the record or not the record's; another filesystem or device.
pub fn verify_files(
    inventory: &Inventory,
    path: &Path,
    record: &Record,
    record_path: &Path,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Verified, Problem> {
    let pattern = last_pattern(record)?;
    let extents = extents(record, record_path)?;
    let medium = medium(inventory, path)?;
    same(&medium, record)?;
    let total = extents.bytes();
    let mut held = open_read_only(&inventory.roots, &medium)?;
    let mut queue = held.queue(None).map_err(|e| {
        Problem::error(
            format!("{} can't be read past the page cache: {e}", medium.identity.path),
            "Check that O_DIRECT works there.",
        )
    })?;
    let mut filler = Filler::new(&pattern).ok_or_else(|| {
        Problem::refused(format!("what record {} wrote can't be made again", record.id), "Use a later version.")
    })?;
    let position = Position { phase: "verify".into(), before: 0, total };
    let mut control = VerifyControl::new(stop, observer, position, None, u64::MAX);
    let block = medium.identity.logical_block_bytes;
    let mut ranges = extents.ranges().iter().copied();
    let mut matches = |offset, data: &[u8]| filler.matches(offset, data);
    let (summary, end) = io::read(queue.as_mut(), &mut ranges, block, &mut matches, &mut control);
    let blocks = |kind: Trouble| {
        let of = control.bad.listed.iter().filter(|bad| bad.kind == kind);
        of.map(|bad| bad.bytes.div_ceil(u64::from(block))).sum::<u64>()
    };
    let found = VerificationEvidence {
        kind: VerifyKind::Full,
        complete: end.is_ok(),
        bytes_planned: total,
        bytes_read: summary.bytes,
        mismatches: blocks(Trouble::Mismatch),
        unreadable: blocks(Trouble::Unreadable),
        seed: None,
        cells: None,
        milliseconds: summary.milliseconds,
    };
    observer.on_event(Event::Verify {
        kind: found.kind.name().into(),
        bytes: found.bytes_read,
        milliseconds: found.milliseconds,
        mismatches: found.mismatches,
        unreadable: found.unreadable,
    });
    let all = found.complete && control.bad.listed.is_empty();
    let (exit_code, mut statement) = match &end {
        Err(Halt::Stopped) => (ExitCode::Interrupted, "It was interrupted.".to_string()),
        Err(Halt::Lost(why)) => {
            return Err(Problem::failed(
                format!("{}: lost while it was read: {why}", medium.identity.path),
                "Attach it again and repeat the command.",
            ));
        }
        _ if all => {
            (ExitCode::Success, "Every block of the list still holds what the job wrote, read past the page cache.".into())
        }
        _ => (
            ExitCode::Exceptions,
            "Some blocks of the list hold something else now: the filesystem has used them since, or they were written by \
             others; this reading can't tell which."
                .into(),
        ),
    };
    statement.push_str(
        " What can't be repeated: that these were the blocks of the files named. The files, their names and their mapping are gone.",
    );
    if let Err(Halt::GaveUp(why)) = &end {
        statement.push_str(&format!(" It was given up: {why}."));
    }
    Ok(Verified { evidence: found, bad: control.bad.listed, statement, exit_code })
}

/// The device that `path` is, or that holds the filesystem it lies on.
fn medium(inventory: &Inventory, path: &Path) -> Result<Medium, Problem> {
    let is_device = stat(path).is_ok_and(|found| found.kind == FileKind::Block);
    if is_device {
        return inventory.medium(path);
    }
    let file = crate::sys::open::for_probe(path).map_err(|e| {
        Problem::error(
            format!("{} can't be opened: {e}", path.display()),
            "Name the device, or a directory on the filesystem.",
        )
    })?;
    Ground::of(inventory, &file)?.medium.ok_or_else(|| {
        Problem::refused(
            format!("{} lies on a filesystem without a block device", path.display()),
            "Nothing can be read again there.",
        )
    })
}

fn same(medium: &Medium, record: &Record) -> Result<(), Problem> {
    let (identity, files) = (&medium.identity, record.files.as_ref());
    let serial = identity.serial.as_ref().map(|serial| serial.value.clone());
    let size = files.map_or(0, |files| files.device_bytes);
    let is_same = (&serial, &identity.wwn, &identity.model, identity.size_bytes, identity.offset_bytes)
        == (&record.medium.serial, &record.medium.wwn, &record.medium.model, size, record.scope.first_byte);
    if is_same {
        return Ok(());
    }
    Err(Problem::refused(
        format!(
            "{} is not the device of record {}: serial, model, size or first byte differ",
            identity.path, record.id
        ),
        "Name the device that the filesystem lay on, attached the same way.",
    ))
}

/// The blocks that were overwritten, from the list beside the record.
fn extents(record: &Record, record_path: &Path) -> Result<RangeSet, Problem> {
    let refused = |why: String| {
        Problem::refused(
            format!("record {} can't be held against its device: {why}", record.id),
            "Put the list of files (<id>.files.jsonl) beside the record, as `wipe` wrote it.",
        )
    };
    let files = record.files.as_ref().ok_or_else(|| refused("it is not of files".into()))?;
    let manifest = files.manifest.as_ref().ok_or_else(|| refused("it has no list of files".into()))?;
    if manifest.file.contains('/') {
        return Err(refused("the list of files is named by a path".into()));
    }
    let path = record_path.parent().unwrap_or(Path::new("")).join(&manifest.file);
    let cant = |e: std::io::Error| refused(format!("{}: {e}", path.display()));
    let file = File::open(&path).map_err(cant)?;
    let length = file.metadata().map_err(cant)?;
    if !length.is_file() || length.len() > LONGEST {
        return Err(refused(format!("{} is no list of files", path.display())));
    }
    let mut ranges = Vec::new();
    let (mut digest, mut sums) = (Sha256::new(), ManifestSums::default());
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read =
            std::io::Read::take(&mut lines, MANIFEST_LINE as u64 + 2).read_until(b'\n', &mut line).map_err(cant)?;
        if read == 0 {
            break;
        }
        digest.update(&line);
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        sums.add_text(text).map_err(refused)?;
        let parsed: ManifestLine = serde_json::from_slice(text).map_err(|e| refused(e.to_string()))?;
        if matches!(parsed.verdict, FileVerdict::ClearedVerified | FileVerdict::OverwrittenUnverified) {
            ranges.extend(parsed.extents.iter().map(|[first, bytes]| ByteRange::new(*first, *bytes)));
        }
    }
    if format!("sha256:{}", hex(&digest.finalize())) != manifest.digest {
        return Err(refused(format!("{} is not the list that it was issued with", path.display())));
    }
    sums.against(files).map_err(refused)?;
    Ok(ranges.into_iter().collect())
}
