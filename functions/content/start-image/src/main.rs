//! The Lambda function `content-start-image`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&content_start_image::ENDPOINT)
}
