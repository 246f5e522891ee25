//! Creating and changing products: slugs, fields, versions, who may what.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use shared::catalog::StockStore;
use shared::identity::Role;
use shared::platform::dynamo::{Outcome, transact};
use support::Answer;

use crate::store::{Store, price};

#[tokio::test]
async fn of_many_who_choose_a_slug_one_gets_it() {
    let store = Store::open().await;
    let chosen = json!({"slug": "ibuprofen"});
    let answers = join_all((0..8).map(|_| store.create(Role::PharmacyAdmin, chosen.clone()))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| (answer.status, answer.code().to_owned())).collect();
    statuses.sort();
    assert_eq!(statuses[0], (201, String::new()));
    assert!(statuses[1..].iter().all(|other| *other == (409, "slug_taken".to_owned())), "{statuses:?}");
    let winner = answers.iter().find(|answer| answer.status == 201).unwrap();
    assert_eq!(store.get("ibuprofen", None).await.body["id"], winner.body["id"]);
}

#[tokio::test]
async fn slugs_made_of_the_same_name_are_told_apart() {
    let store = Store::open().await;
    let first = store.create(Role::PharmacyAdmin, json!({})).await;
    let second = store.create(Role::PharmacyAdmin, json!({})).await;
    assert_eq!(first.body["slug"], "ibuprofen-200-mg");
    let slug = second.body["slug"].as_str().unwrap();
    assert!(slug.starts_with("ibuprofen-200-mg-"), "{slug}");
    assert_eq!(store.get(slug, None).await.body["id"], second.body["id"]);
}

#[tokio::test]
async fn every_bad_field_of_a_product_is_named() {
    let store = Store::open().await;
    let bad = json!({
        "slug": "Not A Slug", "name": "", "brand": 7, "ingredients": [{"name": "x"}], "dosage_form": "x".repeat(61),
        "route": null, "category_id": "", "description": "\u{0}", "price": {"amount": -1, "currency": "EUR"},
        "legal_status": "free", "status": "retired", "version": 3,
    });
    let answer = store.create(Role::PharmacyAdmin, bad).await;
    let named = answer.fields();
    let expected = [
        "version",
        "slug",
        "name",
        "brand",
        "ingredients[0].strength",
        "dosage_form",
        "route",
        "category_id",
        "description",
        "price.amount",
        "price.currency",
        "legal_status",
        "status",
    ];
    assert_eq!((answer.status, named), (400, expected.to_vec()), "{}", answer.text);
    let unknown = store.create(Role::PharmacyAdmin, json!({"category_id": "nowhere"})).await;
    assert_eq!((unknown.status, unknown.fields()), (400, vec!["category_id"]));
}

#[tokio::test]
async fn a_sellers_product_is_sold_when_the_staff_has_seen_it() {
    let store = Store::open().await;
    let product = store.create(Role::Seller, json!({})).await;
    let id = product.body["id"].as_str().unwrap();
    assert_eq!((product.status, &product.body["status"]), (201, &json!("draft")));
    assert_eq!(store.get(id, None).await.status, 404);
    assert_eq!(store.get(id, Some(Role::Customer)).await.status, 404);
    assert_eq!(store.get(id, Some(Role::Seller)).await.status, 200);
    let active = json!({"status": "active"});
    assert_eq!(store.update(Role::Seller, id, active.clone()).await.code(), "approval_required");
    assert_eq!(store.update(Role::PharmacyAdmin, id, active).await.body["status"], "active");
    assert_eq!(store.get(id, None).await.status, 200);
    assert!(store.stock(id).await.offer.sellable);

    let cheaper = store.update(Role::Seller, id, json!({"price": price(199)})).await;
    assert_eq!((&cheaper.body["status"], &cheaper.body["price"]["amount"]), (&json!("active"), &json!(199)));
    let other = json!({"ingredients": [{"name": "oxycodone", "strength": "80 mg"}]});
    assert_eq!(store.update(Role::Seller, id, other).await.body["status"], "draft");
    assert!(!store.stock(id).await.offer.sellable);
    assert_eq!(store.get(id, None).await.status, 404);
}

#[tokio::test]
async fn anothers_product_is_not_there_to_be_changed() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    for answer in [
        store.update(Role::Seller, &id, json!({"description": "Mine."})).await,
        store.retire(Role::Seller, &id).await,
        store.adjust(Role::Seller, &id, "k", json!({"delta": -1, "reason": "theft"})).await,
    ] {
        assert_eq!((answer.status, answer.code()), (404, "not_found"));
    }
    assert_eq!(store.update(Role::Customer, &id, json!({})).await.status, 403);
}

#[tokio::test]
async fn a_version_that_has_passed_is_not_changed() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let shown = store.get(&id, None).await;
    let tag = shown.headers["etag"].to_str().unwrap();
    assert_eq!(store.get_again(&id, tag).await.status, 304);
    let first = store.update_at(&id, tag, json!({"description": "First."})).await;
    assert_eq!((first.status, &first.body["version"]), (200, &json!(2)));
    let second = store.update_at(&id, tag, json!({"description": "Second."})).await;
    assert_eq!((second.status, second.code()), (412, "version_mismatch"));
    assert_eq!(store.get(&id, None).await.body["description"], "First.");
    let cleared = store.update(Role::PharmacyAdmin, &id, json!({"description": null})).await;
    assert_eq!(cleared.body["description"], Value::Null);
}

#[tokio::test]
async fn what_managers_see_is_stored_nowhere() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let cached = |answer: &Answer| answer.headers["cache-control"].to_str().unwrap().to_owned();
    assert_eq!(cached(&store.get(&id, None).await), "public, max-age=30");
    assert_eq!(cached(&store.get(&id, Some(Role::Customer)).await), "public, max-age=30");
    assert_eq!(cached(&store.get(&id, Some(Role::PharmacyAdmin)).await), "no-store");
}

#[tokio::test]
async fn nothing_is_reserved_on_terms_that_have_changed() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    store.lot(&id, "A1", "2028-01-31", 10).await;
    let seen = store.stock(&id).await.offer;
    let reserve = || store.stock.reserve(&seen, 1).unwrap();
    assert!(matches!(transact(&store.world.dynamo, vec![reserve()]).await.unwrap(), Outcome::Done));
    store.update(Role::PharmacyAdmin, &id, json!({"price": price(999)})).await;
    let Outcome::Refused(refusals) = transact(&store.world.dynamo, vec![reserve()]).await.unwrap() else {
        panic!("sold at the old price");
    };
    let current = StockStore::from_item(refusals[0].current.clone().unwrap()).unwrap();
    assert_eq!((current.offer.price.amount(), current.available, current.reserved), (999, 9, 1));
    store.retire(Role::PharmacyAdmin, &id).await;
    let last = store.stock(&id).await;
    assert!(!last.offer.sellable);
    let refused = transact(&store.world.dynamo, vec![store.stock.reserve(&last.offer, 1).unwrap()]).await.unwrap();
    assert!(matches!(refused, Outcome::Refused(_)));
}

#[tokio::test]
async fn prices_change_while_stock_moves_and_no_unit_is_lost() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    store.lot(&id, "A1", "2028-01-31", 100).await;
    let repricing = async {
        for amount in 100..110 {
            let answer = store.update(Role::PharmacyAdmin, &id, json!({"price": price(amount)})).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    };
    let buying = join_all((0..20).map(|_| async {
        let offer = store.stock(&id).await.offer;
        let outcome = transact(&store.world.dynamo, vec![store.stock.reserve(&offer, 1).unwrap()]).await;
        i64::from(matches!(outcome, Ok(Outcome::Done)))
    }));
    let ((), bought) = join(repricing, buying).await;
    let stock = store.stock(&id).await;
    assert_eq!((stock.reserved, stock.available), (bought.iter().sum(), 100 - bought.iter().sum::<i64>()));
    assert_eq!(stock.offer.price.amount(), 109);
    assert_eq!(store.get(&id, Some(Role::PharmacyAdmin)).await.body["price"]["amount"], 109);
}

#[tokio::test]
async fn a_retired_product_is_gone_and_its_slug_stays_taken() {
    let store = Store::open().await;
    let id = store.product(json!({"slug": "once"})).await;
    assert_eq!(store.retire(Role::PharmacyAdmin, &id).await.status, 204);
    assert_eq!(store.retire(Role::PharmacyAdmin, &id).await.status, 204);
    assert_eq!((store.get("once", None).await.status, store.get(&id, None).await.status), (404, 404));
    assert_eq!(store.get(&id, Some(Role::PharmacyAdmin)).await.body["status"], "retired");
    assert_eq!(store.create(Role::PharmacyAdmin, json!({"slug": "once"})).await.code(), "slug_taken");
}

#[tokio::test]
async fn a_gtin_is_that_of_one_product_of_a_seller_which_is_not_retired() {
    let store = Store::open().await;
    let gtin = "09506000134352";
    let with = |slug: &str| json!({"slug": slug, "gtin": gtin});
    let answers = join_all(["a", "b", "c"].map(|slug| store.create(Role::PharmacyAdmin, with(slug)))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| (answer.status, answer.code().to_owned())).collect();
    statuses.sort();
    let taken = || (409, "gtin_taken".to_owned());
    assert_eq!(statuses, [(201, String::new()), taken(), taken()]);
    let first = answers.iter().find(|answer| answer.status == 201).unwrap().body["id"].as_str().unwrap().to_owned();
    // Who sells the same packs beside the pharmacy has a product of their own, and one.
    assert_eq!(store.create(Role::Seller, with("theirs")).await.status, 201);
    assert_eq!(store.create(Role::Seller, with("theirs-too")).await.code(), "gtin_taken");
    let second = store.product(json!({"slug": "second"})).await;
    let change = async |id: &str, body: Value| store.update(Role::PharmacyAdmin, id, body).await;
    assert_eq!(change(&second, json!({"gtin": gtin})).await.code(), "gtin_taken");
    assert_eq!(change(&second, json!({"description": "New."})).await.status, 200);
    // It passes on when it is taken off, and when what has it is retired; it does not come back with a product.
    assert_eq!(change(&first, json!({"gtin": null})).await.status, 200);
    assert_eq!(change(&second, json!({"gtin": gtin})).await.status, 200);
    assert_eq!(store.retire(Role::PharmacyAdmin, &second).await.status, 204);
    assert_eq!(change(&first, json!({"gtin": gtin})).await.status, 200);
    assert_eq!(change(&second, json!({"status": "draft"})).await.code(), "gtin_taken");
}
