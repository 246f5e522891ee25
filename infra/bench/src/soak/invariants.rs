//! Everything that must hold in the end, each in a file of its own or beside the tests (`tests/src/invariants`).

mod logs;
mod replays;
mod told;

use e2e::Stack;
use serde_json::Value;
use shared::payments::PaymentMethod;
use support::invariants::{ALWAYS, AT_REST, Tables, dynamo_at, money};

use crate::load::market::Market;

/// Whether something holds.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What.
    pub name: String,
    /// Against how much it was held, where that can be said.
    pub of: Option<usize>,
    /// What of it does not hold.
    pub found: Vec<String>,
}

impl Verdict {
    /// Whether all of it does.
    pub fn holds(&self) -> bool {
        self.found.is_empty()
    }

    fn of(name: &str, of: Option<usize>, found: Vec<String>) -> Self {
        Self { name: name.to_owned(), of, found }
    }
}

/// The tables as they are now.
///
/// # Panics
/// Where they cannot be read.
pub async fn tables() -> Tables {
    let stack = Stack::read();
    let endpoint = stack.aws_endpoint.clone().expect("a stack on this machine");
    let dynamo = dynamo_at(&endpoint, &stack.region).await;
    Box::pin(Tables::read(&dynamo, |table| stack.table(table).to_owned())).await
}

/// What of the ledgers at the stand-ins for Stripe and PayPal is not what the orders say.
///
/// # Panics
/// Where the stand-ins do not answer.
pub async fn ledger(market: &Market, tables: &Tables) -> Vec<String> {
    let request = market.shop.guest.http().get(format!("{}/_ledger", market.payments_url));
    let answer = request.send().await.expect("an answer of the stand-ins");
    let ledger: Value = serde_json::from_str(&answer.text().await.expect("its text")).expect("JSON");
    let ledgers =
        [(PaymentMethod::Card, &ledger["stripe"]["intents"]), (PaymentMethod::Paypal, &ledger["paypal"]["orders"])];
    ledgers.into_iter().flat_map(|(method, entries)| money::against_ledger(tables, method, entries)).collect()
}

/// All of it.
pub async fn all(market: &Market, tables: &Tables) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for invariant in ALWAYS.iter().chain(AT_REST) {
        verdicts.push(Verdict::of(invariant.name, None, (invariant.find)(tables)));
    }
    verdicts.push(Verdict::of("the providers have what the orders say", None, ledger(market, tables).await));
    let pages = market.book.pages();
    verdicts.push(told::orders(&pages, tables));
    verdicts.push(told::messages(&pages, tables));
    verdicts.push(replays::check(&pages).await);
    verdicts.push(logs::check(market, &pages).await);
    verdicts
}
