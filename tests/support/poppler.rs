//! What poppler, qpdf and NSS say of a PDF: other hands than the code under test.

use std::path::{Path, PathBuf};

use super::{attempt, run};

/// Every program that is called here.
pub const PROGRAMS: [&str; 9] =
    ["qpdf", "pdfinfo", "pdffonts", "pdfdetach", "pdfimages", "pdftotext", "pdftoppm", "pdfsig", "certutil"];

/// A word on a page: its corners in points from the page's upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    pub text: String,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// A page with its words.
#[derive(Debug, Clone)]
pub struct Page {
    pub width: f64,
    pub height: f64,
    pub words: Vec<Word>,
}

/// Whether `qpdf --check` finds nothing wrong at all, and what it said.
pub fn qpdf_accepts(pdf: &Path) -> (bool, String) {
    let output = attempt("qpdf", &["--check", text(pdf)]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success() && !said.contains("WARNING"), said)
}

/// The value of `key` in what pdfinfo says.
pub fn info(pdf: &Path, key: &str) -> String {
    let said = run("pdfinfo", &[text(pdf)]);
    let value = said.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    value.unwrap_or_else(|| panic!("pdfinfo says nothing of {key}:\n{said}")).trim().to_string()
}

/// The metadata in XML, where a PDF says which standards it keeps to.
pub fn metadata(pdf: &Path) -> String {
    run("pdfinfo", &["-meta", text(pdf)])
}

/// Every font, and whether it is embedded and has a map to Unicode.
pub fn fonts(pdf: &Path) -> Vec<(String, bool, bool)> {
    let said = run("pdffonts", &[text(pdf)]);
    let mut lines = said.lines();
    let head = lines.next().unwrap_or_default();
    let column = |name: &str| head.find(name).unwrap_or_else(|| panic!("no column {name} in {head}"));
    let (embedded, unicode) = (column("emb"), column("uni"));
    let rows = lines.skip(1).map(|line| {
        let is = |at: usize| line[at..].starts_with("yes");
        (line.split_whitespace().next().unwrap().to_string(), is(embedded), is(unicode))
    });
    rows.collect()
}

/// The attachments: name and bytes.
pub fn attachments(pdf: &Path, scratch: &Path) -> Vec<(String, Vec<u8>)> {
    let list = run("pdfdetach", &["-list", text(pdf)]);
    let names = list.lines().filter_map(|l| l.split_once(": ").filter(|(n, _)| n.parse::<u32>().is_ok()));
    let read = |(number, name): (&str, &str)| {
        let out = scratch.join(format!("attachment-{number}"));
        run("pdfdetach", &["-save", number, "-o", text(&out), text(pdf)]);
        (name.to_string(), std::fs::read(out).unwrap())
    };
    names.map(read).collect()
}

/// The text of every page, lines as they are laid out.
pub fn words_of(pdf: &Path) -> String {
    run("pdftotext", &["-layout", text(pdf), "-"])
}

/// Every page with its words' boxes.
pub fn pages(pdf: &Path) -> Vec<Page> {
    let said = run("pdftotext", &["-bbox-layout", text(pdf), "-"]);
    let mut pages: Vec<Page> = Vec::new();
    for line in said.lines().map(str::trim) {
        let number = |key: &str| -> f64 { attribute(line, key).parse().unwrap() };
        if line.starts_with("<page ") {
            pages.push(Page { width: number("width"), height: number("height"), words: Vec::new() });
        } else if line.starts_with("<word ") {
            let text = line.split_once('>').unwrap().1.trim_end_matches("</word>").to_string();
            let (left, top) = (number("xMin"), number("yMin"));
            let word = Word { text, left, top, right: number("xMax"), bottom: number("yMax") };
            pages.last_mut().expect("a page before its words").words.push(word);
        }
    }
    pages
}

fn attribute<'a>(line: &'a str, key: &str) -> &'a str {
    let at = line.find(&format!("{key}=\"")).unwrap_or_else(|| panic!("no {key} in {line}")) + key.len() + 2;
    line[at..].split('"').next().unwrap()
}

/// What is wrong with where the words stand: outside the margin, or one over another.
pub fn misplaced(pages: &[Page], margin: f64) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, page) in (1..).zip(pages) {
        for (at, word) in page.words.iter().enumerate() {
            let inside = word.left >= margin && word.top >= margin;
            if !inside || word.right > page.width - margin || word.bottom > page.height - margin {
                wrong.push(format!("page {number}: {word:?} stands outside the margin of {margin} points"));
            }
            for other in &page.words[at + 1..] {
                if overlap(word, other) {
                    wrong.push(format!("page {number}: {word:?} and {other:?} overlap"));
                }
            }
        }
    }
    wrong
}

/// Whether two words' boxes share more than a sliver. A box is as high as the font's ascent and descent, which is
/// more than its letters, so a fifth of a height may be shared by lines that are set close.
fn overlap(a: &Word, b: &Word) -> bool {
    let wide = a.right.min(b.right) - a.left.max(b.left);
    let high = a.bottom.min(b.bottom) - a.top.max(b.top);
    wide > 0.5 && high > 0.2 * (a.bottom - a.top).min(b.bottom - b.top)
}

/// A grey picture of a page: width, height, and a byte a pixel, 72 pixels an inch, so that a pixel is a point.
pub fn picture(pdf: &Path, page: usize, scratch: &Path) -> (usize, usize, Vec<u8>) {
    let (number, root) = (page.to_string(), scratch.join(format!("page-{page}")));
    let words = ["-gray", "-r", "72", "-singlefile", "-f", &number, "-l", &number, text(pdf), text(&root)];
    run("pdftoppm", &words);
    let bytes = std::fs::read(root.with_extension("pgm")).unwrap();
    // P5, width, height, the greatest value: three lines of text, then the pixels.
    let mut lines = bytes.splitn(4, |b| *b == b'\n');
    let mut line = || String::from_utf8(lines.next().unwrap().to_vec()).unwrap();
    assert_eq!(line(), "P5");
    let size = line();
    let (width, height) = size.split_once(' ').unwrap();
    assert_eq!(line(), "255");
    let (width, height) = (width.parse().unwrap(), height.parse().unwrap());
    let pixels = lines.next().unwrap().to_vec();
    assert_eq!(pixels.len(), width * height);
    (width, height, pixels)
}

/// How many pixels of the margin are not white.
pub fn ink_in_margin(picture: &(usize, usize, Vec<u8>), margin: usize) -> usize {
    let (width, height, pixels) = picture;
    let outside = |at: &usize| {
        let (x, y) = (at % width, at / width);
        x < margin || y < margin || x >= width - margin || y >= height - margin
    };
    (0..pixels.len()).filter(outside).filter(|at| pixels[*at] < 250).count()
}

/// How many pixels of the whole page are not white.
pub fn ink(picture: &(usize, usize, Vec<u8>)) -> usize {
    picture.2.iter().filter(|pixel| **pixel < 250).count()
}

/// An NSS database in `directory` that trusts these roots, as pdfsig wants it.
pub fn nss(directory: &Path, trusted: &[&Path]) -> PathBuf {
    let database = directory.join("nss");
    std::fs::create_dir_all(&database).unwrap();
    let at = format!("sql:{}", database.display());
    run("certutil", &["-N", "-d", &at, "--empty-password"]);
    for (number, root) in trusted.iter().enumerate() {
        let name = format!("root {number}");
        run("certutil", &["-A", "-d", &at, "-n", &name, "-t", "CT,CT,CT", "-i", text(root)]);
    }
    database
}

/// What pdfsig says of one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdfsig {
    /// `Signature is Valid.`, `Digest Mismatch.` and others.
    pub signature: String,
    /// `Certificate is Trusted.`, `Certificate issuer isn't Trusted.` and others; empty where it was not looked at.
    pub certificate: String,
    /// Whether the signature covers the whole file.
    pub whole: bool,
}

impl Pdfsig {
    pub fn accepted(&self) -> bool {
        self.holds() && self.certificate == "Certificate is Trusted."
    }

    pub fn holds(&self) -> bool {
        self.signature == "Signature is Valid."
    }
}

/// Every signature that pdfsig finds; none in a file that it can't read.
pub fn pdfsig(pdf: &Path, database: &Path) -> Vec<Pdfsig> {
    // The exit code tells nothing of the signatures.
    let output = attempt("pdfsig", &["-nssdir", text(database), text(pdf)]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let blocks = said.split("Signature #").skip(1);
    let read = |block: &str| {
        let value = |key: &str| {
            let found = block.lines().find_map(|l| l.trim().strip_prefix("- ")?.strip_prefix(key));
            found.unwrap_or_default().trim().to_string()
        };
        Pdfsig {
            signature: value("Signature Validation:"),
            certificate: value("Certificate Validation:"),
            whole: block.contains("- Total document signed"),
        }
    };
    blocks.map(read).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
