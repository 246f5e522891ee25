//! The dangerous order is impossible: everything that must stop a prescription medicine on its way to a customer.

use e2e::{Answer, Person, Product, Shop, approval, covers, day, eventually, line, rejection};
use serde_json::{Value, json};

/// The one problem of a refused order.
#[track_caller]
fn problem(answer: Answer, code: &str) -> Value {
    let refused = answer.problem(422, code);
    let problems = refused["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{refused}");
    problems[0].clone()
}

/// Somebody with one prescription medicine in the cart.
async fn shopper(shop: &Shop, quantity: u32) -> (Person, Product) {
    let (anna, medicine) = (shop.customer().await, shop.product("prescription", 1250, 20).await);
    anna.fill_cart(&[(&medicine, quantity)]).await;
    (anna, medicine)
}

/// Tries to order, and checks that it is refused with this code and that nothing was taken.
async fn refused(shop: &Shop, anna: &Person, medicine: &Product, prescriptions: &[&str], code: &str) -> Value {
    let problem = problem(anna.place(prescriptions).await, "checkout_problems");
    assert_eq!((&problem["code"], &problem["product_id"]), (&json!(code), &json!(medicine.id)), "{problem}");
    shop.expect_stock(medicine, 20, 0).await;
    problem
}

async fn fills_left(anna: &Person, id: &str) -> (Value, Value) {
    let view = anna.get(&format!("/v1/prescriptions/{id}")).await.body(200);
    (view["status"].clone(), view["items"][0]["fills_left"].clone())
}

#[tokio::test]
async fn no_prescription_medicine_without_a_prescription() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    for legal_status in ["prescription", "controlled"] {
        let (anna, medicine) = (shop.customer().await, shop.product(legal_status, 1250, 20).await);
        anna.fill_cart(&[(&medicine, 1)]).await;
        refused(&shop, &anna, &medicine, &[], "prescription_required").await;
    }
}

#[tokio::test]
async fn anothers_prescription_is_nobodys() {
    covers!("checkout-place-order", "checkout-preview");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let bela = shop.customer().await;
    let theirs = shop.approved_prescription(&bela, &json!([line(&medicine, 1, 1, 0)])).await;
    anna.place(&[&theirs]).await.invalid_field("prescription_ids[0]", "not_found");
    let preview = anna.post("/v1/checkout/preview", &e2e::order_body(&[&theirs])).await;
    preview.invalid_field("prescription_ids[0]", "not_found");
    shop.expect_stock(&medicine, 20, 0).await;
    assert_eq!(fills_left(&bela, &theirs).await, (json!("approved"), json!(1)));
}

#[tokio::test]
async fn a_rejected_prescription_covers_nothing() {
    covers!("checkout-place-order", "prescriptions-review", "orders-get", "orders-transition");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let id = anna.pending_prescription().await;
    let waiting = anna.place(&[&id]).await.body(201);
    shop.review(&id, &rejection()).await;
    let seen = anna.current(&waiting).await;
    assert_eq!(
        (&seen["holds"][0]["code"], &seen["holds"][0]["next_actor"]),
        (&json!("prescription_rejected"), &json!("customer"))
    );
    let stopped = shop.pharmacist().await.transition(&waiting, "verified").await;
    assert_eq!(problem(stopped, "dispensing_refused")["code"], "prescription_insufficient");
    anna.cancel(&waiting).await.expect(200);
    anna.fill_cart(&[(&medicine, 1)]).await;
    refused(&shop, &anna, &medicine, &[&id], "prescription_insufficient").await;
}

#[tokio::test]
async fn a_withdrawn_prescription_covers_nothing() {
    covers!("prescriptions-withdraw", "orders-transition", "checkout-place-order");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let id = shop.approved_prescription(&anna, &json!([line(&medicine, 1, 1, 0)])).await;
    anna.delete(&format!("/v1/prescriptions/{id}")).await.expect(204);
    refused(&shop, &anna, &medicine, &[&id], "prescription_insufficient").await;

    let pending = anna.pending_prescription().await;
    let waiting = anna.place(&[&pending]).await.body(201);
    anna.delete(&format!("/v1/prescriptions/{pending}")).await.expect(204);
    let stopped = shop.pharmacist().await.transition(&waiting, "verified").await;
    assert_eq!(problem(stopped, "dispensing_refused")["code"], "prescription_insufficient");
}

#[tokio::test]
async fn a_prescription_that_is_dispensed_on_cannot_be_taken_back() {
    covers!("prescriptions-withdraw", "orders-cancel");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let id = shop.approved_prescription(&anna, &json!([line(&medicine, 1, 1, 0)])).await;
    let order = anna.place(&[&id]).await.body(201);
    let path = format!("/v1/prescriptions/{id}");
    anna.delete(&path).await.problem(409, "already_used");
    anna.cancel(&order).await.expect(200);
    anna.delete(&path).await.expect(204);
}

#[tokio::test]
async fn a_prescription_covers_what_it_names_and_nothing_else() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let other = shop.product("prescription", 100, 20).await;
    let id = shop.approved_prescription(&anna, &json!([line(&other, 1, 1, 0)])).await;
    refused(&shop, &anna, &medicine, &[&id], "prescription_insufficient").await;
    assert_eq!(fills_left(&anna, &id).await, (json!("approved"), json!(1)));
}

#[tokio::test]
async fn an_ingredient_covers_its_products_but_no_controlled_one() {
    covers!("checkout-place-order", "prescriptions-review");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let items = json!([{"ingredient": medicine.ingredient().to_uppercase(), "quantity": 1, "fills_allowed": 2, "min_days_between": 0}]);
    let id = shop.approved_prescription(&anna, &items).await;
    assert_eq!(anna.place(&[&id]).await.body(201)["items"][0]["prescription_id"], json!(id));

    let controlled = shop.product("controlled", 1250, 20).await;
    let items =
        json!([{"ingredient": controlled.ingredient(), "quantity": 1, "fills_allowed": 1, "min_days_between": 0}]);
    let id = shop.approved_prescription(&anna, &items).await;
    anna.fill_cart(&[(&controlled, 1)]).await;
    refused(&shop, &anna, &controlled, &[&id], "prescription_insufficient").await;
}

#[tokio::test]
async fn no_more_than_prescribed() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 3).await;
    let id = shop.approved_prescription(&anna, &json!([line(&medicine, 2, 1, 0)])).await;
    let problem = refused(&shop, &anna, &medicine, &[&id], "prescription_insufficient").await;
    assert_eq!(problem["available"], 2);
    anna.fill_cart(&[(&medicine, 2)]).await;
    anna.place(&[&id]).await.expect(201);
}

#[tokio::test]
async fn one_fill_is_one_order() {
    covers!("checkout-place-order", "orders-cancel");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let id = shop.approved_prescription(&anna, &json!([line(&medicine, 1, 1, 0)])).await;
    let order = anna.place(&[&id]).await.body(201);
    assert_eq!(fills_left(&anna, &id).await, (json!("spent"), json!(0)));
    anna.fill_cart(&[(&medicine, 1)]).await;
    assert_eq!(problem(anna.place(&[&id]).await, "checkout_problems")["code"], "prescription_insufficient");
    shop.expect_stock(&medicine, 19, 1).await;

    // Cancelling gives the fill back, once.
    for _ in 0..2 {
        anna.cancel(&order).await.expect(200);
        assert_eq!(fills_left(&anna, &id).await, (json!("approved"), json!(1)));
    }
    anna.place(&[&id]).await.expect(201);
    assert_eq!(fills_left(&anna, &id).await, (json!("spent"), json!(0)));
}

#[tokio::test]
async fn a_refill_waits_for_its_day() {
    covers!("checkout-place-order", "prescriptions-get");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let id = shop.approved_prescription(&anna, &json!([line(&medicine, 1, 2, 20)])).await;
    let order = anna.place(&[&id]).await.body(201);
    let filled_on = order["history"][0]["at"].as_str().unwrap()[..10].to_owned();
    let eligible = if filled_on == day(0) { day(20) } else { day(19) };
    anna.fill_cart(&[(&medicine, 1)]).await;
    let early = problem(anna.place(&[&id]).await, "checkout_problems");
    assert_eq!((&early["code"], &early["eligible_on"]), (&json!("too_early"), &json!(eligible)));
    let view = anna.get(&format!("/v1/prescriptions/{id}")).await.body(200);
    assert_eq!(view["items"][0]["eligible_on"], json!(eligible));
    shop.expect_stock(&medicine, 19, 1).await;
}

#[tokio::test]
async fn a_controlled_medicine_is_never_refilled() {
    covers!("prescriptions-review");
    let shop = Shop::open();
    let (anna, medicine) = (shop.customer().await, shop.product("controlled", 1250, 20).await);
    let id = anna.pending_prescription().await;
    let pharmacist = shop.pharmacist().await;
    pharmacist.claim(&id).await.expect(200);
    let twice = approval(&json!([line(&medicine, 1, 2, 0)]));
    pharmacist.review(&id, &twice).await.invalid_field("items[0].fills_allowed", "out_of_range");
    pharmacist.review(&id, &approval(&json!([line(&medicine, 1, 1, 0)]))).await.expect(200);
    anna.order(&[(&medicine, 1)], &[&id]).await;
}

#[tokio::test]
async fn a_medicine_that_becomes_prescription_only_stops_at_the_next_gate() {
    covers!("orders-transition", "catalog-update-product");
    let shop = Shop::open();
    let (anna, pharmacist) = (shop.customer().await, shop.pharmacist().await);
    for states in [&[][..], &["verified"]] {
        let product = shop.product("otc", 450, 5).await;
        let order = anna.order(&[(&product, 1)], &[]).await;
        shop.advance(&order, states).await;
        pharmacist.patch(&product.path(), &json!({"legal_status": "prescription"})).await.expect(200);
        let next = if states.is_empty() { "verified" } else { "packed" };
        let stopped = pharmacist.transition(&order, next).await;
        assert_eq!(problem(stopped, "dispensing_refused")["code"], "prescription_required");
        anna.cancel(&order).await.expect(200);
        shop.expect_stock(&product, 5, 0).await;
    }
}

#[tokio::test]
async fn a_cart_filled_before_a_medicine_became_prescription_only_is_no_way_around() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 20).await);
    anna.fill_cart(&[(&product, 1)]).await;
    shop.pharmacist().await.patch(&product.path(), &json!({"legal_status": "controlled"})).await.expect(200);
    let refused = anna.place(&[]).await.problem(422, "checkout_problems");
    let codes: Vec<_> = refused["problems"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["medicine_changed", "prescription_required"], "{refused}");
    assert_eq!(refused["problems"][0]["changed"], json!(["legal_status"]));
    shop.expect_stock(&product, 20, 0).await;
}

#[tokio::test]
async fn what_changes_under_its_id_is_another_medicine_everywhere() {
    covers!("cart-get", "checkout-preview", "checkout-place-order", "orders-transition", "orders-get");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let pharmacist = shop.pharmacist().await;
    let change = async |body: Value| pharmacist.patch(&medicine.path(), &body).await.expect(200);
    let rx = shop.approved_prescription(&anna, &json!([line(&medicine, 1, 2, 0)])).await;
    let order = anna.place(&[&rx]).await.body(201);
    anna.fill_cart(&[(&medicine, 1)]).await;
    change(json!({"pack_size": "2000 tablets", "route": "rectal"})).await;
    let cart = anna.get("/v1/cart").await.body(200);
    let shown = &cart["items"][0]["problems"][0];
    assert_eq!((&shown["code"], &shown["changed"]), (&json!("medicine_changed"), &json!(["route", "pack_size"])));
    let preview = anna.post("/v1/checkout/preview", &e2e::order_body(&[&rx])).await.body(200);
    let refused = anna.place(&[&rx]).await.problem(422, "checkout_problems");
    assert_eq!(preview["problems"], refused["problems"]);
    // Agreed to as it is now, it is not what was approved.
    anna.fill_cart(&[(&medicine, 1)]).await;
    let refused = anna.place(&[&rx]).await;
    assert_eq!(problem(refused, "checkout_problems")["code"], "prescription_insufficient");
    // Nor is it what was ordered.
    let stopped = pharmacist.transition(&order, "verified").await.problem(422, "dispensing_refused");
    assert_eq!(stopped["problems"][0]["code"], "medicine_changed", "{stopped}");
    let holds = anna.current(&order).await["holds"].clone();
    assert_eq!((&holds[0]["code"], &holds[0]["next_actor"]), (&json!("medicine_changed"), &json!("customer")));
    change(json!({"pack_size": medicine.view["pack_size"], "route": medicine.view["route"]})).await;
    assert_eq!(anna.current(&order).await["holds"], json!([]));
    pharmacist.transition(&order, "verified").await.expect(200);
}

#[tokio::test]
async fn another_word_is_another_ingredient() {
    covers!("prescriptions-review", "checkout-place-order", "catalog-list-products");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let named = |name: &str| {
        let mut body = e2e::product_body("prescription", 900);
        body["ingredients"] = json!([{"name": name, "strength": "1 mg"}]);
        body
    };
    let (retinal, retinol) = ("रेटिनल", "रेटिनोल");
    let other = shop.product_of(named(retinol), 20).await;
    shop.product_of(named(retinal), 20).await;
    let items = json!([{"ingredient": retinal, "quantity": 1, "fills_allowed": 1, "min_days_between": 0}]);
    let rx = shop.approved_prescription(&anna, &items).await;
    let seen = anna.get(&format!("/v1/prescriptions/{rx}")).await.body(200);
    assert_eq!(seen["items"][0]["ingredient"], retinal, "as it was written");
    anna.fill_cart(&[(&other, 1)]).await;
    refused(&shop, &anna, &other, &[&rx], "prescription_insufficient").await;
}

#[tokio::test]
async fn an_order_without_a_prescription_any_more_lets_its_stock_go() {
    covers!("orders-release");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let id = anna.pending_prescription().await;
    let order = anna.place(&[&id]).await.body(201);
    let by_hand = json!({"order": order["id"]});
    assert_eq!(shop.aws.invoke("orders-release", &by_hand).await["released"], 0, "it waits for its review");
    shop.review(&id, &rejection()).await;
    shop.aws.invoke("orders-release", &json!({"source": "aws.events", "detail": {}})).await;
    assert_eq!(anna.current(&order).await["status"], "placed", "the customer has three days");
    assert_eq!(shop.aws.invoke("orders-release", &by_hand).await, json!({"released": 1}));
    let seen = anna.current(&order).await;
    assert_eq!((&seen["status"], &seen["history"][1]["by"]), (&json!("cancelled"), &json!("system")));
    shop.expect_stock(&medicine, 20, 0).await;
    let number = order["number"].as_str().unwrap();
    eventually("a mail that says so", || async {
        let told = shop.aws.messages_to(&anna.email).await;
        told.into_iter().find(|text| text.contains(number) && text.contains("was cancelled"))
    })
    .await;
}

#[tokio::test]
async fn one_line_that_is_not_covered_stops_the_whole_order() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, medicine) = shopper(&shop, 1).await;
    let (free, other) = (shop.product("otc", 100, 20).await, shop.product("prescription", 100, 20).await);
    anna.fill_cart(&[(&free, 1), (&other, 1)]).await;
    let id = shop.approved_prescription(&anna, &json!([line(&medicine, 1, 1, 0)])).await;
    refused(&shop, &anna, &other, &[&id], "prescription_insufficient").await;
    shop.expect_stock(&medicine, 20, 0).await;
    shop.expect_stock(&free, 20, 0).await;
    assert_eq!(fills_left(&anna, &id).await, (json!("approved"), json!(1)));
    let second = shop.approved_prescription(&anna, &json!([line(&other, 1, 1, 0)])).await;
    let order = anna.place(&[&id, &second]).await.body(201);
    let used: Vec<_> = order["items"].as_array().unwrap().iter().map(|line| line["prescription_id"].clone()).collect();
    assert_eq!(used, [json!(id), Value::Null, json!(second)]);
}

#[tokio::test]
async fn what_must_not_be_used_together_waits_for_pharmacists() {
    covers!("orders-resolve-hold", "checkout-place-order", "checkout-preview", "orders-transition");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let named = |legal_status: &str, name: &str| {
        let mut body = e2e::product_body(legal_status, 900);
        body["ingredients"] = json!([{"name": name, "strength": "20 mg"}]);
        body
    };
    // Free for sale, contraindicated: refused.
    let free = [
        shop.product_of(named("otc", "simvastatin"), 20).await,
        shop.product_of(named("otc", "clarithromycin"), 20).await,
    ];
    anna.fill_cart(&[(&free[0], 1), (&free[1], 1)]).await;
    let body = e2e::order_body(&[]);
    let preview = anna.post("/v1/checkout/preview", &body).await.body(200);
    assert_eq!(preview["problems"][0]["code"], "contraindicated", "{preview}");
    assert_eq!(preview["screening"]["findings"][0]["level"], "contraindicated", "{preview}");
    let refused = anna.place(&[]).await.problem(422, "checkout_problems");
    assert_eq!(refused["problems"], preview["problems"]);
    anna.delete("/v1/cart").await.expect(204);

    // Prescribed, not recommended: one pharmacist decides.
    let prescribed = [
        shop.product_of(named("prescription", "warfarin sodium"), 20).await,
        shop.product_of(named("otc", "ibuprofen"), 20).await,
    ];
    let rx = shop.approved_prescription(&anna, &json!([line(&prescribed[0], 1, 1, 0)])).await;
    let order = anna.order(&[(&prescribed[0], 1), (&prescribed[1], 1)], &[&rx]).await;
    let hold = order["holds"][0].clone();
    assert_eq!((&hold["code"], &hold["next_actor"]), (&json!("screening"), &json!("pharmacy")), "{order}");
    let pharmacist = shop.pharmacist().await;
    let stopped = pharmacist.transition(&order, "verified").await.problem(422, "dispensing_refused");
    assert_eq!(stopped["problems"][0]["code"], "screening", "{stopped}");
    let path = format!("/v1/orders/{}/holds/{}/resolve", order["id"].as_str().unwrap(), hold["id"].as_str().unwrap());
    let decision =
        json!({"decision": "override", "reason_code": "prescriber_consulted", "reason": "For three days only."});
    anna.post(&path, &decision).await.problem(403, "forbidden");
    let resolved = pharmacist.post(&path, &decision).await.body(200);
    assert_eq!(resolved["holds"], json!([]), "{resolved}");
    shop.advance(&order, &["verified", "packed"]).await;
}

#[tokio::test]
async fn what_is_on_record_about_a_patient_waits_for_a_pharmacist() {
    covers!("records-add", "orders-resolve-hold", "checkout-place-order", "orders-get", "orders-transition");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let allergy = json!({"substance": "penicillin", "reaction": "hives", "severity": "mild", "certainty": "confirmed"});
    anna.post("/v1/records/allergies", &allergy).await.expect(201);
    let mut body = e2e::product_body("prescription", 900);
    body["ingredients"] = json!([{"name": "amoxicillin", "strength": "500 mg"}]);
    let amoxicillin = shop.product_of(body, 20).await;
    let rx = shop.approved_prescription(&anna, &json!([line(&amoxicillin, 1, 1, 0)])).await;
    let order = anna.order(&[(&amoxicillin, 1)], &[&rx]).await;
    let finding = &order["screening"]["findings"][0];
    assert_eq!((&finding["kind"], &finding["consequence"]), (&json!("allergy"), &json!("hold")), "{order}");
    let hold = order["holds"][0].clone();
    assert_eq!((&hold["code"], &hold["next_actor"]), (&json!("screening"), &json!("pharmacy")), "{order}");
    let pharmacist = shop.pharmacist().await;
    let stopped = pharmacist.transition(&order, "verified").await.problem(422, "dispensing_refused");
    assert_eq!(stopped["problems"][0]["code"], "screening", "{stopped}");
    assert_eq!(anna.current(&order).await["holds"][0]["id"], hold["id"]);
    let path = format!("/v1/orders/{}/holds/{}/resolve", order["id"].as_str().unwrap(), hold["id"].as_str().unwrap());
    let decision =
        json!({"decision": "override", "reason_code": "record_is_wrong", "reason": "It was a rash of measles."});
    let resolved = pharmacist.post(&path, &decision).await.body(200);
    assert_eq!(resolved["holds"], json!([]), "{resolved}");
    shop.advance(&order, &["verified", "packed"]).await;
    // The next one is held again: a decision is about one order.
    let severe = json!({"substance": "amoxicillin", "severity": "severe", "certainty": "confirmed"});
    anna.post("/v1/records/allergies", &severe).await.expect(201);
    let another = shop.approved_prescription(&anna, &json!([line(&amoxicillin, 1, 1, 0)])).await;
    anna.fill_cart(&[(&amoxicillin, 1)]).await;
    assert_eq!(problem(anna.place(&[&another]).await, "checkout_problems")["code"], "contraindicated");
}

#[tokio::test]
async fn a_name_on_record_that_nobody_knows_is_looked_up_once_for_a_product() {
    covers!("records-add", "orders-resolve-hold", "checkout-place-order");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let allergy = json!({"substance": "peanut", "severity": "severe", "certainty": "confirmed"});
    anna.post("/v1/records/allergies", &allergy).await.expect(201);
    let mut body = e2e::product_body("otc", 900);
    body["ingredients"] = json!([{"name": "loratadine", "strength": "10 mg"}]);
    let loratadine = shop.product_of(body, 20).await;
    let order = anna.order(&[(&loratadine, 1)], &[]).await;
    let hold = order["holds"][0].clone();
    assert_eq!(hold["code"], "screening", "{order}");
    let path = format!("/v1/orders/{}/holds/{}/resolve", order["id"].as_str().unwrap(), hold["id"].as_str().unwrap());
    let decision =
        json!({"decision": "override", "reason_code": "substance_checked", "reason": "There is no peanut oil in it."});
    let resolved = shop.pharmacist().await.post(&path, &decision).await.body(200);
    assert_eq!(resolved["holds"], json!([]), "{resolved}");
    let next = anna.order(&[(&loratadine, 1)], &[]).await;
    assert_eq!(next["holds"], json!([]), "{next}");
}

#[tokio::test]
async fn the_next_fill_of_a_prescription_is_ordered_when_it_is_due() {
    covers!("prescriptions-refill", "prescriptions-review", "prescriptions-get");
    let shop = Shop::open();
    let (anna, medicine) = (shop.customer().await, shop.product("prescription", 1250, 20).await);
    let mut item = line(&medicine, 2, 2, 0);
    item["days_supply"] = json!(30);
    item["directions"] = json!("One in the morning.");
    let id = shop.approved_prescription(&anna, &json!([item])).await;
    let home = anna.post("/v1/profile/addresses", &e2e::address()).await.body(201);
    let path = format!("/v1/prescriptions/{id}/refills");
    let body = json!({"address_id": home["id"], "payment_method": "cod"});
    let order = anna.post(&path, &body).key("first").await.body(201);
    assert_eq!((&order["items"][0]["prescription_id"], &order["items"][0]["quantity"]), (&json!(id), &json!(2)));
    assert_eq!(anna.post(&path, &body).key("first").await.body(201), order);
    let early = anna.post(&path, &body).key("second").await.problem(409, "too_early");
    assert_eq!(early["problems"][0]["eligible_on"].as_str().map(str::len), Some(10), "{early}");
    let seen = anna.get(&format!("/v1/prescriptions/{id}")).await.body(200);
    let item = &seen["items"][0];
    assert_eq!(item["fills"], json!({"allowed": 2, "used": 1, "left": 1}), "{seen}");
    assert_eq!((&item["days_supply"], &item["directions"]), (&json!(30), &json!("One in the morning.")));
    assert_eq!(item["eligible_on"], early["problems"][0]["eligible_on"]);
    let bela = shop.customer().await;
    let elsewhere = bela.post("/v1/profile/addresses", &e2e::address()).await.body(201);
    let theirs = json!({"address_id": elsewhere["id"], "payment_method": "cod"});
    bela.post(&path, &theirs).key("theirs").await.problem(404, "not_found");
}
