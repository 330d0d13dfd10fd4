//! The tables, in Markdown.

use super::peers::Setting;
use super::sample::{Sample, Samples};

/// What of fio's a contender is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceiling {
    Write,
    Read,
    /// A write and then a read of every byte; bytes count once.
    Both,
}

impl Ceiling {
    fn rate(self, write: f64, read: f64) -> f64 {
        match self {
            Ceiling::Write => write,
            Ceiling::Read => read,
            Ceiling::Both => 1.0 / (1.0 / write + 1.0 / read),
        }
    }
}

/// One line of the table.
pub struct Row {
    pub name: &'static str,
    pub ceiling: Ceiling,
    pub samples: Samples,
}

/// Every contender, with its rate as a part of fio's best.
pub fn contenders(rows: &[Row], best_write: f64, best_read: f64) -> String {
    let mut text = String::from(
        "| | GB/s | slowest to fastest | × fio's best | own CPU s/GB | whole program s | around the phase s |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let samples = &row.samples;
        let (slowest, fastest) = samples.spread();
        text += &format!(
            "| {} | {:.2} | {slowest:.2} to {fastest:.2} | {:.2} | {:.3} | {:.2} | {:.2} |\n",
            row.name,
            samples.rate(),
            samples.rate() / row.ceiling.rate(best_write, best_read),
            samples.median(|s: &Sample| s.processor),
            samples.median(|s| s.wall),
            samples.median(|s| s.around),
        );
    }
    text
}

/// One ratio, and what it should be.
pub struct Ratio {
    pub name: &'static str,
    pub found: f64,
    pub aim: f64,
    /// Whether less is better.
    pub at_most: bool,
}

/// The ratios that we hold ourselves to.
pub fn ratios(ratios: &[Ratio]) -> String {
    let mut text = String::from("| | found | aim | |\n|---|---|---|---|\n");
    for Ratio { name, found, aim, at_most } in ratios {
        let (word, met) = if *at_most { ("at most", found <= aim) } else { ("at least", found >= aim) };
        text += &format!("| {name} | {found:.3} | {word} {aim:.3} | {} |\n", if met { "met" } else { "not met" });
    }
    text
}

/// A sweep of fio's: GB/s by block size and depth.
pub fn sweep(title: &str, sweep: &[(Setting, Samples)]) -> String {
    let mut depths: Vec<u32> = sweep.iter().map(|(setting, _)| setting.depth).collect();
    depths.sort_unstable();
    depths.dedup();
    let mut text = format!("| {title} |");
    depths.iter().for_each(|depth| text += &format!(" depth {depth} |"));
    text += &format!("\n|---|{}\n", "---|".repeat(depths.len()));
    let mut blocks: Vec<u32> = sweep.iter().map(|(setting, _)| setting.block_kib).collect();
    blocks.dedup();
    for block_kib in blocks {
        text += &format!("| {block_kib} KiB |");
        for (_, samples) in sweep.iter().filter(|(setting, _)| setting.block_kib == block_kib) {
            text += &format!(" {:.2} |", samples.rate());
        }
        text += "\n";
    }
    text
}
