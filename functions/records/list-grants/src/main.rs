//! The Lambda function `records-list-grants`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_list_grants::ENDPOINT)
}
