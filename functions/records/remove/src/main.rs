//! The Lambda function `records-remove`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_remove::ENDPOINT)
}
