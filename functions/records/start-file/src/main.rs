//! The Lambda function `records-start-file`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&records_start_file::ENDPOINT)
}
