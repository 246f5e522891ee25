//! The two questions that are asked of KMS: a new key for a consultation, and what a wrapped one is.

use aws_config::SdkConfig;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ConsultationId;
use crate::platform::signed_call::{Target, call};

/// KMS, and the key that wraps those of consultations.
#[derive(Clone, Debug)]
pub struct Kms {
    sdk: SdkConfig,
    clock: Clock,
    region: String,
    endpoint: Option<String>,
    key: String,
}

/// A new key: itself, and as KMS has wrapped it, in base64.
pub(super) struct NewKey {
    pub(super) key: Zeroizing<[u8; 32]>,
    pub(super) wrapped: String,
}

impl Kms {
    /// As the configuration says.
    pub fn new(config: &Config, sdk: &SdkConfig, clock: Clock) -> Self {
        let (region, endpoint) = (config.region.clone(), config.aws_endpoint.clone());
        Self { sdk: sdk.clone(), clock, region, endpoint, key: config.chat_key.clone() }
    }

    /// A new key for a consultation, bound to it.
    ///
    /// # Errors
    /// 503 where KMS does not answer or gives none.
    pub(super) async fn generate(&self, consultation: ConsultationId) -> Result<NewKey> {
        let question = json!({"KeyId": self.key, "KeySpec": "AES_256", "EncryptionContext": context(consultation)});
        let mut answer = self.ask("TrentService.GenerateDataKey", &question).await?;
        let key = plaintext(&mut answer)?;
        let wrapped = answer.get("CiphertextBlob").and_then(Value::as_str).map(str::to_owned);
        Ok(NewKey { key, wrapped: wrapped.ok_or_else(no_key)? })
    }

    /// A key of a consultation, as KMS has wrapped it.
    ///
    /// # Errors
    /// 503 where KMS does not answer or opens nothing.
    pub(super) async fn unwrap(&self, consultation: ConsultationId, wrapped: &str) -> Result<Zeroizing<[u8; 32]>> {
        let question =
            json!({"KeyId": self.key, "CiphertextBlob": wrapped, "EncryptionContext": context(consultation)});
        plaintext(&mut self.ask("TrentService.Decrypt", &question).await?)
    }

    /// A disabled key, a missing right, a context that is not the key's: whatever it is, nothing is read or written.
    async fn ask(&self, operation: &'static str, question: &Value) -> Result<Value> {
        let target = Target { service: "kms", operation, region: &self.region, endpoint: self.endpoint.as_deref() };
        call(&self.sdk, target, question, self.clock.now().to_system()).await
    }
}

fn no_key() -> Error {
    Error::unavailable("KMS answers with something that is no key")
}

/// Takes the key out of an answer, so that it does not stay there.
fn plaintext(answer: &mut Value) -> Result<Zeroizing<[u8; 32]>> {
    let Some(Value::String(text)) = answer.get_mut("Plaintext").map(Value::take) else { return Err(no_key()) };
    let text = Zeroizing::new(text);
    let bytes = Zeroizing::new(STANDARD.decode(text.as_str()).map_err(|_| no_key())?);
    Ok(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| no_key())?))
}

/// What a key is bound to; without it KMS opens nothing.
fn context(consultation: ConsultationId) -> Value {
    json!({"consultation": consultation, "purpose": "chat"})
}
