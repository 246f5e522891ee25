//! What the pharmacy writes to people: by mail or by text message, in their language.

mod mail;
mod message;
mod notice;
mod notifier;
mod sms;
mod texts;

pub use mail::Mail;
pub use message::Message;
pub use notice::{Letter, NoticeKind, Reach, Topic, Words};
pub use notifier::{Notifier, To};
pub use sms::{Failed, Sms};
