//! Rules in DynamoDB.
//!
//! `KIND#<kind>` / `<id>` is the latest version of a rule, and so the list of a kind; `RULE#<kind>#<id>` / `V#<version>`
//! keeps every version; `ACTIVE` / `<kind>#<id>` is the version that counts; `HEAD` / `HEAD` has a revision that every
//! change of what counts sets anew, so that who has it in mind knows by half a read unit that it is still so.
//!
//! Signs of an emergency count in a partition of their own, `ACTIVE_FLAGS` / `<id>`, and have a revision of their own, `HEAD` /
//! `RED_FLAG`: who looks for them has nothing else in mind, and who screens medicines never reads them, so that an instance that does
//! not know the kind reads every row that it needs.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use super::review::{RuleId, RuleKind, RuleStatus, RuleVersion};
use crate::platform::dynamo::{Expression, Item, Key, Outcome, Table, Write, failure, from_item, s, to_item, transact};
use crate::platform::error::Result;

/// The table of rules.
#[derive(Clone, Debug)]
pub struct RuleStore {
    table: Table,
}

/// How a write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Done,
    /// The rule has changed since it was read.
    Moved,
}

#[derive(Deserialize)]
struct Head {
    revision: String,
}

fn current_key(kind: RuleKind, id: &RuleId) -> Key {
    Key::new(format!("KIND#{kind}"), id.to_string())
}

fn version_key(rule: &RuleVersion, revision: Option<&str>) -> Key {
    // A set is decided on again without a new version: each decision is kept.
    let decided = rule.id.set().and(revision).map(|revision| format!("#{revision}")).unwrap_or_default();
    Key::new(format!("RULE#{}#{}", rule.kind, rule.id), format!("V#{:08}{decided}", rule.version))
}

/// Where the rules count that medicines are screened by.
const ACTIVE: &str = "ACTIVE";
/// Where the signs of an emergency count.
const ACTIVE_FLAGS: &str = "ACTIVE_FLAGS";

fn active_key(kind: RuleKind, id: &RuleId) -> Key {
    match kind {
        RuleKind::RedFlag => Key::new(ACTIVE_FLAGS, id.to_string()),
        RuleKind::Interaction | RuleKind::Dose | RuleKind::Contraindication | RuleKind::Limit => {
            Key::new(ACTIVE, format!("{kind}#{id}"))
        }
    }
}

fn head_key() -> Key {
    Key::new("HEAD", "HEAD")
}

fn flag_head_key() -> Key {
    Key::new("HEAD", "RED_FLAG")
}

/// The revision that a change of a kind sets anew.
fn head_of(kind: RuleKind) -> Key {
    if kind == RuleKind::RedFlag { flag_head_key() } else { head_key() }
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

impl RuleStore {
    /// In the table of medicine.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The revision of what counts; nothing where nothing does. A moment old at worst.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn revision(&self) -> Result<Option<String>> {
        self.revision_at(&head_key()).await
    }

    /// The revision of the signs of an emergency that count; nothing where nobody has written or signed any.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn flag_revision(&self) -> Result<Option<String>> {
        self.revision_at(&flag_head_key()).await
    }

    async fn revision_at(&self, key: &Key) -> Result<Option<String>> {
        let head: Option<Head> = self.table.get(key).await?.map(from_item).transpose()?;
        Ok(head.map(|head| head.revision))
    }

    /// The versions that count of the rules that medicines are screened by, as the last write left them: a revision is never taken for
    /// what was before it.
    ///
    /// # Errors
    /// DynamoDB does not answer, or there is a row that cannot be read: what is not known of medicines must not be passed over.
    pub async fn active(&self) -> Result<Vec<RuleVersion>> {
        self.active_in(ACTIVE).await?.into_iter().map(from_item).collect()
    }

    /// The signs of an emergency that count, as the last write left them. One that cannot be read leaves the others as they are.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn active_flags(&self) -> Result<Vec<RuleVersion>> {
        let mut found = Vec::new();
        for item in self.active_in(ACTIVE_FLAGS).await? {
            let sign = Key::of(&item).map(|key| key.sk);
            match from_item(item) {
                Ok(version) => found.push(version),
                Err(error) => {
                    let (sign, cause) = (sign.as_deref(), error.cause());
                    tracing::error!(
                        rule = sign,
                        error.cause = cause,
                        "a reviewed rule cannot be read and does not count"
                    );
                }
            }
        }
        Ok(found)
    }

    async fn active_in(&self, pk: &str) -> Result<Vec<Item>> {
        let request = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let request = request.key_condition_expression("pk = :pk").expression_attribute_values(":pk", s(pk));
        let mut items = request.into_paginator().items().send();
        let mut found = Vec::new();
        while let Some(item) = items.next().await {
            found.push(item.map_err(failure)?);
        }
        Ok(found)
    }

    /// The latest version of a rule.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn current(&self, kind: RuleKind, id: &RuleId) -> Result<Option<RuleVersion>> {
        self.table.get_latest(&current_key(kind, id)).await?.map(from_item).transpose()
    }

    /// The version of a rule that counts, if one does.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn in_force(&self, kind: RuleKind, id: &RuleId) -> Result<Option<RuleVersion>> {
        self.table.get(&active_key(kind, id)).await?.map(from_item).transpose()
    }

    /// Every version of a rule, the newest first; the latest fifty.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn versions(&self, kind: RuleKind, id: &RuleId) -> Result<Vec<RuleVersion>> {
        let request = self.table.client().query().table_name(self.table.name()).scan_index_forward(false).limit(50);
        let request = request.key_condition_expression("pk = :pk");
        let request = request.expression_attribute_values(":pk", s(format!("RULE#{kind}#{id}")));
        let found = request.send().await.map_err(failure)?.items.unwrap_or_default();
        found.into_iter().map(from_item).collect()
    }

    /// A page of the rules of a kind by their ids, and the id that the next page comes after.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(
        &self,
        kind: RuleKind,
        after: Option<&str>,
        limit: u16,
    ) -> Result<(Vec<RuleVersion>, Option<String>)> {
        let pk = format!("KIND#{kind}");
        let start = after.map(|after| Key::new(pk.clone(), after).attributes());
        let request = self.table.client().query().table_name(self.table.name()).limit(i32::from(limit));
        let request = request.key_condition_expression("pk = :pk").expression_attribute_values(":pk", s(&pk));
        let answer = request.set_exclusive_start_key(start).send().await.map_err(failure)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| key.sk);
        let items: Vec<Item> = answer.items.unwrap_or_default();
        Ok((items.into_iter().map(from_item).collect::<Result<_>>()?, next))
    }

    /// Writes the next version of a rule, which `before` was the latest of. Sent twice, the second finds it there: moved.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn propose(&self, before: Option<&RuleVersion>, next: &RuleVersion, trail: Write) -> Result<Saved> {
        let unmoved = match before {
            None => Expression::new("attribute_not_exists(pk)"),
            Some(before) => Expression::new("version = :version").value(":version", number(before.version)),
        };
        let actions = vec![
            self.table.replace(to_item(&current_key(next.kind, &next.id), next)?, unmoved)?,
            self.table.create(to_item(&version_key(next, None), next)?)?,
            trail,
        ];
        self.write(actions).await
    }

    /// Writes what a reviewer decided. What is approved counts from then on; a set that is rejected does not count any
    /// more; of another rule that is rejected, the version before goes on counting.
    ///
    /// Two who decide at once: the second finds the version decided. Two who decide on a set: the later one counts, both
    /// are kept.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn review(&self, after: &RuleVersion, revision: &str, trail: Write) -> Result<Saved> {
        let is_set = after.id.set().is_some();
        let condition = match is_set {
            true => Expression::new("attribute_not_exists(pk) OR version <= :version"),
            false => Expression::new("version = :version AND #status = :proposed")
                .name("#status", "status")
                .value(":proposed", crate::platform::dynamo::value(RuleStatus::Proposed)?),
        };
        let condition = condition.value(":version", number(after.version));
        let any = || Expression::new("attribute_not_exists(pk) OR attribute_exists(pk)");
        let mut actions = vec![
            self.table.replace(to_item(&current_key(after.kind, &after.id), after)?, condition)?,
            self.table.replace(to_item(&version_key(after, Some(revision)), after)?, any())?,
            trail,
        ];
        let active = active_key(after.kind, &after.id);
        let counts = after.status == RuleStatus::Reviewed;
        if counts {
            actions.push(self.table.replace(to_item(&active, after)?, any())?);
        } else if is_set {
            actions.push(self.table.delete(&active, any())?);
        }
        if counts || is_set {
            let set = any().value(":revision", s(revision));
            actions.push(self.table.update(&head_of(after.kind), "SET revision = :revision", set)?);
        }
        self.write(actions).await
    }

    async fn write(&self, actions: Vec<Write>) -> Result<Saved> {
        Ok(match transact(self.table.client(), actions).await? {
            Outcome::Done => Saved::Done,
            Outcome::Refused(_) => Saved::Moved,
        })
    }
}
