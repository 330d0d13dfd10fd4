//! Whether one technique can be taken for a medium, and why not. What could not be found out counts against it.

use super::Wanted;
use crate::media::{
    Bus, Capabilities, CommandSet, Medium, Method, Node, SanitizeState, SiblingKind, Support, TechniqueId,
};
use crate::outcome::Counts;

/// Which family of commands a technique belongs to.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Family {
    Drive(CommandSet),
    Mmc,
    Tcg,
    Host,
}

fn family(technique: TechniqueId) -> Family {
    use TechniqueId::*;
    match technique {
        AtaSanitizeCrypto | AtaSanitizeBlock | AtaSanitizeOverwrite | AtaSecureEraseEnhanced | AtaSecureErase => {
            Family::Drive(CommandSet::Ata)
        }
        ScsiSanitizeCrypto | ScsiSanitizeBlock | ScsiSanitizeOverwrite => Family::Drive(CommandSet::Scsi),
        NvmeSanitizeCrypto | NvmeSanitizeBlock | NvmeSanitizeOverwrite | NvmeFormatCrypto | NvmeFormatUser => {
            Family::Drive(CommandSet::Nvme)
        }
        MmcSanitize | MmcSecureErase => Family::Mmc,
        TcgPsidRevert => Family::Tcg,
        LuksErase | ZeroOffload | Overwrite => Family::Host,
    }
}

/// Why it is taken, if it is the one; else why it can't be.
pub(super) fn assess(medium: &Medium, wanted: Wanted, technique: TechniqueId) -> Result<String, String> {
    fits(medium, technique)?;
    let method = wanted.method;
    match technique {
        TechniqueId::Overwrite if method == Method::Clear => return Ok(overwrite(medium).into()),
        TechniqueId::Overwrite => {
            return Err("an overwrite by the host is never Purge (IEEE 2883-2022; NIST SP 800-88 Rev. 2)".into());
        }
        TechniqueId::LuksErase | TechniqueId::ZeroOffload if method == Method::Purge => {
            return Err("never Purge".into());
        }
        _ => {}
    }
    if !is_carried_out(technique) {
        return Err(not_carried_out(medium, technique));
    }
    within_reach(medium)?;
    let counts = Counts::of(technique, medium.rotation);
    match (method, counts.best()) {
        (_, Some(Method::Purge)) | (Method::Clear, Some(Method::Clear)) => {}
        (Method::Purge, Some(Method::Clear)) => {
            return Err("does not count as Purge: IEEE 2883-2022 counts it as Clear at most".into());
        }
        (_, None) => return Err("does not count on a medium that rotates: no edition lists it".into()),
    }
    let Some(capabilities) = &medium.capabilities else {
        return Err("unknown: the drive could not be asked what it can do (run as root, and see `radera show`)".into());
    };
    let mut remarks = vec![match (wanted.technique, method) {
        (Some(_), _) => "asked for by name; the drive says that it has it".to_string(),
        (None, _) => format!(
            "{}: the strongest that the drive says it has",
            if method == Method::Purge { "Purge" } else { "Clear" }
        ),
    }];
    supported(capabilities, technique)?;
    remarks.extend(ready(capabilities, technique)?);
    if counts.by_keys {
        remarks.push(encryption(capabilities, wanted)?);
    }
    remarks.extend(siblings(medium, capabilities, technique)?);
    Ok(remarks.join("; "))
}

fn overwrite(medium: &Medium) -> &'static str {
    if medium.wants_complement() {
        "Clear of USB flash, memory cards and unknown flash: a pattern, then its complement (NIST SP 800-88 Rev. 1, \
         Appendix A)"
    } else {
        "Clear: at least one pass over every addressable block (NIST SP 800-88 Rev. 1, Appendix A)"
    }
}

/// Whether the medium takes such commands at all.
fn fits(medium: &Medium, technique: TechniqueId) -> Result<(), String> {
    let reached = medium.capabilities.as_ref().map(|c| c.command_set);
    let fits = match family(technique) {
        Family::Host => return Ok(()),
        Family::Drive(set) if reached.is_some() => reached == Some(set),
        Family::Drive(CommandSet::Ata) => matches!(medium.bus, Bus::Ata | Bus::Usb | Bus::Scsi),
        Family::Drive(CommandSet::Scsi) => matches!(medium.bus, Bus::Scsi | Bus::Usb),
        Family::Drive(CommandSet::Nvme) => medium.bus == Bus::Nvme,
        Family::Mmc => medium.bus == Bus::Mmc,
        Family::Tcg => matches!(medium.bus, Bus::Ata | Bus::Scsi | Bus::Nvme | Bus::Usb),
    };
    if fits && !medium.is_layered() {
        return Ok(());
    }
    let kinds: Vec<&str> = medium.layers.iter().map(|layer| layer.kind.as_str()).collect();
    Err(if fits || (reached.is_none() && medium.is_layered()) {
        format!("no drive is reached directly: a layer lies between ({}); name the drives below it", kinds.join(", "))
    } else {
        "not a medium that takes this command".into()
    })
}

/// Whether this version has the code for it.
fn is_carried_out(technique: TechniqueId) -> bool {
    use TechniqueId::*;
    matches!(
        technique,
        AtaSanitizeCrypto
            | AtaSanitizeBlock
            | AtaSanitizeOverwrite
            | ScsiSanitizeCrypto
            | ScsiSanitizeBlock
            | ScsiSanitizeOverwrite
            | NvmeSanitizeCrypto
            | NvmeSanitizeBlock
            | NvmeSanitizeOverwrite
            | NvmeFormatCrypto
            | NvmeFormatUser
            | Overwrite
    )
}

fn not_carried_out(medium: &Medium, technique: TechniqueId) -> String {
    use TechniqueId::*;
    let version = format!("this version of radera ({}) can't carry it out", env!("CARGO_PKG_VERSION"));
    let security = medium.capabilities.as_ref().and_then(|c| c.security.as_ref());
    match security {
        Some(security) if matches!(technique, AtaSecureErase | AtaSecureEraseEnhanced) && security.frozen => {
            format!(
                "{version}; besides, the drive's ATA security is frozen: suspend the machine and wake it, or switch the drive off and on"
            )
        }
        _ => version,
    }
}

/// An erase by the drive takes a whole drive.
fn within_reach(medium: &Medium) -> Result<(), String> {
    match (medium.node, &medium.partition_of) {
        (Node::Disk, _) => Ok(()),
        (Node::Partition, Some(disk)) => {
            Err(format!("the drive would erase all of {}, and a partition of it was named: name {0} itself", disk.path))
        }
        (Node::Partition, None) => Err("the drive would erase all of itself, and a partition was named".into()),
        (Node::File, _) => Err("a plain file takes no commands".into()),
    }
}

/// Whether the drive says that it has it.
fn supported(capabilities: &Capabilities, technique: TechniqueId) -> Result<(), String> {
    use TechniqueId::*;
    let sanitize = &capabilities.sanitize;
    let (support, answer, about) = match technique {
        AtaSanitizeCrypto => (sanitize.crypto, "IDENTIFY DEVICE, word 59", "SANITIZE DEVICE"),
        AtaSanitizeBlock => (sanitize.block, "IDENTIFY DEVICE, word 59", "SANITIZE DEVICE"),
        AtaSanitizeOverwrite => (sanitize.overwrite, "IDENTIFY DEVICE, word 59", "SANITIZE DEVICE"),
        ScsiSanitizeCrypto => (sanitize.crypto, "REPORT SUPPORTED OPERATION CODES", "SANITIZE (CRYPTOGRAPHIC ERASE)"),
        ScsiSanitizeBlock => (sanitize.block, "REPORT SUPPORTED OPERATION CODES", "SANITIZE (BLOCK ERASE)"),
        ScsiSanitizeOverwrite => (sanitize.overwrite, "REPORT SUPPORTED OPERATION CODES", "SANITIZE (OVERWRITE)"),
        NvmeSanitizeCrypto => (sanitize.crypto, "Identify Controller, SANICAP", "Identify Controller"),
        NvmeSanitizeBlock => (sanitize.block, "Identify Controller, SANICAP", "Identify Controller"),
        NvmeSanitizeOverwrite => (sanitize.overwrite, "Identify Controller, SANICAP", "Identify Controller"),
        NvmeFormatUser => {
            let support = capabilities.format.map_or(Support::Unknown, |format| Support::of(format.supported));
            (support, "Identify Controller, OACS", "Identify Controller")
        }
        NvmeFormatCrypto => {
            let support =
                capabilities.format.map_or(Support::Unknown, |format| Support::of(format.supported && format.crypto));
            (support, "Identify Controller, OACS and FNA", "Identify Controller")
        }
        _ => (Support::Unknown, "nothing", ""),
    };
    // After a failure a drive may answer nothing else, and another sanitize is the only way out.
    let only_way_out = matches!(sanitize.now, SanitizeState::Failed { .. })
        && !Counts::of(technique, crate::media::Rotation::Flash).by_keys;
    match support {
        Support::Yes => Ok(()),
        Support::No => Err(format!("not supported: {answer}, says so")),
        Support::Unknown if only_way_out => Ok(()),
        Support::Unknown => Err(format!("unknown: {}", why_unknown(capabilities, about))),
    }
}

/// The line on `about` among what was not answered, or any other.
fn why_unknown(capabilities: &Capabilities, about: &str) -> String {
    let lines = &capabilities.unanswered;
    let line = lines.iter().find(|line| line.starts_with(about)).or(lines.first());
    line.cloned().unwrap_or_else(|| "the drive does not say whether it has it".into())
}

/// Whether the drive would take the command as it stands; what is to be said of that.
fn ready(capabilities: &Capabilities, technique: TechniqueId) -> Result<Option<String>, String> {
    use TechniqueId::{NvmeFormatCrypto, NvmeFormatUser};
    const POWER: &str = "suspend the machine and wake it, or switch the drive off and on, and start again";
    let is_format = matches!(technique, NvmeFormatCrypto | NvmeFormatUser);
    let sanitize = &capabilities.sanitize;
    if capabilities.command_set == CommandSet::Nvme && !is_format && sanitize.always_deallocates {
        return Err(
            "the controller deallocates all blocks whatever it is told (NDI): what reads give then proves nothing, \
                    and the result could be called unverified at best"
                .into(),
        );
    }
    if capabilities.security.as_ref().is_some_and(|security| security.locked) {
        return Err("the drive's ATA security is locked with a password: unlock it first".into());
    }
    match &sanitize.now {
        SanitizeState::Idle | SanitizeState::Succeeded => Ok(None),
        SanitizeState::Running { progress } => {
            let done = progress.map_or(String::new(), |p| format!(" ({} % done)", u32::from(p) * 100 / 65536));
            Err(format!("the drive is erasing already{done}: wait for its end, or go on with `radera resume`"))
        }
        SanitizeState::Failed { detail } if is_format => {
            Err(format!("an earlier sanitize failed ({detail}), and only another sanitize leads out of that"))
        }
        SanitizeState::Failed { detail } => {
            Ok(Some(format!("an earlier sanitize failed ({detail}): another one is the way out")))
        }
        SanitizeState::Frozen => Err(format!("sanitizing is frozen until the drive loses power: {POWER}")),
        SanitizeState::Unknown => {
            let about = match capabilities.command_set {
                CommandSet::Ata => "SANITIZE STATUS EXT",
                CommandSet::Scsi => "REQUEST SENSE",
                CommandSet::Nvme => "the sanitize log",
            };
            Err(format!(
                "whether the drive is erasing, frozen or failed can't be found out: {}",
                why_unknown(capabilities, about)
            ))
        }
    }
}

/// Whose word it is that all data was always encrypted.
fn encryption(capabilities: &Capabilities, wanted: Wanted) -> Result<String, String> {
    match (capabilities.encrypts_always, wanted.attest_encryption) {
        (Support::Yes, _) => Ok("the drive says that it encrypts all data, always".into()),
        (Support::No, _) => {
            Err("it destroys keys, and the drive says that it does not encrypt all data: no person's word \
                                 outweighs that"
                .into())
        }
        (Support::Unknown, true) => {
            Ok("that all data was always encrypted is a person's word (--attest-encryption), and is marked so".into())
        }
        (Support::Unknown, false) => {
            Err("it destroys keys, and the drive does not say that all data was always encrypted: \
                                          whoever knows it can say so with --attest-encryption"
                .into())
        }
    }
}

/// The drive's other devices, which are erased as well; an error where they are not all known, or not all reached.
fn siblings(medium: &Medium, capabilities: &Capabilities, technique: TechniqueId) -> Result<Vec<String>, String> {
    let Some(siblings) = &medium.siblings else {
        return Err("it reaches every device of the drive, and which these are can't be found out here".into());
    };
    let attached = |kind| 1 + siblings.iter().filter(|sibling| sibling.kind == kind).count();
    let mut remarks = Vec::new();
    match capabilities.command_set {
        CommandSet::Nvme => {
            let Some(namespaces) = &capabilities.namespaces else {
                return Err(format!(
                    "it reaches every namespace, and which there are is unknown: {}",
                    why_unknown(capabilities, "the list")
                ));
            };
            let here = attached(SiblingKind::Namespace);
            if namespaces.all.len() > here {
                return Err(format!(
                    "it reaches every namespace: the drive has {}, and {here} of them are attached here; attach the others \
                     (nvme attach-ns), or delete them",
                    namespaces.all.len()
                ));
            }
            formats_all(capabilities, namespaces.all.len(), technique)?;
            if namespaces.many_controllers {
                remarks.push("the drive may have more controllers: another host may use it".into());
            }
        }
        CommandSet::Scsi => match capabilities.logical_units {
            None => {
                let why = why_unknown(capabilities, "REPORT LUNS");
                return Err(format!("it may reach every logical unit, and which there are is unknown: {why}"));
            }
            Some(units) if units > attached(SiblingKind::LogicalUnit) as u64 => {
                let here = attached(SiblingKind::LogicalUnit);
                return Err(format!(
                    "it may reach every logical unit: the target lists {units}, and {here} of them are attached here"
                ));
            }
            Some(_) => {}
        },
        CommandSet::Ata => {}
    }
    if !siblings.is_empty() {
        let paths: Vec<&str> = siblings.iter().map(|sibling| sibling.path.as_str()).collect();
        remarks.push(format!("reaches as well: {}, which must be free and confirmed too", paths.join(", ")));
    }
    Ok(remarks)
}

/// Format erases one namespace, unless the controller is made so (FNA), or takes all of them at once.
fn formats_all(capabilities: &Capabilities, namespaces: usize, technique: TechniqueId) -> Result<(), String> {
    let is_format = matches!(technique, TechniqueId::NvmeFormatCrypto | TechniqueId::NvmeFormatUser);
    let reaches = capabilities.format.is_some_and(|format| format.erases_all || format.broadcast);
    if is_format && namespaces > 1 && !reaches {
        return Err(format!(
            "it erases one of the drive's {namespaces} namespaces, and takes no command for all (FNA)"
        ));
    }
    Ok(())
}
