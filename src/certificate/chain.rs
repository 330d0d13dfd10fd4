//! From a certificate to one that is trusted (RFC 5280 §6.1): names, dates, authorities, purposes and signatures of each step.
//!
//! Fails closed: name constraints and critical extensions that are not understood end a path. Revocation is not looked at: there is no
//! network to ask, and a signature does not carry it.

use x509_cert::Certificate;

use super::x509::{self, Purpose};

/// The most certificates of a path, the trusted one included.
const LONGEST: usize = 8;
/// The most signatures that are checked for one path, so that a heap of look-alikes takes no time.
const MOST_CHECKS: usize = 64;
/// The most reasons that are told.
const MOST_REASONS: usize = 4;

struct Search<'a> {
    between: &'a [Certificate],
    anchors: &'a [Certificate],
    at: u64,
    purpose: Purpose,
    left: usize,
    reasons: Vec<String>,
}

/// The trusted certificate that a path over some of `between` leads to from `leaf`, every step of it valid at `at` (seconds since 1970).
///
/// # Errors
/// Why there is none, as far as it is of use.
pub(super) fn path<'a>(
    leaf: &Certificate,
    between: &'a [Certificate],
    anchors: &'a [Certificate],
    at: u64,
    purpose: Purpose,
) -> Result<&'a Certificate, Vec<String>> {
    let mut search = Search { between, anchors, at, purpose, left: MOST_CHECKS, reasons: Vec::new() };
    if let Err(why) = x509::valid_at(leaf, at) {
        return Err(vec![format!("{}: {why}", leaf.tbs_certificate.subject)]);
    }
    let mut taken = vec![false; between.len()];
    search.above(leaf, &mut taken, 0).ok_or(search.reasons)
}

impl<'a> Search<'a> {
    /// `below`: how many authorities stand below the issuer of `certificate` already.
    fn above(&mut self, certificate: &Certificate, taken: &mut [bool], below: usize) -> Option<&'a Certificate> {
        let (anchors, between) = (self.anchors, self.between);
        if let Some(anchor) = anchors.iter().find(|anchor| self.step(certificate, anchor, below)) {
            return Some(anchor);
        }
        if below + 2 >= LONGEST {
            return None;
        }
        for (at, issuer) in between.iter().enumerate() {
            let named = issuer.tbs_certificate.subject == certificate.tbs_certificate.issuer;
            if taken[at] || !named || !self.step(certificate, issuer, below) {
                continue;
            }
            taken[at] = true;
            // A certificate that an authority gave to itself does not count (RFC 5280 §4.2.1.9).
            let more = usize::from(issuer.tbs_certificate.subject != issuer.tbs_certificate.issuer);
            if let Some(anchor) = self.above(issuer, taken, below + more) {
                return Some(anchor);
            }
            taken[at] = false;
        }
        None
    }

    fn step(&mut self, certificate: &Certificate, issuer: &Certificate, below: usize) -> bool {
        if self.left == 0 {
            return false;
        }
        if issuer.tbs_certificate.subject == certificate.tbs_certificate.issuer {
            self.left -= 1;
        }
        let holds =
            x509::issued_by(certificate, issuer, below, self.purpose).and_then(|()| x509::valid_at(issuer, self.at));
        if let Err(why) = &holds {
            let reason = format!("{}: {why}", issuer.tbs_certificate.subject);
            if self.reasons.len() < MOST_REASONS && !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
        holds.is_ok()
    }
}

/// The certificates of `others` that lead up from `leaf`, the issuer's first, as far as signatures tell, and without a root. When they were
/// valid is not looked at.
pub(super) fn above(leaf: &Certificate, others: &[Certificate]) -> Vec<Certificate> {
    let mut found: Vec<Certificate> = Vec::new();
    while found.len() < LONGEST {
        let last = found.last().unwrap_or(leaf);
        let issuer = others.iter().find(|c| {
            let tbs = &c.tbs_certificate;
            tbs.subject != tbs.issuer && !found.contains(c) && *c != leaf && x509::signed_by(last, c).is_ok()
        });
        match issuer {
            Some(issuer) => found.push(issuer.clone()),
            None => break,
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::SystemTime;

    use super::super::testing::{EC, pki};
    use super::*;

    const DAY: u64 = 24 * 3600;

    fn now() -> u64 {
        // Made first: nothing is valid before that.
        pki();
        x509::unix_seconds(SystemTime::now()).unwrap()
    }

    fn look(leaf: &str, between: &[&str], anchor: &str, at: u64) -> Result<String, String> {
        let all = |names: &[&str]| names.iter().map(|name| pki().certificate(name)).collect::<Vec<_>>();
        path(&pki().certificate(leaf), &all(between), &all(&[anchor]), at, Purpose::Documents)
            .map(|anchor| anchor.tbs_certificate.subject.to_string())
            .map_err(|why| why.join("; "))
    }

    #[test]
    fn a_path_leads_over_what_is_between_to_the_root_alone() {
        assert!(look("rsa", &["middle"], "root", now()).unwrap().contains("Rod CA"));
        assert!(look("rsa", &["root", "p256", "middle"], "root", now()).is_ok(), "whatever else is there");
        assert!(look("rsa", &[], "root", now()).is_err());
        assert!(look("rsa", &["middle"], "other", now()).unwrap_err().contains("did not sign"));
        assert!(look("rsa", &["middle"], "p256", now()).is_err());
        assert!(look("rsa", &["p256"], "root", now()).is_err());
    }

    #[test]
    fn every_step_must_be_valid_at_that_time() {
        for at in [now() - 2 * DAY, now() + 301 * DAY] {
            assert!(look("rsa", &["middle"], "root", at).unwrap_err().contains("valid from"));
        }
        pki().issue("chain-old", "middle", "/C=DK/O=Rod/CN=Mellem CA", "root", "ca", &["-days", "-1"]);
        assert!(look("rsa", &["chain-old"], "root", now()).unwrap_err().contains("valid from"));
        assert!(look("rsa", &["chain-old", "middle"], "root", now()).is_ok(), "the newer one does");
    }

    #[test]
    fn authorities_keep_to_what_they_may() {
        let issue = |name: &str, by: &str, section: &str| {
            pki().key(name, EC);
            pki().issue(name, name, &format!("/CN={name}"), by, section, &[]);
        };
        issue("chain-short", "root", "short");
        issue("chain-under-short", "chain-short", "sign");
        assert!(look("chain-under-short", &["chain-short"], "root", now()).is_ok());
        issue("chain-too-deep", "chain-short", "ca");
        issue("chain-under-deep", "chain-too-deep", "sign");
        let deep = look("chain-under-deep", &["chain-short", "chain-too-deep"], "root", now()).unwrap_err();
        assert!(deep.contains("pathLenConstraint"), "{deep}");
        issue("chain-constrained", "root", "constrained");
        issue("chain-under-constrained", "chain-constrained", "sign");
        let constrained = look("chain-under-constrained", &["chain-constrained"], "root", now()).unwrap_err();
        assert!(constrained.contains("not understood"), "{constrained}");
        issue("chain-odd", "middle", "odd");
        assert!(look("chain-odd", &["middle"], "root", now()).unwrap_err().contains("not understood"));
        issue("chain-web", "root", "web");
        issue("chain-under-leaf", "p256", "sign");
        let leaf = look("chain-under-leaf", &["p256", "middle"], "root", now()).unwrap_err();
        assert!(leaf.contains("no certification authority"), "{leaf}");
    }

    #[test]
    fn a_heap_of_look_alikes_ends() {
        let loops: Vec<Certificate> = (0..16).map(|_| pki().certificate("middle")).collect();
        let leaf = pki().certificate("rsa");
        let started = std::time::Instant::now();
        assert!(path(&leaf, &loops, &[pki().certificate("other")], now(), Purpose::Documents).is_err());
        assert!(started.elapsed().as_secs() < 20);
    }

    #[test]
    fn the_chain_of_a_key_is_put_in_order_without_its_root() {
        let all: Vec<_> = ["root", "p384", "middle", "rsa"].iter().map(|name| pki().certificate(name)).collect();
        assert_eq!(above(&pki().certificate("rsa"), &all), [pki().certificate("middle")]);
        assert!(above(&pki().certificate("root"), &all).is_empty());
    }
}
