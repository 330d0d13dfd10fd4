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

/// Every model, with the techniques that it knows.
pub(super) fn all() -> Vec<(&'static str, fn() -> Drive, Vec<TechniqueId>)> {
    use TechniqueId::*;
    vec![
        ("SATA HDD", || Drive::Sata(drives::sata_hdd()), vec![AtaSanitizeOverwrite]),
        (
            "SATA SSD",
            || Drive::Sata(drives::sata_ssd()),
            vec![AtaSanitizeBlock, AtaSanitizeCrypto, AtaSanitizeOverwrite],
        ),
        ("SAS HDD", || Drive::Sas(drives::sas_hdd()), vec![ScsiSanitizeOverwrite]),
        (
            "SAS SSD",
            || Drive::Sas(drives::sas_ssd()),
            vec![ScsiSanitizeBlock, ScsiSanitizeCrypto, ScsiSanitizeOverwrite],
        ),
        ("NVMe", || Drive::Nvme(drives::nvme(1)), vec![NvmeSanitizeBlock, NvmeSanitizeCrypto, NvmeSanitizeOverwrite]),
        ("NVMe, two namespaces", || Drive::Nvme(drives::nvme(2)), vec![NvmeSanitizeBlock, NvmeSanitizeCrypto]),
    ]
}

/// Whether the ending says that the drive did it.
pub(super) fn says_done(ending: &Ending) -> bool {
    matches!(ending, Ending::Succeeded | Ending::AtOnce | Ending::Deallocated | Ending::Answered)
}
