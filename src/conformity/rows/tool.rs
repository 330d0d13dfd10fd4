//! 12-c, the erasure tool: who approved it in writing, when, for which version, media and method, and until when.

use super::{entry, not_applicable};
use crate::conformity::ToolApproval;
use crate::conformity::evidence::RecordFacts;
use crate::conformity::found::{Found, Ground};
use crate::conformity::item::Item;
use crate::conformity::reason::{Code, Reason};
use crate::conformity::records::{day, deciding, proof};
use crate::conformity::verdict::{Entry, ItemVerdict, Outcome, Responsible, RowId};

/// 12-c. It does not arise where nothing was erased.
pub(super) fn erasure_tool(ground: Ground, items: &[ItemVerdict]) -> Entry {
    let erased: Vec<_> = items.iter().filter(|verdict| verdict.outcome == Outcome::Erased).collect();
    if erased.is_empty() {
        return not_applicable(RowId::ErasureTool);
    }
    let mut found = Found::default();
    for verdict in erased {
        let item = ground.case.items.iter().find(|item| item.id == verdict.item);
        match item.and_then(|item| Some((item, deciding(item, ground.evidence)?))) {
            Some((item, (file, facts))) => {
                found.prove(proof(file, facts));
                covered(ground, item, facts, &mut found);
            }
            // No record that holds says which tool it was.
            None => found.against(
                Reason::new(Code::ItemOpen).with("item", &verdict.item).with("outcome", verdict.outcome.name()),
            ),
        }
    }
    entry(RowId::ErasureTool, found)
}

/// One approval covers tool, version, medium, method and day; of several that fail, the one that comes nearest says why.
fn covered(ground: Ground, item: &Item, facts: &RecordFacts, found: &mut Found) {
    let approvals = &ground.case.tool_approvals;
    if let Some(approval) = approvals.iter().find(|approval| short_of(item, facts, approval).is_none()) {
        found.person("tool-approval", &approval.by, Responsible::Controller);
        found.document(ground, "tool-approval", &approval.document, Responsible::Controller);
        found.not_ahead(ground, "tool-approval", approval.date, Responsible::Controller);
        return;
    }
    let nearest = approvals.iter().filter_map(|approval| short_of(item, facts, approval)).max_by_key(|(far, _)| *far);
    let none = || {
        let reason = Reason::new(Code::ToolWithoutApproval).with("item", &item.id);
        reason.with("tool", &facts.tool).with("version", &facts.version)
    };
    found.against(nearest.map_or_else(none, |(_, reason)| reason).by(Responsible::Controller));
}

/// Where an approval falls short, and how far it comes before.
fn short_of(item: &Item, facts: &RecordFacts, approval: &ToolApproval) -> Option<(usize, Reason)> {
    let reason = |code| Reason::new(code).with("item", &item.id);
    let begun = day(facts.started);
    if approval.tool != facts.tool || approval.version != facts.version {
        let without = reason(Code::ToolWithoutApproval).with("tool", &facts.tool);
        return Some((0, without.with("version", &facts.version)));
    }
    if !approval.media.contains(&item.media) {
        return Some((1, reason(Code::ToolNotForMedia).with("media", item.media.name())));
    }
    if !approval.methods.contains(&facts.method) {
        return Some((2, reason(Code::ToolNotForMethod).with("method", facts.method.name())));
    }
    if begun < approval.date || begun > approval.until {
        return Some((3, reason(Code::ToolApprovalNotValid).with("date", begun)));
    }
    None
}
