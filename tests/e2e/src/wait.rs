//! Waiting for what happens behind the API.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long something may take on a busy machine before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(100);

/// What `look` finds as soon as it finds something.
///
/// # Panics
/// Where it does not in half a minute.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for {what}");
        sleep(PAUSE).await;
    }
}

/// Waits until a revocation must have reached every function: five seconds, by the contract.
pub async fn settled() {
    sleep(Duration::from_secs(5)).await;
}

/// Waits until every function that keeps the catalogue in memory must have read what has changed: two seconds after the
/// change, and a little for the index behind it.
pub async fn shelves_filled() {
    sleep(Duration::from_secs(3)).await;
}
