//! Reports: whatever is told twice, at once or by who dies in the middle, the counters are a recount of the orders.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::platform::clock::Date;
use shared::prescriptions::Status as Rx;
use shared::reports::cell::{Book, Measures, add};
use shared::reports::of_order::of_order;
use shared::reports::of_prescription::of_prescription;
use shared::reports::{Done, Subject};
use support::cloud::{Cloud, Killed};
use support::invariants::{AT_REST, Tables, broken};
use support::{Answer, PLAIN_TOO, Streams, medicine, user};

use crate::endpoint;
use crate::shop::Shop;

struct Office {
    shop: Shop,
    cloud: Cloud,
    streams: Streams,
}

impl Office {
    async fn open() -> Self {
        let (shop, cloud) = Shop::counted().await;
        let streams = Streams::of(shop.world.dynamo.clone(), &["orders", "prescriptions"]);
        Self { shop, cloud, streams }
    }

    async fn order(&self, buyer: u32, key: &str) -> String {
        let product = self.shop.product_of(Some(user(3)), 500, 100, LegalStatus::Otc).await;
        let other = self.shop.product_with(&medicine(PLAIN_TOO, "500 mg", LegalStatus::Otc), 300, 100).await;
        self.shop.put(buyer, product, 2).await;
        self.shop.put(buyer, other, 1).await;
        let order = self.shop.order(buyer, key, &[]).await;
        assert_eq!(order.status, 201, "{}", order.text);
        order.body["id"].as_str().unwrap().to_owned()
    }

    async fn run(&self, worker: &str, event: Value) -> Value {
        let worker = registry::WORKERS.iter().find(|one| one.name == worker).unwrap();
        (worker.run)(&self.shop.world.app, event).await.unwrap()
    }

    /// The streams lead to the queue, and the queue to the counters, twice.
    async fn go_round(&mut self) {
        let records = self.streams.changes().await;
        for _ in 0..2 {
            self.run("notifications-plan", json!({ "Records": records.clone() })).await;
        }
        let messages = self.cloud.queues().take_counting();
        let messages: Vec<_> =
            messages.iter().rev().map(|one| json!({"messageId": one.id, "body": one.body})).collect();
        let done = self.run("reports-count", json!({ "Records": messages })).await;
        assert_eq!(done["batchItemFailures"], json!([]));
    }

    async fn report(&self, who: u32, role: Role, function: &str, more: &str) -> Answer {
        let today = self.shop.world.clock.now().date();
        let path = format!("/v1/reports/x?from={today}&to={today}{more}");
        let token = self.shop.world.token(&user(who), role);
        self.shop.world.call(endpoint(function), ("GET", &path), &[], Some(&token), None).await
    }

    async fn sales(&self) -> Value {
        let answer = self.report(9, Role::PharmacyAdmin, "reports-sales", "").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["totals"][0].clone()
    }

    /// The counters of every book are what all these orders and prescriptions count for.
    async fn is_a_recount(&self, ids: &[String]) {
        let counting = self.shop.world.app.counting();
        let books = [Book::Sales, Book::Products, Book::Payments, Book::Prescriptions];
        let of_seller = [Book::SalesOf(user(3)), Book::ProductsOf(user(3))];
        let mut expected: BTreeMap<_, _> = books
            .into_iter()
            .chain(of_seller)
            .map(|book| (book, BTreeMap::<(Date, String), Measures>::new()))
            .collect();
        for id in ids {
            let cells = match Subject::parse(id).unwrap() {
                Subject::Order(id) => of_order(&counting.orders.get(id).await.unwrap().unwrap(), &counting.zone),
                Subject::Prescription(id) => {
                    of_prescription(&counting.prescriptions.get(id).await.unwrap().unwrap(), &counting.zone)
                }
            };
            for (cell, measures) in cells.unwrap() {
                let book = expected.entry(cell.book).or_default();
                add(book.entry((cell.day, cell.part)).or_default(), &measures);
            }
        }
        let (from, to) = (Date::parse("2020-01-01").unwrap(), Date::parse("2100-01-01").unwrap());
        for (book, mut cells) in expected {
            cells.retain(|_, measures| !measures.is_empty());
            assert_eq!(counting.store.cells(&book, from, to).await.unwrap(), cells, "{book}");
        }
        let tables = Tables::read(&self.shop.world.dynamo, str::to_owned).await;
        let counters = broken(&tables, AT_REST).into_iter().find(|(name, _)| name.starts_with("the counters"));
        assert!(counters.is_none(), "{counters:?}");
    }
}

fn usd(amount: i64) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

#[tokio::test]
async fn an_order_is_in_the_report_as_it_is_placed_and_called_off() {
    let mut office = Office::open().await;
    assert_eq!(office.sales().await["orders_placed"], 0);
    let id = office.order(1, "a").await;
    office.go_round().await;
    let placed = office.sales().await;
    assert_eq!((&placed["orders_placed"], &placed["units"]), (&json!(1), &json!(3)));
    assert_eq!((&placed["gross"], &placed["delivery"], &placed["net"]), (&usd(1300), &usd(499), &usd(1799)));
    office.go_round().await;
    assert_eq!(office.sales().await, placed, "nothing has changed");
    assert_eq!(office.shop.cancel(1, &id).await.status, 200);
    office.go_round().await;
    let cancelled = office.sales().await;
    assert_eq!((&cancelled["orders_placed"], &cancelled["orders_cancelled"]), (&json!(1), &json!(1)));
    assert_eq!((&cancelled["cancelled"], &cancelled["net"]), (&usd(1799), &usd(0)));
    office.is_a_recount(&[id]).await;
}

#[tokio::test]
async fn a_seller_sees_what_is_theirs_and_no_payments() {
    let mut office = Office::open().await;
    office.order(1, "a").await;
    office.go_round().await;
    let own = office.report(3, Role::Seller, "reports-sales", "").await;
    assert_eq!(own.status, 200, "{}", own.text);
    let own = &own.body["totals"][0];
    assert_eq!((&own["gross"], &own["delivery"], &own["units"]), (&usd(1000), &usd(0), &json!(2)));
    let other = office.report(4, Role::Seller, "reports-sales", "").await;
    assert_eq!(other.body["totals"][0]["orders_placed"], 0);
    for function in ["reports-payments", "reports-prescriptions"] {
        assert_eq!(office.report(3, Role::Seller, function, "").await.status, 403, "{function}");
        assert_eq!(office.report(9, Role::PharmacyAdmin, function, "").await.status, 200, "{function}");
    }
    assert_eq!(office.report(1, Role::Customer, "reports-sales", "").await.status, 403);
    let file = office.report(9, Role::PharmacyAdmin, "reports-sales", "&format=csv").await;
    assert!(file.text.starts_with("period,from,to,product_id,currency,"), "{}", file.text);
    assert!(file.text.contains(",13.00,0.00,4.99,0.00,0.00,1.00,17.99\r\n"), "{}", file.text);
}

#[tokio::test]
async fn what_was_sold_of_each_product_and_what_the_pharmacy_keeps() {
    let mut office = Office::open().await;
    let id = office.order(1, "a").await;
    office.go_round().await;
    let all = office.report(9, Role::PharmacyAdmin, "reports-sales", "&by=product").await;
    assert_eq!(all.status, 200, "{}", all.text);
    let rows = all.body["rows"].as_array().unwrap();
    let sold: Vec<_> = rows.iter().map(|row| (&row["gross"], &row["units"], &row["orders_placed"])).collect();
    assert_eq!(
        sold,
        [(&usd(1000), &json!(2), &json!(1)), (&usd(300), &json!(1), &json!(1))],
        "what sold for most first"
    );
    assert!(rows.iter().all(|row| row["product_id"].as_str().unwrap().starts_with("prd_")));
    assert_eq!((&all.body["totals"][0]["gross"], &all.body["left_out"]), (&usd(1300), &json!(0)));
    let own = office.report(3, Role::Seller, "reports-sales", "&by=product").await;
    assert_eq!((own.body["rows"].as_array().unwrap().len(), &own.body["rows"][0]["gross"]), (1, &usd(1000)));
    let other = office.report(4, Role::Seller, "reports-sales", "&by=product").await;
    assert_eq!(other.body["rows"], json!([]));
    let file = office.report(9, Role::PharmacyAdmin, "reports-sales", "&by=product&format=csv").await;
    assert!(file.text.starts_with("period,from,to,product_id,currency,"), "{}", file.text);

    // A tenth of what the seller's product has sold for, on both sides, until it is called off.
    assert_eq!(office.sales().await["fees"], usd(100));
    let theirs = office.report(3, Role::Seller, "reports-sales", "").await;
    assert_eq!(theirs.body["totals"][0]["fees"], usd(100));
    assert_eq!(office.shop.cancel(1, &id).await.status, 200);
    office.go_round().await;
    assert_eq!(office.sales().await["fees"], usd(0));
    let gone = office.report(9, Role::PharmacyAdmin, "reports-sales", "&by=product").await;
    assert!(gone.body["rows"].as_array().unwrap().iter().all(|row| row["net"] == usd(0)), "{}", gone.text);
}

#[tokio::test]
async fn every_book_is_a_recount_of_what_is_stored() {
    let mut office = Office::open().await;
    let mut ids = Vec::new();
    for buyer in 30..34 {
        ids.push(office.order(buyer, "a").await);
    }
    let product = office.shop.product(500, 9, LegalStatus::Prescription).await;
    for _ in 0..3 {
        ids.push(office.shop.prescription(30, Rx::Pending, product, 2).await.to_string());
    }
    office.go_round().await;
    office.is_a_recount(&ids).await;
    // One is delivered and paid, one called off; of the prescriptions one is approved and one taken back. All on later days.
    office.shop.world.clock.advance(std::time::Duration::from_hours(48));
    for to in ["verified", "packed", "shipped", "delivered"] {
        office.shop.transition(&ids[0], to).await.expect(200);
    }
    office.shop.cancel(31, &ids[1]).await.expect(200);
    office.shop.review(ids[4].parse().unwrap(), Rx::Approved).await;
    let now = office.shop.world.clock.now();
    office.shop.change_rx(ids[5].parse().unwrap(), |rx| rx.withdrawn_at = Some(now)).await;
    office.go_round().await;
    office.is_a_recount(&ids).await;
    let counting = office.shop.world.app.counting();
    let (from, to) = (Date::parse("2020-01-01").unwrap(), Date::parse("2100-01-01").unwrap());
    for book in [Book::Sales, Book::Products, Book::Payments, Book::SalesOf(user(3)), Book::ProductsOf(user(3))] {
        assert!(!counting.store.cells(&book, from, to).await.unwrap().is_empty(), "nothing was compared of {book}");
    }
    let prescriptions = counting.store.cells(&Book::Prescriptions, from, to).await.unwrap();
    assert!(!prescriptions.is_empty(), "nothing was compared of prescriptions");
}

#[tokio::test]
async fn two_at_once_count_everything_once() {
    let office = Office::open().await;
    let mut ids = Vec::new();
    for buyer in 20..25 {
        ids.push(office.order(buyer, "a").await);
    }
    let counting = office.shop.world.app.counting();
    let subjects: Vec<_> = ids.iter().chain(&ids).map(|id| Subject::parse(id).unwrap()).collect();
    // Some of them may lose against others again and again, and come again then.
    join_all(subjects.iter().map(|subject| counting.count(*subject))).await;
    for subject in &subjects {
        counting.count(*subject).await.unwrap();
        assert_eq!(counting.count(*subject).await.unwrap(), Done::Nothing);
    }
    office.is_a_recount(&ids).await;
}

#[tokio::test]
async fn who_dies_anywhere_leaves_counters_that_come_right() {
    let office = Office::open().await;
    let mut ids = Vec::new();
    let mut buyers = 20..;
    for kill in [Killed::Before, Killed::After] {
        for call in 0..8 {
            let id = office.order(buyers.next().unwrap(), "a").await;
            let counting = office.shop.world.app.counting();
            let subject = Subject::parse(&id).unwrap();
            let work = counting.count(subject);
            let killed = office.cloud.run_until(call, kill, work).await.is_none();
            counting.count(subject).await.unwrap();
            ids.push(id);
            office.is_a_recount(&ids).await;
            if !killed {
                break;
            }
        }
    }
}
