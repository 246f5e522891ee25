//! Waiting for what happens behind the API.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// The time so many seconds from now, in UTC.
///
/// # Panics
/// Where the clock stands before 1970.
pub fn in_seconds(seconds: u64) -> String {
    use std::time::{SystemTime, UNIX_EPOCH};

    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs() + seconds;
    let (year, month, day) = crate::prescriptions::civil(i64::try_from(since / 86_400).expect("a day of our time"));
    let (hour, minute, second) = (since / 3600 % 24, since / 60 % 60, since % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

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
pub async fn search_caught_up() {
    sleep(Duration::from_secs(3)).await;
}
