//! The wiring of notices.

use std::sync::OnceLock;

use super::App;
use crate::identity::SignedIn;
use crate::notices::{Inbox, Notice, NoticeStore, Planning, Queue, Reminding, Telling, Tokens};
use crate::platform::error::Result;

/// What an instance keeps from one run to the next.
#[derive(Debug, Default)]
pub(super) struct QueueMemory {
    notify: OnceLock<Queue>,
    count: OnceLock<Queue>,
}

impl App {
    /// What is told of what has happened.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn planning(&self) -> Result<Planning<'_>> {
        Ok(Planning {
            queue: self.notify_queue()?,
            store: self.notice_store(),
            zone: self.config.time_zone.clone(),
            place: self.config.jurisdiction,
        })
    }

    /// Telling people.
    ///
    /// # Errors
    /// The function has no credentials; the keys that sign are not known.
    pub fn telling(&self) -> Result<Telling<'_>> {
        Ok(Telling {
            store: self.notice_store(),
            profiles: self.profiles(),
            consultations: self.consultation_store(),
            directory: self.directory(),
            queue: self.notify_queue()?,
            notifier: self.notifier(),
            tokens: self.unsubscribe_tokens()?,
            api_url: self.config.api_url(),
            shop_url: self.config.allowed_origins.first().cloned(),
            zone: self.config.time_zone.clone(),
            clock: self.clock.clone(),
        })
    }

    /// What waits for its time.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn reminding(&self) -> Result<Reminding<'_>> {
        Ok(Reminding {
            store: self.notice_store(),
            queue: self.notify_queue()?,
            prescriptions: self.prescription_store(),
            consultations: self.consultation_store(),
            orders: self.order_store(),
            profiles: self.profiles(),
            zone: self.config.time_zone.clone(),
            place: self.config.jurisdiction,
            clock: self.clock.clone(),
        })
    }

    /// What people were told.
    pub fn inbox(&self) -> Inbox {
        Inbox { store: self.notice_store(), profiles: self.profiles(), clock: self.clock.clone() }
    }

    /// The addresses that turn topics off.
    ///
    /// # Errors
    /// 503 while the keys are not known.
    pub fn unsubscribe_tokens(&self) -> Result<Tokens> {
        let keys = self.signing_keys()?;
        Tokens::new(&keys)
    }

    /// Has people told of what an area knows of itself, and no stream: each once, by the name of its event, whatever is repeated.
    ///
    /// # Errors
    /// 503 where the queue does not take all of them; some may be told.
    pub async fn tell_later(&self, notices: Vec<Notice>) -> Result<()> {
        let notices: Vec<_> = notices.into_iter().map(|notice| (notice, 0)).collect();
        self.notify_queue()?.put(&notices).await
    }

    /// Has somebody told that they have signed in with a new device, whatever they have turned off. A sign-in is not refused
    /// because of it: what cannot be queued now is said again at the next sign-in with the device.
    pub async fn tell_of_device(&self, signed_in: &SignedIn) {
        let (Some(device), user) = (&signed_in.new_device, &signed_in.caller.user) else { return };
        let told = async {
            self.tell_later(vec![Notice::of_device(user, device)]).await?;
            self.sessions().device_told(user, &device.key).await
        };
        if let Err(error) = told.await {
            tracing::warn!(error.code = error.code(), error.cause = error.cause(), "a new device is not told of yet");
        }
    }

    /// Reads the keys that sign, for a function that answers no requests.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn prepare_keys(&self) -> Result<()> {
        if self.signing_keys().is_ok() {
            return Ok(());
        }
        self.revocations.warm_up(&self.guard_table(), self.clock.now()).await
    }

    pub(super) fn notice_store(&self) -> NoticeStore {
        NoticeStore::new(self.table(&self.config.tables.notifications))
    }

    pub(super) fn notify_queue(&self) -> Result<&Queue> {
        if let Some(queue) = self.queues.notify.get() {
            return Ok(queue);
        }
        let made = Queue::new(&self.config, &self.sdk, self.clock.clone(), &self.config.notify_queue)?;
        Ok(self.queues.notify.get_or_init(|| made))
    }

    /// The queue of what is to be counted for the reports.
    pub(super) fn count_queue(&self) -> Result<&Queue> {
        if let Some(queue) = self.queues.count.get() {
            return Ok(queue);
        }
        let made = Queue::new(&self.config, &self.sdk, self.clock.clone(), &self.config.count_queue)?;
        Ok(self.queues.count.get_or_init(|| made))
    }
}
