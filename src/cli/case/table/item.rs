//! What an item is and what became of it, as the case tells it.

use crate::case::say;
use crate::conformity::{Item, Language};

/// One line: kind and medium, its numbers, and what is told of its outcome. What nobody told is left out.
pub fn told(language: Language, item: &Item) -> String {
    let mut parts = vec![format!("{}, {}", say::kind(language, item.kind), say::media(language, item.media))];
    let mut part = |key: &str, value: &str| {
        if !value.trim().is_empty() {
            parts.push(format!("{}: {value}", say::heading(language, key)));
        }
    };
    part("item-serial", item.serial.as_deref().unwrap_or_default());
    part("item-asset", item.asset.as_deref().unwrap_or_default());
    if let Some(deleted) = &item.logically_deleted {
        part("item-how", &deleted.how);
        part("item-by", &deleted.by.name);
        part("date", &deleted.date.to_string());
    }
    if let Some(destroyed) = &item.destroyed {
        part("item-how", &say::destruction(language, destroyed.how));
        part("item-by", &destroyed.by);
        part("item-witness", &destroyed.witness);
        part("item-place", &destroyed.place);
        part("date", &destroyed.date.to_string());
    }
    if let Some(given) = &item.handed_over {
        part("item-to", &given.to);
        part("date", &given.date.to_string());
    }
    if let Some(kept) = &item.retained {
        part("item-act", &kept.act);
        part("item-section", &kept.section);
        part("item-until", &kept.until.to_string());
    }
    if let Some(pending) = &item.pending {
        part("why", &pending.why);
    }
    if let Some(failed) = &item.failed {
        part("why", &failed.why);
        part("date", &failed.date.to_string());
    }
    parts.join("; ")
}
