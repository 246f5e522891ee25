//! Certificates that are shown at addresses which come with events. Whoever forges events makes up addresses as well: so only so
//! many that are not known yet are asked for in a minute, and an event whose certificate is not asked for is put off. Whoever has
//! signed it sends it again, and the provider is asked in its time all the same.

use std::time::Duration;

use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Kind};
use crate::platform::wording;

/// How many unknown addresses a process asks in a minute.
const ASKED_A_MINUTE: usize = 3;
const MINUTE: Duration = Duration::from_mins(1);
/// How many certificates are kept: whoever signs has one or two at a time.
const MAX_KEPT: usize = 4;
/// How long.
const KEPT_FOR: Duration = Duration::from_hours(24);

/// What was shown, and when was asked for it.
#[derive(Debug)]
pub(super) struct Shown<T> {
    kept: Vec<Kept<T>>,
    asked: Vec<Timestamp>,
}

#[derive(Debug)]
struct Kept<T> {
    at: String,
    what: T,
    until: Timestamp,
}

impl<T: Clone> Shown<T> {
    /// Nothing yet.
    pub(super) const fn new() -> Self {
        Self { kept: Vec::new(), asked: Vec::new() }
    }

    /// What an address has shown.
    pub(super) fn kept(&self, address: &str, now: Timestamp) -> Option<T> {
        self.kept.iter().find(|kept| kept.at == address && kept.until > now).map(|kept| kept.what.clone())
    }

    /// Counts an unknown address as asked now.
    ///
    /// # Errors
    /// 503 `provider_unavailable` where too many were asked within a minute, with the time until one may be again: as after a fault
    /// of the provider, the event is to be sent again.
    pub(super) fn ask(&mut self, now: Timestamp) -> Result<(), Error> {
        self.asked.retain(|asked| now.since(*asked) < MINUTE);
        if self.asked.len() < ASKED_A_MINUTE {
            self.asked.push(now);
            return Ok(());
        }
        tracing::info!("too many certificates are said to sign events; this one is not asked for");
        let wait = self.asked.first().map_or(MINUTE, |first| MINUTE.saturating_sub(now.since(*first)));
        Err(Error::new(Kind::Unavailable, "provider_unavailable", wording::payments::provider_silent())
            .retry_after(wait)
            .caused_by("too many certificates were asked for within a minute"))
    }

    /// Takes back that an address counts as asked `at` that time: who was asked was not there, and is to be asked again.
    pub(super) fn not_asked(&mut self, at: Timestamp) {
        if let Some(place) = self.asked.iter().rposition(|asked| *asked == at) {
            self.asked.remove(place);
        }
    }

    /// Keeps what an address has shown, in place of the oldest where there are too many.
    pub(super) fn keep(&mut self, address: &str, what: T, now: Timestamp) {
        self.kept.retain(|kept| kept.at != address);
        let surplus = (self.kept.len() + 1).saturating_sub(MAX_KEPT);
        self.kept.drain(..surplus);
        self.kept.push(Kept { at: address.to_owned(), what, until: now.plus(KEPT_FOR) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn a_few_unknown_addresses_are_asked_in_any_minute_and_the_others_are_put_off() {
        let mut shown = Shown::<u8>::new();
        let asked: Vec<_> = (0..10).map(|n| shown.ask(at(n))).collect();
        assert_eq!(asked.iter().filter(|asked| asked.is_ok()).count(), ASKED_A_MINUTE);
        let refusal = shown.ask(at(58)).unwrap_err();
        assert_eq!((refusal.kind(), refusal.code()), (Kind::Unavailable, "provider_unavailable"));
        assert!(shown.ask(at(60)).is_ok(), "a minute after the first");
        assert!(shown.ask(at(60)).is_err());
    }

    #[test]
    fn who_was_not_there_when_asked_is_asked_again() {
        let mut shown = Shown::<u8>::new();
        for n in 0..10 {
            shown.ask(at(n)).unwrap();
            shown.not_asked(at(n));
        }
        for _ in 0..ASKED_A_MINUTE {
            shown.ask(at(10)).unwrap();
        }
        shown.not_asked(at(9));
        assert!(shown.ask(at(10)).is_err(), "another was not there");
    }

    #[test]
    fn what_was_shown_is_kept_for_a_day() {
        let mut shown = Shown::new();
        shown.keep("a", 1, at(0));
        let day = 24 * 60 * 60;
        assert_eq!(
            (shown.kept("a", at(day - 1)), shown.kept("a", at(day)), shown.kept("b", at(0))),
            (Some(1), None, None)
        );
        shown.keep("a", 2, at(day));
        assert_eq!(shown.kept("a", at(day)), Some(2));
    }

    #[test]
    fn only_the_last_few_are_kept() {
        let mut shown = Shown::new();
        for n in 0..=MAX_KEPT {
            shown.keep(&n.to_string(), n, at(0));
        }
        assert_eq!((shown.kept("0", at(0)), shown.kept("1", at(0))), (None, Some(1)));
    }
}
