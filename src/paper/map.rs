//! What is known of each part of a scope, field by field.

use crate::document::Record;
use crate::media::{ByteRange, TechniqueId, VerifyKind};
use crate::outcome::{SamplingPlan, Trouble};

/// Fields in a row of the map.
pub const COLUMNS: usize = 64;
/// Rows.
pub const ROWS: usize = 8;
/// Fields: each as large a part of the scope as every other.
pub const FIELDS: usize = COLUMNS * ROWS;

/// What is known of a field; of several, the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// All of it was read back and is as it should be.
    Verified,
    /// Part of it was.
    Sampled,
    /// Written, or erased by the drive, and not read back.
    Written,
    /// Not known to be written by the last pass.
    NotWritten,
    /// Something in it could not be read.
    Unreadable,
    /// Something in it could not be written.
    WriteFailed,
    /// Something in it reads otherwise than it should.
    Mismatch,
}

impl Field {
    /// All, from best to worst.
    pub const ALL: [Field; 7] = [
        Field::Verified,
        Field::Sampled,
        Field::Written,
        Field::NotWritten,
        Field::Unreadable,
        Field::WriteFailed,
        Field::Mismatch,
    ];

    /// Its name in the words.
    pub fn name(self) -> &'static str {
        match self {
            Field::Verified => "verified",
            Field::Sampled => "sampled",
            Field::Written => "written",
            Field::NotWritten => "not-written",
            Field::Unreadable => "unreadable",
            Field::WriteFailed => "write-failed",
            Field::Mismatch => "mismatch",
        }
    }
}

/// The map of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    /// The fields, from the first byte of the scope to the last.
    pub fields: Vec<Field>,
    /// Bytes in a field, rounded up.
    pub bytes: u64,
    /// Drawn cells of the sampling plan in the field that holds fewest and the one that holds most; `None` where the plan was not drawn again.
    pub drawn: Option<(u64, u64)>,
}

/// The map of what `record` tells; `None` where the scope is empty, and of files, which lie anywhere.
pub fn map(record: &Record) -> Option<Map> {
    let scope = record.scope.bytes;
    if scope == 0 || record.files.is_some() {
        return None;
    }
    let mut fields = base(record);
    let mut drawn = None;
    match record.verification.kind {
        VerifyKind::Full => {
            for (index, field) in fields.iter_mut().enumerate() {
                if *field == Field::Written && end(index, scope) <= record.verification.bytes_read {
                    *field = Field::Verified;
                }
            }
        }
        VerifyKind::Sampled => drawn = sampled(record, &mut fields),
        VerifyKind::None => {}
    }
    for exception in &record.exceptions {
        let worst = match exception.kind {
            Trouble::WriteFailed => Field::WriteFailed,
            Trouble::Unreadable => Field::Unreadable,
            Trouble::Mismatch => Field::Mismatch,
        };
        for field in touched(&mut fields, exception.range(), scope) {
            *field = worst.max(*field);
        }
    }
    Some(Map { fields, bytes: scope.div_ceil(FIELDS as u64), drawn })
}

/// Written or not, before anything is known of the readback.
fn base(record: &Record) -> Vec<Field> {
    let scope = record.scope.bytes;
    if record.technique != TechniqueId::Overwrite {
        use crate::outcome::Ending;
        let ended = record.command.as_ref().is_some_and(|command| {
            matches!(command.ending, Ending::Succeeded | Ending::AtOnce | Ending::Answered | Ending::Deallocated)
        });
        return vec![if ended { Field::Written } else { Field::NotWritten }; FIELDS];
    }
    let planned = usize::try_from(record.passes_planned).unwrap_or(usize::MAX);
    let last = record.passes.last().filter(|_| record.passes.len() >= planned);
    // A pass writes from the first byte on; what failed stands among the exceptions.
    let until = match last {
        Some(pass) if pass.complete => scope,
        Some(pass) => pass.bytes_written,
        None => 0,
    };
    (0..FIELDS).map(|index| if end(index, scope) <= until { Field::Written } else { Field::NotWritten }).collect()
}

/// Marks the fields in which drawn cells were read. They are drawn again from the seed.
fn sampled(record: &Record, fields: &mut [Field]) -> Option<(u64, u64)> {
    let entry = &record.verification;
    let seed = seed(entry.seed.as_deref()?)?;
    let scope = record.scope.bytes;
    let plan = SamplingPlan::new(seed, scope, record.medium.logical_block_bytes)?;
    if entry.cells != Some(plan.cells()) {
        return None;
    }
    let mut counts = vec![0_u64; fields.len()];
    for cell in plan.cells_within(entry.bytes_read) {
        let range = ByteRange::new(cell.saturating_mul(plan.cell_bytes()), plan.cell_bytes());
        let (first, last) = span(range, scope);
        for count in counts.get_mut(first..=last).unwrap_or_default() {
            *count += 1;
        }
    }
    for (field, count) in fields.iter_mut().zip(&counts) {
        if *field == Field::Written && *count > 0 {
            *field = Field::Sampled;
        }
    }
    Some((counts.iter().copied().min()?, counts.iter().copied().max()?))
}

fn seed(hex: &str) -> Option<[u8; 16]> {
    if hex.len() != 32 || !hex.is_ascii() {
        return None;
    }
    let mut seed = [0; 16];
    for (byte, at) in seed.iter_mut().zip((0..32).step_by(2)) {
        *byte = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
    }
    Some(seed)
}

/// One past the last byte of a field.
fn end(index: usize, scope: u64) -> u64 {
    let end = u128::from(scope) * (index as u128 + 1) / FIELDS as u128;
    u64::try_from(end).unwrap_or(u64::MAX)
}

/// The first and the last field that a range lies in.
fn span(range: ByteRange, scope: u64) -> (usize, usize) {
    let field = |at: u64| {
        let index = u128::from(at.min(scope - 1)) * FIELDS as u128 / u128::from(scope);
        usize::try_from(index).unwrap_or_default().min(FIELDS - 1)
    };
    (field(range.first_byte), field(range.end().saturating_sub(1).max(range.first_byte)))
}

fn touched(fields: &mut [Field], range: ByteRange, scope: u64) -> impl Iterator<Item = &mut Field> {
    let inside = range.bytes > 0 && range.first_byte < scope;
    let (first, last) = span(range, scope);
    let part = if inside { fields.get_mut(first..=last) } else { None };
    part.unwrap_or_default().iter_mut()
}
