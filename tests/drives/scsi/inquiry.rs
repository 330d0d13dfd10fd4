//! INQUIRY and vital product data (SPC-5 6.7, 7.7; SBC-4 6.6; SAT-4 10.3).

use super::super::bytes::{be16, byte, put, sized, text};
use super::super::faults::HostileIdentify;
use super::{INVALID_FIELD, Sense};

/// What a unit says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Eight characters.
    pub vendor: String,
    /// Sixteen characters.
    pub product: String,
    /// Four characters.
    pub revision: String,
    /// Unit serial number.
    pub serial: String,
    /// World wide name, NAA 5.
    pub wwn: u64,
    /// Revolutions a minute; 1: no rotation.
    pub rotation: u16,
    /// Whether blocks can be unmapped.
    pub thin: bool,
    /// Reads of unmapped blocks give zeros.
    pub zeros: bool,
    /// WABEREQ: write after block erase required (SBC-4 table 286), 0–3.
    pub write_after_block: u8,
    /// WACEREQ: write after cryptographic erase required.
    pub write_after_crypto: u8,
    /// The 512 bytes of IDENTIFY DEVICE of the drive behind a SATL.
    pub ata: Option<Vec<u8>>,
    /// What it says in place of the truth.
    pub hostile: Option<HostileIdentify>,
}

/// INQUIRY.
///
/// # Errors
/// INVALID FIELD IN CDB for an unknown page.
pub fn inquiry(identity: &Identity, cdb: &[u8]) -> Result<Vec<u8>, Sense> {
    match (byte(cdb, 1) & 1, byte(cdb, 2), identity.hostile) {
        (_, _, Some(HostileIdentify::AllOnes)) => Ok(vec![0xff; 96]),
        (_, _, Some(HostileIdentify::AllZeros)) => Ok(vec![0; 96]),
        (0, 0, _) => Ok(standard(identity)),
        (0, _, _) => Err(INVALID_FIELD),
        (_, page, _) => vital(identity, page).ok_or(INVALID_FIELD),
    }
}

/// Standard INQUIRY data: SPC-4, command queuing.
fn standard(identity: &Identity) -> Vec<u8> {
    let mut data = vec![0x00, 0x00, 0x06, 0x12, 91, 0x00, 0x00, 0x02];
    data.extend(text(&identity.vendor, 8));
    data.extend(text(&identity.product, 16));
    data.extend(text(&identity.revision, 4));
    let mut data = sized(data, 96);
    // Version descriptors: SAM-5, SPC-4, SBC-3.
    put(&mut data, 58, &[0x00, 0xa0, 0x04, 0x60, 0x04, 0xc0]);
    data
}

fn vital(identity: &Identity, page: u8) -> Option<Vec<u8>> {
    let content = match page {
        0x00 => {
            let mut list = vec![0x00, 0x80, 0x83];
            list.extend(identity.ata.as_ref().map(|_| 0x89));
            list.extend([0xb0, 0xb1]);
            list.extend(identity.thin.then_some(0xb2));
            list
        }
        0x80 => text(&identity.serial, 20),
        0x83 => {
            // NAA of the logical unit.
            let mut designator = vec![0x01, 0x03, 0x00, 0x08];
            designator.extend(identity.wwn.to_be_bytes());
            designator
        }
        0x89 => ata_information(identity.ata.as_ref()?),
        0xb0 => limits(identity),
        0xb1 => {
            let mut content = vec![0; 60];
            put(&mut content, 0, &identity.rotation.to_be_bytes());
            // WABEREQ 7:6, WACEREQ 5:4, nominal form factor 2.5 inch.
            put(&mut content, 3, &[identity.write_after_block << 6 | identity.write_after_crypto << 4 | 0x03]);
            content
        }
        // LBPU, LBPWS, LBPWS10, LBPRZ; provisioning type: thin.
        0xb2 if identity.thin => vec![0x00, 0xe0 | u8::from(identity.zeros) << 2, 0x02, 0x00],
        _ => return None,
    };
    let mut data = vec![0x00, page];
    data.extend((content.len() as u16).to_be_bytes());
    data.extend(content);
    Some(data)
}

/// Block Limits (SBC-4 6.6.3).
fn limits(identity: &Identity) -> Vec<u8> {
    let mut content = vec![0; 60];
    put(&mut content, 2, &1u16.to_be_bytes());
    put(&mut content, 4, &2048u32.to_be_bytes());
    put(&mut content, 8, &256u32.to_be_bytes());
    if identity.thin {
        put(&mut content, 16, &65535u32.to_be_bytes());
        put(&mut content, 20, &64u32.to_be_bytes());
        put(&mut content, 24, &1u32.to_be_bytes());
    }
    put(&mut content, 32, &65535u64.to_be_bytes());
    content
}

/// ATA Information (SAT-4 10.3.8): the SATL's name, the device signature as a register FIS, IDENTIFY DEVICE.
fn ata_information(identify: &[u8]) -> Vec<u8> {
    let mut content = vec![0; 4];
    content.extend(text("DRIVES", 8));
    content.extend(text("SAT LAYER", 16));
    content.extend(text("0001", 4));
    content.extend(sized(vec![0x34, 0x00, 0x50, 0x01, 0x01], 20));
    content.extend([0xec, 0x00, 0x00, 0x00]);
    content.extend(sized(identify.to_vec(), 512));
    content
}

/// READ CAPACITY (10): the last address, or FFFFFFFFh where it does not fit.
pub fn read_capacity_10(identity: &Identity, blocks: u64) -> Vec<u8> {
    let last = u32::try_from(last(identity, blocks)).unwrap_or(u32::MAX);
    let mut data = last.to_be_bytes().to_vec();
    data.extend(512u32.to_be_bytes());
    data
}

/// READ CAPACITY (16) (SBC-4 5.21): LBPME and LBPRZ in byte 14.
pub fn read_capacity_16(identity: &Identity, blocks: u64) -> Vec<u8> {
    let mut data = last(identity, blocks).to_be_bytes().to_vec();
    data.extend(512u32.to_be_bytes());
    let mut data = sized(data, 32);
    put(&mut data, 14, &[u8::from(identity.thin) << 7 | u8::from(identity.thin && identity.zeros) << 6]);
    data
}

fn last(identity: &Identity, blocks: u64) -> u64 {
    match identity.hostile {
        Some(HostileIdentify::AbsurdCapacity) => u64::MAX - 1,
        Some(HostileIdentify::AllOnes) => u64::MAX,
        Some(HostileIdentify::AllZeros) => 0,
        _ => blocks.saturating_sub(1),
    }
}

/// REPORT LUNS (SPC-5 6.32) for `count` units, addressed flat from 0.
///
/// # Errors
/// INVALID FIELD IN CDB for an allocation length below 16.
pub fn report_luns(cdb: &[u8], count: u16) -> Result<Vec<u8>, Sense> {
    if be16(cdb, 6) == 0 && be16(cdb, 8) < 16 {
        return Err(INVALID_FIELD);
    }
    let mut data = sized((u32::from(count) * 8).to_be_bytes().to_vec(), 8);
    for lun in 0..count {
        data.extend(sized(vec![0x00, lun as u8], 8));
    }
    Ok(data)
}
