//! Rate limits and the feed of ended sessions: exact under races, cheap, and without a round trip of their own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::identity::Role;
use support::cloud::{Cloud, cloudy_world, cloudy_world_with};
use support::{Answer, World, event, user, world_with};

const STRICT: &[(&str, &str)] = &[("address_limit_factor", "1")];

fn from(address: &str, mut event: Value) -> Value {
    event["requestContext"]["http"]["sourceIp"] = json!(address);
    event
}

fn sign_in(address: &str) -> Value {
    let body = json!({"email": "nobody@example.org", "password": "not the right one"});
    from(address, event("POST", "/v1/auth/login", &[], None, Some(&body)))
}

fn header(answer: &Answer, name: &str) -> String {
    answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

async fn profile(world: &World, token: &str) -> Answer {
    world.call(&profile_get::ENDPOINT, ("GET", "/v1/profile"), &[], Some(token), None).await
}

fn of<'a>(calls: &'a [String], name: &str) -> Vec<&'a str> {
    calls.iter().map(String::as_str).filter(|call| *call == name).collect()
}

#[tokio::test]
async fn the_sixth_sign_in_of_a_minute_waits_for_the_next() {
    let (world, _) = cloudy_world_with(STRICT).await;
    for left in (0..5).rev() {
        let answer = world.send(&auth_login::ENDPOINT, &sign_in("192.0.2.1")).await;
        assert_ne!(answer.status, 429);
        assert_eq!(header(&answer, "ratelimit"), format!("\"sign_in\";r={left};t=60"));
        assert_eq!(header(&answer, "ratelimit-policy"), "\"sign_in\";q=5;w=60");
    }
    let refused = world.send(&auth_login::ENDPOINT, &sign_in("192.0.2.1")).await;
    assert_eq!((refused.status, refused.code()), (429, "rate_limited"));
    assert_eq!(
        (header(&refused, "retry-after").as_str(), header(&refused, "ratelimit").as_str()),
        ("60", "\"sign_in\";r=0;t=60")
    );
    let elsewhere = world.send(&auth_login::ENDPOINT, &sign_in("192.0.2.2")).await;
    assert_ne!(elsewhere.status, 429);
    world.clock.advance(Duration::from_secs(60));
    assert_ne!(world.send(&auth_login::ENDPOINT, &sign_in("192.0.2.1")).await.status, 429);
}

#[tokio::test]
async fn a_forged_address_is_no_other_address() {
    let (world, _) = cloudy_world_with(STRICT).await;
    let forged = |n: usize| {
        let mut event = sign_in("192.0.2.1");
        for header in
            ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "true-client-ip", "x-viewer-address"]
        {
            event["headers"][header] = json!(format!("198.51.100.{n}"));
        }
        event
    };
    for n in 0..5 {
        assert_ne!(world.send(&auth_login::ENDPOINT, &forged(n)).await.status, 429);
    }
    assert_eq!(world.send(&auth_login::ENDPOINT, &forged(9)).await.status, 429);
}

/// What the CDN in front proves itself by, and the settings that know its digest.
const PROOF: &str = "the secret of the CDN";
const BEHIND_A_CDN: &[(&str, &str)] = &[
    ("address_limit_factor", "1"),
    ("edge_digests", "\"5fc6d27c950043ca7d845224a5dec6b7d32dd7ba58bde87747e6c6a8fc9f7442\""),
];

/// The same as the CDN hands it on: all of them come from its own address.
fn handed_on(viewer: &str, proof: Option<&str>) -> Value {
    let mut event = sign_in("198.51.100.1");
    event["headers"]["x-viewer-address"] = json!(viewer);
    if let Some(proof) = proof {
        event["headers"]["x-origin-secret"] = json!(proof);
    }
    event
}

#[tokio::test]
async fn limits_go_by_the_address_that_the_cdn_saw() {
    let (world, _) = cloudy_world_with(BEHIND_A_CDN).await;
    for _ in 0..5 {
        assert_ne!(world.send(&auth_login::ENDPOINT, &handed_on("192.0.2.1", Some(PROOF))).await.status, 429);
    }
    assert_eq!(world.send(&auth_login::ENDPOINT, &handed_on("192.0.2.1", Some(PROOF))).await.status, 429);
    let other = world.send(&auth_login::ENDPOINT, &handed_on("192.0.2.2", Some(PROOF))).await;
    assert_ne!(other.status, 429, "another behind the same CDN");
}

#[tokio::test]
async fn nobody_goes_past_the_cdn() {
    let (world, cloud) = cloudy_world_with(BEHIND_A_CDN).await;
    cloud.calls();
    for proof in [None, Some("a guess"), Some("5fc6d27c950043ca7d845224a5dec6b7d32dd7ba58bde87747e6c6a8fc9f7442")] {
        let past = world.send(&auth_login::ENDPOINT, &handed_on("192.0.2.1", proof)).await;
        assert_eq!((past.status, past.code()), (403, "forbidden"), "{proof:?}");
    }
    assert_eq!(cloud.calls(), Vec::<String>::new(), "nobody is asked about who is refused so");
    let health = registry::ENDPOINTS.iter().find(|one| one.name() == "platform-health").unwrap();
    let health = world.send(health.endpoint, &event("GET", "/v1/health", &[], None, None)).await;
    assert_eq!(health.status, 403, "not even the health of it");
}

#[tokio::test]
async fn a_hundred_sign_ins_at_once_are_five() {
    let (world, _) = cloudy_world_with(STRICT).await;
    let event = sign_in("192.0.2.1");
    let answers = join_all((0..100).map(|_| world.send(&auth_login::ENDPOINT, &event))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status != 429).count(), 5);
}

#[tokio::test]
async fn who_is_over_the_limit_costs_no_more_writes() {
    let (world, cloud) = cloudy_world_with(STRICT).await;
    for _ in 0..6 {
        world.send(&auth_login::ENDPOINT, &sign_in("192.0.2.1")).await;
    }
    cloud.calls();
    assert_eq!(world.send(&auth_login::ENDPOINT, &sign_in("192.0.2.1")).await.status, 429);
    assert_eq!(cloud.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn searching_is_counted_in_leases_and_ends_at_a_hundred() {
    let (world, cloud) = cloudy_world_with(STRICT).await;
    let search = from("192.0.2.1", event("GET", "/v1/products?query=para", &[], None, None));
    cloud.calls();
    for _ in 0..100 {
        assert_eq!(world.send(&catalog_list_products::ENDPOINT, &search).await.status, 200);
    }
    // 1 + 2 + 4, and then five at a time.
    assert_eq!(of(&cloud.calls(), "UpdateItem").len(), 22);
    let answer = world.send(&catalog_list_products::ENDPOINT, &search).await;
    assert_eq!((answer.status, answer.code()), (429, "rate_limited"));
}

#[tokio::test]
async fn a_caller_is_counted_wherever_they_are() {
    let world = world_with(STRICT).await;
    let token = world.token(&user(1), Role::Customer);
    let search = |address: &str, token| from(address, event("GET", "/v1/orders", &[], token, None));
    for n in 0..1000 {
        let answer = world.send(&orders_list::ENDPOINT, &search(&format!("192.0.2.{}", n % 250), Some(&token))).await;
        assert_eq!(answer.status, 200, "{n}");
    }
    let answer = world.send(&orders_list::ENDPOINT, &search("203.0.113.1", Some(&token))).await;
    assert_eq!(answer.status, 429);
    let another = world.token(&user(2), Role::Customer);
    assert_eq!(world.send(&orders_list::ENDPOINT, &search("203.0.113.1", Some(&another))).await.status, 200);
}

#[tokio::test]
async fn an_office_behind_one_address_stays_signed_in() {
    let (world, cloud) = cloudy_world_with(STRICT).await;
    let refresh =
        |token: &str| from("192.0.2.1", event("POST", "/", &[], None, Some(&json!({"refresh_token": token}))));
    for number in 0..12 {
        let email = format!("clerk{number}@example.org");
        cloud.pool().add(&email, "tigers sleep in june", &[Role::Customer], "CONFIRMED");
        let body = json!({"email": email, "password": "tigers sleep in june"});
        let login = from(&format!("198.51.100.{number}"), event("POST", "/", &[], None, Some(&body)));
        let session = world.send(&auth_login::ENDPOINT, &login).await;
        let answer =
            world.send(&auth_refresh::ENDPOINT, &refresh(session.body["refresh_token"].as_str().unwrap())).await;
        assert_eq!(answer.status, 200, "{number}: {}", answer.text);
    }
}

#[tokio::test]
async fn one_session_is_refreshed_sixty_times_a_minute_wherever_it_comes_from_and_is_told() {
    let (world, cloud) = cloudy_world_with(STRICT).await;
    cloud.pool().add("anna@example.org", "tigers sleep in june", &[Role::Customer], "CONFIRMED");
    let body = json!({"email": "anna@example.org", "password": "tigers sleep in june"});
    let mut session =
        world.send(&auth_login::ENDPOINT, &from("192.0.2.1", event("POST", "/", &[], None, Some(&body)))).await;
    for number in 0..61 {
        let body = json!({"refresh_token": session.body["refresh_token"]});
        let refresh = from(&format!("198.51.100.{number}"), event("POST", "/", &[], None, Some(&body)));
        let answer = world.send(&auth_refresh::ENDPOINT, &refresh).await;
        assert_eq!(header(&answer, "ratelimit-policy"), "\"refresh\";q=60;w=60", "{number}");
        if number == 60 {
            assert_eq!((answer.status, answer.code()), (429, "rate_limited"));
        } else {
            assert_eq!(header(&answer, "ratelimit"), format!("\"refresh\";r={};t=60", 59 - number));
            session = answer.expect(200);
        }
    }
}

#[tokio::test]
async fn a_household_searches_each_for_themselves() {
    let world = world_with(STRICT).await;
    let search = async |number| {
        let token = world.token(&user(number), Role::Customer);
        let event = event("GET", "/v1/products?query=amox", &[], Some(&token), None);
        world.send(&catalog_list_products::ENDPOINT, &from("192.0.2.1", event)).await.status
    };
    for n in 0..100 {
        assert_eq!(search(1).await, 200, "{n}");
    }
    assert_eq!((search(1).await, search(2).await), (429, 200));
}

#[tokio::test]
async fn a_burst_over_many_instances_is_let_through() {
    // Each call finds a function that knows nothing of the others.
    let (world, _) = cloudy_world_with(STRICT).await;
    let token = world.token(&user(1), Role::Customer);
    let answers = join_all((0..200).map(|_| profile(&world, &token))).await;
    assert!(answers.iter().all(|answer| answer.status == 404));
}

#[tokio::test]
async fn an_address_gets_three_mails_an_hour_whether_it_has_an_account_or_not() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add("anna@example.org", "tigers sleep in june", &[Role::Customer], "CONFIRMED");
    for endpoint in [&auth_forgot_password::ENDPOINT, &auth_resend_code::ENDPOINT] {
        for email in ["anna@example.org", "nobody@example.org"] {
            let ask = async || world.call(endpoint, ("POST", "/"), &[], None, Some(json!({"email": email}))).await;
            for _ in 0..3 {
                assert_eq!(ask().await.status, 202, "{email}");
            }
            cloud.calls();
            let refused = ask().await;
            assert_eq!((refused.status, refused.code()), (429, "too_many_requests"), "{email}");
            assert_eq!(header(&refused, "retry-after"), "3600");
            assert!(cloud.calls().iter().all(|call| call == "UpdateItem"), "nothing was sent");
        }
    }
    world.clock.advance(Duration::from_hours(1));
    let body = Some(json!({"email": "anna@example.org"}));
    assert_eq!(world.call(&auth_forgot_password::ENDPOINT, ("POST", "/"), &[], None, body).await.status, 202);
}

#[tokio::test]
async fn who_has_messages_sent_where_they_like_may_do_so_ten_times_an_hour() {
    let (world, cloud) = cloudy_world_with(STRICT).await;
    let token = world.token(&user(1), Role::Customer);
    for (function, token) in
        [("auth-request-otp", None), ("auth-forgot-password", None), ("auth-change-contact", Some(token.as_str()))]
    {
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap().endpoint;
        let ask = |address| from(address, event("POST", "/", &[], token, Some(&json!({}))));
        for left in (0..10).rev() {
            let answer = world.send(endpoint, &ask("192.0.2.1")).await;
            assert_eq!(answer.status, 400, "{function}: {}", answer.text);
            assert_eq!(header(&answer, "ratelimit"), format!("\"send_code\";r={left};t=3600"), "{function}");
        }
        let refused = world.send(endpoint, &ask("192.0.2.1")).await;
        assert_eq!((refused.status, refused.code()), (429, "rate_limited"), "{function}");
        assert_eq!(header(&refused, "retry-after"), "3600", "{function}");
        assert_eq!(world.send(endpoint, &ask("192.0.2.2")).await.status, 400, "{function}");
    }
    assert!(cloud.messages().all().is_empty());
}

#[tokio::test]
async fn refusals_are_counted_too() {
    let (world, _) = cloudy_world_with(STRICT).await;
    let change = from("192.0.2.1", event("POST", "/v1/auth/password/change", &[], None, Some(&json!({}))));
    for _ in 0..10 {
        assert_eq!(world.send(&auth_change_password::ENDPOINT, &change).await.status, 401);
    }
    assert_eq!(world.send(&auth_change_password::ENDPOINT, &change).await.status, 429);
}

#[tokio::test]
async fn wrong_tokens_are_no_way_to_knock_without_limit() {
    let (world, _) = cloudy_world_with(STRICT).await;
    let change =
        from("192.0.2.1", event("POST", "/v1/auth/password/change", &[], Some("made.up.token"), Some(&json!({}))));
    for _ in 0..10 {
        assert_eq!(world.send(&auth_change_password::ENDPOINT, &change).await.code(), "invalid_token");
    }
    assert_eq!(world.send(&auth_change_password::ENDPOINT, &change).await.status, 429);
}

#[tokio::test]
async fn over_its_limit_a_read_that_writes_writes_nothing() {
    let (world, cloud) = cloudy_world_with(STRICT).await;
    let path = "/v1/auth/social/google?redirect_uri=https%3A%2F%2Fshop.example%2Fsigned-in";
    let start = from("192.0.2.1", event("GET", path, &[("provider", "google")], None, None));
    for _ in 0..10 {
        assert_eq!(world.send(&auth_start_social::ENDPOINT, &start).await.status, 302);
    }
    // Another function that knows nothing of these has to ask the counters first.
    let another = world.another_instance().await;
    cloud.calls();
    let request = lambda_http::request::from_str(&start.to_string()).unwrap();
    assert_eq!(shared::api::answer(&another, &auth_start_social::ENDPOINT, request).await.status(), 429);
    assert_eq!(cloud.calls(), ["UpdateItem"], "the count, and no attempt");
}

#[tokio::test]
async fn without_the_counters_secrets_are_guarded_and_reads_go_on() {
    let (world, cloud) = cloudy_world().await;
    let token = world.token(&user(1), Role::Customer);
    assert_eq!(profile(&world, &token).await.status, 404);
    world.dynamo.delete_table().table_name("guard").send().await.unwrap();
    // The feed is known for three more seconds, and the lease of the caller's limit for the rest of the minute.
    assert_eq!(profile(&world, &token).await.status, 404);
    assert!(world.send(&auth_login::ENDPOINT, &sign_in("192.0.2.1")).await.status >= 500);
    let search = from("192.0.2.1", event("GET", "/v1/products", &[], None, None));
    assert_eq!(world.send(&catalog_list_products::ENDPOINT, &search).await.status, 200);
    assert!(!cloud.calls().is_empty());
}

// --------------------------------------------------------------- ended sessions

/// Calls, and how many of them were under way at once.
async fn cost(cloud: &Cloud, work: impl Future<Output = Answer>) -> (Vec<String>, usize) {
    cloud.calls();
    cloud.answer_slowly(Duration::from_millis(50));
    work.await;
    let most = cloud.answer_slowly(Duration::ZERO);
    (cloud.calls(), most)
}

#[tokio::test]
async fn knowing_who_has_signed_out_takes_no_round_trip_of_its_own() {
    let (world, cloud) = cloudy_world().await;
    let token = world.token(&user(1), Role::Customer);
    let (cold, at_once) = cost(&cloud, profile(&world, &token)).await;
    assert_eq!((cold.len(), at_once), (3, 3), "{cold:?}");
    profile(&world, &token).await;
    let (warm, _) = cost(&cloud, profile(&world, &token)).await;
    assert_eq!(warm, ["GetItem"]);
    profile(&world, &token).await;
    world.clock.advance(Duration::from_secs(4));
    let (stale, at_once) = cost(&cloud, profile(&world, &token)).await;
    assert_eq!((stale.len(), at_once), (2, 2), "{stale:?}");
}

#[tokio::test]
async fn an_ended_session_reads_and_writes_nothing() {
    let (world, _) = cloudy_world().await;
    let token = world.token(&user(1), Role::Customer);
    let out = world.call(&auth_logout::ENDPOINT, ("POST", "/v1/auth/logout"), &[], Some(&token), None).await;
    assert_eq!(out.status, 204);
    world.clock.advance(Duration::from_secs(4));
    let read = profile(&world, &token).await;
    assert_eq!((read.status, read.code()), (401, "session_ended"));
    let export = world.call(&profile_export::ENDPOINT, ("GET", "/v1/profile/export"), &[], Some(&token), None).await;
    assert_eq!((export.status, export.code()), (401, "session_ended"));
    let trail = world.dynamo.scan().table_name("audit").send().await.unwrap();
    let exported = |item: &std::collections::HashMap<_, aws_sdk_dynamodb::types::AttributeValue>| {
        item["action"].as_s().unwrap() == "profile.export"
    };
    assert!(!trail.items().iter().any(exported), "what was not given is not on the trail as given");
    let quantity = json!({"quantity": 1});
    let item = ("PUT", "/v1/cart/items/prd_01J00000000000000000000000");
    let write = world.call(&cart_put_item::ENDPOINT, item, &[], Some(&token), Some(quantity)).await;
    assert_eq!((write.status, write.code()), (401, "session_ended"));
}
