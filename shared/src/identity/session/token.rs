//! Access tokens: RS256, from our pool, for our client, unexpired; all else is refused.

use aws_config::SdkConfig;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::identity::caller::Caller;
use crate::identity::role::Role;
use crate::identity::session::keys::{KeySource, Keys};
use crate::identity::session::published_keys::FollowedIssuer;
use crate::platform::clock::Timestamp;
use crate::platform::config::Config;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;

/// The claims that are looked at, each of the type it must have.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    client_id: String,
    token_use: String,
    exp: i64,
    iat: i64,
    origin_jti: String,
    scope: Option<String>,
    #[serde(default, rename = "cognito:groups")]
    groups: Vec<String>,
}

/// What a token is good for that the pool has signed for us: its own calls.
const OUR_SCOPE: &str = "aws.cognito.signin.user.admin";

/// How far the issuer's clock may be ahead of ours, in seconds.
const LEEWAY: i64 = 5;

/// Checks access tokens against the pool's public keys.
#[derive(Debug)]
pub struct TokenVerifier {
    issuer: String,
    client_id: String,
    keys: Keys,
}

impl TokenVerifier {
    /// For the pool and client of `config`; the keys come from the pool's JWKS document.
    pub fn new(config: &Config, sdk: &SdkConfig) -> Self {
        Self::with_keys(config, KeySource::url(&config.jwks_endpoint(), config.jwks_path(), sdk))
    }

    /// The same with keys from anywhere.
    pub fn with_keys(config: &Config, source: KeySource) -> Self {
        Self { issuer: config.issuer(), client_id: config.user_pool_client_id.clone(), keys: Keys::new(source) }
    }

    /// Takes the keys that are published for all functions, before it asks the issuer.
    pub fn follow(&mut self, issuer: FollowedIssuer) {
        self.keys.follow(issuer);
    }

    /// Where the issuer's keys come from.
    pub fn key_source(&self) -> &KeySource {
        self.keys.source()
    }

    /// Fetches the issuer's keys before the first token comes, where none are published.
    ///
    /// # Errors
    /// The issuer does not answer.
    pub async fn warm_up(&self, now: Timestamp) -> Result<()> {
        self.keys.warm_up(now).await
    }

    /// Who the bearer of `token` is.
    ///
    /// # Errors
    /// 401 for any token that is not a good access token of ours; 503 when the issuer's keys cannot be had.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Caller> {
        let claims = self.signed(token, now).await?;
        self.check(claims, now)
    }

    /// The client that tokens must be issued to.
    pub(in crate::identity) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// What a token of the issuer says; what it is for and how long it is good is for the caller to check.
    ///
    /// # Errors
    /// 401 for what the issuer has not signed, or says something else; 503 when the issuer's keys cannot be had.
    pub(in crate::identity) async fn signed<C: DeserializeOwned>(&self, token: &str, now: Timestamp) -> Result<C> {
        let header = decode_header(token).map_err(refused)?;
        if header.alg != Algorithm::RS256 {
            return Err(refused("not RS256"));
        }
        // `jku`, `x5u` and `jwk` of the header are never followed: a key is one of the issuer's, by its id.
        let id = header.kid.ok_or_else(|| refused("no key id"))?;
        let key = self.keys.find(&id, now).await?.ok_or_else(|| refused("unknown key id"))?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["iss", "exp", "sub"]);
        // Access tokens of Cognito have no audience; it and the client are checked by who reads the claims. So is expiry,
        // by the clock that was handed in.
        validation.validate_aud = false;
        validation.validate_exp = false;
        let claims = decode::<Value>(token, &key, &validation).map_err(refused)?.claims;
        // One issuer: the library would take a list with ours in it as well.
        if claims.get("iss").and_then(Value::as_str) != Some(self.issuer.as_str()) {
            return Err(refused("issued by another"));
        }
        serde_json::from_value(claims).map_err(refused)
    }

    fn check(&self, claims: Claims, now: Timestamp) -> Result<Caller> {
        if claims.token_use != "access" {
            return Err(refused("not an access token"));
        }
        if claims.client_id != self.client_id {
            return Err(refused("issued to another client"));
        }
        // The page on which people sign in to other providers gives tokens to anybody, for what is told of them there. Who
        // comes by it signs in here by what its ID token says.
        if claims.scope.is_some_and(|scope| scope.split(' ').all(|one| one != OUR_SCOPE)) {
            return Err(refused("for another use"));
        }
        if claims.exp <= now.seconds() {
            return Err(Error::new(Kind::Unauthenticated, "expired_token", wording::identity::expired_token()));
        }
        if claims.iat > now.seconds() + LEEWAY {
            return Err(refused("issued in the future"));
        }
        Ok(Caller {
            user: UserId::parse(&claims.sub).map_err(refused)?,
            roles: claims.groups.iter().filter_map(|group| Role::of_group(group)).collect(),
            session: claims.origin_jti,
            issued_at: Timestamp::from_millis(claims.iat.saturating_mul(1000)),
        })
    }
}

fn refused(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(Kind::Unauthenticated, "invalid_token", wording::identity::invalid_token()).caused_by(cause)
}
