//! What PayPal knows us by, and what its events are addressed to.

use serde::Deserialize;

use crate::platform::config::Secret;

/// The most webhooks: two, while one is replaced by another.
const MAX_WEBHOOKS: usize = 2;

/// Our keys.
#[derive(Clone, Debug)]
pub struct PayPalKeys {
    /// The app's client id.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: Secret,
    /// The ids of our webhooks, which stand in what PayPal signs.
    pub webhook_ids: Vec<String>,
    /// The authority that signs for a stand-in for PayPal, as PEM; heeded only where one is configured.
    pub webhook_authority: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    client_id: String,
    client_secret: String,
    webhook_ids: Vec<String>,
    webhook_authority: Option<String>,
}

impl PayPalKeys {
    /// Reads the secret as it is stored: `{"client_id": "A…", "client_secret": "E…", "webhook_ids": ["8PT…"]}`.
    ///
    /// # Errors
    /// What is wrong with it, without anything of it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let stored: Stored = serde_json::from_str(text)
            .map_err(|_| "expected an object with client_id, client_secret and webhook_ids")?;
        let visible = |text: &String| text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible(&stored.client_id) || stored.client_id.contains(':') {
            return Err("client_id is not the id of an app");
        }
        if !visible(&stored.client_secret) {
            return Err("client_secret is not the secret of an app");
        }
        let good = |id: &String| visible(id) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !(1..=MAX_WEBHOOKS).contains(&stored.webhook_ids.len()) || !stored.webhook_ids.iter().all(good) {
            return Err("webhook_ids are not the ids of one or two webhooks");
        }
        Ok(Self {
            client_id: stored.client_id,
            client_secret: Secret::new(stored.client_secret),
            webhook_ids: stored.webhook_ids,
            webhook_authority: stored.webhook_authority,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_never_shown() {
        let text =
            r#"{"client_id": "client-id", "client_secret": "hidden-secret", "webhook_ids": ["8PT597110X687430L"]}"#;
        let keys = PayPalKeys::parse(text).unwrap();
        assert_eq!((keys.client_id.as_str(), keys.webhook_ids.len()), ("client-id", 1));
        assert!(!format!("{keys:?}").contains("hidden"));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for wrong in [
            "",
            r#"{"client_id": "client-id", "client_secret": "hidden-secret"}"#,
            r#"{"client_id": "client:id", "client_secret": "hidden-secret", "webhook_ids": ["8PT597110X687430L"]}"#,
            r#"{"client_id": "client-id", "client_secret": "hidden secret", "webhook_ids": ["8PT597110X687430L"]}"#,
            r#"{"client_id": "client-id", "client_secret": "hidden-secret", "webhook_ids": []}"#,
            r#"{"client_id": "client-id", "client_secret": "hidden-secret", "webhook_ids": ["8PT597|10X687430L"]}"#,
            r#"{"client_id": "client-id", "client_secret": "hidden-secret", "webhook_ids": ["aaaaaaaa", "bbbbbbbb", "cccccccc"]}"#,
            r#"{"client_id": "client-id", "client_secret": "hidden-secret", "webhook_ids": ["8PT597110X687430L"], "more": 1}"#,
        ] {
            let said = PayPalKeys::parse(wrong).unwrap_err();
            assert!(!said.contains("hidden"), "{said}");
        }
    }
}
