//! The configuration of a function: typed, read once at start, from the environment that the templates write.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use serde::Deserialize;

use super::jurisdiction::Jurisdiction;
use super::money::Currency;
use super::payment_method::PaymentMethod;
use super::zone::Zone;

/// Everything a function may be configured with, the same for every function.
#[derive(Clone, Debug)]
pub struct Config {
    /// Names of the tables.
    pub tables: Tables,
    /// Private, served through the CDN under `public/`.
    pub media_bucket: String,
    /// Private, encrypted with our own key: prescriptions.
    pub scans_bucket: String,
    /// Where `media_bucket` is seen from outside, without a slash at the end.
    pub media_base_url: String,
    /// The AWS region, for signatures and the token issuer.
    pub region: String,
    /// Where the AWS is, when it is not Amazon's: the local stack.
    pub aws_endpoint: Option<String>,
    /// A file with the certificates to trust in place of Amazon's own, where something between us and AWS has others.
    pub ca_bundle: Option<String>,
    /// The Cognito user pool.
    pub user_pool_id: String,
    /// The app client that tokens must be issued to.
    pub user_pool_client_id: String,
    /// Where Cognito's pages are that lead to other providers, when they are not where the local AWS is.
    pub hosted_ui_url: Option<String>,
    /// The other providers that people may sign in with: `google`, `facebook`.
    pub social_providers: Vec<String>,
    /// Where they may come back to from there, byte for byte.
    pub social_redirect_uris: Vec<String>,
    /// Where the key is that seals people's authenticators. Few functions may read it.
    pub sealing_secret_arn: String,
    /// The address that mails are sent from; without one there are none.
    pub sender_address: Option<String>,
    /// Whether the two codes that end a registration and reset a password are always 123456 and 654321, so that scripts on one's
    /// own machine need no mailbox. Only debug builds can be told so: what is deployed to AWS does not heed the variable.
    pub fixed_codes: bool,
    /// What the pharmacy sells in.
    pub currency: Currency,
    /// The delivery fee in minor units.
    pub delivery_fee: i64,
    /// From this subtotal on, in minor units, delivery is free; zero means never.
    pub free_delivery_from: i64,
    /// Multiplies the rate limits per address; one, unless everybody comes from the same address.
    pub address_limit_factor: u32,
    /// For how long a refresh token that was used is answered with the one that took its place.
    pub refresh_grace: Duration,
    /// The exact origins whose pages may use cookie sessions.
    pub allowed_origins: Vec<String>,
    /// Whether the staff must sign in with a second factor.
    pub staff_mfa_required: bool,
    /// For how many years after the last dispensing a prescription is kept whose owner was erased.
    pub prescription_retention_years: u32,
    /// The ways to pay that customers are offered.
    pub payment_methods: Vec<PaymentMethod>,
    /// Where Stripe is, when it is not Stripe's: a peer of ours.
    pub stripe_url: Option<String>,
    /// What browsers know us by at Stripe; everybody may read it.
    pub stripe_publishable_key: Option<String>,
    /// Where the secret of Stripe is; only functions that know a provider may read it.
    pub stripe_secret_arn: Option<String>,
    /// Where PayPal is, when it is not PayPal's own: its sandbox, or a peer of ours.
    pub paypal_url: Option<String>,
    /// Where the secret of PayPal is; only functions that know a provider may read it.
    pub paypal_secret_arn: Option<String>,
    /// Where eSewa says how payments stand, when it is not eSewa's own.
    pub esewa_url: Option<String>,
    /// Where eSewa's form is sent to, when it is not eSewa's own.
    pub esewa_form_url: Option<String>,
    /// Where the secret of eSewa is; only functions that know a provider may read it.
    pub esewa_secret_arn: Option<String>,
    /// Where bKash is, when it is not bKash's own.
    pub bkash_url: Option<String>,
    /// Where the secret of bKash is; only functions that know a provider may read it.
    pub bkash_secret_arn: Option<String>,
    /// For how many days a message is kept, and a consultation after it was closed.
    pub consultation_retention_days: u32,
    /// The key that wraps the keys of consultations.
    pub chat_key: String,
    /// The WebSocket API.
    pub socket_api: String,
    /// The assistant.
    pub assistant: AssistantConfig,
    /// Whether who is not signed in may be led through a triage, of which nothing is kept.
    pub triage_guests: bool,
    /// Whose law schedules and limits go by.
    pub jurisdiction: Jurisdiction,
    /// The HTTP API.
    pub http_api: String,
    /// Where clients send requests, where a CDN is in front of it.
    pub edge_url: Option<String>,
    /// The SHA-256 digests, in hexadecimal, of what that CDN proves itself by; none: there is no CDN in front.
    pub edge_digests: Vec<String>,
    /// The queue of notices, by its address.
    pub notify_queue: String,
    /// The queue of what is to be counted for the reports, by its address.
    pub count_queue: String,
    /// Where the pharmacy's days begin and end.
    pub time_zone: Zone,
    /// For how many hours stock is kept for an order whose prescriptions were rejected or taken back.
    pub uncovered_order_hours: u32,
    /// Whether a machine reads prescriptions, for the pharmacist who has them in hand.
    pub reads_prescriptions: bool,
    /// What the pharmacy keeps of what sellers earn, in hundredths of a percent.
    pub seller_fee: u32,
}

/// What the assistant may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssistantConfig {
    /// The model of Amazon Bedrock that puts passages into words; without one they are quoted.
    pub model: Option<String>,
    /// The guardrail in front of it: id and version, joined by a colon.
    pub guardrail: Option<String>,
    /// Whether guests may ask.
    pub guests: bool,
    /// How many tokens the model may read and write a day.
    pub daily_tokens: u32,
}

/// Names of the DynamoDB tables, one for each area.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Profiles and addresses.
    pub accounts: String,
    /// Products, stock and categories.
    pub catalog: String,
    /// Carts and orders.
    pub orders: String,
    /// Prescriptions and their fill ledgers.
    pub prescriptions: String,
    /// Consultations, their messages, and who is connected.
    pub consultations: String,
    /// The append-only trail.
    pub audit: String,
    /// Sign-in counters, sessions, revocations; with a time to live.
    pub guard: String,
    /// The rules of medicine.
    pub medicine: String,
    /// Pages.
    pub content: String,
    /// What people were told, and what waits to be told.
    pub notifications: String,
    /// What is on record about patients.
    pub records: String,
}

/// A secret that never shows itself in a log.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The text, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its bytes, for the one place that signs with it.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A variable of the environment that is missing or does not make sense.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    variable: &'static str,
    problem: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "environment variable {}: {}", self.variable, self.problem)
    }
}

impl std::error::Error for ConfigError {}

impl ConfigError {
    pub(super) fn new(variable: &'static str, problem: impl Into<String>) -> Self {
        Self { variable, problem: problem.into() }
    }
}

/// `SETTINGS` as `infra/common.yaml` writes it: one JSON object, the same for all functions, without a secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    currency: Filled,
    delivery_fee: u32,
    free_delivery_from: u32,
    jurisdiction: Filled,
    time_zone: Filled,
    prescription_retention_years: u32,
    uncovered_order_hours: NonZeroU32,
    seller_fee: u32,
    consultation_retention_days: u32,
    prescription_reading: String,
    assistant_model: String,
    assistant_guardrail: String,
    assistant_guests: bool,
    triage_guests: bool,
    assistant_tokens: u32,
    staff_mfa_required: bool,
    address_limit_factor: NonZeroU32,
    refresh_grace_seconds: u8,
    payment_methods: Filled,
    stripe_publishable_key: String,
    /// Of Stripe, PayPal, eSewa, its form, bKash, joined by commas.
    payment_urls: String,
    /// Of Stripe, PayPal, eSewa, bKash, joined by commas.
    payment_secrets: String,
    sender_address: String,
    fixed_codes: bool,
    allowed_origins: Filled,
    hosted_ui_url: String,
    social_providers: String,
    social_redirect_uris: String,
    user_pool_id: Filled,
    user_pool_client_id: Filled,
    media_base_url: Filled,
    chat_key: Filled,
    socket_api: Filled,
    http_api: Filled,
    edge_url: String,
    edge_digests: String,
    notify_queue: Filled,
    count_queue: Filled,
    sealing_secret_arn: Filled,
    buckets: Buckets,
    tables: TableNames,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Buckets {
    media: Filled,
    scans: Filled,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableNames {
    accounts: Filled,
    catalog: Filled,
    orders: Filled,
    prescriptions: Filled,
    consultations: Filled,
    audit: Filled,
    guard: Filled,
    medicine: Filled,
    content: Filled,
    notifications: Filled,
    records: Filled,
}

/// A text with something in it.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Filled(String);

impl TryFrom<String> for Filled {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() { Err("is empty") } else { Ok(Self(text)) }
    }
}

/// The parts of a list that commas join.
fn list(joined: &str) -> Vec<String> {
    joined.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether it is a SHA-256 digest as we write them.
fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The parts of a list that commas join, each with a meaning by its place; `None` where there are more or fewer.
fn places<const N: usize>(joined: &str) -> Option<[String; N]> {
    joined.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>().try_into().ok()
}

impl Settings {
    fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut json = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            let at = if path == "." { String::new() } else { format!("{path}: ") };
            ConfigError::new(SETTINGS, format!("{at}{}", error.into_inner()))
        })
    }
}

/// The stage of the WebSocket API, as `infra/socket.yaml` makes it.
const SOCKET_STAGE: &str = "v1";

/// The variable that holds the settings.
const SETTINGS: &str = "SETTINGS";

impl Config {
    /// How much is logged, where the environment says it: `RUST_LOG`, such as `debug` or `warn,shared=debug`.
    pub fn log_level() -> Option<String> {
        std::env::var("RUST_LOG").ok()
    }

    /// What Lambda calls this function; nothing elsewhere.
    pub fn function_name() -> Option<String> {
        std::env::var("AWS_LAMBDA_FUNCTION_NAME").ok()
    }

    /// Reads the environment. The only place in the house that does.
    ///
    /// # Errors
    /// The first variable that is missing or malformed, or member of `SETTINGS`, by name.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables.
    ///
    /// # Errors
    /// The first variable that is missing or malformed, or member of `SETTINGS`, by name.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let optional = |variable: &'static str| lookup(variable).filter(|value| !value.is_empty());
        let text = |variable: &'static str| {
            optional(variable).ok_or_else(|| ConfigError::new(variable, "is missing or empty"))
        };
        let settings = Settings::parse(&text(SETTINGS)?)?;
        let filled = |text: String| Some(text).filter(|text| !text.is_empty());
        let address = |text: String| filled(text).map(|url| url.trim_end_matches('/').to_owned());
        let tables = settings.tables;
        let setting = |name: &'static str, invalid| ConfigError::new(SETTINGS, format!("{name}: {invalid}"));
        let currency =
            Currency::parse(&settings.currency.0).map_err(|invalid| setting("currency", invalid.to_string()))?;
        if settings.seller_fee > 10_000 {
            return Err(setting("seller_fee", "expected at most 10000, which is all of it".to_owned()));
        }
        let reads_prescriptions = match settings.prescription_reading.as_str() {
            "off" => false,
            "textract" => true,
            _ => return Err(setting("prescription_reading", "expected off or textract".to_owned())),
        };
        let payment_methods = PaymentMethod::offered(&settings.payment_methods.0, currency)
            .map_err(|invalid| setting("payment_methods", invalid.to_string()))?;
        let [stripe_url, paypal_url, esewa_url, esewa_form_url, bkash_url] =
            places(&settings.payment_urls).ok_or_else(|| setting("payment_urls", "expected five".to_owned()))?;
        let [stripe_secret_arn, paypal_secret_arn, esewa_secret_arn, bkash_secret_arn] =
            places(&settings.payment_secrets).ok_or_else(|| setting("payment_secrets", "expected four".to_owned()))?;
        let edge_digests = list(&settings.edge_digests);
        if !edge_digests.iter().all(|digest| is_digest(digest)) {
            return Err(setting("edge_digests", "expected SHA-256 digests in hexadecimal".to_owned()));
        }
        let stripe_publishable_key = filled(settings.stripe_publishable_key);
        if payment_methods.contains(&PaymentMethod::Card) && stripe_publishable_key.is_none() {
            return Err(setting("stripe_publishable_key", "is empty, and cards are offered".to_owned()));
        }
        Ok(Self {
            tables: Tables {
                accounts: tables.accounts.0,
                catalog: tables.catalog.0,
                orders: tables.orders.0,
                prescriptions: tables.prescriptions.0,
                consultations: tables.consultations.0,
                audit: tables.audit.0,
                guard: tables.guard.0,
                medicine: tables.medicine.0,
                content: tables.content.0,
                notifications: tables.notifications.0,
                records: tables.records.0,
            },
            media_bucket: settings.buckets.media.0,
            scans_bucket: settings.buckets.scans.0,
            media_base_url: settings.media_base_url.0.trim_end_matches('/').to_owned(),
            region: text("AWS_REGION")?,
            aws_endpoint: optional("AWS_ENDPOINT_URL"),
            ca_bundle: optional("AWS_CA_BUNDLE"),
            user_pool_id: settings.user_pool_id.0,
            user_pool_client_id: settings.user_pool_client_id.0,
            hosted_ui_url: filled(settings.hosted_ui_url),
            social_providers: list(&settings.social_providers),
            social_redirect_uris: list(&settings.social_redirect_uris),
            sealing_secret_arn: settings.sealing_secret_arn.0,
            sender_address: filled(settings.sender_address),
            fixed_codes: settings.fixed_codes && cfg!(debug_assertions),
            currency,
            payment_methods,
            stripe_url: address(stripe_url),
            stripe_publishable_key,
            stripe_secret_arn: filled(stripe_secret_arn),
            paypal_url: address(paypal_url),
            paypal_secret_arn: filled(paypal_secret_arn),
            esewa_url: address(esewa_url),
            esewa_form_url: address(esewa_form_url),
            esewa_secret_arn: filled(esewa_secret_arn),
            bkash_url: address(bkash_url),
            bkash_secret_arn: filled(bkash_secret_arn),
            delivery_fee: i64::from(settings.delivery_fee),
            free_delivery_from: i64::from(settings.free_delivery_from),
            prescription_retention_years: settings.prescription_retention_years,
            uncovered_order_hours: settings.uncovered_order_hours.get(),
            seller_fee: settings.seller_fee,
            consultation_retention_days: settings.consultation_retention_days,
            reads_prescriptions,
            chat_key: settings.chat_key.0,
            socket_api: settings.socket_api.0,
            assistant: AssistantConfig {
                model: filled(settings.assistant_model),
                guardrail: filled(settings.assistant_guardrail),
                guests: settings.assistant_guests,
                daily_tokens: settings.assistant_tokens,
            },
            triage_guests: settings.triage_guests,
            jurisdiction: Jurisdiction::parse(&settings.jurisdiction.0)
                .map_err(|invalid| ConfigError::new(SETTINGS, format!("jurisdiction: {invalid}")))?,
            http_api: settings.http_api.0,
            edge_url: address(settings.edge_url),
            edge_digests,
            notify_queue: settings.notify_queue.0,
            count_queue: settings.count_queue.0,
            time_zone: Zone::parse(&settings.time_zone.0)
                .map_err(|invalid| ConfigError::new(SETTINGS, format!("time_zone: {invalid}")))?,
            address_limit_factor: settings.address_limit_factor.get(),
            refresh_grace: Duration::from_secs(settings.refresh_grace_seconds.into()),
            allowed_origins: list(&settings.allowed_origins.0),
            staff_mfa_required: settings.staff_mfa_required,
        })
    }

    /// Who issues the tokens: the `iss` claim that is accepted.
    pub fn issuer(&self) -> String {
        format!("https://cognito-idp.{}.amazonaws.com/{}", self.region, self.user_pool_id)
    }

    /// Where the issuer's public keys are asked for: its own host, or the local AWS.
    pub fn jwks_endpoint(&self) -> String {
        let amazons = || format!("https://cognito-idp.{}.amazonaws.com", self.region);
        self.aws_endpoint.as_deref().map_or_else(amazons, |endpoint| endpoint.trim_end_matches('/').to_owned())
    }

    /// Where DynamoDB is.
    pub fn dynamodb_endpoint(&self) -> String {
        self.aws_endpoint.clone().unwrap_or_else(|| format!("https://dynamodb.{}.amazonaws.com", self.region))
    }

    /// The script that a browser pays by card with: Stripe's, or the peer's.
    pub fn stripe_js_url(&self) -> String {
        self.stripe_url.as_ref().map_or_else(|| "https://js.stripe.com/v3/".to_owned(), |url| format!("{url}/v3/"))
    }

    /// Whether stand-ins of ours answer in the place of payment providers.
    pub fn has_stand_ins(&self) -> bool {
        let urls = [&self.stripe_url, &self.paypal_url, &self.esewa_url, &self.bkash_url];
        urls.into_iter().flatten().any(|url| url.starts_with("http://"))
    }

    /// Where Secrets Manager is.
    pub fn secrets_endpoint(&self) -> String {
        self.aws_endpoint.clone().unwrap_or_else(|| format!("https://secretsmanager.{}.amazonaws.com", self.region))
    }

    /// Where the models of Amazon Bedrock answer.
    pub fn bedrock_endpoint(&self) -> String {
        let amazons = || format!("https://bedrock-runtime.{}.amazonaws.com", self.region);
        self.aws_endpoint.as_deref().map_or_else(amazons, |endpoint| endpoint.trim_end_matches('/').to_owned())
    }

    /// Where the WebSocket API is managed: what is sent to connections is posted there.
    pub fn socket_management_endpoint(&self) -> String {
        let host = format!("https://{}.execute-api.{}.amazonaws.com", self.socket_api, self.region);
        self.aws_endpoint.as_deref().map_or(host, |endpoint| endpoint.trim_end_matches('/').to_owned())
    }

    /// The path of a connection below [`Self::socket_management_endpoint`], up to its id.
    pub fn socket_connections_path(&self) -> String {
        match self.aws_endpoint {
            Some(_) => format!("/_aws/execute-api/{}/{SOCKET_STAGE}/@connections/", self.socket_api),
            None => format!("/{SOCKET_STAGE}/@connections/"),
        }
    }

    /// Where clients send requests, without a slash at the end.
    pub fn api_url(&self) -> String {
        match (&self.edge_url, &self.aws_endpoint) {
            (Some(edge), _) => edge.clone(),
            (None, Some(endpoint)) => {
                format!("{}/_aws/execute-api/{}/$default", endpoint.trim_end_matches('/'), self.http_api)
            }
            (None, None) => format!("https://{}.execute-api.{}.amazonaws.com", self.http_api, self.region),
        }
    }

    /// Whether this is a stack on one's own machine: a debug build, whose AWS is behind the loopback interface.
    pub fn is_local(&self) -> bool {
        let local = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
        let behind = |endpoint: &str| local.iter().any(|prefix| endpoint.starts_with(prefix));
        cfg!(debug_assertions) && self.aws_endpoint.as_deref().is_some_and(behind)
    }

    /// Where queues are.
    pub fn queues_endpoint(&self) -> String {
        let host = || format!("https://sqs.{}.amazonaws.com", self.region);
        self.aws_endpoint.as_deref().map_or_else(host, |endpoint| endpoint.trim_end_matches('/').to_owned())
    }

    /// Where clients open a WebSocket, without its query.
    pub fn socket_url(&self) -> String {
        match &self.aws_endpoint {
            Some(endpoint) => {
                let host = endpoint.trim_end_matches('/').replacen("http", "ws", 1);
                format!("{host}/_aws/execute-api/{}/{SOCKET_STAGE}", self.socket_api)
            }
            None => format!("wss://{}.execute-api.{}.amazonaws.com/{SOCKET_STAGE}", self.socket_api, self.region),
        }
    }

    /// Where Cognito's pages are that lead to other providers, if there are any.
    pub fn hosted_ui(&self) -> Option<&str> {
        self.hosted_ui_url.as_deref().or(self.aws_endpoint.as_deref()).map(|url| url.trim_end_matches('/'))
    }

    /// The path of the document with the issuer's public keys.
    pub fn jwks_path(&self) -> String {
        format!("/{}/.well-known/jwks.json", self.user_pool_id)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const WHOLE: &str = r#"{"currency":"USD","delivery_fee":499,"free_delivery_from":5000,"prescription_retention_years":5,
        "uncovered_order_hours":72,"seller_fee":1000,
        "jurisdiction":"np","time_zone":"Asia/Kathmandu","payment_methods":"cod","stripe_publishable_key":"","payment_urls":",,,,","payment_secrets":",,,",
        "consultation_retention_days":3650,"prescription_reading":"off","chat_key":"key","socket_api":"socket1","http_api":"http1","edge_url":"","edge_digests":"",
        "notify_queue":"https://sqs.example/notify","count_queue":"https://sqs.example/count",
        "assistant_model":"","assistant_guardrail":"","assistant_guests":true,"assistant_tokens":100000,"triage_guests":true,
        "staff_mfa_required":true,"address_limit_factor":1,"refresh_grace_seconds":20,"sender_address":"","fixed_codes":true,
        "allowed_origins":"https://shop.example","hosted_ui_url":"","social_providers":"","social_redirect_uris":"",
        "user_pool_id":"pool","user_pool_client_id":"client","media_base_url":"https://media.example/",
        "sealing_secret_arn":"arn:sealing",
        "buckets":{"media":"media","scans":"scans"},"tables":{"accounts":"accounts","catalog":"catalog",
        "orders":"orders","prescriptions":"prescriptions","consultations":"consultations","audit":"audit","guard":"guard","medicine":"medicine","content":"content",
        "notifications":"notifications","records":"records"}}"#;

    pub(in crate::platform) fn environment(name: &str) -> Option<String> {
        let value = match name {
            "SETTINGS" => WHOLE,
            "AWS_REGION" => "eu-west-1",
            _ => return None,
        };
        Some(value.to_owned())
    }

    fn with(from: &str, to: &str) -> Result<Config, ConfigError> {
        assert!(WHOLE.contains(from), "{from}");
        let settings = WHOLE.replacen(from, to, 1);
        Config::from_lookup(|name| if name == SETTINGS { Some(settings.clone()) } else { environment(name) })
    }

    #[test]
    fn a_whole_environment_is_read() {
        let config = Config::from_lookup(environment).unwrap();
        assert_eq!(config.delivery_fee, 499);
        assert_eq!(config.media_base_url, "https://media.example");
        assert_eq!(config.issuer(), "https://cognito-idp.eu-west-1.amazonaws.com/pool");
        assert_eq!((config.sender_address, config.hosted_ui_url), (None, None));
    }

    #[test]
    fn the_socket_is_where_its_api_is() {
        let mut config = Config::from_lookup(environment).unwrap();
        assert_eq!(config.socket_url(), "wss://socket1.execute-api.eu-west-1.amazonaws.com/v1");
        assert_eq!(config.socket_management_endpoint(), "https://socket1.execute-api.eu-west-1.amazonaws.com");
        assert_eq!(config.socket_connections_path(), "/v1/@connections/");
        config.aws_endpoint = Some("http://127.0.0.1:4566".to_owned());
        assert_eq!(config.socket_url(), "ws://127.0.0.1:4566/_aws/execute-api/socket1/v1");
        assert_eq!(config.socket_connections_path(), "/_aws/execute-api/socket1/v1/@connections/");
    }

    #[test]
    fn clients_send_requests_to_what_is_in_front() {
        let edge = |url: &str| with(r#""edge_url":"""#, &format!(r#""edge_url":"{url}""#)).unwrap().api_url();
        assert_eq!(edge(""), "https://http1.execute-api.eu-west-1.amazonaws.com");
        assert_eq!(edge("https://api.example.com/"), "https://api.example.com");
    }

    #[test]
    fn each_missing_variable_is_named() {
        for missing in ["SETTINGS", "AWS_REGION"] {
            let error = Config::from_lookup(|name| (name != missing).then(|| environment(name)).flatten()).unwrap_err();
            assert!(error.to_string().contains(missing), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_with_the_settings_is_named() {
        for (from, to, named) in [
            (r#""currency":"USD","#, "", "currency"),
            (r#""orders":"orders","#, "", "tables: missing field `orders`"),
            (r#""orders":"orders""#, r#""orders":"""#, "tables.orders: is empty"),
            (r#""delivery_fee":499"#, r#""delivery_fee":4.99"#, "delivery_fee"),
            (r#""currency":"USD""#, r#""currency":"US""#, "currency"),
            (r#""address_limit_factor":1"#, r#""address_limit_factor":0"#, "address_limit_factor"),
            (r#""payment_methods":"cod""#, r#""payment_methods":"cash""#, "payment_methods"),
            (r#""payment_methods":"cod""#, r#""payment_methods":"cod,card""#, "stripe_publishable_key"),
            (r#"",,,,""#, r#"",,,""#, "payment_urls"),
            (r#"",,,""#, r#"",,""#, "payment_secrets"),
            (r#""edge_digests":"""#, r#""edge_digests":"secret""#, "edge_digests"),
            (r#""Asia/Kathmandu""#, r#""Nepal time""#, "time_zone"),
            (r#""jurisdiction":"np""#, r#""jurisdiction":"Nepal""#, "jurisdiction"),
            (r#""staff_mfa_required":true"#, r#""staff_mfa_required":"yes""#, "staff_mfa_required"),
            (r#""currency""#, r#""colour":1,"currency""#, "colour"),
            (r#""records"}}"#, r#""records"}"#, "EOF"),
        ] {
            let error = with(from, to).unwrap_err().to_string();
            assert!(error.contains("SETTINGS") && error.contains(named), "{named}: {error}");
        }
    }

    #[test]
    fn lists_may_be_empty() {
        let none = Config::from_lookup(environment).unwrap();
        assert!(none.social_providers.is_empty() && none.social_redirect_uris.is_empty());
        let some = with(r#""social_redirect_uris":"""#, r#""social_redirect_uris":"https://a.example/in, app:/in""#);
        assert_eq!(some.unwrap().social_redirect_uris, ["https://a.example/in", "app:/in"]);
    }

    #[test]
    fn codes_are_fixed_for_whom_it_was_asked_and_in_debug_builds_alone() {
        let not = with(r#""fixed_codes":true"#, r#""fixed_codes":false"#).unwrap().fixed_codes;
        assert_eq!((Config::from_lookup(environment).unwrap().fixed_codes, not), (cfg!(debug_assertions), false));
    }

    #[test]
    fn a_secret_stays_out_of_the_log() {
        assert!(!format!("{:?}", Secret::new("hidden")).contains("hidden"));
    }
}
