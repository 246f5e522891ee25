//! A page: its versions, and what must be so before one is published.

use serde::{Deserialize, Serialize};

use super::kind::PageKind;
use super::markdown;
use super::slug::PageSlug;
use super::source::Source;
use crate::accounts::Language;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::{ImageId, ProductId, UserId};
use crate::platform::source_set::Source as ImageFile;
use crate::platform::wording::{self, Words};

/// The most pictures of a page that are in use.
pub const MAX_IMAGES: usize = 20;

/// What a page says, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// What sort of page it is.
    pub kind: PageKind,
    /// Its heading.
    pub title: String,
    /// What it is about, in a sentence or two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// CommonMark without HTML.
    pub body: String,
    /// What it is found by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The products that it is shown on.
    #[serde(default)]
    pub product_ids: Vec<ProductId>,
    /// Where what it says is from.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// When somebody must look whether it still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_due: Option<Date>,
    /// From when on it is shown, once it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// Until when it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
}

/// What a reviewer has decided on a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Whether it may be published.
    pub approved: bool,
    /// What was checked, or why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A version of a page in one language. It never changes but for its review, which is added once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Which page.
    pub slug: PageSlug,
    /// In which language.
    pub locale: Language,
    /// Which version, from 1.
    pub version: u64,
    /// What it says.
    pub text: Text,
    /// Who wrote it.
    pub author: UserId,
    /// When.
    pub written_at: Timestamp,
    /// What a reviewer decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// Whether the page was removed after it.
    #[serde(default)]
    pub removed: bool,
}

/// A picture of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageImage {
    /// Which; the body names it as `image:<id>`.
    pub id: ImageId,
    /// The key of the largest file that everybody reads.
    pub key: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// All its files, that one among them; of a picture from before there were several, none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<ImageFile>,
}

/// A version that is published, or is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The version.
    pub revision: Revision,
    /// The pictures that its body names.
    pub images: Vec<PageImage>,
    /// Who published it.
    pub published_by: UserId,
    /// When it was published; of what is to be, when it will.
    pub published_at: Timestamp,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

impl Revision {
    /// The version after `before`.
    pub fn next(
        before: Option<&Self>,
        (slug, locale): (PageSlug, Language),
        text: Text,
        author: &UserId,
        now: Timestamp,
    ) -> Self {
        let version = before.map_or(1, |before| before.version + 1);
        Self { slug, locale, version, text, author: author.clone(), written_at: now, review: None, removed: false }
    }

    /// The version with what `reviewer` decided on it.
    ///
    /// # Errors
    /// 403 `own_page`; 409 `already_reviewed`.
    pub fn reviewed(&self, review: Review) -> Result<Self> {
        if review.by == self.author {
            return Err(Error::new(Kind::Forbidden, "own_page", wording::content::own_page()));
        }
        if self.review.is_some() {
            return Err(Error::conflict("already_reviewed", wording::content::already_reviewed()));
        }
        Ok(Self { review: Some(review), ..self.clone() })
    }

    /// The pictures of a page that this version names.
    pub fn pictures(&self, known: &[PageImage]) -> Vec<PageImage> {
        let named = markdown::images(&self.text.body);
        known.iter().filter(|image| named.contains(&image.id)).cloned().collect()
    }

    /// Whether it may be published: what is about medicine has a source, was approved by somebody else than its author, and
    /// is not past the day at which that has to be done again; and every picture that it names is there.
    ///
    /// # Errors
    /// 409 `source_missing`, `not_reviewed`, `review_overdue` or `picture_missing`.
    pub fn may_be_published(&self, known: &[PageImage], today: Date) -> Result<()> {
        let page = format!("{} ({})", self.slug, self.locale.tag());
        let refuse = |code, detail: fn(&str) -> Words| Err(Error::conflict(code, detail(&page)));
        if self.text.kind.is_medical() {
            if self.text.sources.is_empty() {
                return refuse("source_missing", wording::content::source_missing);
            }
            let approved = self.review.as_ref().is_some_and(|review| review.approved && review.by != self.author);
            if !approved {
                return refuse("not_reviewed", wording::content::not_reviewed);
            }
            if self.text.review_due.is_some_and(|due| due < today) {
                return refuse("review_overdue", wording::content::review_overdue);
            }
        }
        let named = markdown::images(&self.text.body);
        if named.iter().any(|id| !known.iter().any(|image| image.id == *id)) {
            return refuse("picture_missing", wording::content::picture_missing);
        }
        Ok(())
    }
}

impl Live {
    /// Whether everybody sees it now.
    pub fn is_shown(&self, now: Timestamp) -> bool {
        let text = &self.revision.text;
        !self.withdrawn && text.valid_from.is_none_or(|from| from <= now) && text.valid_to.is_none_or(|to| now < to)
    }

    /// Whether the day is past at which somebody had to look whether it still holds.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.revision.text.review_due.is_some_and(|due| due < today)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::source::SourceDate;
    use super::*;

    pub(crate) fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    pub(crate) fn person(number: u32) -> UserId {
        UserId::parse(&format!("00000000-0000-4000-8000-{number:012}")).unwrap()
    }

    pub(crate) fn text(kind: PageKind) -> Text {
        Text {
            kind,
            title: "Ibuprofen".to_owned(),
            summary: None,
            body: "For pain.".to_owned(),
            tags: Vec::new(),
            product_ids: Vec::new(),
            sources: vec![Source {
                title: "Label".to_owned(),
                publisher: "FDA".to_owned(),
                date: Some(SourceDate::parse("2026-01-01").unwrap()),
                url: None,
            }],
            review_due: None,
            valid_from: None,
            valid_to: None,
        }
    }

    pub(crate) fn revision(text: Text) -> Revision {
        let page = (PageSlug::parse("ibuprofen").unwrap(), Language::English);
        Revision::next(None, page, text, &person(1), at("2026-11-01T10:00:00Z"))
    }

    fn review(by: u32, approved: bool) -> Review {
        Review { by: person(by), at: at("2026-11-02T10:00:00Z"), approved, note: None }
    }

    fn refusal(revision: &Revision) -> Option<&'static str> {
        revision.may_be_published(&[], Date::parse("2026-11-20").unwrap()).err().map(|error| error.code())
    }

    #[test]
    fn what_is_about_medicine_needs_a_source_and_another_reader() {
        for kind in [PageKind::Leaflet, PageKind::Article, PageKind::Faq] {
            let written = revision(text(kind));
            assert_eq!(refusal(&written), Some("not_reviewed"));
            assert_eq!(refusal(&written.reviewed(review(2, false)).unwrap()), Some("not_reviewed"));
            assert_eq!(refusal(&written.reviewed(review(2, true)).unwrap()), None);
            assert_eq!(written.reviewed(review(1, true)).unwrap_err().code(), "own_page");
            let forged = Revision { review: Some(review(1, true)), ..written };
            assert_eq!(refusal(&forged), Some("not_reviewed"));
            let bare = revision(Text { sources: Vec::new(), ..text(kind) });
            assert_eq!(refusal(&bare.reviewed(review(2, true)).unwrap()), Some("source_missing"));
        }
        for kind in [PageKind::Page, PageKind::Banner, PageKind::Policy] {
            assert_eq!(refusal(&revision(Text { sources: Vec::new(), ..text(kind) })), None);
        }
    }

    #[test]
    fn a_version_is_decided_on_once() {
        let reviewed = revision(text(PageKind::Leaflet)).reviewed(review(2, true)).unwrap();
        assert_eq!(reviewed.reviewed(review(3, false)).unwrap_err().code(), "already_reviewed");
    }

    #[test]
    fn what_is_past_its_review_is_not_published_again() {
        let due = |day: &str| Some(Date::parse(day).unwrap());
        for (day, expected) in [("2026-11-19", Some("review_overdue")), ("2026-11-20", None)] {
            let old = revision(Text { review_due: due(day), ..text(PageKind::Leaflet) });
            assert_eq!(refusal(&old.reviewed(review(2, true)).unwrap()), expected);
        }
    }

    #[test]
    fn a_picture_that_is_named_must_be_there() {
        let id = "img_01J9Z3NDEKTSV4RRFFQ69G5FAV";
        let page = revision(Text { body: format!("![a pack](image:{id})"), ..text(PageKind::Page) });
        assert_eq!(refusal(&page), Some("picture_missing"));
        let image = PageImage {
            id: ImageId::parse(id).unwrap(),
            key: "k".to_owned(),
            width: 1,
            height: 1,
            sources: Vec::new(),
        };
        assert!(page.may_be_published(std::slice::from_ref(&image), Date::parse("2026-11-20").unwrap()).is_ok());
        assert_eq!(page.pictures(std::slice::from_ref(&image)), [image]);
    }

    #[test]
    fn a_page_is_shown_in_its_time_alone() {
        let text = Text {
            valid_from: Some(at("2026-11-10T00:00:00Z")),
            valid_to: Some(at("2026-11-20T00:00:00Z")),
            ..text(PageKind::Banner)
        };
        let live = Live {
            revision: revision(text),
            images: Vec::new(),
            published_by: person(3),
            published_at: at("2026-11-01T10:00:00Z"),
            withdrawn: false,
        };
        for (now, shown) in [
            ("2026-11-09T23:59:59Z", false),
            ("2026-11-10T00:00:00Z", true),
            ("2026-11-19T23:59:59Z", true),
            ("2026-11-20T00:00:00Z", false),
        ] {
            assert_eq!(live.is_shown(at(now)), shown, "{now}");
        }
        assert!(!Live { withdrawn: true, ..live }.is_shown(at("2026-11-15T00:00:00Z")));
    }
}
