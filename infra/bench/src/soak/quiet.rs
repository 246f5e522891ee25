//! After the load: the tables as the shoppers have left them, and then the workers run until nothing is left to do, or it has taken
//! too long.

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
/// How long it may take until nobody writes any more: what is on its way in queues and streams arrives first.
const STANDS_STILL: Duration = Duration::from_mins(3);
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

/// The tables before any worker is sent to mend them: once two readings in a row are the same, so that nobody has written between
/// their parts. None where they were written all the time.
pub async fn as_left() -> Option<Tables> {
    let start = Instant::now();
    let mut before = tables().await;
    while start.elapsed() < STANDS_STILL {
        tokio::time::sleep(PAUSE).await;
        let now = tables().await;
        if now.is_as(&before) {
            return Some(now);
        }
        before = now;
    }
    None
}

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
        let (_, found) = ledger(market, &tables).await;
        left.extend(Some(("the ledger", found)).filter(|(_, found)| !found.is_empty()));
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
