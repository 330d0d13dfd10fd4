//! What a journal amounts to.

use super::{Entry, FilesState, StoredPlan};
use crate::media::{ByteRange, Identity};
use crate::outcome::{BadRange, CommandEvidence, End, Evidence};

/// One session of a job.
#[derive(Debug, Clone)]
pub struct SessionState {
    /// Id of its record.
    pub record: String,
    /// When it began.
    pub started: String,
    /// The kernel's boot id.
    pub boot: String,
    /// The identity that it held.
    pub identity: Identity,
    /// Where it began to write.
    pub from_pass: u32,
    /// See `from_pass`.
    pub from_byte: u64,
    /// When it ended and what had been found out by then; `None` if it was killed.
    pub concluded: Option<(String, Evidence)>,
    /// The engine, where known.
    pub engine: Option<String>,
    /// Digest and path of its record, once issued.
    pub issued: Option<(String, String)>,
    /// How far the job was known to be when it ended: pass and durable byte.
    pub reached: (u32, u64),
}

/// What a journal amounts to.
#[derive(Debug, Clone)]
pub struct JobState {
    /// Id of the job.
    pub job: String,
    /// The plan.
    pub plan: StoredPlan,
    /// The sessions, in order.
    pub sessions: Vec<SessionState>,
    /// The pass that was being written, from 1, and the bytes of it known to be durable. (1, 0) before the first checkpoint.
    pub reached: (u32, u64),
    /// Milliseconds of writing, a pass.
    pub milliseconds: Vec<u64>,
    /// Bad ranges of the passes up to `reached`.
    pub bad: Vec<BadRange>,
    /// An erase by the drive: whether the command may have been sent, and what is known of it.
    pub erase: Option<(bool, CommandEvidence)>,
    /// How far a job on files is.
    pub files: Option<Box<FilesState>>,
    /// The job that was begun on its medium instead.
    pub abandoned_by: Option<String>,
}

impl JobState {
    /// Whether nothing is left to do on the medium: the last session ran to its end, or failed for good.
    pub fn is_over(&self) -> bool {
        let last = self.sessions.last().and_then(|s| s.concluded.as_ref());
        last.is_some_and(|(_, evidence)| match evidence.end {
            End::Completed | End::GaveUp { .. } => true,
            End::Interrupted { .. } | End::Lost { .. } => false,
        })
    }

    /// Whether a session has no record yet.
    pub fn lacks_record(&self) -> bool {
        self.sessions.iter().any(|s| s.issued.is_none())
    }

    /// Takes one more entry in; an error says why it is out of place.
    pub fn apply(&mut self, entry: Entry) -> Result<(), String> {
        match entry {
            Entry::Started { .. } => return Err("it starts twice".into()),
            Entry::Session { record, started, boot, identity, from_pass, from_byte } => {
                self.rewind(from_pass, from_byte);
                self.sessions.push(SessionState {
                    record,
                    started,
                    boot,
                    identity,
                    from_pass,
                    from_byte,
                    concluded: None,
                    engine: None,
                    issued: None,
                    reached: self.reached,
                });
            }
            Entry::Checkpoint { pass, durable, milliseconds, bad } => {
                let session = self.sessions.last_mut().ok_or("a checkpoint outside a session")?;
                let index = (pass as usize).checked_sub(1).ok_or("a checkpoint of pass 0")?;
                let slot = self.milliseconds.get_mut(index).ok_or("a checkpoint of a pass that was not planned")?;
                if durable > self.plan.medium.identity.size_bytes || (pass, durable) < self.reached {
                    return Err("a checkpoint goes backwards".into());
                }
                *slot = milliseconds;
                self.reached = (pass, durable);
                session.reached = self.reached;
                self.bad.extend(bad);
            }
            Entry::Erase { sent, command } => {
                if self.sessions.is_empty() || self.plan.erase.is_none() {
                    return Err("an erase that was not planned".into());
                }
                self.erase = Some((sent, *command));
            }
            Entry::Files { state } => {
                let passes = self.plan.passes.len();
                if self.sessions.is_empty() || self.plan.files.is_none() || state.passes.len() != passes {
                    return Err("files that were not planned".into());
                }
                self.files = Some(state);
            }
            Entry::Concluded { finished, evidence, engine } => {
                let session = self.sessions.last_mut().ok_or("a conclusion outside a session")?;
                session.concluded = Some((finished, *evidence));
                session.engine = engine;
            }
            Entry::Issued { record, digest, path } => {
                let session = self.sessions.iter_mut().find(|s| s.record == record).ok_or("an unknown record")?;
                session.issued = Some((digest, path));
            }
            Entry::Abandoned { by } => self.abandoned_by = Some(by),
        }
        Ok(())
    }

    /// Forgets what lies at or after `byte` of `pass`: it will be written again.
    pub fn rewind(&mut self, pass: u32, byte: u64) {
        self.reached = (pass, byte);
        let keep = ByteRange::new(0, byte);
        self.bad.retain_mut(|bad| {
            if bad.pass < pass {
                return true;
            }
            if bad.pass > pass || bad.first_byte >= byte {
                return false;
            }
            if !keep.contains(bad.range()) {
                bad.bytes = byte - bad.first_byte;
            }
            true
        });
    }
}

/// Puts the entries of one journal together; an error says which entry is out of place.
pub fn replay(entries: Vec<Entry>) -> Result<JobState, String> {
    let mut entries = entries.into_iter();
    let Some(Entry::Started { job, plan, .. }) = entries.next() else {
        return Err("it does not begin with the start of a job".into());
    };
    if plan.passes.is_empty() == plan.erase.is_none() {
        return Err("its plan has no pass and no erase, or both".into());
    }
    let mut state = JobState {
        job,
        milliseconds: vec![0; plan.passes.len()],
        files: plan.files.as_ref().map(|files| Box::new(FilesState::new(files, plan.passes.len()))),
        plan: *plan,
        sessions: Vec::new(),
        reached: (1, 0),
        bad: Vec::new(),
        erase: None,
        abandoned_by: None,
    };
    for entry in entries {
        state.apply(entry)?;
    }
    Ok(state)
}
