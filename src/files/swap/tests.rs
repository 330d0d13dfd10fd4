#![allow(clippy::unwrap_used)]
use super::*;
use crate::problem::Kind;

fn area() -> Area {
    let null = sys::node::stat(Path::new("/dev/null")).unwrap();
    let header = Header { uuid: [1; 16], label: [0; 16], page_bytes: 4096, foreign: false, last_page: 9, bad_pages: 0 };
    Area { path: "/dev/null".into(), number: null.number, header }
}

#[test]
fn files_and_other_things_are_refused_with_the_way_out() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), area().header(1 << 20)).unwrap();
    let refused = Area::read(file.path()).unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    assert!(refused.todo.contains("swapoff") && refused.todo.contains("mkswap"), "{}", refused.todo);
    assert_eq!(Area::read(Path::new("/dev/null")).unwrap_err().kind, Kind::Refused);
    assert_eq!(Area::read(Path::new("/no/such/path")).unwrap_err().kind, Kind::Error);
    for fault in [Fault::NotSwap, Fault::Hibernated, Fault::OtherVersion] {
        assert_eq!(refusal("x", fault).kind, Kind::Refused);
    }
}

#[test]
fn what_can_not_be_found_out_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let roots = Roots { proc: dir.path().into(), ..Roots::default() };
    assert!(area().in_use(&roots).is_err());
    std::fs::create_dir(dir.path().join("self")).unwrap();
    assert_eq!(area().in_use(&roots).unwrap(), None);
    let swaps = |line: &str| {
        let text = format!("Filename\tType\tSize\tUsed\tPriority\n{line}");
        std::fs::write(dir.path().join("swaps"), text).unwrap();
    };
    swaps("/dev/gone-for-good partition 8 0 -2\n");
    assert!(area().in_use(&roots).is_err());
    swaps("/dev/null partition 8 0\n");
    assert!(area().in_use(&roots).is_err() || area().in_use(&roots).unwrap().is_none());
    swaps("/dev/zero partition 8 4 -2\n");
    assert_eq!(area().in_use(&roots).unwrap(), None);
    assert_eq!(area().fits(&roots), Ok(()));
}
