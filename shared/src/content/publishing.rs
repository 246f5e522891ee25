//! Publishing pages, now or later, taking them back, removing them.

use super::page::{Live, Revision};
use super::slug::PageSlug;
use super::store::{PageStore, Saved, Whole};
use crate::accounts::Language;
use crate::audit::{Action, Actor, Audit, Entry, Outcome};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::wording;
use crate::platform::zone::Zone;

/// Publishing pages.
#[derive(Debug)]
pub struct Publishing {
    /// The pages.
    pub store: PageStore,
    /// The trail.
    pub audit: Audit,
    /// The clock.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
}

/// What a run over what is due has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// How many versions were published.
    pub published: u32,
    /// How many were called off, put off or published by somebody else meanwhile.
    pub moved: u32,
    /// How many could not be published now.
    pub failed: u32,
}

impl Publishing {
    /// Publishes the latest version of a page, in one language or in all in which it is not published yet: now, or at a time
    /// to come. All or none. Done twice it changes nothing.
    ///
    /// # Errors
    /// 404; 409 `source_missing`, `not_reviewed`, `review_overdue`, `picture_missing`, `version_moved`; or DynamoDB does not
    /// answer.
    pub async fn publish(
        &self,
        actor: &Actor,
        slug: &PageSlug,
        locale: Option<Language>,
        at: Option<Timestamp>,
    ) -> Result<Vec<Live>> {
        let whole = self.store.whole(slug).await?;
        let drafts: Vec<_> =
            whole.drafts.iter().filter(|draft| !draft.removed && wanted(locale, draft.locale)).collect();
        if drafts.is_empty() {
            return Err(Error::not_found());
        }
        let now = self.clock.now();
        let later = at.filter(|at| *at > now);
        let is_new = |draft: &&&Revision| {
            let live = whole.live_in(draft.locale);
            live.is_none_or(|live| live.withdrawn || live.revision.version < draft.version)
        };
        let mut lives = Vec::new();
        for draft in drafts.iter().filter(is_new) {
            // On the day on which it comes out, which may be after its review is due.
            draft.may_be_published(&whole.images, self.zone.day(later.unwrap_or(now))?)?;
            lives.push(Live {
                revision: (**draft).clone(),
                images: draft.pictures(&whole.images),
                published_by: actor.user.clone(),
                published_at: later.unwrap_or(now),
                withdrawn: false,
            });
        }
        if lives.is_empty() {
            return Ok(whole.live.into_iter().filter(|live| wanted(locale, live.revision.locale)).collect());
        }
        let what = later.map_or_else(|| "now".to_owned(), |at| format!("at {at}"));
        let entry = entry(
            actor,
            Action::PublishPage,
            slug,
            &lives.iter().map(|live| &live.revision).collect::<Vec<_>>(),
            &what,
            now,
        );
        let trail = self.audit.action(&entry)?;
        let saved = match later {
            Some(_) => self.store.schedule(&lives, trail).await?,
            None => self.store.publish(&lives, now, trail).await?,
        };
        match saved {
            Saved::Done => Ok(lives),
            Saved::Moved => Err(Error::conflict("version_moved", wording::content::moved())),
        }
    }

    /// Publishes what is due. What fails stays for the next run.
    ///
    /// # Errors
    /// What is due cannot be read.
    pub async fn publish_due(&self) -> Result<Run> {
        let mut run = Run::default();
        let now = self.clock.now();
        for due in self.store.due(now).await? {
            match self.store.publish_due(&due, now).await {
                Ok(Saved::Done) => run.published += 1,
                Ok(Saved::Moved) => run.moved += 1,
                Err(error) => {
                    run.failed += 1;
                    tracing::error!(error.code = error.code(), error.cause = error.cause(), "a page was not published");
                }
            }
        }
        Ok(run)
    }

    /// Takes back what is published of a page, and what is to be, in one language or in all. Done twice it changes nothing.
    ///
    /// # Errors
    /// 404; 409 `version_moved`; or DynamoDB does not answer.
    pub async fn unpublish(&self, actor: &Actor, slug: &PageSlug, locale: Option<Language>) -> Result<()> {
        let mut whole = self.store.whole(slug).await?;
        if !whole.drafts.iter().any(|draft| wanted(locale, draft.locale)) {
            return Err(Error::not_found());
        }
        whole.live.retain(|live| !live.withdrawn && wanted(locale, live.revision.locale));
        whole.due.retain(|due| wanted(locale, due.revision.locale));
        whole.drafts.clear();
        self.withdraw(actor, Action::UnpublishPage, slug, &whole).await
    }

    /// Removes a page in all languages: nobody sees it, and it is in no list. Its versions are kept; who writes it again
    /// counts on from them.
    ///
    /// # Errors
    /// 404; 409 `version_moved`; or DynamoDB does not answer.
    pub async fn remove(&self, actor: &Actor, slug: &PageSlug) -> Result<()> {
        let mut whole = self.store.whole(slug).await?;
        whole.drafts.retain(|draft| !draft.removed);
        if whole.drafts.is_empty() {
            return Err(Error::not_found());
        }
        whole.live.retain(|live| !live.withdrawn);
        self.withdraw(actor, Action::RemovePage, slug, &whole).await
    }

    async fn withdraw(&self, actor: &Actor, action: Action, slug: &PageSlug, whole: &Whole) -> Result<()> {
        if whole.live.is_empty() && whole.due.is_empty() && whole.drafts.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let live = whole.live.iter().chain(&whole.due).map(|live| &live.revision);
        let of: Vec<_> = live.chain(&whole.drafts).collect();
        let trail = self.audit.action(&entry(actor, action, slug, &of, "now", now))?;
        match self.store.withdraw((&whole.live, &whole.due, &whole.drafts), now, trail).await? {
            Saved::Done => Ok(()),
            Saved::Moved => Err(Error::conflict("version_moved", wording::content::moved())),
        }
    }
}

fn wanted(asked: Option<Language>, locale: Language) -> bool {
    asked.is_none_or(|asked| asked == locale)
}

fn entry(actor: &Actor, action: Action, slug: &PageSlug, of: &[&Revision], what: &str, now: Timestamp) -> Entry {
    let mut versions: Vec<_> = of.iter().map(|one| format!("{} version {}", one.locale.tag(), one.version)).collect();
    versions.sort();
    versions.dedup();
    let detail = format!("{}: {what}", versions.join(", "));
    Entry::new(&actor.origin, action, Outcome::Allowed, slug, now).by(actor).detail(detail)
}
