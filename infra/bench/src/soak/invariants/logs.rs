//! Every answer that was 5xx stands in the logs, with the fingerprint of its fault.

use serde_json::Value;

use super::Verdict;
use crate::load::book::{Broken, Pages};
use crate::load::market::Market;

/// Looks for each. Those that the gateway has given by itself, for a function that took too long or ended, have no fingerprint;
/// the report counts them.
pub async fn check(market: &Market, pages: &Pages) -> Verdict {
    let logged = market.shop.aws.logged("error.fingerprint").await;
    let ours = || pages.broken.iter().filter_map(|broken| Some((broken, broken.request_id.as_ref()?)));
    let missing = ours().filter(|(_, id)| !logged.iter().any(|line| line.contains(id.as_str())));
    let found = missing
        .map(|(broken, id)| format!("{} was answered {}, and {id} has no fingerprint", broken.to, broken.status));
    Verdict::of("every 5xx has its fingerprint in the logs", ours().count(), found.collect())
}

/// Notes beside each what its function has logged as the cause.
pub async fn explain(market: &Market, broken: &mut [Broken]) {
    let logged = market.shop.aws.logged("error.cause").await;
    for one in broken {
        one.cause = one.request_id.as_deref().and_then(|id| cause(&logged, id));
    }
}

fn cause(logged: &[String], request_id: &str) -> Option<String> {
    let line = logged.iter().find(|line| line.contains(request_id))?;
    let line: Value = serde_json::from_str(line).ok()?;
    Some(line.get("error.cause")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_that_of_the_line_with_the_request() {
        let logged = [
            r#"{"http.request_id":"0001","error.cause":"slow"}"#.to_owned(),
            r#"{"http.request_id":"0002","error.cause":"busy"}"#.to_owned(),
        ];
        assert_eq!(cause(&logged, "0002").as_deref(), Some("busy"));
        assert_eq!(cause(&logged, "0003"), None);
    }
}
