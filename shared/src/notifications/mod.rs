//! What the pharmacy writes to people: by mail or by text message, in their language.

mod language;
mod mail;
mod message;
mod notifier;
mod sms;
mod texts;

pub use mail::Mail;
pub use message::Message;
pub use notifier::{Notifier, To};
pub use sms::Sms;
