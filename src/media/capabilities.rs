//! What a drive can do by itself, as it told when it was asked. What it did not tell is unknown, never absent.

use serde::{Deserialize, Serialize};

/// Whether something is there, by the drive's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// It says so.
    Yes,
    /// It says not.
    No,
    /// It could not be asked, or its answer can't be read.
    #[default]
    Unknown,
}

impl Support {
    /// Of an answer that was read.
    pub fn of(told: bool) -> Self {
        if told { Support::Yes } else { Support::No }
    }
}

/// The command set by which a drive was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandSet {
    /// ATA commands, in ATA PASS-THROUGH.
    Ata,
    /// SCSI block commands.
    Scsi,
    /// NVMe admin commands.
    Nvme,
}

/// The state of sanitizing (ATA SANITIZE STATUS EXT, SCSI REQUEST SENSE, NVMe log page 81h).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum SanitizeState {
    /// Nothing runs and nothing failed; of a success this says nothing.
    Idle,
    /// The last one succeeded.
    Succeeded,
    /// One runs.
    Running {
        /// In 65536ths, where it tells.
        progress: Option<u16>,
    },
    /// The last one failed: until another succeeds, the drive gives no access to its blocks.
    Failed {
        /// In its words.
        detail: String,
    },
    /// Locked against sanitizing until it loses power (ATA SANITIZE FREEZE LOCK EXT).
    Frozen,
    /// Can't be found out.
    #[default]
    Unknown,
}

/// What it knows of sanitizing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SanitizeSupport {
    /// Cryptographic erase.
    pub crypto: Support,
    /// Block erase.
    pub block: Support,
    /// Overwrite by the drive.
    pub overwrite: Support,
    /// What the drive expects each to take, in seconds, where it tells.
    pub crypto_seconds: Option<u64>,
    /// See `crypto_seconds`.
    pub block_seconds: Option<u64>,
    /// See `crypto_seconds`.
    pub overwrite_seconds: Option<u64>,
    /// How it stands now.
    pub now: SanitizeState,
    /// NVMe: it deallocates blocks after a sanitize whatever it is told (NDI), so that reading them back proves nothing.
    pub always_deallocates: bool,
    /// SCSI: blocks must be written after a block erase before they can be read (WABEREQ).
    pub write_after_block: bool,
    /// SCSI: the same after a cryptographic erase (WACEREQ).
    pub write_after_crypto: bool,
}

/// The ATA Security feature set (ACS-4, IDENTIFY DEVICE words 89, 90 and 128).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecuritySupport {
    /// The drive has the feature set (word 128 bit 0, SECURITY SUPPORTED).
    pub supported: bool,
    /// A user password is set (word 128 bit 1, SECURITY ENABLED).
    pub enabled: bool,
    /// No access to the blocks until that password is given (word 128 bit 2, SECURITY LOCKED).
    pub locked: bool,
    /// No security command is taken until the next power-on or hardware reset (word 128 bit 3, SECURITY FROZEN).
    pub frozen: bool,
    /// Too many wrong passwords: no further one is taken until the next power-on or hardware reset (word 128 bit 4, PASSWORD ATTEMPT COUNTER
    /// EXCEEDED).
    pub count_expired: bool,
    /// SECURITY ERASE UNIT knows the enhanced mode (word 128 bit 5, ENHANCED SECURITY ERASE SUPPORTED).
    pub enhanced_erase: bool,
    /// What a normal erase takes, in minutes (word 89); `None` where the drive does not tell, or only that it is longer than the field can
    /// say.
    pub normal_minutes: Option<u32>,
    /// The same of an enhanced erase (word 90).
    pub enhanced_minutes: Option<u32>,
}

/// NVMe Format NVM (Base Specification 2.0, Identify Controller data structure: OACS, bytes 256 and 257; FNA, byte 524).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatSupport {
    /// The controller has the command (OACS bit 1).
    pub supported: bool,
    /// Cryptographic erase as part of it (FNA bit 2).
    pub crypto: bool,
    /// A format reaches all namespaces (FNA bit 0).
    pub formats_all: bool,
    /// A secure erase reaches all namespaces (FNA bit 1).
    pub erases_all: bool,
    /// Whether all namespaces may be named at once (FNA bit 3 clear).
    pub broadcast: bool,
}

/// The namespaces of an NVM subsystem, as its controller tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespaces {
    /// The one that was named.
    pub own: u32,
    /// Every allocated one; where the controller does not manage namespaces, the active ones.
    pub all: Vec<u32>,
    /// Those active through this controller.
    pub active: Vec<u32>,
    /// The subsystem may have several controllers (CMIC bit 1): another host may use it.
    pub many_controllers: bool,
}

/// One kind of hidden area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum HiddenArea {
    /// Not examined, or the answer can't be read.
    #[default]
    Unknown,
    /// There is no such thing on this kind of medium.
    NotApplicable,
    /// The drive says that it has the feature, and refuses to tell.
    Unreachable,
    /// Examined: nothing is hidden.
    Absent,
    /// Examined: bytes are hidden from the host.
    Present {
        /// How many.
        bytes: u64,
    },
}

/// The areas that a drive can hide from its host: HPA, DCO and AMA (ATA ACS-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HiddenAreas {
    /// Host protected area (READ NATIVE MAX ADDRESS EXT).
    pub host_protected_area: HiddenArea,
    /// Device configuration overlay (DEVICE CONFIGURATION IDENTIFY).
    pub device_configuration_overlay: HiddenArea,
    /// Accessible maximum address (GET NATIVE MAX ADDRESS EXT).
    pub accessible_max_address: HiddenArea,
}

impl HiddenAreas {
    /// None of them exists on this kind of medium.
    pub const NONE: HiddenAreas = HiddenAreas {
        host_protected_area: HiddenArea::NotApplicable,
        device_configuration_overlay: HiddenArea::NotApplicable,
        accessible_max_address: HiddenArea::NotApplicable,
    };

    /// All of them, in the order of the names in records.
    pub fn all(&self) -> [HiddenArea; 3] {
        [self.host_protected_area, self.device_configuration_overlay, self.accessible_max_address]
    }

    /// Bytes known to be hidden, by the area that hides most.
    pub fn hidden_bytes(&self) -> u64 {
        let bytes = |area: HiddenArea| if let HiddenArea::Present { bytes } = area { bytes } else { 0 };
        self.all().into_iter().map(bytes).max().unwrap_or(0)
    }

    /// Whether every area is known to hide nothing, or not to exist.
    pub fn nothing_hidden(&self) -> bool {
        self.all().iter().all(|area| matches!(area, HiddenArea::Absent | HiddenArea::NotApplicable))
    }
}

/// What the drive says of its health, where it tells (ATA Device Statistics and SMART, SCSI log pages, NVMe log page 02h).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// Sectors or blocks taken out of use: their old content can't be reached by any overwrite.
    pub reallocated: Option<u64>,
    /// Spare left, in percent (NVMe).
    pub spare_percent: Option<u64>,
    /// Errors of the medium (NVMe).
    pub media_errors: Option<u64>,
    /// Hours with power.
    pub power_on_hours: Option<u64>,
    /// Bytes that hosts wrote in its life.
    pub bytes_written: Option<u64>,
    /// Whether it predicts a failure or warns.
    pub failing: Option<bool>,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// How it was reached.
    pub command_set: CommandSet,
    /// ATA behind a translation that is not the kernel's (a USB bridge, a SAS adapter).
    pub translated: bool,
    /// Sanitizing.
    pub sanitize: SanitizeSupport,
    /// The ATA Security feature set.
    pub security: Option<SecuritySupport>,
    /// NVMe Format NVM.
    pub format: Option<FormatSupport>,
    /// TRIM, UNMAP or Deallocate: `none`, `indeterminate`, `deterministic`, `zeros` or `unknown`.
    pub trim: String,
    /// The drive says that it encrypts all user data, always.
    pub encrypts_always: Support,
    /// Hidden areas.
    pub hidden_areas: HiddenAreas,
    /// NVMe namespaces.
    pub namespaces: Option<Namespaces>,
    /// SCSI logical units of the target that the target itself lists.
    pub logical_units: Option<u64>,
    /// Health.
    pub health: Health,
    /// Questions that were not answered, with the reason.
    pub unanswered: Vec<String>,
}
