//! Free space and swap: what was freed before anybody thought of wiping it.

use super::filesystems::{Ground, Kind, plant};
use super::marks::{Marks, content, letters};
use crate::needs_root;
use crate::support::disk::{Image, Loop, Scratch};
use crate::support::hold::Swap;
use crate::support::radera::{Ended, Radera};
use crate::support::random::Dice;
use crate::support::{MIB, run};

fn free_space(radera: &Radera, directory: &std::path::Path) -> Ended {
    let (out, at) = (radera.out.to_str().unwrap(), directory.to_str().unwrap());
    radera.run(&["wipe", "--free-space", at, "--method", "clear", "--yes", "--out", out])
}

#[test]
fn freed_blocks_are_gone_after_the_free_space_is_filled_and_the_rest_is_as_it_was() {
    needs_root!();
    for kind in [Kind::Ext4, Kind::Xfs] {
        let mut ground = Ground::make(kind, if kind == Kind::Xfs { 300 } else { 64 });
        let radera = Radera::in_scratch(&ground.scratch);
        let mut dice = Dice::new();
        let (freed, kept) = (content(&mut dice, 2048), content(&mut dice, 256));
        let (gone, here) = (ground.at("freed"), ground.at("kept"));
        plant(&gone, &freed);
        plant(&here, &kept);
        std::fs::remove_file(&gone).unwrap();
        run("sync", &["--file-system", ground.mounted().path().to_str().unwrap()]);
        let before: Vec<_> =
            std::fs::read_dir(ground.mounted().path()).unwrap().map(|e| e.unwrap().file_name()).collect();

        let ended = free_space(&radera, ground.mounted().path());
        assert!([0, 4].contains(&ended.code()), "{kind:?}: {ended:?}");
        assert_ne!(ended.record().text("/claim"), "clear", "never a whole medium");
        assert!(std::fs::read(&here).is_ok_and(|now| now == kept), "{kind:?}");
        let after: Vec<_> =
            std::fs::read_dir(ground.mounted().path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(before, after, "{kind:?}: it leaves nothing behind");
        let free = run("stat", &["--file-system", "--format=%a", ground.mounted().path().to_str().unwrap()]);
        assert!(free.parse::<u64>().unwrap() > 1000, "{kind:?}: the space is free again");
        ground.unmount();
        let mut marks = Marks::default();
        let (old, new) = (marks.add(&freed), marks.add(&kept));
        let found = marks.search(ground.image.path());
        assert_eq!(found[old].distinct, 0, "{kind:?}");
        assert_eq!(found[new].distinct, 256, "{kind:?}");
    }
}

/// Linux keeps the end of a last block zero; what an older or foreign system left there is put there by hand.
#[test]
fn the_ends_of_live_files_are_zeroed_when_asked_for_and_the_files_are_as_they_were() {
    needs_root!();
    let mut ground = Ground::make(Kind::Ext4, 64);
    let radera = Radera::in_scratch(&ground.scratch);
    let mut dice = Dice::new();
    let (live, whole) = (ground.at("home/live"), ground.at("home/whole"));
    std::fs::create_dir(ground.at("home")).unwrap();
    // 300 bytes: the last block has seven sectors behind them.
    let text: Vec<u8> = content(&mut dice, 1)[..300].to_vec();
    plant(&live, &text);
    plant(&whole, &content(&mut dice, 8));
    let place = super::scenes::extents(&live)[0].physical;
    let behind = content(&mut dice, 4);
    let mut marks = Marks::default();
    let group = marks.add(&behind);
    ground.image.write_at(place + 1024, &behind);
    let time = std::fs::metadata(&live).unwrap().modified().unwrap();
    let at = ground.mounted().path().to_str().unwrap().to_string();

    let without = free_space(&radera, ground.mounted().path());
    assert_eq!(without.code(), 0, "{without:?}");
    assert_eq!(marks.search(ground.image.path())[group].distinct, 4, "filling free space does not reach it");

    let out = radera.out.to_str().unwrap();
    let words = ["wipe", "--free-space", &at, "--slack", "--method", "clear", "--yes", "--out", out];
    let ended = radera.run(&words);
    assert_eq!(ended.code(), 0, "{ended:?}");
    let record = ended.record();
    let steps = record.json["files"]["steps"].to_string();
    assert!(steps.contains(r#"{"bytes":3796,"step":"slack-overwritten"}"#), "{steps}");
    assert_eq!(radera.check(&record.path, &["--require", "sanitized"]).code(), 0);
    assert_eq!(std::fs::read(&live).unwrap(), text);
    assert_eq!(std::fs::metadata(&live).unwrap().modified().unwrap(), time);
    ground.unmount();
    assert_eq!(marks.search(ground.image.path())[group].distinct, 0);
}

#[test]
fn stopped_while_it_fills_it_gives_the_space_back() {
    needs_root!();
    for signal in ["KILL", "INT"] {
        let ground = Ground::make(Kind::Ext4, 64);
        let radera = Radera::in_scratch(&ground.scratch);
        let at = ground.mounted().path().to_str().unwrap();
        let free = || run("stat", &["--file-system", "--format=%a", at]).parse::<u64>().unwrap();
        let before = free();
        let out = radera.out.to_str().unwrap();
        let words = ["wipe", "--free-space", at, "--method", "clear", "--yes", "--out", out, "--max-rate", "8000000"];
        let mut running = crate::support::radera::Running::start(radera.command(&words));
        running.wait_for_event("started");
        std::thread::sleep(std::time::Duration::from_millis(400));
        running.signal(signal);
        let ended = running.wait();
        assert_ne!(ended.status.code(), Some(0), "{ended:?}");
        run("sync", &["--file-system", at]);
        // The kernel lets go of a killed process' ring, and of what it holds, a moment later.
        crate::support::wait_for("the space to be free again", 10, || free() + 64 >= before);
        let names: Vec<_> = std::fs::read_dir(at).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["lost+found"], "{signal}");
    }
}

#[test]
fn a_swap_area_is_overwritten_and_comes_back_with_its_name() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let radera = Radera::in_scratch(&scratch);
    let image = Image::filled(scratch.join("swap"), 16 * MIB);
    let device = Loop::attach(image.path());
    let secret = content(&mut Dice::new(), 2048);
    image.write_at(4 * MIB, &secret);
    let mut marks = Marks::default();
    let group = marks.add(&secret);
    let label = letters(&mut Dice::new(), 12);
    let swap = Swap::on(device.path());
    drop(swap);
    run("mkswap", &["--force", "--label", &label, device.name()]);
    run("swapon", &[device.name()]);
    let tell = || run("blkid", &["--probe", "--output", "export", device.name()]);
    let before = tell();
    let out = radera.out.to_str().unwrap();
    let ended = radera.run(&["wipe", "--swap", device.name(), "--method", "clear", "--yes", "--out", out]);
    let is_on = std::fs::read_to_string("/proc/swaps").unwrap().contains(device.name());
    let off = crate::support::attempt("swapoff", &[device.name()]);
    assert_eq!(ended.code(), 0, "{ended:?}");
    assert!(is_on && off.status.success(), "it is in use again");
    let value = |text: &str, key: &str| text.lines().find(|line| line.starts_with(key)).map(str::to_string);
    for key in ["UUID=", "LABEL=", "TYPE="] {
        assert!(value(&before, key).is_some());
        assert_eq!(value(&before, key), value(&tell(), key));
    }
    let path = image.path().to_owned();
    device.detach();
    assert_eq!(marks.search(&path)[group].distinct, 0);
    let untouched = std::fs::read(&path).unwrap()[MIB as usize..]
        .chunks(512)
        .filter(|s| s.iter().all(|b| *b == Image::UNTOUCHED))
        .count();
    assert_eq!(untouched, 0, "every sector behind the header was overwritten");
}

#[test]
fn a_swap_area_that_is_stopped_halfway_stays_out_of_use_until_it_is_resumed() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let radera = Radera::in_scratch(&scratch);
    let image = Image::filled(scratch.join("swap"), 16 * MIB);
    let device = Loop::attach(image.path());
    let swap = Swap::on(device.path());
    drop(swap);
    run("mkswap", &["--force", "--label", "halfway", device.name()]);
    let priority = || {
        let swaps = std::fs::read_to_string("/proc/swaps").unwrap();
        let line = swaps.lines().find(|line| line.split_whitespace().next() == Some(device.name()))?;
        line.split_whitespace().last().map(str::to_string)
    };
    let uuid = || run("blkid", &["--probe", "--output", "value", "--match-tag", "UUID", device.name()]);
    let before = uuid();
    run("swapon", &["--priority", "7", device.name()]);

    let planned = radera.run(&["plan", "--swap", device.name(), "--method", "clear"]);
    let plan = planned.lines().pop().unwrap();
    let said = (planned.code(), plan["swap"]["uuid"].as_str(), plan["swap"]["label"].as_str());
    assert_eq!(said, (0, Some(before.trim()), Some("halfway")), "{planned:?}");
    assert_eq!((&plan["swap"]["active"], &plan["swap"]["priority"]), (&true.into(), &7.into()), "{planned:?}");
    let out = radera.out.to_str().unwrap();
    for refused in [
        vec!["wipe", "--swap", device.name(), "--method", "clear", "--out", out],
        vec!["wipe", "--swap", device.name(), "--method", "clear", "--confirm", "ERASE-00000000", "--out", out],
        vec!["wipe", "--swap", device.name(), "--method", "purge", "--yes", "--out", out],
    ] {
        assert_eq!(radera.run(&refused).code(), 3, "{refused:?}");
    }
    let keeps = radera.run(&["wipe", "--swap", device.name(), "--method", "clear", "--yes", "--keep", "--out", out]);
    assert_eq!(keeps.code(), 2, "{keeps:?}");
    assert_eq!((priority().as_deref(), uuid()), (Some("7"), before.clone()), "nothing changed");

    let words = ["wipe", "--swap", device.name(), "--method", "clear", "--yes", "--out", out, "--max-rate", "8000000"];
    let mut running = crate::support::radera::Running::start(radera.command(&words));
    running.wait_for_progress(4 * MIB);
    running.signal("INT");
    let stopped = running.wait();
    let code = stopped.status.code();
    let while_stopped = priority();
    let resumed = radera.resume();
    let (after, now) = (priority(), uuid());
    let _ = crate::support::attempt("swapoff", &[device.name()]);
    assert_eq!((code, while_stopped), (Some(6), None), "{stopped:?}");
    assert_eq!((resumed.code(), after.as_deref(), now), (0, Some("7"), before), "{resumed:?}");
    assert!(resumed.said().contains("made anew as swap"), "{resumed:?}");
}

/// Not a swap area, or not one in use by name: refused, nothing changed.
#[test]
fn what_is_no_swap_area_is_refused() {
    needs_root!();
    let scratch = Scratch::with_room(32);
    let radera = Radera::in_scratch(&scratch);
    let image = Image::filled(scratch.join("other"), 8 * MIB);
    let device = Loop::attach(image.path());
    let before = image.digest();
    let out = radera.out.to_str().unwrap();
    let ended = radera.run(&["wipe", "--swap", device.name(), "--method", "clear", "--yes", "--out", out]);
    assert!([1, 3].contains(&ended.code()), "{ended:?}");
    assert!(ended.said().contains("swap"), "{ended:?}");
    assert_eq!(image.digest(), before);
}
