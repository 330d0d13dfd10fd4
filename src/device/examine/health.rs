//! What a drive says of its health. No verdict rests on it: it bounds what can be claimed, and ties a record to a time.

use super::ask::Asker;
use crate::media::Health;
use crate::wire::ata::{
    Identify, SmartStatus, Statistics, StatisticsPage, attribute, device_statistics, smart_attributes, smart_read_data,
    smart_return_status, smart_status,
};
use crate::wire::nvme::{LogId, SmartLog, get_log_page};
use crate::wire::scsi::{BackgroundScan, InformationalExceptions, LogSubject, log_sense};

/// Attributes have six bytes; vendors keep the count in the lower four.
const COUNT: u64 = 0xFFFF_FFFF;

/// Device Statistics (log 04h), else SMART attributes; the drive's own verdict by SMART RETURN STATUS.
pub(super) fn ata(asker: &mut Asker, identify: &Identify, sector_bytes: u32) -> Health {
    let mut health = Health::default();
    if identify.general_purpose_logging().is_supported() {
        // A drive without this log aborts; the attributes stand in.
        let mut page = |page| asker.ata_data(&device_statistics(page)).ok();
        if let Some(data) = page(StatisticsPage::General)
            && let Ok(general) = Statistics::parse(&data, StatisticsPage::General)
        {
            health.power_on_hours = general.power_on_hours();
            health.bytes_written = general.sectors_written().and_then(|n| n.checked_mul(sector_bytes.into()));
        }
        if let Some(data) = page(StatisticsPage::RotatingMedia)
            && let Ok(rotating) = Statistics::parse(&data, StatisticsPage::RotatingMedia)
        {
            health.reallocated = rotating.reallocated_sectors();
        }
    }
    if !identify.smart().is_supported() {
        return health;
    }
    if (health.power_on_hours.is_none() || health.reallocated.is_none())
        && let Some(attributes) = asker.read_ata("SMART READ DATA", &smart_read_data(), smart_attributes)
    {
        let raw = |id| attributes.iter().find(|a| a.id == id).map(|a| a.raw & COUNT);
        health.power_on_hours = health.power_on_hours.or(raw(attribute::POWER_ON_HOURS));
        health.reallocated = health.reallocated.or(raw(attribute::REALLOCATED_SECTORS));
    }
    const VERDICT: &str = "SMART RETURN STATUS";
    match asker.registers(&smart_return_status()) {
        Ok(registers) => {
            let verdict = smart_status(&registers);
            health.failing = verdict.map(|verdict| verdict == SmartStatus::ThresholdExceeded);
            if verdict.is_none() {
                asker.note(VERDICT, "neither of the two answers that it has");
            }
        }
        Err(why) => asker.missed(VERDICT, &why),
    }
    health
}

/// Informational Exceptions and Background Scan.
pub(super) fn scsi(asker: &mut Asker) -> Health {
    let exceptions = asker.read(
        "the log page of informational exceptions",
        &log_sense(LogSubject::InformationalExceptions),
        InformationalExceptions::parse,
    );
    let scan =
        asker.read("the log page of background scans", &log_sense(LogSubject::BackgroundScan), BackgroundScan::parse);
    Health {
        failing: exceptions.map(|found| found.predicts_failure()),
        power_on_hours: scan.map(|found| u64::from(found.power_on_minutes) / 60),
        ..Health::default()
    }
}

/// Log 02h.
pub(super) fn nvme(asker: &mut Asker) -> Health {
    let Some(log) = asker.read_nvme("the health log", &get_log_page(LogId::Smart), SmartLog::parse) else {
        return Health::default();
    };
    Health {
        reallocated: None,
        spare_percent: Some(log.spare_percent.into()),
        media_errors: Some(log.media_errors),
        power_on_hours: Some(log.power_on_hours),
        bytes_written: Some(log.bytes_written()),
        failing: Some(log.critical_warning != 0),
    }
}
