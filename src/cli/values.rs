//! Values on the command line that are more than a name: patterns, rates, seeds.

use crate::job::OverwriteChoice;

/// `--pattern`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(pub OverwriteChoice);

/// Reads `zeros`, `ones`, `random` or `0xNN`.
pub fn pattern(given: &str) -> Result<Pattern, String> {
    let choice = match given {
        "zeros" => OverwriteChoice::Byte(0),
        "ones" => OverwriteChoice::Byte(0xff),
        "random" => OverwriteChoice::Random,
        _ => {
            let digits = given.strip_prefix("0x").or_else(|| given.strip_prefix("0X"));
            match digits.filter(|d| d.len() == 2 && is_hexadecimal(d)).and_then(|d| u8::from_str_radix(d, 16).ok()) {
                Some(byte) => OverwriteChoice::Byte(byte),
                None => return Err("give zeros, ones, random, or one byte as 0x and two hexadecimal digits".into()),
            }
        }
    };
    Ok(Pattern(choice))
}

/// Reads bytes per second: a whole number, with `K`, `M`, `G`, `T` (also `KiB` …) for powers of 1024 or `kB`, `MB`, `GB`, `TB`
/// for powers of 1000.
pub fn rate(given: &str) -> Result<u64, String> {
    let split = given.find(|c: char| !c.is_ascii_digit()).unwrap_or(given.len());
    let (digits, unit) = given.split_at(split);
    let factor: u64 = match unit {
        "" | "B" => 1,
        "K" | "k" | "KiB" => 1 << 10,
        "M" | "m" | "MiB" => 1 << 20,
        "G" | "g" | "GiB" => 1 << 30,
        "T" | "t" | "TiB" => 1 << 40,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return Err("give bytes per second as a whole number, such as 52428800, 50M or 1G".into()),
    };
    let number: u64 = digits.parse().map_err(|_| "give a whole number of bytes per second".to_string())?;
    match number.checked_mul(factor) {
        Some(0) => Err("a rate of 0 would never end; leave the option out for no limit".into()),
        Some(rate) => Ok(rate),
        None => Err("that is more than 64 bits hold".into()),
    }
}

/// `--seed` of `verify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seed {
    /// The one in the record.
    Recorded,
    /// A new one.
    New,
    /// This one.
    Given([u8; 16]),
}

/// Reads `recorded`, `new` or 32 hexadecimal digits.
pub fn seed(given: &str) -> Result<Seed, String> {
    match given {
        "recorded" => Ok(Seed::Recorded),
        "new" => Ok(Seed::New),
        _ => seed_bytes(given).map(Seed::Given).ok_or_else(|| "give recorded, new, or 32 hexadecimal digits".into()),
    }
}

/// The bytes of 32 hexadecimal digits.
pub fn seed_bytes(digits: &str) -> Option<[u8; 16]> {
    if digits.len() != 32 || !is_hexadecimal(digits) {
        return None;
    }
    u128::from_str_radix(digits, 16).ok().map(u128::to_be_bytes)
}

fn is_hexadecimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_names_or_exactly_one_byte() {
        let byte = |b| Ok(Pattern(OverwriteChoice::Byte(b)));
        assert_eq!(pattern("zeros"), byte(0));
        assert_eq!(pattern("ones"), byte(0xff));
        assert_eq!(pattern("0x5a"), byte(0x5a));
        assert_eq!(pattern("0XA5"), byte(0xa5));
        assert_eq!(pattern("random"), Ok(Pattern(OverwriteChoice::Random)));
        for bad in ["", "0x", "0x5", "0x5a5", "0x+5", "5a", "Zeros", "0xgg", "ø"] {
            assert!(pattern(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rates_know_both_families_of_units_and_their_limits() {
        assert_eq!(rate("10485760"), Ok(10 << 20));
        assert_eq!(rate("10M"), Ok(10 << 20));
        assert_eq!(rate("1G"), Ok(1 << 30));
        assert_eq!(rate("3KiB"), Ok(3 << 10));
        assert_eq!(rate("2MB"), Ok(2_000_000));
        for bad in ["", "M", "0", "0M", "-1", "1.5M", "10X", "10 M", "20000000T", "99999999999999999999", "1ø"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn seeds_are_words_or_sixteen_bytes() {
        assert_eq!(seed("recorded"), Ok(Seed::Recorded));
        assert_eq!(seed("new"), Ok(Seed::New));
        let mut bytes = [0; 16];
        bytes[0] = 0xab;
        bytes[15] = 1;
        assert_eq!(seed("ab000000000000000000000000000001"), Ok(Seed::Given(bytes)));
        for bad in ["", "old", "ab", "+b000000000000000000000000000001", "zz000000000000000000000000000001"] {
            assert!(seed(bad).is_err(), "{bad}");
        }
    }
}
