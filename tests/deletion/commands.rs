//! `case check`, `case close`, `certificate check` and `certificate show`, as a user runs them.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::desk::*;

struct Shop {
    desk: Desk,
}

impl Shop {
    fn new(case: &Value) -> Self {
        let shop = Shop { desk: Desk::new() };
        shop.write(case);
        shop
    }

    fn write(&self, case: &Value) {
        std::fs::write(self.desk.at("case.toml"), toml(case)).unwrap();
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radera"));
        command.arg("--state").arg(self.desk.dir.path().join("state")).args(words);
        command.output().unwrap()
    }

    fn told(&self, words: &[&str], code: i32) -> String {
        let output = self.run(words);
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {text}");
        text
    }

    fn json(&self, words: &[&str], code: i32) -> Value {
        let text = self.told(&[&["--json"], words].concat(), code);
        serde_json::from_str(text.lines().last().unwrap()).unwrap_or_else(|e| panic!("{e}: {text}"))
    }

    fn toml(&self) -> String {
        self.desk.at("case.toml").to_str().unwrap().into()
    }
}

#[test]
fn the_table_says_first_whether_it_is_complete_in_three_languages() {
    let shop = Shop::new(&case());
    let toml = shop.toml();
    for (language, status, row) in [
        ("en", "Every applicable point is fulfilled", "Security-approved erasure tool"),
        ("da", "Alle relevante punkter er opfyldt", "Sikkerhedsgodkendt sletteværktøj"),
        ("sv", "Samtliga tillämpliga punkter är uppfyllda", "Säkerhetsgodkänt raderingsverktyg"),
    ] {
        let text = shop.told(&["--lang", language, "case", "check", &toml], 0);
        assert!(text.lines().nth(1).unwrap().starts_with(status) && text.contains(row), "{text}");
    }
    let value = shop.json(&["case", "check", &toml], 0);
    assert_eq!((&value["status"], value["rows"].as_array().unwrap().len()), (&json!("complete"), 8));

    shop.write(&case_with(|c| drop(c["items"][0].as_object_mut().unwrap().remove("erased"))));
    let text = shop.told(&["case", "check", &toml], 4);
    assert!(text.lines().nth(1).unwrap().starts_with("Not every point is fulfilled"), "{text}");
    assert!(text.contains("disk-of-kim: Missing") && text.contains("What to do:"), "{text}");
    let value = shop.json(&["case", "check", &toml], 4);
    assert_eq!(value["items"][0]["outcome"], "missing");
}

#[test]
fn a_case_is_closed_checked_shown_replaced_and_signed_twice() {
    let shop = Shop::new(&case());
    let (toml, out) = (shop.toml(), shop.desk.out());
    let out = out.to_str().unwrap();
    let closed = shop.json(&["case", "close", &toml, "--out", out, "--split"], 0);
    let certificate = closed["certificate"].as_str().unwrap().to_string();
    assert!(Path::new(closed["annex"].as_str().unwrap()).exists() && closed["status"] == "complete");

    let checked = shop.json(&["certificate", "check", &certificate, "--require", "complete"], 0);
    assert_eq!((&checked["status"], &checked["derived_again"]), (&json!("complete"), &json!(true)));
    assert_eq!(checked["validation"], "awaiting decision");
    let text = shop.told(&["--lang", "da", "certificate", "check", &certificate], 0);
    assert!(text.contains("Sletteerklæring") && text.contains("Afventer stillingtagen"), "{text}");
    assert!(shop.told(&["certificate", "show", &certificate], 0).contains("Deletion certificate"));
    shop.told(&["certificate", "check", &certificate, "--require", "sanitized"], 7);

    let later = shop.json(&["case", "close", &toml, "--out", out, "--supersede", &certificate], 0);
    let text = std::fs::read_to_string(later["certificate"].as_str().unwrap()).unwrap();
    let page: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(page["supersedes"], closed["digest"]);

    shop.told(&["case", "close", &toml, "--concur", &certificate], 3);
    let second = Desk::new();
    let state = second.dir.path().join("state");
    let mut command = Command::new(env!("CARGO_BIN_EXE_radera"));
    command.arg("--state").arg(&state).args(["case", "close", &toml, "--concur", &certificate, "--trust"]);
    let output = command.arg(shop.desk.press.signer.fingerprint()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(shop.told(&["certificate", "check", &certificate], 0).contains(&second.press.signer.fingerprint()));

    std::fs::write(&certificate, std::fs::read_to_string(&certificate).unwrap().replace("complete", "Complete"))
        .unwrap();
    shop.told(&["certificate", "check", &certificate], 7);
    shop.told(&["certificate", "show", &certificate], 7);
}

#[test]
fn an_incomplete_certificate_says_so_first_and_what_bars_it() {
    let shop = Shop::new(&case_with(|c| c["items"][0]["categories"] = json!(["national-id"])));
    let (toml, out) = (shop.toml(), shop.desk.out());
    let text = shop.told(&["case", "close", &toml, "--out", out.to_str().unwrap()], 4);
    assert!(text.starts_with("Not every point is fulfilled") && text.contains("12-b"), "{text}");
    let file = std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().path()).find(|p| p.extension().unwrap() == "json");
    let file = file.unwrap();
    shop.told(&["certificate", "check", file.to_str().unwrap()], 0);
    shop.told(&["certificate", "check", file.to_str().unwrap(), "--require", "complete"], 7);
}

#[test]
fn a_case_file_with_faults_is_not_closed() {
    let shop = Shop::new(&case_with(|c| c["processor"]["number"] = json!("25313764")));
    let (toml, out) = (shop.toml(), shop.desk.out());
    let text = shop.told(&["case", "close", &toml, "--out", out.to_str().unwrap()], 1);
    assert!(text.contains("CVR"), "{text}");
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}
