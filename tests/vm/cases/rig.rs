//! The rig itself: what the other cases rely on.

use crate::support::MIB;
use crate::support::disk::Scratch;
use crate::vm::disk::{Bus, Disk};
use crate::vm::machine::Machine;
use crate::vm::rig::Rig;

#[test]
fn the_machine_boots_and_tells_outputs_and_exit_codes_apart() {
    let Some(rig) = Rig::get() else { return };
    let mut guest = Machine::new(rig).boot();
    let kernel = guest.must("uname -r");
    let built = rig.package("linux-image-").0;
    assert!(built.contains(kernel.trim()), "{kernel} runs, {built} was built");

    let ended = guest.run("echo out; echo err >&2; exit 7");
    assert_eq!((ended.code(), ended.stdout.as_str(), ended.stderr.as_str()), (7, "out\n", "err\n"));
    assert_eq!(guest.run("kill -KILL $$").status.code(), None, "a signal is no exit code");

    // Every byte, in more than one frame and one buffer of the port.
    let bytes: Vec<u8> = (0..=255u8).cycle().take(300_001).collect();
    guest.put("/tmp/bytes", &bytes);
    assert!(guest.get("/tmp/bytes") == bytes, "bytes change on their way");
    assert_eq!(guest.must("wc -c </tmp/bytes").trim(), "300001");
    guest.power_off();
}

#[test]
fn markers_are_counted_where_the_guest_left_them() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let disk = Disk::marked(&scratch, "RIGTRUTH1", Bus::VirtioBlk, 4);
    assert_eq!(disk.truth(rig).marked, disk.truth(rig).total);
    let mut guest = Machine::new(rig).disk(&disk).boot();
    let node = guest.node("RIGTRUTH1");
    let first = guest.must(&format!("head -c 18 {node}"));
    assert_eq!(first, "MARKER RIGTRUTH1 0");
    // Three sectors go whole; of a fourth one byte stays of each repetition but the last.
    guest.must(&format!("dd if=/dev/zero of={node} bs=512 seek=100 count=3 conv=fsync; sync"));
    guest.must(&format!("dd if=/dev/zero of={node} bs=1 seek=102400 count=300 conv=fsync; sync"));
    assert_eq!(disk.truth(rig).marked, disk.truth(rig).total - 3, "a sector that is half gone still counts");
    assert_eq!(disk.truth_in(rig, 100 * 512, 3 * 512).marked, 0);
    guest.power_off();
}

#[test]
fn a_power_cut_loses_what_a_volatile_cache_held_and_nothing_else() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let kept = Disk::marked(&scratch, "RIGKEPT1", Bus::VirtioBlk, 4);
    let lost = Disk::marked(&scratch, "RIGLOST1", Bus::VirtioBlk, 4).with_volatile_cache(rig);
    let mut guest = Machine::new(rig).disk(&kept).disk(&lost).boot();
    for serial in ["RIGKEPT1", "RIGLOST1"] {
        let node = guest.node(serial);
        guest.must(&format!("dd if=/dev/zero of={node} bs=64k count=16 oflag=direct conv=fsync"));
        guest.must(&format!("dd if=/dev/zero of={node} bs=64k seek=16 count=16 oflag=direct"));
    }
    guest.power_cut();
    let marked = |disk: &Disk, first| disk.truth_in(rig, first, MIB).marked;
    assert_eq!((marked(&kept, 0), marked(&kept, MIB)), (0, 0), "a raw image keeps what it was sent");
    assert_eq!((marked(&lost, 0), marked(&lost, MIB)), (0, 2048), "a flush keeps, and only a flush");
    // The next boot finds the drive like that.
    let mut guest = Machine::new(rig).disk(&lost).boot();
    let node = guest.node("RIGLOST1");
    assert_eq!(guest.must(&format!("dd if={node} bs=1M skip=1 count=1 2>/dev/null | head -c 6")), "MARKER");
    guest.power_off();
}
