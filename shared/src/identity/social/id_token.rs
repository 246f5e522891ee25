//! ID tokens: who somebody is elsewhere, as Cognito has it from the other provider.

use serde::Deserialize;
use serde_json::Value;

use super::provider::Provider;
use crate::accounts::{Email, ExternalIdentity, FullName};
use crate::identity::session::token::TokenVerifier;
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::error::{Error, Kind, Result};

/// Somebody as another provider has described them.
#[derive(Clone, Debug)]
pub(super) struct Described {
    pub(super) provider: Provider,
    pub(super) identity: ExternalIdentity,
    /// What Cognito calls its copy of the description.
    pub(super) pool_name: String,
    /// Only where the provider vouches for it.
    pub(super) email: Option<Email>,
    pub(super) full_name: Option<FullName>,
}

/// The claims that are looked at, each of the type it must have.
#[derive(Deserialize)]
struct Claims {
    aud: String,
    token_use: String,
    exp: i64,
    iat: i64,
    nonce: String,
    #[serde(rename = "cognito:username")]
    pool_name: String,
    identities: Vec<Identity>,
    #[serde(default, rename = "custom:social_email")]
    email: Option<String>,
    #[serde(default, rename = "custom:social_verified")]
    verified: Value,
    #[serde(default, rename = "custom:social_name")]
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    provider_name: String,
    user_id: String,
}

/// How far the issuer's clock may be ahead of ours, in seconds.
const LEEWAY: i64 = 5;

/// Who an ID token is of; nothing where it is not a good one of ours, or was not made for the attempt with `nonce`.
///
/// # Errors
/// 503 when the issuer's keys cannot be had.
pub(super) async fn read(
    verifier: &TokenVerifier,
    token: &str,
    provider: Provider,
    nonce: &str,
    now: Timestamp,
) -> Result<Option<Described>> {
    match verifier.signed::<Claims>(token, now).await {
        Ok(claims) => Ok(check(claims, verifier.client_id(), nonce, now).then_described(provider)),
        Err(error) if error.kind() == Kind::Unauthenticated => refused(&error),
        Err(error) => Err(error),
    }
}

fn refused(error: &Error) -> Result<Option<Described>> {
    tracing::warn!(error.cause = error.cause(), "an ID token was refused");
    Ok(None)
}

/// Claims that hold.
struct Checked(Option<Claims>);

fn check(claims: Claims, client_id: &str, nonce: &str, now: Timestamp) -> Checked {
    let good = claims.token_use == "id"
        && claims.aud == client_id
        && claims.exp > now.seconds()
        && claims.iat <= now.seconds() + LEEWAY
        && crypto::equal(claims.nonce.as_bytes(), nonce.as_bytes());
    Checked(good.then_some(claims))
}

impl Checked {
    fn then_described(self, provider: Provider) -> Option<Described> {
        let claims = self.0?;
        // Cognito's copy of one person elsewhere has that one identity. Another provider's, or several, is not what this
        // attempt was about.
        let [identity] = claims.identities.as_slice() else { return None };
        if identity.provider_name != provider.pool_name() || identity.user_id.is_empty() {
            return None;
        }
        let verified = provider.vouches_for_addresses() && says_yes(&claims.verified);
        Some(Described {
            provider,
            identity: ExternalIdentity::new(provider.name(), &identity.user_id),
            pool_name: claims.pool_name,
            email: claims.email.filter(|_| verified).and_then(|email| Email::parse(&email).ok()),
            full_name: claims.name.and_then(|name| FullName::parse(&name).ok()),
        })
    }
}

/// Attributes of one's own are text in Cognito.
fn says_yes(verified: &Value) -> bool {
    match verified {
        Value::Bool(verified) => *verified,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims() -> Value {
        json!({
            "aud": "client", "token_use": "id", "exp": 900, "iat": 0, "nonce": "n", "cognito:username": "Google_1",
            "identities": [{"providerName": "Google", "userId": "1", "providerType": "Google", "primary": "true"}],
            "custom:social_email": "Anna@Example.org", "custom:social_verified": "true", "custom:social_name": "Anna",
        })
    }

    fn described(claims: Value, provider: Provider) -> Option<Described> {
        check(serde_json::from_value(claims).ok()?, "client", "n", Timestamp::from_millis(0)).then_described(provider)
    }

    #[test]
    fn a_good_token_describes_somebody() {
        let anna = described(claims(), Provider::Google).unwrap();
        assert_eq!(anna.identity, ExternalIdentity::new("google", "1"));
        assert_eq!(anna.email, Some(Email::parse("anna@example.org").unwrap()));
        assert_eq!(anna.full_name, Some(FullName::parse("Anna").unwrap()));
    }

    #[test]
    fn only_what_this_attempt_was_about_is_believed() {
        let identity = |provider: &str, id: &str| json!({"providerName": provider, "userId": id});
        for (name, value) in [
            ("aud", json!("another")),
            ("aud", json!(["client"])),
            ("token_use", json!("access")),
            ("exp", json!(0)),
            ("exp", json!("900")),
            ("iat", json!(6)),
            ("nonce", json!("another")),
            ("nonce", json!("")),
            ("nonce", Value::Null),
            ("identities", json!([])),
            ("identities", Value::Null),
            ("identities", json!([identity("Facebook", "1")])),
            ("identities", json!([identity("google", "1")])),
            ("identities", json!([identity("Google", "")])),
            ("identities", json!([identity("Google", "1"), identity("Facebook", "1")])),
            ("identities", json!([{"providerName": "Google", "userId": 1}])),
        ] {
            let mut forged = claims();
            forged[name] = value.clone();
            assert!(described(forged, Provider::Google).is_none(), "{name} {value}");
        }
        assert!(described(claims(), Provider::Facebook).is_none());
    }

    #[test]
    fn an_address_counts_only_where_it_is_vouched_for() {
        for (verified, counts) in [
            (json!("true"), true),
            (json!("True"), true),
            (json!(true), true),
            (json!("false"), false),
            (json!(false), false),
            (json!("1"), false),
            (json!(1), false),
            (Value::Null, false),
        ] {
            let mut token = claims();
            token["custom:social_verified"] = verified.clone();
            assert_eq!(described(token, Provider::Google).unwrap().email.is_some(), counts, "{verified}");
        }
        let mut of_facebook = claims();
        of_facebook["identities"] = json!([{"providerName": "Facebook", "userId": "1"}]);
        assert_eq!(described(of_facebook, Provider::Facebook).unwrap().email, None);
        // Cyrillic а, which looks like the Latin one.
        let mut look_alike = claims();
        look_alike["custom:social_email"] = json!("аnna@example.org");
        assert_eq!(described(look_alike, Provider::Google).unwrap().email, None);
    }
}
