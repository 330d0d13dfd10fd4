//! The words of `case`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{ArgAction, Args, Subcommand};

use super::help;
use crate::cli::args::IssueArgs;
use crate::conformity::Profile;

/// `case`.
#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// Begin a case: a commented file to fill in, or questions on a terminal
    #[command(after_long_help = help::INIT)]
    Init(InitArgs),
    /// Add records, certificates, receipts or the customer's list
    #[command(after_long_help = help::ADD)]
    Add(AddArgs),
    /// Print the table: what is fulfilled, what is not, and who can mend it
    #[command(after_long_help = help::CHECK)]
    Check(CheckArgs),
    /// Issue the deletion certificate
    #[command(after_long_help = help::CLOSE)]
    Close(CloseArgs),
}

/// `case init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The case file (TOML) to make; without it the questions are asked
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Which questions the case answers
    #[arg(long, value_name = "PROFILE", value_parser = profile())]
    pub profile: Option<Profile>,
}

/// `case add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// The case file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Sanitization records (JSON), matched by serial or property number
    #[arg(long, value_name = "RECORD", num_args = 1.., action = ArgAction::Append)]
    pub record: Vec<PathBuf>,
    /// The item that the records are of, where nothing else ties them
    #[arg(long, value_name = "ID", requires = "record")]
    pub item: Option<String>,
    /// A sub-processor's deletion certificate (JSON)
    #[arg(long, value_name = "CERT", requires = "subprocessor")]
    pub certificate: Option<PathBuf>,
    /// The sub-processor's id
    #[arg(long, value_name = "ID")]
    pub subprocessor: Option<String>,
    /// A receipt for data that was given back
    #[arg(long, value_name = "DOCUMENT", requires_all = ["what", "source"])]
    pub receipt: Option<PathBuf>,
    /// What was given back
    #[arg(long, value_name = "TEXT", requires = "receipt")]
    pub what: Option<String>,
    /// The items that held it
    #[arg(long, value_name = "ID", requires = "receipt", num_args = 1.., action = ArgAction::Append)]
    pub source: Vec<String>,
    /// The day of the receipt; default: today
    #[arg(long, value_name = "DATE", requires = "receipt")]
    pub date: Option<String>,
    /// The customer's own list (CSV): each line becomes an item
    #[arg(long, value_name = "CSV", requires = "column")]
    pub assets: Option<PathBuf>,
    /// Which column holds what, as asset=NAME; also serial, description,
    /// location, system, last_used
    #[arg(long, value_name = "FIELD=COLUMN", requires = "assets", action = ArgAction::Append)]
    pub column: Vec<String>,
    /// Kind of the listed items
    #[arg(long, value_name = "KIND", requires = "assets", default_value = "medium", hide_default_value = true)]
    pub kind: String,
    /// Kind of their media
    #[arg(long, value_name = "MEDIA", requires = "assets", default_value = "other", hide_default_value = true)]
    pub media: String,
}

/// `case check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The case file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// A signer that counts beside this installation's own key and the keys of the
    /// case: certificate file (PEM or DER) or fingerprint
    #[arg(long, value_name = "FILE|FINGERPRINT", action = ArgAction::Append)]
    pub trust: Vec<OsString>,
}

/// `case close`.
#[derive(Debug, Args)]
pub struct CloseArgs {
    /// The case file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where the certificate goes
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// A signer that counts beside this installation's own key and the keys of the
    /// case: certificate file (PEM or DER) or fingerprint
    #[arg(long, value_name = "FILE|FINGERPRINT", action = ArgAction::Append)]
    pub trust: Vec<OsString>,
    /// Write the details to an annex of their own, so that the first page can be
    /// given out alone
    #[arg(long)]
    pub split: bool,
    /// How it is issued.
    #[command(flatten)]
    pub issue: IssueArgs,
    /// The earlier certificate of the case that the new one replaces
    #[arg(long, value_name = "CERT", conflicts_with = "concur")]
    pub supersede: Option<PathBuf>,
    /// Sign an issued certificate of the case a second time, with this
    /// installation's key
    #[arg(long, value_name = "CERT", conflicts_with = "split")]
    pub concur: Option<PathBuf>,
}

fn profile() -> ValueParser {
    let all = [
        ("contract-end", Profile::ContractEnd, "the end of a processing agreement (section 12)"),
        ("repair", Profile::Repair, "a device goes to a repairer"),
        ("disposal", Profile::Disposal, "equipment is scrapped, sold or given away"),
        ("assignment-end", Profile::AssignmentEnd, "the end of a person's assignment"),
    ];
    PossibleValuesParser::new(all.map(|(name, _, help)| PossibleValue::new(name).help(help)))
        .try_map(move |given| all.iter().find(|a| a.0 == given).map(|a| a.1).ok_or("no such value"))
        .into()
}
