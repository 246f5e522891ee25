//! The same key has the same answer.

use serde_json::Value;

use super::Verdict;
use crate::load::book::{Keyed, Pages};

/// How many are asked for again.
const MOST: usize = 400;
/// What of an answer must be the same; what else it says may have come further since.
const SAME: [&str; 6] = ["id", "number", "totals", "items", "value", "patient_id"];

/// Asks for what was answered once more, evenly over the run.
pub async fn check(pages: &Pages) -> Verdict {
    let every = pages.keyed.len().div_ceil(MOST).max(1);
    let (mut found, mut asked) = (Vec::new(), 0);
    for keyed in pages.keyed.iter().step_by(every) {
        asked += 1;
        let answer = keyed.caller.ask("replay", |client| client.post(&keyed.path, &keyed.body).key(&keyed.key)).await;
        let (now, body) = (answer.status, serde_json::from_slice(&answer.bytes).unwrap_or_default());
        if now != keyed.status || differs(keyed, &body) {
            found.push(format!(
                "{} under {}: {} {}, and now {now} {body}",
                keyed.path, keyed.key, keyed.status, keyed.said
            ));
        }
    }
    Verdict::of("the same key has the same answer", asked, found)
}

fn differs(keyed: &Keyed, now: &Value) -> bool {
    SAME.iter().any(|name| {
        let [then, now] = [&keyed.said, now].map(|body| lines(&body[*name]));
        then != now
    })
}

/// Of the lines of an order, what was bought; what it was packed from comes later. All else as it is.
fn lines(value: &Value) -> Value {
    let Some(lines) = value.as_array() else { return value.clone() };
    let bought = |line: &Value| Value::from(vec![line["product_id"].clone(), line["quantity"].clone()]);
    lines.iter().map(bought).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lots_that_were_packed_since_are_no_other_answer() {
        let line = |lots: Value| json!([{"product_id": "prd_1", "quantity": 2, "lots": lots}]);
        assert_eq!(lines(&line(json!([]))), lines(&line(json!([{"number": "A"}]))));
        assert_ne!(lines(&line(json!([]))), lines(&json!([{"product_id": "prd_1", "quantity": 3}])));
        assert_eq!(lines(&json!("ord_1")), json!("ord_1"));
    }
}
