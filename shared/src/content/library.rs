//! The library: all that is published, as every warm function keeps it in memory, and how it follows the table. The first
//! request loads it; after that a request costs nothing until it is two seconds old, and then only what has changed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::kind::PageKind;
use super::page::{Live, Text};
use super::slug::PageSlug;
use super::store::PageStore;
use crate::accounts::Language;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::Result;
use crate::platform::ids::ProductId;

/// How old it may be before it looks for changes.
const FRESH: Duration = Duration::from_secs(2);
/// An index of DynamoDB lags a little behind its table: this much is read again each time.
const OVERLAP: Duration = Duration::from_secs(10);
/// Rarely it lags a lot: once in this time …
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// … this much is read again.
const SWEEP: Duration = Duration::from_mins(15);
/// For this long an old copy is better than none, when DynamoDB does not answer.
const KEPT_AT_MOST: Duration = Duration::from_mins(5);

/// What is published.
#[derive(Clone, Debug, Default)]
pub struct Library {
    pages: BTreeMap<PageSlug, BTreeMap<&'static str, Arc<Live>>>,
    edition: u64,
}

/// Which pages.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this sort.
    pub kind: Option<PageKind>,
    /// With this tag.
    pub tag: Option<String>,
    /// That are shown on this product.
    pub product: Option<ProductId>,
}

impl Filter {
    /// Whether a page is one of those.
    pub fn takes(&self, text: &Text) -> bool {
        self.kind.is_none_or(|kind| kind == text.kind)
            && self.tag.as_ref().is_none_or(|tag| text.tags.contains(tag))
            && self.product.is_none_or(|product| text.product_ids.contains(&product))
    }
}

impl Library {
    /// Puts a page into its place, or takes one out that was taken back.
    pub fn put(&mut self, live: Live) {
        let (slug, locale) = (live.revision.slug.clone(), live.revision.locale.tag());
        let known = self.pages.get(&slug).and_then(|pages| pages.get(locale));
        if known.is_some_and(|known| **known == live) || known.is_none() && live.withdrawn {
            return;
        }
        self.edition += 1;
        if !live.withdrawn {
            self.pages.entry(slug).or_default().insert(locale, Arc::new(live));
        } else if let Some(pages) = self.pages.get_mut(&slug) {
            pages.remove(locale);
            if pages.is_empty() {
                self.pages.remove(&slug);
            }
        }
    }

    /// Grows with every change: what was made of the library is made anew when this has changed.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// All that is published, in every language; some of it may not be shown now.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Live>> {
        self.pages.values().flat_map(BTreeMap::values)
    }

    /// All that is shown now, in every language.
    pub fn shown(&self, now: Timestamp) -> impl Iterator<Item = &Arc<Live>> {
        self.pages.values().flat_map(BTreeMap::values).filter(move |live| live.is_shown(now))
    }

    /// When the next page comes or goes by its own time: until then what is shown stays as it is, but for what is published.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let times = self.all().flat_map(|live| [live.revision.text.valid_from, live.revision.text.valid_to]);
        times.flatten().filter(|at| *at > now).min()
    }

    /// A page as it is shown now: in a language, or in English where there is none in it.
    pub fn get(&self, slug: &PageSlug, locale: Language, now: Timestamp) -> Option<&Arc<Live>> {
        let pages = self.pages.get(slug)?;
        let shown = |locale: Language| pages.get(locale.tag()).filter(|live| live.is_shown(now));
        shown(locale).or_else(|| shown(Language::English))
    }

    /// The leaflets that are shown on a product now, by slug and language.
    pub fn leaflets(&self, product: ProductId, now: Timestamp) -> impl Iterator<Item = &Arc<Live>> {
        let filter = Filter { kind: Some(PageKind::Leaflet), tag: None, product: Some(product) };
        self.shown(now).filter(move |live| filter.takes(&live.revision.text))
    }

    /// A page of what is shown now, by slug: at most `limit` that come after `after`, and whether there are more.
    pub fn find(
        &self,
        filter: &Filter,
        locale: Language,
        (after, limit): (Option<&PageSlug>, usize),
        now: Timestamp,
    ) -> (Vec<&Arc<Live>>, bool) {
        let slugs = self.pages.keys().filter(|slug| after.is_none_or(|after| *slug > after));
        let shown = slugs.filter_map(|slug| self.get(slug, locale, now));
        let shown = shown.filter(|live| filter.takes(&live.revision.text));
        let mut found: Vec<_> = shown.take(limit.saturating_add(1)).collect();
        let more = found.len() > limit;
        found.truncate(limit);
        (found, more)
    }
}

#[derive(Debug, Default)]
struct Memory {
    library: Arc<Library>,
    read_at: Option<Timestamp>,
    swept_at: Option<Timestamp>,
}

/// What a warm function remembers of what is published.
#[derive(Debug, Default)]
pub struct ContentMemory(Mutex<Memory>);

/// Reading what is published.
#[derive(Debug)]
pub struct Reading<'a> {
    memory: &'a ContentMemory,
    store: PageStore,
    clock: Clock,
}

impl<'a> Reading<'a> {
    /// With a memory, and where it is filled from.
    pub fn new(memory: &'a ContentMemory, store: PageStore, clock: Clock) -> Self {
        Self { memory, store, clock }
    }

    /// All that is published, a few seconds old at worst while DynamoDB answers.
    ///
    /// # Errors
    /// DynamoDB does not answer, and has not for minutes.
    pub async fn library(&self) -> Result<Arc<Library>> {
        let mut memory = self.memory.0.lock().await;
        let now = self.clock.now();
        let Some(read_at) = memory.read_at else {
            self.take(&mut memory, None, now).await?;
            memory.swept_at = Some(now);
            return Ok(Arc::clone(&memory.library));
        };
        if now.since(read_at) <= FRESH {
            return Ok(Arc::clone(&memory.library));
        }
        let sweeping = memory.swept_at.is_none_or(|at| now.since(at) > SWEEP_EVERY);
        let since = read_at.minus(if sweeping { SWEEP } else { OVERLAP });
        match self.take(&mut memory, Some(since), now).await {
            Ok(()) if sweeping => memory.swept_at = Some(now),
            Ok(()) => {}
            Err(error) if now.since(read_at) > KEPT_AT_MOST => return Err(error),
            Err(error) => {
                tracing::warn!(error.code = error.code(), error.cause = error.cause(), "the library is stale")
            }
        }
        Ok(Arc::clone(&memory.library))
    }

    async fn take(&self, memory: &mut Memory, since: Option<Timestamp>, now: Timestamp) -> Result<()> {
        let changed = self.store.changed(since).await?;
        if !changed.is_empty() {
            let library = Arc::make_mut(&mut memory.library);
            changed.into_iter().for_each(|live| library.put(live));
        }
        memory.read_at = Some(now);
        Ok(())
    }

    /// A page as everybody sees it now, as the last write left it: in a language, or in English where there is none in it.
    ///
    /// # Errors
    /// 404; or DynamoDB does not answer.
    pub async fn get(&self, slug: &PageSlug, locale: Language) -> Result<Live> {
        let mut locales = vec![locale];
        if locale != Language::English {
            locales.push(Language::English);
        }
        let now = self.clock.now();
        let mut shown = self.store.live(slug, &locales).await?;
        shown.retain(|live| live.is_shown(now));
        shown.sort_by_key(|live| live.revision.locale != locale);
        shown.into_iter().next().ok_or_else(crate::platform::error::Error::not_found)
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::tests::{at, person, revision, text};
    use super::*;

    fn live(slug: &str, locale: Language, kind: PageKind) -> Live {
        let mut revision = revision(Text { tags: vec!["pain".to_owned()], ..text(kind) });
        revision.slug = PageSlug::parse(slug).unwrap();
        revision.locale = locale;
        let published_at = at("2026-11-10T10:00:00Z");
        Live { revision, images: Vec::new(), published_by: person(3), published_at, withdrawn: false }
    }

    fn library() -> Library {
        let mut library = Library::default();
        library.put(live("a", Language::English, PageKind::Leaflet));
        library.put(live("b", Language::English, PageKind::Article));
        library.put(live("b", Language::Nepali, PageKind::Article));
        library.put(live("c", Language::Bengali, PageKind::Faq));
        library
    }

    fn slugs(
        library: &Library,
        filter: &Filter,
        locale: Language,
        after: Option<&str>,
        limit: usize,
    ) -> (Vec<String>, bool) {
        let after = after.map(|slug| PageSlug::parse(slug).unwrap());
        let (found, more) = library.find(filter, locale, (after.as_ref(), limit), at("2026-11-20T10:00:00Z"));
        let named = |live: &&Arc<Live>| format!("{}:{}", live.revision.slug, live.revision.locale.tag());
        (found.iter().map(named).collect(), more)
    }

    #[test]
    fn what_is_missing_in_a_language_is_shown_in_english_and_in_no_other() {
        let all = Filter::default();
        assert_eq!(slugs(&library(), &all, Language::Nepali, None, 9).0, ["a:en", "b:ne"]);
        assert_eq!(slugs(&library(), &all, Language::Bengali, None, 9).0, ["a:en", "b:en", "c:bn"]);
        assert_eq!(slugs(&library(), &all, Language::English, None, 1), (vec!["a:en".to_owned()], true));
        assert_eq!(slugs(&library(), &all, Language::English, Some("a"), 1), (vec!["b:en".to_owned()], false));
        let articles = Filter { kind: Some(PageKind::Article), ..Filter::default() };
        assert_eq!(slugs(&library(), &articles, Language::English, None, 9).0, ["b:en"]);
        let other = Filter { tag: Some("fever".to_owned()), ..Filter::default() };
        assert!(slugs(&library(), &other, Language::English, None, 9).0.is_empty());
    }

    #[test]
    fn a_leaflet_is_on_its_products_and_no_other_page_is() {
        let now = at("2026-11-20T10:00:00Z");
        let product = ProductId::generate(now);
        let about = |mut live: Live| {
            live.revision.text.product_ids = vec![product];
            live
        };
        let mut library = library();
        library.put(about(live("a", Language::English, PageKind::Leaflet)));
        library.put(about(live("a", Language::Nepali, PageKind::Leaflet)));
        library.put(about(live("b", Language::English, PageKind::Article)));
        let mut late = about(live("d", Language::English, PageKind::Leaflet));
        late.revision.text.valid_from = Some(at("2026-11-20T10:00:01Z"));
        library.put(late);
        let found = |library: &Library, now| -> Vec<String> {
            let named = |live: &Arc<Live>| format!("{}:{}", live.revision.slug, live.revision.locale.tag());
            library.leaflets(product, now).map(named).collect()
        };
        assert_eq!(found(&library, now), ["a:en", "a:ne"]);
        assert_eq!(found(&library, at("2026-11-20T10:00:01Z")), ["a:en", "a:ne", "d:en"]);
        library.put(Live { withdrawn: true, ..about(live("a", Language::English, PageKind::Leaflet)) });
        assert_eq!(found(&library, now), ["a:ne"]);
        assert_eq!(library.leaflets(ProductId::generate(now), now).count(), 0);
    }

    #[test]
    fn what_comes_or_goes_next_is_known() {
        let (mut library, now) = (library(), at("2026-11-20T10:00:00Z"));
        assert_eq!(library.next_change(now), None);
        let mut banner = live("d", Language::English, PageKind::Banner);
        banner.revision.text.valid_from = Some(at("2026-11-20T10:00:30Z"));
        banner.revision.text.valid_to = Some(at("2026-11-20T11:00:00Z"));
        library.put(banner);
        assert_eq!(library.next_change(now), Some(at("2026-11-20T10:00:30Z")));
        assert_eq!(library.next_change(at("2026-11-20T10:00:30Z")), Some(at("2026-11-20T11:00:00Z")));
        assert_eq!(library.next_change(at("2026-11-20T11:00:00Z")), None);
    }

    #[test]
    fn an_edition_changes_when_something_has() {
        let mut library = library();
        let before = library.edition();
        library.put(live("a", Language::English, PageKind::Leaflet));
        assert_eq!(library.edition(), before, "read once more");
        let gone = Live { withdrawn: true, ..live("a", Language::English, PageKind::Leaflet) };
        library.put(gone.clone());
        assert_eq!(library.edition(), before + 1);
        library.put(gone);
        assert_eq!(library.edition(), before + 1);
        assert_eq!(slugs(&library, &Filter::default(), Language::English, None, 9).0, ["b:en"]);
    }
}
