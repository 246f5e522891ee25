//! The catalogue on an embedded DynamoDB: its endpoints, and what holds when many use them at once.

mod store;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::identity::Role;
use shared::platform::dynamo::{Outcome, transact};
use store::{NOWHERE, Store, price};

// ------------------------------------------------------------------- creating

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

// -------------------------------------------------------------------- sellers

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
        store.adjust(Role::Seller, &id, "k", json!({"delta": 1, "reason": "mine"})).await,
    ] {
        assert_eq!((answer.status, answer.code()), (404, "not_found"));
    }
    assert_eq!(store.update(Role::Customer, &id, json!({})).await.status, 403);
}

// ------------------------------------------------------------------- changing

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
    let cached = |answer: &support::Answer| answer.headers["cache-control"].to_str().unwrap().to_owned();
    assert_eq!(cached(&store.get(&id, None).await), "public, max-age=30");
    assert_eq!(cached(&store.get(&id, Some(Role::Customer)).await), "public, max-age=30");
    assert_eq!(cached(&store.get(&id, Some(Role::PharmacyAdmin)).await), "no-store");
}

#[tokio::test]
async fn nothing_is_reserved_on_terms_that_have_changed() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    store.adjust(Role::PharmacyAdmin, &id, "k", json!({"delta": 10, "reason": "delivery"})).await;
    let seen = store.stock(&id).await.offer;
    let reserve = || store.stock.reserve(&seen, 1).unwrap();
    assert!(matches!(transact(&store.world.dynamo, vec![reserve()]).await.unwrap(), Outcome::Done));
    store.update(Role::PharmacyAdmin, &id, json!({"price": price(999)})).await;
    let Outcome::Refused(refusals) = transact(&store.world.dynamo, vec![reserve()]).await.unwrap() else {
        panic!("sold at the old price");
    };
    let current = shared::catalog::StockStore::from_item(refusals[0].current.clone().unwrap()).unwrap();
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
    store.adjust(Role::PharmacyAdmin, &id, "all", json!({"delta": 100, "reason": "delivery"})).await;
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
    let ((), bought) = futures_util::future::join(repricing, buying).await;
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

// ---------------------------------------------------------------------- stock

#[tokio::test]
async fn fifty_repetitions_of_an_adjustment_adjust_once() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let delivery = json!({"delta": 7, "reason": "delivery"});
    let answers = join_all((0..50).map(|_| async {
        loop {
            let answer = store.adjust(Role::PharmacyAdmin, &id, "delivery-1", delivery.clone()).await;
            // Fifty at once may be told to try again, which is what a client does.
            if answer.status != 503 {
                return answer;
            }
        }
    }))
    .await;
    let expected = json!({"on_hand": 7, "reserved": 0, "available": 7, "version": 2});
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == expected), "{answers:?}");
    let first = answers.iter().filter(|answer| !answer.headers.contains_key("idempotency-replayed")).count();
    assert_eq!((first, store.stock(&id).await.available, store.movements(&id).await), (1, 7, vec![7]));
    let other = store.adjust(Role::PharmacyAdmin, &id, "delivery-1", json!({"delta": 8, "reason": "delivery"})).await;
    assert_eq!((other.status, other.code()), (422, "idempotency_key_reused"));
}

#[tokio::test]
async fn adjustments_at_once_add_up() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    join_all((0..12).map(|n| {
        let (store, id) = (&store, &id);
        async move {
            let body = json!({"delta": n + 1, "reason": "count"});
            while store.adjust(Role::PharmacyAdmin, id, &format!("k{n}"), body.clone()).await.status == 503 {}
        }
    }))
    .await;
    let mut movements = store.movements(&id).await;
    movements.sort_unstable();
    assert_eq!(movements, (1..=12).collect::<Vec<_>>());
    assert_eq!(store.stock(&id).await.available, movements.iter().sum::<i64>());
}

#[tokio::test]
async fn what_is_not_there_cannot_be_taken_away() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    store.adjust(Role::PharmacyAdmin, &id, "in", json!({"delta": 3, "reason": "delivery"})).await;
    let answer = store.adjust(Role::PharmacyAdmin, &id, "out", json!({"delta": -4, "reason": "broken"})).await;
    assert_eq!((answer.status, answer.code()), (409, "insufficient_stock"));
    assert_eq!(answer.body["problems"][0]["available"], 3);
    // A refusal is no answer to keep: the same request succeeds when there is enough.
    store.adjust(Role::PharmacyAdmin, &id, "more", json!({"delta": 1, "reason": "delivery"})).await;
    let answer = store.adjust(Role::PharmacyAdmin, &id, "out", json!({"delta": -4, "reason": "broken"})).await;
    assert_eq!((answer.status, &answer.body["available"]), (200, &json!(0)));
}

#[tokio::test]
async fn an_adjustment_needs_its_key_and_its_fields() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let body = json!({"delta": 0, "reason": ""});
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "k", body.clone()).await.fields(), ["delta", "reason"]);
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "", body).await.code(), "idempotency_key_required");
    let gone = store.adjust(Role::PharmacyAdmin, NOWHERE, "k", json!({"delta": 1, "reason": "x"})).await;
    assert_eq!(gone.status, 404);
}

// --------------------------------------------------------------- availability

#[tokio::test]
async fn late_news_of_the_stock_never_undoes_later_news() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let availability = || async { store.get(&id, None).await.body["availability"].clone() };
    assert_eq!(availability().await, "out");
    store.news(&[(&id, 0, 9, 2)]).await;
    assert_eq!(availability().await, "in_stock");
    store.news(&[(&id, 1, 0, 8), (&id, 9, 3, 5)]).await;
    assert_eq!(availability().await, "out");
    store.news(&[(&id, 0, 9, 2)]).await;
    assert_eq!(availability().await, "out");
    store.news(&[(&id, 0, 4, 9), (&id, 4, 3, 10)]).await;
    assert_eq!(availability().await, "low");
}

#[tokio::test]
async fn a_record_that_fails_is_named_and_what_came_before_it_is_done() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let answer = store.news(&[(&id, 0, 9, 2), ("no-product", 0, 9, 2), (&id, 9, 0, 3)]).await;
    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "1"}]}));
    assert_eq!(store.get(&id, None).await.body["availability"], "in_stock");
    // Of a product that is not there, there is nothing to tell.
    assert_eq!(store.news(&[(NOWHERE, 0, 9, 2)]).await, json!({"batchItemFailures": []}));
}

#[tokio::test]
async fn news_of_the_stock_and_a_change_of_the_product_both_last() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    for round in 0..5 {
        let (before, after) = if round % 2 == 0 { (0, 9) } else { (9, 0) };
        let version = round + 2;
        let news = [(id.as_str(), before, after, version)];
        let told = store.news(&news);
        let changed = store.update(Role::PharmacyAdmin, &id, json!({"price": price(100 + version)}));
        let (_, changed) = futures_util::future::join(told, changed).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let product = store.get(&id, Some(Role::PharmacyAdmin)).await.body;
        assert_eq!(product["availability"], if after == 9 { "in_stock" } else { "out" });
        assert_eq!(product["price"]["amount"], 100 + version);
    }
}

// ---------------------------------------------------------------------- lists

#[tokio::test]
async fn the_shelf_follows_the_table() {
    let store = Store::open().await;
    assert_eq!(store.names("").await, Vec::<String>::new());
    let zinc = store.product(json!({"name": "Zinc"})).await;
    store.product(json!({"name": "Iron"})).await;
    store.create(Role::Seller, json!({"name": "A draft"})).await;
    assert_eq!(store.names("").await, Vec::<String>::new(), "within two seconds the shelf may be old");
    store.wait(3);
    assert_eq!(store.names("").await, ["Iron", "Zinc"]);
    store.update(Role::PharmacyAdmin, &zinc, json!({"name": "Argentum"})).await;
    store.news(&[(&zinc, 0, 9, 2)]).await;
    store.wait(3);
    assert_eq!(store.names("").await, ["Argentum", "Iron"]);
    assert_eq!(store.names("?in_stock=true").await, ["Argentum"]);
    store.retire(Role::PharmacyAdmin, &zinc).await;
    store.wait(3);
    assert_eq!(store.names("").await, ["Iron"]);
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_counted() {
    let store = Store::open().await;
    store.category("skin", None).await;
    store.category("acne", Some("skin")).await;
    store.product(json!({"name": "Zinc cream", "category_id": "skin", "brand": "Acme", "price": price(300)})).await;
    store.product(json!({"name": "Zinc gel", "category_id": "acne", "brand": "ACME", "price": price(100)})).await;
    store.product(json!({"name": "Iron", "legal_status": "prescription", "price": price(200)})).await;
    assert_eq!(store.names("?category=skin").await, ["Zinc cream", "Zinc gel"]);
    assert_eq!(store.names("?category=acne").await, ["Zinc gel"]);
    assert_eq!(store.names("?category=nowhere").await, Vec::<String>::new());
    assert_eq!(store.names("?brand=acme&sort=price").await, ["Zinc gel", "Zinc cream"]);
    assert_eq!(store.names("?prescription_required=true").await, ["Iron"]);
    assert_eq!(store.names("?min_price=200&max_price=300&sort=-price").await, ["Zinc cream", "Iron"]);
    assert_eq!(store.names("?query=ZINC+cr").await, ["Zinc cream"]);
    assert_eq!(store.names("?query=").await.len(), 3);
    let page = store.list("?query=zinc&limit=1").await;
    assert_eq!(page.body["facets"]["brands"], json!([{"value": "ACME", "count": 2}]));
    assert_eq!(page.body["facets"]["prescription_required"], json!({"true": 0, "false": 2}));
    assert_eq!(store.list("").await.body.get("facets"), None);
}

#[tokio::test]
async fn pages_together_are_the_list() {
    let store = Store::open().await;
    for n in 0..7 {
        store.product(json!({"name": format!("Product {n}"), "price": price(100 + n % 2)})).await;
        // Products of the same price come in the order of their ids, which is that of time.
        store.wait(1);
    }
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = store.list(&format!("?sort=price&limit=3{cursor}")).await;
        names.extend(page.body["items"].as_array().unwrap().iter().map(|card| card["name"].clone()));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        assert_eq!(store.list(&format!("?sort=name&limit=3{cursor}")).await.fields(), ["cursor"], "of another list");
    }
    assert_eq!(names, ["Product 0", "Product 2", "Product 4", "Product 6", "Product 1", "Product 3", "Product 5"]);
    let wrong = store.list("?sort=best&min_price=-1&in_stock=maybe&limit=0&category=A+B").await;
    assert_eq!(wrong.fields(), ["category", "in_stock", "min_price", "sort", "limit"]);
}

#[tokio::test]
async fn brands_and_ingredients_are_counted_and_paged() {
    let store = Store::open().await;
    for brand in ["Zeta", "Acme", "acme"] {
        let ingredients = json!([{"name": "zinc", "strength": "1 mg"}, {"name": brand, "strength": "1 mg"}]);
        store.product(json!({"brand": brand, "ingredients": ingredients})).await;
    }
    let first = store.names_page(true, "?limit=1").await;
    assert_eq!(first.body["items"], json!([{"name": "Acme", "count": 2}]));
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = store.names_page(true, &format!("?limit=1&cursor={cursor}")).await;
    assert_eq!(second.body, json!({"items": [{"name": "Zeta", "count": 1}], "next_cursor": null}));
    assert_eq!(store.names_page(false, &format!("?cursor={cursor}")).await.fields(), ["cursor"]);
    let ingredients = store.names_page(false, "").await.body;
    assert_eq!(ingredients["items"][2], json!({"name": "zinc", "count": 3}));
}

// ----------------------------------------------------------------- categories

#[tokio::test]
async fn categories_are_a_tree_in_their_order() {
    let store = Store::open().await;
    let skin = store.put_category("skin", json!({"name": "Skin", "position": 2})).await;
    assert_eq!((skin.status, &skin.body["version"]), (201, &json!(1)));
    store.put_category("acne", json!({"name": "Acne", "parent_id": "skin"})).await;
    let same = store.put_category("skin", json!({"name": "Skin", "position": 2})).await;
    assert_eq!((same.status, &same.body["version"]), (200, &json!(1)));
    let moved = store.put_category("skin", json!({"name": "Skin and hair", "position": 0})).await;
    assert_eq!((moved.status, &moved.body["version"]), (200, &json!(2)));
    store.put_category("pain", json!({"name": "Pain", "position": 1})).await;
    let tree = store.tree().await;
    assert_eq!(tree["items"][0]["name"], "Skin and hair");
    assert_eq!(tree["items"][0]["children"][0]["id"], "acne");
    assert_eq!(tree["items"][0]["children"][0]["parent_id"], "skin");
    assert_eq!(tree["items"][1]["id"], "pain");
    let cycle = store.put_category("skin", json!({"name": "Skin", "parent_id": "acne"})).await;
    assert_eq!((cycle.status, cycle.fields()), (400, vec!["parent_id"]));
    assert_eq!(store.put_category("No Slug", json!({"name": "x"})).await.fields(), ["id"]);
}

#[tokio::test]
async fn a_category_in_use_stays() {
    let store = Store::open().await;
    store.category("skin", None).await;
    store.category("acne", Some("skin")).await;
    let id = store.product(json!({"category_id": "acne"})).await;
    assert_eq!(store.remove_category("skin").await.code(), "category_in_use");
    assert_eq!(store.remove_category("acne").await.code(), "category_in_use");
    store.update(Role::PharmacyAdmin, &id, json!({"category_id": "pain"})).await;
    assert_eq!(store.remove_category("acne").await.status, 204);
    assert_eq!(store.remove_category("acne").await.status, 404);
    assert_eq!(store.remove_category("pain").await.code(), "category_in_use");
    store.retire(Role::PharmacyAdmin, &id).await;
    assert_eq!(store.remove_category("pain").await.status, 204);
    let back = store.update(Role::PharmacyAdmin, &id, json!({"status": "active"})).await;
    assert_eq!((back.status, back.fields()), (400, vec!["category_id"]));
    let back = store.update(Role::PharmacyAdmin, &id, json!({"status": "active", "category_id": "skin"})).await;
    assert_eq!(back.status, 200, "{}", back.text);
    assert_eq!(store.remove_category("skin").await.code(), "category_in_use");
}

#[tokio::test]
async fn no_product_is_left_in_a_category_that_is_removed_at_the_same_time() {
    let store = Store::open().await;
    for round in 0..10 {
        let category = format!("c{round}");
        store.category(&category, None).await;
        let creating = store.create(Role::PharmacyAdmin, json!({"category_id": category}));
        let (created, removed) = futures_util::future::join(creating, store.remove_category(&category)).await;
        let outcome = (created.status, removed.status);
        assert!(matches!(outcome, (201, 409) | (400, 204)), "{outcome:?} {} {}", created.text, removed.text);
    }
}

#[tokio::test]
async fn two_moves_at_once_make_no_circle() {
    let store = Store::open().await;
    for round in 0..10 {
        let (a, b) = (format!("a{round}"), format!("b{round}"));
        store.category(&a, None).await;
        store.category(&b, None).await;
        let below = |parent: &str| json!({"name": "x", "parent_id": parent});
        let moves = [store.put_category(&a, below(&b)), store.put_category(&b, below(&a))];
        let mut statuses: Vec<_> = join_all(moves).await.into_iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
    }
}
