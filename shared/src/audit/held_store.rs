//! What the trail holds about a person, to be shown to them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::Audit;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{failure, from_item, s};
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// An entry of the trail as the person sees it whose data it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Recorded {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who.
    #[schema(value_type = String)]
    pub actor: UserId,
    /// With which roles.
    pub actor_roles: Vec<String>,
    /// What was done, or tried.
    pub action: String,
    /// The id of the thing.
    pub object: String,
    /// `allowed` or `refused`.
    pub outcome: String,
    /// From which address, where it was the person themselves.
    pub source_ip: Option<String>,
}

#[derive(Deserialize)]
struct Stored {
    at: Timestamp,
    actor: UserId,
    actor_roles: Vec<String>,
    action: String,
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
        let mut pages = self
            .table
            .client()
            .query()
            .table_name(self.table.name())
            .index_name("by_subject")
            .key_condition_expression("subject = :subject")
            .expression_attribute_values(":subject", s(subject))
            .into_paginator()
            .items()
            .send();
        let mut entries = Vec::new();
        while let Some(item) = pages.next().await {
            let Stored { at, actor, actor_roles, action, object, outcome, source_ip } =
                from_item(item.map_err(failure)?)?;
            let source_ip = source_ip.filter(|_| actor == *subject);
            entries.push(Recorded { at, actor, actor_roles, action, object, outcome, source_ip });
        }
        Ok(entries)
    }
}
