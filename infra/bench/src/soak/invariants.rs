//! Everything that must hold in the end, each in a file of its own or beside the tests (`tests/src/invariants`).

pub mod logs;
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
    /// Against how much it was held: of nothing, everything holds.
    pub of: usize,
    /// What of it does not hold.
    pub found: Vec<String>,
}

impl Verdict {
    /// Whether all of it does.
    pub fn holds(&self) -> bool {
        self.found.is_empty()
    }

    fn of(name: &str, of: usize, found: Vec<String>) -> Self {
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

/// How many entries the ledgers at the stand-ins for Stripe and PayPal have, and what of them is not what the orders say.
///
/// # Panics
/// Where the stand-ins do not answer.
pub async fn ledger(market: &Market, tables: &Tables) -> (usize, Vec<String>) {
    let request = market.shop.guest.http().get(format!("{}/_ledger", market.payments_url));
    let answer = request.send().await.expect("an answer of the stand-ins");
    let ledger: Value = serde_json::from_str(&answer.text().await.expect("its text")).expect("JSON");
    let ledgers =
        [(PaymentMethod::Card, &ledger["stripe"]["intents"]), (PaymentMethod::Paypal, &ledger["paypal"]["orders"])];
    let count = ledgers.iter().map(|(_, entries)| entries.as_array().map_or(0, Vec::len)).sum();
    let found = ledgers.into_iter().flat_map(|(method, entries)| money::against_ledger(tables, method, entries));
    (count, found.collect())
}

/// What must hold of the tables: of those before the workers have mended anything, where they stood still, and of those at rest.
fn of_tables(before: Option<&Tables>, tables: &Tables) -> Vec<Verdict> {
    let mut verdicts = vec![Verdict::of(
        "the tables stood still before the workers ran",
        before.map_or(1, Tables::len),
        before.is_none().then(|| "they were written all the time".to_owned()).into_iter().collect(),
    )];
    for invariant in ALWAYS {
        let found = early_and_late(before.map(invariant.find).unwrap_or_default(), (invariant.find)(tables));
        verdicts.push(Verdict::of(invariant.name, (invariant.of)(tables), found));
    }
    verdicts.extend(AT_REST.iter().map(|one| Verdict::of(one.name, (one.of)(tables), (one.find)(tables))));
    verdicts
}

/// What did not hold before the workers ran, though it has to at every moment, and what does not now.
fn early_and_late(early: Vec<String>, late: Vec<String>) -> Vec<String> {
    let early = early.into_iter().map(|found| format!("before the workers ran: {found}"));
    early.chain(late).collect()
}

/// All of it: `before` is what lay in the tables when the shoppers had gone, and `tables` what lies there at rest.
pub async fn all(market: &Market, before: Option<&Tables>, tables: &Tables) -> Vec<Verdict> {
    let mut verdicts = of_tables(before, tables);
    let (entries, found) = ledger(market, tables).await;
    verdicts.push(Verdict::of("the providers have what the orders say", entries, found));
    let pages = market.book.pages();
    verdicts.push(told::orders(&pages, tables));
    verdicts.push(told::messages(&pages, tables));
    verdicts.push(replays::check(&pages).await);
    verdicts.push(logs::check(market, &pages).await);
    verdicts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_hold_before_the_workers_ran_is_a_fault_though_they_have_mended_it() {
        let early = early_and_late(vec!["a unit".to_owned()], Vec::new());
        assert_eq!(early, ["before the workers ran: a unit"]);
        assert_eq!(early_and_late(Vec::new(), vec!["a unit".to_owned()]), ["a unit"]);
    }

    #[test]
    fn tables_that_never_stood_still_are_a_fault() {
        let none = Tables::default();
        let broken: Vec<_> = of_tables(None, &none).into_iter().filter(|verdict| !verdict.holds()).collect();
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert_eq!(broken[0].found, ["they were written all the time"]);
        assert!(of_tables(Some(&none), &none).iter().all(Verdict::holds));
    }
}
