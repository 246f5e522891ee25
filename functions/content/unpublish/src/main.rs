//! The Lambda function `content-unpublish`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&content_unpublish::ENDPOINT)
}
