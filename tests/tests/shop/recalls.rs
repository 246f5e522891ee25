//! Recalls on an embedded DynamoDB: what is called back is out of sale at once, leaves the house no more, and whoever has it
//! is found once; whatever repeats, races or is killed.

use futures_util::future::join;
use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::orders::order::Order;
use shared::platform::ids::{LotId, OrderId, ProductId, RecallId};
use support::cloud::Killed;
use support::{Answer, user};

use crate::shop::Shop;

const REASON: &str = "Some tablets are too strong.";

async fn follow(shop: &Shop) -> Value {
    (orders_follow_recalls::WORKER.run)(&shop.world.app, json!({})).await.unwrap()
}

async fn recall_of(shop: &Shop, id: &str) -> Answer {
    let token = shop.world.token(&user(9), Role::PharmacyAdmin);
    shop.world.call(&catalog_get_recall::ENDPOINT, ("GET", "/v1/recalls/x"), &[("id", id)], Some(&token), None).await
}

/// Calls a lot back; the id of the recall.
async fn called_back(shop: &Shop, lot: &str) -> String {
    let recalled = shop.recall(lot, lot, REASON).await;
    assert_eq!(recalled.status, 202, "{}", recalled.text);
    recalled.body["id"].as_str().unwrap().to_owned()
}

async fn stored(shop: &Shop, order: &str) -> Order {
    shop.world.app.orders().store.get(order.parse::<OrderId>().unwrap()).await.unwrap().unwrap()
}

async fn holds(shop: &Shop, buyer: u32, order: &str) -> Vec<String> {
    let order = shop.get_order(buyer, order).await;
    order.body["holds"].as_array().unwrap().iter().map(|hold| hold["code"].as_str().unwrap().to_owned()).collect()
}

/// An order that has come as far as `steps` say.
async fn moved(shop: &Shop, buyer: u32, key: &str, product: ProductId, quantity: u32, steps: &[&str]) -> String {
    let order = shop.verified(buyer, key, product, quantity).await;
    for to in steps {
        let moved = shop.transition(&order, to).await;
        assert_eq!(moved.status, 200, "{to}: {}", moved.text);
    }
    order
}

fn lots(answer: &Answer) -> Vec<(Value, Value)> {
    let lots = answer.body["items"][0]["lots"].as_array().unwrap();
    lots.iter().map(|lot| (lot["number"].clone(), lot["quantity"].clone())).collect()
}

#[tokio::test]
async fn what_is_called_back_is_out_of_sale_at_once_and_in_one_place() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 5).await;
    shop.receive(product, "B", "2028-01-31", 3).await;
    moved(&shop, 1, "shipped", product, 1, &["packed", "shipped"]).await;
    moved(&shop, 2, "packed", product, 1, &["packed"]).await;
    assert_eq!(shop.stock(product).await, (6, 1, 1));
    let recalled = shop.recall(&lot, "k", REASON).await;
    assert_eq!((recalled.status, &recalled.body["status"]), (202, &json!("running")), "{}", recalled.text);
    let units = json!({"sold": 1, "quarantined": 3, "on_hand": 1});
    assert_eq!((&recalled.body["units"], &recalled.body["class"]), (&units, &json!(1)));
    // Of three good ones one is promised.
    assert_eq!(shop.stock(product).await, (2, 1, 1));
    shop.expect_sums(product).await;
    let more = shop.try_receive(product, "A", "2027-01-31", 1).await;
    assert_eq!((more.status, more.code()), (409, "lot_not_sellable"));
    shop.put(3, product, 3).await;
    let refused = shop.order(3, "three", &[]).await;
    assert_eq!((refused.status, &refused.body["problems"][0]["code"]), (422, &json!("out_of_stock")));
    let seen = recall_of(&shop, recalled.body["id"].as_str().unwrap()).await;
    assert_eq!((seen.status, &seen.body["units"]), (200, &units), "{}", seen.text);
    assert_eq!((&seen.body["reason"], &seen.body["lot_number"]), (&json!(REASON), &json!("A")));
    // A unit that was ever received is in one place, and the movements say so.
    shop.world.app.stock_adjustments().write_down(product).await.unwrap();
    let stock = shop.world.app.receiving().stock.get(product).await.unwrap().unwrap();
    assert_eq!((stock.housing.written.unwrap().balance, stock.in_house() + stock.sold), (stock.in_house(), 8));
}

#[tokio::test]
async fn a_recall_that_is_repeated_is_the_same_and_another_is_refused() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 5).await;
    let first = shop.recall(&lot, "k", REASON).await;
    follow(&shop).await;
    let again = shop.recall(&lot, "k", REASON).await;
    assert_eq!((again.status, &again.body), (202, &first.body));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let other_body = shop.recall(&lot, "k", "Another reason.").await;
    assert_eq!((other_body.status, other_body.code()), (422, "idempotency_key_reused"));
    let other_key = shop.recall(&lot, "l", REASON).await;
    assert_eq!((other_key.status, other_key.code()), (409, "already_recalled"));
    assert_eq!(other_key.body["problems"][0]["recall_id"], first.body["id"]);
    let nowhere = LotId::first_at(shop.world.clock.now()).to_string();
    assert_eq!(shop.recall(&nowhere, "n", REASON).await.status, 404);
    assert_eq!(shop.trace(&nowhere, "").await.status, 404);
    assert_eq!(recall_of(&shop, &RecallId::first_at(shop.world.clock.now()).to_string()).await.status, 404);
    let moves = shop.world.app.receiving().stock.get(product).await.unwrap().unwrap().housing.moves;
    assert_eq!(moves.len(), 2, "received and called back, each once");
}

#[tokio::test]
async fn a_parcel_with_what_was_called_back_stays_and_is_packed_anew() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 2).await;
    shop.receive(product, "B", "2028-01-31", 4).await;
    let order = moved(&shop, 1, "a", product, 3, &["packed"]).await;
    let nothing_wrong = shop.transition(&order, "packed").await;
    assert_eq!((nothing_wrong.status, nothing_wrong.code()), (409, "invalid_transition"));
    called_back(&shop, &lot).await;
    assert_eq!(holds(&shop, 1, &order).await, ["recalled_lot"]);
    let seen = shop.get_order_as(&user(9), Role::PharmacyAdmin, &order).await;
    assert_eq!(seen.body["next_statuses"], json!(["packed", "cancelled"]));
    assert_eq!(shop.transition(&order, "shipped").await.code(), "no_suitable_lot");
    follow(&shop).await;
    assert_eq!(holds(&shop, 1, &order).await, ["recalled_lot"], "the mark does not release it");
    let stranger = json!({"lots": [{"product_id": product, "lot_id": lot, "quantity": 2}]});
    assert_eq!(shop.pack(&order, stranger).await.code(), "no_suitable_lot", "not the same again");
    let anew = shop.pack(&order, json!({})).await;
    assert_eq!(anew.status, 200, "{}", anew.text);
    assert_eq!(lots(&anew), [(json!("B"), json!(3))]);
    assert_eq!((shop.lot(product, "A").await, shop.lot(product, "B").await), ((2, 0, 0), (1, 3, 0)));
    assert_eq!(shop.stock(product).await, (1, 3, 0));
    shop.expect_sums(product).await;
    assert!(holds(&shop, 1, &order).await.is_empty());
    assert_eq!(shop.transition(&order, "packed").await.code(), "invalid_transition", "once");
    assert_eq!(shop.transition(&order, "shipped").await.status, 200);
    assert_eq!((shop.lot(product, "A").await, shop.lot(product, "B").await), ((2, 0, 0), (1, 0, 3)));
    shop.expect_sums(product).await;
}

#[tokio::test]
async fn a_parcel_for_which_nothing_else_is_left_waits_or_is_called_off() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 2).await;
    let order = moved(&shop, 1, "a", product, 2, &["packed"]).await;
    called_back(&shop, &lot).await;
    assert_eq!(shop.transition(&order, "packed").await.code(), "no_suitable_lot");
    assert_eq!(shop.lot(product, "A").await, (0, 2, 0), "it stays where it is");
    assert_eq!(shop.cancel(1, &order).await.status, 200);
    assert_eq!((shop.lot(product, "A").await, shop.stock(product).await), ((2, 0, 0), (0, 0, 0)));
    shop.expect_sums(product).await;
}

#[tokio::test]
async fn a_parcel_in_which_something_has_expired_is_packed_anew_too() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    shop.receive(product, "SOON", "2026-11-21", 1).await;
    shop.receive(product, "LATE", "2028-01-31", 5).await;
    let order = moved(&shop, 1, "a", product, 2, &["packed"]).await;
    shop.world.clock.advance(std::time::Duration::from_hours(48));
    assert_eq!(shop.transition(&order, "shipped").await.code(), "no_suitable_lot");
    let anew = shop.pack(&order, json!({})).await;
    assert_eq!((anew.status, lots(&anew)), (200, vec![(json!("LATE"), json!(2))]), "{}", anew.text);
    assert_eq!((shop.lot(product, "SOON").await, shop.lot(product, "LATE").await), ((1, 0, 0), (3, 2, 0)));
    shop.expect_sums(product).await;
    assert_eq!(shop.transition(&order, "shipped").await.status, 200);
}

#[tokio::test]
async fn whoever_packs_anew_scans_what_goes_in_and_frees_what_comes_out() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let gtin = "09506000134352";
    shop.give_gtin(product, gtin).await;
    let lot = shop.receive(product, "A1", "2028-01-31", 1).await;
    let other = shop.receive(product, "B1", "2028-06-30", 3).await;
    let scan = |day: &str, lot: &str, serial: &str| format!("(01){gtin}(17){day}(10){lot}(21){serial}");
    let order = shop.verified(1, "a", product, 2).await;
    let scans = json!({"scans": [scan("280131", "A1", "S1"), scan("280630", "B1", "S2")]});
    let packed = shop.pack(&order, scans).await;
    assert_eq!(packed.status, 200, "{}", packed.text);
    called_back(&shop, &lot).await;
    let same = shop.pack(&order, json!({"scans": [scan("280630", "B1", "S2")]})).await;
    assert_eq!((same.status, same.code()), (409, "serial_packed"), "it lies in the parcel already");
    let wrong = shop.pack(&order, json!({"scans": [scan("280131", "A1", "S3")]})).await;
    assert_eq!((wrong.status, wrong.code()), (422, "wrong_pack"));
    let named = json!({"lots": [{"product_id": product, "lot_id": other, "quantity": 1}],
        "scans": [scan("280630", "B1", "S4")]});
    let anew = shop.pack(&order, named).await;
    assert_eq!(anew.status, 200, "{}", anew.text);
    assert_eq!(lots(&anew), [(json!("B1"), json!(2))]);
    assert_eq!(anew.body["items"][0]["lots"][0]["serials"], json!(["S2", "S4"]));
    // The number of the pack that came out is free again.
    let serials = [(product, "S1".to_owned()), (product, "S4".to_owned())];
    let another = OrderId::generate(shop.world.clock.now());
    let taken = async |serial: usize| {
        let lots = shop.world.app.receiving().lots;
        lots.serial_elsewhere(&serials[serial..=serial], another).await.unwrap()
    };
    assert_eq!((taken(0).await, taken(1).await), (None, Some("S4".to_owned())));
}

#[tokio::test]
async fn an_order_is_short_since_what_it_waits_for_was_taken_away() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 2).await;
    let waiting = shop.verified(1, "a", product, 2).await;
    shop.world.clock.advance(std::time::Duration::from_hours(5));
    called_back(&shop, &lot).await;
    let at = shop.world.clock.now();
    shop.world.clock.advance(std::time::Duration::from_hours(5));
    let held = shop.get_order(1, &waiting).await.body["holds"][0].clone();
    assert_eq!((&held["code"], &held["since"]), (&json!("stock_short"), &json!(at)), "{held}");
}

#[tokio::test]
async fn every_order_with_the_lot_is_found_and_every_person_counted_once() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 20).await;
    let mut out = Vec::new();
    for key in ["one", "two"] {
        out.push(moved(&shop, 1, key, product, 1, &["packed", "shipped", "delivered"]).await);
    }
    out.push(moved(&shop, 2, "three", product, 2, &["packed", "shipped"]).await);
    let held = moved(&shop, 3, "four", product, 1, &["packed"]).await;
    let cancelled = moved(&shop, 4, "five", product, 1, &["packed"]).await;
    assert_eq!(shop.cancel(4, &cancelled).await.status, 200);
    let waiting = shop.verified(5, "six", product, 1).await;
    let id = called_back(&shop, &lot).await;
    assert_eq!(follow(&shop).await, json!({"marked": 4, "finished": 1, "failed": 0}));
    assert_eq!(follow(&shop).await, json!({"marked": 0, "finished": 0, "failed": 0}), "once");
    let recall = recall_of(&shop, &id).await.body;
    assert_eq!((&recall["status"], &recall["finished_at"]), (&json!("finished"), &json!(shop.world.clock.now())));
    let counts = ["orders_held", "people_told", "orders_of_nobody"].map(|name| recall[name].clone());
    assert_eq!(counts, [json!(1), json!(2), json!(0)]);
    assert_eq!(recall["units"], json!({"sold": 4, "quarantined": 15, "on_hand": 1}));
    for order in &out {
        assert!(stored(&shop, order).await.recalls[0].out, "{order}");
    }
    let seen = shop.get_order(1, &out[0]).await.body["recalls"].clone();
    let expected = json!([{"product_id": product, "lot_number": "A", "class": 1, "reason": REASON,
        "at": recall["started_at"]}]);
    assert_eq!(seen, expected);
    assert!(!stored(&shop, &held).await.recalls[0].out);
    assert_eq!(shop.get_order(3, &held).await.body["recalls"], json!([]), "it never left the house");
    for order in [&cancelled, &waiting] {
        assert!(stored(&shop, order).await.recalls.is_empty(), "{order}");
    }
    assert_eq!(holds(&shop, 5, &waiting).await, ["stock_short"]);
    let about = shop.world.app.orders().store.get(out[0].parse().unwrap()).await.unwrap().unwrap();
    let items = shop.world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
    let of = |action: &str| items.iter().filter(|item| item["action"].as_s().unwrap() == action).count();
    assert_eq!((of("lot.recall"), of("order.recall"), about.recalls.len()), (1, 4, 1));
}

#[tokio::test]
async fn of_whom_was_erased_nobody_is_told_and_that_is_counted() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 5).await;
    let order = moved(&shop, 1, "a", product, 1, &["packed", "shipped", "delivered"]).await;
    let store = shop.world.app.orders().store;
    let read = stored(&shop, &order).await;
    let save = store.save(&read.stripped(&user(77), read.history[0].at.date())).unwrap();
    shared::platform::dynamo::transact(&shop.world.dynamo, vec![save]).await.unwrap();
    let id = called_back(&shop, &lot).await;
    assert_eq!(follow(&shop).await, json!({"marked": 0, "finished": 1, "failed": 0}));
    let recall = recall_of(&shop, &id).await.body;
    assert_eq!((&recall["people_told"], &recall["orders_of_nobody"]), (&json!(0), &json!(1)));
}

#[tokio::test]
async fn a_lot_that_the_stock_forgot_is_called_back_too() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 2).await;
    moved(&shop, 1, "a", product, 2, &["packed", "shipped"]).await;
    // Of twelve lots on, one of which nothing is left leaves the stock item.
    for n in 0..13 {
        shop.receive(product, &format!("N{n}"), "2028-06-30", 1).await;
    }
    let forgotten = shop.world.app.receiving().stock.get(product).await.unwrap().unwrap();
    assert!(forgotten.housing.lot(lot.parse().unwrap()).is_none());
    let id = called_back(&shop, &lot).await;
    follow(&shop).await;
    let recall = recall_of(&shop, &id).await.body;
    assert_eq!((&recall["people_told"], &recall["units"]["sold"]), (&json!(1), &json!(2)));
    let more = shop.try_receive(product, "A", "2027-01-31", 1).await;
    assert_eq!((more.status, more.code()), (409, "lot_not_sellable"));
    assert_eq!(shop.stock(product).await, (13, 0, 2));
}

#[tokio::test]
async fn a_recall_killed_anywhere_happens_once_when_it_is_repeated() {
    for call in 0..30 {
        let mut finished = false;
        for kill in [Killed::Before, Killed::After] {
            let (shop, cloud) = Shop::counted().await;
            let product = shop.lotted().await;
            let lot = shop.receive(product, "A", "2027-01-31", 5).await;
            finished = cloud.run_until(call, kill, shop.recall(&lot, "k", REASON)).await.is_some();
            let again = shop.recall(&lot, "k", REASON).await;
            let at = format!("{kill:?} call {call}: {}", again.text);
            assert_eq!(again.status, 202, "{at}");
            let stock = shop.world.app.receiving().stock.get(product).await.unwrap().unwrap();
            let moved = stock.housing.moves.iter().filter(|one| one.note.as_deref() == Some("D-0123-2027")).count();
            assert_eq!((shop.stock(product).await, moved), ((0, 0, 0), 1), "{at}");
            assert_eq!(follow(&shop).await["finished"], 1, "{at}");
        }
        if finished {
            assert!(call >= 3, "only {call} calls were made");
            return;
        }
    }
    panic!("it never finished");
}

#[tokio::test]
async fn killed_anywhere_the_worker_comes_to_the_same_end() {
    for call in 0..40 {
        let mut finished = false;
        for kill in [Killed::Before, Killed::After] {
            let (shop, cloud) = Shop::counted().await;
            let product = shop.lotted().await;
            let lot = shop.receive(product, "A", "2027-01-31", 9).await;
            let first = moved(&shop, 1, "one", product, 1, &["packed", "shipped", "delivered"]).await;
            let second = moved(&shop, 1, "two", product, 1, &["packed", "shipped"]).await;
            let held = moved(&shop, 2, "three", product, 1, &["packed"]).await;
            let id = called_back(&shop, &lot).await;
            finished = cloud.run_until(call, kill, follow(&shop)).await.is_some();
            follow(&shop).await;
            let at = format!("{kill:?} call {call}");
            let recall = recall_of(&shop, &id).await.body;
            assert_eq!(recall["status"], "finished", "{at}");
            assert_eq!((&recall["orders_held"], &recall["people_told"]), (&json!(1), &json!(1)), "{at}");
            for (order, out) in [(&first, true), (&second, true), (&held, false)] {
                let marks: Vec<_> = stored(&shop, order).await.recalls.iter().map(|mark| mark.out).collect();
                assert_eq!(marks, [out], "{at}");
            }
            assert_eq!(follow(&shop).await, json!({"marked": 0, "finished": 0, "failed": 0}), "{at}");
        }
        if finished {
            assert!(call >= 6, "only {call} calls were made");
            return;
        }
    }
    panic!("it never finished");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_at_once_mark_and_count_once() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 9).await;
    for buyer in 1..=4 {
        moved(&shop, buyer, "k", product, 1, &["packed", "shipped"]).await;
    }
    let id = called_back(&shop, &lot).await;
    let (one, other) = join(follow(&shop), follow(&shop)).await;
    let marked = |run: &Value| run["marked"].as_u64().unwrap();
    assert_eq!(marked(&one) + marked(&other), 4);
    follow(&shop).await;
    let recall = recall_of(&shop, &id).await.body;
    assert_eq!((&recall["status"], &recall["people_told"]), (&json!("finished"), &json!(4)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_and_a_packer_at_once_leave_nothing_bad_in_a_parcel_that_ships() {
    let shop = Shop::open().await;
    let (mut held, mut good) = (0, 0);
    for round in 0..12 {
        let product = shop.lotted().await;
        let lot = shop.receive(product, "A", "2027-01-31", 1).await;
        shop.receive(product, "B", "2028-01-31", 5).await;
        let order = shop.verified(1, &format!("k{round}"), product, 1).await;
        let pack = async {
            let mut packed = shop.pack(&order, json!({})).await;
            while packed.status == 503 {
                packed = shop.pack(&order, json!({})).await;
            }
            packed
        };
        let recall = async {
            let mut recalled = shop.recall(&lot, "k", REASON).await;
            while recalled.status == 503 {
                recalled = shop.recall(&lot, "k", REASON).await;
            }
            recalled
        };
        let (packed, recalled) =
            if round % 2 == 0 { join(pack, recall).await } else { swapped(join(recall, pack).await) };
        assert_eq!((packed.status, recalled.status), (200, 202), "{} {}", packed.text, recalled.text);
        follow(&shop).await;
        let found = recall_of(&shop, recalled.body["id"].as_str().unwrap()).await.body;
        let has_it = lots(&shop.get_order(1, &order).await) == [(json!("A"), json!(1))];
        assert_eq!(found["orders_held"], u32::from(has_it), "whoever packed first is found");
        assert_eq!(holds(&shop, 1, &order).await.is_empty(), !has_it);
        let shipped = shop.transition(&order, "shipped").await;
        assert_eq!(shipped.status, if has_it { 409 } else { 200 }, "{}", shipped.text);
        (held, good) = (held + u32::from(has_it), good + u32::from(!has_it));
        shop.expect_sums(product).await;
    }
    assert_eq!(held + good, 12);
}

fn swapped<A, B>((one, other): (A, B)) -> (B, A) {
    (other, one)
}

#[tokio::test]
async fn a_lot_is_traced_page_by_page_and_never_without_the_trail() {
    let shop = Shop::open().await;
    let product = shop.lotted().await;
    let lot = shop.receive(product, "A", "2027-01-31", 20).await;
    assert_eq!(shop.trace(&lot, "").await.body, json!({"items": [], "next_cursor": null}));
    let mut orders = Vec::new();
    for buyer in 1..=3 {
        shop.world.clock.advance(std::time::Duration::from_secs(1));
        orders.push(moved(&shop, buyer, "k", product, buyer, &["packed"]).await);
    }
    // It was noted for an order that took another lot in the end.
    let other = shop.verified(4, "k", product, 1).await;
    let noted = stored(&shop, &orders[0]).await.lines[0].lots.clone();
    shop.world.app.receiving().lots.note_order(other.parse().unwrap(), &noted).await.unwrap();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = shop.trace(&lot, &format!("?limit=2{cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        seen.extend(page.body["items"].as_array().unwrap().clone());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let found: Vec<_> = seen.iter().map(|one| one["order_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(found, orders);
    assert_eq!((&seen[2]["lines"][0]["quantity"], &seen[2]["customer_id"]), (&json!(3), &json!(user(3))));
    let entry = (user(9).to_string(), "lot.trace".to_owned(), "allowed".to_owned());
    for buyer in 1..=3 {
        let trail = shop.trail_of_others(&user(buyer)).await;
        assert_eq!(trail.iter().filter(|one| **one == entry).count(), 1, "{buyer}: {trail:?}");
    }
    shop.world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    let refused = shop.trace(&lot, "").await;
    assert_eq!(refused.status, 503);
    assert!(!refused.text.contains(&orders[0]), "{}", refused.text);
}

#[tokio::test]
async fn a_controlled_medicine_that_is_called_back_stays_in_its_register() {
    let shop = Shop::open().await;
    let product = shop.product(500, 0, LegalStatus::Controlled).await;
    let lot = shop.receive(product, "A", "2027-01-31", 5).await;
    called_back(&shop, &lot).await;
    shop.world.app.stock_adjustments().write_down(product).await.unwrap();
    let verdict = shop.world.app.register().verify(product).await.unwrap();
    assert_eq!((verdict.intact, verdict.balance, verdict.in_house), (true, 5, 5));
}
