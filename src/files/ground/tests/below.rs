use super::*;
use crate::media::Layer;

fn level() -> Level {
    Level { node: "/dev/x".into(), layers: Vec::new(), targets: None, md_level: None, backing: None }
}

fn of(level: &Level) -> Option<String> {
    let tree = crate::device::testtree::FakeTree::new();
    judge(&tree.inventory(), level)
}

#[test]
fn mappings_are_known_by_their_targets() {
    let dm = |targets: &[&str]| {
        let targets = targets.iter().map(|t| t.to_string()).collect();
        let layers = vec![Layer { kind: "device-mapper".into(), detail: "a (LVM logical volume)".into() }];
        of(&Level { targets: Some(Ok(targets)), layers, ..level() })
    };
    for fine in [&["linear"][..], &["linear", "striped"], &["crypt"], &["multipath"]] {
        assert_eq!(dm(fine), None);
    }
    for bad in [
        "thin",
        "thin-pool",
        "snapshot",
        "snapshot-origin",
        "cache",
        "writecache",
        "era",
        "clone",
        "vdo",
        "raid",
        "mirror",
        "integrity",
        "new",
    ] {
        let said = dm(&["linear", bad]).unwrap();
        assert!(said.contains(bad), "{said}");
    }
    assert!(of(&Level { targets: Some(Err(std::io::ErrorKind::PermissionDenied.into())), ..level() }).is_some());
}

#[test]
fn arrays_with_copies_and_layers_of_unknown_working_redirect() {
    for (md, fine) in
        [("raid0", true), ("linear", true), ("raid1", false), ("raid10", false), ("raid5", false), ("unknown", false)]
    {
        assert_eq!(of(&Level { md_level: Some(md.into()), ..level() }).is_none(), fine, "{md}");
    }
    assert_eq!(of(&level()), None);
    for (kind, fine) in [
        ("ram", true),
        ("zram", false),
        ("virtio", false),
        ("raid-controller", false),
        ("nbd", false),
        ("iscsi", false),
        ("bcache", false),
        ("unknown", false),
    ] {
        let layers = vec![Layer { kind: kind.into(), detail: "some detail".into() }];
        let said = of(&Level { layers, ..level() });
        assert_eq!(said.is_none(), fine, "{kind}");
        assert!(said.is_none_or(|s| s.contains("some detail")));
    }
}

#[test]
fn a_backing_file_that_is_not_the_one_at_its_path_is_not_known() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("image");
    std::fs::write(&path, b"x").unwrap();
    for file in [None, Some((1, 1))] {
        let backing = BackingFile { path: path.clone(), file };
        assert!(of(&Level { backing: Some(backing), ..level() }).unwrap().contains("no longer found"));
    }
    let gone = BackingFile { path: dir.path().join("gone"), file: Some((1, 1)) };
    assert!(of(&Level { backing: Some(gone), ..level() }).is_some());
}
