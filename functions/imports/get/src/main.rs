//! The Lambda function `imports-get`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&imports_get::ENDPOINT)
}
