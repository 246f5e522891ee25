//! The Lambda function `records-export`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_export::ENDPOINT)
}
