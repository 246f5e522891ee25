//! Asking a model: Amazon Bedrock's Converse, by a signed plain request.

use std::time::Duration;

use aws_config::SdkConfig;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::model::{Guardrail, Reply, reply, request};
use crate::accounts::Language;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::error::{Error, Result};
use crate::platform::signed_request::{Request, Service, SignedRequests};

/// How long a model may think: who asks waits meanwhile.
const TIMEOUT: Duration = Duration::from_secs(8);
/// What is encoded in a path (RFC 3986, unreserved characters are not).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The way to a model.
#[derive(Debug)]
pub struct Converse {
    requests: SignedRequests,
    path: String,
    guardrail: Option<Guardrail>,
}

impl Converse {
    /// To the model of the configuration; nothing where there is none.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn new(config: &Config, sdk: &SdkConfig, clock: Clock) -> Result<Option<Self>> {
        let Some(model) = &config.assistant.model else { return Ok(None) };
        let service = Service {
            name: "bedrock",
            endpoint: config.bedrock_endpoint(),
            region: config.region.clone(),
            timeout: TIMEOUT,
            attempts: 1,
        };
        let guardrail = config.assistant.guardrail.as_deref().and_then(|text| text.split_once(':'));
        let guardrail = guardrail.map(|(id, version)| Guardrail { id: id.to_owned(), version: version.to_owned() });
        let path = format!("/model/{}/converse", utf8_percent_encode(model, SEGMENT));
        Ok(Some(Self { requests: SignedRequests::new(sdk, clock, service)?, path, guardrail }))
    }

    /// What the model says to a question with these passages.
    ///
    /// # Errors
    /// It does not answer in time, is throttled, or says no.
    pub(super) async fn ask(&self, question: &str, passages: &[&str], language: Language) -> Result<Reply> {
        let body = request(question, passages, language, self.guardrail.as_ref()).to_string();
        let headers = [("content-type", "application/json")];
        let request = Request { method: "POST", path: &self.path, headers: &headers, body: body.as_bytes() };
        let answer = self.requests.send(&request).await?;
        if !(200..300).contains(&answer.status) {
            return Err(Error::unavailable(format!("the model answers with status {}", answer.status)));
        }
        reply(&answer.body).ok_or_else(|| Error::unavailable("the model answers with something that is no answer"))
    }
}
