//! Second factors and cookie sessions, as an app and a browser use them; the rate limits' headers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::{Answer, Authenticator, Client, PASSWORD, Shop, covers};
use serde_json::{Value, json};

/// An origin that the local stack allows.
const ORIGIN: &str = "http://localhost:3000";

async fn login(client: &Client, email: &str, session: &str) -> Answer {
    client.post("/v1/auth/login", &json!({"email": email, "password": PASSWORD, "session": session})).await
}

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_else(|| panic!("no {name} in the answer")).to_owned()
}

#[tokio::test]
async fn a_second_factor_is_enrolled_asked_for_and_taken_away() {
    covers!("auth-enroll-mfa", "auth-confirm-mfa", "auth-answer-challenge", "auth-remove-mfa");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let shown = anna.post_nothing("/v1/auth/mfa").await.body(200);
    assert!(text(&shown, "otpauth_uri").starts_with("otpauth://totp/Apothecary"));
    let authenticator = Authenticator::new(&text(&shown, "secret"));
    anna.post("/v1/auth/mfa/confirm", &json!({"code": authenticator.wrong_code()})).await.problem(400, "invalid_code");
    anna.post("/v1/auth/mfa/confirm", &json!({"code": authenticator.code()})).await.expect(204);
    anna.post_nothing("/v1/auth/mfa").await.problem(409, "mfa_enrolled");

    let asked = login(&shop.guest, &anna.email, "token").await.body(200);
    assert_eq!((&asked["challenge"], &asked["access_token"]), (&json!("software_token_mfa"), &Value::Null));
    let answer = async |code: &str| {
        let body = json!({"challenge_session": asked["challenge_session"], "code": code});
        shop.guest.post("/v1/auth/login/challenge", &body).await
    };
    answer(&authenticator.wrong_code()).await.problem(400, "invalid_code");
    let code = authenticator.code();
    let signed_in = answer(&code).await.body(200);
    answer(&code).await.problem(401, "invalid_challenge_session");

    let asked = login(&shop.guest, &anna.email, "token").await.body(200);
    let with = |code: &str| json!({"challenge_session": asked["challenge_session"], "code": code});
    shop.guest.post("/v1/auth/login/challenge", &with(&code)).await.problem(400, "invalid_code");
    let recovery = shown["recovery_codes"][0].as_str().expect("a recovery code").to_owned();
    shop.guest.post("/v1/auth/login/challenge", &with(&recovery)).await.expect(200);

    let anna = shop.person(&anna.email, &signed_in);
    let remove =
        |password: &str| anna.call(reqwest::Method::DELETE, "/v1/auth/mfa").json(&json!({"password": password}));
    remove("not-the-right-password").await.problem(400, "invalid_request");
    remove(PASSWORD).await.expect(204);
    assert!(login(&shop.guest, &anna.email, "token").await.body(200)["access_token"].is_string());
}

fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie").unwrap_or_else(|| panic!("no cookie came with the answer"));
    assert!(set.contains("; Secure; HttpOnly; SameSite=Strict; ") && set.contains("Path=/;"), "{set}");
    set.split(';').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_browser_keeps_its_session_in_a_cookie() {
    covers!("auth-login", "auth-refresh", "auth-logout");
    let shop = Shop::open();
    let email = shop.registered().await;
    let answer = login(&shop.guest, &email, "cookie").await.expect(200);
    let session = answer.json();
    assert_eq!(session["refresh_token"], Value::Null);
    let csrf = text(&session, "csrf_token");
    let post = |path: &str, cookie: &str, origin: &str, csrf: &str| {
        let call = shop.guest.post_nothing(path).header("cookie", cookie);
        call.header("origin", origin).header("x-csrf-token", csrf)
    };
    let first = cookie(&answer);
    let refresh = "/v1/auth/token/refresh";
    post(refresh, &first, ORIGIN, "").await.problem(403, "csrf_token_invalid");
    post(refresh, &first, "https://elsewhere.example", &csrf).await.problem(403, "origin_not_allowed");
    let answer = post(refresh, &first, ORIGIN, &csrf).await.expect(200);
    assert_eq!(answer.json()["csrf_token"], json!(csrf));
    let second = cookie(&answer);
    assert_ne!(first, second);

    let out = post("/v1/auth/logout", &second, ORIGIN, &csrf).await;
    assert!(out.header("set-cookie").is_some_and(|set| set.contains("Max-Age=0")));
    out.expect(204);
    post(refresh, &second, ORIGIN, &csrf).await.problem(401, "invalid_refresh_token");
}

#[tokio::test]
async fn answers_say_how_it_stands_with_the_limit() {
    covers!("auth-login", "catalog-list-products", "cart-get", "platform-health");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let limit = |answer: &Answer| answer.header("ratelimit-policy").unwrap_or_default().to_owned();
    let answer = login(&shop.guest, "nobody@example.test", "token").await;
    assert!(limit(&answer).starts_with("\"sign_in\";q="), "{}", limit(&answer));
    assert!(limit(&shop.guest.get("/v1/products").await).starts_with("\"search\";q="));
    assert_eq!(limit(&anna.get("/v1/cart").await), "\"standard\";q=1000;w=60");
    assert!(limit(&shop.guest.get("/v1/health").await).starts_with("\"standard\";q="));
}

#[tokio::test]
async fn forged_tokens_open_nothing() {
    covers!("profile-get");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let mut parts = anna.token().split('.');
    let (header, claims, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut admin: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    admin["cognito:groups"] = json!(["super_admin"]);
    let none = encode(&json!({"alg": "none", "typ": "JWT"}));
    for forged in [
        format!("{header}.{}.{signature}", encode(&admin)),
        format!("{none}.{}.", encode(&admin)),
        format!("{none}.{claims}."),
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
    ] {
        shop.guest.with_token(&forged).get("/v1/profile").await.problem(401, "invalid_token");
    }
}
