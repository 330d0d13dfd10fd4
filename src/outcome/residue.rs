//! What is left of files after their blocks were dealt with.

use serde::{Deserialize, Serialize};

use super::said::{Said, sentences};

/// What is left, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ResidueKind {
    /// Content, in the blocks of the files themselves.
    Content,
    /// Content in a snapshot.
    Snapshots,
    /// Content in extents that other files share.
    SharedExtents,
    /// Content in the inode or in a metadata block.
    InlineData,
    /// Content in the journal of the filesystem.
    Journal,
    /// Extended attributes.
    Xattrs,
    /// Content in a layer below an overlay.
    LowerLayers,
    /// Content in swap.
    Swap,
    /// Earlier versions, in blocks that were freed before.
    OlderVersions,
    /// Free blocks that could not be reached.
    FreeSpace,
    /// Older copies of blocks in cells that a drive keeps to itself.
    FlashRemaps,
    /// Names of files and directories.
    Names,
}

impl ResidueKind {
    /// Every kind.
    pub const ALL: [ResidueKind; 12] = [
        ResidueKind::Content,
        ResidueKind::Snapshots,
        ResidueKind::SharedExtents,
        ResidueKind::InlineData,
        ResidueKind::Journal,
        ResidueKind::Xattrs,
        ResidueKind::LowerLayers,
        ResidueKind::Swap,
        ResidueKind::OlderVersions,
        ResidueKind::FreeSpace,
        ResidueKind::FlashRemaps,
        ResidueKind::Names,
    ];

    /// Whether it is content of the files that were named: where that is certain, nothing is claimed.
    pub fn is_content(self) -> bool {
        match self {
            ResidueKind::Content
            | ResidueKind::Snapshots
            | ResidueKind::SharedExtents
            | ResidueKind::InlineData
            | ResidueKind::Journal
            | ResidueKind::Xattrs
            | ResidueKind::LowerLayers
            | ResidueKind::Swap => true,
            ResidueKind::OlderVersions | ResidueKind::FreeSpace | ResidueKind::FlashRemaps | ResidueKind::Names => {
                false
            }
        }
    }

    /// Whether it keeps the very blocks of a file: such a file can't have been cleared.
    pub fn keeps_blocks(self) -> bool {
        matches!(self, ResidueKind::Content | ResidueKind::Snapshots | ResidueKind::SharedExtents)
    }

    /// The name used in JSON and records.
    pub fn name(self) -> &'static str {
        match self {
            ResidueKind::Content => "content",
            ResidueKind::Snapshots => "snapshots",
            ResidueKind::SharedExtents => "shared-extents",
            ResidueKind::InlineData => "inline-data",
            ResidueKind::Journal => "journal",
            ResidueKind::Xattrs => "xattrs",
            ResidueKind::LowerLayers => "lower-layers",
            ResidueKind::Swap => "swap",
            ResidueKind::OlderVersions => "older-versions",
            ResidueKind::FreeSpace => "free-space",
            ResidueKind::FlashRemaps => "flash-remaps",
            ResidueKind::Names => "names",
        }
    }
}

/// Whether it is known to be left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// It is left.
    Certain,
    /// It may be left: nothing shows that it is not.
    Possible,
}

impl Certainty {
    /// The name used in JSON and records.
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::Possible => "possible",
        }
    }
}

/// One thing that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residue {
    /// What.
    pub kind: ResidueKind,
    /// Whether it is known to be left.
    pub certainty: Certainty,
    /// How many files it concerns; 0 where it is not of single files.
    pub files: u64,
}

impl Residue {
    /// Whether it takes the claim: content that is known to survive.
    pub fn weighs(&self) -> bool {
        self.certainty == Certainty::Certain && self.kind.is_content()
    }
}

sentences! {
    /// What is left: by kind and certainty alone.
    Left "residue" {
        Content = "content",
            "Content is left in blocks of the files themselves.";
        ContentPossible = "content-possible",
            "Content may be left in blocks of the files themselves.";
        Snapshots = "snapshots",
            "Content is left in a snapshot, which keeps the blocks as they were.";
        SnapshotsPossible = "snapshots-possible",
            "Content may be left in snapshots, which keep the blocks as they were: whether there are any could not be found out.";
        SharedExtents = "shared-extents",
            "Content is left in blocks that other files share.";
        SharedExtentsPossible = "shared-extents-possible",
            "Content may be left in blocks that other files share: whether any are shared could not be found out.";
        InlineData = "inline-data",
            "Content is left in metadata of the filesystem, which keeps the content of small files.";
        InlineDataPossible = "inline-data-possible",
            "Content may be left in metadata of the filesystem, which can keep the content of small files.";
        Journal = "journal",
            "Content is left in the journal of the filesystem.";
        JournalPossible = "journal-possible",
            "Content may be left in the journal of the filesystem.";
        Xattrs = "xattrs",
            "Extended attributes of the files are left in blocks of the filesystem.";
        XattrsPossible = "xattrs-possible",
            "Extended attributes of the files may be left in blocks of the filesystem.";
        LowerLayers = "lower-layers",
            "Content is left in a layer below the filesystem that was named.";
        LowerLayersPossible = "lower-layers-possible",
            "Content may be left in a layer below the filesystem that was named.";
        Swap = "swap",
            "Content is left in swap.";
        SwapPossible = "swap-possible",
            "Content that programs had in memory may be left in swap.";
        OlderVersions = "older-versions",
            "Earlier versions of the files are left in blocks that were freed before.";
        OlderVersionsPossible = "older-versions-possible",
            "Earlier versions of the files may be left in blocks that were freed before.";
        FreeSpace = "free-space",
            "Free blocks are left that could not be reached: those that the filesystem keeps for itself, and the ends of its own structures.";
        FreeSpacePossible = "free-space-possible",
            "Free blocks may be left that could not be reached: those that the filesystem keeps for itself, and the ends of its own structures.";
        FlashRemaps = "flash-remaps",
            "Older copies of blocks are left in cells that the drive keeps to itself.";
        FlashRemapsPossible = "flash-remaps-possible",
            "Older copies of blocks may be left in cells that the drive keeps to itself: flash writes each block anew elsewhere, and any \
             drive replaces blocks that went bad.";
        Names = "names",
            "Names of files and directories are left in directories or in the journal of the filesystem.";
        NamesPossible = "names-possible",
            "Names of files and directories may be left in directories or in the journal of the filesystem.";
    }
}

/// The sentence on something that is left, by its kind and certainty.
pub fn said_of_residue(kind: ResidueKind, certainty: Certainty) -> Said {
    use Certainty::{Certain, Possible};
    let left = match (kind, certainty) {
        (ResidueKind::Content, Certain) => Left::Content,
        (ResidueKind::Content, Possible) => Left::ContentPossible,
        (ResidueKind::Snapshots, Certain) => Left::Snapshots,
        (ResidueKind::Snapshots, Possible) => Left::SnapshotsPossible,
        (ResidueKind::SharedExtents, Certain) => Left::SharedExtents,
        (ResidueKind::SharedExtents, Possible) => Left::SharedExtentsPossible,
        (ResidueKind::InlineData, Certain) => Left::InlineData,
        (ResidueKind::InlineData, Possible) => Left::InlineDataPossible,
        (ResidueKind::Journal, Certain) => Left::Journal,
        (ResidueKind::Journal, Possible) => Left::JournalPossible,
        (ResidueKind::Xattrs, Certain) => Left::Xattrs,
        (ResidueKind::Xattrs, Possible) => Left::XattrsPossible,
        (ResidueKind::LowerLayers, Certain) => Left::LowerLayers,
        (ResidueKind::LowerLayers, Possible) => Left::LowerLayersPossible,
        (ResidueKind::Swap, Certain) => Left::Swap,
        (ResidueKind::Swap, Possible) => Left::SwapPossible,
        (ResidueKind::OlderVersions, Certain) => Left::OlderVersions,
        (ResidueKind::OlderVersions, Possible) => Left::OlderVersionsPossible,
        (ResidueKind::FreeSpace, Certain) => Left::FreeSpace,
        (ResidueKind::FreeSpace, Possible) => Left::FreeSpacePossible,
        (ResidueKind::FlashRemaps, Certain) => Left::FlashRemaps,
        (ResidueKind::FlashRemaps, Possible) => Left::FlashRemapsPossible,
        (ResidueKind::Names, Certain) => Left::Names,
        (ResidueKind::Names, Possible) => Left::NamesPossible,
    };
    left.into()
}
