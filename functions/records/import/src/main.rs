//! The Lambda function `records-import`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_import::ENDPOINT)
}
