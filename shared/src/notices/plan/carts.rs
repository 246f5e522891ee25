//! What is planned when something is put into an empty cart: that it may be left there.

use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Planned;
use crate::notices::notice::{Addressee, Notice};
use crate::notices::record::Change;
use crate::notifications::NoticeKind;
use crate::orders::cart_changed_at;
use crate::platform::ids::UserId;

/// How long a cart lies before it is left.
pub const LEFT_AFTER: Duration = Duration::from_hours(24);

/// As much of a cart as the plan looks at: not what is in it.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    lines: Vec<IgnoredAny>,
    expires_at: i64,
}

/// One notice for each person at a time, which waits: what becomes of the cart until then, whether they have asked to be told, and
/// which of its states is told, is looked at when its time has come.
pub(super) fn of(person: UserId, change: &Change<Seen>) -> Option<Planned> {
    let was_empty = change.before.as_ref().is_none_or(|before| before.lines.is_empty());
    if !was_empty || change.after.lines.is_empty() {
        return None;
    }
    let at = cart_changed_at(change.after.expires_at);
    let notice = Notice {
        event: "cart".to_owned(),
        kind: NoticeKind::CartWaiting,
        to: Addressee::Person(person),
        about: None,
        value: String::new(),
        detail: None,
        message: None,
        at,
        only: None,
    };
    Some(Planned::On(notice, at.plus(LEFT_AFTER)))
}
