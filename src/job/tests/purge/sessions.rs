//! Sessions after the first: what may be joined, what may be begun anew, and what must be confirmed anew.

use super::cuts::session;
use super::rig::{Place, all, clearance, live_in, plan, record};
use crate::drives::{self, Fault};
use crate::io::simulated::Blocks;
use crate::job::authorize::mint;
use crate::job::close::settle;
use crate::job::prove::{self, Found};
use crate::job::resume::go_on;
use crate::job::tests::rig::Recorder;
use crate::job::{Finished, Plan, Stop};
use crate::journal::tests::MemoryStore;
use crate::journal::{Entry, Journal, replay};
use crate::media::{Medium, Signature, TechniqueId};
use crate::modelled::{Drive, Shared};
use crate::outcome::{Event, Observer, Places, Status};
use crate::pattern::Filler;
use crate::problem::{ExitCode, Kind, Problem};

/// Stops a session when the drive has come that far, in percent of the erase.
struct StopAt<'a> {
    percent: u64,
    plan: &'a Plan,
    stop: &'a Stop,
}

impl Observer for StopAt<'_> {
    fn on_event(&self, event: Event) {
        if let Event::Progress { phase, bytes_done, .. } = event
            && phase.contains("sanitize")
            && bytes_done * 100 / self.plan.medium.identity.size_bytes >= self.percent
        {
            self.stop.set("SIGTERM");
        }
    }
}

/// A job that was stopped with the drive at `percent`.
fn stopped(place: &Place, drive: &Shared, technique: TechniqueId, percent: u64, store: &MemoryStore) -> Plan {
    let plan = plan(drive, technique);
    let stop = Stop::new();
    let finished = place.wipe(drive, &plan, store, &StopAt { percent, plan: &plan, stop: &stop }, &stop);
    assert_eq!(finished.exit_code, ExitCode::Interrupted, "{finished:?}");
    assert!(finished.statement.contains("goes on erasing by itself"), "{finished:?}");
    assert_eq!(place.fault_of(&finished), None);
    plan
}

/// A later session that somebody watches, on a drive that was found as `found`.
fn watched(
    place: &Place,
    drive: &Shared,
    plan: &Plan,
    store: &MemoryStore,
    found: &Found,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Finished, Problem> {
    let (mut journal, entries) = Journal::reopen(Box::new(store.clone())).unwrap();
    let mut state = replay(entries).unwrap();
    settle(&place.station, &place.station.out, &mut journal, &mut state)?;
    let mut clearance = clearance(drive, plan)?;
    go_on(&place.station, &mut journal, state, &mut clearance, found, observer, stop, None)
}

fn end_unseen(drive: &Shared) {
    drive.clock().advance(3_600_000);
}

const SANITIZES: [(fn() -> Drive, TechniqueId); 3] = [
    (|| Drive::Sata(drives::sata_ssd()), TechniqueId::AtaSanitizeBlock),
    (|| Drive::Sas(drives::sas_ssd()), TechniqueId::ScsiSanitizeBlock),
    (|| Drive::Nvme(drives::nvme(1)), TechniqueId::NvmeSanitizeBlock),
];

#[test]
fn what_two_sessions_saw_running_and_none_saw_end_is_no_success_of_ours() {
    for (make, technique) in SANITIZES {
        let (place, drive, store) = (Place::new(), Shared::new(make()), MemoryStore::default());
        let _time = live_in(&drive, None);
        let plan = stopped(&place, &drive, technique, 20, &store);
        let stop = Stop::new();
        let found = Found { medium: drive.examined(), same_attachment: true };
        let second =
            watched(&place, &drive, &plan, &store, &found, &StopAt { percent: 50, plan: &plan, stop: &stop }, &stop)
                .unwrap();
        assert_eq!(second.exit_code, ExitCode::Interrupted, "{second:?}");
        // Without power for a while, it ends with nobody looking.
        drive.cycle(std::time::Duration::from_secs(60));
        drive.attach_anew();
        end_unseen(&drive);
        let third = session(&place, &drive, &plan, &store, true).unwrap();
        let cell = format!("{}: {third:?}", technique.name());
        assert_eq!((third.status, third.exit_code), (Some(Status::Failed), ExitCode::Failed), "{cell}");
        assert!(third.statement.contains("confirm it anew"), "{cell}");
        assert_eq!(place.fault_of(&third), None, "{cell}");
        let command = &record(&third)["command"];
        assert!(command["progress"].as_array().unwrap().len() > 3, "what was seen before is kept: {command:#}");
        assert_eq!(command["ending"]["ending"], "broken-chain", "{command:#}");
        assert_eq!(drive.truth().total(), 0, "it was truly erased, and that can't be tied to the command");
    }
}

#[test]
fn a_drive_that_was_put_to_use_since_is_not_touched() {
    for (make, technique) in SANITIZES {
        for anew in [false, true] {
            let (place, drive, store) = (Place::new(), Shared::new(make()), MemoryStore::default());
            let _time = live_in(&drive, None);
            let plan = stopped(&place, &drive, technique, 20, &store);
            end_unseen(&drive);
            if anew {
                drive.attach_anew();
            }
            Blocks::write(&mut drive.clone(), 4096, &[0x5a; 4096]).unwrap();
            let signatures = Some(vec![Signature { kind: "ext".into(), uuid: Some("new".into()) }]);
            let found = Found { medium: Medium { signatures, ..drive.examined() }, same_attachment: !anew };
            let problem =
                watched(&place, &drive, &plan, &store, &found, &Recorder::default(), &Stop::new()).unwrap_err();
            assert!(problem.kind == Kind::Refused && problem.what.contains("now holds ext"), "{problem:?}");
            assert!(problem.todo.contains("confirm it anew"), "{problem:?}");
            end_unseen(&drive);
            let mut held = [0; 4096];
            Blocks::read(&mut drive.clone(), 4096, &mut held).unwrap();
            assert_eq!(held, [0x5a; 4096], "{}", technique.name());
        }
    }
}

#[test]
fn of_a_drive_that_was_away_the_other_devices_are_not_erased_on_an_old_word() {
    let (place, store) = (Place::new(), MemoryStore::default());
    let drive = Shared::new(Drive::Nvme(drives::nvme(2)));
    let _time = live_in(&drive, None);
    let plan = stopped(&place, &drive, TechniqueId::NvmeSanitizeBlock, 20, &store);
    end_unseen(&drive);
    drive.attach_anew();
    let problem = session(&place, &drive, &plan, &store, true).unwrap_err();
    assert!(problem.kind == Kind::Refused && problem.what.contains("its other devices"), "{problem:?}");
}

#[test]
fn a_namespace_that_was_not_confirmed_is_not_erased_by_a_resume() {
    let (place, store) = (Place::new(), MemoryStore::default());
    let drive = Shared::new(Drive::Nvme(drives::nvme(2)));
    let _time = live_in(&drive, None);
    let plan = stopped(&place, &drive, TechniqueId::NvmeSanitizeBlock, 20, &store);
    let (mut journal, entries) = Journal::reopen(Box::new(store.clone())).unwrap();
    let state = replay(entries).unwrap();
    let found = Found { medium: drive.examined(), same_attachment: true };
    // As if the second one had been made since.
    let mut alone = mint(Box::new(drive.clone()), Vec::new(), drive.medium(), plan.technique.unwrap()).unwrap();
    let (observer, stop) = (Recorder::default(), Stop::new());
    let problem = go_on(&place.station, &mut journal, state, &mut alone, &found, &observer, &stop, None).unwrap_err();
    assert!(problem.kind == Kind::Refused && problem.what.contains("were not confirmed"), "{problem:?}");
}

#[test]
fn an_older_success_of_the_same_command_is_not_taken_for_ours() {
    let block = 100 * 4096;
    for anew in [false, true] {
        let place = Place::new();
        let drive = Shared::new(Drive::Nvme(drives::nvme(1)));
        let _time = live_in(&drive, None);
        let first = plan(&drive, TechniqueId::NvmeSanitizeBlock);
        let done = place.wipe_quietly(&drive, &first, &MemoryStore::default());
        assert_eq!(done.status, Some(Status::Sanitized), "{done:?}");
        // New data, and a command that never arrives.
        Blocks::write(&mut drive.clone(), block, &[0x5a; 4096]).unwrap();
        let (store, plan) = (MemoryStore::default(), plan(&drive, TechniqueId::NvmeSanitizeBlock));
        drive.inject(Fault::CutAtCommand { taken: false });
        let lost = place.wipe_quietly(&drive, &plan, &store);
        assert_ne!(lost.status, Some(Status::Sanitized), "{lost:?}");
        drive.recover();
        if anew {
            drive.attach_anew();
        }
        let last = session(&place, &drive, &plan, &store, anew).unwrap();
        let mut held = [0; 4096];
        Blocks::read(&mut drive.clone(), block, &mut held).unwrap();
        assert!(last.status != Some(Status::Sanitized) || held != [0x5a; 4096], "{last:?}");
        assert_eq!(last.status, Some(Status::Sanitized), "its marks show that it is as it was left: {last:?}");
        assert_eq!(place.fault_of(&last), None);
    }
}

/// The journal of a job as it stood when it was about to mark its blocks, and the drive as it was then.
fn killed_while_marking(make: fn() -> Drive, technique: TechniqueId) -> (Place, Shared, Plan, MemoryStore, Places) {
    let (place, store) = (Place::new(), MemoryStore::default());
    let other = Shared::new(make());
    let drive = Shared::new(make());
    let plan = plan(&drive, technique);
    {
        let _time = live_in(&other, None);
        place.wipe_quietly(&other, &plan, &store);
    }
    std::fs::read_dir(&place.station.out)
        .unwrap()
        .for_each(|entry| std::fs::remove_file(entry.unwrap().path()).unwrap());
    let entries = store.entries();
    let before = entries.iter().position(|entry| matches!(entry, Entry::Erase { sent: false, .. })).unwrap();
    let store = MemoryStore::default();
    let mut journal = Journal::begin(Box::new(store.clone()));
    entries[..=before].iter().for_each(|entry| journal.append(entry).unwrap());
    let Entry::Started { plan: stored, .. } = &entries[0] else { panic!() };
    let seed = u128::from_str_radix(&stored.erase.as_ref().unwrap().seed, 16).unwrap().to_be_bytes();
    let identity = &stored.medium.identity;
    let places = Places::draw(seed, 0, identity.size_bytes, identity.logical_block_bytes).unwrap();
    (place, drive, plan, store, places)
}

fn mark(drive: &Shared, places: &Places, which: impl Iterator<Item = usize>) {
    let mut filler = Filler::new(&places.marks).unwrap();
    for number in which {
        let mut block = vec![0; usize::try_from(drive.medium().identity.logical_block_bytes).unwrap()];
        filler.fill(places.marked[number], &mut block);
        Blocks::write(&mut drive.clone(), places.marked[number], &block).unwrap();
    }
}

#[test]
fn killed_while_it_marked_its_record_checks_out_and_it_is_begun_anew() {
    for (make, technique) in SANITIZES {
        for anew in [false, true] {
            let (place, drive, plan, store, places) = killed_while_marking(make, technique);
            let _time = live_in(&drive, None);
            mark(&drive, &places, 0..places.marked.len() / 3);
            if anew {
                drive.attach_anew();
            }
            let last = session(&place, &drive, &plan, &store, anew).unwrap();
            assert_eq!(last.status, Some(Status::Sanitized), "{}: {last:?}", technique.name());
            assert_eq!(drive.truth().total(), 0);
            // The killed session's record came first.
            let issued: Vec<_> = std::fs::read_dir(&place.station.out).unwrap().collect();
            assert!(issued.len() >= 4, "two records, each with its signature: {issued:?}");
            for entry in issued {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "json") {
                    assert_eq!(place.fault_of(&Finished { record: Some(path), ..last.clone() }), None);
                }
            }
        }
    }
}

#[test]
fn marks_with_gaps_were_written_over_by_somebody() {
    for (make, technique) in SANITIZES {
        let (place, drive, plan, store, places) = killed_while_marking(make, technique);
        let _time = live_in(&drive, None);
        drive.attach_anew();
        let untouched = drive.truth();
        mark(&drive, &places, (0..places.marked.len()).filter(|number| number % 97 > 40));
        let problem = session(&place, &drive, &plan, &store, true).unwrap_err();
        assert!(problem.kind == Kind::Refused && problem.what.contains("written since"), "{problem:?}");
        end_unseen(&drive);
        assert!(drive.truth().total() > untouched.total() / 2, "{}: nothing was erased", technique.name());
    }
}

#[test]
fn without_a_number_from_the_kernel_it_counts_as_away() {
    use crate::device::testtree::FakeTree;
    for (numbered, expected) in [(true, true), (false, false)] {
        let tree = FakeTree::new();
        let disk = tree.disk("pci0/nvme/nvme0", "nvme0n1", "259:0");
        tree.put("sys/devices/pci0/nvme/nvme0/serial", "S123456789\n");
        tree.link(&format!("{disk}/device"), tree.at("sys/devices/pci0/nvme/nvme0"));
        tree.put(&format!("{disk}/wwid"), "eui.0123456789abcdef\n");
        if !numbered {
            std::fs::remove_file(tree.at(&format!("{disk}/diskseq"))).unwrap();
        }
        let (place, drive, store) = (Place::new(), Shared::new(Drive::Nvme(drives::nvme(1))), MemoryStore::default());
        let _time = live_in(&drive, None);
        stopped(&place, &drive, TechniqueId::NvmeSanitizeBlock, 20, &store);
        let mut state = store.state();
        let medium = tree.medium("nvme0n1");
        assert!(medium.identity.is_individual(), "{:?}", medium.identity);
        let session = state.sessions.last_mut().unwrap();
        (session.identity, session.boot) = (medium.identity.clone(), "this boot".into());
        state.plan.medium = medium;
        let found = prove::find(&state, &tree.inventory(), "this boot").unwrap();
        assert_eq!(found.same_attachment, expected);
    }
}

#[test]
fn every_model_is_finished_by_the_session_after_a_stop() {
    let place = Place::new();
    for model in all() {
        for &technique in model.techniques.iter().filter(|technique| technique.name().contains("-sanitize-")) {
            let (drive, store) = (Shared::new((model.make)()), MemoryStore::default());
            let _time = live_in(&drive, None);
            // A quick one is done before anybody can stop it.
            drive.inject(Fault::StallsAt { percent: 40, seconds: Some(300) });
            let plan = stopped(&place, &drive, technique, 30, &store);
            let last = session(&place, &drive, &plan, &store, false).unwrap();
            let cell = format!("{} {}: {last:?}", model.name, technique.name());
            let crypto = technique.name().ends_with("crypto");
            // What a cryptographic erase must be compared with went with the session that was stopped.
            let wanted = if crypto { Status::Unverified } else { Status::Sanitized };
            assert_eq!(last.status, Some(wanted), "{cell}");
            assert_eq!((drive.truth().total(), place.fault_of(&last)), (0, None), "{cell}");
        }
    }
}
