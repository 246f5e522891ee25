//! Noting what others are to be told, and telling them.
//!
//! - It runs twice: an event has one delivery to an address, under an id that it always has.
//! - Two at once: who takes the delivery moves its time on; the other leaves it.
//! - It dies in the middle: what was taken is due again after five minutes, with the same id, by which the address knows it.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;

use super::delivery::{Attempt, Delivery, Outcome};
use super::event::Event;
use super::line::{Line, Posted};
use super::secrets::Sealing;
use super::signature::headers;
use super::store::WebhookStore;
use super::webhook::{Off, Webhook};
use crate::notices::Notice;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::back_off;
use crate::platform::error::Result;
use crate::platform::ids::{DeliveryId, WebhookName};

/// How many are posted side by side.
const AT_ONCE: i32 = 10;
/// For how long a delivery is nobody else's.
const LEASE: Duration = Duration::from_mins(5);
/// After this long a run begins nothing more.
const ENOUGH: Duration = Duration::from_secs(30);
/// How often it is tried to turn an address off.
const ATTEMPTS: u32 = 5;

/// Tells others.
#[derive(Clone, Debug)]
pub struct Delivering {
    /// Where it is noted.
    pub store: WebhookStore,
    /// Opens the secrets.
    pub sealing: Sealing,
    /// The way out.
    pub line: Line,
    /// The time.
    pub clock: Clock,
}

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// How many were taken.
    pub taken: u32,
    /// How many were not.
    pub refused: u32,
    /// How many were put off, since their address had nothing to say to another.
    pub put_off: u32,
    /// How many could not be dealt with now.
    pub failed: u32,
}

/// What became of one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Done {
    /// The address has taken it.
    Taken,
    /// It has not.
    Refused,
    /// Nobody answers at this address.
    Silence(WebhookName),
    /// It was put off without a try.
    PutOff,
    /// It is not ours to post.
    NotOurs,
}

/// Notes what others are to be told of these notices; how many deliveries. One round trip where nobody wants to know anything.
///
/// # Errors
/// DynamoDB does not answer: some may be noted, and are once.
pub async fn announce(store: &WebhookStore, notices: &[Notice], now: Timestamp) -> Result<usize> {
    let events: Vec<_> = notices.iter().filter_map(Event::of).collect();
    if events.is_empty() {
        return Ok(0);
    }
    let (webhooks, mut noted) = (store.all().await?, 0);
    for event in &events {
        for webhook in webhooks.iter().filter(|webhook| webhook.wants(event.kind)) {
            let id = event.delivery(&webhook.name);
            store.note(&Delivery::new(id, webhook.name.clone(), event.kind, event.body(), now)).await?;
            noted += 1;
        }
    }
    Ok(noted)
}

impl Delivering {
    /// Posts what is due. What fails stays for the next run and holds up nothing else; an address that does not answer is waited for
    /// once in a run, so that it keeps no other waiting.
    ///
    /// # Errors
    /// What is due cannot be read.
    pub async fn run(&self) -> Result<Delivered> {
        let started = self.clock.now();
        let mut run = Delivered::default();
        let mut silent = BTreeSet::new();
        loop {
            let due = self.store.due(started, AT_ONCE).await?;
            if due.is_empty() || self.clock.now().since(started) > ENOUGH {
                return Ok(run);
            }
            let before = run;
            let all = join_all(due.iter().map(|(name, id)| self.deliver(name, *id, &silent))).await;
            for done in all {
                match done {
                    Ok(Done::Taken) => run.taken += 1,
                    Ok(Done::Refused) => run.refused += 1,
                    Ok(Done::Silence(name)) => {
                        run.refused += 1;
                        silent.insert(name);
                    }
                    Ok(Done::PutOff) => run.put_off += 1,
                    Ok(Done::NotOurs) => {}
                    Err(error) => {
                        run.failed += 1;
                        tracing::error!(
                            error.code = error.code(),
                            error.cause = error.cause(),
                            "nothing was delivered"
                        );
                    }
                }
            }
            // The index lags behind, or another run is at all of it.
            if (run.taken, run.refused, run.put_off) == (before.taken, before.refused, before.put_off) {
                return Ok(run);
            }
        }
    }

    async fn deliver(&self, name: &WebhookName, id: DeliveryId, silent: &BTreeSet<WebhookName>) -> Result<Done> {
        let now = self.clock.now();
        let Some(read) = self.store.delivery(name, id).await? else { return Ok(Done::NotOurs) };
        if read.next_at.is_none_or(|at| at > now) {
            return Ok(Done::NotOurs);
        }
        let Some(webhook) = self.store.get(name).await?.filter(|webhook| webhook.off.is_none()) else {
            self.store.replace(&read, &read.given_up()).await?;
            return Ok(Done::Refused);
        };
        let ours = Delivery { next_at: Some(now.plus(LEASE)), ..read.clone() };
        if !self.store.replace(&read, &ours).await? {
            return Ok(Done::NotOurs);
        }
        // It is due again when the lease is over, and no try has gone by.
        if silent.contains(name) {
            return Ok(Done::PutOff);
        }
        let (attempt, retry_after) = self.post(&webhook, &ours, now).await;
        let silence = attempt.status.is_none();
        let [chance] = crypto::random::<1>();
        let (after, outcome) = ours.tried(attempt, retry_after, chance);
        self.store.replace(&ours, &after).await?;
        match outcome {
            Outcome::Gone => self.turn_off(name, Off::Gone).await?,
            Outcome::Over => self.turn_off(name, Off::Failed).await?,
            Outcome::Taken | Outcome::Again => {}
        }
        Ok(match outcome {
            Outcome::Taken => Done::Taken,
            _ if silence => Done::Silence(name.clone()),
            _ => Done::Refused,
        })
    }

    async fn post(&self, webhook: &Webhook, delivery: &Delivery, now: Timestamp) -> (Attempt, Option<Duration>) {
        let nothing = |why: &str| (Attempt { at: now, status: None, error: Some(why.to_owned()) }, None);
        let secrets = webhook.signing(now).map(|sealed| self.sealing.open(&webhook.name, sealed));
        let secrets = match secrets.collect::<Result<Vec<_>>>() {
            Ok(secrets) => secrets,
            // It will not open the next time either: a try that counts, so that it ends one day.
            Err(error) => {
                tracing::error!(error.code = error.code(), error.cause = error.cause(), "a secret does not open");
                return nothing("secret");
            }
        };
        let headers = headers(&delivery.id.to_string(), now, &delivery.body, &secrets);
        match self.line.post(&webhook.url, &headers, &delivery.body).await {
            Posted::Answered(status, wait) => (Attempt { at: now, status: Some(status), error: None }, wait),
            Posted::Nothing(why) => nothing(why),
        }
    }

    async fn turn_off(&self, name: &WebhookName, why: Off) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(webhook) = self.store.get(name).await?.filter(|webhook| webhook.off.is_none()) else {
                return Ok(());
            };
            tracing::error!(webhook.name = name.as_str(), webhook.off = ?why, "a webhook was turned off");
            let off = Webhook { off: Some(why), version: webhook.version + 1, ..webhook };
            if self.store.save(&off, None).await? {
                return Ok(());
            }
        }
        Ok(())
    }
}
