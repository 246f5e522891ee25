//! Forged access tokens, and the keys that they are checked against.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::identity::{KeySource, Role, TokenVerifier};
use support::{Issuer, World, event, user, world};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn refused(world: &World, token: &str, what: &str) {
    let answer = world.call(&profile_get::ENDPOINT, ("GET", "/v1/profile"), &[], Some(token), None).await;
    assert_eq!((answer.status, answer.code()), (401, "invalid_token"), "{what}: {}", answer.text);
    assert_eq!(answer.headers["www-authenticate"], "Bearer error=\"invalid_token\"", "{what}");
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn no_claim_may_be_other_than_it_should() {
    let world = world().await;
    let header = json!({"alg": "RS256", "kid": "test-key"});
    let claims = || world.issuer.claims(&user(1), &[Role::Customer], "session", world.clock.now());
    let good = world.issuer.sign(&header, &claims());
    let answer = world.call(&profile_get::ENDPOINT, ("GET", "/v1/profile"), &[], Some(&good), None).await;
    assert_eq!(answer.status, 404, "the token itself is good: {}", answer.text);
    let later = world.clock.now().seconds() + 3600;
    for (claim, value) in [
        ("iss", json!("https://cognito-idp.us-east-1.amazonaws.com/us-east-1_another")),
        ("iss", json!(["https://cognito-idp.us-east-1.amazonaws.com/us-east-1_test"])),
        ("iss", Value::Null),
        ("client_id", json!("another-client")),
        ("client_id", Value::Null),
        ("token_use", json!("id")),
        ("token_use", json!("refresh")),
        ("token_use", Value::Null),
        ("exp", json!(later.to_string())),
        ("exp", json!("never")),
        ("exp", Value::Null),
        ("iat", json!(later)),
        ("iat", json!("now")),
        ("iat", Value::Null),
        ("sub", json!("admin")),
        ("sub", json!(1)),
        ("sub", Value::Null),
        ("origin_jti", Value::Null),
        ("cognito:groups", json!("super_admin")),
        ("cognito:groups", json!({"super_admin": true})),
        // Those that the page for other providers gives to anybody.
        ("scope", json!("openid email profile")),
        ("scope", json!("")),
        ("scope", json!("aws.cognito.signin.user.administrator")),
        ("scope", json!(["aws.cognito.signin.user.admin"])),
    ] {
        let mut forged = claims();
        match &value {
            Value::Null => drop(forged.as_object_mut().unwrap().remove(claim)),
            _ => forged[claim] = value.clone(),
        }
        refused(&world, &world.issuer.sign(&header, &forged), &format!("{claim} = {value}")).await;
    }
}

#[tokio::test]
async fn what_everybody_may_read_is_shown_to_the_sender_of_a_bad_token_as_to_a_guest() {
    let world = world().await;
    let list = |token| world.call(&catalog_list_products::ENDPOINT, ("GET", "/v1/products"), &[], token, None);
    let guest = list(None).await;
    assert!(!guest.headers.contains_key("token-ignored"));
    let good = world.token(&user(1), Role::PharmacyAdmin);
    assert!(!list(Some(&good)).await.headers.contains_key("token-ignored"));
    let header = json!({"alg": "RS256", "kid": "test-key"});
    let mut expired = world.issuer.claims(&user(1), &[Role::PharmacyAdmin], "session", world.clock.now());
    expired["exp"] = json!(world.clock.now().seconds() - 1);
    let expired = world.issuer.sign(&header, &expired);
    for (token, reason) in [(expired.as_str(), "expired"), ("no.token.ofours", "invalid"), ("", "invalid")] {
        let answer = list(Some(token)).await;
        assert_eq!((answer.status, &answer.text), (200, &guest.text), "{token}");
        assert_eq!(answer.headers["token-ignored"], reason);
    }
}

#[tokio::test]
async fn where_a_guest_is_not_enough_after_all_a_bad_token_is_told_what_is_wrong_with_it() {
    let world = world().await;
    let get = registry::ENDPOINTS.iter().find(|one| one.name() == "content-get").unwrap();
    let draft = async |token: Option<&str>| {
        let path = "/v1/pages/ibuprofen?state=draft";
        world.call(get.endpoint, ("GET", path), &[("slug", "ibuprofen")], token, None).await
    };
    let good = world.token(&user(1), Role::PharmacyAdmin);
    assert_eq!(draft(Some(&good)).await.status, 404, "there is no such page");
    assert_eq!(draft(None).await.code(), "unauthenticated");
    let header = json!({"alg": "RS256", "kid": "test-key"});
    let mut expired = world.issuer.claims(&user(1), &[Role::PharmacyAdmin], "session", world.clock.now());
    expired["exp"] = json!(world.clock.now().seconds() - 1);
    let expired = world.issuer.sign(&header, &expired);
    for (token, code) in [(expired.as_str(), "expired_token"), ("no.token.ofours", "invalid_token")] {
        let answer = draft(Some(token)).await;
        assert_eq!((answer.status, answer.code()), (401, code), "{}", answer.text);
        assert_eq!(answer.headers["www-authenticate"], "Bearer error=\"invalid_token\"");
        assert!(!answer.headers.contains_key("token-ignored"), "{code}");
    }
    let out = world.call(&auth_logout::ENDPOINT, ("POST", "/v1/auth/logout"), &[], Some(&good), None).await;
    assert_eq!(out.status, 204, "{}", out.text);
    world.clock.advance(Duration::from_secs(5));
    assert_eq!(draft(Some(&good)).await.code(), "session_ended");
}

#[tokio::test]
async fn where_everybody_is_shown_the_same_no_header_is_looked_at() {
    let world = world().await;
    let body = json!({"refresh_token": "x"});
    for header in ["Basic Zm9vOmJhcg==", "Bearer", "Bearer no.token.ofours"] {
        let mut event = event("POST", "/v1/auth/token/refresh", &[], None, Some(&body));
        event["headers"]["authorization"] = json!(header);
        let answer = world.send(&auth_refresh::ENDPOINT, &event).await;
        assert_eq!(answer.code(), "invalid_refresh_token", "{header}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_ended_session_reads_as_a_guest_what_everybody_may_read() {
    let world = world().await;
    for (number, role) in [(1, Role::Customer), (2, Role::PharmacyAdmin)] {
        let token = world.token(&user(number), role);
        let out = world.call(&auth_logout::ENDPOINT, ("POST", "/v1/auth/logout"), &[], Some(&token), None).await;
        assert_eq!(out.status, 204, "{}", out.text);
        world.clock.advance(Duration::from_secs(5));
        let query = [("status", "draft")];
        let answer =
            world.call(&catalog_list_products::ENDPOINT, ("GET", "/v1/products"), &query, Some(&token), None).await;
        let guest = world.call(&catalog_list_products::ENDPOINT, ("GET", "/v1/products"), &query, None, None).await;
        assert_eq!((answer.status, &answer.text), (guest.status, &guest.text));
        assert_eq!(answer.headers["token-ignored"], "ended");
    }
}

#[tokio::test]
async fn a_token_of_the_pools_own_calls_is_good_with_more_scopes_and_without_a_word_of_them() {
    let world = world().await;
    let header = json!({"alg": "RS256", "kid": "test-key"});
    let now = world.clock.now();
    for scope in [json!("openid aws.cognito.signin.user.admin"), Value::Null] {
        let mut claims = world.issuer.claims(&user(1), &[Role::Customer], "session", now);
        match &scope {
            Value::Null => drop(claims.as_object_mut().unwrap().remove("scope")),
            _ => claims["scope"] = scope.clone(),
        }
        let token = world.issuer.sign(&header, &claims);
        assert_eq!(world.app.verifier().verify(&token, now).await.unwrap().user, user(1), "{scope}");
    }
}

#[tokio::test]
async fn no_claim_gives_a_role_but_the_groups_that_are_ours() {
    let world = world().await;
    let now = world.clock.now();
    let mut claims = world.issuer.claims(&user(1), &[], "session", now);
    // Cognito's own of who came by another provider, and what looks like one of ours.
    let groups = ["us-east-1_abc_Google", "SUPER_ADMIN", "super_admin ", " super_admin", "super-admin", "admin", ""];
    claims["cognito:groups"] = json!(groups);
    for claim in ["custom:role", "role", "roles", "groups", "cognito:roles", "cognito:preferred_role"] {
        claims[claim] = json!("super_admin");
    }
    let token = world.issuer.sign(&json!({"alg": "RS256", "kid": "test-key"}), &claims);
    let caller = world.app.verifier().verify(&token, now).await.unwrap();
    assert!(caller.roles.is_empty(), "{:?}", caller.roles);
}

#[tokio::test]
async fn no_signature_but_the_issuers_counts() {
    let world = world().await;
    let mut claims = world.issuer.claims(&user(1), &[Role::SuperAdmin], "session", world.clock.now());
    let public = serde_json::to_value(Issuer::jwks()).unwrap();
    let (n, e) = (public["keys"][0]["n"].as_str().unwrap(), public["keys"][0]["e"].as_str().unwrap());
    // What a library would take for the secret that was told "HS256" and handed the public key.
    for secret in [
        n.as_bytes().to_vec(),
        URL_SAFE_NO_PAD.decode(n).unwrap(),
        public["keys"][0].to_string().into_bytes(),
        Vec::new(),
    ] {
        for header in [json!({"alg": "HS256", "kid": "test-key"}), json!({"alg": "HS256"})] {
            let signed = format!("{}.{}", encode(&header), encode(&claims));
            let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), signed.as_bytes());
            let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac));
            refused(&world, &token, "HS256 with the public key").await;
        }
    }
    for algorithm in ["none", "None", "NONE", "nOnE", "RS384", "RS512", "PS256", "ES256", "HS512", ""] {
        let header = json!({"alg": algorithm, "kid": "test-key"});
        refused(&world, &format!("{}.{}.", encode(&header), encode(&claims)), algorithm).await;
        refused(&world, &world.issuer.sign(&header, &claims), algorithm).await;
    }
    let jwk = json!({"kty": "RSA", "n": n, "e": e});
    for header in [
        json!({"alg": "RS256"}),
        json!({"alg": "RS256", "kid": ""}),
        json!({"alg": "RS256", "kid": "../../etc/passwd"}),
        json!({"alg": "RS256", "jwk": jwk}),
        json!({"alg": "RS256", "jku": "https://evil.example/jwks.json"}),
        json!({"alg": "RS256", "x5u": "https://evil.example/chain.pem", "kid": "other"}),
    ] {
        refused(&world, &world.issuer.sign(&header, &claims), &header.to_string()).await;
    }
    let good = world.issuer.sign(&json!({"alg": "RS256", "kid": "test-key"}), &claims);
    claims["sub"] = json!(user(2));
    let (head, signature) = (good.split('.').next().unwrap(), good.split('.').nth(2).unwrap());
    refused(&world, &format!("{head}.{}.{signature}", encode(&claims)), "somebody else's claims").await;
    refused(&world, &good[..good.len() - 2], "a cut signature").await;
}

/// An issuer that counts how often its keys are asked for, and can be down.
struct Keys {
    fetched: Arc<AtomicUsize>,
    down: Arc<AtomicBool>,
    endpoint: String,
}

async fn keys() -> Keys {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (fetched, down) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (count, is_down) = (fetched.clone(), down.clone());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            count.fetch_add(1, Ordering::SeqCst);
            let body = serde_json::to_string(&Issuer::jwks()).unwrap();
            let status = if is_down.load(Ordering::SeqCst) { "503 x" } else { "200 OK" };
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    Keys { fetched, down, endpoint }
}

async fn verifier(world: &World, keys: &Keys) -> TokenVerifier {
    let sdk =
        aws_config::defaults(BehaviorVersion::latest()).no_credentials().region(Region::new("us-east-1")).load().await;
    TokenVerifier::with_keys(world.app.config(), KeySource::url(&keys.endpoint, "/jwks.json".to_owned(), &sdk))
}

#[tokio::test]
async fn a_flood_of_unknown_keys_is_one_question_a_minute() {
    let world = world().await;
    let keys = keys().await;
    let verifier = verifier(&world, &keys).await;
    let claims = world.issuer.claims(&user(1), &[], "session", world.clock.now());
    let now = world.clock.now();
    let made_up: Vec<_> =
        (0..200).map(|n| world.issuer.sign(&json!({"alg": "RS256", "kid": format!("made-up-{n}")}), &claims)).collect();
    let answers = join_all(made_up.iter().map(|token| verifier.verify(token, now))).await;
    assert!(answers.iter().all(|answer| answer.as_ref().is_err_and(|error| error.code() == "invalid_token")));
    assert_eq!(keys.fetched.load(Ordering::SeqCst), 1);
    let good = world.issuer.token(&user(1), &[], "session", now);
    assert!(verifier.verify(&good, now).await.is_ok());
    assert_eq!(keys.fetched.load(Ordering::SeqCst), 1, "a known key is never asked for again");
    let later = now.plus(Duration::from_secs(61));
    assert!(verifier.verify(&made_up[0], later).await.is_err());
    assert!(verifier.verify(&made_up[1], later).await.is_err());
    assert_eq!(keys.fetched.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_issuer_that_is_down_is_asked_no_oftener() {
    let world = world().await;
    let keys = keys().await;
    let verifier = verifier(&world, &keys).await;
    let now = world.clock.now();
    let good = world.issuer.token(&user(1), &[], "session", now);
    assert!(verifier.verify(&good, now).await.is_ok());
    keys.down.store(true, Ordering::SeqCst);
    let claims = world.issuer.claims(&user(1), &[], "session", now);
    let made_up: Vec<_> =
        (0..200).map(|n| world.issuer.sign(&json!({"alg": "RS256", "kid": format!("made-up-{n}")}), &claims)).collect();
    for minute in 1..3 {
        let now = now.plus(Duration::from_secs(61 * minute));
        let before = keys.fetched.load(Ordering::SeqCst);
        let answers = join_all(made_up.iter().map(|token| verifier.verify(token, now))).await;
        // Nobody can tell whose they are, and nobody is let in.
        assert!(answers.iter().all(|answer| answer.as_ref().is_err_and(|error| error.code() == "unavailable")));
        // One call, which may be tried twice.
        assert!((1..=2).contains(&(keys.fetched.load(Ordering::SeqCst) - before)));
        assert!(verifier.verify(&good, now).await.is_ok(), "what is known stays known");
    }
}

#[tokio::test]
async fn without_keys_nobody_is_let_in() {
    let world = world().await;
    let keys = keys().await;
    keys.down.store(true, Ordering::SeqCst);
    let verifier = verifier(&world, &keys).await;
    let now = world.clock.now();
    let good = world.issuer.token(&user(1), &[Role::Customer], "session", now);
    // A flood is one call as well, and a start does not fail for longer than a second because of it.
    let answers = join_all((0..50).map(|_| verifier.verify(&good, now))).await;
    assert!(answers.iter().all(|answer| answer.as_ref().is_err_and(|error| error.code() == "unavailable")));
    assert!((1..=2).contains(&keys.fetched.load(Ordering::SeqCst)), "one call, which may be tried twice");
    keys.down.store(false, Ordering::SeqCst);
    let now = now.plus(Duration::from_secs(1));
    assert_eq!(verifier.verify(&good, now).await.unwrap().user, user(1));
    keys.down.store(true, Ordering::SeqCst);
    assert!(verifier.verify(&good, now.plus(Duration::from_secs(600))).await.is_ok(), "what is known stays known");
}
