//! In which language the request that is being answered is answered.
//!
//! Rules and services hand over [`Words`](super::wording::Words), which are said in every language; only when an answer is
//! written does one of them count. It stands here for the time of one request, beside whoever answers it: as with the span of
//! a log, nothing in between has to carry it along.

use std::cell::Cell;

use super::language::Language;

tokio::task_local! {
    static SPEECH: Speech;
}

/// How one request is spoken to.
struct Speech {
    /// The language that its `Accept-Language` asks for.
    asked: Option<Language>,
    /// What the person prefers, where that is known.
    preferred: Cell<Option<Language>>,
    /// Whether anything was said in it.
    spoke: Cell<bool>,
}

/// What a request was answered in, where its answer has sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken(pub Option<Language>);

/// Runs `work`, which answers somebody who asks for this language.
pub async fn answering<T>(asked: Option<Language>, work: impl Future<Output = T>) -> (T, Spoken) {
    let speech = Speech { asked, preferred: Cell::new(None), spoke: Cell::new(false) };
    let work = async {
        let outcome = work.await;
        let spoken = SPEECH.with(|speech| speech.spoke.get().then(|| speech.language()));
        (outcome, Spoken(spoken))
    };
    SPEECH.scope(speech, work).await
}

/// Notes what the person who is answered prefers; it counts where their request asks for no language of ours.
pub fn prefer(language: Language) {
    // Outside a request nobody is answered.
    let _ = SPEECH.try_with(|speech| speech.preferred.set(Some(language)));
}

/// The language of the answer that is being written: what was asked for, or else what is preferred, or else English.
pub fn language() -> Language {
    let said = SPEECH.try_with(|speech| {
        speech.spoke.set(true);
        speech.language()
    });
    said.unwrap_or_default()
}

impl Speech {
    fn language(&self) -> Language {
        self.asked.or(self.preferred.get()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_asked_for_counts_before_what_is_preferred() {
        for (asked, preferred, spoken) in [
            (Some(Language::Nepali), Some(Language::Bengali), Language::Nepali),
            (None, Some(Language::Bengali), Language::Bengali),
            (Some(Language::English), Some(Language::Bengali), Language::English),
            (None, None, Language::English),
        ] {
            let work = async {
                preferred.into_iter().for_each(prefer);
                tokio::task::yield_now().await;
                language()
            };
            assert_eq!(answering(asked, work).await, (spoken, Spoken(Some(spoken))));
        }
    }

    #[tokio::test]
    async fn an_answer_without_sentences_is_in_no_language() {
        assert_eq!(answering(Some(Language::Nepali), async {}).await, ((), Spoken(None)));
    }

    #[tokio::test]
    async fn two_requests_side_by_side_do_not_hear_each_other() {
        let one = answering(Some(Language::Nepali), async {
            tokio::task::yield_now().await;
            language()
        });
        let other = answering(Some(Language::Bengali), async { language() });
        let (one, other) = tokio::join!(one, other);
        assert_eq!((one.0, other.0), (Language::Nepali, Language::Bengali));
    }

    #[test]
    fn what_answers_nobody_speaks_english() {
        prefer(Language::Nepali);
        assert_eq!(language(), Language::English);
    }
}
