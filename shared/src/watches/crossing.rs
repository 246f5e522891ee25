//! What of a change of a product somebody waits for. Pure: the change is the event.
//!
//! A watch is told of when what it waits for was not so before a change and is so after it; it goes on after that, and is told of
//! again once it has ceased to be so and is so again. What nobody can buy costs nothing and cannot be had.

use serde::Deserialize;
use serde_json::Value;

use super::watch::Terms;
use crate::catalog::{Availability, ProductStatus};
use crate::notices::record::{Change, change, keys};
use crate::notices::{About, Addressee, Notice};
use crate::notifications::NoticeKind;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ProductId, UserId};
use crate::platform::money::Money;

/// What of a product watches look at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Offered {
    id: ProductId,
    status: ProductStatus,
    price: Money,
    availability: Availability,
    version: u64,
    stock_version: u64,
    changed_at: String,
}

impl Offered {
    fn price(&self) -> Option<Money> {
        (self.status == ProductStatus::Active).then_some(self.price)
    }

    fn can_be_had(&self) -> bool {
        self.status == ProductStatus::Active && self.availability.any()
    }

    /// Whether a pack can be bought for less than `limit`.
    fn costs_less(&self, limit: Money) -> bool {
        self.price().is_some_and(|price| price.currency() == limit.currency() && price.amount() < limit.amount())
    }

    /// When it became what it is, as the index of changes has it.
    fn since(&self) -> Result<Timestamp> {
        let time = self.changed_at.split('#').next().unwrap_or_default();
        Timestamp::parse(time).map_err(|_| Error::internal("a product that never changed"))
    }
}

/// A change of a product that somebody may wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    before: Option<Offered>,
    after: Offered,
    at: Timestamp,
}

impl Crossing {
    /// The crossing that a record of the catalogue's stream tells; `None` where nobody can wait for it.
    ///
    /// # Errors
    /// A product of a shape that nobody knows.
    pub fn of_record(record: &Value) -> Result<Option<Self>> {
        let (pk, sk) = keys(record)?;
        if !(pk.starts_with("PRODUCT#") && sk == "PRODUCT") {
            return Ok(None);
        }
        let Some(Change { before, after }) = change::<Offered>(record)? else { return Ok(None) };
        let at = after.since()?;
        let crossing = Self { before, after, at };
        Ok((crossing.is_cheaper() || crossing.is_back()).then_some(crossing))
    }

    /// Which product.
    pub fn product(&self) -> ProductId {
        self.after.id
    }

    fn is_cheaper(&self) -> bool {
        let before = self.before.as_ref().and_then(Offered::price).map(Money::amount);
        let after = self.after.price().map(Money::amount);
        after.is_some_and(|after| before.is_none_or(|before| after < before))
    }

    fn is_back(&self) -> bool {
        self.after.can_be_had() && !self.before.as_ref().is_some_and(Offered::can_be_had)
    }

    /// What who watches on these terms is told.
    pub fn told(&self, terms: &Terms) -> Vec<NoticeKind> {
        let was_less = |limit| self.before.as_ref().is_some_and(|before| before.costs_less(limit));
        let cheaper = terms.below.is_some_and(|limit| self.after.costs_less(limit) && !was_less(limit));
        let back = terms.back_in_stock && self.is_back();
        let kinds = [(cheaper, NoticeKind::PriceDropped), (back, NoticeKind::BackInStock)];
        kinds.into_iter().filter(|(so, _)| *so).map(|(_, kind)| kind).collect()
    }

    /// The notices for somebody who watches on these terms. Each has the name that it always has, however often the stream brings
    /// the change.
    pub fn notices(&self, person: &UserId, terms: &Terms) -> Vec<Notice> {
        let Offered { id, version, stock_version, .. } = self.after;
        let event = format!("{id}#{version}-{stock_version}");
        let to = Addressee::Person(person.clone());
        let notice = |kind| Notice::new(event.clone(), kind, to.clone(), About::Product(id), self.at);
        self.told(terms).into_iter().map(notice).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::money::Currency;

    const ID: &str = "prd_01J9Z3NDEKTSV4RRFFQ69G5FAV";

    fn image(status: &str, amount: i64, availability: &str, version: u64) -> Value {
        json!({"pk": {"S": format!("PRODUCT#{ID}")}, "id": {"S": ID}, "status": {"S": status},
            "price": {"M": {"amount": {"N": amount.to_string()}, "currency": {"S": "USD"}}},
            "availability": {"S": availability}, "version": {"N": version.to_string()}, "stock_version": {"N": "3"},
            "changed_at": {"S": format!("2026-11-20T10:00:00.000Z#{ID}")}})
    }

    fn record(before: Option<Value>, after: Value) -> Value {
        let mut record = json!({"dynamodb": {"Keys": {"pk": {"S": format!("PRODUCT#{ID}")}, "sk": {"S": "PRODUCT"}},
            "NewImage": after}});
        if let Some(before) = before {
            record["dynamodb"]["OldImage"] = before;
        }
        record
    }

    fn told(before: Option<Value>, after: Value, below: i64) -> Vec<NoticeKind> {
        let below = Some(Money::new(below, Currency::parse("USD").unwrap()));
        let terms = Terms { below, back_in_stock: true };
        Crossing::of_record(&record(before, after)).unwrap().map(|crossing| crossing.told(&terms)).unwrap_or_default()
    }

    #[test]
    fn a_price_is_told_when_it_goes_below_and_not_while_it_stays_there() {
        let at = |amount| image("active", amount, "in_stock", 2);
        assert_eq!(told(Some(at(500)), at(399), 400), [NoticeKind::PriceDropped]);
        assert_eq!(told(Some(at(500)), at(400), 400), [], "below is below");
        assert_eq!(told(Some(at(399)), at(300), 400), [], "it was below already");
        assert_eq!(told(Some(at(300)), at(500), 400), []);
        assert_eq!(
            told(Some(image("draft", 300, "out", 1)), image("active", 300, "out", 2), 400),
            [NoticeKind::PriceDropped]
        );
        assert_eq!(told(Some(at(500)), image("retired", 300, "in_stock", 3), 400), [], "nobody can buy it");
    }

    #[test]
    fn it_is_back_when_it_was_out_and_is_there() {
        let with = |availability| image("active", 900, availability, 2);
        assert_eq!(told(Some(with("out")), with("low"), 1), [NoticeKind::BackInStock]);
        assert_eq!(told(Some(with("low")), with("in_stock"), 1), []);
        assert_eq!(told(Some(with("in_stock")), with("out"), 1), []);
        assert_eq!(told(Some(image("draft", 900, "low", 1)), with("low"), 1), [NoticeKind::BackInStock]);
    }

    #[test]
    fn the_same_change_has_the_same_name_and_another_has_another() {
        let terms = Terms { below: None, back_in_stock: true };
        let person = UserId::nobody();
        let of = |version| {
            let record = record(Some(image("active", 9, "out", 1)), image("active", 9, "low", version));
            Crossing::of_record(&record).unwrap().unwrap().notices(&person, &terms).remove(0)
        };
        assert_eq!(of(2).id(&person), of(2).id(&person));
        assert_ne!(of(2).id(&person), of(3).id(&person));
        assert_eq!(of(2).about, Some(About::Product(ProductId::parse(ID).unwrap())));
    }

    #[test]
    fn other_items_are_nobodys_and_broken_ones_are_refused() {
        let mut stock = record(None, image("active", 9, "low", 1));
        stock["dynamodb"]["Keys"]["sk"]["S"] = json!("STOCK");
        assert_eq!(Crossing::of_record(&stock).unwrap(), None);
        assert!(Crossing::of_record(&record(None, json!({"id": {"S": ID}}))).is_err());
        assert!(Crossing::of_record(&json!({})).is_err());
    }
}
