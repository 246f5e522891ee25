//! The wiring of webhooks.

use super::App;
use crate::notices::Notice;
use crate::platform::error::Result;
use crate::webhooks::{Delivering, Line, Sealing, Target, WebhookStore, Webhooks, announce};

impl App {
    /// Where events are posted to.
    ///
    /// # Errors
    /// 503 while the keys are not known.
    pub fn webhooks(&self) -> Result<Webhooks> {
        Ok(Webhooks {
            store: self.webhook_store(),
            sealing: self.webhook_sealing()?,
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    /// Reads an address that events may be posted to.
    ///
    /// # Errors
    /// One that they may not.
    pub fn webhook_target(&self, text: &str) -> std::result::Result<Target, crate::platform::fields::Invalid> {
        Target::parse(text, self.config.is_local())
    }

    /// Posting events.
    ///
    /// # Errors
    /// 503 while the keys are not known; a bundle of certificates that is none.
    pub fn delivering(&self) -> Result<Delivering> {
        Ok(Delivering {
            store: self.webhook_store(),
            sealing: self.webhook_sealing()?,
            line: Line::new(&self.config, &self.sdk)?,
            clock: self.clock.clone(),
        })
    }

    /// Notes what others' systems are to be told of these notices.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn announce(&self, notices: &[Notice]) -> Result<usize> {
        announce(&self.webhook_store(), notices, self.clock.now()).await
    }

    fn webhook_sealing(&self) -> Result<Sealing> {
        let keys = self.signing_keys()?;
        Sealing::new(&keys)
    }

    fn webhook_store(&self) -> WebhookStore {
        WebhookStore::new(self.table(&self.config.tables.notifications))
    }
}
