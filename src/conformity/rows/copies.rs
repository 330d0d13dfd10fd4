//! 12-f, deletion of copies: also where data was given back.

use super::entry;
use crate::conformity::found::{Found, Ground};
use crate::conformity::item::ItemKind;
use crate::conformity::items::pass_on;
use crate::conformity::reason::{Code, Reason};
use crate::conformity::verdict::{Entry, ItemVerdict, Outcome, Responsible, RowId};

/// 12-f: each kind of copy that the agreement names is listed or declared not to be, and each copy is gone; so is each source whose data
/// was given back.
pub(super) fn copies(ground: Ground, items: &[ItemVerdict]) -> Entry {
    let mut found = Found::default();
    if let Some(declared) = &ground.case.inventory {
        found.document(ground, "inventory", &declared.document, Responsible::Processor);
        found.person("inventory", &declared.by, Responsible::Processor);
    }
    for kind in ItemKind::COPIES {
        let listed = ground.case.items.iter().find(|item| item.kind == kind || item.also.contains(&kind));
        let denied = ground.case.inventory.as_ref().is_some_and(|declared| declared.none.contains(&kind));
        match (listed, denied) {
            (None, false) => found.against(Reason::new(Code::CopyNotStated).with("kind", kind.name())),
            (Some(item), true) => {
                found.against(Reason::new(Code::CopyDenied).with("kind", kind.name()).with("item", &item.id));
            }
            _ => {}
        }
    }
    let concerned = |verdict: &&ItemVerdict| {
        let item = ground.case.items.iter().find(|item| item.id == verdict.item);
        verdict.outcome == Outcome::DataReturned || item.is_none_or(|item| item.kind.is_copy())
    };
    pass_on(items.iter().filter(concerned), &mut found);
    entry(RowId::Copies, found)
}
