//! Drives of the model, many of them on one disk of the host's: made and looked at here, played by programs in the guest.

use std::fs::File;

use super::disk::Disk;
use super::image::{self, Description, STRIDE};
use super::machine::Guest;
use crate::drives::{Clock, Truth};
use crate::support::SECTOR;
use crate::support::disk::Scratch;

/// A place for drives.
pub struct Bay {
    disk: Disk,
    drives: Vec<Description>,
}

/// A drive's nodes in the guest.
#[derive(Debug, Clone)]
pub struct Plugged {
    pub serial: String,
    /// `/dev/sdX`, or the first namespace.
    pub node: String,
    /// `/dev/nvmeX`; of a disk, the disk itself.
    pub controller: String,
    /// Every namespace; none of a disk.
    pub spaces: Vec<String>,
}

impl Bay {
    /// New drives, every block marked, on a disk of the host's with the serial number `serial`.
    pub fn new(scratch: &Scratch, serial: &str, drives: Vec<Description>) -> Bay {
        let disk = Disk::blank(scratch, serial, drives.len() as u64 * STRIDE);
        let bay = Bay { disk, drives };
        for (number, drive) in bay.drives.iter().enumerate() {
            let file = File::options().read(true).write(true).open(bay.disk.raw()).unwrap();
            image::create(file, number as u64 * STRIDE, drive).unwrap_or_else(|e| panic!("{drive:?}: {e}"));
        }
        bay
    }

    /// The disk of the host's, to be put into the machine.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Switches all of them on; where the guest has them, in order.
    pub fn plug_in(&self, guest: &mut Guest) -> Vec<Plugged> {
        let node = guest.node(&self.disk.serial);
        let start = |(number, drive): (usize, &Description)| {
            let serial = &drive.serial;
            format!("drive {node} {number} >/tmp/{serial}.out 2>/tmp/{serial}.err & echo $! >/tmp/{serial}.pid\n")
        };
        guest.must(&self.drives.iter().enumerate().map(start).collect::<String>());
        self.drives.iter().map(|drive| ready(guest, &drive.serial)).collect()
    }

    fn number(&self, serial: &str) -> u64 {
        let found = self.drives.iter().position(|drive| drive.serial == serial);
        found.unwrap_or_else(|| panic!("no drive {serial} in the bay")) as u64
    }

    fn file(&self) -> File {
        File::open(self.disk.raw()).unwrap()
    }

    /// The drive as its image has it now, standing still: whatever the guest, and the drive itself, say of it.
    pub fn look(&self, serial: &str) -> image::Drive {
        // What was written last comes into the image by itself.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let opened = image::open(self.file(), self.number(serial) * STRIDE, Clock::manual());
        opened.unwrap_or_else(|e| panic!("{serial}: {e}")).1
    }

    /// The markers that survive on it.
    pub fn truth(&self, serial: &str) -> Truth {
        self.look(serial).machine().truth()
    }

    /// Every marker that a new drive has.
    pub fn all(&self, serial: &str) -> u64 {
        self.drives[self.number(serial) as usize].layout().blocks()
    }

    /// What the host reads from its first `bytes` bytes.
    pub fn content(&self, serial: &str, bytes: u64) -> Vec<u8> {
        let drive = self.look(serial);
        let medium = &drive.machine().gear().medium;
        (0..bytes / SECTOR).flat_map(|block| medium.read(block).unwrap()).collect()
    }

    /// The commands that it received, oldest first: a word (`cdb`, `out` for the data with one, `admin`, `io`) and bytes in hex. READ,
    /// WRITE and FLUSH are left out.
    pub fn commands(&self, serial: &str) -> Vec<String> {
        image::commands(&self.file(), self.number(serial) * STRIDE).unwrap()
    }
}

fn ready(guest: &mut Guest, serial: &str) -> Plugged {
    let told = guest.run(&format!(
        "until grep ready /tmp/{serial}.out; do kill -0 $(cat /tmp/{serial}.pid) || exit 1; usleep 50000; done"
    ));
    if told.code() != 0 {
        let errors = guest.run(&format!("cat /tmp/{serial}.err; dmesg | tail -30"));
        panic!("{serial} gives up: {}", errors.said());
    }
    let nodes: Vec<String> = told.stdout.split_whitespace().skip(1).map(|name| format!("/dev/{name}")).collect();
    let (controller, spaces) = nodes.split_first().unwrap_or_else(|| panic!("{told:?}"));
    Plugged {
        serial: serial.into(),
        node: spaces.first().unwrap_or(controller).clone(),
        controller: controller.clone(),
        spaces: spaces.to_vec(),
    }
}
