//! What came of a run, and what is wrong with it: that something does not hold, or that the run shows nothing.

use std::time::{Duration, Instant};

use super::faults::Counts;
use super::invariants::Verdict;
use super::words::Words;
use crate::load::book::Broken;
use crate::load::mix::MIX;
use crate::load::tally::Tally;

/// What of a call that goes wrong; being late is not wrong.
const WRONG: [&str; 4] = ["error", "throttle", "reset", "lost"];

/// All that came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was asked for.
    pub words: Words,
    /// How requests ended.
    pub tally: Tally,
    /// What has befallen the calls of the functions.
    pub asked: Counts,
    /// Since when nothing goes wrong any more.
    pub calm_since: Instant,
    /// How long it took until all was in its place.
    pub quiet: Duration,
    /// How many items there are in the tables.
    pub items: usize,
    /// How many orders.
    pub orders: usize,
    /// What holds, and what does not.
    pub verdicts: Vec<Verdict>,
}

impl Outcome {
    /// What is wrong, a line each. A run in which something never happened shows nothing of it, so that is wrong as well.
    pub fn faults(&self, broken: &[Broken]) -> Vec<String> {
        let mut faults = Vec::new();
        for verdict in &self.verdicts {
            if !verdict.holds() {
                faults.push(format!("{} do not hold: {}", verdict.found.len(), verdict.name));
            }
            if verdict.of == 0 {
                faults.push(format!("there was nothing to hold it against: {}", verdict.name));
            }
        }
        if self.orders == 0 {
            faults.push("no order was placed".to_owned());
        }
        if self.befell(None, &WRONG) == 0 {
            faults.push("no call went wrong".to_owned());
        }
        if self.befell(Some("dynamodb"), &["lost"]) == 0 {
            faults.push("no answer of the tables was lost".to_owned());
        }
        let done = |name: &str| {
            let is_it = |(of, _): &(&str, _)| *of == name;
            self.tally.each().find(is_it).is_some_and(|(_, ends)| ends.with(|status| (200..300).contains(&status)) > 0)
        };
        let never = MIX.iter().filter(|operation| !done(operation.name));
        faults.extend(
            never.map(|operation| format!("was never done, for which the run may be too short: {}", operation.name)),
        );
        let calm = broken.iter().filter(|one| one.began > self.calm_since);
        faults.extend(calm.map(|one| {
            let cause = one.cause.as_deref().unwrap_or("the log does not say why");
            format!("{} was answered {} when nothing went wrong any more: {cause}", one.to, one.status)
        }));
        faults
    }

    /// How often one of these has befallen a call, of one service or of any.
    fn befell(&self, service: Option<&str>, kinds: &[&str]) -> u64 {
        let services = self.asked.iter().filter(|(name, _)| service.is_none_or(|service| service == *name));
        services.flat_map(|(_, of)| kinds.iter().filter_map(|kind| of.get(*kind))).sum()
    }
}

/// A run that nothing is wrong with.
#[cfg(test)]
pub fn sample() -> Outcome {
    let mut tally = Tally::default().lasting(Duration::from_mins(1));
    for operation in MIX {
        tally.note(operation.name, 200, Duration::from_millis(1));
    }
    let lost = || std::collections::BTreeMap::from([("lost".to_owned(), 3)]);
    Outcome {
        words: Words::default(),
        tally,
        asked: Counts::from([("dynamodb".to_owned(), lost()), ("kms".to_owned(), lost())]),
        calm_since: Instant::now(),
        quiet: Duration::from_secs(9),
        items: 7,
        orders: 2,
        verdicts: vec![Verdict { name: "units are counted once".to_owned(), of: 4, found: Vec::new() }],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const NOTHING: [&str; 0] = [];

    fn broken(began: Instant) -> Broken {
        Broken {
            to: "GET /v1/cart".to_owned(),
            status: 503,
            began,
            request_id: None,
            cause: Some("it was slow".to_owned()),
        }
    }

    #[test]
    fn nothing_is_wrong_with_a_run_that_is_right() {
        let right = sample();
        assert_eq!(right.faults(&[]), NOTHING);
        assert_eq!(right.faults(&[broken(right.calm_since)]), NOTHING, "what was asked in the storm may fail");
    }

    #[test]
    fn a_request_that_fails_in_the_calm_is_wrong() {
        let right = sample();
        let late = broken(right.calm_since + Duration::from_millis(1));
        assert_eq!(
            right.faults(&[late]),
            ["GET /v1/cart was answered 503 when nothing went wrong any more: it was slow"]
        );
    }

    #[test]
    fn a_run_in_which_nothing_happened_is_wrong() {
        assert_eq!(Outcome { orders: 0, ..sample() }.faults(&[]), ["no order was placed"]);
        let mut nothing = sample();
        nothing.verdicts[0].of = 0;
        assert_eq!(nothing.faults(&[]), ["there was nothing to hold it against: units are counted once"]);
        let mut idle = sample();
        idle.tally = Tally::default();
        assert_eq!(idle.faults(&[]).len(), MIX.len(), "each operation is named");
    }

    #[test]
    fn an_operation_that_is_refused_each_time_is_named() {
        let mut refused = sample();
        refused.tally = Tally::default();
        for operation in MIX {
            let status = if operation.name == "refill" { 409 } else { 201 };
            refused.tally.note(operation.name, status, Duration::ZERO);
        }
        assert_eq!(refused.faults(&[]), ["was never done, for which the run may be too short: refill"]);
    }

    #[test]
    fn a_run_without_faults_is_wrong() {
        let of = |service: &str, kind: &str| {
            Counts::from([(service.to_owned(), BTreeMap::from([(kind.to_owned(), 3), ("passed".to_owned(), 9)]))])
        };
        let late = Outcome { asked: of("dynamodb", "latency"), ..sample() };
        assert_eq!(late.faults(&[]), ["no call went wrong", "no answer of the tables was lost"]);
        let elsewhere = Outcome { asked: of("kms", "lost"), ..sample() };
        assert_eq!(elsewhere.faults(&[]), ["no answer of the tables was lost"]);
    }

    #[test]
    fn what_does_not_hold_is_wrong() {
        let mut wrong = sample();
        wrong.verdicts[0].found = vec!["a unit".to_owned(), "another".to_owned()];
        assert_eq!(wrong.faults(&[]), ["2 do not hold: units are counted once"]);
    }
}
