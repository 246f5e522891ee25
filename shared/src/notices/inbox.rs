//! What somebody was told, to be read when they want to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::notice::{About, Notice};
use super::store::NoticeStore;
use crate::accounts::{Language, Profiles};
use crate::notifications::{NoticeKind, Topic, Words};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::Result;
use crate::platform::ids::{NoticeId, UserId};

/// How many notices can be read by their ids at once.
pub const MAX_IDS: usize = 100;

/// A notice in an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) id: NoticeId,
    pub(super) kind: NoticeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) about: Option<About>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    pub(super) at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) read_at: Option<Timestamp>,
}

impl Told {
    pub(super) fn of(notice: &Notice, person: &UserId) -> Self {
        Self {
            id: notice.id(person),
            kind: notice.kind,
            about: notice.about,
            value: notice.value.clone(),
            detail: notice.detail.clone(),
            at: notice.at,
            read_at: None,
        }
    }
}

/// The sort of what a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeAboutType {
    /// An order.
    Order,
    /// A prescription.
    Prescription,
    /// A consultation.
    Consultation,
    /// A product.
    Product,
}

/// What a notice is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeAbout {
    #[serde(rename = "type")]
    kind: NoticeAboutType,
    id: String,
}

impl From<About> for NoticeAbout {
    fn from(about: About) -> Self {
        let (kind, id) = match about {
            About::Order(id) => (NoticeAboutType::Order, id.to_string()),
            About::Prescription(id) => (NoticeAboutType::Prescription, id.to_string()),
            About::Consultation(id) => (NoticeAboutType::Consultation, id.to_string()),
            About::Product(id) => (NoticeAboutType::Product, id.to_string()),
        };
        Self { kind, id }
    }
}

/// A notice as its person sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    #[schema(value_type = String)]
    id: NoticeId,
    kind: NoticeKind,
    topic: Topic,
    /// One line, in their language.
    title: String,
    /// One or two sentences.
    text: String,
    /// What it is about, if that is one thing.
    about: Option<NoticeAbout>,
    /// The number or address of a parcel.
    detail: Option<String>,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// When it was first read.
    #[schema(value_type = Option<String>, format = DateTime)]
    read_at: Option<Timestamp>,
}

impl NoticeView {
    fn of(told: Told, language: Language) -> Self {
        let Words { title, text } = told.kind.words(language, &told.value);
        Self {
            id: told.id,
            kind: told.kind,
            topic: told.kind.topic(),
            title,
            text,
            about: told.about.map(Into::into),
            detail: told.detail,
            at: told.at,
            read_at: told.read_at,
        }
    }
}

/// A page of an inbox, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticePage {
    /// The notices.
    pub items: Vec<NoticeView>,
    /// What to send as `cursor` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
    /// How many in the whole inbox are not read.
    pub unread: u32,
}

/// How many notices are not read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unread {
    /// In the whole inbox.
    pub unread: u32,
}

/// Which notices were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reads {
    /// These.
    Ids(Vec<NoticeId>),
    /// This one and all before it.
    UpTo(NoticeId),
}

/// The inboxes.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// Where they are.
    pub store: NoticeStore,
    /// Knows everybody's language.
    pub profiles: Profiles,
    /// The time.
    pub clock: Clock,
}

impl Inbox {
    /// A page of the inbox of `user`, and where the next one begins.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(
        &self,
        user: &UserId,
        unread: bool,
        before: Option<NoticeId>,
        limit: u16,
    ) -> Result<(NoticePage, Option<NoticeId>)> {
        let (language, batch, count) = futures_util::try_join!(
            self.profiles.language(Some(user)),
            self.store.batch(user, before, unread, limit),
            self.store.count_unread(user)
        )?;
        let language = language.unwrap_or_default();
        let items = batch.told.into_iter().map(|told| NoticeView::of(told, language)).collect();
        Ok((NoticePage { items, next_cursor: None, unread: count }, batch.next))
    }

    /// Notes what `user` has read; how many are not read then. Twice is once, and ids that are none of theirs are nothing.
    ///
    /// # Errors
    /// DynamoDB does not answer: some of it may be noted.
    pub async fn read(&self, user: &UserId, reads: Reads) -> Result<Unread> {
        let ids = match reads {
            Reads::Ids(ids) => ids,
            Reads::UpTo(last) => self.store.unread_up_to(user, last).await?,
        };
        let now = self.clock.now();
        // A few at once: an inbox that was never looked at holds some hundred.
        for some in ids.chunks(10) {
            futures_util::future::try_join_all(some.iter().map(|id| self.store.read(user, *id, now))).await?;
        }
        Ok(Unread { unread: self.store.count_unread(user).await? })
    }

    /// Everything in the inbox of `user`, for them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn held(&self, user: &UserId) -> Result<Vec<NoticeView>> {
        let (language, told) = futures_util::try_join!(self.profiles.language(Some(user)), self.store.all(user))?;
        Ok(told.into_iter().map(|told| NoticeView::of(told, language.unwrap_or_default())).collect())
    }
}
