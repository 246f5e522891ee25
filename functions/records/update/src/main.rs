//! The Lambda function `records-update`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_update::ENDPOINT)
}
