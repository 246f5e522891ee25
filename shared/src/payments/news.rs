//! What providers' events announce.

use super::attempt::Attempt;
use crate::platform::payment_method::PaymentMethod;

/// An event, as a knock on the door: what to ask about, and what news to expect. Nothing that it says is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knock {
    /// The event's id.
    pub event: String,
    /// Whose event it is.
    pub method: PaymentMethod,
    /// What the provider calls the attempt that it is about.
    pub reference: Option<String>,
    /// The attempt's number, where our own number for it is all that the event names.
    pub attempt: Option<u32>,
    /// The order that it names.
    pub order: Option<String>,
    /// What we should see when we ask.
    pub news: News,
}

/// A page of a provider's own list of events, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The events. What is none of ours is passed over.
    pub knocks: Vec<Knock>,
    /// Where the page with the older ones goes on, if there is one.
    pub next: Option<String>,
}

/// What an event announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The customer has agreed, and it is for us to accept.
    Agreed,
    /// Money is held.
    Held,
    /// Money was taken.
    Taken,
    /// It is over.
    Closed,
    /// Something that an answer need not show.
    Anything,
}

impl News {
    /// Whether an attempt shows it already; providers' reads may lag behind their events.
    pub fn shows(self, attempt: &Attempt) -> bool {
        match self {
            Self::Agreed => !attempt.is_open() || attempt.seen.agreed,
            Self::Held => !attempt.is_open(),
            Self::Taken => attempt.is_taken(),
            Self::Closed => !attempt.is_open() && !attempt.is_held(),
            Self::Anything => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::Phase;
    use crate::platform::clock::Timestamp;

    #[test]
    fn news_show_once_the_attempt_has_come_that_far() {
        let attempt = |phase, taken, agreed| {
            let mut attempt = Attempt::opened(1, "pi_1".to_owned(), 1000, Timestamp::from_millis(1));
            (attempt.seen.phase, attempt.seen.taken, attempt.seen.agreed) = (phase, taken, agreed);
            attempt
        };
        let all = [News::Agreed, News::Held, News::Taken, News::Closed, News::Anything];
        for (attempt, shown) in [
            (attempt(Phase::Open, 0, false), [false, false, false, false, true]),
            (attempt(Phase::Open, 0, true), [true, false, false, false, true]),
            (attempt(Phase::Held, 0, false), [true, true, false, false, true]),
            (attempt(Phase::Taken, 1000, false), [true, true, true, true, true]),
            (attempt(Phase::Closed, 0, false), [true, true, false, true, true]),
        ] {
            assert_eq!(all.map(|news| news.shows(&attempt)), shown, "{attempt:?}");
        }
    }
}
