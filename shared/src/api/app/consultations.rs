//! The wiring of consultations and chat.

use std::sync::OnceLock;
use std::time::Duration;

use super::App;
use crate::consultations::socket::{ConnectionStore, Delivery, Posts, Sockets, TicketStore};
use crate::consultations::{Attachments, ConsultationStore, Consultations, DataKeys, Kms, Subjects, Vault};
use crate::platform::error::Result;

/// What an instance keeps from one request to the next.
#[derive(Debug, Default)]
pub(super) struct ChatMemory {
    keys: DataKeys,
    kms: OnceLock<Kms>,
    posts: OnceLock<Posts>,
}

impl App {
    /// Consultations, and what is written in them.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn consultations(&self) -> Result<Consultations<'_>> {
        let kms = self.chat.kms.get_or_init(|| Kms::new(&self.config, &self.sdk, self.clock.clone()));
        Ok(Consultations {
            store: self.consultation_store(),
            vault: Vault { keys: &self.chat.keys, kms },
            delivery: self.chat_delivery()?,
            profiles: self.profiles(),
            flags: self.red_flags(),
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    /// Files of consultations.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn attachments(&self) -> Result<Attachments> {
        Ok(Attachments {
            store: self.consultation_store(),
            files: self.bucket(&self.config.scans_bucket)?,
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    /// What a consultation may be about.
    pub fn consultation_subjects(&self) -> Subjects {
        Subjects {
            orders: self.order_store(),
            prescriptions: self.prescription_store(),
            patients: self.patients(),
            triages: self.triages().store,
        }
    }

    /// WebSockets.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn sockets(&self) -> Result<Sockets<'_>> {
        Ok(Sockets {
            consultations: self.consultations()?,
            tickets: TicketStore::new(self.guard_table()),
            url: self.config.socket_url(),
            origins: &self.config.allowed_origins,
        })
    }

    /// Who is connected.
    pub fn connections(&self) -> ConnectionStore {
        ConnectionStore::new(self.table(&self.config.tables.consultations))
    }

    fn chat_delivery(&self) -> Result<Delivery<'_>> {
        let posts = match self.chat.posts.get() {
            Some(posts) => posts,
            None => {
                let made = Posts::new(&self.config, &self.sdk, self.clock.clone())?;
                self.chat.posts.get_or_init(|| made)
            }
        };
        Ok(Delivery {
            connections: self.connections(),
            posts,
            revocations: &self.revocations,
            guard: self.guard_table(),
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    pub(super) fn consultation_store(&self) -> ConsultationStore {
        const DAY: Duration = Duration::from_hours(24);
        let retention = DAY.saturating_mul(self.config.consultation_retention_days);
        ConsultationStore::new(self.table(&self.config.tables.consultations), retention)
    }
}
