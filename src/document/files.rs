//! What a record says of files, and the way from evidence to it and back.

use serde::{Deserialize, Serialize};

use super::Record;
use crate::outcome::{
    Certainty, Evidence, FileCounts, FilesEvidence, FilesManifest, FilesMapping, FilesStep, FilesSubject, Residue,
    ResidueKind, said_of_residue,
};

/// What was found of files, or of the free space of a filesystem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FilesEntry {
    /// What was named.
    pub subject: FilesSubject,
    /// The filesystem, as the kernel calls it.
    pub filesystem: String,
    /// How it was found out which bytes of the device hold a file.
    pub mapping: FilesMapping,
    /// A layer below writes elsewhere than it is told, or what lies below can't be known.
    pub redirected: bool,
    /// Size in bytes of the device that the filesystem lies on, from the scope's first byte on; 0 where there is none. Offsets in
    /// `exceptions` and in the manifest count from its first byte.
    pub device_bytes: u64,
    /// Files found and dealt with.
    pub count: u64,
    /// Their sizes, in bytes.
    pub bytes: u64,
    /// Extents that were overwritten.
    pub extents: u64,
    /// Bytes in them.
    pub extent_bytes: u64,
    /// Bytes that were trimmed, by the kernel's word.
    pub trimmed_bytes: u64,
    /// How many files came to each verdict.
    pub verdicts: FileCounts,
    /// What was done beside the overwriting, in order.
    pub steps: Vec<FilesStep>,
    /// Files that were removed.
    pub removed: u64,
    /// Symbolic links that were removed.
    pub links_removed: u64,
    /// Directories that were removed.
    pub directories_removed: u64,
    /// FIFOs, sockets and device nodes that were left alone.
    pub left: u64,
    /// The files stay, overwritten: it was asked for.
    pub kept: bool,
    /// `sha256:` and the digest over the list of extents.
    pub extents_digest: String,
    /// The list of files beside the record; `None` where there is none.
    pub manifest: Option<FilesManifest>,
    /// The first paths of that list, at most a thousand, where names were asked for; absent else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<String>>,
}

/// One thing that is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResidueEntry {
    /// What.
    pub kind: ResidueKind,
    /// Whether it is known to be left.
    pub certainty: Certainty,
    /// How many files it concerns; 0 where it is not of single files.
    pub files: u64,
    /// The same in a sentence.
    pub detail: String,
}

/// The entry on files of a record; `None` of a job on a device.
pub fn files_entry(evidence: &Evidence) -> Option<FilesEntry> {
    let found = evidence.files.as_deref()?;
    Some(FilesEntry {
        subject: found.subject,
        filesystem: found.filesystem.clone(),
        mapping: found.mapping,
        redirected: found.redirected,
        device_bytes: found.device_bytes,
        count: found.count,
        bytes: found.bytes,
        extents: found.extents,
        extent_bytes: found.extent_bytes,
        trimmed_bytes: found.trimmed_bytes,
        verdicts: found.verdicts,
        steps: found.steps.clone(),
        removed: found.removed,
        links_removed: found.links_removed,
        directories_removed: found.directories_removed,
        left: found.left,
        kept: found.kept,
        extents_digest: found.extents_digest.clone(),
        manifest: found.manifest.clone(),
        names: found.names.clone(),
    })
}

/// What is left, as a record has it; `None` of a job on a device.
pub fn residue_entries(evidence: &Evidence) -> Option<Vec<ResidueEntry>> {
    let entry = |left: &Residue| ResidueEntry {
        kind: left.kind,
        certainty: left.certainty,
        files: left.files,
        detail: said_of_residue(left.kind, left.certainty).english,
    };
    Some(evidence.files.as_deref()?.residue.iter().map(entry).collect())
}

/// The evidence on files that `record` states.
///
/// # Errors
/// Files without the list of what is left, or that list without files.
pub(super) fn evidence(record: &Record) -> Result<Option<Box<FilesEvidence>>, String> {
    let (entry, residue) = match (&record.files, &record.residue) {
        (Some(entry), Some(residue)) => (entry, residue),
        (None, None) => return Ok(None),
        _ => return Err("of files and residue, one is missing".into()),
    };
    let left = |left: &ResidueEntry| Residue { kind: left.kind, certainty: left.certainty, files: left.files };
    Ok(Some(Box::new(FilesEvidence {
        subject: entry.subject,
        filesystem: entry.filesystem.clone(),
        mapping: entry.mapping,
        redirected: entry.redirected,
        device_bytes: entry.device_bytes,
        count: entry.count,
        bytes: entry.bytes,
        extents: entry.extents,
        extent_bytes: entry.extent_bytes,
        trimmed_bytes: entry.trimmed_bytes,
        verdicts: entry.verdicts,
        residue: residue.iter().map(left).collect(),
        steps: entry.steps.clone(),
        removed: entry.removed,
        links_removed: entry.links_removed,
        directories_removed: entry.directories_removed,
        left: entry.left,
        kept: entry.kept,
        extents_digest: entry.extents_digest.clone(),
        manifest: entry.manifest.clone(),
        names: entry.names.clone(),
    })))
}
