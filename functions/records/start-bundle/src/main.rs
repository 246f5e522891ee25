//! The Lambda function `records-start-bundle`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_start_bundle::ENDPOINT)
}
