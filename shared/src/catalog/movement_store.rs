//! Movements in DynamoDB: `PRODUCT#<id>` / `MOVE#<ulid>`, those of what the law has registered in the register too, and how many units were sold each day, `PRODUCT#<id>` / `SALES`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::lots::{LotNumber, LotRef, Written};
use super::movement::{Move, MovedLot, Movement, Reason, What};
use super::register::{RegisterStore, chained};
use super::schedule;
use super::stock::{Stock, StockStore, partition, stock_key};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, back_off, failure, from_item, s, to_item, transact, value,
};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{MovementId, OrderId, ProductId, UserId};
use crate::platform::jurisdiction::Jurisdiction;

const ATTEMPTS: u32 = 6;
/// How many movements are written down at once.
const BATCH: usize = 20;
/// For how many days sales are counted.
pub const SALES_DAYS: i64 = 90;

/// What was sold of a product, day by day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sales {
    /// Units by day, in UTC.
    pub days: BTreeMap<Date, i64>,
    /// The number of the last movement that is counted.
    pub seq: u64,
}

impl Sales {
    /// Units of the `days` before `today`, and of today.
    pub fn within(&self, days: i64, today: Date) -> i64 {
        self.days.range(today.plus_days(-days)..).map(|(_, units)| *units).sum()
    }

    fn count(&mut self, moved: &Move) {
        if matches!(moved.what, What::Shipped) {
            *self.days.entry(moved.at.date()).or_default() -= moved.units;
        }
    }

    fn forget_before(&mut self, day: Date) {
        self.days = self.days.split_off(&day);
    }
}

/// Reads movements, and writes them down.
#[derive(Clone, Debug)]
pub struct MovementStore {
    table: Table,
    stock: StockStore,
    register: RegisterStore,
    /// Whose law says what is registered.
    place: Jurisdiction,
}

/// As it is stored. Before lots there were `delta`, `reason` in free words, `by` and `at` alone.
#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(default)]
    id: Option<MovementId>,
    #[serde(default)]
    what: Option<What>,
    delta: i64,
    #[serde(default)]
    lot: Option<LotRef>,
    #[serde(default)]
    lot_number: Option<LotNumber>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    by: Option<UserId>,
    #[serde(default)]
    witness: Option<UserId>,
    #[serde(default)]
    order: Option<OrderId>,
    at: Timestamp,
    #[serde(default)]
    balance: Option<i64>,
}

impl Record {
    fn of(moved: &Move, balance: i64) -> Self {
        Self {
            id: Some(moved.id),
            what: Some(moved.what),
            delta: moved.units,
            lot: Some(moved.lot),
            lot_number: moved.number.clone(),
            reason: moved.reason.map(|reason| reason.as_str().to_owned()),
            note: moved.note.clone(),
            by: moved.by.clone(),
            witness: moved.witness.clone(),
            order: moved.order,
            at: moved.at,
            balance: Some(balance),
        }
    }

    fn movement(self) -> Movement {
        let old = self.what.is_none();
        // The reason of an old one is words of somebody, and no reason that we have a name for.
        let (reason, note) = match (self.reason, old) {
            (Some(words), true) => (None, Some(words)),
            (reason, _) => (reason.and_then(|reason| Reason::parse(reason).ok()), self.note),
        };
        Movement {
            id: self.id,
            what: self.what.unwrap_or(What::Adjusted),
            units: self.delta,
            lot: MovedLot { id: self.lot.unwrap_or(LotRef::Unlotted), number: self.lot_number },
            reason,
            note,
            by: self.by,
            witness_id: self.witness,
            order_id: self.order,
            at: self.at,
            balance: self.balance,
        }
    }
}

fn sales_key(product: ProductId) -> Key {
    Key::new(partition(product), "SALES")
}

/// Movements lie in the order in which they were written down: by the latest time so far, and those of one moment by number.
fn place(at: Timestamp, seq: u64) -> String {
    format!("MOVE#{}", ulid::Ulid::from_parts(at.millis().unsigned_abs(), u128::from(seq)))
}

impl MovementStore {
    /// In the catalogue's table.
    pub fn new(table: Table, place: Jurisdiction) -> Self {
        Self { stock: StockStore::new(table.clone()), register: RegisterStore::new(table.clone()), table, place }
    }

    /// Writes down what has moved of a product and is not written down yet. It runs twice or twice at once: only one can
    /// count on from the same number. It dies in the middle: the rest is found the next time.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn write_down(&self, product: ProductId) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            loop {
                let Some(stock) = self.stock.get(product).await? else { return Ok(()) };
                if stock.housing.moves.is_empty() {
                    return Ok(());
                }
                if !self.write_some(&stock).await? {
                    break;
                }
            }
        }
        Err(Error::busy())
    }

    /// Whether it was written: not where somebody else was quicker.
    async fn write_some(&self, stock: &Stock) -> Result<bool> {
        let product = stock.offer.product_id;
        let moves: Vec<_> = stock.housing.moves.iter().take(BATCH).collect();
        let before = stock.housing.written.unwrap_or_else(|| {
            let since: i64 = stock.housing.moves.iter().map(Move::change).sum();
            Written { seq: 0, balance: stock.in_house() - since, at: None }
        });
        let (mut seq, mut balance) = (before.seq, before.balance);
        let mut latest = before.at.unwrap_or(Timestamp::from_millis(0));
        let mut writes = Vec::with_capacity(moves.len() + 2);
        let mut sales: Option<Sales> = None;
        for moved in &moves {
            seq += 1;
            balance += moved.change();
            // Who was held up says an earlier time than who came before: the order is that in which they happened.
            latest = latest.max(moved.at);
            let key = Key::new(partition(product), place(latest, seq));
            writes.push(self.table.create(to_item(&key, Record::of(moved, balance))?)?);
            if moved.what == What::Shipped {
                let counted = match sales.take() {
                    Some(counted) => counted,
                    None => self.sales(product).await?,
                };
                sales.insert(counted).count(moved);
            }
        }
        if let Some(mut sales) = sales {
            let last = moves.iter().map(|moved| moved.at).max().unwrap_or(Timestamp::from_millis(0));
            sales.forget_before(last.date().plus_days(-SALES_DAYS));
            sales.seq = seq;
            let uncounted = Expression::new("attribute_not_exists(pk) OR seq < :seq").value(":seq", value(seq)?);
            writes.push(self.table.replace(to_item(&sales_key(product), sales)?, uncounted)?);
        }
        if schedule::is_registered(self.place, &stock.offer) {
            let last = self.register.last(product).await?;
            let product = (product, stock.offer.name.as_str());
            for entry in chained(last.as_ref(), product, before.balance, &moves)? {
                writes.push(self.register.add(&entry)?);
            }
        }
        let update = format!("SET written = :written REMOVE {}", first_moves(moves.len()));
        let condition = match stock.housing.written {
            Some(_) => Expression::new("written.seq = :seq").value(":seq", value(before.seq)?),
            None => Expression::new("attribute_not_exists(written)"),
        };
        let condition = condition.value(":written", value(Written { seq, balance, at: Some(latest) })?);
        writes.push(self.table.update(&stock_key(product), &update, condition)?);
        Ok(matches!(transact(self.table.client(), writes).await?, Outcome::Done))
    }

    async fn sales(&self, product: ProductId) -> Result<Sales> {
        let item = self.table.get_latest(&sales_key(product)).await?;
        Ok(item.map(from_item).transpose()?.unwrap_or_default())
    }

    /// What was sold of up to 100 products; what was never sold is absent.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn sales_of(&self, products: &[ProductId]) -> Result<BTreeMap<ProductId, Sales>> {
        let keys: Vec<_> = products.iter().copied().map(sales_key).collect();
        let found = self.table.get_many(&keys).await?;
        let mut sales = BTreeMap::new();
        for item in found {
            let product = Key::of(&item).and_then(|key| ProductId::parse(key.pk.strip_prefix("PRODUCT#")?).ok());
            if let Some(product) = product {
                sales.insert(product, from_item(item)?);
            }
        }
        Ok(sales)
    }

    /// Up to `limit` movements of a product before the place `after`, the newest first; and the place after which more come.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn page(
        &self,
        product: ProductId,
        limit: u16,
        after: Option<&str>,
    ) -> Result<(Vec<Movement>, Option<String>)> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let answer = query
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", s(partition(product)))
            .expression_attribute_values(":first", s("MOVE#"))
            // The last of the kind is left out: `~` comes after all that an id is written with.
            .expression_attribute_values(":last", s(after.map_or_else(|| "MOVE#~".to_owned(), just_before)))
            .scan_index_forward(false)
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(failure)?;
        let more = answer.last_evaluated_key.is_some();
        let items: Vec<Item> = answer.items.unwrap_or_default();
        let next = items.last().and_then(Key::of).filter(|_| more).map(|key| key.sk);
        let movements = items.into_iter().map(|item| Ok(from_item::<Record>(item)?.movement()));
        Ok((movements.collect::<Result<_>>()?, next))
    }
}

/// The first `count` movements, as an update removes them. The last of them first: AWS removes all places of the list as it
/// was, but an emulator takes one after the other, where each that is gone moves those behind it forward.
fn first_moves(count: usize) -> String {
    let places: Vec<_> = (0..count).rev().map(|place| format!("moves[{place}]")).collect();
    places.join(", ")
}

/// The greatest text that comes before this one: its last character is one less, and something large follows.
fn just_before(place: &str) -> String {
    let mut bytes = place.as_bytes().to_vec();
    if let Some(last) = bytes.last_mut() {
        *last = last.saturating_sub(1);
    }
    bytes.push(b'~');
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_movement_from_before_lots_is_still_read() {
        let old = serde_json::json!({
            "delta": 7, "reason": "delivery 4711", "by": "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11",
            "at": "2026-11-20T10:00:00.000Z",
        });
        let movement = serde_json::from_value::<Record>(old).unwrap().movement();
        assert_eq!((movement.what, movement.units, movement.lot.id), (What::Adjusted, 7, LotRef::Unlotted));
        assert_eq!((movement.reason, movement.note.as_deref()), (None, Some("delivery 4711")));
        assert_eq!(movement.balance, None);
    }

    #[test]
    fn movements_are_removed_from_the_back_so_that_no_place_moves_before_its_turn() {
        assert_eq!(first_moves(3), "moves[2], moves[1], moves[0]");
    }

    #[test]
    fn the_place_before_another_is_before_it_and_after_all_that_are() {
        let at = |millis, seq| place(Timestamp::from_millis(millis), seq);
        let here = at(1_795_168_800_000, 7);
        let bound = just_before(&here);
        assert!(bound < here);
        assert!(at(1_795_168_800_000, 6) < bound && at(1_795_168_799_999, 900) < bound);
        assert!(at(1_795_168_800_000, 8) > here && at(1_795_168_800_001, 1) > here);
    }

    #[test]
    fn sales_are_counted_by_the_day_and_forgotten_in_time() {
        let day = |text| Date::parse(text).unwrap();
        let shipped = |units: i64, at: &str| {
            Move::new(What::Shipped, -units, (LotRef::Unlotted, None), Timestamp::parse(at).unwrap())
        };
        let mut sales = Sales::default();
        for (units, at) in [(2, "2026-08-01T10:00:00Z"), (3, "2026-11-01T10:00:00Z"), (4, "2026-11-01T23:00:00Z")] {
            sales.count(&shipped(units, at));
        }
        let today = day("2026-11-20");
        assert_eq!((sales.within(30, today), sales.within(200, today)), (7, 9));
        sales.forget_before(day("2026-09-01"));
        assert_eq!(sales.within(200, today), 7);
    }
}
