//! Entries of the trail, as they are shown.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::action::Action;
use super::entry::{Entry, Outcome};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{AuditId, UserId};
use crate::platform::role::Role;

/// An entry, as an admin sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryView {
    #[schema(value_type = String)]
    id: AuditId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who; `null` where nobody is known, as at a refused sign-in.
    #[schema(value_type = Option<String>)]
    actor: Option<UserId>,
    actor_roles: BTreeSet<Role>,
    #[schema(value_type = String, example = "user.set_roles")]
    action: Action,
    /// Whose data; `null` where it is nobody's alone.
    #[schema(value_type = Option<String>)]
    subject: Option<UserId>,
    /// The id of the thing; or a fingerprint of an address that is not known, which is the same for the same address.
    object: String,
    outcome: Outcome,
    /// The roles that were given, or what was searched for.
    detail: Option<String>,
    request_id: String,
    source_ip: Option<String>,
}

impl From<Entry> for AuditEntryView {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            actor: entry.actor,
            actor_roles: entry.actor_roles,
            action: entry.action,
            subject: entry.subject,
            object: entry.object,
            outcome: entry.outcome,
            detail: entry.detail,
            request_id: entry.request_id,
            source_ip: entry.source_ip,
        }
    }
}

/// An entry, as the person sees it whose data it is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessView {
    #[schema(value_type = String)]
    id: AuditId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[schema(value_type = String, example = "prescription.read")]
    action: Action,
    /// The id of what was read or changed.
    object: String,
    outcome: Outcome,
    by: AccessedBy,
}

/// Who it was.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessedBy {
    /// The id of somebody who works here; `null` for anybody else.
    #[schema(value_type = Option<String>)]
    id: Option<UserId>,
    roles: BTreeSet<Role>,
}

impl From<Entry> for AccessView {
    fn from(entry: Entry) -> Self {
        // Another customer who tried to look is nobody whose id is this one's business.
        let works_here = entry.actor_roles.iter().any(|role| role.works_here());
        Self {
            id: entry.id,
            at: entry.at,
            action: entry.action,
            object: entry.object,
            outcome: entry.outcome,
            by: AccessedBy { id: entry.actor.filter(|_| works_here), roles: entry.actor_roles },
        }
    }
}
