//! The Lambda function `catalog-scan-image`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&catalog_scan_image::WORKER)
}
