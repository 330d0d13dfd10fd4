//! Pages as they fill up: what is drawn where, and what it is to a reader who can't see it.

use super::font::{self, Weight};
use super::wrap::{Line, wrap};

/// Colours; each is told apart by more than its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

impl Ink {
    /// Text.
    pub const BLACK: Ink = Ink(0x1a, 0x1a, 0x1a);
    /// Labels and small print.
    pub const GREY: Ink = Ink(0x55, 0x55, 0x55);
    /// Rules between rows.
    pub const RULE: Ink = Ink(0xbf, 0xbf, 0xbf);
    /// Ground of table headers.
    pub const GROUND: Ink = Ink(0xf0, 0xf0, 0xf0);
    /// Nothing drawn.
    pub const WHITE: Ink = Ink(0xff, 0xff, 0xff);
    /// What is borne out.
    pub const GOOD: Ink = Ink(0x1b, 0x5e, 0x34);
    /// What is not.
    pub const BAD: Ink = Ink(0x9c, 0x1c, 0x1c);
    /// What is open.
    pub const OPEN: Ink = Ink(0x7a, 0x52, 0x00);
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Points.
    pub size: f32,
    /// Weight.
    pub weight: Weight,
    /// Colour.
    pub ink: Ink,
}

impl Style {
    /// Regular and black.
    pub const fn plain(size: f32) -> Style {
        Style { size, weight: Weight::Regular, ink: Ink::BLACK }
    }

    /// Bold and black.
    pub const fn bold(size: f32) -> Style {
        Style { size, weight: Weight::Bold, ink: Ink::BLACK }
    }

    /// In another colour.
    pub const fn ink(self, ink: Ink) -> Style {
        Style { ink, ..self }
    }

    /// From one baseline to the next.
    pub fn leading(self) -> f32 {
        self.size * 1.28
    }
}

/// What a part of the document is (ISO 32000-1, 14.8.4).
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    /// A heading of that level, from 1.
    Heading(u16, String),
    /// A paragraph.
    Paragraph,
    /// A table.
    Table,
    /// Its row.
    Row,
    /// A header cell of a column.
    ColumnHead,
    /// A header cell of a row.
    RowHead,
    /// A cell.
    Cell,
    /// A picture, and what it shows.
    Figure(String),
}

/// A part of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub role: Role,
    /// The part that it belongs to.
    pub parent: Option<usize>,
}

/// A straight-sided area, in points from the page's upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A text, from `x` on the baseline `y`.
    Text {
        /// Left end.
        x: f32,
        /// Baseline.
        y: f32,
        /// How.
        style: Style,
        /// The line.
        line: Line,
    },
    /// Filled areas.
    Fill(Ink, Vec<Area>),
    /// Straight lines from (x, y) to (x, y), that wide.
    Lines(Ink, f32, Vec<[f32; 4]>),
}

/// A mark, and the part that it belongs to; `None`: an artifact.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Part.
    pub node: Option<usize>,
    /// What.
    pub mark: Mark,
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Width in points.
    pub width: f32,
    /// Height in points.
    pub height: f32,
    /// In the order in which it is drawn, which is the order in which it is read.
    pub drawn: Vec<Drawn>,
}

/// Size of a page and its margins, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Width of the page.
    pub width: f32,
    /// Its height.
    pub height: f32,
    /// Left and right margin.
    pub side: f32,
    /// Above what is told.
    pub top: f32,
    /// Below it.
    pub bottom: f32,
}

/// ISO A4, with room for a header and a footer in its margins.
pub const A4: Frame = Frame { width: 595.28, height: 841.89, side: 51.0, top: 56.0, bottom: 52.0 };
/// A label of the 62 mm roll.
pub const LABEL: Frame = Frame { width: 175.75, height: 841.89, side: 7.0, top: 8.0, bottom: 8.0 };

/// An entry of the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Level, from 1.
    pub level: u16,
    /// Title.
    pub title: String,
    /// Page, from 0.
    pub page: usize,
    /// Where on it.
    pub y: f32,
}

/// The document as it grows.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Size and margins.
    pub frame: Frame,
    /// The pages so far.
    pub pages: Vec<Page>,
    /// Its parts.
    pub nodes: Vec<Node>,
    /// Its outline.
    pub outline: Vec<Entry>,
    /// Left edge of the column that is being filled.
    pub left: f32,
    /// Its right edge.
    pub right: f32,
    /// Where the next thing begins.
    pub y: f32,
}

impl Sheet {
    /// One empty page.
    pub fn new(frame: Frame) -> Sheet {
        let (left, right) = (frame.side, frame.width - frame.side);
        let (pages, nodes, outline) = (Vec::new(), Vec::new(), Vec::new());
        let mut sheet = Sheet { frame, pages, nodes, outline, left, right, y: 0.0 };
        sheet.break_page();
        sheet
    }

    /// Goes on at the top of a new page.
    pub fn break_page(&mut self) {
        let Frame { width, height, top, .. } = self.frame;
        self.pages.push(Page { width, height, drawn: Vec::new() });
        self.y = top;
    }

    /// Where the room of a page ends.
    pub fn bottom(&self) -> f32 {
        self.frame.height - self.frame.bottom
    }

    /// Room left on this page.
    pub fn room(&self) -> f32 {
        self.bottom() - self.y
    }

    /// Width of the column.
    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    /// Goes to a new page unless `height` is left on this one. What is higher than a page begins on a fresh one.
    pub fn need(&mut self, height: f32) {
        if self.room() < height && self.y > self.frame.top {
            self.break_page();
        }
    }

    /// Leaves space, but none at the top of a page.
    pub fn skip(&mut self, height: f32) {
        if self.y > self.frame.top {
            self.y += height;
        }
    }

    /// Adds a part.
    pub fn node(&mut self, role: Role, parent: Option<usize>) -> usize {
        self.nodes.push(Node { role, parent });
        self.nodes.len() - 1
    }

    /// Draws on the current page.
    pub fn draw(&mut self, node: Option<usize>, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.drawn.push(Drawn { node, mark });
        }
    }

    /// Draws an artifact on any page, from 0.
    pub fn draw_on(&mut self, page: usize, mark: Mark) {
        if let Some(page) = self.pages.get_mut(page) {
            page.drawn.push(Drawn { node: None, mark });
        }
    }

    /// Draws a line of text whose upper edge is at `y`.
    pub fn line(&mut self, node: Option<usize>, x: f32, y: f32, style: Style, line: Line) {
        if !line.text.is_empty() {
            self.draw(node, Mark::Text { x, y: y + style.size * font::ASCENT, style, line });
        }
    }

    /// Sets `text` in the column, from the current place on, over as many pages as it takes.
    pub fn set(&mut self, node: usize, text: &str, style: Style) {
        for line in wrap(text, style.weight, style.size, self.width()) {
            self.need(style.leading());
            let (x, y) = (self.left, self.y);
            self.line(Some(node), x, y, style, line);
            self.y += style.leading();
        }
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str, style: Style) {
        let node = self.node(Role::Paragraph, None);
        self.set(node, text, style);
    }

    /// A heading with room for something below it, entered in the outline.
    pub fn heading(&mut self, level: u16, text: &str, style: Style) {
        let lines = wrap(text, style.weight, style.size, self.width()).len();
        #[allow(clippy::cast_precision_loss)] // Far fewer lines than 2^24.
        self.need((style.leading() * lines as f32 + 44.0).min(self.bottom() - self.frame.top));
        let title = short(text);
        self.outline.push(Entry { level, title: title.clone(), page: self.pages.len() - 1, y: self.y });
        let node = self.node(Role::Heading(level, title), None);
        self.set(node, text, style);
    }

    /// A rule across the column, at the current place.
    pub fn rule(&mut self, ink: Ink, width: f32) {
        let line = [self.left, self.y, self.right, self.y];
        self.draw(None, Mark::Lines(ink, width, vec![line]));
    }
}

impl Sheet {
    /// Cuts the last page off where what is told ends.
    pub fn cut(&mut self) {
        let height = self.y + self.frame.bottom;
        if let Some(page) = self.pages.last_mut() {
            page.height = height.min(page.height);
        }
    }
}

/// The beginning of a text, for titles: readers of PDF have their limits.
pub fn short(text: &str) -> String {
    let shown = font::visible(text);
    let mut kept: String = shown.chars().take(120).collect();
    if kept.len() < shown.len() {
        kept.push('…');
    }
    // No title is empty.
    if kept.trim().is_empty() { "–".into() } else { kept }
}
