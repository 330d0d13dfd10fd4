//! An NVMe controller: Identify, log pages 81h and 02h (NVM Express Base Specification 2.0).

use super::ask::Asker;
use super::{health, other_drive, unknown};
use crate::media::{
    Capabilities, CommandSet, FormatSupport, HiddenAreas, Medium, Namespaces, SanitizeState, SanitizeSupport, Support,
};
use crate::wire::Malformed;
use crate::wire::nvme::{
    Admin, Controller, LogId, Namespace, NamespaceIdentifiers, SanitizeLog, SanitizeResult, active_namespaces,
    allocated_namespaces, get_log_page, identify_controller, identify_identifiers, identify_namespace, namespace_list,
};

/// A list has room for this many; a full one goes on.
const LIST: usize = 1024;
/// More namespaces than any controller has.
const MOST_LISTS: usize = 16;
/// Of so many namespaces the one that was named is looked for.
const MOST_LOOKED_AT: usize = 256;

/// Asks the controller.
pub(super) fn examine(asker: &mut Asker, medium: &Medium) -> Capabilities {
    const WHAT: &str = "Identify Controller";
    let blank = Capabilities { hidden_areas: HiddenAreas::NONE, ..unknown(CommandSet::Nvme) };
    let Some(controller) = asker.read_nvme(WHAT, &identify_controller(), Controller::parse) else { return blank };
    if let Some(why) = other_drive(medium, controller.serial.as_deref(), controller.model.as_deref()) {
        asker.note(WHAT, why);
        return blank;
    }
    let (namespaces, own) = namespaces(asker, &controller, medium).unzip();
    Capabilities {
        sanitize: sanitize(asker, &controller),
        format: Some(FormatSupport {
            supported: controller.format,
            crypto: controller.crypto_in_format,
            formats_all: controller.format_all,
            erases_all: controller.erase_all,
            broadcast: !controller.no_broadcast_format,
        }),
        trim: match own.map(|own: Namespace| own.deallocated_reads) {
            _ if !controller.dataset_management => "none",
            Some(1) => "zeros",
            Some(2) => "deterministic",
            Some(_) => "indeterminate",
            None => "unknown",
        }
        .into(),
        namespaces,
        health: health::nvme(asker),
        ..blank
    }
}

fn sanitize(asker: &mut Asker, controller: &Controller) -> SanitizeSupport {
    const WHAT: &str = "the sanitize log";
    let told = controller.sanitize;
    let mut found = SanitizeSupport {
        crypto: Support::of(told.crypto_erase),
        block: Support::of(told.block_erase),
        overwrite: Support::of(told.overwrite),
        always_deallocates: told.no_deallocate_inhibited,
        ..SanitizeSupport::default()
    };
    if !told.any() {
        found.now = SanitizeState::Idle;
        return found;
    }
    let Some(log) = asker.read_nvme(WHAT, &get_log_page(LogId::SanitizeStatus), SanitizeLog::parse) else {
        return found;
    };
    // With No-Deallocate the controller has estimates of its own, where it has work of its own.
    let times = log.times;
    let either = |own: Option<u32>, plain: Option<u32>| own.or(plain).map(u64::from);
    found.overwrite_seconds = either(times.overwrite_no_deallocate, times.overwrite);
    found.block_seconds = either(times.block_erase_no_deallocate, times.block_erase);
    found.crypto_seconds = either(times.crypto_erase_no_deallocate, times.crypto_erase);
    found.now = match log.result {
        SanitizeResult::Never => SanitizeState::Idle,
        SanitizeResult::Succeeded | SanitizeResult::SucceededDeallocated => SanitizeState::Succeeded,
        SanitizeResult::InProgress => SanitizeState::Running { progress: log.running_progress() },
        SanitizeResult::Failed => SanitizeState::Failed { detail: format!("sanitize status {:04X}h", log.sstat) },
        SanitizeResult::Reserved(status) => {
            asker.note(WHAT, format_args!("a status that the standard does not have, {status}"));
            SanitizeState::Unknown
        }
    };
    found
}

/// Which namespaces there are, and which one `medium` is.
fn namespaces(asker: &mut Asker, controller: &Controller, medium: &Medium) -> Option<(Namespaces, Namespace)> {
    let active = list(asker, "the list of active namespaces", active_namespaces)?;
    let all = if controller.namespace_management {
        list(asker, "the list of allocated namespaces", allocated_namespaces)?
    } else {
        active.clone()
    };
    let (own, found) = own(asker, &active, medium)?;
    Some((Namespaces { own, all, active, many_controllers: controller.many_controllers }, found))
}

fn list(asker: &mut Asker, what: &str, command: fn(u32) -> Admin) -> Option<Vec<u32>> {
    let mut all: Vec<u32> = Vec::new();
    for _ in 0..MOST_LISTS {
        let last = all.last().copied().unwrap_or(0);
        let more = asker.read_nvme(what, &command(last), namespace_list)?;
        if more.first().is_some_and(|first| *first <= last) {
            asker.note(what, "it does not go on where it should");
            return None;
        }
        let ended = more.len() < LIST;
        all.extend(more);
        if ended {
            return Some(all);
        }
    }
    asker.note(what, "it does not end");
    None
}

/// The namespace that `medium` is: the one with its name, else the only one of its size.
fn own(asker: &mut Asker, active: &[u32], medium: &Medium) -> Option<(u32, Namespace)> {
    const WHAT: &str = "which namespace it is";
    if active.len() > MOST_LOOKED_AT {
        asker.note(WHAT, format_args!("there are {} of them", active.len()));
        return None;
    }
    let mut fit: Vec<(u32, Namespace, bool)> = Vec::new();
    for nsid in active {
        let Some(found) = asker.read_nvme(WHAT, &identify_namespace(*nsid), Namespace::parse) else { continue };
        if found.bytes() == Some(medium.identity.size_bytes) {
            let named = names(asker, *nsid, &found).contains(&medium.identity.wwn);
            fit.push((*nsid, found, named && medium.identity.wwn.is_some()));
        }
    }
    let named: Vec<_> = fit.iter().filter(|(_, _, named)| *named).collect();
    match (named.as_slice(), fit.as_slice()) {
        ([one], _) => Some((one.0, one.1)),
        ([], [one]) => Some((one.0, one.1)),
        _ => {
            asker.note(WHAT, format_args!("{} of them have its size, and no name tells", fit.len()));
            None
        }
    }
}

/// The names that the kernel may know the namespace by.
fn names(asker: &mut Asker, nsid: u32, found: &Namespace) -> [Option<String>; 2] {
    // Older controllers have no such list; the Identify Namespace data has names as well.
    let read = |data: Vec<u8>| -> Result<NamespaceIdentifiers, Malformed> { NamespaceIdentifiers::parse(&data) };
    let listed = asker.nvme(&identify_identifiers(nsid)).ok().and_then(|data| read(data).ok());
    [listed.and_then(|list| list.name()), found.identifiers.name()]
}
