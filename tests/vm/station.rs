//! radera as a person in the guest would run it.

use serde_json::Value;

use super::machine::{Guest, Running};
use crate::support::disk::Scratch;
use crate::support::radera::{Ended, Issued};

/// Where it keeps its state and its records, in the guest.
pub struct Station {
    state: String,
    out: String,
}

impl Station {
    /// In memory: gone with the machine.
    pub fn in_memory(guest: &mut Guest) -> Station {
        Self::at(guest, "/tmp")
    }

    /// On a disk of its own, found by its serial number.
    pub fn on_disk(guest: &mut Guest, serial: &str) -> Station {
        let node = guest.node(serial);
        guest.must(&format!("modprobe ext4; mkdir -p /mnt/station; mount -t ext4 {node} /mnt/station"));
        Self::at(guest, "/mnt/station")
    }

    fn at(guest: &mut Guest, directory: &str) -> Station {
        let station = Station { state: format!("{directory}/state"), out: format!("{directory}/records") };
        guest.must(&format!("mkdir -p {}", station.out));
        station
    }

    fn script(&self, words: &[&str]) -> String {
        let quoted = words.iter().map(|word| format!(" '{}'", word.replace('\'', r"'\''")));
        format!("exec radera --json --state {}{}", self.state, quoted.collect::<String>())
    }

    pub fn run(&self, guest: &mut Guest, words: &[&str]) -> Ended {
        guest.run(&self.script(words))
    }

    fn wipe_words<'w>(&'w self, node: &'w str, confirm: &'w str, more: &[&'w str]) -> Vec<&'w str> {
        [&["wipe", node, "--method", "clear", "--out", &self.out, "--confirm", confirm], more].concat()
    }

    /// Wipes `node`, confirmed by what `plan` asks for.
    pub fn wipe(&self, guest: &mut Guest, node: &str, more: &[&str]) -> Ended {
        let confirm = self.confirmation(guest, node);
        self.run(guest, &self.wipe_words(node, &confirm, more))
    }

    /// Wipes the file or directory at `path`.
    pub fn wipe_file(&self, guest: &mut Guest, path: &str, more: &[&str]) -> Ended {
        let words = ["wipe", path, "--method", "clear", "--yes", "--out", &self.out];
        self.run(guest, &[&words[..], more].concat())
    }

    /// Begins to wipe `node`.
    pub fn start_wipe<'g>(&self, guest: &'g mut Guest, node: &str, more: &[&str]) -> Running<'g> {
        let confirm = self.confirmation(guest, node);
        guest.start(&self.script(&self.wipe_words(node, &confirm, more)))
    }

    /// Begins to have these drives erase themselves, each by the strongest way it has.
    pub fn start_purge<'g>(&self, guest: &'g mut Guest, nodes: &[&str]) -> Running<'g> {
        let mut words = vec!["wipe".to_string(), "--method".into(), "purge".into(), "--out".into(), self.out.clone()];
        for node in nodes {
            let plan = self.run(guest, &["plan", node, "--method", "purge"]);
            let confirm = plan.find("confirm").unwrap_or_else(|| panic!("no `confirm` in the plan: {plan:?}"));
            words.extend([node.to_string(), "--confirm".into(), confirm]);
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        guest.start(&self.script(&words))
    }

    fn confirmation(&self, guest: &mut Guest, node: &str) -> String {
        let plan = self.run(guest, &["plan", node, "--method", "clear"]);
        plan.find("confirm").unwrap_or_else(|| panic!("no `confirm` in the plan: {plan:?}\n{}", guest.diagnosis()))
    }

    pub fn resume(&self, guest: &mut Guest) -> Ended {
        self.run(guest, &["resume", "--out", &self.out])
    }

    /// The same; `meanwhile`, what it prints is in `/tmp/resume.out`.
    pub fn resume_and(&self, guest: &mut Guest, meanwhile: impl FnOnce(&mut Guest)) -> Ended {
        let script = self.script(&["resume", "--out", &self.out]);
        guest.must(&format!(
            "(({script}) >/tmp/resume.out 2>/tmp/resume.err; echo $? >/tmp/resume.code) </dev/null >/dev/null 2>&1 &"
        ));
        meanwhile(guest);
        guest.run(
            "until [ -s /tmp/resume.code ]; do sleep 1; done; cat /tmp/resume.out; cat /tmp/resume.err >&2; exit $(cat /tmp/resume.code)",
        )
    }

    /// The records that the last event names, brought over to `scratch`.
    pub fn records(&self, guest: &mut Guest, ended: &Ended, scratch: &Scratch) -> Vec<Issued> {
        let lines = ended.lines();
        let last = lines.last().unwrap_or_else(|| panic!("nothing on standard output: {ended:?}"));
        assert_eq!(last["event"], "finished", "{ended:?}");
        let paths = last["records"].as_array().unwrap_or_else(|| panic!("no `records`: {last}"));
        paths.iter().map(|path| fetch(guest, path, scratch)).collect()
    }

    /// The only record that the last event names.
    pub fn record(&self, guest: &mut Guest, ended: &Ended, scratch: &Scratch) -> Issued {
        let mut records = self.records(guest, ended, scratch);
        assert_eq!(records.len(), 1, "{ended:?}");
        records.remove(0)
    }
}

fn fetch(guest: &mut Guest, path: &Value, scratch: &Scratch) -> Issued {
    let path = path.as_str().unwrap_or_else(|| panic!("{path} is no path"));
    let name = path.rsplit('/').next().unwrap_or(path);
    for (from, to) in
        [(path.to_string(), scratch.join(name)), (format!("{path}.p7s"), scratch.join(&format!("{name}.p7s")))]
    {
        std::fs::write(to, guest.get(&from)).unwrap();
    }
    Issued::read(scratch.join(name))
}
