//! `/v1/auth`: registering, signing in and out, passwords, sessions.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::{
    Answer, Client, PASSWORD, Person, REGISTRATION_CODE, RESET_CODE, STAFF_PASSWORD, Shop, covers, new_email, settled,
};
use serde_json::{Value, json};

const OTHER_PASSWORD: &str = "seven-quiet-lighthouses";

async fn login(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/v1/auth/login", &json!({"email": email, "password": password})).await
}

async fn refresh(client: &Client, token: &str) -> Answer {
    client.post("/v1/auth/token/refresh", &json!({"refresh_token": token})).await
}

/// Has several functions look at the caller, so that each holds a copy of what was revoked before.
async fn warm_up(person: &Person) {
    person.get("/v1/profile").await.expect(200);
    person.get("/v1/cart").await.expect(200);
}

async fn is_out(person: &Person) {
    person.get("/v1/profile").await.session_ended();
    person.get("/v1/cart").await.session_ended();
}

#[tokio::test]
async fn a_stranger_registers_confirms_and_signs_in() {
    covers!("auth-register", "auth-confirm", "auth-login");
    let shop = Shop::open();
    let email = new_email();
    let body = json!({"email": email, "password": PASSWORD, "full_name": "Anna Azad"});
    let registered = shop.guest.post("/v1/auth/register", &body).await.body(202);
    assert_eq!(registered["delivery"], json!({"channel": "email", "destination": "s***@e***"}));

    login(&shop.guest, &email, "not-the-right-password").await.problem(401, "invalid_credentials");
    login(&shop.guest, &email, PASSWORD).await.problem(403, "email_unconfirmed");
    let confirm = |code: &str| shop.guest.post("/v1/auth/register/confirm", &json!({"email": email, "code": code}));
    confirm("999999").await.problem(400, "invalid_code");
    assert_eq!(shop.aws.code_sent_to(&email).await, REGISTRATION_CODE);
    confirm(REGISTRATION_CODE).await.expect(204);
    confirm(REGISTRATION_CODE).await.problem(400, "invalid_code");

    let session = login(&shop.guest, &email, PASSWORD).await.body(200);
    assert_eq!((&session["token_type"], &session["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(session["user"]["roles"], json!(["customer"]));
    let profile = shop.person(&email, &session).get("/v1/profile").await.body(200);
    assert_eq!((&profile["id"], &profile["full_name"]), (&session["user"]["id"], &json!("Anna Azad")));
}

#[tokio::test]
async fn nobody_registers_as_anything_but_a_customer() {
    covers!("auth-register");
    let shop = Shop::open();
    for field in ["role", "roles", "groups", "cognito:groups", "custom:role"] {
        let mut body = json!({"email": new_email(), "password": PASSWORD, "full_name": "Mal"});
        body[field] = json!("super_admin");
        shop.guest.post("/v1/auth/register", &body).await.invalid_field(field, "unknown");
    }
}

#[tokio::test]
async fn weak_passwords_are_refused_everywhere() {
    covers!("auth-register", "auth-reset-password", "auth-change-password");
    let shop = Shop::open();
    let person = shop.customer().await;
    let local_part = person.email.split('@').next().unwrap().to_owned();
    let long = "x7Q!".repeat(33);
    for weak in ["short", "passwordpassword", "123456789012", "aaaaaaaaaaaaaa", "qwertyuiop[]", &local_part, &long] {
        let register = json!({"email": person.email, "password": weak, "full_name": "Some One"});
        let reset = json!({"email": person.email, "code": RESET_CODE, "new_password": weak});
        let change = json!({"current_password": PASSWORD, "new_password": weak});
        for (path, field, body) in [
            ("/v1/auth/register", "password", register),
            ("/v1/auth/password/reset", "new_password", reset),
            ("/v1/auth/password/change", "new_password", change),
        ] {
            let named = person.post(path, &body).await.invalid_fields();
            assert!(named.iter().any(|(name, _)| name == field), "{path} of {weak}: {named:?}");
        }
    }
    login(&shop.guest, &person.email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn an_address_is_the_same_in_any_case() {
    covers!("auth-login");
    let shop = Shop::open();
    let person = shop.customer().await;
    let shouted = format!(" {} ", person.email.to_uppercase());
    let again = login(&shop.guest, &shouted, PASSWORD).await.body(200);
    assert_eq!(again["user"]["id"], person.id);
}

/// What an answer tells somebody who wants to know whether an account exists.
fn told(answer: &Answer, email: &str) -> (u16, BTreeSet<String>, String) {
    let headers = answer.headers.keys().map(ToString::to_string).collect();
    let body = answer.text().replace(email, "<email>").replace(answer.header("x-request-id").unwrap_or("-"), "<id>");
    (answer.status, headers, body)
}

#[tokio::test]
async fn nobody_learns_whether_an_account_exists() {
    covers!(
        "auth-register",
        "auth-forgot-password",
        "auth-resend-code",
        "auth-login",
        "auth-reset-password",
        "auth-confirm"
    );
    let shop = Shop::open();
    let known = shop.registered().await;
    let unknown = new_email();
    let requests = |email: &str| {
        [
            ("/v1/auth/password/forgot", json!({"email": email})),
            ("/v1/auth/register/resend", json!({"email": email})),
            ("/v1/auth/login", json!({"email": email, "password": "not-the-right-password"})),
            ("/v1/auth/password/reset", json!({"email": email, "code": "000000", "new_password": OTHER_PASSWORD})),
            ("/v1/auth/register/confirm", json!({"email": email, "code": "000000"})),
            // The last, since it makes the unknown address a known one.
            ("/v1/auth/register", json!({"email": email, "password": OTHER_PASSWORD, "full_name": "Mal"})),
        ]
    };
    for ((path, of_known), (_, of_unknown)) in requests(&known).into_iter().zip(requests(&unknown)) {
        let one = shop.guest.post(path, &of_known).await;
        let other = shop.guest.post(path, &of_unknown).await;
        assert_eq!(told(&one, &known), told(&other, &unknown), "{path}");
    }
    // Nor does signing in with what was registered tell, and whose account it is signs in as before.
    for who in [&known, &unknown] {
        login(&shop.guest, who, OTHER_PASSWORD).await.problem(403, "email_unconfirmed");
    }
    login(&shop.guest, &known, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn who_confirms_an_address_that_was_registered_with_two_passwords_sets_their_own() {
    covers!("auth-register", "auth-resend-code", "auth-confirm", "auth-forgot-password", "auth-reset-password");
    let shop = Shop::open();
    let email = new_email();
    for password in [OTHER_PASSWORD, PASSWORD] {
        let body = json!({"email": email, "password": password, "full_name": "Some One"});
        shop.guest.post("/v1/auth/register", &body).await.expect(202);
    }
    shop.guest.post("/v1/auth/register/resend", &json!({"email": email})).await.expect(202);
    let confirm = json!({"email": email, "code": REGISTRATION_CODE});
    shop.guest.post("/v1/auth/register/confirm", &confirm).await.expect(204);
    for password in [OTHER_PASSWORD, PASSWORD] {
        login(&shop.guest, &email, password).await.problem(401, "invalid_credentials");
    }
    shop.guest.post("/v1/auth/password/forgot", &json!({"email": email})).await.expect(202);
    let reset = json!({"email": email, "code": RESET_CODE, "new_password": PASSWORD});
    shop.guest.post("/v1/auth/password/reset", &reset).await.expect(204);
    login(&shop.guest, &email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_refreshed_session_goes_on_and_a_spent_token_ends_it() {
    covers!("auth-refresh");
    let shop = Shop::open();
    let person = shop.customer().await;
    let bystander = shop.sign_in(&person.email, PASSWORD).await;
    let next = shop.person(&person.email, &refresh(&shop.guest, &person.refresh_token).await.body(200));
    assert_ne!(next.refresh_token, person.refresh_token);
    warm_up(&next).await;

    // The same again, whose answer may have been lost, and then one that was spent twice over.
    let again = refresh(&shop.guest, &person.refresh_token).await.body(200);
    assert_eq!(again["refresh_token"], json!(next.refresh_token));
    let next = shop.person(&person.email, &refresh(&shop.guest, &next.refresh_token).await.body(200));
    refresh(&shop.guest, &person.refresh_token).await.problem(401, "invalid_refresh_token");
    refresh(&shop.guest, &next.refresh_token).await.problem(401, "invalid_refresh_token");
    settled().await;
    is_out(&next).await;
    is_out(&person).await;
    warm_up(&bystander).await;
}

#[tokio::test]
async fn made_up_refresh_tokens_are_refused() {
    covers!("auth-refresh");
    let shop = Shop::open();
    let person = shop.customer().await;
    let mut altered = person.refresh_token.clone().into_bytes();
    let last = altered.last_mut().unwrap();
    *last = if *last == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();
    for token in ["x", "a.b.c", &altered, person.token()] {
        refresh(&shop.guest, token).await.problem(401, "invalid_refresh_token");
    }
    refresh(&shop.guest, &person.refresh_token).await.expect(200);
}

#[tokio::test]
async fn logging_out_ends_one_session_or_all() {
    covers!("auth-logout");
    let shop = Shop::open();
    let email = shop.registered().await;
    let [by_token, by_refresh, stays] = [
        shop.sign_in(&email, PASSWORD).await,
        shop.sign_in(&email, PASSWORD).await,
        shop.sign_in(&email, PASSWORD).await,
    ];
    let everywhere = shop.customer().await;
    let elsewhere = shop.sign_in(&everywhere.email, PASSWORD).await;
    for person in [&by_token, &by_refresh, &stays, &everywhere, &elsewhere] {
        warm_up(person).await;
    }

    by_token.post("/v1/auth/logout", &json!({})).await.expect(204);
    shop.guest.post("/v1/auth/logout", &json!({"refresh_token": by_refresh.refresh_token})).await.expect(204);
    shop.guest.post("/v1/auth/logout", &json!({"everywhere": true})).await.any_problem(401);
    everywhere.post("/v1/auth/logout", &json!({"everywhere": true})).await.expect(204);

    settled().await;
    for person in [&by_token, &by_refresh, &everywhere, &elsewhere] {
        is_out(person).await;
        refresh(&shop.guest, &person.refresh_token).await.problem(401, "invalid_refresh_token");
    }
    warm_up(&stays).await;
    refresh(&shop.guest, &stays.refresh_token).await.expect(200);
}

#[tokio::test]
async fn a_forgotten_password_is_reset_and_ends_all_sessions() {
    covers!("auth-forgot-password", "auth-reset-password");
    let shop = Shop::open();
    let person = shop.customer().await;
    warm_up(&person).await;
    shop.guest.post("/v1/auth/password/forgot", &json!({"email": person.email})).await.expect(202);
    let reset = |code: &str| {
        let body = json!({"email": person.email, "code": code, "new_password": OTHER_PASSWORD});
        shop.guest.post("/v1/auth/password/reset", &body)
    };
    reset("000000").await.problem(400, "invalid_code");
    assert_eq!(shop.aws.code_sent_to(&person.email).await, RESET_CODE);
    reset(RESET_CODE).await.expect(204);

    settled().await;
    is_out(&person).await;
    refresh(&shop.guest, &person.refresh_token).await.problem(401, "invalid_refresh_token");
    login(&shop.guest, &person.email, PASSWORD).await.problem(401, "invalid_credentials");
    warm_up(&shop.sign_in(&person.email, OTHER_PASSWORD).await).await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    covers!("auth-change-password");
    let shop = Shop::open();
    let person = shop.customer().await;
    let elsewhere = shop.sign_in(&person.email, PASSWORD).await;
    warm_up(&person).await;
    warm_up(&elsewhere).await;
    let change = |current: &str| {
        let body = json!({"current_password": current, "new_password": OTHER_PASSWORD});
        person.post("/v1/auth/password/change", &body)
    };
    change("not-the-right-password").await.invalid_field("current_password", "wrong_password");
    change(PASSWORD).await.expect(204);

    settled().await;
    is_out(&elsewhere).await;
    refresh(&shop.guest, &elsewhere.refresh_token).await.problem(401, "invalid_refresh_token");
    warm_up(&person).await;
    refresh(&shop.guest, &person.refresh_token).await.expect(200);
    login(&shop.guest, &person.email, PASSWORD).await.problem(401, "invalid_credentials");
    login(&shop.guest, &person.email, OTHER_PASSWORD).await.expect(200);
}

#[tokio::test]
async fn five_wrong_passwords_lock_an_account_that_exists_or_not() {
    covers!("auth-login");
    let shop = Shop::open();
    let known = shop.registered().await;
    for email in [known, new_email()] {
        for _ in 0..5 {
            login(&shop.guest, &email, "not-the-right-password").await.problem(401, "invalid_credentials");
        }
        for password in ["not-the-right-password", PASSWORD] {
            let locked = login(&shop.guest, &email, password).await;
            let wait: u64 = locked.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=1800).contains(&wait), "locked for {wait} s");
            locked.problem(423, "account_locked");
        }
    }
}

#[tokio::test]
async fn a_right_password_forgives_the_wrong_ones() {
    covers!("auth-login");
    let shop = Shop::open();
    let email = shop.registered().await;
    for _ in 0..2 {
        for _ in 0..4 {
            login(&shop.guest, &email, "not-the-right-password").await.problem(401, "invalid_credentials");
        }
        login(&shop.guest, &email, PASSWORD).await.expect(200);
    }
}

/// The parts of a token, with its claims or header changed and the signature kept.
fn forged(token: &str, header: &Value, claims: &Value) -> String {
    let merged = |part: &str, changes: &Value| {
        let mut json: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        json.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        URL_SAFE_NO_PAD.encode(json.to_string())
    };
    let [head, body, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    format!("{}.{}.{signature}", merged(head, header), merged(body, claims))
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    covers!("profile-get");
    let shop = Shop::open();
    let person = shop.customer().await;
    let good = person.token();
    let tokens = shop.aws.tokens(&person.email, PASSWORD).await;
    let without_signature = format!("{}.", good.rsplit_once('.').unwrap().0);
    let forgeries = [
        forged(good, &json!({}), &json!({"cognito:groups": ["super_admin"]})),
        forged(good, &json!({"alg": "none"}), &json!({})),
        forged(good, &json!({"alg": "HS256"}), &json!({})),
        forged(good, &json!({"kid": "another"}), &json!({})),
        forged(&without_signature, &json!({"alg": "none"}), &json!({"cognito:groups": ["super_admin"]})),
        tokens["IdToken"].as_str().unwrap().to_owned(),
        tokens["RefreshToken"].as_str().unwrap().to_owned(),
        person.refresh_token.clone(),
        "x".to_owned(),
        "a.b.c".to_owned(),
    ];
    for token in forgeries {
        shop.guest.with_token(&token).get("/v1/profile").await.any_problem(401);
    }
    for header in ["Basic Zm9vOmJhcg==", "Bearer", good, "Bearer  "] {
        shop.guest.get("/v1/profile").header("authorization", header).await.any_problem(401);
    }
    person.get("/v1/profile").await.expect(200);
}

#[tokio::test]
async fn the_seeded_people_have_their_roles() {
    covers!("auth-login");
    let shop = Shop::open();
    for (name, role) in [
        ("admin", "super_admin"),
        ("pharmacist", "pharmacy_admin"),
        ("pharmacist2", "pharmacy_admin"),
        ("doctor", "doctor"),
        ("seller", "seller"),
        ("customer", "customer"),
        ("customer2", "customer"),
    ] {
        let session = login(&shop.guest, &format!("{name}@apothecary.test"), STAFF_PASSWORD).await.body(200);
        assert_eq!(session["user"]["roles"], json!([role]), "{name}");
    }
}
