//! One line of the trail.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::action::Action;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{AuditId, UserId};
use crate::platform::role::Role;

/// How long a detail may be, in characters.
const MAX_DETAIL: usize = 200;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuditOutcome)]
pub enum Outcome {
    /// It was done.
    Allowed,
    /// It was refused, and nothing was shown or changed.
    Refused,
    /// It was begun, where only another service can tell how it ends; a later entry of the same request says how. Where
    /// there is none, the request died on the way.
    Begun,
}

/// In which request, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The id of the request.
    pub request_id: String,
    /// The address that API Gateway saw.
    pub source_ip: Option<String>,
    /// What the client calls itself. It is not on the trail.
    pub agent: Option<String>,
}

impl Origin {
    /// The request with this id, from this address.
    pub fn new(request_id: impl Into<String>, source_ip: Option<&str>) -> Self {
        Self { request_id: request_id.into(), source_ip: source_ip.map(str::to_owned), agent: None }
    }

    /// The same from a client that calls itself so.
    #[must_use]
    pub fn from_agent(self, agent: Option<&str>) -> Self {
        Self { agent: agent.map(str::to_owned), ..self }
    }

    /// Somebody who acts in this request: its caller, or who has proved in it who they are.
    pub fn actor(&self, user: &UserId, roles: &BTreeSet<Role>) -> Actor {
        Actor { user: user.clone(), roles: roles.clone(), origin: self.clone() }
    }
}

/// Who acts, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// With which roles.
    pub roles: BTreeSet<Role>,
    /// In which request.
    pub origin: Origin,
}

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id, ordered by time.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    /// With which roles.
    pub actor_roles: BTreeSet<Role>,
    /// What.
    pub action: Action,
    /// Whose data, where it is one person's and known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<UserId>,
    /// The id of the thing.
    pub object: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What else an auditor needs, without personal data: the roles that were given, the filters of a search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// In which request.
    pub request_id: String,
    /// From which address.
    #[serde(default)]
    pub source_ip: Option<String>,
}

impl Entry {
    /// Somebody, not known yet, did or tried `action` on `object`. [`Self::by`] says who, [`Self::about`] whose it is.
    pub fn new(origin: &Origin, action: Action, outcome: Outcome, object: impl ToString, at: Timestamp) -> Self {
        Self {
            id: AuditId::generate(at),
            at,
            actor: None,
            actor_roles: BTreeSet::new(),
            action,
            subject: None,
            object: object.to_string(),
            outcome,
            detail: None,
            request_id: origin.request_id.clone(),
            source_ip: origin.source_ip.clone(),
        }
    }

    /// `actor` did `action` to `object`, which holds data of `subject`.
    pub fn allowed(actor: &Actor, action: Action, subject: &UserId, object: impl ToString, at: Timestamp) -> Self {
        Self::new(&actor.origin, action, Outcome::Allowed, object, at).by(actor).about(subject)
    }

    /// `actor` tried `action` on `object`, which holds data of `subject`, and was refused.
    pub fn refused(actor: &Actor, action: Action, subject: &UserId, object: impl ToString, at: Timestamp) -> Self {
        Self::new(&actor.origin, action, Outcome::Refused, object, at).by(actor).about(subject)
    }

    /// With who it was.
    #[must_use]
    pub fn by(mut self, actor: &Actor) -> Self {
        self.actor = Some(actor.user.clone());
        self.actor_roles = actor.roles.clone();
        self
    }

    /// With whose data it is.
    #[must_use]
    pub fn about(mut self, subject: &UserId) -> Self {
        self.subject = Some(subject.clone());
        self
    }

    /// With a detail, cut to 200 characters. It must hold no personal data.
    #[must_use]
    pub fn detail(mut self, detail: impl AsRef<str>) -> Self {
        self.detail = Some(detail.as_ref().chars().take(MAX_DETAIL).collect());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_left_out_and_comes_back_as_nobody() {
        let origin = Origin::new("request", None);
        let at = Timestamp::from_millis(1_000);
        let entry =
            Entry::new(&origin, Action::RefuseSession, Outcome::Refused, "unknown_x", at).detail("é".repeat(300));
        let json = serde_json::to_value(&entry).unwrap();
        // An index takes no attribute that is null.
        assert!(json.get("actor").is_none() && json.get("subject").is_none(), "{json}");
        assert_eq!(serde_json::from_value::<Entry>(json).unwrap(), entry);
        assert_eq!(entry.detail.unwrap().chars().count(), MAX_DETAIL);
    }
}
