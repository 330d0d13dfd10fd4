//! `demo`: the whole job on a scratch disk that it makes and removes, through the same functions as `wipe`.

mod planted;
mod scratch;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::TryRng;
use serde_json::json;

use self::planted::Planted;
use self::scratch::{Content, Loop, Workshop};
use super::context::Context;
use super::human::bytes;
use super::progress::{self, Front};
use super::signals::Signals;
use super::state;
use crate::certificate::{self, KeyStore, NoPin, Press, Require, Trust};
use crate::conformity::Language;
use crate::device::{Inventory, Roots};
use crate::document;
use crate::job::{self, Finished, OverwriteChoice, Plan, Request, Station, Stop};
use crate::media::Method;
use crate::problem::{ExitCode, Kind, Problem};
use crate::sys::user;

/// How long a desktop's scanner may hold the new disk before the demo gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// `demo`.
pub fn demo(context: &Context, keep: Option<&Path>) -> Result<ExitCode, Problem> {
    let signals = Signals::watch(&context.out, context.json)?;
    let stop = Stop::new();
    let out = Arc::clone(&context.out);
    // From the first step on there is something to clean up, so a signal must not end the program.
    signals.running(&stop, Arc::new(move |_| out.note("radera: stopping, and removing the scratch disk")), "");
    let result = Show { context, stop, step: 0 }.run(keep);
    let (code, records) = match result {
        Ok(records) => (ExitCode::Success, records),
        Err(problem) => (context.problem(&problem, None), Vec::new()),
    };
    if context.json {
        context.out.json(&progress::finished(code, &records));
    }
    Ok(code)
}

struct Show<'a> {
    context: &'a Context,
    stop: Stop,
    step: u32,
}

impl Show<'_> {
    fn run(&mut self, keep: Option<&Path>) -> Result<Vec<PathBuf>, Problem> {
        let run = random_digits()?;
        let workshop = Workshop::make(keep, &run)?;
        let planted = Planted::new(&run);
        let image = workshop.join("disk.img");

        let content = scratch::make_image(&image, &workshop.join("tree"), &planted)?;
        let device = self.attach(&image)?;
        let target = device.as_ref().map_or(image.as_path(), Loop::path).to_path_buf();
        self.told_made(&target, &content)?;
        self.show_readable(&workshop, &image, device.as_ref(), &content, &planted)?;

        let station = station(&workshop)?;
        let finished = self.wipe(&station, &target, device.is_some())?;
        let record = self.check_finished(&finished)?;
        self.check_signature(&workshop, &record, &station)?;
        self.check_gone(&image, &planted)?;

        if let Some(device) = device {
            device.detach()?;
        }
        let (place, kept) = (workshop.path().display().to_string(), keep.is_some());
        workshop.remove()?;
        if kept {
            self.tell(&format!("Kept in {place}: the wiped image, the record with its signature, and the key"))?;
            return Ok(vec![record]);
        }
        if Path::new(&place).exists() {
            return Err(Problem::error(format!("{place} is still there"), "Remove it by hand."));
        }
        self.tell("Removed the scratch disk, its record and its key: nothing of the demo is left")?;
        Ok(Vec::new())
    }

    /// Prints a step that held; an error once a signal asked to stop.
    fn tell(&mut self, text: &str) -> Result<(), Problem> {
        self.step += 1;
        if self.context.json {
            self.context.out.json(&json!({"event": "step", "number": self.step, "text": text}));
        } else {
            self.context.out.line(&format!("{}. {text}", self.step));
        }
        match self.stop.cause() {
            None => Ok(()),
            Some(cause) => Err(Problem::new(
                Kind::Interrupted,
                format!("the demo was stopped by {cause}, and its scratch disk removed"),
                "Run it again: there is nothing to resume.",
            )),
        }
    }

    /// A loop device for root, `None` for a plain file.
    fn attach(&mut self, image: &Path) -> Result<Option<Loop>, Problem> {
        let why = if user::is_root() {
            match Loop::attach(image) {
                Ok(device) => return Ok(Some(device)),
                Err(why) => format!("no loop device can be had here ({why})"),
            }
        } else {
            "only root can make loop devices".to_string()
        };
        self.tell(&format!(
            "Without a loop device: {why}; a plain file stands in for the disk, and goes through the same engine"
        ))?;
        Ok(None)
    }

    fn told_made(&mut self, target: &Path, content: &Content) -> Result<(), Problem> {
        let size = bytes(scratch::SIZE);
        let target = target.display();
        match content {
            Content::Ext4 => self.tell(&format!("Made a scratch disk: {target}, {size}, with an ext4 filesystem")),
            Content::Bare(why) => self.tell(&format!(
                "Made a scratch disk: {target}, {size}, WITHOUT a filesystem ({why}); the text is planted on it directly"
            )),
        }
    }

    fn show_readable(
        &mut self,
        workshop: &Workshop,
        image: &Path,
        device: Option<&Loop>,
        content: &Content,
        planted: &Planted,
    ) -> Result<(), Problem> {
        if let Content::Ext4 = content {
            let read = match device {
                Some(device) => device.read_mounted(&workshop.join("mnt"), "letter.txt"),
                None => scratch::read_unmounted(image, "letter.txt"),
            };
            let read = read.map_err(|why| not_held(format!("the planted letter can't be read: {why}")))?;
            if read != planted.letter().as_bytes() {
                return Err(not_held("the planted letter reads back differently"));
            }
            let first = planted.letter().lines().nth(1).unwrap_or_default().to_string();
            self.tell(&format!("Read the planted letter from its filesystem: \"{first}\""))?;
        }
        match self.count(image, planted)? {
            0 => {
                Err(not_held("the planted text is not found in the raw image, so the demo could not show that it goes"))
            }
            found => self.tell(&format!("Found the planted text {found} times in the raw image")),
        }
    }

    fn count(&self, image: &Path, planted: &Planted) -> Result<u64, Problem> {
        planted.count_in(image).map_err(|error| not_held(format!("{} can't be read: {error}", image.display())))
    }

    /// Plans, authorizes and wipes. What another program holds for a moment is tried again.
    fn wipe(&mut self, station: &Station, target: &Path, is_device: bool) -> Result<Finished, Problem> {
        let begun = Instant::now();
        let (plan, clearance) = loop {
            let plan = plan(target, is_device)?;
            let refusal = match plan.refusals.first() {
                Some(refusal) => refusal.clone(),
                None => {
                    let given = std::slice::from_ref(&plan.confirm);
                    let confirmed =
                        job::match_confirmations(std::slice::from_ref(&plan), given)?.first() == Some(&true);
                    match job::authorize(station, &plan, confirmed) {
                        Ok(clearance) => break (plan, clearance),
                        Err(problem) => problem,
                    }
                }
            };
            if begun.elapsed() > PATIENCE || self.stop.cause().is_some() {
                return Err(refusal);
            }
            std::thread::sleep(Duration::from_millis(200));
        };
        let passes: Vec<&str> = plan.passes.iter().map(|p| p.name.as_str()).collect();
        let technique = plan.technique.map_or("none", |t| t.name());
        self.tell(&format!(
            "Planned: {technique} ({}), {} verification; the result can claim at most {}; confirmed with {}",
            passes.join(", "),
            plan.verify.name(),
            plan.claim.name(),
            plan.confirm
        ))?;
        let front = Front::new(self.context, vec![target.display().to_string()]);
        let finished = job::wipe(station, &plan, clearance, &front.target(0), &self.stop);
        front.ended(0, &finished);
        front.close();
        Ok(finished)
    }

    /// The record, where the job ended well.
    fn check_finished(&mut self, finished: &Finished) -> Result<PathBuf, Problem> {
        if finished.exit_code != ExitCode::Success {
            return Err(finished.problem.clone().unwrap_or_else(|| {
                let kind = if finished.exit_code == ExitCode::Interrupted { Kind::Interrupted } else { Kind::Failed };
                Problem::new(
                    kind,
                    format!("the scratch disk was not sanitized: {}", finished.statement),
                    "See the lines above.",
                )
            }));
        }
        let path = finished.record.clone().ok_or_else(|| not_held("no record was issued"))?;
        let record = fs::read(&path)
            .ok()
            .and_then(|bytes| document::parse(&bytes).ok())
            .ok_or_else(|| not_held("the record can't be read back"))?;
        let (status, claim) = (record.status.name(), record.claim.name());
        self.tell(&format!("Wiped and verified: status {status}, claim {claim}. {}", record.statement))?;
        Ok(path)
    }

    /// The record must check out as it is, and must not after one changed byte.
    fn check_signature(&mut self, workshop: &Workshop, record: &Path, station: &Station) -> Result<(), Problem> {
        let trust = Trust { fingerprints: vec![station.press.signer.fingerprint()], ..Trust::default() };
        let require = [Require::Sanitized, Require::Trusted];
        let checked = certificate::check(record, &trust, &require)?;
        if checked.exit_code != ExitCode::Success {
            let findings: Vec<String> =
                checked.findings.iter().filter(|f| !f.holds).map(|f| f.told.english()).collect();
            return Err(not_held(format!("the record does not check out: {}", findings.join("; "))));
        }
        self.tell(&format!(
            "Checked the record's signature: it holds, signed by {}",
            station.press.signer.fingerprint()
        ))?;

        let changed = workshop.join("changed.json");
        let failed = |error: std::io::Error| {
            Problem::error(format!("{} can't be written: {error}", changed.display()), "Make room.")
        };
        let text = fs::read_to_string(record).map_err(failed)?.replacen("\"sanitized\"", "\"sanitizes\"", 1);
        fs::write(&changed, text).map_err(failed)?;
        let signature = workshop.join("changed.json.p7s");
        fs::copy(format!("{}.p7s", record.display()), &signature).map_err(failed)?;
        let code = certificate::check(&changed, &trust, &require)?.exit_code;
        fs::remove_file(&changed).and_then(|()| fs::remove_file(&signature)).map_err(failed)?;
        if code != ExitCode::NotAuthentic {
            return Err(not_held("a copy of the record with one changed byte was not rejected"));
        }
        self.tell("Changed one byte in a copy of the record: the check rejects it")
    }

    fn check_gone(&mut self, image: &Path, planted: &Planted) -> Result<(), Problem> {
        match self.count(image, planted)? {
            0 => self.tell("Found the planted text 0 times in the raw image: it is gone"),
            found => Err(not_held(format!("the planted text is still found {found} times in the raw image"))),
        }
    }
}

fn not_held(what: impl Into<String>) -> Problem {
    Problem::failed(what, "The demo did not hold: report this with the lines above.")
}

fn plan(target: &Path, is_device: bool) -> Result<Plan, Problem> {
    let request = Request {
        method: Method::Clear,
        technique: None,
        overwrite: OverwriteChoice::Random,
        attest_encryption: false,
        verify: None,
        max_rate: None,
        operator: None,
        instruction: None,
        property: None,
        case: None,
    };
    if is_device {
        job::plan(&Inventory::read(Roots::default())?, target, &request)
    } else {
        job::plan_plain_file(target, &request)
    }
}

/// A station of the demo's own, so that no key or journal is left on the machine.
fn station(workshop: &Workshop) -> Result<Station, Problem> {
    let (state, out) = (workshop.join("state"), workshop.join("records"));
    state::make_private(&state)?;
    state::make_private(&out)?;
    let signer = KeyStore::open_or_create(&state, &NoPin)?;
    let press = Arc::new(Press::new(signer, None, Some(Language::En)));
    Ok(Station { press, state, out, roots: Roots::default() })
}

fn random_digits() -> Result<String, Problem> {
    let mut random = [0; 16];
    rand::rngs::SysRng
        .try_fill_bytes(&mut random)
        .map_err(|error| Problem::error(format!("the kernel gives no random numbers: {error}"), "Try again."))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
