//! What `plan` says, refuses and asks for.

use super::rig::{Rig, request};
use crate::device::testtree::FakeTree;
use crate::job::{OverwriteChoice, Request, authorize, match_confirmations, plan, plan::assemble};
use crate::media::{
    Bus, Layer, Medium, Method, Node, Rotation, SanitizeState, Support, TechniqueId, Use, UseKind, Zoned, testing,
};
use crate::outcome::Claim;
use crate::problem::Kind;

fn planned(medium: Medium, request: &Request) -> crate::job::Plan {
    assemble(medium, request, "TOKEN".into(), "token").unwrap()
}

#[test]
fn usb_flash_gets_a_pattern_and_its_complement() {
    for (bus, rotation) in [(Bus::Usb, Rotation::Unknown), (Bus::Usb, Rotation::Flash), (Bus::Sd, Rotation::Flash)] {
        let medium = Medium { bus, rotation, ..testing::medium(1 << 20) };
        let plan = planned(medium.clone(), &request());
        assert_eq!(plan.passes.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["random", "random-complement"]);
        assert_eq!(plan.passes[1].pattern, plan.passes[0].pattern.complement());
        let zeros = planned(medium.clone(), &Request { overwrite: OverwriteChoice::Byte(0), ..request() });
        assert_eq!(zeros.passes.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["zeros", "ones"]);
        let scheme = |name: &str| {
            planned(medium.clone(), &Request { overwrite: OverwriteChoice::Scheme(name.into()), ..request() })
        };
        assert!(scheme("vsitr").refusals.is_empty());
        assert_eq!(scheme("gost").refusals.len(), 1, "zeros, then random, has no pattern and complement");
    }
    let disk = Medium { bus: Bus::Usb, rotation: Rotation::Rotational, ..testing::medium(1 << 20) };
    assert_eq!(planned(disk, &request()).passes.len(), 1);
}

#[test]
fn keys_are_never_used_twice() {
    let rig = Rig::new(1 << 20);
    let request = Request { overwrite: OverwriteChoice::Scheme("schneier".into()), ..request() };
    let mut keys: Vec<String> = Vec::new();
    for plan in [rig.plan(&request), rig.plan(&request)] {
        for pass in plan.passes {
            if let crate::pattern::Pattern::Stream { spec, .. } = pass.pattern {
                keys.push(spec.key);
            }
        }
    }
    assert_eq!(keys.len(), 10);
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 10);
}

#[test]
fn purge_is_refused_and_never_becomes_clear() {
    let plan = planned(testing::medium(1 << 20), &Request { method: Method::Purge, ..request() });
    assert_eq!((plan.technique, plan.claim, plan.passes.len()), (None, Claim::None, 0));
    assert_eq!(plan.refusals.len(), 1);
    assert!(plan.refusals[0].todo.contains("no downgrade"), "{:?}", plan.refusals);
}

#[test]
fn the_claim_follows_scope_and_layers() {
    let whole = planned(testing::medium(1 << 20), &request());
    assert_eq!(whole.claim, Claim::Clear);
    assert!(whole.statement.contains("Hidden areas") && whole.statement.contains("unknown"), "{}", whole.statement);
    for bus in [Bus::Nvme, Bus::Mmc] {
        let namespace = planned(Medium { bus, ..testing::medium(1 << 20) }, &request());
        assert_eq!(namespace.claim, Claim::PartialClear);
        assert!(namespace.statement.contains("other namespaces or areas was not examined"), "{}", namespace.statement);
    }
    let partition = planned(Medium { node: Node::Partition, ..testing::medium(1 << 20) }, &request());
    assert_eq!(partition.claim, Claim::PartialClear);
    let layer = Layer { kind: "device-mapper".into(), detail: "thin".into() };
    for node in [Node::Disk, Node::Partition] {
        let layered = Medium { layers: vec![layer.clone()], node, ..testing::medium(1 << 20) };
        let plan = planned(layered, &request());
        assert_eq!(plan.claim, Claim::LogicalOverwrite);
        assert!(plan.statement.contains("device-mapper"), "{}", plan.statement);
    }
}

#[test]
fn media_that_cant_be_overwritten_right_are_refused() {
    let with = |change: fn(&mut Medium)| {
        let mut medium = testing::medium(1 << 20);
        change(&mut medium);
        planned(medium, &request()).refusals
    };
    assert!(with(|_| ()).is_empty());
    assert!(with(|m| m.identity.logical_block_bytes = 4096).is_empty());
    let cases: [fn(&mut Medium); 6] = [
        |m| m.read_only = true,
        |m| m.zoned = Zoned::HostManaged,
        |m| m.zoned = Zoned::Unknown,
        |m| m.identity.logical_block_bytes = 520,
        |m| m.identity.size_bytes += 100,
        |m| m.uses.push(Use { kind: UseKind::Swap, holder: "swap".into(), release: "swapoff".into() }),
    ];
    for (number, case) in cases.into_iter().enumerate() {
        let refusals = with(case);
        assert_eq!(refusals.len(), 1, "case {number}: {refusals:?}");
        assert!(refusals[0].kind == Kind::Refused && !refusals[0].todo.is_empty());
    }
}

#[test]
fn every_holder_is_named() {
    let mut medium = testing::medium(1 << 20);
    for holder in ["/mnt/a", "/mnt/b", "process 12 (dd)"] {
        medium.uses.push(Use { kind: UseKind::Mounted, holder: holder.into(), release: "umount".into() });
    }
    let plan = planned(medium, &request());
    let text = plan.refusals.iter().map(|r| r.what.clone()).collect::<String>();
    assert!(["/mnt/a", "/mnt/b", "process 12 (dd)"].iter().all(|holder| text.contains(holder)), "{text}");
}

#[test]
fn confirmations_are_a_set_and_a_stray_one_refuses_everything() {
    let rig = Rig::new(1 << 20);
    let mut plans = vec![rig.plan(&request()), rig.plan(&request())];
    plans[1].confirm = "OTHER".into();
    let given =
        |texts: &[&str]| match_confirmations(&plans, &texts.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(given(&["OTHER", "SERIAL-0001"]), Ok(vec![true, true]));
    assert_eq!(given(&["OTHER"]), Ok(vec![false, true]));
    assert_eq!(given(&[]), Ok(vec![false, false]));
    assert_eq!(given(&["serial-0001", "OTHER"]).unwrap_err().kind, Kind::Refused);
}

#[test]
fn nothing_is_authorized_unconfirmed_or_refused() {
    let rig = Rig::new(1 << 20);
    let plan = rig.plan(&request());
    let problem = authorize(&rig.station, &plan, false).err().unwrap();
    assert!(problem.kind == Kind::Refused && problem.todo.contains("SERIAL-0001"), "{problem:?}");
    let purge = rig.plan(&Request { method: Method::Purge, ..request() });
    assert_eq!(authorize(&rig.station, &purge, true).err().unwrap().kind, Kind::Refused);
    let zero = rig.plan(&Request { technique: Some(TechniqueId::ZeroOffload), ..request() });
    assert_eq!(authorize(&rig.station, &zero, true).err().unwrap().kind, Kind::Refused);
}

#[test]
fn a_drive_that_does_not_answer_is_not_purged_and_its_plan_says_so() {
    let tree = FakeTree::new();
    let disk = tree.disk("pci0/nvme/nvme0", "nvme0n1", "259:0");
    tree.link(&format!("{disk}/device"), tree.at("sys/devices/pci0/nvme/nvme0"));
    tree.put("sys/devices/pci0/nvme/nvme0/transport", "pcie\n");
    let (path, inventory) = (tree.at("dev/nvme0n1"), tree.inventory());
    // The node is a plain file, which takes no command.
    let medium = inventory.examined(&path).unwrap();
    assert_eq!((medium.bus, medium.node), (Bus::Nvme, Node::Disk));
    let capabilities = medium.capabilities.unwrap();
    assert_eq!((capabilities.sanitize.block, capabilities.sanitize.now), (Support::Unknown, SanitizeState::Unknown));
    assert!(!capabilities.unanswered.is_empty());
    let plan = plan(&inventory, &path, &Request { method: Method::Purge, ..request() }).unwrap();
    assert_eq!(plan.technique, None);
    let [refusal] = plan.refusals.as_slice() else { panic!("{:?}", plan.refusals) };
    assert!(refusal.kind == Kind::Refused && refusal.what.contains("no technique that counts as Purge"), "{refusal:?}");
    // A node that is gone when it is opened was not asked.
    std::fs::remove_file(tree.at("dev/nvme0n1")).unwrap();
    assert!(inventory.examined(&path).map_or(true, |medium| medium.capabilities.is_none()));
    // Nor is what takes no commands.
    tree.disk("virtual", "loop7", "7:7");
    assert_eq!(tree.inventory().examined(&tree.at("dev/loop7")).unwrap().capabilities, None);
}
