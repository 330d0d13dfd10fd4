//! Names of the field: method, technique, verification.

use serde::{Deserialize, Serialize};

/// Sanitization method (NIST SP 800-88 Rev. 1 §2.5). Destroy is physical and not carried out by a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Logical techniques on all user-addressable locations.
    Clear,
    /// Recovery infeasible with laboratory techniques; reaches non-addressable locations too.
    Purge,
}

impl Method {
    /// The name used on the command line, in JSON and in records.
    pub fn name(self) -> &'static str {
        match self {
            Method::Clear => "clear",
            Method::Purge => "purge",
        }
    }
}

/// How the readback is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum VerifyKind {
    /// Every byte of the scope is regenerated and compared.
    Full,
    /// A seeded tenth of the scope (NIST SP 800-88 Rev. 1 §4.7).
    Sampled,
    /// None, because asked so.
    None,
}

impl VerifyKind {
    /// The name used on the command line, in JSON and in records.
    pub fn name(self) -> &'static str {
        match self {
            VerifyKind::Full => "full",
            VerifyKind::Sampled => "sampled",
            VerifyKind::None => "none",
        }
    }
}

macro_rules! techniques {
    ($($variant:ident = $name:literal, $doc:literal;)*) => {
        /// A sanitization technique, by the name that the command line and the record use.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum TechniqueId { $(#[doc = $doc] #[serde(rename = $name)] $variant,)* }

        impl TechniqueId {
            /// Every technique, in the order in which `plan` lists them.
            pub const ALL: &[TechniqueId] = &[$(TechniqueId::$variant,)*];

            /// The name used on the command line, in JSON and in records.
            pub fn name(self) -> &'static str {
                match self { $(TechniqueId::$variant => $name,)* }
            }
        }
    };
}

techniques! {
    AtaSanitizeCrypto = "ata-sanitize-crypto", "ATA SANITIZE DEVICE, CRYPTO SCRAMBLE EXT.";
    AtaSanitizeBlock = "ata-sanitize-block", "ATA SANITIZE DEVICE, BLOCK ERASE EXT.";
    AtaSanitizeOverwrite = "ata-sanitize-overwrite", "ATA SANITIZE DEVICE, OVERWRITE EXT.";
    AtaSecureEraseEnhanced = "ata-secure-erase-enhanced", "ATA SECURITY ERASE UNIT, enhanced mode.";
    AtaSecureErase = "ata-secure-erase", "ATA SECURITY ERASE UNIT, normal mode.";
    ScsiSanitizeCrypto = "scsi-sanitize-crypto", "SCSI SANITIZE, CRYPTOGRAPHIC ERASE.";
    ScsiSanitizeBlock = "scsi-sanitize-block", "SCSI SANITIZE, BLOCK ERASE.";
    ScsiSanitizeOverwrite = "scsi-sanitize-overwrite", "SCSI SANITIZE, OVERWRITE.";
    NvmeSanitizeCrypto = "nvme-sanitize-crypto", "NVMe Sanitize, Crypto Erase.";
    NvmeSanitizeBlock = "nvme-sanitize-block", "NVMe Sanitize, Block Erase.";
    NvmeSanitizeOverwrite = "nvme-sanitize-overwrite", "NVMe Sanitize, Overwrite.";
    NvmeFormatCrypto = "nvme-format-crypto", "NVMe Format NVM, Cryptographic Erase.";
    NvmeFormatUser = "nvme-format-user", "NVMe Format NVM, User Data Erase.";
    MmcSanitize = "mmc-sanitize", "eMMC Sanitize.";
    MmcSecureErase = "mmc-secure-erase", "eMMC Secure Erase.";
    TcgPsidRevert = "tcg-psid-revert", "TCG Revert with the PSID.";
    LuksErase = "luks-erase", "Destruction of every LUKS key slot and header copy.";
    ZeroOffload = "zero-offload", "Zeroes written by the device itself (WRITE SAME, Write Zeroes).";
    Overwrite = "overwrite", "Overwrite by the host, of every block within what was named.";
}
