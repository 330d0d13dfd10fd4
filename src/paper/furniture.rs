//! Header and footer of each page. They are no part of what is told.

use super::layout::{Ink, Mark, Sheet, Style, wrap};
use crate::conformity::Language;
use crate::words;

const STYLE: Style = Style::plain(7.0).ink(Ink::GREY);

/// Puts title and id above, digest and number of the page below.
pub fn on(sheet: &mut Sheet, language: Language, title: &str, id: &str, digest: &str) {
    let count = sheet.pages.len().to_string();
    let (left, right) = (sheet.frame.side, sheet.frame.width - sheet.frame.side);
    let (above, below) = (sheet.frame.top - 24.0, sheet.frame.height - sheet.frame.bottom + 18.0);
    let half = (right - left) / 2.0 - 6.0;
    let clip = |text: &str, width| wrap::clip(text, STYLE.weight, STYLE.size, width);
    let (title, id, digest) = (clip(title, half), clip(id, half), clip(digest, half * 1.4));
    for page in 0..sheet.pages.len() {
        let number = (page + 1).to_string();
        let number = words::text_with(language, "paper-page", &[("page", &number), ("of", &count)]);
        let number = clip(&number, half * 0.5);
        let lines = [
            (left, above, title.clone()),
            (right - id.width, above, id.clone()),
            (left, below, digest.clone()),
            (right - number.width, below, number),
        ];
        let rules = vec![[left, above + 12.0, right, above + 12.0], [left, below - 4.0, right, below - 4.0]];
        sheet.draw_on(page, Mark::Lines(Ink::RULE, 0.5, rules));
        for (x, y, line) in lines {
            if !line.text.is_empty() {
                sheet.draw_on(
                    page,
                    Mark::Text { x, y: y + STYLE.size * super::layout::font::ASCENT, style: STYLE, line },
                );
            }
        }
    }
}
