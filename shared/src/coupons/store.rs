//! Coupons in the orders' table.
//!
//! - `COUPON#<code>` / `COUPON`: a coupon, with how many orders use it.
//! - `COUPON#<code>` / `USE#<user>`: the orders of one customer that use it, as a set; goes with the last of them.
//! - `COUPONS` / `<code>`: that there is one, for the list; the list would else be rewritten with every use.
//!
//! `uses` is the number of all orders in these sets: both are only changed together, in the transaction that places or calls
//! off the order. A coupon that is removed keeps its item, so that uses can be given back, and goes on counting from there if
//! it is put again.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use serde::{Deserialize, Serialize};

use super::code::CouponCode;
use super::coupon::{Agreed, Coupon, Standing};
use super::terms::Terms;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, n, s, transact, value,
};
use crate::platform::error::Result;
use crate::platform::ids::{OrderId, UserId};

const LIST: &str = "COUPONS";

/// The coupons.
#[derive(Clone, Debug)]
pub struct CouponStore {
    table: Table,
}

/// The orders of one customer that use a coupon.
#[derive(Debug, Default, Serialize, Deserialize)]
struct UseRecord {
    #[serde(default)]
    orders: Vec<OrderId>,
}

fn coupon_key(code: &CouponCode) -> Key {
    Key::new(format!("COUPON#{code}"), "COUPON")
}

fn use_key(code: &CouponCode, user: &UserId) -> Key {
    Key::new(format!("COUPON#{code}"), format!("USE#{user}"))
}

fn listed_key(code: &CouponCode) -> Key {
    Key::new(LIST, code.as_str())
}

fn number(version: u64) -> AttributeValue {
    AttributeValue::N(version.to_string())
}

fn set(order: OrderId) -> AttributeValue {
    AttributeValue::Ss(vec![order.to_string()])
}

/// A condition that always holds.
fn any() -> Expression {
    Expression::new("attribute_not_exists(pk) OR attribute_exists(pk)")
}

impl CouponStore {
    /// In the orders' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// A coupon as the last write left it; one that was removed too.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, code: &CouponCode) -> Result<Option<Coupon>> {
        self.table.get_latest(&coupon_key(code)).await?.map(from_item).transpose()
    }

    /// How it stands with a coupon for one customer, in one round trip.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn standing(&self, code: &CouponCode, user: &UserId) -> Result<Standing> {
        let used = use_key(code, user);
        let mut standing = Standing { coupon: Some(None), used: 0 };
        for item in self.table.get_many(&[coupon_key(code), used.clone()]).await? {
            if Key::of(&item).is_some_and(|key| key == used) {
                standing.used = Self::used(item)?;
            } else {
                standing.coupon = Some(Some(from_item(item)?));
            }
        }
        Ok(standing)
    }

    /// What a refused [`Self::take`] tells: the item of its first or of its second write.
    ///
    /// # Errors
    /// An item of another shape.
    pub fn learn(standing: &mut Standing, first: bool, current: Option<Item>) -> Result<()> {
        match (first, current) {
            (true, current) => standing.coupon = Some(current.map(from_item).transpose()?),
            (false, Some(item)) => standing.used = Self::used(item)?,
            (false, None) => {}
        }
        Ok(())
    }

    fn used(item: Item) -> Result<u32> {
        let record: UseRecord = from_item(item)?;
        Ok(u32::try_from(record.orders.len()).unwrap_or(u32::MAX))
    }

    /// The two writes of a transaction that count `order` in, on exactly the terms that were agreed to.
    ///
    /// # Errors
    /// None in practice: the writes are complete.
    pub fn take(&self, agreed: &Agreed, user: &UserId, order: OrderId) -> Result<[TransactWriteItem; 2]> {
        let same = "version = :version AND attribute_not_exists(removed_at)";
        let left = match agreed.terms.max_uses {
            Some(most) => Expression::new(format!("{same} AND uses < :most")).value(":most", n(most)),
            None => Expression::new(same),
        };
        let left = left.value(":version", number(agreed.version)).value(":one", n(1));
        let own = Expression::new("attribute_not_exists(orders) OR size(orders) < :own")
            .value(":own", n(agreed.terms.most_per_customer()))
            .value(":order", set(order));
        Ok([
            self.table.update(&coupon_key(&agreed.code), "SET uses = uses + :one", left)?,
            self.table.update(&use_key(&agreed.code, user), "ADD orders :order", own)?,
        ])
    }

    /// The writes of a transaction that count `order` of `user` out; none where it is not counted.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn give_back(&self, code: &CouponCode, user: &UserId, order: OrderId) -> Result<Vec<Write>> {
        let Some(leave) = self.leave(code, user, order).await? else { return Ok(Vec::new()) };
        let counted = Expression::new("uses >= :one").value(":one", n(1));
        Ok(vec![self.table.update(&coupon_key(code), "SET uses = uses - :one", counted)?, leave])
    }

    /// The writes of a transaction that make the use of a coupon by `order` that of another; none where it is not counted.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn hand_over(
        &self,
        code: &CouponCode,
        (from, to): (&UserId, &UserId),
        order: OrderId,
    ) -> Result<Vec<Write>> {
        let Some(leave) = self.leave(code, from, order).await? else { return Ok(Vec::new()) };
        let join = self.table.update(&use_key(code, to), "ADD orders :order", any().value(":order", set(order)))?;
        Ok(vec![leave, join])
    }

    /// Takes `order` out of the set of `user`, and the item with the last one: nothing is left of who has gone.
    async fn leave(&self, code: &CouponCode, user: &UserId, order: OrderId) -> Result<Option<Write>> {
        let key = use_key(code, user);
        let Some(item) = self.table.get_latest(&key).await? else { return Ok(None) };
        let record: UseRecord = from_item(item)?;
        if !record.orders.contains(&order) {
            return Ok(None);
        }
        let write = if record.orders.len() == 1 {
            self.table.delete(&key, Expression::new("orders = :orders").value(":orders", set(order)))?
        } else {
            let there = Expression::new("contains(orders, :id)").value(":id", s(order)).value(":order", set(order));
            self.table.update(&key, "DELETE orders :order", there)?
        };
        Ok(Some(write))
    }

    /// Puts the terms of a coupon in place of version `before`, of which there is none at zero; its uses stay. Whether
    /// nobody else was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn put(&self, code: &CouponCode, terms: &Terms, before: u64, trail: Write) -> Result<bool> {
        let unmoved = match before {
            0 => Expression::new("attribute_not_exists(pk)"),
            before => Expression::new("version = :before").value(":before", number(before)),
        };
        let changed = unmoved
            .value(":code", s(code))
            .value(":terms", value(terms)?)
            .value(":version", number(before.saturating_add(1)))
            .value(":zero", n(0))
            .name("#code", "code")
            .name("#uses", "uses");
        let update = "SET #code = :code, terms = :terms, version = :version, #uses = if_not_exists(#uses, :zero) REMOVE removed_at";
        let listed = any().value(":code", s(code)).name("#code", "code");
        let actions = vec![
            self.table.update(&coupon_key(code), update, changed)?,
            self.table.update(&listed_key(code), "SET #code = :code", listed)?,
            trail,
        ];
        Ok(matches!(transact(self.table.client(), actions).await?, Outcome::Done))
    }

    /// Removes a coupon, if it is still of version `before`. Whether nobody else was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn remove(&self, code: &CouponCode, before: u64, now: Timestamp, trail: Write) -> Result<bool> {
        let unmoved = Expression::new("version = :before AND attribute_not_exists(removed_at)")
            .value(":before", number(before))
            .value(":version", number(before.saturating_add(1)))
            .value(":now", value(now)?);
        let update = "SET removed_at = :now, version = :version";
        let actions = vec![
            self.table.update(&coupon_key(code), update, unmoved)?,
            self.table.delete(&listed_key(code), any())?,
            trail,
        ];
        Ok(matches!(transact(self.table.client(), actions).await?, Outcome::Done))
    }

    /// A page of the coupons by their codes, and the code that the next page comes after.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(&self, after: Option<&CouponCode>, limit: u16) -> Result<(Vec<Coupon>, Option<CouponCode>)> {
        let start = after.map(|after| listed_key(after).attributes());
        let request = self.table.client().query().table_name(self.table.name()).limit(i32::from(limit));
        let request = request.key_condition_expression("pk = :pk").expression_attribute_values(":pk", s(LIST));
        let answer = request.set_exclusive_start_key(start).send().await.map_err(failure)?;
        let read = |key: Key| CouponCode::parse(&key.sk).ok();
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of).and_then(read);
        let codes = answer.items.unwrap_or_default().iter().filter_map(Key::of).filter_map(read).collect::<Vec<_>>();
        let keys: Vec<_> = codes.iter().map(coupon_key).collect();
        let items = self.table.get_many(&keys).await?;
        let mut coupons = items.into_iter().map(from_item::<Coupon>).collect::<Result<Vec<_>>>()?;
        // One may have been removed between the two reads.
        coupons.retain(|coupon| coupon.removed_at.is_none());
        coupons.sort_by(|a, b| a.code.cmp(&b.code));
        Ok((coupons, next))
    }
}
