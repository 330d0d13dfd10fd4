//! The long texts of help: examples and exit codes. Lines of at most 80 columns.

/// What the program is.
pub const ABOUT: &str = "\
Erase data so that it can be proved: overwrite a disk, partition, USB stick or \
single files (NIST SP 800-88 Clear), or have the drive erase itself (Purge), read \
it back, and issue a signed record that anybody can check. At a contract's end, \
issue the deletion certificate that answers for all of it.";

/// One line an exit code.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  every target sanitized by the method asked for, and verified
  1  an error before that target was changed
  2  usage
  3  refused, that target unchanged: in use, not confirmed, or not available
  4  done with exceptions: blocks not written or read, or not verified; or a
     case that is not complete
  5  failed: something was changed and the target is not sanitized, or its
     state is unknown
  6  interrupted: `radera resume` can go on
  7  a record or signature does not check out, or lacks what --require asks
  8  the signature holds, but nothing says whose key it is (see --trust)
With several targets the worst decides, by how much data may remain:
5, 6, 1, 3, 4, 0."
    };
}

/// After the long help of `radera`.
pub const ROOT: &str = concat!(
    "\
Examples:
  radera list
  radera plan /dev/sdX --method clear
  radera wipe /dev/sdX --method clear --confirm SERIAL --out records
  radera wipe /srv/customer-17 --method clear --yes --out records
  radera certificate check records/*.json --require sanitized
  radera case init case.toml --profile contract-end --lang da
  radera demo

",
    exit_codes!()
);

/// After the long help of `list`.
pub const LIST: &str = "\
Opens nothing exclusively and changes nothing. What can't be found out counts
as in use.

Examples:
  radera list
  radera --json list";

/// After the long help of `show`.
pub const SHOW: &str = "\
Opens nothing exclusively and changes nothing. Asks the drive itself what it can
do: which sanitize commands, hidden areas, namespaces, health.

Examples:
  radera show /dev/sdX
  radera --json show /dev/disk/by-id/usb-...";

/// After the long help of `plan`.
pub const PLAN: &str = concat!(
    "\
Exits 0 if `wipe` would go ahead, 3 if it would refuse. Says of every technique
why it is taken or rejected, and what the standards count it as.

Examples:
  radera plan /dev/sdX --method clear
  radera plan /dev/nvmeXn1 --method purge
  radera --json plan /dev/sdX --method clear --scheme dod-e
  radera plan /srv/customer-17 --method clear

",
    exit_codes!()
);

/// After the long help of `wipe`.
pub const WIPE: &str = concat!(
    "\
Writes <id>.json (the record), <id>.json.p7s (its signature, CMS) and <id>.pdf
(the same for people, signed; --lang) for each target. Ctrl-C stops cleanly; `radera resume` goes on. An erase that the drive
carries out (--method purge) reaches all of the drive, every namespace of it
included, and goes on without this program; `radera resume` joins it. Such erases
were tried on emulated drives only, not on hardware.

Files and directories are overwritten in place, read back from the block device
underneath, renamed and removed; symbolic links are removed and never followed.
Where a filesystem keeps the content elsewhere (copy-on-write, snapshots, a
journal of data), nothing is begun, and the way out is named. What is left (names,
earlier versions ...) stands in the record. <id>.files.jsonl lists the files by
keyed digest.

Examples:
  radera wipe /dev/sdX --method clear
  radera wipe /dev/sdX /dev/sdY --method clear --confirm S1 --confirm S2
  radera wipe /dev/sdX1 --method clear --pattern zeros --verify sampled
  radera wipe /dev/nvmeXn1 --method purge --confirm SERIAL
  radera wipe /srv/customer-17 export.csv --method clear --yes --out records
  radera wipe --free-space /srv --method clear --yes --out records
  radera wipe --swap /dev/sdX2 --method clear --yes --out records

",
    exit_codes!()
);

/// After the long help of `verify`.
pub const VERIFY: &str = concat!(
    "\
Reads only. Refuses a medium that is not the record's. Ctrl-C ends it with 6;
run it again then.

Examples:
  radera verify /dev/sdX --record 0123.json
  radera verify /dev/sdX --record 0123.json --verify sampled --seed new

",
    exit_codes!()
);

/// After the long help of `resume`.
pub const RESUME: &str = concat!(
    "\
Goes on only where the same medium is back, and issues a record of its own that
supersedes the earlier one. A job that nobody will go on with (its medium is
gone, or in use again) is closed with --give-up and the job's id, which `resume`
prints.

Examples:
  radera resume
  radera resume /dev/sdX --out records

",
    exit_codes!()
);

/// After the long help of `demo`.
pub const DEMO: &str = "\
As root it makes a loop device with an ext4 filesystem; otherwise a plain file
that goes through the same engine. It plants recognisable files, wipes,
verifies, signs, checks the signature, and looks for what was planted. Exits 0
only if everything held. Leaves nothing behind, unless --keep is given.

Examples:
  sudo radera demo
  radera demo --keep /var/tmp/radera-demo";

/// After the long help of `certificate render`.
pub const RENDER: &str = concat!(
    "\
The PDF is made from the signed document alone: the same document gives the same
pages, on any machine. The document and its signature are attached to it.

Examples:
  radera certificate render 0123.json --lang da
  radera certificate render 0123.json --form label --out label.pdf

",
    exit_codes!()
);

/// After the long help of `key show` and `key use`.
pub const KEY: &str = "\
The PIN or password of a key is asked for on the terminal, or read from the file
that --pin-file names; it is never given on the command line. `key use` with
--pin-file keeps the file's path, for stations where nobody types.

Examples:
  radera key show --pem
  radera key import organisation.p12
  radera key use own
  radera key use pkcs11 --module /usr/lib/softhsm/libsofthsm2.so --token seal";

/// After the long help of `certificate check`.
pub const CHECK: &str = concat!(
    "\
Of a PDF the signed document that is attached is checked, the signature of the
PDF, and the pages against the document. An authentic record of a failed job
checks out with 0 unless --require asks for more.

Examples:
  radera certificate check 0123.json
  radera certificate check 0123.pdf --lang sv --report checked.pdf
  radera certificate check *.json --trust sha256:... --require sanitized

",
    exit_codes!()
);
