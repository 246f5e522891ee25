//! The Lambda function `webhooks-deliveries`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&webhooks_deliveries::ENDPOINT)
}
