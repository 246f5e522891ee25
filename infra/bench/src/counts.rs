//! What a request asks of AWS: counted, so the same on every machine.
//!
//! A function's good sample event is played in a world of one process, after everything that must have happened before it.
//! The answers of that world are held back a little, so that calls which did not wait for one another are seen to be one
//! trip.

mod scenarios;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::api::{App, Endpoint};
use shared::identity::Counted;
use shared::identity::access::{self, Access};
use shared::platform::clock::Clock;
use support::World;
use support::cloud::{Cloud, Metered};
use support::play::{Stage, story};

/// How long an answer is held back: longer than a handler needs to send what it sends side by side.
const HELD_BACK: Duration = Duration::from_millis(25);

/// What one request asked of AWS.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// Steps that each had to wait for the one before.
    pub trips: u32,
    /// Calls, whether side by side or in a row.
    pub calls: u32,
    /// DynamoDB's read units; an eventual read of up to 4 KB is one half.
    pub read_units: f64,
    /// DynamoDB's write units, those of indexes among them.
    pub write_units: u32,
    /// Calls of Cognito.
    pub cognito: u32,
    /// Calls of S3.
    pub s3: u32,
    /// Calls of SES and SNS.
    pub messages: u32,
    /// Calls of KMS.
    #[serde(default, skip_serializing_if = "is_none")]
    pub kms: u32,
    /// Frames that were sent on WebSockets.
    #[serde(default, skip_serializing_if = "is_none")]
    pub frames: u32,
}

/// Most requests ask for none, and do not say so.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "what serde calls takes a reference")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// Everything that was counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// The good event of each function, on an instance that knows its caller.
    pub functions: BTreeMap<String, Count>,
    /// The same on an instance that meets its caller for the first time: the request is counted for its rate limit and the
    /// feed of ended sessions is read.
    pub first: BTreeMap<String, Count>,
    /// What a budget is about: a checkout of fifty lines, a page of cards.
    pub scenarios: BTreeMap<String, Count>,
}

impl Count {
    fn of(calls: &[Metered]) -> Self {
        let mut count = Self::default();
        for call in calls {
            assert_ne!(call.name, "Scan", "no request may read a whole table");
            count.trips = count.trips.max(call.trip);
            count.calls += 1;
            count.read_units += f64::from(call.capacity.read_halves) / 2.0;
            count.write_units += call.capacity.write;
            let name = call.name.as_str();
            if name.contains("/@connections/") {
                count.frames += 1;
            } else if matches!(name, "GenerateDataKey" | "Decrypt") {
                count.kms += 1;
            } else if name.contains("/v2/email/") || name == "POST /" {
                count.messages += 1;
            } else if name.contains(' ') && !name.contains("/oauth2/") {
                count.s3 += 1;
            } else if name.contains(' ') || !is_of_the_database(name) {
                count.cognito += 1;
            }
        }
        count
    }
}

/// The names of the scenarios.
pub fn scenarios() -> impl Iterator<Item = &'static str> {
    scenarios::ALL.iter().map(|(name, _)| *name)
}

fn is_of_the_database(operation: &str) -> bool {
    ["Item", "Items", "Query", "Scan"].iter().any(|end| operation.ends_with(end))
}

/// Counts every function and scenario whose name contains one of the words of `only`, which commas separate; tells `progress` what it is at.
pub async fn all(only: &str, mut progress: impl FnMut(&str)) -> Counts {
    let mut counts = Counts::default();
    let named = |name: &str| only.split(',').any(|word| name.contains(word));
    let endpoints = registry::ENDPOINTS.iter().map(registry::Registered::name);
    let sockets = registry::SOCKETS.iter().map(|socket| socket.name);
    for name in endpoints.chain(registry::WORKERS.iter().map(|worker| worker.name)).chain(sockets) {
        if !named(name) {
            continue;
        }
        progress(name);
        counts.functions.insert(name.to_owned(), Box::pin(of_function(name, Instance::KnowsTheCaller)).await);
        counts.first.insert(name.to_owned(), Box::pin(of_function(name, Instance::New)).await);
    }
    for (name, scenario) in scenarios::ALL {
        if named(name) {
            progress(name);
            counts.scenarios.insert((*name).to_owned(), scenario().await);
        }
    }
    counts
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Instance {
    KnowsTheCaller,
    New,
}

async fn of_function(name: &'static str, instance: Instance) -> Count {
    let mut stage = Stage::open_for(name).await;
    let event = story::event_after(&mut stage, name).await;
    let app = match instance {
        Instance::KnowsTheCaller => None,
        Instance::New => Some(stage.world.another_instance().await),
    };
    let app = app.as_ref().unwrap_or(&stage.world.app);
    if let Some(socket) = registry::SOCKETS.iter().find(|one| one.name == name) {
        stage.cloud.measure(HELD_BACK);
        let answer = shared::api::answer_socket(app, socket, &event).await;
        let calls = stage.cloud.measured();
        assert_eq!(answer["statusCode"], 200, "{name}");
        return Count::of(&calls);
    }
    let Some(function) = registry::ENDPOINTS.iter().find(|one| one.name() == name) else {
        return measured_worker(app, &stage.cloud, name, event).await.0;
    };
    if instance == Instance::KnowsTheCaller {
        meet_caller(app, &stage.cloud, function.endpoint, &event).await;
    }
    measured(app, &stage.cloud, function.endpoint, &event).await
}

/// One run of a worker, which must go well, and what came of it.
async fn measured_worker(app: &App, cloud: &Cloud, name: &str, event: Value) -> (Count, Value) {
    let worker = registry::WORKERS.iter().find(|worker| worker.name == name).expect("a function of the registry");
    cloud.measure(HELD_BACK);
    let done = (worker.run)(app, event).await;
    let calls = cloud.measured();
    let done = done.unwrap_or_else(|error| panic!("{name}: {error} {:?}", error.cause()));
    (Count::of(&calls), done)
}

/// One request, which must go well.
async fn measured(app: &App, cloud: &Cloud, endpoint: &'static Endpoint, event: &Value) -> Count {
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    if endpoint.opens_sealed {
        // Functions read it while they start.
        Box::pin(app.sealing_key().get()).await.expect("there is a sealing key");
    }
    cloud.measure(HELD_BACK);
    let answer = shared::api::answer(app, endpoint, request).await;
    let calls = cloud.measured();
    assert!(answer.status().as_u16() < 400, "{}: {:?}", endpoint.name, answer.body());
    Count::of(&calls)
}

/// The same in a world, for somebody its instance knows.
async fn measured_of(world: &World, cloud: &Cloud, endpoint: &'static Endpoint, event: &Value) -> Count {
    meet_caller(&world.app, cloud, endpoint, event).await;
    measured(&world.app, cloud, endpoint, event).await
}

/// Lets the instance know what it knows of somebody who has just been there.
async fn meet_caller(app: &App, cloud: &Cloud, endpoint: &Endpoint, event: &Value) {
    let route = access::route(endpoint.name).expect("every endpoint has its row");
    let now = app.clock().now();
    let token = event["headers"]["authorization"].as_str().and_then(|header| header.strip_prefix("Bearer "));
    let caller = match token {
        Some(token) if route.access != Access::Anyone => Some(app.verifier().verify(token, now).await.unwrap()),
        _ => None,
    };
    if let Some(caller) = &caller {
        app.revocations().check(caller, &app.guard_table(), now).await.unwrap();
    }
    let source_ip = event["requestContext"]["http"]["sourceIp"].as_str();
    // The first call takes one request out of the window, the second at least two where the limit allows that: after it one
    // is left that needs no call.
    let mut calls = 0;
    while calls < 2 {
        let request =
            Counted { function: route.function, limit: route.limit, caller: caller.as_ref(), source_ip, session: None };
        cloud.measure(Duration::ZERO);
        app.limiter().count(request, &app.counters(), now).await.unwrap();
        calls += cloud.measured().len();
    }
    debug_assert!(matches!(app.clock(), Clock::Manual(_)), "time must not pass between this and the request");
}
