//! The delivery of one event to one address: when it is tried, and when it is given up. Pure.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::event::EventType;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{DeliveryId, WebhookName};

/// How long after one try the next comes: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h; so the last is 17 h 35 min after the first. The example of
/// the specification, as far as it stays within a day.
const PAUSES: [u64; 6] = [5, 300, 1_800, 7_200, 18_000, 36_000];
/// The longest that an address may have us wait.
const MOST_PATIENCE: Duration = Duration::from_hours(10);
/// How many tries are kept.
const KEPT_ATTEMPTS: usize = 12;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WebhookDeliveryState)]
pub enum State {
    /// It is tried, or will be again.
    Pending,
    /// The address has taken it.
    Delivered,
    /// It was tried for a day in vain, or the address is turned off.
    Failed,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WebhookAttempt)]
pub struct Attempt {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What was answered; `null` where nothing was.
    pub status: Option<u16>,
    /// Why nothing was, in a word: `timeout`, `address_refused`, `no_connection`, `secret` (ours does not open).
    pub error: Option<String>,
}

/// A delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id, which every try has as `webhook-id`.
    pub id: DeliveryId,
    /// To which address.
    pub webhook: WebhookName,
    /// What has happened.
    pub event: EventType,
    /// What is posted.
    pub body: String,
    /// How far it is.
    pub state: State,
    /// The tries, the first at the front.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// How many of them count: after somebody has asked for another delivery it begins anew.
    pub counted: u32,
    /// When the next is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
}

/// What a try has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Taken,
    /// It was not, and is tried again.
    Again,
    /// The address says that it is gone for good.
    Gone,
    /// It was not, and the day is over.
    Over,
}

impl Delivery {
    /// A new one.
    pub fn new(id: DeliveryId, webhook: WebhookName, event: EventType, body: String, now: Timestamp) -> Self {
        let (state, attempts, counted) = (State::Pending, Vec::new(), 0);
        Self { id, webhook, event, body, state, attempts, counted, next_at: Some(now) }
    }

    /// Begun anew, because somebody asks for it.
    #[must_use]
    pub fn anew(&self, now: Timestamp) -> Self {
        Self { state: State::Pending, counted: 0, next_at: Some(now), ..self.clone() }
    }

    /// Given up, since the address is turned off.
    #[must_use]
    pub fn given_up(&self) -> Self {
        Self { state: State::Failed, next_at: None, ..self.clone() }
    }

    /// After a try. `retry_after` is what the address asks for; `chance` parts what failed together, from 0 to 255.
    #[must_use]
    pub fn tried(&self, attempt: Attempt, retry_after: Option<Duration>, chance: u8) -> (Self, Outcome) {
        let outcome = match attempt.status {
            Some(200..=299) => Outcome::Taken,
            Some(410) => Outcome::Gone,
            _ => Outcome::Again,
        };
        let mut next = self.clone();
        let at = attempt.at;
        let place = usize::try_from(self.counted).unwrap_or(usize::MAX);
        next.counted += 1;
        next.attempts.push(attempt);
        let surplus = next.attempts.len().saturating_sub(KEPT_ATTEMPTS);
        next.attempts.drain(..surplus);
        let pause = PAUSES.get(place).filter(|_| outcome == Outcome::Again);
        let outcome = if outcome == Outcome::Again && pause.is_none() { Outcome::Over } else { outcome };
        next.state = match outcome {
            Outcome::Taken => State::Delivered,
            Outcome::Again => State::Pending,
            Outcome::Gone | Outcome::Over => State::Failed,
        };
        next.next_at = pause.map(|pause| {
            // A tenth more at most, by chance.
            let pause = Duration::from_millis(pause * 1000 + pause * 100 * u64::from(chance) / 255);
            at.plus(pause.max(retry_after.unwrap_or_default().min(MOST_PATIENCE)))
        });
        (next, outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery() -> Delivery {
        let at = Timestamp::from_millis(0);
        let name = WebhookName::parse("erp").unwrap();
        Delivery::new(DeliveryId::first_at(at), name, EventType::OrderPlaced, "{}".to_owned(), at)
    }

    fn attempt(at: Timestamp, status: Option<u16>) -> Attempt {
        Attempt { at, status, error: None }
    }

    #[test]
    fn what_is_not_taken_is_tried_for_most_of_a_day() {
        let (mut one, mut now, mut tries) = (delivery(), Timestamp::from_millis(0), 0);
        let outcome = loop {
            let (next, outcome) = one.tried(attempt(now, Some(500)), None, 0);
            tries += 1;
            one = next;
            match one.next_at {
                Some(at) => now = at,
                None => break outcome,
            }
        };
        assert_eq!((tries, outcome, one.state), (7, Outcome::Over, State::Failed));
        assert_eq!(now.since(Timestamp::from_millis(0)), Duration::from_secs(17 * 3600 + 35 * 60 + 5));
        assert!(one.anew(now).tried(attempt(now, None), None, 255).0.next_at.is_some(), "begun anew");
    }

    #[test]
    fn only_2xx_is_taken_and_410_ends_it() {
        let at = Timestamp::from_millis(0);
        for (status, outcome) in [
            (Some(200), Outcome::Taken),
            (Some(204), Outcome::Taken),
            (Some(301), Outcome::Again),
            (Some(400), Outcome::Again),
            (Some(410), Outcome::Gone),
            (Some(503), Outcome::Again),
            (None, Outcome::Again),
        ] {
            assert_eq!(delivery().tried(attempt(at, status), None, 0).1, outcome, "{status:?}");
        }
    }

    #[test]
    fn an_address_may_ask_for_patience_and_chance_adds_a_little() {
        let at = Timestamp::from_millis(0);
        let next = |retry, chance| delivery().tried(attempt(at, Some(429)), retry, chance).0.next_at.unwrap().since(at);
        assert_eq!(next(None, 0), Duration::from_secs(5));
        assert_eq!(next(None, 255), Duration::from_millis(5500));
        assert_eq!(next(Some(Duration::from_secs(60)), 0), Duration::from_secs(60));
        assert_eq!(next(Some(Duration::from_hours(1000)), 0), MOST_PATIENCE);
        assert_eq!(next(Some(Duration::from_secs(1)), 0), Duration::from_secs(5));
    }
}
