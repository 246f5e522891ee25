//! The Lambda function `records-add`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_add::ENDPOINT)
}
