//! One row of the screen: a name, a bar, and as many words as there is room for.

use crate::cli::human::{bytes, duration, percent};

/// Cells of a bar where there is room, and the fewest that still show something.
const CELLS: usize = 20;
const FEWEST_CELLS: usize = 3;
/// Columns of a name that are kept however narrow the screen is.
const NAME: usize = 12;
/// Columns beside name, bar and words: spaces and brackets.
const FRAME: usize = 4;
/// Columns kept for `100 %`, ` in all`, `, pass 17 of 35`, `, 128.4 MiB/s` and `, 5 h 3 min left`, so that no bar changes its length
/// while numbers and phases do.
const SHARE: usize = 5;
const IN_ALL: usize = 7;
const PHASE: usize = 15;
const RATE: usize = 13;
const LEFT: usize = 16;
/// Columns of the words of a running row, from the most to the fewest.
const WORDS: [usize; 3] = [SHARE + IN_ALL + PHASE + RATE + LEFT, SHARE + IN_ALL + PHASE + LEFT, SHARE + LEFT];

/// What a row says beside its bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// Not started.
    Waiting,
    /// Within a phase (empty: none told yet). A rate of 0 is not known.
    Running { phase: String, rate: u64, milliseconds_left: Option<u64> },
    /// Over, with what it came to and, where they are known, the particulars.
    Ended { word: String, particulars: String },
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whose it is.
    pub name: String,
    /// Columns of the longest name on the screen.
    pub longest_name: usize,
    /// Bytes done …
    pub done: u64,
    /// … of these. The bar and the percentage are always of the whole job.
    pub all: u64,
    /// What it says.
    pub words: Words,
}

/// One way to say it.
struct Choice {
    text: String,
    /// Columns to keep for it.
    room: usize,
    /// Rather the bar is left out than more of these words.
    before_bar: bool,
}

impl Row {
    /// The row, at most `width` columns of it.
    pub fn fit(&self, width: usize) -> String {
        let name_width = self.longest_name.min(NAME.max(width / 4).max(width.saturating_sub(CELLS + FRAME + WORDS[0])));
        let name = shorten(&self.name, name_width);
        let name = format!("{name}{}", " ".repeat(name_width.saturating_sub(columns(&name))));
        let choices = self.choices();
        let beside_name = width.saturating_sub(name_width + FRAME);
        let cells = |words: &usize| beside_name.checked_sub(*words).filter(|cells| *cells >= FEWEST_CELLS);
        let cells = WORDS.iter().find_map(cells).map(|cells| cells.min(CELLS));
        let with_bar = |choice: &Choice| {
            let cells = cells.filter(|cells| cells + choice.room <= beside_name)?;
            Some(format!("{name} [{}] {}", self.bar(cells), choice.text))
        };
        let bare = |choice: &Choice| {
            let row = format!("{name} {}", choice.text);
            (columns(&row) <= width).then_some(row)
        };
        let best = choices.iter().find_map(|c| with_bar(c).or_else(|| c.before_bar.then(|| bare(c)).flatten()));
        best.or_else(|| choices.iter().find_map(bare)).unwrap_or_else(|| shorten(&name, width))
    }

    /// From the most words to the fewest.
    fn choices(&self) -> Vec<Choice> {
        let share = format!("{:>3} %", percent(self.done, self.all));
        match &self.words {
            Words::Waiting => vec![Choice { text: "waiting".into(), room: 7, before_bar: false }],
            Words::Running { phase, rate, milliseconds_left } => {
                let in_all = (format!("{share} in all"), SHARE + IN_ALL);
                let phase = if phase.is_empty() { String::new() } else { format!(", {phase}") };
                let phase = (phase.clone(), columns(&phase));
                let rate = (if *rate == 0 { String::new() } else { format!(", {}/s", bytes(*rate)) }, RATE);
                let left = (milliseconds_left.map(|ms| format!(", {} left", duration(ms))).unwrap_or_default(), LEFT);
                let share = (share, SHARE);
                let all = [
                    vec![&in_all, &phase, &rate, &left],
                    vec![&in_all, &phase, &left],
                    vec![&share, &left],
                    vec![&share],
                ];
                all.map(|parts| {
                    let text: String = parts.iter().map(|(text, _)| text.as_str()).collect();
                    let room = parts.iter().map(|(_, room)| room).sum::<usize>().max(columns(&text));
                    Choice { text, room, before_bar: parts.len() == 2 }
                })
                .into()
            }
            Words::Ended { word, particulars } => {
                let share = if self.all > 0 { format!("{share}, ") } else { String::new() };
                let texts = [format!("{share}{word}{particulars}"), format!("{share}{word}"), word.clone()];
                texts.map(|text| Choice { room: columns(&text), text, before_bar: false }).into()
            }
        }
    }

    fn bar(&self, cells: usize) -> String {
        let full = u128::from(self.done.min(self.all)) * cells as u128 / u128::from(self.all.max(1));
        let full = usize::try_from(full).unwrap_or(cells);
        let tip = if full < cells && self.done > 0 { ">" } else { "" };
        format!("{:cells$}", format!("{}{tip}", "=".repeat(full)))
    }
}

/// Columns that `text` takes up at most: every character from the first wide ones on counts as wide.
pub fn columns(text: &str) -> usize {
    text.chars().map(character).sum()
}

fn character(c: char) -> usize {
    if c < '\u{1100}' || c == '…' { 1 } else { 2 }
}

/// `text` in at most `width` columns: its middle left out where it is longer. Names of media differ in their ends.
pub fn shorten(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_string();
    }
    let Some(room) = width.checked_sub(1) else { return String::new() };
    let mut used = 0;
    let mut fits = |c: &char, upto: usize| {
        used += character(*c);
        used <= upto
    };
    let head: String = text.chars().take_while(|c| fits(c, room / 3)).collect();
    used = columns(&head);
    let mut fits = |c: &char| {
        used += character(*c);
        used <= room
    };
    let tail: Vec<char> = text.chars().rev().take_while(|c| fits(c)).collect();
    head.chars().chain(['…']).chain(tail.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_both_ends() {
        assert_eq!(shorten("/dev/loop2", 10), "/dev/loop2");
        assert_eq!(shorten("/dev/disk/by-id/usb-0815-part1", 16), "/dev/…0815-part1");
        assert_eq!(shorten("abc", 1), "…");
        assert_eq!(shorten("abc", 0), "");
        for width in 0..20 {
            assert!(columns(&shorten("/dev/東芝東芝東芝東芝", width)) <= width);
        }
        assert_eq!(shorten("/dev/東芝東芝東芝", 12), "/de…東芝東芝");
    }

    #[test]
    fn no_row_is_wider_than_the_screen_whatever_it_says() {
        let words = [
            Words::Waiting,
            Words::Running { phase: "pass 1000 of 1000".into(), rate: u64::MAX, milliseconds_left: Some(u64::MAX) },
            Words::Running { phase: String::new(), rate: 0, milliseconds_left: None },
            Words::Ended { word: "sanitized-with-exceptions".into(), particulars: " (exit code 4)".into() },
        ];
        for words in words {
            for (width, name) in
                (0..200).flat_map(|width| [(width, "/dev/sda"), (width, "東芝東芝東芝東芝東芝東芝東芝")])
            {
                let row = Row { name: name.into(), longest_name: columns(name), done: 5, all: 9, words: words.clone() };
                let text = row.fit(width);
                assert!(columns(&text) <= width, "{width}: {text:?}");
            }
        }
    }

    #[test]
    fn all_bars_of_a_screen_are_equally_long() {
        let phase = |phase: &str, rate| Words::Running { phase: phase.into(), rate, milliseconds_left: Some(9_000) };
        let words = [
            Words::Waiting,
            phase("", 7 << 20),
            phase("pass 1 of 1", 0),
            phase("pass 17 of 35", 128 << 20),
            phase("verify", 7 << 20),
            Words::Ended { word: "interrupted".into(), particulars: " (exit code 6)".into() },
        ];
        for (width, cells) in [(40, 5), (60, 3), (80, 10), (90, 20), (200, 20)] {
            for words in &words {
                let row = Row { name: "/dev/loop0".into(), longest_name: 10, done: 0, all: 9, words: words.clone() };
                let text = row.fit(width);
                assert!(text.contains(&format!("[{}]", " ".repeat(cells))), "{width}: {text}");
            }
        }
        let row = Row { name: "/dev/sda".into(), longest_name: 8, done: 4, all: 9, words: words[3].clone() };
        assert!(row.fit(80).ends_with(" 44 % in all, pass 17 of 35, 128 MiB/s, 9.0 s left"), "{}", row.fit(80));
    }

    #[test]
    fn a_bar_is_full_only_when_all_is_done() {
        let row = |done, all| Row { name: String::new(), longest_name: 0, done, all, words: Words::Waiting };
        assert_eq!(row(0, 0).bar(5), "     ");
        assert_eq!(row(1, 1000).bar(5), ">    ");
        assert_eq!(row(999, 1000).bar(5), "====>");
        assert_eq!(row(1000, 1000).bar(5), "=====");
        assert_eq!(row(u64::MAX, u64::MAX).bar(5), "=====");
    }
}
