//! The streaming loop: keeps a queue full, in order of offset, retries and bisects what fails.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::pace::{NAP, Pace};
use super::source::Source;
use super::window::Window;
use super::{Completion, Control, Halt, Op, Queue, Slot, Summary};
use crate::media::ByteRange;
use crate::outcome::{BadRange, Trouble};
use crate::sys::errno::{self, Meaning};

/// How often a failed block, and in the end each failed logical block, is tried again.
const RETRIES: u32 = 2;
/// How often an operation is tried again that the kernel had no resources for, and the pause between.
const PATIENCE: u32 = 100;

/// Writes `fill`'s bytes over every byte of `ranges`, in order. A failed block is retried, then bisected down to
/// `logical_block` bytes; what remains goes to [`Control::bad`]. The last flush is made and must succeed; also after
/// [`Halt::Stopped`], so that the next session can go on from there.
pub fn write(
    queue: &mut dyn Queue,
    ranges: &mut dyn Iterator<Item = ByteRange>,
    logical_block: u32,
    pass: u32,
    fill: &mut dyn FnMut(u64, &mut [u8]),
    control: &mut dyn Control,
) -> (Summary, Result<(), Halt>) {
    Stream::new(queue, ranges, logical_block, Work::Write { fill, pass, steady: false }, control).run()
}

/// As [`write()`], for content that is the same in every logical block ([`Filler::is_steady`](crate::pattern::Filler::is_steady)):
/// each buffer is filled once, not once a block, which saves most of the processor's time.
pub fn write_steady(
    queue: &mut dyn Queue,
    ranges: &mut dyn Iterator<Item = ByteRange>,
    logical_block: u32,
    pass: u32,
    fill: &mut dyn FnMut(u64, &mut [u8]),
    control: &mut dyn Control,
) -> (Summary, Result<(), Halt>) {
    Stream::new(queue, ranges, logical_block, Work::Write { fill, pass, steady: true }, control).run()
}

/// Reads every byte of `ranges`, in order, and holds it against `matches`; a block that differs is narrowed down to logical
/// blocks, one that can't be read is retried and bisected. Never flushes and never calls [`Control::durable`].
pub fn read(
    queue: &mut dyn Queue,
    ranges: &mut dyn Iterator<Item = ByteRange>,
    logical_block: u32,
    matches: &mut dyn FnMut(u64, &[u8]) -> bool,
    control: &mut dyn Control,
) -> (Summary, Result<(), Halt>) {
    Stream::new(queue, ranges, logical_block, Work::Read { matches }, control).run()
}

enum Work<'a> {
    Write { fill: &'a mut dyn FnMut(u64, &mut [u8]), pass: u32, steady: bool },
    Read { matches: &'a mut dyn FnMut(u64, &[u8]) -> bool },
}

/// One operation: a block, the rest of one that came back short, or a part of one that failed.
#[derive(Debug, Clone, Copy)]
struct Task {
    /// Number of the block in the window.
    block: u64,
    range: ByteRange,
    /// Tries that failed.
    failed: u32,
    /// Tries that the kernel had no resources for.
    put_off: u32,
    /// Whether this is a part of a block that failed as a whole.
    part: bool,
}

struct Stream<'a> {
    queue: &'a mut dyn Queue,
    source: Source<'a>,
    work: Work<'a>,
    control: &'a mut dyn Control,
    logical_block: u64,
    block_bytes: u64,
    pace: Pace,
    window: Window,
    /// What is in flight, by slot.
    in_flight: Vec<Option<Task>>,
    flying: usize,
    /// The buffers that hold steady content; few, and none unless the content is steady.
    filled: Vec<usize>,
    /// Parts of failed blocks, to be tried before anything new.
    parts: VecDeque<Task>,
    /// The last watermark that was passed on.
    told: u64,
    /// The last watermark that was made durable.
    durable: Option<u64>,
    /// The control gave up: it is not asked again.
    refused: bool,
}

impl<'a> Stream<'a> {
    fn new(
        queue: &'a mut dyn Queue,
        ranges: &'a mut dyn Iterator<Item = ByteRange>,
        logical_block: u32,
        work: Work<'a>,
        control: &'a mut dyn Control,
    ) -> Self {
        let block_bytes = queue.block_bytes() as u64;
        Stream {
            queue,
            source: Source::new(ranges, u64::from(logical_block)),
            work,
            control,
            logical_block: u64::from(logical_block),
            block_bytes,
            pace: Pace::new(Instant::now()),
            window: Window::new(),
            in_flight: Vec::with_capacity(64),
            flying: 0,
            filled: Vec::with_capacity(64),
            parts: VecDeque::new(),
            told: 0,
            durable: None,
            refused: false,
        }
    }

    fn run(mut self) -> (Summary, Result<(), Halt>) {
        let started = Instant::now();
        let mut result = self.check().and_then(|()| self.stream());
        self.drain(&mut result);
        if let (Work::Write { .. }, Ok(()) | Err(Halt::Stopped)) = (&self.work, &result)
            && self.durable != Some(self.told)
            && let Err(halt) = self.checkpoint()
        {
            result = Err(halt);
        }
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        (Summary { bytes: self.window.moved(), milliseconds }, result)
    }

    fn check(&self) -> Result<(), Halt> {
        if self.logical_block == 0 || self.block_bytes == 0 || !self.block_bytes.is_multiple_of(self.logical_block) {
            return Err(Halt::GaveUp(format!(
                "the engine's block of {} bytes is not a multiple of the logical block of {} bytes",
                self.block_bytes, self.logical_block
            )));
        }
        Ok(())
    }

    fn stream(&mut self) -> Result<(), Halt> {
        loop {
            let pause = self.feed()?;
            match self.queue.complete() {
                Some(completion) => {
                    self.completed(completion)?;
                    self.account()?;
                }
                None if self.flying > 0 => return Err(Halt::GaveUp("the engine lost an operation".into())),
                None if !pause.is_zero() => std::thread::sleep(pause.min(NAP)),
                None if self.parts.is_empty() && self.source.is_exhausted() => return Ok(()),
                None => return Err(Halt::GaveUp("the engine has no free buffer".into())),
            }
        }
    }

    /// Begins as many operations as there are buffers and the rate allows; how long to wait if it does not.
    fn feed(&mut self) -> Result<Duration, Halt> {
        loop {
            if self.control.stop() {
                return Err(Halt::Stopped);
            }
            if self.control.pause() {
                return Ok(NAP);
            }
            let rate = self.control.max_rate();
            if let Some(rate) = rate {
                let pause = self.pace.wait(Some(rate), Instant::now());
                if !pause.is_zero() {
                    return Ok(pause);
                }
            }
            let Some(slot) = self.queue.lease() else { return Ok(Duration::ZERO) };
            let task = match self.next(rate) {
                Ok(Some(task)) => task,
                other => {
                    self.queue.give_back(slot);
                    return other.map(|_| Duration::ZERO);
                }
            };
            if rate.is_some() {
                self.pace.begun(rate, task.range.bytes, Instant::now());
            }
            self.launch(slot, task);
        }
    }

    fn next(&mut self, rate: Option<u64>) -> Result<Option<Task>, Halt> {
        if let Some(part) = self.parts.pop_front() {
            return Ok(Some(part));
        }
        if !self.window.has_room() {
            return Ok(None);
        }
        let most = Pace::block_bytes(rate, self.block_bytes, self.logical_block);
        let Some(range) = self.source.next(most)? else { return Ok(None) };
        let block = self.window.begin(range);
        Ok(Some(Task { block, range, failed: 0, put_off: 0, part: false }))
    }

    fn launch(&mut self, slot: Slot, task: Task) {
        let bytes = usize::try_from(task.range.bytes).unwrap_or(usize::MAX);
        let op = match &mut self.work {
            Work::Write { fill, steady, .. } => {
                let wanted = if *steady { self.queue.block_bytes() } else { bytes };
                if !self.filled.contains(&slot.0)
                    && let Some(buffer) = self.queue.buffer(&slot).get_mut(..wanted)
                {
                    fill(task.range.first_byte, buffer);
                    if *steady {
                        self.filled.push(slot.0);
                    }
                }
                Op::Write
            }
            Work::Read { .. } => Op::Read,
        };
        if self.in_flight.len() <= slot.0 {
            self.in_flight.resize(slot.0 + 1, None);
        }
        self.in_flight[slot.0] = Some(task);
        self.flying += 1;
        self.queue.submit(slot, op, task.range.first_byte, bytes);
    }

    fn take(&mut self, slot: &Slot) -> Option<Task> {
        let task = self.in_flight.get_mut(slot.0)?.take()?;
        self.flying -= 1;
        Some(task)
    }

    /// Deals with one answer; what is not done yet flies again, in the same buffer.
    fn completed(&mut self, completion: Completion) -> Result<(), Halt> {
        let Completion { slot, result, .. } = completion;
        let Some(task) = self.take(&slot) else {
            self.queue.give_back(slot);
            return Ok(());
        };
        let again = match result {
            Ok(moved) => self.moved(&slot, task, moved as u64)?,
            Err(error) => self.failed(task, &error)?,
        };
        match again {
            Some(task) => self.launch(slot, task),
            None => self.queue.give_back(slot),
        }
        Ok(())
    }

    /// `moved` bytes arrived. Returns what is left to do.
    fn moved(&mut self, slot: &Slot, task: Task, moved: u64) -> Result<Option<Task>, Halt> {
        let bytes = moved.min(task.range.bytes) / self.logical_block * self.logical_block;
        if moved == 0 && matches!(self.work, Work::Read { .. }) {
            return Err(Halt::Lost(format!("the device ends at byte {}: it has shrunk", task.range.first_byte)));
        }
        if bytes == 0 {
            return self.failed(task, &std::io::Error::from_raw_os_error(errno::EIO));
        }
        let arrived = ByteRange::new(task.range.first_byte, bytes);
        self.compare(slot, task.block, arrived);
        self.window.done(task.block, bytes);
        if bytes == task.range.bytes {
            return Ok(None);
        }
        let rest = ByteRange::new(arrived.end(), task.range.bytes - bytes);
        Ok(Some(Task { range: rest, failed: 0, put_off: 0, ..task }))
    }

    /// Holds what was read against what is expected, and narrows a difference down to logical blocks.
    fn compare(&mut self, slot: &Slot, block: u64, arrived: ByteRange) {
        let Work::Read { matches } = &mut self.work else { return };
        let bytes = usize::try_from(arrived.bytes).unwrap_or(usize::MAX);
        let data = self.queue.buffer(slot).get(..bytes).unwrap_or_default();
        if data.len() == bytes && matches(arrived.first_byte, data) {
            return;
        }
        let piece_bytes = usize::try_from(self.logical_block).unwrap_or(usize::MAX);
        let mut at = arrived.first_byte;
        for piece in data.chunks(piece_bytes) {
            if !matches(at, piece) {
                let bytes = self.logical_block;
                self.window
                    .bad(block, BadRange { kind: Trouble::Mismatch, first_byte: at, bytes, pass: 0, error: None });
            }
            at += piece.len() as u64;
        }
        if at < arrived.end() {
            let rest = BadRange {
                kind: Trouble::Mismatch,
                first_byte: at,
                bytes: arrived.end() - at,
                pass: 0,
                error: Some("the engine's buffer is shorter than what was read".into()),
            };
            self.window.bad(block, rest);
        }
    }

    /// A try failed. Returns what to try next in the same buffer.
    fn failed(&mut self, mut task: Task, error: &std::io::Error) -> Result<Option<Task>, Halt> {
        // An engine that had to start again has new buffers.
        self.filled.clear();
        let (kind, pass, verb) = match &self.work {
            Work::Write { pass, .. } => (Trouble::WriteFailed, *pass, "write"),
            Work::Read { .. } => (Trouble::Unreadable, 0, "read"),
        };
        match errno::meaning(error) {
            Meaning::Gone => {
                let (text, at) = (errno::describe(error), task.range.first_byte);
                return Err(Halt::Lost(format!("{verb} at byte {at}: {text}")));
            }
            Meaning::Again if task.put_off < PATIENCE => {
                task.put_off += 1;
                std::thread::sleep(NAP / 5);
                return Ok(Some(task));
            }
            Meaning::Again | Meaning::Blocks => {}
        }
        let single = task.range.bytes <= self.logical_block;
        if task.failed < if single || !task.part { RETRIES } else { 0 } {
            task.failed += 1;
            return Ok(Some(task));
        }
        if single {
            let ByteRange { first_byte, bytes } = task.range;
            let error = Some(errno::describe(error));
            self.window.bad(task.block, BadRange { kind, first_byte, bytes, pass, error });
            self.window.done(task.block, bytes);
            return Ok(None);
        }
        let blocks = task.range.bytes / self.logical_block;
        let first = ByteRange::new(task.range.first_byte, blocks / 2 * self.logical_block);
        let second = ByteRange::new(first.end(), task.range.bytes - first.bytes);
        let part = |range| Task { block: task.block, range, failed: 0, put_off: 0, part: true };
        // Depth first, so that few parts wait.
        self.parts.push_front(part(second));
        Ok(Some(part(first)))
    }

    /// Tells bad ranges and the watermark, and makes a checkpoint if one is due.
    fn account(&mut self) -> Result<(), Halt> {
        self.window.advance(self.control).inspect_err(|_| self.refused = true)?;
        if self.tell_watermark() && matches!(self.work, Work::Write { .. }) && self.control.checkpoint_due(self.told) {
            self.checkpoint()?;
        }
        Ok(())
    }

    fn tell_watermark(&mut self) -> bool {
        let watermark = self.window.watermark();
        let moved_on = watermark > self.told;
        if moved_on {
            self.told = watermark;
            self.control.progress(watermark);
        }
        moved_on
    }

    /// Everything below the watermark is completed, so this flush covers it.
    fn checkpoint(&mut self) -> Result<(), Halt> {
        let watermark = self.told;
        self.queue.flush().map_err(|error| {
            let text = format!("flush failed at watermark {watermark}: {}", errno::describe(&error));
            if errno::meaning(&error) == Meaning::Gone { Halt::Lost(text) } else { Halt::GaveUp(text) }
        })?;
        self.durable = Some(watermark);
        self.control.durable(watermark).inspect_err(|_| self.refused = true)
    }

    /// Waits for everything in flight, and accounts for what it brought; nothing new begins.
    fn drain(&mut self, result: &mut Result<(), Halt>) {
        while let Some(completion) = self.queue.complete() {
            if let (Some(task), Ok(moved)) = (self.take(&completion.slot), &completion.result) {
                // What came back short or failed stays open, and so the watermark stays before it.
                if *moved as u64 >= task.range.bytes {
                    self.compare(&completion.slot, task.block, task.range);
                    self.window.done(task.block, task.range.bytes);
                }
            }
            self.queue.give_back(completion.slot);
        }
        if self.refused {
            return;
        }
        let told = self.window.advance(self.control).and_then(|()| self.window.tell(self.control));
        self.tell_watermark();
        match told {
            Ok(()) if result.is_ok() && !self.window.is_empty() => {
                *result = Err(Halt::GaveUp("the engine ended before every block was dealt with".into()));
            }
            Ok(()) => {}
            Err(halt) => *result = Err(halt),
        }
    }
}
