//! A station in a temporary directory, and media in memory that a clearance can hold.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::certificate::{KeyStore, NoPin, Press, Trust, check};
use crate::device::{Clearance, Held, Roots};
use crate::document::{Record, parse};
use crate::io::simulated::Device;
use crate::io::{Engine, Queue};
use crate::job::authorize::mint;
use crate::job::clock::testing as clock;
use crate::job::plan::assemble;
use crate::job::run::wipe_with;
use crate::job::{Finished, OverwriteChoice, Plan, Request, Station, Stop};
use crate::journal::Store;
use crate::journal::tests::MemoryStore;
use crate::media::{Identity, Medium, Method, VerifyKind, testing};
use crate::outcome::{Event, Observer};
use crate::pattern::{Filler, Pattern};
use crate::problem::ExitCode;

/// Big enough that a resume's margin does not reach back to its start.
pub(super) const BYTES: u64 = 40 << 20;

/// Bytes a second that a rig's device moves, by the clock that its jobs go by: tellings and checkpoints come after so many bytes,
/// however fast the machine is.
pub(super) const RATE: u64 = 4 << 20;

/// A simulated medium behind a clearance.
pub(super) struct Simulated {
    device: Device,
    identity: Identity,
    block_bytes: usize,
    swapped: Swap,
}

/// Puts another disk in the medium's place: the next look at its identity finds another disk sequence number.
#[derive(Clone, Default)]
pub(super) struct Swap(Arc<AtomicBool>);

impl Swap {
    pub(super) fn swap(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Held for Simulated {
    fn identity_now(&self) -> Result<Identity, String> {
        if !self.device.is_there() {
            return Err("it is gone".into());
        }
        if self.device.is_read_only() {
            return Err("it has turned read-only".into());
        }
        let mut identity = Identity { size_bytes: self.device.bytes(), ..self.identity.clone() };
        if self.swapped.0.load(Ordering::SeqCst) {
            identity.disk_sequence = identity.disk_sequence.map(|number| number + 1);
        }
        Ok(identity)
    }

    fn queue(&mut self, _prefer: Option<Engine>) -> std::io::Result<Box<dyn Queue>> {
        Ok(self.device.queue_of(self.block_bytes, 8))
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

/// Does something at every event.
pub(super) struct React<F>(pub F);

impl<F: Fn(&Event) + Sync> Observer for React<F> {
    fn on_event(&self, event: Event) {
        (self.0)(&event);
    }
}

/// A station, a medium, and the journal of its job.
pub(super) struct Rig {
    pub station: Station,
    pub device: Device,
    pub medium: Medium,
    pub store: MemoryStore,
    /// Bytes in a buffer of the device's queues.
    pub block_bytes: usize,
    pub swap: Swap,
    _clock: clock::Set,
    _directory: TempDir,
}

pub(super) fn request() -> Request {
    Request {
        method: Method::Clear,
        technique: None,
        overwrite: OverwriteChoice::Random,
        attest_encryption: false,
        verify: None,
        max_rate: None,
        operator: Some("Operator".into()),
        instruction: None,
        property: None,
        case: None,
    }
}

impl Rig {
    pub(super) fn new(bytes: u64) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (state, out) = (directory.path().join("state"), directory.path().join("out"));
        std::fs::create_dir(&out).unwrap();
        std::fs::create_dir(&state).unwrap();
        let press = Arc::new(Press::plain(KeyStore::open_or_create(&state, &NoPin).unwrap()));
        let station = Station { state, out, roots: Roots::default(), press };
        let device = Device::new(bytes, 512);
        let medium = testing::medium(bytes);
        Rig {
            station,
            medium,
            store: MemoryStore::default(),
            block_bytes: 8 << 10,
            swap: Swap::default(),
            _clock: clock_of(&device),
            _directory: directory,
            device,
        }
    }

    pub(super) fn plan(&self, request: &Request) -> Plan {
        assemble(self.medium.clone(), request, "SERIAL-0001".into(), "serial").unwrap()
    }

    pub(super) fn held(&self, plan: &Plan) -> Box<dyn Held> {
        Box::new(Simulated {
            device: self.device.clone(),
            identity: plan.medium.identity.clone(),
            block_bytes: self.block_bytes,
            swapped: self.swap.clone(),
        })
    }

    pub(super) fn clearance(&self, plan: &Plan) -> Clearance {
        mint(self.held(plan), Vec::new(), plan.medium.clone(), plan.technique.unwrap()).unwrap()
    }

    pub(super) fn wipe(&self, request: &Request) -> (Plan, Finished) {
        self.wipe_watched(request, &Recorder::default(), &Stop::new())
    }

    pub(super) fn wipe_watched(&self, request: &Request, observer: &dyn Observer, stop: &Stop) -> (Plan, Finished) {
        let plan = self.plan(request);
        let finished = self.carry_out(&plan, self.clearance(&plan), &self.store, observer, stop);
        (plan, finished)
    }

    /// The job of a plan, with its journal in `store`.
    pub(super) fn carry_out(
        &self,
        plan: &Plan,
        clearance: Clearance,
        store: &(impl Store + Clone + 'static),
        observer: &dyn Observer,
        stop: &Stop,
    ) -> Finished {
        let make = |_: &str| Ok(Box::new(store.clone()) as Box<dyn Store>);
        wipe_with(&self.station, plan, clearance, observer, stop, None, &make)
    }

    /// The record, once everything about it checks out with the station's own key.
    pub(super) fn record(&self, finished: &Finished) -> Record {
        checked(finished.record.as_ref().unwrap(), &self.station.press.signer.fingerprint())
    }

    /// Whether the medium holds what `pattern` says, everywhere.
    pub(super) fn holds(&self, pattern: &Pattern) -> bool {
        Filler::new(pattern).unwrap().matches(0, &self.device.content())
    }
}

fn clock_of(device: &Device) -> clock::Set {
    let (device, begun) = (device.clone(), Instant::now());
    clock::set(move || begun + Duration::from_micros(device.moved() * 1_000_000 / RATE))
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
