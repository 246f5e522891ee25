//! What packing saves: the bytes of each good answer as it is and as gzip.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use shared::identity::access;
use support::Answer;
use support::play::{Stage, sample, story};

/// How often an answer is asked for in each form; the quickest counts.
const ASKED: usize = 5;

/// One function's good answer in both forms.
#[derive(Clone, Copy, Debug)]
pub struct Coded {
    /// As it is.
    pub plain: usize,
    /// As gzip.
    pub packed: usize,
    /// How much longer it took to make it.
    pub more: Duration,
}

/// Measures every read whose good answer is long enough to be packed.
pub async fn measure(mut progress: impl FnMut(&str)) -> BTreeMap<&'static str, Coded> {
    let mut found = BTreeMap::new();
    let reads = registry::ENDPOINTS
        .iter()
        .filter(|one| access::route(one.name()).is_some_and(|row| row.method == "GET" && !row.writes));
    for function in reads {
        let mut stage = Box::pin(Stage::open_for(function.name())).await;
        Box::pin(story::tell(&mut stage, function.name())).await;
        let event = stage.event(&sample::ok(function.name()).text);
        let (plain, quick) = quickest(&stage, function.endpoint, &accepting(&event, "identity")).await;
        let (packed, slow) = quickest(&stage, function.endpoint, &accepting(&event, "gzip")).await;
        if packed.headers.get("content-encoding").is_some_and(|coding| coding == "gzip") {
            progress(function.name());
            let coded = Coded { plain: plain.bytes, packed: packed.bytes, more: slow.saturating_sub(quick) };
            found.insert(function.name(), coded);
        }
    }
    found
}

async fn quickest(stage: &Stage, endpoint: &shared::api::Endpoint, event: &Value) -> (Answer, Duration) {
    let (mut answer, mut least) = (stage.world.send(endpoint, event).await, Duration::MAX);
    for _ in 0..ASKED {
        let begun = Instant::now();
        answer = stage.world.send(endpoint, event).await;
        least = least.min(begun.elapsed());
    }
    (answer, least)
}

fn accepting(event: &Value, codings: &str) -> Value {
    let mut event = event.clone();
    if let Some(headers) = event.get_mut("headers").and_then(Value::as_object_mut) {
        headers.insert("accept-encoding".to_owned(), codings.into());
    }
    event
}
