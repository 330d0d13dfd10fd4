//! What `wipe` would do and why, and the confirmation it asks for. Touches nothing.

use std::path::Path;

use serde::Serialize;

use super::station::boot_id;
use super::swap::PlannedSwap;
use super::{OverwriteChoice, Request, confirm, refusals};
use crate::device::Inventory;
use crate::media::{Bus, Medium, Method, Rotation, Support, TechniqueId, VerifyKind};
use crate::outcome::{Claim, Counts, Verdict};
use crate::pattern::{Pattern, Scheme, StreamSpec};
use crate::problem::Problem;
use crate::technique::{Rung, Wanted, ladder};

/// One planned pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedPass {
    /// Number, from 1.
    pub number: u32,
    /// What is written, by name.
    pub name: String,
    /// What is written; a random pass gets its key when the plan is made. Not shown.
    #[serde(skip)]
    pub pattern: Pattern,
}

/// What the plan of an erase by the drive has besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedErase {
    /// Whose word it is that all data was always encrypted: `drive` or `attested`; for cryptographic erase.
    pub encryption: Option<String>,
    /// What the drive itself expects it to take, in seconds, where it tells.
    pub estimate_seconds: Option<u64>,
    /// The other devices of the drive that it reaches, in words.
    pub reached: Vec<String>,
}

/// The plan for one target.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// The target, as found.
    pub medium: Medium,
    /// Method asked for.
    pub method: Method,
    /// The technique taken; `None`: refused.
    pub technique: Option<TechniqueId>,
    /// Every rung, taken or rejected, with its reason.
    pub rungs: Vec<Rung>,
    /// What an erase by the drive has besides.
    pub erase: Option<PlannedErase>,
    /// The other devices of the drive that the technique reaches as well.
    #[serde(skip)]
    pub siblings: Vec<Medium>,
    /// The passes of an overwrite.
    pub passes: Vec<PlannedPass>,
    /// Name of the scheme, where one was asked for.
    pub scheme: Option<String>,
    /// Readback.
    pub verify: VerifyKind,
    /// Estimate in milliseconds, at `assumed_bytes_per_second`.
    pub estimated_milliseconds: u64,
    /// The rate that the estimate assumes: `--max-rate`, or what media of this kind commonly do.
    pub assumed_bytes_per_second: u64,
    /// The most that the result could claim.
    pub claim: Claim,
    /// That claim in words, with what it will not say.
    pub statement: String,
    /// The confirmation that `wipe` will ask for: the serial, or a token where that is missing or not unique.
    pub confirm: String,
    /// `serial` or `token`.
    pub confirm_kind: String,
    /// Why `wipe` will refuse, each in two sentences; empty if it will not.
    #[serde(serialize_with = "refusals::as_json")]
    pub refusals: Vec<Problem>,
    /// What the operator should know.
    pub warnings: Vec<String>,
    /// The swap area that is taken out of use, overwritten and made anew; `None` where the target is no such thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swap: Option<PlannedSwap>,
    /// What was asked for.
    #[serde(skip)]
    pub request: Request,
}

/// The plan for the block device that `path` names. An error is a target that can't be planned for at all (no such path, not a
/// block device, empty); a refusal stands in the plan.
pub fn plan(inventory: &Inventory, path: &Path, request: &Request) -> Result<Plan, Problem> {
    of_medium(inventory, inventory.examined(path)?, request)
}

/// The plan for a medium that was examined.
pub(super) fn of_medium(inventory: &Inventory, medium: Medium, request: &Request) -> Result<Plan, Problem> {
    let (confirm, confirm_kind) = confirm::demanded(&medium, &inventory.media()?, &boot_id(&inventory.roots));
    let mut plan = assemble(medium, request, confirm, confirm_kind)?;
    if plan.erase.is_some() {
        let siblings = reached(&plan, inventory)?;
        take_in(&mut plan, siblings, &boot_id(&inventory.roots));
    }
    plan.warnings.extend(inventory.blind_spots().iter().cloned());
    Ok(plan)
}

/// The plan for a plain file that stands in for a device (`radera demo` without root).
pub fn plan_plain_file(path: &Path, request: &Request) -> Result<Plan, Problem> {
    let (medium, _held) = crate::device::open_plain_file(path)?;
    let confirm = confirm::token(&medium.identity, "");
    assemble(medium, request, confirm, "token")
}

/// The other devices of the drive that the erase reaches, as they are now.
fn reached(plan: &Plan, inventory: &Inventory) -> Result<Vec<Medium>, Problem> {
    let siblings = plan.medium.siblings.iter().flatten();
    siblings.map(|sibling| inventory.medium(Path::new(&sibling.path))).collect()
}

/// An erase by the drive reaches its other devices: all are listed, all must be free, and one text confirms them together.
pub(super) fn take_in(plan: &mut Plan, siblings: Vec<Medium>, boot: &str) {
    for sibling in &siblings {
        plan.refusals.extend(sibling.uses.iter().map(|u| refusals::in_use(sibling, u)));
    }
    if !siblings.is_empty() {
        let all = std::iter::once(&plan.medium).chain(&siblings).map(|medium| &medium.identity);
        plan.confirm = confirm::token_of_all(all, boot);
        plan.confirm_kind = "token".into();
    }
    plan.siblings = siblings;
}

/// What belongs to an erase by the drive; `None` for an overwrite.
fn planned_erase(medium: &Medium, request: &Request, technique: TechniqueId) -> Option<PlannedErase> {
    if technique == TechniqueId::Overwrite {
        return None;
    }
    let capabilities = medium.capabilities.as_ref()?;
    let by_keys = Counts::of(technique, medium.rotation).by_keys;
    let encryption = match capabilities.encrypts_always {
        _ if !by_keys => None,
        Support::Yes => Some("drive".to_string()),
        _ => request.attest_encryption.then(|| "attested".to_string()),
    };
    let siblings = medium.siblings.iter().flatten();
    let mut reached: Vec<_> = siblings.map(|s| format!("{}, {} bytes", s.path, s.size_bytes)).collect();
    if let Some(namespaces) = &capabilities.namespaces {
        let away = namespaces.all.iter().filter(|id| !namespaces.active.contains(id));
        reached.extend(away.map(|id| format!("namespace {id}, not attached here")));
    }
    let sanitize = &capabilities.sanitize;
    let estimate_seconds = match kind(technique) {
        Some(Kind::Crypto) => sanitize.crypto_seconds,
        Some(Kind::Block) => sanitize.block_seconds,
        Some(Kind::Overwrite) => sanitize.overwrite_seconds,
        None => None,
    };
    Some(PlannedErase { encryption, estimate_seconds, reached })
}

enum Kind {
    Crypto,
    Block,
    Overwrite,
}

fn kind(technique: TechniqueId) -> Option<Kind> {
    use TechniqueId::*;
    match technique {
        AtaSanitizeCrypto | ScsiSanitizeCrypto | NvmeSanitizeCrypto => Some(Kind::Crypto),
        AtaSanitizeBlock | ScsiSanitizeBlock | NvmeSanitizeBlock => Some(Kind::Block),
        AtaSanitizeOverwrite | ScsiSanitizeOverwrite | NvmeSanitizeOverwrite => Some(Kind::Overwrite),
        _ => None,
    }
}

pub(super) fn assemble(
    medium: Medium,
    request: &Request,
    confirm: String,
    confirm_kind: &str,
) -> Result<Plan, Problem> {
    let &Request { method, technique, attest_encryption, .. } = request;
    let rungs = ladder(&medium, Wanted { method, technique, attest_encryption });
    let technique = rungs.iter().find(|rung| rung.taken).map(|rung| rung.technique);
    let erase = technique.and_then(|technique| planned_erase(&medium, request, technique));
    let (passes, scheme) =
        if technique == Some(TechniqueId::Overwrite) { passes(&medium, request)? } else { (Vec::new(), None) };
    let usual = if erase.is_some() { VerifyKind::Sampled } else { VerifyKind::Full };
    let verify = request.verify.unwrap_or(usual);
    let evidence = super::evidence::planned(&medium, request.method, technique, passes.len(), verify);
    let claim =
        if technique.is_some() && verify != VerifyKind::None { Verdict::best_claim(&evidence) } else { Claim::None };
    let rate = request.max_rate.unwrap_or_else(|| common_rate(&medium)).max(1);
    // In hundredths of the medium; a sample reads a tenth and seeks in between.
    let readback = match verify {
        VerifyKind::Full => 100,
        VerifyKind::Sampled => 13,
        VerifyKind::None => 0,
    };
    let sweeps = passes.len() as u128 * 100 + readback;
    let own = erase.as_ref().and_then(|e| e.estimate_seconds).unwrap_or(0);
    let milliseconds = u128::from(medium.identity.size_bytes) * sweeps * 10 / u128::from(rate) + u128::from(own) * 1000;
    Ok(Plan {
        refusals: refusals::of(&medium, request, &rungs),
        warnings: warnings(&medium, verify, scheme.as_deref()),
        method: request.method,
        technique,
        rungs,
        erase,
        siblings: Vec::new(),
        passes,
        scheme,
        verify,
        estimated_milliseconds: u64::try_from(milliseconds).unwrap_or(u64::MAX),
        assumed_bytes_per_second: rate,
        claim,
        statement: super::evidence::could_say(&evidence, claim),
        confirm,
        confirm_kind: confirm_kind.to_string(),
        medium,
        swap: None,
        request: request.clone(),
    })
}

/// The passes of an overwrite, with fresh keys, and the scheme's name.
pub(super) fn passes(medium: &Medium, request: &Request) -> Result<(Vec<PlannedPass>, Option<String>), Problem> {
    let random = || -> Result<Pattern, Problem> {
        Ok(Pattern::Stream { spec: StreamSpec::aes_128_ctr(super::draw::key()?), inverted: false })
    };
    let (mut patterns, scheme) = match &request.overwrite {
        OverwriteChoice::Random => (vec![random()?], None),
        OverwriteChoice::Byte(byte) => (vec![Pattern::Fixed { bytes: vec![*byte] }], None),
        OverwriteChoice::Scheme(name) => {
            let scheme = Scheme::named(name).ok_or_else(|| {
                let known: Vec<_> = Scheme::all().iter().map(|s| s.name).collect();
                Problem::new(
                    crate::problem::Kind::Usage,
                    format!("there is no scheme {name:?}"),
                    format!("Name one of: {}.", known.join(", ")),
                )
            })?;
            // Every key is drawn before the list is made, so that a failing generator is an error and not a zero key.
            let mut keys = (0..scheme.passes.len()).map(|_| super::draw::key()).collect::<Result<Vec<_>, _>>()?;
            (scheme.patterns(|| keys.pop().unwrap_or_default()), Some(name.clone()))
        }
    };
    if scheme.is_none() && medium.wants_complement() {
        patterns.extend(patterns.first().map(Pattern::complement));
    }
    let passes = (1..).zip(patterns).map(|(number, pattern)| PlannedPass { number, name: pattern.name(), pattern });
    Ok((passes.collect(), scheme))
}

/// Bytes per second that media of this kind commonly do when written from end to end; an estimate, and said to be one.
pub(super) fn common_rate(medium: &Medium) -> u64 {
    const MB: u64 = 1_000_000;
    match (medium.bus, medium.rotation) {
        (Bus::Nvme, _) => 1_500 * MB,
        (Bus::Ata | Bus::Scsi, Rotation::Flash) => 400 * MB,
        (Bus::Ata | Bus::Scsi, _) => 150 * MB,
        (Bus::Usb, Rotation::Rotational) => 100 * MB,
        (Bus::Usb, _) => 25 * MB,
        (Bus::Mmc | Bus::Sd, _) => 30 * MB,
        (Bus::Loop | Bus::File | Bus::Zram | Bus::Pmem, _) => 1_000 * MB,
        _ => 150 * MB,
    }
}

fn warnings(medium: &Medium, verify: VerifyKind, scheme: Option<&str>) -> Vec<String> {
    let mut warnings = Vec::new();
    if verify == VerifyKind::None {
        warnings.push("Nothing will be read back: the status will be 'unverified' and nothing will be claimed.".into());
    }
    if scheme.is_some() && medium.rotation != Rotation::Rotational && !medium.is_layered() {
        warnings.push("Several passes wear flash and add nothing on modern media; one pass suffices.".into());
    }
    if medium.rotation == Rotation::Unknown && !medium.is_layered() {
        warnings.push("Whether it is flash can't be told from here: it is treated as flash.".into());
    }
    if medium.bus == Bus::Usb {
        let what = "Model and serial number behind USB may be the bridge's and not the drive's.";
        warnings.push(what.into());
    }
    if medium.signatures.is_none() {
        warnings.push("What it holds can't be read, at least in part.".into());
    }
    if let Some(signatures) = &medium.signatures {
        let kinds: Vec<_> = signatures.iter().map(|s| s.kind.as_str()).collect();
        if !kinds.is_empty() {
            warnings.push(format!("It holds: {}.", kinds.join(", ")));
        }
    }
    warnings
}
