//! An authority behind an address: RFC 3161 §3.4, over plain HTTP.
//!
//! Plain HTTP is no loss: the answer is signed, and what is sent is a digest and a random number.

use std::io::Read;
use std::time::Duration;

use ureq::Agent;

use super::Authority;
use super::form::ANSWER_LIMIT;
use crate::problem::Problem;

const TO_CONNECT: Duration = Duration::from_secs(10);
const TO_ANSWER: Duration = Duration::from_secs(30);

/// An RFC 3161 authority behind an `http://` address.
#[derive(Debug)]
pub struct HttpAuthority {
    url: String,
    agent: Agent,
}

impl HttpAuthority {
    /// The authority at `url`. Nothing is sent yet.
    ///
    /// # Errors
    /// Kind `Usage` where the address is none that can be asked: another protocol than HTTP, or no address at all.
    pub fn new(url: &str) -> Result<Self, Problem> {
        let usage = |what: String, todo: &str| Problem::new(crate::problem::Kind::Usage, what, todo);
        let lower = url.to_ascii_lowercase();
        if lower.starts_with("https://") {
            return Err(usage(
                format!("the time-stamp authority {url} is behind https, which this tool does not speak"),
                "Give the authority's http:// address: a time stamp is signed, and only a digest is sent, so nothing is lost by it.",
            ));
        }
        let rest = lower.strip_prefix("http://").unwrap_or_default();
        if rest.split('/').next().is_some_and(|authority| authority.contains('@')) {
            return Err(usage(
                "the address of the time-stamp authority holds a user name or password".into(),
                "Leave that out: the address is printed in every document.",
            ));
        }
        if rest.is_empty() || rest.starts_with('/') || !url.bytes().all(|b| b.is_ascii_graphic()) || url.len() > 2000 {
            return Err(usage(
                format!("{url:?} is no address of a time-stamp authority"),
                "Give the http:// address of an RFC 3161 authority.",
            ));
        }
        let config = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_connect(Some(TO_CONNECT))
            .timeout_global(Some(TO_ANSWER))
            .build();
        Ok(HttpAuthority { url: url.into(), agent: config.new_agent() })
    }
}

impl Authority for HttpAuthority {
    fn url(&self) -> &str {
        &self.url
    }

    fn stamp(&self, request_der: &[u8]) -> Result<Vec<u8>, String> {
        let unanswered = |e: &dyn std::fmt::Display| format!("{} did not answer: {e}", self.url);
        let mut answer = self
            .agent
            .post(&self.url)
            .header("Content-Type", "application/timestamp-query")
            .header("Accept", "application/timestamp-reply")
            .send(request_der)
            .map_err(|e| unanswered(&e))?;
        if answer.status() != 200 {
            return Err(format!("{} answered with HTTP status {}", self.url, answer.status()));
        }
        let kind = answer.headers().get("Content-Type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.trim().to_ascii_lowercase().starts_with("application/timestamp-reply") {
            return Err(format!("{} answered with something else than a time stamp", self.url));
        }
        let mut bytes = Vec::new();
        let read = answer.body_mut().as_reader().take(ANSWER_LIMIT + 1).read_to_end(&mut bytes);
        read.map_err(|e| unanswered(&e))?;
        if bytes.len() as u64 > ANSWER_LIMIT {
            return Err(format!("{} answered with more than 1 MiB", self.url));
        }
        Ok(bytes)
    }
}
