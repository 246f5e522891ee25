//! Asking: budgets, the index that every warm function keeps, and the model, where there is one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join;
use tokio::sync::Mutex;

use super::answer::Answer;
use super::answering::{Question, Ruled};
use super::check::check;
use super::converse::Converse;
use super::index::Index;
use super::passage::Passage;
use super::question::QuestionKind;
use super::question_id::proven;
use crate::content::{Library, Reading};
use crate::medicine::{Medicines, RedFlags};
use crate::platform::clock::{Clock, Date, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::{Key, Table};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::signing::KeyRing;
use crate::platform::wording;
use crate::red_flags::Flags;

/// How many questions a person has a day, and an address of guests an hour.
const A_DAY: u32 = 30;
const AN_HOUR: u32 = 5;
/// What a question to a model takes out of the budget of tokens before it is asked: it reads at most so much and writes
/// 400.
const RESERVED: u32 = 2500;

const DAY: Duration = Duration::from_hours(24);
const HOUR: Duration = Duration::from_hours(1);

/// What a warm function remembers: the index, of which edition of the library and of which day it is.
#[derive(Debug, Default)]
pub struct IndexMemory(Mutex<Option<(u64, Date, Arc<Index>)>>);

impl IndexMemory {
    /// The index of what is published.
    async fn index(&self, library: &Library, now: Timestamp) -> Arc<Index> {
        let mut memory = self.0.lock().await;
        if let Some((edition, day, index)) = memory.as_ref()
            && *edition == library.edition()
            && *day == now.date()
        {
            return Arc::clone(index);
        }
        let index = Arc::new(Index::of(library, now));
        *memory = Some((library.edition(), now.date(), Arc::clone(&index)));
        index
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub enum Asker<'a> {
    /// Somebody who is signed in.
    Person(&'a UserId),
    /// A guest, from this address.
    Guest(Option<&'a str>),
}

/// How much may be asked.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Where it is counted.
    pub guard: Table,
    /// Whether guests may ask.
    pub guests: bool,
    /// How many tokens a model may read and write a day, for everybody together.
    pub tokens: u32,
    /// Multiplies what an address may ask, where a whole office or test bench shares one.
    pub address_factor: u32,
}

/// The assistant.
#[derive(Debug)]
pub struct Assistant<'a> {
    /// What is published.
    pub pages: Reading<'a>,
    /// What medicines do together.
    pub medicines: Medicines<'a>,
    /// The signs of an emergency.
    pub flags: RedFlags,
    /// The index.
    pub memory: &'a IndexMemory,
    /// The model, where there is one.
    pub model: Option<&'a Converse>,
    /// How much may be asked.
    pub budget: Budget,
    /// The clock.
    pub clock: Clock,
}

/// What the log is told of a question; nothing of what was asked or answered.
#[derive(Debug, Default)]
struct Noted {
    rule: &'static str,
    pages: Vec<String>,
    tokens: u64,
    stop: String,
    fault: &'static str,
}

/// How long it is until the next period begins: days begin at midnight UTC, as their counters do.
fn until_next(period: Duration, now: Timestamp) -> Duration {
    let length = i64::try_from(period.as_secs()).unwrap_or(i64::MAX);
    let left = length.saturating_sub(now.seconds().rem_euclid(length));
    Duration::from_secs(u64::try_from(left).unwrap_or_default())
}

impl Assistant<'_> {
    /// Answers a question. An emergency is answered whatever was asked before; all else takes one question out of the budget. What is
    /// built in of its signs is looked for before anything is read, what the pharmacy has added beside the budget.
    ///
    /// # Errors
    /// 401 where guests may not ask; 429 `daily_budget`; or DynamoDB does not answer.
    pub async fn ask(&self, asker: &Asker<'_>, question: &Question, keys: &KeyRing) -> Result<Answer> {
        let started = Instant::now();
        let mut noted = Noted::default();
        let answer = match question.emergency(&Flags::default()) {
            Some(answer) => {
                noted.rule = "red_flag";
                answer
            }
            None => {
                let (spent, flags) = join(self.spend(asker, keys), self.flags.current()).await;
                match question.emergency(&flags) {
                    Some(answer) => {
                        noted.rule = "red_flag";
                        answer
                    }
                    None => {
                        spent?;
                        Box::pin(self.answer(question, &mut noted)).await?
                    }
                }
            }
        };
        let subject = match asker {
            Asker::Person(user) => user.as_str(),
            Asker::Guest(_) => "guest",
        };
        let id = proven(subject, self.clock.now(), keys).to_string();
        tracing::info!(
            assistant.id = id,
            assistant.kind = ?answer.kind,
            assistant.rule = noted.rule,
            assistant.pages = noted.pages.join(" "),
            assistant.generated = answer.generated,
            assistant.tokens = noted.tokens,
            assistant.stop_reason = noted.stop,
            assistant.fault = noted.fault,
            assistant.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        );
        Ok(Answer { id, ..answer })
    }

    async fn answer(&self, question: &Question, noted: &mut Noted) -> Result<Answer> {
        match question.ruled() {
            Ruled::Answer(answer, rule) => {
                noted.rule = rule;
                Ok(*answer)
            }
            Ruled::Interaction => {
                noted.rule = QuestionKind::Interaction.as_str();
                let knowledge = self.medicines.knowledge().await?;
                Ok(question.interactions(&knowledge))
            }
            Ruled::Information => {
                noted.rule = QuestionKind::Information.as_str();
                let library = self.pages.library().await?;
                let now = self.clock.now();
                let index = self.memory.index(&library, now).await;
                let passages = question.passages(&index, now);
                noted.pages = passages.iter().map(|passage| passage.slug().to_owned()).collect();
                let quoted = question.quoted(&passages);
                match self.in_words(question, &passages, noted).await {
                    Some(text) => Ok(quoted.in_words(text, question.language())),
                    None => Ok(quoted),
                }
            }
        }
    }

    /// The passages in a model's words, where there is one, it has tokens left, answers in time, and says nothing but what
    /// they say.
    async fn in_words(&self, question: &Question, passages: &[&Passage], noted: &mut Noted) -> Option<String> {
        let (model, language) = (self.model?, question.language());
        if passages.is_empty() {
            return None;
        }
        // Whether words mean the same is only told within one language.
        if passages.iter().any(|passage| passage.language() != language) {
            noted.fault = "language";
            return None;
        }
        if !self.reserve().await {
            noted.fault = "budget";
            return None;
        }
        let texts: Vec<_> = passages.iter().map(|passage| passage.text.as_str()).collect();
        let reply = match model.ask(&question.text, &texts, language).await {
            Ok(reply) => reply,
            Err(error) => {
                noted.fault = "no_answer";
                tracing::warn!(error.code = error.code(), error.cause = error.cause(), "the model did not answer");
                return None;
            }
        };
        (noted.tokens, noted.stop) = (reply.tokens, reply.stop_reason.clone());
        if reply.stop_reason != "end_turn" {
            noted.fault = "stop_reason";
            return None;
        }
        match check(&reply.text, &texts, language) {
            Ok(text) => Some(text),
            Err(fault) => {
                noted.fault = fault.as_str();
                None
            }
        }
    }

    /// Takes what one question may cost out of the day's tokens. What cannot be counted is not spent.
    async fn reserve(&self) -> bool {
        let now = self.clock.now();
        let key = Key::new("ASSISTANT#TOKENS", now.date().to_string());
        let counted = self.budget.guard.count(&key, RESERVED, self.budget.tokens, now.plus(DAY * 2)).await;
        matches!(counted, Ok(Some(_)))
    }

    async fn spend(&self, asker: &Asker<'_>, keys: &KeyRing) -> Result<()> {
        let now = self.clock.now();
        let (key, most, until) = match asker {
            Asker::Person(user) => (Key::new(format!("ASSISTANT#{user}"), now.date().to_string()), A_DAY, DAY * 2),
            Asker::Guest(_) if !self.budget.guests => {
                let detail = wording::edge::sign_in();
                return Err(Error::new(Kind::Unauthenticated, "unauthenticated", detail));
            }
            Asker::Guest(address) => {
                let digest = keys.lasting(format!("assistant\0{}", address.unwrap_or_default()).as_bytes());
                let hour = now.seconds() / 3600;
                let key = Key::new(format!("ASSISTANT#{}", crypto::fingerprint(&digest)), hour.to_string());
                (key, AN_HOUR.saturating_mul(self.budget.address_factor), HOUR * 2)
            }
        };
        if self.budget.guard.count(&key, 1, most, now.plus(until)).await?.is_some() {
            return Ok(());
        }
        let detail = wording::assistant::daily_budget();
        let period = match asker {
            Asker::Person(_) => DAY,
            Asker::Guest(_) => HOUR,
        };
        Err(Error::new(Kind::TooMany, "daily_budget", detail).retry_after(until_next(period, now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_begins_anew_at_midnight_and_at_the_full_hour() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        assert_eq!(until_next(DAY, at("2026-11-20T23:59:00Z")), Duration::from_mins(1));
        assert_eq!(until_next(DAY, at("2026-11-20T00:00:00Z")), DAY);
        assert_eq!(until_next(HOUR, at("2026-11-20T10:15:00Z")), Duration::from_mins(45));
    }
}
