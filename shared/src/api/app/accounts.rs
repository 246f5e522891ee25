//! The wiring of profiles, addresses, data rights and sellers.

use super::App;
use crate::accounts::{AccountStore, AddressBook, ProfilePictures, Profiles};
use crate::data_rights::{Closing, Erasing, ErasureStore, Export, Viewing};
use crate::platform::error::Result;
use crate::sellers::{ApplicationStore, SellerDesk};

impl App {
    /// Making people sellers.
    pub fn seller_desk(&self) -> SellerDesk {
        SellerDesk {
            store: self.seller_applications(),
            names: self.seller_store(),
            administration: self.administration(),
            notices: self.account_notices(),
            audit: self.audit(),
            clock: self.clock.clone(),
        }
    }

    pub(super) fn seller_applications(&self) -> ApplicationStore {
        ApplicationStore::new(self.table(&self.config.tables.accounts))
    }

    /// Profiles.
    pub fn profiles(&self) -> Profiles {
        Profiles::new(self.account_store(), self.clock.clone(), self.config.currency)
    }

    /// Address books.
    pub fn address_book(&self) -> AddressBook {
        AddressBook::new(self.account_store(), self.clock.clone())
    }

    /// Profile pictures.
    ///
    /// # Errors
    /// No credentials are configured.
    pub fn profile_pictures(&self) -> Result<ProfilePictures> {
        Ok(ProfilePictures::new(self.account_store(), self.bucket(&self.config.media_bucket)?, self.clock.clone()))
    }

    /// Profiles as others see them.
    pub fn viewing(&self) -> Viewing {
        Viewing { profiles: self.profiles(), audit: self.audit(), clock: self.clock.clone() }
    }

    /// Closing accounts.
    pub fn closing(&self) -> Closing<'_> {
        Closing {
            requests: self.erasure_store(),
            credentials: self.credentials(),
            verifier: &self.verifier,
            audit: self.audit(),
            clock: self.clock.clone(),
        }
    }

    /// Erasing people.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn erasing(&self) -> Result<Erasing> {
        Ok(Erasing {
            requests: self.erasure_store(),
            credentials: self.credentials(),
            directory: self.directory(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            patients: self.patients(),
            records: self.records()?,
            pictures: self.profile_pictures()?,
            identities: self.external_identities(),
            second_factors: self.second_factor_store(),
            orders: self.orders(),
            sellers: self.seller_applications(),
            seller_names: self.seller_store(),
            prescriptions: self.prescriptions()?,
            consultations: self.attachments()?,
            connections: self.connections(),
            feedbacks: self.feedbacks(),
            notices: self.notice_store(),
            watches: self.watch_store(),
            retention_years: self.config.prescription_retention_years,
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    /// Copies of everything that is held on a person.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn export(&self) -> Result<Export<'_>> {
        Ok(Export {
            pool: self.user_pool(),
            profiles: self.profiles(),
            addresses: self.address_book(),
            patients: self.patients(),
            records: self.records()?,
            triages: self.triages(),
            identities: self.external_identities(),
            second_factors: self.second_factor_store(),
            sessions: self.sessions(),
            orders: self.orders(),
            sellers: self.seller_applications(),
            seller_names: self.seller_store(),
            prescriptions: self.prescriptions()?,
            consultations: self.consultations()?,
            attachments: self.attachments()?,
            feedbacks: self.feedbacks(),
            inbox: self.inbox(),
            watches: self.watch_store(),
            files: self.bucket(&self.config.scans_bucket)?,
            media_base_url: self.config.media_base_url.clone(),
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    pub(super) fn erasure_store(&self) -> ErasureStore {
        ErasureStore::new(self.table(&self.config.tables.accounts), self.account_store())
    }

    pub(super) fn account_store(&self) -> AccountStore {
        AccountStore::new(self.table(&self.config.tables.accounts))
    }
}
