//! Logs: one JSON object a line, dotted field names, on standard output where Lambda collects them.

use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::config::Config;

/// The trace that a request is part of, as X-Ray knows it, out of what Lambda was told: `Root=1-…;Parent=…;Sampled=1`.
pub fn trace_of(header: &str) -> Option<String> {
    let root = header.split(';').find_map(|part| part.trim().strip_prefix("Root="))?;
    let is_trace = root.len() == 35 && root.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_trace.then(|| root.to_owned())
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_known_by_its_root() {
        let root = "1-5759e988-bd862e3fe1be46a994272793";
        for header in [
            format!("Root={root};Parent=53995c3f42cd8ad8;Sampled=1"),
            format!("Self=1-67891234-12456789abcdef012345678; Root={root}"),
        ] {
            assert_eq!(trace_of(&header).as_deref(), Some(root));
        }
        for wrong in ["", "Root=", "Parent=53995c3f42cd8ad8", "Root=<script>alert(1)</script>;Sampled=0"] {
            assert_eq!(trace_of(wrong), None, "{wrong}");
        }
    }
}
