//! One bar a target on a terminal, and a total when there are several.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::row::{Row, Words, columns};
use super::{Origin, Sink, headline};
use crate::cli::out::visible;
use crate::outcome::{Event, Status};
use crate::sys::terminal;

/// Redraws a second.
const HERTZ: u8 = 5;
/// Columns of a terminal that does not tell (the size of a VT100).
const UNTOLD: usize = 80;

/// Columns of the screen now.
pub type Width = Arc<dyn Fn() -> usize + Send + Sync>;

/// The bars.
pub struct Bars {
    screen: MultiProgress,
    targets: Vec<Line>,
    total: Option<Line>,
    width: Width,
    drawn_for: AtomicUsize,
}

/// A row and its place on the screen.
struct Line {
    bar: ProgressBar,
    row: Arc<Mutex<Row>>,
}

impl Line {
    fn new(screen: &MultiProgress, name: &str, longest_name: usize, width: &Width) -> Self {
        let row = Row { name: name.into(), longest_name, done: 0, all: 0, words: Words::Waiting };
        let row = Arc::new(Mutex::new(row));
        let bar = screen.add(ProgressBar::no_length());
        let (shown, width) = (Arc::clone(&row), Arc::clone(width));
        let text = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
            let row = shown.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = out.write_str(&row.fit(width()));
        };
        if let Ok(style) = ProgressStyle::with_template("{row}") {
            bar.set_style(style.with_key("row", text));
        }
        bar.tick();
        Line { bar, row }
    }

    fn row(&self) -> MutexGuard<'_, Row> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws the row as it is. Its lock must be free.
    fn draw(&self) {
        if matches!(self.row().words, Words::Ended { .. }) {
            // The last state is drawn however soon it comes after the one before.
            self.bar.abandon();
        } else {
            self.bar.tick();
        }
    }
}

impl Bars {
    /// A bar for each of `targets` on standard error; `None` where that is no terminal that bars can be drawn on.
    pub fn on_terminal(targets: &[String]) -> Option<Self> {
        let screen = ProgressDrawTarget::stderr_with_hz(HERTZ);
        let width = || terminal::columns(std::io::stderr()).unwrap_or(UNTOLD);
        (!screen.is_hidden()).then(|| Self::on(screen, Arc::new(width), targets))
    }

    pub(super) fn on(screen: ProgressDrawTarget, width: Width, targets: &[String]) -> Self {
        const TOTAL: &str = "total";
        let screen = MultiProgress::with_draw_target(screen);
        let several = targets.len() > 1;
        let names = targets.iter().map(String::as_str).chain(several.then_some(TOTAL));
        let longest = names.map(columns).max().unwrap_or(0);
        let line = |name: &str| Line::new(&screen, name, longest, &width);
        let lines = targets.iter().map(|name| line(name)).collect();
        let total = several.then(|| line(TOTAL));
        let drawn_for = AtomicUsize::new(width());
        Bars { screen, targets: lines, total, width, drawn_for }
    }

    /// Changes the row of a target, and with it the total.
    fn change(&self, line: &Line, change: impl FnOnce(&mut Row)) {
        change(&mut line.row());
        let width = (self.width)();
        if self.drawn_for.swap(width, Ordering::Relaxed) != width {
            self.targets.iter().for_each(Line::draw);
        } else {
            line.draw();
        }
        if let Some(total) = &self.total {
            // Held while the targets are read, so that no older sum is put over a newer one.
            let mut row = total.row();
            let targets: Vec<Row> = self.targets.iter().map(|line| line.row().clone()).collect();
            sum(&mut row, &targets);
            drop(row);
            total.draw();
        }
    }
}

/// Makes `total` the sum of `targets`. Rate and time left are those of the targets that still run, where all of these are known; the
/// slowest decides.
fn sum(total: &mut Row, targets: &[Row]) {
    total.done = targets.iter().fold(0, |sum, row| sum.saturating_add(row.done));
    total.all = targets.iter().fold(0, |sum, row| sum.saturating_add(row.all));
    let unended = || targets.iter().filter(|row| !matches!(row.words, Words::Ended { .. }));
    if unended().next().is_none() {
        total.words = Words::Ended { word: "all ended".into(), particulars: String::new() };
        return;
    }
    let known: Option<Vec<(u64, u64)>> = unended()
        .map(|row| match row.words {
            Words::Running { rate, milliseconds_left: Some(left), .. } => Some((rate, left)),
            _ => None,
        })
        .collect();
    let rate = known.iter().flatten().fold(0, |sum: u64, (rate, _)| sum.saturating_add(*rate));
    let milliseconds_left = known.and_then(|known| known.iter().map(|(_, left)| *left).max());
    total.words = Words::Running { phase: String::new(), rate, milliseconds_left };
}

/// A phase that is over or whose rate is not known.
fn without_rate(words: &Words) -> Words {
    let phase = if let Words::Running { phase, .. } = words { phase.clone() } else { String::new() };
    Words::Running { phase, rate: 0, milliseconds_left: None }
}

impl Sink for Bars {
    fn show(&self, origin: &Origin, event: &Event) {
        let Some(line) = self.targets.get(origin.index) else { return };
        match event {
            Event::Started { bytes_total, .. } => self.change(line, |row| {
                row.all = *bytes_total;
                row.words = without_rate(&row.words);
            }),
            Event::Progress { phase, bytes_done, bytes_total, bytes_per_second, milliseconds_left } => {
                self.change(line, |row| {
                    (row.done, row.all) = (*bytes_done, *bytes_total);
                    let (phase, rate) = (phase.clone(), *bytes_per_second);
                    row.words = Words::Running { phase, rate, milliseconds_left: *milliseconds_left };
                });
            }
            Event::TargetFinished { status, exit_code, .. } => self.change(line, |row| {
                let word = status.map_or("not started", |s| s.name()).to_string();
                if status.is_some_and(|s| !matches!(s, Status::Failed | Status::Interrupted)) {
                    // The last progress event comes before the last block.
                    row.done = row.all;
                }
                row.words = Words::Ended { word, particulars: format!(" (exit code {exit_code})") };
            }),
            Event::Pass { .. } => self.change(line, |row| row.words = without_rate(&row.words)),
            Event::Verify { bytes, .. } => self.change(line, |row| {
                // What is read by `verify` is the whole job.
                if origin.job.is_none() {
                    row.done = row.all.min(*bytes);
                }
                row.words = without_rate(&row.words);
            }),
            Event::Bad { .. } | Event::Note { .. } | Event::Error { .. } => {
                self.say(&headline(origin.target, event).unwrap_or_default());
            }
        }
    }

    fn say(&self, text: &str) {
        for line in visible(text).lines() {
            let _ = self.screen.println(line);
        }
    }

    fn close(&self) {
        for line in self.targets.iter().chain(&self.total) {
            if matches!(line.row().words, Words::Running { .. }) {
                let mut row = line.row();
                row.words = without_rate(&row.words);
            }
            line.bar.abandon();
        }
    }
}
