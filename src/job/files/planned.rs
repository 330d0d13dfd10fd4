//! Evidence of a job on files: before it begins, and from how far it is.

use crate::files::ground::{FsKind, Ground};
use crate::job::evidence as devices;
use crate::journal::JobState;
use crate::media::{Bus, Identity, Layer, Medium, Method, Node, Rotation, TechniqueId, VerifyKind, Zoned};
use crate::outcome::{
    BadRange, End, Evidence, FileCounts, FilesEvidence, FilesManifest, FilesMapping, FilesSubject, PassEvidence, Scope,
    ScopeKind, Trouble, VerificationEvidence,
};

/// What stands for the medium of a filesystem that has no block device.
pub(super) fn no_medium(ground: &Ground) -> Medium {
    let name = ground.name.clone();
    Medium {
        identity: Identity {
            path: name.clone(),
            kernel_name: name.clone(),
            device_number: (0, 0),
            vendor: None,
            model: None,
            firmware: None,
            serial: None,
            wwn: None,
            size_bytes: 0,
            offset_bytes: 0,
            logical_block_bytes: ground.block_bytes,
            physical_block_bytes: ground.block_bytes,
            disk_sequence: None,
            backing: None,
        },
        node: Node::Disk,
        bus: Bus::Unknown,
        rotation: Rotation::Unknown,
        removable: false,
        read_only: ground.read_only,
        zoned: Zoned::None,
        partitions: Vec::new(),
        partition_of: None,
        signatures: None,
        other_paths: Vec::new(),
        siblings: None,
        capabilities: None,
        layers: vec![Layer { kind: "unknown".into(), detail: format!("{name}, a filesystem without a block device") }],
        uses: Vec::new(),
        max_io_bytes: 0,
        optimal_io_bytes: 0,
    }
}

/// How the filesystem is asked where blocks lie.
fn mapping(ground: &Ground) -> FilesMapping {
    match ground.kind {
        _ if !ground.kind.has_blocks() => FilesMapping::None,
        FsKind::Btrfs => FilesMapping::BtrfsChunkTree,
        _ => FilesMapping::Fiemap,
    }
}

/// What is known before anything was done.
pub(super) fn none_yet(ground: &Ground, subject: FilesSubject, kept: bool) -> FilesEvidence {
    FilesEvidence {
        subject,
        filesystem: ground.name.clone(),
        mapping: mapping(ground),
        redirected: ground.redirected.is_some(),
        device_bytes: ground.medium.as_ref().map_or(0, |medium| medium.identity.size_bytes),
        count: 0,
        bytes: 0,
        extents: 0,
        extent_bytes: 0,
        trimmed_bytes: 0,
        verdicts: FileCounts::default(),
        residue: Vec::new(),
        steps: Vec::new(),
        removed: 0,
        links_removed: 0,
        directories_removed: 0,
        left: 0,
        kept,
        extents_digest: String::new(),
        manifest: None,
        names: None,
    }
}

/// Evidence of a job that has not begun.
pub(super) fn evidence(
    medium: &Medium,
    files: &FilesEvidence,
    method: Method,
    passes: usize,
    verify: VerifyKind,
) -> Evidence {
    let kind = match files.subject {
        FilesSubject::Files => ScopeKind::Files,
        FilesSubject::FreeSpace => ScopeKind::FreeSpace,
    };
    Evidence {
        scope: Scope { kind, first_byte: medium.identity.offset_bytes, bytes: files.extent_bytes },
        files: Some(Box::new(files.clone())),
        ..devices::planned(medium, method, Some(TechniqueId::Overwrite), passes, verify)
    }
}

/// What was found out so far, with the list of files that lies beside the record.
pub(in crate::job) fn found(
    state: &JobState,
    manifest: Option<FilesManifest>,
    names: Option<Vec<String>>,
    extents_digest: String,
    end: End,
) -> Evidence {
    let plan = &state.plan;
    let Some(files) = &state.files else { return devices::of(state, None, end, 0) };
    let mut found = files.found.clone();
    found.manifest = manifest;
    found.names = names;
    found.extents_digest = extents_digest;
    let bytes = found.extent_bytes;
    let bad = |of: &dyn Fn(&BadRange) -> bool| -> u64 { files.bad.iter().filter(|b| of(b)).map(|b| b.bytes).sum() };
    let passes = plan.passes.iter().zip(&files.passes).map(|(pass, (written, milliseconds))| {
        let failed = bad(&|b| b.pass == pass.number && b.kind == Trouble::WriteFailed);
        PassEvidence {
            number: pass.number,
            pattern: pass.pattern.clone(),
            bytes_written: *written,
            milliseconds: *milliseconds,
            complete: end == End::Completed && written.saturating_add(failed) >= bytes,
        }
    });
    let unread = bad(&|b| b.kind == Trouble::Unreadable);
    let verification = (plan.verify != VerifyKind::None && bytes > 0).then(|| VerificationEvidence {
        kind: plan.verify,
        complete: end == End::Completed && files.bytes_read.saturating_add(unread) >= bytes,
        bytes_planned: bytes,
        bytes_read: files.bytes_read,
        mismatches: files.mismatches,
        unreadable: files.unreadable,
        seed: None,
        cells: None,
        milliseconds: files.read_milliseconds,
    });
    Evidence {
        passes: passes.collect(),
        verification,
        bad: files.bad.clone(),
        bad_left_out: files.bad_left_out,
        end,
        ..evidence(&plan.medium, &found, plan.method, plan.passes.len(), plan.verify)
    }
}
