//! Logs: one JSON object a line, dotted field names, on standard output where Lambda collects them.

use tracing_subscriber::EnvFilter;

/// Sends the log to standard output; `RUST_LOG` says how much, `info` by default.
pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // A second call (tests) finds the first still in place, which is as good.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_target(false)
        .with_current_span(false)
        .with_span_list(false)
        .try_init();
}
