//! Get Features (Base Specification 2.0, Get Features command): the answer is dword 0 of the completion.

use super::{Admin, Data};

/// Get Features.
const GET_FEATURES: u8 = 0x0A;

/// Which feature, by its identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeatureId {
    /// 06h Volatile Write Cache; bit 0 of the answer: it is on.
    VolatileWriteCache,
    /// 17h Sanitize Config; bit 0 of the answer, NODRM: a sanitize that is told not to deallocate, by a controller that
    /// inhibits that, is processed with a warning, not aborted.
    SanitizeConfig,
    /// 84h Namespace Write Protection Config; bits 2:0 of the answer: 0 none, 1 until changed, 2 until power cycle, 3
    /// permanent.
    NamespaceWriteProtection,
}

/// Get Features for the current value of `feature`; `nsid` is 0 for one of the controller's.
pub fn get_features(feature: FeatureId, nsid: u32) -> Admin {
    let (name, id) = match feature {
        FeatureId::VolatileWriteCache => ("Get Features (Volatile Write Cache)", 0x06),
        FeatureId::SanitizeConfig => ("Get Features (Sanitize Config)", 0x17),
        FeatureId::NamespaceWriteProtection => ("Get Features (Namespace Write Protection Config)", 0x84),
    };
    Admin::new(name, GET_FEATURES, nsid, [id, 0, 0, 0, 0, 0], Data::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        let protection = get_features(FeatureId::NamespaceWriteProtection, 1);
        assert_eq!((protection.opcode(), protection.nsid()), (0x0A, 1));
        assert_eq!(protection.dwords(), [0x84, 0, 0, 0, 0, 0]);
        assert_eq!(get_features(FeatureId::SanitizeConfig, 0).cdw10(), 0x17);
        assert_eq!(get_features(FeatureId::VolatileWriteCache, 0).cdw10(), 6);
    }
}
