//! The ladder: every technique, taken or rejected, with the reason. Strongest first by NIST SP 800-88 Rev. 1, Appendix A, and what is known
//! of IEEE 2883-2022.

mod assess;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::media::{Medium, Method, Rotation, TechniqueId};
use crate::outcome::Counts;
use assess::assess;

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rung {
    /// The technique.
    pub technique: TechniqueId,
    /// Taken, or rejected.
    pub taken: bool,
    /// Why.
    pub reason: String,
    /// What each edition of the standards counts it as on such a medium.
    pub editions: String,
}

/// What the ladder is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The method.
    pub method: Method,
    /// A technique by name instead of the ladder's choice.
    pub technique: Option<TechniqueId>,
    /// A person's word that all data was always encrypted by the drive.
    pub attest_encryption: bool,
}

/// Every technique, the one that is taken first if there is one, then by strength.
pub fn ladder(medium: &Medium, wanted: Wanted) -> Vec<Rung> {
    let assessed: Vec<_> = by_strength(medium.rotation)
        .into_iter()
        .map(|technique| (technique, assess(medium, wanted, technique)))
        .collect();
    let first_fit = || assessed.iter().find(|(_, result)| result.is_ok()).map(|(technique, _)| *technique);
    let choice = match (wanted.technique, wanted.method) {
        (Some(asked), _) => Some(asked),
        (None, Method::Purge) => first_fit(),
        // What is named is cleared and nothing beside it: erases by the drive only where they are asked for.
        (None, Method::Clear) => Some(TechniqueId::Overwrite),
    };
    let mut rungs: Vec<Rung> = assessed
        .iter()
        .map(|(technique, result)| {
            let taken = choice == Some(*technique) && result.is_ok();
            let reason = match (result, wanted.technique, choice) {
                (Err(rejection), ..) => rejection.clone(),
                (Ok(reason), ..) if taken => reason.clone(),
                (Ok(_), Some(asked), _) => format!("{} was asked for", asked.name()),
                (Ok(_), None, Some(TechniqueId::Overwrite)) => {
                    format!("possible, where it is asked for: --technique {}", technique.name())
                }
                (Ok(_), None, stronger) => {
                    format!("possible; {} stands above it", stronger.map_or("another", TechniqueId::name))
                }
            };
            Rung { technique: *technique, taken, reason, editions: editions(*technique, medium.rotation) }
        })
        .collect();
    rungs.sort_by_key(|rung| !rung.taken);
    rungs
}

/// Every technique, the strongest first for media that rotate or do not; those that count least, or are not carried out, last.
fn by_strength(rotation: Rotation) -> Vec<TechniqueId> {
    use TechniqueId::*;
    let rotating = [
        [AtaSanitizeOverwrite, AtaSanitizeCrypto, AtaSanitizeBlock],
        [ScsiSanitizeOverwrite, ScsiSanitizeCrypto, ScsiSanitizeBlock],
        [NvmeSanitizeOverwrite, NvmeSanitizeCrypto, NvmeSanitizeBlock],
    ];
    let flash = [
        [AtaSanitizeBlock, AtaSanitizeCrypto, AtaSanitizeOverwrite],
        [ScsiSanitizeBlock, ScsiSanitizeCrypto, ScsiSanitizeOverwrite],
        [NvmeSanitizeBlock, NvmeSanitizeCrypto, NvmeSanitizeOverwrite],
    ];
    let strong = if rotation == Rotation::Rotational { rotating } else { flash };
    let mut order: Vec<TechniqueId> = strong.into_iter().flatten().collect();
    let rest: Vec<TechniqueId> = TechniqueId::ALL.iter().copied().filter(|t| !order.contains(t)).collect();
    // The format that destroys keys stands above all that is left.
    order.push(NvmeFormatCrypto);
    order.extend(rest.into_iter().filter(|t| *t != NvmeFormatCrypto));
    order
}

/// What the editions count `technique` as, in words.
fn editions(technique: TechniqueId, rotation: Rotation) -> String {
    use TechniqueId::*;
    if matches!(technique, MmcSanitize | MmcSecureErase | TcgPsidRevert | LuksErase) {
        return "not judged by this version".into();
    }
    let counts = Counts::of(technique, rotation);
    let words = |method: Option<Method>| match method {
        Some(Method::Purge) => "Purge",
        Some(Method::Clear) => "Clear",
        None => "not listed for such a medium",
    };
    let keys = if counts.by_keys { ", where all data was always encrypted" } else { "" };
    let (rev1, ieee) = (words(counts.rev1), words(counts.ieee));
    format!("NIST SP 800-88 Rev. 1, Appendix A: {rev1}; IEEE 2883-2022: {ieee}{keys}")
}
