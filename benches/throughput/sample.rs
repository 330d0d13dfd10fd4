//! What one run of a contender gave, and the medians of several.

use std::time::Duration;

use super::run::Ran;

/// One run.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// 10^9 bytes per second, while it wrote or read.
    pub rate: f64,
    /// Seconds of the whole program.
    pub wall: f64,
    /// Seconds of the whole program outside of the phase that `rate` is of.
    pub around: f64,
    /// Processor seconds of the program's own per 10^9 bytes.
    pub processor: f64,
}

impl Sample {
    /// `bytes` bytes were moved in `phase`, by a program that ran as `ran` says.
    pub fn of_phase(bytes: u64, phase: Duration, ran: &Ran) -> Self {
        let gigabytes = bytes as f64 / 1e9;
        Sample {
            rate: gigabytes / phase.as_secs_f64().max(1e-6),
            wall: ran.wall.as_secs_f64(),
            around: ran.wall.saturating_sub(phase).as_secs_f64(),
            processor: ran.processor.as_secs_f64() / gigabytes,
        }
    }
}

/// Samples of one contender.
#[derive(Debug, Clone, Default)]
pub struct Samples(Vec<Sample>);

impl Samples {
    pub fn add(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    /// The median of one of its figures; 0 where there is no sample.
    pub fn median(&self, figure: impl Fn(&Sample) -> f64) -> f64 {
        let sorted = self.sorted(figure);
        match (sorted.len(), sorted.len() / 2) {
            (0, _) => 0.0,
            (count, middle) if count % 2 == 1 => sorted[middle],
            (_, middle) => f64::midpoint(sorted[middle - 1], sorted[middle]),
        }
    }

    /// Slowest and fastest rate.
    pub fn spread(&self) -> (f64, f64) {
        let sorted = self.sorted(|sample| sample.rate);
        (sorted.first().copied().unwrap_or(0.0), sorted.last().copied().unwrap_or(0.0))
    }

    pub fn rate(&self) -> f64 {
        self.median(|sample| sample.rate)
    }

    fn sorted(&self, figure: impl Fn(&Sample) -> f64) -> Vec<f64> {
        let mut values: Vec<f64> = self.0.iter().map(figure).collect();
        values.sort_by(f64::total_cmp);
        values
    }
}
