//! Tables that go on over pages, with their header on each.

use super::sheet::{Area, Ink, Mark, Role, Sheet, Style};
use super::wrap::{Line, wrap};

/// Space between the edge of a column and its text.
const SIDE: f32 = 4.0;

/// A text in a cell.
#[derive(Debug, Clone)]
pub struct Text {
    /// What.
    pub text: String,
    /// How.
    pub style: Style,
}

/// A cell: texts below each other.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// The texts.
    pub texts: Vec<Text>,
    /// Whether it heads its row.
    pub heads: bool,
}

impl Cell {
    /// A cell of one text.
    pub fn of(text: impl Into<String>, style: Style) -> Cell {
        Cell { texts: vec![Text { text: text.into(), style }], heads: false }
    }

    /// The same as the head of its row.
    pub fn head(text: impl Into<String>, style: Style) -> Cell {
        Cell { heads: true, ..Cell::of(text, style) }
    }

    /// With another text below, unless that is empty.
    pub fn and(mut self, text: impl Into<String>, style: Style) -> Cell {
        let text = text.into();
        if !text.is_empty() {
            self.texts.push(Text { text, style });
        }
        self
    }
}

/// How a table looks.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Space above and below the text of a row.
    pub pad: f32,
    /// Rules between rows.
    pub rules: bool,
    /// Least height of a row.
    pub least: f32,
}

impl Look {
    /// A list of rows.
    pub const ROWS: Look = Look { pad: 2.6, rules: true, least: 0.0 };
    /// Labels and values.
    pub const FACTS: Look = Look { pad: 0.9, rules: false, least: 0.0 };
}

/// A table that is being filled. Widths are shares of the column's.
pub struct Table<'a> {
    sheet: &'a mut Sheet,
    look: Look,
    /// Left edge and width of each column.
    columns: Vec<(f32, f32)>,
    header: Vec<(String, Style)>,
    node: usize,
    begun: bool,
}

impl<'a> Table<'a> {
    /// A table with columns of these shares and, where it is not empty, a header.
    pub fn new(sheet: &'a mut Sheet, look: Look, shares: &[f32], header: &[String], style: Style) -> Table<'a> {
        let whole: f32 = shares.iter().sum();
        let mut at = sheet.left;
        let column = |share: &f32| {
            let (x, width) = (at, sheet.right - sheet.left);
            at += width * share / whole;
            (x, width * share / whole)
        };
        let columns = shares.iter().map(column).collect();
        let node = sheet.node(Role::Table, None);
        let header = header.iter().map(|text| (text.clone(), style)).collect();
        Table { sheet, look, columns, header, node, begun: false }
    }

    /// The header, as an artifact where it is there again.
    fn head(&mut self, rest: f32) {
        if self.header.is_empty() {
            return;
        }
        let header = std::mem::take(&mut self.header);
        let cells: Vec<Vec<(Line, Style)>> = header
            .iter()
            .zip(&self.columns)
            .map(|((text, style), (_, width))| {
                let lines = wrap(text, style.weight, style.size, width - 2.0 * SIDE);
                lines.into_iter().map(|line| (line, *style)).collect()
            })
            .collect();
        let height = cells.iter().map(|lines| height(lines)).fold(0.0, f32::max) + 2.0 * self.look.pad;
        if !self.begun {
            self.sheet.need(height + rest);
        }
        let row = (!self.begun).then(|| self.sheet.node(Role::Row, Some(self.node)));
        let (x, y, width) = (self.sheet.left, self.sheet.y, self.sheet.width());
        self.sheet.draw(None, Mark::Fill(Ink::GROUND, vec![Area { x, y, width, height }]));
        for (lines, (x, _)) in cells.into_iter().zip(self.columns.clone()) {
            let node = row.map(|row| self.sheet.node(Role::ColumnHead, Some(row)));
            let mut at = y + self.look.pad;
            for (line, style) in lines {
                self.sheet.line(node, x + SIDE, at, style, line);
                at += style.leading();
            }
        }
        self.sheet.y += height;
        self.header = header;
        self.begun = true;
    }

    /// A row. One that does not fit goes to the next page; one that is higher than a page is split.
    pub fn row(&mut self, cells: Vec<Cell>) {
        let inset = if self.look.rules { SIDE } else { 0.0 };
        let mut rest: Vec<Vec<(Line, Style)>> = Vec::new();
        for (cell, (_, width)) in cells.iter().zip(&self.columns) {
            let lines = cell.texts.iter().flat_map(|Text { text, style }| {
                wrap(text, style.weight, style.size, width - SIDE - inset).into_iter().map(|line| (line, *style))
            });
            let mut lines: Vec<_> = lines.collect();
            // A cell that says nothing would be no cell to a reader who can't see it.
            if lines.iter().all(|(line, _)| line.text.trim().is_empty()) {
                lines = vec![(Line { text: "–".into(), width: 5.0 }, Style::plain(8.0).ink(Ink::GREY))];
            }
            rest.push(lines);
        }
        let pad = self.look.pad;
        let whole = (rest.iter().map(|lines| height(lines)).fold(0.0, f32::max) + 2.0 * pad).max(self.look.least);
        let page = self.sheet.bottom() - self.sheet.frame.top - 40.0;
        if !self.begun {
            self.head(whole.min(page));
            self.begun = true;
        }
        if whole > self.sheet.room() && (whole <= page || self.sheet.room() < 60.0) {
            self.next_page();
        }
        let row = self.sheet.node(Role::Row, Some(self.node));
        let role = |cell: &Cell| if cell.heads { Role::RowHead } else { Role::Cell };
        let nodes: Vec<usize> = cells.iter().map(|cell| self.sheet.node(role(cell), Some(row))).collect();
        let (mut least, mut fresh) = (self.look.least, false);
        loop {
            let (top, bottom) = (self.sheet.y + pad, self.sheet.bottom() - pad);
            let mut lowest = top;
            for ((lines, node), (x, _)) in rest.iter_mut().zip(&nodes).zip(self.columns.clone()) {
                let mut at = top;
                let fits = lines.iter().take_while(|(_, style)| {
                    at += style.leading();
                    at <= bottom + 0.01
                });
                // At least one line on a fresh page, so that it ends.
                let count = fits.count().max(usize::from(fresh)).min(lines.len());
                let mut at = top;
                for (line, style) in lines.drain(..count) {
                    self.sheet.line(Some(*node), x + inset, at, style, line);
                    at += style.leading();
                }
                lowest = lowest.max(at);
            }
            let done = rest.iter().all(Vec::is_empty);
            self.sheet.y = if done { (lowest + pad).max(top - pad + least) } else { lowest + pad };
            if done {
                break;
            }
            (least, fresh) = (0.0, true);
            self.next_page();
        }
        if self.look.rules {
            self.sheet.rule(Ink::RULE, 0.5);
        }
    }

    fn next_page(&mut self) {
        self.sheet.break_page();
        self.head(0.0);
    }
}

fn height(lines: &[(Line, Style)]) -> f32 {
    lines.iter().map(|(_, style)| style.leading()).sum()
}
