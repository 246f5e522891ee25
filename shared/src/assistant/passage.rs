//! Passages: the sections of published pages about medicine, each small enough to be quoted whole.

use std::sync::Arc;

use super::aspect::Aspect;
use crate::accounts::Language;
use crate::content::markdown::sections;
use crate::content::{Library, Live};
use crate::platform::clock::Timestamp;

/// A section of a page.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The page.
    pub page: Arc<Live>,
    /// The heading that it stands under.
    pub heading: Option<String>,
    /// What it says, as plain text.
    pub text: String,
    /// What it is about.
    pub(super) aspect: Option<Aspect>,
}

impl Passage {
    /// The language that it is in.
    pub fn language(&self) -> Language {
        self.page.revision.locale
    }

    /// The slug of its page.
    pub fn slug(&self) -> &str {
        self.page.revision.slug.as_str()
    }

    /// Whether the assistant may answer with it now: its page is shown, and nobody was to look at it by a day that is past.
    pub fn counts(&self, now: Timestamp) -> bool {
        self.page.is_shown(now) && !self.page.is_overdue(now.date())
    }
}

/// The passages of everything that the assistant may answer from: pages about medicine that name a source.
pub fn passages(library: &Library, now: Timestamp) -> Vec<Passage> {
    let mut passages = Vec::new();
    for page in library.all() {
        let text = &page.revision.text;
        if page.withdrawn || !text.kind.is_medical() || text.sources.is_empty() || page.is_overdue(now.date()) {
            continue;
        }
        for section in sections(&text.body) {
            let aspect = section.heading.as_deref().and_then(Aspect::of_heading);
            let (page, heading) = (Arc::clone(page), section.heading);
            passages.push(Passage { page, heading, text: section.lines.join("\n"), aspect });
        }
    }
    passages
}
