//! What is measured: the release binaries, each with its good event and an AWS that answers it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shared::platform::clock::Clock;
use support::play::{Stage, story};

use crate::tls::Door;

/// The function that all others are measured against.
pub const HELLO: &str = "bench-hello";

/// Every function, by name.
pub fn functions() -> Vec<&'static str> {
    let endpoints = registry::ENDPOINTS.iter().map(registry::Registered::name);
    let mut names: Vec<_> = endpoints
        .chain(registry::WORKERS.iter().map(|worker| worker.name))
        .chain(registry::SOCKETS.iter().map(|socket| socket.name))
        .collect();
    names.sort_unstable();
    names
}

/// Where cargo puts a release binary.
pub fn binary(name: &str) -> PathBuf {
    root().join("target/release").join(name)
}

/// Where cargo puts one that is built with the names of its functions.
pub fn profiled(name: &str) -> PathBuf {
    root().join("target/profiled/release").join(name)
}

/// Where cargo puts one that the local stack runs.
pub fn of_the_local_stack(name: &str) -> PathBuf {
    root().join("target/debug").join(name)
}

/// The workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("infra/bench is two below the workspace").to_owned()
}

/// A function, ready to be invoked.
pub(crate) struct Subject {
    /// Its good event.
    pub(crate) event: Value,
    /// Its environment.
    pub(crate) environment: BTreeMap<String, String>,
    /// Its world; `None` for hello.
    pub(crate) stage: Option<Stage>,
}

impl Subject {
    /// Plays everything that must have happened before the good event of `name`.
    pub(crate) async fn prepare(name: &'static str) -> Self {
        if name == HELLO {
            let event = support::event("GET", "/", &[], None, None);
            return Self { event, environment: lambda("http://127.0.0.1:9"), stage: None };
        }
        let mut stage = Stage::open_for_at(name, Clock::System).await;
        let event = story::event_after(&mut stage, name).await;
        let endpoint = stage.world.app.config().aws_endpoint.clone().expect("a world has its own AWS");
        Self { event, environment: lambda(&endpoint), stage: Some(stage) }
    }

    /// Where its AWS listens.
    pub(crate) fn behind(&self) -> SocketAddr {
        self.environment["AWS_ENDPOINT_URL"].trim_start_matches("http://").parse().expect("an address")
    }

    /// Lets the function reach its AWS by TLS alone, and trust who is there.
    pub(crate) async fn behind_tls(&mut self) {
        let door = Door::open(self.behind(), &root().join("target/bench")).await;
        self.environment.insert("AWS_ENDPOINT_URL".to_owned(), door.endpoint);
        self.environment.insert("AWS_CA_BUNDLE".to_owned(), door.certificates.display().to_string());
    }
}

/// Whether an answer is the one that is wanted; an endpoint's says its status, a worker's is not an error.
pub(crate) fn is_good(answer: &[u8]) -> bool {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    answer.get("statusCode").unwrap_or(&json!(200)).as_u64().is_some_and(|status| status < 400)
}

/// The environment that Lambda gives to a function whose AWS is at `endpoint`.
pub(crate) fn lambda(endpoint: &str) -> BTreeMap<String, String> {
    let mut environment = support::environment(endpoint);
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_SESSION_TOKEN", "test"),
        ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "bench"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    environment
}
