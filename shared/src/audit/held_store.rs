//! What the trail holds of a person, to be shown to them: what is about them, and what they did.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::Audit;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{failure, from_item, s};
use crate::platform::error::Result;
use crate::platform::ids::UserId;
use crate::platform::role::Role;

/// An entry of the trail as the person sees it whose data it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Recorded {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who: the person themselves, or somebody who works here; `null` for anybody else, and where nobody is known.
    #[schema(value_type = Option<String>)]
    pub actor: Option<UserId>,
    /// With which roles.
    pub actor_roles: BTreeSet<Role>,
    /// What was done, or tried.
    pub action: String,
    /// The id of the thing.
    pub object: String,
    /// `allowed`, `refused` or `begun`.
    #[schema(value_type = String, pattern = "^(allowed|refused|begun)$")]
    pub outcome: String,
    /// From which address, where it was the person themselves.
    pub source_ip: Option<String>,
}

/// An entry of the trail as the person sees it whose act it was, on what is others' or nobody's in particular.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwnAct {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// With which roles.
    pub roles: BTreeSet<Role>,
    /// What was done, or tried.
    pub action: String,
    /// The id of the thing; `null` where that would say who else it was about.
    pub object: Option<String>,
    /// `allowed`, `refused` or `begun`.
    #[schema(value_type = String, pattern = "^(allowed|refused|begun)$")]
    pub outcome: String,
    /// From which address.
    pub source_ip: Option<String>,
}

#[derive(Deserialize)]
struct Stored {
    at: Timestamp,
    actor: Option<UserId>,
    actor_roles: BTreeSet<Role>,
    action: String,
    subject: Option<UserId>,
    object: String,
    outcome: String,
    source_ip: Option<String>,
}

impl Audit {
    /// Every entry about `subject`, the oldest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn about(&self, subject: &UserId) -> Result<Vec<Recorded>> {
        let recorded = |entry: Stored| {
            let Stored { at, actor, actor_roles, action, object, outcome, source_ip, .. } = entry;
            let source_ip = source_ip.filter(|_| actor.as_ref() == Some(subject));
            let works_here = actor_roles.iter().any(|role| role.works_here());
            let actor = actor.filter(|actor| actor == subject || works_here);
            Recorded { at, actor, actor_roles, action, object, outcome, source_ip }
        };
        Ok(self.all_of("by_subject", "subject", subject).await?.into_iter().map(recorded).collect())
    }

    /// Every entry of what `actor` did that is not about themselves, the oldest first: those are among [`Self::about`].
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn acts_of(&self, actor: &UserId) -> Result<Vec<OwnAct>> {
        let of_others = |entry: &Stored| entry.subject.as_ref() != Some(actor);
        let act = |entry: Stored| {
            let Stored { at, actor_roles: roles, action, object, outcome, source_ip, .. } = entry;
            let object = Some(object).filter(|object| UserId::parse(object).is_err());
            OwnAct { at, roles, action, object, outcome, source_ip }
        };
        Ok(self.all_of("by_actor", "actor", actor).await?.into_iter().filter(of_others).map(act).collect())
    }

    async fn all_of(&self, index: &str, attribute: &str, person: &UserId) -> Result<Vec<Stored>> {
        let mut pages = self
            .table
            .client()
            .query()
            .table_name(self.table.name())
            .index_name(index)
            .key_condition_expression("#person = :person")
            .expression_attribute_names("#person", attribute)
            .expression_attribute_values(":person", s(person))
            .into_paginator()
            .items()
            .send();
        let mut entries = Vec::new();
        while let Some(item) = pages.next().await {
            entries.push(from_item(item.map_err(failure)?)?);
        }
        Ok(entries)
    }
}
