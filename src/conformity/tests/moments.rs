//! Days and moments.

use crate::conformity::Moment;

#[test]
fn a_day_is_over_at_its_end_and_a_moment_at_once() {
    let over = |text: &str| text.parse::<Moment>().unwrap().over().unwrap().to_string();
    assert_eq!(over("2026-10-24"), "2026-10-25T00:00:00Z");
    assert_eq!(over("2026-12-31"), "2027-01-01T00:00:00Z");
    assert_eq!(over("2026-10-24T14:05:00+02:00"), "2026-10-24T12:05:00Z");
    assert_eq!("9999-12-31".parse::<Moment>().unwrap().over(), None, "a day without a next one is never over");
}

#[test]
fn a_moment_reads_back_as_it_was_written_and_nothing_else_is_one() {
    for text in ["2026-10-24", "2026-10-24T12:05:00Z"] {
        assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        let json = serde_json::to_string(&text.parse::<Moment>().unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<Moment>(&json).unwrap(), text.parse().unwrap());
    }
    for text in ["", "2026-13-01", "2026-10-24T12:05:00", "24.10.2026", "2026-10-2x"] {
        assert!(text.parse::<Moment>().unwrap_err().contains("2026-11-30"), "{text}");
    }
}
