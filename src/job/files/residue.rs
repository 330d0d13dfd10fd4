//! What a filesystem keeps, in the words of evidence.

use crate::files::ground::{Leftover, Remains};
use crate::outcome::{Certainty, FilesEvidence, Residue, ResidueKind};

/// The kind in evidence.
fn kind(left: Leftover) -> ResidueKind {
    match left {
        Leftover::Names => ResidueKind::Names,
        Leftover::Xattrs => ResidueKind::Xattrs,
        Leftover::Journal => ResidueKind::Journal,
        Leftover::Snapshots => ResidueKind::Snapshots,
        Leftover::SharedExtents => ResidueKind::SharedExtents,
        Leftover::OlderVersions => ResidueKind::OlderVersions,
        Leftover::Swap => ResidueKind::Swap,
        Leftover::FlashRemaps => ResidueKind::FlashRemaps,
        Leftover::InlineData => ResidueKind::InlineData,
        Leftover::LowerLayers => ResidueKind::LowerLayers,
        Leftover::FreeSpace => ResidueKind::FreeSpace,
    }
}

/// What stands for it in evidence.
pub(super) fn entry(remains: &Remains) -> Residue {
    let certainty = if remains.certain { Certainty::Certain } else { Certainty::Possible };
    Residue { kind: kind(remains.kind), certainty, files: 0 }
}

/// Adds what the filesystem keeps. What was counted file by file meanwhile gets the filesystem's certainty.
pub(super) fn merge(found: &mut FilesEvidence, remains: &[Remains]) {
    for left in remains.iter().map(entry) {
        let of_files = found.residue.iter().filter(|known| known.kind == left.kind).map(|known| known.files).sum();
        found.residue.retain(|known| known.kind != left.kind);
        found.leave(Residue { files: of_files, ..left });
    }
}
