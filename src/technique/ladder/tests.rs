//! The ladder, model by model and state by state.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use super::{Rung, Wanted, ladder};
use crate::drives;
use crate::media::testing::medium;
use crate::media::{
    Bus, Layer, Medium, Method, Node, PartitionOf, Rotation, SanitizeState, Sibling, SiblingKind, Support, TechniqueId,
};
use crate::modelled::{Drive, Shared};
use TechniqueId::*;

fn of(drive: Drive) -> Medium {
    Shared::new(drive).medium()
}

fn hdd() -> Medium {
    of(Drive::Sata(drives::sata_hdd()))
}

fn ssd() -> Medium {
    of(Drive::Sata(drives::sata_ssd()))
}

fn sas_hdd() -> Medium {
    of(Drive::Sas(drives::sas_hdd()))
}

fn sas_ssd() -> Medium {
    of(Drive::Sas(drives::sas_ssd()))
}

fn nvme(namespaces: u64) -> Medium {
    of(Drive::Nvme(drives::nvme(namespaces)))
}

const PURGE: Wanted = Wanted { method: Method::Purge, technique: None, attest_encryption: false };

fn named(technique: TechniqueId) -> Wanted {
    Wanted { technique: Some(technique), ..PURGE }
}

fn taken(medium: &Medium, wanted: Wanted) -> Option<TechniqueId> {
    let rungs = ladder(medium, wanted);
    assert_eq!(rungs.len(), TechniqueId::ALL.len());
    assert!(rungs.iter().all(|r| !r.reason.is_empty() && !r.editions.is_empty()));
    let taken: Vec<_> = rungs.iter().filter(|rung| rung.taken).map(|rung| rung.technique).collect();
    assert!(taken.len() <= 1 && taken.first().is_none_or(|t| *t == rungs[0].technique));
    taken.first().copied()
}

fn rung(medium: &Medium, wanted: Wanted, technique: TechniqueId) -> Rung {
    ladder(medium, wanted).into_iter().find(|rung| rung.technique == technique).unwrap()
}

/// The medium with one thing changed.
fn with(mut medium: Medium, change: impl FnOnce(&mut Medium)) -> Medium {
    change(&mut medium);
    medium
}

fn state(medium: Medium, now: SanitizeState) -> Medium {
    with(medium, |m| m.capabilities.as_mut().unwrap().sanitize.now = now)
}

#[test]
fn the_strongest_that_each_model_has_is_taken() {
    for (medium, expected) in [
        (hdd(), AtaSanitizeOverwrite),
        (ssd(), AtaSanitizeBlock),
        (sas_hdd(), ScsiSanitizeOverwrite),
        (sas_ssd(), ScsiSanitizeBlock),
        (nvme(1), NvmeSanitizeBlock),
        (nvme(2), NvmeSanitizeBlock),
    ] {
        assert_eq!(taken(&medium, PURGE), Some(expected));
        let clear = Wanted { method: Method::Clear, ..PURGE };
        assert_eq!(taken(&medium, clear), Some(Overwrite));
        assert_eq!(taken(&medium, Wanted { technique: Some(expected), ..clear }), Some(expected));
    }
}

#[test]
fn each_step_down_follows_the_order() {
    let lacks = |medium: &mut Medium, what: &[TechniqueId]| {
        let sanitize = &mut medium.capabilities.as_mut().unwrap().sanitize;
        for technique in what {
            match technique {
                AtaSanitizeBlock | NvmeSanitizeBlock => sanitize.block = Support::No,
                AtaSanitizeCrypto | NvmeSanitizeCrypto => sanitize.crypto = Support::No,
                _ => sanitize.overwrite = Support::No,
            }
        }
    };
    let without = |medium: Medium, what: &[TechniqueId]| with(medium, |m| lacks(m, what));
    assert_eq!(taken(&without(ssd(), &[AtaSanitizeBlock]), PURGE), Some(AtaSanitizeCrypto));
    assert_eq!(taken(&without(ssd(), &[AtaSanitizeBlock, AtaSanitizeCrypto]), PURGE), Some(AtaSanitizeOverwrite));
    let none = [AtaSanitizeBlock, AtaSanitizeCrypto, AtaSanitizeOverwrite];
    assert_eq!(taken(&without(ssd(), &none), PURGE), None);
    assert!(rung(&without(ssd(), &none), PURGE, AtaSanitizeBlock).reason.contains("word 59"));
    let bare = without(nvme(1), &[NvmeSanitizeBlock, NvmeSanitizeCrypto, NvmeSanitizeOverwrite]);
    assert_eq!(taken(&bare, PURGE), None, "keys, and nobody says that all was encrypted");
    let attested = Wanted { attest_encryption: true, ..PURGE };
    assert_eq!(taken(&bare, attested), Some(NvmeFormatCrypto));
}

#[test]
fn keys_need_somebodys_word_and_none_outweighs_the_drives() {
    let wanted = named(NvmeSanitizeCrypto);
    assert!(rung(&nvme(1), wanted, NvmeSanitizeCrypto).reason.contains("--attest-encryption"));
    let attested = Wanted { attest_encryption: true, ..wanted };
    let taken_rung = rung(&nvme(1), attested, NvmeSanitizeCrypto);
    assert!(taken_rung.taken && taken_rung.reason.contains("a person's word"));
    let denies = with(nvme(1), |m| m.capabilities.as_mut().unwrap().encrypts_always = Support::No);
    assert_eq!(taken(&denies, attested), None);
    assert!(
        rung(&ssd(), named(AtaSanitizeCrypto), AtaSanitizeCrypto).reason.contains("the drive says that it encrypts")
    );
}

#[test]
fn what_does_not_count_is_not_taken_by_name_either() {
    for (medium, technique, why) in [
        (hdd(), Overwrite, "never Purge"),
        (nvme(1), NvmeFormatUser, "does not count as Purge"),
        (with(hdd(), |m| m.capabilities.as_mut().unwrap().sanitize.block = Support::Yes), AtaSanitizeBlock, "rotates"),
        (hdd(), AtaSecureEraseEnhanced, "can't carry it out"),
        (hdd(), AtaSecureErase, "can't carry it out"),
        (hdd(), LuksErase, "never Purge"),
        (hdd(), ZeroOffload, "never Purge"),
        (ssd(), TcgPsidRevert, "can't carry it out"),
        (ssd(), NvmeSanitizeBlock, "not a medium"),
        (ssd(), ScsiSanitizeBlock, "not a medium"),
    ] {
        assert_eq!(taken(&medium, named(technique)), None, "{technique:?}");
        let reason = rung(&medium, named(technique), technique).reason;
        assert!(reason.contains(why), "{technique:?}: {reason}");
    }
}

#[test]
fn the_state_of_the_drive_decides_and_says_the_way_out() {
    for (now, why) in [
        (SanitizeState::Running { progress: Some(0x8000) }, "50 % done"),
        (SanitizeState::Frozen, "suspend the machine"),
        (SanitizeState::Unknown, "can't be found out"),
    ] {
        for medium in [ssd(), sas_ssd(), nvme(1)] {
            let medium = state(medium, now.clone());
            assert_eq!(taken(&medium, PURGE), None, "{now:?}");
            let rungs = ladder(&medium, PURGE);
            assert!(rungs.iter().any(|rung| rung.reason.contains(why)), "{now:?}: {rungs:?}");
        }
    }
    let failed = SanitizeState::Failed { detail: "power".into() };
    for medium in [hdd(), sas_ssd(), nvme(1)] {
        let rungs = ladder(&state(medium, failed.clone()), PURGE);
        assert!(rungs[0].taken && rungs[0].reason.contains("another one is the way out"), "{:?}", rungs[0]);
    }
    // A unit that failed may answer nothing else.
    let silent = state(sas_ssd(), failed.clone());
    let silent = with(silent, |m| m.capabilities.as_mut().unwrap().sanitize.block = Support::Unknown);
    assert_eq!(taken(&silent, PURGE), Some(ScsiSanitizeBlock));
    let attested = Wanted { attest_encryption: true, ..named(NvmeFormatCrypto) };
    assert_eq!(taken(&state(nvme(1), failed), attested), None);
}

#[test]
fn what_is_not_known_counts_against_it() {
    for change in [
        (|m| m.capabilities = None) as fn(&mut Medium),
        |m| m.siblings = None,
        |m| m.capabilities.as_mut().unwrap().sanitize = Default::default(),
        |m| m.capabilities.as_mut().unwrap().sanitize.now = SanitizeState::Unknown,
    ] {
        for medium in [hdd(), sas_ssd(), nvme(2)] {
            assert_eq!(taken(&with(medium, change), PURGE), None);
        }
    }
    assert_eq!(taken(&with(nvme(1), |m| m.capabilities.as_mut().unwrap().namespaces = None), PURGE), None);
    assert_eq!(taken(&with(sas_ssd(), |m| m.capabilities.as_mut().unwrap().logical_units = None), PURGE), None);
}

#[test]
fn everything_that_it_reaches_must_be_known_and_here() {
    let two = rung(&nvme(2), PURGE, NvmeSanitizeBlock);
    assert!(two.taken && two.reason.contains("/dev/nvme7n2"), "{two:?}");
    let away = with(nvme(2), |m| m.siblings = Some(vec![]));
    assert_eq!(taken(&away, PURGE), None);
    assert!(rung(&away, PURGE, NvmeSanitizeBlock).reason.contains("attach"));
    let hidden_unit = with(sas_ssd(), |m| m.capabilities.as_mut().unwrap().logical_units = Some(2));
    assert_eq!(taken(&hidden_unit, PURGE), None);
    let unit = Sibling { path: "/dev/sdn".into(), kind: SiblingKind::LogicalUnit, size_bytes: 1 };
    assert_eq!(taken(&with(hidden_unit, |m| m.siblings = Some(vec![unit])), PURGE), Some(ScsiSanitizeBlock));
    let attested = Wanted { attest_encryption: true, ..named(NvmeFormatCrypto) };
    assert_eq!(taken(&nvme(2), attested), Some(NvmeFormatCrypto));
    let one_by_one = with(nvme(2), |m| m.capabilities.as_mut().unwrap().format.as_mut().unwrap().broadcast = false);
    assert_eq!(taken(&one_by_one, attested), None);
    assert!(rung(&one_by_one, attested, NvmeFormatCrypto).reason.contains("FNA"));
}

#[test]
fn a_partition_a_layer_a_lock_and_ndi_are_in_the_way() {
    let on = PartitionOf { path: "/dev/sdm".into(), number: 1, disk_bytes: 1 << 23 };
    let partition = with(hdd(), |m| {
        (m.node, m.partition_of, m.capabilities) = (Node::Partition, Some(on), None);
    });
    assert!(rung(&partition, PURGE, AtaSanitizeOverwrite).reason.contains("name /dev/sdm itself"));
    let layer = Layer { kind: "device-mapper".into(), detail: "linear".into() };
    let layered = with(hdd(), |m| (m.layers, m.capabilities) = (vec![layer], None));
    assert!(rung(&layered, PURGE, AtaSanitizeOverwrite).reason.contains("device-mapper"));
    let ndi = with(nvme(1), |m| m.capabilities.as_mut().unwrap().sanitize.always_deallocates = true);
    assert!(rung(&ndi, PURGE, NvmeSanitizeBlock).reason.contains("NDI"));
    for medium in [partition, layered, ndi] {
        assert_eq!(taken(&medium, PURGE), None);
    }
    let loop_device = with(medium(1 << 20), |m| m.bus = Bus::Loop);
    assert_eq!(taken(&loop_device, PURGE), None);
}

#[test]
fn editions_are_told_apart() {
    let editions = |technique, medium: &Medium| rung(medium, PURGE, technique).editions;
    assert!(editions(NvmeFormatUser, &nvme(1)).contains("Appendix A: Purge; IEEE 2883-2022: Clear"));
    assert!(editions(AtaSanitizeOverwrite, &ssd()).contains("Appendix A: not listed"));
    assert!(editions(AtaSanitizeOverwrite, &hdd()).contains("Appendix A: Purge; IEEE 2883-2022: Purge"));
    assert!(editions(NvmeSanitizeCrypto, &nvme(1)).contains("always encrypted"));
    assert_eq!(hdd().rotation, Rotation::Rotational);
}
