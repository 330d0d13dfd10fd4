//! Whether what a record says of files agrees with itself. What may be claimed of them, the verdict looks; these are the rules that hold
//! however the job ended.

use crate::document::{FilesEntry, Record, is_digest};
use crate::outcome::{FilesMapping, FilesStep, FilesSubject, ScopeKind, said_of_residue};

/// The longest name that a filesystem has.
const NAME_LIMIT: usize = 32;

fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

/// The blocks of files lie on the filesystem's device, and that within the medium.
pub(super) fn scope(r: &Record) -> Result<(), String> {
    let Some(f) = &r.files else { return Err("files were named, and nothing is said of them".into()) };
    let device = r.scope.first_byte.checked_add(f.device_bytes).is_some_and(|end| end <= r.medium.size_bytes);
    ensure(device, "the filesystem lies outside the medium")?;
    ensure(r.scope.bytes == f.extent_bytes, "the scope is not what the extents hold")
}

/// What is told of files is of one job, and no more than there was.
pub(super) fn files(r: &Record) -> Result<(), String> {
    let subject = match r.scope.kind {
        ScopeKind::Files => Some(FilesSubject::Files),
        ScopeKind::FreeSpace => Some(FilesSubject::FreeSpace),
        _ => None,
    };
    ensure(r.files.as_ref().map(|f| f.subject) == subject, "files are told of, and something else was named")?;
    ensure(
        r.files.is_some() == r.residue.is_some(),
        "files without a word on what is left of them, or that without files",
    )?;
    let Some(f) = &r.files else { return Ok(()) };
    let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    ensure(
        !f.filesystem.is_empty() && f.filesystem.len() <= NAME_LIMIT && f.filesystem.chars().all(name),
        "the filesystem has no name that a filesystem has",
    )?;
    let by_chunks = f.mapping == FilesMapping::BtrfsChunkTree;
    ensure(
        f.mapping == FilesMapping::None || by_chunks == (f.filesystem == "btrfs"),
        "the blocks can't have been found in this way on this filesystem",
    )?;
    ensure(f.verdicts.total() <= f.count, "more files came to a verdict than there are")?;
    let listed = (f.extents > 0) == (f.extent_bytes > 0) && f.extents <= f.extent_bytes;
    ensure(listed && f.extent_bytes <= f.device_bytes, "the extents do not add up, or are more than the device holds")?;
    let trims = f.steps.iter().map(|step| if let FilesStep::Trimmed { bytes } = step { *bytes } else { 0 });
    ensure(trims.fold(0, u64::saturating_add) == f.trimmed_bytes, "the steps did not trim what is said to be trimmed")?;
    ensure(is_digest(&f.extents_digest), "the digest of the extents is no SHA-256 digest")?;
    residue(r, f)?;
    manifest(r, f)
}

/// Each thing that is left stands once, in order, and is of no more files than there are.
fn residue(r: &Record, f: &FilesEntry) -> Result<(), String> {
    let left = r.residue.as_deref().unwrap_or_default();
    let ascending = left.windows(2).all(|pair| matches!(pair, [a, b] if (a.kind, a.certainty) < (b.kind, b.certainty)));
    ensure(ascending, "what is left is not sorted, or stands there twice")?;
    let fits = left.iter().all(|left| !left.kind.is_content() || left.files <= f.count);
    ensure(fits, "something is left of more files than there are")
}

fn manifest(r: &Record, f: &FilesEntry) -> Result<(), String> {
    let Some(manifest) = &f.manifest else { return Ok(()) };
    // The name is looked for on the reader's disk.
    ensure(manifest.file == format!("{}.files.jsonl", r.id), "the list of files is not named after the record")?;
    ensure(is_digest(&manifest.digest), "the digest of the list of files is no SHA-256 digest")?;
    ensure(manifest.lines >= f.verdicts.total(), "the list of files has fewer lines than there are files")
}

/// The sentences on what is left are those that this version writes.
pub(super) fn words(r: &Record) -> Result<(), String> {
    for left in r.residue.iter().flatten() {
        let follows = said_of_residue(left.kind, left.certainty).english;
        if left.detail != follows {
            let kind = left.kind.name();
            return Err(format!("of {kind} it says {:?}, and what follows is {follows:?}", left.detail));
        }
    }
    Ok(())
}
