//! The Lambda function `content-put`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&content_put::ENDPOINT)
}
