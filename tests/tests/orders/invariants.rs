//! The invariants of all areas (`support::invariants`) hold of a shop where something has happened, and each sees what it is for.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::catalog::register::{RegisterEntry, RegisterKind};
use shared::platform::dynamo::{Item, Key, n, s, to_item, value};
use shared::platform::ids::{OrderId, ProductId};
use shared::prescriptions::Status as Rx;
use support::invariants::{ALWAYS, AT_REST, Invariant, Tables, broken};

use crate::shop::Shop;

async fn names(shop: &Shop, of: &[Invariant]) -> Vec<&'static str> {
    let tables = Tables::read(&shop.world.dynamo, str::to_owned).await;
    broken(&tables, of).into_iter().map(|(name, _)| name).collect()
}

/// Where something lies, and what is written over a part of it: `lines[0].fills`.
struct Spoiled<'a> {
    table: &'a str,
    key: (String, &'a str),
    path: &'a str,
    with: AttributeValue,
    /// What the invariant that sees it is called begins so.
    seen_by: &'a str,
}

/// The item before that.
async fn whole(shop: &Shop, spoiled: &Spoiled<'_>) -> Item {
    let (pk, sk) = &spoiled.key;
    let get = shop.world.dynamo.get_item().table_name(spoiled.table).key("pk", s(pk)).key("sk", s(sk));
    get.send().await.unwrap().item.unwrap()
}

async fn put(shop: &Shop, table: &str, item: Item) {
    shop.world.dynamo.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

async fn spoil(shop: &Shop, spoiled: &Spoiled<'_>) {
    let (pk, sk) = &spoiled.key;
    let mut update = shop.world.dynamo.update_item().table_name(spoiled.table).key("pk", s(pk)).key("sk", s(sk));
    let mut path = Vec::new();
    for (place, part) in spoiled.path.split('.').enumerate() {
        let (name, index) =
            part.split_once('[').map_or((part, String::new()), |(name, rest)| (name, format!("[{rest}")));
        update = update.expression_attribute_names(format!("#p{place}"), name);
        path.push(format!("#p{place}{index}"));
    }
    let update = update.update_expression(format!("SET {} = :with", path.join(".")));
    update.expression_attribute_values(":with", spoiled.with.clone()).send().await.unwrap();
}

/// An order on a prescription that is in its parcel, beside one that is placed and one that was called off.
async fn busy() -> (Shop, [String; 3], ProductId, String) {
    let shop = Shop::open().await;
    let (syrup, tablets) =
        (shop.product(500, 20, LegalStatus::Otc).await, shop.product(900, 20, LegalStatus::Prescription).await);
    let rx = shop.prescription(1, Rx::Approved, tablets, 2).await;
    shop.put(1, tablets, 2).await;
    let packed = shop.order(1, "packed", &[rx]).await;
    let mut ids = vec![packed];
    for (buyer, key) in [(2, "placed"), (3, "called-off")] {
        shop.put(buyer, syrup, 3).await;
        ids.push(shop.order(buyer, key, &[]).await);
    }
    let ids: Vec<_> = ids
        .iter()
        .map(|order| {
            assert_eq!(order.status, 201, "{}", order.text);
            order.body["id"].as_str().unwrap().to_owned()
        })
        .collect();
    for to in ["verified", "packed"] {
        let moved = shop.transition(&ids[0], to).await;
        assert_eq!(moved.status, 200, "{}", moved.text);
    }
    assert_eq!(shop.cancel(3, &ids[2]).await.status, 200);
    (shop, ids.try_into().unwrap(), syrup, rx.to_string())
}

#[tokio::test]
async fn what_holds_always_holds_and_is_seen_where_it_does_not() {
    let (shop, ids, syrup, rx) = busy().await;
    let nowhere = value(OrderId::first_at(shared::platform::clock::Timestamp::from_millis(0))).unwrap();
    let order = |id: &str| (format!("ORDER#{id}"), "ORDER");
    let tables = Tables::read(&shop.world.dynamo, str::to_owned).await;
    let held_against = ALWAYS.iter().map(|one| (one.of)(&tables) > 0).collect::<Vec<_>>();
    // Nobody has used a coupon, asked a doctor, or bought what the register is of.
    assert_eq!(held_against, [true, true, true, true, true, true, false, false, false], "of how much each is held");
    let [packed, placed, _] = &ids;
    let empty = || AttributeValue::L(Vec::new());
    let cart = (format!("CART#{}", support::user(2)), "CART");
    let cases = [
        Spoiled {
            table: "orders",
            key: order(placed),
            path: "totals.total.amount",
            with: n(1),
            seen_by: "orders take",
        },
        Spoiled { table: "orders", key: order(placed), path: "status", with: s("shipped"), seen_by: "orders take" },
        Spoiled {
            table: "catalog",
            key: (format!("PRODUCT#{syrup}"), "STOCK"),
            path: "reserved",
            with: n(4),
            seen_by: "every unit",
        },
        Spoiled { table: "orders", key: order(packed), path: "lines[0].lots", with: empty(), seen_by: "what is in a" },
        Spoiled {
            table: "prescriptions",
            key: (format!("RX#{rx}"), "RX"),
            path: "lines[0].fills",
            with: empty(),
            seen_by: "the fills",
        },
        Spoiled {
            table: "orders",
            key: (format!("SUPPLIED#{}", support::user(2)), "SELF"),
            path: placed,
            with: value(json!({"on": "2026-11-20", "lines": []})).unwrap(),
            seen_by: "what patients",
        },
        Spoiled { table: "orders", key: cart, path: "placed[0].order_id", with: nowhere, seen_by: "carts know" },
    ];
    for spoiled in &cases {
        // Each is spoiled alone: what an earlier one has broken would be seen here as well.
        let none = names(&shop, ALWAYS).await;
        assert!(none.is_empty(), "before {}: {none:?}", spoiled.path);
        let before = whole(&shop, spoiled).await;
        spoil(&shop, spoiled).await;
        let spoiled_tables = Tables::read(&shop.world.dynamo, str::to_owned).await;
        assert!(!spoiled_tables.is_as(&tables), "a reading that differs is told from the one before: {}", spoiled.path);
        let seen = names(&shop, ALWAYS).await;
        assert!(seen.iter().any(|name| name.starts_with(spoiled.seen_by)), "{}: {seen:?}", spoiled.path);
        put(&shop, spoiled.table, before).await;
        assert!(Tables::read(&shop.world.dynamo, str::to_owned).await.is_as(&tables), "{} is mended", spoiled.path);
    }
    let told = names(&shop, AT_REST).await;
    assert!(told.iter().any(|name| name.starts_with("customers are told")), "nobody was: {told:?}");
    assert!(told.iter().any(|name| name.starts_with("the counters")), "nothing was counted: {told:?}");
}

/// What must not lie in a table, and what the invariants that see it are called begins so.
fn strangers() -> [(&'static str, Item, &'static [&'static str]); 6] {
    let item = |pk: &str, sk: &str, record: Value| to_item(&Key::new(pk, sk), record).unwrap();
    let at = shared::platform::clock::Timestamp::from_millis(1_764_000_000_000);
    let product = ProductId::generate(at);
    let entry = RegisterEntry {
        seq: 1,
        product_id: product,
        product_name: "Morphine".to_owned(),
        kind: RegisterKind::Received,
        quantity: 9,
        balance: 9,
        lot: None,
        lot_number: None,
        movement: None,
        reason: None,
        note: None,
        by: None,
        witness: None,
        order: None,
        at,
        previous: String::new(),
        hash: "of something else".to_owned(),
    };
    let entry = to_item(&Key::new(format!("REGISTER#{product}"), "0000000001"), &entry).unwrap();
    let message =
        json!({"id": "msg_2", "previous": "msg_1", "by": {"role": "patient"}, "tally": {"all": 1, "of_patient": 1}});
    let step = || json!({"action": "payment.change", "object": "ord_1", "detail": "captured"});
    [
        ("orders", item("COUPON#SPRING", "COUPON", json!({"uses": 3})), &["coupons are used"]),
        ("consultations", item("CON#con_1", "MSG#2", message), &["messages stand"]),
        ("catalog", entry, &["the chain", "the register says"]),
        ("orders", item("REPORT#sales#0", "2026-11-20#USD", json!({"placed": 9})), &["the counters"]),
        ("audit", item("DAY#2026-11-20#0", "aud_1", step()), &[]),
        ("audit", item("DAY#2026-11-20#1", "aud_2", step()), &["no payment"]),
    ]
}

#[tokio::test]
async fn what_stands_for_nothing_is_seen() {
    let shop = Shop::open().await;
    let all: Vec<_> = ALWAYS.iter().chain(AT_REST).copied().collect();
    let none = names(&shop, &all).await;
    assert!(none.is_empty(), "{none:?}");
    for (table, item, seen_by) in strangers() {
        let sees = |names: &[&str], one: &str| names.iter().any(|name| name.starts_with(one));
        let before = names(&shop, &all).await;
        assert!(!seen_by.iter().any(|one| sees(&before, one)), "{seen_by:?} before: {before:?}");
        put(&shop, table, item).await;
        let seen = names(&shop, &all).await;
        assert!(seen_by.iter().all(|one| sees(&seen, one)), "{seen_by:?}: {seen:?}");
    }
}

#[tokio::test]
async fn movements_that_are_not_written_down_are_seen() {
    let shop = Shop::open().await;
    let product = shop.product(500, 20, LegalStatus::Otc).await;
    let written = json!({"seq": 9, "balance": 1});
    let spoiled = Spoiled {
        table: "catalog",
        key: (format!("PRODUCT#{product}"), "STOCK"),
        path: "written",
        with: value(written).unwrap(),
        seen_by: "every movement",
    };
    spoil(&shop, &spoiled).await;
    assert_eq!(names(&shop, AT_REST).await, ["every movement is written down"]);
}
