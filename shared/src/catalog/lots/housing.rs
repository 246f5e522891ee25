//! Where the units of a product are in the house, lot by lot.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::units::{LotRef, LotUnits};
use crate::catalog::movement::Move;
use crate::catalog::stock::Stock;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::LotId;

/// The most lots of one product that have units in the house or out, so that the item stays small.
pub const MAX_LOTS: usize = 40;

/// Where the units of a product are, beside the three counters of its [`Stock`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Housing {
    /// Its lots. `None` where nothing has ever come in as a lot: all units are of no known lot then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lots: Option<BTreeMap<LotId, LotUnits>>,
    /// Units of no lot on the shelf; counted once there are lots.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub loose_free: i64,
    /// Units of no lot in parcels that have not left.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub loose_packed: i64,
    /// Units of no lot that came back from customers and are set aside.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub loose_aside: i64,
    /// What has moved and is not written down as a movement of its own yet, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
    /// How far the movements are written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
}

/// How far the movements of a product are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// How many.
    pub seq: u64,
    /// Units in the house after the last of them.
    pub balance: i64,
    /// The latest time of any of them: none that is written down later lies before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
pub(super) const fn is_zero(units: &i64) -> bool {
    *units == 0
}

impl Housing {
    /// Of a product that begins with lots.
    pub fn empty() -> Self {
        Self { lots: Some(BTreeMap::new()), ..Self::default() }
    }

    /// Its lots, the first to expire first.
    pub fn by_expiry(&self) -> Vec<(LotId, &LotUnits)> {
        let mut lots: Vec<_> = self.lots.iter().flatten().map(|(id, units)| (*id, units)).collect();
        lots.sort_by_key(|(id, units)| (units.expires_on, *id));
        lots
    }

    /// The units of a lot.
    pub fn lot(&self, id: LotId) -> Option<&LotUnits> {
        self.lots.as_ref()?.get(&id)
    }
}

impl Stock {
    /// Units of no known lot on the shelf.
    pub fn loose_free(&self) -> i64 {
        match self.housing.lots {
            Some(_) => self.housing.loose_free,
            None => self.on_hand() - self.housing.loose_packed,
        }
    }

    /// Units of no known lot in the house that are not set aside.
    pub fn loose(&self) -> i64 {
        self.loose_free() + self.housing.loose_packed
    }

    /// All units in the house: those set aside too.
    pub fn in_house(&self) -> i64 {
        let lots = self.housing.lots.iter().flatten().map(|(_, units)| units.in_house());
        self.loose() + self.housing.loose_aside + lots.sum::<i64>()
    }

    /// What `available` must be: the units of all lots that may go out, less what is promised.
    pub fn available_by_lots(&self) -> i64 {
        let lots = self.housing.lots.iter().flatten().map(|(_, units)| units.sellable());
        self.loose() + lots.sum::<i64>() - self.reserved
    }

    /// Units on the shelf that may go out and last until `needed`.
    pub fn fills(&self, needed: Date) -> i64 {
        let good = self.housing.lots.iter().flatten().filter(|(_, units)| units.is_good_on(needed));
        let free: i64 = good.map(|(_, units)| units.free).sum();
        free + self.loose_free()
    }

    /// Whether an order of so many units can be packed and lasts until `needed`.
    pub fn can_fill(&self, quantity: u32, needed: Date) -> bool {
        self.fills(needed) >= i64::from(quantity)
    }

    /// Units in the house of a lot, or of none.
    pub fn units_of(&self, lot: LotRef) -> Option<i64> {
        match lot {
            LotRef::Unlotted => Some(self.loose() + self.housing.loose_aside),
            LotRef::Lot(id) => self.housing.lot(id).map(LotUnits::in_house),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lots::{LotNumber, LotStatus};
    use crate::catalog::product::{Product, tests::new_product};

    fn stock(available: i64, reserved: i64, housing: Housing) -> Stock {
        let offer = Product::offer(&new_product());
        Stock { offer, available, reserved, sold: 0, version: 1, housing }
    }

    fn id(millis: i64) -> LotId {
        LotId::generate(Timestamp::from_millis(millis))
    }

    fn units(number: &str, day: &str, units: i64) -> LotUnits {
        LotUnits::of(LotNumber::parse(number).unwrap(), Date::parse(day).unwrap(), units)
    }

    #[test]
    fn stock_from_before_lots_is_all_of_no_lot() {
        let old = stock(5, 2, Housing { loose_packed: 1, ..Housing::default() });
        assert_eq!((old.loose(), old.loose_free(), old.in_house(), old.available_by_lots()), (7, 6, 7, 5));
        assert_eq!(old.units_of(LotRef::Unlotted), Some(7));
    }

    #[test]
    fn a_product_that_begins_with_lots_has_no_units_beside_them() {
        let new = stock(5, 2, Housing::empty());
        assert_eq!((new.housing.lots.as_ref().map(BTreeMap::len), new.loose(), new.in_house()), (Some(0), 0, 0));
    }

    #[test]
    fn what_may_not_go_out_does_not_count_as_available() {
        let mut recalled = units("B", "2027-01-01", 4);
        recalled.status = LotStatus::Recalled;
        recalled.packed = 1;
        let lots = BTreeMap::from([(id(1), units("A", "2027-01-01", 10)), (id(2), recalled)]);
        let housing = Housing { lots: Some(lots), loose_free: 3, loose_packed: 2, ..Housing::default() };
        let stock = stock(11, 4, housing);
        assert_eq!(stock.available_by_lots(), 11);
        assert_eq!(stock.in_house(), 20);
        let recalled = stock.housing.lot(id_of(&stock, "B")).unwrap();
        assert_eq!((recalled.on_hand(), recalled.set_aside()), (1, 4));
    }

    fn id_of(stock: &Stock, number: &str) -> LotId {
        stock.housing.by_expiry().into_iter().find(|(_, units)| units.number.as_str() == number).unwrap().0
    }

    #[test]
    fn the_item_is_read_as_it_was_written_and_as_it_was_before_lots() {
        use crate::catalog::stock::StockStore;
        let old = stock(5, 2, Housing::default());
        let item = StockStore::to_item(&old).unwrap();
        let new = ["lots", "loose_free", "loose_packed", "loose_aside", "moves", "written"];
        assert!(new.iter().all(|name| !item.contains_key(*name)), "{item:?}");
        assert_eq!(StockStore::from_item(item).unwrap(), old);
        let lots = BTreeMap::from([(id(1), units("A", "2027-01-01", 10))]);
        let written = Some(Written { seq: 3, balance: 10, at: Some(Timestamp::from_millis(7)) });
        let housing = Housing { lots: Some(lots), loose_free: 3, written, ..Housing::default() };
        let new = stock(13, 0, housing);
        assert_eq!(StockStore::from_item(StockStore::to_item(&new).unwrap()).unwrap(), new);
    }
    #[test]
    fn an_order_can_be_filled_by_what_is_loose_and_by_lots_that_last() {
        let mut recalled = units("B", "2030-01-01", 50);
        recalled.status = LotStatus::Recalled;
        let lots = BTreeMap::from([(id(1), units("A", "2027-01-01", 10)), (id(2), recalled)]);
        let stock = stock(13, 0, Housing { lots: Some(lots), loose_free: 3, ..Housing::default() });
        let (last, after) = (Date::parse("2027-01-01").unwrap(), Date::parse("2027-01-02").unwrap());
        assert!(stock.can_fill(13, last) && !stock.can_fill(14, last));
        assert!(stock.can_fill(3, after) && !stock.can_fill(4, after));
    }

    #[test]
    fn what_is_set_aside_is_in_the_house_and_not_on_hand() {
        use LotStatus::{Expired, Quarantined, Recalled, Sellable};
        for (status, aside, sellable) in [(Sellable, 1, 7), (Expired, 1, 0), (Recalled, 6, 0), (Quarantined, 6, 0)] {
            let lot = LotUnits { status, free: 5, packed: 2, quarantined: 1, ..units("A", "2027-01-01", 8) };
            let seen = (lot.in_house(), lot.set_aside(), lot.on_hand(), lot.sellable());
            assert_eq!(seen, (8, aside, 8 - aside, sellable), "{status:?}");
            let (own, other) = (id(1), id(2));
            let lots = Some(BTreeMap::from([(own, lot)]));
            let housing = Housing { lots, loose_free: 3, loose_packed: 2, loose_aside: 4, ..Housing::default() };
            let stock = stock(0, 1, housing);
            assert_eq!((stock.in_house(), stock.available_by_lots()), (17, 4 + sellable), "{status:?}");
            assert_eq!(stock.units_of(LotRef::Unlotted), Some(9));
            assert_eq!((stock.units_of(LotRef::Lot(own)), stock.units_of(LotRef::Lot(other))), (Some(8), None));
        }
    }
}
