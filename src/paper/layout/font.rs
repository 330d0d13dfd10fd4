//! The two faces, and which characters are printed as they are.
//!
//! Glyphs are placed one after another, from left to right, as the characters stand in the text: nothing is shaped, reordered or joined. So
//! nothing in a text can change the place of anything else, and the width of a text is the sum of its characters.

use std::sync::OnceLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

static REGULAR: &[u8] = include_bytes!("../fonts/LiberationSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/LiberationSans-Bold.ttf");

/// Part of the em that a line reaches above its baseline.
pub const ASCENT: f32 = 0.905;

/// Scripts that are written from left to right, and signs.
const PLAIN: [(u32, u32); 14] = [
    (0x20, 0x7e),
    (0xa1, 0xac),
    (0xae, 0x24f),
    (0x384, 0x3ff),
    (0x400, 0x482),
    (0x48a, 0x52f),
    (0x1e00, 0x1eff),
    (0x2010, 0x2015),
    (0x2017, 0x2026),
    (0x2030, 0x203a),
    (0x20a0, 0x20bf),
    (0x2190, 0x21ff),
    (0x2200, 0x22ff),
    (0x25a0, 0x25ff),
];
const LAST: u32 = 0x25ff;

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Liberation Sans Regular.
    Regular,
    /// Liberation Sans Bold.
    Bold,
}

/// Glyph and advance, in parts of the em, of each character that is printed as it is.
struct Face(Vec<Option<(u32, f32)>>);

impl Face {
    fn read(data: &[u8]) -> Face {
        let Ok(font) = FontRef::new(data) else { return Face(Vec::new()) };
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let per_em = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em.max(1));
        let charmap = font.charmap();
        let plain = |code: u32| PLAIN.iter().any(|(first, last)| (*first..=*last).contains(&code));
        let glyph = |code: u32| {
            let glyph = charmap.map(code).filter(|glyph| plain(code) && glyph.to_u32() != 0)?;
            Some((glyph.to_u32(), metrics.advance_width(glyph)? / per_em))
        };
        Face((0..=LAST).map(glyph).collect())
    }

    fn glyph(&self, c: char) -> Option<(u32, f32)> {
        *self.0.get(usize::try_from(u32::from(c)).ok()?)?
    }
}

fn face(weight: Weight) -> &'static Face {
    static FACES: [OnceLock<Face>; 2] = [OnceLock::new(), OnceLock::new()];
    match weight {
        Weight::Regular => FACES[0].get_or_init(|| Face::read(REGULAR)),
        Weight::Bold => FACES[1].get_or_init(|| Face::read(BOLD)),
    }
}

/// The faces as the PDF embeds them; `None` if a font file can't be read.
pub fn embedded() -> Option<[Font; 2]> {
    Some([Font::new(REGULAR.into(), 0)?, Font::new(BOLD.into(), 0)?])
}

/// Width of `c` in parts of the em; nothing for what is not printed as it is.
pub fn advance(weight: Weight, c: char) -> f32 {
    face(weight).glyph(c).map_or(0.0, |(_, advance)| advance)
}

/// Width of `text` at `size` points.
pub fn width(weight: Weight, size: f32, text: &str) -> f32 {
    text.chars().map(|c| advance(weight, c)).sum::<f32>() * size
}

/// The glyphs of a text that [`visible`] made.
pub fn glyphs(weight: Weight, text: &str) -> Vec<KrillaGlyph> {
    let face = face(weight);
    text.char_indices()
        .filter_map(|(at, c)| {
            let (glyph, advance) = face.glyph(c)?;
            Some(KrillaGlyph::new(GlyphId::new(glyph), advance, 0.0, 0.0, 0.0, at..at + c.len_utf8(), None))
        })
        .collect()
}

/// A no-break space: drawn as a space, and no line ends at it.
pub const NO_BREAK: char = '\u{a0}';

/// `text` with everything that the faces can't show, or that would show as nothing, written out: `‹U+4E2D›`. The brackets themselves are
/// written out too, so that no text looks like another.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let both = |c| face(Weight::Regular).glyph(c).is_some() && face(Weight::Bold).glyph(c).is_some();
        if c == NO_BREAK || (both(c) && c != '‹' && c != '›') {
            shown.push(c);
        } else {
            shown.push_str(&format!("‹U+{:04X}›", u32::from(c)));
        }
    }
    shown
}
