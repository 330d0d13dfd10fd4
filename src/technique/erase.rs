//! Which erase carries a technique out on a medium.

use super::drive::Erase;
use super::{ata, format, nvme, scsi};
use crate::device::Transport;
use crate::media::{Medium, TechniqueId};

/// What a drive is told to write where it overwrites: four bytes, in one pass.
const PATTERN: u32 = 0x0000_0000;

/// What the drive is told to write, to be expected of every block afterwards; `None` where it is not told.
pub fn told_pattern(technique: TechniqueId) -> Option<Vec<u8>> {
    use TechniqueId::{AtaSanitizeOverwrite, NvmeSanitizeOverwrite, ScsiSanitizeOverwrite};
    matches!(technique, AtaSanitizeOverwrite | ScsiSanitizeOverwrite | NvmeSanitizeOverwrite)
        .then(|| PATTERN.to_be_bytes().to_vec())
}

/// The erase that `technique` means on `medium`; `None` where it is none that a drive carries out, the medium's capabilities are not
/// known, or `spare` is missing. `spare`: a second way to the same device, for a command that is answered only when it is done (Format).
pub fn erase(technique: TechniqueId, medium: &Medium, spare: Option<Box<dyn Transport>>) -> Option<Box<dyn Erase>> {
    use TechniqueId::*;
    let capabilities = medium.capabilities.as_ref()?;
    let block_bytes = medium.identity.logical_block_bytes;
    match technique {
        AtaSanitizeCrypto | AtaSanitizeBlock | AtaSanitizeOverwrite => boxed(ata::Sanitize::new(technique, PATTERN)),
        ScsiSanitizeCrypto | ScsiSanitizeBlock | ScsiSanitizeOverwrite => {
            boxed(scsi::Sanitize::new(technique, PATTERN, block_bytes))
        }
        NvmeSanitizeCrypto | NvmeSanitizeBlock | NvmeSanitizeOverwrite => {
            let keeps = !capabilities.sanitize.always_deallocates;
            boxed(nvme::Sanitize::new(technique, PATTERN, keeps))
        }
        NvmeFormatCrypto | NvmeFormatUser => {
            let (format, namespaces) = (capabilities.format.as_ref()?, capabilities.namespaces.as_ref()?);
            boxed(format::Format::new(technique, *format, namespaces, spare?))
        }
        AtaSecureEraseEnhanced
        | AtaSecureErase
        | MmcSanitize
        | MmcSecureErase
        | TcgPsidRevert
        | LuksErase
        | ZeroOffload
        | Overwrite => None,
    }
}

fn boxed<E: Erase + 'static>(erase: Option<E>) -> Option<Box<dyn Erase>> {
    erase.map(|erase| Box::new(erase) as Box<dyn Erase>)
}
