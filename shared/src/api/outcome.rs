//! What is said of an answer where nobody but us reads it: one line of the log, and the figures that operators watch.

use std::time::Duration;

use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Kind};
use crate::platform::fault::fingerprint;
use crate::platform::metrics::{self, Beside, Figure};

/// How a request ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome<'a> {
    pub(super) function: &'static str,
    pub(super) status: u16,
    pub(super) request_id: &'a str,
    pub(super) took: Duration,
    /// The trace that it is part of.
    pub(super) trace: Option<&'a str>,
    pub(super) error: Option<&'a Error>,
}

impl Outcome<'_> {
    /// Says it.
    pub(super) fn tell(&self, now: Timestamp) {
        let millis = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        let code = self.error.map(Error::code);
        if self.status >= 500 {
            let mark = self.error.map(|error| fingerprint(self.function, error));
            tracing::error!(
                faas.name = self.function,
                http.status = self.status,
                http.request_id = self.request_id,
                faas.duration_ms = millis,
                trace.id = self.trace,
                error.code = code,
                error.cause = self.error.and_then(Error::cause),
                error.fingerprint = mark,
                "request failed"
            );
            let mark = mark.as_deref().unwrap_or_default();
            let properties = [("faas.name", self.function), ("error.fingerprint", mark)];
            self.count("Faults", now, Beside { dimension: None, properties: &properties });
        } else {
            tracing::info!(
                faas.name = self.function,
                http.status = self.status,
                http.request_id = self.request_id,
                faas.duration_ms = millis,
                trace.id = self.trace,
                error.code = code,
                "request answered"
            );
            if let Some(code) = self.error.and_then(refused_by_rule) {
                let properties = [("faas.name", self.function)];
                self.count("Refusals", now, Beside { dimension: Some(("code", code)), properties: &properties });
            }
        }
    }

    fn count(&self, name: &'static str, now: Timestamp, beside: Beside<'_>) {
        metrics::tell(self.function, now, &[Figure::count(name, 1)], beside);
    }
}

/// The code of what a rule of the pharmacy has refused, or the state that things are in; not what was malformed, forbidden,
/// missing or too much.
fn refused_by_rule(error: &Error) -> Option<&'static str> {
    matches!(error.kind(), Kind::Unprocessable | Kind::Conflict).then(|| error.code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::wording::edge::in_utf8 as words;

    #[test]
    fn what_a_rule_refuses_is_counted_by_its_code_and_nothing_else() {
        assert_eq!(
            refused_by_rule(&Error::new(Kind::Unprocessable, "checkout_problems", words())),
            Some("checkout_problems")
        );
        assert_eq!(refused_by_rule(&Error::conflict("invalid_state", words())), Some("invalid_state"));
        for other in [Error::not_found(), Error::forbidden(), Error::version_mismatch(), Error::invalid("x", words())] {
            assert_eq!(refused_by_rule(&other), None, "{other}");
        }
    }
}
