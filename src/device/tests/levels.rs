use super::*;
use crate::device::testtree::FakeTree;

fn targets(of: Number) -> io::Result<Vec<String>> {
    match of {
        (253, 0) => Ok(vec!["linear".into(), "thin".into()]),
        _ => Err(io::ErrorKind::NotFound.into()),
    }
}

#[test]
fn every_level_is_named_down_to_the_drives_and_a_gap_is_an_error() {
    let tree = FakeTree::new();
    let sda = tree.disk("pci0000:00/ata1/host0/target0:0:0/0:0:0:0", "sda", "8:0");
    let part = tree.partition(&sda, "sda1", "8:1", 1);
    let dm = tree.disk("virtual", "dm-0", "253:0");
    tree.stack(&part, &dm);
    let md = tree.disk("virtual", "md0", "9:0");
    tree.put(&format!("{md}/md/level"), "raid1\n");
    tree.stack(&dm, &md);
    let inventory = tree.inventory();
    let levels = inventory.levels_with((9, 0), &targets).unwrap();
    let nodes: Vec<_> = levels.iter().map(|l| l.node.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(nodes, ["md0", "dm-0", "sda"]);
    assert_eq!(levels[0].md_level.as_deref(), Some("raid1"));
    assert_eq!(levels[1].targets.as_ref().unwrap().as_ref().unwrap(), &["linear", "thin"]);
    assert!(levels[2].layers.is_empty());
    // A partition stands on its disk.
    assert_eq!(inventory.levels_with((8, 1), &targets).unwrap().len(), 1);
    assert!(inventory.levels_with((8, 99), &targets).is_err());

    let alone = FakeTree::new();
    alone.disk("virtual", "dm-0", "253:0");
    assert!(alone.inventory().levels_with((253, 0), &targets).is_err());
    alone.disk("virtual", "loop0", "7:0");
    assert!(alone.inventory().levels_with((7, 0), &targets).is_err());
}

#[test]
fn a_loop_device_ends_at_its_file_and_goes_on_at_its_device() {
    let tree = FakeTree::new();
    let top = tree.disk("virtual", "loop0", "7:0");
    tree.put("image", "x");
    tree.put(&format!("{top}/loop/backing_file"), tree.at("image").to_str().unwrap());
    let over = tree.disk("virtual", "loop1", "7:1");
    tree.put(&format!("{over}/loop/backing_file"), tree.at("dev/loop0").to_str().unwrap());
    let levels = tree.inventory().levels_with((7, 1), &targets).unwrap();
    assert_eq!(levels.len(), 2);
    assert_eq!(levels[0].backing, None);
    assert_eq!(levels[1].backing.as_ref().unwrap().path, tree.at("image"));
}
