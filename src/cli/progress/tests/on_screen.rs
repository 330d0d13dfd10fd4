//! The bars, as a terminal shows them.

use super::MIB;
use super::play::Play;
use super::screen::Screen;
use crate::outcome::{Event, Status};

const BY_ID: &str = "/dev/disk/by-id/usb-SanDisk_Ultra_Fit_4C530001230817115291-0:0-part1";

fn one(width: usize) -> (Screen, Play) {
    let screen = Screen::new(width);
    let play = Play::bars(&screen, &["/dev/loop2"]);
    play.started(0, 32 * MIB);
    (screen, play)
}

#[test]
fn each_target_has_one_row_at_any_width_from_40_on() {
    for width in (40..=60).chain([70, 79, 80, 100, 120, 200]) {
        let screen = Screen::new(width);
        let mut play = Play::bars(&screen, &["/dev/loop2", "/dev/nvme0n1", BY_ID]);
        let total = 700 * 1024 * MIB;
        (0..3).for_each(|index| play.started(index, total));
        for (index, phase) in ["pass 1 of 1", "pass 17 of 35", "verify"].into_iter().enumerate() {
            // A rate and a time left of nearly the greatest width.
            play.phase(&[index], phase, total / 7, total, 133, 2_200);
        }
        let check = || {
            let rows = screen.rows();
            assert_eq!(rows.len(), 4, "{width}: {rows:#?}");
            assert!(rows.iter().all(|row| row.chars().count() <= width), "{width}: {rows:#?}");
            assert!(rows[0].starts_with("/dev/loop2 "), "{width}: {rows:#?}");
            assert!(rows[1].starts_with("/dev/nvme0n1 "), "{width}: {rows:#?}");
            assert!(
                rows[2].starts_with("/de") && rows[2].contains('…') == (width < 150) && rows[2].contains("part1"),
                "{width}: {rows:#?}"
            );
            assert!(rows[3].starts_with("total "), "{width}: {rows:#?}");
            rows
        };
        let rows = check();
        assert!(rows[..3].iter().all(|row| row.contains(" 14 %") && row.contains(" left")), "{width}: {rows:#?}");
        play.finished(0, Status::Sanitized, 0);
        play.finished(1, Status::SanitizedWithExceptions, 4);
        play.finished(2, Status::Interrupted, 6);
        let rows = check();
        for (row, word) in rows.iter().zip(["sanitized", "sanitized-with-exceptions", "interrupted"]) {
            assert!(row.contains(word), "{width}: {rows:#?}");
        }
        assert!(rows[3].ends_with(" 71 %, all ended"), "{width}: {rows:#?}");
    }
}

#[test]
fn a_width_of_80_has_room_for_everything_but_long_names() {
    let (screen, mut play) = one(80);
    play.phase(&[0], "pass 1 of 1", 0, 32 * MIB, 4, 2_000);
    assert_eq!(screen.rows(), ["/dev/loop2 [==>       ]  25 % in all, pass 1 of 1, 4 MiB/s, 5.9 s left"]);
    screen.resize(120);
    play.phase(&[0], "pass 1 of 1", 8 * MIB, 32 * MIB, 4, 0);
    assert!(screen.rows()[0].contains("[=====>              ]  25 % in all, pass 1 of 1, "), "{:?}", screen.rows());
}

#[test]
fn long_names_are_shortened_in_the_middle() {
    let screen = Screen::new(80);
    let mut play = Play::bars(&screen, &[BY_ID]);
    play.started(0, 32 * MIB);
    play.phase(&[0], "pass 1 of 1", 0, 32 * MIB, 4, 2_000);
    let row = &screen.rows()[0];
    assert!(row.starts_with("/dev/d…") && row.contains("-0:0-part1 ["), "{row}");
    let wide = Screen::new(180);
    let play = Play::bars(&wide, &[BY_ID]);
    play.started(0, 32 * MIB);
    assert!(wide.rows()[0].starts_with(BY_ID), "{:?}", wide.rows());
}

#[test]
fn the_share_is_said_to_be_of_everything() {
    let (screen, mut play) = one(120);
    play.phase(&[0], "pass 1 of 1", 15 * MIB, 32 * MIB, 1, 1_000);
    let row = screen.rows().remove(0);
    assert!(row.contains(" 50 % in all, pass 1 of 1, "), "{row}");
    assert!(!row.contains("32 MiB"), "the disk has 16 MiB, and this row names the disk: {row}");
}

#[test]
fn a_rate_and_a_time_left_wait_for_a_second_of_the_same_phase() {
    let (screen, mut play) = one(120);
    for phase in ["pass 1 of 1", "verify"] {
        let from = if phase == "verify" { 16 * MIB } else { 0 };
        play.phase(&[0], phase, from, 32 * MIB, 4, 800);
        let row = screen.rows().remove(0);
        assert!(row.contains(phase) && !row.contains("/s") && !row.contains("left"), "{row}");
        play.phase(&[0], phase, from + 4 * MIB, 32 * MIB, 4, 400);
        let row = screen.rows().remove(0);
        assert!(row.contains(" MiB/s, ") && row.ends_with(" s left"), "{row}");
        assert!(!row.contains("199 MiB/s"), "{row}");
    }
}

#[test]
fn the_total_waits_for_every_rate_and_ends_at_100_percent_without_one() {
    let screen = Screen::new(120);
    let mut play = Play::bars(&screen, &["/dev/loop2", "/dev/loop3"]);
    let total = || screen.rows().pop().unwrap();
    play.started(0, 32 * MIB);
    play.started(1, 24 * MIB);
    play.phase(&[0], "pass 1 of 1", 0, 32 * MIB, 4, 2_000);
    assert!(!total().contains("/s") && !total().contains("left"), "of one target nothing is known yet: {}", total());
    play.phase(&[1], "pass 1 of 1", 0, 24 * MIB, 8, 2_000);
    // 24 of 32 at 4 a second are left of the slower, 8 of 24 at 8 a second of the other.
    assert!(total().contains(" 43 % in all, 12 MiB/s, 5.9 s left"), "{}", total());
    // The job's last word comes before its last block.
    play.phase(&[0, 1], "verify", 23 * MIB, 24 * MIB, 0, 0);
    play.finished(0, Status::Sanitized, 0);
    assert!(!total().contains("ended"), "{}", total());
    play.finished(1, Status::Sanitized, 0);
    assert!(total().ends_with("] 100 %, all ended"), "{}", total());
    assert!(screen.rows()[0].ends_with("[====================] 100 %, sanitized (exit code 0)"), "{:?}", screen.rows());
}

#[test]
fn the_total_does_not_count_what_a_failed_target_left_undone() {
    let screen = Screen::new(120);
    let mut play = Play::bars(&screen, &["/dev/loop2", "/dev/loop3"]);
    (0..2).for_each(|index| play.started(index, 32 * MIB));
    play.phase(&[1], "pass 1 of 1", 15 * MIB, 32 * MIB, 1, 1_000);
    play.finished(0, Status::Sanitized, 0);
    play.finished(1, Status::Failed, 5);
    assert!(screen.rows()[1].ends_with(" 50 %, failed (exit code 5)"), "{:?}", screen.rows());
    assert!(screen.rows()[2].ends_with(" 75 %, all ended"), "{:?}", screen.rows());
}

#[test]
fn more_than_was_foreseen_is_never_more_than_everything() {
    let (screen, mut play) = one(120);
    // A verification that reads four of the 0.4 MiB foreseen.
    play.phase(&[0], "verify", 0, 400 * 1024, 1, 3_000);
    let row = screen.rows().remove(0);
    assert!(row.ends_with(" 100 % in all, verify, 1 MiB/s"), "{row}");
}

#[test]
fn a_verification_alone_ends_without_a_rate() {
    let screen = Screen::new(120);
    let mut play = Play::bars(&screen, &["/dev/loop2"]);
    play.phase(&[0], "verify", 0, 16 * MIB, 7, 2_000);
    let verified =
        |bytes| Event::Verify { kind: "full".into(), bytes, milliseconds: 2_100, mismatches: 0, unreadable: 0 };
    play.event(0, verified(16 * MIB));
    play.front.close();
    assert_eq!(screen.rows(), ["/dev/loop2 [====================] 100 % in all, verify"]);
}

#[test]
fn a_line_of_text_stays_above_whole_bars() {
    let (screen, mut play) = one(80);
    play.phase(&[0], "pass 1 of 1", 0, 32 * MIB, 4, 2_000);
    play.event(0, Event::Note { text: "a note".into() });
    play.phase(&[0], "pass 1 of 1", 8 * MIB, 32 * MIB, 4, 200);
    let rows = screen.rows();
    assert_eq!(rows[0], "/dev/loop2: note: a note");
    assert!(rows.len() == 2 && rows[1].starts_with("/dev/loop2 ["), "{rows:?}");
}
