//! The main job, from a stranger to a delivered prescription order.

use e2e::{
    PASSWORD, REGISTRATION_CODE, Shop, address, announcement, approval, covers, eventually, files, line, new_email,
    order_body, unique, upload,
};
use serde_json::{Value, json};

#[tokio::test]
async fn from_a_stranger_to_a_delivered_prescription_order() {
    covers!(
        "auth-register",
        "auth-confirm",
        "auth-login",
        "address-add",
        "catalog-list-products",
        "catalog-get-product",
        "cart-put-item",
        "prescriptions-start",
        "prescriptions-scan",
        "prescriptions-list",
        "prescriptions-get",
        "prescriptions-claim",
        "prescriptions-review",
        "checkout-preview",
        "checkout-place-order",
        "orders-transition",
        "orders-get",
        "orders-list",
    );
    let shop = Shop::open();
    let medicine = shop.product("prescription", 1250, 8).await;

    // A stranger registers.
    let email = new_email();
    let body = json!({"email": email, "password": PASSWORD, "full_name": "Anna Azad"});
    shop.guest.post("/v1/auth/register", &body).await.expect(202);
    let body = json!({"email": email, "code": REGISTRATION_CODE});
    shop.guest.post("/v1/auth/register/confirm", &body).await.expect(204);
    let anna = shop.sign_in(&email, PASSWORD).await;
    let home = anna.post("/v1/profile/addresses", &address()).await.body(201);

    // Finds a medicine, and reads that it needs a prescription.
    let name = medicine.view["name"].as_str().unwrap();
    let card = eventually("the medicine in the search", || async {
        let page = anna.search("/v1/products", &[("query", name)]).await.body(200);
        page["items"].as_array().unwrap().first().cloned()
    })
    .await;
    let product = anna.get(&format!("/v1/products/{}", card["slug"].as_str().unwrap())).await.body(200);
    assert_eq!((&product["id"], &product["prescription_required"]), (&json!(medicine.id), &json!(true)));

    // Fills the cart, and is told what is missing.
    anna.fill_cart(&[(&medicine, 2)]).await;
    let mut order = order_body(&[]);
    order.as_object_mut().unwrap().remove("address");
    order["address_id"] = home["id"].clone();
    let preview = anna.post("/v1/checkout/preview", &order).await.body(200);
    assert_eq!(preview["requires"], json!(["prescription"]));
    anna.post("/v1/orders", &order).key(&unique()).await.problem(422, "checkout_problems");

    // Uploads a prescription.
    let scan = files::pdf(1);
    let started = anna.post("/v1/prescriptions", &announcement("application/pdf", scan.len())).await.body(201);
    let id = started["id"].as_str().unwrap().to_owned();
    assert_eq!(upload(&anna, &started["upload"], &scan).await.status, 204);
    assert_eq!(anna.checked_prescription(&id).await["status"], "pending");

    // A pharmacist finds it in the queue, reads it and approves it.
    let pharmacist = shop.pharmacist().await;
    assert!(in_queue(&shop, &id).await);
    let seen = pharmacist.get(&format!("/v1/prescriptions/{id}")).await.body(200);
    let file = shop.guest.http().get(seen["file_url"].as_str().unwrap()).send().await.unwrap();
    let shown = file.bytes().await.unwrap();
    assert!(shown.starts_with(b"%PDF-") && files::holds(&shown, "/MediaBox"), "rebuilt from the page of the upload");
    pharmacist.claim(&id).await.expect(200);
    let items = json!([line(&medicine, 2, 1, 0)]);
    assert_eq!(pharmacist.review(&id, &approval(&items)).await.body(200)["status"], "approved");
    assert!(!in_queue(&shop, &id).await);

    // The order goes through, and is followed to the door.
    order["prescription_ids"] = json!([id]);
    order["expected_total"] = preview["totals"]["total"].clone();
    let placed = anna.post("/v1/orders", &order).key(&unique()).await.body(201);
    assert_eq!((&placed["status"], &placed["holds"]), (&json!("placed"), &json!([])));
    assert_eq!(placed["items"][0]["prescription_id"], json!(id));
    assert_eq!(anna.get(&format!("/v1/prescriptions/{id}")).await.body(200)["status"], "spent");
    for status in ["verified", "packed", "shipped", "delivered"] {
        shop.advance(&placed, &[status]).await;
        assert_eq!(anna.current(&placed).await["status"], status);
    }
    let listed = anna.get("/v1/orders?status=delivered").await.body(200);
    assert_eq!(listed["items"][0]["id"], placed["id"]);
    shop.expect_stock(&medicine, 6, 0).await;
}

/// Whether a prescription waits in the pharmacists' queue.
async fn in_queue(shop: &Shop, id: &str) -> bool {
    let pharmacist = shop.pharmacist().await;
    let mut cursor: Option<String> = None;
    loop {
        let mut query = vec![("limit", "100")];
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = pharmacist.search("/v1/prescriptions", &query).await.body(200);
        if page["items"].as_array().unwrap().iter().any(|one| one["id"] == id) {
            return true;
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return false,
        }
    }
}

#[tokio::test]
async fn an_order_may_wait_for_the_review_of_its_prescription() {
    covers!("checkout-place-order", "orders-get", "orders-transition");
    let shop = Shop::open();
    let (anna, medicine) = (shop.customer().await, shop.product("prescription", 1250, 8).await);
    let id = anna.pending_prescription().await;
    let order = anna.order(&[(&medicine, 1)], &[&id]).await;
    let hold = |order: &Value| order["holds"][0].clone();
    assert_eq!(
        (&hold(&order)["code"], &hold(&order)["next_actor"]),
        (&json!("prescription_review"), &json!("pharmacy"))
    );
    let refused = shop.pharmacist().await.transition(&order, "verified").await.problem(422, "dispensing_refused");
    assert_eq!(refused["problems"][0]["product_id"], json!(medicine.id));
    assert_eq!(hold(&anna.current(&order).await)["code"], "prescription_review");

    shop.review(&id, &approval(&json!([line(&medicine, 1, 1, 0)]))).await;
    assert_eq!(anna.current(&order).await["holds"], json!([]));
    let verified = shop.advance(&order, &["verified"]).await;
    assert_eq!(verified["items"][0]["prescription_id"], json!(id));
    shop.advance(&order, &["packed", "shipped", "delivered"]).await;
}
