//! The storm over everything that moves units: people order, packers scan, orders are called off and let go, lots come in, are
//! called back and expire while a day passes, goods come back, controlled medicines are destroyed before a witness, stock is
//! adjusted by hand and a table of it imported, all at once, and any function may be killed wherever it waits. Afterwards
//! every unit is in one place, and the movements and the register say how it came there.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::{LocalBoxFuture, join};
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde_json::{Value, json};
use shared::catalog::lots::LotUnits;
use shared::catalog::{LegalStatus, Stock};
use shared::identity::Role;
use shared::imports::Ran;
use shared::imports::import::Incoming;
use shared::orders::order::Order;
use shared::orders::status::Status;
use shared::platform::ids::{ImportId, LotId, PrescriptionId, ProductId};
use shared::prescriptions::Status as Rx;
use support::cloud::Cloud;
use support::{Answer, Dice, PLAIN, PLAIN_TOO, killed_waiting, medicine, user};

use crate::shop::Shop;
use crate::shop::packing::GTIN;
use crate::supply_invariants;

/// How many there are of one product that came in before there were lots.
pub const BEFORE_LOTS: i64 = 14;
/// Who buys what is for sale and what is registered, and whose prescriptions are rejected.
const BUYERS: std::ops::Range<u32> = 20..29;
const WAITING: std::ops::Range<u32> = 30..32;
/// Who confirms what is destroyed: the first in the pool.
pub const WITNESS: u32 = 1;
/// The lots that come in, each with the last day on its packs; the last of them expires in the middle of the storm.
const LOTS: [(&str, &str); 4] = [("A", "2028-01-31"), ("B", "2028-06-30"), ("C", "2027-09-30"), ("SOON", "2026-11-20")];
/// The lots of the table of stock, which nothing else adds to, and how many units of each it says.
const TABLED: [(&str, i64); 3] = [("T1", 5), ("T2", 7), ("T3", 2)];
/// How long nothing is asked for again after a kill: what was asked for before has arrived by then.
const PAUSE: Duration = Duration::from_millis(30);
/// How often anything is tried.
const PATIENCE: usize = 60;

/// What is sold.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// Of which there was some before there were lots.
    pub old: ProductId,
    /// Whose packs are scanned.
    pub scanned: ProductId,
    /// A controlled medicine.
    pub registered: ProductId,
    /// What waits for the review of a prescription.
    pub reviewed: ProductId,
}

impl Shelf {
    /// All of it, with how many were there before there were lots.
    pub const fn all(&self) -> [(ProductId, i64); 4] {
        [(self.old, BEFORE_LOTS), (self.scanned, 0), (self.registered, 0), (self.reviewed, BEFORE_LOTS)]
    }
}

/// A storm, and what people were told in it.
pub struct Storm {
    pub shop: Shop,
    cloud: Cloud,
    seed: u64,
    pub shelf: Shelf,
    /// One of each buyer, in their order, for the controlled medicine.
    pub prescriptions: Vec<PrescriptionId>,
    /// The keys of requests that were told that they were done. Each stands in what it did, as a note or a supplier.
    pub told: RefCell<BTreeSet<String>>,
    /// The keys of what was announced to be destroyed and nobody has confirmed.
    pub unconfirmed: RefCell<BTreeSet<String>>,
    /// How many people are still buying.
    buying: Cell<usize>,
    happened: RefCell<BTreeMap<&'static str, u32>>,
}

impl Storm {
    async fn brewing(seed: u64) -> Self {
        let (shop, cloud) = Box::pin(Shop::counted()).await;
        cloud.pool().add("pharmacist@apothecary.test", "local-only-apothecary", &[Role::PharmacyAdmin], "CONFIRMED");
        let plain = |legal_status| medicine(PLAIN, "500 mg", legal_status);
        let controlled = medicine(PLAIN_TOO, "500 mg", LegalStatus::Controlled);
        let shelf = Shelf {
            old: shop.listed(plain(LegalStatus::Otc), BEFORE_LOTS).await,
            scanned: shop.listed(plain(LegalStatus::Otc), 0).await,
            registered: shop.listed(controlled, 0).await,
            reviewed: shop.listed(plain(LegalStatus::Prescription), BEFORE_LOTS).await,
        };
        shop.give_gtin(shelf.scanned, GTIN).await;
        let Shelf { scanned, registered, .. } = shelf;
        for (product, place, units) in [(scanned, 3, 3), (scanned, 0, 6), (scanned, 1, 14), (registered, 0, 12)] {
            let (number, day) = LOTS[place];
            shop.receive(product, number, day, units).await;
        }
        let mut prescriptions = Vec::new();
        for buyer in BUYERS {
            prescriptions.push(shop.prescription(buyer, Rx::Approved, shelf.registered, 1).await);
        }
        Self {
            shop,
            cloud,
            seed,
            shelf,
            prescriptions,
            told: RefCell::default(),
            unconfirmed: RefCell::default(),
            buying: Cell::new(BUYERS.len()),
            happened: RefCell::default(),
        }
    }

    /// What an assertion that fails says, so that the storm can be brewed once more.
    pub fn context(&self) -> String {
        format!("storm {}", self.seed)
    }

    fn count(&self, what: &'static str) {
        *self.happened.borrow_mut().entry(what).or_default() += 1;
    }

    fn tell(&self, key: &str, what: &'static str) {
        self.told.borrow_mut().insert(key.to_owned());
        self.count(what);
    }

    /// What `call` is answered in the end. It may be killed, and is made again then with the same key, as it is where others
    /// are in its way, or where the day that has passed is too long for the token.
    async fn settled(&self, dice: &mut Dice, call: impl AsyncFn() -> Answer) -> Answer {
        let mut tried = 0;
        loop {
            tried += 1;
            assert!(tried <= PATIENCE, "{}: nobody is answered", self.context());
            let Some(answer) = self.killed_or_not(dice, call()).await else { continue };
            if answer.status == 429 {
                // Who is killed uses up what they were let; it is another minute then.
                self.shop.world.clock.advance(Duration::from_mins(1));
            } else if ![401, 503].contains(&answer.status) {
                // Whoever packs anew may name a lot of what is to stay in the parcel.
                let stays = answer.fields() == ["lots[0].product_id"];
                let fine = answer.status < 300 || [409, 422].contains(&answer.status) || stays;
                assert!(fine, "{}: {} {}", self.context(), answer.status, answer.text);
                return answer;
            }
        }
    }

    /// The same of a worker, which is begun again until it comes to its end.
    async fn worked<T, E: std::fmt::Debug>(&self, dice: &mut Dice, work: impl AsyncFn() -> Result<T, E>) -> T {
        let (mut tried, mut failed) = (0, None);
        loop {
            tried += 1;
            assert!(tried <= PATIENCE, "{}: {failed:?}", self.context());
            match self.killed_or_not(dice, work()).await {
                Some(Ok(done)) => return done,
                outcome => failed = outcome.and_then(Result::err).or(failed),
            }
        }
    }

    async fn killed_or_not<T>(&self, dice: &mut Dice, work: impl Future<Output = T>) -> Option<T> {
        let work = Box::pin(work);
        if dice.roll(4) > 0 {
            return Some(work.await);
        }
        let done = killed_waiting(dice.roll(25), work).await;
        if done.is_none() {
            self.count("killed");
            tokio::time::sleep(PAUSE).await;
        }
        done
    }

    /// Two who do the same at once; whether either was told that it is done.
    async fn both(&self, dice: &mut Dice, call: impl AsyncFn() -> Answer) -> bool {
        let (mut one, mut two) = (dice.others(), dice.others());
        let (one, two) = join(self.settled(&mut one, &call), self.settled(&mut two, &call)).await;
        one.status == 200 || two.status == 200
    }

    pub async fn stock(&self, product: ProductId) -> Stock {
        self.shop.world.app.receiving().stock.get(product).await.unwrap().unwrap()
    }

    async fn stored(&self, order: &str) -> Order {
        self.shop.world.app.orders().store.get(order.parse().unwrap()).await.unwrap().unwrap()
    }

    /// The first lot of a product of which that is so.
    async fn lot(&self, product: ProductId, is: impl Fn(&LotUnits) -> bool) -> Option<(LotId, LotUnits)> {
        let stock = self.stock(product).await;
        let lots = stock.housing.by_expiry().into_iter();
        lots.map(|(id, units)| (id, units.clone())).find(|(_, units)| is(units))
    }

    /// Somebody orders twice, and what they have ordered goes its way.
    async fn buys(&self, buyer: u32, mut dice: Dice) {
        let Shelf { old, scanned, registered, .. } = self.shelf;
        for round in 0..2 {
            let product = dice.one_of(&[old, scanned, scanned, registered]);
            let own = self.prescriptions[usize::try_from(buyer - BUYERS.start).unwrap()];
            let given: Vec<_> = (product == registered).then_some(own).into_iter().collect();
            let most = if product == registered { 2 } else { 3 };
            let quantity = 1 + u32::try_from(dice.roll(most)).unwrap();
            let put = self.settled(&mut dice, async || self.shop.try_put(buyer, product, quantity, &[]).await).await;
            let key = format!("order-{buyer}-{round}");
            let body = json!({"prescription_ids": given, "note": key});
            let place = async || self.shop.order_with(buyer, &key, body.clone()).await;
            if put.status != 200 {
                continue;
            }
            let placed = self.settled(&mut dice, place).await;
            if placed.status == 201 {
                self.tell(&key, "ordered");
                let order = placed.body["id"].as_str().unwrap().to_owned();
                self.goes_out(&mut dice, buyer, &order).await;
                self.comes_back(&mut dice, buyer, &order, product).await;
            }
        }
        self.buying.set(self.buying.get() - 1);
    }

    /// An order goes as far as it comes, unless it is called off on the way.
    async fn goes_out(&self, dice: &mut Dice, buyer: u32, order: &str) {
        for to in ["verified", "packed", "shipped", "delivered"] {
            if to != "delivered" && dice.roll(8) == 0 {
                if self.both(dice, async || self.shop.cancel(buyer, order).await).await {
                    self.count("cancelled");
                }
                return;
            }
            let parcel = if to == "packed" { self.parcel(dice, order).await } else { json!({}) };
            let answer = self.settled(dice, async || self.shop.step(order, to, parcel.clone()).await).await;
            if answer.status == 200 && parcel["scans"].is_array() {
                self.count("scanned");
            }
            if to == "packed" && answer.status != 200 {
                // Somebody has taken the lot, or a pack with that number lies in another parcel.
                self.settled(dice, async || self.shop.pack(order, json!({})).await).await;
            }
            if answer.code() == "no_suitable_lot" && to == "shipped" {
                // Something in the parcel was called back or has expired meanwhile.
                self.settled(dice, async || self.shop.pack(order, json!({})).await).await;
                self.settled(dice, async || self.shop.step(order, to, json!({})).await).await;
            }
        }
    }

    /// What whoever packs says: the packs that they have scanned, of a lot that has enough. Others may scan the same numbers.
    async fn parcel(&self, dice: &mut Dice, order: &str) -> Value {
        let order = self.stored(order).await;
        let scanned = order.lines.iter().find(|line| line.offer.product_id == self.shelf.scanned);
        let Some(line) = scanned.filter(|_| dice.roll(4) > 0) else { return json!({}) };
        let (product, today) = (self.shelf.scanned, self.shop.world.clock.now().date());
        let enough = |units: &LotUnits| units.is_good_on(today) && units.free >= i64::from(line.quantity);
        let Some((id, lot)) = self.lot(product, enough).await else { return json!({}) };
        let day = lot.expires_on.to_string().replace('-', "");
        let (day, number) = (&day[2..], &lot.number);
        let mut scans = Vec::new();
        for pack in 0..line.quantity {
            scans.push(format!("(01){GTIN}(17){day}(10){number}(21)S{pack}{}", dice.roll(9)));
        }
        let named = json!([{"product_id": product, "lot_id": id, "quantity": line.quantity}]);
        json!({"lots": named, "scans": scans})
    }

    /// Some of what was delivered is brought back, and two of the staff decide about it at once.
    async fn comes_back(&self, dice: &mut Dice, buyer: u32, order: &str, product: ProductId) {
        if dice.roll(3) == 0 {
            return;
        }
        let quantity = 1 + u32::try_from(dice.roll(2)).unwrap();
        let key = format!("return-{order}");
        let ask = async || self.shop.ask_return(buyer, order, &key, (product, quantity)).await;
        let asked = self.settled(dice, ask).await;
        if asked.status == 201 {
            let id = asked.body["id"].as_str().unwrap();
            let decision = dice.one_of(&["approve", "approve", "approve", "reject"]);
            self.both(dice, async || self.shop.resolve_return(order, id, decision).await).await;
        }
    }

    /// Somebody orders what waits for a review, which ends badly: the order is let go.
    async fn waits(&self, buyer: u32, mut dice: Dice) {
        let reviewed = self.shelf.reviewed;
        let rx = self.shop.prescription(buyer, Rx::Pending, reviewed, 1).await;
        let key = format!("order-{buyer}");
        let body = json!({"prescription_ids": [rx], "note": key});
        let put = self.settled(&mut dice, async || self.shop.try_put(buyer, reviewed, 2, &[]).await).await;
        let placed = self.settled(&mut dice, async || self.shop.order_with(buyer, &key, body.clone()).await).await;
        assert_eq!((put.status, placed.status), (200, 201), "{}: {}", self.context(), placed.text);
        self.tell(&key, "ordered");
        let order = placed.body["id"].as_str().unwrap();
        self.shop.reject(rx).await;
        join(self.lets_go(order, dice.others()), self.lets_go(order, dice.others())).await;
        let released = self.stored(order).await;
        assert_eq!(released.status, Status::Cancelled, "{}: {released:?}", self.context());
        self.count("released");
    }

    async fn lets_go(&self, order: &str, mut dice: Dice) {
        let release = async || (orders_release::WORKER.run)(&self.shop.world.app, json!({ "order": order })).await;
        self.worked(&mut dice, release).await;
    }

    /// Lots come in.
    async fn receives(&self, who: u64, mut dice: Dice) {
        let Shelf { old, scanned, registered, .. } = self.shelf;
        for round in 0..4 {
            let (product, (number, day)) = (dice.one_of(&[old, scanned, registered]), dice.one_of(&LOTS));
            let key = format!("delivery-{who}-{round}");
            let units = 1 + dice.roll(5);
            let body = json!({"number": number, "expires_on": day, "quantity": units, "supplier": key});
            let come = async || self.shop.deliver(product, &key, body.clone()).await;
            if self.settled(&mut dice, come).await.status == 201 {
                self.tell(&key, "received");
            }
        }
    }

    /// Stock is adjusted by hand.
    async fn adjusts(&self, who: u64, mut dice: Dice) {
        let Shelf { old, scanned, registered, .. } = self.shelf;
        for round in 0..4 {
            let product = dice.one_of(&[old, scanned, registered]);
            let key = format!("adjustment-{who}-{round}");
            let (way, lot) = (dice.roll(4), dice.one_of(&["A", "B"]));
            let counted = self.lot(product, |units| units.number.as_str() == lot).await;
            let body = match (way, counted) {
                (0, _) => json!({"delta": -1, "reason": "damage", "note": key}),
                (1, Some((lot, _))) => json!({"delta": 1, "reason": "count", "lot_id": lot, "note": key}),
                (2, _) if product != registered => json!({"delta": -2, "reason": "disposal", "note": key}),
                _ => json!({"delta": -1, "reason": "theft", "note": key}),
            };
            if self.settled(&mut dice, async || self.shop.adjust(product, &key, body.clone()).await).await.status == 200
            {
                self.tell(&key, "adjusted");
            }
        }
    }

    /// A controlled medicine is destroyed once its witness says so, who says it twice at once; some of it nobody confirms.
    async fn destroys(&self, who: u64, mut dice: Dice) {
        let confirm = registry::ENDPOINTS.iter().find(|one| one.name() == "catalog-confirm-movement").unwrap().endpoint;
        for round in 0..3 {
            let key = format!("disposal-{who}-{round}");
            let body = json!({"delta": -1, "reason": "disposal", "witness_id": user(WITNESS), "note": key});
            let adjust = async || self.shop.adjust(self.shelf.registered, &key, body.clone()).await;
            let announced = self.settled(&mut dice, adjust).await;
            if announced.status != 202 {
                continue;
            }
            if round == 1 {
                self.unconfirmed.borrow_mut().insert(key);
                continue;
            }
            let movement = announced.body["movement_id"].as_str().unwrap();
            let route = ("POST", "/v1/stock-movements/x/confirm");
            let witness = user(WITNESS);
            let says_so = async || {
                let who = (&witness, Role::PharmacyAdmin);
                self.shop.as_somebody(who, confirm, route, &[("id", movement)], &[], None).await
            };
            if self.both(&mut dice, says_so).await {
                self.tell(&key, "destroyed");
            }
        }
    }

    /// A lot is called back once some of it is out, or nobody buys any more; then its orders are looked for.
    async fn recalls(&self, mut dice: Dice) {
        let lot = loop {
            let (id, lot) = self.lot(self.shelf.scanned, |units| units.number.as_str() == "A").await.unwrap();
            if lot.sold > 0 || self.buying.get() < BUYERS.len() / 2 {
                break id.to_string();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        let recalled =
            self.settled(&mut dice, async || self.shop.recall(&lot, "storm", "It is too strong.").await).await;
        assert_eq!(recalled.status, 202, "{}: {}", self.context(), recalled.text);
        let follow = async || (orders_follow_recalls::WORKER.run)(&self.shop.world.app, json!({})).await;
        self.worked(&mut dice, follow).await;
    }

    /// A day passes in the middle, and what was good until yesterday is not any more.
    async fn a_day_passes(&self, mut dice: Dice) {
        while self.buying.get() > BUYERS.len() * 2 / 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.shop.world.clock.advance(Duration::from_hours(15));
        for _ in 0..2 {
            self.expire(&mut dice).await;
        }
    }

    async fn expire(&self, dice: &mut Dice) {
        let expire = async || (catalog_expire_lots::WORKER.run)(&self.shop.world.app, json!({})).await;
        self.worked(dice, expire).await;
    }

    /// A table of stock is taken in, by as many runs as it needs.
    async fn imports(&self, mut dice: Dice) {
        let mut table = "product_id,lot_number,expires_on,quantity,supplier\n".to_owned();
        let mut rows = 0;
        for (product, _) in self.shelf.all() {
            for (number, quantity) in TABLED {
                table += &format!("{product},{number},2029-01-31,{quantity},row-{product}-{number}\n");
                rows += 1;
            }
        }
        let endpoint = |name: &str| registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap().endpoint;
        let body = json!({"kind": "stock", "content_type": "text/csv", "size_bytes": table.len()});
        let staff = user(9);
        let (who, route) = ((&staff, Role::PharmacyAdmin), ("POST", "/v1/imports"));
        let started =
            self.shop.as_somebody(who, endpoint("imports-start"), route, &[], &[], Some(body)).await.expect(201);
        let fields = &started.body["upload"]["fields"];
        let path = format!("scans/{}", fields["key"].as_str().unwrap());
        self.cloud.files().put(&path, fields["Content-Type"].as_str().unwrap(), table.as_bytes());
        let id = started.body["id"].as_str().unwrap();
        let arrived = Incoming::file(ImportId::parse(id).unwrap());
        // Each run goes on where the one before was killed.
        let app = &self.shop.world.app;
        while self.worked(&mut dice, async || app.importing().unwrap().run(arrived).await).await != Ran::Over {}
        let route = ("GET", "/v1/imports/x");
        let read = async || self.shop.as_somebody(who, endpoint("imports-get"), route, &[("id", id)], &[], None).await;
        let import = self.settled(&mut dice, read).await;
        let counts = (&import.body["status"], &import.body["rows"]["created"], &import.body["rows"]["refused"]);
        assert_eq!(counts, (&json!("finished"), &json!(rows), &json!(0)), "{}: {}", self.context(), import.text);
        for (product, _) in self.shelf.all() {
            for (number, _) in TABLED {
                self.tell(&format!("row-{product}-{number}"), "imported");
            }
        }
    }

    /// Movements are written down while they come, and the register is whole at any time.
    async fn writes_down(&self, mut dice: Dice) {
        let (staff, path) = (user(9), format!("/v1/registers/controlled/verify?product={}", self.shelf.registered));
        let verify = registry::ENDPOINTS.iter().find(|one| one.name() == "registers-verify").unwrap().endpoint;
        for _ in 0..4 {
            for (product, _) in self.shelf.all() {
                let write_down = async || self.shop.world.app.stock_adjustments().write_down(product).await;
                self.worked(&mut dice, write_down).await;
            }
            let look = async || {
                self.shop.as_somebody((&staff, Role::PharmacyAdmin), verify, ("GET", &path), &[], &[], None).await
            };
            let verdict = self.settled(&mut dice, look).await;
            assert_eq!(verdict.body["intact"], true, "{}: {}", self.context(), verdict.text);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Everything at once.
    async fn rages(&self) {
        let dice = |task: u64| Dice::of(self.seed * 1000 + task);
        let mut tasks: FuturesUnordered<LocalBoxFuture<'_, ()>> = FuturesUnordered::new();
        for buyer in BUYERS {
            tasks.push(Box::pin(self.buys(buyer, dice(buyer.into()))));
        }
        for buyer in WAITING {
            tasks.push(Box::pin(self.waits(buyer, dice(buyer.into()))));
        }
        for who in 0..3 {
            tasks.push(Box::pin(self.receives(who, dice(100 + who))));
        }
        for who in 0..2 {
            tasks.push(Box::pin(self.adjusts(who, dice(200 + who))));
            tasks.push(Box::pin(self.destroys(who, dice(300 + who))));
        }
        tasks.push(Box::pin(self.recalls(dice(400))));
        tasks.push(Box::pin(self.a_day_passes(dice(401))));
        tasks.push(Box::pin(self.imports(dice(402))));
        tasks.push(Box::pin(self.writes_down(dice(403))));
        while let Some(()) = tasks.next().await {}
    }

    /// What came in too late to be seen is seen.
    async fn calms_down(&self) {
        let mut dice = Dice::of(self.seed);
        self.expire(&mut dice).await;
        let follow = async || (orders_follow_recalls::WORKER.run)(&self.shop.world.app, json!({})).await;
        self.worked(&mut dice, follow).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_over_everything_that_moves_units_leaves_each_in_one_place() {
    let mut happened: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in [16, 1601, 160_108] {
        println!("storm {seed}");
        let storm = Box::pin(Storm::brewing(seed)).await;
        Box::pin(storm.rages()).await;
        Box::pin(storm.calms_down()).await;
        for (what, times) in Box::pin(supply_invariants::hold(&storm)).await {
            *happened.entry(what).or_default() += times;
        }
        for (what, times) in storm.happened.borrow().iter() {
            *happened.entry(what).or_default() += times;
        }
    }
    // A storm in which something did not happen says nothing about it.
    let expected = [
        "ordered",
        "scanned",
        "cancelled",
        "released",
        "received",
        "adjusted",
        "destroyed",
        "recalled",
        "expired",
        "imported",
        "killed",
        "shipped",
        "returned",
        "dispensed",
    ];
    for what in expected {
        assert!(happened.contains_key(what), "{what} did not happen: {happened:?}");
    }
}
