//! The Lambda function `webhooks-remove`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&webhooks_remove::ENDPOINT)
}
