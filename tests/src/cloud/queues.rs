//! SQS: what was put into queues, and what became of it.

use serde_json::{Value, json};

use super::http::Reply;

/// How often a message is handed over before it is a dead letter, as `infra/common.yaml` says.
const MOST: u32 = 5;

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What SQS calls it.
    pub id: String,
    /// The queue, by its address.
    pub queue: String,
    /// What it says.
    pub body: String,
    /// For how many seconds it is not to be seen.
    pub delay: u64,
    /// How often it was handed over.
    pub received: u32,
}

/// The queues.
#[derive(Debug, Default)]
pub struct Queues {
    waiting: Vec<Waiting>,
    dead: Vec<Waiting>,
    /// What is to be counted for the reports, which is another queue with another reader.
    counting: Vec<Waiting>,
    put: usize,
    /// Whether SQS takes nothing.
    pub down: bool,
    /// Whether it takes all but the last of a batch of notices.
    pub partial: bool,
}

impl Queues {
    pub(super) fn answer(&mut self, target: &str, body: &[u8]) -> Reply {
        if self.down {
            return Reply::new(500, "application/json", b"{\"__type\": \"InternalError\"}".to_vec());
        }
        assert_eq!(target, "AmazonSQS.SendMessageBatch");
        let input: Value = serde_json::from_slice(body).unwrap();
        let entries = input["Entries"].as_array().unwrap();
        assert!((1..=10).contains(&entries.len()), "a batch has one to ten messages");
        let (mut taken, mut failed) = (Vec::new(), Vec::new());
        for (place, entry) in entries.iter().enumerate() {
            let counts = input["QueueUrl"].as_str().unwrap().ends_with("/count");
            if self.partial && !counts && place + 1 == entries.len() {
                failed.push(json!({"Id": entry["Id"], "Code": "InternalError", "SenderFault": false}));
                continue;
            }
            let body = entry["MessageBody"].as_str().unwrap();
            self.put(input["QueueUrl"].as_str().unwrap(), body, entry["DelaySeconds"].as_u64().unwrap());
            taken.push(json!({"Id": entry["Id"], "MessageId": self.put.to_string()}));
        }
        let answer = json!({"Successful": taken, "Failed": failed}).to_string();
        Reply::new(200, "application/x-amz-json-1.0", answer.into_bytes())
    }

    /// Puts a message in.
    pub fn put(&mut self, queue: &str, body: &str, delay: u64) {
        self.put += 1;
        let (queue, body) = (queue.to_owned(), body.to_owned());
        let message = Waiting { id: format!("message-{}", self.put), queue, body, delay, received: 0 };
        if message.queue.ends_with("/count") { self.counting.push(message) } else { self.waiting.push(message) }
    }

    /// Takes all out that is to be counted.
    pub fn take_counting(&mut self) -> Vec<Waiting> {
        std::mem::take(&mut self.counting)
    }

    /// All that waits.
    pub fn waiting(&self) -> &[Waiting] {
        &self.waiting
    }

    /// What was handed over too often.
    pub fn dead(&self) -> &[Waiting] {
        &self.dead
    }

    /// Takes up to `most` messages out that are to be seen after `seconds`.
    pub fn take(&mut self, most: usize, seconds: u64) -> Vec<Waiting> {
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for message in self.waiting.drain(..) {
            let ready = message.delay <= seconds && taken.len() < most;
            if ready { taken.push(message) } else { left.push(message) }
        }
        self.waiting = left;
        taken
    }

    /// Gives a message back that was not dealt with: to the end of the queue, or among the dead letters.
    pub fn give_back(&mut self, message: Waiting) {
        let message = Waiting { received: message.received + 1, delay: 0, ..message };
        if message.received >= MOST { self.dead.push(message) } else { self.waiting.push(message) }
    }

    /// Puts the dead letters back into their queues, and gives how many there were.
    pub fn redrive(&mut self) -> usize {
        let dead = std::mem::take(&mut self.dead);
        let count = dead.len();
        self.waiting.extend(dead.into_iter().map(|message| Waiting { received: 0, ..message }));
        count
    }
}
