//! A drive model under an erase, in the model's own time.

use crate::drives::{self, Fault};
use crate::media::TechniqueId;
use crate::modelled::{Drive, Shared, Time};
use crate::outcome::{Ending, Exchange};
use crate::technique::drive::{Run, Told, run};
use crate::technique::erase;

/// What came of it.
pub(super) struct Erased {
    pub(super) run: Run,
    pub(super) drive: Shared,
    pub(super) told: Vec<Told>,
    pub(super) exchanges: Vec<Exchange>,
}

/// Runs `technique` on `drive` with `fault`, which nobody repairs.
pub(super) fn erased(drive: Drive, technique: TechniqueId, fault: Option<Fault>) -> Erased {
    let shared = Shared::new(drive);
    if let Some(fault) = fault {
        shared.inject(fault);
    }
    let time = Time::new(&shared);
    erased_in(shared, technique, time)
}

/// The same while things happen.
pub(super) fn erased_in(drive: Shared, technique: TechniqueId, mut time: Time) -> Erased {
    let mut erase =
        erase(technique, &drive.medium(), Some(Box::new(drive.clone()))).expect("a technique of this drive");
    let mut told = Vec::new();
    let mut hear = |what: Told| told.push(what);
    let run = run(&mut *erase, &mut drive.clone(), None, &mut time, &mut hear);
    Erased { run, drive, told, exchanges: erase.exchanges() }
}

/// Which commands a drive speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Ata,
    Scsi,
    Nvme,
}

/// A model, with the sanitizes that it knows.
pub(super) struct Model {
    pub(super) name: &'static str,
    pub(super) family: Family,
    pub(super) make: fn() -> Drive,
    pub(super) techniques: Vec<TechniqueId>,
}

/// Every model.
pub(super) fn all() -> Vec<Model> {
    use TechniqueId::*;
    let model =
        |name, family, make, techniques: &[TechniqueId]| Model { name, family, make, techniques: techniques.to_vec() };
    let sata = [AtaSanitizeBlock, AtaSanitizeCrypto, AtaSanitizeOverwrite];
    let sas = [ScsiSanitizeBlock, ScsiSanitizeCrypto, ScsiSanitizeOverwrite];
    let nvme = [NvmeSanitizeBlock, NvmeSanitizeCrypto, NvmeSanitizeOverwrite];
    vec![
        model("SATA HDD", Family::Ata, || Drive::Sata(drives::sata_hdd()), &sata[2..]),
        model("SATA SSD", Family::Ata, || Drive::Sata(drives::sata_ssd()), &sata),
        model("SAS HDD", Family::Scsi, || Drive::Sas(drives::sas_hdd()), &sas[2..]),
        model("SAS SSD", Family::Scsi, || Drive::Sas(drives::sas_ssd()), &sas),
        model("NVMe", Family::Nvme, || Drive::Nvme(drives::nvme(1)), &nvme),
        model("NVMe, two namespaces", Family::Nvme, || Drive::Nvme(drives::nvme(2)), &nvme[..2]),
    ]
}

/// Whether the ending says that the drive did it.
pub(super) fn says_done(ending: &Ending) -> bool {
    matches!(ending, Ending::Succeeded | Ending::AtOnce | Ending::Deallocated | Ending::Answered)
}
