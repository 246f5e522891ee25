//! Search over a large catalogue: the release binary of `catalog-list-products`, with an AWS that makes up its products.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::platform::clock::Clock;
use support::event;
use support::play::Stage;
use tokio::net::TcpListener;

use crate::instant::{asks_for_feed, feed};
use crate::sandbox::Sandbox;
use crate::speed::Times;
use crate::subject::{binary, is_good, lambda};

const FUNCTION: &str = "catalog-list-products";
/// A page of DynamoDB is 1 MB: about so many products.
const PAGE: usize = 1000;
/// Into how many partitions the index of changes is parted; whatever further ones are read are empty.
const SHARDS: usize = 2;
/// What is searched for: a name, the beginning of one, a misspelt one, and what is not there.
const QUERIES: [&str; 4] = ["query=zetoban", "query=zeto", "query=zetobam", "query=nothing-of-the-kind"];
/// A list without a query, in each order that there is.
const LISTS: [&str; 4] = ["sort=name", "sort=price", "sort=-price", "sort=-created_at"];
/// What half of these may take at a hundred thousand products: budget 13.
const LIST: Duration = Duration::from_millis(1);
/// How often each is asked.
const ASKED: usize = 50;

/// What was measured.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Search {
    /// How many products there were.
    pub products: usize,
    /// The processor time until the first answer, which reads the whole catalogue.
    pub first_cpu: Duration,
    /// The most memory the process ever had, in bytes.
    pub peak_memory: u64,
    /// An answer from memory, by query.
    pub answers: Vec<(String, Times)>,
}

/// Measures it.
///
/// # Errors
/// The binary is missing or does not answer.
pub async fn measure(products: usize) -> Result<Search, String> {
    let endpoint = open(Catalogue { feed: Box::pin(feed()).await, sample: sample().await, products }).await;
    let mut sandbox = Sandbox::spawn(&binary(FUNCTION), &lambda(&endpoint)).await?;
    sandbox.ready().await?;
    ask(&mut sandbox, QUERIES[0]).await?;
    let mut search = Search { products, first_cpu: sandbox.cpu_time(), ..Search::default() };
    for query in QUERIES.into_iter().chain(LISTS) {
        let mut times = Vec::with_capacity(ASKED);
        for _ in 0..ASKED {
            times.push(ask(&mut sandbox, query).await?);
        }
        search.answers.push((query.to_owned(), Times::of(times)));
    }
    search.peak_memory = sandbox.peak_memory();
    Ok(search)
}

async fn ask(sandbox: &mut Sandbox, query: &str) -> Result<Duration, String> {
    let event = event("GET", &format!("/v1/products?{query}&limit=24"), &[], None, None);
    let (time, answer) = sandbox.invoke(&event).await?;
    let text = String::from_utf8_lossy(&answer);
    let finds = text.contains("prd_") == (query != QUERIES[3]);
    match is_good(&answer) && finds {
        true => Ok(time),
        false => Err(format!("{query}: {text}")),
    }
}

impl Search {
    /// The lists that took longer than they may, a sentence for each.
    pub fn missed(&self) -> Vec<String> {
        let limit = u64::try_from(LIST.as_micros()).unwrap_or(u64::MAX);
        let lists = self.answers.iter().filter(|(query, times)| LISTS.contains(&query.as_str()) && times.p50 > limit);
        lists.map(|(query, times)| format!("{query}: p50 {} µs, budget 13 is {limit}", times.p50)).collect()
    }
}

/// For the terminal.
pub fn text(search: &Search) -> String {
    let mut lines = vec![format!(
        "{} products: {:.1} MB of memory at most, {:.2} s of a processor until the first answer",
        search.products,
        search.peak_memory as f64 / 1e6,
        search.first_cpu.as_secs_f64()
    )];
    lines.extend(search.answers.iter().map(|(query, times)| {
        format!("  {query:32} p50 {:>6.2} ms  p99 {:>6.2} ms", times.p50 as f64 / 1e3, times.p99 as f64 / 1e3)
    }));
    lines.join("\n")
}

/// A product as the table has it.
async fn sample() -> Value {
    let mut stage = Stage::open_at(Clock::System).await;
    support::play::story::tell(&mut stage, "catalog-get-product").await;
    let found = stage.world.dynamo.scan().table_name("catalog").send().await.expect("the table of the world");
    let is_product = |item: &&HashMap<String, AttributeValue>| item.get("feed").is_some();
    let item = found.items().iter().find(is_product).expect("the product of the story");
    Value::Object(item.iter().map(|(name, value)| (name.clone(), written(value))).collect())
}

/// An attribute as it is sent.
pub(crate) fn written(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({"S": text}),
        AttributeValue::N(number) => json!({"N": number}),
        AttributeValue::Bool(truth) => json!({"BOOL": truth}),
        AttributeValue::L(items) => json!({"L": items.iter().map(written).collect::<Vec<_>>()}),
        AttributeValue::M(fields) => {
            let fields: serde_json::Map<_, _> = fields.iter().map(|(name, one)| (name.clone(), written(one))).collect();
            json!({"M": fields})
        }
        _ => json!({"NULL": true}),
    }
}

struct Catalogue {
    /// The page of the feed of ended sessions, with the keys.
    feed: String,
    sample: Value,
    products: usize,
}

async fn open(catalogue: Catalogue) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port of this machine");
    let address = listener.local_addr().expect("the address of a socket that is bound");
    let routes = Router::new().fallback(answer).with_state(Arc::new(catalogue));
    tokio::spawn(async { axum::serve(listener, routes).await });
    format!("http://{address}")
}

async fn answer(State(catalogue): State<Arc<Catalogue>>, headers: HeaderMap, body: String) -> (StatusCode, String) {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    if target.is_empty() {
        // S3, where there is no snapshot.
        return (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>".to_owned());
    }
    let feed = asks_for_feed(target, &body).then(|| catalogue.feed.clone());
    (StatusCode::OK, feed.unwrap_or_else(|| of_table(&catalogue, target, &body)))
}

/// What the table answers.
fn of_table(catalogue: &Catalogue, target: &str, body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let values = &body["ExpressionAttributeValues"];
    if target.ends_with(".UpdateItem") {
        // The count of a rate limit that nobody has used yet.
        return json!({"Attributes": {"counted": {"N": "1"}}}).to_string();
    }
    let shard = values[":feed"]["S"].as_str().and_then(|feed| feed.strip_prefix('F')?.parse::<usize>().ok());
    match shard {
        Some(shard) if shard < SHARDS && values[":since"].is_null() => {
            catalogue.page(shard, &body["ExclusiveStartKey"]).to_string()
        }
        _ => json!({"Items": [], "Count": 0, "ScannedCount": 0, "keys": []}).to_string(),
    }
}

impl Catalogue {
    /// The products `shard`, `shard + 2`, … from where the page before ended.
    fn page(&self, shard: usize, start: &Value) -> Value {
        let begin = start["sk"]["S"].as_str().and_then(|number| number.parse().ok()).unwrap_or(shard);
        let numbers: Vec<_> = (begin..self.products).step_by(SHARDS).take(PAGE).collect();
        let items: Vec<_> = numbers.iter().map(|number| self.product(*number)).collect();
        let mut page = json!({"Items": items, "Count": items.len(), "ScannedCount": items.len()});
        if let Some(next) = numbers.last().map(|last| last + SHARDS).filter(|next| *next < self.products) {
            page["LastEvaluatedKey"] = json!({"pk": {"S": "P"}, "sk": {"S": next.to_string()}});
        }
        page
    }

    fn product(&self, number: usize) -> Value {
        let mut item = self.sample.clone();
        let (name, id) = (name(number), format!("prd_01JD{number:022}"));
        item["id"] = json!({"S": id});
        item["pk"] = json!({"S": format!("PRODUCT#{id}")});
        let medicine = &mut item["medicine"]["M"];
        medicine["name"] = json!({"S": format!("{name} {} mg tablets", 5 * (1 + number % 200))});
        medicine["ingredients"] = json!({"L": [{"M": {"name": {"S": name}, "strength": {"S": "200 mg"}}}]});
        item["slug"] = json!({"S": format!("{name}-{number}")});
        item
    }
}

/// A name as medicines have them: three of twenty syllables, eight thousand in all.
fn name(number: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ze", "to", "ban", "ra", "mil", "pro", "xi", "lo", "car", "ne", "di", "fen", "su", "vor", "ta", "gly", "met",
        "or", "cip", "al",
    ];
    let at = |place: usize| SYLLABLES[number / place % SYLLABLES.len()];
    [at(1), at(20), at(400)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_is_on_one_page_of_one_shard() {
        let catalogue = Catalogue { feed: String::new(), sample: json!({}), products: 9001 };
        let mut seen = 0;
        for shard in 0..SHARDS {
            let mut start = Value::Null;
            loop {
                let page = catalogue.page(shard, &start);
                seen += page["Items"].as_array().unwrap().len();
                start = page["LastEvaluatedKey"].clone();
                if start.is_null() {
                    break;
                }
            }
        }
        assert_eq!(seen, 9001);
    }

    #[test]
    fn a_list_that_takes_longer_than_a_millisecond_is_told() {
        let times = |p50| Times { p50, p99: 9000 };
        let answers = [("sort=name", 1001), ("sort=price", 1000), (QUERIES[2], 4000)];
        let answers = answers.map(|(query, p50)| (query.to_owned(), times(p50))).into();
        let search = Search { answers, ..Search::default() };
        assert_eq!(search.missed(), ["sort=name: p50 1001 µs, budget 13 is 1000"], "a search has no such budget");
    }

    #[test]
    fn what_is_searched_for_is_there() {
        assert!((0..8000).any(|number| name(number) == "zetoban"));
    }
}
