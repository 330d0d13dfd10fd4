//! What openssl says: another hand than the code under test.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::attempt;

/// The AES-128-CTR keystream of `key` (hexadecimal) at byte `offset`, a multiple of 16: counter block = offset / 16.
pub fn keystream(key: &str, offset: u64, bytes: usize) -> Vec<u8> {
    assert_eq!(offset % 16, 0, "offset {offset} is inside a cipher block");
    let counter = format!("{:032x}", offset / 16);
    let mut child = Command::new("openssl")
        .args(["enc", "-aes-128-ctr", "-K", key, "-iv", &counter])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl");
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || stdin.write_all(&vec![0; bytes]));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    assert!(output.status.success(), "openssl enc");
    assert_eq!(output.stdout.len(), bytes);
    output.stdout
}

/// Whether `openssl cms -verify` accepts the detached signature over exactly those bytes, and what it said.
pub fn accepts(json: &Path, signature: &Path, signing_certificate: &Path) -> (bool, String) {
    let output = attempt(
        "openssl",
        &[
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            signature.to_str().unwrap(),
            "-content",
            json.to_str().unwrap(),
            "-CAfile",
            signing_certificate.to_str().unwrap(),
            "-purpose",
            "any",
            "-out",
            "/dev/null",
        ],
    );
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A detached signature over `content` by `identity`, its chain with it, written to `out`.
pub fn sign(content: &Path, identity: &super::pki::Identity, out: &Path) {
    let text = |path: &Path| path.to_str().unwrap().to_string();
    let (content, out) = (text(content), text(out));
    let (key, certificate, chain) = (text(&identity.key), text(&identity.certificate), text(&identity.chain));
    let words =
        ["cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER", "-in", &content, "-out", &out];
    let by = ["-signer", &certificate, "-inkey", &key, "-certfile", &chain];
    super::run("openssl", &[&words[..], &by].concat());
}

/// Whether `openssl ts -verify` accepts `token` for `data` under the authority `root`, and what it said.
pub fn accepts_stamp(token: &Path, data: &Path, root: &Path) -> (bool, String) {
    let [token, data, root] = [token, data, root].map(|path| path.to_str().unwrap());
    let output = attempt("openssl", &["ts", "-verify", "-token_in", "-in", token, "-data", data, "-CAfile", root]);
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}
