//! A station and a drive model, in the model's own time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::certificate::{KeyStore, NoPin, Press, Trust, check};
use crate::device::{Clearance, Held, Roots};
use crate::drives;
use crate::job::authorize::mint;
use crate::job::clock::testing as clock;
use crate::job::plan::{assemble, take_in};
use crate::job::run::wipe_with;
use crate::job::tests::rig::Recorder;
use crate::job::{Finished, OverwriteChoice, Plan, Request, Station, Stop};
use crate::journal::Store;
use crate::media::{Method, TechniqueId};
use crate::modelled::{Drive, Shared, milliseconds};
use crate::outcome::{Counts, Observer};
use crate::problem::{ExitCode, Problem};

/// Where records go, and the key that signs them.
pub(super) struct Place {
    pub(super) station: Station,
    _directory: TempDir,
}

impl Place {
    pub(super) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (state, out) = (directory.path().join("state"), directory.path().join("out"));
        std::fs::create_dir(&out).unwrap();
        std::fs::create_dir(&state).unwrap();
        let press = Arc::new(Press::plain(KeyStore::open_or_create(&state, &NoPin).unwrap()));
        Place { station: Station { state, out, roots: Roots::default(), press }, _directory: directory }
    }

    /// What radera's own check finds wrong with the record of a job that has one.
    pub(super) fn fault_of(&self, finished: &Finished) -> Option<String> {
        let path = finished.record.as_ref()?;
        let trust = Trust { fingerprints: vec![self.station.press.signer.fingerprint()], ..Trust::default() };
        let found = check(path, &trust, &[]).unwrap();
        (found.exit_code != ExitCode::Success).then(|| format!("{:?}", found.findings))
    }

    /// The job of a plan, with its journal in `store`.
    pub(super) fn wipe(
        &self,
        drive: &Shared,
        plan: &Plan,
        store: &(impl Store + Clone + 'static),
        observer: &dyn Observer,
        stop: &Stop,
    ) -> Finished {
        let make = |_: &str| Ok(Box::new(store.clone()) as Box<dyn Store>);
        wipe_with(&self.station, plan, clearance(drive, plan).unwrap(), observer, stop, None, &make)
    }

    /// The same with nobody watching.
    pub(super) fn wipe_quietly(&self, drive: &Shared, plan: &Plan, store: &(impl Store + Clone + 'static)) -> Finished {
        self.wipe(drive, plan, store, &Recorder::default(), &Stop::new())
    }
}

/// The record of a job that has one.
pub(super) fn record(finished: &Finished) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(finished.record.as_ref().unwrap()).unwrap()).unwrap()
}

/// What is held for `plan`: the unit that was named, and the drive's others.
pub(super) fn clearance(drive: &Shared, plan: &Plan) -> Result<Clearance, Problem> {
    let units = drive.drive().units();
    let others = (1..units).map(|unit| drive.unit(unit)).map(|unit| (unit.clone(), unit.medium()));
    let others = others.map(|(unit, medium)| (Box::new(unit) as Box<dyn Held>, medium)).collect();
    mint(Box::new(drive.clone()), others, drive.medium(), plan.technique.unwrap())
}

/// The plan for the drive as it answers now; its technique is `None` where it would be refused.
pub(super) fn plan(drive: &Shared, technique: TechniqueId) -> Plan {
    let medium = drive.examined();
    let counts = Counts::of(technique, medium.rotation);
    let request = Request {
        method: counts.best().unwrap_or(Method::Purge),
        technique: Some(technique),
        overwrite: OverwriteChoice::Random,
        attest_encryption: counts.by_keys,
        verify: None,
        max_rate: None,
        operator: Some("Operator".into()),
        instruction: None,
        property: None,
        case: None,
    };
    let mut plan = assemble(medium, &request, "TOKEN".into(), "token").unwrap();
    let units = drive.drive().units();
    take_in(&mut plan, (1..units).map(|unit| drive.unit(unit).medium()).collect(), "boot");
    plan
}

/// Gives the job's thread the model's time. `mended_after`: how long after it was lost somebody brings the drive back, if anybody does.
pub(super) fn live_in(drive: &Shared, mended_after: Option<Duration>) -> clock::Set {
    let (time, begun, zero) = (drive.clock(), Instant::now(), drive.clock().now());
    let (drive, lost) = (drive.clone(), Arc::new(std::sync::Mutex::new(None)));
    let now = time.clone();
    clock::set_with_sleep(
        move || begun + Duration::from_millis(now.now() - zero),
        move |duration| {
            time.advance(milliseconds(duration));
            let mut lost = lost.lock().unwrap();
            if drive.drive().is_there() {
                *lost = None;
            } else if mended_after
                .is_some_and(|after| time.now() - *lost.get_or_insert(time.now()) >= milliseconds(after))
            {
                drive.recover();
            }
        },
    )
}

/// A model, with the techniques that are tried on it.
pub(super) struct Model {
    pub(super) name: &'static str,
    pub(super) make: fn() -> Drive,
    pub(super) techniques: Vec<TechniqueId>,
}

/// Every model.
pub(super) fn all() -> Vec<Model> {
    use TechniqueId::*;
    let model = |name, make, techniques: &[TechniqueId]| Model { name, make, techniques: techniques.to_vec() };
    let sata = [AtaSanitizeBlock, AtaSanitizeCrypto, AtaSanitizeOverwrite];
    let sas = [ScsiSanitizeBlock, ScsiSanitizeCrypto, ScsiSanitizeOverwrite];
    let nvme = [NvmeSanitizeBlock, NvmeSanitizeCrypto, NvmeSanitizeOverwrite, NvmeFormatCrypto, NvmeFormatUser];
    vec![
        model("SATA hard disk", || Drive::Sata(drives::sata_hdd()), &sata[2..]),
        model("SATA SSD", || Drive::Sata(drives::sata_ssd()), &sata),
        model("SAS hard disk", || Drive::Sas(drives::sas_hdd()), &sas[2..]),
        model("SAS SSD", || Drive::Sas(drives::sas_ssd()), &sas),
        model("NVMe, one namespace", || Drive::Nvme(drives::nvme(1)), &nvme),
        model("NVMe, two namespaces", || Drive::Nvme(drives::nvme(2)), &nvme),
    ]
}
