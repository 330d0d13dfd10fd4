//! A SoftHSM token of the test's own: what a smart card or an HSM is to radera.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::pki::Identity;

/// The user PIN of every token.
pub const PIN: &str = "271828";
const OFFICER_PIN: &str = "31415926";
const PLACES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
];

/// A token in a directory; the process under test finds it by `SOFTHSM2_CONF`.
pub struct Token {
    pub label: String,
    pub module: PathBuf,
    /// The user PIN, in a file that only its owner reads.
    pub pin_file: PathBuf,
    configuration: PathBuf,
}

impl Token {
    /// An empty token named `label`; `directory` is nobody else's.
    pub fn new(directory: &Path, label: &str) -> Self {
        let module = PLACES.iter().map(PathBuf::from).find(|p| p.exists());
        let module = module.unwrap_or_else(|| panic!("libsofthsm2.so is at none of {PLACES:?}"));
        let tokens = directory.join("tokens");
        std::fs::create_dir_all(&tokens).unwrap();
        let configuration = directory.join("softhsm2.conf");
        let text =
            format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
        std::fs::write(&configuration, text).unwrap();
        let pin_file = directory.join("pin");
        std::fs::write(&pin_file, format!("{PIN}\n")).unwrap();
        private(&pin_file);
        let token = Token { label: label.into(), module, pin_file, configuration };
        token
            .run("softhsm2-util", &["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", OFFICER_PIN]);
        token
    }

    /// What a process needs in its environment to find the token.
    pub fn environment(&self) -> (&'static str, &Path) {
        ("SOFTHSM2_CONF", &self.configuration)
    }

    /// Puts in `identity`'s key and certificate as `object`, with `id` in hexadecimal.
    pub fn import(&self, identity: &Identity, object: &str, id: &str) {
        let key = identity.key.to_str().unwrap();
        let words = ["--import", key, "--token", &self.label, "--label", object, "--id", id, "--pin", PIN];
        self.run("softhsm2-util", &words);
        self.write_certificate(&identity.der(), object, id);
    }

    /// Puts in a certificate alone.
    pub fn write_certificate(&self, der: &Path, object: &str, id: &str) {
        let der = der.to_str().unwrap();
        self.tool(&["--write-object", der, "--type", "cert", "--label", object, "--id", id]);
    }

    /// Puts in the key alone, so that no certificate answers to it.
    pub fn import_key(&self, identity: &Identity, object: &str, id: &str) {
        let key = identity.key.to_str().unwrap();
        self.run(
            "softhsm2-util",
            &["--import", key, "--token", &self.label, "--label", object, "--id", id, "--pin", PIN],
        );
    }

    /// What stands on the token, as pkcs11-tool lists it.
    pub fn objects(&self) -> String {
        self.tool(&["--list-objects"])
    }

    /// A file with a PIN that the token refuses.
    pub fn wrong_pin_file(&self) -> PathBuf {
        let path = self.pin_file.with_file_name("wrong-pin");
        std::fs::write(&path, "000000\n").unwrap();
        private(&path);
        path
    }

    /// Whether the token signs with the key `id` by its user PIN, and what pkcs11-tool said.
    pub fn signs(&self, id: &str, mechanism: &str) -> (bool, String) {
        let input = self.pin_file.with_file_name("to-sign");
        std::fs::write(&input, [7; 32]).unwrap();
        let (input, output) = (input.to_str().unwrap(), self.pin_file.with_file_name("signed"));
        let words = ["--sign", "--mechanism", mechanism, "--id", id, "--input-file", input, "--output-file"];
        let mut command = self.tool_command(&[&words[..], &[output.to_str().unwrap()]].concat());
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn tool(&self, words: &[&str]) -> String {
        finish(self.tool_command(words))
    }

    fn tool_command(&self, words: &[&str]) -> Command {
        let mut command = self.command("pkcs11-tool");
        command
            .arg("--module")
            .arg(&self.module)
            .args(["--token-label", &self.label, "--login", "--pin", PIN])
            .args(words);
        command
    }

    fn run(&self, program: &str, words: &[&str]) -> String {
        let mut command = self.command(program);
        command.args(words);
        finish(command)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env(self.environment().0, self.environment().1);
        command
    }
}

fn finish(mut command: Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?} could not be run: {e}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Nobody but its owner may read a PIN.
pub fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
