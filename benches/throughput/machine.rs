//! What the run was made on and with.

use std::process::Command;

/// Lines of Markdown.
pub fn describe() -> Vec<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = read("/proc/cpuinfo");
    let model = field(&cpu, "model name");
    let flags = field(&cpu, "flags");
    let has: Vec<&str> =
        ["aes", "avx2", "vaes", "avx512f"].into_iter().filter(|f| flags.split(' ').any(|g| g == *f)).collect();
    let memory = field(&read("/proc/meminfo"), "MemTotal").trim_end_matches(" kB").parse::<u64>().unwrap_or(0) >> 20;
    vec![
        format!("- Machine: {model}, {cores} cores ({}), {memory} GiB", has.join(", ")),
        format!("- Kernel: {}", read("/proc/sys/kernel/osrelease").trim()),
        format!(
            "- Peers: {}; {}; {}",
            first_line("fio", &["--version"]),
            first_line("nwipe", &["--version"]),
            first_line("shred", &["--version"])
        ),
        format!("- Commit: {}", commit()),
    ]
}

/// Load of the last minute, from /proc/loadavg.
pub fn load() -> f64 {
    read("/proc/loadavg").split(' ').next().and_then(|load| load.parse().ok()).unwrap_or(f64::NAN)
}

/// Bytes of memory that can be had, from /proc/meminfo.
pub fn memory_available() -> u64 {
    let kib = field(&read("/proc/meminfo"), "MemAvailable");
    kib.trim_end_matches(" kB").parse::<u64>().unwrap_or(0) << 10
}

fn commit() -> String {
    let commit = first_line("git", &["rev-parse", "--short=12", "HEAD"]);
    let clean = first_line("git", &["status", "--porcelain", "--untracked-files=no"]).is_empty();
    if clean { commit } else { format!("{commit}, with changes") }
}

fn first_line(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let said = output.map_or_else(|e| format!("{program}: {e}"), |o| String::from_utf8_lossy(&o.stdout).into_owned());
    said.lines().next().unwrap_or_default().trim().to_string()
}

fn field(text: &str, key: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix(':'));
    line.unwrap_or("unknown").trim().to_string()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}
