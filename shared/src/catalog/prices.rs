//! What a product has cost: every price with the time for which it was asked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::clock::Timestamp;
use crate::platform::money::Money;

/// How far back the lowest price is looked for, in days.
pub const LOWEST_DAYS: u64 = 30;

/// A price, and when it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PricePeriod {
    /// For one pack.
    pub price: Money,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Until when; `null` where it still is.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
}

/// What a product has cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PriceHistory {
    /// Prices, the latest first.
    pub items: Vec<PricePeriod>,
    /// What to send as `cursor` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
    /// The lowest price that was asked in the last 30 days, today's too.
    pub lowest_30_days: Money,
}

/// The place after today's price and before all that were.
pub(super) const AFTER_TODAY: &str = "PRICE#~";

/// How many prices that were are to be read for a page of `limit`: the first begins with today's. One at least, which tells
/// whether there are more.
pub(super) fn earlier(limit: u16, after: Option<&str>) -> u16 {
    if after.is_some() { limit } else { limit.saturating_sub(1).max(1) }
}

/// The first page of `limit` prices, of today's and of those that [`earlier`] had read; and the place after which more come.
pub(super) fn first_page(
    today: PricePeriod,
    mut items: Vec<PricePeriod>,
    next: Option<String>,
    limit: u16,
) -> (Vec<PricePeriod>, Option<String>) {
    // What was read a moment later may know that today's has ended already.
    items.retain(|period| period.to.is_none_or(|to| to <= today.from));
    if limit <= 1 {
        let more = !items.is_empty();
        return (vec![today], more.then(|| AFTER_TODAY.to_owned()));
    }
    items.insert(0, today);
    (items, next)
}

/// The lowest of today's price and of those that were asked lately.
pub fn lowest(today: Money, lately: &[PricePeriod]) -> Money {
    // What was asked in another currency cannot be compared.
    let same = lately.iter().map(|period| period.price).filter(|price| price.currency() == today.currency());
    same.chain(std::iter::once(today)).min_by_key(|price| price.amount()).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::money::Currency;

    #[test]
    fn the_first_page_has_as_many_as_were_asked_for() {
        let at = Timestamp::from_millis(0);
        let period =
            |amount| PricePeriod { price: Money::new(amount, Currency::parse("USD").unwrap()), from: at, to: Some(at) };
        for limit in 1..=3 {
            let read = (0..earlier(limit, None)).map(|place| period(i64::from(place))).collect();
            let (items, next) = first_page(period(99), read, Some("PRICE#1".to_owned()), limit);
            assert_eq!(items.len(), usize::from(limit));
            assert_eq!((items[0], next.is_some()), (period(99), true));
            assert_eq!(earlier(limit, Some("PRICE#1")), limit, "later pages have none of today");
        }
        assert_eq!(
            first_page(period(99), Vec::new(), None, 1),
            (vec![period(99)], None),
            "it never cost anything else"
        );
        let later = Timestamp::from_millis(5);
        let ended = PricePeriod { to: Some(later), ..period(99) };
        let today = PricePeriod { to: None, ..period(99) };
        assert_eq!(
            first_page(today, vec![ended, period(1)], None, 3),
            (vec![today, period(1)], None),
            "it was changed between the two reads"
        );
        let (_, next) = first_page(period(99), vec![period(1)], None, 1);
        assert_eq!(next.as_deref(), Some(AFTER_TODAY), "the one that was read is on the next page");
    }

    #[test]
    fn the_lowest_is_of_all_that_was_asked_lately_and_of_today() {
        let usd = |amount| Money::new(amount, Currency::parse("USD").unwrap());
        let at = Timestamp::from_millis(0);
        let period = |price| PricePeriod { price, from: at, to: Some(at) };
        assert_eq!(lowest(usd(500), &[]), usd(500));
        assert_eq!(lowest(usd(500), &[period(usd(600)), period(usd(400))]), usd(400));
        let other = Money::new(1, Currency::parse("NPR").unwrap());
        assert_eq!(lowest(usd(500), &[period(other)]), usd(500));
    }
}
