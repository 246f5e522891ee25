//! The dispensing gate on an embedded DynamoDB: what a customer has agreed to and a pharmacist approved is a medicine, and
//! the cart, the preview, the order and the pharmacy judge it alike.

use std::time::Duration;

use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::catalog::product::Medicine;
use shared::platform::clock::Date;
use shared::prescriptions::Status as Rx;
use support::{Answer, PLAIN, medicine};

use super::Shop;

/// The codes of the problems of an answer, and of what of the medicine has changed.
fn problems(body: &Value) -> Vec<(String, Value)> {
    let all = body["problems"].as_array().unwrap();
    all.iter().map(|one| (one["code"].as_str().unwrap().to_owned(), one["changed"].clone())).collect()
}

fn one_problem(code: &str, changed: Value) -> Vec<(String, Value)> {
    vec![(code.to_owned(), changed)]
}

#[tokio::test]
async fn a_medicine_that_changes_in_the_cart_is_shown_and_not_sold_until_it_is_put_in_again() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    for changed in [
        (medicine(PLAIN, "5 g", LegalStatus::Otc), "ingredients"),
        (Medicine { dosage_form: "suppository".to_owned(), ..medicine(PLAIN, "5 g", LegalStatus::Otc) }, "dosage_form"),
        (Medicine { route: "rectal".to_owned(), ..medicine(PLAIN, "5 g", LegalStatus::Otc) }, "route"),
        (Medicine { pack_size: "99".to_owned(), ..medicine(PLAIN, "5 g", LegalStatus::Otc) }, "pack_size"),
    ] {
        let (medicine, part) = changed;
        if part != "ingredients" {
            shop.alter(product, &super::medicine(PLAIN, "5 g", LegalStatus::Otc)).await;
        }
        shop.put(1, product, 1).await;
        shop.alter(product, &medicine).await;
        let expected = one_problem("medicine_changed", json!([part]));
        let cart = shop.cart(1).await;
        assert_eq!(problems(&cart.body["items"][0]), expected);
        assert_eq!(problems(&shop.preview(1, &[]).await.body), expected);
        let refused = shop.order(1, part, &[]).await;
        assert_eq!((refused.code(), problems(&refused.body)), ("checkout_problems", expected));
        assert_eq!(refused.body["problems"][0]["product_id"], product.to_string());
        assert!(refused.body["problems"][0]["detail"].as_str().unwrap().contains(&medicine.name));
    }
    assert_eq!(shop.stock(product).await, (10, 0, 0));
    assert_eq!(shop.put(1, product, 1).await.body["items"][0]["problems"], json!([]));
    assert_eq!(shop.order(1, "again", &[]).await.status, 201, "putting it in again accepts it");
}

#[tokio::test]
async fn a_medicine_that_changes_is_not_the_one_that_was_approved() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Prescription).await;
    let rx = shop.prescription(1, Rx::Approved, product, 3).await;
    shop.alter(product, &medicine(PLAIN, "10 g", LegalStatus::Prescription)).await;
    shop.put(1, product, 1).await;
    for answer in [shop.preview(1, &[rx]).await, shop.order(1, "key", &[rx]).await] {
        assert_eq!(problems(&answer.body), one_problem("prescription_insufficient", Value::Null));
    }
    shop.alter(product, &medicine(PLAIN, "500 mg", LegalStatus::Prescription)).await;
    shop.put(1, product, 1).await;
    assert_eq!(shop.order(1, "other", &[rx]).await.status, 201, "it is what was approved again");
}

#[tokio::test]
async fn a_medicine_that_changes_under_an_order_is_neither_verified_nor_packed() {
    let shop = Shop::open().await;
    for (buyer, status, next) in [(1, "placed", "verified"), (2, "verified", "packed")] {
        let product = shop.product(500, 10, LegalStatus::Prescription).await;
        let rx = shop.prescription(buyer, Rx::Approved, product, 1).await;
        shop.put(buyer, product, 1).await;
        let order = shop.order(buyer, status, &[rx]).await;
        let id = order.body["id"].as_str().unwrap();
        if status == "verified" {
            assert_eq!(shop.transition(id, "verified").await.status, 200);
        }
        let version = shop.get_order(buyer, id).await.body["version"].clone();
        let stronger = medicine(PLAIN, "10 g", LegalStatus::Prescription);
        let controlled = medicine(PLAIN, "500 mg", LegalStatus::Controlled);
        for changed in [&stronger, &controlled] {
            shop.alter(product, changed).await;
            let refused = shop.transition(id, next).await;
            assert_eq!((refused.status, refused.code()), (422, "dispensing_refused"), "{status}: {}", refused.text);
            let seen = shop.get_order(buyer, id).await;
            assert_eq!(seen.body["holds"][0]["next_actor"], "customer", "{}", seen.text);
        }
        assert_eq!(shop.get_order(buyer, id).await.body["version"], version, "nothing was written");
        shop.alter(product, &medicine("DESLORATADINE", "500 mg", LegalStatus::Prescription)).await;
        assert_eq!(shop.get_order(buyer, id).await.body["holds"], json!([]));
        assert_eq!(shop.transition(id, next).await.status, 200, "another spelling is the same medicine");
    }
}

#[tokio::test]
async fn the_fill_of_an_ingredient_covers_only_what_is_made_of_it_today() {
    let shop = Shop::open().await;
    for (buyer, status, next) in [(1, "placed", "verified"), (2, "verified", "packed")] {
        let product = shop.product(500, 10, LegalStatus::Prescription).await;
        let rx = shop.prescription(buyer, Rx::Approved, product, 1).await;
        shop.name_ingredient(rx, "desloratadine").await;
        shop.put(buyer, product, 1).await;
        let order = shop.order(buyer, status, &[rx]).await;
        assert_eq!(order.status, 201, "{}", order.text);
        let id = order.body["id"].as_str().unwrap();
        if status == "verified" {
            assert_eq!(shop.transition(id, "verified").await.status, 200);
        }
        shop.relegate(product, LegalStatus::Controlled).await;
        let refused = shop.transition(id, next).await;
        assert_eq!(
            problems(&refused.body),
            one_problem("prescription_insufficient", Value::Null),
            "never by ingredient"
        );
        shop.alter(product, &medicine("Codeine", "500 mg", LegalStatus::Prescription)).await;
        assert_eq!(shop.transition(id, next).await.code(), "dispensing_refused");
        shop.relegate(product, LegalStatus::Otc).await;
        shop.review(rx, Rx::Rejected).await;
        assert_eq!(shop.transition(id, next).await.status, 200, "what is free for sale needs no prescription any more");
    }
}

#[tokio::test]
async fn freer_terms_and_a_mended_spelling_are_no_reason_to_refuse() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Prescription).await;
    shop.put(1, product, 1).await;
    shop.relegate(product, LegalStatus::Otc).await;
    assert_eq!(shop.cart(1).await.body["items"][0]["problems"], json!([]));
    assert_eq!(shop.preview(1, &[]).await.body["problems"], json!([]));
    assert_eq!(shop.order(1, "otc", &[]).await.status, 201, "no prescription is needed today");
    // One whose ingredient was misspelt when it was put in: today's spelling is what the prescription names.
    let misspelt = shop.product(500, 10, LegalStatus::Prescription).await;
    let rx = shop.prescription(1, Rx::Approved, misspelt, 1).await;
    shop.name_ingredient(rx, "desloratadine").await;
    shop.alter(misspelt, &medicine("Desloratadin", "500 mg", LegalStatus::Prescription)).await;
    shop.put(1, misspelt, 1).await;
    shop.alter(misspelt, &medicine(PLAIN, "500 mg", LegalStatus::Prescription)).await;
    let expected = one_problem("medicine_changed", json!(["ingredients"]));
    assert_eq!(problems(&shop.preview(1, &[rx]).await.body), expected, "shown, as the order would be refused");
    assert_eq!(problems(&shop.order(1, "mended", &[rx]).await.body), expected);
    shop.put(1, misspelt, 1).await;
    assert_eq!(shop.preview(1, &[rx]).await.body["problems"], json!([]));
    assert_eq!(shop.order(1, "mended", &[rx]).await.status, 201);
}

#[tokio::test]
async fn preview_and_order_say_the_same() {
    let shop = Shop::open().await;
    let product = shop.product(500, 3, LegalStatus::Otc).await;
    let rx = shop.prescription(1, Rx::Approved, product, 1).await;
    let today = |legal| medicine(PLAIN, "500 mg", legal);
    for (n, legal) in [LegalStatus::Otc, LegalStatus::Prescription, LegalStatus::Controlled].into_iter().enumerate() {
        for (m, units) in [2, 4].into_iter().enumerate() {
            for (k, given) in [vec![], vec![rx]].into_iter().enumerate() {
                shop.alter(product, &today(LegalStatus::Otc)).await;
                shop.put(1, product, units).await;
                shop.alter(product, &today(legal)).await;
                let preview = shop.preview(1, &given).await;
                let order = shop.order(1, &format!("key-{n}-{m}-{k}"), &given).await;
                let refused = if order.status == 201 { json!([]) } else { order.body["problems"].clone() };
                assert_eq!(preview.body["problems"], refused, "{legal:?} {units} {given:?}");
                if order.status == 201 {
                    shop.cancel(1, order.body["id"].as_str().unwrap()).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn an_offer_from_before_offers_said_which_medicine_it_is_is_shown_as_changed_once() {
    let shop = Shop::open().await;
    let product = shop.managed_product(LegalStatus::Otc).await;
    shop.forget_fingerprint(product).await;
    shop.put_unmarked(1, product).await;
    let refused = shop.order(1, "key", &[]).await;
    assert_eq!(problems(&refused.body), one_problem("medicine_changed", Value::Null), "{}", refused.text);
    let cart = shop.put(1, product, 1).await;
    assert_eq!(cart.body["items"][0]["problems"], json!([]), "today's is made of the product");
    assert_eq!(shop.order(1, "key", &[]).await.status, 201);
}

#[tokio::test]
async fn an_order_that_cannot_be_verified_says_so() {
    let shop = Shop::open().await;
    let (wanted, other) =
        (shop.product(100, 9, LegalStatus::Prescription).await, shop.product(100, 9, LegalStatus::Prescription).await);
    let hold = |answer: &Answer| {
        let hold = answer.body["holds"][0].clone();
        let all = answer.body["holds"].as_array().unwrap().len();
        (all, hold["code"].clone(), hold["next_actor"].clone(), hold["since"].clone())
    };
    let customer = |code: &str, since: &str| (1, json!(code), json!("customer"), json!(since));
    // Approved for another product, and for fewer packs than were ordered.
    for (buyer, key, product, packs) in [(1, "other", other, 1), (3, "fewer", wanted, 3)] {
        let rx = shop.prescription(buyer, Rx::Pending, product, 1).await;
        shop.put(buyer, wanted, packs).await;
        let order = shop.order(buyer, key, &[rx]).await;
        let id = order.body["id"].as_str().unwrap();
        let review = (1, json!("prescription_review"), json!("pharmacy"), json!("2026-11-20T10:00:00.000Z"));
        assert_eq!((hold(&order), hold(&shop.get_order(buyer, id).await)), (review.clone(), review), "{}", order.text);
        shop.review(rx, Rx::Approved).await;
        let seen = shop.get_order(buyer, id).await;
        assert_eq!(hold(&seen), customer("prescription_rejected", "2026-11-20T10:00:00.000Z"), "{key}: {}", seen.text);
        assert_eq!(seen.body["holds"][0]["id"], format!("prescription_rejected.{wanted}"));
        assert_eq!(shop.transition(id, "verified").await.code(), "dispensing_refused");
    }
    // Covered, and then its prescription expires before it is packed.
    let rx = shop.prescription(4, Rx::Approved, wanted, 1).await;
    shop.put(4, wanted, 1).await;
    let order = shop.order(4, "expired", &[rx]).await;
    let id = order.body["id"].as_str().unwrap();
    let verified = shop.transition(id, "verified").await;
    assert_eq!((verified.status, &verified.body["holds"]), (200, &json!([])));
    shop.world.clock.advance(Duration::from_hours(48));
    shop.expire(rx, Date::parse("2026-11-21").unwrap()).await;
    let seen = shop.get_order(4, id).await;
    assert_eq!(hold(&seen), customer("prescription_rejected", "2026-11-22T00:00:00.000Z"), "{}", seen.text);
    // Free for sale when it was placed, and not any more.
    let free = shop.product(100, 9, LegalStatus::Otc).await;
    shop.put(2, free, 1).await;
    let order = shop.order(2, "free", &[]).await;
    let id = order.body["id"].as_str().unwrap();
    assert_eq!(shop.get_order(2, id).await.body["holds"], json!([]));
    shop.relegate(free, LegalStatus::Prescription).await;
    let seen = shop.get_order(2, id).await;
    assert_eq!(hold(&seen), customer("prescription_rejected", "2026-11-22T10:00:00.000Z"), "{}", seen.text);
}

#[tokio::test]
async fn merging_a_guests_cart_is_no_consent_to_another_price() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    shop.put(1, product, 2).await;
    shop.reprice(product, 900).await;
    let merged = shop.merge(1, product, 5).await;
    let line = &merged.body["items"][0];
    assert_eq!(
        (&line["quantity"], &line["problems"][0]["code"]),
        (&json!(5), &json!("price_changed")),
        "{}",
        merged.text
    );
    assert_eq!(shop.order(1, "key", &[]).await.body["problems"][0]["code"], "price_changed");
    assert_eq!(shop.put(1, product, 5).await.body["items"][0]["problems"], json!([]));
    assert_eq!(shop.order(1, "key", &[]).await.status, 201);
}

#[tokio::test]
async fn nobody_verifies_or_packs_what_they_have_ordered() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    // Who works here buys as everybody does.
    shop.put(9, product, 1).await;
    let order = shop.order(9, "key", &[]).await;
    let id = order.body["id"].as_str().unwrap();
    for (to, by_another) in [("verified", 8), ("packed", 8)] {
        let refused = shop.transition(id, to).await;
        assert_eq!((refused.status, refused.code()), (403, "own_order"), "{}", refused.text);
        assert_eq!(shop.transition_by(by_another, id, to).await.status, 200);
    }
    assert_eq!(shop.transition(id, "shipped").await.status, 200, "sending a parcel decides on nothing");
}
