//! The Lambda function `webhooks-put`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&webhooks_put::ENDPOINT)
}
