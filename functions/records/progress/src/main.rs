//! The Lambda function `records-progress`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_progress::ENDPOINT)
}
