//! Which orders a list is asked for, and where it ends. Pure rules.

use std::collections::BTreeSet;

use super::order::Order;
use super::status::Status;
use crate::platform::clock::Date;
use crate::platform::error::Result;
use crate::platform::ids::OrderId;
use crate::platform::zone::Zone;

/// Which orders to list: all of these at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// In one of these states; in any where none is named.
    pub statuses: BTreeSet<Status>,
    /// Placed on this day of the pharmacy or later.
    pub from: Option<Date>,
    /// Placed on this day of the pharmacy or earlier.
    pub to: Option<Date>,
}

/// The same by ids, in which the time stands that an order was placed at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    statuses: BTreeSet<Status>,
    first: Option<OrderId>,
    before: Option<OrderId>,
}

impl Wanted {
    /// What a cursor is bound to: it goes on with the list it came from.
    pub fn name(&self) -> String {
        let states: Vec<_> = self.statuses.iter().map(|status| status.as_str()).collect();
        let states = if states.is_empty() { "any".to_owned() } else { states.join("+") };
        let day = |word: &str, day: Option<Date>| day.map(|day| format!(" {word} {day}")).unwrap_or_default();
        format!("{states} orders{}{}", day("from", self.from), day("to", self.to))
    }

    /// The same by ids, where the pharmacy's days are.
    ///
    /// # Errors
    /// There is no such time zone.
    pub fn listing(&self, zone: &Zone) -> Result<Listing> {
        let first_of = |day: Date| zone.beginning(day).map(OrderId::first_at);
        let first = self.from.map(first_of).transpose()?;
        let before = self.to.map(|day| first_of(day.plus_days(1))).transpose()?;
        Ok(Listing { statuses: self.statuses.clone(), first, before })
    }
}

impl Listing {
    /// The states to look through, where `any` are all that there are to be looked through.
    pub fn states(&self, any: &[Status]) -> Vec<Status> {
        if self.statuses.is_empty() { any.to_vec() } else { self.statuses.iter().copied().collect() }
    }

    /// Whether states are named.
    pub fn names_states(&self) -> bool {
        !self.statuses.is_empty()
    }

    /// Where the list begins, the newest first, or goes on after `after`.
    pub fn start(&self, after: Option<OrderId>) -> Option<OrderId> {
        match (after, self.before) {
            (Some(after), Some(before)) => Some(after.min(before)),
            (after, before) => after.or(before),
        }
    }

    /// Whether an order is too old for the list, and so are all that come after it.
    pub fn ends_before(&self, order: OrderId) -> bool {
        self.first.is_some_and(|first| order < first)
    }

    /// Whether an order belongs into the list.
    pub fn takes(&self, order: &Order) -> bool {
        let placed = !self.ends_before(order.id) && self.before.is_none_or(|before| order.id < before);
        placed && (self.statuses.is_empty() || self.statuses.contains(&order.status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::rejecting::tests::order;
    use crate::platform::clock::Timestamp;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn placed(at: &str) -> Order {
        Order { id: OrderId::generate(Timestamp::parse(at).unwrap()), ..order(&[(100, 1)], None) }
    }

    #[test]
    fn days_are_those_of_the_pharmacy_and_both_count() {
        let wanted = Wanted { from: Some(day("2026-11-20")), to: Some(day("2026-11-21")), ..Wanted::default() };
        let listing = wanted.listing(&Zone::parse("Asia/Kathmandu").unwrap()).unwrap();
        for (at, there) in [
            ("2026-11-19T18:14:59Z", false),
            ("2026-11-19T18:15:00Z", true),
            ("2026-11-21T18:14:59Z", true),
            ("2026-11-21T18:15:00Z", false),
        ] {
            let order = placed(at);
            assert_eq!(listing.takes(&order), there, "{at}");
            assert_eq!(listing.ends_before(order.id), at < "2026-11-19T18:15", "{at}");
        }
    }

    #[test]
    fn a_list_goes_on_where_it_was_and_never_begins_later_than_it_should() {
        let to = Wanted { to: Some(day("2026-11-20")), ..Wanted::default() };
        let listing = to.listing(&Zone::parse("UTC").unwrap()).unwrap();
        let before = OrderId::first_at(Timestamp::parse("2026-11-21T00:00:00Z").unwrap());
        let (early, late) = (placed("2026-11-19T00:00:00Z").id, placed("2026-11-22T00:00:00Z").id);
        assert_eq!(listing.start(None), Some(before));
        assert_eq!((listing.start(Some(early)), listing.start(Some(late))), (Some(early), Some(before)));
        assert_eq!((Listing::default().start(None), Listing::default().start(Some(late))), (None, Some(late)));
    }

    #[test]
    fn several_states_are_any_of_them() {
        let statuses = BTreeSet::from([Status::Placed, Status::Packed]);
        let wanted = Wanted { statuses, ..Wanted::default() };
        let listing = wanted.listing(&Zone::parse("UTC").unwrap()).unwrap();
        let of = |status| Order { status, ..placed("2026-11-20T00:00:00Z") };
        assert!(listing.takes(&of(Status::Packed)) && !listing.takes(&of(Status::Shipped)));
        assert_eq!(listing.states(&Status::ALL), [Status::Placed, Status::Packed]);
        assert_eq!(
            (wanted.name(), Wanted::default().name()),
            ("placed+packed orders".to_owned(), "any orders".to_owned())
        );
    }
}
