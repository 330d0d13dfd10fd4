//! What a journal must survive.
#![allow(clippy::unwrap_used)]

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::*;
use crate::media::{Method, TechniqueId, VerifyKind, testing};
use crate::outcome::{BadRange, Trouble};
use crate::pattern::Pattern;

/// A store in memory: what was not synced is lost when its power is cut; may refuse to sync after a number of syncs.
#[derive(Clone, Default)]
pub(crate) struct MemoryStore(Arc<Mutex<Contents>>);

#[derive(Default)]
struct Contents {
    durable: Vec<u8>,
    volatile: Vec<u8>,
    syncs_left: Option<u32>,
}

impl MemoryStore {
    /// Syncs fail after `syncs` that succeed.
    pub(crate) fn failing_after(syncs: u32) -> Self {
        let store = Self::default();
        store.0.lock().unwrap().syncs_left = Some(syncs);
        store
    }

    /// What stands after a loss of power.
    pub(crate) fn after_power_loss(&self) -> Self {
        let store = Self::default();
        store.0.lock().unwrap().durable = self.0.lock().unwrap().durable.clone();
        store
    }

    pub(crate) fn state(&self) -> JobState {
        replay(parse_lines(&self.0.lock().unwrap().durable).unwrap()).unwrap()
    }

    /// The entries that are durable.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        parse_lines(&self.0.lock().unwrap().durable).unwrap()
    }
}

impl Store for MemoryStore {
    fn name(&self) -> String {
        "memory".into()
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap().volatile.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let contents = &mut *self.0.lock().unwrap();
        match &mut contents.syncs_left {
            Some(0) => return Err(io::Error::from(io::ErrorKind::StorageFull)),
            Some(left) => *left -= 1,
            None => {}
        }
        contents.durable.append(&mut contents.volatile);
        Ok(())
    }

    fn read_all(&mut self) -> io::Result<Vec<u8>> {
        Ok(self.0.lock().unwrap().durable.clone())
    }

    fn truncate(&mut self, bytes: u64) -> io::Result<()> {
        let contents = &mut *self.0.lock().unwrap();
        contents.durable.truncate(usize::try_from(bytes).unwrap());
        contents.volatile.clear();
        Ok(())
    }
}

fn plan(passes: u32) -> StoredPlan {
    StoredPlan {
        medium: testing::medium(1 << 20),
        method: Method::Clear,
        technique: TechniqueId::Overwrite,
        passes: (1..=passes).map(|number| StoredPass { number, pattern: Pattern::zeros() }).collect(),
        files: None,
        erase: None,
        swap: None,
        scheme: None,
        verify: VerifyKind::Full,
        max_rate: None,
        operator: None,
        instruction: None,
        property: None,
        case: None,
        head: None,
        partition_heads: Vec::new(),
        out: "/tmp".into(),
    }
}

fn started() -> Entry {
    Entry::Started { job: "job".into(), plan: Box::new(plan(2)), version: "0".into() }
}

fn session(from_pass: u32, from_byte: u64) -> Entry {
    Entry::Session {
        record: format!("record-{from_pass}-{from_byte}"),
        started: "2026-01-01T00:00:00Z".into(),
        boot: "boot".into(),
        identity: testing::medium(1 << 20).identity,
        from_pass,
        from_byte,
    }
}

fn bad(pass: u32, first_byte: u64, bytes: u64) -> BadRange {
    BadRange { kind: Trouble::WriteFailed, first_byte, bytes, pass, error: None }
}

fn checkpoint(pass: u32, durable: u64, bad: Vec<BadRange>) -> Entry {
    Entry::Checkpoint { pass, durable, milliseconds: durable / 1000, bad }
}

fn sample() -> Vec<Entry> {
    vec![
        started(),
        session(1, 0),
        checkpoint(1, 65536, vec![bad(1, 512, 512)]),
        checkpoint(1, 1 << 20, vec![]),
        checkpoint(2, 131_072, vec![bad(2, 65536, 4096)]),
    ]
}

fn bytes_of(entries: &[Entry]) -> Vec<u8> {
    let store = MemoryStore::default();
    let mut journal = Journal::begin(Box::new(store.clone()));
    entries.iter().for_each(|entry| journal.append(entry).unwrap());
    store.clone().read_all().unwrap()
}

fn reopened(bytes: &[u8]) -> Result<(Journal, Vec<Entry>), Problem> {
    let store = MemoryStore::default();
    store.0.lock().unwrap().durable = bytes.to_vec();
    Journal::reopen(Box::new(store))
}

#[test]
fn a_journal_torn_anywhere_gives_the_entries_that_were_whole() {
    let entries = sample();
    let bytes = bytes_of(&entries);
    for length in 0..=bytes.len() {
        let (_, found) = reopened(&bytes[..length]).unwrap();
        let whole = bytes[..length].iter().filter(|b| **b == b'\n').count();
        assert_eq!(found, entries[..whole]);
    }
}

#[test]
fn a_torn_journal_can_be_gone_on_with() {
    let bytes = bytes_of(&sample());
    let store = MemoryStore::default();
    store.0.lock().unwrap().durable = bytes[..bytes.len() - 5].to_vec();
    let (mut journal, found) = Journal::reopen(Box::new(store.clone())).unwrap();
    journal.append(&session(1, 4096)).unwrap();
    let (_, again) = Journal::reopen(Box::new(store)).unwrap();
    assert_eq!(again.len(), found.len() + 1);
    assert_eq!(again.last(), Some(&session(1, 4096)));
}

proptest! {
    #[test]
    fn a_changed_byte_is_never_taken_for_what_was_written(at in 0usize..2000, bit in 0u8..8) {
        let entries = sample();
        let mut bytes = bytes_of(&entries);
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok((_, found)) = reopened(&bytes) {
            prop_assert!(found.len() < entries.len());
            prop_assert_eq!(&found[..], &entries[..found.len()]);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(entries) = parse_lines(&bytes) {
            let _ = replay(entries);
        }
    }
}

#[test]
fn entries_moved_about_do_not_check_out() {
    let bytes = bytes_of(&sample());
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
    lines.swap(2, 3);
    assert!(reopened(&lines.concat()).is_err());
}

#[test]
fn replay_knows_how_far_the_job_was_and_forgets_what_is_written_again() {
    let state = replay(sample()).unwrap();
    assert_eq!(state.reached, (2, 131_072));
    assert_eq!(state.bad.len(), 2);
    let mut entries = sample();
    entries.push(session(1, 1000));
    let state = replay(entries).unwrap();
    assert_eq!(state.reached, (1, 1000));
    assert_eq!(state.bad, vec![bad(1, 512, 488)]);
}

#[test]
fn replay_refuses_what_no_run_can_have_written() {
    let refused = |extra: Entry| {
        let mut entries = sample();
        entries.push(extra);
        assert!(replay(entries.clone()).is_err(), "{:?}", entries.last());
    };
    refused(started());
    refused(checkpoint(1, 100, vec![]));
    refused(checkpoint(3, 100, vec![]));
    refused(checkpoint(0, 100, vec![]));
    refused(checkpoint(2, (1 << 20) + 1, vec![]));
    refused(Entry::Issued { record: "other".into(), digest: "d".into(), path: "p".into() });
    assert!(replay(vec![]).is_err());
    assert!(replay(vec![session(1, 0)]).is_err());
    assert!(replay(vec![Entry::Started { job: "j".into(), plan: Box::new(plan(0)), version: "0".into() }]).is_err());
}

#[test]
fn an_append_that_is_not_synced_is_an_error_and_not_there() {
    let store = MemoryStore::failing_after(1);
    let mut journal = Journal::begin(Box::new(store.clone()));
    journal.append(&started()).unwrap();
    let problem = journal.append(&session(1, 0)).unwrap_err();
    assert!(problem.what.contains("memory"), "{problem:?}");
    assert_eq!(store.after_power_loss().entries(), vec![started()]);
    // Once there is room again, it goes on as if nothing had been tried.
    store.0.lock().unwrap().syncs_left = None;
    journal.append(&session(1, 0)).unwrap();
    assert_eq!(store.entries(), vec![started(), session(1, 0)]);
}

#[test]
fn the_file_is_private_and_locked() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let store = FileStore::create(&state, "0123").unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let path = FileStore::path(&state, "0123");
    assert_eq!((mode(&path), mode(&FileStore::directory(&state))), (0o600, 0o700));
    let second = FileStore::open(&path).err().unwrap();
    assert_eq!(second.kind, crate::problem::Kind::Refused);
    drop(store);
    assert!(FileStore::open(&path).is_ok());
    assert!(FileStore::create(&state, "0123").is_err(), "a job never writes over another's journal");
}

#[test]
fn a_swap_area_is_kept_and_a_journal_without_one_is_read() {
    let swap = StoredSwap {
        uuid: [0xab; 16],
        label: *b"not UTF-8: \xff\0\0\0\0",
        page_bytes: 65536,
        foreign: true,
        was_active: true,
        priority: -2,
    };
    let with = Entry::Started {
        job: "job".into(),
        plan: Box::new(StoredPlan { swap: Some(swap), ..plan(1) }),
        version: "0".into(),
    };
    let store = MemoryStore::default();
    Journal::begin(Box::new(store.clone())).append(&with).unwrap();
    assert_eq!(store.entries(), [with]);
    // What a version that knew of no swap areas wrote has no such key, and neither has a plan without one now.
    let text = serde_json::to_value(started()).unwrap();
    assert!(text["plan"].get("swap").is_none() && text["plan"].get("scheme").is_some(), "{text}");
    assert_eq!(serde_json::from_value::<Entry>(text).unwrap(), started());
}
