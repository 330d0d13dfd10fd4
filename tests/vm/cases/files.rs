//! Single files on filesystems, and on what lies below them, that the machine running the tests may not have. What is left of a file is looked for in the
//! raw images, and shred, which proves nothing, is tried beside radera: it shows that the case would find what is left.

use crate::support::disk::Scratch;
use crate::support::radera::{Ended, Issued};
use crate::support::{MIB, SECTOR};
use crate::vm::disk::{Bus, Disk, marked, marker};
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;
use crate::vm::say::say;
use crate::vm::station::Station;

/// Sectors of each file.
const SECTORS: u64 = 256;
/// For dm-crypt: AES-256 in XTS, the key for data first.
const KEY: [u8; 64] = *b"no secret, only a key that the test knows as well as the kernel!";
/// Whom the files are for.
const PEERS: [&str; 2] = ["SHRED", "RADERA"];
/// The device-mapper devices are so long.
const LENGTH: u64 = 32 * MIB / SECTOR;

/// What is to come of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Erased and proved.
    Cleared,
    /// Refused, done and told as less, or erased and proved: whatever is true.
    WhatIsTrue,
    /// A copy stays where no write to the file reaches: never called cleared.
    Less,
}

/// A mounted filesystem with the disks below it.
struct Place<'d> {
    name: &'static str,
    disks: Vec<&'d Disk>,
    /// Where the files are in the guest, and where they are written first.
    at: String,
    planted_at: String,
    mount: String,
    unmount: String,
    /// Made after the files were written, before the filesystem is mounted again; most need nothing.
    then: String,
    /// Whether shred leaves something of its file on the disks.
    shred_leaves: bool,
    wanted: Wanted,
}

impl<'d> Place<'d> {
    fn new(name: &'static str, disks: &[&'d Disk], mount: &str) -> Self {
        let at = format!("/mnt/{name}");
        let mount = format!("mkdir -p {at} && {}", mount.replace("$at", &at));
        let (planted_at, unmount) = (at.clone(), format!("umount {at}"));
        let (then, wanted) = (String::new(), Wanted::WhatIsTrue);
        Place { name, disks: disks.to_vec(), at, planted_at, mount, unmount, then, shred_leaves: false, wanted }
    }

    /// What an overwrite leaves elsewhere.
    fn leaving(mut self, then: &str) -> Self {
        (self.then, self.shred_leaves, self.wanted) = (then.into(), true, Wanted::Less);
        self
    }

    fn wanted(mut self, wanted: Wanted) -> Self {
        self.wanted = wanted;
        self
    }

    fn mount(&self, guest: &mut Guest) {
        guest.must(&self.mount);
    }

    fn unmount(&self, guest: &mut Guest) {
        guest.must(&format!("{} && sync", self.unmount));
    }

    /// Writes the files, and has a copy of them made where one is.
    fn plant(&self, guest: &mut Guest, rig: &Rig) {
        self.mount(guest);
        for peer in PEERS {
            guest.put(&format!("{}/{peer}", self.planted_at), &self.content(peer));
        }
        self.unmount(guest);
        let left = self.left(rig);
        assert!(left.iter().all(|left| *left >= SECTORS), "{}: {left:?} of {SECTORS} are found", self.name);
        guest.must(&format!("{}\n:", self.then));
    }

    fn path(&self, peer: &str) -> String {
        format!("{}/{peer}", self.at)
    }

    /// What the markers in the file for `peer` are named.
    fn marker(&self, peer: &str) -> String {
        format!("{}-{peer}", self.name)
    }

    fn content(&self, peer: &str) -> Vec<u8> {
        (0..SECTORS).flat_map(|number| marker(&self.marker(peer), number)).collect()
    }

    /// Markers of the file for each peer that are on the disks.
    fn left(&self, rig: &Rig) -> [u64; 2] {
        let mut left = [0; 2];
        for disk in &self.disks {
            let mut content = disk.content(rig, 0, disk.bytes);
            if self.name == "crypt" {
                content = deciphered(&content);
            }
            for (left, peer) in left.iter_mut().zip(PEERS) {
                *left += marked(&content, &self.marker(peer));
            }
        }
        left
    }
}

/// What dm-crypt makes of its device (Linux, Documentation/admin-guide/device-mapper/dm-crypt.rst: aes-xts-plain64; IEEE 1619).
fn deciphered(content: &[u8]) -> Vec<u8> {
    use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
    let [data, tweak] = [&KEY[..32], &KEY[32..]].map(|key| aes::Aes256::new_from_slice(key).unwrap());
    let mut clear = content.to_vec();
    let written = |sector: &[u8]| sector.iter().any(|byte| *byte != 0);
    for (number, sector) in clear.chunks_mut(SECTOR as usize).enumerate().filter(|(_, sector)| written(sector)) {
        let mut start = (number as u128).to_le_bytes().into();
        tweak.encrypt_block(&mut start);
        let mut mask = u128::from_le_bytes(start.into());
        for block in sector.chunks_mut(16) {
            let masked = u128::from_le_bytes(block.try_into().unwrap()) ^ mask;
            let mut turned = masked.to_le_bytes().into();
            data.decrypt_block(&mut turned);
            block.copy_from_slice(&(u128::from_le_bytes(turned.into()) ^ mask).to_le_bytes());
            mask = (mask << 1) ^ (0x87 * (mask >> 127));
        }
    }
    clear
}

/// Serial numbers and MiB. The first six are what they say they are, as far as radera can know; the others are a hypervisor's, of which nothing is
/// ever claimed.
const DISKS: [(&str, u64); 14] = [
    ("VFAT", 32),
    ("EXFAT", 32),
    ("LINEAR", 40),
    ("CRYPT", 32),
    ("ORIGIN", 32),
    ("THINDATA", 40),
    ("F2FS", 64),
    ("ORIGINCOW", 32),
    ("BASE", 32),
    ("BASECOW", 32),
    ("LEG1", 40),
    ("LEG2", 40),
    ("THINMETA", 4),
    ("LAYERS", 32),
];

/// Makes every filesystem, and what it lies on.
fn places<'d>(guest: &mut Guest, disks: &'d [Disk]) -> Vec<Place<'d>> {
    guest.must("modprobe -a ext4 vfat exfat crc32_generic f2fs overlay dm_mod dm_crypt aes_generic ecb xts dm_snapshot dm_thin_pool raid1");
    let disk = |serial: &str| disks.iter().find(|disk| disk.serial == serial).expect("a serial number of DISKS");
    let mut places = plain(guest, &disk);
    places.extend(mapped(guest, &disk));
    places.extend(snapshots(guest, &disk));
    let [one, two] = [disk("LEG1"), disk("LEG2")];
    let legs = [guest.node(&one.serial), guest.node(&two.serial)].join(" ");
    guest.must(&format!(
        "mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --metadata=1.2 --assume-clean {legs} && /usr/bin/mke2fs -q /dev/md0"
    ));
    places.push(Place::new("raid1", &[one, two], "mount -t ext4 /dev/md0 $at"));
    places
}

/// Filesystems on a disk.
fn plain<'d>(guest: &mut Guest, disk: &impl Fn(&str) -> &'d Disk) -> Vec<Place<'d>> {
    let mut on = |serial: &str, make: &str, mount: &str| {
        let node = guest.node(serial);
        guest.must(&format!("{make} {node} >/dev/null"));
        mount.replace("$node", &node)
    };
    let vfat = on("VFAT", "mkfs.fat", "mount -t vfat $node $at");
    let exfat = on("EXFAT", "mkfs.exfat", "mount -t exfat $node $at");
    // Small volumes are overwritten in place but in this mode; what is left behind is not to be given back to the image, as it would not be to a
    // drive that knows no discard (Linux, Documentation/filesystems/f2fs.rst).
    let f2fs = "mount -t f2fs -o mode=lfs,nodiscard $node $at";
    let f2fs = on("F2FS", "mkfs.f2fs -q", f2fs);
    let layers = "cd /mnt && mkdir -p layers && mount -t ext4 $node layers && cd layers && mkdir -p lower upper work && \
                  mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay $at";
    let layers = on("LAYERS", "/usr/bin/mke2fs -q -t ext4", layers);
    let mut overlay = Place::new("overlay", &[disk("LAYERS")], &layers).leaving("");
    (overlay.planted_at, overlay.unmount) =
        ("/mnt/layers/lower".into(), "umount /mnt/overlay && umount /mnt/layers".into());
    vec![
        Place::new("vfat", &[disk("VFAT")], &vfat).wanted(Wanted::Cleared),
        Place::new("exfat", &[disk("EXFAT")], &exfat).wanted(Wanted::Cleared),
        Place::new("f2fs", &[disk("F2FS")], &f2fs).leaving(""),
        overlay,
    ]
}

/// Device-mapper devices that put everything somewhere else, or into other words.
fn mapped<'d>(guest: &mut Guest, disk: &impl Fn(&str) -> &'d Disk) -> Vec<Place<'d>> {
    let (linear, crypt) = (guest.node("LINEAR"), guest.node("CRYPT"));
    // As a logical volume of two extents, the second one first.
    let (half, at) = (LENGTH / 2, [2048, 2048 + LENGTH / 2]);
    let table = format!("0 {half} linear {linear} {}\n{half} {half} linear {linear} {}", at[1], at[0]);
    let linear = guest.mapped("linear", &table);
    let key: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    let crypt = guest.mapped("crypt", &format!("0 {LENGTH} crypt aes-xts-plain64 {key} 0 {crypt} 0"));
    guest.must(&format!("/usr/bin/mke2fs -q -t ext4 {linear} && /usr/bin/mke2fs -q -t ext4 {crypt}"));
    vec![
        Place::new("linear", &[disk("LINEAR")], &format!("mount -t ext4 {linear} $at")).wanted(Wanted::Cleared),
        Place::new("crypt", &[disk("CRYPT")], &format!("mount -t ext4 {crypt} $at")).wanted(Wanted::Cleared),
    ]
}

/// Devices with a snapshot: the blocks as they were stay where the snapshot keeps them.
fn snapshots<'d>(guest: &mut Guest, disk: &impl Fn(&str) -> &'d Disk) -> Vec<Place<'d>> {
    // A snapshot is taken of what was written before; from then on another device is mounted.
    let create =
        |name: &str, table: &str| format!("dmsetup create {name} --noudevsync --noudevrules --table '{table}'");
    let shows = |name: &str| format!("echo /dev/dm-$(dmsetup info -c --noheadings -o minor {name}) > /tmp/{name}.node");
    let mut taken = |name: &str, below: &str, cow: &str| {
        let (node, cow) = (guest.node(below), guest.node(cow));
        guest.must(&format!("/usr/bin/mke2fs -q -t ext4 {node} && echo {node} > /tmp/{name}.node"));
        create(&format!("{name}-cow"), &format!("0 {LENGTH} snapshot {node} {cow} P 8"))
            + " && "
            + &if name == "origin" {
                create(name, &format!("0 {LENGTH} snapshot-origin {node}")) + " && "
            } else {
                String::new()
            }
    };
    let origin = taken("origin", "ORIGIN", "ORIGINCOW") + &shows("origin");
    let snapshot = taken("snapshot", "BASE", "BASECOW").replace("snapshot-cow", "snapshot") + &shows("snapshot");
    let (meta, data) = (guest.node("THINMETA"), guest.node("THINDATA"));
    let pool = format!("0 {} thin-pool {meta} {data} 128 0", disk("THINDATA").bytes / SECTOR);
    let pool = guest.mapped("pool", &pool);
    guest.must("dmsetup message pool 0 'create_thin 0'");
    let thin = guest.mapped("thin", &format!("0 {LENGTH} thin {pool} 0"));
    guest.must(&format!("/usr/bin/mke2fs -q -t ext4 {thin}"));
    let keep = "dmsetup suspend thin --noudevsync && dmsetup message pool 0 'create_snap 1 0' && dmsetup resume thin --noudevsync";
    let mount = |name: &str| format!("mount -t ext4 $(cat /tmp/{name}.node) $at");
    vec![
        Place::new("origin", &[disk("ORIGIN"), disk("ORIGINCOW")], &mount("origin")).leaving(&origin),
        Place::new("snapshot", &[disk("BASE"), disk("BASECOW")], &mount("snapshot")).leaving(&snapshot),
        Place::new("thin", &[disk("THINDATA")], &format!("mount -t ext4 {thin} $at")).leaving(keep),
    ]
}

/// What radera did to the file of a place.
struct Told {
    ended: Ended,
    record: Option<Issued>,
    /// Whether the file reads as it was written.
    intact: bool,
}

impl Told {
    fn wipe(guest: &mut Guest, station: &Station, scratch: &Scratch, place: &Place, more: &[&str]) -> Told {
        let path = place.path("RADERA");
        let ended = station.wipe_file(guest, &path, more);
        let record = matches!(ended.code(), 0 | 4).then(|| station.record(guest, &ended, scratch));
        let is_there = guest.run(&format!("[ -e {path} ]")).code() == 0;
        let intact = is_there && guest.get(&path) == place.content("RADERA");
        Told { ended, record, intact }
    }

    /// What is wrong with it, where `left` markers are left on the disks; nothing may be said that is more than that.
    fn wrong(&self, wanted: Wanted, left: u64) -> Option<String> {
        let wrong = match (self.ended.code(), &self.record) {
            (0, _) if left > 0 => "nothing is said to be left",
            (0, _) if wanted == Wanted::Less => "more is said than can be known",
            (0, Some(record)) if verdicts(record) != [1, 0] => "exit 0 without a file that is cleared",
            (0, Some(record)) if record.text("/claim") == "none" => "exit 0 and nothing claimed",
            (3, _) if !self.intact || left < SECTORS => "refused, and the file has changed",
            (4, Some(record)) if verdicts(record) != [0, 1] && !has_certain_residue(record) => {
                "exit 4 without a reason"
            }
            (4, Some(record)) if left > 0 && residue(record).is_empty() => "what is left is not told",
            (3 | 4, _) if wanted == Wanted::Cleared => "this can be proved, and was not",
            (0 | 3 | 4, _) => return None,
            _ => "neither done, nor refused, nor told as less",
        };
        let record = self.record.as_ref().map(|record| &record.json);
        Some(format!("{wrong}: {left} markers are left, intact: {}, {:?}, {record:?}", self.intact, self.ended))
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exits {}", self.ended.code())?;
        let Some(record) = &self.record else { return Ok(()) };
        write!(f, " and claims {}, verdicts {}", record.text("/claim"), record.value("/files/verdicts"))
    }
}

/// Files cleared and verified, and those of which less is told.
fn verdicts(record: &Issued) -> [u64; 2] {
    let of = |name: &str| record.number(&format!("/files/verdicts/{name}"));
    assert_eq!(record.number("/files/count"), 1, "{}", record.json);
    [of("cleared-verified"), of("overwritten-unverified") + of("trimmed-not-overwritten")]
}

fn residue(record: &Issued) -> &[serde_json::Value] {
    record.value("/residue").as_array().expect("a list of what is left")
}

fn has_certain_residue(record: &Issued) -> bool {
    residue(record).iter().any(|residue| residue["certainty"] == "certain")
}

#[test]
fn no_file_is_said_to_be_cleared_that_is_left_below() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let bus = |number: usize| if number < 6 { Bus::Ata } else { Bus::VirtioBlk };
    let disks = DISKS.iter().enumerate();
    let disks = disks.map(|(number, (serial, mib))| Disk::blank(&scratch, serial, mib * MIB).on(bus(number)));
    let disks: Vec<Disk> = disks.collect();
    let mut guest = disks.iter().fold(Machine::new(rig).filesystems(), Machine::disk).boot();
    let station = Station::in_memory(&mut guest);
    let places = places(&mut guest, &disks);
    let mut wrong = Vec::new();
    for place in &places {
        place.plant(&mut guest, rig);
        place.mount(&mut guest);
        guest.must(&format!("/usr/bin/shred -n 1 {}", place.path("SHRED")));
        let told = Told::wipe(&mut guest, &station, &scratch, place, &[]);
        place.unmount(&mut guest);
        let [of_shred, left] = place.left(rig);
        say(&format!(
            "{}: shred leaves {of_shred} of {SECTORS} sectors; radera {told} and {left} are left",
            place.name
        ));
        assert_eq!(of_shred > 0, place.shred_leaves, "{}: shred leaves {of_shred}", place.name);
        wrong.extend(told.wrong(place.wanted, left).map(|why| format!("{}: {why}", place.name)));
        if told.ended.code() != 3 {
            continue;
        }
        place.mount(&mut guest);
        let told = Told::wipe(&mut guest, &station, &scratch, place, &["--accept-trim"]);
        place.unmount(&mut guest);
        let left = place.left(rig)[1];
        say(&format!("{}: radera --accept-trim {told} and {left} are left", place.name));
        wrong.extend(told.wrong(place.wanted, left).map(|why| format!("{} --accept-trim: {why}", place.name)));
    }
    wrong.extend(in_memory(&mut guest, &station));
    guest.power_off();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// On a tmpfs there is no disk to look at: refused, or told as less.
fn in_memory(guest: &mut Guest, station: &Station) -> Option<String> {
    guest.put("/tmp/secret", &marker("TMPFS", 0));
    let refused = station.wipe_file(guest, "/tmp/secret", &[]);
    let is_there = guest.run("[ -e /tmp/secret ]").code() == 0;
    let gone = station.wipe_file(guest, "/tmp/secret", &["--accept-trim"]);
    let fine = refused.code() == 3 && is_there && matches!(gone.code(), 3 | 4);
    (!fine).then(|| format!("tmpfs: {refused:?}, then {gone:?}"))
}
