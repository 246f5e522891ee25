//! Sending a message to where somebody is reached.

use super::mail::Mail;
use super::message::Message;
use super::notice::Letter;
use super::sms::{Failed, Sms};
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
            To::Email(email) => self.mail.send(email, &wording, None).await,
            To::Phone(phone) => self.sms.send(phone, &wording).await,
        }
    }

    /// Sends a notice: a mail at least once, a text message at most once.
    ///
    /// # Errors
    /// What went wrong, and whether it was surely not sent.
    pub async fn tell(&self, to: To<'_>, language: Language, letter: &Letter<'_>) -> std::result::Result<(), Failed> {
        let wording = letter.wording(language);
        match to {
            To::Email(email) => self.mail.send(email, &wording, letter.unsubscribe).await.map_err(Failed::before),
            To::Phone(phone) => self.sms.send_once(phone, &wording).await,
        }
    }
}
