//! One bar a target on a terminal, and a total when there are several.

use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Origin, Sink, headline, progress_text};
use crate::cli::out::{clean, visible};
use crate::outcome::Event;

/// The bars.
pub struct Bars {
    screen: MultiProgress,
    bars: Vec<ProgressBar>,
    total: Option<ProgressBar>,
    done: Mutex<Vec<Share>>,
}

/// What the total adds up, of one target.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    done: u64,
    all: u64,
    rate: u64,
}

impl Bars {
    /// A bar for each of `targets` on standard error.
    pub fn new(targets: &[String]) -> Self {
        Self::on(ProgressDrawTarget::stderr_with_hz(5), targets)
    }

    fn on(screen: ProgressDrawTarget, targets: &[String]) -> Self {
        let screen = MultiProgress::with_draw_target(screen);
        let width = targets.iter().map(|t| t.chars().count()).max().unwrap_or(0).max(5);
        let bar = |name: &str| {
            let bar = screen.add(ProgressBar::new(0));
            if let Ok(style) = ProgressStyle::with_template("{prefix} [{bar:20}] {msg}") {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_prefix(format!("{name:width$}"));
            bar.set_message("waiting");
            bar
        };
        let bars: Vec<ProgressBar> = targets.iter().map(|t| bar(t)).collect();
        let total = (targets.len() > 1).then(|| bar("total"));
        let done = Mutex::new(vec![Share::default(); targets.len()]);
        Bars { screen, bars, total, done }
    }

    fn show_total(&self, index: usize, share: Share) {
        let Some(total) = &self.total else { return };
        let mut shares = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = shares.get_mut(index) {
            *slot = share;
        }
        let sum = total_of(&shares);
        total.set_length(sum.all);
        total.set_position(sum.done);
        total.set_message(total_text(sum));
    }
}

/// The sum over all targets.
fn total_of(shares: &[Share]) -> Share {
    shares.iter().fold(Share::default(), |sum, s| Share {
        done: sum.done.saturating_add(s.done),
        all: sum.all.saturating_add(s.all),
        rate: sum.rate.saturating_add(s.rate),
    })
}

fn total_text(sum: Share) -> String {
    let left = sum.all.saturating_sub(sum.done);
    let event = Event::Progress {
        phase: "all targets".into(),
        bytes_done: sum.done,
        bytes_total: sum.all,
        bytes_per_second: sum.rate,
        milliseconds_left: (sum.rate > 0)
            .then(|| u64::try_from(u128::from(left) * 1000 / u128::from(sum.rate.max(1))).unwrap_or(u64::MAX)),
    };
    progress_text(&event).unwrap_or_default()
}

impl Sink for Bars {
    fn show(&self, origin: &Origin, event: &Event) {
        let Some(bar) = self.bars.get(origin.index) else { return };
        match event {
            Event::Started { bytes_total, .. } => {
                bar.set_length(*bytes_total);
                self.show_total(origin.index, Share { done: 0, all: *bytes_total, rate: 0 });
            }
            Event::Progress { bytes_done, bytes_total, bytes_per_second, .. } => {
                bar.set_length(*bytes_total);
                bar.set_position(*bytes_done);
                bar.set_message(clean(&progress_text(event).unwrap_or_default()));
                let share = Share { done: *bytes_done, all: *bytes_total, rate: *bytes_per_second };
                self.show_total(origin.index, share);
            }
            Event::TargetFinished { status, exit_code, .. } => {
                let word = status.map_or("not started", |s| s.name());
                bar.abandon_with_message(format!("{word} (exit code {exit_code})"));
                let shares = self.done.lock().unwrap_or_else(PoisonError::into_inner);
                let share = shares.get(origin.index).copied().unwrap_or_default();
                drop(shares);
                self.show_total(origin.index, Share { rate: 0, ..share });
            }
            // Passes and readback are seen in the bar itself.
            Event::Pass { .. } | Event::Verify { .. } => {}
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
        for bar in self.bars.iter().chain(&self.total) {
            if !bar.is_finished() {
                bar.abandon();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_adds_bytes_and_rates_of_all_targets() {
        let shares = [Share { done: 50, all: 100, rate: 5 }, Share { done: 0, all: 100, rate: 0 }];
        assert_eq!(total_text(total_of(&shares)), "all targets: 25 % of 200 B, 5 B/s, 30 s left");
        assert_eq!(total_text(Share::default()), "all targets: 0 % of 0 B, 0 B/s");
    }
}
