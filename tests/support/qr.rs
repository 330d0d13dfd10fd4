//! QR codes, read from the picture of a page by another hand (zxing), as a telephone would.

use std::path::Path;

use super::{pyhanko, run};

/// What each QR code on a page says, printed at `dots` an inch.
pub fn codes(pdf: &Path, page: usize, dots: u32, scratch: &Path) -> Vec<String> {
    let (number, dots, root) = (page.to_string(), dots.to_string(), scratch.join("codes"));
    let words = ["-gray", "-r", &dots, "-singlefile", "-f", &number, "-l", &number];
    run("pdftoppm", &[&words[..], &[pdf.to_str().unwrap(), root.to_str().unwrap()]].concat());
    read(&root.with_extension("pgm"))
}

/// What each QR code in a grey picture says.
pub fn read(picture: &Path) -> Vec<String> {
    serde_json::from_str(&run(&pyhanko::python(), &[TOOL, "read", picture.to_str().unwrap()])).unwrap()
}

/// A picture of a QR code that says `text`, for the tests of this reader.
pub fn draw(text: &str, picture: &Path) {
    run(&pyhanko::python(), &[TOOL, "draw", text, picture.to_str().unwrap()]);
}

const TOOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/qr_tool.py");
