//! What may be said of files and of free space, and what is not covered by it.

use super::said::{Files, Said, sentences};
use super::words::{Limit, layered};
use super::{Claim, Evidence, FilesEvidence, FilesSubject, said_of_residue};

sentences! {
    /// What a claim on files says and does not say.
    FilesLimit "files" {
        PartialOfFiles { files: Files } = "partial",
            "Claim: partial Clear, at LBA level, of the blocks that held the content of {files}.";
        LogicalOfFiles { files: Files } = "logical",
            "Claim: logical overwrite, at LBA level, of the blocks that held the content of {files}, on the device that the filesystem \
             lies on.";
        PartialOfFreeSpace { bytes: u64 } = "partial-of-free-space",
            "Claim: partial Clear, at LBA level, of {bytes} bytes in blocks that belonged to no file.";
        LogicalOfFreeSpace { bytes: u64 } = "logical-of-free-space",
            "Claim: logical overwrite, at LBA level, of {bytes} bytes in blocks that belonged to no file, on the device that the \
             filesystem lies on.";
        Mapped = "mapped", "Which blocks those are is the filesystem's own word.";
        NotCovered = "not-covered",
            "Not covered are names, earlier versions, copies elsewhere and the rest of the medium: nothing is said of them.";
        FillNotCovered = "fill-not-covered",
            "Not covered are blocks that filling the filesystem does not reach, what its files hold, and the rest of the medium: nothing \
             is said of them.";
        Redirected = "redirected",
            "A layer below may write elsewhere than it is told, or what lies below can't be known: what was overwritten need not be where \
             the content was.";
        Kept = "kept", "The files themselves stay: that was asked for.";
        LeftAlone { left: u64 } = "left-alone", "FIFOs, sockets and device nodes that were left alone: {left}.";
    }
}

/// What a claim says and does not say, for files.
pub(super) fn limits(e: &Evidence, f: &FilesEvidence, claim: Claim) -> Vec<Said> {
    let (files, bytes) = (|| Files(f.count), f.extent_bytes);
    let mut said: Vec<Said> = Vec::new();
    match (claim, f.subject) {
        (Claim::PartialClear, FilesSubject::Files) => said.push(FilesLimit::PartialOfFiles { files: files() }.into()),
        (Claim::PartialClear, FilesSubject::FreeSpace) => said.push(FilesLimit::PartialOfFreeSpace { bytes }.into()),
        (Claim::LogicalOverwrite, FilesSubject::Files) => {
            said.push(FilesLimit::LogicalOfFiles { files: files() }.into())
        }
        (Claim::LogicalOverwrite, FilesSubject::FreeSpace) => {
            said.push(FilesLimit::LogicalOfFreeSpace { bytes }.into())
        }
        // No technique on files is Purge, and no file is a whole medium.
        (Claim::None | Claim::Purge | Claim::Clear, _) => {
            said.push(Limit::Nothing.into());
            said.extend(left(f));
            return said;
        }
    }
    said.push(FilesLimit::Mapped.into());
    if claim == Claim::PartialClear {
        said.extend([Limit::ClearIsNotPurge, Limit::SpareNotReached].map(Said::from));
    } else {
        said.push(layered(e).into());
    }
    said.push(match f.subject {
        FilesSubject::Files => FilesLimit::NotCovered.into(),
        FilesSubject::FreeSpace => FilesLimit::FillNotCovered.into(),
    });
    said.extend(left(f));
    said
}

/// What is left, whatever is claimed.
pub(super) fn left(f: &FilesEvidence) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    if f.redirected {
        said.push(FilesLimit::Redirected.into());
    }
    said.extend(f.residue.iter().map(|left| said_of_residue(left.kind, left.certainty)));
    if f.kept {
        said.push(FilesLimit::Kept.into());
    }
    if f.left > 0 {
        said.push(FilesLimit::LeftAlone { left: f.left }.into());
    }
    said
}
