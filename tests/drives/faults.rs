//! What a drive may do wrong: a closed set. Each was seen in real drives, bridges or kernels, or follows from a rule of
//! the standards that a host may not expect. *Erase* means any long command that is to remove data: sanitize, security
//! erase, format.

mod text;

/// How a drive refuses a command that it says it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// ATA: ABRT without a reason. SCSI: 0Bh/00h/00h. NVMe: Internal Error.
    Abort,
    /// ATA: ABRT. SCSI: 05h/20h/00h. NVMe: Invalid Command Opcode.
    InvalidOpcode,
    /// ATA: ABRT, sanitize reason 02h. SCSI: 05h/24h/00h. NVMe: Invalid Field in Command.
    InvalidField,
}

/// How ATA registers come back from ATA PASS-THROUGH (SAT-4 12.2.2.6 and what kernels and bridges make of it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenseLayout {
    /// Descriptor format 72h with the ATA Status Return descriptor 09h: as the standard asks.
    Descriptor,
    /// Fixed format 70h, registers from byte 8 on: Linux 6.1 where D_SENSE is off.
    FixedFromEight,
    /// Fixed format F0h, registers from byte 3 on: as SAT has it, and Linux 6.12.
    FixedFromThree,
    /// Fixed format with key, ASC and ASCQ only: many USB bridges.
    FixedBare,
    /// A command with CK_COND ends with GOOD and no sense; a failed one too. Worse USB bridges.
    Nothing,
    /// Descriptor format, with zeros for the count field: some host adapters on non-data commands.
    CountZeroed,
}

/// What IDENTIFY DEVICE, Identify Controller or INQUIRY and READ CAPACITY return in place of the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostileIdentify {
    /// FFh throughout: no drive behind the bridge.
    AllOnes,
    /// Zeros throughout.
    AllZeros,
    /// A wrong checksum in word 255 (ATA only).
    BadChecksum,
    /// A capacity of 2^48 − 1 sectors (ATA), 2^64 − 1 blocks (SCSI, NVMe).
    AbsurdCapacity,
}

/// One fault. A drive may have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The erase stops at `percent` and ends as failed; `sectors_remain`: the drive says that physical sectors were
    /// not sanitized (ATA reason 01h; otherwise 00h).
    FailsAt {
        /// Where, 0–100.
        percent: u8,
        /// Whether the reason names remaining sectors.
        sectors_remain: bool,
    },
    /// Progress stands still at `percent`, for some time or for ever.
    StallsAt {
        /// Where, 0–100.
        percent: u8,
        /// For how long; `None`: for ever.
        seconds: Option<u64>,
    },
    /// The erase is accepted and dropped; status and log go on reporting an older success.
    StaleSuccess,
    /// The erase runs, but for so many seconds status and log report what was before.
    LateReport {
        /// For how long.
        seconds: u64,
    },
    /// The erase takes its time, reports progress and success, and erases nothing.
    Lies,
    /// The erase leaves these addressable blocks of the first namespace as they are (512-byte blocks).
    SkipsSectors {
        /// The first block.
        first: u64,
        /// How many.
        count: u64,
    },
    /// The erase leaves what lies behind the host's maximum address.
    SkipsHidden,
    /// The erase leaves over-provisioned blocks.
    SkipsSpare,
    /// The erase leaves remapped blocks: allowed for sectors that have become inaccessible (ACS-3 4.17.1).
    SkipsRemapped,
    /// The erase reaches only the namespace or unit that it was sent to.
    SkipsOtherNamespaces,
    /// The erase is refused though advertised.
    Refuses(Refusal),
    /// Firmware froze security and sanitize at boot: gone after a power cycle. NVMe and SCSI: write protected.
    Frozen,
    /// Locked with a password nobody knows.
    Locked,
    /// The erase is done, truly, by the time its command is answered.
    InstantSuccess,
    /// NVMe: success, but deallocated in spite of No-Deallocate After Sanitize (SSTAT 4).
    DeallocatedDespite,
    /// The connection breaks at the erase command: no answer. `taken`: the drive got it and works.
    CutAtCommand {
        /// Whether the drive got it.
        taken: bool,
    },
    /// The connection breaks at the `n`th look at the progress after the erase began, counted from 1.
    CutAtPoll(u32),
    /// The power fails when the erase has come this far.
    PowerCutAt {
        /// Where, 0–100.
        percent: u8,
    },
    /// The drive is reset when the erase has come this far: SCSI reports a unit attention 06h/29h/00h.
    ResetAt {
        /// Where, 0–100.
        percent: u8,
    },
    /// How registers come back.
    Sense(SenseLayout),
    /// What the drive says of itself.
    Identify(HostileIdentify),
    /// Reading these addresses fails.
    ReadError {
        /// The first logical block.
        first: u64,
        /// How many.
        count: u64,
    },
    /// Writing these addresses fails.
    WriteError {
        /// The first logical block.
        first: u64,
        /// How many.
        count: u64,
    },
    /// Commands for hidden areas (HPA, AMA, DCO) are aborted though advertised.
    HiddenUnreachable,
    /// Encryption was off when the data was written: stored in the clear, below a drive that says it encrypts.
    PlaintextBefore,
}

/// The faults of a drive, with questions that its code asks.
#[derive(Clone, Debug, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Whether it has this one.
    pub fn has(&self, fault: &Fault) -> bool {
        self.0.contains(fault)
    }

    /// Takes out the first fault for which `pick` gives something: those that strike once.
    pub fn strike<T>(&mut self, pick: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let at = self.0.iter().position(|fault| pick(fault).is_some())?;
        pick(&self.0.remove(at))
    }

    /// The first thing that `pick` gives.
    pub fn find<T>(&self, pick: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(pick)
    }

    /// How an erase is refused, if it is.
    pub fn refusal(&self) -> Option<Refusal> {
        self.find(|fault| if let Fault::Refuses(how) = fault { Some(*how) } else { None })
    }

    /// How registers come back.
    pub fn layout(&self) -> SenseLayout {
        self.find(|fault| if let Fault::Sense(layout) = fault { Some(*layout) } else { None })
            .unwrap_or(SenseLayout::Descriptor)
    }

    /// What the drive says of itself, if not the truth.
    pub fn identify(&self) -> Option<HostileIdentify> {
        self.find(|fault| if let Fault::Identify(how) = fault { Some(*how) } else { None })
    }

    /// The first of `count` addresses from `first` that can't be read.
    pub fn unreadable(&self, first: u64, count: u64) -> Option<u64> {
        self.find(|fault| match fault {
            Fault::ReadError { first: bad, count: length } => overlap(first, count, *bad, *length),
            _ => None,
        })
    }

    /// The first of `count` addresses from `first` that can't be written.
    pub fn unwritable(&self, first: u64, count: u64) -> Option<u64> {
        self.find(|fault| match fault {
            Fault::WriteError { first: bad, count: length } => overlap(first, count, *bad, *length),
            _ => None,
        })
    }
}

fn overlap(first: u64, count: u64, bad: u64, length: u64) -> Option<u64> {
    let start = first.max(bad);
    (start < first.saturating_add(count).min(bad.saturating_add(length))).then_some(start)
}
