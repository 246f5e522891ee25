//! The wiring of the assistant.

use std::sync::OnceLock;

use super::App;
use crate::assistant::{Assistant, Budget, Converse, FeedbackStore, Feedbacks, IndexMemory};
use crate::platform::error::Result;

/// What an instance keeps from one question to the next.
#[derive(Debug, Default)]
pub(super) struct AssistantMemory {
    index: IndexMemory,
    model: OnceLock<Option<Converse>>,
}

impl App {
    /// The assistant.
    ///
    /// # Errors
    /// There is a model, and the function has no credentials to ask it with.
    pub fn assistant(&self) -> Result<Assistant<'_>> {
        let model = match self.assistant.model.get() {
            Some(model) => model,
            None => {
                let made = Converse::new(&self.config, &self.sdk, self.clock.clone())?;
                self.assistant.model.get_or_init(|| made)
            }
        };
        Ok(Assistant {
            pages: self.pages(),
            medicines: self.medicines(),
            flags: self.red_flags(),
            memory: &self.assistant.index,
            model: model.as_ref(),
            budget: Budget {
                guard: self.guard_table(),
                guests: self.config.assistant.guests,
                tokens: self.config.assistant.daily_tokens,
                address_factor: self.config.address_limit_factor,
            },
            clock: self.clock.clone(),
        })
    }

    /// Whether answers helped.
    pub fn feedbacks(&self) -> Feedbacks {
        let store = FeedbackStore::new(self.table(&self.config.tables.accounts));
        Feedbacks { store, clock: self.clock.clone() }
    }
}
