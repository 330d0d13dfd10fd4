//! The texts of the cases and the papers beside them.

use super::CASE;

/// Papers that lie beside the case. Their words are nobody's business but the reader's.
pub const PAPERS: &[(&str, &str)] = &[
    ("aftale.txt", "databehandleraftale"),
    ("meddelelse.txt", "sletning, meddelt"),
    ("instruks.txt", "slet alt"),
    ("videresendt.txt", "instruksen, videresendt"),
    ("arkiv.txt", "intet skal arkiveres"),
    ("vaerktoej.txt", "radera er godkendt"),
    ("erklaering.txt", "fortegnelsen er udtømmende"),
    ("accept.txt", "vi accepterer"),
    ("destruktion.txt", "makuleret"),
    ("kvittering.txt", "modtaget"),
    ("noegler.txt", "fingeraftryk"),
    ("underleverandoer.txt", "vi har slettet"),
];

/// What every case here shares: parties, agreements, papers.
pub fn head(processor: &str, number: &str, instruction: &str) -> String {
    format!(
        r#"
schema = "radera/case/1"
id = "{CASE}"
profile = "contract-end"
language = "da"

[controller]
name = "Kommunen"
address = "Egevangen 3 B, 2980 Kokkedal"
country = "DK"
number = "29188335"

[processor]
name = "{processor}"
address = "Vejen 1, 1000 København"
country = "DK"
number = "{number}"

[agreements]
end = 2024-04-15

[agreements.main]
title = "Hovedaftale"
reference = "2022/117"

[agreements.processing]
title = "Databehandleraftale"
date = 2022-05-01
document = {{ file = "aftale.txt" }}

[notice]
date = 2024-03-01
by = {{ name = "K. Ommune" }}
choice = "return-and-delete"
document = {{ file = "meddelelse.txt" }}

[instruction]
reference = "I-1"
date = 2024-03-01
by = {{ name = "K. Ommune" }}
choice = "return-and-delete"
document = {{ file = "{instruction}" }}

[archive]
date = 2024-03-02
by = {{ name = "A. Rkivar" }}
document = {{ file = "arkiv.txt" }}

[[tool_approvals]]
tool = "radera"
version = "{}"
media = ["virtual"]
methods = ["clear"]
date = 2024-03-02
until = 2099-12-31
by = {{ name = "K. Ommune" }}
document = {{ file = "vaerktoej.txt" }}

[[systems]]
id = "FAG"
name = "Fagsystem"
categories = ["general"]

[[locations]]
id = "HAL"
address = "Hallen"
country = "DK"
"#,
        env!("CARGO_PKG_VERSION")
    )
}

pub const SIX: &str = r#"
[inventory]
date = 2024-06-01
by = { name = "L. Everandør" }
document = { file = "erklaering.txt" }
none = ["export", "test-data", "usb-key", "external-disk", "portable", "phone", "home-machine", "home-print", "mail", "usage-log", "paper"]

[[items]] # the database server
id = "M1"
kind = "medium"
media = "virtual"
asset = "P-1"
systems = ["FAG"]
location = "HAL"
last_used = 2024-04-15

[[items]] # its data went back to the municipality
id = "M2"
kind = "medium"
media = "virtual"
asset = "P-2"
systems = ["FAG"]
location = "HAL"
last_used = 2024-04-15

[[items]]
id = "M3"
kind = "medium"
media = "magnetic-disk"
systems = ["FAG"]
destroyed = { date = 2024-05-02, how = "shredded", by = "Makulator", witness = "V. Idne", place = "Farum", document = { file = "destruktion.txt" } }

[[items]]
id = "M4"
kind = "medium"
media = "magnetic-disk"
asset = "P-4"
retained = { what = "fakturaer", act = "Bogføringsloven", section = "§ 12", until = 2099-12-31, responsible = { name = "B. Ogholder" } }

[[items]]
id = "M5"
kind = "medium"
media = "virtual"
asset = "P-5"
systems = ["FAG"]
last_used = 2024-04-15

[[items]]
id = "M6"
kind = "medium"
media = "virtual"
asset = "P-6"
systems = ["FAG"]
last_used = 2024-04-15

[[items]]
id = "B1"
kind = "backup"
media = "virtual"
asset = "P-7"
systems = ["FAG"]
last_used = 2024-04-15

[[items]]
id = "B2"
kind = "backup"
media = "virtual"
asset = "P-8"
systems = ["FAG"]
last_used = 2024-04-15
pending = { until = 2099-12-31, why = "immutable" }

[[returns]]
id = "R1"
date = 2024-04-20
what = "databasen"
sources = ["M2"]
receipt = { file = "kvittering.txt" }

[[acceptances]] # loop devices are virtual: nothing can be said of what lies below
id = "A1"
what = "level"
of = ["M1", "M2", "M5", "M6", "B1", "B2"]
date = 2024-06-02
by = { name = "K. Ommune" }
document = { file = "accept.txt" }

[[subprocessors]]
id = "U1"
party = { name = "Under ApS", address = "Gaden 2", country = "DK", number = "10150817" }
forwarded = { date = 2024-03-03, document = { file = "videresendt.txt" } }
certificate = "under.json"

[[subprocessors]]
id = "U2"
party = { name = "Drift A/S", address = "Gaden 3", country = "DK", number = "61056416" }
forwarded = { date = 2024-03-03, document = { file = "videresendt.txt" } }
declaration = { date = 2024-05-01, by = { name = "U. Toerdig" }, document = { file = "underleverandoer.txt" } }

[[subprocessors]]
id = "U3"
party = { name = "Print I/S", address = "Gaden 4", country = "DK", number = "20342781" }
"#;

/// A sub-processor's whole case: one disk, shredded.
pub const UNDER: &str = r#"
[inventory]
date = 2024-06-01
by = { name = "U. Nder" }
document = { file = "erklaering.txt" }
none = ["backup", "export", "test-data", "usb-key", "external-disk", "portable", "phone", "home-machine", "home-print", "mail", "usage-log", "paper"]
no_subprocessors = true

[[items]]
id = "D1"
kind = "medium"
media = "magnetic-disk"
systems = ["FAG"]
location = "HAL"
destroyed = { date = 2024-05-02, how = "shredded", by = "Makulator", witness = "V. Idne", place = "Farum", document = { file = "destruktion.txt" } }
"#;
