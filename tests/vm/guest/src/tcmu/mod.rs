//! A SCSI unit behind the kernel's target_core_user and tcm_loop: a /dev/sdX whose CDBs are answered here.
//! Source: Linux, Documentation/target/tcmu-design.rst and include/uapi/linux/target_core_user.h.

mod ring;

use std::fs::{File, OpenOptions, create_dir_all};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub use ring::{Command, Ring};

use crate::kernel::{attribute, load, names, set, wait_for};
use crate::unit::{ScsiAnswer, TICK, Unit, lock};

/// When the kernel gives up a command that is not answered. Until then it can't be aborted, and the disk stands still once its
/// initiator has lost patience.
const COMMAND_SECONDS: u32 = 15;

const TARGET: &str = "/sys/kernel/config/target";

/// A unit that the kernel is about to know.
pub struct Drive {
    name: String,
    ring: Ring,
    doorbell: File,
}

impl Drive {
    /// Makes the backstore `name` of `bytes` bytes, in blocks of `block` bytes. Answers must then come from [`Drive::serve`].
    pub fn make(name: &str, bytes: u64, block: u32) -> Result<Drive, String> {
        for module in ["sd_mod", "sg", "target_core_user", "tcm_loop"] {
            load(module)?;
        }
        let store = backstore(name);
        create_dir_all(&store).map_err(|e| format!("{} can't be made: {e}", store.display()))?;
        let control = format!("dev_size={bytes},dev_config=radera/{name},hw_block_size={block},hw_max_sectors=512");
        set(store.join("control"), &control)?;
        set(store.join("enable"), "1")?;
        set(store.join("attrib/cmd_time_out"), &COMMAND_SECONDS.to_string())?;
        let device = wait_for("the UIO device of the unit", || uio(name))?;
        let map = Path::new("/sys/class/uio").join(&device).join("maps/map0/size");
        let size = attribute(&map).and_then(|text| usize::from_str_radix(text.trim_start_matches("0x"), 16).ok());
        let size = size.ok_or_else(|| format!("{} tells no size", map.display()))?;
        let node = Path::new("/dev").join(&device);
        let open = || OpenOptions::new().read(true).write(true).open(&node);
        let doorbell = wait_for(&format!("{}", node.display()), || open().ok())?;
        let ring = Ring::map(&doorbell, size).map_err(|e| format!("the ring of {}: {e}", node.display()))?;
        Ok(Drive { name: name.into(), ring, doorbell })
    }

    /// Answers for ever.
    pub fn serve(mut self, unit: impl Unit + 'static) -> io::Result<()> {
        let unit = Arc::new(Mutex::new(unit));
        let by_itself = Arc::clone(&unit);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(TICK);
                lock(&by_itself).tick();
            }
        });
        loop {
            while let Some(command) = self.ring.take()? {
                let answer = lock(&unit).execute(&command.cdb, &command.data_out, command.max_in());
                if let ScsiAnswer::Done { status, sense, data } = answer {
                    self.ring.complete(&command, status, &sense, &data)?;
                    self.doorbell.write_all(&0u32.to_ne_bytes())?;
                }
            }
            self.doorbell.read_exact(&mut [0; 4])?;
        }
    }

    /// The backstore's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Attaches the backstore `name` to the SCSI midlayer under the address `naa` (16 digits); the disk's name, `sda`. Somebody must be
/// answering for it.
pub fn attach(name: &str, naa: &str) -> Result<String, String> {
    let group = Path::new(TARGET).join(format!("loopback/naa.{naa}/tpgt_1"));
    let lun = group.join("lun/lun_0");
    create_dir_all(&group).map_err(|e| format!("{} can't be made: {e}", group.display()))?;
    set(group.join("nexus"), "naa.5001405fffffffff")?;
    create_dir_all(&lun).map_err(|e| format!("{} can't be made: {e}", lun.display()))?;
    std::os::unix::fs::symlink(backstore(name), lun.join("unit"))
        .map_err(|e| format!("the unit can't be linked into {}: {e}", lun.display()))?;
    // host:channel:target; the unit is number 0.
    let address = attribute(group.join("address")).ok_or("tcm_loop tells no address")?;
    let disks = format!("/sys/class/scsi_device/{address}:0/device/block");
    wait_for(&format!("a disk in {disks}"), || names(&disks, "sd").into_iter().next())
}

fn backstore(name: &str) -> PathBuf {
    Path::new(TARGET).join("core/user_0").join(name)
}

fn uio(name: &str) -> Option<String> {
    let ours = format!("/{name}/radera/{name}");
    let is_ours = |device: &String| {
        let told = attribute(Path::new("/sys/class/uio").join(device).join("name"));
        told.is_some_and(|told| told.starts_with("tcm-user/") && told.ends_with(&ours))
    };
    names("/sys/class/uio", "uio").into_iter().find(is_ours)
}
