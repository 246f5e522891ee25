//! The Lambda function `records-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_list::ENDPOINT)
}
