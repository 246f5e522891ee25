//! The wiring: configuration, clock and clients, each made once, and from them the services of the areas.

mod accounts;
mod assistant;
mod catalogue;
mod consultations;
mod content;
mod identity;
mod imports;
mod notices;
mod ordering;
mod patients;
mod paying;
mod records;
mod reports;
mod supply;
mod watches;
mod webhooks;

use std::sync::{Arc, OnceLock};

use aws_config::SdkConfig;

use crate::audit::{Audit, AuditLog};
use crate::catalog::IndexMemory;
use crate::content::ContentMemory;
use crate::delivery::ZoneMemory;
use crate::identity::{Counters, Limiter, Revocations, TokenVerifier};
use crate::medicine::{FlagMemory, MedicineMemory};
use crate::notifications::{Mail, Notifier, Sms};
use crate::payments::Providers;
use crate::platform::aws;
use crate::platform::clock::{Clock, Date};
use crate::platform::config::{Config, ConfigError};
use crate::platform::dynamo::Table;
use crate::platform::error::Result;
use crate::platform::objects::Bucket;
use crate::platform::plain_http;
use crate::platform::secrets::StoredSecret;
use assistant::AssistantMemory;
use consultations::ChatMemory;
use notices::QueueMemory;

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
    index: IndexMemory,
    content: ContentMemory,
    assistant: AssistantMemory,
    medicine: Arc<MedicineMemory>,
    flags: Arc<FlagMemory>,
    providers: tokio::sync::OnceCell<Providers>,
    chat: ChatMemory,
    queues: QueueMemory,
    zones: Arc<ZoneMemory>,
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
        let medicine = Arc::new(MedicineMemory::new(config.time_zone.clone()));
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
            index: IndexMemory::default(),
            content: ContentMemory::default(),
            assistant: AssistantMemory::default(),
            medicine,
            flags: Arc::default(),
            providers: tokio::sync::OnceCell::new(),
            chat: ChatMemory::default(),
            queues: QueueMemory::default(),
            zones: Arc::default(),
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

    /// How AWS is reached.
    pub(super) fn sdk(&self) -> &SdkConfig {
        &self.sdk
    }

    /// The key that seals authenticators.
    pub fn sealing_key(&self) -> &StoredSecret {
        &self.sealing_key
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

    /// Which day it is where the pharmacy is.
    ///
    /// # Errors
    /// The configuration names no time zone that there is.
    pub fn today(&self) -> Result<Date> {
        self.config.time_zone.day(self.clock.now())
    }

    /// Reading the audit trail.
    pub fn audit_log(&self) -> AuditLog {
        AuditLog { audit: self.audit(), clock: self.clock.clone() }
    }

    /// The audit trail.
    pub fn audit(&self) -> Audit {
        Audit::new(self.table(&self.config.tables.audit), self.revocations.signing().clone())
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

    fn cognito_client(&self) -> aws_sdk_cognitoidentityprovider::Client {
        self.cognito.get_or_init(|| aws_sdk_cognitoidentityprovider::Client::new(&self.sdk)).clone()
    }

    fn table(&self, name: &str) -> Table {
        Table::new(self.dynamo().clone(), name)
    }

    fn bucket(&self, name: &str) -> Result<Bucket> {
        Bucket::new(&self.sdk, self.clock.clone(), name, &self.config.region, self.config.aws_endpoint.clone())
    }
}
