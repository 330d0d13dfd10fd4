//! An NVMe controller with its namespaces (NVMe 1.4; what 2.0 and 2.1 added to Sanitize is marked).
//!
//! Fabrics commands and queues are the business of the program that carries it.

pub mod features;
pub mod format;
pub mod identify;
pub mod io;
pub mod logs;
pub mod namespace;
pub mod sanitize;

use super::bytes::{byte, le32, le64};
use super::erase::Origin;
use super::faults::{Fault, Refusal};
use super::gear::{Gear, Machine, Outcome};
use super::medium::Truth;
use super::state::Saved;
use features::Features;
use namespace::Namespace;

/// What the host gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NvmeAnswer {
    /// A completion.
    Done {
        /// Command specific.
        dw0: u32,
        /// SCT << 8 | SC; 0 is success.
        status: u16,
        /// Do Not Retry.
        dnr: bool,
        /// Data to the host.
        data: Vec<u8>,
    },
    /// Nothing: no power, no connection, or the command never ends.
    NoAnswer,
    /// An Asynchronous Event Request: answered when [`Nvme::take_event`] gives something.
    Later,
}

/// Status values (NVMe 1.4 figures 126 to 131), SCT << 8 | SC.
pub mod status {
    /// Invalid Command Opcode.
    pub const INVALID_OPCODE: u16 = 0x001;
    /// Invalid Field in Command.
    pub const INVALID_FIELD: u16 = 0x002;
    /// Data Transfer Error.
    pub const DATA_TRANSFER: u16 = 0x004;
    /// Internal Error.
    pub const INTERNAL: u16 = 0x006;
    /// Invalid Namespace or Format.
    pub const INVALID_NAMESPACE: u16 = 0x00b;
    /// Operation Denied.
    pub const DENIED: u16 = 0x015;
    /// Sanitize Failed.
    pub const SANITIZE_FAILED: u16 = 0x01c;
    /// Sanitize In Progress.
    pub const SANITIZE_IN_PROGRESS: u16 = 0x01d;
    /// Namespace is Write Protected.
    pub const WRITE_PROTECTED: u16 = 0x020;
    /// Format in Progress.
    pub const FORMAT_IN_PROGRESS: u16 = 0x084;
    /// LBA Out of Range.
    pub const OUT_OF_RANGE: u16 = 0x080;
    /// Invalid Log Page.
    pub const INVALID_LOG: u16 = 0x109;
    /// Invalid Format.
    pub const INVALID_FORMAT: u16 = 0x10a;
    /// Namespace Insufficient Capacity.
    pub const NO_CAPACITY: u16 = 0x115;
    /// Namespace Already Attached.
    pub const ATTACHED: u16 = 0x118;
    /// Namespace Not Attached.
    pub const NOT_ATTACHED: u16 = 0x11a;
    /// Controller List Invalid.
    pub const CONTROLLER_LIST: u16 = 0x11c;
    /// Write Fault.
    pub const WRITE_FAULT: u16 = 0x280;
    /// Unrecovered Read Error.
    pub const READ_ERROR: u16 = 0x281;
    /// Compare Failure.
    pub const COMPARE: u16 = 0x285;
    /// Access Denied.
    pub const ACCESS_DENIED: u16 = 0x286;
}

/// Why a command gives no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A status.
    Status(u16),
    /// No answer.
    Gone,
    /// Later.
    Later,
}

impl From<u16> for Stop {
    fn from(status: u16) -> Self {
        Stop::Status(status)
    }
}

/// Dword 0 and data, or why not.
pub type Done = Result<(u32, Vec<u8>), Stop>;

/// What a model of controller is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traits {
    /// Up to 40 characters.
    pub model: String,
    /// Up to 20 characters.
    pub serial: String,
    /// Up to 8 characters.
    pub firmware: String,
    /// The subsystem's name.
    pub nqn: String,
    /// SANICAP: b0 crypto, b1 block, b2 overwrite, b3 verification (2.1), b29 NDI, b31:30 NODMMAS.
    pub sanicap: u32,
    /// FNA: b0 format reaches all namespaces, b1 so does its secure erase, b2 cryptographic erase, b3 no broadcast.
    pub fna: u8,
    /// OACS: b1 Format NVM, b3 namespace management.
    pub oacs: u16,
    /// ONCS: b0 Compare, b2 Dataset Management, b3 Write Zeroes.
    pub oncs: u16,
    /// Takes PREQ (2.3) and reports PRGD.
    pub purges: bool,
    /// Sanitize with another NSID than 0 is refused.
    pub strict_nsid: bool,
    /// Says how long a sanitize takes; otherwise FFFFFFFFh.
    pub estimates: bool,
    /// Seconds for crypto, block, overwrite (a pass), format.
    pub seconds: [u64; 4],
}

/// A controller.
pub struct Nvme {
    /// Medium, clock, faults, power.
    pub gear: Gear,
    /// What it is like.
    pub traits: Traits,
    /// Namespace 1 is the first.
    pub namespaces: Vec<Namespace>,
    /// Features, without those that survive a power cut.
    pub features: Features,
    /// Media Verification state (2.1).
    pub verifying: bool,
    /// Write protected (a fault).
    pub protected: bool,
    /// Times it was switched on.
    pub power_cycles: u64,
    /// 512-byte units read and written.
    pub traffic: [u64; 2],
    events: Vec<u32>,
}

impl Nvme {
    /// A controller with a namespace for each space of its medium, of 512-byte blocks.
    pub fn new(gear: Gear, traits: Traits) -> Self {
        let namespaces = gear.medium.layout().spaces.iter().map(|_| Namespace::default()).collect();
        Nvme {
            gear,
            traits,
            namespaces,
            features: Features::default(),
            verifying: false,
            protected: false,
            power_cycles: 1,
            traffic: [0; 2],
            events: Vec::new(),
        }
    }

    /// Brings background work up to now and draws what follows from it. A carrier calls it now and then.
    pub fn tick(&mut self) {
        self.gear.tick();
        self.conclude();
    }

    /// Dword 0 of an asynchronous event that has happened: sanitize completed (NVMe 1.4 figure 148).
    pub fn take_event(&mut self) -> Option<u32> {
        self.tick();
        if self.events.is_empty() { None } else { Some(self.events.remove(0)) }
    }

    fn conclude(&mut self) {
        let Some((Origin::Sanitize, good)) = self.gear.ended.take() else { return };
        let word = self.gear.word;
        let kept = word & sanitize::NDAS != 0;
        if good && kept && self.deallocates_anyway() {
            self.gear.outcome = Outcome::Deallocated;
        }
        self.verifying = good && word & sanitize::EMVS != 0;
        // Event type 6 (I/O command set), information 1 (2: unexpected deallocation), log 81h.
        let information = if self.gear.outcome == Outcome::Deallocated { 2 } else { 1 };
        self.events.push(0x06 | information << 8 | 0x81 << 16);
    }

    /// Whether a Format NVM runs whose host is gone.
    pub(super) fn formatting(&self) -> bool {
        self.gear.progress(Origin::Format).is_some()
    }

    /// A command for the admin queue.
    pub fn admin(&mut self, sqe: &[u8; 64], data_out: &[u8]) -> NvmeAnswer {
        self.run(|controller| controller.admin_command(sqe, data_out))
    }

    /// A command for an I/O queue.
    pub fn io(&mut self, sqe: &[u8; 64], data_out: &[u8]) -> NvmeAnswer {
        self.run(|controller| controller.io_command(sqe, data_out))
    }

    fn run(&mut self, command: impl FnOnce(&mut Self) -> Done) -> NvmeAnswer {
        let reachable = self.gear.reachable();
        self.conclude();
        if std::mem::take(&mut self.gear.attention) {
            // The controller was reset under the host's feet: this command is lost.
            self.features = Features::default();
            return NvmeAnswer::NoAnswer;
        }
        if !reachable {
            return NvmeAnswer::NoAnswer;
        }
        let done = command(self);
        if !(self.gear.powered && self.gear.linked) {
            return NvmeAnswer::NoAnswer;
        }
        match done {
            Ok((dw0, data)) => NvmeAnswer::Done { dw0, status: 0, dnr: false, data },
            Err(Stop::Gone) => NvmeAnswer::NoAnswer,
            Err(Stop::Later) => NvmeAnswer::Later,
            Err(Stop::Status(status)) => {
                // A sanitize or format ends by itself, so the host may try again.
                let dnr = !matches!(status, status::SANITIZE_IN_PROGRESS | status::FORMAT_IN_PROGRESS);
                NvmeAnswer::Done { dw0: 0, status, dnr, data: Vec::new() }
            }
        }
    }

    fn admin_command(&mut self, sqe: &[u8; 64], out: &[u8]) -> Done {
        let code = byte(sqe, 0);
        self.sanitize_gate(code, byte(sqe, 40))?;
        if matches!(code, 0x80 | 0x84 | 0x0d | 0x15) && self.formatting() {
            return Err(status::FORMAT_IN_PROGRESS.into());
        }
        match code {
            0x02 => self.log_page(sqe),
            0x06 => self.identify(sqe),
            // Abort: nothing was aborted.
            0x08 => Ok((1, Vec::new())),
            0x09 => self.set_features(sqe),
            0x0a => self.get_features(sqe),
            0x0c => Err(Stop::Later),
            0x0d if self.traits.oacs & 8 != 0 => self.manage(sqe, out),
            0x15 if self.traits.oacs & 8 != 0 => self.attach(sqe, out),
            0x18 => Ok((0, Vec::new())),
            0x80 if self.traits.oacs & 2 != 0 => self.format(sqe),
            0x84 => self.sanitize(sqe),
            _ => Err(status::INVALID_OPCODE.into()),
        }
    }

    /// How a refused erase is answered.
    fn refused(how: Refusal) -> Stop {
        Stop::Status(match how {
            Refusal::Abort => status::INTERNAL,
            Refusal::InvalidOpcode => status::INVALID_OPCODE,
            Refusal::InvalidField => status::INVALID_FIELD,
        })
    }
}

/// NSID.
pub(super) fn nsid(sqe: &[u8; 64]) -> u32 {
    le32(sqe, 4)
}

/// Command dword `number`, 10 to 15.
pub(super) fn dword(sqe: &[u8; 64], number: usize) -> u32 {
    le32(sqe, 4 * number)
}

/// Starting LBA: dwords 10 and 11.
pub(super) fn slba(sqe: &[u8; 64]) -> u64 {
    le64(sqe, 40)
}

impl Machine for Nvme {
    fn gear(&self) -> &Gear {
        &self.gear
    }

    fn gear_mut(&mut self) -> &mut Gear {
        &mut self.gear
    }

    fn installed(&mut self, fault: &Fault) {
        match fault {
            Fault::Frozen => self.protected = true,
            // The older success was a block erase, in another mode than anybody would ask for now.
            Fault::StaleSuccess => self.gear.word = 0x0000_000a,
            _ => {}
        }
    }

    fn power_off(&mut self) {
        self.gear.power_off();
        self.conclude();
    }

    fn power_on(&mut self) {
        self.gear.power_on();
        self.gear.attention = false;
        self.features = Features::default();
        self.protected = false;
        self.power_cycles += 1;
        self.events.clear();
    }

    /// Controller reset: features and events go, a sanitize does not notice (NVMe 1.4 8.15).
    fn reset(&mut self) {
        self.tick();
        self.features = Features::default();
        self.events.clear();
    }

    fn reconnect(&mut self) {
        self.gear.linked = true;
        self.reset();
    }

    fn truth(&self) -> Truth {
        self.gear.medium.truth(0, u64::MAX / 4)
    }

    fn save(&self) -> Vec<u8> {
        let mut saved = Saved::default();
        self.gear.save(&mut saved);
        saved.set("verifying", self.verifying);
        saved.set("power-cycles", self.power_cycles);
        saved.set("read", self.traffic[0]);
        saved.set("written", self.traffic[1]);
        for (index, namespace) in self.namespaces.iter().enumerate() {
            namespace.save(&mut saved, index + 1);
        }
        saved.text()
    }

    fn load(&mut self, saved: &[u8]) -> Result<(), String> {
        let saved = Saved::parse(saved)?;
        self.verifying = saved.get("verifying")?;
        self.power_cycles = saved.get("power-cycles")?;
        self.traffic = [saved.get("read")?, saved.get("written")?];
        for (index, namespace) in self.namespaces.iter_mut().enumerate() {
            namespace.load(&saved, index + 1)?;
        }
        self.gear.load(&saved)?;
        self.power_on();
        Ok(())
    }
}
