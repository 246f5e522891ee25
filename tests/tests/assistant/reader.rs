//! A library for the tests of the assistant: the starter pages, as they are after they were published.

use serde_json::Value;
use shared::accounts::Language;
use shared::assistant::Index;
use shared::content::page::{Review, Text};
use shared::content::{Library, Live, PageKind, PageSlug, Revision, Source, SourceDate};
use shared::medicine::knowledge::Knowledge;
use shared::medicine::review::{RuleId, RuleStatus, RuleVersion, Set};
use shared::platform::clock::{Date, Timestamp};
use shared::platform::zone::Zone;
use support::user;

const PAGES: [(Language, &str); 3] = [
    (Language::English, include_str!("../../../infra/seed/pages/en.json")),
    (Language::Nepali, include_str!("../../../infra/seed/pages/ne.json")),
    (Language::Bengali, include_str!("../../../infra/seed/pages/bn.json")),
];

/// When the questions are asked.
pub fn now() -> Timestamp {
    Timestamp::parse("2026-11-29T10:00:00Z").unwrap()
}

fn texts(values: &Value) -> Vec<String> {
    values.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// The starter pages of all languages.
pub fn starter() -> Vec<Live> {
    let mut lives = Vec::new();
    for (locale, file) in PAGES {
        let file: Value = serde_json::from_str(file).unwrap();
        for page in file["pages"].as_array().unwrap() {
            let text = |name: &str| page[name].as_str().unwrap().to_owned();
            let source = |source: &Value| Source {
                title: source["title"].as_str().unwrap().to_owned(),
                publisher: source["publisher"].as_str().unwrap().to_owned(),
                date: source["date"].as_str().map(|date| SourceDate::parse(date).unwrap()),
                url: source["url"].as_str().map(str::to_owned),
            };
            let text = Text {
                kind: PageKind::parse(&text("kind")).unwrap(),
                title: text("title"),
                summary: Some(text("summary")),
                body: shared::content::markdown::parse(&texts(&page["body"]).join("\n")).unwrap(),
                tags: texts(&page["tags"]),
                product_ids: Vec::new(),
                sources: page["sources"].as_array().unwrap().iter().map(source).collect(),
                review_due: Some(Date::parse(page["review_due"].as_str().unwrap()).unwrap()),
                valid_from: None,
                valid_to: None,
            };
            let slug = PageSlug::parse(page["slug"].as_str().unwrap()).unwrap();
            let revision = Revision::next(None, (slug, locale), text, &user(1), now());
            let review = Review { by: user(2), at: now(), approved: true, note: None };
            let revision = revision.reviewed(review).unwrap();
            revision.may_be_published(&[], now().date()).unwrap();
            lives.push(Live {
                revision,
                images: Vec::new(),
                published_by: user(3),
                published_at: now(),
                withdrawn: false,
            });
        }
    }
    lives
}

/// The index of the starter pages, and of what else is published.
pub fn index_with(more: Vec<Live>) -> Index {
    let mut library = Library::default();
    starter().into_iter().chain(more).for_each(|live| library.put(live));
    Index::of(&library, now())
}

/// The starter rules of medicine, reviewed.
pub fn knowledge() -> Knowledge {
    let version = |set: Set| RuleVersion {
        kind: set.kind(),
        id: RuleId::parse(set.id()).unwrap(),
        version: set.release(),
        status: RuleStatus::Reviewed,
        body: String::new(),
        author: None,
        written_at: now(),
        reviewed_by: Some(user(2)),
        reviewed_at: Some(now()),
        note: None,
    };
    Knowledge::of(&Set::ALL.map(version), &Zone::parse("UTC").unwrap()).unwrap()
}
