//! A medium in words and in JSON, for `list`, `show`, `plan` and the prompt.

use serde::Serialize;
use serde_json::{Value, json};

use super::human::{bytes, exact_bytes};
use super::out::clean;
use crate::media::{Medium, Node, Rotation};

/// The name that serde gives a unit variant: the one used in JSON and records.
pub fn name_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        _ => "unknown".into(),
    }
}

/// One object: the identity's keys at the top, with the names that records use, then everything else.
pub fn as_json(medium: &Medium) -> Value {
    let mut value = serde_json::to_value(medium).unwrap_or_default();
    let Some(object) = value.as_object_mut() else { return value };
    let identity = object.remove("identity");
    let mut flat = serde_json::Map::new();
    if let Some(Value::Object(fields)) = identity {
        flat.extend(fields);
    }
    flat.insert("serial".into(), json!(medium.identity.serial.as_ref().map(|s| &s.value)));
    flat.insert("serial_source".into(), json!(medium.identity.serial.as_ref().map(|s| s.source.name())));
    flat.append(object);
    flat.insert("in_use".into(), json!(!medium.uses.is_empty()));
    Value::Object(flat)
}

/// Vendor and model, or `-`.
pub fn model(medium: &Medium) -> String {
    let parts: Vec<String> =
        [&medium.identity.vendor, &medium.identity.model].into_iter().flatten().map(|t| clean(t.trim())).collect();
    if parts.is_empty() { "-".into() } else { parts.join(" ") }
}

/// The serial number, or `-`.
pub fn serial(medium: &Medium) -> String {
    medium.identity.serial.as_ref().map_or_else(|| "-".into(), |s| clean(&s.value))
}

/// What it holds by its magic bytes.
pub fn holds(medium: &Medium) -> String {
    let mut kinds: Vec<String> = match &medium.signatures {
        None => vec!["can't be read".into()],
        Some(found) => found.iter().map(|s| clean(&s.kind)).collect(),
    };
    match medium.partitions.len() {
        0 => {}
        1 => kinds.push("1 partition".into()),
        n => kinds.push(format!("{n} partitions")),
    }
    if kinds.is_empty() { "nothing recognised".into() } else { kinds.join(", ") }
}

/// The medium in one sentence, for the prompt: path, model, serial, size, content.
pub fn sentence(medium: &Medium) -> String {
    let what = match (&medium.node, &medium.partition_of) {
        (Node::Partition, Some(disk)) => format!("partition {} of {}", disk.number, clean(&disk.path)),
        (Node::File, _) => "plain file".into(),
        _ => format!("whole {} medium", name_of(&medium.bus)),
    };
    format!(
        "{}: {what}, model {}, serial {}, {}, holds: {}",
        clean(&medium.identity.path),
        model(medium),
        serial(medium),
        exact_bytes(medium.identity.size_bytes),
        holds(medium)
    )
}

/// Everything, a line each.
pub fn lines(medium: &Medium) -> Vec<String> {
    let identity = &medium.identity;
    let mut lines = vec![clean(&identity.path)];
    let mut row = |name: &str, value: String| {
        let name = if name.is_empty() { String::new() } else { format!("{name}:") };
        lines.push(format!("  {name:<16} {value}"));
    };
    let known = |text: &Option<String>| text.as_deref().map_or_else(|| "not told".into(), clean);
    let (major, minor) = identity.device_number;
    row("kernel name", format!("{} ({major}:{minor})", clean(&identity.kernel_name)));
    row("kind", name_of(&medium.node));
    if let Some(disk) = &medium.partition_of {
        row("partition of", format!("{}, number {}", clean(&disk.path), disk.number));
        row("starts at", exact_bytes(identity.offset_bytes));
    }
    row("bus", name_of(&medium.bus));
    row("vendor", known(&identity.vendor));
    row("model", known(&identity.model));
    row("firmware", known(&identity.firmware));
    row(
        "serial",
        match &identity.serial {
            Some(serial) => format!("{} (from {})", clean(&serial.value), serial.source.name()),
            None => "not told".into(),
        },
    );
    row("wwn", known(&identity.wwn));
    row("size", exact_bytes(identity.size_bytes));
    row(
        "blocks",
        format!("{} logical, {} physical bytes", identity.logical_block_bytes, identity.physical_block_bytes),
    );
    row(
        "rotation",
        match medium.rotation {
            Rotation::Unknown => "unknown (treated as flash)".into(),
            ref told => name_of(told),
        },
    );
    row("removable", yes_no(medium.removable));
    row("read-only", yes_no(medium.read_only));
    row("zoned", name_of(&medium.zoned));
    row("disk sequence", identity.disk_sequence.map_or_else(|| "not told".into(), |n| n.to_string()));
    row("largest request", bytes(medium.max_io_bytes));
    if let Some(backing) = &identity.backing {
        row("backing file", clean(&backing.path));
    }
    super::capabilities::rows(medium).into_iter().for_each(|(name, value)| row(name, value));
    row("holds", holds(medium));
    for signature in medium.signatures.iter().flatten() {
        if let Some(uuid) = &signature.uuid {
            row("", format!("{} {}", clean(&signature.kind), clean(uuid)));
        }
    }
    for part in &medium.partitions {
        let (path, at) = (clean(&part.path), exact_bytes(part.first_byte));
        row("partition", format!("{}: {path}, {} at {at}", part.number, exact_bytes(part.size_bytes)));
    }
    for layer in &medium.layers {
        row("layer below", format!("{}: {}", clean(&layer.kind), clean(&layer.detail)));
    }
    match &medium.siblings {
        None => row("siblings", "can't be found out".into()),
        Some(all) => {
            for sibling in all {
                let what = name_of(&sibling.kind).replace('-', " ");
                row("sibling", format!("{} ({what} of the same drive)", clean(&sibling.path)));
            }
        }
    }
    for path in &medium.other_paths {
        row("also reached as", clean(path));
    }
    if medium.uses.is_empty() {
        row("in use", "no".into());
    }
    for reason in &medium.uses {
        row("in use", format!("{}: {}", name_of(&reason.kind), clean(&reason.holder)));
        row("", format!("to free it: {}", clean(&reason.release)));
    }
    lines
}

fn yes_no(value: bool) -> String {
    if value { "yes".into() } else { "no".into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fixtures;
    use crate::media::{Use, UseKind};

    #[test]
    fn json_has_the_names_of_records_at_the_top() {
        let mut medium = fixtures::disk("sda", (8, 0));
        medium.uses.push(Use { kind: UseKind::Swap, holder: "swap".into(), release: "swapoff".into() });
        let value = as_json(&medium);
        assert_eq!(value["path"], "/dev/sda");
        assert_eq!(value["serial"], "S-sda");
        assert_eq!(value["serial_source"], "usb-descriptor");
        assert_eq!(value["bus"], "usb");
        assert_eq!(value["size_bytes"], 1 << 20);
        assert_eq!(value["in_use"], true);
        assert_eq!(value["uses"][0]["kind"], "swap");
        assert!(value.get("identity").is_none());
    }

    #[test]
    fn the_prompt_shows_model_serial_size_and_content() {
        let mut medium = fixtures::disk("sda", (8, 0));
        medium.signatures = None;
        let text = sentence(&medium);
        for part in ["/dev/sda", "Vendor Stick 3000", "S-sda", "1 MiB (1048576 bytes)", "can't be read"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn a_hostile_model_stays_on_its_line() {
        let mut medium = fixtures::disk("sda", (8, 0));
        medium.identity.model = Some("x\nin use: no\x1b[2J".into());
        assert!(lines(&medium).iter().all(|line| !line.contains(['\n', '\x1b'])));
    }
}
