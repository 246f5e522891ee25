//! Writing pages, reviewing them, looking them up, by the staff.

use super::page::Live;
use super::page::{Review, Revision, Text};
use super::slug::PageSlug;
use super::store::{Listed, PageStore, Saved, Wanted, Whole};
use crate::accounts::Language;
use crate::audit::{Action, Actor, Audit, Entry, Outcome};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::precondition::Precondition;
use crate::platform::wording;

/// Writing and reviewing pages.
#[derive(Debug)]
pub struct Editing {
    /// The pages.
    pub store: PageStore,
    /// The trail: every version and every decision is on it.
    pub audit: Audit,
    /// The clock.
    pub clock: Clock,
}

/// What a reviewer decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// On the version that was read.
    pub version: u64,
    /// Whether it may be published.
    pub approve: bool,
    /// What was checked, or why not.
    pub note: Option<String>,
}

impl Editing {
    /// Writes the next version of a page in a language; says whether there was none before. It is seen by the staff alone
    /// until it is published; what is published meanwhile stays.
    ///
    /// # Errors
    /// 412 where another version was meant; or DynamoDB does not answer.
    pub async fn put(
        &self,
        actor: &Actor,
        (slug, locale): (PageSlug, Language),
        text: Text,
        precondition: &Precondition,
    ) -> Result<(Revision, bool)> {
        let before = self.store.draft(&slug, locale).await?;
        let current = before.as_ref().filter(|before| !before.removed);
        precondition.check(current.map(|before| before.version))?;
        let new = current.is_none();
        let next = Revision::next(before.as_ref(), (slug, locale), text, &actor.user, self.clock.now());
        let entry = entry(actor, Action::WritePage, &next, "written", next.written_at);
        match self.store.propose(before.as_ref(), &next, self.audit.action(&entry)?).await? {
            Saved::Done => Ok((next, new)),
            Saved::Moved => Err(Error::version_mismatch()),
        }
    }

    /// Decides on the latest version of a page in a language, which somebody else wrote.
    ///
    /// # Errors
    /// 403 `own_page`; 404; 409 `version_moved` or `already_reviewed`; or DynamoDB does not answer.
    pub async fn review(&self, actor: &Actor, slug: &PageSlug, locale: Language, verdict: Verdict) -> Result<Revision> {
        let before = self.draft(slug, locale).await?;
        if before.version != verdict.version {
            return Err(Error::conflict("version_moved", wording::content::moved_since_read()));
        }
        let now = self.clock.now();
        let Verdict { approve, note, .. } = verdict;
        let after = before.reviewed(Review { by: actor.user.clone(), at: now, approved: approve, note })?;
        let entry = entry(actor, Action::ReviewPage, &after, if approve { "approved" } else { "rejected" }, now);
        match self.store.review(&after, now, self.audit.action(&entry)?).await? {
            Saved::Done => Ok(after),
            Saved::Moved => Err(Error::conflict("version_moved", wording::content::moved())),
        }
    }

    /// The latest version of a page in a language.
    ///
    /// # Errors
    /// 404; or DynamoDB does not answer.
    pub async fn draft(&self, slug: &PageSlug, locale: Language) -> Result<Revision> {
        let found = self.store.draft(slug, locale).await?;
        found.filter(|draft| !draft.removed).ok_or_else(Error::not_found)
    }

    /// The latest version of a page in a language, with all that hangs on the page.
    ///
    /// # Errors
    /// 404; or DynamoDB does not answer.
    pub async fn whole(&self, slug: &PageSlug, locale: Language) -> Result<(Revision, Whole)> {
        let whole = self.store.whole(slug).await?;
        let found = whole.drafts.iter().find(|draft| draft.locale == locale && !draft.removed).cloned();
        Ok((found.ok_or_else(Error::not_found)?, whole))
    }

    /// The latest versions of the pages that are wanted, what changed last first. A page of them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn drafts(&self, wanted: Wanted<'_>, after: Option<&str>, limit: u16) -> Result<Listed<Revision>> {
        self.store.drafts(wanted, after, limit).await
    }

    /// What is to be published of what is wanted, what is due first. A page of it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn scheduled(&self, wanted: Wanted<'_>, after: Option<&str>, limit: u16) -> Result<Listed<Live>> {
        self.store.scheduled(wanted, after, limit).await
    }

    /// The versions of a page in a language, the newest first, with how it stands with the page. A page of them.
    ///
    /// # Errors
    /// 404 where there never was one; or DynamoDB does not answer.
    pub async fn versions(
        &self,
        slug: &PageSlug,
        locale: Language,
        after: Option<&str>,
        limit: u16,
    ) -> Result<(Listed<Revision>, Whole)> {
        let found = self.store.versions(slug, locale, after, limit).await?;
        if found.items.is_empty() && after.is_none() {
            return Err(Error::not_found());
        }
        Ok((found, self.store.whole(slug).await?))
    }
}

/// What the trail is told of a version.
pub(super) fn entry(actor: &Actor, action: Action, of: &Revision, what: &str, now: Timestamp) -> Entry {
    let detail = format!("{} version {}: {what}", of.locale.tag(), of.version);
    Entry::new(&actor.origin, action, Outcome::Allowed, &of.slug, now).by(actor).detail(detail)
}
