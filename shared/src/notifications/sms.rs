//! Text messages, by SNS.

use std::sync::{Arc, OnceLock};

use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use aws_sdk_sns::error::ProvideErrorMetadata;
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
        // Codes go before advertisements, and to those who take no advertisements.
        let kind = MessageAttributeValue::builder().data_type("String").string_value("Transactional").build();
        let client = self.client.get_or_init(|| Client::new(&self.sdk));
        client
            .publish()
            .phone_number(to.as_str())
            .message(&wording.sms)
            .message_attributes("AWS.SNS.SMS.SMSType", kind.map_err(Error::internal)?)
            .send()
            .await
            // The code alone: the text of the error may hold the address.
            .map_err(|error| Error::unavailable(format!("SNS: {}", error.code().unwrap_or("no answer"))))?;
        Ok(())
    }
}
