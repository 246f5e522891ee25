//! The way to AWS: whose credentials, which certificates, how long a call may take.
//!
//! Made from parts, not by `aws_config::defaults()`: a Lambda function always has its credentials in its environment, so
//! the chain that looks for profiles, containers and instances would only cost start-up and weight.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::dns::ResolveDns;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::config::{Config, ConfigError};

/// The roots of Amazon Trust Services, which sign for every endpoint of AWS (<https://www.amazontrust.com/repository/>):
/// five to read at start, where the machine's own store has a hundred and fifty.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");

/// Roots that sign for payment providers, of Mozilla's store. Providers advise against trusting one authority alone, since they
/// change it without notice: these are the large public ones.
pub(crate) const PUBLIC_ROOTS: &[u8] = include_bytes!("public_roots.pem");

/// How the clients reach AWS from a Lambda function.
///
/// # Errors
/// `AWS_CA_BUNDLE` names a file that cannot be read or holds no certificate.
pub fn sdk_config(config: &Config) -> Result<SdkConfig, ConfigError> {
    // A call that hangs must fail early enough for one more attempt within the function's own time limit.
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(2))
        .operation_timeout(Duration::from_secs(6))
        .build();
    let mut sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(config.region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
        .http_client(http_client(config, AMAZON_ROOTS)?)
        .sleep_impl(TokioSleep::new())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(3));
    sdk.set_endpoint_url(config.aws_endpoint.clone());
    Ok(sdk.build())
}

/// How payment providers are reached: as AWS is, but trusting the authorities that sign for them.
///
/// # Errors
/// `AWS_CA_BUNDLE` names a file that cannot be read or holds no certificate.
pub fn outside_config(config: &Config, sdk: &SdkConfig) -> Result<SdkConfig, ConfigError> {
    // The local peer speaks plain HTTP, and so needs no roots.
    if config.has_stand_ins() {
        return Ok(sdk.clone());
    }
    Ok(sdk.to_builder().http_client(http_client(config, PUBLIC_ROOTS)?).build())
}

/// A client for addresses that others have named, which trusts public authorities and connects to nothing that `resolver` does not find.
///
/// # Errors
/// `AWS_CA_BUNDLE` names a file that cannot be read or holds no certificate.
pub fn public_client<R: ResolveDns + Clone + 'static>(
    config: &Config,
    resolver: R,
) -> Result<SharedHttpClient, ConfigError> {
    let bundle = config.ca_bundle.as_deref().map(read_bundle).transpose()?;
    let context = tls_context(bundle.unwrap_or_else(|| PUBLIC_ROOTS.to_vec()))?;
    let builder = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    Ok(builder.tls_context(context).build_with_resolver(resolver))
}

fn tls_context(roots: Vec<u8>) -> Result<TlsContext, ConfigError> {
    let store = TrustStore::empty().with_pem_certificate(roots);
    let context = TlsContext::builder().with_trust_store(store).build();
    context.map_err(|error| ConfigError::new("AWS_CA_BUNDLE", error.to_string()))
}

fn http_client(config: &Config, roots: &[u8]) -> Result<SharedHttpClient, ConfigError> {
    let bundle = config.ca_bundle.as_deref().map(read_bundle).transpose()?;
    let context = tls_context(bundle.unwrap_or_else(|| roots.to_vec()))?;
    let builder = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    Ok(builder.tls_context(context).build_https())
}

fn read_bundle(path: &str) -> Result<Vec<u8>, ConfigError> {
    let refuse = |problem: String| ConfigError::new("AWS_CA_BUNDLE", problem);
    let bytes = std::fs::read(path).map_err(|error| refuse(format!("{path} cannot be read: {error}")))?;
    // What else is wrong with them shows at the first connection.
    let holds_one = String::from_utf8_lossy(&bytes).contains("-----BEGIN CERTIFICATE-----");
    holds_one.then_some(bytes).ok_or_else(|| refuse(format!("{path} holds no certificate")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::tests::environment;

    fn with_bundle(path: &str) -> Result<SdkConfig, ConfigError> {
        let lookup = |name: &str| if name == "AWS_CA_BUNDLE" { Some(path.to_owned()) } else { environment(name) };
        sdk_config(&Config::from_lookup(lookup).unwrap())
    }

    #[test]
    fn a_bundle_that_is_none_is_named_at_start() {
        assert!(with_bundle("/nowhere.pem").unwrap_err().to_string().contains("AWS_CA_BUNDLE: /nowhere.pem"));
        let here = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(with_bundle(here).unwrap_err().to_string().contains("holds no certificate"));
        assert!(with_bundle(concat!(env!("CARGO_MANIFEST_DIR"), "/src/platform/amazon_roots.pem")).is_ok());
    }

    #[test]
    fn providers_are_reached_by_public_authorities() {
        assert_eq!(String::from_utf8_lossy(PUBLIC_ROOTS).matches("BEGIN CERTIFICATE").count(), 23);
        let config = Config::from_lookup(environment).unwrap();
        let sdk = sdk_config(&config).unwrap();
        assert!(outside_config(&config, &sdk).is_ok(), "every root is read");
    }

    #[test]
    fn the_roots_are_amazons_five() {
        assert_eq!(String::from_utf8_lossy(AMAZON_ROOTS).matches("BEGIN CERTIFICATE").count(), 5);
    }
}
