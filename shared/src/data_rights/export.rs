//! A copy of everything that is held on a person, for them.

use std::collections::BTreeSet;

use futures_util::future::{try_join, try_join_all};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::address::Address;
use crate::accounts::{AddressBook, Email, ExternalIdentities, FullName, Phone, ProfileView, Profiles};
use crate::assistant::{Feedbacks, HeldFeedback};
use crate::audit::{Action, Actor, Audit, Entry, OwnAct, Recorded};
use crate::catalog::SellerStore;
use crate::catalog::view::SellerProfileView;
use crate::consultations::{Attachments, Consultations, HeldConsultation};
use crate::identity::second_factor::SecondFactorStore;
use crate::identity::{HeldDevice, HeldSession, HeldSignIns, Sessions, UserPool};
use crate::notices::{Inbox, NoticeView};
use crate::orders::Orders;
use crate::orders::held::{HeldCart, HeldSupply};
use crate::orders::view::OrderView;
use crate::patients::{Patient, Patients};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;
use crate::platform::objects::Bucket;
use crate::prescriptions::Prescriptions;
use crate::prescriptions::held::HeldPrescription;
use crate::records::{HeldRecords, Records};
use crate::sellers::{ApplicationStore, ApplicationView};
use crate::triage::{TriageView, Triages};
use crate::watches::WatchStore;
use crate::watches::view::HeldWatch;

/// The largest document that is the answer itself. Lambda hands on at most 6 MB, in which every quotation mark of the
/// document takes two bytes.
pub const MOST_IN_AN_ANSWER: usize = 3 * 1024 * 1024;

/// Makes copies.
#[derive(Clone, Debug)]
pub struct Export<'a> {
    /// Knows who signs in with what.
    pub pool: UserPool,
    /// Profiles.
    pub profiles: Profiles,
    /// Address books.
    pub addresses: AddressBook,
    /// Whom they care for.
    pub patients: Patients,
    /// What is on record about them.
    pub records: Records,
    /// What they said about how they are.
    pub triages: Triages,
    /// Who they are elsewhere.
    pub identities: ExternalIdentities,
    /// Second factors.
    pub second_factors: SecondFactorStore,
    /// Sessions.
    pub sessions: Sessions,
    /// Orders and carts.
    pub orders: Orders,
    /// Who has applied to sell here.
    pub sellers: ApplicationStore,
    /// What sellers are called.
    pub seller_names: SellerStore,
    /// Prescriptions.
    pub prescriptions: Prescriptions,
    /// Consultations.
    pub consultations: Consultations<'a>,
    /// Their files.
    pub attachments: Attachments,
    /// What they have said of answers of the assistant.
    pub feedbacks: Feedbacks,
    /// What they were told.
    pub inbox: Inbox,
    /// What they watch.
    pub watches: WatchStore,
    /// Where a document goes that is too large for an answer: the bucket of private files.
    pub files: Bucket,
    /// Where media lie.
    pub media_base_url: String,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

/// What a person signs in with.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldAccount {
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<Email>,
    /// The name they registered with.
    #[schema(value_type = Option<String>)]
    registered_as: Option<FullName>,
    /// E.164.
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
    /// Whether they have proved that the address is theirs.
    confirmed: bool,
    /// The other providers that they sign in with.
    providers: Vec<String>,
    /// The same, with since when, and with what Cognito keeps of what they have said.
    linked_identities: Vec<HeldIdentity>,
    /// Whether a sign-in asks for a code of an authenticator.
    second_factor: bool,
}

/// Another provider that a person signs in with.
#[derive(Serialize, ToSchema)]
pub struct HeldIdentity {
    /// `google`, `facebook`.
    #[schema(value_type = String, pattern = "^(google|facebook)$")]
    provider: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    linked_at: Timestamp,
    /// The address that the provider has named, verified or not.
    email: Option<String>,
    /// The name that the provider has named.
    full_name: Option<String>,
}

impl std::fmt::Debug for HeldIdentity {
    /// Without what tells who they are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeldIdentity").field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// Everything that is held on a person. Links to files are good for a minute.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileExport {
    /// When the copy was made.
    #[schema(value_type = String, format = DateTime)]
    exported_at: Timestamp,
    /// What they sign in with.
    account: Option<HeldAccount>,
    /// What is known of them.
    profile: Option<ProfileView>,
    /// Their address book.
    addresses: Vec<Address>,
    /// Whom medicine is for: they themselves and those they care for.
    patients: Vec<Patient>,
    /// What is on record about each of them, all versions of it, and who may read it.
    records: Vec<HeldRecords>,
    /// What was said about how each of them is.
    triages: Vec<TriageView>,
    /// Their cart.
    cart: HeldCart,
    /// Their orders, the newest first.
    orders: Vec<OrderView>,
    /// What they were supplied with lately, as it is reckoned with when something else is ordered.
    supplies: Vec<HeldSupply>,
    /// Their last application to sell here.
    seller_application: Option<ApplicationView>,
    /// What they are called in the shop, where they sell there.
    seller_profile: Option<SellerProfileView>,
    /// Their prescriptions, the newest first.
    prescriptions: Vec<HeldPrescription>,
    /// Their consultations with all messages, the newest first.
    consultations: Vec<HeldConsultation>,
    /// What they have said of answers of the assistant; what they asked is not kept.
    assistant_feedback: Vec<HeldFeedback>,
    /// What they were told of by itself, the newest first.
    notifications: Vec<NoticeView>,
    /// The products that they watch, the latest first.
    watches: Vec<HeldWatch>,
    /// Where they are signed in.
    sessions: Vec<HeldSession>,
    /// What they have signed in with, the last first.
    devices: Vec<HeldDevice>,
    /// Who has done or tried what with their data, the oldest first.
    access_log: Vec<Recorded>,
    /// What else they have done or tried themselves, with what is others' or nobody's in particular, the oldest first.
    acts: Vec<OwnAct>,
}

/// Where the document is that is too large for an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportLink {
    /// The document; the address is good for a minute.
    download_url: String,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// How large it is.
    size_bytes: usize,
}

/// What a person gets.
#[derive(Debug)]
pub enum Exported {
    /// The document, as JSON.
    Document(Vec<u8>),
    /// Where it is.
    Link(ExportLink),
}

/// Where the document of somebody lies, one for each: the next takes its place.
pub(super) fn object_key(user: &UserId) -> String {
    format!("exports/{user}.json")
}

impl Export<'_> {
    /// A copy of everything that is held on the caller, on the trail before it is read. `most` is the largest document
    /// that is handed over itself; a larger one is stored for a day and linked to.
    ///
    /// # Errors
    /// 503, also where the trail cannot be written.
    pub async fn export(&self, actor: &Actor, roles: BTreeSet<&'static str>, most: usize) -> Result<Exported> {
        let now = self.clock.now();
        let user = &actor.user;
        self.audit.append(&Entry::allowed(actor, Action::ExportProfile, user, user, now)).await?;
        let document = serde_json::to_vec(&self.collect(user, roles, now).await?).map_err(Error::internal)?;
        if document.len() <= most {
            return Ok(Exported::Document(document));
        }
        let (key, size_bytes) = (object_key(user), document.len());
        self.files.write(&key, document, "application/json", "private, no-store").await?;
        let (download_url, expires_at) = self.files.link(&key, "apothecary-export.json").await?;
        Ok(Exported::Link(ExportLink { download_url, expires_at, size_bytes }))
    }

    async fn collect(
        &self,
        user: &UserId,
        roles: BTreeSet<&'static str>,
        exported_at: Timestamp,
    ) -> Result<ProfileExport> {
        let account = match self.pool.find(user.as_str()).await? {
            Some(found) => {
                let linked = self.identities.of(user).await?;
                let copies = try_join_all(linked.iter().map(|one| self.pool.copied(&one.pool_name))).await?;
                let providers = linked.iter().map(|one| one.provider.clone()).collect();
                let linked_identities = linked.into_iter().zip(copies).map(|(one, copy)| HeldIdentity {
                    provider: one.provider,
                    linked_at: one.linked_at,
                    email: copy.email,
                    full_name: copy.full_name,
                });
                Some(HeldAccount {
                    email: found.email,
                    phone: found.phone,
                    registered_as: found.full_name,
                    confirmed: found.confirmed,
                    providers,
                    linked_identities: linked_identities.collect(),
                    second_factor: self.second_factors.is_active(user).await?,
                })
            }
            None => None,
        };
        let profile = self.profiles.find(user).await?;
        let patients = self.patients.list(user).await?;
        let HeldSignIns { sessions, devices } = self.sessions.held(user).await?;
        let (access_log, acts) = try_join(self.audit.about(user), self.audit.acts_of(user)).await?;
        Ok(ProfileExport {
            exported_at,
            account,
            profile: profile.map(|profile| ProfileView::new(profile, roles, &self.media_base_url)),
            addresses: self.addresses.list(user).await?,
            records: self.records.held(&patients).await?,
            triages: self.triages.held(&patients).await?,
            patients,
            cart: self.orders.held_cart(user).await?,
            orders: self.orders.held(user).await?,
            assistant_feedback: self.feedbacks.held(user).await?,
            supplies: self.orders.held_supplies(user).await?,
            notifications: self.inbox.held(user).await?,
            watches: self.watches.book(user).await?.watches.into_iter().map(Into::into).collect(),
            seller_application: self.sellers.of(user).await?.as_ref().map(ApplicationView::from),
            seller_profile: self.seller_names.get(user).await?.map(SellerProfileView::from),
            sessions,
            devices,
            access_log,
            acts,
            // Last, since their links begin to age.
            consultations: self.consultations.held(user, &self.attachments).await?,
            prescriptions: self.prescriptions.held(user).await?,
        })
    }
}
