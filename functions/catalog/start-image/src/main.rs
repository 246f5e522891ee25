//! The Lambda function `catalog-start-image`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_start_image::ENDPOINT)
}
