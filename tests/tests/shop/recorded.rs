//! Orders that are dangerous only by what is on record about the patient, through the real use-cases, and orders that are not.

use std::time::Duration;

use serde_json::{Value, json};
use shared::identity::Role;
use shared::orders::screening::hold_id;
use shared::prescriptions::Status as Rx;
use support::{Answer, event, user};

use crate::screening::{Buyer, described, id, is_stopped, lines, screening_holds};
use crate::shop::Shop;

const DANGEROUS: &str = include_str!("../../../shared/src/orders/screener/tests/dangerous.tsv");
const HARMLESS: &str = include_str!("../../../shared/src/orders/screener/tests/harmless.tsv");

impl Buyer<'_> {
    /// Puts something on record about the buyer, or a patient of theirs.
    async fn records(&self, kind: &str, of: Option<&str>, body: Value) -> String {
        let add = registry::ENDPOINTS.iter().find(|one| one.name() == "records-add").unwrap().endpoint;
        let token = self.shop.world.token(&user(self.number), Role::Customer);
        let query = of.map(|patient| format!("?patient_id={patient}")).unwrap_or_default();
        let event = event("POST", &format!("/v1/records/x{query}"), &[("kind", kind)], Some(&token), Some(&body));
        let added = self.shop.world.send(add, &event).await;
        assert_eq!(added.status, 201, "{body}: {}", added.text);
        added.body["id"].as_str().unwrap().to_owned()
    }

    async fn takes_away(&self, kind: &str, record: &str) {
        let remove = registry::ENDPOINTS.iter().find(|one| one.name() == "records-remove").unwrap().endpoint;
        let route = ("DELETE", "/v1/records/x/y");
        let at = [("kind", kind), ("id", record)];
        let removed = self.shop.as_customer(self.number, remove, route, &at, &[], None).await;
        assert_eq!(removed.status, 204, "{}", removed.text);
    }

    /// Orders one of a description.
    async fn orders_one(&self, text: &str) -> Answer {
        let wanted = self.wanted(text, Rx::Approved).await;
        self.orders(&[wanted]).await
    }
}

fn penicillin(severity: &str) -> Value {
    json!({"substance": "penicillin", "severity": severity, "certainty": "confirmed"})
}

#[tokio::test]
async fn no_order_that_the_records_make_dangerous_passes() {
    let shop = Shop::open().await;
    let mut passed = Vec::new();
    let mut seen = 0;
    for (buyer, row) in (100..).zip(lines(DANGEROUS)) {
        seen += 1;
        let buyer = Buyer { shop: &shop, number: buyer };
        let (kind, body, order) = (row[0], serde_json::from_str(row[1]).unwrap(), row[2]);
        buyer.records(kind, None, body).await;
        let placed = buyer.orders_one(order).await;
        if let Err(why) = is_stopped(&shop, buyer.number, &placed).await {
            passed.push(format!("{row:?}: {why}"));
        }
    }
    assert!(seen >= 50 && passed.is_empty(), "{seen} {passed:#?}");
}

#[tokio::test]
async fn no_order_that_is_harmless_beside_the_records_is_held() {
    let shop = Shop::open().await;
    let mut held = Vec::new();
    for (buyer, row) in (100..).zip(lines(HARMLESS)) {
        let buyer = Buyer { shop: &shop, number: buyer };
        buyer.records(row[0], None, serde_json::from_str(row[1]).unwrap()).await;
        let placed = buyer.orders_one(row[2]).await;
        if placed.status != 201 || placed.body["holds"] != json!([]) {
            held.push(format!("{row:?}: {}", placed.text));
            continue;
        }
        for to in ["verified", "packed"] {
            let moved = shop.transition(id(&placed), to).await;
            if moved.status != 200 {
                held.push(format!("{row:?} is not {to}: {}", moved.text));
            }
        }
    }
    assert!(held.is_empty(), "{held:#?}");
}

#[tokio::test]
async fn what_is_recorded_after_an_order_was_placed_stops_it_at_the_next_gate() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let order = buyer.orders_one("amoxicillin 500 mg rx").await;
    assert_eq!((order.status, &order.body["holds"]), (201, &json!([])), "{}", order.text);
    assert_eq!(shop.transition(id(&order), "verified").await.status, 200);
    let record = buyer.records("allergies", None, penicillin("mild")).await;
    let refused = shop.transition(id(&order), "packed").await;
    assert_eq!((refused.status, refused.code()), (422, "dispensing_refused"), "{}", refused.text);
    let seen = shop.get_order(1, id(&order)).await;
    let hold = screening_holds(&seen.body)[0].clone();
    assert_eq!(hold["detail"], "amoxicillin: an allergy to penicillin is recorded.");
    // What was taken away is not on record any more.
    buyer.takes_away("allergies", &record).await;
    assert_eq!(shop.get_order(1, id(&order)).await.body["holds"], json!([]));
    assert_eq!(shop.transition(id(&order), "packed").await.status, 200);
}

#[tokio::test]
async fn a_severe_allergy_is_refused_and_what_is_found_is_told_to_no_seller() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    buyer.records("allergies", None, penicillin("severe")).await;
    let refused = buyer.orders_one("amoxicillin 500 mg rx").await;
    assert_eq!(
        (refused.status, &refused.body["problems"][0]["code"]),
        (422, &json!("contraindicated")),
        "{}",
        refused.text
    );
    buyer.empties_cart().await;
    let seller = user(7);
    let cephalexin = shop.product_sold_by(Some(seller.clone()), &described("cephalexin 500 mg"), 500, 9).await;
    let held = buyer.orders(&[(cephalexin, None)]).await;
    assert_eq!((held.status, screening_holds(&held.body).len()), (201, 1), "{}", held.text);
    let seen = shop.get_order_as(&seller, Role::Seller, id(&held)).await;
    assert_eq!(screening_holds(&seen.body)[0]["detail"], "A pharmacist has to look at this order.");
    assert!(!seen.text.contains("penicillin"), "{}", seen.text);
    // A pharmacist sees what was found, and decides; that the rules read the record is nobody's look into it.
    let hold = screening_holds(&held.body)[0]["id"].as_str().unwrap().to_owned();
    let resolved = shop.resolve(8, id(&held), &hold, "override").await;
    assert_eq!((resolved.status, &resolved.body["holds"]), (200, &json!([])), "{}", resolved.text);
    assert_eq!(shop.transition(id(&held), "verified").await.status, 200);
    let trail = shop.trail_of_others(&user(1)).await;
    assert!(trail.iter().all(|(_, action, _)| action != "record.read"), "{trail:?}");
}

#[tokio::test]
async fn each_patient_is_screened_by_their_own_records() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let add = registry::ENDPOINTS.iter().find(|one| one.name() == "patients-add").unwrap().endpoint;
    let mira =
        json!({"full_name": "Mira Rai", "date_of_birth": "2009-03-04", "sex": "female", "relationship": "child"});
    let mira = shop.as_customer(1, add, ("POST", "/v1/patients"), &[], &[], Some(mira)).await;
    let mira = mira.body["id"].as_str().unwrap();
    buyer
        .records(
            "allergies",
            Some(mira),
            json!({"substance": "cetirizine", "severity": "mild", "certainty": "confirmed"}),
        )
        .await;
    let cetirizine = shop.product_with(&described("cetirizine 10 mg"), 100, 99).await;
    // For the owner, beside whom nothing is on record.
    shop.put(1, cetirizine, 1).await;
    assert_eq!(shop.order(1, "owner", &[]).await.body["holds"], json!([]));
    // For her, whether the line says so or the order.
    assert_eq!(shop.put_for(1, cetirizine, mira).await.status, 200);
    let by_line = shop.order(1, "line", &[]).await;
    assert_eq!((by_line.status, screening_holds(&by_line.body).len()), (201, 1), "{}", by_line.text);
    shop.put(1, cetirizine, 1).await;
    let by_order = shop.order_with(1, "order", json!({"patient_id": mira})).await;
    assert_eq!((by_order.status, screening_holds(&by_order.body).len()), (201, 1), "{}", by_order.text);
    for order in [&by_line, &by_order] {
        assert_eq!(shop.transition(id(order), "verified").await.code(), "dispensing_refused");
    }
}

#[tokio::test]
async fn a_refill_is_screened_by_the_records_of_its_patient() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let address = buyer.lives_somewhere().await;
    let (_, rx) = buyer.wanted("amoxicillin 500 mg rx", Rx::Approved).await;
    buyer.records("allergies", None, penicillin("mild")).await;
    let refilled = buyer.refills(rx.unwrap(), &address, "refill").await;
    assert_eq!((refilled.status, screening_holds(&refilled.body).len()), (201, 1), "{}", refilled.text);
}

#[tokio::test]
async fn records_that_cannot_be_read_hold_the_order_until_they_can() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let before = buyer.orders_one("loratadine 10 mg").await;
    assert_eq!((before.status, &before.body["holds"]), (201, &json!([])), "{}", before.text);
    shop.world.dynamo.delete_table().table_name("records").send().await.unwrap();
    shop.world.clock.advance(Duration::from_millis(1));
    let product = shop.product_with(&described("cetirizine 10 mg"), 100, 9).await;
    shop.put(1, product, 1).await;
    let preview = shop.preview(1, &[]).await;
    assert_eq!((preview.status, &preview.body["problems"]), (200, &json!([])), "{}", preview.text);
    assert_eq!(preview.body["screening"]["findings"][0]["kind"], "not_screened");
    let order = shop.order(1, "unread", &[]).await;
    assert_eq!(order.status, 201, "{}", order.text);
    let hold = hold_id("not_screened:records");
    assert_eq!(screening_holds(&order.body)[0]["id"], hold, "{}", order.text);
    // At the other gates as well: what was placed before is not verified now.
    for order in [&order, &before] {
        let refused = shop.transition(id(order), "verified").await;
        assert_eq!(
            (refused.status, &refused.body["problems"][0]["code"]),
            (422, &json!("screening")),
            "{}",
            refused.text
        );
    }
    let resolved = shop.resolve(8, id(&before), &hold, "override").await;
    assert_eq!((resolved.status, &resolved.body["holds"]), (200, &json!([])), "{}", resolved.text);
    assert_eq!(shop.transition(id(&before), "verified").await.status, 200);
}

/// A product on record is its substances, which the catalogue knows.
#[tokio::test]
async fn a_product_that_is_taken_is_screened_by_what_is_in_it() {
    let shop = Shop::open().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let (warfarin, _) = buyer.wanted("warfarin sodium 5 mg rx", Rx::Approved).await;
    buyer.records("medications", None, json!({"product_id": warfarin})).await;
    let order = buyer.orders_one("ibuprofen 200 mg").await;
    assert_eq!((order.status, screening_holds(&order.body).len()), (201, 1), "{}", order.text);
    let detail = screening_holds(&order.body)[0]["detail"].as_str().unwrap();
    assert!(detail.contains("warfarin") && detail.contains("ibuprofen"), "{detail}");
}

#[tokio::test]
async fn records_are_read_beside_everything_else() {
    let (shop, cloud) = Shop::counted().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    buyer.records("allergies", None, penicillin("mild")).await;
    let product = shop.product_with(&described("cetirizine 10 mg"), 100, 99).await;
    // A first order fills what a warm function has in mind.
    shop.put(1, product, 1).await;
    assert_eq!(shop.order(1, "warm", &[]).await.status, 201);
    shop.put(1, product, 1).await;
    cloud.measure(Duration::from_millis(20));
    assert_eq!(shop.order(1, "counted", &[]).await.status, 201);
    let calls: Vec<_> =
        cloud.measured().into_iter().filter(|call| !call.counts_the_request && !call.reads_the_feed).collect();
    let queries: Vec<_> = calls.iter().filter(|call| call.name == "Query").map(|call| call.trip).collect();
    let first = calls.iter().map(|call| call.trip).min();
    assert_eq!(queries, [first.unwrap(); 3], "{calls:?}");
    let trips = calls.iter().map(|call| call.trip).max().zip(first).map(|(last, first)| last - first + 1);
    assert_eq!(trips, Some(2), "{calls:?}");
}

#[tokio::test]
async fn what_a_prescription_says_too_much_of_is_held() {
    let shop = Shop::open().await;
    for (number, product, directions, days, detail) in [
        (1, "amlodipine 10 mg rx", Some("2 tablets once daily"), None, "20 mg a day by the directions"),
        (2, "methotrexate 2.5 mg rx", Some("1 tablet daily"), None, "the directions are for every day"),
        (3, "amlodipine 10 mg rx", None, Some(5), "mg a day by the days that a fill lasts"),
        (4, "losartan 25 mg rx", Some("1 tablet twice daily for 7 days"), Some(30), "the directions are for 7 days"),
    ] {
        let buyer = Buyer { shop: &shop, number };
        let (product, rx) = buyer.wanted(product, Rx::Approved).await;
        let rx = rx.unwrap();
        shop.change_rx(rx, |rx| {
            rx.lines[0].directions = directions.map(str::to_owned);
            rx.lines[0].days_supply = days;
        })
        .await;
        let order = buyer.orders(&[(product, Some(rx))]).await;
        assert_eq!(order.status, 201, "{}", order.text);
        let found = screening_holds(&order.body);
        let told = found.iter().any(|hold| hold["detail"].as_str().unwrap().contains(detail));
        assert!(told, "{detail}: {}", order.text);
        assert_eq!(shop.transition(id(&order), "verified").await.code(), "dispensing_refused");
    }
    let buyer = Buyer { shop: &shop, number: 5 };
    let (product, rx) = buyer.wanted("amlodipine 5 mg rx", Rx::Approved).await;
    shop.change_rx(rx.unwrap(), |rx| rx.lines[0].directions = Some("1 tablet once daily".to_owned())).await;
    let order = buyer.orders(&[(product, rx)]).await;
    assert_eq!((order.status, &order.body["holds"]), (201, &json!([])), "{}", order.text);
}

/// Resolves the one hold of an order as one that was looked up.
async fn looks_up(shop: &Shop, order: &Answer) -> Answer {
    let hold = screening_holds(&order.body)[0]["id"].as_str().unwrap().to_owned();
    let body = json!({"decision": "override", "reason_code": "substance_checked", "reason": "Not in this product."});
    shop.resolve_with(8, id(order), &hold, body).await
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_looked_up_once_for_a_product_until_its_record_changes() {
    let (shop, _cloud) = Shop::counted().await;
    let buyer = Buyer { shop: &shop, number: 1 };
    let allergy = json!({"substance": "peanut", "severity": "severe", "certainty": "confirmed"});
    let record = buyer.records("allergies", None, allergy).await;
    buyer.records("medications", None, json!({"substance": "moonshine"})).await;
    let (loratadine, cetirizine) = (
        buyer.wanted("loratadine 10 mg", Rx::Approved).await,
        buyer.wanted("cetirizine hydrochloride 10 mg", Rx::Approved).await,
    );
    let holds = |order: &Answer| screening_holds(&order.body).len();
    let both = async |products: &[_]| {
        shop.world.clock.advance(Duration::from_hours(24 * 40));
        let order = buyer.orders(products).await;
        assert_eq!(order.status, 201, "{}", order.text);
        order
    };
    let again = async |product| both(&[product]).await;
    let first = again(loratadine).await;
    assert_eq!(holds(&first), 2, "{}", first.text);
    // Passing over it for another reason is about this order alone.
    let hold = hold_id("unmapped:peanut");
    assert_eq!(shop.resolve(8, id(&first), &hold, "override").await.status, 200);
    let second = again(loratadine).await;
    assert_eq!(holds(&second), 2, "{}", second.text);
    assert_eq!(looks_up(&shop, &second).await.status, 200);
    let second = shop.get_order(1, id(&second)).await;
    assert_eq!(looks_up(&shop, &second).await.status, 200);
    for to in ["verified", "packed"] {
        assert_eq!(shop.transition(id(&second), to).await.status, 200);
    }
    // It is told, and holds the same product no more; another product it does.
    let third = again(loratadine).await;
    assert_eq!(holds(&third), 0, "{}", third.text);
    let told = third.body["screening"]["findings"].as_array().unwrap();
    assert!(told.iter().any(|one| one["detail"].as_str().unwrap().contains("has looked it up")), "{}", third.text);
    assert_eq!(holds(&again(cetirizine).await), 2);
    assert_eq!(holds(&both(&[loratadine, cetirizine]).await), 2, "one of two was not looked up");
    // Whatever changes of the record is to be looked at again.
    let update = registry::ENDPOINTS.iter().find(|one| one.name() == "records-update").unwrap().endpoint;
    let (route, at) = (("PATCH", "/v1/records/x/y"), [("kind", "allergies"), ("id", record.as_str())]);
    let change = Some(json!({"reaction": "swollen throat"}));
    assert_eq!(shop.as_customer(1, update, route, &at, &[], change).await.status, 200);
    let fourth = again(loratadine).await;
    assert_eq!(screening_holds(&fourth.body)[0]["id"], json!(hold_id("unmapped:peanut")));
    assert_eq!(holds(&fourth), 1, "the other record is as it was: {}", fourth.text);
    // What was looked up is in a copy, and goes with all else.
    let records = shop.world.app.records().unwrap();
    let patients = shop.world.app.patients().list(&user(1)).await.unwrap();
    let held = serde_json::to_value(records.held(&patients).await.unwrap()).unwrap();
    assert_eq!(held[0]["looked_up"].as_array().map(Vec::len), Some(2), "{held}");
    records.forget(&patients).await.unwrap();
    assert!(records.held(&patients).await.unwrap().is_empty());
}
