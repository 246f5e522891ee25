//! Counts what an invocation asks of AWS: how many calls, how many of them in a row, and what DynamoDB charges for them.

use serde_json::{Map, Value, json};

use super::http::{Reply, Request};

/// What DynamoDB charges for a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Read units, in halves: an eventual read of up to 4 KB costs one half.
    pub read_halves: u32,
    /// Write units, those of indexes among them.
    pub write: u32,
}

/// A call that was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metered {
    /// The operation, such as `GetItem` or `PUT /media/public/x.jpg`.
    pub name: String,
    /// How many calls had to be over before this one could begin, and itself: 1 for the first.
    pub trip: u32,
    /// What DynamoDB charges for it.
    pub capacity: Capacity,
    /// Whether it counts the request for its rate limit.
    pub counts_the_request: bool,
    /// Whether it reads the feed of ended sessions.
    pub reads_the_feed: bool,
    /// The size of what each of its writes would put there, in whole kilobytes.
    writes: Vec<u32>,
    over: bool,
}

#[derive(Default)]
pub(super) struct Meter {
    running: bool,
    calls: Vec<Metered>,
}

impl Meter {
    pub(super) fn running() -> Self {
        Self { running: true, calls: Vec::new() }
    }

    pub(super) fn calls(self) -> Vec<Metered> {
        self.calls
    }

    /// A call has come in; gives its number.
    pub(super) fn begins(&mut self, request: &Request) -> Option<usize> {
        if !self.running {
            return None;
        }
        let trip = 1 + self.calls.iter().filter(|call| call.over).map(|call| call.trip).max().unwrap_or(0);
        let text = String::from_utf8_lossy(&request.body);
        self.calls.push(Metered {
            name: request.name(),
            trip,
            capacity: Capacity::default(),
            counts_the_request: text.contains("\"LIMIT#"),
            reads_the_feed: request.name() == "Query" && text.contains("\"REVOCATIONS\""),
            writes: writes(&serde_json::from_str(&text).unwrap_or_default()),
            over: false,
        });
        Some(self.calls.len() - 1)
    }

    /// Its answer goes out.
    pub(super) fn ends(&mut self, number: Option<usize>, reply: &Reply) {
        if let Some(call) = number.and_then(|number| self.calls.get_mut(number)) {
            call.over = true;
            call.capacity = charged(call, reply);
        }
    }

    /// The request, with the question what it costs where that is of interest.
    pub(super) fn asking(&self, request: &Request) -> Request {
        match serde_json::from_slice::<Value>(&request.body) {
            Ok(mut body) if self.running => {
                body["ReturnConsumedCapacity"] = json!("INDEXES");
                request.with_body(body.to_string().into_bytes())
            }
            _ => request.clone(),
        }
    }
}

/// The size of what each write of a request would put there, in whole kilobytes; one where it does not say.
fn writes(request: &Value) -> Vec<u32> {
    match request["TransactItems"].as_array() {
        Some(actions) => actions.iter().map(|action| kilobytes(&action["Put"]["Item"])).collect(),
        None => vec![kilobytes(&request["Item"])],
    }
}

fn kilobytes(item: &Value) -> u32 {
    let bytes = item.as_object().map_or(0, attributes);
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).max(1)
}

/// What attributes take, as DynamoDB counts them: their names and values.
fn attributes(item: &Map<String, Value>) -> usize {
    item.iter().map(|(name, value)| name.len() + bytes(value)).sum()
}

fn bytes(attribute: &Value) -> usize {
    match attribute.as_object().and_then(|one| one.iter().next()).map(|(kind, value)| (kind.as_str(), value)) {
        Some(("N", Value::String(digits))) => digits.len().div_ceil(2) + 1,
        Some(("B", Value::String(text))) => text.len() / 4 * 3,
        Some((_, Value::String(text))) => text.len(),
        Some((_, Value::Array(values))) => {
            3 + values.iter().map(|value| value.as_str().map_or_else(|| 1 + bytes(value), str::len)).sum::<usize>()
        }
        Some((_, Value::Object(map))) => 3 + attributes(map),
        _ => 1,
    }
}

/// What a write costs that was refused. The answer does not say it, but DynamoDB charges for it as if it were done, by what is
/// there; in a transaction for every action, whichever was refused.
fn refused(call: &Metered, answer: &Value) -> Option<u32> {
    let kind = answer["__type"].as_str()?.rsplit('#').next()?;
    match (kind, call.name.as_str()) {
        ("ConditionalCheckFailedException", _) => {
            Some(kilobytes(&answer["Item"]).max(call.writes.first().copied().unwrap_or(1)))
        }
        ("TransactionCanceledException", "TransactWriteItems") => {
            let action =
                |(place, put): (usize, &u32)| 2 * kilobytes(&answer["CancellationReasons"][place]["Item"]).max(*put);
            Some(call.writes.iter().enumerate().map(action).sum())
        }
        _ => None,
    }
}

/// What a call cost, by its answer: one entry, or one for each table; or by itself, where it was refused.
#[allow(clippy::float_arithmetic, reason = "DynamoDB counts reads in halves")]
fn charged(call: &Metered, reply: &Reply) -> Capacity {
    let body: Value = serde_json::from_slice(reply.body()).unwrap_or_default();
    if let Some(write) = refused(call, &body) {
        return Capacity { read_halves: 0, write };
    }
    let consumed = &body["ConsumedCapacity"];
    let entries = consumed.as_array().map_or(std::slice::from_ref(consumed), Vec::as_slice);
    let units: f64 = entries.iter().filter_map(|entry| entry["CapacityUnits"].as_f64()).sum();
    let reads = matches!(call.name.as_str(), "GetItem" | "BatchGetItem" | "Query" | "Scan" | "TransactGetItems");
    if reads {
        Capacity { read_halves: (units * 2.0).round() as u32, write: 0 }
    } else {
        Capacity { read_halves: 0, write: units.round() as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(operation: &str, request: &Value, answer: &Value) -> Capacity {
        let call = Metered {
            name: operation.to_owned(),
            trip: 1,
            capacity: Capacity::default(),
            counts_the_request: false,
            reads_the_feed: false,
            writes: writes(request),
            over: true,
        };
        charged(&call, &Reply::new(400, "application/x-amz-json-1.0", answer.to_string().into_bytes()))
    }

    fn item(length: usize) -> Value {
        json!({"pk": {"S": "P"}, "text": {"S": "x".repeat(length)}})
    }

    const FAILED: &str = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    const CANCELLED: &str = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";

    #[test]
    fn a_write_that_is_refused_costs_what_it_would_have() {
        let write = |units| Capacity { read_halves: 0, write: units };
        let refused = json!({"__type": FAILED});
        assert_eq!(cost("UpdateItem", &json!({"Key": {"pk": {"S": "P"}}}), &refused), write(1));
        assert_eq!(cost("PutItem", &json!({"Item": item(1500)}), &refused), write(2));
        let there = json!({"__type": FAILED, "Item": item(2500)});
        assert_eq!(cost("DeleteItem", &json!({}), &there), write(3));
        assert_eq!(cost("UpdateItem", &json!({}), &json!({"__type": "ThrottlingException"})), write(0));
    }

    #[test]
    fn a_transaction_that_is_refused_costs_twice_as_much_for_every_action() {
        let request = json!({"TransactItems": [
            {"Put": {"Item": item(1500)}}, {"Update": {"Key": {}}}, {"ConditionCheck": {"Key": {}}}, {"Delete": {}},
        ]});
        let reasons = json!([{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": item(2500)}]);
        let refused = json!({"__type": CANCELLED, "CancellationReasons": reasons});
        assert_eq!(cost("TransactWriteItems", &request, &refused).write, 2 * (2 + 3 + 1 + 1));
        assert_eq!(cost("TransactGetItems", &request, &refused).write, 0);
    }

    #[test]
    fn an_item_is_as_large_as_its_names_and_values() {
        let all = json!({"ab": {"S": "cde"}, "n": {"N": "1234"}, "t": {"BOOL": true}, "l": {"L": [{"S": "x"}]},
            "m": {"M": {"k": {"S": "vv"}}}, "s": {"SS": ["a", "bc"]}, "b": {"B": "AAAA"}});
        let expected = (2 + 3) + (1 + 3) + (1 + 1) + (1 + 5) + (1 + 6) + (1 + 6) + (1 + 3);
        assert_eq!(all.as_object().map(attributes), Some(expected));
        assert_eq!([0, 1000, 1100].map(|length| kilobytes(&item(length))), [1, 1, 2]);
    }
}
