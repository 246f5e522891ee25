//! `/v1/auth/otp`, `/v1/auth/contact`: codes by mail and text message, to register, sign in, reset and change.

use e2e::{Answer, PASSWORD, Shop, covers, new_email, new_phone};
use serde_json::{Value, json};

const OTHER_PASSWORD: &str = "seven-quiet-lighthouses";

/// `{"email": …}` or `{"phone": …}` with more fields.
fn body(who: &str, more: &Value) -> Value {
    let mut body = more.clone();
    body[if who.contains('@') { "email" } else { "phone" }] = json!(who);
    body
}

async fn request(shop: &Shop, who: &str, purpose: &str) -> Answer {
    shop.guest.post("/v1/auth/otp", &body(who, &json!({"purpose": purpose}))).await
}

async fn verify(shop: &Shop, who: &str, purpose: &str, code: &str) -> Answer {
    shop.guest.post("/v1/auth/otp/verify", &body(who, &json!({"purpose": purpose, "code": code}))).await
}

/// Registers somebody by a code; the answer to the last step.
async fn registered(shop: &Shop, who: &str) -> Value {
    let sent = request(shop, who, "register").await.body(202);
    assert_eq!((&sent["expires_in"], &sent["resend_after"]), (&json!(300), &json!(60)));
    let code = shop.aws.code_sent_to(who).await;
    let proven = verify(shop, who, "register", &code).await.body(200);
    assert_eq!(proven["expires_in"], 600);
    let last = json!({
        "registration_token": proven["registration_token"], "full_name": "Anna Azad", "password": PASSWORD,
    });
    let session = shop.guest.post("/v1/auth/register/complete", &last).await.body(201);
    shop.guest.post("/v1/auth/register/complete", &last).await.problem(400, "invalid_registration_token");
    session
}

#[tokio::test]
async fn a_stranger_registers_by_telephone_or_mail_and_signs_in_by_password() {
    covers!("auth-request-otp", "auth-verify-otp", "auth-complete-registration", "auth-login");
    let shop = Shop::open();
    let (phone, email) = (new_phone(), new_email());
    for who in [&phone, &email] {
        let session = registered(&shop, who).await;
        assert_eq!(session["user"]["roles"], json!(["customer"]));
        let profile = shop.person(who, &session).get("/v1/profile").await.body(200);
        assert_eq!(profile["full_name"], "Anna Azad");
        let expected = if who == &phone { [Value::Null, json!(phone)] } else { [json!(email), Value::Null] };
        assert_eq!([profile["email"].clone(), profile["phone"].clone()], expected);
        let again = shop.guest.post("/v1/auth/login", &body(who, &json!({"password": PASSWORD}))).await.body(200);
        assert_eq!(again["user"]["id"], session["user"]["id"]);
    }
}

#[tokio::test]
async fn a_code_signs_in_by_tokens_of_cognito() {
    covers!("auth-verify-otp", "auth-define-challenge", "auth-create-challenge", "auth-verify-challenge");
    let shop = Shop::open();
    let email = shop.registered().await;
    request(&shop, &email, "login").await.expect(202);
    request(&shop, &email, "login").await.problem(429, "too_many_requests");
    let code = shop.aws.code_sent_to(&email).await;
    verify(&shop, &email, "register", &code).await.problem(400, "invalid_code");
    let session = verify(&shop, &email, "login", &code).await.body(200);
    let anna = shop.person(&email, &session);
    anna.get("/v1/cart").await.expect(200);
    verify(&shop, &email, "login", &code).await.problem(400, "invalid_code");
    let refresh = json!({"refresh_token": anna.refresh_token});
    shop.guest.post("/v1/auth/token/refresh", &refresh).await.expect(200);
}

#[tokio::test]
async fn a_browser_that_comes_by_a_code_keeps_its_session_in_a_cookie() {
    covers!("auth-verify-otp", "auth-complete-registration");
    let shop = Shop::open();
    let in_a_cookie = |answer: &Answer| {
        let set = answer.header("set-cookie").unwrap_or_default();
        assert!(set.starts_with("__Host-refresh=") && set.contains("; Secure; HttpOnly; SameSite=Strict; "), "{set}");
        let session = answer.json();
        assert!(session["refresh_token"].is_null() && session["csrf_token"].is_string());
    };
    let email = shop.registered().await;
    request(&shop, &email, "login").await.expect(202);
    let code = shop.aws.code_sent_to(&email).await;
    let login = body(&email, &json!({"purpose": "login", "code": code, "session": "cookie"}));
    in_a_cookie(&shop.guest.post("/v1/auth/otp/verify", &login).await.expect(200));

    let phone = new_phone();
    request(&shop, &phone, "register").await.expect(202);
    let code = shop.aws.code_sent_to(&phone).await;
    let proven = verify(&shop, &phone, "register", &code).await.body(200);
    let token = &proven["registration_token"];
    let last =
        json!({"registration_token": token, "full_name": "Anna Azad", "password": PASSWORD, "session": "cookie"});
    in_a_cookie(&shop.guest.post("/v1/auth/register/complete", &last).await.expect(201));
}

#[tokio::test]
async fn nobody_learns_from_a_code_whether_there_is_an_account() {
    covers!("auth-request-otp", "auth-verify-otp");
    let shop = Shop::open();
    let known = shop.registered().await;
    for purpose in ["register", "login"] {
        let (known, unknown) =
            if purpose == "register" { (known.clone(), new_email()) } else { (shop.registered().await, new_email()) };
        let of_known = request(&shop, &known, purpose).await;
        let of_unknown = request(&shop, &unknown, purpose).await;
        assert_eq!((of_known.status, of_known.text()), (of_unknown.status, of_unknown.text()));
        // One message each; a way in for one of them alone.
        let (to_known, to_unknown) = (shop.aws.messages_to(&known).await, shop.aws.messages_to(&unknown).await);
        let has_code = |text: &String| text.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() == 6);
        assert_eq!(to_unknown.len(), 1);
        assert_eq!(has_code(&to_unknown[0]), purpose == "register");
        assert_eq!(to_known.last().map(has_code), Some(purpose == "login"));
    }
}

#[tokio::test]
async fn a_password_is_reset_by_a_text_message() {
    covers!("auth-forgot-password", "auth-reset-password");
    let shop = Shop::open();
    let phone = new_phone();
    // Made without a message, so that the first one may be asked for at once.
    shop.aws.create_user(&phone, PASSWORD, "customer").await;
    let sent = shop.guest.post("/v1/auth/password/forgot", &json!({"phone": phone})).await.body(202);
    assert_eq!(sent["delivery"]["channel"], "sms");
    let code = shop.aws.code_sent_to(&phone).await;
    let reset = json!({"phone": phone, "code": code, "new_password": OTHER_PASSWORD});
    shop.guest.post("/v1/auth/password/reset", &reset).await.expect(204);
    shop.guest
        .post("/v1/auth/login", &json!({"phone": phone, "password": PASSWORD}))
        .await
        .problem(401, "invalid_credentials");
    shop.guest.post("/v1/auth/login", &json!({"phone": phone, "password": OTHER_PASSWORD})).await.expect(200);
}

#[tokio::test]
async fn an_address_is_changed_and_a_telephone_added() {
    covers!("auth-change-contact", "auth-confirm-contact");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let (email, phone) = (new_email(), new_phone());
    for new in [&email, &phone] {
        let wrong = body(new, &json!({"password": OTHER_PASSWORD}));
        let named = anna.post("/v1/auth/contact", &wrong).await.invalid_fields();
        assert_eq!(named, [("password".to_owned(), "wrong_password".to_owned())]);
        anna.post("/v1/auth/contact", &body(new, &json!({"password": PASSWORD}))).await.expect(202);
        let code = shop.aws.code_sent_to(new).await;
        let other = shop.customer().await;
        other.post("/v1/auth/contact/confirm", &json!({"code": code})).await.problem(400, "invalid_code");
        anna.post("/v1/auth/contact/confirm", &json!({"code": code})).await.expect(204);
        anna.post("/v1/auth/contact/confirm", &json!({"code": code})).await.problem(400, "invalid_code");
    }
    let profile = anna.get("/v1/profile").await.body(200);
    assert_eq!((&profile["email"], &profile["phone"]), (&json!(email), &json!(phone)));
    let told = shop.aws.messages_to(&anna.email).await;
    assert!(told.iter().any(|text| text.contains("password") && !text.contains(&email)), "{told:?}");
    for who in [&email, &phone] {
        let session = shop.guest.post("/v1/auth/login", &body(who, &json!({"password": PASSWORD}))).await.body(200);
        assert_eq!(session["user"]["id"], anna.id);
    }
    let old = json!({"email": anna.email, "password": PASSWORD});
    shop.guest.post("/v1/auth/login", &old).await.problem(401, "invalid_credentials");
}
