//! The register of controlled medicines, and their disposal before a witness.

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::identity::Role;
use shared::platform::dynamo::s;
use support::cloud::{Cloud, cloudy_world};
use support::{Answer, user, world_with};

use crate::store::{NOWHERE, Store};

impl Store {
    async fn register(&self, query: &str) -> Answer {
        self.staff(&registers_controlled::ENDPOINT, "GET", &format!("/v1/registers/controlled{query}"), None).await
    }

    async fn verdict(&self, product: &str) -> Value {
        let path = format!("/v1/registers/controlled/verify?product={product}");
        let answer = self.staff(&registers_verify::ENDPOINT, "GET", &path, None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    }

    async fn controlled(&self) -> String {
        self.product(json!({"name": "Morphine", "legal_status": "controlled"})).await
    }

    /// With people in the pool: the first is a pharmacist, who has the token of one, and then one of each role after it.
    async fn with_people() -> (Self, Cloud) {
        let (world, cloud) = cloudy_world().await;
        for role in [Role::PharmacyAdmin, Role::Doctor, Role::Seller, Role::Customer] {
            cloud.pool().add(
                &format!("{}@apothecary.test", role.group()),
                "local-only-apothecary",
                &[role],
                "CONFIRMED",
            );
        }
        (Self::of(world).await, cloud)
    }

    async fn confirm(&self, role: Role, movement: &str) -> Answer {
        let path = "/v1/stock-movements/x/confirm";
        self.as_role(&catalog_confirm_movement::ENDPOINT, role, "POST", path, Some(movement)).await
    }
}

#[tokio::test]
async fn the_register_has_what_came_and_went_and_shows_whatever_is_done_to_it() {
    let store = Store::open().await;
    let id = store.controlled().await;
    let lot = store.lot(&id, "M1", "2028-01-31", 10).await;
    store.wait(24 * 3600);
    let broken = json!({"delta": -1, "reason": "damage", "note": "fell", "lot_id": lot});
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "a", broken).await.status, 200);
    let page = store.register(&format!("?product={id}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let entries = page.body["items"].as_array().unwrap();
    let of = |name: &str| entries.iter().map(|entry| entry[name].clone()).collect::<Vec<_>>();
    assert_eq!((of("kind"), of("balance")), (vec![json!("received"), json!("corrected")], vec![json!(10), json!(9)]));
    assert_eq!(entries[1]["previous"], entries[0]["hash"]);
    assert_eq!((&entries[1]["reason"], &entries[1]["lot_number"]), (&json!("damage"), &json!("M1")));
    let first = store.register(&format!("?product={id}&to=2026-11-20")).await;
    assert_eq!(first.body["items"].as_array().unwrap().len(), 1);
    let second = store.register(&format!("?product={id}&from=2026-11-21")).await;
    assert_eq!(second.body["items"][0]["seq"], 2);
    let whole = json!({"product_id": id, "entries": 2, "intact": true, "breaks_at": null, "balance": 9, "in_house": 9});
    assert_eq!(store.verdict(&id).await, whole);
    let change = store.world.dynamo.update_item().table_name("catalog").key("pk", s(format!("REGISTER#{id}")));
    let change = change.key("sk", s("0000000001")).update_expression("SET note = :note");
    change.expression_attribute_values(":note", s("Nothing came.")).send().await.unwrap();
    let verdict = store.verdict(&id).await;
    assert_eq!((&verdict["intact"], &verdict["breaks_at"]), (&json!(false), &json!({"seq": 1, "reason": "changed"})));
    assert_eq!(store.register("").await.fields(), ["product"]);
    assert_eq!(store.register(&format!("?product={NOWHERE}")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_storm_the_register_is_whole_and_its_balance_is_that_of_the_lots() {
    let store = Store::open().await;
    let id = store.controlled().await;
    let lot = store.lot(&id, "M0", "2028-01-31", 40).await;
    let (store, id, lot) = (&store, &id, &lot);
    join_all((0..24_i64).map(|n| async move {
        let key = format!("storm-{n}");
        loop {
            let answer = if n % 2 == 0 {
                let body = json!({"number": format!("M{}", n % 3), "expires_on": "2028-01-31", "quantity": 1 + n});
                store.receive(Role::PharmacyAdmin, id, &key, body).await
            } else {
                let body = json!({"delta": -1, "reason": "damage", "note": "fell", "lot_id": lot});
                store.adjust(Role::PharmacyAdmin, id, &key, body).await
            };
            match answer.status {
                503 => {}
                status => return assert!([200, 201].contains(&status), "{}", answer.text),
            }
        }
    }))
    .await;
    let moved: i64 = store.all_movements(id).await.iter().map(|one| one["units"].as_i64().unwrap()).sum();
    let lots = store.lots(Role::PharmacyAdmin, id).await;
    let of_lots = |lot: &Value| lot["quantity"]["on_hand"].as_i64().unwrap();
    let on_hand: i64 = lots.body["items"].as_array().unwrap().iter().map(of_lots).sum();
    // Forty, twelve deliveries of 1 to 23 and every odd number between, less twelve that fell.
    assert_eq!((on_hand, moved), (40 + 144 - 12, on_hand));
    let verdict = store.verdict(id).await;
    let whole = (&verdict["intact"], &verdict["balance"], &verdict["in_house"], &verdict["entries"]);
    assert_eq!(whole, (&json!(true), &json!(on_hand), &json!(on_hand), &json!(25)));
}

#[tokio::test]
async fn what_is_registered_is_said_by_the_schedules_of_the_place() {
    let h1 = json!({"name": "Cefixime", "legal_status": "prescription", "schedule": "h1"});
    for (place, entries) in [("\"in\"", 1), ("\"us\"", 0)] {
        let store = Store::of(world_with(&[("jurisdiction", place)]).await).await;
        let id = store.product(h1.clone()).await;
        assert_eq!(store.get(&id, None).await.body["schedule"], "H1");
        store.lot(&id, "C1", "2028-01-31", 10).await;
        store.all_movements(&id).await;
        let page = store.register(&format!("?product={id}")).await;
        assert_eq!(page.body["items"].as_array().unwrap().len(), entries, "{place}");
        let verdict = store.verdict(&id).await;
        assert_eq!((&verdict["intact"], &verdict["entries"]), (&json!(true), &json!(entries)), "{place}");
    }
}

#[tokio::test]
async fn a_seller_cannot_say_by_themselves_what_the_law_says() {
    let store = Store::open().await;
    let id = store.create(Role::Seller, json!({"schedule": "CII"})).await.body["id"].as_str().unwrap().to_owned();
    store.update(Role::PharmacyAdmin, &id, json!({"status": "active"})).await;
    let changed = store.update(Role::Seller, &id, json!({"schedule": null})).await;
    assert_eq!((&changed.body["schedule"], &changed.body["status"]), (&Value::Null, &json!("draft")));
    let wrong = store.create(Role::PharmacyAdmin, json!({"schedule": "C-II"})).await;
    assert_eq!(wrong.fields(), ["schedule"]);
}

#[tokio::test]
async fn a_day_of_the_register_is_a_day_of_the_pharmacy() {
    let store = Store::of(world_with(&[("time_zone", "\"Asia/Kathmandu\"")]).await).await;
    let id = store.controlled().await;
    // Ten in the morning in UTC, and nine hours later: a quarter to one of the next day in Kathmandu.
    store.lot(&id, "M1", "2028-01-31", 10).await;
    store.wait(9 * 3600);
    store.lot(&id, "M2", "2028-01-31", 5).await;
    for (query, seqs) in [("to=2026-11-20", vec![1]), ("from=2026-11-21", vec![2]), ("from=2026-11-20", vec![1, 2])] {
        let page = store.register(&format!("?product={id}&{query}")).await;
        let items = page.body["items"].as_array().unwrap();
        assert_eq!(items.iter().map(|item| item["seq"].clone()).collect::<Vec<_>>(), seqs, "{query}");
    }
}

#[tokio::test]
async fn what_was_there_before_it_was_controlled_is_the_opening_balance() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    store.lot(&id, "A", "2028-01-31", 4).await;
    assert_eq!(store.all_movements(&id).await.len(), 1);
    let controlled = json!({"legal_status": "controlled"});
    assert_eq!(store.update(Role::PharmacyAdmin, &id, controlled).await.status, 200);
    store.lot(&id, "B", "2028-01-31", 3).await;
    let page = store.register(&format!("?product={id}")).await;
    let entries = page.body["items"].as_array().unwrap();
    let kinds: Vec<_> = entries.iter().map(|entry| (entry["kind"].clone(), entry["balance"].clone())).collect();
    assert_eq!(kinds, [(json!("opening"), json!(4)), (json!("received"), json!(7))]);
    assert_eq!(store.verdict(&id).await["intact"], true);
}

#[tokio::test]
async fn a_controlled_medicine_is_gone_when_its_witness_says_so() {
    let (store, cloud) = Store::with_people().await;
    let id = store.controlled().await;
    store.lot(&id, "M1", "2028-01-31", 5).await;
    let alone = json!({"delta": -2, "reason": "disposal"});
    assert_eq!(store.adjust(Role::SuperAdmin, &id, "a", alone).await.fields(), ["witness_id"]);
    // A doctor, a seller, a customer, somebody whom nobody knows: none of them could confirm it.
    for nobody in [2, 3, 4, 99] {
        let body = json!({"delta": -2, "reason": "disposal", "witness_id": user(nobody)});
        assert_eq!(store.adjust(Role::SuperAdmin, &id, "a", body).await.fields(), ["witness_id"], "{nobody}");
    }
    let witness = user(1);
    let body = json!({"delta": -2, "reason": "disposal", "witness_id": witness, "note": "burnt"});
    let announced = store.adjust(Role::SuperAdmin, &id, "b", body.clone()).await;
    assert_eq!((announced.status, &announced.body["status"]), (202, &json!("awaiting_witness")), "{}", announced.text);
    // What was announced is repeated as it was, whatever has become of the witness.
    cloud.pool().user_mut(witness.as_str()).enabled = false;
    let late = json!({"delta": -1, "reason": "disposal", "witness_id": witness});
    assert_eq!(store.adjust(Role::SuperAdmin, &id, "late", late).await.fields(), ["witness_id"]);
    let again = store.adjust(Role::SuperAdmin, &id, "b", body).await;
    cloud.pool().user_mut(witness.as_str()).enabled = true;
    assert_eq!((again.status, &again.body), (202, &announced.body));
    assert_eq!(store.stock(&id).await.available, 5, "nothing has changed yet");
    let movement = announced.body["movement_id"].as_str().unwrap();
    let own = store.confirm(Role::SuperAdmin, movement).await;
    assert_eq!((own.status, own.code()), (403, "own_disposal"));
    assert_eq!(store.confirm(Role::Seller, movement).await.status, 404);
    for _ in 0..2 {
        let confirmed = store.confirm(Role::PharmacyAdmin, movement).await;
        assert_eq!((confirmed.status, &confirmed.body["available"]), (200, &json!(3)), "{}", confirmed.text);
    }
    let page = store.register(&format!("?product={id}")).await;
    let last = &page.body["items"][1];
    assert_eq!(
        (&last["kind"], &last["quantity"], &last["witness"]["id"]),
        (&json!("destroyed"), &json!(-2), &json!(witness))
    );
    assert_eq!(last["note"], "burnt");
    let verdict = store.verdict(&id).await;
    assert_eq!((&verdict["intact"], &verdict["balance"], &verdict["in_house"]), (&json!(true), &json!(3), &json!(3)));
}

#[tokio::test]
async fn what_is_registered_stays_so_while_units_of_it_are_in_the_house() {
    let (store, _cloud) = Store::with_people().await;
    let id = store.controlled().await;
    store.lot(&id, "M1", "2028-01-31", 2).await;
    let free = || json!({"legal_status": "prescription"});
    let refused = store.update(Role::PharmacyAdmin, &id, free()).await;
    assert_eq!((refused.status, refused.code()), (409, "controlled_stock"), "{}", refused.text);
    let shown = store.get(&id, Some(Role::PharmacyAdmin)).await;
    assert_eq!(shown.body["legal_status"], "controlled");
    // What else is changed of it stays possible.
    assert_eq!(store.update(Role::PharmacyAdmin, &id, json!({"description": "New."})).await.status, 200);
    let witness = user(1);
    let body = json!({"delta": -2, "reason": "disposal", "witness_id": witness, "note": "burnt"});
    let announced = store.adjust(Role::SuperAdmin, &id, "a", body).await;
    let movement = announced.body["movement_id"].as_str().unwrap().to_owned();
    assert_eq!(store.confirm(Role::PharmacyAdmin, &movement).await.status, 200);
    assert_eq!(store.all_movements(&id).await.len(), 2, "they are written down, and in the register");
    let changed = store.update(Role::PharmacyAdmin, &id, free()).await;
    assert_eq!((changed.status, &changed.body["legal_status"]), (200, &json!("prescription")), "{}", changed.text);
}
