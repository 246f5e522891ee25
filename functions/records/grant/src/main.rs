//! The Lambda function `records-grant`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_grant::ENDPOINT)
}
