//! Amazon Textract, asked for the text of one page: one call of JSON 1.1, signed with the function's credentials.

use std::time::Duration;

use aws_config::SdkConfig;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::suggest::{Page, wire};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::error::{Error, Result};
use crate::platform::signed_call::{Answer, Target, Terms, exchange};

/// How long a page may take. Nobody waits for it.
const TERMS: Terms = Terms { attempt_timeout: Duration::from_secs(20), attempts: 2 };
/// What Textract refuses because it has too much to do: it is asked again later.
const LATER: [&str; 4] =
    ["ThrottlingException", "ProvisionedThroughputExceededException", "LimitExceededException", "InternalServerError"];
/// What no later call mends: the document is what it is.
const DOCUMENT: [&str; 4] =
    ["UnsupportedDocumentException", "BadDocumentException", "DocumentTooLargeException", "InvalidParameterException"];

/// The way to Textract.
#[derive(Clone, Debug)]
pub struct Textract {
    sdk: SdkConfig,
    clock: Clock,
    region: String,
    endpoint: Option<String>,
}

impl Textract {
    /// As the configuration says; nothing where prescriptions are not read.
    pub fn new(config: &Config, sdk: &SdkConfig, clock: Clock) -> Option<Self> {
        let (region, endpoint) = (config.region.clone(), config.aws_endpoint.clone());
        config.reads_prescriptions.then(|| Self { sdk: sdk.clone(), clock, region, endpoint })
    }

    /// The text of a document of one page; `None` where it cannot be read, now or later.
    ///
    /// # Errors
    /// 503 where Textract does not answer, has too much to do, or does not know us: it may later.
    pub(super) async fn read(&self, document: &[u8]) -> Result<Option<Page>> {
        let question = json!({"Document": {"Bytes": STANDARD.encode(document)}});
        let (service, operation) = ("textract", "Textract.DetectDocumentText");
        let target = Target { service, operation, region: &self.region, endpoint: self.endpoint.as_deref() };
        match exchange(&self.sdk, target, &question, self.clock.now().to_system(), TERMS).await? {
            Answer::Given(answer) => {
                let page = wire::page(&answer);
                if page.is_none() {
                    tracing::warn!("a prescription was answered with something that is no text of a page");
                }
                Ok(page)
            }
            Answer::Refused { status, kind } => {
                let named = |kinds: &[&str]| kinds.iter().any(|known| kind.ends_with(known));
                if named(&DOCUMENT) && !named(&LATER) {
                    tracing::info!(refusal = kind, "a prescription cannot be read");
                    return Ok(None);
                }
                Err(Error::unavailable(format!("{operation}: status {status}: {kind}")))
            }
        }
    }
}
