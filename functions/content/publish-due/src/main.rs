//! The Lambda function `content-publish-due`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&content_publish_due::WORKER)
}
