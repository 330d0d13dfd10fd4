//! Areas that are swapped to, and whether memory takes what lies there: `/proc/swaps` and `/proc/meminfo` (proc(5)).

use std::path::PathBuf;

use crate::device::parse_swaps;

/// An area that is swapped to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    /// As the kernel shows it.
    pub path: PathBuf,
    /// Bytes that lie there.
    pub used_bytes: u64,
    /// Its priority; negative ones were given by the kernel.
    pub priority: i32,
}

/// The areas on block devices in `text`. Errors: it is not what `/proc/swaps` looks like.
pub(super) fn parse(text: &str) -> Result<Vec<Active>, String> {
    let swaps = parse_swaps(text.as_bytes())?;
    let lines = text.lines().skip(1).filter(|line| !line.is_empty());
    let mut all = Vec::new();
    for (swap, line) in swaps.into_iter().zip(lines) {
        // Path, kind, size, used, priority.
        let mut last = line.split_whitespace().rev();
        let mut number = || last.next().and_then(|n| n.parse::<i64>().ok());
        let (priority, used) = (number(), number());
        let priority = priority.and_then(|p| i32::try_from(p).ok());
        let used = used.and_then(|kib| u64::try_from(kib).ok()?.checked_mul(1024));
        let (Some(priority), Some(used_bytes)) = (priority, used) else {
            return Err(format!("the line of {} is not understood", swap.path.display()));
        };
        if swap.kind == "partition" {
            all.push(Active { path: swap.path, used_bytes, priority });
        }
    }
    Ok(all)
}

/// What is to stay free: a sixteenth of the memory, and 64 MiB at least.
const LEAST_FREE: u64 = 64 << 20;

/// Memory in bytes: all, and what can be had without swapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Memory {
    pub total: u64,
    pub available: u64,
}

impl Memory {
    /// From the text of `/proc/meminfo`.
    pub fn parse(text: &str) -> Option<Memory> {
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
        };
        Some(Memory { total: field("MemTotal")?, available: field("MemAvailable")? })
    }

    /// What is missing for `bytes` more, in bytes; 0 where they fit.
    pub fn missing(self, bytes: u64) -> u64 {
        if bytes == 0 {
            return 0;
        }
        let margin = LEAST_FREE.max(self.total / 16);
        bytes.saturating_add(margin).saturating_sub(self.available)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    #[test]
    fn areas_have_use_and_priority() {
        let text = format!("{HEAD}/dev/dm-1 partition\t8388604\t\t12\t\t-2\n/a\\040b file\t100\t0\t5\n");
        let areas = parse(&text).unwrap();
        assert_eq!(areas, [Active { path: "/dev/dm-1".into(), used_bytes: 12288, priority: -2 }]);
        assert_eq!(parse(HEAD), Ok(vec![]));
        for bad in ["/dev/x partition 1 2\n", "/dev/x partition 1 -2 3\n", "/dev/x partition a b c\n", "/dev/x\n"] {
            let text = format!("{HEAD}{bad}");
            assert!(parse(&text).is_err() || parse(&text).unwrap()[0].used_bytes == 1024, "{bad}");
        }
        assert!(parse("something else\n").is_err());
    }

    #[test]
    fn memory_must_take_it_with_a_margin() {
        let text = "MemTotal:       16777216 kB\nMemFree:  1 kB\nMemAvailable:    4194304 kB\n";
        let memory = Memory::parse(text).unwrap();
        assert_eq!(memory, Memory { total: 16 << 30, available: 4 << 30 });
        assert_eq!((memory.missing(0), memory.missing(3 << 30), memory.missing((3 << 30) + 1)), (0, 0, 1));
        let small = Memory { total: 512 << 20, available: 65 << 20 };
        assert_eq!((small.missing(1 << 20), small.missing(2 << 20), small.missing(u64::MAX) > 0), (0, 1 << 20, true));
        assert_eq!(Memory { total: 1, available: 0 }.missing(0), 0);
        assert_eq!(Memory::parse("MemTotal: 1 kB\n"), None);
        assert_eq!(Memory::parse("MemTotal: 1\nMemAvailable: x kB\n"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[Fa-z/ 0-9\t\n-]{0,80}", head in any::<bool>()) {
            let text = if head { format!("{HEAD}{text}") } else { text };
            let _ = (parse(&text), Memory::parse(&text));
        }
    }
}
