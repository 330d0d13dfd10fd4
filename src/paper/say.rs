//! Numbers, moments and codes as a reader has them.

use crate::conformity::Language;
use crate::words;

/// A label or sentence.
pub fn text(language: Language, key: &str) -> String {
    words::text(language, key)
}

/// The word of a code in a family of this module's words; a code that no file has is printed as it is.
pub fn coded(language: Language, family: &str, code: &str) -> String {
    let key = format!("paper-{family}-{code}");
    let word = words::text(language, &key);
    if word == key { code.into() } else { word }
}

/// Yes or no.
pub fn yes(language: Language, is: bool) -> String {
    words::text(language, if is { "yes" } else { "no" })
}

/// A label and its value.
pub fn with(language: Language, key: &str, value: &str) -> String {
    format!("{}: {value}", words::text(language, key))
}

/// A number with its thousands set apart.
pub fn number(language: Language, number: u64) -> String {
    let apart = match language {
        Language::Da => '.',
        // A no-break space.
        Language::Sv => '\u{a0}',
        Language::En => ',',
    };
    let digits = number.to_string();
    let mut shown = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(apart);
        }
        shown.push(digit);
    }
    shown
}

/// A size: every byte of it, and the same in units of a thousand.
pub fn bytes(language: Language, size: u64) -> String {
    let exact = format!("{}\u{a0}{}", number(language, size), words::text(language, "paper-bytes"));
    let units = ["kB", "MB", "GB", "TB", "PB", "EB"];
    let (mut unit, mut scale) = (None, 1_u64);
    for name in units {
        let Some(next) = scale.checked_mul(1000).filter(|next| size >= *next) else { break };
        (unit, scale) = (Some(name), next);
    }
    let Some(unit) = unit else { return exact };
    let point = if language == Language::En { '.' } else { ',' };
    // A tenth is enough; it is cut off, never rounded up.
    let (whole, tenth) = (size / scale, size % scale / (scale / 10));
    format!("{exact} ({whole}{point}{tenth}\u{a0}{unit})")
}

/// A time in milliseconds, to the second where it is longer than that.
pub fn time(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) if seconds == 0 => format!("{milliseconds}\u{a0}ms"),
        (0, 0) => format!("{seconds}\u{a0}s"),
        (0, _) => format!("{minutes}\u{a0}min {rest}\u{a0}s"),
        _ => format!("{hours}\u{a0}h {minutes}\u{a0}min {rest}\u{a0}s"),
    }
}

/// A moment as the JSON has it, a little easier on the eye.
pub fn moment(text: &str) -> String {
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | 'T'));
    match text.strip_suffix('Z').filter(|rest| plain(rest)) {
        Some(rest) => format!("{}\u{a0}UTC", rest.replacen('T', "\u{a0}", 1)),
        None => text.into(),
    }
}

/// A word with a capital at its head.
pub fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}
