//! The command line in types. Help, completions and man pages are generated from this definition.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{ArgAction, Args, Parser, Subcommand};

use super::case::args::CaseCommand;
use super::help;
use super::values::{self, Seed};
use crate::certificate::Require;
use crate::conformity::Language;
use crate::media::{Method, TechniqueId, VerifyKind};
use crate::paper::Form;
use crate::pattern::Scheme;

/// Erase data so that it can be proved
#[derive(Debug, Parser)]
#[command(name = "radera", version, term_width = 80, subcommand_required = true)]
#[command(long_about = help::ABOUT, after_long_help = help::ROOT)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options for every command")]
pub struct Global {
    /// Print JSON on standard output, one object a line
    #[arg(long, global = true)]
    pub json: bool,
    /// Where journals and keys are kept
    ///
    /// Default: /var/lib/radera for root, else $XDG_STATE_HOME/radera or
    /// ~/.local/state/radera. Keep it on a disk that survives a power loss, or
    /// `resume` finds nothing.
    #[arg(long, global = true, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Language of documents, `case` and `certificate`; default: the case's, else en
    #[arg(long, global = true, value_name = "da|sv|en", value_parser = language())]
    #[arg(hide_possible_values = true)]
    pub lang: Option<Language>,
    /// File with the PIN or password of the signing key; else it is asked for
    #[arg(long, global = true, value_name = "FILE")]
    pub pin_file: Option<PathBuf>,
}

/// Options of the commands that issue documents.
#[derive(Debug, Clone, Default, Args)]
pub struct IssueArgs {
    /// Have each signature's time stamped by this authority (RFC 3161, http://)
    ///
    /// Where it can't be reached the document is issued without a stamp, and that is
    /// said.
    #[arg(long, value_name = "URL")]
    pub timestamp: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the media of this machine, and why each is in use
    #[command(after_long_help = help::LIST)]
    List,
    /// Show all that is known of one medium
    #[command(after_long_help = help::SHOW)]
    Show {
        /// Block device: disk, partition, loop device or USB stick
        target: PathBuf,
    },
    /// Say what `wipe` would do and why; touches nothing
    #[command(after_long_help = help::PLAN)]
    Plan {
        /// Block devices, or files and directories
        #[arg(required_unless_present_any = ["free_space", "swap"], value_name = "TARGET")]
        targets: Vec<PathBuf>,
        /// What to do.
        #[command(flatten)]
        request: RequestArgs,
        /// How files are taken.
        #[command(flatten)]
        files: FileArgs,
    },
    /// Sanitize media, verify, and issue signed records
    #[command(after_long_help = help::WIPE)]
    Wipe(WipeArgs),
    /// Read a medium again and hold it against its record
    #[command(after_long_help = help::VERIFY)]
    Verify(VerifyArgs),
    /// Go on with interrupted jobs
    #[command(after_long_help = help::RESUME)]
    Resume(ResumeArgs),
    /// Check and show records and deletion certificates
    #[command(subcommand)]
    Certificate(CertificateCommand),
    /// The contract case behind a deletion certificate
    #[command(subcommand)]
    Case(CaseCommand),
    /// The signing key of this installation
    #[command(subcommand)]
    Key(KeyCommand),
    /// The whole job on a scratch disk that it makes and removes
    #[command(after_long_help = help::DEMO)]
    Demo {
        /// Make everything in DIR (new or empty) and keep it
        #[arg(long, value_name = "DIR")]
        keep: Option<PathBuf>,
    },
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the man pages, one a command
    Man {
        /// Directory that they go to; made if missing
        dir: PathBuf,
    },
}

/// What to do to each target; the same for `plan` and `wipe`.
#[derive(Debug, Clone, Args)]
pub struct RequestArgs {
    /// How thoroughly: clear or purge
    ///
    /// clear: overwrite, within exactly what was named. purge: the strongest
    /// technique that counts as Purge for this medium; where there is none it is
    /// refused, never downgraded.
    #[arg(long, value_name = "METHOD", value_parser = method())]
    pub method: Method,
    /// Another technique than the one chosen; `plan` lists them
    #[arg(long, value_name = "NAME", value_parser = technique(), hide_possible_values = true)]
    pub technique: Option<TechniqueId>,
    /// What an overwrite writes: zeros, ones, random (default) or 0xNN
    #[arg(long, value_name = "PATTERN", value_parser = values::pattern, conflicts_with = "scheme")]
    pub pattern: Option<values::Pattern>,
    /// A named scheme of several passes instead
    #[arg(long, value_name = "NAME", value_parser = scheme())]
    pub scheme: Option<String>,
    /// Your word that the drive always encrypted all data, where it does not say so
    ///
    /// For cryptographic erase. The record marks it as a person's attestation.
    #[arg(long)]
    pub attest_encryption: bool,
    /// Readback; default: full for an overwrite, sampled for an erase by the drive
    #[arg(long, value_name = "KIND", value_parser = verify(&[VerifyKind::Full, VerifyKind::Sampled, VerifyKind::None]))]
    pub verify: Option<VerifyKind>,
    /// Throttle each target: bytes per second, as 10M (10 x 1024 x 1024) or 10MB
    #[arg(long, value_name = "BYTES/S", value_parser = values::rate)]
    pub max_rate: Option<u64>,
}

/// How files, free space and swap are taken; the same for `plan` and `wipe`.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Files")]
pub struct FileArgs {
    /// Overwrite files and keep them, with their names and sizes
    #[arg(long, conflicts_with_all = ["free_space", "swap"])]
    pub keep: bool,
    /// Take files with several names too; the content is gone under all of them
    #[arg(long, conflicts_with = "swap")]
    pub hardlinks: bool,
    /// Release and trim what can't be overwritten in place (exit code 4)
    ///
    /// For copy-on-write filesystems, compressed files, data=journal, content in
    /// the inode, tmpfs. What that proves is less, and the record says so.
    #[arg(long, conflicts_with_all = ["keep", "swap"])]
    pub accept_trim: bool,
    /// Put names in the list beside the record; else a keyed digest of each
    #[arg(long, conflicts_with = "swap")]
    pub list_names: bool,
    /// Lift chattr +i and +a from files to be erased
    #[arg(long, conflicts_with = "swap")]
    pub lift_attributes: bool,
    /// Overwrite the free space of the filesystem that holds DIR
    #[arg(long, value_name = "DIR", conflicts_with_all = ["targets", "swap"])]
    pub free_space: Option<PathBuf>,
    /// Zero what lies behind the end of live files below DIR, up to the end of
    /// their last block
    #[arg(long, requires = "free_space")]
    pub slack: bool,
    /// Take a swap area out of use, overwrite it, and put it back
    #[arg(long, value_name = "DEV", conflicts_with = "targets")]
    pub swap: Option<PathBuf>,
}

/// `wipe`.
#[derive(Debug, Args)]
pub struct WipeArgs {
    /// Block devices (disks, partitions, loop devices, USB sticks), or files and
    /// directories
    #[arg(required_unless_present_any = ["free_space", "swap"], value_name = "TARGET")]
    pub targets: Vec<PathBuf>,
    /// What to do.
    #[command(flatten)]
    pub request: RequestArgs,
    /// How files are taken.
    #[command(flatten)]
    pub files: FileArgs,
    /// Confirm one medium by its serial or token; give it once a medium
    ///
    /// The text is the medium's serial, or, where that is missing or not unique,
    /// the token that `plan` prints. Any order. Without it, it is asked for on a
    /// terminal.
    #[arg(long, value_name = "TEXT", action = ArgAction::Append)]
    pub confirm: Vec<String>,
    /// Confirm files, directories, --free-space and --swap; a block device takes
    /// --confirm
    #[arg(long)]
    pub yes: bool,
    /// Where records go
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Who runs it; goes into the record
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// The contract case that the records belong to; gives the instruction
    ///
    /// Media that the case excludes are refused; each record is added to it.
    #[arg(long, value_name = "FILE", conflicts_with = "instruction")]
    pub case: Option<PathBuf>,
    /// Reference of the instruction to erase; goes into the record
    #[arg(long, value_name = "REF")]
    pub instruction: Option<String>,
    /// Property number of the equipment; goes into the record
    #[arg(long, value_name = "NUMBER")]
    pub property: Option<String>,
    /// How records are issued.
    #[command(flatten)]
    pub issue: IssueArgs,
}

/// `resume`.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// Only the jobs on these block devices, files or directories
    #[arg(value_name = "TARGET")]
    pub targets: Vec<PathBuf>,
    /// Where records go; default: where those of the job went
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Throttle each target: bytes per second, as 10M (10 x 1024 x 1024) or 10MB
    #[arg(long, value_name = "BYTES/S", value_parser = values::rate)]
    pub max_rate: Option<u64>,
    /// Close this job as it stands instead (exit code 5)
    #[arg(long, value_name = "JOB", action = ArgAction::Append, conflicts_with_all = ["targets", "max_rate"])]
    pub give_up: Vec<String>,
    /// How records are issued.
    #[command(flatten)]
    pub issue: IssueArgs,
}

/// `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Block device; of a record of files also a directory on their filesystem
    pub target: PathBuf,
    /// The record (JSON) to hold it against
    #[arg(long, value_name = "FILE")]
    pub record: PathBuf,
    /// Readback; default: as in the record
    #[arg(long, value_name = "KIND", value_parser = verify(&[VerifyKind::Full, VerifyKind::Sampled]))]
    pub verify: Option<VerifyKind>,
    /// Seed of the sample: new (default), recorded, or 32 hexadecimal digits
    #[arg(long, value_name = "SEED", value_parser = values::seed)]
    pub seed: Option<Seed>,
}

/// `certificate`.
#[derive(Debug, Subcommand)]
pub enum CertificateCommand {
    /// Check signature, form, pages and consistency, and derive it all again
    #[command(after_long_help = help::CHECK)]
    Check {
        /// Documents: JSON, its signature FILE.p7s beside it, or PDF
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// A signer that counts beside this installation's own key: certificate file
        /// (PEM or DER) or fingerprint
        #[arg(long, value_name = "FILE|FINGERPRINT", action = ArgAction::Append)]
        trust: Vec<std::ffi::OsString>,
        /// What must hold beyond authenticity; may be given several times
        #[arg(long, value_name = "WHAT", action = ArgAction::Append, value_parser = require())]
        require: Vec<Require>,
        /// Write what was found to a PDF, to be filed beside the document
        #[arg(long, value_name = "FILE.pdf")]
        report: Option<PathBuf>,
    },
    /// Make the PDF of a signed document (JSON) again, in any language
    #[command(after_long_help = help::RENDER)]
    Render(RenderArgs),
    /// Print a record for people to read
    Show {
        /// Records (JSON)
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// `certificate render`.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// Documents (JSON)
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// full, sheet (one page, for a repair shop) or label (62 mm wide, for the
    /// medium)
    #[arg(long, value_name = "FORM", value_parser = form(), default_value = "full")]
    pub form: Form,
    /// Where the PDFs go: a directory, or a file for a single one; default: beside
    /// each document
    #[arg(long, value_name = "DIR|FILE")]
    pub out: Option<PathBuf>,
    /// Sign the PDF with this installation's key
    ///
    /// Without it the PDF is a copy: the signed document is attached to it, and
    /// `certificate check` holds one against the other.
    #[arg(long)]
    pub sign: bool,
    /// How it is signed.
    #[command(flatten)]
    pub issue: IssueArgs,
}

/// `key`.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Print fingerprint, words and place of the key, making it on first use
    #[command(after_long_help = help::KEY)]
    Show {
        /// Print the signing certificate (PEM) as well
        #[arg(long)]
        pem: bool,
    },
    /// Make a new key of this installation's own; the old one signs no more
    ///
    /// What it signed still checks out here.
    New,
    /// Take in a key with its certificates (PKCS#12), and sign with it from now on
    Import {
        /// The file (.p12, .pfx); it is kept as it is, locked by its password
        file: PathBuf,
    },
    /// Choose the key that signs
    #[command(after_long_help = help::KEY)]
    Use(UseArgs),
}

/// `key use`.
#[derive(Debug, Args)]
pub struct UseArgs {
    /// own, imported:FINGERPRINT, or pkcs11
    #[arg(value_name = "KEY")]
    pub key: String,
    /// Library of the token (PKCS#11)
    #[arg(long, value_name = "PATH")]
    pub module: Option<PathBuf>,
    /// Label of the token
    #[arg(long, value_name = "LABEL")]
    pub token: Option<String>,
    /// Label of the key on it, where it has several
    #[arg(long, value_name = "LABEL")]
    pub object: Option<String>,
    /// Certificates between the signer's and the root (PEM), where the token has
    /// none
    #[arg(long, value_name = "FILE")]
    pub chain: Option<PathBuf>,
    /// Stamp every signature's time at this authority from now on; "" for none
    #[arg(long, value_name = "URL")]
    pub timestamp: Option<String>,
}

fn form() -> ValueParser {
    named(&[(Form::Full, "full", ""), (Form::Sheet, "sheet", ""), (Form::Label, "label", "")])
}

fn named<T: Copy + Send + Sync + 'static>(all: &[(T, &'static str, &'static str)]) -> ValueParser {
    let table: Vec<(&'static str, T)> = all.iter().map(|&(value, name, _)| (name, value)).collect();
    let values = all.iter().map(|&(_, name, help)| {
        let value = PossibleValue::new(name);
        if help.is_empty() { value } else { value.help(help) }
    });
    PossibleValuesParser::new(values)
        .try_map(move |given| {
            table.iter().find(|(name, _)| *name == given).map(|(_, value)| *value).ok_or("no such value")
        })
        .into()
}

fn language() -> ValueParser {
    named(&[(Language::Da, "da", ""), (Language::Sv, "sv", ""), (Language::En, "en", "")])
}

fn method() -> ValueParser {
    named(&[Method::Clear, Method::Purge].map(|m| (m, m.name(), "")))
}

fn technique() -> ValueParser {
    named(&TechniqueId::ALL.iter().map(|t| (*t, t.name(), "")).collect::<Vec<_>>())
}

fn verify(kinds: &[VerifyKind]) -> ValueParser {
    named(&kinds.iter().map(|k| (*k, k.name(), "")).collect::<Vec<_>>())
}

fn require() -> ValueParser {
    named(&[
        (Require::Sanitized, "sanitized", "status sanitized: done and verified, without exceptions"),
        (Require::Complete, "complete", "a deletion certificate that is complete"),
        (Require::Trusted, "trusted", "a signer that --trust names, or this installation's own key"),
    ])
}

fn scheme() -> ValueParser {
    let values = Scheme::all().iter().map(|s| PossibleValue::new(s.name).help(s.title));
    PossibleValuesParser::new(values).into()
}
