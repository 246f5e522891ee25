//! What is measured: the release binaries, each with its good event and an AWS that answers it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shared::platform::clock::Clock;
use support::play::{Stage, story};

use crate::shop;
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

/// What shops do beside the sample events, which show an empty cart and a catalogue of one: measured once more, so.
pub struct InAShop {
    /// What it is called among the functions.
    pub name: &'static str,
    /// The function whose sample event it is.
    pub function: &'static str,
    /// The scenarios that count it: of an instance that knows its caller, and of one that does not.
    pub counted: [&'static str; 2],
}

/// How many lines a cart has, and how many products a catalogue.
const LINES: usize = 5;
const PRODUCTS: usize = 614;

/// All of them.
pub const IN_A_SHOP: &[InAShop] = &[
    InAShop {
        name: "cart-get, 5 lines",
        function: "cart-get",
        counted: ["cart get, 5 lines", "cart get, 5 lines, a new caller"],
    },
    InAShop {
        name: "catalog-list-products, 614 products",
        function: "catalog-list-products",
        counted: ["list of 24 cards", "list of 614 products, a new instance"],
    },
];

/// The function of a name that may be one of [`IN_A_SHOP`].
fn function_of(name: &str) -> &str {
    IN_A_SHOP.iter().find(|one| one.name == name).map_or(name, |one| one.function)
}

/// Where cargo puts a release binary.
pub fn binary(name: &str) -> PathBuf {
    root().join("target/release").join(function_of(name))
}

/// Where the binaries are that are built for the processor that is deployed.
pub fn for_arm64(name: &str) -> PathBuf {
    root().join("target/arm64").join(name).join("bootstrap")
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
        let function = function_of(name);
        let mut stage = Stage::open_for_at(function, Clock::System).await;
        let event = story::event_after(&mut stage, function).await;
        if function != name {
            Box::pin(open_shop(&stage, function)).await;
        }
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

/// Makes a world a shop, for what [`IN_A_SHOP`] is measured of.
async fn open_shop(stage: &Stage, function: &str) {
    if function == "cart-get" {
        let products = shop::put_on_sale(&stage.world, LINES).await;
        shop::stock(&stage.world, &products).await;
        shop::fill_cart(&stage.world, &products).await;
    } else {
        shop::put_on_sale(&stage.world, PRODUCTS).await;
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
