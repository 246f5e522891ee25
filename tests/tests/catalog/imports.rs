//! Imports: what rows make of the catalogue, what harms nothing, and what a killed run leaves to the next.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join;
use serde_json::{Value, json};
use shared::identity::Role;
use shared::imports::import::Incoming;
use shared::imports::{Importing, Ran};
use shared::platform::dynamo::Item;
use shared::platform::ids::ImportId;
use support::cloud::{Cloud, Killed, cloudy_world};
use support::{Answer, drugs_fda, event, user};

use crate::store::Store;

const HEADER: &str = "sku;name;ingredients;dosage_form;route;pack_size;category_id;price;legal_status";

/// A row of a product of ibuprofen.
fn row(sku: &str, price: &str) -> String {
    format!("{sku};Ibuprofen {sku};ibuprofen | 200 mg;tablet;oral;20 tablets;pain;{price};otc")
}

fn products(rows: &[String]) -> String {
    format!("\u{feff}{HEADER}\r\n{}\r\n", rows.join("\r\n"))
}

fn stock(rows: &[&str]) -> String {
    format!("sku,lot_number,expires_on,quantity,supplier\n{}\n", rows.join("\n"))
}

/// A pharmacy that imports.
struct House {
    store: Store,
    cloud: Cloud,
}

impl House {
    async fn open() -> Self {
        let (world, cloud) = cloudy_world().await;
        Self { store: Store::of(world).await, cloud }
    }

    async fn call(
        &self,
        role: Role,
        name: &str,
        (method, path): (&str, &str),
        id: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let world = &self.store.world;
        let token = world.token(&user(7), role);
        let parameters: Vec<_> = id.iter().map(|id| ("id", *id)).collect();
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap().endpoint;
        world.send(endpoint, &event(method, path, &parameters, Some(&token), body.as_ref())).await
    }

    /// Announces a file and uploads it; the id.
    async fn upload(&self, kind: &str, dry_run: bool, file: &[u8]) -> String {
        let content_type = if kind == "drugsfda" { "application/zip" } else { "text/csv" };
        let body =
            json!({"kind": kind, "content_type": content_type, "size_bytes": file.len().max(1), "dry_run": dry_run});
        let started = self.call(Role::PharmacyAdmin, "imports-start", ("POST", "/v1/imports"), None, Some(body)).await;
        assert_eq!(started.status, 201, "{}", started.text);
        let fields = &started.body["upload"]["fields"];
        let key = fields["key"].as_str().unwrap();
        self.cloud.files().put(&format!("scans/{key}"), fields["Content-Type"].as_str().unwrap(), file);
        started.body["id"].as_str().unwrap().to_owned()
    }

    fn importing(&self) -> Importing {
        self.store.world.app.importing().unwrap()
    }

    async fn run(&self, id: &str) -> Ran {
        self.importing().run(arrived(id)).await.unwrap()
    }

    async fn get(&self, id: &str) -> Value {
        let answer = self.call(Role::PharmacyAdmin, "imports-get", ("GET", "/v1/imports/x"), Some(id), None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    }

    /// Imports a file; what became of it.
    async fn import(&self, kind: &str, file: &str) -> Value {
        let id = self.upload(kind, false, file.as_bytes()).await;
        assert_eq!(self.run(&id).await, Ran::Over);
        self.get(&id).await
    }

    fn report(&self, id: &str) -> String {
        let files = self.cloud.files();
        String::from_utf8(files.get(&format!("scans/clean/imports/{id}.csv")).unwrap().bytes.clone()).unwrap()
    }

    /// The product of a sku.
    async fn product(&self, sku: &str) -> Value {
        let key = shared::imports::key::ProductKey::of(None, Some(sku), None).unwrap();
        self.store.get(&key.product().to_string(), Some(Role::PharmacyAdmin)).await.body
    }

    /// Everything in the catalogue's table but what is of imports, without what tells one run from another.
    async fn catalogue(&self) -> BTreeMap<String, Item> {
        let mut found = BTreeMap::new();
        let mut items = self.store.world.dynamo.scan().table_name("catalog").into_paginator().items().send();
        while let Some(item) = items.next().await {
            let mut item = item.unwrap();
            let key = format!("{}/{}", item["pk"].as_s().unwrap(), item["sk"].as_s().unwrap());
            item.remove("imported");
            if !key.starts_with("IMPORT") {
                found.insert(key, item);
            }
        }
        found
    }
}

fn arrived(id: &str) -> Incoming {
    Incoming::file(ImportId::parse(id).unwrap())
}

/// Read, created, updated, unchanged, refused.
fn counts(import: &Value) -> [u64; 5] {
    ["read", "created", "updated", "unchanged", "refused"].map(|name| import["rows"][name].as_u64().unwrap())
}

#[tokio::test]
async fn a_table_of_products_is_taken_in_and_the_second_time_changes_nothing() {
    let house = House::open().await;
    let file = products(&[row("A", "4.99"), row("B", ""), row("C", "4,99"), row("A", "1.00")]);
    let first = house.import("products", &file).await;
    assert_eq!((first["status"].as_str(), counts(&first)), (Some("finished"), [4, 2, 0, 0, 2]), "{first}");
    let priced = house.product("A").await;
    assert_eq!(
        (&priced["status"], &priced["price"]["amount"], &priced["sku"]),
        (&json!("active"), &json!(499), &json!("A"))
    );
    let unpriced = house.product("B").await;
    assert_eq!((&unpriced["status"], &unpriced["price"]["amount"]), (&json!("draft"), &json!(0)));
    let report = house.report(first["id"].as_str().unwrap());
    let lines: Vec<_> = report.lines().collect();
    assert_eq!(lines.len(), 3, "{report}");
    assert!(lines[1].starts_with("4,price,invalid_amount,") && lines[1].ends_with(",C"), "{report}");
    assert_eq!(lines[2], "5,,duplicate,line 2 speaks of the same,A");
    assert!(first["report_url"].as_str().unwrap().contains("X-Amz-Expires=60"), "{first}");
    assert!(house.cloud.files().paths().iter().all(|path| !path.contains("incoming/")), "the upload is gone");

    let before = house.catalogue().await;
    let second = house.import("products", &file).await;
    assert_eq!(counts(&second), [4, 0, 0, 2, 2]);
    assert_eq!(house.catalogue().await, before);

    let third = house.import("products", &products(&[row("A", "5.49"), row("B", "3.00")])).await;
    assert_eq!(counts(&third), [2, 0, 2, 0, 0]);
    assert_eq!(house.product("B").await["status"], "draft", "a price alone puts nothing on sale");
    assert_eq!(house.import("products", "sku,status\nB,active\n").await["rows"]["updated"], 1);
    assert_eq!(house.product("B").await["status"], "active");
}

#[tokio::test]
async fn what_a_product_is_called_in_lists_is_not_changed_by_its_id() {
    let house = House::open().await;
    house.import("products", &products(&[row("A-1", "4.99")])).await;
    let (by_sku, by_hand) = (house.product("A-1").await, house.store.product(json!({})).await);
    let id = by_sku["id"].as_str().unwrap();
    let table = |rows: &[[&str; 3]]| {
        let rows: Vec<_> = rows.iter().map(|row| row.join(",")).collect();
        format!("product_id,sku,price\n{}\n", rows.join("\n"))
    };
    let taken = house.import("products", &table(&[[id, "A-1", "5.99"]])).await;
    assert_eq!((&taken["rows"]["updated"], &taken["rows"]["refused"]), (&json!(1), &json!(0)), "{taken}");
    let refused = house.import("products", &table(&[[id, "A-2", "6.99"], [&by_hand, "B-1", "6.99"]])).await;
    assert_eq!((&refused["rows"]["updated"], &refused["rows"]["refused"]), (&json!(0), &json!(2)), "{refused}");
    assert_eq!(house.product("A-1").await["price"]["amount"], 599);
}

#[tokio::test]
async fn nothing_without_a_price_comes_on_sale() {
    let house = House::open().await;
    house.import("products", &products(&[row("A", "")])).await;
    let refused = house.import("products", "sku,status\nA,active\n").await;
    assert_eq!(counts(&refused), [1, 0, 0, 0, 1]);
    assert!(house.report(refused["id"].as_str().unwrap()).contains("2,price,required,"));
    let id = house.product("A").await["id"].as_str().unwrap().to_owned();
    let by_hand = house.store.update(Role::PharmacyAdmin, &id, json!({"status": "active"})).await;
    assert_eq!((by_hand.status, by_hand.fields()), (400, vec!["price"]));
    let priced = json!({"status": "active", "price": crate::store::price(250)});
    assert_eq!(house.store.update(Role::PharmacyAdmin, &id, priced).await.status, 200);
    let history = house.store.ask(&catalog_price_history::ENDPOINT, "/v1/products/x/prices", Some(&id)).await;
    assert_eq!(history.body["items"].as_array().unwrap().len(), 1, "there was no price before: {}", history.text);
    assert_eq!(history.body["lowest_30_days"]["amount"], 250);
}

#[tokio::test]
async fn a_table_says_how_many_units_of_a_lot_have_come_in() {
    let house = House::open().await;
    house.import("products", &products(&[row("A", "4.99")])).await;
    let file = stock(&["A,L1,2028-01-31,40,Maker", "A,L2,2028-02-29,5,", "B,L1,2028-01-31,1,", "A,L3,2020-01-31,1,"]);
    let first = house.import("stock", &file).await;
    assert_eq!(counts(&first), [4, 2, 0, 0, 2], "{first}");
    let report = house.report(first["id"].as_str().unwrap());
    assert!(report.contains("4,,not_found,") && report.contains("5,,lot_expired,"), "{report}");
    let id = house.product("A").await["id"].as_str().unwrap().to_owned();
    assert_eq!(house.store.stock(&id).await.available, 45);

    assert_eq!(counts(&house.import("stock", &file).await), [4, 0, 0, 2, 2]);
    assert_eq!(house.store.stock(&id).await.available, 45);
    let more =
        house.import("stock", &stock(&["A,L1,2028-01-31,50,", "A,L2,2028-02-29,4,", "A,L2,2029-02-28,5,"])).await;
    assert_eq!(counts(&more), [3, 0, 1, 0, 2]);
    let report = house.report(more["id"].as_str().unwrap());
    assert!(report.contains("3,,lot_has_more,") && report.contains("4,,duplicate,"), "{report}");
    assert_eq!(house.store.stock(&id).await.available, 55);
    assert_eq!(house.import("stock", &stock(&["A,L2,2029-02-28,5,"])).await["rows"]["refused"], 1, "another last day");
}

#[tokio::test]
async fn what_a_count_has_found_is_no_delivery_that_a_table_speaks_of() {
    let house = House::open().await;
    house.import("products", &products(&[row("A", "4.99")])).await;
    house.import("stock", &stock(&["A,L1,2028-01-31,10,"])).await;
    let id = house.product("A").await["id"].as_str().unwrap().to_owned();
    let lots = house.store.lots(Role::PharmacyAdmin, &id).await.body;
    let found = json!({"delta": 2, "reason": "count", "lot_id": lots["items"][0]["id"]});
    house.store.adjust(Role::PharmacyAdmin, &id, "count", found).await.expect(200);
    let again = house.import("stock", &stock(&["A,L1,2028-01-31,10,"])).await;
    assert_eq!(counts(&again), [1, 0, 0, 1, 0], "{again}");
    let more = house.import("stock", &stock(&["A,L1,2028-01-31,15,"])).await;
    assert_eq!(counts(&more), [1, 0, 1, 0, 0], "{more}");
    let lots = house.store.lots(Role::PharmacyAdmin, &id).await.body;
    assert_eq!(lots["items"][0]["quantity"], json!({"received": 17, "on_hand": 17, "quarantined": 0}));
    // What was found stays found when there is nothing left of the lot, and it is kept beside the stock.
    let gone = json!({"delta": -17, "reason": "theft", "lot_id": lots["items"][0]["id"]});
    house.store.adjust(Role::PharmacyAdmin, &id, "theft", gone).await.expect(200);
    for n in 0..13 {
        house.store.lot(&id, &format!("N{n}"), "2028-06-30", 1).await;
    }
    let known = house.store.stock(&id).await.housing.by_expiry().iter().any(|(_, lot)| lot.number.as_str() == "L1");
    assert!(!known, "the stock has forgotten it");
    let last = house.import("stock", &stock(&["A,L1,2028-01-31,16,"])).await;
    assert_eq!(counts(&last), [1, 0, 1, 0, 0], "{last}");
    assert_eq!(house.store.stock(&id).await.available, 14);
}

#[tokio::test]
async fn what_was_put_right_of_a_delivery_does_not_come_in_again() {
    let house = House::open().await;
    house.import("products", &products(&[row("A", "4.99")])).await;
    house.import("stock", &stock(&["A,L1,2028-01-31,10,"])).await;
    let id = house.product("A").await["id"].as_str().unwrap().to_owned();
    let lots = house.store.lots(Role::PharmacyAdmin, &id).await.body;
    let corrected = json!({"delta": 90, "reason": "correction", "lot_id": lots["items"][0]["id"]});
    house.store.adjust(Role::PharmacyAdmin, &id, "correction", corrected).await.expect(200);
    let again = house.import("stock", &stock(&["A,L1,2028-01-31,100,"])).await;
    assert_eq!(counts(&again), [1, 0, 0, 1, 0], "{again}");
    assert_eq!(house.store.stock(&id).await.available, 100);
}

#[tokio::test]
async fn a_dry_run_tells_what_would_come_of_it_and_writes_nothing() {
    let house = House::open().await;
    house.import("products", &products(&[row("A", "4.99")])).await;
    let before = house.catalogue().await;
    let nowhere = row("D", "1.00").replace(";pain;", ";nowhere;");
    let file = products(&[row("A", "5.99"), row("B", "4.99"), nowhere]);
    for (kind, file, expected) in [
        ("products", file.into_bytes(), [3, 1, 1, 0, 1]),
        ("stock", stock(&["A,L1,2028-01-31,40,", "B,L1,2028-01-31,1,"]).into_bytes(), [2, 1, 0, 0, 1]),
        ("drugsfda", drugs_fda(), [5, 4, 0, 0, 1]),
    ] {
        let id = house.upload(kind, true, &file).await;
        assert_eq!(house.run(&id).await, Ran::Over);
        let import = house.get(&id).await;
        assert_eq!((counts(&import), &import["dry_run"]), (expected, &json!(true)), "{kind}: {}", house.report(&id));
        assert_eq!(house.catalogue().await, before, "{kind}");
    }
}

#[tokio::test]
async fn the_tables_of_the_fda_become_drafts_that_a_table_of_prices_puts_on_sale() {
    let house = House::open().await;
    let id = house.upload("drugsfda", false, &drugs_fda()).await;
    assert_eq!(house.run(&id).await, Ran::Over);
    let first = house.get(&id).await;
    assert_eq!((counts(&first), &first["rows"]["skipped"]), ([5, 4, 0, 0, 1], &json!(1)), "{}", house.report(&id));
    assert!(
        house.report(&id).contains("Strength,strengths_do_not_match") || house.report(&id).contains("NDA020527-001")
    );
    let metformin = house.product("NDA020357-001").await;
    assert_eq!(
        (&metformin["name"], &metformin["brand"], &metformin["status"], &metformin["te_code"]),
        (&json!("Glucophage 500 mg"), &json!("Glucophage"), &json!("draft"), &json!("AB"))
    );
    assert_eq!((&metformin["category_id"], &metformin["legal_status"]), (&json!("unsorted"), &json!("prescription")));
    assert_eq!(house.product("NDA018989-001").await["legal_status"], "otc");

    let prices =
        "sku,name,pack_size,category_id,price,status\nNDA020357-001,Metformin 500 mg,60 tablets,pain,9.99,active\n";
    assert_eq!(counts(&house.import("products", prices).await), [1, 0, 1, 0, 0]);
    let again = house.upload("drugsfda", false, &drugs_fda()).await;
    house.run(&again).await;
    assert_eq!(counts(&house.get(&again).await), [5, 0, 0, 4, 1]);
    let metformin = house.product("NDA020357-001").await;
    assert_eq!((&metformin["name"], &metformin["status"]), (&json!("Metformin 500 mg"), &json!("active")));
}

#[tokio::test]
async fn a_broken_file_harms_nothing() {
    let house = House::open().await;
    house.import("products", &products(&[row("A", "4.99")])).await;
    let before = house.catalogue().await;
    let whole = products(&[row("A", "1.00"), row("B", "1.00")]);
    let zip = drugs_fda();
    let mut latin = whole.clone().into_bytes();
    latin.extend(b"C;Ibuprof\xe9n;;;;;;;\n");
    let half = &zip[..zip.len() / 2];
    let cases: [(&str, &[u8], &str); 9] = [
        ("products", &latin, "not_utf8"),
        ("products", b"sku;=cmd|' /C calc'!A0\nA;x\n", "unknown_column"),
        ("products", b"name\nA\n", "missing_column"),
        ("products", b"sku,name\n", "no_rows"),
        ("products", b" ", "unknown_column"),
        ("products", &zip, ""),
        ("stock", whole.as_bytes(), "unknown_column"),
        ("drugsfda", whole.as_bytes(), "not_a_zip"),
        ("drugsfda", half, "not_a_zip"),
    ];
    for (kind, file, code) in cases {
        let id = house.upload(kind, false, file).await;
        assert_eq!(house.run(&id).await, Ran::Over);
        let import = house.get(&id).await;
        assert_eq!((import["status"].as_str(), counts(&import)), (Some("failed"), [0; 5]), "{import}");
        assert!(code.is_empty() || import["failed"]["code"] == code, "{import}");
        assert_eq!(house.catalogue().await, before, "{code}");
        assert!(!house.report(&id).contains("\n=") && !house.report(&id).contains(",="), "{}", house.report(&id));
        assert_eq!(house.run(&id).await, Ran::Over, "again");
    }
}

#[tokio::test]
async fn a_formula_in_a_cell_comes_back_as_text() {
    let house = House::open().await;
    let import = house.import("products", "sku,name\n=1+1,x\n@SUM(A1),x\n").await;
    assert_eq!(counts(&import), [2, 0, 0, 0, 2]);
    let report = house.report(import["id"].as_str().unwrap());
    assert!(report.contains(",'=1+1") && report.contains(",'@SUM(A1)") && !report.contains(",=1"), "{report}");
}

#[tokio::test]
async fn a_run_without_time_hands_over_to_the_next() {
    let house = House::open().await;
    let rows: Vec<_> = (0..250).map(|n| row(&format!("S{n}"), "1.00")).collect();
    let id = house.upload("products", false, products(&rows).as_bytes()).await;
    let hurried = Importing { patience: Duration::ZERO, ..house.importing() };
    let import = ImportId::parse(&id).unwrap();
    assert_eq!(hurried.run(Incoming::file(import)).await.unwrap(), Ran::HandedOver);
    assert_eq!((house.get(&id).await["status"].as_str(), counts(&house.get(&id).await)[0]), (Some("running"), 100));
    let note = Incoming::note(import, 100);
    assert!(house.cloud.files().get(&format!("scans/{}", note.key())).is_some());
    // The event of the upload may come again meanwhile.
    assert_eq!(hurried.run(Incoming::file(import)).await.unwrap(), Ran::HandedOver);
    assert_eq!(hurried.run(note).await.unwrap(), Ran::Over);
    assert_eq!(counts(&house.get(&id).await), [250, 250, 0, 0, 0]);
    assert_eq!(house.importing().run(Incoming::note(import, 200)).await.unwrap(), Ran::Over);
    assert!(house.cloud.files().paths().iter().all(|path| !path.contains("incoming/")));
}

#[tokio::test]
async fn an_import_killed_ten_times_comes_to_the_same() {
    let (rows, lots) = (["A", "B", "C"], ["A,L1,2028-01-31,40,", "B,L1,2028-01-31,7,", "X,L1,2028-01-31,7,"]);
    let table = products(&rows.map(|sku| row(sku, "4.99")));
    for (kind, file) in [("products", table.clone()), ("stock", stock(&lots))] {
        let calm = House::open().await;
        let killed = House::open().await;
        for house in [&calm, &killed] {
            house.import("products", &products(&[row("A", "1.00"), row("B", "4.99")])).await;
        }
        let expected = calm.import(kind, &file).await;
        let id = killed.upload(kind, false, file.as_bytes()).await;
        for kill in 0..10_usize {
            let how = if kill % 2 == 0 { Killed::Before } else { Killed::After };
            let run = killed.importing();
            let ended = killed.cloud.run_until(2 + kill * 2, how, run.run(arrived(&id))).await;
            assert!(ended.is_none_or(|ended| ended.is_ok()), "{kind}, {kill}");
        }
        assert_eq!(killed.run(&id).await, Ran::Over);
        let import = killed.get(&id).await;
        assert_eq!((&import["rows"], &import["status"]), (&expected["rows"], &json!("finished")), "{kind}");
        assert_eq!(killed.report(&id), calm.report(expected["id"].as_str().unwrap()), "{kind}");
        for sku in rows {
            let both = [calm.product(sku).await, killed.product(sku).await];
            assert_eq!(
                (&both[0]["version"], &both[0]["price"]),
                (&both[1]["version"], &both[1]["price"]),
                "{kind} {sku}"
            );
            let Some(product) = both[0]["id"].as_str() else { continue };
            assert_eq!(
                calm.store.stock(product).await.available,
                killed.store.stock(product).await.available,
                "{kind} {sku}"
            );
        }
    }
}

#[tokio::test]
async fn a_run_killed_at_any_call_is_finished_by_the_next() {
    for call in 0.. {
        let mut finished = false;
        for kill in [Killed::Before, Killed::After] {
            let house = House::open().await;
            house.import("products", &products(&[row("A", "1.00")])).await;
            let file = products(&[row("A", "4.99"), row("B", "4.99"), row("C", "x")]);
            let id = house.upload("products", false, file.as_bytes()).await;
            finished = house.cloud.run_until(call, kill, house.importing().run(arrived(&id))).await.is_some();
            assert_eq!(house.run(&id).await, Ran::Over, "{kill:?} call {call}");
            let import = house.get(&id).await;
            assert_eq!(counts(&import), [3, 1, 1, 0, 1], "{kill:?} call {call}");
            assert_eq!(house.report(&id).lines().count(), 2, "{kill:?} call {call}");
            let paths = house.cloud.files().paths();
            assert!(paths.iter().all(|path| !path.contains("incoming/")), "{kill:?} call {call}: {paths:?}");
        }
        if finished {
            assert!(call > 8, "only {call} calls were made");
            return;
        }
    }
}

#[tokio::test]
async fn two_workers_at_once_take_every_row_in_once() {
    let house = House::open().await;
    let rows: Vec<_> = (0..120).map(|n| row(&format!("S{n}"), "1.00")).collect();
    let id = house.upload("products", false, products(&rows).as_bytes()).await;
    let (one, other) = (house.importing(), house.importing());
    let (one, other) = join(one.run(arrived(&id)), other.run(arrived(&id))).await;
    let ended = [one.unwrap(), other.unwrap()];
    assert!(ended.contains(&Ran::Over), "{ended:?}");
    assert_eq!(counts(&house.get(&id).await), [120, 120, 0, 0, 0]);
    let tree = house.catalogue().await;
    assert_eq!(tree["CATEGORIES/pain"]["products"].as_n().unwrap(), "120", "each is counted once");

    let lots: Vec<_> = (0..20).map(|n| format!("S{n},L1,2028-01-31,10,")).collect();
    let lots: Vec<_> = lots.iter().map(String::as_str).collect();
    let id = house.upload("stock", false, stock(&lots).as_bytes()).await;
    let (one, other) = (house.importing(), house.importing());
    let (one, other) = join(one.run(arrived(&id)), other.run(arrived(&id))).await;
    assert!([one.unwrap(), other.unwrap()].contains(&Ran::Over));
    assert_eq!(counts(&house.get(&id).await), [20, 20, 0, 0, 0]);
    for n in 0..20 {
        let product = house.product(&format!("S{n}")).await["id"].as_str().unwrap().to_owned();
        assert_eq!(house.store.stock(&product).await.available, 10, "S{n}");
    }
}

#[tokio::test]
async fn another_file_in_the_place_of_the_one_that_is_read_is_not_gone_on_with() {
    let house = House::open().await;
    let rows: Vec<_> = (0..150).map(|n| row(&format!("S{n}"), "1.00")).collect();
    let id = house.upload("products", false, products(&rows).as_bytes()).await;
    let hurried = Importing { patience: Duration::ZERO, ..house.importing() };
    assert_eq!(hurried.run(arrived(&id)).await.unwrap(), Ran::HandedOver);
    let path = format!("scans/{}", arrived(&id).key());
    house.cloud.files().put(&path, "text/csv", products(&[row("Z", "1.00")]).as_bytes());
    assert_eq!(house.run(&id).await, Ran::Over);
    let import = house.get(&id).await;
    assert_eq!((&import["failed"]["code"], counts(&import)[0]), (&json!("file_changed"), 100));
    assert_eq!(house.product("Z").await["status"], 404);
}

#[tokio::test]
async fn imports_are_the_staffs_and_stand_on_the_trail() {
    let house = House::open().await;
    for n in 0..3 {
        house.import("products", &products(&[row(&format!("S{n}"), "1.00")])).await;
        house.store.wait(1);
    }
    let list = |query: String| {
        let house = &house;
        async move {
            let path = format!("/v1/imports{query}");
            house.call(Role::SuperAdmin, "imports-list", ("GET", &path), None, None).await.body
        }
    };
    let first = list("?limit=2".to_owned()).await;
    let second = list(format!("?limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await;
    let both = [first["items"].as_array().unwrap().clone(), second["items"].as_array().unwrap().clone()].concat();
    assert_eq!((both.len(), &second["next_cursor"]), (3, &Value::Null));
    assert!(both[0]["announced_at"].as_str().unwrap() > both[2]["announced_at"].as_str().unwrap());
    assert!(both.iter().all(|import| import.get("report_url").is_none()));
    for role in [Role::Seller, Role::Doctor, Role::Customer] {
        let body = json!({"kind": "products", "content_type": "text/csv", "size_bytes": 9});
        let refused = house.call(role, "imports-start", ("POST", "/v1/imports"), None, Some(body)).await;
        assert_eq!(refused.status, 403, "{role:?}");
    }
    let nothing = house
        .call(Role::SuperAdmin, "imports-get", ("GET", "/v1/imports/x"), Some("imp_01JD4Z8QK0000000000000000K"), None)
        .await;
    assert_eq!(nothing.status, 404);
    let mut lines = house.store.world.dynamo.scan().table_name("audit").into_paginator().items().send();
    let (mut started, mut finished) = (0, Vec::new());
    while let Some(line) = lines.next().await {
        let line = line.unwrap();
        match line["action"].as_s().unwrap().as_str() {
            "import.start" => started += 1,
            "import.finish" => finished.push(line["detail"].as_s().unwrap().clone()),
            _ => {}
        }
    }
    assert_eq!((started, finished.len()), (3, 3));
    assert_eq!(finished[0], "1 read, 1 created, 0 updated, 0 unchanged, 0 refused");
}
