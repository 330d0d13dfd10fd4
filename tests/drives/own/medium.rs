//! The shadow counts what is there, and only that.

use crate::drives::medium::{BLOCK, Kind, Layout, Medium, Truth, is_marker, marker};
use crate::drives::state::Saved;

fn layout() -> Layout {
    Layout { spaces: vec![100, 50], spare: 20, remapped: 5 }
}

#[test]
fn every_block_starts_with_a_marker_of_its_own_and_is_counted_where_it_lies() {
    let medium = Medium::in_memory(layout(), false);
    let full = Truth { user: 80, hidden: 20, spare: 20, remapped: 5, others: 50 };
    assert_eq!(medium.truth(0, 80), full);
    assert_eq!(medium.truth(1, 50), Truth { user: 50, hidden: 0, others: 100, ..full });
    assert_ne!(marker(1), marker(2));
    assert!(is_marker(&medium.read(7).unwrap()));
    let mut torn = marker(3);
    torn[63] ^= 1;
    assert!(!is_marker(&torn));
    assert!(!is_marker(&[0; BLOCK]) && !is_marker(&[]));
}

#[test]
fn erasing_deallocating_and_writing_are_told_apart() {
    let mut medium = Medium::in_memory(layout(), true);
    medium.erase(0..10, &[0xaa, 0x55], false, false).unwrap();
    medium.deallocate(10..20).unwrap();
    medium.write(20, b"something").unwrap();
    assert_eq!(medium.read(3).unwrap()[..4], [0xaa, 0x55, 0xaa, 0x55]);
    assert_eq!(medium.kind(3), Kind::Erased);
    // A deallocated block reads as zeros and still holds its marker.
    assert_eq!(medium.read(12).unwrap(), vec![0; BLOCK]);
    assert_eq!(medium.kind(12), Kind::Marker);
    assert_eq!(medium.kind(20), Kind::Data);
    assert_eq!(medium.truth(0, 100).user, 100 - 10 - 1);
}

#[test]
fn a_new_key_makes_noise_of_what_was_encrypted_and_nothing_of_what_was_not() {
    let mut encrypted = Medium::in_memory(layout(), true);
    encrypted.store_in_the_clear(0..4).unwrap();
    assert!(is_marker(&encrypted.read(1).unwrap()), "the drive reads what it stored in the clear");
    encrypted.change_key(&[]).unwrap();
    assert!(!is_marker(&encrypted.read(1).unwrap()), "after the change the host sees noise");
    assert!(!is_marker(&encrypted.read(50).unwrap()));
    assert_eq!(encrypted.kind(50), Kind::Undecryptable);
    assert_eq!(encrypted.truth(0, 100).total(), 4, "but the raw medium holds four markers");
    encrypted.write(9, b"new").unwrap();
    assert_eq!(encrypted.read(9).unwrap()[..3], *b"new");
}

#[test]
fn overwriting_flash_leaves_the_old_content_in_a_spare_block() {
    let mut medium = Medium::in_memory(layout(), true).leave_stale_copies();
    medium.erase(150..170, &[], false, false).unwrap();
    assert_eq!(medium.truth(0, 100).spare, 0);
    for block in 0..3 {
        medium.write(block, b"host").unwrap();
    }
    let truth = medium.truth(0, 100);
    assert_eq!((truth.user, truth.spare), (97, 3));
}

#[test]
fn a_file_keeps_the_medium_over_its_users_death() {
    let path = std::env::temp_dir().join(format!("drives-medium-{}", std::process::id()));
    let open = || std::fs::File::options().read(true).write(true).create(true).truncate(false).open(&path).unwrap();
    let mut saved = Saved::default();
    {
        let file = open();
        file.set_len(Medium::size(&layout())).unwrap();
        let mut medium = Medium::format(Box::new(file), layout(), true).unwrap();
        medium.change_key(&[]).unwrap();
        medium.write(5, b"kept").unwrap();
        medium.deallocate(6..7).unwrap();
        medium.save(&mut saved);
    }
    let saved = Saved::parse(&saved.text()).unwrap();
    let mut medium = Medium::open(Box::new(open()), layout()).unwrap();
    medium.load(&saved).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(medium.read(5).unwrap()[..4], *b"kept");
    assert!(medium.is_unmapped(6) && !medium.is_unmapped(7));
    assert_eq!(medium.truth(0, 100).total(), 0);
}
