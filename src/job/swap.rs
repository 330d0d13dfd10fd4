//! A swap area: taken out of use, overwritten as any partition, made anew with the same names, taken into use again.

use std::path::Path;

use serde::Serialize;

use super::plan::of_medium;
use super::{Plan, Request, draw};
use crate::device::{Clearance, Inventory, Roots};
use crate::files::swap::{Active, Area, Header};
use crate::io::{Engine, Op, Queue};
use crate::journal::StoredSwap;
use crate::media::{Identity, Method, TechniqueId, UseKind};
use crate::outcome::{Event, Evidence, Observer, Status, Verdict};
use crate::problem::{ExitCode, Problem};

/// What a plan says of the swap area that it takes out of use and makes anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedSwap {
    /// Its UUID; `None` where it has none.
    pub uuid: Option<String>,
    /// Its label, lossy where it is not UTF-8; `None` where it has none.
    pub label: Option<String>,
    /// Whether it is swapped to now.
    pub active: bool,
    /// The priority that it has while it is swapped to; negative ones were given by the kernel.
    pub priority: Option<i32>,
    #[serde(skip)]
    area: Area,
    #[serde(skip)]
    before: Option<Active>,
}

impl PlannedSwap {
    pub(super) fn of(area: Area, before: Option<Active>) -> Self {
        PlannedSwap {
            uuid: uuid(&area.header.uuid),
            label: label(&area.header.label),
            active: before.is_some(),
            priority: before.as_ref().map(|active| active.priority),
            area,
            before,
        }
    }

    pub(super) fn stored(&self) -> StoredSwap {
        let header = &self.area.header;
        StoredSwap {
            uuid: header.uuid,
            label: header.label,
            page_bytes: header.page_bytes,
            foreign: header.foreign,
            was_active: self.active,
            priority: self.priority.unwrap_or(-1),
        }
    }
}

/// The plan for the swap area on the block device that `path` names. That it is swapped to does not speak against it, everything else that uses the
/// device does. Errors: no swap area that can be made anew, or one that can't be planned for; a refusal stands in the plan.
pub fn plan_swap(inventory: &Inventory, path: &Path, request: &Request) -> Result<Plan, Problem> {
    let shown = path.display();
    if request.method != Method::Clear {
        return Err(Problem::refused(
            format!("{shown}: no technique for files, free space or swap counts as Purge (NIST SP 800-88)"),
            "Take --method clear, or purge the whole device that holds it.",
        ));
    }
    if let Some(technique) = request.technique.filter(|technique| *technique != TechniqueId::Overwrite) {
        return Err(Problem::refused(
            format!("{shown}: {} works on whole devices, not on swap areas", technique.name()),
            "Leave --technique out, or erase the whole device.",
        ));
    }
    let area = Area::read(path)?;
    let before = area.in_use(&inventory.roots)?;
    let mut medium = inventory.examined(path)?;
    if medium.identity.device_number != area.number {
        return Err(changed(&area));
    }
    if before.is_some() {
        medium.uses.retain(|reason| reason.kind != UseKind::Swap);
    }
    let overwrite = Request { technique: Some(TechniqueId::Overwrite), ..request.clone() };
    let mut plan = of_medium(inventory, medium, &overwrite)?;
    plan.refusals.extend(area.fits(&inventory.roots).err());
    plan.swap = Some(PlannedSwap::of(area, before));
    Ok(plan)
}

fn changed(area: &Area) -> Problem {
    Problem::refused(
        format!("{} is no longer the swap area that was planned for", area.path.display()),
        "Run the command again and look at what it shows.",
    )
}

/// Takes the plan's swap area out of use, once memory was found to take what lies there; does nothing to other targets. Errors: it is another one
/// now, memory does not take it, or the kernel refuses. It is in use then as before.
pub fn release_swap(roots: &Roots, plan: &Plan) -> Result<(), Problem> {
    let Some(PlannedSwap { area, before: Some(_), .. }) = &plan.swap else { return Ok(()) };
    if Area::read(&area.path)? != *area {
        return Err(changed(area));
    }
    match area.in_use(roots)? {
        None => Ok(()),
        Some(_) => area.fits(roots).and_then(|()| area.off()),
    }
}

/// Takes the plan's swap area, of which nothing was changed, into use again. `false`: it was not in use before. Errors: the kernel refuses.
pub fn put_swap_back(plan: &Plan) -> Result<bool, Problem> {
    match &plan.swap {
        Some(PlannedSwap { area, before: Some(before), .. }) => area.on(before).map(|()| true),
        _ => Ok(false),
    }
}

/// As [`put_swap_back`], told to `observer`.
pub(super) fn undo(plan: &Plan, observer: &dyn Observer) {
    let path = &plan.medium.identity.path;
    match put_swap_back(plan) {
        Ok(false) => {}
        Ok(true) => observer.on_event(Event::Note { text: format!("{path} is back in use as swap, unchanged") }),
        Err(problem) => error(observer, problem.what, problem.todo),
    }
}

fn error(observer: &dyn Observer, what: String, todo: String) {
    observer.on_event(Event::Error { what, todo, exit_code: ExitCode::Exceptions as u8 });
}

fn is_over(status: Status) -> bool {
    matches!(status, Status::Sanitized | Status::SanitizedWithExceptions | Status::Unverified)
}

fn header(swap: &StoredSwap) -> Header {
    let StoredSwap { uuid, label, page_bytes, foreign, .. } = *swap;
    Header { uuid, label, page_bytes, foreign, last_page: 0, bad_pages: 0 }
}

/// Writes the header of `swap` onto the medium, where the overwrite is over. That it is there is found by [`take_back`].
pub(super) fn make_anew(
    clearance: &mut Clearance,
    swap: Option<&StoredSwap>,
    evidence: &Evidence,
    engine: Option<Engine>,
    observer: &dyn Observer,
) {
    let Some(swap) = swap.filter(|_| is_over(Verdict::of(evidence).status)) else { return };
    let identity = clearance.medium().identity.clone();
    let page = header(swap).renewed(identity.size_bytes);
    let written = clearance.recheck().and_then(|()| {
        let mut queue = clearance.queue(engine).map_err(|e| format!("no engine could be set up: {e}"))?;
        write(queue.as_mut(), &page)
    });
    if let Err(why) = written {
        observer.on_event(Event::Note { text: format!("the new header of swap can't be written: {why}") });
    }
}

/// Writes `page` to the start of what `queue` writes to, in pieces that it takes, makes it durable and reads it again.
fn write(queue: &mut dyn Queue, page: &[u8]) -> Result<(), String> {
    let length = queue.block_bytes().min(page.len()).max(1);
    let mut offset = 0;
    for piece in page.chunks(length) {
        transfer(queue, Op::Write, offset, &mut piece.to_vec())?;
        offset += piece.len() as u64;
    }
    queue.flush().map_err(|e| e.to_string())?;
    let mut offset = 0;
    for piece in page.chunks(length) {
        let mut found = vec![0; piece.len()];
        transfer(queue, Op::Read, offset, &mut found)?;
        if found != piece {
            return Err("it reads back as something else".into());
        }
        offset += piece.len() as u64;
    }
    Ok(())
}

/// One operation on the whole of `bytes`.
fn transfer(queue: &mut dyn Queue, op: Op, offset: u64, bytes: &mut [u8]) -> Result<(), String> {
    let slot = queue.lease().ok_or("no buffer is free")?;
    if op == Op::Write {
        match queue.buffer(&slot).get_mut(..bytes.len()) {
            Some(buffer) => buffer.copy_from_slice(bytes),
            None => return Err("the buffers are too small".into()),
        }
    }
    queue.submit(slot, op, offset, bytes.len());
    let done = queue.complete().ok_or("nothing came back")?;
    if op == Op::Read
        && let Some(buffer) = queue.buffer(&done.slot).get(..bytes.len())
    {
        bytes.copy_from_slice(buffer);
    }
    queue.give_back(done.slot);
    match done.result {
        Ok(moved) if moved == bytes.len() => Ok(()),
        Ok(moved) => Err(format!("{moved} of {} bytes at byte {offset} were moved", bytes.len())),
        Err(e) => Err(e.to_string()),
    }
}

/// Takes the area that was made anew on the medium of this identity into use again if it was before, and tells what became of it. The medium must
/// not be held any more. 4 where it should be swap again and is not: what was erased is erased all the same.
pub(super) fn take_back(
    roots: &Roots,
    identity: &Identity,
    swap: Option<&StoredSwap>,
    status: Option<Status>,
    observer: &dyn Observer,
) -> ExitCode {
    let (Some(swap), Some(status)) = (swap, status) else { return ExitCode::Success };
    let path = &identity.path;
    let by_hand = by_hand(path, swap);
    let note = |text: String| observer.on_event(Event::Note { text });
    match status {
        Status::Interrupted => {
            note(format!("{path} stays out of use as swap; `radera resume` ends the overwrite and makes it anew"));
            return ExitCode::Success;
        }
        Status::Failed => {
            note(format!("{path} stays out of use as swap; to make it anew all the same: {by_hand}"));
            return ExitCode::Success;
        }
        Status::Sanitized | Status::SanitizedWithExceptions | Status::Unverified => {}
    }
    let named = uuid(&swap.uuid).map_or(String::new(), |uuid| format!(", UUID {uuid}"));
    match back_in_use(roots, identity, swap) {
        Ok(()) => {
            let used = if swap.was_active { "and is back in use" } else { "and is not in use, as before" };
            let verified = if status == Status::Unverified { "" } else { "; the readback was before that" };
            note(format!("{path} was made anew as swap{named}, {used}{verified}"));
            ExitCode::Success
        }
        Err(why) => {
            error(observer, format!("{path} was erased, but is not swap again: {why}"), format!("Run: {by_hand}"));
            ExitCode::Exceptions
        }
    }
}

fn back_in_use(roots: &Roots, identity: &Identity, swap: &StoredSwap) -> Result<(), String> {
    let area = Area::read(Path::new(&identity.path)).map_err(|problem| problem.what)?;
    let found = Header { last_page: 0, ..area.header.clone() };
    if area.number != identity.device_number || found != header(swap) {
        return Err("it does not hold the header that was written".into());
    }
    if !swap.was_active || area.in_use(roots).map_err(|problem| problem.what)?.is_some() {
        return Ok(());
    }
    let before = Active { path: area.path.clone(), used_bytes: 0, priority: swap.priority };
    area.on(&before).map_err(|problem| problem.what)
}

/// The commands that make it anew.
fn by_hand(path: &str, swap: &StoredSwap) -> String {
    let mut command = "mkswap".to_string();
    if let Some(uuid) = uuid(&swap.uuid) {
        command += &format!(" -U {uuid}");
    }
    if let Some(label) = label(&swap.label) {
        command += &format!(" -L '{}'", label.replace('\'', r"'\''"));
    }
    command += &format!(" {path}");
    match (swap.was_active, swap.priority) {
        (false, _) => command,
        (true, 0..) => format!("{command} && swapon -p {} {path}", swap.priority),
        (true, _) => format!("{command} && swapon {path}"),
    }
}

/// A UUID as text; `None` for zeros.
fn uuid(bytes: &[u8; 16]) -> Option<String> {
    if *bytes == [0; 16] {
        return None;
    }
    let digits = draw::hex(bytes);
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits.get(range).unwrap_or_default());
    Some(parts.join("-"))
}

/// A label as text, up to its first zero; `None` where it has none.
fn label(bytes: &[u8; 16]) -> Option<String> {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    (!text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn stored() -> StoredSwap {
        let mut label = [0; 16];
        label[..8].copy_from_slice(b"it's big");
        StoredSwap { uuid: [0xab; 16], label, page_bytes: 4096, foreign: false, was_active: true, priority: 5 }
    }

    #[test]
    fn the_commands_that_make_it_anew_name_what_it_had() {
        let uuid = "abababab-abab-abab-abab-abababababab";
        let all = format!(r"mkswap -U {uuid} -L 'it'\''s big' /dev/x && swapon -p 5 /dev/x");
        assert_eq!(by_hand("/dev/x", &stored()), all);
        let kernels = StoredSwap { uuid: [0; 16], label: [0; 16], priority: -2, ..stored() };
        assert_eq!(by_hand("/dev/x", &kernels), "mkswap /dev/x && swapon /dev/x");
        assert_eq!(by_hand("/dev/x", &StoredSwap { was_active: false, ..kernels }), "mkswap /dev/x");
    }

    #[test]
    fn the_header_is_written_in_the_pieces_that_the_queue_takes_and_read_again() {
        for (page_bytes, block) in [(4096, 4096), (4096, 65536), (65536, 4096)] {
            let page = header(&StoredSwap { page_bytes, ..stored() }).renewed(1 << 20);
            let file = tempfile::tempfile().unwrap();
            file.set_len(1 << 20).unwrap();
            let mut queue = crate::io::InOrder::new(file, block, 1).unwrap();
            write(&mut queue, &page).unwrap();
            let mut found = vec![0; page.len()];
            std::os::unix::fs::FileExt::read_exact_at(&queue.into_inner(), &mut found, 0).unwrap();
            assert_eq!(found, page);
            let small = tempfile::NamedTempFile::new().unwrap();
            // Opened for reading only: the write fails, and that is told.
            let mut queue = crate::io::InOrder::new(std::fs::File::open(small.path()).unwrap(), block, 1).unwrap();
            assert!(write(&mut queue, &page).is_err());
        }
    }
}
