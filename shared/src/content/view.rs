//! Pages as they are answered.

use serde::Serialize;
use utoipa::ToSchema;

use super::kind::PageKind;
use super::markdown::{escaped, to_html};
use super::page::{Live, PageImage, Revision, Text};
use super::source::Source;
use super::store::Whole;
use crate::accounts::Language;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{ImageId, ProductId};
use crate::platform::source_set::ImageSource;

/// How it stands with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// Everybody sees it.
    Published,
    /// It will be published.
    Scheduled,
    /// The staff alone sees it.
    Draft,
}

/// A picture of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageImageView {
    /// Its id; the body names it as `image:<id>`.
    #[schema(value_type = String)]
    pub id: ImageId,
    /// Where it is.
    pub url: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The same in other sizes and formats: WebP first, from small to large.
    pub sources: Vec<ImageSource>,
}

impl PageImageView {
    /// Of a picture; `media` is where pictures are seen from outside.
    pub fn new(image: &PageImage, media: &str) -> Self {
        let (width, height) = (image.width, image.height);
        let sources = ImageSource::all(&image.key, (width, height), &image.sources, media);
        Self { id: image.id, url: format!("{media}/{}", image.key), width, height, sources }
    }
}

/// A page, as a list has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageCard {
    /// Its name in URLs.
    pub slug: String,
    /// What sort of page it is.
    pub kind: PageKind,
    /// The language that it is in.
    pub locale: Language,
    /// Whether it is in English because there is none in the language that was asked for.
    pub fallback: bool,
    /// Its heading.
    pub title: String,
    /// What it is about.
    pub summary: Option<String>,
    /// What it is found by.
    pub tags: Vec<String>,
    /// The products that it is shown on.
    #[schema(value_type = Vec<String>)]
    pub product_ids: Vec<ProductId>,
    /// Which version.
    pub version: u64,
    /// How it stands with it.
    pub state: PageState,
    /// When it was published, or will be.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Timestamp>,
    /// When somebody must look whether it still holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub review_due: Option<Date>,
    /// Whether that day is past.
    pub review_overdue: bool,
    /// From when on it is shown, once it is published.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_from: Option<Timestamp>,
    /// Until when it is shown.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_to: Option<Timestamp>,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageView {
    /// What a list has of it.
    #[serde(flatten)]
    pub card: PageCard,
    /// What it says: CommonMark without HTML.
    pub body: String,
    /// Where that is from.
    pub sources: Vec<Source>,
    /// The pictures that it names.
    pub images: Vec<PageImageView>,
}

/// What a reviewer decided on a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageReviewView {
    /// Who.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Whether it may be published.
    pub approved: bool,
    /// What was checked, or why not.
    pub note: Option<String>,
}

/// A version of a page, as the staff sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageVersionView {
    /// The page.
    #[serde(flatten)]
    pub page: PageView,
    /// Who wrote it.
    pub author: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub written_at: Timestamp,
    /// What a reviewer decided.
    pub review: Option<PageReviewView>,
}

fn card(revision: &Revision, today: Date) -> PageCard {
    let Text { kind, title, summary, tags, product_ids, review_due, valid_from, valid_to, .. } = &revision.text;
    PageCard {
        slug: revision.slug.to_string(),
        kind: *kind,
        locale: revision.locale,
        fallback: false,
        title: title.clone(),
        summary: summary.clone(),
        tags: tags.clone(),
        product_ids: product_ids.clone(),
        version: revision.version,
        state: PageState::Draft,
        published_at: None,
        review_due: *review_due,
        review_overdue: review_due.is_some_and(|due| due < today),
        valid_from: *valid_from,
        valid_to: *valid_to,
    }
}

impl PageCard {
    /// Of what is published, for who asked for a language.
    pub fn of_live(live: &Live, asked: Language, today: Date) -> Self {
        Self {
            fallback: live.revision.locale != asked,
            state: PageState::Published,
            published_at: Some(live.published_at),
            ..card(&live.revision, today)
        }
    }

    /// Of what is to be published.
    pub fn of_due(due: &Live, today: Date) -> Self {
        let (state, published_at) = (PageState::Scheduled, Some(due.published_at));
        Self { state, published_at, ..card(&due.revision, today) }
    }

    /// Of a version that nobody but the staff sees.
    pub fn of_draft(revision: &Revision, today: Date) -> Self {
        card(revision, today)
    }
}

impl PageView {
    /// Of what is published, for who asked for a language.
    pub fn of_live(live: &Live, asked: Language, today: Date, media: &str) -> Self {
        Self::with(PageCard::of_live(live, asked, today), &live.revision.text, &live.images, media)
    }

    fn with(card: PageCard, text: &Text, images: &[PageImage], media: &str) -> Self {
        Self {
            card,
            body: text.body.clone(),
            sources: text.sources.clone(),
            images: images.iter().map(|image| PageImageView::new(image, media)).collect(),
        }
    }

    /// The page as a document of its own; the language of a fallback is said in it.
    pub fn to_html(live: &Live, today: Date, media: &str) -> String {
        let text = &live.revision.text;
        let (locale, title) = (live.revision.locale.tag(), escaped(&text.title));
        let summary = text.summary.as_deref().map(|summary| format!("<p><em>{}</em></p>\n", escaped(summary)));
        let overdue = if live.is_overdue(today) { "<p><strong>Under review.</strong></p>\n" } else { "" };
        let source = |source: &Source| {
            let Source { title, publisher, date, url } = source;
            let title = escaped(title);
            let title = url.as_deref().map_or(title.clone(), |url| format!("<a href=\"{}\">{title}</a>", escaped(url)));
            let date = date.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
            format!("<li>{title}, {}{date}</li>\n", escaped(publisher))
        };
        let sources: String = text.sources.iter().map(source).collect();
        let sources = if sources.is_empty() { sources } else { format!("<footer><ol>\n{sources}</ol></footer>\n") };
        format!(
            "<!doctype html>\n<html lang=\"{locale}\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{title}</title></head>\n<body><main>\n<h1>{title}</h1>\n{}{overdue}{}\
             </main>\n{sources}</body>\n</html>\n",
            summary.unwrap_or_default(),
            to_html(&text.body, &live.images, media),
        )
    }
}

impl PageVersionView {
    /// Of any version of a page, as it stands with it: with the pictures that it names.
    pub fn of_version(revision: &Revision, page: &Whole, today: Date, media: &str) -> Self {
        let is_this =
            |live: &&Live| live.revision.locale == revision.locale && live.revision.version == revision.version;
        let mut view = Self::new(revision, &revision.pictures(&page.images), today, media);
        let published = page.live.iter().filter(|live| !live.withdrawn).find(is_this);
        if let Some(live) = published {
            (view.page.card.state, view.page.card.published_at) = (PageState::Published, Some(live.published_at));
        } else if let Some(due) = page.due.iter().find(is_this) {
            (view.page.card.state, view.page.card.published_at) = (PageState::Scheduled, Some(due.published_at));
        }
        view
    }

    /// Of a version, with the pictures of its page.
    pub fn new(revision: &Revision, images: &[PageImage], today: Date, media: &str) -> Self {
        let review = revision.review.as_ref().map(|review| PageReviewView {
            by: review.by.to_string(),
            at: review.at,
            approved: review.approved,
            note: review.note.clone(),
        });
        Self {
            page: PageView::with(card(revision, today), &revision.text, images, media),
            author: revision.author.to_string(),
            written_at: revision.written_at,
            review,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::tests::{at, person, revision, text};
    use super::*;

    #[test]
    fn a_version_says_how_it_stands_with_it() {
        let live = |version, withdrawn| Live {
            revision: Revision { version, ..revision(text(PageKind::Page)) },
            images: Vec::new(),
            published_by: person(3),
            published_at: at("2026-11-10T10:00:00Z"),
            withdrawn,
        };
        let state = |version, page: &Whole| {
            let today = Date::parse("2026-11-20").unwrap();
            let view =
                PageVersionView::of_version(&live(version, false).revision, page, today, "https://media.example");
            (view.page.card.state, view.page.card.published_at.is_some())
        };
        let page = Whole { live: vec![live(2, false)], due: vec![live(3, false)], ..Whole::default() };
        assert_eq!(
            [1, 2, 3].map(|version| state(version, &page)),
            [(PageState::Draft, false), (PageState::Published, true), (PageState::Scheduled, true),]
        );
        let back = Whole { live: vec![live(2, true)], ..Whole::default() };
        assert_eq!(state(2, &back), (PageState::Draft, false), "it was taken back");
    }

    #[test]
    fn a_page_is_a_document_with_its_sources_and_nothing_that_runs() {
        let mut text = text(PageKind::Leaflet);
        text.title = "A <b> & c".to_owned();
        text.sources[0].url = Some("https://a.b/?x=\"y".to_owned());
        text.review_due = Some(Date::parse("2026-11-01").unwrap());
        let live = Live {
            revision: revision(text),
            images: Vec::new(),
            published_by: person(3),
            published_at: at("2026-11-10T10:00:00Z"),
            withdrawn: false,
        };
        let page = PageView::to_html(&live, Date::parse("2026-11-20").unwrap(), "https://media.example");
        assert!(page.contains("<html lang=\"en\">") && page.contains("<h1>A &#60;b&#62; &#38; c</h1>"), "{page}");
        assert!(page.contains("<a href=\"https://a.b/?x=&#34;y\">Label</a>, FDA, 2026-01-01"), "{page}");
        assert!(page.contains("Under review") && page.contains("<p>For pain.</p>"), "{page}");
    }
}
