#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

const CVR: [&str; 3] = ["25313763", "29189986", "24256790"];
const SWEDISH: [&str; 7] =
    ["556036-0793", "5560360793", "556012-5790", "212000-0142", "165560360793", "16556036-0793", "811218-9876"];
const SWEDISH_PEOPLE: [&str; 5] = ["811218-9876", "19811218-9876", "198112189876", "121212+1212", "701063-2391"];

#[test]
fn known_numbers_are_told_from_wrong_ones() {
    CVR.iter().for_each(|number| assert!(is_cvr(number), "{number}"));
    for wrong in
        ["", "25313764", "52313763", "2531376", "253137630", "2531376x", "00000000", "DK25313763", "25 31 37 63"]
    {
        assert!(!is_cvr(wrong), "{wrong}");
    }
    SWEDISH.iter().chain(&SWEDISH_PEOPLE).for_each(|number| assert!(is_swedish(number), "{number}"));
    let wrong = [
        "",
        "556036-0794",
        "5560360739",
        "556036 0793",
        "17556036-0793",
        "0000000000",
        "811318-9876",
        "811232-9875",
        "16811218-9876",
        "55603-60793",
        "ååååå",
        "556036-079x",
        "19556036-0793",
    ];
    wrong.iter().for_each(|number| assert!(!is_swedish(number), "{number}"));
    SWEDISH_PEOPLE.iter().for_each(|number| assert!(is_swedish_person(number), "{number}"));
    ["556036-0793", "16556036-0793", "991231-1234"].iter().for_each(|number| assert!(!is_swedish_person(number)));
}

#[test]
fn a_party_s_number_is_judged_by_its_country_alone() {
    assert_eq!(fault("DK", "25313763"), None);
    assert_eq!(fault("DK", ""), None);
    assert_eq!(fault("SE", ""), None);
    assert_eq!(fault("NO", "923609016"), None);
    assert_eq!(fault("", "anything"), None);
    assert!(fault("DK", "25313764").unwrap().0.contains("check digit"));
    assert!(fault("DK", "556036-0793").unwrap().0.contains("eight digits"));
    assert!(fault("SE", "25313763").unwrap().0.contains("ten digits"));
    assert!(fault("SE", "556036-0794").unwrap().0.contains("check digit"));
}

#[test]
fn personal_numbers_lose_their_last_four_digits_in_every_form() {
    let pairs = [
        ("Jens, 070761-4285, has left", "Jens, 070761-****, has left"),
        ("(311299-0001)", "(311299-****)"),
        ("990150-1234 and 670101-1234", "990150-1234 and 670101-****"),
        ("070761–4285", "070761–****"),
        ("811218-9876", "811218-****"),
        ("121212+1212", "121212+****"),
        ("19811218-9876.", "19811218-****."),
        ("198112189876", "19811218****"),
        ("811218-9876,070761-4285", "811218-****,070761-****"),
    ];
    for (text, masked) in pairs {
        assert_eq!(mask(text), masked);
        assert_eq!(mask_prose(text), masked);
    }
    assert_eq!(mask_prose("cpr 0707614285, 070761 4285, 8112189876"), "cpr 070761****, 070761 ****, 811218****");
    assert_eq!(mask("0707614285"), "0707614285");
}

#[test]
fn what_is_no_personal_number_is_left() {
    let left = [
        "",
        "25313763",
        "556036-0793",
        "5560360793",
        "16556036-0793",
        "320101-1234",
        "311399-1234",
        "300299-1234",
        "070761-42",
        "070761-42851",
        "x070761-4285",
        "070761-4285x",
        "1070761-4285",
        "991231-1234",
        "198112189877",
        "0123456789abcdef0123456789abcdef",
        "2026-11-30T14:05:00+01:00",
        "S3Z8NB0K1234567890",
        "ÆØÅ東",
        "4012345678",
        "9999999999",
    ];
    for text in left {
        assert_eq!(mask(text), text);
        assert_eq!(mask_prose(text), text);
    }
}

fn digits() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0..=9u8, 10)
}

fn text(digits: &[u8]) -> String {
    digits.iter().map(u8::to_string).collect()
}

/// The number with a last digit with which `holds`, if there is one.
fn completed(mut digits: Vec<u8>, holds: fn(&str) -> bool) -> Option<Vec<u8>> {
    (0..=9).find_map(|last| {
        *digits.last_mut()? = last;
        holds(&text(&digits)).then(|| digits.clone())
    })
}

proptest! {
    #[test]
    fn a_changed_digit_or_two_swapped_neighbours_are_no_cvr_number(d in digits(), at in 0..8usize, other in 0..=9u8) {
        let Some(good) = completed(d[..8].to_vec(), is_cvr) else { return Ok(()) };
        let mut changed = good.clone();
        changed[at] = other;
        prop_assert_eq!(is_cvr(&text(&changed)), changed == good);
        if at < 7 {
            let mut swapped = good.clone();
            swapped.swap(at, at + 1);
            prop_assert_eq!(is_cvr(&text(&swapped)), swapped == good);
        }
    }

    /// Luhn misses only 09 for 90.
    #[test]
    fn a_changed_digit_or_two_swapped_neighbours_are_no_swedish_number(d in digits(), at in 0..10usize, other in 0..=9u8) {
        let Some(good) = completed(d, is_swedish) else { return Ok(()) };
        let mut changed = good.clone();
        changed[at] = other;
        prop_assert!(changed == good || !is_swedish(&text(&changed)));
        if at < 9 && !matches!((good[at], good[at + 1]), (0, 9) | (9, 0)) {
            let mut swapped = good.clone();
            swapped.swap(at, at + 1);
            prop_assert!(swapped == good || !is_swedish(&text(&swapped)));
        }
    }

    #[test]
    fn masking_hides_four_digits_a_number_and_nothing_else(before in "[ -/:-@]{0,6}", day in 1..=28u8, month in 1..=12u8,
        year in 0..=99u8, last in 0..=9999u16, after in "[ -/:-@]{0,6}") {
        let head = format!("{before}{day:02}{month:02}{year:02}-");
        prop_assert_eq!(mask(&format!("{head}{last:04}{after}")), format!("{head}****{after}"));
    }

    #[test]
    fn masking_takes_any_text_and_masks_it_once(any in "\\PC{0,40}|[0-9+\\- ]{0,40}") {
        for masker in [mask, mask_prose] {
            let once = masker(&any);
            prop_assert_eq!(once.chars().count(), any.chars().count());
            prop_assert_eq!(masker(&once), once);
        }
    }
}
