//! Listening to the providers' own lists of events, so that what a webhook has lost, a chargeback included, costs an hour at
//! most. Each event is a knock on the door, as if its webhook had come; those that have come are known and cost nothing.
//!
//! Twice, at once: events are known by their digests, and what they bring is joined. Killed: the cursor stands where it stood.

use std::time::Duration;

use super::cursor_store::CursorStore;
use super::paying::Paying;
use crate::audit::Origin;
use crate::payments::Page;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::payment_method::PaymentMethod;

/// How far the first run looks back.
const FIRST: Duration = Duration::from_hours(24);
/// How far a run looks back behind the one before: providers list events a little later than they happen.
const OVERLAP: Duration = Duration::from_mins(10);
/// How many pages of a list a run reads.
const MAX_PAGES: usize = 100;
/// How far back the providers' lists go.
const MOST: Duration = Duration::from_hours(29 * 24);

/// Listens to providers.
#[derive(Debug)]
pub struct Listening<'a> {
    /// The payments.
    pub paying: Paying<'a>,
    /// Up to when they were listened to.
    pub cursors: CursorStore,
}

/// What a run has heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// How many events there were.
    pub events: u32,
    /// How many providers, or events, could not be dealt with now; the next run asks again.
    pub failed: u32,
}

impl Listening<'_> {
    /// Listens to each provider that has a list.
    pub async fn run(&self, origin: &Origin) -> Heard {
        let mut heard = Heard::default();
        for method in [PaymentMethod::Card, PaymentMethod::Paypal] {
            if let Err(error) = self.listen(method, origin, &mut heard).await {
                heard.failed += 1;
                tracing::error!(
                    payment.method = method.as_str(),
                    error.code = error.code(),
                    error.cause = error.cause(),
                    "a provider could not be listened to"
                );
            }
        }
        heard
    }

    async fn listen(&self, method: PaymentMethod, origin: &Origin, heard: &mut Heard) -> Result<()> {
        let now = self.paying.clock.now();
        let since = self.cursors.get(method).await?.map_or(now.minus(FIRST), |until| until.minus(OVERLAP));
        let since = since.max(now.minus(MOST));
        let (mut all, mut place) = (true, None);
        for _ in 0..MAX_PAGES {
            let Some(page) = self.events(method, since, place.as_deref()).await? else { return Ok(()) };
            for knock in &page.knocks {
                heard.events += 1;
                if let Err(error) = self.paying.knock(knock, origin).await {
                    heard.failed += 1;
                    all = false;
                    tracing::warn!(
                        error.code = error.code(),
                        error.cause = error.cause(),
                        "an event could not be noted"
                    );
                }
            }
            match page.next {
                // What could not be noted is heard again.
                None => return if all { self.cursors.set(method, now).await } else { Ok(()) },
                // More has happened in one second than stands on a page: what is older cannot be reached.
                same if same == place => break,
                next => place = next,
            }
        }
        // The cursor stays, so that what was not reached is asked for again.
        Err(Error::internal("a provider lists more events than can be read"))
    }

    async fn events(&self, method: PaymentMethod, since: Timestamp, place: Option<&str>) -> Result<Option<Page>> {
        let providers = self.paying.providers;
        Ok(match (method, &providers.stripe, &providers.paypal) {
            (PaymentMethod::Card, Some(stripe), _) => Some(stripe.events(since, place).await?),
            (PaymentMethod::Paypal, _, Some(paypal)) => Some(paypal.events(since, place).await?),
            _ => None,
        })
    }
}
