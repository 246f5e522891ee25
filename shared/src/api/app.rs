//! The wiring: configuration, clock and clients, each made once, and from them the services of the areas.

use std::sync::OnceLock;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;

use crate::accounts::{AccountStore, AddressBook, ProfilePictures, Profiles};
use crate::audit::Audit;
use crate::catalog::{
    Browsing, Categories, CategoryStore, ProductImages, ProductStore, Products, ShelfMemory, StockStore, Stockroom,
};
use crate::data_rights::{Closing, Erasing, ErasureStore, Export, Viewing};
use crate::identity::{
    Credentials, Lockout, PendingRegistrations, Registration, Revocations, Sessions, SignIn, TokenVerifier, UserPool,
};
use crate::orders::pricing::DeliveryRule;
use crate::orders::{Carts, Checkout, OrderStore, Orders};
use crate::platform::clock::Clock;
use crate::platform::config::{Config, ConfigError};
use crate::platform::dynamo::Table;
use crate::platform::error::{Error, Result};
use crate::platform::objects::Bucket;
use crate::prescriptions::{PrescriptionStore, Prescriptions};

/// Everything a handler can reach.
#[derive(Debug)]
pub struct App {
    config: Config,
    clock: Clock,
    sdk: SdkConfig,
    dynamo: OnceLock<aws_sdk_dynamodb::Client>,
    cognito: OnceLock<aws_sdk_cognitoidentityprovider::Client>,
    verifier: TokenVerifier,
    revocations: Revocations,
    shelf: ShelfMemory,
}

impl App {
    /// From the environment of a Lambda function.
    ///
    /// # Errors
    /// A variable that is missing, by name.
    pub async fn from_env() -> std::result::Result<Self, ConfigError> {
        let config = Config::from_env()?;
        // A call that hangs must fail early enough for one more attempt within the function's own time limit.
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(2))
            .operation_timeout(Duration::from_secs(6))
            .build();
        let sdk = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(config.region.clone()))
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .load()
            .await;
        let verifier = TokenVerifier::new(&config, &sdk);
        Ok(Self::new(config, Clock::System, sdk, verifier))
    }

    /// From parts; tests bring their own clock, AWS and keys.
    pub fn new(config: Config, clock: Clock, sdk: SdkConfig, verifier: TokenVerifier) -> Self {
        Self {
            config,
            clock,
            sdk,
            dynamo: OnceLock::new(),
            cognito: OnceLock::new(),
            verifier,
            revocations: Revocations::default(),
            shelf: ShelfMemory::default(),
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

    /// Finding products.
    pub fn browsing(&self) -> Browsing<'_> {
        Browsing::new(&self.shelf, self.product_store(), self.category_store(), self.clock.clone())
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
            clock: self.clock.clone(),
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
            dynamo: self.dynamo().clone(),
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
        })
    }

    /// The audit trail.
    pub fn audit(&self) -> Audit {
        Audit::new(self.table(&self.config.tables.audit))
    }

    fn prescription_store(&self) -> PrescriptionStore {
        PrescriptionStore::new(self.table(&self.config.tables.prescriptions))
    }

    /// The table of sign-in counters, sessions and revocations.
    pub fn guard_table(&self) -> Table {
        self.table(&self.config.tables.guard)
    }

    fn dynamo(&self) -> &aws_sdk_dynamodb::Client {
        self.dynamo.get_or_init(|| aws_sdk_dynamodb::Client::new(&self.sdk))
    }

    /// Registering.
    pub fn registration(&self) -> Registration {
        Registration {
            pool: self.user_pool(),
            pending: self.pending_registrations(),
            lockout: self.lockout(),
            profiles: self.profiles(),
        }
    }

    /// Signing in and out.
    pub fn sign_in(&self) -> SignIn<'_> {
        SignIn {
            pool: self.user_pool(),
            lockout: self.lockout(),
            sessions: self.sessions(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            verifier: &self.verifier,
            clock: self.clock.clone(),
        }
    }

    /// Passwords.
    pub fn credentials(&self) -> Credentials {
        Credentials { pool: self.user_pool(), lockout: self.lockout(), sessions: self.sessions() }
    }

    fn user_pool(&self) -> UserPool {
        let client = self.cognito.get_or_init(|| aws_sdk_cognitoidentityprovider::Client::new(&self.sdk)).clone();
        UserPool::new(client, &self.config.user_pool_id, &self.config.user_pool_client_id)
    }

    /// Registrations that are not confirmed.
    pub fn pending_registrations(&self) -> PendingRegistrations {
        PendingRegistrations::new(self.guard_table(), self.clock.clone(), self.config.cursor_key.clone())
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
    pub fn closing(&self) -> Closing {
        Closing {
            requests: self.erasure_store(),
            credentials: self.credentials(),
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
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            pictures: self.profile_pictures()?,
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
        let credentials: SharedCredentialsProvider =
            self.sdk.credentials_provider().ok_or_else(|| Error::internal("no credentials are configured"))?;
        let s3 = aws_sdk_s3::config::Builder::from(&self.sdk)
            // Bucket names with the endpoint of a local AWS work only as paths.
            .force_path_style(self.config.aws_endpoint.is_some())
            .build();
        Ok(Bucket::new(
            aws_sdk_s3::Client::from_conf(s3),
            credentials,
            self.clock.clone(),
            name,
            &self.config.region,
            self.config.aws_endpoint.clone(),
        ))
    }
}
