//! Every answer that was 5xx stands in the logs, with the fingerprint of its fault.

use super::Verdict;
use crate::load::book::Pages;
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
