//! Why a target is refused before anything is changed.

use super::{OverwriteChoice, Request};
use crate::media::{Medium, Method, Use, Zoned};
use crate::pattern::Scheme;
use crate::problem::Problem;
use crate::technique::Rung;

/// `{what, todo}` for each.
pub(super) fn as_json<S: serde::Serializer>(refusals: &[Problem], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(refusals.iter().map(|p| serde_json::json!({"what": p.what, "todo": p.todo})))
}

/// Every reason, in the order in which a person would mend them.
pub(super) fn of(medium: &Medium, request: &Request, rungs: &[Rung]) -> Vec<Problem> {
    let mut refusals: Vec<Problem> = medium.uses.iter().map(|u| in_use(medium, u)).collect();
    refusals.extend(unsuited(medium));
    refusals.extend(no_technique(medium, request, rungs));
    if let (OverwriteChoice::Scheme(name), true) = (&request.overwrite, medium.wants_complement())
        && Scheme::named(name).is_some_and(|scheme| !scheme.has_complement_pair())
    {
        let fit: Vec<_> = Scheme::all().iter().filter(|s| s.has_complement_pair()).map(|s| s.name).collect();
        refusals.push(Problem::refused(
            format!(
                "{}: USB flash, memory cards and unknown flash need a pattern and its complement (NIST SP 800-88 \
                     Rev. 1, Appendix A), and the scheme {name} has none",
                medium.identity.path
            ),
            format!("Leave --scheme out, or take one of: {}.", fit.join(", ")),
        ));
    }
    refusals
}

/// One reason for being in use.
pub(super) fn in_use(medium: &Medium, reason: &Use) -> Problem {
    Problem::refused(format!("{} is in use: {}", medium.identity.path, reason.holder), reason.release.clone())
}

fn unsuited(medium: &Medium) -> Vec<Problem> {
    let identity = &medium.identity;
    let mut refusals = Vec::new();
    let mut refuse = |what: String, todo: &str| {
        refusals.push(Problem::refused(format!("{}: {what}", identity.path), todo));
    };
    if medium.read_only {
        refuse(
            "it is read-only".into(),
            "Move its write-protect switch, or attach it writable (blockdev --setrw, losetup without -r).",
        );
    }
    match medium.zoned {
        Zoned::HostManaged => refuse(
            "it is a host-managed zoned device (SMR or ZNS), which can't be overwritten in place".into(),
            "This version can't erase it; destroy it physically or use its maker's tool.",
        ),
        Zoned::Unknown => {
            refuse("its zone model can't be found out".into(), "Check that /sys is mounted and readable; run as root.")
        }
        Zoned::None | Zoned::HostAware => {}
    }
    let block = identity.logical_block_bytes;
    if block < 512 || !block.is_power_of_two() {
        refuse(
            format!("its logical blocks have {block} bytes, which the kernel can't address past its cache"),
            "Reformat the drive to 512 or 4096-byte sectors (sg_format) and start again.",
        );
    } else if !identity.size_bytes.is_multiple_of(u64::from(block)) {
        refuse(
            format!("its size of {} bytes is no multiple of its logical block of {block} bytes", identity.size_bytes),
            "Resize or attach it so that its size is a multiple of the block.",
        );
    }
    refusals
}

fn no_technique(medium: &Medium, request: &Request, rungs: &[Rung]) -> Option<Problem> {
    if rungs.iter().any(|rung| rung.taken) {
        return None;
    }
    let path = &medium.identity.path;
    let asked = request.technique.and_then(|asked| rungs.iter().find(|rung| rung.technique == asked));
    Some(match (asked, request.method) {
        (Some(rung), method) => Problem::refused(
            format!("{path}: {} can't be taken for {}: {}", rung.technique.name(), method.name(), rung.reason),
            "Run `radera plan` to see every technique; leave --technique out to get the ladder's choice.",
        ),
        (None, Method::Purge) => Problem::refused(
            format!("{path}: no technique that counts as Purge can be taken: {}", nearest(rungs)),
            "Run `radera plan` to see why each was rejected. Use --method clear if Clear is enough for this data; else purge \
             it with other means or destroy it. There is no downgrade.",
        ),
        (None, Method::Clear) => Problem::refused(
            format!("{path}: no technique for Clear can be taken"),
            "Run `radera plan` to see why each was rejected.",
        ),
    })
}

/// The rung that a person would ask about first: the strongest that is made for such a medium.
fn nearest(rungs: &[Rung]) -> String {
    let made_for = rungs.iter().find(|rung| !rung.reason.starts_with("not a medium"));
    made_for.map_or_else(
        || "the medium takes none of the commands".into(),
        |rung| format!("{}: {}", rung.technique.name(), rung.reason),
    )
}
