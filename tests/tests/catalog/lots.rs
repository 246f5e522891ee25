//! Lots: units that come in, stock from before there were any, what adds up whatever happens at once.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use shared::catalog::lots::{LotNumber, LotRef};
use shared::catalog::movement::{Move, What};
use shared::identity::Role;
use shared::platform::dynamo::{Outcome, transact};
use shared::platform::ids::{LotId, ProductId};
use support::cloud::{Killed, cloudy_world};

use crate::store::Store;

#[tokio::test]
async fn the_same_number_adds_to_its_lot_and_another_day_is_a_conflict() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let first = store.lot(&id, "A1", "2028-01-31", 5).await;
    assert_eq!(store.lot(&id, "A1", "2028-01-31", 7).await, first);
    let other = json!({"number": "A1", "expires_on": "2028-02-29", "quantity": 1});
    let refused = store.receive(Role::PharmacyAdmin, &id, "other", other).await;
    assert_eq!((refused.status, refused.code()), (409, "lot_conflict"));
    let past = json!({"number": "B", "expires_on": "2026-11-19", "quantity": 1});
    let refused = store.receive(Role::PharmacyAdmin, &id, "past", past).await;
    assert_eq!((refused.status, refused.code()), (422, "lot_expired"));
    let lots = store.lots(Role::PharmacyAdmin, &id).await.body;
    assert_eq!(lots["items"][0]["quantity"], json!({"received": 12, "on_hand": 12, "quarantined": 0}));
    assert_eq!((&lots["stock"]["available"], lots["items"].as_array().unwrap().len()), (&json!(12), 1));
}

#[tokio::test]
async fn lots_are_listed_by_their_last_day_and_movements_by_their_time() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    for (number, day) in [("late", "2029-01-31"), ("soon", "2027-01-31"), ("next", "2028-01-31")] {
        store.lot(&id, number, day, 2).await;
        store.wait(1);
    }
    let lots = store.lots(Role::PharmacyAdmin, &id).await.body;
    let numbers: Vec<_> = lots["items"].as_array().unwrap().iter().map(|lot| lot["number"].clone()).collect();
    assert_eq!(numbers, ["soon", "next", "late"]);
    store.adjust(Role::PharmacyAdmin, &id, "k", json!({"delta": -1, "reason": "damage", "note": "fell"})).await;
    let moved = store.all_movements(&id).await;
    let of = |name: &str| moved.iter().map(|movement| movement[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("balance"), [2, 4, 6, 5]);
    assert_eq!(
        (&moved[3]["reason"], &moved[3]["note"], &moved[3]["lot"]["number"]),
        (&json!("damage"), &json!("fell"), &json!("soon"))
    );
}

#[tokio::test]
async fn stock_from_before_lots_goes_on_as_a_lot_without_a_number() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    store.as_before_lots(&id, 5, 2).await;
    let lots = store.lots(Role::PharmacyAdmin, &id).await.body;
    assert_eq!((&lots["items"][0]["id"], &lots["items"][0]["quantity"]["on_hand"]), (&json!("unlotted"), &json!(7)));
    let less = json!({"delta": -1, "reason": "damage"});
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "a", less.clone()).await.body["available"], 4);
    store.lot(&id, "A1", "2028-01-31", 10).await;
    let stock = store.stock(&id).await;
    assert_eq!((stock.available, stock.loose(), stock.available_by_lots()), (14, 6, 14));
    // What has no known last day goes first.
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "b", less).await.body["available"], 13);
    let named = json!({"delta": -5, "reason": "theft", "lot_id": "unlotted"});
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "c", named).await.body["available"], 8);
    let stock = store.stock(&id).await;
    assert_eq!((stock.loose(), stock.available_by_lots()), (0, 8));
    let balances: Vec<_> = store.all_movements(&id).await.iter().map(|one| one["balance"].clone()).collect();
    assert_eq!(balances, [6, 16, 15, 10]);
}

#[tokio::test]
async fn a_delivery_killed_anywhere_comes_once_when_it_is_repeated() {
    for call in 0.. {
        let mut finished = false;
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            let store = Store::of(world).await;
            let id = store.product(json!({})).await;
            let body = json!({"number": "A1", "expires_on": "2028-01-31", "quantity": 7});
            let receive = || store.receive(Role::PharmacyAdmin, &id, "k", body.clone());
            finished = cloud.run_until(call, kill, receive()).await.is_some();
            let again = receive().await;
            let received = &again.body["quantity"]["received"];
            assert_eq!((again.status, received), (201, &json!(7)), "{kill:?} call {call}");
            assert_eq!((store.stock(&id).await.available, store.all_movements(&id).await.len()), (7, 1));
        }
        if finished {
            assert!(call > 2, "only {call} calls were made");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_and_goes_at_once_adds_up_lot_by_lot() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    store.as_before_lots(&id, 3, 0).await;
    join_all((0..30).map(|n| {
        let (store, id) = (&store, &id);
        async move {
            let number = ["A", "B", "C"][n % 3];
            loop {
                let answer = if n % 2 == 0 {
                    let body = json!({"number": number, "expires_on": "2028-01-31", "quantity": 1 + n});
                    store.receive(Role::PharmacyAdmin, id, &format!("k{n}"), body).await
                } else {
                    let body = json!({"delta": -2, "reason": "theft"});
                    store.adjust(Role::PharmacyAdmin, id, &format!("k{n}"), body).await
                };
                match answer.status {
                    503 => {}
                    // What is not there yet cannot go.
                    201 | 200 | 409 => return,
                    _ => panic!("{}", answer.text),
                }
            }
        }
    }))
    .await;
    let stock = store.stock(&id).await;
    assert_eq!(stock.available, stock.available_by_lots());
    let moved = store.all_movements(&id).await;
    let sum: i64 = moved.iter().map(|one| one["units"].as_i64().unwrap()).sum();
    assert_eq!((3 + sum, moved.last().unwrap()["balance"].as_i64()), (stock.in_house(), Some(stock.in_house())));
    let stock = store.stock(&id).await;
    assert!(
        stock.housing.moves.is_empty() && stock.housing.written.unwrap().seq == u64::try_from(moved.len()).unwrap()
    );
}

#[tokio::test]
async fn movements_are_written_down_once_by_whoever_comes_first() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    for n in 0..45 {
        store.lot(&id, "A1", "2028-01-31", n + 1).await;
    }
    let written = join_all((0..4).map(|_| store.all_movements(&id))).await;
    for moved in written {
        assert_eq!(moved.len(), 45);
    }
}

#[tokio::test]
async fn movements_lie_in_the_order_in_which_they_happened_whatever_time_they_say() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let lot = LotId::parse(&store.lot(&id, "A1", "2028-01-31", 5).await).unwrap();
    let product = ProductId::parse(&id).unwrap();
    for written_down in [false, true] {
        if written_down {
            assert_eq!(store.all_movements(&id).await.len(), 2);
        }
        // Whoever was held up says an earlier time than who was quicker.
        let earlier = store.world.clock.now().minus(Duration::from_secs(1));
        let number = LotNumber::parse("A1").unwrap();
        let moved = Move::new(What::Received, 3, (LotRef::Lot(lot), Some(number)), earlier);
        let write = store.stock.receive_more(product, lot, &moved).unwrap();
        assert!(matches!(transact(&store.world.dynamo, vec![write]).await.unwrap(), Outcome::Done));
    }
    let balances: Vec<_> = store.all_movements(&id).await.iter().map(|one| one["balance"].clone()).collect();
    assert_eq!(balances, [5, 8, 11]);
}

#[tokio::test]
async fn lots_of_which_nothing_is_left_leave_the_stock_item_and_stay_known() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    for n in 0..20 {
        let number = format!("L{n}");
        let lot = store.lot(&id, &number, "2028-01-31", 3).await;
        let gone = json!({"delta": -3, "reason": "return_to_supplier", "lot_id": lot});
        assert_eq!(store.adjust(Role::PharmacyAdmin, &id, &number, gone).await.status, 200);
    }
    let kept = store.stock(&id).await.housing.lots.unwrap().len();
    assert!(kept <= 12, "{kept} are kept");
    let lots = store.lots(Role::PharmacyAdmin, &id).await.body;
    assert_eq!(lots["items"].as_array().unwrap().len(), 20);
    // One that was forgotten there can still be added to.
    let first = store.lot(&id, "L0", "2028-01-31", 9).await;
    let lots = store.lots(Role::PharmacyAdmin, &id).await.body;
    let again = lots["items"].as_array().unwrap().iter().find(|lot| lot["id"] == json!(first)).unwrap();
    assert_eq!(again["quantity"], json!({"received": 12, "on_hand": 9, "quarantined": 0}));
}

#[tokio::test]
async fn the_inventory_says_what_to_look_after() {
    let store = Store::open().await;
    let [few, soon, many] = [
        store.product(json!({"name": "Few"})).await,
        store.product(json!({"name": "Soon"})).await,
        store.product(json!({"name": "Many"})).await,
    ];
    store.lot(&few, "A", "2029-01-31", 2).await;
    store.lot(&soon, "B", "2026-12-10", 20).await;
    store.lot(&many, "C", "2029-01-31", 50).await;
    let names = |query: &'static str| {
        let store = &store;
        async move {
            let answer = store.inventory(Role::PharmacyAdmin, query).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            let items = answer.body["items"].as_array().unwrap().clone();
            let mut names: Vec<_> =
                items.iter().map(|item| item["product"]["name"].as_str().unwrap().to_owned()).collect();
            names.sort_unstable();
            names
        }
    };
    assert_eq!(names("?limit=100").await, ["Few", "Many", "Soon"]);
    assert_eq!(names("?filter=low").await, ["Few"]);
    assert_eq!(names("?filter=expiring&within_days=30").await, ["Soon"]);
    assert_eq!(names("?filter=expired").await, [""; 0]);
    store.wait(40 * 24 * 3600);
    assert_eq!(names("?filter=expired").await, ["Soon"]);
    assert_eq!(names("?filter=dead&within_days=30").await, ["Few", "Many", "Soon"]);
    assert_eq!(store.inventory(Role::PharmacyAdmin, "?filter=all").await.fields(), ["filter"]);
    // A seller sees their own, and that is none.
    let own = store.inventory(Role::Seller, "").await;
    assert_eq!((own.status, own.body["items"].as_array().unwrap().len()), (200, 0));
}

#[tokio::test]
async fn the_inventory_goes_on_where_a_page_ended() {
    let store = Store::open().await;
    for n in 0..5 {
        store.product(json!({"name": format!("Product {n}")})).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = store.inventory(Role::PharmacyAdmin, &format!("?limit=2{cursor}")).await;
        seen.extend(page.body["items"].as_array().unwrap().iter().map(|item| item["product"]["name"].to_string()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 5, "{seen:?}");
}
