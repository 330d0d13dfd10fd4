//! The ladder: every technique, taken or rejected, with the reason.

use serde::Serialize;

use crate::media::{Bus, Medium, Method, TechniqueId};

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rung {
    /// The technique.
    pub technique: TechniqueId,
    /// Taken, or rejected.
    pub taken: bool,
    /// Why.
    pub reason: String,
}

/// Which family of commands a technique belongs to.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Family {
    Ata,
    Scsi,
    Nvme,
    Mmc,
    Tcg,
    Host,
}

fn family(technique: TechniqueId) -> Family {
    use TechniqueId::*;
    match technique {
        AtaSanitizeCrypto | AtaSanitizeBlock | AtaSanitizeOverwrite | AtaSecureEraseEnhanced | AtaSecureErase => {
            Family::Ata
        }
        ScsiSanitizeCrypto | ScsiSanitizeBlock | ScsiSanitizeOverwrite => Family::Scsi,
        NvmeSanitizeCrypto | NvmeSanitizeBlock | NvmeSanitizeOverwrite | NvmeFormatCrypto | NvmeFormatUser => {
            Family::Nvme
        }
        MmcSanitize | MmcSecureErase => Family::Mmc,
        TcgPsidRevert => Family::Tcg,
        LuksErase | ZeroOffload | Overwrite => Family::Host,
    }
}

/// Every technique, the one that is taken first if there is one. `asked`: a technique by name instead of the ladder's choice.
pub fn ladder(medium: &Medium, method: Method, asked: Option<TechniqueId>) -> Vec<Rung> {
    let choice = asked.unwrap_or(TechniqueId::Overwrite);
    let mut rungs: Vec<Rung> = TechniqueId::ALL
        .iter()
        .map(|&technique| {
            let rejection = rejection(medium, method, technique)
                .or_else(|| (technique != choice).then(|| format!("{} was asked for", choice.name())));
            let taken = rejection.is_none();
            let reason = rejection.unwrap_or_else(|| taken_because(medium));
            Rung { technique, taken, reason }
        })
        .collect();
    rungs.sort_by_key(|rung| !rung.taken);
    rungs
}

fn taken_because(medium: &Medium) -> String {
    if medium.wants_complement() {
        "Clear of USB flash, memory cards and unknown flash: a pattern, then its complement (NIST SP 800-88 Rev. 1, Appendix A)"
            .into()
    } else {
        "Clear: at least one pass over every addressable block (NIST SP 800-88 Rev. 1, Appendix A)".into()
    }
}

fn rejection(medium: &Medium, method: Method, technique: TechniqueId) -> Option<String> {
    let family = family(technique);
    let fits = match family {
        Family::Ata => matches!(medium.bus, Bus::Ata | Bus::Usb | Bus::Scsi),
        Family::Scsi => matches!(medium.bus, Bus::Scsi | Bus::Usb),
        Family::Nvme => matches!(medium.bus, Bus::Nvme | Bus::Usb),
        Family::Mmc => matches!(medium.bus, Bus::Mmc),
        Family::Tcg => matches!(medium.bus, Bus::Ata | Bus::Scsi | Bus::Nvme | Bus::Usb),
        Family::Host => true,
    };
    if !fits || (family != Family::Host && medium.is_layered()) {
        return Some("not a medium that takes this command".into());
    }
    match (technique, method) {
        (TechniqueId::Overwrite, Method::Clear) => None,
        (TechniqueId::Overwrite, Method::Purge) => {
            Some("an overwrite by the host is never Purge (IEEE 2883-2022; NIST SP 800-88 Rev. 2)".into())
        }
        (TechniqueId::LuksErase | TechniqueId::ZeroOffload, Method::Purge) => Some("never Purge".into()),
        _ => Some(format!("this version of radera ({}) can't carry it out", env!("CARGO_PKG_VERSION"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::testing::medium;

    #[test]
    fn clear_takes_the_overwrite_and_gives_a_reason_for_every_other() {
        let rungs = ladder(&medium(1 << 20), Method::Clear, None);
        assert_eq!(rungs.len(), TechniqueId::ALL.len());
        assert_eq!((rungs[0].technique, rungs[0].taken), (TechniqueId::Overwrite, true));
        assert!(rungs[1..].iter().all(|r| !r.taken && !r.reason.is_empty()));
    }

    #[test]
    fn purge_takes_nothing_and_an_overwrite_never_counts() {
        for asked in [None, Some(TechniqueId::Overwrite)] {
            let rungs = ladder(&medium(1 << 20), Method::Purge, asked);
            assert!(rungs.iter().all(|r| !r.taken));
            let overwrite = rungs.iter().find(|r| r.technique == TechniqueId::Overwrite);
            assert!(overwrite.is_some_and(|r| r.reason.contains("never Purge")));
        }
    }

    #[test]
    fn a_technique_asked_for_by_name_is_not_replaced_by_another() {
        let rungs = ladder(&medium(1 << 20), Method::Clear, Some(TechniqueId::ZeroOffload));
        assert!(rungs.iter().all(|r| !r.taken));
    }
}
