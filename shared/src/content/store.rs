//! Pages in DynamoDB.
//!
//! `PAGE#<slug>` holds a page in all its languages: `DRAFT#<locale>` the latest version, `REV#<locale>#<version>` each
//! version, `LIVE#<locale>` the one that is published, `DUE#<locale>` one that is to be, `IMAGE#<id>` its pictures. The index
//! `by_change` has three feeds: `DRAFT` and `LIVE` by their last change, for the staff's list and for the copy that functions
//! keep, and `DUE` by the time at which it is due. A page that is taken back stays in `LIVE` as withdrawn, so that who keeps
//! a copy hears of it.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::markdown;
use super::page::{Live, PageImage, Revision};
use super::slug::PageSlug;
use crate::accounts::Language;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, s, to_item, transact, write,
};
use crate::platform::error::Result;
use crate::platform::ids::ImageId;

const DRAFTS: &str = "DRAFT";
const LIVE: &str = "LIVE";
const DUE: &str = "DUE";
/// How many pages that are due are read at once.
const DUE_AT_ONCE: i32 = 25;

/// How often a feed is read for one page of a list.
const MOST_READS: usize = 25;

/// Which versions are wanted.
pub type Wanted<'a> = &'a (dyn Fn(&Revision) -> bool + Sync);

/// Reads what is stored.
type Read<T> = fn(Item) -> Result<T>;

/// The table of pages.
#[derive(Clone, Debug)]
pub struct PageStore {
    table: Table,
}

/// How a write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Done,
    /// The page has changed since it was read.
    Moved,
}

/// A page in all its languages, without its earlier versions.
#[derive(Clone, Debug, Default)]
pub struct Whole {
    /// The latest versions.
    pub drafts: Vec<Revision>,
    /// What is published, or was.
    pub live: Vec<Live>,
    /// What is to be published.
    pub due: Vec<Live>,
    /// The pictures.
    pub images: Vec<PageImage>,
}

impl Whole {
    /// How many pictures are in use: those that the latest versions name, or what is published or to be, and those that were
    /// uploaded since `since`, which nobody may have named yet. The others stay, as the earlier versions that name them do.
    pub fn images_in_use(&self, since: Timestamp) -> usize {
        let drafts = self.drafts.iter().filter(|draft| !draft.removed);
        let live = self.live.iter().filter(|live| !live.withdrawn).chain(&self.due).map(|live| &live.revision);
        let named: HashSet<_> = drafts.chain(live).flat_map(|one| markdown::images(&one.text.body)).collect();
        self.images.iter().filter(|image| named.contains(&image.id) || image.id.made_at() >= since).count()
    }

    /// What is published in a language, or was.
    pub fn live_in(&self, locale: Language) -> Option<&Live> {
        self.live.iter().find(|live| live.revision.locale == locale)
    }
}

/// A page of a feed.
#[derive(Debug)]
pub struct Listed<T> {
    /// What stands in it.
    pub items: Vec<T>,
    /// Where the next one begins.
    pub next: Option<String>,
}

/// What is published, beside what conditions and the index are about.
#[derive(Serialize, Deserialize)]
struct LiveRecord {
    feed: String,
    changed_at: String,
    version: u64,
    live: Live,
}

fn partition(slug: &PageSlug) -> String {
    format!("PAGE#{slug}")
}

fn key(slug: &PageSlug, part: &str, locale: Language) -> Key {
    Key::new(partition(slug), format!("{part}#{}", locale.tag()))
}

fn image_key(slug: &PageSlug, id: ImageId) -> Key {
    Key::new(partition(slug), format!("IMAGE#{id}"))
}

fn version_key(revision: &Revision) -> Key {
    Key::new(partition(&revision.slug), format!("REV#{}#{:08}", revision.locale.tag(), revision.version))
}

/// The place in a feed; the page keeps changes of the same millisecond apart.
fn place(at: Timestamp, revision: &Revision) -> String {
    format!("{at}#{}#{}", revision.slug, revision.locale.tag())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn draft_item(revision: &Revision, now: Timestamp) -> Result<Item> {
    let mut item = to_item(&key(&revision.slug, DRAFTS, revision.locale), revision)?;
    if !revision.removed {
        item.insert("feed".to_owned(), s(DRAFTS));
        item.insert("changed_at".to_owned(), s(place(now, revision)));
    }
    Ok(item)
}

fn live_item(part: &str, live: &Live, at: Timestamp) -> Result<Item> {
    let (feed, changed_at) = (part.to_owned(), place(at, &live.revision));
    let record = LiveRecord { feed, changed_at, version: live.revision.version, live: live.clone() };
    to_item(&key(&live.revision.slug, part, live.revision.locale), record)
}

fn live_of(item: Item) -> Result<Live> {
    Ok(from_item::<LiveRecord>(item)?.live)
}

fn whatever_is_there() -> Expression {
    Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
}

/// What is to be published is as it was read: neither published nor put off meanwhile.
fn still_due(due: &Live) -> Expression {
    Expression::new("changed_at = :at AND version = :version")
        .value(":at", s(place(due.published_at, &due.revision)))
        .value(":version", number(due.revision.version))
}

impl PageStore {
    /// In the table of pages.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The latest version of a page in a language, as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn draft(&self, slug: &PageSlug, locale: Language) -> Result<Option<Revision>> {
        self.table.get_latest(&key(slug, DRAFTS, locale)).await?.map(from_item).transpose()
    }

    /// What is published of a page in these languages, or was.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn live(&self, slug: &PageSlug, locales: &[Language]) -> Result<Vec<Live>> {
        let keys: Vec<_> = locales.iter().map(|locale| key(slug, LIVE, *locale)).collect();
        self.table.get_many(&keys).await?.into_iter().map(live_of).collect()
    }

    /// A page in all its languages, as the last writes left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn whole(&self, slug: &PageSlug) -> Result<Whole> {
        let mut whole = Whole::default();
        for item in self.parts(slug, "sk < :end", &[(":end", "REV")]).await? {
            let part = Key::of(&item).map(|key| key.sk).unwrap_or_default();
            match part.split('#').next().unwrap_or_default() {
                DRAFTS => whole.drafts.push(from_item(item)?),
                LIVE => whole.live.push(live_of(item)?),
                DUE => whole.due.push(live_of(item)?),
                _ => whole.images.push(from_item(item)?),
            }
        }
        Ok(whole)
    }

    /// The pictures of a page.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn images(&self, slug: &PageSlug) -> Result<Vec<PageImage>> {
        let items = self.parts(slug, "begins_with(sk, :image)", &[(":image", "IMAGE#")]).await?;
        items.into_iter().map(from_item).collect()
    }

    async fn parts(&self, slug: &PageSlug, condition: &str, values: &[(&str, &str)]) -> Result<Vec<Item>> {
        let request = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let mut request = request
            .key_condition_expression(format!("pk = :pk AND {condition}"))
            .expression_attribute_values(":pk", s(partition(slug)));
        for (name, value) in values {
            request = request.expression_attribute_values(*name, s(value));
        }
        let mut items = request.into_paginator().items().send();
        let mut found = Vec::new();
        while let Some(item) = items.next().await {
            found.push(item.map_err(failure)?);
        }
        Ok(found)
    }

    /// The versions of a page in a language, the newest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn versions(
        &self,
        slug: &PageSlug,
        locale: Language,
        after: Option<&str>,
        limit: u16,
    ) -> Result<Listed<Revision>> {
        let start = after.map(|after| Key::new(partition(slug), after).attributes());
        let request = self.table.client().query().table_name(self.table.name()).scan_index_forward(false);
        let request = request
            .key_condition_expression("pk = :pk AND begins_with(sk, :version)")
            .expression_attribute_values(":pk", s(partition(slug)))
            .expression_attribute_values(":version", s(format!("REV#{}#", locale.tag())));
        let request = request.limit(i32::from(limit)).set_exclusive_start_key(start);
        let answer = request.send().await.map_err(failure)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| key.sk);
        let items = answer.items.unwrap_or_default().into_iter().map(from_item).collect::<Result<_>>()?;
        Ok(Listed { items, next })
    }

    /// The latest versions of those pages that are wanted, what changed last first. A page of them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn drafts(&self, wanted: Wanted<'_>, after: Option<&str>, limit: u16) -> Result<Listed<Revision>> {
        self.narrowed((DRAFTS, false), (from_item, |one| one), wanted, after, limit).await
    }

    /// What is to be published of what is wanted, what is due first. A page of it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn scheduled(&self, wanted: Wanted<'_>, after: Option<&str>, limit: u16) -> Result<Listed<Live>> {
        self.narrowed((DUE, true), (live_of, |one| &one.revision), wanted, after, limit).await
    }

    /// A feed has all pages: it is read until enough of those are found that are wanted. Where few are, a page is shorter than
    /// it might be, and says where the next begins.
    async fn narrowed<T>(
        &self,
        (feed, forward): (&str, bool),
        (read, version): (Read<T>, fn(&T) -> &Revision),
        wanted: Wanted<'_>,
        after: Option<&str>,
        limit: u16,
    ) -> Result<Listed<T>> {
        let (mut found, mut next) = (Vec::new(), after.map(str::to_owned));
        for _ in 0..MOST_READS {
            let missing = usize::from(limit).saturating_sub(found.len());
            let missing = u16::try_from(missing).unwrap_or(limit);
            let (items, rest) = self.feed(feed, forward, next.as_deref(), missing).await?;
            for item in items {
                let one = read(item)?;
                if wanted(version(&one)) {
                    found.push(one);
                }
            }
            next = rest;
            if next.is_none() || found.len() >= usize::from(limit) {
                break;
            }
        }
        Ok(Listed { items: found, next })
    }

    /// A position in a feed is the whole key: `<place> <pk> <sk>`, in none of which is a space.
    async fn feed(
        &self,
        feed: &str,
        forward: bool,
        after: Option<&str>,
        limit: u16,
    ) -> Result<(Vec<Item>, Option<String>)> {
        let start = after.and_then(|after| {
            let (place, rest) = after.split_once(' ')?;
            let (pk, sk) = rest.split_once(' ')?;
            let mut key = Key::new(pk, sk).attributes();
            key.insert("feed".to_owned(), s(feed));
            key.insert("changed_at".to_owned(), s(place));
            Some(key)
        });
        let request = self.table.client().query().table_name(self.table.name()).index_name("by_change");
        let request = request
            .key_condition_expression("feed = :feed")
            .expression_attribute_values(":feed", s(feed))
            .scan_index_forward(forward)
            .limit(i32::from(limit))
            .set_exclusive_start_key(start);
        let answer = request.send().await.map_err(failure)?;
        let position = |key: &Item| {
            let place = key.get("changed_at")?.as_s().ok()?;
            let key = Key::of(key)?;
            Some(format!("{place} {} {}", key.pk, key.sk))
        };
        let next = answer.last_evaluated_key.as_ref().and_then(position);
        Ok((answer.items.unwrap_or_default(), next))
    }

    /// What was published, changed or taken back since then, or ever; in the order of the changes.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn changed(&self, since: Option<Timestamp>) -> Result<Vec<Live>> {
        let request = self.table.client().query().table_name(self.table.name()).index_name("by_change");
        let request = request.expression_attribute_values(":feed", s(LIVE));
        let request = match since {
            None => request.key_condition_expression("feed = :feed"),
            Some(since) => request
                .key_condition_expression("feed = :feed AND changed_at >= :since")
                .expression_attribute_values(":since", s(since)),
        };
        let mut items = request.into_paginator().items().send();
        let mut changed = Vec::new();
        while let Some(item) = items.next().await {
            changed.push(live_of(item.map_err(failure)?)?);
        }
        Ok(changed)
    }

    /// What is due by now, the longest due first; a number of them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn due(&self, now: Timestamp) -> Result<Vec<Live>> {
        let request = self.table.client().query().table_name(self.table.name()).index_name("by_change");
        // After the `#` that ends the time in a place.
        let until = format!("{now}$");
        let request = request
            .key_condition_expression("feed = :feed AND changed_at < :until")
            .expression_attribute_values(":feed", s(DUE))
            .expression_attribute_values(":until", s(until))
            .limit(DUE_AT_ONCE);
        let found = request.send().await.map_err(failure)?.items.unwrap_or_default();
        found.into_iter().map(live_of).collect()
    }

    /// Writes the next version of a page, which `before` was the latest of. Sent twice, the second finds it there: moved.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn propose(&self, before: Option<&Revision>, next: &Revision, trail: Write) -> Result<Saved> {
        let unmoved = match before {
            None => Expression::new("attribute_not_exists(pk)"),
            Some(before) => Expression::new("version = :version").value(":version", number(before.version)),
        };
        let actions = vec![
            self.table.replace(draft_item(next, next.written_at)?, unmoved)?,
            self.table.create(to_item(&version_key(next), next)?)?,
            trail,
        ];
        self.save(actions).await
    }

    /// Writes what a reviewer decided on a version, unless somebody has or there is a later one. Two who decide at once: one
    /// is first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn review(&self, after: &Revision, now: Timestamp, trail: Write) -> Result<Saved> {
        let open = || {
            Expression::new("version = :version AND removed = :no AND attribute_not_exists(review)")
                .value(":version", number(after.version))
                .value(":no", AttributeValue::Bool(false))
        };
        let actions = vec![
            self.table.replace(draft_item(after, now)?, open())?,
            self.table.replace(to_item(&version_key(after), after)?, open())?,
            trail,
        ];
        self.save(actions).await
    }

    /// Publishes these versions, each the latest of its language, in place of what was to be published. All or none.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn publish(&self, lives: &[Live], now: Timestamp, trail: Write) -> Result<Saved> {
        let mut actions = vec![trail];
        for live in lives {
            actions.push(self.is_latest(live)?);
            actions.push(self.go_live(live, now)?);
            actions.push(self.table.delete(&key(&live.revision.slug, DUE, live.revision.locale), whatever_is_there())?);
        }
        self.save(actions).await
    }

    /// Notes that these versions, each the latest of its language, are published at the time that they say.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn schedule(&self, lives: &[Live], trail: Write) -> Result<Saved> {
        let mut actions = vec![trail];
        for live in lives {
            actions.push(self.is_latest(live)?);
            actions.push(self.table.replace(live_item(DUE, live, live.published_at)?, whatever_is_there())?);
        }
        self.save(actions).await
    }

    /// A version that goes with its page was not published since the page was read, nor is it to be.
    fn is_still_unseen(&self, removed: &Revision, live: &[Live], due: &[Live]) -> Result<Vec<Write>> {
        let was_read = |lives: &[Live]| lives.iter().any(|one| one.revision.locale == removed.locale);
        let mut checks = Vec::new();
        if !was_read(live) {
            let hidden = Expression::new("attribute_not_exists(pk) OR live.withdrawn = :yes")
                .value(":yes", AttributeValue::Bool(true));
            checks.push(self.table.check(&key(&removed.slug, LIVE, removed.locale), hidden)?);
        }
        if !was_read(due) {
            let absent = Expression::new("attribute_not_exists(pk)");
            checks.push(self.table.check(&key(&removed.slug, DUE, removed.locale), absent)?);
        }
        Ok(checks)
    }

    /// The latest version is the one that was read. What was decided on it stays: nobody decides twice on a version.
    fn is_latest(&self, live: &Live) -> Result<Write> {
        let revision = &live.revision;
        let same = Expression::new("version = :version AND removed = :no")
            .value(":version", number(revision.version))
            .value(":no", AttributeValue::Bool(false));
        self.table.check(&key(&revision.slug, DRAFTS, revision.locale), same)
    }

    /// What is published never goes back to an earlier version.
    fn go_live(&self, live: &Live, now: Timestamp) -> Result<Write> {
        let later = Expression::new("attribute_not_exists(pk) OR version <= :version")
            .value(":version", number(live.revision.version));
        self.table.replace(live_item(LIVE, live, now)?, later)
    }

    /// Publishes what was due, and forgets that it was. Done twice, or by two at once, it happens once; where it was called
    /// off or put off meanwhile it does not.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn publish_due(&self, due: &Live, now: Timestamp) -> Result<Saved> {
        let revision = &due.revision;
        let still = || still_due(due);
        let due_key = key(&revision.slug, DUE, revision.locale);
        let actions = vec![self.go_live(due, now)?, self.table.delete(&due_key, still())?];
        match transact(self.table.client(), actions).await? {
            Outcome::Done => Ok(Saved::Done),
            Outcome::Refused(refusals) if refusals.iter().any(|refusal| refusal.index == 1) => Ok(Saved::Moved),
            // A later version is published already.
            Outcome::Refused(_) => {
                write(self.table.client(), self.table.delete(&due_key, still())?).await?;
                Ok(Saved::Moved)
            }
        }
    }

    /// Takes back what is published, and what is to be, as they were read; with `removed`, the latest versions too. Every version is kept.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn withdraw(
        &self,
        (live, due, removed): (&[Live], &[Live], &[Revision]),
        now: Timestamp,
        trail: Write,
    ) -> Result<Saved> {
        let mut actions = vec![trail];
        for one in live {
            let withdrawn = Live { withdrawn: true, ..one.clone() };
            let same = Expression::new("version = :version").value(":version", number(one.revision.version));
            actions.push(self.table.replace(live_item(LIVE, &withdrawn, now)?, same)?);
        }
        for one in due {
            // What the worker has published meanwhile is due no more: then it is taken back where it is shown.
            actions.push(self.table.delete(&key(&one.revision.slug, DUE, one.revision.locale), still_due(one))?);
        }
        for one in removed {
            let gone = Revision { removed: true, ..one.clone() };
            let same = Expression::new("version = :version").value(":version", number(one.version));
            actions.push(self.table.replace(draft_item(&gone, now)?, same)?);
            actions.extend(self.is_still_unseen(one, live, due)?);
        }
        self.save(actions).await
    }

    /// Notes a picture of a page; once more changes nothing.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn add_image(&self, slug: &PageSlug, image: &PageImage) -> Result<()> {
        let item = to_item(&image_key(slug, image.id), image)?;
        write(self.table.client(), self.table.create(item)?).await.map(|_| ())
    }

    async fn save(&self, actions: Vec<Write>) -> Result<Saved> {
        Ok(match transact(self.table.client(), actions).await? {
            Outcome::Done => Saved::Done,
            Outcome::Refused(_) => Saved::Moved,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::PageKind;
    use super::super::page::Text;
    use super::super::page::tests::{at, person, revision, text};
    use super::*;

    #[test]
    fn a_page_reads_what_it_wrote() {
        let page = revision(text(PageKind::Leaflet));
        let item = draft_item(&page, page.written_at).unwrap();
        assert_eq!(from_item::<Revision>(item).unwrap(), page);
        let gone = draft_item(&Revision { removed: true, ..page.clone() }, page.written_at).unwrap();
        assert!(!gone.contains_key("feed"), "what is removed is in no list");
        let live = Live {
            revision: page,
            images: Vec::new(),
            published_by: person(3),
            published_at: at("2026-11-20T10:00:00Z"),
            withdrawn: false,
        };
        assert_eq!(live_of(live_item(LIVE, &live, live.published_at).unwrap()).unwrap(), live);
    }

    #[test]
    fn a_picture_that_no_version_names_any_more_counts_for_a_day() {
        let now = at("2026-11-20T10:00:00Z");
        let image = |id| PageImage { id, key: "k".to_owned(), width: 1, height: 1, sources: Vec::new() };
        let naming = |id| revision(Text { body: format!("![a pack](image:{id})"), ..text(PageKind::Page) });
        let live = |revision| Live {
            revision,
            images: Vec::new(),
            published_by: person(3),
            published_at: now,
            withdrawn: false,
        };
        let [draft, shown, gone, due, old, new] =
            ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05", "2026-11-20"]
                .map(|day| ImageId::generate(at(&format!("{day}T09:00:00Z"))));
        let whole = Whole {
            drafts: vec![naming(draft), Revision { removed: true, ..naming(gone) }],
            live: vec![live(naming(shown)), Live { withdrawn: true, ..live(naming(gone)) }],
            due: vec![live(naming(due))],
            images: [draft, shown, gone, due, old, new].map(image).to_vec(),
        };
        assert_eq!(whole.images_in_use(at("2026-11-19T10:00:00Z")), 4, "draft, shown, due, new");
        assert_eq!(whole.images_in_use(at("2026-11-21T10:00:00Z")), 3);
    }

    #[test]
    fn what_is_due_this_millisecond_is_due() {
        let (now, page) = (at("2026-11-20T10:00:00Z"), revision(text(PageKind::Page)));
        let until = format!("{now}$");
        assert!(place(now, &page) < until);
        assert!(place(now.plus(std::time::Duration::from_millis(1)), &page) > until);
    }
}
