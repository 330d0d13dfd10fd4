//! Files by our generator to sign.

use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::{ArtifactType, ContentTag, Node, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};

/// What is attached to [`pdf`].
pub const JSON: &str = "{\"name\":\"Ærø Kommune, Malmö\",\"mark\":\"%%EOF\\n7 0 obj\"}";

/// A PDF/A-3b of `pages` pages with [`JSON`] attached under `name`; tagged as PDF/UA-1 asks for.
pub fn pdf(pages: usize, name: &str, json: &str, tagged: bool) -> Vec<u8> {
    let mut configuration = ConfigurationBuilder::new().with_archival_validator(Archival::A3_B);
    if tagged {
        configuration = configuration.with_accessibility_validator(Accessibility::UA1);
    }
    let configuration = configuration.finish().unwrap();
    let mut document =
        Document::new_with(SerializeSettings { configuration, enable_tagging: tagged, ..Default::default() });
    let mut tree = TagTree::new();
    for number in 0..pages {
        let mut page = document.start_page_with(PageSettings::from_wh(595.28, 841.89).unwrap());
        let mut surface = page.surface();
        let content = match number {
            0 => ContentTag::Other,
            _ => ContentTag::Artifact(krilla::tagging::Artifact::with_kind(ArtifactType::Other)),
        };
        let mark = tagged.then(|| surface.start_tagged(content));
        let mut path = PathBuilder::new();
        path.push_rect(Rect::from_xywh(50.0, 50.0 + 10.0 * number as f32, 200.0, 100.0).unwrap());
        surface.draw_path(&path.finish().unwrap());
        if let Some(mark) = mark {
            surface.end_tagged();
            if number == 0 {
                let figure = Tag::Figure(Some("A square".to_owned()))
                    .with_bbox(Some(krilla::tagging::BBox::new(0, Rect::from_xywh(50.0, 50.0, 200.0, 100.0).unwrap())));
                tree.push(Node::Group(TagGroup::with_children(figure, vec![Node::Leaf(mark)])));
            }
        }
        surface.finish();
        page.finish();
    }
    if tagged {
        let mut outline = Outline::new();
        outline.push_child(OutlineNode::new("A".into(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
        document.set_outline(outline);
        document.set_tag_tree(tree);
    }
    let at = DateTime::new(2026).month(11).day(22).hour(10).minute(0).second(0).utc_offset_hour(1).utc_offset_minute(0);
    let metadata = Metadata::new().title("Sletteerklæring".into()).language("da".into()).creation_date(at);
    document.set_metadata(metadata.document_id("pades".into()));
    document
        .embed_file(EmbeddedFile {
            path: name.into(),
            mime_type: MimeType::new("application/json"),
            description: Some("Maskinlæsbar erklæring".into()),
            association_kind: AssociationKind::Data,
            data: json.as_bytes().to_vec().into(),
            modification_date: Some(at),
            compress: Some(false),
            location: None,
        })
        .unwrap();
    document.finish().unwrap()
}
