//! Debian's own tools on faulty drives: what they say, beside what is left. The tables are in docs/peers.md; a case fails where its
//! table has changed. Every run tries some rows, `tests/all --campaign` all of them; `RADERA_PEERS=write` writes the tables anew.

use crate::support::disk::Scratch;
use crate::vm::bay::{Bay, Plugged};
use crate::vm::image::Description;
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;
use crate::vm::{faults, kept};

/// One way to erase a kind of drive.
struct Tool {
    /// Heading in docs/peers.md.
    heading: &'static str,
    /// Debian's package.
    package: &'static str,
    /// Kind of drive, and letters that its serial numbers begin with.
    kind: &'static str,
    letters: &'static str,
    /// Its faults.
    faults: fn() -> Vec<&'static str>,
    /// Shell scripts; `$node` is the disk, `$controller` the NVMe controller. The exit code and the last words of each are kept.
    erase: &'static str,
    /// `None`: the erase waits by itself. It is asked again while its answer has `running` in it.
    status: Option<(&'static str, &'static str)>,
}

const HDPARM: Tool = Tool {
    heading: "hdparm --sanitize-block-erase, then --sanitize-status until it is no longer in process",
    kind: "sata-ssd",
    package: "hdparm",
    letters: "HS",
    faults: || faults::all_of("sata-ssd").collect(),
    erase: "hdparm --yes-i-know-what-i-am-doing --sanitize-block-erase $node",
    status: Some(("hdparm --sanitize-status $node", "SD2")),
};

const HDPARM_SECURITY: Tool = Tool {
    heading: "hdparm --security-set-pass and --security-erase-enhanced",
    kind: "sata-ssd",
    package: "hdparm",
    letters: "HE",
    faults: || faults::ALL.into_iter().chain(["refuses:abort sense:fixed-8"]).collect(),
    erase: "hdparm --user-master u --security-set-pass p $node; hdparm --user-master u --security-erase-enhanced p $node",
    status: None,
};

const SG_WAITING: Tool = Tool {
    heading: "sg_sanitize --block --wait",
    kind: "sas-ssd",
    package: "sg3-utils",
    letters: "SW",
    faults: || faults::all_of("sas-ssd").collect(),
    erase: "sg_sanitize --block --quick --wait $node",
    status: None,
};

const SG_POLLING: Tool = Tool {
    heading: "sg_sanitize --block, which polls",
    kind: "sas-ssd",
    package: "sg3-utils",
    letters: "SP",
    faults: || faults::all_of("sas-ssd").collect(),
    erase: "sg_sanitize --block --quick $node",
    status: None,
};

const NVME: Tool = Tool {
    heading: "nvme sanitize --sanact=2, then sanitize-log until it is no longer in progress",
    kind: "nvme",
    package: "nvme-cli",
    letters: "NV",
    faults: || faults::all_of("nvme").collect(),
    erase: "nvme sanitize $controller --sanact=2 --no-dealloc",
    status: Some(("nvme sanitize-log -H $controller | grep -A1 SSTAT", "in Progress")),
};

impl Tool {
    /// The faults that are tried now.
    fn tried(&self) -> Vec<&'static str> {
        let all = (self.faults)().into_iter();
        all.filter(|fault| faults::whole_tables() || faults::EVERYDAY.contains(fault)).collect()
    }

    fn versions(&self, rig: &Rig) -> String {
        let kernel = rig.package("linux-image-").1;
        let kernel: Vec<&str> = kernel.split('.').take(2).collect();
        format!("{} {}, Linux {}, {}.", self.package, rig.package(self.package).1, kernel.join("."), self.kind)
    }

    fn drives(&self) -> Vec<Description> {
        let drive = |(number, faults): (usize, &&str)| {
            let mut drive = Description::new(self.kind, &format!("{}{number:02}", self.letters), 3);
            drive.faults = faults.split_whitespace().map(|fault| fault.parse().unwrap()).collect();
            drive
        };
        self.tried().iter().enumerate().map(drive).collect()
    }

    /// What erases one drive, in the background; the answers are in files.
    fn script(&self, drive: &Plugged) -> String {
        let Plugged { serial, node, controller, .. } = drive;
        let mut script = format!("(node={node}; controller={controller}; cd /tmp\n");
        script += &format!("({}) >{serial}.1 2>&1; echo $? >>{serial}.1\n", self.erase);
        if let Some((status, running)) = self.status {
            // Whatever it says: not for ever.
            script += &format!(
                "looks=0; while ({status}) >{serial}.2 2>&1; code=$?; grep -q '{running}' {serial}.2 && [ $looks -lt 99 ]; do
                usleep 300000; looks=$((looks + 1)); done; echo $code >>{serial}.2\n"
            );
        }
        script + ") &\n"
    }

    fn table(&self, guest: &mut Guest, bay: &Bay, drives: &[Plugged]) -> String {
        let mut table = match self.status {
            Some(_) => {
                "| Fault | Erase: exit | says | Status: exit | says | Left | So |\n|---|---|---|---|---|---|---|\n"
                    .to_string()
            }
            None => "| Fault | Erase: exit | says | Left | So |\n|---|---|---|---|---|\n".to_string(),
        };
        for (fault, drive) in self.tried().iter().zip(drives) {
            let told: Vec<(i32, String)> = (1..=if self.status.is_some() { 2 } else { 1 })
                .map(|number| answer(&guest.must(&format!("cat /tmp/{}.{number}", drive.serial)), drive))
                .collect();
            let left = bay.truth(&drive.serial).total();
            let cells: Vec<String> = told.iter().map(|(code, said)| format!("{code} | {said}")).collect();
            let fault = if fault.is_empty() { "none" } else { fault };
            table += &format!("| {fault} | {} | {left} | {} |\n", cells.join(" | "), so(&told, left));
        }
        table
    }
}

/// Lines that say nothing of how it went.
const IDLE: [&str; 7] =
    ["/dev/DISK:", "Issuing ", "security_password", "You may use", "Sanitize status:", "Unit serial number", "LU name"];

/// Exit code and last words: without names that change from boot to boot.
fn answer(told: &str, drive: &Plugged) -> (i32, String) {
    let mut lines: Vec<&str> = told.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let code = lines.pop().and_then(|line| line.parse().ok()).unwrap_or_else(|| panic!("{drive:?}: {told:?}"));
    let name = |node: &str| node.trim_start_matches("/dev/").to_string();
    let lines: Vec<String> = lines
        .iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .map(|line| line.replace(&name(&drive.node), "DISK").replace(&name(&drive.controller), "CONTROLLER"))
        // Progress is in the dump.
        .map(|line| line.split(", sb[]").next().unwrap_or_default().to_string())
        .filter(|line| !IDLE.iter().any(|idle| line.starts_with(idle)) && !line.contains("peripheral_type"))
        .collect();
    (code, lines[lines.len().saturating_sub(2)..].join("; ").replace('|', "/"))
}

fn so(told: &[(i32, String)], left: u64) -> &'static str {
    let words = told.iter().map(|(_, said)| said.to_lowercase()).collect::<String>();
    let complains = ["fail", "error:", "missing sense", "i/o error", "aborted", "refus", "unsuccess", "invalid"]
        .iter()
        .any(|word| words.contains(word));
    match (left, told.iter().all(|(code, _)| *code == 0), complains) {
        (0, true, _) => "erased, and said so",
        (0, false, _) => "erased, and said to have failed",
        (_, false, _) => "not erased, and said so",
        (_, true, true) => "not erased: said in words, exit 0",
        (_, true, false) => "**not erased, and nothing says so**",
    }
}

/// Fails unless every line of `found` stands under the heading `heading` in `file` of the project.
#[track_caller]
fn contains(file: &str, heading: &str, found: &str) {
    let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap_or_default();
    let kept =
        text.split_once(&format!("## {heading}\n")).map_or("", |(_, rest)| rest.split("\n## ").next().unwrap_or(rest));
    let new: Vec<&str> = found.lines().filter(|line| !kept.lines().any(|kept| kept == *line)).collect();
    assert!(new.is_empty(), "{file}, {heading}: not what was found now:\n{}\n\nthat is kept:\n{kept}", new.join("\n"));
}

fn tables(tools: &[&Tool]) {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let bay = Bay::new(&scratch, "BAY", tools.iter().flat_map(|tool| tool.drives()).collect());
    let mut guest = Machine::new(rig).disk(bay.disk()).boot();
    let drives = bay.plug_in(&mut guest);
    let mut left = drives.as_slice();
    let mut of_tools = Vec::new();
    for tool in tools {
        let (own, rest) = left.split_at(tool.tried().len());
        of_tools.push((*tool, own));
        left = rest;
    }
    let scripts: String = of_tools.iter().flat_map(|(tool, own)| own.iter().map(|drive| tool.script(drive))).collect();
    guest.must(&format!("{scripts}wait"));
    for (tool, own) in of_tools {
        let table = format!("{}\n\n{}", tool.versions(rig), tool.table(&mut guest, &bay, own));
        match faults::whole_tables() {
            true => kept::compare("docs/peers.md", tool.heading, &table),
            false => contains("docs/peers.md", tool.heading, &table),
        }
    }
    guest.power_off();
}

#[test]
fn hdparm_and_faulty_drives() {
    tables(&[&HDPARM, &HDPARM_SECURITY]);
}

#[test]
fn sg_sanitize_and_faulty_drives() {
    tables(&[&SG_WAITING, &SG_POLLING]);
}

#[test]
fn nvme_cli_and_faulty_drives() {
    tables(&[&NVME]);
}
