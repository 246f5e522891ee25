//! The wiring: configuration, clock and clients, each made once, and from them the services of the areas.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use aws_config::SdkConfig;

use crate::accounts::{AccountStore, AddressBook, ExternalIdentities, ProfilePictures, Profiles};
use crate::audit::{Action, Audit, Entry, Origin, Trail};
use crate::catalog::{
    Browsing, Categories, CategoryStore, ProductImages, ProductStore, Products, ShelfMemory, StockStore, Stockroom,
};
use crate::data_rights::{Closing, Erasing, ErasureStore, Export, Viewing};
use crate::identity::second_factor::{Challenges, SecondFactorStore, SecondFactors};
use crate::identity::social::{AttemptStore, FinishSocial, StartSocial, TokenEndpoint};
use crate::identity::{
    AccountNotices, Administration, CodeRegistration, CodeReset, CodeSignIn, ContactChange, Counters, Credentials,
    Directory, Grants, KeyPublisher, Limiter, Lockout, MailLimit, OneTimeCodes, PendingRegistrations, Registration,
    RegistrationTokens, Revocations, SessionMode, Sessions, SignIn, SignInTrail, Succession, TokenVerifier, UserPool,
};
use crate::medicine::{MedicineMemory, Medicines, RuleDesk, RuleStore};
use crate::notifications::{Mail, Notifier, Sms};
use crate::orders::pricing::DeliveryRule;
use crate::orders::{Carts, Checkout, NoticeStore, OrderStore, Orders, Paying, Refunding, Releasing, Settling};
use crate::payments::Providers;
use crate::payments::stripe::{Stripe, StripeKeys};
use crate::platform::aws;
use crate::platform::clock::{Clock, Date};
use crate::platform::config::{Config, ConfigError};
use crate::platform::dynamo::{Table, Write};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;
use crate::platform::objects::Bucket;
use crate::platform::plain_http;
use crate::platform::secrets::StoredSecret;
use crate::platform::signing::KeyRing;
use crate::prescriptions::{PrescriptionStore, Prescriptions};

/// Everything a handler can reach.
#[derive(Debug)]
pub struct App {
    config: Config,
    clock: Clock,
    sdk: SdkConfig,
    dynamo: OnceLock<aws_sdk_dynamodb::Client>,
    cognito: OnceLock<aws_sdk_cognitoidentityprovider::Client>,
    notifier: Notifier,
    verifier: TokenVerifier,
    revocations: Revocations,
    sealing_key: StoredSecret,
    limiter: Limiter,
    shelf: ShelfMemory,
    medicine: MedicineMemory,
    providers: tokio::sync::OnceCell<Providers>,
}

impl App {
    /// From the environment of a Lambda function.
    ///
    /// # Errors
    /// A variable that is missing, by name.
    pub fn from_env() -> std::result::Result<Self, ConfigError> {
        let config = Config::from_env()?;
        let sdk = aws::sdk_config(&config)?;
        let verifier = TokenVerifier::new(&config, &sdk);
        Ok(Self::new(config, Clock::System, sdk, verifier))
    }

    /// From parts; tests bring their own clock, AWS and keys.
    pub fn new(config: Config, clock: Clock, sdk: SdkConfig, mut verifier: TokenVerifier) -> Self {
        let revocations = Revocations::default();
        verifier.follow(revocations.issuer().clone());
        let sealing_key = StoredSecret::new(&sdk, &config, &config.sealing_secret_arn);
        let mail = Mail::new(sdk.clone(), config.sender_address.clone());
        let notifier = Notifier { mail, sms: Sms::new(sdk.clone()) };
        Self {
            config,
            clock,
            sdk,
            dynamo: OnceLock::new(),
            cognito: OnceLock::new(),
            notifier,
            verifier,
            revocations,
            sealing_key,
            limiter: Limiter::default(),
            shelf: ShelfMemory::default(),
            medicine: MedicineMemory::default(),
            providers: tokio::sync::OnceCell::new(),
        }
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Checks access tokens.
    pub fn verifier(&self) -> &TokenVerifier {
        &self.verifier
    }

    /// Knows which sessions have ended before their tokens did.
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// The keys that sign cursors, codes and CSRF tokens.
    ///
    /// # Errors
    /// 503 while they are not known; a request is let in only when they are.
    pub fn signing_keys(&self) -> Result<Arc<KeyRing>> {
        self.revocations.signing().ring()
    }

    /// How AWS is reached.
    pub(super) fn sdk(&self) -> &SdkConfig {
        &self.sdk
    }

    /// The key that seals authenticators.
    pub fn sealing_key(&self) -> &StoredSecret {
        &self.sealing_key
    }

    /// Publishes the issuer's keys and the signing keys.
    pub fn key_publisher(&self) -> KeyPublisher<'_> {
        KeyPublisher { guard: self.guard_table(), issuer: self.verifier.key_source(), clock: self.clock.clone() }
    }

    /// Knows how often whom has called.
    pub fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Where requests are counted.
    pub fn counters(&self) -> Counters<'_> {
        Counters {
            guard: self.guard_table(),
            keys: self.revocations.signing(),
            address_factor: self.config.address_limit_factor,
        }
    }

    /// Finding products.
    pub fn browsing(&self) -> Browsing<'_> {
        Browsing::new(&self.shelf, self.product_store(), self.category_store(), self.clock.clone())
    }

    /// Answers about medicines.
    pub fn medicines(&self) -> Medicines<'_> {
        Medicines::new(&self.medicine, self.rule_store(), self.clock.clone())
    }

    /// Writing and reviewing the rules of medicine.
    pub fn rule_desk(&self) -> RuleDesk {
        RuleDesk { store: self.rule_store(), audit: self.audit(), clock: self.clock.clone() }
    }

    fn rule_store(&self) -> RuleStore {
        RuleStore::new(self.table(&self.config.tables.medicine))
    }

    /// Products.
    pub fn products(&self) -> Products {
        Products::new(self.product_store(), self.clock.clone())
    }

    /// Categories.
    pub fn categories(&self) -> Categories {
        Categories::new(self.category_store())
    }

    /// Stock adjustments.
    pub fn stockroom(&self) -> Stockroom {
        Stockroom::new(self.table(&self.config.tables.catalog), self.clock.clone())
    }

    /// Pictures of products.
    ///
    /// # Errors
    /// The function has no credentials to sign uploads with.
    pub fn product_images(&self) -> Result<ProductImages> {
        Ok(ProductImages::new(self.products(), self.bucket(&self.config.media_bucket)?, self.clock.clone()))
    }

    /// Carts.
    pub fn carts(&self) -> Carts {
        Carts {
            store: self.order_store(),
            stock: self.stock_store(),
            delivery: self.delivery(),
            clock: self.clock.clone(),
        }
    }

    /// Checkout.
    pub fn checkout(&self) -> Checkout {
        Checkout {
            orders: self.order_store(),
            stock: self.stock_store(),
            prescriptions: self.prescription_store(),
            addresses: self.address_book(),
            delivery: self.delivery(),
            audit: self.audit(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
            dynamo: self.dynamo().clone(),
        }
    }

    /// Orders that were placed.
    pub fn orders(&self) -> Orders {
        Orders {
            store: self.order_store(),
            stock: self.stock_store(),
            prescriptions: self.prescription_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
            dynamo: self.dynamo().clone(),
        }
    }

    /// Paying for orders.
    ///
    /// # Errors
    /// The secrets of the providers cannot be had.
    pub async fn paying(&self) -> Result<Paying<'_>> {
        Ok(Paying {
            store: self.order_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
            dynamo: self.dynamo().clone(),
            providers: self.providers().await?,
        })
    }

    /// Settling payments.
    ///
    /// # Errors
    /// The secrets of the providers cannot be had.
    pub async fn settling(&self) -> Result<Settling<'_>> {
        Ok(Settling { paying: self.paying().await?, orders: self.orders() })
    }

    /// Giving money back.
    pub fn refunding(&self) -> Refunding {
        Refunding {
            store: self.order_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
            dynamo: self.dynamo().clone(),
        }
    }

    /// The payment providers, whose secrets are fetched once.
    ///
    /// # Errors
    /// Secrets Manager does not answer, or what it has is no secret of theirs.
    pub async fn providers(&self) -> Result<&Providers> {
        self.providers.get_or_try_init(|| self.meet_providers()).await
    }

    /// The same, as something to wait for while a function starts.
    ///
    /// # Errors
    /// As [`Self::providers`].
    pub async fn prepare_providers(&self) -> Result<()> {
        self.providers().await.map(|_| ())
    }

    async fn meet_providers(&self) -> Result<Providers> {
        let Some(arn) = self.config.stripe_secret_arn.as_deref() else { return Ok(Providers::default()) };
        let stored = StoredSecret::new(&self.sdk, &self.config, arn);
        let secret = stored.get().await?;
        let keys =
            StripeKeys::parse(secret.expose()).map_err(|wrong| Error::internal(format!("Stripe's secret: {wrong}")))?;
        let outside = aws::outside_config(&self.config, &self.sdk).map_err(Error::internal)?;
        let url = self.config.stripe_url.as_deref().unwrap_or("https://api.stripe.com");
        Ok(Providers { stripe: Some(Stripe::new(url, keys, &outside, self.clock.clone())) })
    }

    /// Letting go of what is set aside for orders that can never go out.
    pub fn releasing(&self) -> Releasing {
        Releasing {
            orders: self.orders(),
            notices: NoticeStore::new(self.table(&self.config.tables.orders)),
            profiles: self.profiles(),
            notifier: self.notifier(),
            after: std::time::Duration::from_hours(u64::from(self.config.uncovered_order_hours)),
        }
    }

    fn order_store(&self) -> OrderStore {
        OrderStore::new(self.table(&self.config.tables.orders))
    }

    fn product_store(&self) -> ProductStore {
        ProductStore::new(self.table(&self.config.tables.catalog))
    }

    fn category_store(&self) -> CategoryStore {
        CategoryStore::new(self.table(&self.config.tables.catalog))
    }

    fn stock_store(&self) -> StockStore {
        StockStore::new(self.table(&self.config.tables.catalog))
    }

    fn delivery(&self) -> DeliveryRule {
        DeliveryRule {
            currency: self.config.currency,
            fee: self.config.delivery_fee,
            free_from: self.config.free_delivery_from,
        }
    }

    /// Prescriptions.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn prescriptions(&self) -> Result<Prescriptions> {
        Ok(Prescriptions {
            store: self.prescription_store(),
            files: self.bucket(&self.config.scans_bucket)?,
            stock: self.stock_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
        })
    }

    /// Which day it is where the pharmacy is.
    ///
    /// # Errors
    /// The configuration names no time zone that there is.
    pub fn today(&self) -> Result<Date> {
        self.config.time_zone.day(self.clock.now())
    }

    /// Reading the audit trail.
    pub fn trail(&self) -> Trail {
        Trail { audit: self.audit(), clock: self.clock.clone() }
    }

    /// The audit trail.
    pub fn audit(&self) -> Audit {
        Audit::new(self.table(&self.config.tables.audit), self.revocations.signing().clone())
    }

    fn prescription_store(&self) -> PrescriptionStore {
        PrescriptionStore::new(self.table(&self.config.tables.prescriptions))
    }

    /// The table of sign-in counters, sessions and revocations.
    pub fn guard_table(&self) -> Table {
        self.table(&self.config.tables.guard)
    }

    /// Opens the connection that the first call of the database would wait for.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn connect(&self) -> Result<()> {
        plain_http::connect(&self.sdk, &self.config.dynamodb_endpoint()).await
    }

    fn dynamo(&self) -> &aws_sdk_dynamodb::Client {
        self.dynamo.get_or_init(|| aws_sdk_dynamodb::Client::new(&self.sdk))
    }

    /// Registering.
    pub fn registration(&self, origin: Origin) -> Registration {
        Registration {
            codes: self.one_time_codes(),
            pool: self.user_pool(),
            sessions: self.sessions(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            notifier: self.notifier(),
            mails: self.mail_limit(),
            trail: self.sign_in_trail(origin),
        }
    }

    fn mail_limit(&self) -> MailLimit {
        MailLimit::new(self.guard_table(), self.clock.clone())
    }

    fn sign_in_trail(&self, origin: Origin) -> SignInTrail {
        SignInTrail { audit: self.audit(), origin, clock: self.clock.clone() }
    }

    /// Signing in and out, in the request that came from `origin`; sessions that begin are kept as `mode` says.
    pub fn sign_in(&self, origin: Origin, mode: SessionMode) -> SignIn<'_> {
        SignIn {
            mode,
            pool: self.user_pool(),
            lockout: self.lockout(),
            grants: self.grants(),
            sessions: self.sessions(),
            second_factors: self.second_factors(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            verifier: &self.verifier,
            trail: self.sign_in_trail(origin),
            clock: self.clock.clone(),
        }
    }

    /// Second factors.
    pub fn second_factors(&self) -> SecondFactors<'_> {
        SecondFactors {
            store: self.second_factor_store(),
            challenges: Challenges::new(self.guard_table(), self.clock.clone()),
            lockout: self.lockout(),
            key: &self.sealing_key,
            staff_must: self.config.staff_mfa_required,
            clock: self.clock.clone(),
        }
    }

    /// The entry of the trail that goes with a change of `user`'s second factor.
    ///
    /// # Errors
    /// None in practice: an entry is always an item.
    pub fn second_factor_trail(&self, origin: &Origin, action: Action, user: &UserId) -> Result<Write> {
        let actor = origin.actor(user, &BTreeSet::new());
        self.audit().action(&Entry::allowed(&actor, action, user, user, self.clock.now()))
    }

    fn second_factor_store(&self) -> SecondFactorStore {
        SecondFactorStore::new(self.table(&self.config.tables.accounts))
    }

    /// Passwords.
    pub fn credentials(&self) -> Credentials {
        Credentials {
            pool: self.user_pool(),
            lockout: self.lockout(),
            sessions: self.sessions(),
            audit: self.audit(),
            clock: self.clock.clone(),
            by_code: self.code_reset(),
        }
    }

    /// Managing people.
    pub fn administration(&self) -> Administration {
        Administration {
            directory: self.directory(),
            pool: self.user_pool(),
            sessions: self.sessions(),
            succession: Succession::new(self.guard_table(), self.clock.clone()),
            accounts: self.account_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
        }
    }

    fn directory(&self) -> Directory {
        Directory::new(self.cognito_client(), &self.config.user_pool_id)
    }

    fn cognito_client(&self) -> aws_sdk_cognitoidentityprovider::Client {
        self.cognito.get_or_init(|| aws_sdk_cognitoidentityprovider::Client::new(&self.sdk)).clone()
    }

    fn code_reset(&self) -> CodeReset {
        CodeReset {
            codes: self.one_time_codes(),
            pool: self.user_pool(),
            profiles: self.profiles(),
            notifier: self.notifier(),
            mails: self.mail_limit(),
        }
    }

    /// Codes that register and sign in.
    pub fn code_sign_in(&self, origin: Origin, mode: SessionMode) -> CodeSignIn<'_> {
        CodeSignIn {
            codes: self.one_time_codes(),
            pool: self.user_pool(),
            profiles: self.profiles(),
            notifier: self.notifier(),
            lockout: self.lockout(),
            tokens: self.registration_tokens(),
            sign_in: self.sign_in(origin, mode),
            guard: self.guard_table(),
        }
    }

    /// Registering by a code.
    pub fn code_registration(&self, origin: Origin, mode: SessionMode) -> CodeRegistration<'_> {
        CodeRegistration {
            tokens: self.registration_tokens(),
            pool: self.user_pool(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            sign_in: self.sign_in(origin, mode),
        }
    }

    /// Changing how one is reached.
    pub fn contact_change(&self) -> ContactChange {
        ContactChange {
            codes: self.one_time_codes(),
            pool: self.user_pool(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            notifier: self.notifier(),
            credentials: self.credentials(),
        }
    }

    fn one_time_codes(&self) -> OneTimeCodes {
        OneTimeCodes::new(
            self.guard_table(),
            self.clock.clone(),
            self.revocations.signing().clone(),
            self.config.fixed_codes,
        )
    }

    fn registration_tokens(&self) -> RegistrationTokens {
        RegistrationTokens::new(self.guard_table(), self.clock.clone())
    }

    /// Writing to people.
    pub fn notifier(&self) -> Notifier {
        self.notifier.clone()
    }

    /// Telling people what has changed of their account.
    pub fn account_notices(&self) -> AccountNotices {
        AccountNotices { profiles: self.profiles(), notifier: self.notifier() }
    }

    /// Signing in whom the house has recognised by other means than a password.
    pub fn grants(&self) -> Grants {
        Grants { guard: self.guard_table(), pool: self.user_pool(), clock: self.clock.clone() }
    }

    /// The way to other providers.
    pub fn start_social(&self) -> StartSocial<'_> {
        StartSocial { config: &self.config, attempts: self.social_attempts(), clock: self.clock.clone() }
    }

    /// The way back from other providers.
    ///
    /// # Errors
    /// 404 `provider_unavailable` where there is no way to them.
    pub fn finish_social(&self, origin: Origin, mode: SessionMode) -> Result<FinishSocial<'_>> {
        let hosted_ui = self.start_social().hosted_ui()?;
        Ok(FinishSocial {
            attempts: self.social_attempts(),
            endpoint: TokenEndpoint::new(hosted_ui, &self.config.user_pool_client_id, &self.sdk),
            identities: self.external_identities(),
            grants: self.grants(),
            sign_in: self.sign_in(origin, mode),
            credentials: self.credentials(),
            notices: self.account_notices(),
        })
    }

    fn social_attempts(&self) -> AttemptStore {
        AttemptStore::new(self.guard_table(), self.clock.clone())
    }

    /// Who people are at other providers.
    pub fn external_identities(&self) -> ExternalIdentities {
        ExternalIdentities::new(self.table(&self.config.tables.accounts), self.clock.clone())
    }

    fn user_pool(&self) -> UserPool {
        UserPool::new(self.cognito_client(), &self.config.user_pool_id, &self.config.user_pool_client_id)
    }

    /// Registrations that are not confirmed.
    pub fn pending_registrations(&self) -> PendingRegistrations {
        PendingRegistrations::new(self.guard_table(), self.clock.clone(), self.revocations.signing().clone())
    }

    /// Counts wrong passwords and codes.
    pub fn lockout(&self) -> Lockout {
        Lockout::new(self.guard_table(), self.clock.clone())
    }

    /// Sessions of who is signed in.
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.guard_table(), self.clock.clone())
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
            pictures: self.profile_pictures()?,
            identities: self.external_identities(),
            second_factors: self.second_factor_store(),
            orders: self.orders(),
            prescriptions: self.prescriptions()?,
            retention_years: self.config.prescription_retention_years,
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    /// Copies of everything that is held on a person.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn export(&self) -> Result<Export> {
        Ok(Export {
            pool: self.user_pool(),
            profiles: self.profiles(),
            addresses: self.address_book(),
            identities: self.external_identities(),
            second_factors: self.second_factor_store(),
            sessions: self.sessions(),
            orders: self.orders(),
            prescriptions: self.prescriptions()?,
            files: self.bucket(&self.config.scans_bucket)?,
            media_base_url: self.config.media_base_url.clone(),
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    fn erasure_store(&self) -> ErasureStore {
        ErasureStore::new(self.table(&self.config.tables.accounts), self.account_store())
    }

    fn account_store(&self) -> AccountStore {
        AccountStore::new(self.table(&self.config.tables.accounts))
    }

    fn table(&self, name: &str) -> Table {
        Table::new(self.dynamo().clone(), name)
    }

    fn bucket(&self, name: &str) -> Result<Bucket> {
        Bucket::new(&self.sdk, self.clock.clone(), name, &self.config.region, self.config.aws_endpoint.clone())
    }
}
