//! An address that events are posted to, with what it wants to know and what they are signed with. Pure.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::event::EventType;
use super::target::Target;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{UserId, WebhookName};

/// For how long a secret signs beside the one that has taken its place.
pub const OVERLAP: Duration = Duration::from_hours(24);
/// How many addresses there may be.
pub const MOST: usize = 20;

/// Why an address is turned off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WebhookOff)]
pub enum Off {
    /// Somebody has turned it off.
    ByHand,
    /// An event was tried for a day in vain.
    Failed,
    /// The address said that it is gone (410).
    Gone,
}

/// A secret that is about to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// Sealed, in base64.
    pub secret: String,
    /// Until when it signs.
    pub until: Timestamp,
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// What the pharmacy calls it.
    pub name: WebhookName,
    /// Where events go.
    pub url: Target,
    /// Which.
    pub events: BTreeSet<EventType>,
    /// Why nothing goes there now, if that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<Off>,
    /// What they are signed with: sealed, in base64.
    pub secret: String,
    /// What they were signed with before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Former>,
    /// Who has set it last.
    pub by: UserId,
    /// Since when.
    pub created_at: Timestamp,
    /// Grows by one with every change.
    pub version: u64,
}

/// What it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Where events go.
    pub url: Target,
    /// Which.
    pub events: BTreeSet<EventType>,
    /// Whether they go.
    pub enabled: bool,
    /// Whether it gets another secret.
    pub rotate: bool,
}

impl Webhook {
    /// Changed to what is wanted; `secret` is the new one, where it gets one.
    #[must_use]
    pub fn changed(&self, wanted: &Wanted, secret: Option<String>, by: &UserId, now: Timestamp) -> Self {
        let former = match &secret {
            Some(_) => Some(Former { secret: self.secret.clone(), until: now.plus(OVERLAP) }),
            None => self.former.clone().filter(|former| former.until > now),
        };
        // What was turned off by itself stays so until somebody turns it on.
        let off = if wanted.enabled { None } else { self.off.or(Some(Off::ByHand)) };
        Self {
            url: wanted.url.clone(),
            events: wanted.events.clone(),
            off,
            secret: secret.unwrap_or_else(|| self.secret.clone()),
            former,
            by: by.clone(),
            ..self.clone()
        }
    }

    /// Whether it wants to know of such events now.
    pub fn wants(&self, event: EventType) -> bool {
        self.off.is_none() && self.events.contains(&event)
    }

    /// The sealed secrets that sign at `now`, the latest first.
    pub fn signing(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        let former = self.former.iter().filter(move |former| former.until > now).map(|former| former.secret.as_str());
        std::iter::once(self.secret.as_str()).chain(former)
    }
}

/// An address, as who manages them sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookView {
    #[schema(value_type = String)]
    id: WebhookName,
    #[schema(value_type = String)]
    url: Target,
    events: BTreeSet<EventType>,
    enabled: bool,
    /// Why nothing goes there, if that is so.
    off: Option<Off>,
    /// `whsec_…`, when it is new: it is shown once, and never again.
    secret: Option<String>,
    version: u64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl WebhookView {
    /// Of an address, with its secret where that is new.
    pub fn of(webhook: Webhook, secret: Option<String>) -> Self {
        Self {
            id: webhook.name,
            url: webhook.url,
            events: webhook.events,
            enabled: webhook.off.is_none(),
            off: webhook.off,
            secret,
            version: webhook.version,
            created_at: webhook.created_at,
        }
    }

    /// The version, for `If-Match`.
    pub const fn version(&self) -> u64 {
        self.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook() -> Webhook {
        Webhook {
            name: WebhookName::parse("erp").unwrap(),
            url: Target::parse("https://example.com/", false).unwrap(),
            events: BTreeSet::from([EventType::OrderPlaced]),
            off: None,
            secret: "one".to_owned(),
            former: None,
            by: UserId::nobody(),
            created_at: Timestamp::from_millis(0),
            version: 1,
        }
    }

    fn wanted(enabled: bool) -> Wanted {
        Wanted { url: webhook().url, events: webhook().events, enabled, rotate: false }
    }

    #[test]
    fn two_secrets_sign_while_one_takes_the_place_of_the_other() {
        let now = Timestamp::from_millis(1000);
        let rotated = webhook().changed(&wanted(true), Some("two".to_owned()), &UserId::nobody(), now);
        assert_eq!(rotated.signing(now).collect::<Vec<_>>(), ["two", "one"]);
        assert_eq!(rotated.signing(now.plus(OVERLAP)).collect::<Vec<_>>(), ["two"]);
        let later = rotated.changed(&wanted(true), None, &UserId::nobody(), now.plus(OVERLAP));
        assert_eq!((later.former, later.secret.as_str()), (None, "two"));
    }

    #[test]
    fn what_was_turned_off_by_itself_is_turned_on_by_hand_alone() {
        let now = Timestamp::from_millis(1000);
        let failed = Webhook { off: Some(Off::Failed), ..webhook() };
        assert!(!failed.wants(EventType::OrderPlaced));
        assert_eq!(failed.changed(&wanted(false), None, &UserId::nobody(), now).off, Some(Off::Failed));
        let on = failed.changed(&wanted(true), None, &UserId::nobody(), now);
        assert!(on.wants(EventType::OrderPlaced) && !on.wants(EventType::OrderShipped));
        assert_eq!(on.changed(&wanted(false), None, &UserId::nobody(), now).off, Some(Off::ByHand));
    }
}
