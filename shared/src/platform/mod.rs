//! What every area stands on: errors, ids, money, time, configuration, and the doors to DynamoDB and S3.

pub mod aws;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod dynamo;
pub mod error;
pub mod fields;
pub mod idempotency;
pub mod ids;
mod invisible;
mod json;
pub mod json_text;
pub mod latin;
pub mod money;
pub mod objects;
pub mod pictures;
pub mod plain_http;
pub mod precondition;
pub mod role;
pub mod secrets;
pub mod signed_call;
pub mod signed_request;
pub mod signing;
pub mod telemetry;
pub mod text;
pub mod zone;
