//! From pages to PDF/A-3 and PDF/UA-1.
//!
//! Whatever the file holds follows from what is given here: no clock, no chance, no order of a hash map.

use std::num::NonZeroU16;

use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node as Leaf, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use krilla::text::Font;
use krilla::{Document, SerializeSettings};

use super::PaperError;
use super::layout::sheet::{Entry, Node, Page};
use super::layout::{Ink, Mark, Role, Sheet, Weight, font};

/// A file that is attached.
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Media type.
    pub mime: &'static str,
    /// What it is, for people.
    pub description: String,
    /// How it belongs to the document.
    pub kind: AssociationKind,
    /// The file.
    pub bytes: Vec<u8>,
}

/// What stands in the file beside the pages.
pub struct About {
    /// Title.
    pub title: String,
    /// Language: `da`, `sv`, `en`.
    pub language: &'static str,
    /// The moment that the document gives for itself.
    pub at: jiff::Timestamp,
    /// What its id is made of: the digest of what it shows.
    pub digest: String,
    /// What a program asks: layout, form, language, kind.
    pub keywords: Vec<String>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
}

/// The file.
///
/// # Errors
/// What krilla, which checks against PDF/A-3b and PDF/UA-1, does not take.
pub fn pdf(sheet: &Sheet, about: About) -> Result<Vec<u8>, PaperError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_B)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PaperError::Pdf(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let fonts = font::embedded().ok_or_else(|| PaperError::Pdf("a font can't be read".into()))?;
    let mut document = Document::new_with(settings);
    let mut leaves: Vec<Vec<Identifier>> = vec![Vec::new(); sheet.nodes.len()];
    for page in &sheet.pages {
        let size = PageSettings::from_wh(page.width, page.height)
            .ok_or_else(|| PaperError::Pdf("a page has no size".into()))?;
        let mut written = document.start_page_with(size);
        let mut surface = written.surface();
        draw_page(&mut surface, page, &fonts, &mut leaves);
        surface.finish();
        written.finish();
    }
    document.set_tag_tree(tag_tree(&sheet.nodes, leaves));
    document.set_outline(outline(&sheet.outline));
    let at = moment(about.at);
    document.set_metadata(
        Metadata::new()
            .title(about.title)
            .language(about.language.into())
            .producer(format!("radera, layout {}", super::LAYOUT))
            .keywords(about.keywords)
            .creation_date(at)
            .document_id(about.digest),
    );
    for file in about.attachments {
        let attached = document.embed_file(EmbeddedFile {
            path: file.name,
            mime_type: MimeType::new(file.mime),
            description: Some(file.description),
            association_kind: file.kind,
            data: file.bytes.into(),
            modification_date: Some(at),
            // As they are, so that they can be cut out of the file with the plainest of tools.
            compress: Some(false),
            location: None,
        });
        attached.ok_or_else(|| PaperError::Pdf("two attachments have the same name".into()))?;
    }
    document.finish().map_err(|error| PaperError::Pdf(told(&error)))
}

fn told(error: &krilla::error::KrillaError) -> String {
    match error {
        krilla::error::KrillaError::Validation(all) => {
            let all: Vec<_> = all.iter().take(3).map(|(error, _)| format!("{error:?}")).collect();
            all.join("; ")
        }
        other => other.to_string(),
    }
}

fn draw_page(surface: &mut Surface<'_>, page: &Page, fonts: &[Font; 2], leaves: &mut [Vec<Identifier>]) {
    let mut rest = page.drawn.as_slice();
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|drawn| drawn.node == first.node).count();
        let (now, later) = rest.split_at(same);
        rest = later;
        let leaf = first.node.and_then(|node| leaves.get_mut(node));
        let tag = match leaf {
            Some(_) => ContentTag::Other,
            None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        };
        let identifier = surface.start_tagged(tag);
        if let Some(leaf) = leaf {
            leaf.push(identifier);
        }
        for drawn in now {
            draw_mark(surface, &drawn.mark, fonts);
        }
        surface.end_tagged();
    }
}

fn draw_mark(surface: &mut Surface<'_>, mark: &Mark, fonts: &[Font; 2]) {
    match mark {
        Mark::Text { x, y, style, line } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(style.ink)));
            let face = match style.weight {
                Weight::Regular => &fonts[0],
                Weight::Bold => &fonts[1],
            };
            let glyphs = font::glyphs(style.weight, &line.text);
            surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, face.clone(), &line.text, style.size, false);
        }
        Mark::Fill(ink, areas) => {
            let mut path = PathBuilder::new();
            for area in areas {
                if let Some(rect) = Rect::from_xywh(area.x, area.y, area.width, area.height) {
                    path.push_rect(rect);
                }
            }
            if let Some(path) = path.finish() {
                surface.set_stroke(None);
                surface.set_fill(Some(fill(*ink)));
                surface.draw_path(&path);
            }
        }
        Mark::Lines(ink, width, lines) => {
            let mut path = PathBuilder::new();
            for [x1, y1, x2, y2] in lines {
                path.move_to(*x1, *y1);
                path.line_to(*x2, *y2);
            }
            if let Some(path) = path.finish() {
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke { paint: color(*ink).into(), width: *width, ..Stroke::default() }));
                surface.draw_path(&path);
            }
        }
    }
}

fn color(ink: Ink) -> rgb::Color {
    rgb::Color::new(ink.0, ink.1, ink.2)
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: color(ink).into(), ..Fill::default() }
}

/// The parts of the document, as a tree. A part's parent always stands before it.
fn tag_tree(nodes: &[Node], leaves: Vec<Vec<Identifier>>) -> TagTree {
    // What belongs to each part, last first; the very last place is that of the whole.
    let mut below: Vec<Vec<TagGroup>> = Vec::new();
    below.resize_with(nodes.len() + 1, Vec::new);
    // From the last to the first, so that a part has all of its own before it goes to its parent.
    for ((index, node), leaves) in nodes.iter().enumerate().zip(leaves).rev() {
        let groups = std::mem::take(&mut below[index]).into_iter().rev().map(Leaf::Group);
        let children: Vec<Leaf> = leaves.into_iter().map(Leaf::Leaf).chain(groups).collect();
        if !children.is_empty() {
            let parent = node.parent.filter(|parent| *parent < index).unwrap_or(nodes.len());
            below[parent].push(TagGroup::with_children(kind(&node.role), children));
        }
    }
    let mut tree = TagTree::new();
    tree.children.extend(below.pop().unwrap_or_default().into_iter().rev().map(Leaf::Group));
    tree
}

fn kind(role: &Role) -> TagKind {
    match role {
        Role::Heading(level, title) => {
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::Table => Tag::Table.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure(shown) => Tag::Figure(Some(shown.clone())).into(),
    }
}

fn outline(entries: &[Entry]) -> Outline {
    let mut outline = Outline::new();
    let mut rest = entries;
    while let Some((first, later)) = rest.split_first() {
        let inner = later.iter().take_while(|entry| entry.level > first.level).count();
        let (below, after) = later.split_at(inner);
        outline.push_child(entry_with(first, below));
        rest = after;
    }
    outline
}

fn entry_with(entry: &Entry, below: &[Entry]) -> OutlineNode {
    let place = XyzDestination::new(entry.page, Point::from_xy(0.0, entry.y));
    let mut node = OutlineNode::new(entry.title.clone(), place);
    for inner in below {
        node.push_child(entry_with(inner, &[]));
    }
    node
}

fn moment(at: jiff::Timestamp) -> DateTime {
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
