//! `list` and `show`.

use std::path::Path;

use super::context::Context;
use super::human::bytes;
use super::medium::{as_json, holds, lines, model, name_of, serial};
use super::out::clean;
use crate::device::{Inventory, Roots};
use crate::media::{Medium, Node};
use crate::problem::{ExitCode, Problem};
use crate::sys::terminal;

const HEADINGS: [&str; 7] = ["PATH", "SIZE", "BUS", "MODEL", "SERIAL", "HOLDS", "IN USE"];

/// `list`.
pub fn list(context: &Context) -> Result<ExitCode, Problem> {
    let media = Inventory::read(Roots::default())?.media()?;
    if context.json {
        media.iter().for_each(|medium| context.out.json(&as_json(medium)));
    } else if media.is_empty() {
        context.out.line("no block devices that have a size");
    } else {
        let width = terminal::columns(std::io::stdout()).map(|columns| columns.max(80));
        table(&media, width).iter().for_each(|line| context.out.line(line));
    }
    Ok(ExitCode::Success)
}

/// `show`.
pub fn show(context: &Context, target: &Path) -> Result<ExitCode, Problem> {
    let medium = Inventory::read(Roots::default())?.examined(target)?;
    if context.json {
        context.out.json(&as_json(&medium));
    } else {
        lines(&medium).iter().for_each(|line| context.out.line(line));
    }
    Ok(ExitCode::Success)
}

/// Columns that give way on a narrow terminal, in order, and the characters that each keeps: what it holds, model, why in use, serial.
const GIVE_WAY: [(usize, usize); 4] = [(5, 9), (3, 9), (6, 20), (4, 9)];

/// A line each, in columns; no wider than `width`, where it is a terminal's.
fn table(media: &[Medium], width: Option<usize>) -> Vec<String> {
    let rows: Vec<[String; 7]> = std::iter::once(HEADINGS.map(String::from)).chain(media.iter().map(row)).collect();
    let mut widths = std::array::from_fn(|i| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0));
    if let Some(width) = width {
        narrow(&mut widths, width);
    }
    rows.iter()
        .map(|row| {
            let cell = |(cell, width): (&String, &usize)| format!("{:<width$}", cut(cell, *width));
            let cells: Vec<String> = row.iter().zip(&widths).map(cell).collect();
            cut(cells.join("  ").trim_end(), width.unwrap_or(usize::MAX))
        })
        .collect()
}

fn narrow(widths: &mut [usize; 7], width: usize) {
    let gaps = 2 * (widths.len() - 1);
    for (column, keeps) in GIVE_WAY {
        let over = (widths.iter().sum::<usize>() + gaps).saturating_sub(width);
        if let Some(column) = widths.get_mut(column) {
            *column -= over.min(column.saturating_sub(keeps));
        }
    }
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.into();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

fn row(medium: &Medium) -> [String; 7] {
    let indent = if medium.node == Node::Partition { "  " } else { "" };
    let in_use = match medium.uses.as_slice() {
        [] => "no".into(),
        [one] => clean(&one.holder),
        [one, rest @ ..] => format!("{} (and {} more)", clean(&one.holder), rest.len()),
    };
    [
        format!("{indent}{}", clean(&medium.identity.path)),
        bytes(medium.identity.size_bytes),
        name_of(&medium.bus),
        model(medium),
        serial(medium),
        holds(medium),
        in_use,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fixtures;
    use crate::media::{Use, UseKind};

    #[test]
    fn the_table_has_a_line_a_medium_and_names_the_holder() {
        let mut partition = fixtures::partition("sda", 1, (8, 1), 4096, 4096);
        let mounted = |holder: &str| Use { kind: UseKind::Mounted, holder: holder.into(), release: "umount".into() };
        partition.uses = vec![mounted("mounted on /mnt"), mounted("mounted on /srv")];
        let media = [fixtures::disk("sda", (8, 0)), partition];
        let expected = "\
PATH         SIZE   BUS  MODEL              SERIAL  HOLDS               IN USE
/dev/sda     1 MiB  usb  Vendor Stick 3000  S-sda   nothing recognised  no
  /dev/sda1  4 KiB  usb  Vendor Stick 3000  S-sda1  nothing recognised  mounted on /mnt (and 1 more)";
        assert_eq!(table(&media, None).join("\n"), expected);
        for width in [80, 100] {
            let lines = table(&media, Some(width));
            assert!(lines.iter().all(|line| line.chars().count() <= width), "{lines:?}");
            assert!(lines[2].contains("mounted on /mnt"), "why it is in use gives way late: {lines:?}");
        }
        assert!(table(&media, Some(20)).iter().all(|line| line.chars().count() <= 20));
    }
}
