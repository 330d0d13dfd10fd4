//! Sizes, rates and times as people read them.

/// `bytes` with a binary unit and at most one decimal: `512 B`, `1.5 KiB`, `256 MiB`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut tenths = u128::from(bytes) * 10;
    let mut unit = "B";
    for next in UNITS {
        if tenths < 10_240 {
            break;
        }
        tenths /= 1024;
        unit = next;
    }
    match tenths % 10 {
        0 => format!("{} {unit}", tenths / 10),
        decimal => format!("{}.{decimal} {unit}", tenths / 10),
    }
}

/// `bytes` with the unit, and exactly in brackets.
pub fn exact_bytes(count: u64) -> String {
    if count < 1024 { bytes(count) } else { format!("{} ({count} bytes)", bytes(count)) }
}

/// A duration: `0.4 s`, `12 s`, `3 min 20 s`, `5 h 3 min`, `2 d 4 h`.
pub fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let pair = |big: u64, unit: &str, small: u64, minor: &str| match small {
        0 => format!("{big} {unit}"),
        _ => format!("{big} {unit} {small} {minor}"),
    };
    match seconds {
        0..10 => format!("{}.{} s", seconds, milliseconds % 1000 / 100),
        10..60 => format!("{seconds} s"),
        60..3_600 => pair(seconds / 60, "min", seconds % 60, "s"),
        3_600..86_400 => pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
        _ => pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
    }
}

/// How much of `total` is done, in whole percent; 100 only when all is.
pub fn percent(done: u64, total: u64) -> u64 {
    match total {
        0 => 0,
        _ => u64::try_from(u128::from(done.min(total)) * 100 / u128::from(total)).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_round_down_and_never_claim_more() {
        let cases = [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (1 << 28, "256 MiB")];
        for (count, text) in cases {
            assert_eq!(bytes(count), text);
        }
        assert_eq!(bytes((1 << 30) - 1), "1023.9 MiB");
        assert_eq!(bytes(u64::MAX), "15.9 EiB");
        assert_eq!(exact_bytes(1 << 20), "1 MiB (1048576 bytes)");
    }

    #[test]
    fn times_have_two_units_at_most() {
        let cases = [(0, "0.0 s"), (450, "0.4 s"), (12_900, "12 s"), (200_000, "3 min 20 s"), (60_000, "1 min")];
        for (milliseconds, text) in cases {
            assert_eq!(duration(milliseconds), text);
        }
        assert_eq!(duration(18_180_000), "5 h 3 min");
        assert_eq!(duration(187_200_000), "2 d 4 h");
    }

    #[test]
    fn a_hundred_percent_is_only_said_when_all_is_done() {
        assert_eq!(percent(999, 1000), 99);
        assert_eq!(percent(1000, 1000), 100);
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(u64::MAX, u64::MAX), 100);
    }
}
