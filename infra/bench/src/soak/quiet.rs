//! After the load: the workers run until nothing is left to do, or it has taken too long.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use support::invariants::{ALWAYS, AT_REST, Tables, broken};

use super::invariants::{ledger, tables};
use crate::load::market::Market;

/// How long it may take until all is in its place: what a message was left with is there again after some minutes.
const PATIENCE: Duration = Duration::from_mins(10);
/// How long it waits before it looks again.
const PAUSE: Duration = Duration::from_secs(10);
/// The workers that run by the clock, and look for what others have left.
const SWEEPS: [&str; 7] = [
    "payments-settle",
    "payments-listen",
    "orders-release",
    "orders-follow-recalls",
    "notifications-remind",
    "prescriptions-expire",
    "webhooks-deliver",
];

/// The tables once everything is in its place, or as they are when it has taken too long.
pub async fn come_to_rest(market: &Arc<Market>) -> Tables {
    let start = Instant::now();
    loop {
        for worker in SWEEPS {
            sweep(market, worker).await;
        }
        tokio::time::sleep(PAUSE).await;
        let tables = tables().await;
        let mut left: Vec<_> = [ALWAYS, AT_REST].iter().flat_map(|of| broken(&tables, of)).collect();
        left.extend(Some(("the ledger", ledger(market, &tables).await)).filter(|(_, found)| !found.is_empty()));
        let waits: Vec<_> = left.iter().map(|(name, found)| format!("{name} ({})", found.len())).collect();
        println!(
            "{:>5} s  {}",
            start.elapsed().as_secs(),
            if waits.is_empty() { "all holds".to_owned() } else { waits.join("; ") }
        );
        if left.is_empty() || start.elapsed() > PATIENCE {
            return tables;
        }
    }
}

/// Has a worker run once. That it fails is on its own log, and shows in what it leaves undone.
async fn sweep(market: &Arc<Market>, worker: &'static str) {
    let market = Arc::clone(market);
    let run = async move { market.shop.aws.invoke(worker, &json!({"source": "aws.events", "detail": {}})).await };
    if tokio::spawn(run).await.is_err() {
        eprintln!("{worker} failed");
    }
}
