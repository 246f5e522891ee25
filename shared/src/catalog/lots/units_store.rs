//! The writes that move units of lots. Each is one update of the product's one stock item, under conditions on exactly
//! the counters that it changes, so that those who move other units are not in each other's way.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::adjusting::Planned;
use super::units::{LotRef, LotStatus, LotUnits, PackedLot};
use crate::catalog::movement::{Move, Reason};
use crate::catalog::offer::Offer;
use crate::catalog::stock::{Stock, StockStore, stock_key};
use crate::platform::dynamo::{Expression, Write, n, s, value};
use crate::platform::error::Result;
use crate::platform::ids::{LotId, ProductId, UserId};

/// An update that is being put together.
#[derive(Debug, Default)]
struct Change {
    sets: Vec<String>,
    conditions: Vec<String>,
    names: BTreeMap<String, String>,
    values: BTreeMap<String, AttributeValue>,
}

impl Change {
    fn new() -> Self {
        let mut change = Self::default();
        change.add("version", 1);
        change
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let name = format!(":v{}", self.values.len());
        self.values.insert(name.clone(), value);
        name
    }

    fn lot(&mut self, id: LotId) -> String {
        let text = id.to_string();
        if let Some((name, _)) = self.names.iter().find(|(_, known)| **known == text) {
            return format!("lots.{name}");
        }
        let name = format!("#l{}", self.names.len());
        self.names.insert(name.clone(), text);
        format!("lots.{name}")
    }

    /// Adds to a counter that is there.
    fn add(&mut self, counter: &str, units: i64) {
        if units != 0 {
            let units = self.value(n(units));
            self.sets.push(format!("{counter} = {counter} + {units}"));
        }
    }

    /// Adds to a counter that may not be there.
    fn add_to_any(&mut self, counter: &str, units: i64) {
        let (units, zero) = (self.value(n(units)), self.value(n(0)));
        self.sets.push(format!("{counter} = if_not_exists({counter}, {zero}) + {units}"));
    }

    fn set(&mut self, attribute: &str, value: AttributeValue) {
        let value = self.value(value);
        self.sets.push(format!("{attribute} = {value}"));
    }

    /// Appends what has moved, to be written down.
    fn moved(&mut self, moves: &[Move]) -> Result<()> {
        if !moves.is_empty() {
            let (moves, none) = (self.value(value(moves)?), self.value(AttributeValue::L(Vec::new())));
            self.sets.push(format!("moves = list_append(if_not_exists(moves, {none}), {moves})"));
        }
        Ok(())
    }

    fn when(&mut self, condition: impl Into<String>) {
        self.conditions.push(condition.into());
    }

    fn at_least(&mut self, counter: &str, units: i64) {
        if units > 0 {
            let units = self.value(n(units));
            self.when(format!("{counter} >= {units}"));
        }
    }

    fn is(&mut self, attribute: &str, wanted: AttributeValue) {
        let wanted = self.value(wanted);
        self.when(format!("{attribute} = {wanted}"));
    }

    fn of_seller(&mut self, seller: Option<&UserId>) {
        if let Some(seller) = seller {
            self.is("offer.seller_id", s(seller));
        }
    }

    fn write(self, store: &StockStore, product: ProductId) -> Result<Write> {
        let condition = Expression::new(self.conditions.join(" AND "));
        let condition = self.names.iter().fold(condition, |condition, (name, text)| condition.name(name, text));
        let condition =
            self.values.into_iter().fold(condition, |condition, (name, value)| condition.value(&name, value));
        store.table().update(&stock_key(product), &format!("SET {}", self.sets.join(", ")), condition)
    }
}

fn status(status: LotStatus) -> Result<AttributeValue> {
    value(status)
}

impl StockStore {
    /// Units come in as a lot that has none in the stock item yet. Where `stock` has no lots at all, what is in the house
    /// is of no lot from now on, as it was all along.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn receive_new(&self, stock: &Stock, lot: LotId, units: &LotUnits, moved: &Move) -> Result<Write> {
        let mut change = Change::new();
        if stock.housing.lots.is_none() {
            change.set("lots", value(BTreeMap::from([(lot, units)]))?);
            change.set("loose_free", n(stock.loose_free()));
            change.when("attribute_not_exists(lots)");
            // How many units are of no lot is what was read.
            change.is("version", AttributeValue::N(stock.version.to_string()));
        } else {
            let path = change.lot(lot);
            change.set(&path, value(units)?);
            change.when("attribute_exists(lots)");
            change.when(format!("attribute_not_exists({path})"));
        }
        change.add("available", moved.units);
        change.moved(std::slice::from_ref(moved))?;
        change.write(self, stock.offer.product_id)
    }

    /// Takes a lot out of the stock item of which nothing is left, as it was read.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn forget_lot(&self, product: ProductId, lot: LotId, read: &LotUnits) -> Result<Write> {
        let condition =
            Expression::new("lots.#lot = :read").name("#lot", &lot.to_string()).value(":read", value(read)?);
        self.table().update(&stock_key(product), "REMOVE lots.#lot", condition)
    }

    /// More units come in of a lot that may go out.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn receive_more(&self, product: ProductId, lot: LotId, moved: &Move) -> Result<Write> {
        let mut change = Change::new();
        let path = change.lot(lot);
        change.is(&format!("{path}.st"), status(LotStatus::Sellable)?);
        change.add(&format!("{path}.fr"), moved.units);
        change.add(&format!("{path}.rc"), moved.units);
        change.add("available", moved.units);
        change.moved(std::slice::from_ref(moved))?;
        change.write(self, product)
    }

    /// Adjusts the units of a lot as was planned, while that can still be done; of a product of `seller` alone, if one is
    /// named.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn adjust(&self, stock: &Stock, planned: Planned, seller: Option<&UserId>, moved: &Move) -> Result<Write> {
        let mut change = Change::new();
        change.of_seller(seller);
        match planned.lot {
            LotRef::Unlotted => {
                change.at_least("loose_aside", planned.set_aside);
                change.add("loose_aside", -planned.set_aside);
                // Where there are no lots all units are of none.
                if stock.housing.lots.is_none() {
                    change.when("attribute_not_exists(lots)");
                } else {
                    change.at_least("loose_free", -planned.shelf);
                    change.add("loose_free", planned.shelf);
                }
            }
            LotRef::Lot(id) => {
                let path = change.lot(id);
                // Whether it counts as available depends on it.
                let now = stock.housing.lot(id).map_or(LotStatus::Sellable, |units| units.status);
                change.is(&format!("{path}.st"), status(now)?);
                change.at_least(&format!("{path}.fr"), -planned.shelf);
                change.at_least(&format!("{path}.qu"), planned.set_aside);
                change.add(&format!("{path}.fr"), planned.shelf);
                change.add(&format!("{path}.qu"), -planned.set_aside);
                if planned.shelf > 0 {
                    change.add(&format!("{path}.rc"), planned.shelf);
                    // What was put right came with a delivery.
                    if moved.reason == Some(Reason::Count) {
                        change.add_to_any(&format!("{path}.ct"), planned.shelf);
                    }
                }
            }
        }
        if planned.sellable && planned.shelf != 0 {
            change.at_least("available", -planned.shelf);
            change.add("available", planned.shelf);
        }
        change.moved(std::slice::from_ref(moved))?;
        change.write(self, stock.offer.product_id)
    }

    /// Gives a lot another status, while its units are where they were read. Those that count as available cease to, or
    /// begin.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn set_status(
        &self,
        product: ProductId,
        lot: LotId,
        read: &LotUnits,
        to: LotStatus,
        moved: &Move,
    ) -> Result<Write> {
        let after = LotUnits { status: to, ..read.clone() };
        let mut change = Change::new();
        let path = change.lot(lot);
        change.is(&format!("{path}.st"), status(read.status)?);
        change.is(&format!("{path}.fr"), n(read.free));
        change.is(&format!("{path}.pk"), n(read.packed));
        change.set(&format!("{path}.st"), status(to)?);
        change.set(&format!("{path}.sa"), value(moved.at)?);
        change.add("available", after.sellable() - read.sellable());
        change.moved(std::slice::from_ref(moved))?;
        change.write(self, product)
    }

    /// Puts reserved units of these lots into a parcel, while the product is what it was read as and the lots may go out; in
    /// place of those that are taken `out` of it, of other lots, and go back to the shelf of theirs.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn pack(&self, stock: &Stock, out: &[PackedLot], lots: &[PackedLot]) -> Result<Write> {
        let offer: &Offer = &stock.offer;
        let mut change = Change::new();
        change.is("offer.version", AttributeValue::N(offer.version.to_string()));
        for lot in out {
            // What is of no lot never goes bad.
            let LotRef::Lot(id) = lot.lot_id else { continue };
            let (path, units) = (change.lot(id), i64::from(lot.quantity));
            change.at_least(&format!("{path}.pk"), units);
            change.add(&format!("{path}.pk"), -units);
            change.add(&format!("{path}.fr"), units);
        }
        for lot in lots {
            let units = i64::from(lot.quantity);
            match lot.lot_id {
                LotRef::Unlotted => {
                    change.add_to_any("loose_packed", units);
                    match stock.housing.lots {
                        // All units are of no lot then, and what is packed is a part of what is reserved.
                        None => change.when("attribute_not_exists(lots)"),
                        Some(_) => {
                            change.at_least("loose_free", units);
                            change.add("loose_free", -units);
                        }
                    }
                }
                LotRef::Lot(id) => {
                    let path = change.lot(id);
                    change.is(&format!("{path}.st"), status(LotStatus::Sellable)?);
                    change.at_least(&format!("{path}.fr"), units);
                    change.add(&format!("{path}.fr"), -units);
                    change.add(&format!("{path}.pk"), units);
                }
            }
        }
        change.write(self, offer.product_id)
    }

    /// Gives `quantity` reserved units back, those in a parcel to their lots.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn release(&self, product: ProductId, quantity: u32, packed: &[PackedLot]) -> Result<Write> {
        let mut change = Change::new();
        let units = i64::from(quantity);
        change.at_least("reserved", units);
        change.add("available", units);
        change.add("reserved", -units);
        for lot in packed {
            let units = i64::from(lot.quantity);
            match lot.lot_id {
                LotRef::Unlotted => {
                    change.at_least("loose_packed", units);
                    change.add("loose_packed", -units);
                    // Where there are no lots it is not counted, and not looked at when they begin.
                    change.add_to_any("loose_free", units);
                }
                LotRef::Lot(id) => {
                    let path = change.lot(id);
                    change.at_least(&format!("{path}.pk"), units);
                    change.add(&format!("{path}.pk"), -units);
                    change.add(&format!("{path}.fr"), units);
                }
            }
        }
        change.write(self, product)
    }

    /// Sends `quantity` reserved units out of the house, those of the parcel. Of an order that was packed before lots were
    /// written down they are of no lot, which `counted` says are counted apart by now.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn ship(
        &self,
        product: ProductId,
        quantity: u32,
        packed: &[PackedLot],
        counted: bool,
        moves: &[Move],
    ) -> Result<Write> {
        let mut change = Change::new();
        let units = i64::from(quantity);
        change.at_least("reserved", units);
        change.add("reserved", -units);
        change.add("sold", units);
        for lot in packed {
            let units = i64::from(lot.quantity);
            match lot.lot_id {
                LotRef::Unlotted => {
                    change.at_least("loose_packed", units);
                    change.add("loose_packed", -units);
                }
                LotRef::Lot(id) => {
                    let path = change.lot(id);
                    change.is(&format!("{path}.st"), status(LotStatus::Sellable)?);
                    change.at_least(&format!("{path}.pk"), units);
                    change.add(&format!("{path}.pk"), -units);
                    change.add(&format!("{path}.so"), units);
                }
            }
        }
        if packed.is_empty() {
            match counted {
                true => change.add_to_any("loose_free", -units),
                false => change.when("attribute_not_exists(lots)"),
            }
        }
        change.moved(moves)?;
        change.write(self, product)
    }

    /// Sold units come back and are set aside: they stay sold, are counted as `returned`, and nobody sells again what was out
    /// of the house. `spent` are those of the lots that the stock item does not keep any more, as they were when it ceased to.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn come_back(
        &self,
        product: ProductId,
        back: &[PackedLot],
        spent: &[(LotId, LotUnits)],
        moves: &[Move],
    ) -> Result<Write> {
        let mut change = Change::new();
        let all: i64 = back.iter().map(|lot| i64::from(lot.quantity)).sum();
        change.at_least("sold", all);
        change.add_to_any("returned", all);
        for lot in back {
            let units = i64::from(lot.quantity);
            let LotRef::Lot(id) = lot.lot_id else {
                change.add_to_any("loose_aside", units);
                continue;
            };
            let path = change.lot(id);
            if let Some((_, read)) = spent.iter().find(|(known, _)| *known == id) {
                let (quarantined, sold) = (read.quarantined + units, read.sold - units);
                change.when(format!("attribute_not_exists({path})"));
                change.set(&path, value(LotUnits { quarantined, sold, ..read.clone() })?);
            } else {
                change.at_least(&format!("{path}.so"), units);
                change.add(&format!("{path}.qu"), units);
                change.add(&format!("{path}.so"), -units);
            }
        }
        change.moved(moves)?;
        change.write(self, product)
    }
}
