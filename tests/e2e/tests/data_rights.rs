//! What people may ask of what is held on them: `/v1/profile/privacy`, `/v1/profiles`, `/v1/profile/export`, and
//! `DELETE /v1/profile`.

use e2e::{PASSWORD, Person, Shop, covers, line, settled, unique};
use serde_json::{Value, json};

#[tokio::test]
async fn a_profile_is_seen_by_those_whom_its_owner_allows() {
    covers!("profile-set-privacy", "profile-view");
    let shop = Shop::open();
    let (anna, boris, doctor) = (shop.customer().await, shop.customer().await, shop.doctor().await);
    let path = format!("/v1/profiles/{}", anna.id);
    let set = |privacy: Value| anna.put("/v1/profile/privacy", &privacy);
    let missing = shop.guest.get("/v1/profiles/00000000-0000-4000-8000-000000000000").await.problem(404, "not_found");
    let private = shop.guest.get(&path).await.problem(404, "not_found");
    assert_eq!((&missing["title"], &missing["detail"]), (&private["title"], &private["detail"]));

    let answer = set(json!({"visibility": "public"})).await.expect(200);
    assert_eq!(answer.header("etag"), Some("\"2\""));
    let seen = shop.guest.get(&path).await.body(200);
    let mut names: Vec<_> = seen.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["created_at", "full_name", "id", "picture_url"]);

    let list = json!({"users": [boris.id], "groups": ["doctor"]});
    let shared = set(json!({"visibility": "shared", "shared_with": list})).if_match(2).await.body(200);
    assert_eq!(shared, json!({"visibility": "shared", "shared_with": list, "version": 3}));
    boris.get(&path).await.expect(200);
    doctor.get(&path).await.expect(200);
    anna.get(&path).await.expect(200);
    shop.guest.get(&path).await.problem(404, "not_found");
    shop.pharmacist().await.get(&path).await.problem(404, "not_found");
    set(json!({"visibility": "private"})).if_match(2).await.problem(412, "version_mismatch");
    set(json!({"visibility": "private"})).if_match(3).await.expect(200);
    boris.get(&path).await.problem(404, "not_found");
    doctor.get(&path).await.problem(404, "not_found");

    let trail = shop.aws.items_with(&[anna.id.as_str()]).await;
    let reads: Vec<_> = trail
        .iter()
        .filter(|(_, item)| item["action"]["S"] == "profile.read")
        .map(|(_, item)| item["outcome"]["S"].as_str().unwrap())
        .collect();
    let count = |outcome| reads.iter().filter(|one| **one == outcome).count();
    assert_eq!((count("allowed"), count("refused")), (1, 2), "the doctor twice, the pharmacist once");
}

/// What nobody else in this stack is called, lives at, or can be called on.
struct Signs {
    name: String,
    street: String,
    phone: String,
}

/// Somebody of whom something is held everywhere: a delivered order on a prescription, one just placed, an unused
/// prescription, an address and a full cart.
async fn somebody(shop: &Shop) -> (Person, Signs, String, Value) {
    let person = shop.customer().await;
    let mark = unique();
    let digits: String = mark.bytes().map(|byte| char::from(b'0' + byte % 10)).collect();
    let signs = Signs {
        name: format!("Name {mark}"),
        street: format!("Street {mark}"),
        phone: format!("+97798{}", &digits[digits.len() - 8..]),
    };
    person.patch("/v1/profile", &json!({"full_name": signs.name})).await.expect(200);
    let address = json!({"recipient": signs.name, "line1": signs.street, "city": "Kathmandu", "country": "NP", "phone": signs.phone});
    person.post("/v1/profile/addresses", &address).await.expect(201);
    let medicine = shop.product("prescription", 450, 10).await;
    let rx = shop.approved_prescription(&person, &json!([line(&medicine, 1, 2, 0)])).await;
    person.pending_prescription().await;
    let order = |prescriptions: Vec<String>| {
        let note = format!("Ring at {}", signs.street);
        let body =
            json!({"address": address, "payment_method": "cod", "prescription_ids": prescriptions, "note": note});
        let person = &person;
        async move { person.post("/v1/orders", &body).key(&unique()).await.body(201) }
    };
    person.fill_cart(&[(&medicine, 1)]).await;
    let delivered = order(vec![rx.clone()]).await;
    shop.advance(&delivered, &["verified", "packed", "shipped", "delivered"]).await;
    let syrup = shop.product("otc", 300, 10).await;
    person.fill_cart(&[(&syrup, 1)]).await;
    order(Vec::new()).await;
    person.fill_cart(&[(&syrup, 2)]).await;
    (person, signs, rx, delivered)
}

#[tokio::test]
async fn a_person_gets_everything_that_is_held_on_them() {
    covers!("profile-export");
    let shop = Shop::open();
    let (person, signs, rx, delivered) = somebody(&shop).await;
    let answer = person.get("/v1/profile/export").await.expect(200);
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"apothecary-export.json\""));
    let document = answer.json();
    assert_eq!(
        (&document["profile"]["full_name"], &document["account"]["email"]),
        (&json!(signs.name), &json!(person.email))
    );
    assert_eq!(document["addresses"][0]["line1"], json!(signs.street));
    assert_eq!(document["orders"].as_array().unwrap().len(), 2);
    assert!(document["orders"].as_array().unwrap().iter().any(|order| order["id"] == delivered["id"]));
    assert_eq!(document["cart"]["lines"][0]["quantity"], 2);
    assert!(!document["sessions"].as_array().unwrap().is_empty());
    let prescriptions = document["prescriptions"].as_array().unwrap();
    let used = prescriptions.iter().find(|one| one["id"] == json!(rx)).unwrap();
    assert_eq!((prescriptions.len(), used["fills"].as_array().unwrap().len()), (2, 1));
    let file = shop.guest.http().get(used["file_url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(file.status().as_u16(), 200);
    let log = document["access_log"].as_array().unwrap();
    assert!(log.iter().any(|entry| entry["action"] == "prescription.review"), "{log:?}");
    shop.guest.get("/v1/profile/export").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn of_a_person_who_was_erased_nothing_is_found() {
    covers!("profile-delete", "profile-erase");
    let shop = Shop::open();
    let (person, signs, rx, delivered) = somebody(&shop).await;
    let (email, id) = (person.email.clone(), person.id.clone());
    let signs = [signs.name.as_str(), signs.street.as_str(), signs.phone.as_str(), email.as_str()];
    assert!(shop.aws.items_with(&signs).await.len() >= 4, "they are found before");

    let wrong = person
        .delete("/v1/profile")
        .json(&json!({"password": "another-good-passphrase"}))
        .await
        .problem(400, "invalid_request");
    assert_eq!(wrong["errors"][0]["code"], "wrong_password");
    let answer = person.delete("/v1/profile").json(&json!({"password": PASSWORD})).await.body(202);
    assert!(answer["erase_by"].is_string(), "{answer}");
    let login = json!({"email": email, "password": PASSWORD});
    shop.guest.post("/v1/auth/login", &login).await.problem(401, "invalid_credentials");
    settled().await;
    person.get("/v1/profile").await.problem(401, "session_ended");

    // By hand, since nobody waits for the hour here. Again changes nothing.
    for _ in 0..2 {
        let run = shop.aws.invoke("profile-erase", &json!({"user": id})).await;
        assert_eq!(run, json!({"erased": 0, "unsettled": 1, "expired": 0}));
    }
    let left = shop.aws.items_with(&signs).await;
    assert!(left.is_empty(), "{left:?}");
    // The id stands on the trail, in the request until the quarter of an hour is over that a token lives, and in the
    // feed of ended sessions.
    for (table, item) in shop.aws.items_with(&[id.as_str()]).await {
        let key = (item["pk"]["S"].as_str().unwrap(), item["sk"]["S"].as_str().unwrap());
        let known = table.contains("AuditTable") || key.0 == "REVOCATIONS" || key.0 == "ERASURES" || key.1 == "ERASURE";
        assert!(known, "{table}: {item}");
    }
    // The pharmacy still sees what it sold, and to nobody.
    let pharmacist = shop.pharmacist().await;
    let order = pharmacist.current(&delivered).await;
    assert_eq!(
        (&order["status"], &order["address"], &order["note"]),
        (&json!("delivered"), &Value::Null, &Value::Null)
    );
    for what in ["product_id", "quantity", "line_total", "prescription_id"] {
        assert_eq!(order["items"][0][what], delivered["items"][0][what], "{what}");
    }
    assert_eq!(order["totals"], delivered["totals"]);
    let kept = pharmacist.get(&format!("/v1/prescriptions/{rx}")).await.body(200);
    assert_eq!(kept["patient_name"], "");

    // The same address is free for somebody new.
    let body = json!({"email": email, "password": PASSWORD, "full_name": "Some One"});
    shop.guest.post("/v1/auth/register", &body).await.expect(202);
    let confirm = json!({"email": email, "code": e2e::REGISTRATION_CODE});
    shop.guest.post("/v1/auth/register/confirm", &confirm).await.expect(204);
    let heir = shop.sign_in(&email, PASSWORD).await;
    assert_ne!(heir.id, id);
    assert_eq!(heir.get("/v1/orders").await.body(200)["items"], json!([]));
    assert_eq!(heir.get("/v1/profile/addresses").await.body(200)["items"], json!([]));
    // The schedule's own event does what is due, whoever has asked for it.
    let run = shop.aws.invoke("profile-erase", &json!({"source": "aws.events", "detail": {}})).await;
    assert!(run["erased"].is_number(), "{run}");
    heir.get("/v1/profile").await.expect(200);
}

#[tokio::test]
async fn who_works_here_is_not_deleted() {
    covers!("profile-delete");
    let shop = Shop::open();
    let pharmacist = shop.pharmacist().await;
    let body = json!({"password": e2e::STAFF_PASSWORD});
    pharmacist.delete("/v1/profile").json(&body).await.problem(409, "staff_account");
    pharmacist.get("/v1/profile").await.expect(200);
}
