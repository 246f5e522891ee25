//! The Lambda function `content-versions`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&content_versions::ENDPOINT)
}
