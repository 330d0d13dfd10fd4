//! pyHanko's word on a PDF, in its strict mode, and what its library appends to one.
//!
//! `tests/all` installs it into a virtual environment and names that one's python3 in `RADERA_PYHANKO_PYTHON`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::Value;

use super::pki::Identity;

/// Names the python3 that has pyHanko.
const PYTHON: &str = "RADERA_PYHANKO_PYTHON";

/// Changes that nobody may make after signing, as `harm` takes them.
pub const HARMS: [&str; 10] = [
    "page",
    "content",
    "free-text",
    "stamp",
    "link",
    "attachment",
    "second-attachment",
    "script",
    "page-gone",
    "field-gone",
];

/// Whether pyHanko is here; if not, the test is skipped.
#[track_caller]
pub fn is_here() -> bool {
    static HERE: OnceLock<bool> = OnceLock::new();
    let here = *HERE.get_or_init(|| {
        let output = Command::new(python()).args(["-c", "import pyhanko, pyhanko_certvalidator, zxingcpp"]).output();
        output.is_ok_and(|o| o.status.success())
    });
    if !here {
        super::skip::skip(&format!("{} has no pyHanko: {PYTHON} names one that has it", python()));
    }
    here
}

/// One signature, as pyHanko judges it.
#[derive(Debug)]
pub struct Judged(pub Value);

impl Judged {
    fn is(&self, key: &str) -> bool {
        self.0[key] == true
    }

    /// The bytes that it covers, its key and its certificate's chain are right, and nothing after it does harm.
    pub fn accepted(&self) -> bool {
        self.is("intact")
            && self.is("valid")
            && self.is("trusted")
            && self.is("bottom_line")
            && self.0["docmdp_ok"] != false
    }

    /// As `accepted`, but for whose key it is.
    pub fn holds(&self) -> bool {
        self.is("intact") && self.is("valid") && self.0["docmdp_ok"] != false && self.0["error"].is_null()
    }

    pub fn trusted(&self) -> bool {
        self.is("trusted")
    }

    /// `ENTIRE_FILE`, or less.
    pub fn coverage(&self) -> &str {
        self.0["coverage"].as_str().unwrap_or("")
    }

    /// `NONE`, `LTA_UPDATES`, `FORM_FILLING` or `ANNOTATIONS`; `OTHER` is harm.
    pub fn modification(&self) -> &str {
        self.0["modification"].as_str().unwrap_or("")
    }

    /// Whether it bears a time stamp that stands under the trusted authority.
    pub fn stamped(&self) -> bool {
        let stamp = &self.0["time_stamp"];
        ["intact", "valid", "trusted"].iter().all(|key| stamp[*key] == true)
    }

    /// Whether it bears any time stamp.
    pub fn has_stamp(&self) -> bool {
        self.0["time_stamp"].is_object()
    }

    pub fn kind(&self) -> &str {
        self.0["kind"].as_str().unwrap_or("")
    }

    pub fn field(&self) -> &str {
        self.0["field"].as_str().unwrap_or("")
    }
}

/// Every signature of `pdf` in order, with these roots trusted for signers and time stamps; what is wrong with a file that it can't read.
pub fn validate(pdf: &Path, trust: &[&Path], tsa: &[&Path]) -> Result<Vec<Judged>, String> {
    let mut words = vec!["validate", text(pdf)];
    words.extend(trust.iter().flat_map(|path| ["--trust", text(path)]));
    words.extend(tsa.iter().flat_map(|path| ["--tsa", text(path)]));
    let found = tool(&words)?;
    Ok(found["signatures"].as_array().unwrap().iter().cloned().map(Judged).collect())
}

/// Whether the first signature is accepted, and none is missing.
pub fn accepts(pdf: &Path, trust: &[&Path], tsa: &[&Path]) -> bool {
    validate(pdf, trust, tsa).is_ok_and(|all| all.first().is_some_and(Judged::accepted))
}

/// Appends a signature by `identity` in `field`, seen on the first page or not.
pub fn sign(pdf: &Path, out: &Path, identity: &Identity, field: &str, visible: bool) {
    let mut words = vec!["sign", text(pdf), text(out), "--field", field];
    words.extend(by(identity));
    words.extend(visible.then_some("--visible"));
    must(&words);
}

/// Appends a signature by `identity` with a time stamp by `tsa`.
pub fn sign_stamped(pdf: &Path, out: &Path, identity: &Identity, tsa: &Identity) {
    let mut words = vec!["sign", text(pdf), text(out), "--field", "Signature1"];
    words.extend(by(identity));
    words.extend([
        "--tsa-key",
        text(&tsa.key),
        "--tsa-certificate",
        text(&tsa.certificate),
        "--tsa-chain",
        text(&tsa.chain),
    ]);
    must(&words);
}

/// Appends a document time stamp by `tsa`.
pub fn stamp(pdf: &Path, out: &Path, tsa: &Identity) {
    let mut words = vec!["stamp", text(pdf), text(out)];
    words.extend(by(tsa));
    must(&words);
}

/// Appends one of `HARMS`.
pub fn harm(pdf: &Path, out: &Path, how: &str) {
    must(&["harm", text(pdf), text(out), "--how", how]);
}

/// Takes the time stamp out of a PDF's first signature, or out of a detached one; whether there was one.
pub fn strip_stamp(file: &Path, out: &Path) -> bool {
    must(&["strip-stamp", text(file), text(out)])["stripped"] == true
}

/// Writes the time-stamp token of the first signature to `out`, and the bytes that it stamps to `out` + `.stamped`;
/// whether there is one.
pub fn stamp_token(file: &Path, out: &Path) -> bool {
    must(&["stamp-token", text(file), text(out)])["stamped"] == true
}

/// Puts the first signature of `other` into `file`: both PDF, or both detached.
pub fn swap_signature(file: &Path, other: &Path, out: &Path) {
    must(&["swap-signature", text(file), text(other), text(out)]);
}

/// Puts the time stamp of `other`'s first signature into `file`'s.
pub fn swap_stamp(file: &Path, other: &Path, out: &Path) {
    must(&["swap-stamp", text(file), text(other), text(out)]);
}

/// Writes the CMS of a PDF's first signature to `out`, the bytes that it covers to `out` + `.content`; where the bytes
/// that it does not cover begin and end, and how long the revision is.
pub fn extract(pdf: &Path, out: &Path) -> (std::ops::Range<usize>, usize) {
    let found = must(&["extract", text(pdf), text(out)]);
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    (number(&found["hole"][0])..number(&found["hole"][1]), number(&found["end"]))
}

/// A PDF of two pages, not signed, with `attachment` attached: for the tests of these helpers.
pub fn sample(attachment: &Path, out: &Path) {
    must(&["sample", text(attachment), text(out)]);
}

fn by(identity: &Identity) -> [&str; 6] {
    ["--key", text(&identity.key), "--certificate", text(&identity.certificate), "--chain", text(&identity.chain)]
}

fn must(words: &[&str]) -> Value {
    tool(words).unwrap_or_else(|why| panic!("{}: {why}", words.join(" ")))
}

/// pyHanko at work: a process that goes from test to test, since it takes long to start.
struct Server {
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Server {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/pyhanko_tool.py");
        let mut command = Command::new(python());
        command.args(["-W", "ignore", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("python3");
        let (asks, answers) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Server { child, asks, answers }
    }

    fn ask(&mut self, words: &[&str]) -> Result<Value, String> {
        writeln!(self.asks.as_mut().unwrap(), "{}", Value::from(words)).unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{words:?}: {e}: {line:?}"));
        match answer["failed"].as_str() {
            Some(why) => Err(why.to_string()),
            None => Ok(answer["found"].take()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.asks.take();
        let _ = self.child.wait();
    }
}

fn tool(words: &[&str]) -> Result<Value, String> {
    // Those that nobody asks just now. One whose test failed meanwhile does not come back; the rest end with this process, which is
    // their input's end.
    static IDLE: Mutex<Vec<Server>> = Mutex::new(Vec::new());
    let idle = || IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    let waiting = idle().pop();
    let mut server = waiting.unwrap_or_else(Server::start);
    let answer = server.ask(words);
    idle().push(server);
    answer
}

/// The python3 that has it.
pub fn python() -> String {
    std::env::var(PYTHON).unwrap_or_else(|_| "python3".into())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
