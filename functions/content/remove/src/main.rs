//! The Lambda function `content-remove`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&content_remove::ENDPOINT)
}
