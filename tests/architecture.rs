//! The rules of the house, read from the source: which floor may import which, and what stands nowhere but where it
//! belongs. `docs/architecture.md` says why. Each rule is also tried on a made-up offender, so that none is blind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod source;

use source::{Source, all_sources};

/// Each module and the modules it may import from; itself always. A module that is not listed here fails the test.
const FLOORS: &[(&str, &[&str])] = &[
    ("problem", &[]),
    // F0 and F1: pure.
    ("media", &[]),
    ("pattern", &[]),
    ("pades", &[]),
    ("wire", &[]),
    ("outcome", &["media", "pattern", "problem"]),
    ("conformity", &[]),
    ("document", &["conformity", "media", "outcome", "pattern", "problem"]),
    ("words", &["conformity", "document", "media", "outcome", "pattern"]),
    ("paper", &["conformity", "document", "media", "outcome", "pattern", "words"]),
    // F2: the kernel.
    ("sys", &["media", "problem"]),
    // F3: devices and engines.
    ("io", &["media", "outcome", "problem", "sys"]),
    ("device", &["io", "media", "outcome", "problem", "sys", "wire"]),
    // F4: what is done, and what is kept of it. `certificate` and `document` speak of outcomes, not of drives.
    ("technique", &["device", "io", "media", "outcome", "pattern", "problem", "wire"]),
    ("verify", &["io", "media", "outcome", "pattern", "problem"]),
    ("journal", &["media", "outcome", "pattern", "problem", "sys"]),
    ("files", &["device", "io", "media", "outcome", "pattern", "problem", "sys"]),
    (
        "certificate",
        &["conformity", "document", "media", "outcome", "pades", "paper", "pattern", "problem", "sys", "words"],
    ),
    ("case", &["certificate", "conformity", "document", "media", "outcome", "problem", "sys", "words"]),
    ("check", &["case", "certificate", "conformity", "document", "outcome", "pades", "paper", "problem", "words"]),
    // F5: the job.
    (
        "job",
        &[
            "certificate",
            "device",
            "document",
            "files",
            "io",
            "journal",
            "media",
            "outcome",
            "pattern",
            "problem",
            "sys",
            "technique",
            "verify",
        ],
    ),
    // F6: the terminal.
    (
        "cli",
        &[
            "case",
            "certificate",
            "check",
            "conformity",
            "device",
            "document",
            "io",
            "job",
            "journal",
            "media",
            "outcome",
            "paper",
            "pattern",
            "problem",
            "sys",
            "technique",
            "verify",
            "words",
        ],
    ),
    // For tests alone: the drive models as what a clearance holds.
    ("modelled", &["device", "io", "media", "sys", "technique", "wire"]),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Pure modules: data in, data out.
const PURE: &[&str] =
    &["media", "pattern", "wire", "outcome", "conformity", "words", "document", "pades", "paper", "problem"];

/// What a pure module never names.
const IMPURE: &[&str] = &["std::fs", "std::io", "std::process", "std::net", "std::env", "std::thread", "File::"];

/// What stands in `sys` only.
const KERNEL: &[&str] = &["libc::", "nix::", "io_uring::", "use libc", "use nix", "use io_uring"];

/// What stands in `cli` and `main` only.
const TERMINAL: &[&str] = &[
    "print!(",
    "println!(",
    "eprint!(",
    "eprintln!(",
    "std::env",
    "env::var",
    "env::args",
    "stdin(",
    "stdout(",
    "stderr(",
];

/// What is never left in the tree.
const UNFINISHED: &[&str] = &["todo!(", "unimplemented!(", "dbg!("];

/// Words that say more than can be proved. NIST SP 800-88 Rev. 2 and the agreement leave approval to people.
const TOO_MUCH: &[&str] = &["unrecoverable", "approved", "% erased"];

/// Longest file, in lines.
const LONGEST: usize = 500;

type Rule = fn(&Source) -> Vec<String>;

const RULES: &[(&str, Rule)] = &[
    ("imports point down", imports_point_down),
    ("the kernel is reached through sys", kernel_only_in_sys),
    ("every module but sys forbids unsafe code", unsafe_is_forbidden),
    ("pure modules touch no files, processes or screens", pure_is_pure),
    ("nothing below cli prints, prompts or reads the environment", terminal_only_in_cli),
    ("only job::authorize mints a clearance", one_mint),
    ("files are small", files_are_small),
    ("nothing is left unfinished", nothing_unfinished),
    ("no words that say too much", no_big_words),
];

fn imports_point_down(source: &Source) -> Vec<String> {
    let Some((_, allowed)) = FLOORS.iter().find(|(module, _)| *module == source.module()) else {
        return vec![format!("module `{}` has no floor in tests/architecture.rs", source.module())];
    };
    source
        .imports()
        .into_iter()
        // The drive models are outside src/ and exist in tests alone.
        .filter(|import| import != source.module() && import != "drives" && !allowed.contains(&import.as_str()))
        .map(|import| format!("`{}` may not import `{import}`", source.module()))
        .collect()
}

fn kernel_only_in_sys(source: &Source) -> Vec<String> {
    if source.module() == "sys" {
        return Vec::new();
    }
    let mut found = source.mentions(KERNEL);
    found.extend(source.words("unsafe").map(|line| format!("line {line}: `unsafe` outside sys")));
    found
}

fn unsafe_is_forbidden(source: &Source) -> Vec<String> {
    let covers_a_module = source.path == "main.rs" || (source.path.ends_with("/mod.rs") && source.depth() == 2);
    if !covers_a_module || source.module() == "sys" || source.code().contains("#![forbid(unsafe_code)]") {
        return Vec::new();
    }
    vec!["no #![forbid(unsafe_code)]".into()]
}

fn pure_is_pure(source: &Source) -> Vec<String> {
    if PURE.contains(&source.module()) { source.mentions(IMPURE) } else { Vec::new() }
}

fn terminal_only_in_cli(source: &Source) -> Vec<String> {
    if ["cli", "main"].contains(&source.module()) { Vec::new() } else { source.mentions(TERMINAL) }
}

fn one_mint(source: &Source) -> Vec<String> {
    if source.path == "job/authorize.rs" { Vec::new() } else { source.mentions(&["Clearance::mint"]) }
}

fn files_are_small(source: &Source) -> Vec<String> {
    let lines = source.lines();
    if lines > LONGEST { vec![format!("{lines} lines; at most {LONGEST}: one file, one idea")] } else { Vec::new() }
}

fn nothing_unfinished(source: &Source) -> Vec<String> {
    source.mentions(UNFINISHED)
}

fn no_big_words(source: &Source) -> Vec<String> {
    source
        .strings()
        .iter()
        .flat_map(|text| {
            TOO_MUCH.iter().filter(|word| text.to_lowercase().contains(*word)).map(move |word| (word, text))
        })
        .map(|(word, text)| format!("{word:?} in {text:?}"))
        .collect()
}

#[test]
fn the_house_keeps_its_rules() {
    let sources = all_sources();
    assert!(sources.len() > 20, "only {} source files were found", sources.len());
    let offences: Vec<String> = RULES
        .iter()
        .flat_map(|(name, rule)| {
            sources
                .iter()
                .flat_map(move |s| rule(s).into_iter().map(move |what| format!("src/{}: {name}: {what}", s.path)))
        })
        .collect();
    assert!(offences.is_empty(), "\n{}", offences.join("\n"));
}

#[test]
fn every_floor_in_the_table_stands_in_the_tree_and_lies_below() {
    let sources = all_sources();
    for (at, (module, allowed)) in FLOORS.iter().enumerate() {
        assert!(sources.iter().any(|s| s.module() == *module), "`{module}` is in the table and not in the tree");
        for import in *allowed {
            let below = FLOORS[..at].iter().any(|(lower, _)| lower == import);
            assert!(below, "`{module}` may import `{import}`, which stands above it");
        }
    }
}

#[test]
fn the_authorizer_is_where_clearances_are_minted() {
    let sources = all_sources();
    let authorize = sources.iter().find(|s| s.path == "job/authorize.rs").expect("src/job/authorize.rs");
    assert!(!authorize.mentions(&["Clearance::mint"]).is_empty(), "the rule on minting guards nothing");
}

/// Each rule, a snippet that offends it, and one near it that does not.
#[test]
fn no_rule_is_blind() {
    let long = "//! x\n".repeat(LONGEST + 1);
    let offenders: &[(Rule, &str, &str)] = &[
        (imports_point_down, "certificate/x.rs", "use crate::device::Inventory;"),
        (imports_point_down, "certificate/x.rs", "fn f(q: &dyn crate::io::Queue) {}"),
        (imports_point_down, "document/x.rs", "use crate::{media::Method, technique};"),
        (imports_point_down, "document/x.rs", "use crate::{\n    media::{Method, VerifyKind},\n    io,\n};"),
        (imports_point_down, "verify/x.rs", "use super::super::device;"),
        (imports_point_down, "verify/deep/x.rs", "use super::super::super::device::Medium;"),
        (imports_point_down, "media/mod.rs", "use super::outcome::Status;"),
        (imports_point_down, "media/x.rs", "use crate :: outcome :: Status;"),
        (imports_point_down, "main.rs", "use radera::device::Inventory;"),
        (imports_point_down, "gossip/x.rs", ""),
        (kernel_only_in_sys, "device/x.rs", "fn f() { unsafe { g() } }"),
        (kernel_only_in_sys, "device/x.rs", "use nix::sys::stat;"),
        (kernel_only_in_sys, "io/x.rs", "let flags = libc::O_DIRECT;"),
        (kernel_only_in_sys, "io/uring.rs", "use io_uring::IoUring;"),
        (unsafe_is_forbidden, "device/mod.rs", "//! Devices."),
        (unsafe_is_forbidden, "device/mod.rs", "// #![forbid(unsafe_code)]"),
        (unsafe_is_forbidden, "main.rs", "fn main() {}"),
        (pure_is_pure, "media/x.rs", "use std::fs::File;"),
        (pure_is_pure, "outcome/x.rs", "fn f() -> std::io::Result<()> { Ok(()) }"),
        (pure_is_pure, "document/x.rs", "std::process::exit(1)"),
        (pure_is_pure, "wire/ata/x.rs", "use std::fs::File;"),
        (imports_point_down, "wire/ata/x.rs", "use crate::device::Inventory;"),
        (terminal_only_in_cli, "job/x.rs", "println!(\"hello\");"),
        (terminal_only_in_cli, "job/x.rs", "let home = std::env::var(\"HOME\");"),
        (terminal_only_in_cli, "certificate/x.rs", "io::stdin().read_line(&mut answer)"),
        (one_mint, "job/resume.rs", "let c = Clearance::mint(held, medium, technique);"),
        (files_are_small, "job/x.rs", &long),
        (nothing_unfinished, "job/x.rs", "fn f() { todo!() }"),
        (nothing_unfinished, "job/x.rs", "fn f() { dbg!(1); }"),
        (nothing_unfinished, "job/x.rs", "#[cfg(test)]\nmod tests { fn g() {} }\nfn f() { todo!() }"),
        (no_big_words, "outcome/x.rs", "let text = \"Your data is Unrecoverable\";"),
        (no_big_words, "outcome/x.rs", "let text = r#\"99.99 % erased\"#;"),
        (no_big_words, "cli/x.rs", "/// An approved tool.\npub tool: bool,"),
    ];
    for (rule, path, text) in offenders {
        assert!(!rule(&Source::made_up(path, text)).is_empty(), "blind to {text:?} in {path}");
    }
    let innocents: &[(Rule, &str, &str)] = &[
        (imports_point_down, "certificate/x.rs", "// use crate::device::Inventory;\nuse crate::document::Record;"),
        (imports_point_down, "verify/x.rs", "use super::Plan;\nuse crate::io::Queue;"),
        (imports_point_down, "media/x.rs", "let text = \"use crate::device;\";"),
        (kernel_only_in_sys, "device/mod.rs", "#![forbid(unsafe_code)]\n// unsafe is not allowed here"),
        (kernel_only_in_sys, "sys/x.rs", "unsafe { libc::close(3) }"),
        (unsafe_is_forbidden, "device/mod.rs", "//! Devices.\n#![forbid(unsafe_code)]"),
        (pure_is_pure, "journal/x.rs", "use std::fs::File;"),
        (terminal_only_in_cli, "cli/x.rs", "println!(\"hello\");"),
        (one_mint, "job/authorize.rs", "Clearance::mint(held, medium, technique)"),
        (one_mint, "job/run.rs", "#[cfg(test)]\nmod tests { fn f() { Clearance::mint(a, b, c) } }"),
        (nothing_unfinished, "job/x.rs", "// not a todo!() any more"),
        (no_big_words, "outcome/x.rs", "// the tool never calls itself approved\nlet text = \"awaiting decision\";"),
        (no_big_words, "outcome/x.rs", "#[cfg(test)]\nmod tests { const NEVER: &str = \"approved\"; }"),
    ];
    for (rule, path, text) in innocents {
        assert_eq!(rule(&Source::made_up(path, text)), Vec::<String>::new(), "{text:?} in {path}");
    }
}
