//! What a technique counts as, edition by edition. Where an edition was only read in excerpts, docs/devices.md says so.

use crate::media::{Method, Rotation, TechniqueId};

/// What the editions say of a technique on a medium of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// NIST SP 800-88 Rev. 1, Appendix A; `None` where it does not list the technique for such a medium, or is older than it.
    pub rev1: Option<Method>,
    /// IEEE 2883-2022, which NIST SP 800-88 Rev. 2 points to.
    pub ieee: Option<Method>,
    /// It destroys keys: worth something only where all data was always encrypted with them.
    pub by_keys: bool,
}

impl Counts {
    /// What `technique` counts as on a medium that rotates or does not; flash where that is unknown.
    pub fn of(technique: TechniqueId, rotation: Rotation) -> Counts {
        use Method::{Clear, Purge};
        use TechniqueId::*;
        let flash = rotation != Rotation::Rotational;
        let counts = |rev1, ieee, by_keys| Counts { rev1, ieee, by_keys };
        match technique {
            AtaSanitizeBlock | ScsiSanitizeBlock if flash => counts(Some(Purge), Some(Purge), false),
            AtaSanitizeBlock | ScsiSanitizeBlock => counts(None, None, false),
            AtaSanitizeOverwrite | ScsiSanitizeOverwrite if flash => counts(None, Some(Purge), false),
            AtaSanitizeOverwrite | ScsiSanitizeOverwrite => counts(Some(Purge), Some(Purge), false),
            AtaSanitizeCrypto | ScsiSanitizeCrypto => counts(Some(Purge), Some(Purge), true),
            // For flash, Rev. 1 accepts it as Clear only, and drive makers advise against it.
            AtaSecureEraseEnhanced if flash => counts(Some(Clear), Some(Clear), false),
            AtaSecureEraseEnhanced => counts(Some(Purge), Some(Purge), false),
            AtaSecureErase => counts(Some(Clear), Some(Clear), false),
            // Sanitize came with NVMe 1.3, after Rev. 1.
            NvmeSanitizeBlock | NvmeSanitizeOverwrite => counts(None, Some(Purge), false),
            NvmeSanitizeCrypto => counts(None, Some(Purge), true),
            NvmeFormatCrypto => counts(Some(Purge), Some(Purge), true),
            // Rev. 1 lists it as Purge; IEEE 2883 does not, and what a controller does for it is its maker's choice.
            NvmeFormatUser => counts(Some(Purge), Some(Clear), false),
            Overwrite | ZeroOffload => counts(Some(Clear), Some(Clear), false),
            MmcSanitize | MmcSecureErase | TcgPsidRevert | LuksErase => counts(None, None, false),
        }
    }

    /// The most that may be claimed for it: Purge where the edition in force says so and the older one does not say less.
    pub fn best(self) -> Option<Method> {
        match (self.rev1, self.ieee) {
            (None | Some(Method::Purge), Some(Method::Purge)) => Some(Method::Purge),
            (None, None) => None,
            _ => Some(Method::Clear),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purge_is_only_what_the_edition_in_force_calls_so() {
        use TechniqueId::*;
        let best = |technique, rotation| Counts::of(technique, rotation).best();
        for technique in [AtaSanitizeBlock, ScsiSanitizeBlock, NvmeSanitizeBlock, NvmeSanitizeCrypto, NvmeFormatCrypto]
        {
            assert_eq!(best(technique, Rotation::Flash), Some(Method::Purge), "{technique:?}");
            assert_eq!(best(technique, Rotation::Unknown), Some(Method::Purge), "{technique:?}");
        }
        assert_eq!(best(AtaSanitizeBlock, Rotation::Rotational), None);
        assert_eq!(best(AtaSecureEraseEnhanced, Rotation::Rotational), Some(Method::Purge));
        for (technique, rotation) in [
            (AtaSecureEraseEnhanced, Rotation::Flash),
            (AtaSecureEraseEnhanced, Rotation::Unknown),
            (AtaSecureErase, Rotation::Rotational),
            (NvmeFormatUser, Rotation::Flash),
            (Overwrite, Rotation::Rotational),
            (Overwrite, Rotation::Flash),
            (ZeroOffload, Rotation::Flash),
        ] {
            assert_eq!(best(technique, rotation), Some(Method::Clear), "{technique:?} {rotation:?}");
        }
    }
}
