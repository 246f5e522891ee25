//! The Lambda function `content-review`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&content_review::ENDPOINT)
}
