//! Listening to bKash: whether a message is of its topic and signed, and what it is.

use aws_config::SdkConfig;
use tokio::sync::Mutex;

use super::client::Bkash;
use super::event;
use super::notice::{Kind, Notice, Topic};
use super::signature;
use crate::payments::calls::{Failure, Line, NoAnswer, Outgoing};
use crate::payments::news::Knock;
use crate::payments::shown::Shown;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::Result;
use crate::platform::form;

/// As whoever sends a message is told.
const SENDER: &str = "Amazon's notification service";

/// What a message turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is not of our topic, not signed, or not of now.
    Refused,
    /// The topic asks whether it may tell us.
    Asks(Token),
    /// Something has happened; to a payment of ours, where that is said.
    Happened(Option<Knock>),
}

/// What a subscription is confirmed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(String);

/// The way by which bKash tells us.
#[derive(Debug)]
pub(super) struct Ear {
    topic: Topic,
    origin: String,
    line: Line,
    clock: Clock,
    keys: Mutex<Shown<Vec<u8>>>,
}

impl Ear {
    /// For a topic; `stand_in` answers in the place of Amazon's service, where there is one.
    pub(super) fn new(topic: Topic, stand_in: Option<&str>, sdk: &SdkConfig, clock: Clock) -> Self {
        let origin = stand_in.map_or_else(|| topic.origin(), str::to_owned);
        Self { line: Line::new(sdk, "sns", &origin), topic, origin, clock, keys: Mutex::new(Shown::new()) }
    }

    /// What a message is.
    ///
    /// # Errors
    /// 503: the certificate cannot be had.
    pub(super) async fn hear(&self, body: &[u8]) -> Result<Heard> {
        let now = self.clock.now();
        let Ok(notice) = Notice::read(body) else { return Ok(Heard::Refused) };
        if notice.topic_arn != self.topic.as_str() || !notice.is_plausible(now) {
            return Ok(Heard::Refused);
        }
        let Some(path) = notice.certificate(&self.origin) else { return Ok(Heard::Refused) };
        let Some(key) = self.key(path, now).await? else { return Ok(Heard::Refused) };
        if !signature::is_signed(&notice, &key) {
            return Ok(Heard::Refused);
        }
        Ok(match (notice.kind, notice.token) {
            (Kind::Notification, _) => Heard::Happened(event::knock(&notice.message_id, &notice.message)),
            (Kind::SubscriptionConfirmation, Some(token)) => Heard::Asks(Token(token)),
            (Kind::SubscriptionConfirmation, None) => Heard::Refused,
            (Kind::UnsubscribeConfirmation, _) => {
                tracing::warn!("bKash's topic tells us of payments no more; they are asked for in their time");
                Heard::Happened(None)
            }
        })
    }

    /// Lets the topic tell us. The address that the message names is not followed: this one is made of our topic.
    ///
    /// # Errors
    /// 503: Amazon's service does not do it.
    pub(super) async fn confirm(&self, token: &Token) -> Result<()> {
        let query = form::encoded(&[
            ("Action", "ConfirmSubscription"),
            ("TopicArn", self.topic.as_str()),
            ("Token", token.0.as_str()),
            ("Version", "2010-03-31"),
        ]);
        let answer = self.get(format!("/?{query}")).await?;
        if (200..300).contains(&answer.0) { Ok(()) } else { Err(NoAnswer::Said(Failure::Failed).of(SENDER)) }
    }

    /// The key of the certificate at `path`, kept for a day; none where there is none.
    ///
    /// # Errors
    /// 503: it cannot be had now, or too many others were asked for just now.
    async fn key(&self, path: &str, now: Timestamp) -> Result<Option<Vec<u8>>> {
        let mut shown = self.keys.lock().await;
        if let Some(key) = shown.kept(path, now) {
            return Ok(Some(key));
        }
        shown.ask(now)?;
        let pem = match self.get(path.to_owned()).await {
            Ok((200, body)) => body,
            Ok((500.. | 429, _)) => {
                shown.not_asked(now);
                return Err(NoAnswer::Said(Failure::Failed).of(SENDER));
            }
            Ok(_) => return Ok(None),
            Err(why) => {
                shown.not_asked(now);
                return Err(why);
            }
        };
        let Some(key) = signature::key(&pem) else { return Ok(None) };
        shown.keep(path, key.clone(), now);
        Ok(Some(key))
    }

    async fn get(&self, path: String) -> Result<(u16, Vec<u8>)> {
        let call = Outgoing { method: "GET", path, headers: Vec::new(), body: String::new() };
        let answer = self.line.call(call).await.map_err(|why| why.of(SENDER))?;
        Ok((answer.status, answer.body))
    }
}

impl Bkash {
    /// What a message is. Without a topic of ours none is heard; what it says of itself is shown to the operator, who has yet to
    /// be told the topic.
    ///
    /// # Errors
    /// 503: the certificate that it is signed by cannot be had.
    pub async fn hear(&self, body: &[u8]) -> Result<Option<Heard>> {
        let Some(ear) = &self.ear else {
            if let Some(topic) = said_topic(body) {
                tracing::warn!(
                    sns.topic = topic.as_str(),
                    "a topic that nobody has told us wants to tell us of payments"
                );
            }
            return Ok(None);
        };
        ear.hear(body).await.map(Some)
    }

    /// Lets the topic tell us.
    ///
    /// # Errors
    /// 503: Amazon's service does not do it.
    pub async fn listen(&self, token: &Token) -> Result<()> {
        match &self.ear {
            Some(ear) => ear.confirm(token).await,
            None => Ok(()),
        }
    }
}

/// The topic that a message says it is of, to be shown to an operator who has not been told it: nothing of it was checked.
fn said_topic(body: &[u8]) -> Option<Topic> {
    Notice::read(body).ok().and_then(|notice| Topic::parse(&notice.topic_arn))
}
