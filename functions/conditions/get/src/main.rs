//! The Lambda function `conditions-get`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&conditions_get::ENDPOINT)
}
