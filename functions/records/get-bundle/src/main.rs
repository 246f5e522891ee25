//! The Lambda function `records-get-bundle`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_get_bundle::ENDPOINT)
}
