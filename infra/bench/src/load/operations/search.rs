//! Searches the catalogue by a word, at times a misspelt one.

use super::super::shopper::Shopper;

/// What is searched for: names of the starter catalogue, beginnings, a misspelling, and what everything is called.
const SEARCHES: [&str; 8] =
    ["amoxicillin", "ibuprofen", "para", "metf", "ibuprofin", "vitamin", "medicine", "tablet 500"];

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let query = [("query", *who.dice.one_of(&SEARCHES)), ("limit", "24")];
    who.ask(name, |client| client.search("/v1/products", &query)).await;
}
