//! Whether an answer helped.

use serde::Serialize;
use utoipa::ToSchema;

use super::question_id::proves;
use super::store::{Feedback, FeedbackStore};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{QuestionId, UserId};
use crate::platform::signing::KeyRing;

/// Saying whether answers helped.
#[derive(Clone, Debug)]
pub struct Feedbacks {
    /// Where it is noted.
    pub store: FeedbackStore,
    /// The clock.
    pub clock: Clock,
}

/// What somebody has said of an answer, for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldFeedback {
    /// The id of the answer.
    #[schema(value_type = String)]
    pub question: QuestionId,
    /// Whether it helped.
    pub helpful: bool,
    /// When they said so.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl Feedbacks {
    /// Notes whether an answer helped who asked. Said twice, the later one counts.
    ///
    /// # Errors
    /// 404 for an answer to somebody else, or of more than thirty days ago.
    pub async fn say(&self, user: &UserId, question: QuestionId, helpful: bool, keys: &KeyRing) -> Result<()> {
        let now = self.clock.now();
        if !proves(question, user, now, keys) {
            return Err(Error::not_found());
        }
        self.store.put(user, &Feedback { question, helpful, at: now }).await?;
        tracing::info!(assistant.helpful = helpful, "feedback");
        Ok(())
    }

    /// All that a person has said.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn held(&self, user: &UserId) -> Result<Vec<HeldFeedback>> {
        let found = self.store.of(user).await?;
        let held =
            found.into_iter().map(|one| HeldFeedback { question: one.question, helpful: one.helpful, at: one.at });
        Ok(held.collect())
    }

    /// Forgets all that a person has said. What a run that was killed has left, the next finds.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn erase(&self, user: &UserId) -> Result<()> {
        for one in self.store.of(user).await? {
            self.store.forget(user, one.question).await?;
        }
        Ok(())
    }
}
