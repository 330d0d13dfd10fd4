//! The JSON Schemas in `docs/schema`, made from the types themselves. `RADERA_WRITE_SCHEMA=1 cargo test --lib schemas` writes them anew.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use crate::document::{Annex, DeletionCertificate, Record};

fn schema<T: JsonSchema>(title: &str) -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    serde_json::to_string_pretty(&schema).unwrap() + "\n"
}

#[test]
fn the_schemas_in_the_documents_are_those_of_the_types() {
    let all = [
        ("sanitization-record", schema::<Record>(Record::SCHEMA)),
        ("deletion-certificate", schema::<DeletionCertificate>(DeletionCertificate::SCHEMA)),
        ("deletion-annex", schema::<Annex>(Annex::SCHEMA)),
    ];
    for (name, made) in all {
        let path = format!("{}/docs/schema/{name}.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("RADERA_WRITE_SCHEMA").is_some() {
            std::fs::create_dir_all(format!("{}/docs/schema", env!("CARGO_MANIFEST_DIR"))).unwrap();
            std::fs::write(&path, &made).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == made, "{path} is not what the types say; write it anew with RADERA_WRITE_SCHEMA=1");
    }
}
