//! What Stripe knows us by, and what its events are signed with.

use serde::Deserialize;

use crate::platform::config::Secret;

/// The most secrets of webhooks: two, while one is replaced by another.
const MAX_SECRETS: usize = 2;

/// Our keys.
#[derive(Clone, Debug)]
pub struct StripeKeys {
    /// `sk_…` or `rk_…`.
    pub secret_key: Secret,
    /// `whsec_…`.
    pub webhook_secrets: Vec<Secret>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    secret_key: String,
    webhook_secrets: Vec<String>,
}

impl StripeKeys {
    /// Reads the secret as it is stored: `{"secret_key": "sk_…", "webhook_secrets": ["whsec_…"]}`.
    ///
    /// # Errors
    /// What is wrong with it, without anything of it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let stored: Stored =
            serde_json::from_str(text).map_err(|_| "expected an object with secret_key and webhook_secrets")?;
        let visible = |text: &String| text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !["sk_", "rk_"].iter().any(|prefix| stored.secret_key.starts_with(prefix)) || !visible(&stored.secret_key) {
            return Err("secret_key is not a key such as sk_…");
        }
        let good = |secret: &String| secret.starts_with("whsec_") && visible(secret);
        if !(1..=MAX_SECRETS).contains(&stored.webhook_secrets.len()) || !stored.webhook_secrets.iter().all(good) {
            return Err("webhook_secrets are not one or two secrets such as whsec_…");
        }
        Ok(Self {
            secret_key: Secret::new(stored.secret_key),
            webhook_secrets: stored.webhook_secrets.into_iter().map(Secret::new).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_never_shown() {
        let keys = StripeKeys::parse(r#"{"secret_key": "sk_test_1", "webhook_secrets": ["whsec_1x", "whsec_2x"]}"#);
        let keys = keys.unwrap();
        assert_eq!(keys.webhook_secrets.len(), 2);
        assert!(!format!("{keys:?}").contains("test_1"));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for wrong in [
            "",
            "sk_test_1",
            r#"{"secret_key": "sk_test_1"}"#,
            r#"{"secret_key": "pk_test_1", "webhook_secrets": ["whsec_1x"]}"#,
            r#"{"secret_key": "sk_test_1\n", "webhook_secrets": ["whsec_1x"]}"#,
            r#"{"secret_key": "sk_test_1", "webhook_secrets": []}"#,
            r#"{"secret_key": "sk_test_1", "webhook_secrets": ["test_1xxx"]}"#,
            r#"{"secret_key": "sk_test_1", "webhook_secrets": ["whsec_1x", "whsec_2x", "whsec_3x"]}"#,
            r#"{"secret_key": "sk_test_1", "webhook_secrets": ["whsec_1x"], "more": 1}"#,
        ] {
            let said = StripeKeys::parse(wrong).unwrap_err();
            assert!(!said.contains("test_1"), "{said}");
        }
    }
}
