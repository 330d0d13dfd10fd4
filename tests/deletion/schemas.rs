//! Real documents hold to the published schemas, by a validator that is not ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::desk::*;
use super::skip;

const VALIDATE: &str = "
import json, sys
from jsonschema import Draft202012Validator
schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
errors = list(Draft202012Validator(schema).iter_errors(json.load(open(sys.argv[2]))))
print('; '.join(e.json_path + ': ' + e.message[:200] for e in errors[:5]))
sys.exit(3 if errors else 0)
";

fn schema(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/schema").join(format!("{name}.json"))
}

/// Whether it holds to the schema, and what was said.
fn valid(name: &str, document: &Path) -> (bool, String) {
    let output = Command::new("python3").args(["-c", VALIDATE]).arg(schema(name)).arg(document).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 3)), "{told}");
    (output.status.code() == Some(0), told)
}

#[test]
fn records_certificates_and_annexes_hold_to_the_published_schemas() {
    let there = Command::new("python3").args(["-c", "import jsonschema"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        return skip::skip("not installed: the Python module jsonschema");
    }
    let desk = Desk::new();
    let incomplete = case_with(|c| c["items"][0]["categories"] = json!(["national-id"]));
    for case in [case(), incomplete] {
        for split in [false, true] {
            let closed = desk.close(&case, split);
            let (holds, told) = valid("deletion-certificate", &closed.issued.json);
            assert!(holds, "{told}");
            if let Some(annex) = &closed.annex {
                let (holds, told) = valid("deletion-annex", annex);
                assert!(holds, "{told}");
            }
        }
    }
    let (holds, told) = valid("sanitization-record", &desk.at("record.json"));
    assert!(holds, "{told}");

    // What is no such document does not hold to them.
    let closed = desk.close(&case(), false);
    let good: Value = serde_json::from_slice(&std::fs::read(&closed.issued.json).unwrap()).unwrap();
    let wrong: [fn(&mut Value); 5] = [
        |v| drop(v.as_object_mut().unwrap().remove("status")),
        |v| v["status"] = json!("perfect"),
        |v| v["conformity"][0]["result"] = json!(1),
        |v| v["counts"][0]["items"] = json!("one"),
        |v| v["annex"]["document"]["case"]["items"][0]["kind"] = json!("cloud of dust"),
    ];
    for (number, change) in wrong.iter().enumerate() {
        let mut document = good.clone();
        change(&mut document);
        let path = desk.dir.path().join("wrong.json");
        std::fs::write(&path, document.to_string()).unwrap();
        assert!(!valid("deletion-certificate", &path).0, "change {number}");
    }
    assert!(!valid("sanitization-record", &closed.issued.json).0);
}
