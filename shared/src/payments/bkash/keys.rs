//! What bKash knows us by.

use serde::Deserialize;

use super::notice::Topic;
use crate::platform::config::Secret;

/// Our keys.
#[derive(Clone, Debug)]
pub struct BkashKeys {
    /// The app's key.
    pub app_key: String,
    /// The app's secret.
    pub app_secret: Secret,
    /// The merchant's name.
    pub username: String,
    /// The merchant's password.
    pub password: Secret,
    /// The topic of Amazon's notification service by which bKash tells us of payments; without it nothing is listened to.
    pub topic: Option<Topic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    app_key: String,
    app_secret: String,
    username: String,
    password: String,
    topic_arn: Option<String>,
}

impl BkashKeys {
    /// Reads the secret as it is stored: `{"app_key": "…", "app_secret": "…", "username": "…", "password": "…"}`, and
    /// `"topic_arn"` where bKash's events are listened to.
    ///
    /// # Errors
    /// What is wrong with it, without anything of it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let Stored { app_key, app_secret, username, password, topic_arn } = serde_json::from_str(text)
            .map_err(|_| "expected an object with app_key, app_secret, username and password")?;
        let visible = |text: &String| text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_graphic());
        if ![&app_key, &app_secret, &username, &password].into_iter().all(visible) {
            return Err("a member is too short, or has characters that cannot be seen");
        }
        let topic = topic_arn.map(|arn| Topic::parse(&arn).ok_or("topic_arn is not the ARN of a topic")).transpose()?;
        let (app_secret, password) = (Secret::new(app_secret), Secret::new(password));
        Ok(Self { app_key, app_secret, username, password, topic })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_never_shown() {
        let text =
            r#"{"app_key": "app-key", "app_secret": "hidden-1", "username": "merchant", "password": "hidden-2"}"#;
        let keys = BkashKeys::parse(text).unwrap();
        assert_eq!((keys.username.as_str(), &keys.topic), ("merchant", &None));
        assert!(!format!("{keys:?}").contains("hidden"));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for wrong in [
            "",
            r#"{"app_key": "app-key", "app_secret": "hidden-1", "username": "merchant"}"#,
            r#"{"app_key": "app-key", "app_secret": "hidden 1", "username": "merchant", "password": "hidden-2"}"#,
            r#"{"app_key": "app", "app_secret": "hidden-1", "username": "merchant", "password": "hidden-2"}"#,
            r#"{"app_key": "app-key", "app_secret": "hidden-1", "username": "merchant", "password": "hidden-2", "topic_arn": "bkash"}"#,
        ] {
            let said = BkashKeys::parse(wrong).unwrap_err();
            assert!(!said.contains("hidden"), "{said}");
        }
    }
}
