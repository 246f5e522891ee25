//! Access tokens as Cognito issues them, and forged ones: every header and claim is the test's to choose.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};
use shared::identity::Role;
use shared::platform::clock::Timestamp;
use shared::platform::config::Config;
use shared::platform::ids::UserId;

static KEYS: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

/// The issuer whose keys the App of a [`World`](crate::World) trusts.
#[derive(Clone, Debug)]
pub struct Issuer {
    issuer: String,
    client_id: String,
}

/// The `n`th person of a test, always the same.
pub fn user(n: u32) -> UserId {
    UserId::parse(&format!("00000000-0000-4000-8000-{n:012x}")).unwrap()
}

impl Issuer {
    pub(crate) fn new(config: &Config) -> Self {
        Self { issuer: config.issuer(), client_id: config.user_pool_client_id.clone() }
    }

    /// The public half, as the pool's JWKS document has it.
    pub fn jwks() -> JwkSet {
        let public: PublicKeyComponents<Vec<u8>> = PublicKeyComponents::from(KEYS.public_key());
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        serde_json::from_value(json!({"keys": [{
            "kid": "test-key", "kty": "RSA", "alg": "RS256", "use": "sig",
            "n": part(&public.n), "e": part(&public.e),
        }]}))
        .unwrap()
    }

    /// The claims of a good access token, to be altered.
    pub fn claims(&self, user: &UserId, roles: &[Role], session: &str, now: Timestamp) -> Value {
        json!({
            "sub": user, "iss": self.issuer, "client_id": self.client_id, "token_use": "access", "username": user,
            "scope": "aws.cognito.signin.user.admin", "jti": "jti", "origin_jti": session,
            "cognito:groups": roles.iter().map(|role| role.group()).collect::<Vec<_>>(),
            "auth_time": now.seconds(), "iat": now.seconds(), "exp": now.seconds() + 900,
        })
    }

    /// Signs any header and claims with the trusted key.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; KEYS.public_modulus_len()];
        KEYS.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A good access token.
    pub fn token(&self, user: &UserId, roles: &[Role], session: &str, now: Timestamp) -> String {
        self.sign(&json!({"alg": "RS256", "kid": "test-key"}), &self.claims(user, roles, session, now))
    }

    /// Whose token it is, whoever signed it.
    pub fn subject(&self, token: &str) -> Option<String> {
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
        let claims: Value = serde_json::from_slice(&claims).ok()?;
        claims["sub"].as_str().map(str::to_owned)
    }
}
