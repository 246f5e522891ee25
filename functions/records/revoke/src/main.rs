//! The Lambda function `records-revoke`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_revoke::ENDPOINT)
}
