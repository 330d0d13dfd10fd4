//! Numbers of parties, by their check digits, and personal numbers, recognised and masked.
//!
//! What is recognised as a personal number: `DDMMYY-XXXX` with a day that there is (Danish CPR; its old check digit no longer holds
//! for all), and `YYMMDD-XXXX`, `YYMMDD+XXXX`, `YYYYMMDD-XXXX` and `YYYYMMDDXXXX` with a day that there is and the right check digit
//! (Swedish personal and coordination numbers). In prose also without the hyphen, or with a space for it. Digits that touch other
//! digits or letters are part of something else, and are left.

mod mask;

pub use mask::{mask, mask_prose, masked};

/// What is wrong with the number of a party in a country, and what to do; `None` where it holds, or where the country's numbers are
/// not known here.
pub fn fault(country: &str, number: &str) -> Option<(&'static str, &'static str)> {
    if number.is_empty() {
        return None;
    }
    match country {
        "DK" if cvr_form(number).is_none() => {
            Some(("is no CVR number, which has eight digits", "Write the eight digits without spaces, as 25313763."))
        }
        "DK" if !is_cvr(number) => {
            Some(("is no CVR number: its check digit does not fit", "Compare it with datacvr.virk.dk."))
        }
        "SE" if swedish_form(number).is_none() => Some((
            "is no Swedish organisation number, which has ten digits",
            "Write it as 556036-0793; a sole trader's as the personal number.",
        )),
        "SE" if !is_swedish(number) => Some((
            "is no Swedish organisation number: its check digit or its date does not fit",
            "Compare it with the register of Bolagsverket or Skatteverket.",
        )),
        _ => None,
    }
}

fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.map(|b| b - b'0'))
}

fn cvr_form(number: &str) -> Option<[u8; 8]> {
    digits::<8>(number)
}

/// Whether it is a CVR number: eight digits, the first no zero, weighed 2 7 6 5 4 3 2 1 divisible by 11.
pub fn is_cvr(number: &str) -> bool {
    let Some(digits) = cvr_form(number) else { return false };
    let sum: u32 = digits.iter().zip([2, 7, 6, 5, 4, 3, 2, 1]).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    digits.first() != Some(&0) && sum.is_multiple_of(11)
}

/// The ten digits of a Swedish number, and the century of its twelve-digit form (16 for organisations).
fn swedish_form(number: &str) -> Option<([u8; 10], Option<u8>)> {
    let (head, tail) = match number.len() {
        11 | 13 => number.split_once(['-', '+'])?,
        10 | 12 => number.split_at_checked(number.len() - 4)?,
        _ => return None,
    };
    let (century, head) = match head.len() {
        8 => {
            let (century, head) = head.split_at_checked(2)?;
            (Some(century.parse().ok().filter(|c| matches!(c, 16 | 18 | 19 | 20))?), head)
        }
        6 => (None, head),
        _ => return None,
    };
    Some((digits::<10>(&format!("{head}{tail}"))?, century))
}

/// The check digit of ten digits (Luhn, modulus 10).
fn luhn(digits: &[u8; 10]) -> bool {
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(*digit);
            if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether it is a Swedish organisation number, or the personal number of a sole trader: ten digits with or without a hyphen, or
/// twelve that begin with 16 (organisation) or 18, 19, 20 (person).
pub fn is_swedish(number: &str) -> bool {
    let Some((digits, century)) = swedish_form(number) else { return false };
    // The third digit of an organisation's is 2 or more, so that it can't be taken for a month; the first is no zero.
    let organisation = matches!(digits, [1..=9, _, 2..=9, ..]);
    let fits = match century {
        Some(16) => organisation,
        Some(_) => is_swedish_date(&digits),
        None => organisation || is_swedish_date(&digits),
    };
    fits && luhn(&digits)
}

/// Whether it is a person's number in the Swedish form, with any separator or none.
pub fn is_swedish_person(number: &str) -> bool {
    swedish_form(number)
        .is_some_and(|(digits, century)| century != Some(16) && is_swedish_date(&digits) && luhn(&digits))
}

/// Whether it is a person's number in the Danish form, with any separator or none.
pub fn is_danish_person(number: &str) -> bool {
    let bare: String = number.chars().filter(char::is_ascii_digit).collect();
    digits::<10>(&bare).is_some_and(|digits| is_danish_date(&digits))
}

/// Day, month: of a replacement number the day is 60 more.
fn is_danish_date(digits: &[u8; 10]) -> bool {
    let [a, b, c, d, ..] = digits;
    is_day(a * 10 + b, c * 10 + d)
}

/// Month, day: of a coordination number the day is 60 more.
fn is_swedish_date(digits: &[u8; 10]) -> bool {
    let [_, _, a, b, c, d, ..] = digits;
    is_day(c * 10 + d, a * 10 + b)
}

/// A day of some year, or one that is 60 more.
fn is_day(day: u8, month: u8) -> bool {
    let day = if day > 60 { day - 60 } else { day };
    let last = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

#[cfg(test)]
mod tests;
