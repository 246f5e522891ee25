//! Sending a message to where somebody is reached.

use super::mail::Mail;
use super::message::Message;
use super::sms::Sms;
use crate::accounts::{Email, Language, Phone};
use crate::platform::error::Result;

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To<'a> {
    /// A mailbox.
    Email(&'a Email),
    /// A telephone.
    Phone(&'a Phone),
}

/// Sends messages.
#[derive(Clone, Debug)]
pub struct Notifier {
    /// Sends mails.
    pub mail: Mail,
    /// Sends text messages.
    pub sms: Sms,
}

impl Notifier {
    /// Sends `message`. A time-out that is tried again may send it twice, which harms nobody.
    ///
    /// # Errors
    /// 503 where it cannot be sent.
    pub async fn send(&self, to: To<'_>, language: Language, message: &Message) -> Result<()> {
        let wording = message.wording(language);
        match to {
            To::Email(email) => self.mail.send(email, &wording).await,
            To::Phone(phone) => self.sms.send(phone, &wording).await,
        }
    }
}
