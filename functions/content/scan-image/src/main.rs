//! The Lambda function `content-scan-image`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&content_scan_image::WORKER)
}
