//! Mails, by SES.

use std::sync::{Arc, OnceLock};

use aws_config::SdkConfig;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::ProvideErrorMetadata;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader};

use super::message::Wording;
use crate::accounts::Email;
use crate::platform::error::{Error, Result};

/// Sends mails.
#[derive(Clone, Debug)]
pub struct Mail {
    sdk: SdkConfig,
    /// Made when the first is sent, and shared.
    client: Arc<OnceLock<Client>>,
    sender: Option<String>,
}

impl Mail {
    /// From the address `sender`; without one, sending fails and says so.
    pub fn new(sdk: SdkConfig, sender: Option<String>) -> Self {
        Self { sdk, client: Arc::default(), sender }
    }

    /// Sends a mail. With `unsubscribe`, whoever reads it turns it off with one click of their mail client (RFC 8058): it posts
    /// there, and nobody has to sign in.
    pub(super) async fn send(&self, to: &Email, wording: &Wording, unsubscribe: Option<&str>) -> Result<()> {
        let sender = self.sender.as_deref().ok_or_else(|| {
            Error::unavailable("SENDER_ADDRESS is not set: deploy with the parameter SenderAddress to send mails")
        })?;
        let content = |text: &str| Content::builder().data(text).charset("UTF-8").build().map_err(Error::internal);
        let body = Body::builder().text(content(&wording.body)?).build();
        let mut message = Message::builder().subject(content(&wording.subject)?).body(body);
        if let Some(link) = unsubscribe {
            let one_click = [
                ("List-Unsubscribe", format!("<{link}>")),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
            ];
            for (name, value) in one_click {
                let header = MessageHeader::builder().name(name).value(value).build();
                message = message.headers(header.map_err(Error::internal)?);
            }
        }
        let message = message.build();
        let client = self.client.get_or_init(|| Client::new(&self.sdk));
        client
            .send_email()
            .from_email_address(sender)
            .destination(Destination::builder().to_addresses(to.as_str()).build())
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await
            // The code alone: the text of the error may hold the address.
            .map_err(|error| Error::unavailable(format!("SES: {}", error.code().unwrap_or("no answer"))))?;
        Ok(())
    }
}
