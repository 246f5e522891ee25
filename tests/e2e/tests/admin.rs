//! `/v1/admin/users`: finding people, their roles, shutting them out, ending their sessions.

use std::collections::BTreeSet;

use e2e::contract::NOBODY;
use e2e::{Answer, Client, PASSWORD, Person, Shop, covers, settled};
use futures_util::future::join;
use serde_json::{Value, json};

async fn set_roles(by: &Client, who: &str, roles: &[&str]) -> Answer {
    by.put(&format!("/v1/admin/users/{who}/roles"), &json!({"roles": roles})).await
}

async fn set_enabled(by: &Client, who: &str, enabled: bool) -> Answer {
    by.put(&format!("/v1/admin/users/{who}/enabled"), &json!({"enabled": enabled})).await
}

async fn login(shop: &Shop, email: &str) -> Answer {
    shop.guest.post("/v1/auth/login", &json!({"email": email, "password": PASSWORD})).await
}

/// Has several functions look at the caller, so that each holds a copy of what was revoked before.
async fn warm_up(person: &Person) {
    person.get("/v1/profile").await.expect(200);
    person.get("/v1/cart").await.expect(200);
}

/// Out everywhere, five seconds after.
async fn is_out(shop: &Shop, person: &Person) {
    settled().await;
    person.get("/v1/profile").await.session_ended();
    person.get("/v1/cart").await.session_ended();
    let refresh = json!({"refresh_token": person.refresh_token});
    shop.guest.post("/v1/auth/token/refresh", &refresh).await.problem(401, "invalid_refresh_token");
}

fn emails(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().filter_map(|one| one["email"].as_str()).collect()
}

#[tokio::test]
async fn people_are_found_and_shown() {
    covers!("admin-list-users", "admin-get-user");
    let shop = Shop::open();
    let (admin, anna) = (shop.admin().await, shop.customer().await);
    let mut user = admin.get(&format!("/v1/admin/users/{}", anna.id)).await.body(200);
    let found = admin.search("/v1/admin/users", &[("query", &anna.email[..anna.email.len() - 3])]).await.body(200);
    assert_eq!(found["items"], json!([user]));
    assert!(user["created_at"].as_str().unwrap().ends_with('Z'), "{user}");
    user.as_object_mut().unwrap().remove("created_at");
    let expected = json!({
        "id": anna.id, "email": anna.email, "phone": null, "full_name": "Some One", "roles": ["customer"],
        "enabled": true, "status": "confirmed",
    });
    assert_eq!(user, expected);
    let by_name = admin.search("/v1/admin/users", &[("query", "Some On"), ("limit", "2")]).await.body(200);
    assert!(!emails(&by_name).is_empty() && emails(&by_name).len() <= 2);
    let admins = admin.search("/v1/admin/users", &[("role", "super_admin"), ("status", "enabled")]).await.body(200);
    assert!(emails(&admins).contains(&"admin@apothecary.test"), "{admins}");
    let both = [("query", "anna"), ("role", "doctor")];
    admin.search("/v1/admin/users", &both).await.invalid_field("role", "not_combinable");
    admin.get(&format!("/v1/admin/users/{NOBODY}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn pages_of_people_go_on_where_they_ended() {
    covers!("admin-list-users");
    let shop = Shop::open();
    let (admin, _, _) = (shop.admin().await, shop.quick_customer().await, shop.quick_customer().await);
    let first = admin.search("/v1/admin/users", &[("role", "customer"), ("limit", "1")]).await.body(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = [("role", "customer"), ("limit", "1"), ("cursor", cursor)];
    let second = admin.search("/v1/admin/users", &next).await.body(200);
    let both: BTreeSet<_> = emails(&first).into_iter().chain(emails(&second)).collect();
    assert_eq!(both.len(), 2, "{first} {second}");
    let other = [("role", "doctor"), ("cursor", cursor)];
    admin.search("/v1/admin/users", &other).await.invalid_field("cursor", "invalid_cursor");
}

#[tokio::test]
async fn a_role_takes_effect_within_five_seconds() {
    covers!("admin-set-roles");
    let shop = Shop::open();
    let (admin, before) = (shop.admin().await, shop.customer().await);
    warm_up(&before).await;
    before.get("/v1/admin/users").await.problem(403, "forbidden");
    let changed = set_roles(&admin, &before.id, &["pharmacy_admin", "customer"]).await.body(200);
    assert_eq!(changed["roles"], json!(["pharmacy_admin", "customer"]));
    let pharmacist = shop.sign_in(&before.email, PASSWORD).await;
    is_out(&shop, &before).await;
    pharmacist.get("/v1/prescriptions").await.expect(200);
    warm_up(&pharmacist).await;
    set_roles(&admin, &before.id, &[]).await.expect(200);
    is_out(&shop, &pharmacist).await;
    let guest = login(&shop, &before.email).await.body(200);
    assert_eq!(guest["user"]["roles"], json!([]));
    shop.person(&before.email, &guest).get("/v1/prescriptions").await.problem(403, "forbidden");
    set_roles(&admin, NOBODY, &["customer"]).await.problem(404, "not_found");
}

#[tokio::test]
async fn who_is_shut_out_is_out_within_five_seconds() {
    covers!("admin-set-enabled");
    let shop = Shop::open();
    let (admin, anna) = (shop.admin().await, shop.customer().await);
    warm_up(&anna).await;
    assert_eq!(set_enabled(&admin, &anna.id, false).await.body(200)["enabled"], false);
    login(&shop, &anna.email).await.problem(401, "invalid_credentials");
    is_out(&shop, &anna).await;
    assert_eq!(set_enabled(&admin, &anna.id, true).await.body(200)["enabled"], true);
    let again = shop.sign_in(&anna.email, PASSWORD).await;
    again.get("/v1/profile").await.expect(200);
}

#[tokio::test]
async fn ended_sessions_are_over_within_five_seconds() {
    covers!("admin-end-sessions");
    let shop = Shop::open();
    let (admin, anna) = (shop.admin().await, shop.customer().await);
    warm_up(&anna).await;
    admin.delete(&format!("/v1/admin/users/{}/sessions", anna.id)).await.expect(204);
    let again = shop.sign_in(&anna.email, PASSWORD).await;
    is_out(&shop, &anna).await;
    again.get("/v1/profile").await.expect(200);
    admin.delete(&format!("/v1/admin/users/{NOBODY}/sessions")).await.problem(404, "not_found");
}

#[tokio::test]
async fn nobody_changes_their_own_account() {
    covers!("admin-set-roles", "admin-set-enabled");
    let shop = Shop::open();
    let admin = shop.new_admin().await;
    set_roles(&admin, &admin.id, &["super_admin", "customer"]).await.problem(403, "own_account");
    set_enabled(&admin, &admin.id, false).await.problem(403, "own_account");
    admin.get("/v1/admin/users").await.expect(200);
}

#[tokio::test]
async fn of_two_admins_who_demote_each_other_one_stays() {
    covers!("admin-set-roles");
    let shop = Shop::open();
    let (one, two) = (shop.new_admin().await, shop.new_admin().await);
    let answers = join(set_roles(&one, &two.id, &["customer"]), set_roles(&two, &one.id, &["customer"])).await;
    let won = [answers.0.status, answers.1.status].into_iter().filter(|status| *status == 200).count();
    assert_eq!(won, 1, "{} {}", answers.0.text(), answers.1.text());
    let admin = shop.admin().await;
    let mut left = 0;
    for person in [&one, &two] {
        let user = admin.get(&format!("/v1/admin/users/{}", person.id)).await.body(200);
        left += usize::from(user["roles"] == json!(["super_admin"]));
    }
    assert_eq!(left, 1);
}

#[tokio::test]
async fn a_customer_applies_and_becomes_a_seller() {
    covers!("sellers-apply", "sellers-list-applications", "sellers-decide-application");
    let shop = Shop::open();
    let (anna, staff) = (shop.customer().await, shop.pharmacist().await);
    let body = json!({"business_name": "Lakeside Herbs", "registration_number": "PAN 1", "about": "Herbs."});
    let applied = anna.post("/v1/sellers/applications", &body).await.body(201);
    anna.post("/v1/sellers/applications", &body).await.problem(409, "already_applied");
    anna.get("/v1/sellers/applications").await.problem(403, "forbidden");
    let mut path = "/v1/sellers/applications?limit=100".to_owned();
    loop {
        let page = staff.get(&path).await.body(200);
        if page["items"].as_array().unwrap().iter().any(|one| one["id"] == applied["id"]) {
            break;
        }
        path = format!("/v1/sellers/applications?limit=100&cursor={}", page["next_cursor"].as_str().unwrap());
    }
    let decide = format!("/v1/sellers/applications/{}/decide", applied["id"].as_str().unwrap());
    let approved = staff.post(&decide, &json!({"decision": "approve"})).await.body(200);
    assert_eq!(approved["status"], "approved");
    staff.post(&decide, &json!({"decision": "approve"})).await.problem(404, "not_found");
}
