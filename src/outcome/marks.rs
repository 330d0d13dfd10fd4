//! What the readback proves after an erase by the drive, of which marked and compared blocks tell.

use super::said::{Said, english, sentences};
use super::{Evidence, Readback, most_share_missed, readback};

sentences! {
    /// What marked and compared blocks show, and what they do not.
    Marks "marks" {
        Marked { written: u64, gone: u64, survived: u64, unreadable: u64 } = "marked",
            "{written} blocks at places that nobody could foresee were marked before the erase; after it {gone} hold something else, \
             {survived} still hold their mark, {unreadable} could not be read.";
        Compared { read: u64, changed: u64, same: u64, unreadable: u64, blank: u64 } = "compared",
            "{read} more were compared with what they held before: {changed} changed, {same} are the same, {unreadable} could not be read, \
             {blank} were blank and tell nothing.";
        NotCompared = "not-compared", "What other blocks held before could not be compared.";
        Pattern = "pattern", "Held against what the drive was told to write:";
        Uniform { byte: String } = "uniform",
            "Every marked block now reads as {byte}, and that was expected of the others.";
        UniformUnsaid = "uniform-unsaid", "Every marked block now reads as , and that was expected of the others.";
        Unmapped = "unmapped",
            "A drive may answer so for blocks that it no longer maps, without reading what its cells hold.";
        OnlyDifference = "only-difference",
            "What this erase leaves can't be foreseen, so only a difference can be shown.";
        Bound { most95: u64, most99: u64 } = "bound",
            "With 95 % confidence at most {most95} and with 99 % at most {most99} millionths of the addressable blocks were left as they \
             were.";
        ProvesNothing = "proves-nothing",
            "Blocks are deallocated, or must be written before they can be read: what reading gives is not what the medium holds, and \
             proves nothing.";
    }
}

/// What the readback proves, and what it does not, for whatever was done; in English.
pub fn statement_of_readback(evidence: &Evidence) -> String {
    english(&said_of_readback(evidence))
}

/// The same as codes.
pub fn said_of_readback(evidence: &Evidence) -> Vec<Said> {
    let found = evidence.verification.as_ref();
    if found.is_none() && evidence.files.as_ref().is_some_and(|files| files.extent_bytes == 0) {
        return vec![readback::Found::NothingToRead.into()];
    }
    let plain = readback::readback(evidence.verification_asked, found, !evidence.layers.is_empty());
    let Some(c) = &evidence.command else { return plain };
    let Some(m) = &c.markers else { return plain };
    let (written, gone, survived, unreadable) = (m.written, m.gone, m.survived, m.unreadable);
    let mut said: Vec<Said> = vec![Marks::Marked { written, gone, survived, unreadable }.into()];
    said.push(match &c.witnesses {
        Some(w) => {
            let (read, changed, same, unreadable, blank) = (w.read, w.changed, w.same, w.unreadable, w.blank);
            Marks::Compared { read, changed, same, unreadable, blank }.into()
        }
        None => Marks::NotCompared.into(),
    });
    match c.readback {
        Readback::Pattern => {
            said.push(Marks::Pattern.into());
            said.extend(plain);
        }
        Readback::Uniform => {
            said.push(match &c.expected {
                Some(hex) => Marks::Uniform { byte: format!("0x{hex}") }.into(),
                None => Marks::UniformUnsaid.into(),
            });
            said.extend(plain);
            said.push(Marks::Unmapped.into());
        }
        Readback::Changed => {
            let looked = gone.saturating_add(c.witnesses.as_ref().map_or(0, |w| w.changed));
            said.push(Marks::OnlyDifference.into());
            let (most95, most99) = (most_share_missed(looked, 95), most_share_missed(looked, 99));
            said.push(Marks::Bound { most95, most99 }.into());
        }
        Readback::ProvesNothing => said.push(Marks::ProvesNothing.into()),
    }
    said
}
