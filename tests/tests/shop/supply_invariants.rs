//! What every storm over supply must leave behind. Stock, orders, movements and the register are written by different hands:
//! each invariant holds one against another, and says which protections it would miss.

use std::collections::{BTreeMap, BTreeSet};

use shared::catalog::Manager;
use shared::catalog::Stock;
use shared::catalog::lots::{LotRef, LotStore};
use shared::catalog::movement::{Movement, What};
use shared::catalog::register::{ListRegister, RegisterKind};
use shared::orders::order::Order;
use shared::orders::returned::ReturnState;
use shared::orders::status::Status;
use shared::platform::dynamo::Table;
use shared::platform::ids::{OrderId, ProductId};
use support::user;

use crate::supply_storm::{Storm, WITNESS};

/// How many at most there are of anything in a storm.
const PLENTY: u16 = 200;

/// Everything about one product.
struct Told<'a> {
    storm: &'a Storm,
    product: ProductId,
    /// How many units of no lot were there at first.
    before: i64,
    stock: Stock,
    /// The oldest first.
    moves: Vec<Movement>,
    orders: &'a [Order],
}

/// Units by lot.
type Units = BTreeMap<LotRef, i64>;

impl Told<'_> {
    async fn about<'a>(storm: &'a Storm, (product, before): (ProductId, i64), orders: &'a [Order]) -> Told<'a> {
        let adjustments = storm.shop.world.app.stock_adjustments();
        adjustments.write_down(product).await.unwrap();
        let (manager, mut moves, mut after) = (Manager::Staff(user(9)), Vec::new(), None::<String>);
        loop {
            let page = adjustments.movements(&manager, product, 17, after.as_deref()).await.unwrap();
            moves.extend(page.0);
            match page.1 {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        moves.reverse();
        Told { storm, product, before, stock: storm.stock(product).await, moves, orders }
    }

    fn context(&self) -> String {
        format!("{} {} {:#?}", self.storm.context(), self.product, self.stock)
    }

    /// Units of the movements that are so, lot by lot.
    fn moved(&self, is: impl Fn(&Movement) -> bool) -> Units {
        let mut units = Units::new();
        for moved in self.moves.iter().filter(|moved| is(moved)) {
            *units.entry(moved.lot.id).or_default() += moved.units;
        }
        units
    }

    /// Units of the orders in these states, and those of the lots that they were packed from.
    fn ordered(&self, states: &[Status]) -> (i64, Units) {
        let (mut all, mut units) = (0, Units::new());
        for order in self.orders.iter().filter(|order| states.contains(&order.status)) {
            for line in order.lines.iter().filter(|line| line.offer.product_id == self.product) {
                all += i64::from(line.quantity);
                for lot in &line.lots {
                    *units.entry(lot.lot_id).or_default() += i64::from(lot.quantity);
                }
            }
        }
        (all, units)
    }

    /// Σ lots = stock, and nothing is less than nothing.
    ///
    /// It would miss: that a parcel takes only what lies on the shelf (`at_least` of `fr` in `StockStore::pack`), that whoever
    /// calls back or expires a lot counts what is in it (`is` of `fr` and `pk` in `set_status`), that a lot that was called
    /// back does not become available again when its order is called off.
    fn lots_are_the_stock(&self) {
        let stock = &self.stock;
        assert_eq!(stock.available, stock.available_by_lots(), "{}", self.context());
        let housing = &stock.housing;
        let loose = [stock.loose_free(), housing.loose_packed, housing.loose_aside, stock.reserved, stock.sold];
        let of_lots = housing
            .by_expiry()
            .into_iter()
            .flat_map(|(_, units)| [units.received, units.free, units.packed, units.quarantined, units.sold]);
        assert!(loose.into_iter().chain(of_lots).all(|units| units >= 0), "{}", self.context());
    }

    /// What is promised, packed and sold is what the orders say, lot by lot.
    ///
    /// It would miss: that what is called off twice goes back once (the version of the order in `OrderStore::save`, `at_least`
    /// of `reserved` in `StockStore::release`), that an order ships once, that whoever packs anew takes out what was in it,
    /// and that what two decide on comes back once (the version again).
    fn orders_have_what_is_promised(&self) {
        let (promised, _) = self.ordered(&[Status::Placed, Status::Verified, Status::Packed]);
        let (in_parcels, packed) = self.ordered(&[Status::Packed]);
        let (gone, shipped) = self.ordered(&[Status::Shipped, Status::Delivered, Status::Returned]);
        assert_eq!((self.stock.reserved, self.stock.sold), (promised, gone), "{}", self.context());
        assert_eq!(
            (packed.values().sum::<i64>(), shipped.values().sum::<i64>()),
            (in_parcels, gone),
            "{}",
            self.context()
        );
        let (left, back) = (self.moved(|one| one.what == What::Shipped), self.moved(|one| one.what == What::Returned));
        let of = |units: &Units, lot: LotRef| units.get(&lot).copied().unwrap_or_default();
        for (id, units) in self.stock.housing.by_expiry() {
            let lot = LotRef::Lot(id);
            assert_eq!(units.packed, of(&packed, lot), "{lot}: {}", self.context());
            assert_eq!(units.sold, of(&shipped, lot) - of(&back, lot), "{lot}: {}", self.context());
        }
        assert_eq!(self.stock.housing.loose_packed, of(&packed, LotRef::Unlotted), "{}", self.context());
        for lot in shipped.keys().chain(left.keys()) {
            assert_eq!(of(&left, *lot), -of(&shipped, *lot), "{lot}: {}", self.context());
        }
        for order in self.orders {
            let approved = order.returns.iter().filter(|one| one.state == ReturnState::Approved);
            let approved = approved.flat_map(|one| &one.lines).filter(|units| units.product_id == self.product);
            let approved: i64 = approved.map(|units| i64::from(units.quantity)).sum();
            let back = self.moved(|one| one.what == What::Returned && one.order_id == Some(order.id));
            assert_eq!(back.values().sum::<i64>(), approved, "{}: {}", order.id, self.context());
        }
    }

    /// The movements lead from what was there at first to what is there now, of the whole and of each lot.
    ///
    /// It would miss: that movements are written down once (`written.seq` in `MovementStore::write_some`), in the order in which
    /// they happened, and that whatever moves units says so in the same write (`Change::moved`).
    fn movements_explain_every_change(&self) {
        let mut balance = self.before;
        for moved in &self.moves {
            balance += if moved.what.counts() { moved.units } else { 0 };
            assert_eq!(moved.balance, Some(balance), "{moved:?}: {}", self.context());
        }
        assert_eq!(balance, self.stock.in_house(), "{}", self.context());
        let changed = self.moved(|one| one.what.counts());
        let came = self.moved(|one| one.what == What::Received || (one.what == What::Adjusted && one.units > 0));
        for (lot, units) in &changed {
            let before = if *lot == LotRef::Unlotted { self.before } else { 0 };
            assert_eq!(self.stock.units_of(*lot), Some(before + units), "{lot}: {}", self.context());
        }
        for (id, units) in self.stock.housing.by_expiry() {
            assert_eq!(Some(&units.received), came.get(&LotRef::Lot(id)), "{id}: {}", self.context());
        }
    }

    /// What a request was told is done is done once, and what was refused or nobody has confirmed is not. Each of them stands in
    /// its movement.
    ///
    /// It would miss: the key of a delivery and of an adjustment (`attempt.take`), the mark of an import's row and the version of
    /// its lot (`LotStore::save` in `Receiving::bring`), and that a disposal is confirmed once (`DisposalStore::confirm`).
    fn each_request_is_done_once(&self) -> BTreeSet<String> {
        let mut done = BTreeSet::new();
        for note in self.moves.iter().filter(|moved| moved.what.counts()).filter_map(|moved| moved.note.clone()) {
            assert!(done.insert(note.clone()), "{note} was done twice: {}", self.context());
        }
        done
    }

    /// Nothing of a lot leaves that was called back or has expired.
    ///
    /// It would miss: the condition on the status of a lot (`is` of `st`) in the write that ships.
    fn nothing_bad_has_left(&self) {
        let mut bad = BTreeSet::new();
        for moved in &self.moves {
            match moved.what {
                What::Recalled | What::Expired => {
                    bad.insert(moved.lot.id);
                }
                What::Shipped => assert!(!bad.contains(&moved.lot.id), "{moved:?}: {}", self.context()),
                What::Received | What::Adjusted | What::Returned => {}
            }
        }
    }

    /// No pack is in two parcels, and each that is in one is known to be there.
    ///
    /// It would miss: the serial numbers that packing takes (`LotStore::take_serial`), and that none is freed that stays.
    async fn no_pack_is_in_two_parcels(&self) -> u32 {
        let lots = LotStore::new(Table::new(self.storm.shop.world.dynamo.clone(), "catalog"));
        let mut seen = BTreeSet::new();
        let nobody = OrderId::first_at(self.storm.shop.world.clock.now());
        for order in self.orders.iter().filter(|order| order.status != Status::Cancelled) {
            for line in order.lines.iter().filter(|line| line.offer.product_id == self.product) {
                for serial in line.lots.iter().flat_map(|lot| &lot.serials) {
                    assert!(seen.insert(serial.clone()), "{serial}: {}", self.context());
                    let known = [(self.product, serial.clone())];
                    assert_eq!(lots.serial_elsewhere(&known, order.id).await.unwrap(), None, "{}", self.context());
                    assert!(lots.serial_elsewhere(&known, nobody).await.unwrap().is_some(), "{}", self.context());
                }
            }
        }
        u32::try_from(seen.len()).unwrap()
    }

    /// The register has what has moved, in that order; its chain holds, its balance is that of the lots, and two people stand by
    /// what was destroyed. How much of it was dispensed.
    ///
    /// It would miss: that an entry is written with the movement (`chained` in `MovementStore::write_some`) on the one before it,
    /// and that the witness is another.
    async fn the_register_is_whole(&self) -> u32 {
        let register = self.storm.shop.world.app.register();
        let verdict = register.verify(self.product).await.unwrap();
        let of_lots: i64 = self.stock.housing.by_expiry().iter().map(|(_, units)| units.in_house()).sum();
        assert!(verdict.intact, "{verdict:?}: {}", self.context());
        assert_eq!((verdict.balance, verdict.in_house), (of_lots, of_lots), "{}", self.context());
        let list = ListRegister { product: self.product, from: None, to: None, limit: PLENTY, after: None };
        let (entries, more) = register.list(list).await.unwrap();
        assert_eq!(more, None, "{}", self.context());
        let counts: Vec<_> = self.moves.iter().filter(|moved| moved.what.counts()).collect();
        assert_eq!(entries.len(), counts.len(), "{}", self.context());
        for (entry, moved) in entries.iter().zip(&counts) {
            let written = (entry.quantity, Some(entry.balance), entry.lot_id, entry.order_id, &entry.note);
            let happened = (moved.units, moved.balance, Some(moved.lot.id), moved.order_id, &moved.note);
            assert_eq!(written, happened, "{}", self.context());
            if entry.kind == RegisterKind::Destroyed {
                let people = (entry.by.as_ref().map(|one| &one.id), entry.witness.as_ref().map(|one| &one.id));
                assert_eq!(people, (Some(&user(9)), Some(&user(WITNESS))), "{}", self.context());
            }
        }
        let dispensed = entries.iter().filter(|entry| entry.kind == RegisterKind::Dispensed).count();
        u32::try_from(dispensed).unwrap()
    }
}

/// The orders of the storm, each of them once.
async fn orders(storm: &Storm) -> Vec<Order> {
    let store = storm.shop.world.app.orders().store;
    let mut orders = Vec::new();
    for status in Status::ALL {
        orders.extend(store.in_status(status, PLENTY, None).await.unwrap());
    }
    let mut notes: Vec<_> = orders.iter().map(|order| order.note.clone().unwrap()).collect();
    let all = notes.len();
    notes.sort_unstable();
    notes.dedup();
    // It would miss the key of a checkout.
    assert_eq!(notes.len(), all, "an order was placed twice: {}", storm.context());
    let told = storm.told.borrow();
    let told: Vec<_> = told.iter().filter(|key| key.starts_with("order-")).cloned().collect();
    assert_eq!(notes, told, "{}", storm.context());
    orders
}

/// The fills of a prescription are those of orders that were not called off, and no more than it allows.
///
/// It would miss: that a fill is taken in the order's own transaction on the version of the prescription, and given back once.
async fn fills_are_of_orders(storm: &Storm, orders: &[Order]) {
    for id in &storm.prescriptions {
        let prescription = storm.shop.rx(*id).await;
        let line = &prescription.lines[0];
        let taken: BTreeSet<_> = line.fills.iter().map(|fill| (fill.order_id, fill.quantity)).collect();
        let covered = orders.iter().filter(|order| order.status != Status::Cancelled).flat_map(|order| {
            let lines = order.lines.iter().filter(|line| line.prescription_id == Some(*id));
            lines.map(|line| (order.id, line.quantity))
        });
        assert_eq!(taken, covered.collect(), "{}: {prescription:?}", storm.context());
        assert_eq!(taken.len(), line.fills.len(), "{}: {prescription:?}", storm.context());
        assert!(line.fills.len() <= usize::try_from(line.fills_allowed).unwrap(), "{}", storm.context());
    }
}

/// Asserts all of it; what of it the storm has seen.
pub async fn hold(storm: &Storm) -> Vec<(&'static str, u32)> {
    let orders = orders(storm).await;
    fills_are_of_orders(storm, &orders).await;
    let mut seen = Vec::new();
    let mut done = BTreeSet::new();
    for product in storm.shelf.all() {
        let told = Told::about(storm, product, &orders).await;
        told.lots_are_the_stock();
        told.orders_have_what_is_promised();
        told.movements_explain_every_change();
        told.nothing_bad_has_left();
        done.append(&mut told.each_request_is_done_once());
        told.no_pack_is_in_two_parcels().await;
        if product.0 == storm.shelf.registered {
            seen.push(("dispensed", told.the_register_is_whole().await));
        }
        let kinds = [
            (What::Shipped, "shipped"),
            (What::Returned, "returned"),
            (What::Expired, "expired"),
            (What::Recalled, "recalled"),
        ];
        for (what, name) in kinds {
            let times = told.moves.iter().filter(|moved| moved.what == what).count();
            seen.push((name, u32::try_from(times).unwrap()));
        }
    }
    let told = storm.told.borrow();
    let told: BTreeSet<_> = told.iter().filter(|key| !key.starts_with("order-")).cloned().collect();
    // What nobody has confirmed is not among it.
    assert_eq!(done, told, "{}", storm.context());
    assert!(storm.unconfirmed.borrow().is_disjoint(&done), "{}", storm.context());
    seen.retain(|(_, times)| *times > 0);
    seen
}
