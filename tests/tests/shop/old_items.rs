//! Items as they were written before there were patients, lots, payments online and screening, whole and word for word: they are
//! read as they are, nobody migrates them, and they belong to who owned them.

use serde_json::{Value, json};
use shared::catalog::{Fingerprint, LegalStatus};
use shared::identity::Role;
use shared::patients::of_owner;
use shared::platform::dynamo::{Key, to_item};
use shared::platform::ids::{PrescriptionId, ProductId};
use support::cloud::Cloud;
use support::{Answer, PLAIN, medicine, user};

use crate::screening::Buyer;
use crate::shop::Shop;

const ORDER: &str = include_str!("old/order.json");
const PRESCRIPTION: &str = include_str!("old/prescription.json");
const PRODUCT: &str = include_str!("old/product.json");
const STOCK: &str = include_str!("old/stock.json");

/// What is called what in them.
const ORDER_ID: &str = "ord_01M7W4N5E0000000000000000A";
const PRESCRIPTION_ID: &str = "rx_01M7W2Y7M0000000000000000B";
const PRODUCT_ID: &str = "prd_01M6B5CJM0000000000000000C";

/// What items said of which medicine they are about, once they did.
const MARKS: [&str; 2] = ["fp", "fingerprint"];

/// A shop whose tables hold the old items alone, `marked` as they were once they said which medicine they are about.
async fn inherited(marked: bool) -> (Shop, Cloud) {
    let (shop, cloud) = Box::pin(Shop::counted()).await;
    cloud.pool().add("anna@example.org", "local-only-apothecary", &[Role::Customer], "CONFIRMED");
    shop.born(1, "1990-02-28").await;
    let mark = Fingerprint::of(&medicine(PLAIN, "500 mg", LegalStatus::Prescription));
    let mark = serde_json::to_value(&mark).unwrap();
    for (table, key, item) in [
        ("orders", Key::new(format!("ORDER#{ORDER_ID}"), "ORDER"), ORDER),
        ("prescriptions", Key::new(format!("RX#{PRESCRIPTION_ID}"), "RX"), PRESCRIPTION),
        ("catalog", Key::new(format!("PRODUCT#{PRODUCT_ID}"), "PRODUCT"), PRODUCT),
        ("catalog", Key::new(format!("PRODUCT#{PRODUCT_ID}"), "STOCK"), STOCK),
    ] {
        let text = item.replace("${FINGERPRINT}", mark.as_str().unwrap());
        let mut item: Value = serde_json::from_str(&text).unwrap();
        if !marked {
            forget_marks(&mut item);
        }
        let item = to_item(&key, item).unwrap();
        shop.world.dynamo.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
    }
    (shop, cloud)
}

fn forget_marks(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !MARKS.contains(&name.as_str()));
            members.values_mut().for_each(forget_marks);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_marks),
        _ => {}
    }
}

fn product() -> ProductId {
    ProductId::parse(PRODUCT_ID).unwrap()
}

/// The owner sees a prescription.
async fn seen(shop: &Shop) -> Value {
    let (route, at) = (("GET", "/v1/prescriptions/x"), [("id", PRESCRIPTION_ID)]);
    shop.as_customer(1, &prescriptions_get::ENDPOINT, route, &at, &[], None).await.expect(200).body
}

async fn copied(shop: &Shop) -> Answer {
    let copy = shop.as_customer(1, &profile_export::ENDPOINT, ("GET", "/v1/profile/export"), &[], &[], None).await;
    copy.expect(200)
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn old_orders_and_prescriptions_are_shown_as_their_owners() {
    for marked in [true, false] {
        let (shop, _cloud) = inherited(marked).await;
        let own = json!(of_owner(&user(1)));
        let order = shop.get_order(1, ORDER_ID).await.expect(200).body;
        let item = &order["items"][0];
        assert_eq!((&order["status"], &order["payment"]["status"]), (&json!("placed"), &json!("pending")), "{order}");
        assert_eq!((&item["patient_id"], &item["prescription_id"]), (&own, &json!(PRESCRIPTION_ID)), "{order}");
        assert_eq!((&order["note"], &order["totals"]["total"]["amount"]), (&json!("Ring twice."), &json!(1499)));
        assert_eq!(shop.walk(&user(1), Role::Customer, "").await, [ORDER_ID]);
        assert_eq!(shop.walk(&user(9), Role::PharmacyAdmin, "&status=placed").await, [ORDER_ID]);
        assert!(shop.walk(&user(2), Role::Customer, "").await.is_empty());
        let prescription = seen(&shop).await;
        assert_eq!((&prescription["status"], &prescription["patient_id"]), (&json!("approved"), &own));
        assert_eq!(prescription["items"][0]["fills"], json!({"allowed": 3, "used": 1, "left": 2}), "{prescription}");
        let copy = copied(&shop).await.body;
        assert_eq!((ids(&copy["orders"]), ids(&copy["prescriptions"])), (vec![ORDER_ID], vec![PRESCRIPTION_ID]));
        assert_eq!(copy["orders"][0]["items"][0]["patient_id"], own, "{}", copy["orders"]);
    }
}

#[tokio::test]
async fn an_old_order_goes_out_and_an_old_prescription_is_refilled_for_its_owner() {
    let (shop, _cloud) = inherited(true).await;
    for to in ["verified", "packed", "shipped", "delivered"] {
        assert_eq!(shop.transition(ORDER_ID, to).await.expect(200).body["status"], to);
    }
    assert_eq!(shop.stock(product()).await, (8, 0, 2));
    let buyer = Buyer { shop: &shop, number: 1 };
    let address = buyer.lives_somewhere().await;
    let rx = PrescriptionId::parse(PRESCRIPTION_ID).unwrap();
    let again = buyer.refills(rx, &address, "again").await.expect(201).body;
    assert_eq!(again["items"][0]["patient_id"], json!(of_owner(&user(1))), "{again}");
    assert_eq!((shop.stock(product()).await, shop.rx(rx).await.lines[0].fills.len()), ((6, 2, 2), 2));
    assert_eq!(seen(&shop).await["items"][0]["fills"]["left"], 1);
    let copy = copied(&shop).await.body;
    assert_eq!(ids(&copy["orders"]).len(), 2, "{}", copy["orders"]);
}

#[tokio::test]
async fn an_old_order_is_called_off_and_gives_back_once() {
    for marked in [true, false] {
        let (shop, _cloud) = inherited(marked).await;
        for _ in 0..2 {
            let cancelled = shop.cancel(1, ORDER_ID).await.expect(200).body;
            assert_eq!(
                (&cancelled["status"], &cancelled["payment"]["status"]),
                (&json!("cancelled"), &json!("voided"))
            );
            assert_eq!(shop.stock(product()).await, (10, 0, 0));
            assert_eq!(seen(&shop).await["items"][0]["fills"]["used"], 0);
        }
        assert_eq!(shop.walk(&user(1), Role::Customer, "&status=cancelled").await, [ORDER_ID]);
    }
}

#[tokio::test]
async fn what_does_not_say_which_medicine_it_is_about_is_not_dispensed() {
    let (shop, _cloud) = inherited(false).await;
    let refused = shop.transition(ORDER_ID, "verified").await;
    assert_eq!((refused.status, refused.code()), (422, "dispensing_refused"), "{}", refused.text);
    let buyer = Buyer { shop: &shop, number: 1 };
    let address = buyer.lives_somewhere().await;
    let rx = PrescriptionId::parse(PRESCRIPTION_ID).unwrap();
    let refused = buyer.refills(rx, &address, "again").await;
    assert_eq!((refused.status, refused.code()), (422, "checkout_problems"), "{}", refused.text);
    assert_eq!(shop.stock(product()).await, (8, 2, 0));
}
