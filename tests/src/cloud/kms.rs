//! KMS: data keys that open with the context that they were made with, and with no other.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::http::Reply;

/// The one key.
#[derive(Debug, Default)]
pub struct Kms {
    /// Whether it is disabled.
    pub disabled: bool,
    /// How many questions it was asked.
    pub asked: usize,
}

fn refused(kind: &str) -> Reply {
    Reply::new(400, "application/x-amz-json-1.1", json!({"__type": kind}).to_string().into_bytes())
}

fn answered(body: &Value) -> Reply {
    Reply::new(200, "application/x-amz-json-1.1", body.to_string().into_bytes())
}

impl Kms {
    pub(super) fn answer(&mut self, target: &str, body: &[u8]) -> Reply {
        self.asked += 1;
        if self.disabled {
            return refused("DisabledException");
        }
        let question: Value = serde_json::from_slice(body).unwrap();
        let context = &question["EncryptionContext"];
        if target.ends_with(".GenerateDataKey") {
            let mut key = [0_u8; 32];
            rand::fill(&mut key).unwrap();
            let key = STANDARD.encode(key);
            let wrapped = STANDARD.encode(json!({"key": key, "context": context}).to_string());
            return answered(&json!({"Plaintext": key, "CiphertextBlob": wrapped, "KeyId": question["KeyId"]}));
        }
        let wrapped = STANDARD.decode(question["CiphertextBlob"].as_str().unwrap_or_default()).unwrap_or_default();
        let wrapped: Value = serde_json::from_slice(&wrapped).unwrap_or_default();
        if wrapped["context"] != *context || wrapped["key"].is_null() {
            return refused("InvalidCiphertextException");
        }
        answered(&json!({"Plaintext": wrapped["key"], "KeyId": question["KeyId"]}))
    }
}
