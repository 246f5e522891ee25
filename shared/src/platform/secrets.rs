//! Secrets that only some functions may read, from AWS Secrets Manager; each is read once and kept.

use std::time::SystemTime;

use aws_config::SdkConfig;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::config::{Config, Secret};
use super::error::{Error, Result};
use super::signed_call::{self, Target};

/// One secret.
#[derive(Debug)]
pub struct StoredSecret {
    sdk: SdkConfig,
    arn: String,
    region: String,
    endpoint: Option<String>,
    value: OnceCell<Secret>,
}

impl StoredSecret {
    /// The secret with this ARN; nothing is read yet.
    pub fn new(sdk: &SdkConfig, config: &Config, arn: &str) -> Self {
        let (region, endpoint) = (config.region.clone(), config.aws_endpoint.clone());
        Self { sdk: sdk.clone(), arn: arn.to_owned(), region, endpoint, value: OnceCell::new() }
    }

    /// Its value.
    ///
    /// # Errors
    /// 503: the function may not read it, or Secrets Manager does not answer; the next call tries again.
    pub async fn get(&self) -> Result<&Secret> {
        self.value.get_or_try_init(|| self.read()).await
    }

    async fn read(&self) -> Result<Secret> {
        let target = Target {
            service: "secretsmanager",
            operation: "secretsmanager.GetSecretValue",
            region: &self.region,
            endpoint: self.endpoint.as_deref(),
        };
        let answer = signed_call::call(&self.sdk, target, &json!({"SecretId": self.arn}), SystemTime::now()).await?;
        let value = answer.get("SecretString").and_then(Value::as_str);
        value.map(Secret::new).ok_or_else(|| Error::unavailable("the secret holds no text"))
    }
}
