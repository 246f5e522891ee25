//! What is answered.

use serde::Serialize;
use utoipa::ToSchema;

use super::passage::Passage;
use super::texts;
use crate::accounts::Language;
use crate::content::SourceDate;
use crate::red_flags::EmergencyNumber;

/// What sort of answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// It says something, with where it is from.
    Answer,
    /// Nothing is known about it here.
    NoAnswer,
    /// Call for help.
    Emergency,
    /// It is not for the assistant to say.
    Refused,
    /// Somebody else can tell.
    Handoff,
}

/// Where something is from that an answer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Citation {
    /// Its number in the text: `[1]`.
    pub n: usize,
    /// The page, and the part of it.
    pub title: String,
    /// Where what the page says is from.
    pub source: String,
    /// Which version of the page, or of the rules.
    pub version: String,
    /// When the source was published or last changed, or the rule reviewed, where that is known: a year, a month or a day.
    #[schema(value_type = Option<String>)]
    pub date: Option<SourceDate>,
    /// Where it can be read.
    pub url: Option<String>,
    /// What it says, word for word.
    pub quote: String,
}

/// Where to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Link {
    /// `page`, `consultation`, `dose`, `interactions`, `prescriptions` or `orders`.
    pub rel: &'static str,
    /// The path below the API's address.
    pub href: String,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AssistantAnswer)]
pub struct Answer {
    /// Which answer, to say of it whether it helped.
    pub id: String,
    /// What sort of answer it is.
    pub kind: AnswerKind,
    /// What it says.
    pub text: String,
    /// The language that it is in.
    pub language: Language,
    /// Where that is from.
    pub citations: Vec<Citation>,
    /// Where to go on.
    pub links: Vec<Link>,
    /// Whom to call, in an emergency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<EmergencyNumber>,
    /// What it is not.
    pub notice: String,
    /// Whether a model has put it into words.
    pub generated: bool,
}

const CONSULTATION: (&str, &str) = ("consultation", "/v1/consultations");
const DOSE: (&str, &str) = ("dose", "/v1/medicine/dose");
const INTERACTIONS: (&str, &str) = ("interactions", "/v1/medicine/interactions");
const PRESCRIPTIONS: (&str, &str) = ("prescriptions", "/v1/prescriptions");
const ORDERS: (&str, &str) = ("orders", "/v1/orders");

impl Answer {
    fn of(kind: AnswerKind, text: impl Into<String>, language: Language, links: &[(&'static str, &str)]) -> Self {
        Self {
            id: String::new(),
            kind,
            text: text.into(),
            language,
            citations: Vec::new(),
            links: links.iter().map(|(rel, href)| Link { rel, href: (*href).to_owned() }).collect(),
            numbers: Vec::new(),
            notice: String::new(),
            generated: false,
        }
    }

    /// Call for help, and whom.
    pub(super) fn emergency(message: &str, numbers: Vec<EmergencyNumber>, language: Language) -> Self {
        Self { numbers, ..Self::of(AnswerKind::Emergency, message, language, &[]) }
    }

    /// How much to take is not said.
    pub(super) fn no_dose(language: Language) -> Self {
        Self::of(AnswerKind::Refused, texts::dose(language), language, &[DOSE, CONSULTATION])
    }

    /// It stays what it is.
    pub(super) fn no_other(language: Language) -> Self {
        Self::of(AnswerKind::Refused, texts::injection(language), language, &[])
    }

    /// A prescription is needed.
    pub(super) fn prescription(language: Language) -> Self {
        let links = [PRESCRIPTIONS, CONSULTATION];
        Self::of(AnswerKind::Refused, texts::prescription(language), language, &links)
    }

    /// A doctor must be asked.
    pub(super) fn doctor(language: Language) -> Self {
        Self::of(AnswerKind::Handoff, texts::diagnosis(language), language, &[CONSULTATION])
    }

    /// Orders are elsewhere.
    pub(super) fn orders(language: Language) -> Self {
        Self::of(AnswerKind::Handoff, texts::orders(language), language, &[ORDERS])
    }

    /// Nothing was found.
    pub(super) fn nothing(language: Language) -> Self {
        Self::of(AnswerKind::NoAnswer, texts::no_answer(language), language, &[CONSULTATION])
    }

    /// The rules cannot be asked.
    pub(super) fn unreviewed(language: Language) -> Self {
        Self::of(AnswerKind::Handoff, texts::not_reviewed(language), language, &[INTERACTIONS, CONSULTATION])
    }

    /// What the check of interactions says.
    pub(super) fn interactions(text: String, citations: Vec<Citation>, language: Language) -> Self {
        let answer = Self::of(AnswerKind::Answer, text, language, &[INTERACTIONS, CONSULTATION]);
        Self { citations, notice: crate::medicine::view::DISCLAIMER.to_owned(), ..answer }
    }

    /// Passages, word for word, each with where it is from.
    pub(super) fn passages(passages: &[&Passage], asked: Language) -> Self {
        let language = passages.first().map_or(asked, |passage| passage.language());
        let quoted: Vec<_> =
            (1..).zip(passages).map(|(n, passage): (usize, _)| format!("{} [{n}]", passage.text)).collect();
        let citations: Vec<_> = (1..).zip(passages).map(|(n, passage)| Citation::of(n, passage)).collect();
        let mut slugs: Vec<_> = passages.iter().map(|passage| passage.slug()).collect();
        slugs.dedup();
        let pages = slugs.into_iter().map(|slug| {
            let href = format!("/v1/pages/{slug}?locale={}", language.tag());
            Link { rel: "page", href }
        });
        let mut notice = texts::notice(asked).to_owned();
        if language != asked {
            notice.push_str(texts::in_english(asked));
        }
        let answer = Self::of(AnswerKind::Answer, quoted.join("\n\n"), language, &[CONSULTATION]);
        let links = pages.chain(answer.links.clone()).collect();
        Self { citations, links, notice, ..answer }
    }

    /// The same passages, put into words by a model; what it says was checked against them.
    pub(super) fn in_words(self, text: String, language: Language) -> Self {
        Self { text, language, notice: texts::generated_notice(language).to_owned(), generated: true, ..self }
    }
}

impl Citation {
    fn of(n: usize, passage: &Passage) -> Self {
        let revision = &passage.page.revision;
        let source = revision.text.sources.first();
        let title = match &passage.heading {
            Some(heading) => format!("{}: {heading}", revision.text.title),
            None => revision.text.title.clone(),
        };
        Self {
            n,
            title,
            source: source.map(|source| format!("{}, {}", source.title, source.publisher)).unwrap_or_default(),
            version: revision.version.to_string(),
            date: source.and_then(|source| source.date.clone()),
            url: source.and_then(|source| source.url.clone()),
            quote: passage.text.clone(),
        }
    }
}
