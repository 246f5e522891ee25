//! The issuer's public keys (JWKS), fetched when needed and kept.

use std::collections::HashMap;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, JwkSet};
use tokio::sync::Mutex;

use crate::identity::session::published_keys::FollowedIssuer;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::plain_http::{self, CONNECT_TIMEOUT};

/// Between two fetches that an unknown key id asks for.
const REFETCH_AFTER: Duration = Duration::from_mins(1);
/// The same as long as no key is known: a start must not fail for a minute because one call has.
const FIRST_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Where keys come from.
#[derive(Debug)]
pub enum KeySource {
    /// The issuer's JWKS document.
    Url(Operation<(), JwkSet, FetchError>),
    /// Keys at hand, for tests.
    Fixed(JwkSet),
}

/// Why a JWKS document could not be read.
#[derive(Debug)]
pub struct FetchError(String);

impl std::fmt::Display for FetchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the issuer's keys: {}", self.0)
    }
}

impl std::error::Error for FetchError {}

impl KeySource {
    /// The document at `path` of `endpoint`.
    pub fn url(endpoint: &str, path: String, sdk: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(Duration::from_secs(2))
            .build();
        let operation = plain_http::call(sdk, "jwks", "fetch", endpoint)
            .standard_retry(&RetryConfig::standard().with_max_attempts(2))
            .timeout_config(timeouts)
            .serializer(move |()| {
                let mut request = HttpRequest::new(SdkBody::empty());
                request.set_uri(path.as_str()).map_err(|error| FetchError(error.to_string()))?;
                Ok(request)
            })
            .deserializer(|response: &HttpResponse| {
                if !response.status().is_success() {
                    return Err(OrchestratorError::operation(FetchError(format!(
                        "status {}",
                        response.status().as_u16()
                    ))));
                }
                let bytes = response.body().bytes().unwrap_or_default();
                serde_json::from_slice::<JwkSet>(bytes)
                    .map_err(|error| OrchestratorError::operation(FetchError(error.to_string())))
            });
        Self::Url(operation.build())
    }

    /// Asks for them.
    ///
    /// # Errors
    /// The issuer does not answer.
    pub(in crate::identity) async fn fetch(&self) -> Result<JwkSet> {
        match self {
            Self::Url(operation) => {
                operation.invoke(()).await.map_err(|error| Error::unavailable(format!("{error:?}")))
            }
            Self::Fixed(keys) => Ok(keys.clone()),
        }
    }
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, DecodingKey>,
    /// When the issuer was asked last.
    asked_at: Option<Timestamp>,
    /// Whether it has answered that.
    answered: bool,
    /// Which of the published keys these are, where they come from there.
    published: Option<Timestamp>,
}

/// The keys seen so far.
pub(in crate::identity) struct Keys {
    source: KeySource,
    followed: FollowedIssuer,
    known: Mutex<Known>,
}

impl Keys {
    pub(in crate::identity) fn new(source: KeySource) -> Self {
        Self { source, followed: FollowedIssuer::default(), known: Mutex::default() }
    }

    /// Takes the keys that are published for all functions before it asks the issuer.
    pub(in crate::identity) fn follow(&mut self, followed: FollowedIssuer) {
        self.followed = followed;
    }

    /// Where the keys come from.
    pub(in crate::identity) fn source(&self) -> &KeySource {
        &self.source
    }

    /// The key with this id. One that is not known is looked for at the issuer, at most once a minute, whether it answers or
    /// not. Where it has not, nobody can tell whose key it is.
    pub(in crate::identity) async fn find(&self, id: &str, now: Timestamp) -> Result<Option<DecodingKey>> {
        let mut known = self.known.lock().await;
        if let Some(key) = known.keys.get(id) {
            return Ok(Some(key.clone()));
        }
        if let Some(published) = self.followed.get().filter(|published| known.published != Some(published.at)) {
            known.learn(&published.keys);
            known.published = Some(published.at);
            if let Some(key) = known.keys.get(id) {
                return Ok(Some(key.clone()));
            }
        }
        let wait = if known.keys.is_empty() { FIRST_AGAIN_AFTER } else { REFETCH_AFTER };
        if known.asked_at.is_none_or(|at| now.since(at) >= wait) {
            // Before the call, which may take its time or not come back.
            known.asked_at = Some(now);
            known.answered = false;
            known.fetch(&self.source, now).await?;
        }
        if known.answered {
            Ok(known.keys.get(id).cloned())
        } else {
            Err(Error::unavailable("the issuer has not answered when it was asked for its keys"))
        }
    }

    /// Fetches the keys before anybody asks for one, where none are published. Where that fails, the first who asks tries
    /// again.
    pub(in crate::identity) async fn warm_up(&self, now: Timestamp) -> Result<()> {
        if self.followed.get().is_some() {
            return Ok(());
        }
        self.known.lock().await.fetch(&self.source, now).await
    }
}

impl Known {
    fn learn(&mut self, keys: &JwkSet) {
        self.keys = keys.keys.iter().filter_map(usable).collect();
    }

    async fn fetch(&mut self, source: &KeySource, now: Timestamp) -> Result<()> {
        let fetched = source.fetch().await?;
        self.learn(&fetched);
        self.asked_at = Some(now);
        self.answered = true;
        Ok(())
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("source", &self.source).finish_non_exhaustive()
    }
}

fn usable(key: &jsonwebtoken::jwk::Jwk) -> Option<(String, DecodingKey)> {
    let id = key.common.key_id.clone()?;
    let AlgorithmParameters::RSA(rsa) = &key.algorithm else { return None };
    Some((id, DecodingKey::from_rsa_components(&rsa.n, &rsa.e).ok()?))
}
