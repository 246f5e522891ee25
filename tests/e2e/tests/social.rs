//! `/v1/auth/social`: signing in with another provider, through the local Cognito's hosted UI and token endpoint.

use e2e::{Answer, CameBack, Client, PASSWORD, REDIRECT_URI, Shop, covers, new_email, unique};
use serde_json::{Value, json};

const ORIGIN: &str = "http://localhost:3000";

fn person(email: &str, verified: bool) -> Value {
    json!({"sub": unique(), "email": email, "email_verified": verified, "name": "Anna Azad"})
}

/// As a page sends it.
async fn finish(client: &Client, back: &CameBack, cookie: Option<&str>) -> Answer {
    let body = json!({"code": back.code, "state": back.state});
    let call = client.post("/v1/auth/social/callback", &body).header("origin", ORIGIN);
    match cookie {
        Some(cookie) => call.header("cookie", cookie).await,
        None => call.await,
    }
}

async fn sign_in(shop: &Shop, client: &Client, claims: &Value) -> Answer {
    let back = shop.come_back_from_google(claims).await;
    finish(client, &back, Some(&back.cookie)).await
}

#[tokio::test]
async fn a_stranger_signs_in_with_google_and_is_known_from_then_on() {
    covers!("auth-start-social", "auth-finish-social");
    let shop = Shop::open();
    shop.offer_google().await;
    let (email, unverified) = (new_email(), person(&new_email(), false));
    let anna = person(&email, true);
    let first = sign_in(&shop, &shop.guest, &anna).await.body(200);
    assert_eq!((&first["token_type"], &first["user"]["roles"]), (&json!("Bearer"), &json!(["customer"])));
    let profile = shop.person(&email, &first).get("/v1/profile").await.body(200);
    assert_eq!((&profile["email"], &profile["full_name"]), (&json!(email), &json!("Anna Azad")));
    let second = sign_in(&shop, &shop.guest, &anna).await.body(200);
    assert_eq!(second["user"], first["user"]);
    let refreshed = shop.guest.post("/v1/auth/token/refresh", &json!({"refresh_token": second["refresh_token"]}));
    assert_eq!(refreshed.await.body(200)["user"], first["user"]);
    let other = sign_in(&shop, &shop.guest, &unverified).await.body(200);
    let profile = shop.person("", &other).get("/v1/profile").await.body(200);
    assert_eq!((&profile["email"], &profile["full_name"]), (&Value::Null, &json!("Anna Azad")));
}

#[tokio::test]
async fn an_account_is_linked_once_both_are_proved() {
    covers!("auth-start-social", "auth-finish-social");
    let shop = Shop::open();
    shop.offer_google().await;
    let owner = shop.customer().await;
    let claims = person(&owner.email, true);
    sign_in(&shop, &shop.guest, &claims).await.problem(409, "account_exists");
    let unlinked = sign_in(&shop, &shop.guest, &person(&owner.email, false)).await.body(200);
    assert_ne!(unlinked["user"]["id"], owner.id.as_str());
    let linked = sign_in(&shop, &owner, &claims).await.body(200);
    assert_eq!(linked["user"]["id"], owner.id.as_str());
    assert_eq!(sign_in(&shop, &shop.guest, &claims).await.body(200)["user"]["id"], owner.id.as_str());
    let other = shop.customer().await;
    sign_in(&shop, &other, &claims).await.problem(409, "identity_taken");
    assert_eq!(shop.sign_in(&owner.email, PASSWORD).await.id, owner.id);
}

#[tokio::test]
async fn a_page_finishes_only_what_its_browser_began_and_only_once() {
    covers!("auth-start-social", "auth-finish-social");
    let shop = Shop::open();
    shop.offer_google().await;
    let back = shop.come_back_from_google(&person(&new_email(), true)).await;
    finish(&shop.guest, &back, None).await.problem(400, "invalid_state");
    finish(&shop.guest, &back, Some("__Host-social=x")).await.problem(400, "invalid_state");
    finish(&shop.guest, &back, Some(&back.cookie)).await.expect(200);
    finish(&shop.guest, &back, Some(&back.cookie)).await.problem(400, "invalid_state");
    let again = shop.come_back_from_google(&person(&new_email(), true)).await;
    let made_up = CameBack { code: "x".to_owned(), ..again };
    finish(&shop.guest, &made_up, Some(&made_up.cookie)).await.problem(400, "invalid_code");
}

#[tokio::test]
async fn nobody_is_sent_where_nobody_is_listed() {
    covers!("auth-start-social");
    let shop = Shop::open();
    let to =
        |provider: &str, uri: &str| shop.guest.search(&format!("/v1/auth/social/{provider}"), &[("redirect_uri", uri)]);
    for uri in ["https://evil.example/", "http://localhost:3000/signed-in/", "http://localhost:3000", ""] {
        to("google", uri).await.invalid_field("redirect_uri", "not_allowed");
    }
    shop.guest.get("/v1/auth/social/google").await.invalid_field("redirect_uri", "required");
    to("facebook", REDIRECT_URI).await.problem(404, "provider_unavailable");
    to("nobody", REDIRECT_URI).await.problem(404, "not_found");
}
