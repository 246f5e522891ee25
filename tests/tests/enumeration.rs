//! Nobody learns from an answer, nor from what it took, whether an address or number has an account; and no address looks
//! like another.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::time::Duration;

use serde_json::{Value, json};
use shared::identity::Role;
use support::cloud::{Cloud, cloudy_world};
use support::{Answer, World, user};

const PASSWORD: &str = "tigers sleep in june";
const OTHER: &str = "rivers run in winter";

async fn post(world: &World, function: &str, token: Option<&str>, body: &Value) -> Answer {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap_or_else(|| panic!("{function}"));
    world.call(found.endpoint, ("POST", "/"), &[], token, Some(body.clone())).await
}

/// How it stands with an address or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// Nobody has it.
    Not,
    /// Somebody has registered it and not confirmed it yet.
    Waiting,
    /// It has an account.
    Account,
}

impl Known {
    /// The `n`th address of this sort: they differ where answers do not show it.
    fn address(self, n: u32) -> String {
        let mark = match self {
            Self::Not => 'n',
            Self::Waiting => 'w',
            Self::Account => 'a',
        };
        format!("p{n:03}{mark}@example.org")
    }

    fn number(self, n: u32) -> String {
        format!("+97798{}{n:06}", u8::from(self == Self::Account))
    }

    async fn make(self, world: &World, cloud: &Cloud, who: &str) {
        match self {
            Self::Not => {}
            Self::Waiting => {
                let body = json!({"email": who, "password": PASSWORD, "full_name": "Anna Karki"});
                assert_eq!(post(world, "auth-register", None, &body).await.status, 202);
            }
            Self::Account => {
                let mut pool = cloud.pool();
                pool.add(who, PASSWORD, &[Role::Customer], "CONFIRMED");
                // By both an address and a number, of which one is asked about.
                let (email, phone) = (format!("o{}@example.org", pool.count()), format!("+1555{:07}", pool.count()));
                let account = pool.user_mut(who);
                account.email.get_or_insert(email);
                account.phone.get_or_insert(phone);
            }
        }
    }
}

/// A function that anybody may ask about anybody, what it is sent, and what it answers where the code or password is wrong.
type Probe = (&'static str, Value, u16);

/// All that may be asked about an address, or about a number, by somebody who knows no code.
fn probes(who: &str, wrong: &str, password: &str) -> Vec<Probe> {
    let with = |more: Value| {
        let mut body = more;
        body[if who.contains('@') { "email" } else { "phone" }] = json!(who);
        body
    };
    let mut probes = vec![
        ("auth-forgot-password", with(json!({})), 202),
        ("auth-login", with(json!({"password": "not the right one"})), 401),
        ("auth-reset-password", with(json!({"code": wrong, "new_password": OTHER})), 400),
        ("auth-request-otp", with(json!({"purpose": "register"})), 202),
        ("auth-verify-otp", with(json!({"purpose": "register", "code": wrong})), 400),
        ("auth-request-otp", with(json!({"purpose": "login"})), 202),
        ("auth-verify-otp", with(json!({"purpose": "login", "code": wrong})), 400),
    ];
    if who.contains('@') {
        probes.push(("auth-resend-code", with(json!({})), 202));
        probes.push(("auth-confirm", with(json!({"code": wrong})), 400));
        // The last, since it makes a free address one that waits.
        probes.push(("auth-register", with(json!({"password": password, "full_name": "Mal"})), 202));
    }
    probes
}

/// A code that was sent to nobody.
fn wrong_code(cloud: &Cloud) -> String {
    let sent: Vec<_> = cloud.messages().all().iter().filter_map(support::cloud::Message::code).collect();
    (0..).map(|n| format!("{n:06}")).find(|code| !sent.contains(code)).unwrap()
}

/// All that can be told from outside: the answer, and every call that it took; some go side by side, so in no order.
fn told(answer: &Answer, who: &str, calls: Vec<String>) -> (u16, String, Vec<(String, String)>, Vec<String>) {
    let hidden = ["x-request-id", "ratelimit"];
    let headers = answer.headers.iter().filter(|(name, _)| !hidden.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut headers: Vec<_> = headers.collect();
    headers.sort();
    let mut calls = calls;
    calls.sort();
    let mut body = answer.body.clone();
    if let Some(problem) = body.as_object_mut() {
        problem.remove("request_id");
    }
    (answer.status, body.to_string().replace(who, "<who>"), headers, calls)
}

/// Asks everything about the first of `all` and about each of the others, at the same moments. How many pairs that were.
async fn compare(world: &World, cloud: &Cloud, all: &[(Known, String)], password: &str) -> usize {
    for (known, who) in all {
        known.make(world, cloud, who).await;
    }
    let mut pairs = 0;
    for step in 0.. {
        world.clock.advance(Duration::from_mins(1));
        world.read_keys().await;
        let wrong = wrong_code(cloud);
        let mut seen = Vec::new();
        for (known, who) in all {
            let Some((function, body, status)) = probes(who, &wrong, password).into_iter().nth(step) else {
                return pairs;
            };
            cloud.calls();
            let answer = post(world, function, None, &body).await;
            assert_eq!(answer.status, status, "{function} {known:?}: {}", answer.text);
            seen.push((function, told(&answer, who, cloud.calls())));
        }
        for ((known, _), other) in all.iter().zip(&seen).skip(1) {
            assert_eq!(seen[0], *other, "{known:?}");
            pairs += 1;
        }
    }
    pairs
}

#[tokio::test]
async fn nobody_learns_from_two_hundred_pairs_whether_there_is_an_account_whatever_they_ask() {
    let (world, cloud) = cloudy_world().await;
    let mut pairs = 0;
    for n in 0..8 {
        // An address that waits is registered again with the same password and with another one.
        let password = if n % 2 == 0 { PASSWORD } else { OTHER };
        let addresses = [Known::Not, Known::Waiting, Known::Account].map(|known| (known, known.address(n)));
        pairs += compare(&world, &cloud, &addresses, password).await;
        let numbers = [Known::Not, Known::Account].map(|known| (known, known.number(n)));
        pairs += compare(&world, &cloud, &numbers, password).await;
    }
    assert!(pairs >= 200, "{pairs} pairs");
}

#[tokio::test]
async fn registering_a_taken_address_changes_nobody() {
    let (world, cloud) = cloudy_world().await;
    let who = Known::Account.address(1);
    Known::Account.make(&world, &cloud, &who).await;
    let before = format!("{:?}", cloud.pool().user(&who));
    let body = json!({"email": who, "password": OTHER, "full_name": "Mal"});
    assert_eq!(post(&world, "auth-register", None, &body).await.status, 202);
    assert_eq!(format!("{:?}", cloud.pool().user(&who)), before);
    assert_eq!(cloud.pool().count(), 1);
}

/// The fields at fault, and what is wrong with them.
fn faults(answer: &Answer) -> Vec<(&str, &str)> {
    let errors = answer.body["errors"].as_array().into_iter().flatten();
    errors.map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn no_address_is_taken_that_looks_like_another() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add("anna@example.org", PASSWORD, &[Role::Customer], "CONFIRMED");
    let token = world.token(&user(1), Role::Customer);
    cloud.calls();
    for address in [
        // A Cyrillic а in the name and in the domain; a full-width letter and a full-width @; a Turkish dotless ı.
        "аnna@example.org",
        "anna@exаmple.org",
        "ａnna@example.org",
        "anna＠example.org",
        "anna@exampıe.org",
        // The sign for kelvin, which is a k in lower case; an ideographic full stop; what is not seen at all.
        "\u{212a}arki@example.org",
        "anna@example\u{3002}org",
        "an\u{200d}na@example.org",
        "anna@example.org\u{200b}",
    ] {
        let (otp, reset) = (json!({"purpose": "login"}), json!({"code": "123456", "new_password": PASSWORD}));
        for (function, mut body) in [
            ("auth-register", json!({"password": PASSWORD, "full_name": "Mal"})),
            ("auth-confirm", json!({"code": "123456"})),
            ("auth-resend-code", json!({})),
            ("auth-login", json!({"password": PASSWORD})),
            ("auth-forgot-password", json!({})),
            ("auth-reset-password", reset),
            ("auth-request-otp", otp),
            ("auth-change-contact", json!({"password": PASSWORD})),
        ] {
            body["email"] = json!(address);
            let token = (function == "auth-change-contact").then_some(token.as_str());
            let answer = post(&world, function, token, &body).await;
            let expected = (400, vec![("email", "invalid_email")]);
            assert_eq!((answer.status, faults(&answer)), expected, "{function} {address:?}: {}", answer.text);
        }
    }
    assert!(cloud.messages().all().is_empty());
    let asked = cloud.calls();
    assert!(asked.iter().all(|call| ["UpdateItem", "Query"].contains(&call.as_str())), "but counted: {asked:?}");
}

#[tokio::test]
async fn nobody_learns_by_registering_an_address_and_signing_in_to_it_whether_it_has_an_account() {
    let mut all = Vec::new();
    for known in [Known::Not, Known::Waiting, Known::Account] {
        let (world, cloud) = cloudy_world().await;
        let who = known.address(1);
        known.make(&world, &cloud, &who).await;
        let body = json!({"email": who, "password": OTHER, "full_name": "Mal"});
        let mut seen = vec![post(&world, "auth-register", None, &body).await.code().to_owned()];
        // What was registered forgives no wrong tries.
        for password in [OTHER, "one", "two", "three", OTHER, "four", OTHER, "five", OTHER] {
            let answer = post(&world, "auth-login", None, &json!({"email": who, "password": password})).await;
            seen.push(answer.code().to_owned());
        }
        all.push(seen);
        if known == Known::Account {
            world.clock.advance(Duration::from_mins(31));
            let own = post(&world, "auth-login", None, &json!({"email": who, "password": PASSWORD})).await;
            assert_eq!(own.status, 200, "its owner signs in as before: {}", own.text);
        }
    }
    let (unconfirmed, wrong) = ("email_unconfirmed", "invalid_credentials");
    assert_eq!(
        all[0],
        ["", unconfirmed, wrong, wrong, wrong, unconfirmed, wrong, unconfirmed, wrong, "account_locked"]
    );
    assert_eq!((&all[0], &all[0]), (&all[1], &all[2]));
}
