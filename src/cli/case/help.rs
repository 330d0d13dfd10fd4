//! The long texts of help of `case`.

/// After the long help of `case init`.
pub const INIT: &str = "\
Never over an existing file. --lang da|sv|en chooses the language of the
comments and of the certificate.

Examples:
  radera case init case.toml --profile contract-end --lang da
  radera case init";

/// After the long help of `case add`.
pub const ADD: &str = "\
Comments and order of the file stay as they are. What is there already is not
added twice.

Examples:
  radera case add case.toml --record records/*.json
  radera case add case.toml --certificate theirs.json --subprocessor HOST
  radera case add case.toml --assets list.csv --column serial=SN";

/// After the long help of `case check`.
pub const CHECK: &str = "\
Exits 0 if every applicable row is fulfilled, 4 if not. Changes nothing.

Examples:
  radera case check case.toml --lang sv
  radera --json case check case.toml";

/// After the long help of `case close`.
pub const CLOSE: &str = "\
Issues <id>.json and its signature. Exits 0 for a complete certificate, 4 for an
incomplete one, which says so first.

--concur signs only what checks out: the first signer has to be known, by its
fingerprint with --trust or in keys of the case.

Examples:
  radera case close case.toml --out certificates
  radera case close case.toml --supersede certificates/0123.json
  radera case close case.toml --concur 0123.json --trust FINGERPRINT";
