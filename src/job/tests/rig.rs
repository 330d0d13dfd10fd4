//! A station in a temporary directory, and media in memory that a clearance can hold.

use std::path::Path;
use std::sync::Mutex;

use tempfile::TempDir;

use crate::certificate::{KeyStore, Trust, check};
use crate::device::{Clearance, Held, Roots};
use crate::document::{Record, parse};
use crate::io::simulated::Device;
use crate::io::{Engine, Queue};
use crate::job::authorize::mint;
use crate::job::plan::assemble;
use crate::job::run::wipe_with;
use crate::job::{Finished, OverwriteChoice, Plan, Request, Station, Stop};
use crate::journal::tests::MemoryStore;
use crate::media::{Identity, Medium, Method, VerifyKind, testing};
use crate::outcome::{Event, Observer};
use crate::pattern::{Filler, Pattern};
use crate::problem::ExitCode;

/// Big enough that a resume's margin does not reach back to its start.
pub(super) const BYTES: u64 = 40 << 20;

/// A simulated medium behind a clearance.
pub(super) struct Simulated {
    pub device: Device,
    pub identity: Identity,
}

impl Held for Simulated {
    fn identity_now(&self) -> Result<Identity, String> {
        if !self.device.is_there() {
            return Err("it is gone".into());
        }
        if self.device.is_read_only() {
            return Err("it has turned read-only".into());
        }
        Ok(Identity { size_bytes: self.device.bytes(), ..self.identity.clone() })
    }

    fn queue(&mut self, _prefer: Option<Engine>) -> std::io::Result<Box<dyn Queue>> {
        Ok(self.device.queue())
    }
}

/// Keeps every event.
#[derive(Default)]
pub(super) struct Recorder(pub Mutex<Vec<Event>>);

impl Observer for Recorder {
    fn on_event(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

/// A station, a medium, and the journal of its job.
pub(super) struct Rig {
    pub station: Station,
    pub device: Device,
    pub medium: Medium,
    pub store: MemoryStore,
    _directory: TempDir,
}

pub(super) fn request() -> Request {
    Request {
        method: Method::Clear,
        technique: None,
        overwrite: OverwriteChoice::Random,
        verify: None,
        max_rate: None,
        operator: Some("Operator".into()),
        instruction: None,
        property: None,
    }
}

impl Rig {
    pub(super) fn new(bytes: u64) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (state, out) = (directory.path().join("state"), directory.path().join("out"));
        std::fs::create_dir(&out).unwrap();
        std::fs::create_dir(&state).unwrap();
        let signer = KeyStore::open_or_create(&state).unwrap();
        let station = Station { state, out, roots: Roots::default(), signer };
        let device = Device::new(bytes, 512);
        let medium = testing::medium(bytes);
        Rig { station, device, medium, store: MemoryStore::default(), _directory: directory }
    }

    pub(super) fn plan(&self, request: &Request) -> Plan {
        assemble(self.medium.clone(), request, "SERIAL-0001".into(), "serial").unwrap()
    }

    pub(super) fn clearance(&self, plan: &Plan) -> Clearance {
        let held = Simulated { device: self.device.clone(), identity: plan.medium.identity.clone() };
        mint(Box::new(held), plan.medium.clone(), plan.technique.unwrap()).unwrap()
    }

    pub(super) fn wipe(&self, request: &Request) -> (Plan, Finished) {
        self.wipe_watched(request, &Recorder::default(), &Stop::new())
    }

    pub(super) fn wipe_watched(&self, request: &Request, observer: &dyn Observer, stop: &Stop) -> (Plan, Finished) {
        let plan = self.plan(request);
        let store = |_: &str| Ok(Box::new(self.store.clone()) as Box<dyn crate::journal::Store>);
        let finished = wipe_with(&self.station, &plan, self.clearance(&plan), observer, stop, None, &store);
        (plan, finished)
    }

    /// The record, once everything about it checks out with the station's own key.
    pub(super) fn record(&self, finished: &Finished) -> Record {
        checked(finished.record.as_ref().unwrap(), &self.station.signer.fingerprint())
    }

    /// Whether the medium holds what `pattern` says, everywhere.
    pub(super) fn holds(&self, pattern: &Pattern) -> bool {
        Filler::new(pattern).unwrap().matches(0, &self.device.content())
    }
}

pub(super) fn checked(path: &Path, fingerprint: &str) -> Record {
    let trust = Trust { fingerprints: vec![fingerprint.to_string()], ..Trust::default() };
    let found = check(path, &trust, &[]).unwrap();
    assert_eq!(found.exit_code, ExitCode::Success, "{:?}", found.findings);
    parse(&std::fs::read(path).unwrap()).unwrap()
}

pub(super) fn last_pattern(plan: &Plan) -> Pattern {
    plan.passes.last().unwrap().pattern.clone()
}

pub(super) fn with_verify(verify: VerifyKind) -> Request {
    Request { verify: Some(verify), ..request() }
}
