//! The configuration of a function: typed, read once at start, from the environment that `template.yaml` writes.

use std::fmt;

use super::money::Currency;

/// Everything a function may be configured with. `template.yaml` hands the same set to every function.
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
    /// Signs page cursors, so that nobody makes their own, and whatever else may be lost when it is changed.
    pub cursor_key: Secret,
    /// Seals people's authenticators, and is never changed.
    pub sealing_key: Secret,
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
    /// The append-only trail.
    pub audit: String,
    /// Sign-in counters, sessions, revocations; with a time to live.
    pub guard: String,
}

/// A secret that never shows itself in a log.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
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

impl Config {
    /// How much is logged, where the environment says it: `RUST_LOG`, such as `debug` or `warn,shared=debug`.
    pub fn log_level() -> Option<String> {
        std::env::var("RUST_LOG").ok()
    }

    /// Reads the environment. The only place in the house that does.
    ///
    /// # Errors
    /// The first variable that is missing or malformed, by name.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables.
    ///
    /// # Errors
    /// The first variable that is missing or malformed, by name.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let optional = |variable: &'static str| lookup(variable).filter(|value| !value.is_empty());
        let text = |variable: &'static str| {
            optional(variable).ok_or_else(|| ConfigError { variable, problem: "is missing or empty".to_owned() })
        };
        let list = |variable: &'static str| {
            let text = optional(variable).unwrap_or_default();
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let minor_units = |variable: &'static str| {
            let value = text(variable)?;
            value
                .parse::<u32>()
                .map(i64::from)
                .map_err(|_| ConfigError { variable, problem: "is not a whole number of minor units".to_owned() })
        };
        Ok(Self {
            tables: Tables {
                accounts: text("ACCOUNTS_TABLE")?,
                catalog: text("CATALOG_TABLE")?,
                orders: text("ORDERS_TABLE")?,
                prescriptions: text("PRESCRIPTIONS_TABLE")?,
                audit: text("AUDIT_TABLE")?,
                guard: text("GUARD_TABLE")?,
            },
            media_bucket: text("MEDIA_BUCKET")?,
            scans_bucket: text("SCANS_BUCKET")?,
            media_base_url: text("MEDIA_BASE_URL")?.trim_end_matches('/').to_owned(),
            region: text("AWS_REGION")?,
            aws_endpoint: optional("AWS_ENDPOINT_URL"),
            ca_bundle: optional("AWS_CA_BUNDLE"),
            user_pool_id: text("USER_POOL_ID")?,
            user_pool_client_id: text("USER_POOL_CLIENT_ID")?,
            hosted_ui_url: optional("HOSTED_UI_URL"),
            social_providers: list("SOCIAL_PROVIDERS"),
            social_redirect_uris: list("SOCIAL_REDIRECT_URIS"),
            cursor_key: Secret(text("CURSOR_KEY")?),
            sealing_key: Secret(text("SEALING_KEY")?),
            sender_address: optional("SENDER_ADDRESS"),
            fixed_codes: optional("FIXED_CODES").as_deref() == Some("true") && cfg!(debug_assertions),
            currency: Currency::parse(&text("CURRENCY")?)
                .map_err(|invalid| ConfigError { variable: "CURRENCY", problem: invalid.to_string() })?,
            delivery_fee: minor_units("DELIVERY_FEE")?,
            free_delivery_from: minor_units("FREE_DELIVERY_FROM")?,
            prescription_retention_years: {
                let variable = "PRESCRIPTION_RETENTION_YEARS";
                let problem = || "is not a whole number of years".to_owned();
                text(variable)?.parse().map_err(|_| ConfigError { variable, problem: problem() })?
            },
            uncovered_order_hours: text("UNCOVERED_ORDER_HOURS")?.parse().ok().filter(|hours| *hours > 0).ok_or(
                ConfigError {
                    variable: "UNCOVERED_ORDER_HOURS",
                    problem: "is not a whole number of hours from 1".to_owned(),
                },
            )?,
            address_limit_factor: text("ADDRESS_LIMIT_FACTOR")?
                .parse::<u32>()
                .ok()
                .filter(|factor| *factor > 0)
                .ok_or(ConfigError {
                    variable: "ADDRESS_LIMIT_FACTOR",
                    problem: "is not a whole number from 1".to_owned(),
                })?,
            allowed_origins: text("ALLOWED_ORIGINS")?.split(',').map(|origin| origin.trim().to_owned()).collect(),
            staff_mfa_required: match text("STAFF_MFA_REQUIRED")?.as_str() {
                "true" => true,
                "false" => false,
                _ => {
                    let problem = "is neither true nor false".to_owned();
                    return Err(ConfigError { variable: "STAFF_MFA_REQUIRED", problem });
                }
            },
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

    pub(in crate::platform) fn environment(name: &str) -> Option<String> {
        let value = match name {
            "AWS_REGION" => "eu-west-1",
            "CURRENCY" => "USD",
            "DELIVERY_FEE" => "499",
            "FREE_DELIVERY_FROM" => "5000",
            "ADDRESS_LIMIT_FACTOR" => "1",
            "STAFF_MFA_REQUIRED" => "true",
            "PRESCRIPTION_RETENTION_YEARS" => "5",
            "UNCOVERED_ORDER_HOURS" => "72",
            "MEDIA_BASE_URL" => "https://media.example/",
            "AWS_ENDPOINT_URL" | "AWS_CA_BUNDLE" => return None,
            other => other,
        };
        Some(value.to_owned())
    }

    #[test]
    fn a_whole_environment_is_read() {
        let config = Config::from_lookup(environment).unwrap();
        assert_eq!(config.delivery_fee, 499);
        assert_eq!(config.media_base_url, "https://media.example");
        assert_eq!(config.issuer(), "https://cognito-idp.eu-west-1.amazonaws.com/USER_POOL_ID");
    }

    #[test]
    fn each_missing_variable_is_named() {
        for missing in ["ORDERS_TABLE", "CURSOR_KEY", "USER_POOL_ID", "CURRENCY", "DELIVERY_FEE", "AWS_REGION"] {
            let error = Config::from_lookup(|name| (name != missing).then(|| environment(name)).flatten()).unwrap_err();
            assert!(error.to_string().contains(missing), "{error}");
        }
    }

    #[test]
    fn a_malformed_variable_is_named() {
        let error =
            Config::from_lookup(
                |name| {
                    if name == "DELIVERY_FEE" { Some("4.99".to_owned()) } else { environment(name) }
                },
            );
        assert!(error.unwrap_err().to_string().contains("DELIVERY_FEE"));
    }

    #[test]
    fn lists_may_be_empty() {
        let with = |uris: &'static str| {
            let lookup = |name: &str| match name {
                "SOCIAL_PROVIDERS" => Some(String::new()),
                "SOCIAL_REDIRECT_URIS" => Some(uris.to_owned()),
                other => environment(other),
            };
            Config::from_lookup(lookup).unwrap()
        };
        assert!(with("").social_providers.is_empty() && with("").social_redirect_uris.is_empty());
        assert_eq!(with("https://a.example/in, app:/in").social_redirect_uris, ["https://a.example/in", "app:/in"]);
    }

    #[test]
    fn codes_are_fixed_for_whom_it_was_asked_and_in_debug_builds_alone() {
        let with = |value: &'static str| {
            let lookup = |name: &str| if name == "FIXED_CODES" { Some(value.to_owned()) } else { environment(name) };
            Config::from_lookup(lookup).unwrap().fixed_codes
        };
        assert_eq!((with("true"), with("")), (cfg!(debug_assertions), false));
    }

    #[test]
    fn a_secret_stays_out_of_the_log() {
        assert!(!format!("{:?}", Config::from_lookup(environment).unwrap()).contains("CURSOR_KEY"));
    }
}
