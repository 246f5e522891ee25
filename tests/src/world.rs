//! A whole world in one process.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use serde_json::{Value, json};
use shared::accounts::{Email, FullName};
use shared::api::{self, App, Endpoint};
use shared::audit::{Action, Entry, Origin};
use shared::identity::{KeySource, Role, TokenVerifier};
use shared::platform::clock::{Clock, Timestamp};
use shared::platform::config::{Config, Secret};
use shared::platform::ids::UserId;
use shared::platform::signing::{KeyRing, SigningKey};

use crate::events::{Answer, event};
use crate::tables;
use crate::tokens::Issuer;

/// An App on an embedded DynamoDB.
#[derive(Debug)]
pub struct World {
    /// The App, as a function has it.
    pub app: App,
    /// Its clock.
    pub clock: Clock,
    /// Whose tokens it believes.
    pub issuer: Issuer,
    /// A client of the embedded DynamoDB, to look behind the App.
    pub dynamo: aws_sdk_dynamodb::Client,
}

/// A fresh world. The clock stands at 2026-11-20T10:00:00Z.
pub async fn world() -> World {
    world_with(&[]).await
}

/// The same, with some of its settings otherwise.
pub async fn world_with(settings: &[(&str, &str)]) -> World {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let database = dynoxide::Database::memory().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    Box::pin(world_of(config(&endpoint, settings), standing_clock(), true)).await
}

/// A world whose AWS is at `endpoint`, whatever is there.
pub async fn world_at(endpoint: &str, make_tables: bool) -> World {
    Box::pin(world_of(config(endpoint, &[]), standing_clock(), make_tables)).await
}

/// The same with its tables and some of its settings otherwise.
pub async fn world_at_with(endpoint: &str, settings: &[(&str, &str)]) -> World {
    world_of(config(endpoint, settings), standing_clock(), true).await
}

/// The clock of a fresh world.
pub(crate) fn standing_clock() -> Clock {
    Clock::manual(Timestamp::parse("2026-11-20T10:00:00Z").unwrap())
}

/// A world of a whole configuration.
pub(crate) async fn world_of(config: Config, clock: Clock, make_tables: bool) -> World {
    let dynamo = aws_sdk_dynamodb::Client::new(&sdk(&config).await);
    let issuer = Issuer::new(&config);
    let app = app_of(config.clone(), clock.clone()).await;
    // On the heap, as below: the futures of a whole world are larger than the stack of a test's thread.
    if make_tables {
        Box::pin(tables::create(&dynamo)).await;
        // As in a deployment, before anybody asks for anything; by another instance, so that this one starts with nothing in
        // mind but the keys.
        let first = Box::new(app_of(config, clock.clone()).await);
        Box::pin(first.key_publisher().publish()).await.unwrap();
        Box::pin(first.revocations().warm_up(&first.guard_table(), clock.now())).await.unwrap();
        know(&app, &first);
    } else {
        let key = SigningKey { secret: Secret::new("a key for tests alone"), from: clock.now() };
        app.revocations().signing().set(KeyRing::new(&[key], Secret::new("lasting"), clock.now()).unwrap());
    }
    World { app, clock, issuer, dynamo }
}

/// Lets an instance know the signing keys that another has read.
fn know(app: &App, other: &App) {
    app.revocations().signing().set((*other.signing_keys().unwrap()).clone());
}

/// An App of a whole configuration.
pub(crate) async fn app_of(config: Config, clock: Clock) -> App {
    let verifier = TokenVerifier::with_keys(&config, KeySource::Fixed(Issuer::jwks()));
    let sdk = sdk(&config).await;
    App::new(config, clock, sdk, verifier)
}

async fn sdk(config: &Config) -> SdkConfig {
    let endpoint = config.aws_endpoint.clone().unwrap();
    let credentials = Credentials::new("test", "test", None, None, "test");
    let timeouts = aws_config::timeout::TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_secs(2))
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(config.region.clone()))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .timeout_config(timeouts)
        .load()
        .await
}

/// The environment of a function whose AWS is at `endpoint`, for those that run in a process of their own.
pub fn environment(endpoint: &str) -> BTreeMap<String, String> {
    let asked = RefCell::new(BTreeMap::new());
    let lookup = |name: &str| {
        let value = variable(name, endpoint, &[])?;
        asked.borrow_mut().insert(name.to_owned(), value.clone());
        Some(value)
    };
    Config::from_lookup(lookup).unwrap();
    asked.into_inner()
}

pub(crate) fn config(endpoint: &str, settings: &[(&str, &str)]) -> Config {
    Config::from_lookup(|name| variable(name, endpoint, settings)).unwrap()
}

fn variable(name: &str, endpoint: &str, settings: &[(&str, &str)]) -> Option<String> {
    let value = match name {
        "SETTINGS" => return Some(self::settings(settings).to_string()),
        "AWS_REGION" => "us-east-1",
        "AWS_ENDPOINT_URL" => endpoint,
        _ => return None,
    };
    Some(value.to_owned())
}

/// The settings of a world, some of them otherwise: by their names, as JSON.
fn settings(otherwise: &[(&str, &str)]) -> Value {
    let mut settings = json!({
        "currency": "USD",
        "delivery_fee": 499,
        "free_delivery_from": 5000,
        "prescription_retention_years": 5,
        "uncovered_order_hours": 72,
        "seller_fee": 1000,
        "consultation_retention_days": 3650,
        "prescription_reading": "off",
        "assistant_model": "",
        "assistant_guardrail": "",
        "assistant_guests": true,
        "assistant_tokens": 100_000,
        "triage_guests": true,
        "chat_key": "chat-key",
        "socket_api": "socket",
        "jurisdiction": "default",
        "http_api": "http",
        "edge_url": "",
        "edge_digests": "",
        "notify_queue": "https://sqs.example/notify",
        "count_queue": "https://sqs.example/count",
        "time_zone": "UTC",
        "staff_mfa_required": false,
        // Tests sign in a hundred people from one address; those of the limits themselves ask for 1.
        "address_limit_factor": 1000,
        "refresh_grace_seconds": 20,
        "payment_methods": "cod",
        "stripe_url": "",
        "stripe_publishable_key": "",
        "stripe_secret_arn": "arn:aws:secretsmanager:us-east-1:000000000000:secret:stripe",
        "bkash_url": "",
        "bkash_secret_arn": "arn:aws:secretsmanager:us-east-1:000000000000:secret:bkash",
        "esewa_url": "",
        "esewa_form_url": "",
        "esewa_secret_arn": "arn:aws:secretsmanager:us-east-1:000000000000:secret:esewa",
        "paypal_url": "",
        "paypal_secret_arn": "arn:aws:secretsmanager:us-east-1:000000000000:secret:paypal",
        "sender_address": "no-reply@apothecary.example",
        "fixed_codes": false,
        "allowed_origins": "https://shop.example",
        "hosted_ui_url": "",
        "social_providers": "google,facebook",
        "social_redirect_uris": "https://shop.example/signed-in,http://localhost:3000/signed-in,example.app:/in",
        "user_pool_id": "us-east-1_test",
        "user_pool_client_id": "test-client",
        "media_base_url": "https://media.example",
        "sealing_secret_arn": "arn:aws:secretsmanager:us-east-1:000000000000:secret:sealing",
        "buckets": {"media": "media", "scans": "scans"},
        "tables": {"accounts": "accounts", "catalog": "catalog", "orders": "orders", "prescriptions": "prescriptions",
                   "consultations": "consultations",
                   "audit": "audit", "guard": "guard", "medicine": "medicine", "content": "content",
                   "notifications": "notifications", "records": "records"},
    });
    for (name, value) in otherwise {
        settings[*name] = serde_json::from_str(value).unwrap();
    }
    for (joined, names) in PLACES {
        let parts: Vec<_> = names
            .iter()
            .map(|name| settings.as_object_mut().unwrap().remove(*name).unwrap().as_str().unwrap().to_owned())
            .collect();
        settings[*joined] = json!(parts.join(","));
    }
    settings
}

/// What the settings hold joined by commas, and what a test calls the parts.
const PLACES: &[(&str, &[&str])] = &[
    ("payment_urls", &["stripe_url", "paypal_url", "esewa_url", "esewa_form_url", "bkash_url"]),
    ("payment_secrets", &["stripe_secret_arn", "paypal_secret_arn", "esewa_secret_arn", "bkash_secret_arn"]),
];

impl World {
    /// A token for `user` with `role`, good for fifteen minutes of the world's clock.
    pub fn token(&self, user: &UserId, role: Role) -> String {
        self.issuer.token(user, &[role], &format!("session of {user}"), self.clock.now())
    }

    /// Makes the profile of somebody who needs no account for the test.
    pub async fn make_profile(&self, person: &UserId, email: Email, name: FullName) {
        let origin = Origin::new("test", None);
        let entry = Entry::allowed(
            &origin.actor(person, &BTreeSet::new()),
            Action::RegisterAccount,
            person,
            person,
            self.clock.now(),
        );
        let trail = self.app.audit().action(&entry).unwrap();
        self.app.profiles().create(person.clone(), email.into(), Some(name), trail).await.unwrap();
    }

    /// Reads the published keys, as a function does every few minutes: who counts calls after a long time wants it behind them.
    pub async fn read_keys(&self) {
        self.app.revocations().warm_up(&self.app.guard_table(), self.clock.now()).await.unwrap();
    }

    /// The App as another instance of a function has it: with nothing in mind.
    pub async fn another_instance(&self) -> App {
        let another = app_of(self.app.config().clone(), self.clock.clone()).await;
        know(&another, &self.app);
        another
    }

    /// The same with a clock of its own.
    pub async fn another_instance_at(&self, clock: Clock) -> App {
        let app = app_of(self.app.config().clone(), clock).await;
        know(&app, &self.app);
        app
    }

    /// Sends an event to an endpoint, as Lambda would.
    pub async fn send(&self, endpoint: &Endpoint, event: &Value) -> Answer {
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        Answer::read(Box::pin(api::answer(&self.app, endpoint, request)).await)
    }

    /// Calls an endpoint: `path` may have a query; `parameters` are the path's.
    pub async fn call(
        &self,
        endpoint: &Endpoint,
        (method, path): (&str, &str),
        parameters: &[(&str, &str)],
        token: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        self.send(endpoint, &event(method, path, parameters, token, body.as_ref())).await
    }
}
