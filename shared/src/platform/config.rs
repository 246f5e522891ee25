//! The configuration of a function: typed, read once at start, from the environment that the templates write.

use std::fmt;
use std::num::NonZeroU32;

use serde::Deserialize;

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
    /// For how many days a message is kept, and a consultation after it was closed.
    pub consultation_retention_days: u32,
    /// The key that wraps the keys of consultations.
    pub chat_key: String,
    /// The WebSocket API.
    pub socket_api: String,
    /// Where the pharmacy's days begin and end.
    pub time_zone: Zone,
    /// For how many hours stock is kept for an order whose prescriptions were rejected or taken back.
    pub uncovered_order_hours: u32,
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
    time_zone: Filled,
    prescription_retention_years: u32,
    uncovered_order_hours: NonZeroU32,
    consultation_retention_days: u32,
    staff_mfa_required: bool,
    address_limit_factor: NonZeroU32,
    payment_methods: Filled,
    stripe_url: String,
    stripe_publishable_key: String,
    stripe_secret_arn: String,
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
        let tables = settings.tables;
        let setting = |name: &'static str, invalid| ConfigError::new(SETTINGS, format!("{name}: {invalid}"));
        let currency =
            Currency::parse(&settings.currency.0).map_err(|invalid| setting("currency", invalid.to_string()))?;
        let payment_methods = PaymentMethod::offered(&settings.payment_methods.0, currency)
            .map_err(|invalid| setting("payment_methods", invalid.to_string()))?;
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
            stripe_url: filled(settings.stripe_url).map(|url| url.trim_end_matches('/').to_owned()),
            stripe_publishable_key,
            stripe_secret_arn: filled(settings.stripe_secret_arn),
            delivery_fee: i64::from(settings.delivery_fee),
            free_delivery_from: i64::from(settings.free_delivery_from),
            prescription_retention_years: settings.prescription_retention_years,
            uncovered_order_hours: settings.uncovered_order_hours.get(),
            consultation_retention_days: settings.consultation_retention_days,
            chat_key: settings.chat_key.0,
            socket_api: settings.socket_api.0,
            time_zone: Zone::parse(&settings.time_zone.0)
                .map_err(|invalid| ConfigError::new(SETTINGS, format!("time_zone: {invalid}")))?,
            address_limit_factor: settings.address_limit_factor.get(),
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

    /// Where Secrets Manager is.
    pub fn secrets_endpoint(&self) -> String {
        self.aws_endpoint.clone().unwrap_or_else(|| format!("https://secretsmanager.{}.amazonaws.com", self.region))
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
        "uncovered_order_hours":72,
        "time_zone":"Asia/Kathmandu","payment_methods":"cod","stripe_url":"","stripe_publishable_key":"","stripe_secret_arn":"",
        "consultation_retention_days":3650,"chat_key":"key","socket_api":"socket1",
        "staff_mfa_required":true,"address_limit_factor":1,"sender_address":"","fixed_codes":true,
        "allowed_origins":"https://shop.example","hosted_ui_url":"","social_providers":"","social_redirect_uris":"",
        "user_pool_id":"pool","user_pool_client_id":"client","media_base_url":"https://media.example/",
        "sealing_secret_arn":"arn:sealing",
        "buckets":{"media":"media","scans":"scans"},"tables":{"accounts":"accounts","catalog":"catalog",
        "orders":"orders","prescriptions":"prescriptions","consultations":"consultations","audit":"audit","guard":"guard","medicine":"medicine"}}"#;

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
            (r#""Asia/Kathmandu""#, r#""Nepal time""#, "time_zone"),
            (r#""staff_mfa_required":true"#, r#""staff_mfa_required":"yes""#, "staff_mfa_required"),
            (r#""currency""#, r#""colour":1,"currency""#, "colour"),
            (r#""medicine"}}"#, r#""medicine"}"#, "EOF"),
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
