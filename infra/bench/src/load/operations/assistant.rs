//! Asks the assistant.

use serde_json::json;

use super::super::shopper::Shopper;

/// What is asked.
const QUESTIONS: [&str; 3] =
    ["What are the side effects of metformin?", "What is ibuprofen for?", "How do I return a parcel?"];

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let body = json!({"question": who.dice.one_of(&QUESTIONS)});
    who.ask(name, |client| client.post("/v1/assistant/questions", &body)).await;
}
