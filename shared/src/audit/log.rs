//! Reading the audit trail: admins all of it, which is itself put on it; everybody what others did to their own data.

use super::action::Action;
use super::entry::{Actor, Entry, Outcome};
use super::search::{AuditQuery, AuditSearch};
use super::store::Audit;
use super::view::{AccessView, AuditEntryView};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};
use crate::platform::fields::FieldErrors;
use crate::platform::ids::{AuditId, UserId};

/// The use-cases of reading the trail.
#[derive(Clone, Debug)]
pub struct AuditLog {
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl AuditLog {
    /// Whether a search can be answered.
    ///
    /// # Errors
    /// As [`AuditSearch::new`].
    pub fn check(&self, query: &AuditQuery) -> Result<AuditSearch, FieldErrors> {
        AuditSearch::new(query.clone(), self.clock.now())
    }

    /// A page of what `query` finds, newest first, and the position it ends at, where more may come. That it was read is
    /// on the trail before it is shown.
    ///
    /// # Errors
    /// 400 for a search that cannot be answered; 503 where the trail cannot be written; DynamoDB does not answer.
    pub async fn search(
        &self,
        actor: &Actor,
        query: &AuditQuery,
        after: Option<&str>,
        limit: u16,
    ) -> Result<(Vec<AuditEntryView>, Option<String>)> {
        let search = self.check(query).map_err(Error::invalid_fields)?;
        let entry = Entry::new(&actor.origin, Action::ReadAudit, Outcome::Allowed, "trail", self.clock.now()).by(actor);
        let entry = match search.subject() {
            Some(subject) => entry.about(subject),
            None => entry,
        };
        self.audit.append(&entry.detail(query.said())).await?;
        let (found, next) = self.audit.read(&search, position(after)?, usize::from(limit)).await?;
        Ok((found.into_iter().map(AuditEntryView::from).collect(), next.map(|id| id.to_string())))
    }

    /// A page of what others did to the data of `user`, newest first, and the position it ends at, where more may come.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn of(
        &self,
        user: &UserId,
        after: Option<&str>,
        limit: u16,
    ) -> Result<(Vec<AccessView>, Option<String>)> {
        let search = AuditSearch::of_others(user, self.clock.now());
        let (found, next) = self.audit.read(&search, position(after)?, usize::from(limit)).await?;
        Ok((found.into_iter().map(AccessView::from).collect(), next.map(|id| id.to_string())))
    }
}

fn position(after: Option<&str>) -> Result<Option<AuditId>> {
    after.map(AuditId::parse).transpose().map_err(Error::internal)
}
