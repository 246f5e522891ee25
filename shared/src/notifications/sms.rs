//! Text messages, by SNS.

use std::sync::{Arc, OnceLock};

use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use aws_sdk_sns::config::Config;
use aws_sdk_sns::config::retry::RetryConfig;
use aws_sdk_sns::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sns::types::MessageAttributeValue;

use super::message::Wording;
use crate::accounts::Phone;
use crate::platform::error::{Error, Result};

/// Sends text messages.
#[derive(Clone, Debug)]
pub struct Sms {
    sdk: SdkConfig,
    /// Made when the first is sent, and shared.
    client: Arc<OnceLock<Client>>,
}

impl Sms {
    /// By the SNS of `sdk`.
    pub fn new(sdk: SdkConfig) -> Self {
        Self { sdk, client: Arc::default() }
    }

    pub(super) async fn send(&self, to: &Phone, wording: &Wording) -> Result<()> {
        self.publish(to, wording, RetryConfig::standard()).await.map_err(Failed::into_error)
    }

    /// The same, but at most once: a try of which nothing was heard is not repeated, and the failure says so.
    pub(super) async fn send_once(&self, to: &Phone, wording: &Wording) -> std::result::Result<(), Failed> {
        self.publish(to, wording, RetryConfig::disabled()).await
    }

    async fn publish(&self, to: &Phone, wording: &Wording, retry: RetryConfig) -> std::result::Result<(), Failed> {
        // Codes go before advertisements, and to those who take no advertisements.
        let kind = MessageAttributeValue::builder().data_type("String").string_value("Transactional").build();
        let client = self.client.get_or_init(|| Client::new(&self.sdk));
        client
            .publish()
            .phone_number(to.as_str())
            .message(&wording.sms)
            .message_attributes("AWS.SNS.SMS.SMSType", kind.map_err(|error| Failed::before(Error::internal(error)))?)
            .customize()
            .config_override(Config::builder().retry_config(retry))
            .send()
            .await
            .map_err(|error| Failed {
                // Who answers with a refusal has sent nothing.
                surely_not_sent: matches!(error, SdkError::ServiceError(_) | SdkError::ConstructionFailure(_)),
                // The code alone: the text of the error may hold the address.
                error: Error::unavailable(format!("SNS: {}", error.code().unwrap_or("no answer"))),
            })?;
        Ok(())
    }
}

/// Why something was not sent, or is not known to have been.
#[derive(Debug)]
pub struct Failed {
    /// Whether it was surely not sent, so that it may be tried again.
    pub surely_not_sent: bool,
    /// What went wrong.
    pub error: Error,
}

impl Failed {
    pub(super) fn before(error: Error) -> Self {
        Self { surely_not_sent: true, error }
    }

    fn into_error(self) -> Error {
        self.error
    }
}
