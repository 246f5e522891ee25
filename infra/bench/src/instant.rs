//! An AWS that has published keys and nothing else, and says so at once: what a start meets, so that its time is its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Map, json};
use shared::platform::clock::Clock;
use support::play::Stage;
use tokio::net::TcpListener;

use crate::search::written;

/// An empty page of items and an empty set of keys in one.
const NOTHING: &str = r#"{"Items":[],"Count":0,"ScannedCount":0,"keys":[]}"#;
/// The sort key of the keys that `platform-keys` publishes.
const KEYS: &str = "KEYS";

/// It, while it listens.
pub(crate) struct Aws {
    /// Where.
    pub(crate) endpoint: String,
    asked: Arc<AtomicU32>,
}

struct Answers {
    /// The page of the feed of ended sessions: nobody's session has ended, and the keys lie beside it.
    feed: String,
    asked: Arc<AtomicU32>,
}

impl Aws {
    /// Begins to listen.
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port of this machine");
        let address = listener.local_addr().expect("the address of a socket that is bound");
        let asked = Arc::new(AtomicU32::new(0));
        let answers = Answers { feed: Box::pin(feed()).await, asked: Arc::clone(&asked) };
        let routes = Router::new().fallback(answer).with_state(Arc::new(answers));
        tokio::spawn(async { axum::serve(listener, routes).await });
        Self { endpoint: format!("http://{address}"), asked }
    }

    /// How many questions there were since this was asked last.
    pub(crate) fn asked(&self) -> u32 {
        self.asked.swap(0, Ordering::Relaxed)
    }
}

/// Without keys a start would ask the issuer for them, which is a host and a question more.
pub(crate) async fn feed() -> String {
    let stage = Stage::open_at(Clock::System).await;
    let guard = stage.world.dynamo.scan().table_name("guard").send().await.expect("the table of the world");
    let is_keys = |item: &&HashMap<String, AttributeValue>| item.get("sk") == Some(&AttributeValue::S(KEYS.to_owned()));
    let keys = guard.items().iter().find(is_keys).expect("a world publishes its keys");
    let item: Map<_, _> = keys.iter().map(|(name, value)| (name.clone(), written(value))).collect();
    json!({"Items": [item], "Count": 1, "ScannedCount": 1, "keys": []}).to_string()
}

async fn answer(State(answers): State<Arc<Answers>>, headers: HeaderMap, body: String) -> String {
    answers.asked.fetch_add(1, Ordering::Relaxed);
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    if asks_for_feed(target, &body) { answers.feed.clone() } else { NOTHING.to_owned() }
}

/// Whether it is the feed that is asked for, which is read from a time on.
pub(crate) fn asks_for_feed(target: &str, body: &str) -> bool {
    target.ends_with(".Query") && body.contains("\":from\"")
}
