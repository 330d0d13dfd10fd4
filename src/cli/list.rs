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
    if let Some(problem) = super::targets::not_yet(target) {
        return Err(problem);
    }
    let medium = Inventory::read(Roots::default())?.medium(target)?;
    if context.json {
        context.out.json(&as_json(&medium));
    } else {
        lines(&medium).iter().for_each(|line| context.out.line(line));
    }
    Ok(ExitCode::Success)
}

/// A line each, in columns; cut to `width` where it is a terminal's.
fn table(media: &[Medium], width: Option<usize>) -> Vec<String> {
    let rows: Vec<[String; 7]> = std::iter::once(HEADINGS.map(String::from)).chain(media.iter().map(row)).collect();
    let widths: Vec<usize> =
        (0..HEADINGS.len()).map(|i| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0)).collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            let line = cells.join("  ").trim_end().to_string();
            match width {
                Some(width) if line.chars().count() > width => {
                    line.chars().take(width.saturating_sub(1)).chain(['…']).collect()
                }
                _ => line,
            }
        })
        .collect()
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
        assert!(table(&media, Some(80)).iter().all(|line| line.chars().count() <= 80));
    }
}
