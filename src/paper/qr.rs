//! The square code, as areas.

use fast_qr::{ECL, QRBuilder};

use super::layout::{Area, Ink, Mark, Role, Sheet};

/// Modules of quiet zone on each side (ISO/IEC 18004).
const QUIET: f32 = 4.0;

/// Draws `text` as a code `size` points wide, its quiet zone included, with its upper left corner at (x, y). `shown` says what it is.
/// Nothing is drawn where the text is too long for a code.
#[allow(clippy::cast_precision_loss)] // A code has at most 177 modules a side.
pub fn draw(sheet: &mut Sheet, x: f32, y: f32, size: f32, text: &str, shown: &str) {
    let Ok(code) = QRBuilder::new(text).ecl(ECL::M).build() else { return };
    let module = size / (code.size as f32 + 2.0 * QUIET);
    let mut dark = Vec::new();
    for row in 0..code.size {
        let mut column = 0;
        while column < code.size {
            let run = (column..code.size).take_while(|at| code[row][*at].value()).count();
            if run > 0 {
                let (left, top) = (x + (QUIET + column as f32) * module, y + (QUIET + row as f32) * module);
                dark.push(Area { x: left, y: top, width: run as f32 * module, height: module });
            }
            column += run.max(1);
        }
    }
    let node = sheet.node(Role::Figure(shown.into()), None);
    sheet.draw(Some(node), Mark::Fill(Ink(0, 0, 0), dark));
}
