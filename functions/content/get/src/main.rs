//! The Lambda function `content-get`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&content_get::ENDPOINT)
}
