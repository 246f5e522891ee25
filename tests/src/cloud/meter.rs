//! Counts what an invocation asks of AWS: how many calls, how many of them in a row, and what DynamoDB charges for them.

use serde_json::{Value, json};

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
            over: false,
        });
        Some(self.calls.len() - 1)
    }

    /// Its answer goes out.
    pub(super) fn ends(&mut self, number: Option<usize>, reply: &Reply) {
        if let Some(call) = number.and_then(|number| self.calls.get_mut(number)) {
            call.over = true;
            call.capacity = charged(&call.name, reply);
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

/// What the answer says it cost: one entry, or one for each table.
#[allow(clippy::float_arithmetic, reason = "DynamoDB counts reads in halves")]
fn charged(operation: &str, reply: &Reply) -> Capacity {
    let body: Value = serde_json::from_slice(reply.body()).unwrap_or_default();
    let consumed = &body["ConsumedCapacity"];
    let entries = consumed.as_array().map_or(std::slice::from_ref(consumed), Vec::as_slice);
    let units: f64 = entries.iter().filter_map(|entry| entry["CapacityUnits"].as_f64()).sum();
    let reads = matches!(operation, "GetItem" | "BatchGetItem" | "Query" | "Scan" | "TransactGetItems");
    if reads {
        Capacity { read_halves: (units * 2.0).round() as u32, write: 0 }
    } else {
        Capacity { read_halves: 0, write: units.round() as u32 }
    }
}
