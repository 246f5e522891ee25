//! Lots in orders on an embedded DynamoDB: what expires first goes first, what is no good does not go, packs are scanned, and
//! whatever happens at once every unit is in one place.

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::catalog::gs1::Gtin;
use shared::catalog::lots::{Housing, LotStatus};
use shared::catalog::movement::What;
use shared::catalog::product::Medicine;
use shared::catalog::{LegalStatus, Offer, Stock};
use shared::identity::Role;
use shared::platform::dynamo::{Key, s};
use shared::platform::ids::ProductId;
use shared::prescriptions::Status as Rx;
use support::{Answer, PLAIN, PLAIN_TOO, catalogued, medicine, user};

use super::Shop;

/// The GTIN of GS1's own examples.
pub const GTIN: &str = "09506000134352";

fn endpoint(name: &str) -> &'static Endpoint {
    registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap().endpoint
}

impl Shop {
    /// Receives units of a product as a lot; its id.
    pub async fn receive(&self, product: ProductId, number: &str, expires_on: &str, quantity: i64) -> String {
        let answer = self.try_receive(product, number, expires_on, quantity).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    pub async fn try_receive(&self, product: ProductId, number: &str, expires_on: &str, quantity: i64) -> Answer {
        let body = json!({"number": number, "expires_on": expires_on, "quantity": quantity});
        let key = format!("{number}-{quantity}-{}", self.world.clock.now());
        let mut answer = self.deliver(product, &key, body.clone()).await;
        // Where many are at the same stock it may be told to try again.
        while answer.status == 503 {
            answer = self.deliver(product, &key, body.clone()).await;
        }
        answer
    }

    /// A pharmacist takes units in, once.
    pub async fn deliver(&self, product: ProductId, key: &str, body: Value) -> Answer {
        self.of_product(&catalog_receive_lot::ENDPOINT, "/v1/products/x/lots", product, key, body).await
    }

    /// A pharmacist adjusts the stock.
    pub async fn adjust(&self, product: ProductId, key: &str, body: Value) -> Answer {
        self.of_product(&catalog_adjust_stock::ENDPOINT, "/v1/products/x/stock", product, key, body).await
    }

    async fn of_product(&self, endpoint: &Endpoint, path: &str, product: ProductId, key: &str, body: Value) -> Answer {
        let (staff, id) = (user(9), product.to_string());
        let (who, headers) = ((&staff, Role::PharmacyAdmin), [("idempotency-key", key)]);
        self.as_somebody(who, endpoint, ("POST", path), &[("id", &id)], &headers, Some(body)).await
    }

    /// A pharmacist calls a lot back.
    pub async fn recall(&self, lot: &str, key: &str, reason: &str) -> Answer {
        let recall = registry::ENDPOINTS.iter().find(|one| one.name() == "catalog-recall-lot").unwrap().endpoint;
        let body = json!({"reason": reason, "reference": "D-0123-2027", "class": 1});
        let (staff, headers) = (user(9), [("idempotency-key", key)]);
        let (who, route) = ((&staff, Role::PharmacyAdmin), ("POST", "/v1/lots/x/recall"));
        self.as_somebody(who, recall, route, &[("id", lot)], &headers, Some(body)).await
    }

    /// A page of where a lot went.
    pub async fn trace(&self, lot: &str, query: &str) -> Answer {
        let trace = registry::ENDPOINTS.iter().find(|one| one.name() == "catalog-trace-lot").unwrap().endpoint;
        let token = self.world.token(&user(9), Role::PharmacyAdmin);
        let path = format!("/v1/lots/x/trace{query}");
        self.world.call(trace, ("GET", &path), &[("id", lot)], Some(&token), None).await
    }

    /// A product of which nothing was there before lots.
    pub async fn lotted(&self) -> ProductId {
        self.product(500, 0, LegalStatus::Otc).await
    }

    pub async fn pack(&self, order: &str, more: Value) -> Answer {
        self.step(order, "packed", more).await
    }

    /// A step of an order, with what there is to say of it.
    pub async fn step(&self, order: &str, to: &str, more: Value) -> Answer {
        let mut body = json!({ "to": to });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let token = self.world.token(&user(9), Role::PharmacyAdmin);
        let route = ("POST", "/v1/orders/x/transitions");
        self.world.call(&orders_transition::ENDPOINT, route, &[("id", order)], Some(&token), Some(body)).await
    }

    /// An order of so many of a product that is checked.
    pub async fn verified(&self, buyer: u32, key: &str, product: ProductId, quantity: u32) -> String {
        self.put(buyer, product, quantity).await;
        let order = self.order(buyer, key, &[]).await;
        assert_eq!(order.status, 201, "{}", order.text);
        let id = order.body["id"].as_str().unwrap().to_owned();
        assert_eq!(self.transition(&id, "verified").await.status, 200);
        id
    }

    /// A product that the catalogue knows and lists, of which so many units of no lot are there.
    pub async fn listed(&self, medicine: Medicine, units: i64) -> ProductId {
        let product = catalogued(&self.world, medicine).await;
        let offer = Offer { sellable: true, ..product.offer() };
        self.shelve(&Stock { offer, available: units, reserved: 0, sold: 0, version: 1, housing: Housing::default() })
            .await;
        let feed = self.world.dynamo.update_item().table_name("catalog");
        feed.set_key(Some(Key::new(format!("PRODUCT#{}", product.id), "PRODUCT").attributes()))
            .update_expression("SET feed = :feed, changed_at = :now")
            .expression_attribute_values(":feed", s("F0"))
            .expression_attribute_values(":now", s(format!("{}#{}", self.world.clock.now(), product.id)))
            .send()
            .await
            .unwrap();
        product.id
    }

    /// Its packs say which product they are.
    pub async fn give_gtin(&self, product: ProductId, gtin: &str) {
        self.change_offer(product, |offer| offer.gtin = Some(Gtin::parse(gtin).unwrap())).await;
    }

    /// The customer wants to give units of an order back.
    pub async fn ask_return(
        &self,
        buyer: u32,
        order: &str,
        key: &str,
        (product, quantity): (ProductId, u32),
    ) -> Answer {
        let body = json!({"reason": key, "lines": [{"product_id": product, "quantity": quantity}]});
        let (route, headers) = (("POST", "/v1/orders/x/returns"), [("idempotency-key", key)]);
        let ask = endpoint("orders-request-return");
        self.as_customer(buyer, ask, route, &[("id", order)], &headers, Some(body)).await
    }

    /// A pharmacist decides about that.
    pub async fn resolve_return(&self, order: &str, asked: &str, decision: &str) -> Answer {
        let parameters = [("id", order), ("return_id", asked)];
        let route = ("POST", "/v1/orders/x/returns/y/resolve");
        let (staff, body) = (user(9), Some(json!({ "decision": decision })));
        let resolve = endpoint("orders-resolve-return");
        self.as_somebody((&staff, Role::PharmacyAdmin), resolve, route, &parameters, &[], body).await
    }

    async fn set_lot(&self, product: ProductId, number: &str, change: impl Fn(&mut shared::catalog::lots::LotUnits)) {
        let mut stock = self.stock.get(product).await.unwrap().unwrap();
        let lots = stock.housing.lots.as_mut().unwrap();
        lots.values_mut().filter(|lot| lot.number.as_str() == number).for_each(change);
        stock.available = stock.available_by_lots();
        self.shelve(&stock).await;
    }

    /// Free, packed and sold of the lot of this number.
    pub async fn lot(&self, product: ProductId, number: &str) -> (i64, i64, i64) {
        let stock = self.stock.get(product).await.unwrap().unwrap();
        let lots = stock.housing.by_expiry();
        let (_, lot) = lots.into_iter().find(|(_, lot)| lot.number.as_str() == number).unwrap();
        (lot.free, lot.packed, lot.sold)
    }

    pub async fn expect_sums(&self, product: ProductId) {
        let stock = self.stock.get(product).await.unwrap().unwrap();
        assert_eq!(stock.available, stock.available_by_lots(), "{stock:?}");
    }
}

fn lots(answer: &Answer) -> Vec<(Value, Value)> {
    let lots = answer.body["items"][0]["lots"].as_array().unwrap();
    lots.iter().map(|lot| (lot["number"].clone(), lot["quantity"].clone())).collect()
}

#[tokio::test]
async fn a_parcel_takes_what_expires_first_and_gives_it_back() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    shop.receive(product, "LATE", "2028-06-30", 5).await;
    shop.receive(product, "SOON", "2027-01-31", 3).await;
    let order = shop.verified(1, "a", product, 4).await;
    let packed = shop.pack(&order, json!({})).await;
    assert_eq!(packed.status, 200, "{}", packed.text);
    assert_eq!(lots(&packed), [(json!("SOON"), json!(3)), (json!("LATE"), json!(1))]);
    assert_eq!((shop.lot(product, "SOON").await, shop.lot(product, "LATE").await), ((0, 3, 0), (4, 1, 0)));
    assert_eq!(shop.stock(product).await, (4, 4, 0));
    shop.expect_sums(product).await;
    assert_eq!(shop.cancel(1, &order).await.status, 200);
    assert_eq!((shop.lot(product, "SOON").await, shop.lot(product, "LATE").await), ((3, 0, 0), (5, 0, 0)));
    assert_eq!(shop.stock(product).await, (8, 0, 0));
    let order = shop.verified(1, "b", product, 4).await;
    assert_eq!(shop.pack(&order, json!({})).await.status, 200);
    assert_eq!(shop.transition(&order, "shipped").await.status, 200);
    assert_eq!((shop.lot(product, "SOON").await, shop.lot(product, "LATE").await), ((0, 0, 3), (4, 0, 1)));
    assert_eq!(shop.stock(product).await, (4, 0, 4));
    shop.expect_sums(product).await;
}

/// The customer gives units back, and the staff takes them.
async fn take_back(shop: &Shop, order: &str, product: ProductId, quantity: u32) {
    let key = format!("{quantity}-{}", shop.world.clock.now());
    let asked = shop.ask_return(1, order, &key, (product, quantity)).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    let resolved = shop.resolve_return(order, asked.body["id"].as_str().unwrap(), "approve").await;
    assert_eq!(resolved.status, 200, "{}", resolved.text);
}

#[tokio::test]
async fn what_comes_back_is_set_aside_lot_by_lot() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    shop.receive(product, "SOON", "2027-01-31", 1).await;
    shop.receive(product, "LATE", "2028-06-30", 5).await;
    let order = shop.verified(1, "a", product, 3).await;
    assert_eq!(shop.pack(&order, json!({})).await.status, 200);
    for to in ["shipped", "delivered"] {
        assert_eq!(shop.transition(&order, to).await.status, 200);
    }
    let aside = async |number: &str| {
        let stock = shop.stock.get(product).await.unwrap().unwrap();
        let lots = stock.housing.by_expiry();
        let (_, lot) = lots.into_iter().find(|(_, lot)| lot.number.as_str() == number).unwrap();
        (lot.quarantined, lot.sold)
    };
    take_back(&shop, &order, product, 2).await;
    assert_eq!((aside("SOON").await, aside("LATE").await), ((1, 0), (1, 1)));
    take_back(&shop, &order, product, 1).await;
    assert_eq!((aside("SOON").await, aside("LATE").await), ((1, 0), (2, 0)));
    assert_eq!(shop.stock(product).await, (3, 0, 3), "none of it is on sale again");
    let stock = shop.stock.get(product).await.unwrap().unwrap();
    assert_eq!(stock.in_house(), 6);
    let moved: Vec<_> = stock.housing.moves.iter().map(|moved| (moved.what, moved.units)).collect();
    assert_eq!(moved.iter().filter(|(what, _)| *what == What::Returned).map(|(_, units)| units).sum::<i64>(), 3);
    shop.expect_sums(product).await;
}

#[tokio::test]
async fn what_comes_back_of_a_lot_that_the_stock_forgot_is_known_again() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    shop.receive(product, "A", "2027-01-31", 2).await;
    let order = shop.verified(1, "a", product, 2).await;
    assert_eq!(shop.pack(&order, json!({})).await.status, 200);
    for to in ["shipped", "delivered"] {
        assert_eq!(shop.transition(&order, to).await.status, 200);
    }
    // Of twelve lots on, one of which nothing is left leaves the stock item.
    for n in 0..13 {
        shop.receive(product, &format!("N{n}"), "2028-06-30", 1).await;
    }
    let find = async || {
        let stock = shop.stock.get(product).await.unwrap().unwrap();
        let lots = stock.housing.by_expiry();
        lots.into_iter().find(|(_, lot)| lot.number.as_str() == "A").map(|(_, lot)| (lot.quarantined, lot.sold))
    };
    assert_eq!(find().await, None);
    take_back(&shop, &order, product, 1).await;
    assert_eq!(find().await, Some((1, 1)));
    shop.expect_sums(product).await;
}

#[tokio::test]
async fn stock_from_before_lots_is_packed_and_shipped_as_it_was_and_beside_lots() {
    let shop = Shop::open().await;
    let product = shop.product(500, 5, LegalStatus::Otc).await;
    let before = shop.verified(1, "a", product, 2).await;
    let packed = shop.pack(&before, json!({})).await;
    assert_eq!(packed.body["items"][0]["lots"][0]["lot_id"], "unlotted");
    let later = shop.verified(2, "b", product, 3).await;
    shop.receive(product, "NEW", "2028-06-30", 4).await;
    shop.expect_sums(product).await;
    // What is of no lot goes first, and is not taken twice.
    let packed = shop.pack(&later, json!({})).await;
    assert_eq!(lots(&packed), [(Value::Null, json!(3))]);
    for order in [&before, &later] {
        assert_eq!(shop.transition(order, "shipped").await.status, 200);
        shop.expect_sums(product).await;
    }
    assert_eq!(shop.stock(product).await, (4, 0, 5));
    let stock = shop.stock.get(product).await.unwrap().unwrap();
    assert_eq!((stock.loose(), stock.in_house()), (0, 4));
}

#[tokio::test]
async fn an_order_packed_before_lots_were_written_down_still_ships() {
    let shop = Shop::open().await;
    let product = shop.product(500, 5, LegalStatus::Otc).await;
    let order = shop.verified(1, "a", product, 2).await;
    assert_eq!(shop.pack(&order, json!({})).await.status, 200);
    // As the function before wrote it: no lots in the line, nothing counted as packed.
    let store = shop.world.app.orders().store;
    let mut old = store.get(order.parse().unwrap()).await.unwrap().unwrap();
    old.lines[0].lots = Vec::new();
    let save = store.save(&old).unwrap();
    shared::platform::dynamo::transact(&shop.world.dynamo, vec![save]).await.unwrap();
    let mut stock = shop.stock.get(product).await.unwrap().unwrap();
    stock.housing.loose_packed = 0;
    shop.shelve(&stock).await;
    shop.receive(product, "NEW", "2028-06-30", 4).await;
    assert_eq!(shop.transition(&order, "shipped").await.status, 200);
    shop.expect_sums(product).await;
    assert_eq!(shop.stock(product).await, (7, 0, 2));
}

#[tokio::test]
async fn what_is_no_good_is_neither_packed_nor_shipped() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    shop.receive(product, "A", "2027-01-31", 2).await;
    shop.receive(product, "B", "2028-01-31", 2).await;
    let order = shop.verified(1, "a", product, 2).await;
    for (status, reason) in [(LotStatus::Recalled, "recalled"), (LotStatus::Quarantined, "quarantined")] {
        for number in ["A", "B"] {
            shop.set_lot(product, number, |lot| lot.status = status).await;
        }
        let refused = shop.pack(&order, json!({})).await;
        assert_eq!((refused.status, refused.code()), (409, "no_suitable_lot"), "{}", refused.text);
        assert!(refused.body["problems"].as_array().unwrap().iter().all(|lot| lot["reason"] == reason));
    }
    shop.set_lot(product, "B", |lot| lot.status = LotStatus::Sellable).await;
    let packed = shop.pack(&order, json!({})).await;
    assert_eq!(lots(&packed), [(json!("B"), json!(2))]);
    shop.set_lot(product, "B", |lot| lot.status = LotStatus::Recalled).await;
    let refused = shop.transition(&order, "shipped").await;
    assert_eq!((refused.status, refused.code()), (409, "no_suitable_lot"));
    // It is called off, and what was called back does not become available again.
    let available = shop.stock(product).await.0;
    assert_eq!(shop.cancel(1, &order).await.status, 200);
    assert_eq!(shop.stock(product).await.0, available + 2);
    shop.expect_sums(product).await;
}

#[tokio::test]
async fn a_medicine_lasts_as_long_as_it_is_taken() {
    let shop = Shop::open().await;
    let product = shop.product(500, 0, LegalStatus::Prescription).await;
    let id = shop.prescription(1, Rx::Approved, product, 2).await;
    shop.change_rx(id, |prescription| prescription.lines[0].min_days_between = 30).await;
    shop.receive(product, "SHORT", "2026-12-10", 5).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "a", &[id]).await.body["id"].as_str().unwrap().to_owned();
    assert_eq!(shop.transition(&order, "verified").await.status, 200);
    let refused = shop.pack(&order, json!({})).await;
    assert_eq!(
        (refused.code(), &refused.body["problems"][0]["reason"]),
        ("no_suitable_lot", &json!("expires_too_early"))
    );
    shop.receive(product, "LONG", "2026-12-20", 5).await;
    assert_eq!(lots(&shop.pack(&order, json!({})).await), [(json!("LONG"), json!(1))]);
}

#[tokio::test]
async fn a_lot_lasts_for_the_days_that_the_reviewed_line_says_and_the_hold_says_so_before() {
    let shop = Shop::open().await;
    let product = shop.product(500, 0, LegalStatus::Prescription).await;
    let id = shop.prescription(1, Rx::Approved, product, 2).await;
    shop.change_rx(id, |prescription| prescription.lines[0].days_supply = Some(30)).await;
    let short = shop.receive(product, "SHORT", "2026-12-10", 5).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "a", &[id]).await.body["id"].as_str().unwrap().to_owned();
    assert_eq!(shop.transition(&order, "verified").await.status, 200);
    let held = shop.get_order(1, &order).await;
    assert_eq!(held.body["holds"][0]["code"], "stock_short", "{}", held.text);
    let named = json!({"lots": [{"product_id": product, "lot_id": short, "quantity": 1}]});
    for more in [json!({}), named] {
        let refused = shop.pack(&order, more).await;
        assert_eq!(
            (refused.code(), &refused.body["problems"][0]["reason"]),
            ("no_suitable_lot", &json!("expires_too_early"))
        );
    }
    shop.receive(product, "LONG", "2026-12-20", 5).await;
    assert_eq!(shop.get_order(1, &order).await.body["holds"], json!([]));
    assert_eq!(lots(&shop.pack(&order, json!({})).await), [(json!("LONG"), json!(1))]);
}

#[tokio::test]
async fn whoever_packs_can_take_other_lots() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let a = shop.receive(product, "A", "2027-01-31", 2).await;
    let b = shop.receive(product, "B", "2028-01-31", 2).await;
    let order = shop.verified(1, "a", product, 2).await;
    let lot = |id: &str, quantity: u32| json!({"product_id": product, "lot_id": id, "quantity": quantity});
    let few = shop.pack(&order, json!({"lots": [lot(&b, 1)]})).await;
    assert_eq!((few.status, few.code()), (409, "no_suitable_lot"));
    let strange = json!({"lots": [{"product_id": "prd_01JD4Z8QK0000000000000000A", "lot_id": b, "quantity": 2}]});
    assert_eq!(shop.pack(&order, strange).await.fields(), ["lots[0].product_id"]);
    let broken = json!({"lots": [{"product_id": "x", "lot_id": "y", "quantity": 0}]});
    let named = ["lots[0].product_id", "lots[0].lot_id", "lots[0].quantity"];
    assert_eq!(shop.pack(&order, broken).await.fields(), named);
    let packed = shop.pack(&order, json!({"lots": [lot(&b, 1), lot(&a, 1)]})).await;
    assert_eq!(lots(&packed), [(json!("B"), json!(1)), (json!("A"), json!(1))]);
    let late = shop.world.token(&user(9), Role::PharmacyAdmin);
    let body = Some(json!({"to": "shipped", "scans": ["x"]}));
    let route = ("POST", "/v1/orders/x/transitions");
    let answer = shop.world.call(&orders_transition::ENDPOINT, route, &[("id", &order)], Some(&late), body).await;
    assert_eq!(answer.fields(), ["scans"]);
}

#[tokio::test]
async fn a_scanned_pack_is_in_one_parcel() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    shop.give_gtin(product, GTIN).await;
    shop.receive(product, "A1", "2028-01-31", 9).await;
    let [first, second] = [shop.verified(1, "a", product, 2).await, shop.verified(2, "b", product, 1).await];
    let scan = |lot: &str, serial: &str| format!("]d201{GTIN}17280131 10{lot}\u{1d}21{serial}").replace(' ', "");
    let wrong = shop.pack(&first, json!({"scans": [scan("A1", "S1"), scan("B1", "S2")]})).await;
    assert_eq!((wrong.status, wrong.code()), (422, "wrong_pack"));
    assert_eq!(
        (&wrong.body["problems"][0]["scan"], &wrong.body["problems"][0]["code"]),
        (&json!(1), &json!("other_lot"))
    );
    let packed = shop.pack(&first, json!({"scans": [scan("A1", "S1"), scan("A1", "S2")]})).await;
    assert_eq!(packed.status, 200, "{}", packed.text);
    assert_eq!(packed.body["items"][0]["lots"][0]["serials"], json!(["S1", "S2"]));
    let taken = shop.pack(&second, json!({"scans": [scan("A1", "S2")]})).await;
    assert_eq!((taken.status, taken.code()), (409, "serial_packed"));
    // What comes out of a parcel can go into another.
    assert_eq!(shop.cancel(1, &first).await.status, 200);
    let month = format!("(01){GTIN}(17)280100(10)A1(21)S2");
    let packed = shop.pack(&second, json!({"scans": [month]})).await;
    assert_eq!((packed.status, packed.body["warnings"].as_array().unwrap().len()), (200, 1), "{}", packed.text);
}

#[tokio::test]
async fn a_pack_that_was_called_back_does_not_go_out_as_one_of_no_lot() {
    let shop = Shop::open().await;
    let product = shop.product(500, 5, LegalStatus::Otc).await;
    shop.give_gtin(product, GTIN).await;
    let recalled = shop.receive(product, "R1", "2028-01-31", 3).await;
    let order = shop.verified(1, "a", product, 1).await;
    let named = json!({"lots": [{"product_id": product, "lot_id": recalled, "quantity": 1}]});
    assert_eq!(lots(&shop.pack(&order, named).await), [(json!("R1"), json!(1))]);
    let called_back = shop.recall(&recalled, "recall", "It is too strong.").await;
    assert!(called_back.status < 300, "{}", called_back.text);
    // What is of no lot is picked in its place; the pack in hand is still the one that was called back.
    let pack = format!("(01){GTIN}(17)280131(10)R1");
    let wrong = shop.pack(&order, json!({ "scans": [pack] })).await;
    assert_eq!((wrong.status, wrong.code()), (422, "wrong_pack"), "{}", wrong.text);
    assert_eq!(wrong.body["problems"][0]["code"], "other_lot");
    let old = format!("(01){GTIN}(17)270131(10)OLD");
    let packed = shop.pack(&order, json!({ "scans": [old] })).await;
    assert_eq!(packed.body["items"][0]["lots"][0]["lot_id"], "unlotted", "{}", packed.text);
}

#[tokio::test]
async fn a_pack_of_a_lot_that_the_stock_forgot_is_none_of_no_lot() {
    let shop = Shop::open().await;
    let product = shop.product(500, 5, LegalStatus::Otc).await;
    shop.give_gtin(product, GTIN).await;
    let gone = shop.receive(product, "GONE", "2027-01-31", 1).await;
    let first = shop.verified(1, "a", product, 1).await;
    let named = json!({"lots": [{"product_id": product, "lot_id": gone, "quantity": 1}]});
    assert_eq!(shop.pack(&first, named).await.status, 200);
    assert_eq!(shop.transition(&first, "shipped").await.status, 200);
    // Of twelve lots on, one of which nothing is left leaves the stock item.
    for n in 0..13 {
        shop.receive(product, &format!("N{n}"), "2028-06-30", 1).await;
    }
    let stock = shop.stock.get(product).await.unwrap().unwrap();
    assert!(
        stock.housing.by_expiry().iter().all(|(_, lot)| lot.number.as_str() != "GONE"),
        "the stock has forgotten it"
    );
    let order = shop.verified(2, "b", product, 1).await;
    let pack = format!("(01){GTIN}(17)270131(10)GONE");
    let wrong = shop.pack(&order, json!({ "scans": [pack] })).await;
    assert_eq!((wrong.status, &wrong.body["problems"][0]["code"]), (422, &json!("other_lot")), "{}", wrong.text);
    assert_eq!(shop.pack(&order, json!({})).await.status, 200);
}

#[tokio::test]
async fn a_pack_of_no_lot_lasts_as_long_as_it_is_taken() {
    let shop = Shop::open().await;
    let product = shop.product(500, 5, LegalStatus::Prescription).await;
    shop.give_gtin(product, GTIN).await;
    let id = shop.prescription(1, Rx::Approved, product, 2).await;
    shop.change_rx(id, |prescription| prescription.lines[0].days_supply = Some(30)).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "a", &[id]).await.body["id"].as_str().unwrap().to_owned();
    assert_eq!(shop.transition(&order, "verified").await.status, 200);
    let pack = |day: &str| format!("(01){GTIN}(17){day}(10)OLD");
    let wrong = shop.pack(&order, json!({ "scans": [pack("261210")] })).await;
    assert_eq!(
        (wrong.status, &wrong.body["problems"][0]["code"]),
        (422, &json!("expires_too_early")),
        "{}",
        wrong.text
    );
    let packed = shop.pack(&order, json!({ "scans": [pack("261220")] })).await;
    assert_eq!(packed.status, 200, "{}", packed.text);
}

#[tokio::test]
async fn of_a_gtin_that_two_sellers_have_each_packs_their_own() {
    let shop = Shop::open().await;
    let sold = async |seller: u32, ingredient: &str| {
        let medicine = medicine(ingredient, "500 mg", LegalStatus::Otc);
        let product = shop.product_sold_by(Some(user(seller)), &medicine, 500, 0).await;
        shop.give_gtin(product, GTIN).await;
        product
    };
    let (one, other) = (sold(7, PLAIN).await, sold(8, PLAIN_TOO).await);
    shop.receive(one, "A1", "2028-01-31", 3).await;
    shop.receive(other, "B1", "2028-01-31", 3).await;
    shop.put(1, one, 1).await;
    let order = shop.verified(1, "a", other, 1).await;
    let scan = |lot: &str, serial: &str| format!("(01){GTIN}(17)280131(10){lot}(21){serial}");
    let wrong = shop.pack(&order, json!({"scans": [scan("A1", "S1"), scan("A1", "S2")]})).await;
    assert_eq!((wrong.status, wrong.code()), (422, "wrong_pack"), "{}", wrong.text);
    let problem = &wrong.body["problems"][0];
    assert_eq!((&problem["scan"], &problem["code"]), (&json!(1), &json!("other_lot")));
    let packed = shop.pack(&order, json!({"scans": [scan("B1", "S2"), scan("A1", "S1")]})).await;
    assert_eq!(packed.status, 200, "{}", packed.text);
    for (product, serial) in [(one, "S1"), (other, "S2")] {
        let items = packed.body["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["product_id"] == json!(product)).unwrap();
        assert_eq!(item["lots"][0]["serials"], json!([serial]), "{}", packed.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_unit_is_in_one_place_after_a_storm() {
    let shop = Shop::open().await;
    let product = shop.product(500, 6, LegalStatus::Otc).await;
    let again = |answer: &Answer| answer.status == 503;
    join_all((0..25u32).map(|n| {
        let shop = &shop;
        async move {
            if n == 24 {
                // One of the two lots is called back in the middle of it, once some of it is out if that comes soon.
                let mut looked = 0;
                let lot = loop {
                    let stock = shop.stock.get(product).await.unwrap().unwrap();
                    let lots = stock.housing.by_expiry();
                    looked += 1;
                    match lots.into_iter().find(|(_, lot)| lot.number.as_str() == "A") {
                        Some((id, lot)) if lot.sold > 0 || looked > 200 => break id.to_string(),
                        _ => tokio::time::sleep(std::time::Duration::from_millis(2)).await,
                    }
                };
                while again(&shop.recall(&lot, "storm", "It is too strong.").await) {}
                return;
            }
            if n % 4 == 0 {
                let number = ["A", "B"][usize::try_from(n / 4 % 2).unwrap()];
                let received = shop.try_receive(product, number, "2028-01-31", i64::from(2 + n)).await;
                assert!(received.status == 201 || received.code() == "lot_not_sellable", "{}", received.text);
                return;
            }
            if shop.try_put(n, product, 1 + n % 3, &[]).await.status != 200 {
                return;
            }
            let key = format!("k{n}");
            let mut placed = shop.order(n, &key, &[]).await;
            while again(&placed) {
                placed = shop.order(n, &key, &[]).await;
            }
            if placed.status != 201 {
                return;
            }
            let id = placed.body["id"].as_str().unwrap().to_owned();
            // Packing again is refused where nothing in the parcel was called back.
            let steps: &[&str] =
                [&["verified"] as &[_], &["verified", "packed", "packed"], &["verified", "packed", "shipped"]]
                    [usize::try_from(n % 3).unwrap()];
            for step in steps {
                while again(&shop.transition(&id, step).await) {}
            }
            if n % 2 == 0 {
                while again(&shop.cancel(n, &id).await) {}
            }
        }
    }))
    .await;
    shop.expect_sums(product).await;
    let app = &shop.world.app;
    app.stock_adjustments().write_down(product).await.unwrap();
    let stock = shop.stock.get(product).await.unwrap().unwrap();
    let written = stock.housing.written.unwrap();
    assert_eq!(written.balance, stock.in_house(), "the movements explain every unit");
    // What lots say was sold and packed is what orders say.
    let lots = stock.housing.lots.clone().unwrap_or_default();
    let packed: i64 = lots.values().map(|lot| lot.packed).sum::<i64>() + stock.housing.loose_packed;
    assert!(packed <= stock.reserved, "{stock:?}");
    let received: i64 = 6 + lots.values().map(|lot| lot.received).sum::<i64>();
    assert_eq!(received, stock.in_house() + stock.sold, "{stock:?}");
    let (lot, units) = lots.iter().find(|(_, lot)| lot.number.as_str() == "A").unwrap();
    assert_eq!(
        (units.status, shop.recall(&lot.to_string(), "late", "Again.").await.status),
        (LotStatus::Recalled, 409)
    );
    let of = async |status: &str| {
        let trace = shop.trace(&lot.to_string(), "?limit=100").await;
        let orders = trace.body["items"].as_array().unwrap().iter().filter(|order| order["status"] == status);
        orders.map(|order| order["lines"][0]["quantity"].as_i64().unwrap()).sum::<i64>()
    };
    assert_eq!((of("packed").await, of("shipped").await), (units.packed, units.sold), "the trace has every unit");
}

#[tokio::test]
async fn what_expires_is_out_of_sale_the_next_day_and_its_orders_say_so() {
    let shop = Shop::open().await;
    let product = shop.listed(medicine(PLAIN, "500 mg", LegalStatus::Otc), 0).await;
    shop.receive(product, "SOON", "2026-11-21", 5).await;
    shop.receive(product, "LATE", "2028-01-31", 1).await;
    let packed = shop.verified(1, "a", product, 2).await;
    assert_eq!(shop.pack(&packed, json!({})).await.status, 200);
    let waiting = shop.verified(2, "b", product, 3).await;
    let expire = || async { (catalog_expire_lots::WORKER.run)(&shop.world.app, json!({})).await.unwrap() };
    assert_eq!(expire().await, json!({"expired": 0}), "its last day is not over");
    shop.world.clock.advance(std::time::Duration::from_hours(48));
    assert_eq!((expire().await, expire().await), (json!({"expired": 1}), json!({"expired": 0})));
    // Of six units five are promised, and five have expired: four are missing.
    assert_eq!(shop.stock(product).await, (-4, 5, 0));
    shop.expect_sums(product).await;
    let holds = |answer: Answer| {
        answer.body["holds"].as_array().unwrap().iter().map(|hold| hold["code"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(holds(shop.get_order(1, &packed).await), ["recalled_lot"]);
    assert_eq!(holds(shop.get_order(2, &waiting).await), ["stock_short"]);
    assert_eq!(shop.try_put(3, product, 1, &[]).await.body["items"][0]["problems"][0]["available"], 0);
    assert_eq!(shop.transition(&packed, "shipped").await.code(), "no_suitable_lot");
    assert_eq!((shop.cancel(1, &packed).await.status, shop.cancel(2, &waiting).await.status), (200, 200));
    assert_eq!(shop.stock(product).await, (1, 0, 0));
    shop.expect_sums(product).await;
}
