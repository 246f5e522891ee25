//! The Lambda function `content-publish`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&content_publish::ENDPOINT)
}
