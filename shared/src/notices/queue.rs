//! The queue of notices: SQS, by signed plain requests, as it is asked one thing alone.

use std::time::Duration;

use aws_config::SdkConfig;
use serde::Serialize;
use serde_json::{Value, json};

use super::notice::Notice;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::error::{Error, Result};
use crate::platform::signed_request::{Request, Service, SignedRequests};

/// How many messages one request takes.
const BATCH: usize = 10;
/// How long one attempt may take.
const TIMEOUT: Duration = Duration::from_secs(2);
const HEADERS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "AmazonSQS.SendMessageBatch")];

/// A queue.
#[derive(Debug)]
pub struct Queue {
    requests: SignedRequests,
    url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    id: String,
    message_body: String,
    delay_seconds: u16,
}

impl Queue {
    /// The queue of this address.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn new(config: &Config, sdk: &SdkConfig, clock: Clock, url: &str) -> Result<Self> {
        let service = Service {
            name: "sqs",
            endpoint: config.queues_endpoint(),
            region: config.region.clone(),
            timeout: TIMEOUT,
            attempts: 2,
        };
        Ok(Self { requests: SignedRequests::new(sdk, clock, service)?, url: url.to_owned() })
    }

    /// Puts notices in, each to be seen after so many seconds. Where it fails some may be in: whoever repeats it, puts them in
    /// twice, and they are told once.
    ///
    /// # Errors
    /// 503 where the queue does not take all of them.
    pub async fn put(&self, notices: &[(Notice, u16)]) -> Result<()> {
        let texts = notices
            .iter()
            .map(|(notice, delay)| serde_json::to_string(notice).map(|text| (text, *delay)).map_err(Error::internal));
        self.put_texts(texts.collect::<Result<_>>()?).await
    }

    /// The same for messages of any sort.
    ///
    /// # Errors
    /// 503 where the queue does not take all of them.
    pub async fn put_texts(&self, texts: Vec<(String, u16)>) -> Result<()> {
        for batch in texts.chunks(BATCH) {
            let entries = batch.iter().enumerate().map(|(place, (text, delay))| Entry {
                id: place.to_string(),
                message_body: text.clone(),
                delay_seconds: *delay,
            });
            let entries: Vec<_> = entries.collect();
            let body = json!({"QueueUrl": self.url, "Entries": entries}).to_string();
            let request = Request { method: "POST", path: "/", headers: &HEADERS, body: body.as_bytes() };
            let reply = self.requests.send(&request).await?;
            let answer: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let taken = answer.get("Successful").and_then(Value::as_array).map_or(0, Vec::len);
            if !(200..300).contains(&reply.status) || taken != batch.len() {
                let kind = answer.get("__type").and_then(Value::as_str).unwrap_or("no kind is said");
                let (status, wanted) = (reply.status, batch.len());
                return Err(Error::unavailable(format!("SQS: status {status}, {taken} of {wanted} taken: {kind}")));
            }
        }
        Ok(())
    }
}
