//! What eSewa knows us by, and what both sides sign with.

use serde::Deserialize;

use crate::platform::config::Secret;

/// Our keys.
#[derive(Clone, Debug)]
pub struct EsewaKeys {
    /// The merchant's code.
    pub product_code: String,
    /// What is signed with.
    pub secret_key: Secret,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    product_code: String,
    secret_key: String,
}

impl EsewaKeys {
    /// Reads the secret as it is stored: `{"product_code": "EPAYTEST", "secret_key": "…"}`.
    ///
    /// # Errors
    /// What is wrong with it, without anything of it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let stored: Stored =
            serde_json::from_str(text).map_err(|_| "expected an object with product_code and secret_key")?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if !(1..=64).contains(&stored.product_code.len()) || !stored.product_code.bytes().all(plain) {
            return Err("product_code is not the code of a merchant");
        }
        if stored.secret_key.len() < 8 || !stored.secret_key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("secret_key is not a key");
        }
        Ok(Self { product_code: stored.product_code, secret_key: Secret::new(stored.secret_key) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_never_shown() {
        let keys = EsewaKeys::parse(r#"{"product_code": "EPAYTEST", "secret_key": "8gBm/:&EnhH.1/q"}"#).unwrap();
        assert_eq!(keys.product_code, "EPAYTEST");
        assert!(!format!("{keys:?}").contains("8gBm"));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for wrong in [
            "",
            r#"{"product_code": "EPAYTEST"}"#,
            r#"{"product_code": "EPAY,TEST", "secret_key": "hidden-key"}"#,
            r#"{"product_code": "", "secret_key": "hidden-key"}"#,
            r#"{"product_code": "EPAYTEST", "secret_key": "hidden key"}"#,
            r#"{"product_code": "EPAYTEST", "secret_key": "hidden-key", "more": 1}"#,
        ] {
            let said = EsewaKeys::parse(wrong).unwrap_err();
            assert!(!said.contains("hidden"), "{said}");
        }
    }
}
