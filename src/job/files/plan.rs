//! What `wipe` would do to files, and why. Goes over all of them, and changes nothing.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::refusals::{Refusals, problem, trim_helps};
use super::{Options, Wanted, planned};
use crate::device::Inventory;
use crate::files::Obstacle;
use crate::files::ground::{Ground, Removed, Settled};
use crate::files::walk::{self, Found, Lookout, OpenHow, Root, Visit};
use crate::job::plan::{PlannedPass, common_rate, passes};
use crate::job::{Request, refusals};
use crate::media::{Method, TechniqueId, VerifyKind};
use crate::outcome::{Claim, FileCounts, FilesEvidence, FilesSubject, Verdict, said_of_residue};
use crate::problem::{Kind, Problem};

/// The plan for files of one filesystem.
#[derive(Serialize)]
pub struct FilesPlan {
    /// What was named.
    pub subject: FilesSubject,
    /// The filesystem, as the kernel calls it.
    pub filesystem: String,
    /// Its block device, where it has one.
    pub device: Option<String>,
    /// Method asked for.
    pub method: Method,
    /// Always `overwrite`.
    pub technique: TechniqueId,
    /// Plain files found.
    pub count: u64,
    /// Their sizes in bytes.
    pub bytes: u64,
    /// Bytes of the blocks that they occupy, as the filesystem tells.
    pub block_bytes: u64,
    /// Directories found.
    pub directories: u64,
    /// Symbolic links found: removed, never followed.
    pub links: u64,
    /// FIFOs, sockets and device nodes found: left alone.
    pub left: u64,
    /// Files that can't be overwritten in place, and are to be released and trimmed.
    pub released: u64,
    /// The passes of the overwrite.
    pub passes: Vec<PlannedPass>,
    /// Name of the scheme, where one was asked for.
    pub scheme: Option<String>,
    /// Readback.
    pub verify: VerifyKind,
    /// Estimate in milliseconds, at `assumed_bytes_per_second`.
    pub estimated_milliseconds: u64,
    /// The rate that the estimate assumes.
    pub assumed_bytes_per_second: u64,
    /// The most that the result could claim.
    pub claim: Claim,
    /// That claim in words.
    pub statement: String,
    /// What will be left, in words.
    pub residue: Vec<String>,
    /// Why `wipe` will refuse; empty if it will not.
    #[serde(serialize_with = "refusals::as_json")]
    pub refusals: Vec<Problem>,
    /// What the operator should know.
    pub warnings: Vec<String>,
    /// What was asked for.
    #[serde(skip)]
    pub(super) request: Request,
    #[serde(skip)]
    pub(super) wanted: Wanted,
    #[serde(skip)]
    pub(super) options: Options,
    #[serde(skip)]
    pub(super) ground: Ground,
    #[serde(skip)]
    pub(super) roots: Vec<Root>,
    #[serde(skip)]
    pub(super) none_yet: FilesEvidence,
}

impl FilesPlan {
    /// What it is about, in words.
    pub fn what(&self) -> String {
        match self.subject {
            FilesSubject::FreeSpace => format!("the free space of a {} filesystem", self.filesystem),
            FilesSubject::Files => {
                let files = if self.count == 1 { "1 file".into() } else { format!("{} files", self.count) };
                let directories = match self.directories {
                    0 => String::new(),
                    1 => " in 1 directory".into(),
                    count => format!(" in {count} directories"),
                };
                format!("{files}{directories}, {} bytes", self.bytes)
            }
        }
    }

    /// Serial number of the medium below, where known.
    pub fn serial(&self) -> Option<String> {
        self.ground.medium.as_ref()?.identity.serial.as_ref().map(|serial| serial.value.clone())
    }

    /// Property number, as given.
    pub fn property(&self) -> Option<&str> {
        self.request.property.as_deref()
    }
}

/// The plan for what was named. `own`, where it is about to be carried out: directories and files that this program writes to, which must not be
/// among it; then what is still in memory is written to the filesystem first, so that it has its place when it is looked at.
///
/// # Errors
/// A target that can't be planned for at all (no such path, targets on several filesystems); a refusal stands in the plan.
pub fn plan_files(
    inventory: &Inventory,
    wanted: &Wanted,
    options: Options,
    request: &Request,
    own: Option<&[&Path]>,
) -> Result<FilesPlan, Problem> {
    let paths = match wanted {
        Wanted::Paths(paths) => paths.clone(),
        Wanted::FreeSpace(directory) => vec![directory.clone()],
    };
    let subject = match wanted {
        Wanted::Paths(_) => FilesSubject::Files,
        Wanted::FreeSpace(_) => FilesSubject::FreeSpace,
    };
    let (roots, ground) = match wanted {
        Wanted::Paths(_) => roots(inventory, &paths)?,
        Wanted::FreeSpace(directory) => (Vec::new(), Ground::of(inventory, &held_directory(directory)?)?),
    };
    let mut found = Survey {
        ground: &ground,
        lookout: Arc::new(Lookout::new(&inventory.roots.proc, &inventory.roots.sys)),
        options,
        verify: request.verify.unwrap_or(VerifyKind::Full),
        tally: Tally::default(),
        refusals: Refusals::default(),
    };
    general(&mut found.refusals, request, &paths);
    match subject {
        FilesSubject::Files => {
            nested(&roots, &paths)?;
            if let (Some(_), Some(root)) = (own, roots.first()) {
                let _ = crate::sys::settle::filesystem(root.parent().held());
            }
            for (root, path) in roots.iter().zip(&paths) {
                found.refusals_of_own(root, path, own.unwrap_or_default());
                walk::walk(root, &mut found)?;
            }
        }
        FilesSubject::FreeSpace => paths.iter().try_for_each(|directory| found.free_space(directory))?,
    }
    let Survey { tally, refusals, verify, .. } = found;
    let medium = ground.medium.clone().unwrap_or_else(|| planned::no_medium(&ground));
    let (passes, scheme) = passes(&medium, request)?;
    let mut none_yet = planned::none_yet(&ground, subject, options.keep);
    let going = Removed { names: tally.count + tally.directories > 0 && !options.keep, xattrs: tally.xattrs > 0 };
    super::residue::merge(&mut none_yet, &ground.residue(going, &tally.obstacles, &Settled::NOTHING));
    let residue = none_yet.residue.iter().map(|left| said_of_residue(left.kind, left.certainty).english).collect();
    let foreseen = FilesEvidence {
        count: tally.count,
        verdicts: FileCounts { cleared_verified: tally.count, ..FileCounts::default() },
        ..none_yet.clone()
    };
    let evidence = planned::evidence(&medium, &foreseen, request.method, passes.len(), verify);
    none_yet.residue.clear();
    let claim = match verify {
        VerifyKind::Full if tally.released == 0 && !none_yet.redirected => Verdict::best_claim(&evidence),
        _ => Claim::None,
    };
    let rate = request.max_rate.unwrap_or_else(|| common_rate(&medium)).max(1);
    let sweeps = passes.len() as u128 + u128::from(verify == VerifyKind::Full);
    let milliseconds = u128::from(tally.block_bytes) * sweeps * 1000 / u128::from(rate) + u128::from(tally.count) / 2;
    Ok(FilesPlan {
        subject,
        filesystem: ground.name.clone(),
        device: ground.node.as_ref().map(|node| node.display().to_string()),
        method: request.method,
        technique: TechniqueId::Overwrite,
        count: tally.count,
        bytes: tally.bytes,
        block_bytes: tally.block_bytes,
        directories: tally.directories,
        links: tally.links,
        left: tally.left,
        released: tally.released,
        passes,
        scheme,
        verify,
        estimated_milliseconds: u64::try_from(milliseconds).unwrap_or(u64::MAX),
        assumed_bytes_per_second: rate,
        claim,
        statement: Verdict::limits(&evidence, claim),
        residue,
        refusals: refusals.told(),
        warnings: warnings(&ground, &tally, subject, verify),
        request: request.clone(),
        wanted: wanted.clone(),
        options,
        ground,
        roots,
        none_yet,
    })
}

/// Takes hold of every target; all must lie on one filesystem.
fn roots(inventory: &Inventory, paths: &[PathBuf]) -> Result<(Vec<Root>, Ground), Problem> {
    let roots = paths.iter().map(|path| Root::open(path)).collect::<Result<Vec<_>, _>>()?;
    let (Some(first), Some(name)) = (roots.first(), paths.first()) else {
        return Err(Problem::new(Kind::Usage, "nothing is named", "Name a file or directory."));
    };
    if let Some((_, other)) = roots.iter().zip(paths).find(|(root, _)| root.device() != first.device()) {
        return Err(Problem::refused(
            format!("{} and {} lie on different filesystems", name.display(), other.display()),
            "Erase the files of each filesystem in a command of its own: each has its own record.",
        ));
    }
    // The directory above is held for reading, and on the same filesystem: nothing is mounted on a target.
    let ground = Ground::of(inventory, first.parent().held())?;
    Ok((roots, ground))
}

/// The directory whose filesystem's free space is meant.
pub(super) fn held_directory(path: &Path) -> Result<File, Problem> {
    let held = File::open(path).and_then(|file| Ok((file.metadata()?.is_dir(), file)));
    match held {
        Ok((true, file)) => Ok(file),
        Ok((false, _)) => {
            Err(Problem::refused(format!("{} is no directory", path.display()), "Name a directory on the filesystem."))
        }
        Err(e) => Err(Problem::error(
            format!("{} can't be opened: {e}", path.display()),
            "Name a directory on the filesystem.",
        )),
    }
}

/// What holds for every file: method, technique, readback.
fn general(refusals: &mut Refusals, request: &Request, paths: &[PathBuf]) {
    let shown = paths.first().map(|path| path.display().to_string()).unwrap_or_default();
    if request.method != Method::Clear {
        refusals.add(Problem::refused(
            format!("{shown}: no technique for files, free space or swap counts as Purge (NIST SP 800-88)"),
            "Take --method clear, or purge the whole device that holds it.",
        ));
    }
    if let Some(technique) = request.technique.filter(|technique| *technique != TechniqueId::Overwrite) {
        refusals.add(Problem::refused(
            format!("{shown}: {} works on whole devices, not on files", technique.name()),
            "Leave --technique out.",
        ));
    }
    if request.verify == Some(VerifyKind::Sampled) {
        refusals.add(Problem::refused(
            format!("{shown}: files are read back in full or not at all"),
            "Leave --verify out.",
        ));
    }
}

/// One target inside another would be erased twice.
fn nested(roots: &[Root], paths: &[PathBuf]) -> Result<(), Problem> {
    let whole = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
    let mut sorted: Vec<(PathBuf, &PathBuf)> = paths.iter().map(|path| (whole(path), path)).collect();
    sorted.sort();
    let mut ids: Vec<_> = roots.iter().map(|root| (root.device(), root.stat().inode)).zip(paths).collect();
    ids.sort();
    let inside = sorted.windows(2).find_map(|pair| match pair {
        [(above, first), (below, second)] if below.starts_with(above) => Some((*first, *second)),
        _ => None,
    });
    let same = ids.windows(2).find_map(|pair| match pair {
        [(one, first), (other, second)] if one == other => Some((*first, *second)),
        _ => None,
    });
    // Two names of one file are hard links, which are told as such.
    match inside.or(same.filter(|(first, _)| first.is_dir())) {
        None => Ok(()),
        Some((first, second)) => Err(Problem::refused(
            format!("{} and {} name the same files", first.display(), second.display()),
            "Name each tree once.",
        )),
    }
}

#[derive(Default)]
struct Tally {
    count: u64,
    bytes: u64,
    block_bytes: u64,
    directories: u64,
    links: u64,
    left: u64,
    released: u64,
    xattrs: u64,
    obstacles: Vec<Obstacle>,
}

struct Survey<'a> {
    ground: &'a Ground,
    lookout: Arc<Lookout>,
    options: Options,
    verify: VerifyKind,
    tally: Tally,
    refusals: Refusals,
}

impl Survey<'_> {
    /// Refuses a tree that holds what this program writes to.
    fn refusals_of_own(&mut self, root: &Root, path: &Path, own: &[&Path]) {
        for place in own {
            let absolute = std::path::absolute(place).unwrap_or_else(|_| place.to_path_buf());
            let mut at = absolute.ancestors().find_map(|above| above.canonicalize().ok());
            while let Some(directory) = at {
                let is_root =
                    fs::metadata(&directory).is_ok_and(|m| (m.dev(), m.ino()) == (root.device(), root.stat().inode));
                if is_root {
                    self.refusals.add(Problem::refused(
                        format!("{} holds {}, which radera writes to", path.display(), place.display()),
                        "Name a place outside of it with --out, --state or --case.",
                    ));
                    break;
                }
                at = directory.parent().map(Path::to_path_buf);
            }
        }
    }

    fn free_space(&mut self, directory: &Path) -> Result<(), Problem> {
        let ground = self.ground;
        // What fills a filesystem that never overwrites in place can't be overwritten there either.
        let moves = (!ground.overwrites_in_place()).then_some(&Obstacle::CopyOnWrite);
        for obstacle in ground.obstacles.iter().chain(moves) {
            if !self.overcome(obstacle) {
                self.refusals.add(problem(directory, obstacle));
            }
        }
        self.tally.block_bytes = crate::sys::filesystem::free_bytes(directory).map_err(|e| {
            Problem::error(
                format!("the free space of {} can't be found out: {e}", directory.display()),
                "Check the filesystem.",
            )
        })?;
        Ok(())
    }

    fn overcome(&self, obstacle: &Obstacle) -> bool {
        match obstacle {
            Obstacle::HardLinks(_) => self.options.hardlinks,
            Obstacle::Immutable => self.options.lift_attributes,
            Obstacle::DeviceUnreadable(_) if self.verify == VerifyKind::None => true,
            other => self.options.accept_trim && trim_helps(other),
        }
    }
}

impl Visit for Survey<'_> {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.tally.count += 1;
        self.tally.bytes = self.tally.bytes.saturating_add(found.stat.size_bytes);
        self.tally.block_bytes = self.tally.block_bytes.saturating_add(found.stat.blocks_bytes);
        let how =
            OpenHow { lift_attributes: false, hardlinks: self.options.hardlinks, lookout: Arc::clone(&self.lookout) };
        let mut obstacles = Vec::new();
        if let Some(obstacle) = elsewhere(self.ground) {
            // Merely opening a file for writing copies it up on an overlay.
            self.refusals.add(problem(found.path, obstacle));
            return Ok(());
        }
        match walk::open(found, &how) {
            Ok(opened) => {
                obstacles.extend(self.ground.obstacles_of(&opened.file));
                self.tally.xattrs += u64::from(opened.content_attributes().unwrap_or(1) > 0);
            }
            Err(obstacle) => obstacles.push(obstacle),
        }
        for obstacle in &obstacles {
            if !self.overcome(obstacle) {
                self.refusals.add(problem(found.path, obstacle));
            }
        }
        self.tally.released += u64::from(self.options.accept_trim && obstacles.iter().any(trim_helps));
        for obstacle in obstacles {
            if self.tally.obstacles.len() < 16 && !self.tally.obstacles.contains(&obstacle) {
                self.tally.obstacles.push(obstacle);
            }
        }
        Ok(())
    }

    fn link(&mut self, _found: &Found<'_>) -> Result<(), Problem> {
        self.tally.links += 1;
        Ok(())
    }

    fn special(&mut self, _found: &Found<'_>) -> Result<(), Problem> {
        self.tally.left += 1;
        Ok(())
    }

    fn boundary(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.refusals.add(Problem::refused(
            format!("{}: another filesystem is mounted there", found.path.display()),
            "Unmount it, and erase it in a command of its own.",
        ));
        Ok(())
    }

    fn enter(&mut self, found: &Found<'_>) -> Result<bool, Problem> {
        if found.stat.immutable && !self.options.keep {
            self.refusals.add(Problem::refused(
                format!("the directory {} is protected against changes (chattr +i or +a)", found.path.display()),
                "Take that away: chattr -i -a DIRECTORY.",
            ));
        }
        Ok(true)
    }

    fn leave(&mut self, _found: &Found<'_>) -> Result<(), Problem> {
        self.tally.directories += 1;
        Ok(())
    }
}

/// Why no file of this filesystem may even be opened.
pub(super) fn elsewhere(ground: &Ground) -> Option<&Obstacle> {
    ground.obstacles.iter().find(|obstacle| matches!(obstacle, Obstacle::Elsewhere(_) | Obstacle::ReadOnly))
}

fn warnings(ground: &Ground, tally: &Tally, subject: FilesSubject, verify: VerifyKind) -> Vec<String> {
    let mut warnings = Vec::new();
    if verify == VerifyKind::None {
        warnings.push("Nothing will be read back: the status will be 'unverified' and nothing will be claimed.".into());
    }
    if let Some(layer) = &ground.redirected {
        warnings
            .push(format!("What lies below may write elsewhere than it is told ({layer}): nothing can be claimed."));
    }
    if tally.left > 0 {
        warnings.push(format!("{} FIFOs, sockets or device nodes will be left alone.", tally.left));
    }
    if tally.released > 0 {
        warnings.push(format!(
            "{} files will be released and trimmed, not overwritten in place (exit code 4).",
            tally.released
        ));
    }
    if subject == FilesSubject::FreeSpace {
        warnings.push("While it is filled, other programs find the filesystem full.".into());
    }
    warnings
}
