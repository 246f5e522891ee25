//! Logs: one JSON object a line, dotted field names, on standard output where Lambda collects them.

use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::config::Config;

/// Sends the log to standard output; `RUST_LOG` says how much, `info` by default.
pub fn init() {
    let asked = Config::log_level().and_then(|level| level.parse::<Targets>().ok());
    let filter = asked.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_current_span(false)
        .with_span_list(false);
    // A second call (tests) finds the first still in place, which is as good.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
}
