//! Customers and staff who are busy at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::dice::Dice;
use super::market::Market;
use super::mix;
use super::shopper::Shopper;
use super::tally::{Ledger, Tally};

/// How often it is said how far the run is.
const NEWS: Duration = Duration::from_secs(10);

/// Has as many customers be busy for so long, and the staff with them.
///
/// # Panics
/// Where the stack does not answer, or lets nobody in.
pub async fn run(market: &Arc<Market>, count: usize, duration: Duration, seed: u64) -> Tally {
    println!("{count} customers come in");
    let mut shoppers = Vec::new();
    for number in 0..count {
        shoppers.push(Shopper::new(Arc::clone(market), Dice::seeded(number, seed)).await);
    }
    market.ledger.clear();
    let start = Instant::now();
    let news = tokio::spawn(tell(Arc::clone(&market.ledger), start));
    let busy = shoppers.into_iter().map(|shopper| tokio::spawn(shop(shopper, start + duration)));
    for shopper in join_all(busy).await {
        shopper.expect("a shopper who came to the end");
    }
    news.abort();
    market.ledger.tally().lasting(start.elapsed())
}

/// Does one thing after the other until the end.
async fn shop(mut shopper: Shopper, end: Instant) {
    while Instant::now() < end {
        shopper.make_room().await;
        let operation = mix::next(&mut shopper.dice);
        (operation.run)(&mut shopper, operation.name).await;
    }
}

/// Says every few seconds how far the run is.
async fn tell(ledger: Arc<Ledger>, start: Instant) {
    let mut before = 0;
    loop {
        tokio::time::sleep(NEWS).await;
        let all = ledger.tally().all();
        let rate = (all.count() - before) as f64 / NEWS.as_secs_f64();
        let (limited, refused, errors) = (all.with(|status| status == 429), all.refusals(), all.errors());
        let at = start.elapsed().as_secs();
        println!(
            "{at:>5} s  {:>6} requests  {rate:>6.1}/s  429: {limited}  refused: {refused:?}  errors: {errors:?}",
            all.count()
        );
        before = all.count();
    }
}
