//! What is asked of the trail.

use std::time::Duration;

use super::action::Action;
use crate::platform::clock::Timestamp;
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::UserId;
use crate::platform::wording::{self, Words};

/// How far back a search goes that names neither a person nor an action, when it does not say.
const DEFAULT_SPAN: Duration = Duration::from_hours(30 * 24);
/// And how far at most.
const LONGEST_SPAN: Duration = Duration::from_hours(366 * 24);

/// What an admin asks for, as they say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Who acted.
    pub actor: Option<UserId>,
    /// Whose data it was.
    pub subject: Option<UserId>,
    /// What was done.
    pub action: Option<Action>,
    /// From when on.
    pub from: Option<Timestamp>,
    /// Until when.
    pub to: Option<Timestamp>,
}

/// Which of the keys of the trail a search goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way<'a> {
    Subject(&'a UserId),
    Actor(&'a UserId),
    Action(Action),
    Days,
}

/// A search that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSearch {
    query: AuditQuery,
    from: Timestamp,
    to: Timestamp,
    /// Whose own acts are left out.
    pub(super) not_by: Option<UserId>,
}

impl AuditSearch {
    /// What an admin asks for at the moment `now`.
    ///
    /// # Errors
    /// An end before the beginning; more than a year where neither a person nor an action is named.
    pub fn new(query: AuditQuery, now: Timestamp) -> Result<Self, FieldErrors> {
        let to = query.to.unwrap_or(now).min(now);
        let by_time_alone = query.actor.is_none() && query.subject.is_none() && query.action.is_none();
        let earliest = if by_time_alone { to.minus(DEFAULT_SPAN) } else { Timestamp::from_millis(0) };
        let from = query.from.unwrap_or(earliest);
        let wrong = |code, message: Words| Err(vec![Invalid::new(code, message).at("from")]);
        if query.to.is_some_and(|to| from > to) {
            return wrong("out_of_range", wording::field::beginning_after_end());
        }
        if by_time_alone && to.since(from) > LONGEST_SPAN {
            return wrong("range_too_long", wording::identity::range_too_long());
        }
        Ok(Self { query, from, to, not_by: None })
    }

    /// What others did to the data of `user`, up to `now`.
    pub fn of_others(user: &UserId, now: Timestamp) -> Self {
        let query = AuditQuery { subject: Some(user.clone()), ..AuditQuery::default() };
        Self { query, from: Timestamp::from_millis(0), to: now, not_by: Some(user.clone()) }
    }

    /// Whose data was asked for.
    pub fn subject(&self) -> Option<&UserId> {
        self.query.subject.as_ref()
    }

    /// The time that is searched, both ends included.
    pub(super) fn range(&self) -> (Timestamp, Timestamp) {
        (self.from, self.to)
    }

    /// The narrowest way to the entries.
    pub(super) fn way(&self) -> Way<'_> {
        match (&self.query.subject, &self.query.actor, self.query.action) {
            (Some(subject), _, _) => Way::Subject(subject),
            (None, Some(actor), _) => Way::Actor(actor),
            (None, None, Some(action)) => Way::Action(action),
            (None, None, None) => Way::Days,
        }
    }

    /// What the way leaves to be filtered: who acted, and what they did.
    pub(super) fn filters(&self) -> (Option<&UserId>, Option<Action>) {
        match self.way() {
            Way::Subject(_) => (self.query.actor.as_ref(), self.query.action),
            Way::Actor(_) => (None, self.query.action),
            Way::Action(_) | Way::Days => (None, None),
        }
    }
}

impl AuditQuery {
    /// What was asked for, for the trail itself and for the names of cursors.
    pub fn said(&self) -> String {
        let mut said = Vec::new();
        let mut say = |name: &str, value: Option<String>| said.extend(value.map(|value| format!("{name}={value}")));
        say("actor", self.actor.as_ref().map(ToString::to_string));
        say("subject", self.subject.as_ref().map(ToString::to_string));
        say("action", self.action.map(|action| action.to_string()));
        say("from", self.from.map(|at| at.to_string()));
        say("to", self.to.map(|at| at.to_string()));
        said.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> UserId {
        UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_narrowest_way_is_taken_and_the_rest_filtered() {
        let query = AuditQuery {
            actor: Some(anna()),
            subject: Some(anna()),
            action: Some(Action::ReadOrder),
            ..AuditQuery::default()
        };
        let search = |query: AuditQuery| AuditSearch::new(query, at("2026-11-20T10:00:00Z")).unwrap();
        let all = search(query.clone());
        assert_eq!((all.way(), all.filters()), (Way::Subject(&anna()), (Some(&anna()), Some(Action::ReadOrder))));
        let by_actor = search(AuditQuery { subject: None, ..query.clone() });
        assert_eq!((by_actor.way(), by_actor.filters()), (Way::Actor(&anna()), (None, Some(Action::ReadOrder))));
        let by_action = search(AuditQuery { subject: None, actor: None, ..query.clone() });
        assert_eq!((by_action.way(), by_action.filters()), (Way::Action(Action::ReadOrder), (None, None)));
        assert_eq!(search(AuditQuery::default()).way(), Way::Days);
        // The longest that can be said is on the trail whole.
        let longest = AuditQuery {
            action: Some(Action::WithdrawPrescription),
            from: Some(at("2026-11-20T10:00:00Z")),
            to: Some(at("2026-11-20T10:00:00Z")),
            ..query
        };
        assert!(longest.said().len() <= 200, "{}", longest.said().len());
    }

    #[test]
    fn a_search_by_time_alone_is_bounded() {
        let now = at("2026-11-20T10:00:00Z");
        let search = |from: Option<&str>, to: Option<&str>, action| {
            AuditSearch::new(AuditQuery { from: from.map(at), to: to.map(at), action, ..AuditQuery::default() }, now)
        };
        assert_eq!(search(None, None, None).unwrap().range(), (at("2026-10-21T10:00:00Z"), now));
        let code = |found: Result<AuditSearch, FieldErrors>| found.unwrap_err()[0].code;
        assert_eq!(code(search(Some("2020-01-01T00:00:00Z"), None, None)), "range_too_long");
        assert!(search(Some("2020-01-01T00:00:00Z"), None, Some(Action::SetRoles)).is_ok());
        assert_eq!(code(search(Some("2026-11-02T00:00:00Z"), Some("2026-11-01T00:00:00Z"), None)), "out_of_range");
        assert_eq!(search(None, Some("2030-01-01T00:00:00Z"), None).unwrap().range().1, now);
    }
}
