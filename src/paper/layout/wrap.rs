//! Lines of a text in a column.

use super::font::{self, NO_BREAK, Weight};

/// A line as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What stands in it.
    pub text: String,
    /// Its width in points.
    pub width: f32,
}

/// The lines of `text` in a column `width` points wide: broken at spaces, after hyphens and slashes, and anywhere where a word alone is too
/// long. At least one line.
pub fn wrap(text: &str, weight: Weight, size: f32, width: f32) -> Vec<Line> {
    let text = font::visible(text);
    let advance = |c: char| font::advance(weight, if c == NO_BREAK { ' ' } else { c }) * size;
    let line = |piece: &str| {
        let text = piece.trim_end_matches(' ').replace(NO_BREAK, " ");
        Line { width: font::width(weight, size, &text), text }
    };
    let (mut lines, mut start, mut at) = (Vec::new(), 0, 0.0);
    // Where the line could end, and where the next would begin.
    let mut chance: Option<(usize, usize)> = None;
    for (index, c) in text.char_indices() {
        let wide = advance(c);
        if c == ' ' {
            chance = (index > start).then_some((index, index + 1)).or(chance);
            at += wide;
            continue;
        }
        while at + wide > width && index > start {
            let (end, next) = chance.take().unwrap_or((index, index));
            lines.push(line(&text[start..end]));
            start = next;
            at = text[start..index].chars().map(advance).sum();
        }
        at += wide;
        let after_letter = text[..index].ends_with(char::is_alphabetic);
        // Dates and numbers stay whole.
        if matches!(c, '-' | '/') && after_letter {
            chance = Some((index + 1, index + 1));
        }
    }
    lines.push(line(&text[start..]));
    lines
}

/// As much of `text` as fits into one line `width` points wide, with an ellipsis where something is left out.
pub fn clip(text: &str, weight: Weight, size: f32, width: f32) -> Line {
    let shown = font::visible(text).replace(NO_BREAK, " ");
    let whole = font::width(weight, size, &shown);
    if whole <= width {
        return Line { text: shown, width: whole };
    }
    let mut kept = String::new();
    let mut used = font::width(weight, size, "…");
    for c in shown.chars() {
        used += font::advance(weight, c) * size;
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    Line { width: font::width(weight, size, &kept), text: kept }
}
