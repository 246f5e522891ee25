//! The Lambda function `webhooks-redeliver`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&webhooks_redeliver::ENDPOINT)
}
