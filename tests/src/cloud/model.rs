//! A model behind Bedrock's Converse that says whatever a test tells it to, and remembers what it was asked.

use serde_json::{Value, json};

use super::http::{Reply, Request};

/// The model.
#[derive(Debug, Default)]
pub struct Model {
    /// What it was asked, as it came.
    pub asked: Vec<String>,
    says: String,
    stop_reason: String,
    fails: Option<u16>,
}

impl Model {
    /// Whether a request is for it.
    pub(super) fn is_for(request: &Request) -> bool {
        request.method == "POST" && request.path.starts_with("/model/") && request.path.ends_with("/converse")
    }

    /// From now on it says this, and stops for that reason.
    pub fn say(&mut self, text: &str, stop_reason: &str) {
        (self.says, self.stop_reason, self.fails) = (text.to_owned(), stop_reason.to_owned(), None);
    }

    /// From now on it fails with a status.
    pub fn fail(&mut self, status: u16) {
        self.fails = Some(status);
    }

    pub(super) fn answer(&mut self, request: &Request) -> Reply {
        let asked: Value = serde_json::from_slice(&request.body).unwrap();
        self.asked.push(asked["messages"].to_string());
        assert!(
            request.header("authorization").is_some_and(|header| header.contains("/bedrock/")),
            "signed for Bedrock"
        );
        let (status, body) = match self.fails {
            Some(status) => (status, json!({"message": "no"})),
            None => (
                200,
                json!({
                    "output": {"message": {"role": "assistant", "content": [{"text": self.says}]}},
                    "stopReason": self.stop_reason,
                    "usage": {"inputTokens": 100, "outputTokens": 20, "totalTokens": 120},
                    "metrics": {"latencyMs": 1},
                }),
            ),
        };
        Reply::new(status, "application/json", body.to_string().into_bytes())
    }
}
