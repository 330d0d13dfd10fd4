//! The list of files that belongs to a record, where it lies beside it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{Checked, Says};
use crate::document::{MANIFEST_LINE, ManifestSums, is_id};
use crate::problem::ExitCode;
use crate::words::{Finding, Told};

/// The topic of the finding.
pub const TOPIC: &str = "manifest";

/// Looks for the list of files and holds it against the record. One that differs makes it 7; one that is not there is told.
pub fn look(found: &mut Checked) {
    let Says::Record(record) = &found.says else { return };
    // Nothing is opened for a record that does not hold.
    if found.exit_code == ExitCode::NotAuthentic || !is_id(&record.id) {
        return;
    }
    let Some((files, said)) = record.files.as_ref().and_then(|files| Some((files, files.manifest.as_ref()?))) else {
        return;
    };
    let name = format!("{}.files.jsonl", record.id);
    let directory = found.file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let path = directory.join(&name);
    let told = |code| Told::new(code).with("file", &name);
    // Nothing but a plain file is opened: a FIFO would never end.
    if !path.is_file() {
        found.findings.push(Finding::of(TOPIC, Err(told("manifest-missing"))));
        return;
    }
    let read = File::open(&path).and_then(|file| sums(&mut BufReader::new(file)));
    let finding = match read {
        Err(why) => Err(why.to_string()),
        Ok((digest, _)) if digest != said.digest => Err("its digest is another".into()),
        Ok((_, Err(why))) => Err(why),
        Ok((_, Ok(sums))) => sums.against(files).map(|()| sums.files().total()),
    };
    let finding = match finding {
        Ok(count) => Finding::of(TOPIC, Ok(told("manifest-is").with("files", count))),
        Err(why) => Finding::of(TOPIC, Err(told("manifest-differs").with("why", why))),
    };
    found.must(finding);
}

/// Digest of all bytes of a list, and what its lines add up to or why they do not. Holds no more than a line.
fn sums(list: &mut impl BufRead) -> io::Result<(String, Result<ManifestSums, String>)> {
    let (mut digest, mut sums, mut line) = (Sha256::new(), Ok(ManifestSums::default()), Vec::new());
    loop {
        line.clear();
        // One byte more than a line may have, and its line feed.
        list.by_ref().take(MANIFEST_LINE as u64 + 2).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            break;
        }
        digest.update(&line);
        sums = sums.and_then(|mut sums: ManifestSums| match line.strip_suffix(b"\n") {
            Some(text) => sums.add_text(text).map(|()| sums),
            None => Err("a line of it is too long or has no end".into()),
        });
    }
    let digits: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((format!("sha256:{digits}"), sums))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::document::ManifestLine;
    use crate::outcome::FileVerdict;

    #[test]
    fn a_list_is_read_line_by_line_and_hostile_lines_end_it() {
        let one = ManifestLine {
            name: "0a".repeat(32),
            path: None,
            bytes: 9,
            verdict: FileVerdict::ClearedVerified,
            extents: vec![[0, 4096]],
            continued: false,
        };
        let good = one.lines().unwrap().join("\n") + "\n";
        let twice = good.repeat(2);
        let (digest, found) = sums(&mut twice.as_bytes()).unwrap();
        assert_eq!(digest, crate::certificate::sha256_text(twice.as_bytes()));
        assert_eq!(found.unwrap().extents(), (2, 8192));
        let long = format!("{good}{}\n{good}", " ".repeat(4 << 20));
        for bad in [good.trim_end(), &format!("{good}\n"), &long, "{\"name\":1}\n", &good.replace("name", "nom")] {
            let (digest, found) = sums(&mut bad.as_bytes()).unwrap();
            assert_eq!(digest, crate::certificate::sha256_text(bad.as_bytes()), "all of it is digested");
            assert!(found.is_err(), "{:?}", &bad[..bad.len().min(99)]);
        }
        assert!(sums(&mut &b""[..]).unwrap().1.is_ok());
    }
}
