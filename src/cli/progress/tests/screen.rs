//! A terminal in memory: wraps and moves its cursor as a real one does.

use std::io;
use std::sync::{Arc, Mutex};

use indicatif::TermLike;

#[derive(Debug, Default)]
struct State {
    width: usize,
    cells: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

/// The terminal; clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Screen(Arc<Mutex<State>>);

impl Screen {
    pub fn new(width: usize) -> Self {
        let screen = Screen::default();
        screen.resize(width);
        screen
    }

    /// Makes it that wide for all that is drawn from now on.
    pub fn resize(&self, width: usize) {
        self.0.lock().unwrap().width = width;
    }

    pub fn columns(&self) -> usize {
        self.0.lock().unwrap().width
    }

    /// The rows that show something.
    pub fn rows(&self) -> Vec<String> {
        let state = self.0.lock().unwrap();
        let rows = state.cells.iter().map(|row| row.iter().collect::<String>().trim_end().to_string());
        rows.filter(|row| !row.is_empty()).collect()
    }

    fn with(&self, work: impl FnOnce(&mut State)) -> io::Result<()> {
        work(&mut self.0.lock().unwrap());
        Ok(())
    }
}

impl State {
    fn put(&mut self, c: char) {
        match c {
            '\n' => (self.row, self.column) = (self.row + 1, 0),
            '\r' => self.column = 0,
            _ => {
                // The cursor stays in the last column until something more is written.
                if self.column == self.width {
                    (self.row, self.column) = (self.row + 1, 0);
                }
                let rows = self.cells.len().max(self.row + 1);
                self.cells.resize(rows, Vec::new());
                let row = &mut self.cells[self.row];
                row.resize(row.len().max(self.column + 1), ' ');
                row[self.column] = c;
                self.column += 1;
            }
        }
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        u16::try_from(self.columns()).unwrap()
    }
    fn height(&self) -> u16 {
        24
    }
    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.with(|s| s.row = s.row.saturating_sub(n))
    }
    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.with(|s| s.row += n)
    }
    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.with(|s| s.column += n)
    }
    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.with(|s| s.column = s.column.saturating_sub(n))
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)?;
        self.write_str("\n")
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        self.with(|s| text.chars().for_each(|c| s.put(c)))
    }
    fn clear_line(&self) -> io::Result<()> {
        self.with(|s| {
            s.column = 0;
            let row = s.row;
            if let Some(row) = s.cells.get_mut(row) {
                row.clear();
            }
        })
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}
