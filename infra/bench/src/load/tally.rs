//! How requests ended, and how long they took.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};

/// How the requests of one operation ended.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    statuses: BTreeMap<u16, usize>,
    times: Vec<Duration>,
}

impl Ends {
    /// Notes an answer.
    pub fn note(&mut self, status: u16, took: Duration) {
        *self.statuses.entry(status).or_default() += 1;
        self.times.push(took);
    }

    /// Adds the answers that somebody else had.
    pub fn add(&mut self, other: &Self) {
        for (status, times) in &other.statuses {
            *self.statuses.entry(*status).or_default() += times;
        }
        self.times.extend(&other.times);
    }

    /// How many requests there were.
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// How many answers had a status that the test likes.
    pub fn with(&self, like: impl Fn(u16) -> bool) -> usize {
        self.statuses.iter().filter(|(status, _)| like(**status)).map(|(_, times)| times).sum()
    }

    /// The answers whose status the test likes, by status.
    fn by_status(&self, like: impl Fn(u16) -> bool) -> BTreeMap<u16, usize> {
        self.statuses.iter().filter(|(status, _)| like(**status)).map(|(status, times)| (*status, *times)).collect()
    }

    /// The answers that refuse something for another reason than that it is too much, by status.
    pub fn refusals(&self) -> BTreeMap<u16, usize> {
        self.by_status(|status| (400..500).contains(&status) && status != 429)
    }

    /// The answers that are 5xx, by status.
    pub fn errors(&self) -> BTreeMap<u16, usize> {
        self.by_status(|status| status >= 500)
    }

    /// The time in milliseconds that `percent` of the requests took at most; 0 where there were none.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        let at = (times.len() * percent).div_ceil(100).max(1) - 1;
        times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }

    /// The numbers of the table.
    pub fn json(&self, during: Duration) -> Value {
        json!({
            "requests": self.count(),
            "per_second": self.count() as f64 / during.as_secs_f64(),
            "rate_limited": self.with(|status| status == 429),
            "refused": self.refusals(),
            "errors": self.errors(),
            "p50_ms": self.percentile(50),
            "p90_ms": self.percentile(90),
            "p99_ms": self.percentile(99),
            "max_ms": self.percentile(100),
        })
    }
}

/// How the requests of a run ended.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// For how long they were sent.
    pub during: Duration,
    of: BTreeMap<&'static str, Ends>,
}

impl Tally {
    /// The same, of requests that were sent for so long.
    #[must_use]
    pub fn lasting(self, during: Duration) -> Self {
        Self { during, ..self }
    }

    /// Notes an answer.
    pub fn note(&mut self, operation: &'static str, status: u16, took: Duration) {
        self.of.entry(operation).or_default().note(status, took);
    }

    /// How the requests of each operation ended, by its name.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &Ends)> {
        self.of.iter().map(|(name, ends)| (*name, ends))
    }

    /// The numbers of the table.
    pub fn json(&self) -> Map<String, Value> {
        self.each().map(|(name, ends)| (name.replace(' ', "_"), ends.json(self.during))).collect()
    }

    /// How all requests ended.
    pub fn all(&self) -> Ends {
        let mut all = Ends::default();
        self.of.values().for_each(|ends| all.add(ends));
        all
    }
}

/// A tally that many write in.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Tally>);

impl Ledger {
    /// Notes an answer.
    pub fn note(&self, operation: &'static str, status: u16, took: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).note(operation, status, took);
    }

    /// What is in it.
    pub fn tally(&self) -> Tally {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Tally::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(millis: impl IntoIterator<Item = u64>) -> Ends {
        let mut ends = Ends::default();
        millis.into_iter().for_each(|time| ends.note(200, Duration::from_millis(time)));
        ends
    }

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let hundred = ends((1..=100).rev());
        assert_eq!([50, 90, 99, 100].map(|percent| hundred.percentile(percent)), [50.0, 90.0, 99.0, 100.0]);
        assert_eq!(ends([7]).percentile(99), 7.0);
        assert_eq!(ends([]).percentile(50), 0.0);
    }

    #[test]
    fn too_many_is_no_refusal_and_a_refusal_is_no_error() {
        let mut ends = Ends::default();
        for status in [200, 201, 304, 404, 429, 429, 503, 503] {
            ends.note(status, Duration::ZERO);
        }
        assert_eq!((ends.refusals(), ends.errors()), (BTreeMap::from([(404, 1)]), BTreeMap::from([(503, 2)])));
        assert_eq!((ends.count(), ends.with(|status| status == 429), ends.with(|status| status >= 500)), (8, 2, 2));
    }

    #[test]
    fn all_is_the_sum() {
        let mut tally = Tally::default();
        tally.note("search", 200, Duration::from_millis(3));
        tally.note("search", 500, Duration::from_millis(9));
        tally.note("order list", 500, Duration::from_millis(1));
        assert_eq!((tally.all().count(), tally.all().errors()), (3, BTreeMap::from([(500, 2)])));
        let counts: Vec<_> = tally.each().map(|(name, ends)| (name, ends.count(), ends.percentile(100))).collect();
        assert_eq!(counts, [("order list", 1, 1.0), ("search", 2, 9.0)]);
    }
}
